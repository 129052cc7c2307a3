//! SPDX 2.3 in JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io;

use selvedge_package::{Component, Origin, Scope};
use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::terms;
use crate::bom::{Bom, Entry};
use crate::facts::{self, PREFIX};
use crate::hashes;
use crate::license::{self, Declared};
use crate::validate::{is_cpe, is_date_time};

/// What is written where the bill has no time, since the format demands one.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// What says that nothing is known.
const NO_ASSERTION: &str = "NOASSERTION";

/// The document's own identifier.
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Characters of a name that go into an identifier.
const IDENTIFIER_CHARS_MAX: usize = 80;

/// Writes `bom` in JSON, indented, with a line end after the last line.
///
/// The same bill gives the same bytes. The namespace of the document is the bill's serial number, or the
/// derived one.
pub fn write_json(bom: &Bom, out: &mut dyn io::Write) -> io::Result<()> {
    let texts = LicenseTexts::collect(bom);
    let context = Writing {
        bom,
        ids: identifiers(bom),
        created: bom.timestamp.as_deref().filter(|time| is_date_time(time)).unwrap_or(NO_TIME),
    };
    let namespace = match &bom.serial {
        Some(serial) if facts::is_address(serial) => serial.clone(),
        _ => bom.derived_serial(),
    };
    let document = Document {
        id: DOCUMENT,
        version: "SPDX-2.3",
        data_license: "CC0-1.0",
        name: bom.subject().map_or("bill of materials", |it| &it.component.name),
        namespace: &namespace,
        creation: creation(bom, context.created),
        annotations: document_annotations(bom, context.created),
        licenses: texts.0.iter().map(|text| ExtractedLicense::new(text)).collect(),
        packages: Packages(&context),
        relationships: Relationships(&context),
    };
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

struct Writing<'a> {
    bom: &'a Bom,
    ids: Vec<String>,
    created: &'a str,
}

/// An identifier for every entry (3.2: letters, digits, `.` and `-`).
fn identifiers(bom: &Bom) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut all = Vec::with_capacity(bom.entries.len());
    for (index, entry) in bom.entries.iter().enumerate() {
        let kind = entry.component.ecosystem.purl_type();
        let version = entry.component.version.as_deref().unwrap_or_default();
        let mut id = String::from("SPDXRef-Package");
        for part in [kind, &entry.component.name, version] {
            let clean = part.chars().map(|it| if it.is_ascii_alphanumeric() || it == '.' { it } else { '-' });
            if !part.is_empty() {
                id.push('-');
                id.extend(clean.take(IDENTIFIER_CHARS_MAX));
            }
        }
        if !seen.insert(id.clone()) {
            id = format!("{id}-{index}");
            seen.insert(id.clone());
        }
        all.push(id);
    }
    all
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "SPDXID")]
    id: &'static str,
    #[serde(rename = "spdxVersion")]
    version: &'static str,
    #[serde(rename = "dataLicense")]
    data_license: &'static str,
    name: &'a str,
    #[serde(rename = "documentNamespace")]
    namespace: &'a str,
    #[serde(rename = "creationInfo")]
    creation: Creation<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation<'a>>,
    #[serde(rename = "hasExtractedLicensingInfos", skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<ExtractedLicense<'a>>,
    packages: Packages<'a>,
    relationships: Relationships<'a>,
}

#[derive(Serialize)]
struct Creation<'a> {
    created: &'a str,
    creators: Vec<String>,
}

fn creation<'a>(bom: &Bom, created: &'a str) -> Creation<'a> {
    let tools = bom.tools.iter().map(|tool| match &tool.version {
        Some(version) => format!("Tool: {}-{version}", tool.name),
        None => format!("Tool: {}", tool.name),
    });
    let mut creators: Vec<String> =
        bom.authors.iter().map(|author| format!("Organization: {author}")).chain(tools).collect();
    if creators.is_empty() {
        creators.push("Tool: selvedge".to_owned());
    }
    Creation { created, creators }
}

#[derive(Serialize)]
struct Annotation<'a> {
    #[serde(rename = "annotationDate")]
    date: &'a str,
    #[serde(rename = "annotationType")]
    kind: &'static str,
    annotator: &'static str,
    comment: String,
}

fn annotation<'a>(created: &'a str, name: &str, value: &str) -> Annotation<'a> {
    Annotation {
        date: created,
        kind: "OTHER",
        annotator: "Tool: selvedge",
        comment: format!("{PREFIX}{name}={value}"),
    }
}

