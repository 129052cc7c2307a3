#!/usr/bin/env python3
"""Peak private (anonymous) memory of a check, sampled from the kernel while it runs.

    bench/memory.py TREE [arguments of selvedge check]

Mapped files, the program's own code among them, can be dropped by the kernel at any time and do not count.
"""

import subprocess
import sys

from common import build, table


def peak_anonymous(command):
    """The largest RssAnon seen, in KiB, of two hundred samples a second or more."""
    null = subprocess.DEVNULL
    process = subprocess.Popen([str(part) for part in command], stdout=null, stderr=null)
    peak = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as status:
                for line in status:
                    if line.startswith("RssAnon:"):
                        peak = max(peak, int(line.split()[1]))
        except (FileNotFoundError, ProcessLookupError):
            break
    return peak


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    selvedge = build()
    command = [selvedge, "check", sys.argv[1], "--no-cache", "--format", "json", *sys.argv[2:]]
    peaks = sorted(peak_anonymous(command) for _ in range(5))
    table([("check " + " ".join(sys.argv[1:]), f"{peaks[0] / 1024:.1f}", f"{peaks[-1] / 1024:.1f}")], ("command", "least MB of 5", "most MB of 5"))


main()
