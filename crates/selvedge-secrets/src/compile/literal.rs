//! Literals that every match of a pattern holds, and where they stand from the match's start.
//!
//! Derived from the parsed pattern alone: a concatenation is searched for the run of parts whose texts
//! can be listed and that source text rarely holds; an alternation needs one from each branch.

use regex_syntax::hir::{Class, Hir, HirKind};

/// No more alternatives than this are listed for one run.
const ALTERNATIVES_MAX: usize = 64;
/// No text is followed further than this.
const LENGTH_MAX: usize = 24;
/// What one more literal costs whatever it is: a place in the sieve.
const ITEM_COST: f64 = 1e-7;
/// A class of more members than this is not listed.
const CLASS_MAX: usize = 16;

/// One byte of a literal: it matches a text byte that is `value` after setting the bits of `mask`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LiteralByte {
    pub(crate) value: u8,
    pub(crate) mask: u8,
}

/// A text that may be matched without regard to ASCII case, byte by byte.
pub(crate) type Literal = Vec<LiteralByte>;

/// Literals one of which is in every match, each with its distance from the match's start.
#[derive(Debug, Clone)]
pub(crate) struct Required {
    pub(crate) items: Vec<Placed>,
    cost: f64,
}

/// A literal and where a match that holds it may start before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) literal: Literal,
    pub(crate) offset_min: usize,
    pub(crate) offset_max: usize,
}

/// The literals to look for, or `None` if the pattern has none that are worth it.
pub(crate) fn required(hir: &Hir) -> Option<Required> {
    best(hir).filter(|found| found.items.iter().all(|placed| placed.literal.len() >= 2))
}

/// The literals one of which every match starts with.
pub(crate) fn leading(hir: &Hir) -> Option<Vec<Placed>> {
    let (texts, _) = leading_texts(hir);
    from_texts(texts?, 0, 0).map(|found| found.items)
}

/// A byte as it stands in a pattern.
pub(crate) fn plain(byte: u8) -> LiteralByte {
    LiteralByte { value: byte, mask: 0 }
}

/// A byte whose ASCII case does not matter.
pub(crate) fn folded(byte: u8) -> LiteralByte {
    let mask = if byte.is_ascii_alphabetic() { 0x20 } else { 0 };
    LiteralByte { value: byte | mask, mask }
}

fn best(hir: &Hir) -> Option<Required> {
    if let Some(texts) = texts(hir) {
        return from_texts(texts, 0, 0);
    }
    match hir.kind() {
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Alternation(branches) => {
            let mut all = Required { items: Vec::new(), cost: 0.0 };
            for branch in branches {
                let found = best(branch)?;
                all.cost += found.cost;
                all.items.extend(found.items);
            }
            (all.items.len() <= ALTERNATIVES_MAX).then_some(all)
        }
        HirKind::Concat(parts) => best_of_concat(parts),
        _ => None,
    }
}

fn best_of_concat(parts: &[Hir]) -> Option<Required> {
    let mut found: Option<Required> = None;
    let mut consider = |candidate: Option<Required>| {
        if let Some(candidate) = candidate
            && found.as_ref().is_none_or(|known| candidate.cost < known.cost)
        {
            found = Some(candidate);
        }
    };
    let (mut min, mut max) = (0_usize, Some(0_usize));
    for (index, part) in parts.iter().enumerate() {
        // Behind a part of unbounded length nothing has a place.
        let Some(max_here) = max else { break };
        let mut run: Option<Vec<Literal>> = Some(vec![Vec::new()]);
        for part in &parts[index..] {
            let (texts, whole) = leading_texts(part);
            run = texts.and_then(|texts| run.and_then(|run| product(&run, &texts)));
            let Some(run) = &run else { break };
            consider(from_texts(run.clone(), min, max_here));
            if !whole {
                break;
            }
        }
        consider(best(part).map(|mut nested| {
            for placed in &mut nested.items {
                placed.offset_min += min;
                placed.offset_max += max_here;
            }
            nested.cost = cost(&nested.items);
            nested
        }));
        let properties = part.properties();
        min += properties.minimum_len().unwrap_or(0);
        max = max.zip(properties.maximum_len()).map(|(sum, length)| sum + length);
    }
    found
}

