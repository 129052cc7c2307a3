//! Constraints of Dart's pubspec: `any`, an exact version, `^1.2.3`, and comparisons side by side.

use super::bounds::{Bound, Operator, Partial, all, take_operator};
use crate::VersionOrder;

const LENGTH: usize = 3;

const SIGNS: &[(&str, Operator)] = &[
    (">=", Operator::GreaterEqual),
    ("<=", Operator::LessEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

pub(super) fn satisfies(requirement: &str, version: &str) -> Option<bool> {
    if matches!(requirement, "any" | "") {
        return Some(true);
    }
    let bounds = bounds(requirement)?;
    all(bounds.iter().map(|bound| bound.admits(VersionOrder::SemVerWithBuild, version)))
}

fn bounds(requirement: &str) -> Option<Vec<Bound>> {
    if let Some(version) = requirement.strip_prefix('^') {
        let partial = full(version.trim())?;
        // A caret keeps the major number, or the minor one of versions below 1.0.0.
        let place = usize::from(partial.numbers[0] == 0);
        let behind = format!("{}-0", partial.behind(place, LENGTH)?);
        return Some(vec![
            Bound::new(Operator::GreaterEqual, version.trim()),
            Bound::new(Operator::Less, behind),
        ]);
    }
    let mut bounds = Vec::new();
    let mut rest = requirement;
    while !rest.is_empty() {
        let (operator, version) = take_operator(rest, SIGNS).unwrap_or((Operator::Equal, rest));
        let end = version.find(|c: char| c.is_whitespace() || c == '<' || c == '>').unwrap_or(version.len());
        let (version, next) = version.split_at(end);
        let partial = full(version)?;
        // `<2.0.0` does not mean the pre-releases of 2.0.0.
        let suffix = if operator == Operator::Less && partial.suffix.is_empty() { "-0" } else { "" };
        bounds.push(Bound::new(operator, format!("{version}{suffix}")));
        rest = next.trim_start();
    }
    Some(bounds)
}

fn full(version: &str) -> Option<Partial<'_>> {
    Partial::parse(version).filter(|partial| partial.numbers.len() == LENGTH && !partial.is_wildcard)
}
