//! One door for VEX documents: tells the format by its content and hands over.

use selvedge_model::Diagnostic;

use super::{Statement, Status, csaf, cyclonedx, openvex};
use crate::bom::Bom;
use crate::reading::{Context, decode};
use crate::tree::{json, xml};

/// What one document says, and what of it could not be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The statements in the order of the document.
    pub statements: Vec<Statement>,
    /// What could not be used, each with its line; statements that cannot suppress for want of a reason among it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads OpenVEX 0.0.1 and 0.2.0, CycloneDX with vulnerabilities, and CSAF 2.0.
///
/// `boms` are other documents to which a CycloneDX VEX may refer by BOM-Link. Total: a document that is none of
/// these, or is damaged, gives a diagnostic and what could be read.
pub fn read(path: &str, bytes: &[u8], boms: &[&Bom]) -> Reading {
    let text = match decode(path, bytes) {
        Ok(text) => text,
        Err(diagnostic) => return Reading { statements: Vec::new(), diagnostics: vec![*diagnostic] },
    };
    let mut ctx = Context::new(path, bytes, &text);
    let (statements, fault) = if text.trim_start().starts_with('<') {
        let (root, fault) = xml::parse(&text);
        let tree = root.as_ref().filter(|root| crate::cyclonedx::xml::version(root).is_some());
        (tree.map(|root| cyclonedx::read(&crate::cyclonedx::xml::to_tree(root), boms, &mut ctx)), fault)
    } else {
        let (root, fault) = json::parse(&text);
        let statements = if openvex::is_openvex(&root) {
            Some(openvex::read(&root, &mut ctx))
        } else if csaf::is_csaf(&root) {
            Some(csaf::read(&root, &mut ctx))
        } else if root.text("bomFormat") == Some("CycloneDX") {
            Some(cyclonedx::read(&root, boms, &mut ctx))
        } else {
            None
        };
        (statements, fault)
    };
    if let Some(fault) = fault {
        ctx.fault(fault);
    } else if statements.is_none() {
        ctx.wrong(0, "expected an OpenVEX, CycloneDX or CSAF document");
    }
    let statements = statements.unwrap_or_default();
    for statement in &statements {
        if statement.status == Status::NotAffected && !statement.suppresses() {
            let name = statement.vulnerabilities.first().map_or("a vulnerability", String::as_str);
            let message = format!(
                "{name} is said not to affect without a justification or impact statement; it suppresses nothing"
            );
            ctx.wrong_in_line(statement.line, message);
        }
    }
    Reading { statements, diagnostics: ctx.finish() }
}
