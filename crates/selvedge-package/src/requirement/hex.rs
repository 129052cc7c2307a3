//! Requirements of Elixir's `Version`: comparisons joined by `and` and `or`, and `~>`.

use super::bounds::{Bound, Operator, Partial, all, any, take_operator};
use crate::VersionOrder;

const LENGTH: usize = 3;

#[derive(Clone, Copy)]
enum Sign {
    Compare(Operator),
    Pessimistic,
}

const SIGNS: &[(&str, Sign)] = &[
    (">=", Sign::Compare(Operator::GreaterEqual)),
    ("<=", Sign::Compare(Operator::LessEqual)),
    ("==", Sign::Compare(Operator::Equal)),
    ("!=", Sign::Compare(Operator::NotEqual)),
    ("~>", Sign::Pessimistic),
    (">", Sign::Compare(Operator::Greater)),
    ("<", Sign::Compare(Operator::Less)),
    ("!", Sign::Compare(Operator::NotEqual)),
];

pub(super) fn satisfies(requirement: &str, version: &str) -> Option<bool> {
    any(requirement.split(" or ").map(|alternative| {
        all(alternative.split(" and ").map(|part| {
            let bounds = bounds(part.trim())?;
            all(bounds.iter().map(|bound| bound.admits(VersionOrder::SemVer, version)))
        }))
    }))
}

fn bounds(part: &str) -> Option<Vec<Bound>> {
    let (sign, version) = take_operator(part, SIGNS).unwrap_or((Sign::Compare(Operator::Equal), part));
    let partial = Partial::parse(version).filter(|partial| !partial.is_wildcard)?;
    let given = partial.numbers.len();
    match sign {
        Sign::Compare(operator) if given == LENGTH => Some(vec![Bound::new(operator, version)]),
        Sign::Pessimistic if given == LENGTH || given == LENGTH - 1 => {
            let behind = format!("{}-0", partial.behind(given - 2, LENGTH)?);
            Some(vec![
                Bound::new(Operator::GreaterEqual, partial.lowest(LENGTH)),
                Bound::new(Operator::Less, behind),
            ])
        }
        Sign::Compare(_) | Sign::Pessimistic => None,
    }
}
