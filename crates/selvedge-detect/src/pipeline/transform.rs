//! What a step of a pipeline does.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;

use super::condition::ItemConditions;
use super::{Progress, Variables};
use crate::correlate::{CorrelationKind, CorrelationRule};
use crate::expr::{Expr, Item};
use crate::load::{Condition, Draft, Problem, parse_item};
use crate::matcher::Matcher;
use crate::pattern::{Part, Pattern};
use crate::yaml::Node;

/// A placeholder with more values is an error: every value multiplies the variants of its pattern.
const VARIANTS_MAX: usize = 10_000;

/// A change of a rule.
#[derive(Debug)]
pub(super) enum Transformation {
    /// Other names for fields; several names are alternatives.
    Map(BTreeMap<String, Vec<String>>),
    /// Other beginnings of names.
    MapPrefix(BTreeMap<String, Vec<String>>),
    Prefix(String),
    Suffix(String),
    Drop,
    /// A condition that must hold too, or must not.
    Add {
        condition: Expr,
        negated: bool,
    },
    Logsource {
        product: Option<String>,
        category: Option<String>,
        service: Option<String>,
    },
    Replace {
        expression: Regex,
        replacement: String,
    },
    MapValues(BTreeMap<String, Vec<String>>),
    SetState(String, String),
    /// Placeholders take their values from the variables.
    Fill(Option<Vec<String>>),
    /// Placeholders become `*`.
    Wildcards(Option<Vec<String>>),
    Fail(String),
    FailItem(String),
}

impl Transformation {
    pub(super) fn parse(node: &Node) -> Result<Self, Problem> {
        let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        let required =
            |key: &str| text(key).ok_or_else(|| Problem::at(node, format!("the step needs `{key}`")));
        let names = || node.get("include").map(Node::texts);
        Ok(match text("type").as_deref().unwrap_or_default() {
            "field_name_mapping" => Self::Map(mapping(node)?),
            "field_name_prefix_mapping" => Self::MapPrefix(mapping(node)?),
            "field_name_prefix" => Self::Prefix(required("prefix")?),
            "field_name_suffix" => Self::Suffix(required("suffix")?),
            "drop_detection_item" => Self::Drop,
            "add_condition" => {
                let conditions = node.get("conditions").map(Node::entries).unwrap_or_default();
                let item = |(key, value): &(crate::yaml::Key, Node)| {
                    parse_item(&key.text, value).map_err(|message| Problem { line: key.line, message })
                };
                let condition = Expr::All(conditions.iter().map(item).collect::<Result<_, _>>()?);
                Self::Add { condition, negated: node.get("negated").and_then(Node::truth).unwrap_or(false) }
            }
            "change_logsource" => Self::Logsource {
                product: text("product"),
                category: text("category"),
                service: text("service"),
            },
            "replace_string" => {
                let expression = Regex::new(&required("regex")?)
                    .map_err(|error| Problem::at(node, format!("the expression is wrong: {error}")))?;
                // pySigma writes groups `\1`, the regex crate `${1}`.
                let groups = Regex::new(r"\\(\d)").expect("a fixed expression");
                let replacement = required("replacement")?.replace('$', "$$");
                Self::Replace {
                    expression,
                    replacement: groups.replace_all(&replacement, "$${$1}").into_owned(),
                }
            }
            "map_string" => Self::MapValues(mapping(node)?),
            "set_state" => Self::SetState(required("key")?, required("val")?),
            "value_placeholders" => Self::Fill(names()),
            "wildcard_placeholders" => Self::Wildcards(names()),
            "rule_failure" => {
                Self::Fail(text("message").unwrap_or_else(|| "a pipeline refuses the rule".to_owned()))
            }
            "detection_item_failure" => Self::FailItem(
                text("message").unwrap_or_else(|| "a pipeline refuses an item of the rule".to_owned()),
            ),
            other => {
                return Err(Problem::at(
                    node,
                    format!("unknown transformation `{other}`; the step is left out"),
                ));
            }
        })
    }

    /// Changes the rule; tells whether anything was changed.
    pub(super) fn apply(
        &self,
        draft: &mut Draft,
        conditions: &ItemConditions,
        variables: &Variables,
        progress: &mut Progress,
    ) -> Result<bool, Problem> {
        match self {
            Self::Logsource { product, category, service } => {
                draft.logsource.product.clone_from(product);
                draft.logsource.category.clone_from(category);
                draft.logsource.service.clone_from(service);
                Ok(true)
            }
            Self::SetState(key, value) => {
                progress.state.insert(key.clone(), value.clone());
                Ok(true)
            }
            Self::Fail(message) => Err(Problem { line: draft.meta.line, message: message.clone() }),
            Self::Add { condition, negated } => {
                add(draft, condition, *negated);
                Ok(true)
            }
            _ => self.change_items(draft, conditions, variables),
        }
    }

