//! SPDX 3.0 in JSON-LD: a flat list of elements that name one another.
//!
//! Only the expanded names of the published context are known, which is what every generator writes; a document
//! with a context of its own is read as far as its names agree.

use std::collections::HashMap;

use selvedge_package::{Component, Scope};

use super::terms;
use crate::bom::{Bom, Entry, Source, Tool};
use crate::reading::Context;
use crate::tree::Node;
use crate::{hashes, identity};

/// Whether a document is SPDX 3: its context is the published one.
pub(crate) fn is_spdx3(root: &Node<'_>) -> bool {
    let Some(context) = root.get("@context") else { return false };
    let is_known =
        |node: &Node<'_>| node.as_str().is_some_and(|it| it.starts_with("https://spdx.org/rdf/3."));
    (is_known(context) || context.items().iter().any(is_known)) && root.get("@graph").is_some()
}

/// Reads the document. `format` names it for provenance.
pub(crate) fn read(root: &Node<'_>, format: String, ctx: &mut Context<'_>) -> Bom {
    let graph = Graph::new(root.list("@graph"));
    let mut bom = Bom::default();
    let mut by_id = HashMap::new();
    for node in graph.of_type(&["software_Package", "ai_AIPackage", "dataset_DatasetPackage"]) {
        let mut entry = entry(node, &graph, ctx);
        entry.sources = vec![0];
        if let Some(id) = identifier(node) {
            by_id.insert(id, bom.entries.len() as u32);
            id.clone_into(&mut entry.reference);
        }
        bom.entries.push(entry);
    }
    document(&graph, &by_id, &mut bom);
    let is_incomplete = relationships(&graph, &by_id, &mut bom);
    let has_edges = bom.entries.iter().any(|entry| !entry.component.dependencies.is_empty());
    bom.has_graph = has_edges && !is_incomplete;
    bom.supplier = bom.subject().and_then(|subject| subject.supplier.clone());
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

/// The elements, and which one has which identifier.
struct Graph<'n, 'a> {
    elements: &'n [Node<'a>],
    by_id: HashMap<&'n str, &'n Node<'a>>,
}

impl<'n, 'a> Graph<'n, 'a> {
    fn new(elements: &'n [Node<'a>]) -> Self {
        let by_id = elements.iter().filter_map(|node| Some((identifier(node)?, node))).collect();
        Self { elements, by_id }
    }

    fn of_type(&self, types: &'static [&'static str]) -> impl Iterator<Item = &'n Node<'a>> + use<'n, 'a> {
        self.elements.iter().filter(move |node| node.text("type").is_some_and(|kind| types.contains(&kind)))
    }

    /// An element that a member names or, as JSON-LD allows, holds.
    fn resolve(&self, node: &'n Node<'a>) -> Option<&'n Node<'a>> {
        match node.as_str() {
            Some(id) => self.by_id.get(id).copied(),
            None => (!node.members().is_empty()).then_some(node),
        }
    }

    /// The names of the agents that a member lists.
    fn names(&self, node: &'n Node<'a>, key: &str) -> Vec<String> {
        each(node.get(key)).filter_map(|it| self.resolve(it)?.string("name")).collect()
    }
}

/// One value or each of several.
fn each<'n, 'a>(node: Option<&'n Node<'a>>) -> impl Iterator<Item = &'n Node<'a>> {
    let items = node.map_or(&[][..], Node::items);
    let single = node.filter(|_| items.is_empty());
    items.iter().chain(single)
}

fn identifier<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.text("spdxId").or_else(|| node.text("@id"))
}

fn document(graph: &Graph<'_, '_>, by_id: &HashMap<&str, u32>, bom: &mut Bom) {
    let Some(document) = graph.of_type(&["SpdxDocument"]).next() else { return };
    bom.serial = identifier(document).map(str::to_owned);
    for root in each(document.get("rootElement")) {
        let id = root.as_str().unwrap_or_default();
        let inner = graph.by_id.get(id).filter(|it| it.text("type") == Some("software_Sbom"));
        let below = each(inner.and_then(|sbom| sbom.get("rootElement"))).filter_map(Node::as_str);
        bom.subject =
            bom.subject.or_else(|| std::iter::once(id).chain(below).find_map(|id| by_id.get(id).copied()));
    }
    let creation = document.get("creationInfo").and_then(|info| graph.resolve(info));
    let Some(creation) = creation else { return };
    bom.timestamp = creation.string("created");
    bom.authors = graph.names(creation, "createdBy");
    let tools = graph.names(creation, "createdUsing").into_iter();
    bom.tools = tools.map(|name| Tool { vendor: None, name, version: None }).collect();
}

