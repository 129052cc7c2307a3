#!/usr/bin/env python3
"""Code analysis against Semgrep with the same rules on the same files: CPU, wall, memory, and findings.

    bench/code.py --rules RULES --suffix .py TREE     RULES is a folder of rules in Semgrep's format

Both tools get the same files: those of TREE with the suffix that Semgrep does not ignore by default. Selvedge gets
them as a copy, so that neither walks what the other does not. Both run in one process of work each (`-j 1`), without
a cache. Findings are equal if rule, file and start line are. Semgrep is looked for among the peers
(bench/peers.sh), else on the path; without it, Selvedge is measured alone.
"""

import argparse
import collections
import json
import os
import shutil
import tempfile
from pathlib import Path

from common import build, measure, peer, table

# How many places of a rule are named where the two differ.
PLACES_SHOWN = 3


def semgrep_findings(path):
    """(rule, file, line) of every finding, and the files that were scanned."""
    report = json.loads(Path(path).read_text())
    found = {(hit["check_id"].rsplit(".", 1)[-1], hit["path"], hit["start"]["line"]) for hit in report["results"]}
    return found, report["paths"]["scanned"]


def selvedge_findings(path):
    """(rule, file, line) of every finding."""
    found = set()
    for finding in json.loads(Path(path).read_text())["findings"]:
        location = finding["subject"]["location"]
        found.add((finding["rule"], location["path"], location["start"]["line"]))
    return found


def differences(label, places):
    """Per rule, how often only one tool found it, and where."""
    by_rule = collections.defaultdict(list)
    for rule, path, line in sorted(places):
        by_rule[rule].append(f"{path}:{line}")
    for rule, where in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"{label} {len(where):>5}  {rule}  {' '.join(where[:PLACES_SHOWN])}")


def copy_of(tree, files, out):
    """The files alone, at the same relative paths."""
    for name in files:
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / name, target)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path, help="the source tree")
    parser.add_argument("--rules", type=Path, required=True, help="a folder of rules in Semgrep's format")
    parser.add_argument("--suffix", required=True, help="suffix of the files to look at, such as .py")
    parser.add_argument("--selvedge", type=Path, help="a program that is already built")
    options = parser.parse_args()
    tree, rules = options.tree.resolve(), options.rules.resolve()
    selvedge = (options.selvedge or build()).resolve()
    semgrep = peer("semgrep") or shutil.which("semgrep")

    out = Path(tempfile.mkdtemp(prefix="selvedge-bench-"))
    rows, theirs = [], None
    files = sorted(str(path.relative_to(tree)) for path in tree.rglob(f"*{options.suffix}") if path.is_file())
    if semgrep:
        command = [semgrep, "scan", "--metrics", "off", "--disable-version-check", "-q", "--json", "--no-git-ignore", "-j", "1"]
        command += ["--include", f"*{options.suffix}", "-o", out / "semgrep.json", "-f", rules, "."]
        cost = measure(command, env={**os.environ, "SEMGREP_SEND_METRICS": "off"}, cwd=tree)
        theirs, files = semgrep_findings(out / "semgrep.json")
        rows.append(("semgrep", cost, len(theirs)))
    copy = copy_of(tree, files, out / "tree")
    command = [selvedge, "check", ".", "--engine", "code", "--rules", rules, "--no-builtin", "--no-cache", "-j", "1"]
    command += ["--fail-on", "never", "--format", f"json={out / 'selvedge.json'}"]
    cost = measure(command, repeat=3, cwd=copy)
    ours = selvedge_findings(out / "selvedge.json")
    rows.append(("selvedge", cost, len(ours)))

    size = sum((copy / name).stat().st_size for name in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB, rules of {rules.name}")
    cells = [[name, f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{cost.peak / 1024:.0f}", count] for name, cost, count in rows]
    table(cells, ["tool", "CPU s", "wall s", "peak MiB", "findings"])
    if theirs is not None:
        print(f"CPU ratio {rows[0][1].cpu / rows[1][1].cpu:.1f}, memory ratio {rows[0][1].peak / rows[1][1].peak:.1f}")
        print(f"equal {len(ours & theirs)} of {len(theirs)} ({100 * len(ours & theirs) / max(1, len(theirs)):.1f} %)")
        differences("only semgrep ", theirs - ours)
        differences("only selvedge", ours - theirs)
    shutil.rmtree(out)


if __name__ == "__main__":
    main()
