//! OpenVEX, version 0.2.0 and the simpler form before it.

use std::sync::Arc;

use super::{Justification, Product, Statement, Status};
use crate::reading::Context;
use crate::tree::Node;

/// Beginning of the context by which documents of any version are known.
const CONTEXT: &str = "https://openvex.dev/ns";

pub(super) fn is_openvex(root: &Node<'_>) -> bool {
    root.text("@context").is_some_and(|context| context.starts_with(CONTEXT))
}

pub(super) fn read(root: &Node<'_>, ctx: &mut Context<'_>) -> Vec<Statement> {
    let author = root.shared("author");
    let timestamp = root.shared("last_updated").or_else(|| root.shared("timestamp"));
    let path: Arc<str> = ctx.path.into();
    let mut statements = Vec::new();
    for node in root.list("statements") {
        let mut statement = statement(node, ctx);
        statement.author.clone_from(&author);
        statement.path = Arc::clone(&path);
        if statement.timestamp.is_none() {
            statement.timestamp.clone_from(&timestamp);
        }
        statements.push(statement);
    }
    if root.get("statements").is_none() {
        ctx.wrong(root.start as usize, "expected `statements`");
    }
    statements
}

fn statement(node: &Node<'_>, ctx: &mut Context<'_>) -> Statement {
    let status = node.text("status").and_then(Status::from_name);
    if status.is_none() {
        ctx.wrong(
            node.start as usize,
            "expected a `status`: not_affected, affected, fixed or under_investigation",
        );
    }
    let justification = node.get("justification").and_then(|it| {
        let known = it.as_str().and_then(Justification::from_openvex);
        if known.is_none() && it.as_str().is_some_and(|text| !text.is_empty()) {
            ctx.wrong(
                it.start as usize,
                format!("{:?} is no justification of OpenVEX", it.as_str().unwrap_or_default()),
            );
        }
        known
    });
    let vulnerabilities = vulnerabilities(node);
    if vulnerabilities.is_empty() {
        ctx.wrong(node.start as usize, "expected a `vulnerability` with its name");
    }
    // Before 0.2.0 the parts of all products stood in the statement itself.
    let shared: Arc<[Product]> = node.list("subcomponents").iter().map(product).collect();
    let mut products: Vec<Product> = node.list("products").iter().map(product).collect();
    for product in products.iter_mut().filter(|product| product.subcomponents.is_empty()) {
        product.subcomponents = Arc::clone(&shared);
    }
    Statement {
        vulnerabilities: vulnerabilities.into(),
        products: products.into_iter().map(Arc::new).collect(),
        status: status.unwrap_or_default(),
        justification,
        impact: node.shared("impact_statement"),
        action: node.shared("action_statement"),
        notes: node.shared("status_notes"),
        timestamp: node.shared("last_updated").or_else(|| node.shared("timestamp")),
        line: ctx.line(node.start as usize),
        ..Statement::default()
    }
}

/// Name and aliases; before 0.2.0 the name alone.
fn vulnerabilities(node: &Node<'_>) -> Vec<String> {
    let Some(vulnerability) = node.get("vulnerability") else { return Vec::new() };
    if let Some(name) = vulnerability.as_str() {
        return vec![name.to_owned()];
    }
    let name = vulnerability.string("name").or_else(|| {
        let id = vulnerability.text("@id")?;
        Some(id.rsplit('/').next().unwrap_or(id).to_owned())
    });
    let aliases = vulnerability.list("aliases").iter().filter_map(|it| it.as_str().map(str::to_owned));
    name.into_iter().chain(aliases).collect()
}

fn product(node: &Node<'_>) -> Product {
    if let Some(id) = node.as_str() {
        return Product::new(id);
    }
    let purl = node.at(&["identifiers", "purl"]).and_then(Node::as_str);
    let id = node.text("@id").or(purl).unwrap_or_default();
    let named = Product::new(purl.unwrap_or(id));
    Product {
        id: id.to_owned(),
        subcomponents: node.list("subcomponents").iter().map(product).collect(),
        ..named
    }
}
