//! The valid and invalid documents of the CycloneDX specification, which are not part of this repository.

use std::path::PathBuf;

use selvedge_sbom::{read, validate};

use crate::schemas;

/// Versions whose documents are read.
const VERSIONS: &[&str] = &["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// The documents of a notation, and whether each is valid.
pub(crate) fn documents(extension: &str) -> Vec<(PathBuf, bool)> {
    let Some(folder) = schemas::vectors("cyclonedx") else { return Vec::new() };
    let mut all = Vec::new();
    for version in VERSIONS {
        for entry in std::fs::read_dir(folder.join("tools/src/test/resources").join(version)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.extension().is_some_and(|it| it == extension) {
                match name.split('-').next() {
                    Some("valid") => all.push((path, true)),
                    Some("invalid") => all.push((path, false)),
                    _ => {}
                }
            }
        }
    }
    all.sort();
    all
}

fn score(extension: &str) {
    let mut wrong = Vec::new();
    let all = documents(extension);
    for (path, is_valid) in &all {
        let bytes = std::fs::read(path).unwrap();
        let problems = validate("bom", &bytes);
        if problems.is_empty() != *is_valid {
            wrong.push(format!("{}: {:?}", path.display(), problems.first()));
        }
        let reading = read("bom", &bytes);
        if *is_valid && reading.bom.sources.is_empty() {
            wrong.push(format!("{}: not read", path.display()));
        }
    }
    println!(
        "{extension}: {} of {} documents judged as the specification does",
        all.len() - wrong.len(),
        all.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn json_documents_are_judged_as_the_specification_does() {
    score("json");
}

#[test]
fn xml_documents_are_judged_as_the_specification_does() {
    score("xml");
}
