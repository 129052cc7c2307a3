#!/usr/bin/env python3
"""CycloneDX's own valid and invalid documents: how many are told apart.

    bench/cyclonedx.py SPECIFICATION        a checkout of CycloneDX/specification

Every `valid-*` and `invalid-*` document of versions 1.2 to 1.7, JSON and XML, is given to `selvedge sbom check`.
Exit code 1 if one is judged otherwise than its name says.
"""

import re
import subprocess
import sys
from pathlib import Path

from common import build


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    selvedge, root = build(), Path(sys.argv[1])
    documents = sorted(
        path
        for path in root.rglob("*valid-*")
        if path.suffix in (".json", ".xml") and re.fullmatch(r"1\.[2-7]", path.parent.name)
    )
    wrong = []
    for path in documents:
        run = subprocess.run([selvedge, "sbom", "check", path], capture_output=True, text=True)
        if (run.returncode == 0) != path.name.startswith("valid-"):
            wrong.append(path)
    for path in wrong:
        print(f"judged otherwise: {path}")
    print(f"{len(documents) - len(wrong)} of {len(documents)} documents judged as their names say")
    sys.exit(1 if wrong or not documents else 0)


main()