fn entry(node: &Node<'_>, graph: &Graph<'_, '_>, ctx: &mut Context<'_>) -> Entry {
    let identifiers = node.list("externalIdentifier");
    let identifier = |kinds: &[&str]| {
        let found = identifiers
            .iter()
            .find(|it| it.text("externalIdentifierType").is_some_and(|kind| kinds.contains(&kind)));
        found.and_then(|it| it.get("identifier"))
    };
    let purl = node.get("software_packageUrl").or_else(|| identifier(&["packageUrl", "purl"]));
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
        component.version = node.string("software_packageVersion");
    }
    component.resolved = node.string("software_downloadLocation");
    for hash in node.list("verifiedUsing") {
        let parts = hash.text("algorithm").zip(hash.text("hashValue"));
        component.hashes.extend(parts.and_then(|(name, hex)| hashes::from_parts(name, hex)));
    }
    component.hashes.sort();
    let supplier = node.get("suppliedBy").and_then(|it| graph.resolve(it)).and_then(|it| it.string("name"));
    Entry {
        kind: node.text("software_primaryPurpose").and_then(terms::kind).unwrap_or_default(),
        purl: purl.and_then(Node::as_str).map(str::to_owned),
        cpe: identifier(&["cpe23", "cpe22"]).and_then(Node::as_str).map(str::to_owned),
        supplier,
        author: graph.names(node, "originatedBy").into_iter().next(),
        copyright: node.string("software_copyrightText"),
        description: node.string("description").or_else(|| node.string("summary")),
        component,
        ..Entry::default()
    }
}

fn plain_component(node: &Node<'_>) -> Component {
    Component { name: node.string("name").unwrap_or_default(), ..Component::default() }
}

/// Joins the graph and the licences; whether a relationship says that it is not whole.
fn relationships(graph: &Graph<'_, '_>, by_id: &HashMap<&str, u32>, bom: &mut Bom) -> bool {
    let mut is_incomplete = false;
    let mut scopes: HashMap<u32, Scope> = HashMap::new();
    for node in graph.of_type(&["Relationship", "LifecycleScopedRelationship"]) {
        let Some(from) = node.text("from").and_then(|id| by_id.get(id).copied()) else { continue };
        match node.text("relationshipType").unwrap_or_default() {
            "dependsOn" | "hasStaticLink" | "hasDynamicLink" | "hasPrerequisite" => {
                is_incomplete |= node.text("completeness") == Some("incomplete");
                let scope = scope(node);
                for to in each(node.get("to")).filter_map(|it| by_id.get(it.as_str()?).copied()) {
                    if to != from {
                        bom.entries[from as usize].component.dependencies.push(to);
                        let known = scopes.entry(to).or_insert(scope);
                        *known = (*known).min(scope);
                    }
                }
            }
            "hasDeclaredLicense" => {
                let expressions = each(node.get("to")).filter_map(|it| {
                    let license = graph.resolve(it)?;
                    license.string("simplelicensing_licenseExpression").or_else(|| license.string("name"))
                });
                bom.entries[from as usize].component.licenses.extend(expressions);
            }
            _ => {}
        }
    }
    for (index, scope) in scopes {
        bom.entries[index as usize].component.scope = scope;
    }
    for entry in &mut bom.entries {
        entry.component.dependencies.sort_unstable();
        entry.component.dependencies.dedup();
    }
    is_incomplete
}

fn scope(node: &Node<'_>) -> Scope {
    match node.text("scope") {
        Some("development" | "test") => Scope::Development,
        Some("build") => Scope::Build,
        _ => Scope::Runtime,
    }
}
