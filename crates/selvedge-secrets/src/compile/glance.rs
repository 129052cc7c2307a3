//! A cheap look before a pattern is run: its first parts, with the counting taken out.
//!
//! Counted repetitions are what makes a rule's automaton large. Here `X{0,20}` becomes `X*`, a long
//! `X{32}` becomes `X{16}` and ends the look, groups are gone. Every match of the pattern starts with a
//! match of the glance, never the other way round, so the glance may only say no.

use std::sync::OnceLock;

use regex_automata::{Anchored, Input, meta};
use regex_syntax::hir::{Hir, HirKind, Repetition};

use crate::pattern::compile_small;

/// Repetitions of at most this many are kept as they are.
const COUNT_MAX: u32 = 3;
/// A repetition is asked for at most this many times, and the look ends with it.
const COUNT_ASKED: u32 = 16;
/// A glance looks no further than this.
const REACH_MAX: usize = 512;

/// The look, compiled on first use.
#[derive(Debug)]
pub(crate) struct Glance {
    hir: Hir,
    /// Bytes from the start of a match that the look may need.
    reach: usize,
    compiled: OnceLock<Option<meta::Regex>>,
}

impl Glance {
    /// The glance for a pattern; `None` if its first parts say too little.
    pub(crate) fn new(hir: &Hir) -> Option<Self> {
        let mut parts = Vec::new();
        flatten(hir, &mut parts);
        let mut kept = Vec::new();
        let mut reach = 0_usize;
        for part in parts {
            if let Some((asked, length)) = last_part(part) {
                reach += length;
                kept.push(asked);
                break;
            }
            let Some(length) = part.properties().maximum_len() else {
                let start = start_of(part);
                // Whatever has no bound after all says nothing.
                if let Some(length) = start.properties().maximum_len() {
                    reach += length;
                    kept.push(start);
                }
                break;
            };
            if reach + length > REACH_MAX {
                break;
            }
            reach += length;
            kept.push(without_counts(part));
        }
        let hir = Hir::concat(kept);
        let says_enough = hir.properties().minimum_len().unwrap_or(0) > 2;
        says_enough.then(|| Self { hir, reach, compiled: OnceLock::new() })
    }

    /// Bytes from the start of a match that the look may need.
    pub(crate) fn reach(&self) -> usize {
        self.reach
    }

    /// Whether a match may start at `start`.
    pub(crate) fn allows(&self, bytes: &[u8], start: usize) -> bool {
        let Some(regex) = self.compiled.get_or_init(|| compile_small(&self.hir)) else { return true };
        let end = bytes.len().min(start + self.reach);
        regex.is_match(Input::new(bytes).span(start..end).anchored(Anchored::Yes))
    }
}

/// The parts of a concatenation, groups opened.
fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(hir),
    }
}

/// A repetition long enough to end the look: what is asked for, and its length.
fn last_part(part: &Hir) -> Option<(Hir, usize)> {
    let HirKind::Repetition(repetition) = part.kind() else { return None };
    if repetition.min < COUNT_ASKED {
        return None;
    }
    let length = repetition.sub.properties().maximum_len()? * COUNT_ASKED as usize;
    let asked = Repetition {
        min: COUNT_ASKED,
        max: Some(COUNT_ASKED),
        greedy: true,
        sub: Box::new(without_counts(&repetition.sub)),
    };
    Some((Hir::repetition(asked), length))
}

/// How a part of unbounded length must start: a text of bounded length, after which nothing is asked.
fn start_of(part: &Hir) -> Hir {
    if let Some((asked, _)) = last_part(part) {
        return asked;
    }
    if is_bounded(part) {
        return without_groups(part);
    }
    match part.kind() {
        HirKind::Capture(capture) => start_of(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            if !is_bounded(&repetition.sub) {
                return start_of(&repetition.sub);
            }
            let count = repetition.min.min(COUNT_ASKED);
            let sub = Box::new(without_groups(&repetition.sub));
            Hir::repetition(Repetition { min: count, max: Some(count), greedy: true, sub })
        }
        HirKind::Concat(parts) => {
            let mut kept = Vec::new();
            for part in parts {
                if last_part(part).is_some() || !is_bounded(part) {
                    kept.push(start_of(part));
                    break;
                }
                kept.push(without_groups(part));
            }
            Hir::concat(kept)
        }
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(start_of).collect()),
        _ => Hir::empty(),
    }
}

fn is_bounded(part: &Hir) -> bool {
    part.properties().maximum_len().is_some()
}

/// The same with large counts opened up and groups removed.
fn without_counts(hir: &Hir) -> Hir {
    rebuilt(hir, &|repetition| {
        let keep = repetition.max.is_some_and(|max| max <= COUNT_MAX);
        (repetition.min.min(COUNT_ASKED), if keep { repetition.max } else { None })
    })
}

/// The same with groups removed.
fn without_groups(hir: &Hir) -> Hir {
    rebuilt(hir, &|repetition| (repetition.min, repetition.max))
}

fn rebuilt(hir: &Hir, counts: &dyn Fn(&Repetition) -> (u32, Option<u32>)) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => rebuilt(&capture.sub, counts),
        HirKind::Repetition(repetition) => {
            let (min, max) = counts(repetition);
            let sub = Box::new(rebuilt(&repetition.sub, counts));
            Hir::repetition(Repetition { min, max, greedy: true, sub })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| rebuilt(part, counts)).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.iter().map(|part| rebuilt(part, counts)).collect())
        }
        _ => hir.clone(),
    }
}