fn document_annotations<'a>(bom: &Bom, created: &'a str) -> Vec<Annotation<'a>> {
    let lifecycles = bom.lifecycles.iter().map(|it| annotation(created, "lifecycle", it.as_str()));
    let sources =
        bom.sources.iter().map(|it| annotation(created, "source", &format!("{} ({})", it.path, it.format)));
    lifecycles.chain(sources).collect()
}

/// Licences that are no SPDX expressions, each with the identifier `LicenseRef-n`.
struct LicenseTexts<'a>(Vec<&'a str>);

impl<'a> LicenseTexts<'a> {
    fn collect(bom: &'a Bom) -> Self {
        let all = bom.entries.iter().flat_map(|entry| &entry.component.licenses);
        let mut texts: Vec<&str> = all
            .map(String::as_str)
            .filter(|text| matches!(license::classify(text), Declared::Name(_)))
            .collect();
        texts.sort_unstable();
        texts.dedup();
        Self(texts)
    }

    fn reference(text: &str) -> String {
        let digest = blake3::hash(text.as_bytes()).to_hex();
        format!("LicenseRef-{}", &digest[..16])
    }

    /// The licences of one package as an expression.
    fn expression<'t>(texts: &'t [String]) -> Cow<'t, str> {
        let part = |text: &'t str| match license::classify(text) {
            Declared::Id(id) => Cow::Borrowed(id),
            Declared::Expression(text) => Cow::Borrowed(text),
            Declared::Name(text) => Cow::Owned(Self::reference(text)),
        };
        match texts {
            [] => Cow::Borrowed(NO_ASSERTION),
            [only] => part(only),
            all => Cow::Owned(
                all.iter()
                    .map(|text| match license::classify(text) {
                        Declared::Expression(text) => format!("({text})"),
                        _ => part(text).into_owned(),
                    })
                    .collect::<Vec<_>>()
                    .join(" AND "),
            ),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtractedLicense<'a> {
    license_id: String,
    name: &'a str,
    extracted_text: &'a str,
}

impl<'a> ExtractedLicense<'a> {
    fn new(text: &'a str) -> Self {
        Self { license_id: LicenseTexts::reference(text), name: text, extracted_text: text }
    }
}

struct Packages<'a>(&'a Writing<'a>);

impl Serialize for Packages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let needed = needed(self.0.bom);
        let entries = self.0.bom.entries.iter().zip(&self.0.ids).zip(needed);
        serializer.collect_seq(entries.map(|((entry, id), is_needed)| package(entry, id, is_needed, self.0)))
    }
}

/// Which entries something depends on: their scope is told by that relationship.
fn needed(bom: &Bom) -> Vec<bool> {
    let mut needed = vec![false; bom.entries.len()];
    for dependency in bom.entries.iter().flat_map(|entry| &entry.component.dependencies) {
        if let Some(slot) = needed.get_mut(*dependency as usize) {
            *slot = true;
        }
    }
    needed
}

#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "SPDXID")]
    id: &'a str,
    name: &'a str,
    #[serde(rename = "versionInfo", skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(rename = "primaryPackagePurpose")]
    purpose: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    originator: Option<String>,
    #[serde(rename = "downloadLocation")]
    download: Cow<'a, str>,
    #[serde(rename = "filesAnalyzed")]
    files_analyzed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checksums: Vec<Checksum<'a>>,
    #[serde(rename = "sourceInfo", skip_serializing_if = "Option::is_none")]
    source_info: Option<String>,
    #[serde(rename = "licenseConcluded")]
    concluded: Cow<'a, str>,
    #[serde(rename = "licenseDeclared")]
    declared: Cow<'a, str>,
    #[serde(rename = "copyrightText")]
    copyright: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(rename = "externalRefs", skip_serializing_if = "Vec::is_empty")]
    references: Vec<ExternalRef<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation<'a>>,
}

#[derive(Serialize)]
struct Checksum<'a> {
    algorithm: &'static str,
    #[serde(rename = "checksumValue")]
    value: &'a str,
}

#[derive(Serialize)]
struct ExternalRef<'a> {
    #[serde(rename = "referenceCategory")]
    category: &'static str,
    #[serde(rename = "referenceType")]
    kind: &'static str,
    #[serde(rename = "referenceLocator")]
    locator: &'a str,
}

