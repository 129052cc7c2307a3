#!/usr/bin/env python3
"""Scores secret scanners against the labelled lines of Samsung/CredData.

    bench/creddata.py --creddata CREDDATA --clones CLONES --work WORK [--selvedge BIN]

CREDDATA is a clone of https://github.com/Samsung/CredData (normal or bare). CLONES holds one clone of each
labelled repository, as `<owner>+<name>`, `<owner>/<name>` or `<name>` (normal, bare, or a bare one in `repo`
below). The labelled files are exported from the commits that CREDDATA's snapshot.json names into WORK;
nothing is written elsewhere, and no value is printed or stored.

How it counts, line by line:
- A labelled secret is a distinct span (file, first line, last line) of rows marked T.
- It is found if a tool reports any line of it. Several reports on one line count once.
- A reported line that touches no such span is false, whatever else it may be (F, X or not labelled).
- selvedge is also shown with its findings of medium confidence and above, and of high confidence alone. CredData
  counts made-up credentials in tests, examples and documents as true; selvedge lowers its confidence there.
- Spans whose only category is UUID are counted apart: neither found nor missed, and a report on them is
  neither right nor wrong. `--with-uuid` counts them like the others.
Peers run when they are on the PATH or named by $GITLEAKS (with $GITLEAKS_CONFIG), $KINGFISHER, $RIPSECRETS
and $DETECT_SECRETS.
"""

import argparse
import binascii
import collections
import csv
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

# The subset that is small enough to bring along; `--repositories` changes it.
REPOSITORIES = [
    "PyGithub/PyGithub",
    "authelia/authelia",
    "danger/danger",
    "docker/docker-py",
    "github/gh-ost",
    "go-acme/lego",
    "open-falcon/falcon-plus",
    "panva/jose",
    "postmanlabs/postman-collection-transformer",
    "request/request",
    "timdorr/tesla-api",
    "xo/usql",
]

# Rules and word lists were tuned on these six only; the other six tell whether that carries over.
TUNED_ON = {
    "authelia/authelia",
    "docker/docker-py",
    "open-falcon/falcon-plus",
    "postmanlabs/postman-collection-transformer",
    "request/request",
    "xo/usql",
}

LEVELS = ["low", "medium", "high"]

Span = collections.namedtuple("Span", "path first last categories")


def main():
    arguments = parse_arguments()
    work = pathlib.Path(arguments.work).resolve()
    tree = work / "files"
    spans, files = export(arguments, tree)
    print(f"{len(arguments.repositories)} repositories, {files} labelled files, {len(spans)} labelled secrets"
          f" ({sum(is_uuid(span) for span in spans)} of them UUIDs"
          f"{'' if arguments.with_uuid else ', counted apart'})\n")
    for part in parts(arguments.repositories):
        print_part(part, spans, reports(arguments, tree, work), arguments)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--creddata", required=True, help="clone of Samsung/CredData")
    parser.add_argument("--clones", required=True, help="folder of clones of the labelled repositories")
    parser.add_argument("--work", required=True, help="folder for the exported files and the reports")
    parser.add_argument("--selvedge", help="the selvedge program (default: target/release/selvedge)")
    parser.add_argument("--repositories", type=lambda text: text.split(","), default=REPOSITORIES)
    parser.add_argument("--with-uuid", action="store_true", help="count UUID spans like the others")
    parser.add_argument("--misses", type=pathlib.Path,
                        help="write where each tool was wrong (file:line, no values) into this folder")
    return parser.parse_args()


# ---- the labelled files ----

def git(repository, *command, data=None):
    run = subprocess.run(["git", "-C", str(repository), *command], input=data, capture_output=True)
    if run.returncode != 0:
        sys.exit(f"git {' '.join(command[:2])} in {repository}: {run.stderr.decode(errors='replace').strip()}")
    return run.stdout


def clone_of(clones, name):
    owner, short = name.split("/")
    for folder in (f"{owner}+{short}", f"{owner}/{short}", short, f"{short}.git"):
        for candidate in (clones / folder / "repo", clones / folder):
            if (candidate / "objects").is_dir() or (candidate / ".git").exists():
                return candidate
    sys.exit(f"no clone of {name} in {clones}")


def git_root(path):
    path = pathlib.Path(path)
    return path / "repo" if (path / "repo" / "objects").is_dir() else path


