//! The advisories of a run: the database, and those of the project's own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use selvedge_advisories::{Coverage, Index, IndexError, Match, Query};
use selvedge_model::AdvisoryDatabase;
use selvedge_package::{Component, Ecosystem};

use super::SharedIndex;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The indexes that components are held against, the main one first.
#[derive(Default)]
pub struct Databases {
    indexes: Vec<SharedIndex>,
    /// What is covered, asked for each ecosystem and release once.
    covered: Mutex<BTreeMap<(Ecosystem, Option<String>), bool>>,
}

impl Databases {
    /// These indexes, the main one first.
    pub fn new(indexes: Vec<SharedIndex>) -> Self {
        Self { indexes, covered: Mutex::default() }
    }

    /// Whether there is no advisory at all.
    pub fn is_empty(&self) -> bool {
        self.indexes.is_empty()
    }

    /// The indexes, the main one first.
    pub fn indexes(&self) -> &[Arc<Index>] {
        &self.indexes
    }

    /// Every problem that is known of the component, each with the index that knows it.
    pub(crate) fn matches(&self, component: &Component) -> Result<Vec<(Match, &SharedIndex)>, IndexError> {
        let query = query(component);
        let mut all = Vec::new();
        for index in &self.indexes {
            all.extend(index.affected(&query)?.into_iter().map(|found| (found, index)));
        }
        Ok(all)
    }

    /// The lowest version above the component's that no index knows a problem of.
    pub(crate) fn lowest_clear(
        &self,
        component: &Component,
        matches: &[(Match, &SharedIndex)],
    ) -> Result<Option<String>, IndexError> {
        let query = query(component);
        let found: Vec<Match> = matches.iter().map(|(found, _)| found.clone()).collect();
        let Some(first) = self.indexes.first() else { return Ok(None) };
        let Some(candidate) = first.lowest_clear(&query, &found)? else { return Ok(None) };
        for index in &self.indexes[1..] {
            let again = Query { version: Some(&candidate), ..query };
            if index.affected(&again)?.iter().any(Match::is_affected) {
                return Ok(None);
            }
        }
        Ok(Some(candidate))
    }

    /// Whether any index has data for the component's ecosystem and release.
    pub(crate) fn covers(&self, component: &Component) -> bool {
        let key = (component.ecosystem, component.release.clone());
        let mut covered = self.covered.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = covered.get(&key) {
            return *known;
        }
        let (ecosystem, release) = (component.ecosystem.as_str(), component.release.as_deref());
        let answer = self.indexes.iter().any(|index| {
            index.coverage(ecosystem, release).is_ok_and(|coverage| coverage == Coverage::Covered)
        });
        covered.insert(key, answer);
        answer
    }

    /// What a report says about the main database; `None` if there is none.
    pub(crate) fn described(&self, now: i64) -> Result<Option<AdvisoryDatabase>, IndexError> {
        let Some(index) = self.indexes.first() else { return Ok(None) };
        let status = index.status()?;
        let created = status.origins.iter().map(|origin| origin.imported_at).max().unwrap_or_default();
        let mut advisories = status.records;
        for other in &self.indexes[1..] {
            advisories += other.status()?.records;
        }
        Ok(Some(AdvisoryDatabase {
            digest: blake3::Hash::from_bytes(index.digest()).to_hex().to_string(),
            advisories,
            created: day(created),
            age_days: u64::try_from((now - created) / DAY).unwrap_or_default(),
        }))
    }
}

fn query(component: &Component) -> Query<'_> {
    Query {
        ecosystem: component.ecosystem,
        ecosystem_name: None,
        release: component.release.as_deref(),
        name: &component.name,
        version: component.version.as_deref(),
    }
}

/// The UTC day of a time in seconds since 1970, by the civil-from-days algorithm of the proleptic Gregorian
/// calendar.
pub(crate) fn day(seconds: i64) -> String {
    let days = seconds.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(951_782_400), "2000-02-29");
        assert_eq!(day(1_764_000_000), "2025-11-24");
        assert_eq!(day(-1), "1969-12-31");
    }
}
