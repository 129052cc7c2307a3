//! The section `correlation` (specification 2.1, "Correlation rules").

use std::collections::BTreeMap;

use super::{Problem, meta};
use crate::correlate::{Correlation, CorrelationKind, CorrelationRule, Span, Threshold};
use crate::rule::RuleMeta;
use crate::yaml::{Kind, Node};

/// A window is no longer than this many days.
const DAYS_MAX: i64 = 366;

pub(super) fn read(document: &Node, node: &Node, meta: RuleMeta) -> Result<CorrelationRule, Problem> {
    let rules = node.get("rules").map(Node::texts).unwrap_or_default();
    if rules.is_empty() {
        return Err(Problem::at(node, "a correlation names the `rules` that feed it"));
    }
    let span = node.get("timespan").ok_or_else(|| Problem::at(node, "a correlation needs a `timespan`"))?;
    let span = self::span(span)?;
    let condition = match node.get("condition") {
        Some(condition) => condition_of(condition)?,
        None => Condition::default(),
    };
    let kind = kind(node, &condition)?;
    let generate =
        [node.get("generate"), document.get("generate")].into_iter().flatten().find_map(Node::truth);
    Ok(CorrelationRule {
        meta,
        correlation: Correlation {
            kind,
            rules,
            group_by: node.get("group-by").map(Node::texts).unwrap_or_default(),
            aliases: aliases(node),
            span,
            condition: condition.thresholds,
        },
        generate: generate.unwrap_or(false),
        examples: meta::examples(document)?,
        inputs: Vec::new(),
        detections: std::collections::BTreeSet::new(),
        is_base: false,
    })
}

#[derive(Default)]
struct Condition {
    fields: Vec<String>,
    percentile: Option<u8>,
    thresholds: Vec<Threshold>,
}

fn condition_of(node: &Node) -> Result<Condition, Problem> {
    let mut condition = Condition::default();
    if !matches!(node.kind, Kind::Map(_)) {
        return Err(Problem::at(
            node,
            format!("a condition is a map such as `gte: 10`, not {}", node.describe()),
        ));
    }
    for (key, value) in node.entries() {
        let number = || -> Result<f64, Problem> {
            let number =
                value.text().and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
            number.ok_or_else(|| Problem::at(value, format!("`{}` takes a number", key.text)))
        };
        match key.text.as_str() {
            "field" => condition.fields = value.texts(),
            "percentile" => {
                let percentile = number()?;
                if !(0.0..=100.0).contains(&percentile) {
                    return Err(Problem::at(value, "a percentile lies between 0 and 100"));
                }
                condition.percentile = Some(whole_percent(percentile));
            }
            "lt" => condition.thresholds.push(Threshold::Less(number()?)),
            "lte" => condition.thresholds.push(Threshold::LessOrEqual(number()?)),
            "gt" => condition.thresholds.push(Threshold::Greater(number()?)),
            "gte" => condition.thresholds.push(Threshold::GreaterOrEqual(number()?)),
            "eq" => condition.thresholds.push(Threshold::Equal(number()?)),
            "neq" => condition.thresholds.push(Threshold::NotEqual(number()?)),
            other => {
                let expected = "field, percentile, lt, lte, gt, gte, eq or neq";
                return Err(Problem {
                    line: key.line,
                    message: format!("unknown criterion `{other}`, expected {expected}"),
                });
            }
        }
    }
    Ok(condition)
}

/// The nearest whole number of a percentage between 0 and 100.
fn whole_percent(percentage: f64) -> u8 {
    (0..=100_u8)
        .min_by(|a, b| (f64::from(*a) - percentage).abs().total_cmp(&(f64::from(*b) - percentage).abs()))
        .unwrap_or(0)
}

fn kind(node: &Node, condition: &Condition) -> Result<CorrelationKind, Problem> {
    let name = node.get("type").and_then(Node::text).unwrap_or_default();
    let needs_condition = |kind: CorrelationKind| {
        if condition.thresholds.is_empty() {
            Err(Problem::at(node, format!("`{name}` needs a `condition` such as `gte: 10`")))
        } else {
            Ok(kind)
        }
    };
    let field = || match condition.fields.as_slice() {
        [field] => Ok(field.clone()),
        _ => Err(Problem::at(node, format!("`{name}` needs one `field` in its condition"))),
    };
    match name {
        "event_count" => needs_condition(CorrelationKind::EventCount),
        "value_count" if condition.fields.is_empty() => {
            Err(Problem::at(node, "`value_count` needs a `field` in its condition"))
        }
        "value_count" => needs_condition(CorrelationKind::ValueCount(condition.fields.clone())),
        "temporal" => Ok(CorrelationKind::Temporal),
        "temporal_ordered" => Ok(CorrelationKind::TemporalOrdered),
        "value_sum" => needs_condition(CorrelationKind::ValueSum(field()?)),
        "value_avg" => needs_condition(CorrelationKind::ValueAverage(field()?)),
        "value_percentile" => {
            needs_condition(CorrelationKind::ValuePercentile(field()?, condition.percentile.unwrap_or(50)))
        }
        other => {
            let expected = "event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile";
            Err(Problem::at(node, format!("unknown correlation type `{other}`, expected one of {expected}")))
        }
    }
}

fn aliases(node: &Node) -> BTreeMap<String, BTreeMap<String, String>> {
    let fields = |node: &Node| {
        let pair =
            |(key, value): &(crate::yaml::Key, Node)| Some((key.text.clone(), value.text()?.to_owned()));
        node.entries().iter().filter_map(pair).collect()
    };
    let entries = node.get("aliases").map(Node::entries).unwrap_or_default();
    entries.iter().map(|(key, value)| (key.text.clone(), fields(value))).collect()
}

/// `90m`: a number and `s`, `m`, `h` or `d`.
fn span(node: &Node) -> Result<Span, Problem> {
    let text = node.text().unwrap_or_default();
    let seconds = text.char_indices().next_back().and_then(|(at, unit)| {
        let unit = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        text[..at].parse::<u32>().ok().map(|number| i64::from(number) * unit)
    });
    match seconds {
        Some(seconds) if seconds > 0 && seconds <= DAYS_MAX * 86_400 => Ok(seconds * 1_000_000),
        Some(_) => Err(Problem::at(node, format!("a timespan lies between 1s and {DAYS_MAX}d"))),
        None => Err(Problem::at(node, format!("`{text}` is no timespan such as 30s, 5m, 1h or 1d"))),
    }
}
