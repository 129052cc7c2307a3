#!/usr/bin/env python3
"""Derives cyclonedx-json.shapes from the JSON schemas of the CycloneDX specification.

    python3 derive_json.py FOLDER_WITH_SCHEMAS > cyclonedx-json.shapes

To add a version: add it to VERSIONS, run, and read the difference. The notation is described at the head of
what is written; `src/cyclonedx/validate/shapes.rs` reads it.
"""
import json
import sys
from pathlib import Path

VERSIONS = {"1.2": "bom-1.2-strict", "1.3": "bom-1.3-strict", "1.4": "bom-1.4", "1.5": "bom-1.5",
            "1.6": "bom-1.6", "1.7": "bom-1.7"}

# Regular expressions of the schemas, by the name of the check that stands for them.
PATTERNS = {
    r"^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": "serial",
    r"^[-+a-z0-9.]+/[-+a-z0-9.]+$": "media-type",
    r"^([a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$": "digest",
    r"^urn:cdx:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[1-9][0-9]*$": "bom-link",
    r"^urn:cdx:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[1-9][0-9]*#.+$": "element-link",
    r"^([a-z]{2})(-[A-Z]{2})?$": "locale",
    r"^CRE:[0-9]+-[0-9]+$": "cre",
    r"^[A-Za-z0-9][A-Za-z0-9\-/.()\s]{0,28}[A-Za-z0-9]$": "patent-number",
    r"^[A-Z]{2}$": "country",
    r"^(.*)$": "line",
}

HEAD = """\
# What CycloneDX documents in JSON look like, version by version: names, types and values of the format.
# Derived by derive_json.py; not edited by hand.
#
#   object NAME                 its members follow
#     MEMBER TYPE [FROM-TO]     versions 1.FROM to 1.TO, all where absent
#     MEMBER! TYPE              the member is required
#     ? RULE A B+C              one: exactly one of the alternatives is present; any: at least one;
#                               not: never all of them; true: A only where member B is true;
#                               open: members that are not listed are allowed
#   type NAME TYPE [FROM-TO]
#
# Types: any null bool int number text, CHECK (a check on text), text(MIN..MAX), int(MIN..MAX), number(MIN..MAX),
# =a,b,c (one of these texts), @NAME, [TYPE] with (MIN..MAX) and ! for unique items, A|B (any of them),
# A^B (exactly one of them).
"""


