#!/usr/bin/env python3
"""Derives cyclonedx-xml.shapes from the XML schemas of the CycloneDX specification.

    python3 derive_xml.py FOLDER_WITH_SCHEMAS > cyclonedx-xml.shapes

To add a version: add it to VERSIONS, run, and read the difference. The notation is described at the head of
what is written; `src/validate/xml_shapes.rs` reads it.
"""
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

VERSIONS = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"]
XS = "{http://www.w3.org/2001/XMLSchema}"

BUILT_IN = {"string": "text", "normalizedString": "text", "token": "text", "anyURI": "text", "integer": "int",
            "positiveInteger": "int(1..)", "nonNegativeInteger": "int(0..)", "decimal": "number",
            "boolean": "xs-boolean", "dateTime": "xs-date-time", "date": "xs-date"}

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# Regular expressions of the schemas, by the name of the check that stands for them.
PATTERNS = {
    rf"urn:uuid:({UUID})|(\{{{UUID}\}})": "serial-or-guid",
    "[-+a-z0-9.]+/[-+a-z0-9.]+": "media-type",
    "([a-fA-F0-9]{32})|([a-fA-F0-9]{40})|([a-fA-F0-9]{64})|([a-fA-F0-9]{96})|([a-fA-F0-9]{128})": "digest",
    f"urn:cdx:{UUID}/[1-9][0-9]*": "bom-link",
    f"urn:cdx:{UUID}/[1-9][0-9]*#.+": "element-link",
    "([a-z]{2})(-[A-Z]{2})?": "locale",
    "CRE:[0-9]+-[0-9]+": "cre",
    r"[A-Za-z0-9][A-Za-z0-9\-/.() ]{0,28}[A-Za-z0-9]": "patent-number",
    "[A-Z]{2}": "country",
}

HEAD = """\
# What CycloneDX documents in XML look like, version by version: names, types and values of the format.
# Derived by derive_xml.py; not edited by hand.
#
#   element NAME                  attributes and content of the elements of that type
#     @ATTRIBUTE TYPE [FROM-TO]   versions 1.FROM to 1.TO, all where absent
#     @ATTRIBUTE! TYPE            the attribute is required
#     @@                          other attributes are allowed
#     = TYPE                      text, and no elements
#     ~                           text between the elements
#     PARTICLE                    elements, in this order
#   type NAME TYPE [FROM-TO]
#
# Particles: NAME:TYPE, ## (elements of other namespaces), (A,B) in this order, (A/B) one of them; each followed
# by ? * + or {MIN,MAX}. Types: as in cyclonedx-json.shapes, the built-in ones of XML Schema among them.
"""


