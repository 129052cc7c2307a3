//! One door for every document: tells the format by its content and hands over.

use selvedge_model::Diagnostic;

use crate::bom::Bom;
use crate::reading::{Context, decode};
use crate::spdx::tag_value;
use crate::tree::{Fault, json, xml};
use crate::{cyclonedx, spdx};

/// What stands for the version of a document that does not say it.
const UNKNOWN_VERSION: &str = "of unknown version";

/// What one document says, and what of it could not be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The bill, empty if the document is none.
    pub bom: Bom,
    /// What could not be used, each with its line.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads an SBOM: CycloneDX 1.2 to 1.7 in JSON or XML, SPDX 2.2 and 2.3 in JSON or tag-value, SPDX 3.0 in JSON-LD.
///
/// Total: a document that is none of these, or is damaged, gives a diagnostic and what could be read.
pub fn read(path: &str, bytes: &[u8]) -> Reading {
    let text = match decode(path, bytes) {
        Ok(text) => text,
        Err(diagnostic) => return Reading { bom: Bom::default(), diagnostics: vec![*diagnostic] },
    };
    let mut ctx = Context::new(path, bytes, &text);
    let (bom, fault) = match text.trim_start().as_bytes().first() {
        Some(b'<') => from_xml(&text, &mut ctx),
        _ if tag_value::is_tag_value(&text) => (Some(from_tag_value(&text, &mut ctx)), None),
        _ => from_json(&text, &mut ctx),
    };
    if let Some(fault) = fault {
        ctx.fault(fault);
    } else if bom.is_none() {
        ctx.wrong(0, "expected a CycloneDX or SPDX document");
    }
    Reading { bom: bom.unwrap_or_default(), diagnostics: ctx.finish() }
}

fn from_json(text: &str, ctx: &mut Context<'_>) -> (Option<Bom>, Option<Fault>) {
    let (root, fault) = json::parse(text);
    let bom = if root.text("bomFormat") == Some("CycloneDX") {
        let version = root.text("specVersion").unwrap_or(UNKNOWN_VERSION);
        Some(cyclonedx::read::read(&root, format!("CycloneDX {version} JSON"), ctx))
    } else if let Some(version) = root.text("spdxVersion") {
        Some(spdx::read::read(&root, format!("{} JSON", version.replacen('-', " ", 1)), ctx))
    } else if spdx::read3::is_spdx3(&root) {
        Some(spdx::read3::read(&root, "SPDX 3 JSON-LD".to_owned(), ctx))
    } else {
        None
    };
    (bom, fault)
}

fn from_tag_value(text: &str, ctx: &mut Context<'_>) -> Bom {
    let root = tag_value::to_tree(text, ctx);
    let version = root.text("spdxVersion").unwrap_or(UNKNOWN_VERSION);
    let format = format!("{} tag-value", version.replacen('-', " ", 1));
    spdx::read::read(&root, format, ctx)
}

fn from_xml(text: &str, ctx: &mut Context<'_>) -> (Option<Bom>, Option<Fault>) {
    let (root, fault) = xml::parse(text);
    let bom = root.as_ref().and_then(|root| {
        let format = format!("CycloneDX {} XML", cyclonedx::xml::version(root)?);
        Some(cyclonedx::read::read(&cyclonedx::xml::to_tree(root), format, ctx))
    });
    (bom, fault)
}
