//! Inventories as text that a test can state in full.

use std::fmt::Write as _;

use selvedge_deps::inventory;
use selvedge_model::Diagnostic;
use selvedge_package::{Component, Manifest, Origin, Scope};

use crate::support::tree;

/// The inventory of these files as text:
///
/// ```text
/// go.mod go-mod
///   3 example.com/a@v1.0.0 direct
///   4 example.com/b@v1.1.0 transitive development -> example.com/c
/// go.mod:9: expected …
/// ```
#[track_caller]
pub(crate) fn check(files: &[(&str, &str)], expected: &str) {
    let (manifests, diagnostics) = inventory(&tree(files));
    for manifest in &manifests {
        check_spans(manifest, files);
    }
    let actual = render(&manifests, &diagnostics);
    let expected: Vec<&str> = expected.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    assert_eq!(actual.trim_end(), dedent(&expected), "\n--- actual:\n{actual}");
}

/// Every span lies in its file and starts on the line that it says.
#[track_caller]
fn check_spans(manifest: &Manifest, files: &[(&str, &str)]) {
    let text = files.iter().find(|(path, _)| *path == manifest.path).expect("a file of the test").1;
    for component in &manifest.components {
        let (start, end) = (component.span.start as usize, component.span.end as usize);
        assert!(start <= end && end <= text.len(), "{component:?}");
        let line = text[..start].matches('\n').count() as u32 + 1;
        assert_eq!(component.span.line, line, "{component:?}");
    }
}

fn dedent(lines: &[&str]) -> String {
    let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| &line[indent..]).collect::<Vec<_>>().join("\n")
}

/// Manifests, then diagnostics, one component or diagnostic a line.
pub(crate) fn render(manifests: &[Manifest], diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for manifest in manifests {
        let graph = if manifest.has_graph { " graph" } else { "" };
        let locked = if manifest.is_locked { "" } else { " unlocked" };
        writeln!(text, "{} {}{graph}{locked}", manifest.path, manifest.format).unwrap();
        for component in &manifest.components {
            writeln!(text, "  {} {}", component.span.line, line(component, manifest)).unwrap();
        }
    }
    for diagnostic in diagnostics {
        writeln!(text, "{diagnostic}").unwrap();
    }
    text
}

fn line(component: &Component, manifest: &Manifest) -> String {
    let mut line = label(component);
    write!(line, " {}", component.relation.as_str()).unwrap();
    if component.scope != Scope::Runtime {
        write!(line, " {}", component.scope.as_str()).unwrap();
    }
    match &component.origin {
        Origin::Registry => {}
        Origin::OtherRegistry(url) => write!(line, " registry:{url}").unwrap(),
        Origin::Git { url, commit } => {
            write!(line, " git:{url}#{}", commit.as_deref().unwrap_or("?")).unwrap();
        }
        Origin::Url(url) => write!(line, " url:{url}").unwrap(),
        Origin::Path(path) => write!(line, " path:{path}").unwrap(),
        Origin::Installed => line.push_str(" installed"),
    }
    if let Some(requirement) = &component.requirement {
        write!(line, " ({requirement})").unwrap();
    }
    if let Some(declared) = &component.declared {
        write!(line, " declared:{}:{}", declared.path, declared.span.line).unwrap();
    }
    for hash in &component.hashes {
        let hex = hash.hex.get(..8).unwrap_or(&hash.hex);
        write!(line, " {:?}:{hex}", hash.algorithm).unwrap();
    }
    for license in &component.licenses {
        write!(line, " license:{license}").unwrap();
    }
    if !component.dependencies.is_empty() {
        let names: Vec<String> =
            component.dependencies.iter().map(|at| label(&manifest.components[*at as usize])).collect();
        write!(line, " -> {}", names.join(", ")).unwrap();
    }
    line
}

fn label(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{}@{version}", component.name),
        None => component.name.clone(),
    }
}
