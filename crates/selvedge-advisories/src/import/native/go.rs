//! Reports of the Go vulnerability database (golang/vulndb, "Format").

use serde_json::{Map, Value, json};

use super::{record, scalar, texts, timestamp};

/// Turns a report into the OSV schema.
pub(crate) fn go_report(report: &Value) -> Result<Value, String> {
    let id = scalar(report.get("id")).ok_or("`id` is missing")?;
    let text = |name: &str| scalar(report.get(name)).unwrap_or_default();
    let mut out =
        record(&id, scalar(report.get("published")).as_deref(), &text("summary"), &text("description"));
    let cve = report.get("cve_metadata").and_then(|it| scalar(it.get("id")));
    let aliases: Vec<String> =
        texts(report.get("cves")).into_iter().chain(cve).chain(texts(report.get("ghsas"))).collect();
    out["aliases"] = json!(aliases);
    out["related"] = json!(texts(report.get("related")));
    if let Some(withdrawn) = scalar(report.get("withdrawn")) {
        out["withdrawn"] = json!(timestamp(&withdrawn).unwrap_or(withdrawn));
    }
    let links = report.get("references").and_then(Value::as_array).into_iter().flatten();
    let links = links.filter_map(Value::as_object).flat_map(Map::iter);
    out["references"] = links
        .filter_map(|(kind, url)| Some(json!({ "type": kind.to_uppercase(), "url": url.as_str()? })))
        .collect();
    let modules = report.get("modules").and_then(Value::as_array).into_iter().flatten();
    out["affected"] = modules.filter_map(module).collect();
    Ok(out)
}

fn module(module: &Value) -> Option<Value> {
    let path = scalar(module.get("module"))?;
    // The standard library and the tools that come with Go have names of their own in the OSV schema.
    let name = match path.as_str() {
        "std" => "stdlib",
        "cmd" => "toolchain",
        other => other,
    };
    let mut imports = Vec::new();
    for package in module.get("packages").and_then(Value::as_array).into_iter().flatten() {
        let Some(path) = scalar(package.get("package")) else { continue };
        let mut symbols = texts(package.get("symbols"));
        symbols.extend(texts(package.get("derived_symbols")));
        symbols.sort_unstable();
        symbols.dedup();
        let mut import = json!({ "path": path });
        for (field, values) in [
            ("symbols", symbols),
            ("goos", texts(package.get("goos"))),
            ("goarch", texts(package.get("goarch"))),
        ] {
            if !values.is_empty() {
                import[field] = json!(values);
            }
        }
        imports.push(import);
    }
    let mut specific = json!({});
    if !imports.is_empty() {
        specific["imports"] = json!(imports);
    }
    Some(json!({
        "package": { "ecosystem": "Go", "name": name },
        "ranges": [{ "type": "SEMVER", "events": events(module.get("versions")) }],
        "ecosystem_specific": specific,
    }))
}

/// Events of the report; what states no beginning begins with the first version.
fn events(versions: Option<&Value>) -> Vec<Value> {
    let mut events = Vec::new();
    for entry in versions.and_then(Value::as_array).into_iter().flatten() {
        for kind in ["introduced", "fixed"] {
            if let Some(version) = scalar(entry.get(kind)) {
                events.push(json!({ kind: version.trim_start_matches('v') }));
            }
        }
    }
    if events.first().is_none_or(|first| first.get("introduced").is_none()) {
        events.insert(0, json!({ "introduced": "0" }));
    }
    events
}
