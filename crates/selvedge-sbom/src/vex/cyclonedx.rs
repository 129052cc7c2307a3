//! VEX in CycloneDX: the `vulnerabilities` of a document, their analysis, and what they affect.

use std::collections::HashMap;
use std::sync::Arc;

use selvedge_package::Purl;

use super::{Affected, Justification, Product, Statement, Status, matching};
use crate::bom::Bom;
use crate::reading::Context;
use crate::tree::Node;

pub(super) fn read(root: &Node<'_>, boms: &[&Bom], ctx: &mut Context<'_>) -> Vec<Statement> {
    let references = References { own: own_references(root), boms };
    let metadata = root.get("metadata");
    let author: Option<Arc<str>> = metadata.and_then(author).map(Into::into);
    let timestamp = metadata.and_then(|metadata| metadata.shared("timestamp"));
    let path: Arc<str> = ctx.path.into();
    let mut statements = Vec::new();
    for node in root.list("vulnerabilities") {
        // A vulnerability without analysis is a finding of a scanner, which asserts nothing.
        let Some(analysis) = node.get("analysis") else { continue };
        let mut statement = statement(node, analysis, ctx);
        statement.products =
            node.list("affects").iter().filter_map(|it| references.product(it, ctx)).map(Arc::new).collect();
        statement.author.clone_from(&author);
        statement.path = Arc::clone(&path);
        if statement.timestamp.is_none() {
            statement.timestamp.clone_from(&timestamp);
        }
        statements.push(statement);
    }
    statements
}

fn author(metadata: &Node<'_>) -> Option<String> {
    let authors: Vec<String> = metadata.list("authors").iter().filter_map(|it| it.string("name")).collect();
    let organisation = || {
        ["supplier", "manufacturer", "manufacture"].iter().find_map(|key| metadata.get(key)?.string("name"))
    };
    if authors.is_empty() { organisation() } else { Some(authors.join(", ")) }
}

fn statement(node: &Node<'_>, analysis: &Node<'_>, ctx: &mut Context<'_>) -> Statement {
    let status = match analysis.text("state") {
        Some("resolved" | "resolved_with_pedigree") => Status::Fixed,
        Some("exploitable") => Status::Affected,
        Some("false_positive" | "not_affected") => Status::NotAffected,
        Some("in_triage") | None => Status::UnderInvestigation,
        Some(other) => {
            ctx.wrong(analysis.start as usize, format!("{other:?} is no state of an analysis"));
            Status::UnderInvestigation
        }
    };
    let detail = analysis.shared("detail");
    let responses: Vec<String> = analysis
        .list("responses")
        .iter()
        .chain(analysis.list("response"))
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect();
    let action = node
        .shared("recommendation")
        .or_else(|| (!responses.is_empty()).then(|| responses.join(", ").replace('_', " ").into()));
    let is_unaffected = status == Status::NotAffected;
    Statement {
        vulnerabilities: identifiers(node),
        status,
        justification: analysis.text("justification").and_then(Justification::from_cyclonedx),
        impact: detail.clone().filter(|_| is_unaffected),
        action,
        notes: detail.filter(|_| !is_unaffected),
        timestamp: analysis
            .shared("lastUpdated")
            .or_else(|| node.shared("updated"))
            .or_else(|| node.shared("published")),
        line: ctx.line(node.start as usize),
        ..Statement::default()
    }
}

/// The identifier and those of the references that are the same vulnerability elsewhere.
fn identifiers(node: &Node<'_>) -> Arc<[String]> {
    let others = node.list("references").iter().filter_map(|it| it.string("id"));
    node.string("id").into_iter().chain(others).collect()
}

/// What the references of a document mean.
struct References<'n> {
    own: HashMap<&'n str, Arc<Purl>>,
    boms: &'n [&'n Bom],
}

/// Package URLs by reference.
fn own_references<'n>(root: &'n Node<'_>) -> HashMap<&'n str, Arc<Purl>> {
    let mut known = HashMap::new();
    let mut pending: Vec<&Node<'_>> = root.list("components").iter().collect();
    pending.extend(root.at(&["metadata", "component"]));
    while let Some(node) = pending.pop() {
        let purl = node.text("purl").and_then(|purl| Purl::parse(purl).ok());
        if let (Some(reference), Some(purl)) = (node.text("bom-ref"), purl) {
            known.insert(reference, Arc::new(purl));
        }
        pending.extend(node.list("components"));
    }
    known
}

impl References<'_> {
    fn product(&self, node: &Node<'_>, ctx: &mut Context<'_>) -> Option<Product> {
        let Some(reference) = node.text("ref") else {
            ctx.wrong(node.start as usize, "expected a `ref` to what is affected");
            return None;
        };
        let is_meant = |it: &&Node<'_>| it.text("status") != Some("unaffected");
        Some(Product {
            id: reference.to_owned(),
            purl: self.resolve(reference),
            versions: node.list("versions").iter().filter(is_meant).filter_map(version).collect(),
            ..Product::default()
        })
    }

    /// The package URL behind a reference of this document, a BOM-Link, or a reference that is one itself.
    fn resolve(&self, reference: &str) -> Option<Arc<Purl>> {
        if let Some(purl) = self.own.get(reference) {
            return Some(Arc::clone(purl));
        }
        let text = match reference.strip_prefix("urn:cdx:") {
            None => reference.to_owned(),
            Some(link) => {
                let (document, element) = link.split_once('#')?;
                let serial = document.split('/').next().unwrap_or(document);
                let element = matching::decode(element);
                self.linked(serial, &element).unwrap_or(element)
            }
        };
        Purl::parse(&text).ok().map(Arc::new)
    }

    /// The package URL of an element of another document.
    fn linked(&self, serial: &str, element: &str) -> Option<String> {
        let is_meant = |bom: &&&Bom| {
            let own = bom.serial.as_deref().and_then(|it| it.strip_prefix("urn:uuid:"));
            own.is_some_and(|own| own.eq_ignore_ascii_case(serial))
        };
        let mut entries = self.boms.iter().filter(is_meant).flat_map(|bom| &bom.entries);
        entries.find(|entry| entry.reference == element)?.purl.clone()
    }
}

fn version(node: &Node<'_>) -> Option<Affected> {
    node.string("version").map(Affected::Exact).or_else(|| node.string("range").map(Affected::Range))
}
