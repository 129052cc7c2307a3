//! What two indexes say differently: the packages to look at again when a new one has come.

use std::cmp::Ordering;

use xxhash_rust::xxh3::xxh3_64;

use crate::index::format::Section;
use crate::index::table::Walk;
use crate::index::varint::put_u64;
use crate::index::{Index, IndexError, OrDamaged, body, record};
use crate::key::split_key;

/// A package of which the advisories changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangedPackage {
    /// Ecosystem in the OSV schema's words, without release.
    pub ecosystem: String,
    /// Name as keys write it.
    pub name: String,
    /// Release of a distribution; empty where there is none.
    pub release: String,
}

/// Packages whose advisories differ between two indexes, sorted. Both are walked once, in step.
pub fn changed_packages(old: &Index, new: &Index) -> Result<Vec<ChangedPackage>, IndexError> {
    let (old_marks, new_marks) = (old.record_marks()?, new.record_marks()?);
    let (mut left, mut right) = (old.keys()?.from(b"").or_damaged()?, new.keys()?.from(b"").or_damaged()?);
    let (mut a, mut b) = (left.advance().or_damaged()?, right.advance().or_damaged()?);
    let mut changed = Vec::new();
    loop {
        let order = match (a, b) {
            (None, None) => return Ok(changed),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), Some(_)) => left.text.cmp(&right.text),
        };
        let is_changed = match (order, a, b) {
            (Ordering::Equal, Some(a), Some(b)) => {
                old.rows_mark(a, &old_marks)? != new.rows_mark(b, &new_marks)?
            }
            _ => true,
        };
        if is_changed {
            push(&mut changed, if order == Ordering::Greater { &right } else { &left }).or_damaged()?;
        }
        if order != Ordering::Greater {
            a = left.advance().or_damaged()?;
        }
        if order != Ordering::Less {
            b = right.advance().or_damaged()?;
        }
    }
}

fn push(changed: &mut Vec<ChangedPackage>, walk: &Walk<'_>) -> Option<()> {
    let (ecosystem, name, release) = split_key(&walk.text)?;
    changed.push(ChangedPackage {
        ecosystem: ecosystem.to_owned(),
        name: name.to_owned(),
        release: release.to_owned(),
    });
    Some(())
}

impl Index {
    /// A hash for each record over its id and when it was changed. Records lie in the order of their ids,
    /// so that one walk over the ids names them all.
    fn record_marks(&self) -> Result<Vec<u64>, IndexError> {
        let mut marks = Vec::with_capacity(self.record_count() as usize);
        let mut ids = self.ids()?.from(b"").or_damaged()?;
        let mut rank = None;
        for number in 0..self.record_count() {
            let (id, modified) = record::head_and_time(&self.bytes, number).or_damaged()?;
            while rank.is_none_or(|rank| rank < id) {
                ids.advance().or_damaged()?.or_damaged()?;
                rank = Some(rank.map_or(0, |rank| rank + 1));
            }
            let mut bytes = ids.text.clone();
            put_u64(&mut bytes, modified);
            marks.push(xxh3_64(&bytes));
        }
        Ok(marks)
    }

    /// A hash over the rows of a key: records, and what they say about versions.
    fn rows_mark(&self, postings: u64, marks: &[u64]) -> Result<u64, IndexError> {
        let mut bytes = Vec::new();
        for (record, body) in self.postings(postings).or_damaged()? {
            let mark = marks.get(record as usize).or_damaged()?;
            bytes.extend_from_slice(&mark.to_le_bytes());
            let mut cursor = self.bytes.cursor(Section::Bodies, body as usize);
            let start = cursor.position();
            body::skip(&mut cursor).or_damaged()?;
            let length = cursor.position() - start;
            let said = self.bytes.slice(Section::Bodies, body as usize, length).or_damaged()?;
            bytes.extend_from_slice(&xxh3_64(said).to_le_bytes());
        }
        Ok(xxh3_64(&bytes))
    }
}
