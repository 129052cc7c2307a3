#!/usr/bin/env python3
"""CPU time over a source tree against the peers, same tree, same run.

    bench/tree.py TREE        e.g. a checkout of a large public repository (>= 50 MB)

Selvedge runs twice: with gitleaks' own rules (like with like) and with its built-in pack. Caches of results are off.
"""

import os
import sys

from common import build, gitleaks_rules, measure, peer_commands, table


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tree, rules, selvedge = sys.argv[1], gitleaks_rules(), build()
    common = [selvedge, "check", tree, "--engine", "secrets", "--no-cache", "--no-archives", "--format", "json", "--fail-on", "critical"]
    # gitleaks 8.26 decodes nothing unless asked to: like with like.
    plain = {**os.environ, "SELVEDGE_SECRETS_DECODE_DEPTH": "0"}
    ours = measure([*common, "--no-builtin", "--rules", rules], repeat=5, env=plain)
    builtin = measure(common, repeat=5)
    rows = [
        ("selvedge, gitleaks rules", f"{ours.cpu:.2f}", f"{ours.wall:.2f}", f"{ours.peak / 1024:.0f}", "1.0"),
        ("selvedge, built-in pack", f"{builtin.cpu:.2f}", f"{builtin.wall:.2f}", f"{builtin.peak / 1024:.0f}", f"{builtin.cpu / ours.cpu:.1f}"),
    ]
    for name, command in peer_commands(tree, rules=rules):
        measure(command) if name == "kingfisher" else None  # its rule database is compiled by the first run
        peer = measure(command)
        rows.append((name, f"{peer.cpu:.2f}", f"{peer.wall:.2f}", f"{peer.peak / 1024:.0f}", f"{peer.cpu / ours.cpu:.1f}"))
    table(rows, ("tool", "CPU s", "wall s", "peak MB", "CPU ratio"))


main()