def export(arguments, tree):
    """Writes the labelled files below `tree` and returns the labelled spans and the number of files."""
    creddata = git_root(arguments.creddata)
    snapshot = json.loads(git(creddata, "show", "HEAD:snapshot.json"))
    keys = {url.removeprefix("https://github.com/").removesuffix(".git"): key for key, url in snapshot.items()}
    shutil.rmtree(tree, ignore_errors=True)
    spans, files = [], 0
    for name in arguments.repositories:
        key = keys.get(name) or sys.exit(f"{name} is not in CredData's snapshot.json")
        meta = f"HEAD:meta/{binascii.crc32(binascii.unhexlify(key)):08x}.csv"
        rows = list(csv.DictReader(io.StringIO(git(creddata, "show", meta).decode())))
        wanted = {row["FileID"] for row in rows}
        paths = export_files(clone_of(pathlib.Path(arguments.clones), name), key[:40], wanted, tree / name)
        if missing := wanted - paths.keys():
            sys.exit(f"{name}: {len(missing)} labelled files are not in commit {key[:40]}")
        files += len(paths)
        spans += spans_of(name, rows, paths)
    return spans, files


def export_files(repository, commit, wanted, target):
    listing = git(repository, "ls-tree", "-r", "-z", commit).decode(errors="surrogateescape")
    paths = {}
    for entry in filter(None, listing.split("\0")):
        mode, _, blob = entry.split("\t")[0].split()
        path = entry.split("\t", 1)[1]
        file_id = hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()[:8]
        if file_id in wanted and mode.startswith("100"):
            paths[file_id] = path
            output = target / path
            output.parent.mkdir(parents=True, exist_ok=True)
            # CredData numbers lines after this very change of line ends.
            text = git(repository, "cat-file", "blob", blob).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            output.write_bytes(text)
    return paths


def spans_of(name, rows, paths):
    categories = collections.defaultdict(set)
    for row in rows:
        if row["GroundTruth"] == "T":
            span = (f"{name}/{paths[row['FileID']]}", int(row["LineStart"]), int(row["LineEnd"]))
            categories[span].update(row["Category"].split(":"))
    return [Span(*span, frozenset(found)) for span, found in sorted(categories.items())]


def is_uuid(span):
    return span.categories == {"UUID"}


# ---- the tools ----

def reports(arguments, tree, work, memo={}):
    """The reported (path, first line, last line) of each tool that is here, run once."""
    if not memo:
        selvedge = arguments.selvedge or pathlib.Path(__file__).resolve().parents[1] / "target/release/selvedge"
        graded = timed("selvedge", lambda: list(run_selvedge(str(selvedge), tree, work)))
        for label, levels in [("selvedge", LEVELS), ("  medium and high", LEVELS[1:]), ("  high", LEVELS[2:])]:
            memo[label] = {place for level, place in graded if level in levels}
        for label, variable, program, run in [
            ("gitleaks", "GITLEAKS", "gitleaks", run_gitleaks),
            ("kingfisher", "KINGFISHER", "kingfisher", run_kingfisher),
            ("ripsecrets", "RIPSECRETS", "ripsecrets", run_ripsecrets),
            ("detect-secrets", "DETECT_SECRETS", "detect-secrets", run_detect_secrets),
        ]:
            if found := shutil.which(os.environ.get(variable) or program):
                places = timed(label, lambda: list(run(found, tree, work)))
                memo[label] = {(relative(tree, path), first, last) for path, first, last in places}
    return memo


def timed(label, call):
    start = time.monotonic()
    result = call()
    print(f"{label}: {time.monotonic() - start:.1f} s", file=sys.stderr)
    return result


def relative(tree, path):
    path = pathlib.Path(path)
    return str(path.relative_to(tree) if path.is_absolute() else path)


def run_selvedge(program, tree, work):
    """Yields (confidence, place) of each finding of the built-in pack."""
    out = work / "selvedge.ndjson"
    run([program, "check", ".", "--format", f"ndjson={out}", "--min-confidence", "low", "--no-ignore", "--no-cache"],
        tree, {0, 1})
    for line in out.read_text().splitlines():
        finding = json.loads(line)
        if "schema_version" not in finding and (location := find_location(finding["subject"])):
            place = (relative(tree, location["path"]), location["start"]["line"], location["end"]["line"])
            yield finding["confidence"], place


def find_location(subject):
    """The first object in a finding's subject that has a path and a start."""
    if isinstance(subject, dict):
        if "path" in subject and "start" in subject:
            return subject
        return next(filter(None, map(find_location, subject.values())), None)
    return None


