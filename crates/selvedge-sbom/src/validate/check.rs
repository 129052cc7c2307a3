//! Whether a tree is what a shape says.

use std::borrow::Cow;
use std::collections::HashSet;

use super::shapes::{Kind, Meaning, Object, Rule, Shapes};
use crate::tree::{Node, Value};

/// Problems that one check collects before it stops looking.
pub(super) const PROBLEMS_MAX: usize = 100;

/// Characters of a value that a message quotes.
const QUOTED_CHARS_MAX: usize = 60;

/// What is wrong at a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) at: u32,
    pub(super) message: String,
}

/// Checks `node` against the shape `name` in a version; the problems in the order of the document.
pub(super) fn check(shapes: &Shapes, name: &'static str, minor: u8, node: &Node<'_>) -> Vec<Problem> {
    let mut checker = Checker { shapes, minor, problems: Vec::new() };
    checker.named(node, name, name);
    checker.problems
}

struct Checker<'s> {
    shapes: &'s Shapes,
    minor: u8,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn wrong(&mut self, node: &Node<'_>, message: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { at: node.start, message });
        }
    }

    /// `label` is what the value is called in messages.
    fn kind(&mut self, node: &Node<'_>, kind: &Kind, label: &str) {
        match (kind, &node.value) {
            (Kind::Any, _)
            | (Kind::Null, Value::Null)
            | (Kind::Bool, Value::Bool(_))
            | (Kind::AnyObject, Value::Object(_)) => {}
            (Kind::Named(name), _) => self.named(node, name, label),
            (Kind::Union { cases, is_exclusive }, _) => self.union(node, cases, *is_exclusive, label),
            (Kind::List { item, min, max, is_unique }, Value::Array(items)) => {
                if items.len() < *min || items.len() > *max {
                    self.wrong(node, format!("`{label}` has {} items, expected {min} to {max}", items.len()));
                }
                for one in items {
                    self.kind(one, item, label);
                }
                if *is_unique {
                    self.unique(items, label);
                }
            }
            (Kind::Number { is_whole, min, max }, Value::Number(text)) => {
                let value: f64 = text.parse().unwrap_or(f64::NAN);
                if (*is_whole && value.fract() != 0.0) || !(*min..=*max).contains(&value) {
                    self.wrong(node, format!("`{label}` is {text}, expected {}", expected(kind)));
                }
            }
            (Kind::Text { min, max }, Value::String(text)) => {
                let length = text.chars().count();
                if length < *min || length > *max {
                    self.wrong(
                        node,
                        format!("`{label}` has {length} characters, expected {}", expected(kind)),
                    );
                }
            }
            (Kind::Check(check), Value::String(text)) => {
                if !check.passes(text) {
                    self.wrong(node, format!("`{label}` is {}, expected {}", quoted(text), check.expects()));
                }
            }
            (Kind::Enumeration(values), Value::String(text)) => {
                if !values.contains(&&**text) {
                    self.wrong(node, format!("`{label}` is {}, expected {}", quoted(text), expected(kind)));
                }
            }
            _ => self.wrong(node, format!("`{label}` is {}, expected {}", node.kind(), expected(kind))),
        }
    }

    fn named(&mut self, node: &Node<'_>, name: &'static str, label: &str) {
        match self.shapes.meaning(name, self.minor) {
            Some(Meaning::Kind(kind)) => self.kind(node, kind, label),
            Some(Meaning::Object(object)) => self.object(node, object, label),
            None => unreachable!("a test looks up every name of the shapes: {name}"),
        }
    }

    /// Any of the cases, or exactly one; where none fits, what is wrong with the one that fits best.
    fn union(&mut self, node: &Node<'_>, cases: &[Kind], is_exclusive: bool, label: &str) {
        let before = std::mem::take(&mut self.problems);
        let mut best: Option<Vec<Problem>> = None;
        let mut fitting = 0;
        for case in cases {
            self.kind(node, case, label);
            let problems = std::mem::take(&mut self.problems);
            fitting += usize::from(problems.is_empty());
            if best.as_ref().is_none_or(|best| problems.len() < best.len()) {
                best = Some(problems);
            }
            if fitting > 0 && !is_exclusive {
                break;
            }
        }
        self.problems = before;
        if fitting > 1 {
            self.wrong(node, format!("`{label}` can be read in more than one way"));
        }
        let room = PROBLEMS_MAX.saturating_sub(self.problems.len());
        self.problems.extend(best.into_iter().flatten().take(room));
    }

    fn object(&mut self, node: &Node<'_>, object: &Object, label: &str) {
        let Value::Object(members) = &node.value else {
            self.wrong(node, format!("`{label}` is {}, expected an object", node.kind()));
            return;
        };
        let is_open = object.rules(self.minor).any(|rule| matches!(rule, Rule::Open));
        for (name, value) in members {
            match object.member(name, self.minor) {
                Some(member) => self.kind(value, &member.kind, member.name),
                None if is_open => {}
                None => self.wrong(value, format!("`{label}` has no member {}", quoted(name))),
            }
        }
        for member in object.required(self.minor) {
            if node.get(member.name).is_none() {
                self.wrong(node, format!("`{label}` lacks the member `{}`", member.name));
            }
        }
        for rule in object.rules(self.minor) {
            self.rule(node, rule, label);
        }
    }

    fn rule(&mut self, node: &Node<'_>, rule: &Rule, label: &str) {
        let has_all = |names: &Vec<&str>| names.iter().all(|name| node.get(name).is_some());
        let message = match rule {
            Rule::Open => return,
            Rule::ExactlyOne(alternatives) => {
                if alternatives.iter().filter(|names| has_all(names)).count() == 1 {
                    return;
                }
                format!("`{label}` needs exactly one of {}", listed(alternatives))
            }
            Rule::AtLeastOne(alternatives) => {
                if alternatives.iter().any(has_all) {
                    return;
                }
                format!("`{label}` needs one of {}", listed(alternatives))
            }
            Rule::NotAll(names) => {
                if !has_all(names) {
                    return;
                }
                format!("`{label}` has {} together", names.join(" and "))
            }
            Rule::OnlyIfTrue { member, condition } => {
                let is_true = node.get(condition).is_some_and(|it| it.value == Value::Bool(true));
                if is_true || node.get(member).is_none() {
                    return;
                }
                format!("`{label}` has `{member}`, which needs `{condition}` to be true")
            }
        };
        self.wrong(node, message);
    }

    fn unique(&mut self, items: &[Node<'_>], label: &str) {
        let mut seen = HashSet::with_capacity(items.len());
        for item in items {
            let mut hasher = blake3::Hasher::new();
            digest(item, &mut hasher);
            if !seen.insert(hasher.finalize()) {
                self.wrong(item, format!("`{label}` lists the same item twice"));
            }
        }
    }
}

