//! The values expressions compute with.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value; texts are bytes, borrowed from the scope or the expression where possible.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, [u8]>),
    List(Rc<[Self]>),
    Map(Rc<BTreeMap<Vec<u8>, Self>>),
    /// The `finding` map, looked up in the scope.
    Finding,
    /// The `attributes` map, looked up in the scope.
    Attributes,
    /// The `captures` map, looked up in the scope.
    Captures,
}

impl<'a> Value<'a> {
    /// A text that lives long enough.
    pub(super) fn borrowed(text: &'a [u8]) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A text made here.
    pub(super) fn owned(text: Vec<u8>) -> Self {
        Self::Text(Cow::Owned(text))
    }

    /// A length, count or offset.
    pub(super) fn count(count: usize) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The length of a list as a number.
    pub(super) fn count_of(items: &[Self]) -> i64 {
        i64::try_from(items.len()).unwrap_or(i64::MAX)
    }

    /// How an error message names the kind of the value.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "a truth value",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Finding | Self::Attributes | Self::Captures => "a map",
        }
    }

    /// The number, if it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            // Adding zero makes a negative zero positive, so that the two are equal.
            Self::Float(number) => Some(*number + 0.0),
            _ => None,
        }
    }

    /// Equality as `==` sees it: numbers by value (zero has one sign here), different kinds unequal.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len() && left.iter().zip(right.iter()).all(|(l, r)| l.equals(r))
            }
            (Self::Map(left), Self::Map(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|((lk, l), (rk, r))| lk == rk && l.equals(r))
            }
            _ => {
                self.number().zip(other.number()).is_some_and(|(left, right)| left.total_cmp(&right).is_eq())
            }
        }
    }

    /// The order of two numbers or two texts.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }

    /// How much work reading the value once is, in steps.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Text(text) => 1 + text.len() / 64,
            Self::List(items) => 1 + items.len(),
            Self::Map(entries) => 1 + entries.len(),
            _ => 1,
        }
    }
}
