//! SPDX 2.2 and 2.3 from a tree, whichever notation it came from.

use std::collections::HashMap;

use selvedge_package::{Component, Scope};

use super::terms::{self, Edge};
use crate::bom::{Bom, Entry, Kind, Lifecycle, Source, Tool};
use crate::facts::{self, PREFIX};
use crate::reading::Context;
use crate::tree::Node;
use crate::{hashes, identity, license};

/// Reads the document. `format` names it for provenance.
pub(crate) fn read(root: &Node<'_>, format: String, ctx: &mut Context<'_>) -> Bom {
    let texts = extracted_licenses(root);
    let mut reader = Reader { ctx, bom: Bom::default(), by_id: HashMap::new(), scopes: HashMap::new() };
    for node in root.list("packages") {
        reader.package(node, &texts);
    }
    reader.creation(root);
    for id in root.list("documentDescribes") {
        reader.describes(id.as_str().unwrap_or_default());
    }
    reader.relationships(root.list("relationships"));
    let mut bom = reader.bom;
    for entry in &mut bom.entries {
        entry.component.dependencies.sort_unstable();
        entry.component.dependencies.dedup();
    }
    bom.supplier = bom.subject().and_then(|subject| subject.supplier.clone());
    bom.serial = root.string("documentNamespace");
    identity::make_references_unique(&mut bom.entries);
    bom.relate();
    bom.sources = vec![Source {
        path: ctx.path.to_owned(),
        format,
        serial: bom.serial.clone(),
        timestamp: bom.timestamp.clone(),
    }];
    bom
}

struct Reader<'r, 'c> {
    ctx: &'r mut Context<'c>,
    bom: Bom,
    by_id: HashMap<String, u32>,
    /// The least scope among the relationships that lead to a package.
    scopes: HashMap<u32, Scope>,
}

impl Reader<'_, '_> {
    fn package(&mut self, node: &Node<'_>, texts: &HashMap<&str, &str>) {
        if node.members().is_empty() {
            self.ctx.wrong(node.start as usize, format!("expected a package, found {}", node.kind()));
            return;
        }
        let mut entry = entry(node, texts, self.ctx);
        let index = self.bom.entries.len() as u32;
        entry.sources = vec![0];
        match node.text("SPDXID") {
            None => self.ctx.wrong(node.start as usize, "expected an `SPDXID`"),
            Some(id) if self.by_id.contains_key(id) => {
                self.ctx.wrong(node.start as usize, format!("the identifier {id:?} stands twice"));
            }
            Some(id) => {
                self.by_id.insert(id.to_owned(), index);
                id.clone_into(&mut entry.reference);
            }
        }
        self.bom.entries.push(entry);
    }

    fn creation(&mut self, root: &Node<'_>) {
        let info = root.get("creationInfo");
        self.bom.timestamp = info.and_then(|info| info.string("created"));
        for creator in info.map_or(&[][..], |info| info.list("creators")).iter().filter_map(Node::as_str) {
            match creator.split_once(':') {
                Some(("Tool", tool)) => self.bom.tools.push(self::tool(tool.trim())),
                Some((_, name)) => self.bom.authors.extend(party(name)),
                None => self.bom.authors.push(creator.to_owned()),
            }
        }
        for (name, value) in own_annotations(root) {
            if name == "lifecycle" {
                self.bom.lifecycles.extend(Lifecycle::from_name(value));
            }
        }
    }

    /// The first package that the document describes is its subject.
    fn describes(&mut self, id: &str) {
        if self.bom.subject.is_none() {
            self.bom.subject = self.by_id.get(id).copied();
        }
    }

