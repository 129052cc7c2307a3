//! The slow, obvious evaluation of one rule on one event. It says what is right; the compiled program is tested
//! against it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use selvedge_event::EventBatch;

use crate::expr::{Expr, Item};
use crate::fold::fold;
use crate::load::Rules;
use crate::matcher::{Matcher, stands_in};
use crate::program::Hit;
use crate::view::{Rows, View};

/// One event, as rules see it.
pub(crate) trait Row {
    /// Values of a field; none if it is absent.
    fn values(&self, field: &str) -> Vec<Cow<'_, str>>;

    /// All values of the event's own fields and its message.
    fn everything(&self) -> Vec<Cow<'_, str>>;
}

/// Whether the event satisfies `expr`.
pub(crate) fn holds(expr: &Expr, row: &dyn Row) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().all(|part| holds(part, row)),
        Expr::Any(parts) => parts.iter().any(|part| holds(part, row)),
        Expr::Not(part) => !holds(part, row),
        Expr::Named(_, part) => holds(part, row),
        Expr::Item(item) => item_holds(item, row),
    }
}

/// Whether the event satisfies one item.
pub(crate) fn item_holds(item: &Item, row: &dyn Row) -> bool {
    let values = match &item.field {
        Some(field) => row.values(field),
        None => row.everything(),
    };
    let fits = |matcher: &Matcher| matcher_fits(matcher, &values, row);
    let found = if item.all { item.matchers.iter().all(fits) } else { item.matchers.iter().any(fits) };
    if item.negated { !values.is_empty() && !found } else { found }
}

/// Whether any of the values fits, or their absence does.
pub(crate) fn matcher_fits(matcher: &Matcher, values: &[Cow<'_, str>], row: &dyn Row) -> bool {
    if values.is_empty() {
        return matcher.fits_absence();
    }
    if let Matcher::Field { other, position, cased } = matcher {
        let others = row.values(other);
        return values
            .iter()
            .any(|value| others.iter().any(|other| stands_in(value, other, *position, *cased)));
    }
    values.iter().any(|value| matcher.fits(value, &fold(value)))
}

/// Every hit of `rules` in `batch`, found the slow way.
pub(crate) fn run(rules: &Rules, batch: &EventBatch) -> Vec<Hit> {
    let view = View::new(batch);
    let mut fields = BTreeSet::new();
    for rule in &rules.detections {
        for expr in [&rule.scope, &rule.condition] {
            expr.fields(&mut fields);
        }
    }
    let rows = Rows::new(&view, fields);
    let mut hits = Vec::new();
    for row in 0..batch.len() {
        let event = rows.row(row);
        for (index, rule) in rules.detections.iter().enumerate() {
            if holds(&rule.scope, &event) && holds(&rule.condition, &event) {
                hits.push(Hit { row: row as u32, rule: index as u32 });
            }
        }
    }
    hits
}
