//! Documents against the official schemas, which are not part of this repository: they are read from checkouts
//! below `$SELVEDGE_VECTORS`, and without these nothing is checked here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jsonschema::{Registry, Validator};
use serde_json::Value;

/// Mutations of one document that are judged by both; the walk over all of them takes minutes.
const MUTATIONS_PER_DOCUMENT: usize = 10;

/// A folder below `$SELVEDGE_VECTORS`.
pub(crate) fn vectors(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SELVEDGE_VECTORS").map(PathBuf::from);
    let folder = root.map(|root| root.join(name)).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: vectors of {name} are not below $SELVEDGE_VECTORS");
    }
    folder
}

fn load(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The schema `file` with others that it names by address.
fn validator(file: &Path, others: &[(&str, PathBuf)]) -> Validator {
    let mut registry = Registry::new();
    for (uri, path) in others {
        registry = registry.add(*uri, load(path)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let is_email = |text: &str| text.contains('@');
    jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .with_format("idn-email", is_email)
        .build(&load(file))
        .unwrap()
}

#[track_caller]
fn assert_valid(validator: &Validator, text: &[u8]) {
    let document: Value = serde_json::from_slice(text).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

fn cyclonedx_validator(folder: &Path, version: &str) -> Validator {
    let schema = folder.join("schema");
    // The strict variants are the ones that say what 1.2 and 1.3 allow.
    let variant = if matches!(version, "1.2" | "1.3") { "-strict" } else { "" };
    let others = ["spdx", "jsf-0.82", "cryptography-defs"].map(|name| {
        (
            format!("http://cyclonedx.org/schema/{name}.schema.json"),
            schema.join(format!("{name}.schema.json")),
        )
    });
    let others: Vec<(&str, PathBuf)> =
        others.iter().map(|(uri, path)| (uri.as_str(), path.clone())).collect();
    validator(&schema.join(format!("bom-{version}{variant}.schema.json")), &others)
}

/// Checks a CycloneDX 1.6 document.
#[track_caller]
pub(crate) fn cyclonedx_json(text: &[u8]) {
    if let Some(folder) = vectors("cyclonedx") {
        assert_valid(&cyclonedx_validator(&folder, "1.6"), text);
    }
}

/// Checks an SPDX 2.3 document.
#[track_caller]
pub(crate) fn spdx_json(text: &[u8]) {
    if let Some(folder) = vectors("spdx") {
        assert_valid(&validator(&folder.join("schemas/spdx-schema.json"), &[]), text);
    }
}

/// Checks an OpenVEX 0.2.0 document.
#[track_caller]
pub(crate) fn openvex(text: &[u8]) {
    if let Some(folder) = vectors("openvex") {
        assert_valid(&validator(&folder.join("openvex_json_schema.json"), &[]), text);
    }
}

/// Checks a CSAF 2.0 document.
#[track_caller]
pub(crate) fn csaf(text: &[u8]) {
    if let Some(folder) = vectors("csaf") {
        let folder = folder.join("csaf_2.0");
        let cvss = |name: &str| folder.join("referenced_schema/first").join(name);
        let others = [
            ("https://www.first.org/cvss/cvss-v2.0.json", cvss("cvss-v2.0.json")),
            ("https://www.first.org/cvss/cvss-v3.0.json", cvss("cvss-v3.0.json")),
            ("https://www.first.org/cvss/cvss-v3.1.json", cvss("cvss-v3.1.json")),
        ];
        assert_valid(&validator(&folder.join("json_schema/csaf_json_schema.json"), &others), text);
    }
}

/// Documents that differ from `document` in one place: a member gone, of another type, or too many.
fn mutations(document: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect(document, "", &mut pointers);
    let mut all = Vec::new();
    for pointer in &pointers {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/").replace("~0", "~");
        for change in 0..5 {
            let mut mutant = document.clone();
            let Some(holder) = mutant.pointer_mut(parent).and_then(Value::as_object_mut) else { continue };
            match change {
                0 => drop(holder.remove(&key)),
                1 => drop(holder.insert(key.clone(), 7.into())),
                2 => drop(holder.insert(key.clone(), "x y".into())),
                3 => drop(holder.insert(key.clone(), Value::Array(Vec::new()))),
                _ => drop(holder.insert("unheardOf".to_owned(), "x".into())),
            }
            all.push(mutant);
        }
    }
    all
}

/// JSON pointers (RFC 6901) to every member of every object.
fn collect(value: &Value, at: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                into.push(pointer.clone());
                collect(value, &pointer, into);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
}

/// What the shapes say of a document is what the schemas say, for documents that are nearly right.
#[test]
fn shapes_agree_with_the_schemas() {
    let Some(folder) = vectors("cyclonedx") else { return };
    let limit = std::env::var("SELVEDGE_MUTATIONS").ok().and_then(|it| it.parse().ok());
    let limit: usize = limit.unwrap_or(MUTATIONS_PER_DOCUMENT);
    let mut validators = HashMap::new();
    let mut disagreements = Vec::new();
    let mut count = 0;
    for (path, is_valid) in crate::vectors::documents("json") {
        let document = load(&path);
        let Some(version) = document["specVersion"].as_str().filter(|_| is_valid) else { continue };
        let validator =
            validators.entry(version.to_owned()).or_insert_with(|| cyclonedx_validator(&folder, version));
        let all = mutations(&document);
        let step = (all.len() / limit).max(1);
        for mutant in all.iter().step_by(step) {
            if mutant["specVersion"] != document["specVersion"] {
                continue;
            }
            count += 1;
            let ours = selvedge_sbom::validate("bom", mutant.to_string().as_bytes());
            let theirs = validator.is_valid(mutant);
            if ours.is_empty() != theirs {
                let errors: Vec<String> = validator.iter_errors(mutant).map(|it| it.to_string()).collect();
                disagreements.push(format!(
                    "{}: {:?} but {errors:?}",
                    path.display(),
                    ours.first().map(|it| &it.message)
                ));
            }
        }
    }
    println!("{} of {count} documents judged as by the schemas", count - disagreements.len());
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
}
