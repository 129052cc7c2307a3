"""Findings on real Cargo.lock files: Selvedge's index and cargo-audit over the same advisories.

    cargo install --locked cargo-audit --root bench/.peers
    bench/cargo_audit.py ADVISORY-DB Cargo.lock...

ADVISORY-DB is a checkout of rustsec/advisory-db. Both sides read it in its own form, so that a difference is one of
ranges, names or versions and never one of age. Yanked versions are left out: an advisory database does not know them.
Exit code 1 if anything differs.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import PEERS, ROOT, measure


def cargo_audit(program, database, lock):
    """Ids with package and version, vulnerabilities and notices."""
    command = [program, "audit", "--no-fetch", "--stale", "--db", database, "--file", lock, "--json"]
    with tempfile.TemporaryDirectory() as home:
        # Without a home there is no index of the registry, and so no look-up of yanked versions.
        environment = {**os.environ, "CARGO_HOME": home}
        run = subprocess.run(command, capture_output=True, text=True, env=environment)
    report = json.loads(run.stdout)
    entries = list(report["vulnerabilities"]["list"])
    for kind, warnings in report["warnings"].items():
        if kind != "yanked":
            entries += warnings
    return {(it["advisory"]["id"], it["package"]["name"], it["package"]["version"]) for it in entries}


def selvedge(program, index, lock):
    run = subprocess.run([program, index, lock], capture_output=True, text=True, check=True)
    return {tuple(line.split(" ", 2)) for line in run.stdout.splitlines()}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    database, locks = sys.argv[1], sys.argv[2:]
    peer = Path(os.environ.get("CARGO_AUDIT", PEERS / "bin" / "cargo-audit"))
    build = ["cargo", "build", "--release", "--locked", "--quiet", "-p", "selvedge-advisories", "--examples"]
    subprocess.run(build, cwd=ROOT, check=True)
    examples = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "examples"
    differ = total = 0
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "advisories.db"
        subprocess.run([examples / "update", index, database], check=True, stdout=subprocess.DEVNULL)
        print(f"{'findings':>8} {'audit ms':>9} {'ours ms':>8}  lockfile")
        for lock in locks:
            theirs, ours = cargo_audit(peer, database, lock), selvedge(examples / "cargo_lock", index, lock)
            audit = measure([peer, "audit", "-n", "--stale", "-d", database, "-f", lock, "--json"], repeat=3)
            own = measure([examples / "cargo_lock", index, lock], repeat=5)
            print(f"{len(theirs):8} {audit.wall * 1000:9.1f} {own.wall * 1000:8.1f}  {lock}")
            for mark, only in (("only cargo-audit", theirs - ours), ("only Selvedge", ours - theirs)):
                for entry in sorted(only):
                    print(f"  {mark}: {' '.join(entry)}")
                differ += len(only)
            total += len(theirs)
    print(f"{total} findings in {len(locks)} lockfiles, {differ} differences")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
