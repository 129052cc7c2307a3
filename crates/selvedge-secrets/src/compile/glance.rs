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
            let Some(length) = part.properties().maximum_len() else { break };
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

/// The same with large counts opened up and groups removed.
fn without_counts(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => without_counts(&capture.sub),
        HirKind::Repetition(repetition) => {
            let keep = repetition.max.is_some_and(|max| max <= COUNT_MAX);
            Hir::repetition(Repetition {
                min: repetition.min.min(COUNT_ASKED),
                max: if keep { repetition.max } else { None },
                greedy: true,
                sub: Box::new(without_counts(&repetition.sub)),
            })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(without_counts).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(without_counts).collect()),
        _ => hir.clone(),
    }
}
