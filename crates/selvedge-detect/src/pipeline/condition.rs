//! When a step of a pipeline applies.

use super::Progress;
use crate::expr::Item;
use crate::load::{Draft, Problem};
use crate::matcher::Matcher;
use crate::yaml::Node;
use regex::Regex;

/// Tests that must hold together, or one of them, or not.
#[derive(Debug)]
pub(super) struct Conditions<T> {
    tests: Vec<T>,
    any: bool,
    negated: bool,
}

impl<T> Default for Conditions<T> {
    fn default() -> Self {
        Self { tests: Vec::new(), any: false, negated: false }
    }
}

impl<T> Conditions<T> {
    /// Reads `<kind>_conditions`, `<kind>_cond_op` and `<kind>_cond_not`.
    pub(super) fn parse(
        node: &Node,
        kind: &str,
        parse: impl Fn(&Node) -> Result<T, Problem>,
    ) -> Result<Self, Problem> {
        let tests = node.get(&format!("{kind}_conditions")).map(Node::items).unwrap_or_default();
        let truth = |key: String| node.get(&key).and_then(Node::truth).unwrap_or(false);
        Ok(Self {
            tests: tests.iter().map(parse).collect::<Result<_, _>>()?,
            any: node.get(&format!("{kind}_cond_op")).and_then(Node::text) == Some("or"),
            negated: truth(format!("{kind}_cond_not")) || truth(format!("{kind}_cond_negation")),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// No tests: always.
    pub(super) fn hold(&self, mut holds: impl FnMut(&T) -> bool) -> bool {
        if self.tests.is_empty() {
            return true;
        }
        let held = if self.any { self.tests.iter().any(holds) } else { self.tests.iter().all(&mut holds) };
        held != self.negated
    }
}

/// A test of a rule.
#[derive(Debug)]
pub(super) enum RuleTest {
    Logsource { product: Option<String>, category: Option<String>, service: Option<String> },
    ContainsField(String),
    Applied(String),
    State(String, String),
    Tag(String),
    Detection,
    Correlation,
}

impl RuleTest {
    pub(super) fn parse(node: &Node) -> Result<Self, Problem> {
        let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        let required =
            |key: &str| text(key).ok_or_else(|| Problem::at(node, format!("the condition needs `{key}`")));
        match text("type").as_deref().unwrap_or_default() {
            "logsource" => Ok(Self::Logsource {
                product: text("product"),
                category: text("category"),
                service: text("service"),
            }),
            "contains_detection_item" | "contains_field" => Ok(Self::ContainsField(required("field")?)),
            "processing_item_applied" => Ok(Self::Applied(required("processing_item_id")?)),
            "processing_state" => Ok(Self::State(required("key")?, required("val")?)),
            "tag" => Ok(Self::Tag(required("tag")?)),
            "is_sigma_rule" => Ok(Self::Detection),
            "is_sigma_correlation_rule" => Ok(Self::Correlation),
            other => {
                Err(Problem::at(node, format!("unknown rule condition `{other}`; the step is left out")))
            }
        }
    }

    pub(super) fn holds(&self, draft: &Draft, progress: &Progress) -> bool {
        let fits = |wanted: &Option<String>, own: &Option<String>| wanted.is_none() || wanted == own;
        match self {
            Self::Logsource { product, category, service } => {
                let own = &draft.logsource;
                fits(product, &own.product) && fits(category, &own.category) && fits(service, &own.service)
            }
            Self::ContainsField(field) => {
                let mut found = false;
                for (_, expr) in &draft.detections {
                    expr.visit(&mut |item| found |= item.field.as_deref() == Some(field));
                }
                found
            }
            Self::Applied(id) => progress.applied.contains(id),
            Self::State(key, value) => progress.state.get(key) == Some(value),
            Self::Tag(tag) => draft.meta.tags.contains(tag),
            Self::Detection => true,
            Self::Correlation => false,
        }
    }
}

/// A test of a field's name.
#[derive(Debug)]
pub(super) enum FieldTest {
    Include(Names),
    Exclude(Names),
}

/// Names, or expressions for names.
#[derive(Debug)]
pub(super) enum Names {
    Plain(Vec<String>),
    Expressions(Vec<Regex>),
}

impl Names {
    fn contain(&self, field: &str) -> bool {
        match self {
            Self::Plain(names) => names.iter().any(|name| name == field),
            Self::Expressions(expressions) => expressions.iter().any(|expression| expression.is_match(field)),
        }
    }
}

impl FieldTest {
    fn parse(node: &Node) -> Result<Self, Problem> {
        let names = node.get("fields").map(Node::texts).unwrap_or_default();
        let names = if node.get("mode").and_then(Node::text) == Some("re") {
            let compiled = names.iter().map(|name| Regex::new(&format!("^(?:{name})")));
            Names::Expressions(
                compiled.collect::<Result<_, _>>().map_err(|error| Problem::at(node, error.to_string()))?,
            )
        } else {
            Names::Plain(names)
        };
        match node.get("type").and_then(Node::text).unwrap_or_default() {
            "include_fields" => Ok(Self::Include(names)),
            "exclude_fields" => Ok(Self::Exclude(names)),
            other => Err(Problem::at(
                node,
                format!("unknown field name condition `{other}`; the step is left out"),
            )),
        }
    }

    fn holds(&self, field: &str) -> bool {
        match self {
            Self::Include(names) => names.contain(field),
            Self::Exclude(names) => !names.contain(field),
        }
    }
}

/// A test of an item of a detection.
#[derive(Debug)]
pub(super) enum ItemTest {
    IsNull,
    HasWildcard,
    Like { expression: Regex, all: bool },
}

impl ItemTest {
    fn parse(node: &Node) -> Result<Self, Problem> {
        match node.get("type").and_then(Node::text).unwrap_or_default() {
            "is_null" => Ok(Self::IsNull),
            "contains_wildcard" => Ok(Self::HasWildcard),
            "match_string" => {
                let pattern = node.get("pattern").and_then(Node::text).unwrap_or_default();
                let expression = Regex::new(&format!("^(?:{pattern})"))
                    .map_err(|error| Problem::at(node, error.to_string()))?;
                Ok(Self::Like { expression, all: node.get("cond").and_then(Node::text) == Some("all") })
            }
            other => Err(Problem::at(
                node,
                format!("unknown detection item condition `{other}`; the step is left out"),
            )),
        }
    }

    fn holds(&self, item: &Item) -> bool {
        match self {
            Self::IsNull => item.matchers.iter().all(|matcher| matches!(matcher, Matcher::Null)),
            Self::HasWildcard => item.matchers.iter().any(
                |matcher| matches!(matcher, Matcher::Like { pattern, .. } if pattern.as_literal().is_none()),
            ),
            Self::Like { expression, all } => {
                let fits = |matcher: &Matcher| {
                    matches!(matcher, Matcher::Like { pattern, .. }
                        if pattern.as_literal().is_some_and(|text| expression.is_match(text)))
                };
                if *all { item.matchers.iter().all(fits) } else { item.matchers.iter().any(fits) }
            }
        }
    }
}

/// Tests of fields and items.
#[derive(Debug, Default)]
pub(super) struct ItemConditions {
    fields: Conditions<FieldTest>,
    items: Conditions<ItemTest>,
}

impl ItemConditions {
    pub(super) fn parse(node: &Node) -> Result<Self, Problem> {
        Ok(Self {
            fields: Conditions::parse(node, "field_name", FieldTest::parse)?,
            items: Conditions::parse(node, "detection_item", ItemTest::parse)?,
        })
    }

    pub(super) fn hold(&self, item: &Item) -> bool {
        self.hold_for_field(item.field.as_deref().unwrap_or_default())
            && self.items.hold(|test| test.holds(item))
    }

    pub(super) fn hold_for_field(&self, field: &str) -> bool {
        self.fields.hold(|test| test.holds(field))
    }
}
