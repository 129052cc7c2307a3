//! The part of a rule that describes it.

use selvedge_model::Severity;

use super::Problem;
use crate::rule::{Example, RuleMeta};
use crate::yaml::{Kind, Node};

/// Examples of one rule beyond these are a mistake.
const EXAMPLES_MAX: usize = 1000;

/// Reads title, id, level and the rest. Only a title is asked for: rules of one's own may be short.
pub(super) fn meta(node: &Node, path: &str) -> Result<RuleMeta, Problem> {
    let text = |key: &str| node.get(key).and_then(Node::text).map(|text| text.trim().to_owned());
    let texts = |key: &str| node.get(key).map(Node::texts).unwrap_or_default();
    let title = text("title").ok_or_else(|| Problem::at(node, "a rule needs a `title`"))?;
    let severity = match node.get("level") {
        None => None,
        Some(level) => Some(severity(level)?),
    };
    let own = node.get("selvedge");
    Ok(RuleMeta {
        id: text("id").unwrap_or_else(|| title.clone()),
        name: text("name"),
        description: text("description").unwrap_or_default(),
        status: text("status"),
        author: text("author"),
        references: texts("references"),
        tags: texts("tags"),
        false_positives: texts("falsepositives"),
        response: own.and_then(|own| own.get("response")).map(Node::texts).unwrap_or_default(),
        severity,
        path: path.to_owned(),
        line: node.line,
        title,
    })
}

fn severity(level: &Node) -> Result<Severity, Problem> {
    let text = level.text().unwrap_or_default();
    match text {
        "informational" => Ok(Severity::Info),
        _ => text.parse().map_err(|_| {
            Problem::at(
                level,
                format!("unknown level `{text}`, expected informational, low, medium, high or critical"),
            )
        }),
    }
}

/// The examples in the attribute `selvedge.examples`.
pub(super) fn examples(node: &Node) -> Result<Vec<Example>, Problem> {
    let Some(examples) = node.get("selvedge").and_then(|own| own.get("examples")) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (key, must_match) in [("positive", true), ("negative", false)] {
        for example in examples.get(key).map(Node::items).unwrap_or_default() {
            let events: Vec<String> = example.items().iter().map(json).collect();
            if events.is_empty() || example.items().iter().any(|event| !matches!(event.kind, Kind::Map(_))) {
                return Err(Problem::at(example, "an example is an event (a map) or a list of events"));
            }
            found.push(Example { events, must_match, line: example.line });
        }
    }
    if found.len() > EXAMPLES_MAX {
        return Err(Problem::at(examples, format!("more than {EXAMPLES_MAX} examples")));
    }
    Ok(found)
}

/// A YAML value as JSON text. Unquoted numbers and truth values stay what they are.
fn json(node: &Node) -> String {
    to_json(node).to_string()
}

fn to_json(node: &Node) -> serde_json::Value {
    match &node.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Scalar { text, plain } => {
            let literal = (*plain).then(|| serde_json::from_str::<serde_json::Value>(text).ok()).flatten();
            let scalar = literal.filter(|value| value.is_number() || value.is_boolean());
            scalar.unwrap_or_else(|| serde_json::Value::String(text.clone()))
        }
        Kind::List(items) => items.iter().map(to_json).collect(),
        Kind::Map(entries) => {
            let pairs = entries.iter().map(|(key, value)| (key.text.clone(), to_json(value)));
            serde_json::Value::Object(pairs.collect())
        }
    }
}
