#!/usr/bin/env python3
"""Stored bills of materials against advisories: how long until it is known which products a new advisory concerns.

    bench/sbom_match.py [DOCUMENTS [COMPONENTS]]     10,000 documents of 1,000 components unless said otherwise

The documents are CycloneDX, drawn with a fixed seed from a pool of packages as they are shared in practice: a few
stand in most products, most in few. Two databases are made, the newer one with one advisory more, about a package
that many documents list. Measured, each as the whole process of the release binary:

    reading      the documents once, into the store
    all          the store against the newer database
    changed      the store against what the newer database knows and the older did not (`--since`)

What is reported as affected is compared with what the generator put into the documents.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common import build, measure, table

SEED = 20261125
ECOSYSTEMS = (("npm", "npm"), ("PyPI", "pypi"), ("crates.io", "cargo"))
PACKAGES = 20_000
VERSIONS = 10
ADVISORIES = 2_000


def advisory(number, ecosystem, name, fixed):
    """A record in the OSV schema: every version before `fixed` is affected."""
    events = [{"introduced": "0"}, {"fixed": fixed}]
    affected = {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": f"BENCH-2026-{number}", "modified": "2026-01-01T00:00:00Z", "affected": [affected]}


def database(selvedge, folder, name, records):
    """Makes a database of the records and returns its path."""
    source, path = folder / f"{name}.jsonl", folder / f"{name}.db"
    source.write_text("\n".join(json.dumps(record) for record in records))
    subprocess.run([selvedge, "db", "update", "--from", source, "--database", path], check=True, stdout=subprocess.DEVNULL)
    return path


def write_documents(folder, documents, components):
    """Writes the documents; returns which of them list a version of package 0 below 5.0.0."""
    draw = random.Random(SEED)
    pool = []
    for package in range(PACKAGES):
        kind = ECOSYSTEMS[package % len(ECOSYSTEMS)][1]
        for version in range(VERSIONS):
            purl = f"pkg:{kind}/package-{package}@{version}.0.0"
            pool.append(f'{{"type":"library","name":"package-{package}","version":"{version}.0.0","purl":"{purl}"}}')
    # Package n is about as popular as 1/n: the sizes of registries and the use of packages follow such a law.
    weights = [1 / (1 + package) ** 0.7 for package in range(PACKAGES) for _ in range(VERSIONS)]
    sums, total = [], 0.0
    for weight in weights:
        total += weight
        sums.append(total)
    affected = set()
    for number in range(documents):
        chosen = set(draw.choices(range(len(pool)), cum_weights=sums, k=components * 3 // 2))
        chosen = sorted(chosen)
        draw.shuffle(chosen)
        chosen = chosen[:components]
        if any(at < VERSIONS and at % VERSIONS < 5 for at in chosen):
            affected.add(number)
        text = ",".join(pool[at] for at in chosen)
        (folder / f"{number}.json").write_text(f'{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{text}]}}')
    return affected


def main():
    documents, components = (int(it) for it in (sys.argv[1:] + ["10000", "1000"][len(sys.argv) - 1 :])[:2])
    selvedge = build()
    out = Path(tempfile.mkdtemp(prefix="selvedge-match-"))
    try:
        run(selvedge, out, documents, components)
    finally:
        shutil.rmtree(out)


def run(selvedge, out, documents, components):
    draw = random.Random(SEED + 1)
    numbers = draw.sample(range(1, PACKAGES), ADVISORIES)
    known = [advisory(n, ECOSYSTEMS[n % 3][0], f"package-{n}", f"{1 + n % VERSIONS}.0.0") for n in numbers]
    older = database(selvedge, out, "older", known)
    newer = database(selvedge, out, "newer", [*known, advisory(0, ECOSYSTEMS[0][0], "package-0", "5.0.0")])
    bills, store = out / "bills", out / "store"
    bills.mkdir()
    affected = write_documents(bills, documents, components)
    size = sum(path.stat().st_size for path in bills.iterdir())
    ours = [selvedge, "sbom", "match", "--store", store, "--format", "json"]
    since = [*ours, "--database", newer, "--since", older]
    rows = []
    for name, command, repeat in (
        ("reading", [*ours, "--database", older, bills], 1),
        ("all", [*ours, "--database", newer], 3),
        ("changed", since, 5),
    ):
        cost = measure(command, repeat=repeat)
        rows.append((name, f"{cost.wall * 1000:.0f}", f"{cost.cpu * 1000:.0f}", f"{cost.peak / 1024:.0f}"))
    print(f"{documents} documents of {components} components, {size / 1e6:.0f} MB; store {store.stat().st_size / 1e6:.1f} MB")
    table(rows, ("what", "wall ms", "CPU ms", "peak MB"))
    found = json.loads(subprocess.run(since, capture_output=True, check=False).stdout)
    told = {int(Path(name).stem) for finding in found["findings"] for name in finding["documents"]}
    print(f"affected by the new advisory: {len(told)} documents; {'as generated' if told == affected else 'NOT AS GENERATED'}")
    if told != affected:
        sys.exit(1)


main()
