//! Haskell security advisories: Markdown with TOML before it (haskell/security-advisories, "File format").

use serde_json::{Value, json};

use super::{cvss_kind, heading, json_of, record, references, scalar, texts};

/// Turns an advisory into the OSV schema.
pub(crate) fn haskell(table: &toml::Table, text: &str) -> Result<Value, String> {
    let part = |name: &str| table.get(name).map(json_of).unwrap_or_default();
    let (advisory, affected, links) = (part("advisory"), part("affected"), part("references"));
    let id = scalar(advisory.get("id")).ok_or("`advisory.id` is missing")?;
    let (title, details) = heading(text);
    let mut out = record(&id, scalar(advisory.get("date")).as_deref(), title, details);
    for name in ["aliases", "related"] {
        out[name] = json!(texts(advisory.get(name)));
    }
    let urls = links.as_array().into_iter().flatten().filter_map(|link| scalar(link.get("url")));
    out["references"] = references(urls);
    let mut packages = Vec::new();
    for entry in affected.as_array().into_iter().flatten() {
        packages
            .push(package(entry).ok_or_else(|| format!("{id}: an entry of `affected` names no package"))?);
    }
    out["affected"] = json!(packages);
    Ok(out)
}

fn package(entry: &Value) -> Option<Value> {
    let (ecosystem, name) = match (scalar(entry.get("package")), scalar(entry.get("ghc-component"))) {
        (Some(package), _) => ("Hackage", package),
        (None, Some(component)) => ("GHC", component),
        (None, None) => return None,
    };
    let mut events = Vec::new();
    for version in entry.get("versions").and_then(Value::as_array).into_iter().flatten() {
        for kind in ["introduced", "fixed"] {
            if let Some(version) = scalar(version.get(kind)) {
                events.push(json!({ kind: version }));
            }
        }
    }
    let declarations = entry.get("declarations").and_then(Value::as_object);
    let functions: Vec<&String> = declarations.into_iter().flat_map(serde_json::Map::keys).collect();
    let mut out = json!({
        "package": { "ecosystem": ecosystem, "name": name },
        "ranges": [{ "type": "ECOSYSTEM", "events": events }],
        "ecosystem_specific": { "affects": {
            "functions": functions,
            "os": texts(entry.get("os")),
            "arch": texts(entry.get("arch")),
        } },
    });
    if let Some(cvss) = scalar(entry.get("cvss")) {
        out["severity"] = json!([{ "type": cvss_kind(&cvss), "score": cvss }]);
    }
    Some(out)
}