/// The texts a part starts with, and whether they are all of it.
fn leading_texts(part: &Hir) -> (Option<Vec<Literal>>, bool) {
    if let Some(texts) = texts(part) {
        return (Some(texts), true);
    }
    match part.kind() {
        HirKind::Capture(capture) => leading_texts(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => (leading_texts(&repetition.sub).0, false),
        HirKind::Concat(parts) => {
            let mut run = vec![Vec::new()];
            for part in parts {
                let (next, whole) = leading_texts(part);
                match next.and_then(|next| product(&run, &next)) {
                    Some(longer) => run = longer,
                    None => break,
                }
                if !whole {
                    break;
                }
            }
            (Some(run), false)
        }
        _ => (None, false),
    }
}

/// Every text the part can match, if they are few; look-around counts as nothing.
fn texts(hir: &Hir) -> Option<Vec<Literal>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![Vec::new()]),
        HirKind::Literal(literal) => {
            let text: Literal = literal.0.iter().copied().map(plain).collect();
            (text.len() <= LENGTH_MAX * 4).then(|| vec![text])
        }
        HirKind::Class(class) => class_texts(class),
        HirKind::Capture(capture) => texts(&capture.sub),
        HirKind::Repetition(repetition) => {
            let max = repetition.max.filter(|max| *max as usize <= LENGTH_MAX)?;
            let once = texts(&repetition.sub)?;
            let mut powers = vec![vec![Vec::new()]];
            for _ in 0..max {
                powers.push(product(powers.last()?, &once)?);
            }
            limited(powers.split_off(repetition.min as usize).into_iter().flatten().collect())
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(vec![Vec::new()], |run, part| product(&run, &texts(part)?))
        }
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(texts(branch)?);
            }
            limited(all)
        }
    }
}

fn class_texts(class: &Class) -> Option<Vec<Literal>> {
    let mut bytes: Vec<u8> = Vec::new();
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                bytes.extend(range.start()..=range.end());
                if bytes.len() > CLASS_MAX * 2 {
                    return None;
                }
            }
        }
        Class::Unicode(class) => {
            for range in class.ranges() {
                if !range.end().is_ascii() || range.len() > CLASS_MAX * 2 {
                    return None;
                }
                bytes.extend(range.start() as u8..=range.end() as u8);
            }
        }
    }
    let both_cases = |byte: u8| byte.is_ascii_alphabetic() && bytes.contains(&(byte ^ 0x20));
    let texts: Vec<Literal> = bytes
        .iter()
        .filter(|byte| !(both_cases(**byte) && byte.is_ascii_uppercase()))
        .map(|byte| vec![if both_cases(*byte) { folded(*byte) } else { plain(*byte) }])
        .collect();
    (texts.len() <= CLASS_MAX).then_some(texts)
}

/// Every text of `left` followed by every text of `right`.
fn product(left: &[Literal], right: &[Literal]) -> Option<Vec<Literal>> {
    if left.len() * right.len() > ALTERNATIVES_MAX {
        return None;
    }
    let joined = left.iter().flat_map(|head| {
        right.iter().map(move |tail| {
            let mut text = head.clone();
            text.extend_from_slice(tail);
            text
        })
    });
    limited(joined.collect())
}

fn limited(mut texts: Vec<Literal>) -> Option<Vec<Literal>> {
    texts.sort();
    texts.dedup();
    let fits = texts.len() <= ALTERNATIVES_MAX && texts.iter().all(|text| text.len() <= LENGTH_MAX * 4);
    fits.then_some(texts)
}

fn from_texts(texts: Vec<Literal>, offset_min: usize, offset_max: usize) -> Option<Required> {
    if texts.is_empty() || texts.iter().any(|text| text.len() < 2) {
        return None;
    }
    let items: Vec<Placed> = texts
        .into_iter()
        .map(|mut literal| {
            literal.truncate(LENGTH_MAX);
            Placed { literal, offset_min, offset_max }
        })
        .collect();
    Some(Required { cost: cost(&items), items })
}

/// How often the literals are met in source text, weighed by the work of each meeting.
fn cost(items: &[Placed]) -> f64 {
    items
        .iter()
        .map(|placed| {
            let frequency: f64 = placed.literal.iter().map(|byte| frequency(*byte)).product();
            let width = (placed.offset_max - placed.offset_min) as f64;
            frequency * (1.0 + width / 4.0) + ITEM_COST
        })
        .sum()
}

/// Rough share of a byte in source text.
pub(crate) fn frequency(byte: LiteralByte) -> f64 {
    let one = |byte: u8| match byte {
        b' ' => 0.15,
        b'e' | b't' => 0.06,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 0.045,
        b'c' | b'd' | b'l' | b'm' | b'p' | b'u' => 0.025,
        b'b' | b'f' | b'g' | b'h' | b'v' | b'y' | b'\n' | b'_' | b'.' => 0.013,
        b'k' | b'w' | b'x' | b'(' | b')' | b',' | b'"' | b'\'' | b'-' | b'/' | b':' | b'=' | b';' => 0.009,
        b'j' | b'q' | b'z' => 0.002,
        b'0'..=b'9' => 0.006,
        b'A'..=b'Z' => 0.003,
        0x21..=0x7e => 0.004,
        _ => 0.001,
    };
    if byte.mask == 0 { one(byte.value) } else { one(byte.value) + one(byte.value & !byte.mask) }
}

#[cfg(test)]
mod tests;
