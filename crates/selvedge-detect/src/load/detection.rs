//! The sections `logsource`, `detection` and `filter`.

use std::sync::Arc;

use super::condition::{self, Condition};
use super::{Draft, Filter, Problem, meta, modifiers};
use crate::expr::Expr;
use crate::rule::{LogsourceSpec, RuleMeta};
use crate::yaml::{Kind, Node};

/// Lists of maps of lists nested deeper are refused.
const DEPTH_MAX: usize = 16;

/// Reads a detection rule.
pub(super) fn rule(node: &Node, meta: RuleMeta) -> Result<Draft, Problem> {
    let logsource = node.get("logsource").ok_or_else(|| Problem::at(node, "a rule needs a `logsource`"))?;
    let logsource = self::logsource(logsource)?;
    let detection = node.get("detection").ok_or_else(|| Problem::at(node, "a rule needs a `detection`"))?;
    let (detections, conditions) = detections(detection)?;
    Ok(Draft {
        meta,
        logsource,
        detections,
        conditions,
        examples: meta::examples(node)?,
        applied: Vec::new(),
    })
}

/// Reads a filter.
pub(super) fn filter(node: &Node, filter: &Node, meta: RuleMeta) -> Result<Filter, Problem> {
    let logsource = node.get("logsource").map(logsource).transpose()?.unwrap_or_default();
    let mut rules = filter.get("rules").map(Node::texts).unwrap_or_default();
    if rules == ["any"] {
        rules.clear();
    } else if rules.is_empty() {
        return Err(Problem::at(filter, "a filter names the `rules` it is for, or `any`"));
    }
    let (detections, conditions) = detections(filter)?;
    Ok(Filter { meta, logsource, rules, detections, conditions })
}

fn logsource(node: &Node) -> Result<LogsourceSpec, Problem> {
    let part = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let spec =
        LogsourceSpec { product: part("product"), category: part("category"), service: part("service") };
    if spec == LogsourceSpec::default() {
        return Err(Problem::at(node, "a `logsource` names a product, category or service"));
    }
    Ok(spec)
}

type Detections = (Vec<(String, Expr)>, Vec<Condition>);

/// Search identifiers and conditions.
fn detections(node: &Node) -> Result<Detections, Problem> {
    let mut detections = Vec::new();
    let mut conditions = Vec::new();
    for (key, value) in node.entries() {
        match key.text.as_str() {
            "condition" => {
                for item in value.items() {
                    let text = item.text().unwrap_or_default();
                    conditions
                        .push(condition::parse(text).map_err(|message| {
                            Problem::at(item, format!("condition `{text}`: {message}"))
                        })?);
                }
            }
            "timeframe" => {
                return Err(Problem::at(
                    value,
                    "`timeframe` belongs to obsolete aggregations: write a correlation rule",
                ));
            }
            // The list of rules that a filter is for.
            "rules" if matches!(value.kind, Kind::List(_) | Kind::Scalar { .. }) && !is_search(node) => {}
            name => {
                let expr = search(value, 0)?;
                let name: Arc<str> = name.into();
                detections.push((name.to_string(), Expr::Named(name, Box::new(expr))));
            }
        }
    }
    if conditions.is_empty() {
        return Err(Problem::at(node, "a `condition` is missing"));
    }
    Ok((detections, conditions))
}

/// Whether the condition of this section uses `rules` as a search identifier.
fn is_search(node: &Node) -> bool {
    let conditions = node.get("condition").map(Node::texts).unwrap_or_default();
    conditions.iter().any(|text| text.split_whitespace().any(|word| word == "rules"))
}

/// A search: a map of fields, a list of keywords, or a list of those.
fn search(node: &Node, depth: usize) -> Result<Expr, Problem> {
    if depth > DEPTH_MAX {
        return Err(Problem::at(node, format!("searches are nested deeper than {DEPTH_MAX}")));
    }
    match &node.kind {
        Kind::Map(entries) if entries.is_empty() => Err(Problem::at(node, "an empty search matches nothing")),
        Kind::Map(entries) => {
            let items = entries.iter().map(|(key, value)| {
                let problem =
                    |message| Problem { line: key.line, message: format!("`{}`: {message}", key.text) };
                modifiers::item(&key.text, value).map_err(problem)
            });
            Ok(Expr::All(items.collect::<Result<_, _>>()?))
        }
        Kind::List(items) if items.is_empty() => Err(Problem::at(node, "an empty search matches nothing")),
        Kind::List(items) if items.iter().all(|item| item.text().is_some()) => keywords(node),
        Kind::List(items) => {
            let parts = items.iter().map(|item| search(item, depth + 1));
            Ok(Expr::Any(parts.collect::<Result<_, _>>()?))
        }
        Kind::Scalar { .. } => keywords(node),
        Kind::Null => Err(Problem::at(node, "a search is a map or a list, not nothing")),
    }
}

fn keywords(node: &Node) -> Result<Expr, Problem> {
    modifiers::item("", node).map_err(|message| Problem::at(node, message))
}