    fn relationships(&mut self, list: &[Node<'_>]) {
        let mut is_incomplete = false;
        for node in list {
            let (Some(element), Some(kind), Some(related)) =
                (node.text("spdxElementId"), node.text("relationshipType"), node.text("relatedSpdxElement"))
            else {
                self.ctx.wrong(node.start as usize, "expected a relationship with its type and two elements");
                continue;
            };
            match terms::edge(kind) {
                Some(Edge::Describes) => self.describes(related),
                Some(Edge::DescribedBy) => self.describes(element),
                Some(Edge::Forward(_)) if terms::is_nothing(related) => {
                    is_incomplete |= related == "NOASSERTION";
                }
                Some(Edge::Forward(scope)) => self.edge(node, element, related, scope),
                Some(Edge::Backward(scope)) => self.edge(node, related, element, scope),
                None => {}
            }
        }
        for (index, scope) in std::mem::take(&mut self.scopes) {
            self.bom.entries[index as usize].component.scope = scope;
        }
        let has_edges = self.bom.entries.iter().any(|entry| !entry.component.dependencies.is_empty());
        self.bom.has_graph = has_edges && !is_incomplete;
    }

    fn edge(&mut self, node: &Node<'_>, from: &str, to: &str, scope: Scope) {
        let (Some(source), Some(target)) = (self.by_id.get(from).copied(), self.by_id.get(to).copied())
        else {
            // Files, snippets and elements of other documents take part in relationships as well.
            if let Some(missing) = [from, to]
                .into_iter()
                .find(|id| id.starts_with("SPDXRef-Package") && !self.by_id.contains_key(*id))
            {
                self.ctx.wrong(node.start as usize, format!("no package has the identifier {missing:?}"));
            }
            return;
        };
        if source == target {
            return;
        }
        self.bom.entries[source as usize].component.dependencies.push(target);
        let known = self.scopes.entry(target).or_insert(scope);
        *known = (*known).min(scope);
    }
}

/// `Organization: Name (address)` without what is around the name.
fn party(text: &str) -> Option<String> {
    let name = text.trim();
    let name = ["Organization:", "Person:"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name)
        .trim();
    let name = match name.rsplit_once(" (") {
        Some((name, rest)) if rest.ends_with(')') && (rest.contains('@') || rest == ")") => name.trim(),
        _ => name,
    };
    (!name.is_empty() && !terms::is_nothing(name)).then(|| name.to_owned())
}

/// `name-version`, where what follows the last hyphen begins like a version.
fn tool(text: &str) -> Tool {
    let parts = text.rsplit_once('-').filter(|(name, version)| {
        !name.is_empty() && version.trim_start_matches('v').starts_with(|it: char| it.is_ascii_digit())
    });
    match parts {
        Some((name, version)) => {
            Tool { vendor: None, name: name.to_owned(), version: Some(version.to_owned()) }
        }
        None => Tool { vendor: None, name: text.to_owned(), version: None },
    }
}

/// Names of the licences that the document brings itself.
fn extracted_licenses<'a>(root: &'a Node<'_>) -> HashMap<&'a str, &'a str> {
    let one = |node: &'a Node<'_>| {
        let name = node.text("name").filter(|name| !terms::is_nothing(name));
        Some((node.text("licenseId")?, name?))
    };
    root.list("hasExtractedLicensingInfos").iter().filter_map(one).collect()
}

fn entry(node: &Node<'_>, texts: &HashMap<&str, &str>, ctx: &mut Context<'_>) -> Entry {
    let references = node.list("externalRefs");
    let locator = |kinds: &[&str]| {
        let found = references.iter().find(|it| {
            it.text("referenceType")
                .is_some_and(|kind| kinds.contains(&kind.rsplit('/').next().unwrap_or(kind)))
        });
        found.and_then(|it| it.get("referenceLocator"))
    };
    let purl = locator(&["purl"]);
    let anchor = purl.or_else(|| node.get("name")).unwrap_or(node);
    let mut component = match purl.and_then(Node::as_str).map(identity::component_from_purl) {
        Some(Ok(component)) => component,
        Some(Err(reason)) => {
            ctx.wrong(anchor.start as usize, format!("not a package URL: {reason}"));
            plain_component(node)
        }
        None => plain_component(node),
    };
    component.span = ctx.span(anchor);
    if component.version.is_none() {
        component.version = node.string("versionInfo");
    }
    let download = node.string("downloadLocation").filter(|it| !terms::is_nothing(it));
    component.resolved = download.filter(|it| !it.starts_with("git"));
    component.licenses = licenses(node, "licenseDeclared", texts);
    if component.licenses.is_empty() {
        component.licenses_found = licenses(node, "licenseConcluded", texts);
    }
    for checksum in node.list("checksums") {
        let parts = checksum.text("algorithm").zip(checksum.text("checksumValue"));
        match parts.map(|(name, hex)| (name, hashes::from_parts(name, hex.trim()))) {
            Some((_, Some(hash))) => component.hashes.push(hash),
            Some((name, None)) if hashes::is_foreign(name) => {}
            _ => ctx.wrong(checksum.start as usize, "expected a digest with its algorithm"),
        }
    }
    let known = |key| node.string(key).filter(|text| !terms::is_nothing(text));
    let mut entry = Entry {
        kind: node.text("primaryPackagePurpose").and_then(terms::kind).unwrap_or_default(),
        purl: purl.and_then(Node::as_str).map(str::to_owned),
        cpe: locator(&["cpe23Type", "cpe22Type"]).and_then(Node::as_str).map(str::to_owned),
        supplier: node.text("supplier").and_then(party),
        author: node.text("originator").and_then(party),
        copyright: known("copyrightText"),
        description: known("description").or_else(|| known("summary")),
        occurrences: node.text("sourceInfo").map(terms::occurrences).unwrap_or_default(),
        component,
        ..Entry::default()
    };
    for (name, value) in own_annotations(node) {
        match name {
            "kind" => entry.kind = Kind::from_name(value).unwrap_or_default(),
            name => facts::apply(name, value, &mut entry.component),
        }
    }
    entry.component.hashes.sort();
    entry.component.hashes.dedup();
    entry
}

fn plain_component(node: &Node<'_>) -> Component {
    Component { name: node.string("name").unwrap_or_default(), ..Component::default() }
}

/// The annotations that Selvedge wrote.
fn own_annotations<'a>(node: &'a Node<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let comments = node.list("annotations").iter().filter_map(|it| it.text("comment"));
    comments.filter_map(|comment| comment.strip_prefix(PREFIX)?.split_once('='))
}

/// The licences that the member `key` states.
fn licenses(node: &Node<'_>, key: &str, texts: &HashMap<&str, &str>) -> Vec<String> {
    let stated = node.text(key).filter(|text| !terms::is_nothing(text));
    stated.map(|expression| license::split(expression, texts)).unwrap_or_default()
}
