//! Strict reading: whether a document is what its format's schema demands.
//!
//! The shapes are derived from the official schemas, see the folder `schema/` of this crate. What schemas cannot
//! say and the specification does (a `bom-ref` stands once) is checked as well.

mod check;
mod cpe;
mod shapes;
mod text;
mod xml_check;
mod xml_shapes;

use std::collections::HashMap;
use std::sync::LazyLock;

use selvedge_model::Diagnostic;

use crate::reading::{Context, decode};
use crate::tree::xml::Element;
use crate::tree::{Node, json, xml};
pub(crate) use cpe::is_name as is_cpe;
use shapes::Shapes;
pub(crate) use text::is_date_time;
use xml_shapes::XmlShapes;

static CYCLONEDX_JSON: LazyLock<Shapes> =
    LazyLock::new(|| Shapes::parse(include_str!("../../schema/cyclonedx-json.shapes")));

static CYCLONEDX_XML: LazyLock<XmlShapes> =
    LazyLock::new(|| XmlShapes::parse(include_str!("../../schema/cyclonedx-xml.shapes")));

/// What is wrong with a document by the schema of the version that it claims: CycloneDX 1.2 to 1.7 in JSON and
/// XML. Nothing if it is valid.
pub fn validate(path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let text = match decode(path, bytes) {
        Ok(text) => text,
        Err(diagnostic) => return vec![*diagnostic],
    };
    let mut ctx = Context::new(path, bytes, &text);
    if text.trim_start().starts_with('<') {
        match xml::parse(&text) {
            (Some(root), None) => cyclonedx_xml(&root, &mut ctx),
            (_, fault) => fault.into_iter().for_each(|fault| ctx.fault(fault)),
        }
    } else {
        match json::parse(&text) {
            (root, None) => cyclonedx_json(&root, &mut ctx),
            (_, Some(fault)) => ctx.fault(fault),
        }
    }
    ctx.finish()
}

/// The minor number of a version of CycloneDX whose shapes are known.
fn minor(version: &str) -> Option<u8> {
    match version.strip_prefix("1.")?.as_bytes() {
        [digit @ b'2'..=b'7'] => Some(digit - b'0'),
        _ => None,
    }
}

fn cyclonedx_xml(root: &Element, ctx: &mut Context<'_>) {
    let Some(minor) = crate::cyclonedx::xml::version(root).and_then(minor) else {
        ctx.wrong(root.start as usize, "expected <bom> in the namespace of CycloneDX 1.2 to 1.7");
        return;
    };
    for problem in xml_check::check(&CYCLONEDX_XML, "bom", minor, root) {
        ctx.wrong(problem.at as usize, problem.message);
    }
    let mut found = Vec::new();
    let mut pending: Vec<&Element> = root.children.iter().collect();
    while let Some(element) = pending.pop() {
        found.extend(element.attribute("bom-ref").map(|reference| (element.start, reference)));
        pending.extend(&element.children);
    }
    each_once(found, ctx);
}

fn cyclonedx_json(root: &Node<'_>, ctx: &mut Context<'_>) {
    let Some(minor) = root.text("specVersion").and_then(minor) else {
        ctx.wrong(root.start as usize, "expected a `specVersion` from 1.2 to 1.7");
        return;
    };
    for problem in check::check(&CYCLONEDX_JSON, "bom", minor, root) {
        ctx.wrong(problem.at as usize, problem.message);
    }
    each_once(references(root), ctx);
}

/// The references of components and services. The specification wants every `bom-ref` to stand once; its own
/// valid documents repeat those of workflows and workspaces, so that these are not held to it.
fn references<'n>(root: &'n Node<'_>) -> Vec<(u32, &'n str)> {
    let mut found = Vec::new();
    let mut pending: Vec<&Node<'_>> = root.at(&["metadata", "component"]).into_iter().collect();
    let nested = |node: &'n Node<'_>| node.list("components").iter().chain(node.list("services"));
    pending.extend(nested(root));
    while let Some(node) = pending.pop() {
        let reference = node.get("bom-ref").and_then(|it| Some((it.start, it.as_str()?)));
        found.extend(reference);
        pending.extend(nested(node));
    }
    found
}

/// Says which references stand more than once.
fn each_once(mut found: Vec<(u32, &str)>, ctx: &mut Context<'_>) {
    found.sort_unstable();
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for (at, reference) in found {
        if let Some(first) = seen.get(reference) {
            let message =
                format!("the `bom-ref` {reference:?} stands in line {} already", ctx.line(*first as usize));
            ctx.wrong(at as usize, message);
        } else {
            seen.insert(reference, at);
        }
    }
}
