"""Version order: Selvedge and univers on the same vectors, right, wrong and unparsed, and the time of both.

    python3 -m venv .peers/univers && .peers/univers/bin/pip install univers
    bench/versions.py

The vectors are those of osv-scalibr in the corpora, `a < b` per line. univers parses every version once before the
clock runs; Selvedge compares texts, so its time has the reading of both in it.
"""

import collections
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

from common import PEERS, ROOT

# File, ecosystem as OSV names it, class of univers.
FILES = [
    ("alpine-versions", "Alpine", "AlpineLinuxVersion"),
    ("alpine-versions-generated", "Alpine", "AlpineLinuxVersion"),
    ("cran-versions", "CRAN", None),
    ("cran-versions-generated", "CRAN", None),
    ("debian-versions", "Debian", "DebianVersion"),
    ("debian-versions-generated", "Debian", "DebianVersion"),
    ("hackage-versions", "Hackage", None),
    ("maven-versions", "Maven", "MavenVersion"),
    ("maven-versions-generated", "Maven", "MavenVersion"),
    ("nuget-versions", "NuGet", "NugetVersion"),
    ("packagist-versions", "Packagist", "ComposerVersion"),
    ("packagist-versions-generated", "Packagist", "ComposerVersion"),
    ("pub-versions", "Pub", "SemverVersion"),
    ("pypi-versions", "PyPI", "PypiVersion"),
    ("pypi-versions-generated", "PyPI", "PypiVersion"),
    ("redhat-versions", "Red Hat", "RpmVersion"),
    ("rubygems-versions", "RubyGems", "RubygemsVersion"),
    ("rubygems-versions-generated", "RubyGems", "RubygemsVersion"),
    ("semver-versions", "npm", "SemverVersion"),
]


def pairs(path):
    """The vectors of one file."""
    for line in path.read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[1] in "<=>" and not words[0].startswith(("#", "//")):
            yield words[0], words[1], words[2]


def selvedge(vectors, ecosystem):
    """Answers and nanoseconds."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    lines = "".join(f"{ecosystem}\t{a}\t{b}\n" for a, _, b in vectors)
    program = target / "release" / "examples" / "versions"
    run = subprocess.run([program, "compare"], input=lines, capture_output=True, text=True, check=True)
    return run.stdout.split(), int(run.stderr)


def univers(vectors, name):
    """Answers and nanoseconds; None without a class."""
    import univers.versions

    kind = getattr(univers.versions, name)
    parsed = []
    for a, _, b in vectors:
        try:
            parsed.append((kind(a), kind(b)))
        except Exception:
            parsed.append(None)
    answers = []
    start = time.perf_counter_ns()
    for pair in parsed:
        try:
            answers.append("?" if pair is None else "<" if pair[0] < pair[1] else ">" if pair[0] > pair[1] else "=")
        except Exception:
            answers.append("?")
    return answers, time.perf_counter_ns() - start


def count(vectors, answers):
    """Right, wrong and unparsed."""
    tally = collections.Counter()
    for (_, sign, _), answer in zip(vectors, answers, strict=True):
        tally["right" if answer == sign else "unparsed" if answer == "?" else "wrong"] += 1
    return tally


def main():
    """Prints one line per file and the sums over what both know."""
    sys.path[:0] = [str(path) for path in PEERS.glob("univers/lib/python*/site-packages")]
    corpora = Path(os.environ.get("SELVEDGE_CORPORA", ROOT.parent / "shared" / "corpora")) / "versions"
    if not corpora.exists():
        sys.exit(f"{corpora} is absent: set SELVEDGE_CORPORA")
    command = ["cargo", "build", "--release", "--locked", "--quiet", "-p", "selvedge-package", "--example", "versions"]
    subprocess.run(command, cwd=ROOT, check=True)
    has_peer = importlib.util.find_spec("univers") is not None
    if not has_peer:
        print("univers: absent, left out")
    total = {"selvedge": collections.Counter(), "univers": collections.Counter()}
    print(f"{'file':32}{'pairs':>7}{'':4}{'selvedge right/wrong/unparsed':32}univers right/wrong/unparsed")
    for file, ecosystem, name in FILES:
        vectors = list(pairs(corpora / f"{file}.txt"))
        answers, own_time = selvedge(vectors, ecosystem)
        own = count(vectors, answers)
        row = f"{file:32}{len(vectors):7}    {own['right']:6}/{own['wrong']}/{own['unparsed']:<20}"
        total["selvedge"].update(own)
        if has_peer and name:
            answers, peer_time = univers(vectors, name)
            peer = count(vectors, answers)
            total["univers"].update(peer)
            total["selvedge"]["time of both"] += own_time
            total["univers"]["time of both"] += peer_time
            row += f"{peer['right']:6}/{peer['wrong']}/{peer['unparsed']}"
        print(row)
    for name, tally in total.items():
        known = tally["right"] + tally["wrong"] + tally["unparsed"]
        if known:
            share = 100 * tally["right"] / known
            print(f"{name}: {tally['right']} of {known} right ({share:.3f} %), {tally['wrong']} wrong, {tally['unparsed']} unparsed")
    if total["univers"]["time of both"]:
        own, peer = total["selvedge"]["time of both"], total["univers"]["time of both"]
        print(f"time of the files that both know: selvedge {own / 1e6:.1f} ms, univers {peer / 1e6:.1f} ms, ratio {peer / own:.0f}")


if __name__ == "__main__":
    main()