    fn change_items(
        &self,
        draft: &mut Draft,
        conditions: &ItemConditions,
        variables: &Variables,
    ) -> Result<bool, Problem> {
        let mut changed = false;
        let mut failure = None;
        let line = draft.meta.line;
        let mut kept = Vec::new();
        for (name, expr) in std::mem::take(&mut draft.detections) {
            let expr = expr.map(&mut |item| {
                if !conditions.hold(&item) {
                    return Some(Expr::Item(item));
                }
                match self.change(&item, variables) {
                    Ok(None) => Some(Expr::Item(item)),
                    Ok(Some(change)) => {
                        changed = true;
                        change.into_expr()
                    }
                    Err(message) => {
                        failure = Some(Problem { line: item.line.max(line), message });
                        Some(Expr::Item(item))
                    }
                }
            });
            // A search that lost all its items asks for nothing.
            kept.push((name, expr.unwrap_or_else(|| Expr::All(Vec::new()))));
        }
        draft.detections = kept;
        failure.map_or(Ok(changed), Err)
    }

    fn change(&self, item: &Item, variables: &Variables) -> Result<Option<Change>, String> {
        let field = item.field.as_deref();
        Ok(match self {
            Self::Map(_) | Self::MapPrefix(_) | Self::Prefix(_) | Self::Suffix(_) => {
                let names = field.and_then(|field| self.names_for(field));
                let fields = |matcher: &Matcher| match matcher {
                    Matcher::Field { other, position, cased } => Matcher::Field {
                        other: self
                            .names_for(other)
                            .and_then(|names| names.first().cloned())
                            .unwrap_or_else(|| other.clone()),
                        position: *position,
                        cased: *cased,
                    },
                    matcher => matcher.clone(),
                };
                names.map(|names| {
                    let matchers: Vec<Matcher> = item.matchers.iter().map(fields).collect();
                    Change::Any(
                        names.into_iter().map(|name| with(item, Some(name), matchers.clone())).collect(),
                    )
                })
            }
            Self::Drop => Some(Change::Drop),
            Self::FailItem(message) => return Err(message.clone()),
            Self::Replace { expression, replacement } => Some(values(item, |text| {
                vec![expression.replace_all(text, replacement.as_str()).into_owned()]
            })),
            Self::MapValues(mapping) => {
                Some(values(item, |text| mapping.get(text).cloned().unwrap_or_else(|| vec![text.to_owned()])))
            }
            Self::Fill(names) => Some(Change::One(fill(item, names.as_deref(), variables)?)),
            Self::Wildcards(names) => Some(Change::One(wildcards(item, names.as_deref()))),
            Self::Add { .. } | Self::Logsource { .. } | Self::SetState(..) | Self::Fail(_) => None,
        })
    }

    /// The names that stand for `field` after this step, if it renames it.
    fn names_for(&self, field: &str) -> Option<Vec<String>> {
        match self {
            Self::Map(mapping) => mapping.get(field).cloned(),
            Self::MapPrefix(mapping) => {
                let (prefix, names) =
                    mapping.iter().rev().find(|(prefix, _)| field.starts_with(prefix.as_str()))?;
                let rest = &field[prefix.len()..];
                Some(names.iter().map(|name| format!("{name}{rest}")).collect())
            }
            Self::Prefix(prefix) => Some(vec![format!("{prefix}{field}")]),
            Self::Suffix(suffix) => Some(vec![format!("{field}{suffix}")]),
            _ => None,
        }
    }

    /// Renames the fields of a correlation.
    pub(super) fn rename(&self, rule: &mut CorrelationRule, conditions: &ItemConditions) {
        let rename = |field: &mut String| {
            if conditions.hold_for_field(field)
                && let Some(name) = self.names_for(field).and_then(|names| names.first().cloned())
            {
                *field = name;
            }
        };
        let aliases: Vec<String> = rule.correlation.aliases.keys().cloned().collect();
        rule.correlation.group_by.iter_mut().filter(|field| !aliases.contains(field)).for_each(rename);
        match &mut rule.correlation.kind {
            CorrelationKind::ValueCount(fields) => fields.iter_mut().for_each(rename),
            CorrelationKind::ValueSum(field)
            | CorrelationKind::ValueAverage(field)
            | CorrelationKind::ValuePercentile(field, _) => rename(field),
            CorrelationKind::EventCount | CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => {}
        }
        rule.correlation.aliases.values_mut().flat_map(BTreeMap::values_mut).for_each(rename);
    }
}

/// What becomes of an item.
enum Change {
    Drop,
    One(Item),
    Any(Vec<Item>),
}

