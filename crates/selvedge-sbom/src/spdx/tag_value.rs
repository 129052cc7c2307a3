//! The tag-value notation of SPDX 2.2 and 2.3 as the tree that the JSON notation would give.
//!
//! Files, snippets, reviews and annotations are passed over: they are no packages.

use std::borrow::Cow;

use crate::reading::Context;
use crate::tree::{NODES_MAX, Node, Value};

/// Tag of a package, its member in JSON.
const PACKAGE_TAGS: &[(&str, &str)] = &[
    ("SPDXID", "SPDXID"),
    ("PackageVersion", "versionInfo"),
    ("PackageSupplier", "supplier"),
    ("PackageOriginator", "originator"),
    ("PackageDownloadLocation", "downloadLocation"),
    ("PackageLicenseDeclared", "licenseDeclared"),
    ("PackageLicenseConcluded", "licenseConcluded"),
    ("PackageCopyrightText", "copyrightText"),
    ("PackageDescription", "description"),
    ("PackageSummary", "summary"),
    ("PackageSourceInfo", "sourceInfo"),
    ("PrimaryPackagePurpose", "primaryPackagePurpose"),
];

/// Tag of the document, its member in JSON.
const DOCUMENT_TAGS: &[(&str, &str)] = &[
    ("SPDXVersion", "spdxVersion"),
    ("DataLicense", "dataLicense"),
    ("SPDXID", "SPDXID"),
    ("DocumentName", "name"),
    ("DocumentNamespace", "documentNamespace"),
];

type Members<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

/// Whether a text begins like this notation: comments and empty lines, then the version.
pub(crate) fn is_tag_value(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with("SPDXVersion:"))
}

/// The tree of a document.
pub(crate) fn to_tree<'a>(text: &'a str, ctx: &mut Context<'_>) -> Node<'a> {
    let mut builder = Builder::default();
    let mut at = 0;
    while at < text.len() {
        let start = at;
        let line_end = text[at..].find('\n').map_or(text.len(), |found| at + found + 1);
        let line = text[at..line_end].trim();
        at = line_end;
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = line.split_once(':') else {
            ctx.wrong(start, "expected `Tag: value`");
            continue;
        };
        let mut value = value.trim();
        if let Some(opened) = value.strip_prefix("<text>") {
            if let Some(closed) = opened.strip_suffix("</text>") {
                value = closed;
            } else {
                let from = start + text[start..].find("<text>").map_or(0, |found| found + "<text>".len());
                let Some(length) = text[from..].find("</text>") else {
                    ctx.wrong(start, "expected `</text>` at the end of the value");
                    break;
                };
                value = text[from..from + length].trim();
                at = from + length + "</text>".len();
            }
        }
        builder.nodes += 1;
        if builder.nodes > NODES_MAX {
            ctx.wrong(start, format!("more than {NODES_MAX} values"));
            break;
        }
        builder.take(tag.trim(), string(value, start, at), ctx);
    }
    builder.finish(text.len())
}

fn string(value: &str, start: usize, end: usize) -> Node<'_> {
    Node { start: start as u32, end: end as u32, value: Value::String(Cow::Borrowed(value)) }
}

/// Which kind of element the tags are about.
#[derive(Default, PartialEq)]
enum Section {
    #[default]
    Document,
    Package,
    License,
    Other,
}

#[derive(Default)]
struct Builder<'a> {
    section: Section,
    nodes: usize,
    document: Members<'a>,
    creation: Members<'a>,
    creators: Vec<Node<'a>>,
    packages: Vec<Node<'a>>,
    package: Members<'a>,
    checksums: Vec<Node<'a>>,
    references: Vec<Node<'a>>,
    licenses: Vec<Node<'a>>,
    license: Members<'a>,
    relationships: Vec<Node<'a>>,
}

impl<'a> Builder<'a> {
    fn take(&mut self, tag: &str, node: Node<'a>, ctx: &mut Context<'_>) {
        match tag {
            "PackageName" => {
                self.close();
                self.section = Section::Package;
                self.package.push((Cow::Borrowed("name"), node));
            }
            "LicenseID" => {
                self.close();
                self.section = Section::License;
                self.license.push((Cow::Borrowed("licenseId"), node));
            }
            "FileName" | "SnippetSPDXID" => {
                self.close();
                self.section = Section::Other;
            }
            "Creator" => self.creators.push(node),
            "Created" => self.creation.push((Cow::Borrowed("created"), node)),
            "Relationship" => self.relationship(&node, ctx),
            _ => match self.section {
                Section::Document => self.document.extend(member(DOCUMENT_TAGS, tag, node)),
                Section::Package => self.package_tag(tag, node, ctx),
                Section::License if tag == "LicenseName" => self.license.push((Cow::Borrowed("name"), node)),
                Section::License | Section::Other => {}
            },
        }
    }

