//! Ruby advisory database (rubysec/ruby-advisory-db, "Schema").

use serde_json::{Value, json};

use selvedge_package::VersionOrder;

use super::{record, references, scalar, texts};
use crate::import::interval::{Notation, affected_events, requirement};

/// Turns an advisory into the OSV schema. Its files have no id of their own: the gem and the name of the
/// file make one, and CVE and GHSA become aliases.
pub(crate) fn rubysec(path: &str, advisory: &Value) -> Result<Value, String> {
    let (ecosystem, name) = match (scalar(advisory.get("gem")), scalar(advisory.get("engine"))) {
        (Some(gem), _) => ("RubyGems", gem),
        // Interpreters are no gems; they are kept under a name that a query can use.
        (None, Some(engine)) => ("Ruby", engine),
        (None, None) => ("Ruby", scalar(advisory.get("library")).ok_or("neither `gem` nor `engine`")?),
    };
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml").trim_end_matches(".yml");
    let id = format!("RUBYSEC-{name}-{stem}");
    let text = |field: &str| scalar(advisory.get(field)).unwrap_or_default();
    let mut out = record(&id, Some(&text("date")), &text("title"), &text("description"));
    let prefixed = |field: &str, prefix: &str| scalar(advisory.get(field)).map(|id| format!("{prefix}{id}"));
    let aliases: Vec<String> = prefixed("cve", "CVE-")
        .into_iter()
        .chain(prefixed("ghsa", "GHSA-"))
        .chain(prefixed("osvdb", "OSVDB-"))
        .collect();
    out["aliases"] = json!(aliases);
    let related = advisory.get("related");
    let listed = |field: &str, prefix: &'static str| {
        texts(related.and_then(|it| it.get(field))).into_iter().map(move |id| format!("{prefix}{id}"))
    };
    out["related"] = listed("cve", "CVE-").chain(listed("ghsa", "GHSA-")).collect();
    out["references"] = references(texts(advisory.get("url")).into_iter().chain(listed("url", "")));
    let mut safe = Vec::new();
    for text in
        texts(advisory.get("patched_versions")).into_iter().chain(texts(advisory.get("unaffected_versions")))
    {
        let interval = requirement(Notation::Ruby, &text);
        safe.push(interval.ok_or_else(|| format!("{id}: `{text}` is not a version requirement"))?);
    }
    let events = affected_events(VersionOrder::RubyGems, safe)
        .ok_or_else(|| format!("{id}: a version is not one of RubyGems"))?;
    out["affected"] = json!([{
        "package": { "ecosystem": ecosystem, "name": name },
        "ranges": [{ "type": "ECOSYSTEM", "events": events }],
    }]);
    Ok(out)
}
