//! Why a rule did or did not match an event.

use selvedge_event::EventBatch;
use std::collections::BTreeSet;

use crate::expr::{Expr, Item};
use crate::matcher::{Comparison, Matcher, Position, TimePart};
use crate::oracle::{Row, holds, item_holds};
use crate::pattern::{Part, Pattern};
use crate::rule::DetectionRule;
use crate::view::{Rows, View};

/// An item shows at most this many of its values.
const VALUES_SHOWN_MAX: usize = 4;

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How deep it is nested.
    pub depth: usize,
    /// Whether it holds.
    pub holds: bool,
    /// What it asks for.
    pub text: String,
    /// What the event has there.
    pub found: Option<String>,
    /// 1-based line in the rule's file; 0 for what no file says.
    pub line: u32,
}

/// The parts of a rule on one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Whether the event belongs to the rule's log source.
    pub in_scope: bool,
    /// Whether the rule matches.
    pub matches: bool,
    /// The parts of the condition, outer before inner.
    pub steps: Vec<Step>,
}

/// Explains `rule` on the event in `row` of `batch`.
pub fn explain(rule: &DetectionRule, batch: &EventBatch, row: usize) -> Explanation {
    let mut fields = BTreeSet::new();
    rule.scope.fields(&mut fields);
    rule.condition.fields(&mut fields);
    let rows = Rows::new(&View::new(batch), fields);
    let event = rows.row(row);
    let in_scope = holds(&rule.scope, &event);
    let mut steps = Vec::new();
    walk(&rule.condition, &event, 0, &mut steps);
    Explanation { in_scope, matches: in_scope && holds(&rule.condition, &event), steps }
}

fn walk(expr: &Expr, row: &dyn Row, depth: usize, steps: &mut Vec<Step>) {
    let step = |text: String| Step { depth, holds: holds(expr, row), text, found: None, line: 0 };
    let inner = |parts: &[Expr], steps: &mut Vec<Step>| {
        for part in parts {
            walk(part, row, depth + 1, steps);
        }
    };
    match expr {
        Expr::All(parts) => {
            steps.push(step("all of".to_owned()));
            inner(parts, steps);
        }
        Expr::Any(parts) => {
            steps.push(step("any of".to_owned()));
            inner(parts, steps);
        }
        Expr::Not(part) => {
            steps.push(step("not".to_owned()));
            walk(part, row, depth + 1, steps);
        }
        Expr::Named(name, part) => {
            steps.push(step(format!("{name}:")));
            walk(part, row, depth + 1, steps);
        }
        Expr::Item(item) => steps.push(Step {
            depth,
            holds: item_holds(item, row),
            text: describe(item),
            found: item.field.as_ref().and_then(|field| Some(row.values(field).first()?.to_string())),
            line: item.line,
        }),
    }
}

/// An item in words.
pub(crate) fn describe(item: &Item) -> String {
    let field = item.field.as_deref().unwrap_or("any value");
    let shown: Vec<String> = item.matchers.iter().take(VALUES_SHOWN_MAX).map(matcher).collect();
    let more = item.matchers.len().saturating_sub(VALUES_SHOWN_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let link = if item.all { " and " } else { " or " };
    let not = if item.negated { "not " } else { "" };
    format!("{field} {not}{}{more}", shown.join(link))
}

fn matcher(matcher: &Matcher) -> String {
    match matcher {
        Matcher::Like { pattern, cased } => {
            format!("like `{}`{}", spell(pattern), if *cased { " (cased)" } else { "" })
        }
        Matcher::Regex(expression) => format!("matches /{}/", expression.source),
        Matcher::Network(network) => format!("in {network}"),
        Matcher::Number(comparison, number) => format!("{} {}", sign(*comparison), number.0),
        Matcher::Time(part, comparison, number) => {
            format!("{} {} {}", part_name(*part), sign(*comparison), number.0)
        }
        Matcher::Exists(true) => "exists".to_owned(),
        Matcher::Exists(false) => "does not exist".to_owned(),
        Matcher::Null => "is null".to_owned(),
        Matcher::Field { other, position, .. } => {
            let place = match position {
                Position::Whole => "equals",
                Position::Start => "starts with",
                Position::End => "ends with",
                Position::Anywhere => "contains",
            };
            format!("{place} field {other}")
        }
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Equal => "=",
    }
}

fn part_name(part: TimePart) -> &'static str {
    match part {
        TimePart::Minute => "minute",
        TimePart::Hour => "hour",
        TimePart::Day => "day",
        TimePart::Week => "week",
        TimePart::Month => "month",
        TimePart::Year => "year",
    }
}

fn spell(pattern: &Pattern) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Many => "*".to_owned(),
        Part::One => "?".to_owned(),
        Part::Dash => "[dash]".to_owned(),
        Part::Placeholder(name) => format!("%{name}%"),
    };
    pattern.parts.iter().map(part).collect()
}

/// Fields whose items hold and count for the match, with their values, each once.
pub(crate) fn matched_fields(expr: &Expr, row: &dyn Row) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(expr, row, &mut found);
    let mut seen = BTreeSet::new();
    found.retain(|pair: &(String, String)| seen.insert(pair.clone()));
    found
}

fn collect(expr: &Expr, row: &dyn Row, found: &mut Vec<(String, String)>) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => {
            for part in parts.iter().filter(|part| holds(part, row)) {
                collect(part, row, found);
            }
        }
        Expr::Named(_, part) => collect(part, row, found),
        // What is absent or excluded did not make it match.
        Expr::Not(_) => {}
        Expr::Item(item) => {
            if let Some(field) = &item.field
                && item_holds(item, row)
            {
                found.extend(row.values(field).into_iter().map(|value| (field.clone(), value.into_owned())));
            }
        }
    }
}
