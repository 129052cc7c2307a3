//! What an earlier VEX document of the project said and is settled since: fixed by another version, or gone with
//! the package.

use std::path::Path;
use std::sync::Arc;

use selvedge_package::Purl;
use selvedge_sbom::BYTES_MAX;
use selvedge_sbom::vex::{self, Justification, Statement, Status};

use crate::cli_dependencies::SbomVexArgs;
use crate::commands::sbom_vex::Statements;
use crate::packages::LicenseTexts;
use crate::terminal::Terminal;
use crate::{files, packages};

/// Adds a statement for everything that the earlier document called affected or open, and for what it called
/// settled and still is. What the project's exceptions say stands in no need of it: they are read anew.
pub(crate) fn add(
    path: &Path,
    arguments: &SbomVexArgs,
    statements: &mut Statements,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let bytes = files::read_bytes(path, BYTES_MAX as u64)?;
    let reading = vex::read(&path.to_string_lossy(), &bytes, &[]);
    for diagnostic in &reading.diagnostics {
        terminal.warn(&diagnostic.to_string());
    }
    let listed = packages::read(&arguments.path, LicenseTexts::Skip, terminal)?;
    let components = listed.manifests.iter().flat_map(|manifest| &manifest.components);
    let present: Vec<Purl> = components.filter_map(selvedge_package::Component::purl).collect();
    for earlier in &reading.statements {
        let parts = earlier.products.iter().flat_map(|product| {
            let itself = product.subcomponents.is_empty().then_some(&**product);
            itself.into_iter().chain(product.subcomponents.iter())
        });
        for old in parts.filter_map(|part| part.purl.as_deref()) {
            if !statements.speak_of(&earlier.vulnerabilities, old) {
                settle(earlier, old, &present, statements, terminal);
            }
        }
    }
    Ok(())
}

/// Says what became of one package of an earlier statement.
fn settle(
    earlier: &Statement,
    old: &Purl,
    present: &[Purl],
    statements: &mut Statements,
    terminal: &Terminal,
) {
    let is_named =
        |it: &&Purl| (it.kind(), it.namespace(), it.name()) == (old.kind(), old.namespace(), old.name());
    let mut now: Vec<&Purl> = present.iter().filter(is_named).collect();
    now.sort_by_key(ToString::to_string);
    now.dedup();
    let was_open = matches!(earlier.status, Status::Affected | Status::UnderInvestigation);
    let was_gone = earlier.justification == Some(Justification::ComponentNotPresent);
    if now.is_empty() {
        if was_open || was_gone || earlier.status == Status::Fixed {
            let gone = Statement {
                status: Status::NotAffected,
                justification: Some(Justification::ComponentNotPresent),
                impact: Some(Arc::from("the package is no longer part of the product")),
                ..Statement::default()
            };
            statements.insert(&earlier.vulnerabilities, &old.to_string(), gone);
        }
        return;
    }
    for purl in now {
        let is_other_version = purl.version() != old.version();
        if earlier.status == Status::Fixed || was_open && is_other_version {
            let fixed = Statement { status: Status::Fixed, ..Statement::default() };
            statements.insert(&earlier.vulnerabilities, &purl.to_string(), fixed);
        } else if was_open {
            let id = earlier.vulnerabilities.first().map_or("a vulnerability", String::as_str);
            terminal.warn(&format!(
                "{id} was stated of {purl}, which is unchanged, and is not found any more: nothing is stated about it"
            ));
        }
    }
}
