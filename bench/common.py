"""What the benchmarks share: building Selvedge, finding peers, measuring a command's CPU time and memory."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(os.environ.get("SELVEDGE_PEERS", ROOT / "bench" / ".peers"))


def build():
    """Builds the release binary and returns its path."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "-p", "selvedge"], cwd=ROOT, check=True)
    return target / "release" / "selvedge"


def peer(name):
    """The peer's program, or None with a line that says so."""
    path = PEERS / "bin" / name
    if path.exists():
        return path
    print(f"{name}: absent, left out (bench/peers.sh installs what can be had)")
    return None


def gitleaks_rules():
    """gitleaks' own rule file, from the corpora."""
    corpora = Path(os.environ.get("SELVEDGE_CORPORA", ROOT.parent / "shared" / "corpora"))
    path = corpora / "secrets" / "gitleaks.toml"
    if not path.exists():
        sys.exit(f"{path} is absent: set SELVEDGE_CORPORA")
    return path


class Measured:
    """What one run of a command cost."""

    def __init__(self, cpu, wall, peak, status):
        self.cpu, self.wall, self.peak, self.status = cpu, wall, peak, status


def measure(command, repeat=1, env=None, cwd=None, stdin=None):
    """Runs `command`, best of `repeat`: CPU seconds (user+system, children included), wall seconds, peak KiB."""
    import time

    best = None
    for _ in range(repeat):
        with open(os.devnull, "r+b") as null:
            start = time.monotonic()
            process = subprocess.Popen([str(part) for part in command], stdin=null, stdout=null, stderr=null, env=env, cwd=cwd)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        result = Measured(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss, process.returncode)
        if best is None or result.cpu < best.cpu:
            best = result
    return best


def peer_commands(target, history=False, rules=None):
    """Peers and how each is asked to scan `target` without touching the network."""
    commands = []
    out = tempfile.mkdtemp(prefix="selvedge-bench-")
    gitleaks = peer("gitleaks")
    if gitleaks:
        mode = "git" if history else "dir"
        commands.append(("gitleaks", [gitleaks, mode, "--no-banner", "-c", rules, "-f", "json", "-r", f"{out}/gitleaks.json", "--exit-code", "0", target]))
    kingfisher = peer("kingfisher")
    if kingfisher:
        extra = [] if history else ["--git-history", "none"]
        commands.append(
            ("kingfisher", [kingfisher, "scan", "--no-validate", "--no-update-check", *extra, "--rule-cache-dir", PEERS / "kingfisher-cache", "--format", "jsonl", "--output", f"{out}/kingfisher.jsonl", target])
        )
    if not history:
        ripsecrets = peer("ripsecrets")
        if ripsecrets:
            commands.append(("ripsecrets", [ripsecrets, target]))
    return commands


def table(rows, header):
    """Prints rows under a header, columns aligned."""
    rows = [header, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
