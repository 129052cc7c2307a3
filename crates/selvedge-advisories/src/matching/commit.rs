//! What is known about a commit of a git repository.
//!
//! A range of commits is a part of a history, and no history is at hand. A commit at which a range begins
//! or ends is decided; for any other commit of a repository with advisories nothing is known, and that is
//! what is said: [`Doubt::History`].

use std::collections::BTreeMap;

use selvedge_package::Ecosystem;

use super::{Hit, Match, Verdict, Why};
use crate::build::{COMMIT_BYTES, event_kind};
use crate::index::body::{Asked, Doubt};
use crate::index::format::Section;
use crate::index::varint::Read;
use crate::index::{Index, IndexError, OrDamaged};
use crate::key;
use crate::record::EventKind;

/// Bytes of an entry: the commit, then record and kind of the event.
const ENTRY_BYTES: usize = COMMIT_BYTES + 4;

/// Shortest abbreviation of a commit that is looked up, as git abbreviates.
const ABBREVIATION_MIN: usize = 7;

impl Index {
    /// Everything known about a commit: the advisories with an event at it that says that it is affected,
    /// and, with a repository, those of the repository that only its history could decide.
    pub fn affected_commit(&self, repository: Option<&str>, commit: &str) -> Result<Vec<Match>, IndexError> {
        let mut hits = Vec::new();
        let decided = self.commit_events(commit)?;
        for (record, kinds) in &decided {
            let begins =
                kinds.iter().find(|kind| matches!(kind, EventKind::Introduced | EventKind::LastAffected));
            if let Some(kind) = begins {
                let verdict = Verdict::Affected(Why::Commit(*kind));
                hits.push(Hit { record: *record, body: None, release: None, verdict });
            }
        }
        for record in self.records_of_repository(repository)? {
            if !decided.contains_key(&record) {
                let verdict = Verdict::Unknown(Doubt::History);
                hits.push(Hit { record, body: None, release: None, verdict });
            }
        }
        self.matches(Ecosystem::Git, &Asked::new(Ecosystem::Git, commit), hits)
    }

    fn records_of_repository(&self, repository: Option<&str>) -> Result<Vec<u32>, IndexError> {
        let Some(repository) = repository else { return Ok(Vec::new()) };
        let key = key::key(key::GIT, &key::repository(repository), None);
        let Some((_, postings)) = self.keys()?.find(&key).or_damaged()? else { return Ok(Vec::new()) };
        let mut records: Vec<u32> =
            self.postings(postings).or_damaged()?.into_iter().map(|(record, _)| record).collect();
        records.dedup();
        Ok(records)
    }

    /// Records with an event at the commit, which may be abbreviated, and the kinds of these events.
    fn commit_events(&self, commit: &str) -> Result<BTreeMap<u32, Vec<EventKind>>, IndexError> {
        let mut found: BTreeMap<u32, Vec<EventKind>> = BTreeMap::new();
        let Some((low, high)) = span(commit) else { return Ok(found) };
        let count = self.bytes.length(Section::Commits) / ENTRY_BYTES;
        let (mut first, mut end) = (0, count);
        while first < end {
            let middle = first + (end - first) / 2;
            if self.commit_at(middle).or_damaged()?.0 < &low { first = middle + 1 } else { end = middle }
        }
        for place in first..count {
            let (hash, record, kind) = self.commit_at(place).or_damaged()?;
            if hash > &high {
                break;
            }
            found.entry(record).or_default().push(kind);
        }
        Ok(found)
    }

    fn commit_at(&self, place: usize) -> Option<(&[u8; COMMIT_BYTES], u32, EventKind)> {
        let mut from = self.bytes.cursor(Section::Commits, place.checked_mul(ENTRY_BYTES)?);
        let hash = from.take(COMMIT_BYTES)?.first_chunk()?;
        let event = u32::from_be_bytes(*from.take(4)?.first_chunk()?);
        Some((hash, event >> 2, event_kind((event & 3) as u8)?))
    }
}

/// The lowest and the highest stored hash that begin with what is written.
fn span(commit: &str) -> Option<([u8; COMMIT_BYTES], [u8; COMMIT_BYTES])> {
    let digits: Vec<u8> = commit.chars().map(|c| c.to_digit(16).map(|it| it as u8)).collect::<Option<_>>()?;
    if digits.len() < ABBREVIATION_MIN {
        return None;
    }
    let (mut low, mut high) = ([0x00; COMMIT_BYTES], [0xff; COMMIT_BYTES]);
    for (place, digit) in digits.iter().take(COMMIT_BYTES * 2).enumerate() {
        let shift = if place.is_multiple_of(2) { 4 } else { 0 };
        low[place / 2] |= digit << shift;
        high[place / 2] &= !(0x0f << shift) | digit << shift;
    }
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_spans_what_begins_with_it() {
        let (low, high) = span("abcdef1").unwrap();
        assert_eq!(
            (low[..4].to_vec(), high[..4].to_vec()),
            (vec![0xab, 0xcd, 0xef, 0x10], vec![0xab, 0xcd, 0xef, 0x1f])
        );
        assert_eq!(span("abc"), None);
        assert_eq!(span("main-branch"), None);
    }
}
