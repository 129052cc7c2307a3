#!/usr/bin/env python3
"""Scores findings on OWASP BenchmarkJava or BenchmarkPython: TPR - FPR per category and over all.

    bench/owasp.py --expected expectedresults-1.2.csv --findings findings.json [--half odd|even|all] [--skip-audit]
    bench/owasp.py --benchmark BENCHMARK --rules rules/code/java --semgrep SEMGREP [--half ...]
    bench/owasp.py --benchmark BENCHMARK --rules rules/code/java --selvedge SELVEDGE [--half ...]

The findings are Semgrep's JSON or Selvedge's JSON. The other two forms run the tool first.

How it counts:
- A test case is one file. It counts as reported if any finding in it carries a CWE of its category; the CWE comes
  from the rule's metadata. Several findings on one file count once, findings of other categories not at all.
- TPR is the part of the vulnerable cases that was reported, FPR the part of the others; the score of a category is
  TPR - FPR, and the score over all is the mean of the categories, as the benchmark's own score cards have it.
- Rules are tuned on the cases with an even number only. The score that counts is the one over the odd numbers.
- Audit rules count, since the benchmark asks for every weak hash and cookie; `--skip-audit` leaves them out.
"""

import argparse
import collections
import csv
import json
import pathlib
import re
import subprocess
import sys

# The CWEs that a finding of a category may carry besides the category's own one.
ALSO = {
    22: {23, 36, 73},
    78: {77, 88},
    79: {80, 116},
    94: {95},
    327: {326, 329, 1240},
    328: {326, 327, 916},
    330: {331, 335, 338},
    614: {311, 1004},
    643: {91},
}
TEST_CASE = re.compile(r"(BenchmarkTest(\d+))\.(?:java|py)$")
CWE = re.compile(r"CWE-(\d+)")


def expected_results(path):
    """Test case -> (category, vulnerable, CWE)."""
    cases = {}
    with open(path, newline="") as lines:
        for row in csv.reader(lines):
            if len(row) >= 4 and row[0].startswith("BenchmarkTest"):
                cases[row[0]] = (row[1], row[2] == "true", int(row[3]))
    return cases


def cwes(value):
    """The CWE numbers in whatever form a rule or a finding gives them."""
    return {int(number) for number in CWE.findall(json.dumps(value))}


def reported(findings, skip_audit):
    """Test case -> CWE numbers reported in it."""
    result = collections.defaultdict(set)
    for finding in findings.get("results", findings.get("findings", [])):
        metadata = finding.get("extra", {}).get("metadata", finding.get("metadata", {})) or {}
        if skip_audit and (metadata.get("audit") or finding.get("audit")):
            continue
        location = finding.get("path") or finding.get("location", {}).get("path", "")
        case = TEST_CASE.search(location)
        if case:
            numbers = cwes(metadata.get("cwe") or finding.get("cwe") or finding.get("references") or [])
            result[case[1]] |= numbers
    return result


def in_half(case, half):
    """Whether a test case belongs to the half; its number decides."""
    even = int(case[len("BenchmarkTest") :]) % 2 == 0
    return half == "all" or even == (half == "even")


def score(cases, found, half):
    """Category -> [true positives, false negatives, false positives, true negatives]."""
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for case, (category, vulnerable, cwe) in sorted(cases.items()):
        if not in_half(case, half):
            continue
        hit = bool(found.get(case, set()) & ({cwe} | ALSO.get(cwe, set())))
        counts[category][(0 if hit else 1) if vulnerable else (2 if hit else 3)] += 1
    return counts


def show(counts, half):
    """Prints the table and returns the mean score."""
    print(f"half: {half}")
    print(f"{'category':<16} {'TP':>4} {'FN':>4} {'FP':>4} {'TN':>4} {'TPR':>6} {'FPR':>6} {'score':>6}")
    scores = []
    for category, (tp, fn, fp, tn) in sorted(counts.items()):
        tpr = tp / (tp + fn) if tp + fn else 0.0
        fpr = fp / (fp + tn) if fp + tn else 0.0
        scores.append((tpr, fpr, tpr - fpr))
        print(f"{category:<16} {tp:>4} {fn:>4} {fp:>4} {tn:>4} {tpr:>6.3f} {fpr:>6.3f} {tpr - fpr:>6.3f}")
    tpr, fpr, mean = (sum(column) / len(scores) for column in zip(*scores))
    print(f"{'mean':<16} {'':>4} {'':>4} {'':>4} {'':>4} {tpr:>6.3f} {fpr:>6.3f} {mean:>6.3f}\n")
    return mean


def run(command):
    """Runs a scanner and returns the JSON that it prints; findings make some of them exit with 1."""
    process = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]} failed with {process.returncode}:\n{process.stderr[-2000:]}")
    return json.loads(process.stdout)


def test_cases(benchmark):
    """The folder with the test cases, and the suffix of their names."""
    for folder in ("src/main/java/org/owasp/benchmark/testcode", "testcode"):
        if (benchmark / folder).is_dir():
            return benchmark / folder
    sys.exit(f"{benchmark} holds no test cases: name a clone of BenchmarkJava or BenchmarkPython")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--expected", type=pathlib.Path, help="expectedresults-*.csv of the benchmark")
    parser.add_argument("--findings", type=pathlib.Path, help="findings as JSON of semgrep or selvedge")
    parser.add_argument("--benchmark", type=pathlib.Path, help="a clone of the benchmark, to be scanned")
    parser.add_argument("--rules", type=pathlib.Path, help="the rules to scan it with")
    parser.add_argument("--semgrep", type=pathlib.Path, help="the semgrep program")
    parser.add_argument("--selvedge", type=pathlib.Path, help="the selvedge program")
    parser.add_argument("--half", choices=["odd", "even", "all", "each"], default="each")
    parser.add_argument("--skip-audit", action="store_true", help="leave rules out that are hidden by default")
    options = parser.parse_args()

    expected = options.expected
    if options.benchmark and not expected:
        expected = next(iter(sorted(options.benchmark.glob("expectedresults-*.csv"))), None)
    if not expected:
        parser.error("--expected or --benchmark is needed")
    if options.findings:
        findings = json.loads(options.findings.read_text())
    elif options.benchmark and options.rules and options.semgrep:
        quiet = ["--metrics", "off", "--disable-version-check", "-q", "--json", "--no-git-ignore", "-j1"]
        findings = run([options.semgrep, "scan", *quiet, "-f", options.rules, test_cases(options.benchmark)])
    elif options.benchmark and options.rules and options.selvedge:
        target = test_cases(options.benchmark)
        findings = run([options.selvedge, "check", "--rules", options.rules, "--format", "json", target])
    else:
        parser.error("--findings, or --benchmark with --rules and --semgrep or --selvedge, is needed")

    cases = expected_results(expected)
    found = reported(findings, options.skip_audit)
    for half in ["even", "odd"] if options.half == "each" else [options.half]:
        show(score(cases, found, half), half)


if __name__ == "__main__":
    main()
