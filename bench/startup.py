#!/usr/bin/env python3
"""Time of a whole process that checks one small staged file, as a pre-commit hook does, against the peers.

    bench/startup.py
"""

import subprocess
import tempfile
from pathlib import Path

from common import build, gitleaks_rules, measure, peer, table, PEERS


def main():
    selvedge, rules = build(), gitleaks_rules()
    with tempfile.TemporaryDirectory() as folder:
        git = lambda *arguments: subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)
        git("init", "-q")
        (Path(folder) / "a.py").write_text("import os\n\nprint(os.environ['HOME'])\n" * 20)
        git("add", "a.py")
        ours = measure([selvedge, "check", "--staged"], repeat=20, cwd=folder)
        same = measure([selvedge, "check", "--staged", "--no-builtin", "--rules", rules], repeat=20, cwd=folder)
        rows = [("selvedge, built-in pack", f"{ours.wall * 1000:.1f}", f"{ours.cpu * 1000:.1f}", "1.0")]
        rows.append(("selvedge, gitleaks rules", f"{same.wall * 1000:.1f}", f"{same.cpu * 1000:.1f}", f"{same.wall / ours.wall:.1f}"))
        gitleaks = peer("gitleaks")
        if gitleaks:
            result = measure([gitleaks, "git", "--staged", "--no-banner", "-c", rules, folder], repeat=5, cwd=folder)
            rows.append(("gitleaks", f"{result.wall * 1000:.1f}", f"{result.cpu * 1000:.1f}", f"{result.wall / ours.wall:.1f}"))
        kingfisher = peer("kingfisher")
        if kingfisher:
            command = [kingfisher, "scan", "--no-validate", "--no-update-check", "--git-history", "none", "--rule-cache-dir", PEERS / "kingfisher-cache", "--format", "jsonl", f"{folder}/a.py"]
            measure(command)  # compiles its rule database
            result = measure(command, repeat=3, cwd=folder)
            rows.append(("kingfisher, warm", f"{result.wall * 1000:.1f}", f"{result.cpu * 1000:.1f}", f"{result.wall / ours.wall:.1f}"))
        table(rows, ("tool", "wall ms", "CPU ms", "wall ratio"))


main()
