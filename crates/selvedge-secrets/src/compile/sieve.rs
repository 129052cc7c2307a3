//! Finds every needle of every rule in one pass over the bytes.
//!
//! Each needle is filed under its rarest three bytes, five bits of each, which folds ASCII case. The pass
//! rolls those fifteen bits along and asks a 4 kB bitmap; only where it says yes is a needle compared.
//! Built in microseconds, which an automaton over the same needles is not, and faster to run.

use std::collections::BTreeMap;
use std::ops::Range;

use super::literal::{Literal, LiteralByte, frequency};
use super::plan::Needle;

const WINDOW: usize = 3;
const BITS: u32 = 5;
const SLOTS: usize = 1 << (BITS * WINDOW as u32);
const WORDS: usize = SLOTS / 64;
const MASK: u32 = SLOTS as u32 - 1;

/// What a needle says to a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lead {
    pub(crate) rule: u32,
    pub(crate) offset_min: u32,
    pub(crate) offset_max: u32,
}

/// A needle met in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met {
    pub(crate) lead: Lead,
    /// Where the needle starts.
    pub(crate) at: usize,
}

#[derive(Debug)]
struct Entry {
    literal: Literal,
    /// Bytes of the needle before the filed window.
    skip: usize,
    leads: Vec<Lead>,
}

/// All needles, ready to be met.
#[derive(Debug)]
pub(crate) struct Sieve {
    bitmap: Box<[u64; WORDS]>,
    /// How many slots are taken before each word of the bitmap.
    ranks: Box<[u32; WORDS]>,
    /// First position in `members` of each taken slot's entries; one more than there are slots.
    starts: Vec<u32>,
    members: Vec<u32>,
    entries: Vec<Entry>,
    /// Length of the longest needle.
    longest: usize,
    spans_lines: bool,
}

impl Sieve {
    /// Files the needles.
    pub(crate) fn new<'n>(needles: impl IntoIterator<Item = (u32, &'n Needle)>) -> Self {
        let mut by_literal: BTreeMap<Literal, Vec<Lead>> = BTreeMap::new();
        for (rule, needle) in needles {
            let placed = &needle.0;
            by_literal.entry(placed.literal.clone()).or_default().push(Lead {
                rule,
                offset_min: placed.offset_min as u32,
                offset_max: placed.offset_max as u32,
            });
        }
        let entries: Vec<Entry> = by_literal
            .into_iter()
            .map(|(literal, leads)| Entry { skip: rarest_window(&literal), literal, leads })
            .collect();
        let mut filed: Vec<(u32, u32)> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            filed.extend(entry.slots().map(|slot| (slot, index as u32)));
        }
        filed.sort_unstable();
        let mut bitmap = Box::new([0_u64; WORDS]);
        let mut starts = Vec::new();
        for (position, (slot, _)) in filed.iter().enumerate() {
            let (word, bit) = ((slot >> 6) as usize, 1 << (slot & 63));
            if bitmap[word] & bit == 0 {
                bitmap[word] |= bit;
                starts.push(position as u32);
            }
        }
        starts.push(filed.len() as u32);
        let mut ranks = Box::new([0_u32; WORDS]);
        for word in 1..WORDS {
            ranks[word] = ranks[word - 1] + bitmap[word - 1].count_ones();
        }
        let members = filed.into_iter().map(|(_, index)| index).collect();
        let longest = entries.iter().map(|entry| entry.literal.len()).max().unwrap_or(0);
        let spans_lines = entries.iter().any(Entry::spans_lines);
        Self { bitmap, ranks, starts, members, entries, longest, spans_lines }
    }

    /// Calls `meet` for every needle that starts in `part` of `bytes`, in the order in which their windows end.
    pub(crate) fn run(&self, bytes: &[u8], part: &Range<usize>, meet: &mut dyn FnMut(Met)) {
        let end = bytes.len().min(part.end + self.longest);
        let mut meet = |met: Met| {
            if part.contains(&met.at) {
                meet(met);
            }
        };
        let mut window = 0_u32;
        for (index, byte) in (part.start..).zip(&bytes[part.start..end]) {
            window = ((window << BITS) | u32::from(byte & 31)) & MASK;
            if self.bitmap[(window >> 6) as usize] >> (window & 63) & 1 != 0 {
                self.compare(bytes, index, window, &mut meet);
            }
        }
    }

    /// Whether a needle begins on one line and goes on in the next.
    pub(crate) fn spans_lines(&self) -> bool {
        self.spans_lines
    }

    #[inline(never)]
    fn compare(&self, bytes: &[u8], last: usize, window: u32, meet: &mut dyn FnMut(Met)) {
        let (word, bit) = ((window >> 6) as usize, window & 63);
        let below = self.bitmap[word] & ((1 << bit) - 1);
        let slot = (self.ranks[word] + below.count_ones()) as usize;
        let members = self.starts[slot] as usize..self.starts[slot + 1] as usize;
        for index in &self.members[members] {
            let entry = &self.entries[*index as usize];
            let Some(start) = (last + 1).checked_sub(entry.filed_len() + entry.skip) else { continue };
            let Some(text) = bytes.get(start..start + entry.literal.len()) else { continue };
            if holds(&entry.literal, text) {
                for lead in &entry.leads {
                    meet(Met { lead: *lead, at: start });
                }
            }
        }
    }
}

impl Entry {
    fn spans_lines(&self) -> bool {
        let before_last = self.literal.split_last().map_or(&[][..], |(_, before)| before);
        before_last.iter().any(|byte| byte.value == b'\n')
    }

    /// Bytes of the needle inside its window: two for a needle of two bytes.
    fn filed_len(&self) -> usize {
        self.literal.len().min(WINDOW)
    }

    /// The slots the needle is filed under; a two-byte needle has one for each possible byte before it.
    fn slots(&self) -> impl Iterator<Item = u32> {
        let window = &self.literal[self.skip..self.skip + self.filed_len()];
        let known = window.iter().fold(0, |slot, byte| (slot << BITS) | u32::from(byte.value & 31));
        let free = WINDOW - window.len();
        let prefixes = 1_u32 << (BITS * free as u32);
        (0..prefixes).map(move |prefix| (prefix << (BITS * (WINDOW - free) as u32)) | known)
    }
}

#[inline]
fn holds(literal: &[LiteralByte], text: &[u8]) -> bool {
    literal.iter().zip(text).all(|(byte, text)| text | byte.mask == byte.value)
}

/// How many bytes of the literal stand before its rarest window.
fn rarest_window(literal: &[LiteralByte]) -> usize {
    let share = |byte: &LiteralByte| frequency(super::literal::folded(byte.value));
    let rate = |window: &[LiteralByte]| window.iter().map(share).product::<f64>();
    (0..=literal.len().saturating_sub(WINDOW))
        .min_by(|a, b| {
            let window = |at: usize| &literal[at..literal.len().min(at + WINDOW)];
            rate(window(*a)).total_cmp(&rate(window(*b)))
        })
        .unwrap_or(0)
}
