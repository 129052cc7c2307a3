//! What CycloneDX 1.6 says of one entry, ready for both notations.
//!
//! What the format has no field for becomes a property, see [`crate::facts`].

use std::borrow::Cow;

use selvedge_package::{Component, Ecosystem, Hash, Origin, Relation, Scope};
use serde::Serialize;

use crate::bom::{Bom, Entry, Occurrence, Tool};
use crate::facts::{self, PREFIX};
use crate::hashes;
use crate::license::{self, Declared};
use crate::validate::{is_cpe, is_date_time};

/// One component, its fields in the order of the schema.
#[derive(Serialize)]
pub(crate) struct ComponentView<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(rename = "bom-ref")]
    pub(crate) reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) supplier: Option<NameView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<&'a str>,
    pub(crate) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) hashes: Vec<HashView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) licenses: Vec<LicenseView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) copyright: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpe: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) purl: Option<&'a str>,
    #[serde(rename = "externalReferences", skip_serializing_if = "Vec::is_empty")]
    pub(crate) references: Vec<ReferenceView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) properties: Vec<PropertyView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<EvidenceView<'a>>,
}

/// A person or organisation of whom the name is known.
#[derive(Serialize)]
pub(crate) struct NameView<'a> {
    pub(crate) name: &'a str,
}

/// A digest.
#[derive(Serialize)]
pub(crate) struct HashView<'a> {
    pub(crate) alg: &'static str,
    pub(crate) content: &'a str,
}

/// One item of `licenses`.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LicenseView<'a> {
    License(LicenseName<'a>),
    #[serde(untagged)]
    Expression {
        expression: Cow<'a, str>,
    },
}

/// A licence of the SPDX list, or the name of another.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LicenseName<'a> {
    Id(&'a str),
    Name(&'a str),
}

/// An external reference.
#[derive(Serialize)]
pub(crate) struct ReferenceView<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) url: &'a str,
}

/// A property.
#[derive(Serialize)]
pub(crate) struct PropertyView<'a> {
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: Cow<'a, str>,
}

/// `evidence`.
#[derive(Serialize)]
pub(crate) struct EvidenceView<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) occurrences: Vec<OccurrenceView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) licenses: Vec<LicenseView<'a>>,
}

/// `evidence.occurrences[]`.
#[derive(Serialize)]
pub(crate) struct OccurrenceView<'a> {
    pub(crate) location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u32>,
}

/// The view of one entry.
pub(crate) fn component(entry: &Entry) -> ComponentView<'_> {
    let component = &entry.component;
    let (group, name) = group_and_name(component);
    let (hashes, odd_hashes) = hashes(&component.hashes);
    let mut view = ComponentView {
        kind: entry.kind.as_str(),
        reference: &entry.reference,
        supplier: entry.supplier.as_deref().map(|name| NameView { name }),
        author: entry.author.as_deref(),
        group,
        name,
        version: component.version.as_deref().filter(|_| facts::is_version(component)),
        description: entry.description.as_deref(),
        scope: (component.relation != Relation::Root).then(|| scope_name(component.scope)),
        hashes,
        licenses: licenses(&component.licenses),
        copyright: entry.copyright.as_deref(),
        cpe: entry.cpe.as_deref().filter(|cpe| is_cpe(cpe)),
        purl: entry.purl.as_deref(),
        references: Vec::new(),
        properties: Vec::new(),
        evidence: evidence(entry),
    };
    add_references(&mut view, component);
    add_properties(&mut view, entry);
    view.properties.extend(odd_hashes);
    view.properties.sort_by(|a, b| (&a.name, &a.value).cmp(&(&b.name, &b.value)));
    view
}

/// Splits the name where package URLs have a namespace that is not a path: `@scope/name`, `group:artifact`,
/// `vendor/name`.
fn group_and_name(component: &Component) -> (Option<&str>, &str) {
    let name = component.name.as_str();
    let parts = match component.ecosystem {
        Ecosystem::Npm if name.starts_with('@') => name.split_once('/'),
        Ecosystem::Maven => name.split_once(':'),
        Ecosystem::Packagist => name.split_once('/'),
        _ => None,
    };
    match parts {
        Some((group, rest)) if !group.is_empty() && !rest.is_empty() => (Some(group), rest),
        _ => (None, name),
    }
}

/// What CycloneDX calls a scope: what is not needed at run time is `excluded`.
fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Runtime => "required",
        Scope::Optional => "optional",
        Scope::Build | Scope::Development => "excluded",
    }
}

fn hashes(all: &[Hash]) -> (Vec<HashView<'_>>, Vec<PropertyView<'_>>) {
    let mut known = Vec::new();
    let mut odd = Vec::new();
    for hash in all {
        match hashes::cyclonedx_name(hash) {
            Some(alg) => known.push(HashView { alg, content: &hash.hex }),
            None => odd.push(property("hash", hashes::to_text(hash).into())),
        }
    }
    (known, odd)
}