class Deriver:
    def __init__(self, root):
        self.types = {}
        self.elements = {}
        groups = {node.get("name"): list(node) for node in root.findall(XS + "attributeGroup")}
        for node in list(root.iter()):
            for at, child in reversed(list(enumerate(node))):
                if child.tag == XS + "attributeGroup" and child.get("ref"):
                    node.remove(child)
                    for more in reversed(groups[child.get("ref").split(":")[-1]]):
                        node.insert(at, more)
        for node in root:
            if node.tag == XS + "simpleType":
                self.types[node.get("name")] = self.simple(node.get("name"), node)
            elif node.tag == XS + "complexType":
                self.complex(node.get("name"), node)
            elif node.tag == XS + "element":
                self.complex(node.get("name"), node.find(XS + "complexType"))

    def reference(self, text):
        prefix, _, name = text.rpartition(":")
        if prefix == "xs":
            kind = BUILT_IN[name]
            if "(" in kind:
                self.types["xs." + name] = kind
                return "@xs." + name
            return kind
        if prefix == "spdx":
            return "spdx-id"
        return "@" + name

    def simple(self, name, node):
        union = node.find(XS + "union")
        if union is not None:
            return "|".join(self.reference(member) for member in union.get("memberTypes").split())
        restriction = node.find(XS + "restriction")
        facets = {}
        values = []
        for facet in restriction:
            key = facet.tag.replace(XS, "")
            if key == "enumeration":
                values.append(facet.get("value"))
            elif key != "annotation":
                facets[key] = facet.get("value")
        if values:
            assert all("," not in value and " " not in value for value in values), values
            return "=" + ",".join(values)
        if "pattern" in facets:
            pattern = facets.pop("pattern")
            assert not facets
            return "cpe" if "[cC]" in pattern or "[c][pP][eE]" in pattern else PATTERNS[pattern]
        base = self.reference(restriction.get("base"))
        low = facets.pop("minLength", facets.pop("minInclusive", None))
        high = facets.pop("maxLength", facets.pop("maxInclusive", None))
        assert not facets, facets
        return base if low is None and high is None else f"{base}({low or 0}..{high or ''})"

    def word(self, name, node):
        """The type of an element or attribute as one word."""
        if node.get("type"):
            return self.reference(node.get("type"))
        inline = node.find(XS + "complexType")
        if inline is not None:
            self.complex(name, inline)
            return "@" + name
        inline = node.find(XS + "simpleType")
        if inline is not None:
            kind = self.simple(name, inline)
            if kind.replace("-", "").isalpha() or (kind.startswith("@") and "|" not in kind):
                return kind
            self.types[name] = kind
            return "@" + name
        return "any"

    def complex(self, name, node):
        lines = []
        holder = node
        content = node.find(XS + "simpleContent")
        if content is not None:
            holder = content.find(XS + "extension")
            base = holder.get("base").split(":")[-1]
            lines += self.elements[base] if base in self.elements else ["= " + self.reference(holder.get("base"))]
        assert node.find(XS + "complexContent") is None, name
        if node.get("mixed") == "true":
            lines.append("~")
        for child in holder:
            if child.tag == XS + "attribute" and child.get("use") != "prohibited":
                mark = "!" if child.get("use") == "required" else ""
                lines.append(f"@{child.get('name')}{mark} {self.word(name + '.' + child.get('name'), child)}")
        if holder.find(XS + "anyAttribute") is not None:
            lines.append("@@")
        for child in holder:
            if child.tag in (XS + "sequence", XS + "choice"):
                if child.tag == XS + "sequence" and self.occurs(child) == "":
                    lines += [part for part in (self.particle(name, it) for it in child) if part]
                else:
                    lines.append(self.particle(name, child))
        self.elements[name] = lines

    @staticmethod
    def occurs(node):
        low, high = node.get("minOccurs", "1"), node.get("maxOccurs", "1")
        known = {("1", "1"): "", ("0", "1"): "?", ("0", "unbounded"): "*", ("1", "unbounded"): "+"}
        return known.get((low, high)) if (low, high) in known else f"{{{low},{high}}}"

    def particle(self, owner, node):
        kind = node.tag.replace(XS, "")
        if kind == "element":
            name = node.get("name")
            return f"{name}:{self.word(f'{owner}.{name}', node)}{self.occurs(node)}"
        if kind == "any":
            assert node.get("namespace") == "##other", node.attrib
            return "##" + self.occurs(node)
        if kind in ("sequence", "choice"):
            parts = [part for part in (self.particle(owner, it) for it in node) if part]
            return f"({(',' if kind == 'sequence' else '/').join(parts)}){self.occurs(node)}"
        assert kind == "annotation", kind
        return None


def spans(versions, known):
    minors = sorted(int(version.split(".")[1]) for version in versions)
    if minors == sorted(int(version.split(".")[1]) for version in known):
        return [""]
    runs, start = [], minors[0]
    for at, minor in enumerate(minors):
        if at + 1 == len(minors) or minors[at + 1] != minor + 1:
            runs.append(f" {start}-{minor}")
            start = minors[at + 1] if at + 1 < len(minors) else None
    return runs


def merged(by_version):
    """One list in which every version finds its lines in its order, each line with its versions."""
    lines = []
    for version, own in by_version.items():
        at = 0
        for line in own:
            found = next((i for i in range(at, len(lines)) if lines[i][0] == line), None)
            if found is None:
                lines.insert(at, (line, [version]))
                at += 1
            else:
                lines[found][1].append(version)
                at = found + 1
    for version, own in by_version.items():
        assert [line for line, versions in lines if version in versions] == own
    return lines


def main():
    folder = Path(sys.argv[1])
    derived = {version: Deriver(ET.parse(folder / f"bom-{version}.xsd").getroot()) for version in VERSIONS}
    print(HEAD)
    types = {}
    for version, one in derived.items():
        for name, text in one.types.items():
            types.setdefault(name, {}).setdefault(text, []).append(version)
    for name, variants in types.items():
        for text, versions in variants.items():
            for span in spans(versions, VERSIONS):
                print(f"type {name} {text}{span}")
    for name in dict.fromkeys(name for one in derived.values() for name in one.elements):
        by_version = {version: one.elements[name] for version, one in derived.items() if name in one.elements}
        print(f"\nelement {name}")
        for line, versions in merged(by_version):
            for span in spans(versions, by_version):
                print(f"  {line}{span}")


main()
