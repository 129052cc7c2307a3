//! Intervals in mathematical notation, `[1.0,2.0)`, as NuGet and Maven write them.

use super::bounds::{Bound, Operator, Partial, all, any};
use crate::VersionOrder;

/// NuGet: one interval, a lone version as a minimum, or a floating version such as `1.2.*`.
pub(super) fn nuget(requirement: &str, version: &str) -> Option<bool> {
    let order = VersionOrder::NuGet;
    if requirement.starts_with(['[', '(']) {
        let (bounds, rest) = interval(requirement)?;
        return if rest.is_empty() { admits(&bounds, order, version) } else { None };
    }
    let Some(series) = requirement.strip_suffix('*') else {
        return Bound::new(Operator::GreaterEqual, requirement).admits(order, version);
    };
    if series.is_empty() {
        return Some(true);
    }
    let partial = Partial::parse(series.strip_suffix(['.', '-']).unwrap_or(series))?;
    if series.ends_with('-') {
        // `1.2.3-*` is 1.2.3 with its pre-releases and everything behind.
        return Bound::new(Operator::GreaterEqual, format!("{}-0", partial.lowest(3))).admits(order, version);
    }
    let place = partial.numbers.len().checked_sub(1)?;
    let bounds = vec![
        Bound::new(Operator::GreaterEqual, partial.lowest(place + 1)),
        Bound::new(Operator::Less, partial.behind(place, place + 1)?),
    ];
    admits(&bounds, order, version)
}

/// Maven: intervals side by side, of which one has to hold. A lone version is a recommendation: it is used
/// unless something asks for another one, so every version satisfies it.
pub(super) fn maven(requirement: &str, version: &str) -> Option<bool> {
    let order = VersionOrder::Maven;
    if !requirement.starts_with(['[', '(']) {
        return order.admits(requirement).then_some(true);
    }
    let mut answers = Vec::new();
    let mut rest = requirement;
    while !rest.is_empty() {
        let (bounds, next) = interval(rest)?;
        answers.push(admits(&bounds, order, version));
        rest = next.strip_prefix(',').unwrap_or(next).trim_start();
    }
    any(answers)
}

fn admits(bounds: &[Bound], order: VersionOrder, version: &str) -> Option<bool> {
    all(bounds.iter().map(|bound| bound.admits(order, version)))
}

/// Reads one interval and returns what follows it.
fn interval(text: &str) -> Option<(Vec<Bound>, &str)> {
    let end = text.find([']', ')'])?;
    let (body, rest) = text.split_at(end);
    let opening = body.get(..1)?;
    let from_operator = match opening {
        "[" => Operator::GreaterEqual,
        "(" => Operator::Greater,
        _ => return None,
    };
    let to_operator = if rest.starts_with(']') { Operator::LessEqual } else { Operator::Less };
    let (body, rest) = (&body[1..], rest[1..].trim_start());
    let mut bounds = Vec::new();
    match body.split_once(',') {
        Some((from, to)) => {
            for (operator, version) in [(from_operator, from.trim()), (to_operator, to.trim())] {
                if !version.is_empty() {
                    bounds.push(Bound::new(operator, version));
                }
            }
        }
        // Only `[1.0]` names one version.
        None if from_operator == Operator::GreaterEqual && to_operator == Operator::LessEqual => {
            bounds.push(Bound::new(Operator::Equal, body.trim()));
        }
        None => return None,
    }
    Some((bounds, rest))
}
