//! `selvedge sbom check`: whether documents are valid by the schema of the version that they claim, and which of
//! the minimum elements of NTIA and CISA they fill.

use std::fmt::Write as _;
use std::path::Path;

use selvedge_model::Diagnostic;
use selvedge_sbom::{BYTES_MAX, Bom, Element, Filled, minimum_elements};
use serde_json::{Value, json};

use crate::cli_dependencies::{MinimumElements, SbomCheckArgs, TextOrJson};
use crate::{Exit, files, output};

/// Components that are named on screen for one element; JSON names all.
const NAMED_MAX: usize = 5;

/// What is known of one document.
struct Checked {
    path: String,
    /// Format and version; empty if it is no bill of materials.
    format: String,
    /// Whether a schema was held against it: CycloneDX has one here, SPDX has not.
    against_schema: bool,
    problems: Vec<Diagnostic>,
    bom: Bom,
    elements: Vec<Filled>,
}

/// Runs the command. A document that is not valid fails it, and one that lacks an element that is required.
pub(crate) fn run(arguments: &SbomCheckArgs) -> anyhow::Result<Exit> {
    let mut all = Vec::new();
    for file in &arguments.files {
        all.push(check(file)?);
    }
    let text = match arguments.format {
        TextOrJson::Terminal => all.iter().map(text).collect(),
        TextOrJson::Json => serde_json::to_string_pretty(&all.iter().map(row).collect::<Vec<_>>())? + "\n",
    };
    output::print(&text)?;
    let is_enough = |checked: &Checked| {
        checked.problems.is_empty() && arguments.require.iter().all(|which| checked.fills(*which))
    };
    Ok(if all.iter().all(is_enough) { Exit::Pass } else { Exit::GateFailed })
}

fn check(file: &Path) -> anyhow::Result<Checked> {
    let bytes = files::read_bytes(file, BYTES_MAX as u64)?;
    let path = file.to_string_lossy().into_owned();
    let reading = selvedge_sbom::read(&path, &bytes);
    let format = reading.bom.sources.first().map_or_else(String::new, |source| source.format.clone());
    let against_schema = !format.starts_with("SPDX");
    let problems = if against_schema { selvedge_sbom::validate(&path, &bytes) } else { reading.diagnostics };
    let elements = if format.is_empty() { Vec::new() } else { minimum_elements(&reading.bom) };
    Ok(Checked { path, format, against_schema, problems, bom: reading.bom, elements })
}

impl Checked {
    /// The elements that a list asks for.
    fn asked(&self, which: MinimumElements) -> impl Iterator<Item = &Filled> {
        let is_asked = move |element: Element| match which {
            MinimumElements::Ntia => element.is_ntia(),
            MinimumElements::Cisa => true,
        };
        self.elements.iter().filter(move |filled| is_asked(filled.element))
    }

    /// Whether every element of a list is filled.
    fn fills(&self, which: MinimumElements) -> bool {
        !self.elements.is_empty() && self.asked(which).all(Filled::is_complete)
    }

    fn verdict(&self) -> &'static str {
        match (self.problems.is_empty(), self.against_schema) {
            (true, true) => "valid",
            (true, false) => "readable; its schema is not held against it",
            (false, _) => "not valid",
        }
    }

    /// What the document calls the component.
    fn name(&self, index: u32) -> &str {
        self.bom.entries.get(index as usize).map_or("", |entry| entry.reference.as_str())
    }
}

fn text(checked: &Checked) -> String {
    let comma = if checked.format.is_empty() { "" } else { ", " };
    let mut text = format!("{}: {}{comma}{}\n", checked.path, checked.format, checked.verdict());
    for problem in &checked.problems {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {problem}");
    }
    if checked.elements.is_empty() {
        return text;
    }
    text += "\n  minimum elements\n";
    for filled in &checked.elements {
        let state = if filled.is_complete() { "filled " } else { "missing" };
        let lists = if filled.element.is_ntia() { "NTIA, CISA" } else { "CISA" };
        let _ = write!(text, "  {state}  {} ({lists})", filled.element.as_str());
        if !filled.element.is_of_document() {
            let _ = write!(text, ": {} of {} components", filled.filled, filled.total);
        }
        let named: Vec<&str> =
            filled.missing.iter().take(NAMED_MAX).map(|index| checked.name(*index)).collect();
        if !named.is_empty() {
            let _ = write!(text, "; not for {}", named.join(", "));
        }
        if filled.missing.len() > NAMED_MAX {
            let _ = write!(text, " and {} more", filled.missing.len() - NAMED_MAX);
        }
        text.push('\n');
    }
    let count = |which: MinimumElements| {
        let filled = checked.asked(which).filter(|filled| filled.is_complete()).count();
        format!("{filled} of {}", checked.asked(which).count())
    };
    let (ntia, cisa) = (count(MinimumElements::Ntia), count(MinimumElements::Cisa));
    let _ = writeln!(text, "\n  NTIA (2021): {ntia} elements filled; CISA (draft of 2025): {cisa}");
    text
}

fn row(checked: &Checked) -> Value {
    let element = |filled: &Filled| {
        json!({
            "element": filled.element.as_str(),
            "ntia": filled.element.is_ntia(),
            "cisa": true,
            "of": if filled.element.is_of_document() { "document" } else { "components" },
            "filled": filled.filled,
            "total": filled.total,
            "missing": filled.missing.iter().map(|index| checked.name(*index)).collect::<Vec<_>>(),
        })
    };
    json!({
        "path": checked.path,
        "format": checked.format,
        "valid": checked.problems.is_empty(),
        "schema_checked": checked.against_schema,
        "problems": checked.problems,
        "minimum_elements": checked.elements.iter().map(element).collect::<Vec<_>>(),
        "ntia": checked.fills(MinimumElements::Ntia),
        "cisa": checked.fills(MinimumElements::Cisa),
    })
}
