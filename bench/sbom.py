#!/usr/bin/env python3
"""Bills of materials against cyclonedx-npm and Syft: time, memory, and which packages each one lists.

    bench/sbom.py PROJECT         a folder with package.json and package-lock.json
    bench/sbom.py --root ROOT     a root folder with an operating system's package database, against Syft only

Packages are compared by package URL without qualifiers. Documents are validated with cyclonedx-python-lib where
bench/peers.sh could install it. No tool is given a network.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from common import PEERS, build, measure, peer, table

VALIDATE = """
import sys
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
text = open(sys.argv[1]).read()
kind = OutputFormat.XML if text.lstrip().startswith("<") else OutputFormat.JSON
error = make_schemabased_validator(kind, SchemaVersion.V1_6).validate_str(text)
sys.exit(str(error)[:500] if error else 0)
"""


def purls(path):
    """The package URLs of a CycloneDX document, nested components included."""
    found = set()
    pending = list(json.loads(Path(path).read_text()).get("components", []))
    while pending:
        component = pending.pop()
        pending.extend(component.get("components", []))
        if purl := component.get("purl"):
            found.add(unquote(purl.split("?")[0].split("#")[0]).lower())
    return found


def validate(path):
    """What cyclonedx-python-lib says of a document of version 1.6."""
    python = PEERS / "python" / "bin" / "python"
    if not python.exists() or subprocess.run([python, "-c", "import cyclonedx.validation"], stderr=subprocess.DEVNULL).returncode:
        return "not validated: cyclonedx-python-lib is absent"
    done = subprocess.run([python, "-c", VALIDATE, path], capture_output=True, text=True)
    return "valid" if done.returncode == 0 else f"INVALID: {done.stderr.strip()}"


def commands(selvedge, target, is_root, out):
    """Each tool, how it is asked, and where it writes."""
    ours = [selvedge, "sbom", *(["--root", target] if is_root else [target])]
    yield "selvedge", [*ours, "--format", "cyclonedx-json", "--output", out / "selvedge.json"], out / "selvedge.json"
    if not is_root and (npm := peer("cyclonedx-npm")):
        path = out / "npm.json"
        options = ["--package-lock-only", "--flatten-components", "--output-format", "JSON", "--no-validate", "--ignore-npm-errors"]
        yield "cyclonedx-npm", [npm, *options, "--output-file", path, Path(target) / "package.json"], path
    if syft := peer("syft"):
        path = out / "syft.json"
        yield "syft", [syft, "scan", f"dir:{target}", "--quiet", "--output", f"cyclonedx-json={path}"], path


def main():
    is_root = sys.argv[1:2] == ["--root"]
    if len(sys.argv) != 2 + is_root:
        sys.exit(__doc__)
    target, selvedge = sys.argv[-1], build()
    out = Path(tempfile.mkdtemp(prefix="selvedge-sbom-"))
    rows, reference = [], None
    for name, command, path in commands(selvedge, target, is_root, out):
        cost = measure(command, repeat=5 if name == "selvedge" else 1)
        if not path.exists():
            print(f"{name}: wrote nothing (status {cost.status})")
            continue
        listed = purls(path)
        reference = listed if reference is None else reference
        shares = (len(listed), len(listed - reference), len(reference - listed))
        rows.append((name, f"{cost.wall * 1000:.0f}", f"{cost.cpu * 1000:.0f}", f"{cost.peak / 1024:.0f}", *shares))
        for purl in sorted(listed - reference)[:5]:
            print(f"only {name}: {purl}")
        for purl in sorted(reference - listed)[:5]:
            print(f"not {name}: {purl}")
    table(rows, ("tool", "wall ms", "CPU ms", "peak MB", "packages", "more", "fewer"))
    ours = [selvedge, "sbom", *(["--root", target] if is_root else [target])]
    for form in ("cyclonedx-json", "cyclonedx-xml"):
        path = out / f"selvedge.{form}"
        subprocess.run([*ours, "--format", form, "--output", path], check=True, stderr=subprocess.DEVNULL)
        print(f"{form}: {validate(path)}")


main()
