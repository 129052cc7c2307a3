//! Ranges of node-semver.

use super::bounds::{Bound, Operator, Partial, all, any, take_operator};
use crate::VersionOrder;

/// Numbers of a version.
const LENGTH: usize = 3;

#[derive(Clone, Copy)]
enum Sign {
    Compare(Operator),
    Caret,
    Tilde,
}

const SIGNS: &[(&str, Sign)] = &[
    (">=", Sign::Compare(Operator::GreaterEqual)),
    ("<=", Sign::Compare(Operator::LessEqual)),
    ("~>", Sign::Tilde),
    (">", Sign::Compare(Operator::Greater)),
    ("<", Sign::Compare(Operator::Less)),
    ("=", Sign::Compare(Operator::Equal)),
    ("^", Sign::Caret),
    ("~", Sign::Tilde),
];

/// Comparators that all have to hold.
struct Range {
    bounds: Vec<Bound>,
    /// Numbers of the versions that are named with a pre-release: only of these are pre-releases meant.
    pre_releases: Vec<Vec<u64>>,
}

pub(super) fn npm(requirement: &str, version: &str) -> Option<bool> {
    let requirement = match requirement.strip_prefix("npm:") {
        // An alias names another package before its range.
        Some(alias) => {
            alias.rsplit_once('@').filter(|(name, _)| !name.is_empty()).map_or("*", |(_, range)| range)
        }
        None => requirement.strip_prefix("workspace:").unwrap_or(requirement),
    };
    any(requirement.split("||").map(|range| Range::of_npm(range.trim())?.admits(version)))
}

impl Range {
    fn new() -> Self {
        Self { bounds: Vec::new(), pre_releases: Vec::new() }
    }

    fn of_npm(text: &str) -> Option<Self> {
        let mut range = Self::new();
        if let Some((from, to)) = text.split_once(" - ") {
            range.push_signed(Sign::Compare(Operator::GreaterEqual), from.trim())?;
            range.push_signed(Sign::Compare(Operator::LessEqual), to.trim())?;
            return Some(range);
        }
        if text.is_empty() {
            range.push_signed(Sign::Compare(Operator::Equal), "*")?;
        }
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            let is_sign = SIGNS.iter().any(|(sign, _)| *sign == word);
            // A sign may stand apart from its version.
            let joined = if is_sign { format!("{word}{}", words.next()?) } else { word.to_owned() };
            range.push(&joined, Sign::Compare(Operator::Equal))?;
        }
        Some(range)
    }

    fn push(&mut self, text: &str, default: Sign) -> Option<()> {
        let (sign, version) = take_operator(text, SIGNS).unwrap_or((default, text));
        self.push_signed(sign, version)
    }

    /// Appends the bounds of one comparator. Where numbers are left out, whole series are meant.
    fn push_signed(&mut self, sign: Sign, version: &str) -> Option<()> {
        let partial = Partial::parse(version)?;
        let given = partial.numbers.len();
        if given > LENGTH || (given < LENGTH && !partial.suffix.is_empty()) {
            return None;
        }
        if !partial.suffix.is_empty() {
            self.pre_releases.push(partial.numbers.clone());
        }
        let lowest = partial.lowest(LENGTH);
        // The least pre-release of the version behind a series is behind the series.
        let behind = |place: usize| Some(format!("{}-0", partial.behind(place, LENGTH)?));
        let mut add = |operator, version| self.bounds.push(Bound::new(operator, version));
        match sign {
            // `*`: everything, and nothing is below or above everything.
            Sign::Compare(Operator::Less | Operator::Greater) if given == 0 => {
                add(Operator::Less, "0.0.0-0".to_owned());
            }
            _ if given == 0 => {}
            Sign::Caret => {
                add(Operator::GreaterEqual, lowest);
                add(Operator::Less, behind(partial.caret_place(LENGTH))?);
            }
            Sign::Tilde => {
                add(Operator::GreaterEqual, lowest);
                add(Operator::Less, behind(usize::from(given > 1))?);
            }
            Sign::Compare(operator) if given == LENGTH => add(operator, lowest),
            Sign::Compare(Operator::Equal) => {
                add(Operator::GreaterEqual, lowest);
                add(Operator::Less, behind(given - 1)?);
            }
            Sign::Compare(Operator::Less) => add(Operator::Less, format!("{}-0", partial.lowest(LENGTH))),
            Sign::Compare(Operator::LessEqual) => add(Operator::Less, behind(given - 1)?),
            Sign::Compare(Operator::Greater) => {
                add(Operator::GreaterEqual, partial.behind(given - 1, LENGTH)?);
            }
            Sign::Compare(Operator::GreaterEqual) => add(Operator::GreaterEqual, lowest),
            Sign::Compare(Operator::NotEqual) => return None,
        }
        Some(())
    }

    fn admits(&self, version: &str) -> Option<bool> {
        let own = Partial::parse(version)?;
        if !own.suffix.is_empty() && !self.pre_releases.contains(&own.numbers) {
            return Some(false);
        }
        all(self.bounds.iter().map(|bound| bound.admits(VersionOrder::SemVer, version)))
    }
}
