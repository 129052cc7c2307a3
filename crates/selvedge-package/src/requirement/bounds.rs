//! What all grammars boil down to: comparisons with versions, and versions of which only the first numbers are
//! given.

use std::cmp::Ordering;

use crate::VersionOrder;

/// Numbers that a partly given version may have.
const NUMBERS_MAX: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
}

impl Operator {
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
        }
    }
}

/// One comparison with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) operator: Operator,
    pub(super) version: String,
}

impl Bound {
    pub(super) fn new(operator: Operator, version: impl Into<String>) -> Self {
        Self { operator, version: version.into() }
    }

    /// Whether the version is within the bound; `None` if one of the two is no version.
    pub(super) fn admits(&self, order: VersionOrder, version: &str) -> Option<bool> {
        Some(self.operator.holds(order.compare(version, &self.version).ok()?))
    }
}

/// Whether all answers are yes. A no decides; otherwise one unknown answer makes the whole unknown.
pub(super) fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    combine(answers, false)
}

/// Whether one answer is yes. A yes decides; otherwise one unknown answer makes the whole unknown.
pub(super) fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    combine(answers, true)
}

fn combine(answers: impl IntoIterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut is_known = true;
    for answer in answers {
        match answer {
            Some(answer) if answer == decisive => return Some(decisive),
            Some(_) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(!decisive)
}

/// Takes an operator and the white space behind it off; `table` has longer spellings first.
pub(super) fn take_operator<'a, T: Copy>(text: &'a str, table: &[(&str, T)]) -> Option<(T, &'a str)> {
    table.iter().find_map(|(spelling, operator)| Some((*operator, text.strip_prefix(spelling)?.trim_start())))
}

/// A version that may leave out numbers or end in a wildcard: `1`, `1.2.x`, `1.2.3-beta+build`, `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partial<'a> {
    pub(super) numbers: Vec<u64>,
    /// What follows the numbers, with its sign: `-beta`; build metadata is left out.
    pub(super) suffix: &'a str,
    /// It ends in `*`, `x` or `X`.
    pub(super) is_wildcard: bool,
}

impl<'a> Partial<'a> {
    /// `None` if it is nothing of that kind, or a number is beyond 64 bits.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split('+').next().unwrap_or(text);
        let mut partial = Self { numbers: Vec::new(), suffix: "", is_wildcard: false };
        let mut rest = text;
        loop {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            if end == 0 {
                rest = rest.strip_prefix(['*', 'x', 'X'])?;
                partial.is_wildcard = true;
            } else if partial.is_wildcard || partial.numbers.len() == NUMBERS_MAX {
                return None;
            } else {
                partial.numbers.push(rest[..end].parse().ok()?);
                rest = &rest[end..];
            }
            match rest.strip_prefix('.') {
                Some(next) => rest = next,
                None => break,
            }
        }
        let is_suffix = rest.is_empty() || rest.starts_with(|c: char| c == '-' || c.is_ascii_alphabetic());
        if !is_suffix || (partial.is_wildcard && !rest.is_empty()) {
            return None;
        }
        partial.suffix = rest;
        Some(partial)
    }

    /// The least version it stands for, with `length` numbers.
    pub(super) fn lowest(&self, length: usize) -> String {
        format!("{}{}", joined(&self.numbers, length), self.suffix)
    }

    /// The first version behind those that share its numbers up to and including `place`; `None` beyond 64 bits.
    pub(super) fn behind(&self, place: usize, length: usize) -> Option<String> {
        let mut numbers = self.numbers.clone();
        numbers.resize(length.max(place + 1), 0);
        numbers.truncate(place + 1);
        numbers[place] = numbers[place].checked_add(1)?;
        Some(joined(&numbers, length))
    }

    /// The place of the number that a caret keeps: the first one above zero, or the last one given.
    pub(super) fn caret_place(&self, length: usize) -> usize {
        let given = self.numbers.len().min(length);
        self.numbers[..given].iter().position(|number| *number > 0).unwrap_or(given.saturating_sub(1))
    }
}

fn joined(numbers: &[u64], length: usize) -> String {
    let missing = length.saturating_sub(numbers.len());
    let all = numbers.iter().copied().chain(std::iter::repeat_n(0, missing));
    all.map(|number| number.to_string()).collect::<Vec<_>>().join(".")
}
