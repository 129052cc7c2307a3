//! `selvedge rules lint` and `coverage`: what only detection rules have.

use std::fmt::Write as _;
use std::path::PathBuf;

use selvedge_detect::{Coverage, Loader, Rules, add_builtin, coverage as covered, navigator_layer};
use selvedge_model::Diagnostic;

use crate::cli_logs::CoverageFormat;
use crate::detection_rules::{add_path, yaml_files};
use crate::terminal::Terminal;
use crate::{Exit, files, output};

/// Loads the rules of files and folders, or the built-in ones if none are named.
pub(crate) fn load(paths: &[PathBuf]) -> anyhow::Result<(Rules, Vec<Diagnostic>)> {
    let mut loader = Loader::new();
    let mut diagnostics = Vec::new();
    if paths.is_empty() {
        add_builtin(&mut loader);
    }
    for path in paths {
        add_path(&mut loader, path, &mut diagnostics)?;
    }
    let (rules, more) = loader.finish();
    diagnostics.extend(more);
    Ok((rules, diagnostics))
}

/// Prints everything that is wrong with rules.
pub(crate) fn lint(paths: &[PathBuf], terminal: &Terminal) -> anyhow::Result<Exit> {
    let (rules, mut found) = load(paths)?;
    for path in paths {
        let mut texts = Vec::new();
        yaml_files(path, 0, usize::MAX, &mut texts);
        for file in texts {
            // The loader names files of a folder relative to it.
            let name = file.strip_prefix(path).ok().filter(|name| !name.as_os_str().is_empty());
            let name = name.unwrap_or(&file).to_string_lossy().replace('\\', "/");
            if let Ok(text) = files::read(&file) {
                found.extend(selvedge_detect::lint_text(&name, &text));
            }
        }
    }
    found.extend(selvedge_detect::lint(&rules));
    found.sort_by(|a, b| (&a.path, a.line, &a.message).cmp(&(&b.path, b.line, &b.message)));
    found.dedup();
    let mut text = String::new();
    for diagnostic in &found {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{diagnostic}");
    }
    output::print(&text)?;
    terminal.note(&format!("{} rules, {} remarks", rules.len(), found.len()));
    Ok(if found.is_empty() { Exit::Pass } else { Exit::GateFailed })
}

/// Prints which ATT&CK techniques rules look for.
pub(crate) fn coverage(paths: &[PathBuf], format: CoverageFormat) -> anyhow::Result<Exit> {
    let (rules, diagnostics) = load(paths)?;
    if let (true, Some(first)) = (rules.is_empty(), diagnostics.first()) {
        anyhow::bail!("no rule can be used: {first}");
    }
    let rows = covered(&rules);
    output::print(&match format {
        CoverageFormat::Table => table(&rows),
        CoverageFormat::Navigator => {
            serde_json::to_string_pretty(&navigator_layer(&rows, "Selvedge detections"))? + "\n"
        }
    })?;
    Ok(Exit::Pass)
}

fn table(rows: &[Coverage]) -> String {
    let width = rows.iter().map(|row| row.tactics.join(", ").len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let titles: Vec<&str> = row.rules.iter().map(|(_, title)| title.as_str()).collect();
        let tactics = row.tactics.join(", ");
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:10} {tactics:width$} {:3}  {}",
            row.technique,
            row.rules.len(),
            titles.join("; ")
        );
    }
    let rules: usize = rows.iter().map(|row| row.rules.len()).sum();
    let _ = writeln!(text, "{} techniques, named {rules} times by rules", rows.len());
    text
}
