//! PHP security advisories of Friends of PHP (FriendsOfPHP/security-advisories, "Contributing").

use serde_json::{Map, Value, json};

use super::{record, references, scalar, texts};

/// Turns an advisory into the OSV schema. Its files have no id of their own: the package and the name of
/// the file make one, and the CVE becomes an alias.
pub(crate) fn friends_of_php(path: &str, advisory: &Value) -> Result<Value, String> {
    let reference = scalar(advisory.get("reference")).unwrap_or_default();
    let package =
        reference.strip_prefix("composer://").ok_or("`reference` should be composer://vendor/package")?;
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml").trim_end_matches(".yml");
    let id = format!("FRIENDSOFPHP-{}-{stem}", package.replace('/', "-"));
    let branches = advisory.get("branches").and_then(Value::as_object);
    let branches: Vec<&Value> = branches.into_iter().flat_map(Map::values).collect();
    let published = branches.iter().filter_map(|branch| scalar(branch.get("time"))).min();
    let title = scalar(advisory.get("title")).unwrap_or_default();
    let mut out = record(&id, published.as_deref(), &title, "");
    out["aliases"] = json!(texts(advisory.get("cve")));
    out["references"] = references(texts(advisory.get("link")));
    let mut ranges = Vec::new();
    for branch in branches {
        let events = events(&texts(branch.get("versions")))
            .ok_or_else(|| format!("{id}: a branch has versions that are no comparisons"))?;
        ranges.push(json!({ "type": "ECOSYSTEM", "events": events }));
    }
    out["affected"] = json!([{
        "package": { "ecosystem": "Packagist", "name": package },
        "ranges": ranges,
    }]);
    Ok(out)
}

/// The comparisons of a branch hold together: one beginning and one end.
fn events(comparisons: &[String]) -> Option<Vec<Value>> {
    let mut introduced = json!({ "introduced": "0" });
    let mut end = None;
    for comparison in comparisons {
        let at = comparison.find(|c: char| c.is_alphanumeric())?;
        let (operator, version) = (comparison[..at].trim(), comparison[at..].trim());
        match operator {
            // The version after an excluded one is not known: it counts itself, to be on the safe side.
            ">=" | ">" => introduced = json!({ "introduced": version }),
            "<" => end = Some(json!({ "fixed": version })),
            "<=" => end = Some(json!({ "last_affected": version })),
            "=" | "==" => {
                introduced = json!({ "introduced": version });
                end = Some(json!({ "last_affected": version }));
            }
            _ => return None,
        }
    }
    Some(std::iter::once(introduced).chain(end).collect())
}
