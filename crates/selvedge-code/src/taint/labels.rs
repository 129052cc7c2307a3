//! `requires`: which labels data must carry.

use jiff::civil::Date;

use super::env::Taints;
use super::marks::Marks;
use crate::expr::{Environment, Value};
use crate::rule::Requires;

/// Whether the labels of the data are those required.
pub(super) fn hold(requires: &Requires, taints: &Taints, marks: &Marks) -> bool {
    match requires {
        Requires::Always => true,
        Requires::Labels(expression) => expression.holds(&Labels { taints, marks }),
    }
}

struct Labels<'l> {
    taints: &'l Taints,
    marks: &'l Marks,
}

impl Environment for Labels<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let carried = self.taints.iter().any(|taint| &*self.marks.sources[taint as usize].label == name);
        Some(Value::Bool(carried))
    }

    fn text(&self, _: &str) -> Option<String> {
        None
    }

    fn today(&self) -> Option<Date> {
        None
    }
}