/// Either licences one by one, or a single expression: the format has no list of expressions.
fn licenses(texts: &[String]) -> Vec<LicenseView<'_>> {
    let declared: Vec<Declared<'_>> = texts.iter().map(|text| license::classify(text)).collect();
    if declared.iter().any(|one| matches!(one, Declared::Expression(_))) {
        if declared.iter().all(|one| !matches!(one, Declared::Name(_))) {
            return vec![LicenseView::Expression { expression: license::all_of(&declared) }];
        }
        return texts.iter().map(|text| LicenseView::License(LicenseName::Name(text))).collect();
    }
    declared.into_iter().map(single).collect()
}

fn single(one: Declared<'_>) -> LicenseView<'_> {
    LicenseView::License(match one {
        Declared::Id(id) => LicenseName::Id(id),
        Declared::Expression(text) | Declared::Name(text) => LicenseName::Name(text),
    })
}

/// Where the component was seen, and which licence texts were found beside it.
fn evidence(entry: &Entry) -> Option<EvidenceView<'_>> {
    let place = |it: &'_ Occurrence| (it.line > 0).then_some(it.line);
    let occurrences = entry.occurrences.iter();
    let occurrences = occurrences.map(|it| OccurrenceView { location: &it.path, line: place(it) });
    let view = EvidenceView {
        occurrences: occurrences.collect(),
        licenses: licenses(&entry.component.licenses_found),
    };
    (!view.occurrences.is_empty() || !view.licenses.is_empty()).then_some(view)
}

fn property<'a>(name: &str, value: Cow<'a, str>) -> PropertyView<'a> {
    PropertyView { name: Cow::Owned(format!("{PREFIX}{name}")), value }
}

fn add_references<'a>(view: &mut ComponentView<'a>, component: &'a Component) {
    if let Origin::Git { url, .. } = &component.origin
        && facts::is_address(url)
    {
        view.references.push(ReferenceView { kind: "vcs", url });
    }
    let Some(resolved) = &component.resolved else { return };
    if facts::is_address(resolved) {
        view.references.push(ReferenceView { kind: "distribution", url: resolved });
    } else {
        view.properties.push(property("resolved", resolved.into()));
    }
}

fn add_properties<'a>(view: &mut ComponentView<'a>, entry: &'a Entry) {
    if entry.component.scope == Scope::Build {
        view.properties.push(property("scope", entry.component.scope.as_str().into()));
    }
    view.properties.extend(facts::of(entry).into_iter().map(|(name, value)| property(name, value)));
}

/// What one document says of itself.
#[derive(Serialize)]
pub(crate) struct MetadataView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timestamp: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) lifecycles: Vec<LifecycleView>,
    #[serde(skip_serializing_if = "ToolsView::is_empty")]
    pub(crate) tools: ToolsView<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) authors: Vec<NameView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) component: Option<ComponentView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) supplier: Option<NameView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) properties: Vec<PropertyView<'a>>,
}

/// `metadata.lifecycles[]`.
#[derive(Serialize)]
pub(crate) struct LifecycleView {
    pub(crate) phase: &'static str,
}

/// `metadata.tools`.
#[derive(Serialize)]
pub(crate) struct ToolsView<'a> {
    pub(crate) components: Vec<ToolView<'a>>,
}

impl ToolsView<'_> {
    fn is_empty(&self) -> bool {
        self.components.is_empty()
    }
}

/// `metadata.tools.components[]`.
#[derive(Serialize)]
pub(crate) struct ToolView<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) manufacturer: Option<NameView<'a>>,
    pub(crate) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<&'a str>,
}

/// The view of what the document says of itself.
pub(crate) fn metadata(bom: &Bom) -> MetadataView<'_> {
    MetadataView {
        timestamp: bom.timestamp.as_deref().filter(|time| is_date_time(time)),
        lifecycles: bom.lifecycles.iter().map(|it| LifecycleView { phase: it.as_str() }).collect(),
        tools: ToolsView { components: tools(&bom.tools) },
        authors: bom.authors.iter().map(|name| NameView { name }).collect(),
        component: bom.subject().map(subject),
        supplier: bom.supplier.as_deref().map(|name| NameView { name }),
        properties: sources(bom),
    }
}

/// The tools, each once.
fn tools(all: &[Tool]) -> Vec<ToolView<'_>> {
    let mut sorted: Vec<&Tool> = all.iter().collect();
    sorted.sort();
    sorted.dedup();
    sorted
        .into_iter()
        .map(|tool| ToolView {
            kind: "application",
            manufacturer: tool.vendor.as_deref().map(|name| NameView { name }),
            name: &tool.name,
            version: tool.version.as_deref(),
        })
        .collect()
}

/// The view of what the document is about: its place says that it is the root.
pub(crate) fn subject(entry: &Entry) -> ComponentView<'_> {
    let mut view = component(entry);
    view.properties.retain(|property| property.name != "selvedge:relation");
    view
}

/// Where a merged document comes from.
fn sources(bom: &Bom) -> Vec<PropertyView<'_>> {
    let one = |source: &crate::bom::Source| {
        let mut text = format!("{} ({})", source.path, source.format);
        for extra in [&source.serial, &source.timestamp].into_iter().flatten() {
            text.push(' ');
            text.push_str(extra);
        }
        property("source", Cow::Owned(text))
    };
    bom.sources.iter().map(one).collect()
}
