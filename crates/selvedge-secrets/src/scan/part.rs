//! Scans a part of a text whose other parts were seen before.

use std::ops::{Range, RangeInclusive};

use selvedge_model::Diagnostic;

use super::leads::LeadsByRule;
use super::{Hit, Pass, Scanner, Way};
use crate::allow::Origin;
use crate::compile::glance::Glance;
use crate::compile::plan::{Plan, Strategy};
use crate::compile::sieve::Met;

/// A part of a text that is to be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it lies.
    pub range: Range<usize>,
    /// What is looked for in it: what literals in it lead to, or else the matches of those rules without
    /// literals that a keyword anywhere in the text opened. They share the bits of a word.
    pub opened: Option<u64>,
}

/// So many bytes before a place and from it on; there may be fewer in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Bytes before the place.
    pub before: usize,
    /// Bytes from the place on.
    pub after: usize,
}

/// Receives what is to be remembered of a part beside the hits.
pub trait Notes {
    /// What is found at `place` depends on the bytes within `reach`.
    fn depends(&mut self, place: usize, reach: Reach);

    /// A keyword at `place` opens rules without literals.
    fn opens(&mut self, place: usize, rules: u64);
}

/// All bytes of the text.
const ANYWHERE: Reach = Reach { before: usize::MAX, after: usize::MAX };

/// More possible starts of a match than this are not told apart.
const STARTS_MAX: usize = 24;

/// Text after a part that a match is followed into.
const FOLLOWED: usize = 32 * 1024;

/// Text around a part in which the matches of rules without literals are told, too.
const AROUND: usize = 2 * 1024;

/// No more of the line of an encoded text is read on each side.
const LINE: usize = 256;

/// What needs everything is told of one place in so many bytes.
const PIECE: usize = 64;

impl Scanner {
    /// Every secret that something in `part` of `bytes` leads to, as [`Scanner::scan`] without a path finds it:
    /// a literal of its rule that starts there, or an encoded text that does.
    ///
    /// `notes` is told on which bytes the result depends. Where all of them are the same, the part need not be
    /// scanned again.
    pub fn scan_part(
        &self,
        bytes: &[u8],
        part: &Part,
        notes: &mut dyn Notes,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Hit> {
        let range = &part.range;
        let bytes = &bytes[..bytes.len().min(range.end + FOLLOWED)];
        let mut pass = Pass {
            way: Way::Literals,
            origin: Origin::default(),
            skipped: vec![false; self.set.scopes.len()],
            span: None,
            refuted: Vec::new(),
            matched: Vec::new(),
            diagnostics,
        };
        if let Some(opened) = part.opened {
            let rules = (0..).zip(self.leads.without_literals(&self.set));
            let mut hits = Vec::new();
            for (_, rule) in rules.filter(|(place, _)| opened & bit(*place) != 0) {
                let around = self.longest(*rule).unwrap_or(AROUND).min(AROUND) + 1;
                let end = bytes.len().min(range.end + around);
                pass.span = Some(range.start.saturating_sub(around)..end);
                hits.extend(self.rule_hits(&mut pass, *rule as usize, bytes, &[]));
            }
            return hits;
        }
        let mut leads = self.leads.find_in(&self.set, bytes, range);
        if self.leads.span_lines(&self.set) {
            range.clone().step_by(PIECE).for_each(|place| notes.depends(place, ANYWHERE));
        }
        for (place, rule) in (0..).zip(self.leads.without_literals(&self.set)) {
            for met in leads.remove(rule).unwrap_or_default() {
                notes.opens(met.at, bit(place));
            }
        }
        self.sift(&mut leads, bytes, notes);
        let mut hits = self.hits_at(&mut pass, bytes, &leads);
        // What is made of a match depends on more than the match.
        for matched in pass.matched.drain(..) {
            for end in [matched.start, matched.end] {
                notes.depends(end.clamp(range.start, range.end.saturating_sub(1)), ANYWHERE);
            }
        }
        let mut encoded = Vec::new();
        self.decoded_hits_in(&mut pass, bytes, range, &mut hits, &mut |span| encoded.push(span));
        let is_matched = !pass.matched.is_empty();
        for span in encoded {
            notes.depends(span.start, if is_matched { ANYWHERE } else { with_line(bytes, &span) });
        }
        hits
    }

    /// The rules without literals that no keyword need open, as bits.
    pub fn always_opened(&self) -> u64 {
        let rules = (0..).zip(self.leads.without_literals(&self.set));
        let always = rules.filter(|(_, rule)| self.leads.plan(&self.set, **rule as usize).always);
        always.fold(0, |bits, (place, _)| bits | bit(place))
    }

    /// Length of the longest match of a rule.
    fn longest(&self, rule: u32) -> Option<usize> {
        self.set.rules[rule as usize].regex.as_ref()?.hir().properties().maximum_len()
    }

    /// Notes what each lead depends on, and drops those that a glance shows to lead nowhere.
    fn sift(&self, leads: &mut LeadsByRule, bytes: &[u8], notes: &mut dyn Notes) {
        leads.retain(|index, mets| {
            let plan = self.leads.plan(&self.set, *index as usize);
            let longest = self.longest(*index);
            mets.retain(|met| {
                let lead = Around::of(plan, met);
                let dropped = plan.glance.as_ref().filter(|glance| lead.is_refuted(glance, bytes));
                let length = dropped.map_or(longest, |glance| Some(glance.reach()));
                notes.depends(met.at, lead.reach(length));
                dropped.is_none()
            });
            !mets.is_empty()
        });
    }
}

/// The bit for the rule at this place among those without literals; the last is shared by all beyond.
fn bit(place: u32) -> u64 {
    1 << place.min(u64::BITS - 1)
}

/// An encoded span with what is read of its line, seen from its start.
fn with_line(bytes: &[u8], span: &Range<usize>) -> Reach {
    let before = &bytes[span.start.saturating_sub(LINE)..span.start];
    let after = &bytes[span.end..bytes.len().min(span.end + LINE)];
    Reach {
        before: memchr::memrchr(b'\n', before).map_or(LINE, |at| before.len() - at - 1),
        after: span.len() + memchr::memchr(b'\n', after).map_or(LINE, |at| at + 1),
    }
}

/// Where a match that a lead belongs to may start.
struct Around {
    at: usize,
    /// Bytes from the earliest start to the lead.
    before: usize,
    /// Where the literals from which the rule's glance looks stand.
    starts: RangeInclusive<usize>,
}

impl Around {
    fn of(plan: &Plan, met: &Met) -> Self {
        let at = met.at;
        if let Strategy::Tail(tail) = &plan.strategy {
            return Self { at, before: tail.run_max(), starts: at..=at };
        }
        let before = met.lead.offset_max as usize;
        let last = at.saturating_sub(met.lead.offset_min as usize);
        Self { at, before, starts: at.saturating_sub(before)..=last }
    }

    /// Whether there is no match at any of the starts. Of many starts that is not asked.
    fn is_refuted(&self, glance: &Glance, bytes: &[u8]) -> bool {
        self.starts.end() - self.starts.start() < STARTS_MAX
            && self.starts.clone().all(|start| !glance.allows(bytes, start))
    }

    /// The bytes that decide about a match of at most `length` bytes, one more on each side included, which it
    /// may ask for.
    fn reach(&self, length: Option<usize>) -> Reach {
        let after = |length: usize| (self.starts.end() + length + 1).saturating_sub(self.at);
        Reach { before: self.before + 1, after: length.map_or(usize::MAX, after) }
    }
}