def run_gitleaks(program, tree, work):
    out = work / "gitleaks.json"
    config = os.environ.get("GITLEAKS_CONFIG")
    run([program, "dir", "--no-banner", "-f", "json", "-r", str(out), *(["-c", config] if config else []), "."],
        tree, {0, 1})
    for found in json.loads(out.read_text() or "[]"):
        yield found["File"], found["StartLine"], found["EndLine"]


def run_kingfisher(program, tree, work):
    out = work / "kingfisher.jsonl"
    with tempfile.TemporaryDirectory(dir=work) as cache:
        run([program, "scan", "--no-validate", "--no-update-check", "--git-history", "none", "--no-dedup",
             "--confidence", "low", "--rule-cache-dir", cache, "--format", "jsonl", "--output", str(out), str(tree)],
            tree, {0, 200, 205})
    for line in out.read_text().splitlines():
        record = json.loads(line)
        found = record.get("finding") if isinstance(record, dict) else None
        if found and found.get("path"):
            yield found["path"], found["line"], found["line"]


def run_ripsecrets(program, tree, work):
    for line in run([program, "."], tree, {0, 1}).decode(errors="replace").splitlines():
        fields = line.split(":", 2)
        if len(fields) == 3 and fields[1].isdigit():
            yield fields[0].removeprefix("./"), int(fields[1]), int(fields[1])


def run_detect_secrets(program, tree, work):
    found = json.loads(run([program, "scan", "--all-files", "--no-verify", "."], tree, {0}))
    for path, places in found["results"].items():
        for place in places:
            yield path, place["line_number"], place["line_number"]


def run(command, folder, accepted):
    done = subprocess.run(command, cwd=folder, capture_output=True)
    if done.returncode not in accepted:
        sys.exit(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-800:]}")
    return done.stdout


# ---- the score ----

Score = collections.namedtuple("Score", "found missed wrong categories")


def parts(repositories):
    tuned = [name for name in repositories if name in TUNED_ON]
    held_out = [name for name in repositories if name not in TUNED_ON]
    yield "all", repositories
    if tuned and held_out:
        yield "tuned on", tuned
        yield "held out", held_out


def score(spans, reported, with_uuid):
    by_path = collections.defaultdict(list)
    for span in spans:
        by_path[span.path].append(span)
    counted = [span for span in spans if with_uuid or not is_uuid(span)]
    touched, wrong = set(), set()
    for path, first, last in reported:
        hits = [span for span in by_path[path] if span.first <= last and first <= span.last]
        touched.update(hits)
        if not hits:
            wrong.add((path, first))
    found = [span for span in counted if span in touched]
    missed = [span for span in counted if span not in touched]
    categories = collections.defaultdict(lambda: [0, 0])
    for span in counted:
        for category in span.categories:
            categories[category][0] += span in touched
            categories[category][1] += 1
    return Score(found, missed, sorted(wrong), categories)


def print_part(part, spans, tools, arguments):
    title, repositories = part
    inside = lambda path: any(path.startswith(f"{name}/") for name in repositories)
    spans = [span for span in spans if inside(span.path)]
    scores = {label: score(spans, [place for place in found if inside(place[0])], arguments.with_uuid)
              for label, found in tools.items()}
    print(f"{title}: {', '.join(repositories)}")
    print(f"{'tool':<19}{'TP':>6}{'FP':>6}{'precision':>11}{'recall':>8}{'F1':>7}")
    for label, result in scores.items():
        right, wrong, missed = len(result.found), len(result.wrong), len(result.missed)
        precision = right / max(right + wrong, 1)
        recall = right / max(right + missed, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(f"{label:<19}{right:>6}{wrong:>6}{precision:>11.3f}{recall:>8.3f}{f1:>7.3f}")
        if arguments.misses and title == "all":
            write_misses(arguments.misses, label.strip().replace(" ", "-"), result)
    if title == "all":
        print_categories(scores)
    print()


def print_categories(scores):
    scores = {label: result for label, result in scores.items() if not label.startswith(" ")}
    totals = {category: total for result in scores.values() for category, (_, total) in result.categories.items()}
    print(f"\n{'category (found of labelled)':<34}" + "".join(f"{label:>16}" for label in scores))
    for category, total in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        cells = "".join(f"{result.categories[category][0]:>10} of {total:<3}" for result in scores.values())
        print(f"{category:<34}{cells}")


def write_misses(folder, label, result):
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"missed {span.path}:{span.first} {':'.join(sorted(span.categories))}" for span in result.missed]
    lines += [f"wrong {path}:{line}" for path, line in result.wrong]
    (folder / f"{label}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