class Deriver:
    def __init__(self, version, folder):
        self.version = version
        self.folder = folder
        self.objects = {}
        self.types = {}

    def schema(self, name):
        return json.loads((self.folder / f"{name}.json").read_text())

    def run(self, file):
        root = self.schema(file + ".schema")
        self.object("bom", root)
        for name, node in root["definitions"].items():
            self.define(name, node)
        if "signature" in root["definitions"]:
            jsf = self.schema("jsf-0.82.schema")["definitions"]
            for name in ("signer", "keyType"):
                self.define("jsf." + name, jsf[name], "jsf.")
            self.types["jsf.signature"] = self.type("jsf.signature", {"oneOf": jsf["signature"]["oneOf"]}, "jsf.")
            cases = [case["then"] for case in jsf["publicKey"]["allOf"]]
            for case, condition in zip(cases, jsf["publicKey"]["allOf"]):
                case["properties"]["kty"] = {"enum": [condition["if"]["properties"]["kty"]["const"]]}
            self.types["jsf.publicKey"] = self.type("jsf.publicKey", {"oneOf": cases}, "jsf.")

    def define(self, name, node, prefix=""):
        if self.is_object(node):
            self.object(name, node, prefix)
        else:
            self.types[name] = self.type(name, node, prefix)

    @staticmethod
    def is_object(node):
        return "properties" in node and "$ref" not in node

    def object(self, name, node, prefix=""):
        is_open = node.get("additionalProperties") is not False
        required = set(node.get("required", []))
        members = {}
        for key, value in node.get("properties", {}).items():
            mark = "!" if key in required else ""
            members[key + mark] = self.type(f"{name}.{key}", value, prefix)
        rules = ["? open"] if is_open else []
        for kind, word in (("oneOf", "one"), ("anyOf", "any")):
            if kind in node:
                rules.append("? " + word + " " + " ".join("+".join(it["required"]) for it in node[kind]))
        for part in node.get("allOf", []):
            if "not" in part:
                rules.append("? not " + "+".join(part["not"]["required"]))
            elif "if" in part:
                (member, _), = part["if"]["properties"].items()
                (denied,) = part["then"]["not"]["required"]
                rules.append(f"? true {denied} {member}")
        self.objects[name] = (members, rules)

    def type(self, name, node, prefix=""):
        if node is True or node == {}:
            return "any"
        if "$ref" in node:
            file, _, fragment = node["$ref"].partition("#/definitions/")
            if file == "spdx.schema.json":
                return "spdx-id"
            if file.startswith("jsf"):
                return "@jsf." + fragment
            if file.startswith("cryptography"):
                return "=" + ",".join(self.schema("cryptography-defs.schema")["definitions"][fragment]["enum"])
            return "@" + prefix + fragment
        if self.is_object(node):
            self.object(name, node, prefix)
            return "@" + name
        if "allOf" in node:
            (only,) = node["allOf"]
            return self.type(name, only, prefix)
        for kind in ("oneOf", "anyOf"):
            if kind in node:
                kinds = [self.type(f"{name}.{index}", case, prefix) for index, case in enumerate(node[kind], 1)]
                return ("^" if kind == "oneOf" else "|").join(kinds)
        if "enum" in node:
            values = node["enum"]
            assert all(isinstance(it, str) and "," not in it and " " not in it for it in values), values
            return "=" + ",".join(values)
        return self.scalar(name, node, prefix)

    def scalar(self, name, node, prefix):
        kind = node.get("type")
        if kind == "array":
            items = node.get("items", {})
            if isinstance(items, list):
                (items,) = items
            low, high = node.get("minItems"), node.get("maxItems")
            bounds = "" if low is None and high is None else f"({low or 0}..{'' if high is None else high})"
            inner = name if "." in name else name + ".each"
            return f"[{self.type(inner, items, prefix)}]{bounds}{'!' if node.get('uniqueItems') else ''}"
        if kind == "string":
            if "pattern" in node:
                return PATTERNS[node["pattern"]]
            if node.get("format", "string") != "string":
                return node["format"]
            low, high = node.get("minLength"), node.get("maxLength")
            return "text" if low is None and high is None else f"text({low or 0}..{'' if high is None else high})"
        if kind in ("integer", "number"):
            word = {"integer": "int", "number": "number"}[kind]
            low, high = node.get("minimum"), node.get("maximum")
            return word if low is None and high is None else f"{word}({low}..{'' if high is None else high})"
        if kind == "object":
            return "object"
        return {"boolean": "bool", "null": "null", None: "any"}[kind]


def spans(versions, known):
    """Runs of consecutive versions as `FROM-TO`, nothing where all that know the owner are meant."""
    minors = sorted(int(version.split(".")[1]) for version in versions)
    if minors == sorted(int(version.split(".")[1]) for version in known):
        return [""]
    runs, start = [], minors[0]
    for at, minor in enumerate(minors):
        if at + 1 == len(minors) or minors[at + 1] != minor + 1:
            runs.append(f" {start}-{minor}")
            start = minors[at + 1] if at + 1 < len(minors) else None
    return runs


def main():
    folder = Path(sys.argv[1])
    derived = {}
    for version, file in VERSIONS.items():
        derived[version] = Deriver(version, folder)
        derived[version].run(file)
    print(HEAD)
    types = {}
    for version, one in derived.items():
        for name, text in one.types.items():
            types.setdefault(name, {}).setdefault(text, []).append(version)
    for name, variants in types.items():
        for text, versions in variants.items():
            for span in spans(versions, VERSIONS):
                print(f"type {name} {text}{span}")
    names = list(dict.fromkeys(name for one in derived.values() for name in one.objects))
    for name in names:
        known = [version for version, one in derived.items() if name in one.objects]
        print(f"\nobject {name}")
        lines = {}
        for version in known:
            members, rules = derived[version].objects[name]
            for line in [f"{key} {kind}" for key, kind in members.items()] + rules:
                lines.setdefault(line, []).append(version)
        for line, versions in lines.items():
            for span in spans(versions, known):
                print(f"  {line}{span}")


main()
