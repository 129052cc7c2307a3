#!/usr/bin/env python3
"""The advisory index: size, builder, look-up, and `check` of a lockfile with it, warm and cold.

    bench/advisories.py Cargo.lock [RECORDS.jsonl.zst...]       default records: those of the corpora

The records are built once as they are and once as twenty copies under other names, which makes half a million of
them. Both are built twice and must be byte for byte the same. cargo-audit checks the same lockfile with the database
of bench/.peers/advisory-db where that is present. Cold means that the index has been dropped from the page cache.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common import PEERS, ROOT, build, measure, table

COPIES = 20


def records():
    given = [Path(it) for it in sys.argv[2:]]
    corpora = Path(os.environ.get("SELVEDGE_CORPORA", ROOT.parent / "shared" / "corpora"))
    return given or sorted((corpora / "osv").glob("*.jsonl.zst"))


def built(example, folder, files, copies):
    """Builds twice; returns the index, what the first build cost, and what it said of look-ups."""
    digests, cost = set(), None
    for attempt in ("first", "second"):
        target = folder / f"{copies}-{attempt}"
        target.mkdir()
        done = measure([example, target, *files], env={**os.environ, "TIMES": str(copies)})
        cost = cost or done
        digests.add(hashlib.sha256((target / "advisories.db").read_bytes()).hexdigest())
    print(f"{copies} × the records, two builds: {'byte for byte the same' if len(digests) == 1 else 'DIFFERENT'}")
    return folder / f"{copies}-first" / "advisories.db", cost


def cool(path):
    """Drops a file from the page cache."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def checked(selvedge, index, project, is_cold):
    """The best run of nine: `check` as a user types it, without the cache of findings."""
    best = None
    for _ in range(9):
        if is_cold:
            cool(index)
        run = measure([selvedge, "check", project, "--database", index, "--engine", "dependencies", "--no-cache", "--format", "json"])
        if best is None or run.wall < best.wall:
            best = run
    return best


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    selvedge = build()
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "-p", "selvedge-advisories", "--examples"], cwd=ROOT, check=True)
    example = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "examples" / "measure"
    with tempfile.TemporaryDirectory(prefix="selvedge-bench-") as scratch:
        folder = Path(scratch)
        project = folder / "project"
        project.mkdir()
        shutil.copy(sys.argv[1], project / "Cargo.lock")
        rows = []
        for copies in (1, COPIES):
            index, cost = built(example, folder, records(), copies)
            warm, cold = (checked(selvedge, index, project, is_cold) for is_cold in (False, True))
            rows.append((
                f"{copies} ×", f"{index.stat().st_size / 1e6:.2f}", f"{cost.cpu:.1f}", f"{cost.peak / 1024:.0f}",
                f"{warm.wall * 1000:.1f}", f"{warm.cpu * 1000:.1f}", f"{cold.wall * 1000:.1f}",
            ))  # fmt: skip
            print(subprocess.run([example, index], capture_output=True, text=True, check=True).stdout.rstrip())
        table(rows, ("records", "index MB", "build CPU s", "peak MB", "check warm ms", "its CPU ms", "check cold ms"))
        audit, database = PEERS / "bin" / "cargo-audit", PEERS / "advisory-db"
        if audit.exists() and database.exists():
            run = measure([audit, "audit", "-n", "--stale", "-d", database, "-f", project / "Cargo.lock", "--json"], repeat=9)
            print(f"cargo-audit: {run.wall * 1000:.1f} ms, {run.cpu * 1000:.1f} CPU ms")
        else:
            print("cargo-audit or advisory-db absent from the peers, left out")


main()
