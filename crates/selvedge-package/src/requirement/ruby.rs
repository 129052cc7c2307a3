//! `Gem::Requirement`: comparisons separated by commas, and `~>`.

use super::bounds::{Bound, Operator, all, take_operator};
use crate::VersionOrder;

#[derive(Clone, Copy)]
enum Sign {
    Compare(Operator),
    Pessimistic,
}

const SIGNS: &[(&str, Sign)] = &[
    (">=", Sign::Compare(Operator::GreaterEqual)),
    ("<=", Sign::Compare(Operator::LessEqual)),
    ("!=", Sign::Compare(Operator::NotEqual)),
    ("~>", Sign::Pessimistic),
    (">", Sign::Compare(Operator::Greater)),
    ("<", Sign::Compare(Operator::Less)),
    ("=", Sign::Compare(Operator::Equal)),
];

pub(super) fn satisfies(requirement: &str, version: &str) -> Option<bool> {
    if requirement.is_empty() {
        return Some(true);
    }
    all(requirement.split(',').map(|part| {
        let part = part.trim();
        let (sign, wanted) = take_operator(part, SIGNS).unwrap_or((Sign::Compare(Operator::Equal), part));
        match sign {
            Sign::Compare(operator) => Bound::new(operator, wanted).admits(VersionOrder::RubyGems, version),
            Sign::Pessimistic => pessimistic(wanted, version),
        }
    }))
}

/// At least `wanted`, and below the next value of its last number but one; pre-releases count as what they
/// lead to.
fn pessimistic(wanted: &str, version: &str) -> Option<bool> {
    let order = VersionOrder::RubyGems;
    let mut numbers = release(wanted)?;
    if numbers.len() > 1 {
        numbers.pop();
    }
    let last = numbers.last_mut()?;
    *last = last.checked_add(1)?;
    let behind = joined(&numbers);
    let own = joined(&release(version)?);
    all([
        Bound::new(Operator::GreaterEqual, wanted).admits(order, version),
        Bound::new(Operator::Less, behind).admits(order, &own),
    ])
}

/// The numbers before the first word; `None` if one is beyond 64 bits.
fn release(version: &str) -> Option<Vec<u64>> {
    let end = version.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(version.len());
    let numbers = version[..end].trim_end_matches('.').split('.').map(|number| number.parse().ok());
    numbers.collect::<Option<Vec<_>>>()
}

fn joined(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}
