//! Constraints of Composer. Versions are compared after its normalisation to four numbers, so that `1.0` and
//! `1.0.0` are one version, other than for PHP alone.

use super::bounds::{Bound, Operator, Partial, all, any, take_operator};
use crate::VersionOrder;

/// Numbers of a normalised version.
const LENGTH: usize = 4;

#[derive(Clone, Copy)]
enum Sign {
    Compare(Operator),
    Caret,
    Tilde,
}

const SIGNS: &[(&str, Sign)] = &[
    (">=", Sign::Compare(Operator::GreaterEqual)),
    ("<=", Sign::Compare(Operator::LessEqual)),
    ("!=", Sign::Compare(Operator::NotEqual)),
    ("<>", Sign::Compare(Operator::NotEqual)),
    ("==", Sign::Compare(Operator::Equal)),
    (">", Sign::Compare(Operator::Greater)),
    ("<", Sign::Compare(Operator::Less)),
    ("=", Sign::Compare(Operator::Equal)),
    ("^", Sign::Caret),
    ("~", Sign::Tilde),
];

pub(super) fn satisfies(requirement: &str, version: &str) -> Option<bool> {
    // An alias (`dev-main as 1.0`) stands for what is before it.
    let requirement = requirement.split(" as ").next().unwrap_or(requirement);
    let version = normalized(version)?;
    any(requirement.replace("||", "|").split('|').map(|alternative| {
        let bounds = range(alternative.trim())?;
        all(bounds.iter().map(|bound| bound.admits(VersionOrder::Packagist, &version)))
    }))
}

fn normalized(version: &str) -> Option<String> {
    Some(Partial::parse(version).filter(|it| !it.is_wildcard && it.numbers.len() <= LENGTH)?.lowest(LENGTH))
}

fn range(text: &str) -> Option<Vec<Bound>> {
    let mut bounds = Vec::new();
    if let Some((from, to)) = text.split_once(" - ") {
        push(&mut bounds, Sign::Compare(Operator::GreaterEqual), from.trim())?;
        let to = to.trim();
        let partial = Partial::parse(to)?;
        if partial.numbers.len() < 3 && partial.suffix.is_empty() {
            let place = partial.numbers.len().checked_sub(1)?;
            bounds.push(Bound::new(Operator::Less, format!("{}-dev", partial.behind(place, LENGTH)?)));
        } else {
            push(&mut bounds, Sign::Compare(Operator::LessEqual), to)?;
        }
        return Some(bounds);
    }
    let mut words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let (sign, version) = take_operator(word, SIGNS).unwrap_or((Sign::Compare(Operator::Equal), word));
        // A sign may stand apart from its version.
        let version = if version.is_empty() { words.next()? } else { version };
        push(&mut bounds, sign, version)?;
    }
    Some(bounds)
}

/// Appends the bounds of one comparator. The least version of a series is its development version.
fn push(bounds: &mut Vec<Bound>, sign: Sign, version: &str) -> Option<()> {
    let version = version.split(['@', '#']).next().unwrap_or(version);
    if version.is_empty() {
        return Some(());
    }
    let partial = Partial::parse(version)?;
    let given = partial.numbers.len();
    if given > LENGTH {
        return None;
    }
    let mut add = |operator, version: String| bounds.push(Bound::new(operator, version));
    let lowest = partial.lowest(LENGTH);
    let first = if partial.suffix.is_empty() { format!("{lowest}-dev") } else { lowest.clone() };
    let behind = |place: usize| Some(format!("{}-dev", partial.behind(place, LENGTH)?));
    match sign {
        _ if given == 0 => {}
        Sign::Caret => {
            add(Operator::GreaterEqual, first);
            add(Operator::Less, behind(partial.caret_place(3))?);
        }
        Sign::Tilde => {
            add(Operator::GreaterEqual, first);
            add(Operator::Less, behind(given.saturating_sub(2))?);
        }
        Sign::Compare(Operator::Equal) if partial.is_wildcard => {
            add(Operator::GreaterEqual, first);
            add(Operator::Less, behind(given - 1)?);
        }
        Sign::Compare(operator @ (Operator::GreaterEqual | Operator::Less)) => add(operator, first),
        Sign::Compare(operator) if !partial.is_wildcard => add(operator, lowest),
        Sign::Compare(_) => return None,
    }
    Some(())
}
