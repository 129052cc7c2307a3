//! Rules about crates: which may know which, and where heavy dependencies live.

use std::collections::BTreeMap;

use super::{files_below, none, read, root};

/// Who may depend on whom, by layer; a crate may name crates of lower layers only.
const LAYERS: &[(&str, u8)] = &[
    ("selvedge-model", 0),
    ("selvedge-package", 1),
    ("selvedge-event", 1),
    ("selvedge-syntax", 1),
    ("selvedge-source", 2),
    ("selvedge-gate", 2),
    ("selvedge-report", 2),
    ("selvedge-advisories", 2),
    ("selvedge-sbom", 2),
    ("selvedge-license", 2),
    ("selvedge-logformat", 2),
    ("selvedge-secrets", 3),
    ("selvedge-code", 3),
    ("selvedge-deps", 3),
    ("selvedge-installed", 3),
    ("selvedge-reach", 3),
    ("selvedge-detect", 3),
    ("selvedge-scan", 4),
    ("selvedge-collect", 4),
    ("selvedge-server", 4),
    ("selvedge", 5),
];

/// Crates of plain types that everything may know.
const VOCABULARY: &[&str] = &["selvedge-model", "selvedge-package", "selvedge-event", "selvedge-syntax"];

/// Heavy dependencies and the crates that may name each. Archives are read where checked trees are walked
/// and where databases are imported; neither may know the other.
const HOMES: &[(&str, &str)] = &[
    ("gix", "selvedge-source"),
    ("zip", "selvedge-source"),
    ("zip", "selvedge-advisories"),
    ("ignore", "selvedge-source"),
    ("aho-corasick", "selvedge-secrets"),
    ("aho-corasick", "selvedge-detect"),
    ("aho-corasick", "selvedge-code"),
    ("regex-automata", "selvedge-secrets"),
    ("axum", "selvedge-server"),
    ("axum", "selvedge-collect"),
    ("lettre", "selvedge-collect"),
    ("evtx", "selvedge-logformat"),
    ("tree-sitter", "selvedge-syntax"),
    ("arrow-array", "selvedge-event"),
    ("arrow-array", "selvedge-detect"),
    ("arrow-array", "selvedge-collect"),
    ("clap", "selvedge"),
    ("mimalloc", "selvedge"),
];

/// Dependencies per crate, development ones left out.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for path in files_below(&root().join("crates"), "Cargo.toml") {
        let mut section = String::new();
        let mut names = Vec::new();
        for line in read(&path).lines() {
            if let Some(name) = line.strip_prefix('[') {
                name.trim_end_matches(']').clone_into(&mut section);
            } else if section.ends_with("dependencies") && !section.starts_with("dev-") {
                let name: String =
                    line.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
                if !name.is_empty() {
                    names.push(name);
                }
            }
        }
        let folder = path.parent().and_then(|folder| folder.file_name()).expect("a crate folder");
        all.insert(folder.to_string_lossy().into_owned(), names);
    }
    all
}

#[test]
fn arrows_point_down() {
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut offenders = Vec::new();
    for (name, dependencies) in dependencies() {
        let Some(own) = layers.get(name.as_str()) else {
            offenders.push(format!("{name} has no layer: add it to LAYERS"));
            continue;
        };
        for dependency in dependencies.iter().filter(|dependency| dependency.starts_with("selvedge")) {
            if layers.get(dependency.as_str()).is_none_or(|layer| layer >= own) {
                offenders.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    none("a crate depends only on lower layers", &offenders);
}

#[test]
fn engines_and_services_do_not_know_each_other() {
    let mut offenders = Vec::new();
    for (name, dependencies) in dependencies() {
        let independent =
            LAYERS.iter().any(|(layer_name, layer)| *layer_name == name && (2..=3).contains(layer));
        for dependency in dependencies.iter().filter(|dependency| dependency.starts_with("selvedge-")) {
            if independent && !VOCABULARY.contains(&dependency.as_str()) {
                offenders.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    none("engines and services know the vocabulary only", &offenders);
}

#[test]
fn a_heavy_dependency_has_one_home() {
    let mut offenders = Vec::new();
    for (name, dependencies) in dependencies() {
        for (heavy, home) in HOMES {
            let is_home = HOMES.contains(&(heavy, name.as_str()));
            let names = |dependency: &String| {
                // A grammar lives where its parser does.
                dependency == heavy || (*heavy == "tree-sitter" && dependency.starts_with("tree-sitter-"))
            };
            if !is_home && dependencies.iter().any(names) {
                offenders.push(format!("{name} names {heavy}, whose home is {home}"));
            }
        }
    }
    none("only one crate names a heavy dependency", &offenders);
}

#[test]
fn versions_live_in_the_workspace() {
    let mut offenders = Vec::new();
    for path in files_below(&root().join("crates"), "Cargo.toml") {
        let mut in_dependencies = false;
        for (index, line) in read(&path).lines().enumerate() {
            if let Some(section) = line.strip_prefix('[') {
                in_dependencies = section.trim_end_matches(']').ends_with("dependencies");
            } else if in_dependencies && line.contains('=') && !line.contains("workspace = true") {
                offenders.push(format!("{}:{}: {line}", path.display(), index + 1));
            }
        }
    }
    none("a crate takes every dependency from the workspace", &offenders);
}

/// Crates with lints of their own: those of the workspace, but for the one that is named.
const OWN_LINTS: &[(&str, &str)] = &[("selvedge-advisories", "unsafe_code")];

#[test]
fn every_crate_takes_the_workspace_lints() {
    let expected = lints(&read(&root().join("Cargo.toml")), "[workspace.lints.");
    let mut offenders = Vec::new();
    for path in files_below(&root().join("crates"), "Cargo.toml") {
        let text = read(&path);
        let own = OWN_LINTS.iter().find(|(name, _)| path.ends_with(format!("{name}/Cargo.toml")));
        let fits = match own {
            None => text.contains("[lints]\nworkspace = true"),
            Some((_, exception)) => {
                let without = |lints: Vec<String>| {
                    lints.into_iter().filter(|line| !line.contains(exception)).collect::<Vec<_>>()
                };
                without(lints(&text, "[lints.")) == without(expected.clone())
            }
        };
        if !fits {
            offenders.push(path.display().to_string());
        }
    }
    none("`[lints] workspace = true`, or the same lints but for the exception that is listed", &offenders);
}

/// Lint levels of the tables whose header begins with `prefix`, each with the name of its table.
fn lints(text: &str, prefix: &str) -> Vec<String> {
    let mut table = None;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            table = line.strip_prefix(prefix);
        } else if let Some(table) = table.filter(|_| line.contains('=') && !line.starts_with('#')) {
            found.push(format!("{table} {line}"));
        }
    }
    found
}