/// Feeds what a value is, without where it stands and in what order its members are.
fn digest(node: &Node<'_>, hasher: &mut blake3::Hasher) {
    let mut text = |mark: u8, text: &str| {
        hasher.update(&[mark]);
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    match &node.value {
        Value::Null => text(b'0', ""),
        Value::Bool(value) => text(b'b', if *value { "1" } else { "0" }),
        Value::Number(number) => text(b'n', number),
        Value::String(string) => text(b's', string),
        Value::Array(items) => {
            text(b'a', &items.len().to_string());
            for item in items {
                digest(item, hasher);
            }
        }
        Value::Object(members) => {
            text(b'o', &members.len().to_string());
            let mut sorted: Vec<&(Cow<'_, str>, Node<'_>)> = members.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            for (name, value) in sorted {
                hasher.update(name.as_bytes());
                hasher.update(b"\0");
                digest(value, hasher);
            }
        }
    }
}

/// A value as messages show it.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

fn listed(alternatives: &[Vec<&str>]) -> String {
    alternatives.iter().map(|names| format!("`{}`", names.join("` with `"))).collect::<Vec<_>>().join(", ")
}

/// What a kind wants, in words.
pub(super) fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Any => "anything".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Bool => "a boolean".to_owned(),
        Kind::AnyObject | Kind::Named(_) => "an object".to_owned(),
        Kind::Number { is_whole, min, max } => {
            let what = if *is_whole { "a whole number" } else { "a number" };
            match (min.is_finite(), max.is_finite()) {
                (true, true) => format!("{what} from {min} to {max}"),
                (true, false) => format!("{what} from {min}"),
                _ => what.to_owned(),
            }
        }
        Kind::Text { min: 0, max: usize::MAX } => "a string".to_owned(),
        Kind::Text { min, max: usize::MAX } => format!("a string of at least {min} characters"),
        Kind::Text { min, max } => format!("a string of {min} to {max} characters"),
        Kind::Check(check) => check.expects().to_owned(),
        Kind::Enumeration(values) => match values.as_slice() {
            [only] => format!("`{only}`"),
            [first, .., last] if values.len() > 12 => {
                format!("one of {} values from `{first}` to `{last}`", values.len())
            }
            all => format!("one of {}", all.join(", ")),
        },
        Kind::List { .. } => "an array".to_owned(),
        Kind::Union { cases, .. } => cases.iter().map(expected).collect::<Vec<_>>().join(" or "),
    }
}