impl Change {
    fn into_expr(self) -> Option<Expr> {
        match self {
            Self::Drop => None,
            Self::One(item) => Some(Expr::Item(Arc::new(item))),
            Self::Any(mut items) if items.len() == 1 => Some(Expr::Item(Arc::new(items.remove(0)))),
            Self::Any(items) => {
                Some(Expr::Any(items.into_iter().map(|item| Expr::Item(Arc::new(item))).collect()))
            }
        }
    }
}

fn with(item: &Item, field: Option<String>, matchers: Vec<Matcher>) -> Item {
    Item { field, matchers, all: item.all, negated: item.negated, line: item.line }
}

/// Changes the literal text in every pattern.
fn values(item: &Item, change: impl Fn(&str) -> Vec<String>) -> Change {
    let mut matchers = Vec::new();
    for matcher in &item.matchers {
        match matcher {
            Matcher::Like { pattern, cased } if pattern.as_literal().is_some() => {
                let text = pattern.as_literal().unwrap_or_default();
                matchers.extend(change(text).into_iter().map(|text| like(Pattern::literal(text), *cased)));
            }
            Matcher::Like { pattern, cased } => {
                let mut changed = Pattern::default();
                for part in &pattern.parts {
                    match part {
                        Part::Literal(text) => {
                            let first = change(text).into_iter().next().unwrap_or_default();
                            changed.push(Part::Literal(first));
                        }
                        part => changed.push(part.clone()),
                    }
                }
                matchers.push(like(changed, *cased));
            }
            matcher => matchers.push(matcher.clone()),
        }
    }
    Change::One(with(item, item.field.clone(), matchers))
}

fn like(pattern: Pattern, cased: bool) -> Matcher {
    Matcher::Like { pattern: if cased { pattern } else { pattern.folded() }, cased }
}

/// Replaces placeholders by the values of variables, one pattern for each.
fn fill(item: &Item, names: Option<&[String]>, variables: &Variables) -> Result<Item, String> {
    let mut matchers = Vec::new();
    for matcher in &item.matchers {
        let Matcher::Like { pattern, cased } = matcher else {
            matchers.push(matcher.clone());
            continue;
        };
        let mut variants = vec![Pattern::default()];
        for part in &pattern.parts {
            let values = match part {
                Part::Placeholder(name) if names.is_none_or(|names| names.contains(name)) => {
                    variables.get(name)
                }
                _ => None,
            };
            variants = extended(&variants, part, values)?;
        }
        matchers.extend(variants.into_iter().map(|pattern| like(pattern, *cased)));
    }
    Ok(with(item, item.field.clone(), matchers))
}

fn extended(variants: &[Pattern], part: &Part, values: Option<&Vec<String>>) -> Result<Vec<Pattern>, String> {
    let parts: Vec<Vec<Part>> = match values {
        Some(values) => values.iter().map(|value| Pattern::parse(value).parts).collect(),
        None => vec![vec![part.clone()]],
    };
    if variants.len().saturating_mul(parts.len()) > VARIANTS_MAX {
        return Err(format!("placeholders give more than {VARIANTS_MAX} values"));
    }
    let mut all = Vec::new();
    for variant in variants {
        for more in &parts {
            let mut longer = variant.clone();
            more.iter().cloned().for_each(|part| longer.push(part));
            all.push(longer);
        }
    }
    Ok(all)
}

fn wildcards(item: &Item, names: Option<&[String]>) -> Item {
    let matchers = item.matchers.iter().map(|matcher| {
        let Matcher::Like { pattern, cased } = matcher else { return matcher.clone() };
        let mut changed = Pattern::default();
        for part in &pattern.parts {
            let is_meant =
                matches!(part, Part::Placeholder(name) if names.is_none_or(|names| names.contains(name)));
            changed.push(if is_meant { Part::Many } else { part.clone() });
        }
        Matcher::Like { pattern: changed, cased: *cased }
    });
    with(item, item.field.clone(), matchers.collect())
}

/// Adds a search and asks for it in every condition.
fn add(draft: &mut Draft, condition: &Expr, negated: bool) {
    let name = format!("_pipeline_{}", draft.detections.len());
    draft.detections.push((name.clone(), Expr::Named(name.as_str().into(), Box::new(condition.clone()))));
    for own in &mut draft.conditions {
        let added = Condition::Name(name.clone());
        let added = if negated { Condition::Not(Box::new(added)) } else { added };
        let before = std::mem::replace(own, Condition::All(Vec::new()));
        *own = Condition::All(vec![before, added]);
    }
}

fn mapping(node: &Node) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let mapping = node.get("mapping").ok_or_else(|| Problem::at(node, "the step needs a `mapping`"))?;
    Ok(mapping.entries().iter().map(|(key, value)| (key.text.clone(), value.texts())).collect())
}