fn package<'a>(entry: &'a Entry, id: &'a str, is_needed: bool, writing: &Writing<'a>) -> Package<'a> {
    let component = &entry.component;
    let organisation = |name: &String| format!("Organization: {name}");
    let checksum = |hash| Some(Checksum { algorithm: hashes::spdx_name(hash)?, value: &hash.hex });
    Package {
        id,
        name: &component.name,
        version: component.version.as_deref(),
        purpose: terms::purpose(entry.kind),
        supplier: entry.supplier.as_ref().map(organisation),
        originator: entry.author.as_ref().map(organisation),
        download: download(component),
        files_analyzed: false,
        checksums: component.hashes.iter().filter_map(checksum).collect(),
        source_info: terms::source_info(&entry.occurrences),
        // What somebody concluded from texts, where the package itself declares nothing.
        concluded: LicenseTexts::expression(&component.licenses_found),
        declared: LicenseTexts::expression(&component.licenses),
        copyright: entry.copyright.as_deref().unwrap_or(NO_ASSERTION),
        description: entry.description.as_deref(),
        references: references(entry),
        annotations: annotations(entry, is_needed, writing.created),
    }
}

/// Where the package is to be had: its address, or its repository in the form of 7.7.
fn download(component: &Component) -> Cow<'_, str> {
    if let Some(resolved) = component.resolved.as_deref().filter(|it| facts::is_address(it)) {
        return resolved.into();
    }
    match &component.origin {
        Origin::Git { url, commit } if facts::is_address(url) => {
            let url = if url.starts_with("git") { url.clone() } else { format!("git+{url}") };
            commit.as_ref().map_or(url.clone(), |commit| format!("{url}@{commit}")).into()
        }
        _ => NO_ASSERTION.into(),
    }
}

fn references(entry: &Entry) -> Vec<ExternalRef<'_>> {
    let mut all = Vec::new();
    if let Some(locator) = &entry.purl {
        all.push(ExternalRef { category: "PACKAGE-MANAGER", kind: "purl", locator });
    }
    if let Some(locator) = entry.cpe.as_deref().filter(|cpe| is_cpe(cpe)) {
        let kind = if locator.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" };
        all.push(ExternalRef { category: "SECURITY", kind, locator });
    }
    all
}

fn annotations<'a>(entry: &Entry, is_needed: bool, created: &'a str) -> Vec<Annotation<'a>> {
    let component = &entry.component;
    let mut all: Vec<_> =
        facts::of(entry).iter().map(|(name, value)| annotation(created, name, value)).collect();
    if component.scope != Scope::Runtime && !is_needed {
        all.push(annotation(created, "scope", component.scope.as_str()));
    }
    if terms::kind(terms::purpose(entry.kind)) != Some(entry.kind) {
        all.push(annotation(created, "kind", entry.kind.as_str()));
    }
    if let Some(resolved) = component.resolved.as_deref().filter(|it| !facts::is_address(it)) {
        all.push(annotation(created, "resolved", resolved));
    }
    for hash in component.hashes.iter().filter(|hash| hashes::spdx_name(hash).is_none()) {
        all.push(annotation(created, "hash", &hashes::to_text(hash)));
    }
    all
}

struct Relationships<'a>(&'a Writing<'a>);

#[derive(Serialize)]
struct Relationship<'a> {
    #[serde(rename = "spdxElementId")]
    element: &'a str,
    #[serde(rename = "relationshipType")]
    kind: &'static str,
    #[serde(rename = "relatedSpdxElement")]
    related: &'a str,
}

impl Serialize for Relationships<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Writing { bom, ids, .. } = self.0;
        let mut list = serializer.serialize_seq(None)?;
        for related in described(bom) {
            list.serialize_element(&Relationship {
                element: DOCUMENT,
                kind: "DESCRIBES",
                related: &ids[related],
            })?;
        }
        for (entry, id) in bom.entries.iter().zip(ids) {
            for dependency in &entry.component.dependencies {
                let Some(target) = bom.entries.get(*dependency as usize) else { continue };
                let target_id = ids[*dependency as usize].as_str();
                list.serialize_element(&match terms::dependency_of(target.component.scope) {
                    None => Relationship { element: id, kind: "DEPENDS_ON", related: target_id },
                    Some(kind) => Relationship { element: target_id, kind, related: id },
                })?;
            }
        }
        if let Some(subject) = bom.subject.filter(|_| !bom.has_graph) {
            let element = &ids[subject as usize];
            list.serialize_element(&Relationship { element, kind: "DEPENDS_ON", related: NO_ASSERTION })?;
        }
        list.end()
    }
}

/// What the document describes: its subject, else what nothing depends on, else everything.
fn described(bom: &Bom) -> Vec<usize> {
    if let Some(subject) = bom.subject {
        return vec![subject as usize];
    }
    let needed = needed(bom);
    let tops: Vec<usize> = (0..needed.len()).filter(|index| !needed[*index]).collect();
    if tops.is_empty() { (0..needed.len()).collect() } else { tops }
}
