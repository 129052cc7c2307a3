//! What a rule asks of one event, as a tree.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::matcher::Matcher;

/// A condition over one event.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    /// All of them; true if there is none.
    All(Vec<Expr>),
    /// Any of them; false if there is none.
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Item(Arc<Item>),
    /// A search identifier of the rule, kept for explanations.
    Named(Arc<str>, Box<Expr>),
}

/// One line of a detection: a field and what its value is compared with.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// `None`: any value of the event, which is what keywords look at.
    pub(crate) field: Option<String>,
    pub(crate) matchers: Vec<Matcher>,
    /// Every matcher must fit some value; else one is enough.
    pub(crate) all: bool,
    /// The field is there and nothing fits (`neq`).
    pub(crate) negated: bool,
    /// Where it stands in its file, 1-based; 0 for what no file says.
    pub(crate) line: u32,
}

impl Expr {
    /// An item that a log source or pipeline asks for.
    pub(crate) fn item(field: &str, matchers: Vec<Matcher>) -> Self {
        let field = Some(field.to_owned());
        Self::Item(Arc::new(Item { field, matchers, all: false, negated: false, line: 0 }))
    }

    /// Calls `visit` with every item.
    pub(crate) fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Arc<Item>)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit(visit)),
            Self::Not(part) | Self::Named(_, part) => part.visit(visit),
            Self::Item(item) => visit(item),
        }
    }

    /// Adds the names of all fields that it looks at.
    pub(crate) fn fields<'a>(&'a self, fields: &mut BTreeSet<&'a str>) {
        self.visit(&mut |item| {
            fields.extend(item.field.as_deref());
            fields.extend(item.matchers.iter().filter_map(|matcher| match matcher {
                Matcher::Field { other, .. } => Some(other.as_str()),
                _ => None,
            }));
        });
    }

    /// Replaces every item by what `change` makes of it.
    pub(crate) fn map(self, change: &mut dyn FnMut(Arc<Item>) -> Option<Self>) -> Option<Self> {
        let list = |parts: Vec<Self>, change: &mut dyn FnMut(Arc<Item>) -> Option<Self>| -> Vec<Self> {
            parts.into_iter().filter_map(|part| part.map(change)).collect()
        };
        match self {
            Self::All(parts) => Some(list(parts, change)).filter(|parts| !parts.is_empty()).map(Self::All),
            Self::Any(parts) => Some(list(parts, change)).filter(|parts| !parts.is_empty()).map(Self::Any),
            Self::Not(part) => Some(Self::Not(Box::new(part.map(change)?))),
            Self::Named(name, part) => Some(Self::Named(name, Box::new(part.map(change)?))),
            Self::Item(item) => change(item),
        }
    }
}
