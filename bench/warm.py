#!/usr/bin/env python3
"""Second run over an unchanged tree against the first, and memory on the way.

    bench/warm.py TREE        a tree of at least 5,000 files

The tree must not have been changed within the last seconds: files that fresh are never cached.
"""

import os
import sys
import tempfile

from common import build, measure, table


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    selvedge = build()
    first, second = None, None
    for _ in range(5):
        with tempfile.TemporaryDirectory() as cache:
            env = {**os.environ, "SELVEDGE_CACHE_DIR": cache}
            command = [selvedge, "check", sys.argv[1], "--format", "json"]
            cold, warm = measure(command, env=env), measure(command, env=env, repeat=3)
            first = cold if first is None or cold.cpu < first.cpu else first
            second = warm if second is None or warm.cpu < second.cpu else second
    rows = [
        (name, f"{run.cpu * 1000:.0f}", f"{run.wall * 1000:.0f}", f"{run.peak / 1024:.0f}", f"{first.cpu / run.cpu:.1f}", f"{first.wall / run.wall:.1f}")
        for name, run in (("first run", first), ("second run", second))
    ]
    table(rows, ("run", "CPU ms", "wall ms", "peak MB", "CPU ratio", "wall ratio"))


main()
