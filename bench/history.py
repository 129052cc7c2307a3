#!/usr/bin/env python3
"""CPU time over the full history of a repository, attribution included, against Kingfisher.

    bench/history.py REPOSITORY [--with-gitleaks]        a clone or a bare repository
"""

import os
import sys

from common import build, gitleaks_rules, measure, peer_commands, table


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    repository, rules, selvedge = sys.argv[1], gitleaks_rules(), build()
    common = [selvedge, "check", repository, "--history", "--no-cache", "--format", "json"]
    # The first row does not decode, the second, with the built-in pack, does.
    plain = {**os.environ, "SELVEDGE_SECRETS_DECODE_DEPTH": "0"}
    ours = measure([*common, "--no-builtin", "--rules", rules], env=plain)
    builtin = measure(common)
    rows = [
        ("selvedge, gitleaks rules", f"{ours.cpu:.1f}", f"{ours.wall:.1f}", f"{ours.peak / 1024:.0f}", "1.0"),
        ("selvedge, built-in pack", f"{builtin.cpu:.1f}", f"{builtin.wall:.1f}", f"{builtin.peak / 1024:.0f}", f"{builtin.cpu / ours.cpu:.1f}"),
    ]
    for name, command in peer_commands(repository, history=True, rules=rules):
        if name == "gitleaks" and "--with-gitleaks" not in sys.argv:
            continue
        peer = measure(command)
        rows.append((name, f"{peer.cpu:.1f}", f"{peer.wall:.1f}", f"{peer.peak / 1024:.0f}", f"{peer.cpu / ours.cpu:.1f}"))
    table(rows, ("tool", "CPU s", "wall s", "peak MB (mapped pack included)", "CPU ratio"))


main()