    fn package_tag(&mut self, tag: &str, node: Node<'a>, ctx: &mut Context<'_>) {
        match tag {
            "PackageChecksum" => {
                let parts = words::<2>(&node);
                let Some([algorithm, value]) = parts else {
                    ctx.wrong(node.start as usize, "expected `algorithm: digest`");
                    return;
                };
                let algorithm = algorithm.trim_end_matches(':');
                self.checksums.push(object(&node, &[("algorithm", algorithm), ("checksumValue", value)]));
            }
            "ExternalRef" => {
                let Some([category, kind, locator]) = words::<3>(&node) else {
                    ctx.wrong(node.start as usize, "expected a category, a type and a locator");
                    return;
                };
                let members =
                    [("referenceCategory", category), ("referenceType", kind), ("referenceLocator", locator)];
                self.references.push(object(&node, &members));
            }
            _ => self.package.extend(member(PACKAGE_TAGS, tag, node)),
        }
    }

    fn relationship(&mut self, node: &Node<'a>, ctx: &mut Context<'_>) {
        let Some([element, kind, related]) = words::<3>(node) else {
            ctx.wrong(node.start as usize, "expected an element, a relationship and an element");
            return;
        };
        let members =
            [("spdxElementId", element), ("relationshipType", kind), ("relatedSpdxElement", related)];
        self.relationships.push(object(node, &members));
    }

    /// Ends the package or licence under way.
    fn close(&mut self) {
        if let Some((_, name)) = self.package.first() {
            let (start, end) = (name.start, self.package.last().map_or(name.end, |(_, last)| last.end));
            let mut members = std::mem::take(&mut self.package);
            for (key, list) in [("checksums", &mut self.checksums), ("externalRefs", &mut self.references)] {
                let value = Value::Array(std::mem::take(list));
                members.push((Cow::Borrowed(key), Node { start, end, value }));
            }
            self.packages.push(Node { start, end, value: Value::Object(members) });
        }
        if let Some((_, id)) = self.license.first() {
            let (start, end) = (id.start, id.end);
            let value = Value::Object(std::mem::take(&mut self.license));
            self.licenses.push(Node { start, end, value });
        }
    }

    fn finish(mut self, length: usize) -> Node<'a> {
        self.close();
        let whole = |value| Node { start: 0, end: length as u32, value };
        self.creation.push((Cow::Borrowed("creators"), whole(Value::Array(self.creators))));
        self.document.push((Cow::Borrowed("creationInfo"), whole(Value::Object(self.creation))));
        for (key, list) in [
            ("packages", self.packages),
            ("hasExtractedLicensingInfos", self.licenses),
            ("relationships", self.relationships),
        ] {
            self.document.push((Cow::Borrowed(key), whole(Value::Array(list))));
        }
        whole(Value::Object(self.document))
    }
}

fn member<'a>(table: &[(&str, &'static str)], tag: &str, node: Node<'a>) -> Option<(Cow<'a, str>, Node<'a>)> {
    let row = table.iter().find(|row| row.0 == tag)?;
    Some((Cow::Borrowed(row.1), node))
}

/// The first words of a value, exactly `N` of them or more.
fn words<'a, const N: usize>(node: &Node<'a>) -> Option<[&'a str; N]> {
    let Value::String(Cow::Borrowed(text)) = &node.value else { return None };
    let mut words = text.split_whitespace();
    let mut all = [""; N];
    for slot in &mut all {
        *slot = words.next()?;
    }
    Some(all)
}

fn object<'a>(at: &Node<'a>, members: &[(&'static str, &'a str)]) -> Node<'a> {
    let string = |text| Node { start: at.start, end: at.end, value: Value::String(Cow::Borrowed(text)) };
    let members = members.iter().map(|(key, text)| (Cow::Borrowed(*key), string(text))).collect();
    Node { start: at.start, end: at.end, value: Value::Object(members) }
}
