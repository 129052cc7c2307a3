//! Whether a package is affected, by what, why, and what would help.

mod commit;

use std::collections::{BTreeMap, BTreeSet};

use selvedge_package::Ecosystem;

use crate::cve::Cve;
use crate::index::body::{self, Asked, Doubt, HAS_EXTRAS, Outcome};
use crate::index::format::Section;
use crate::index::record::{optional, scores, words};
use crate::index::varint::Read;
use crate::index::{Cursor, Index, IndexError, OrDamaged};
use crate::key;
use crate::record::{EventKind, Informational, RangeKind, SeverityScore, Source, Symbols, source_of};

/// Most versions that are tried to find a clear one.
const CANDIDATES_MAX: usize = 200;

/// Most symbols of one entry that are read.
const SYMBOLS_MAX: u64 = 1_000_000;

/// What is asked about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// Its name for [`Ecosystem::Other`].
    pub ecosystem_name: Option<&'a str>,
    /// Release of a distribution, as OSV writes it after the colon.
    pub release: Option<&'a str>,
    /// Name of the package.
    pub name: &'a str,
    /// The exact version; without one every advisory that is not about all versions is doubtful.
    pub version: Option<&'a str>,
}

impl<'a> Query<'a> {
    /// A package of an ecosystem without releases.
    pub fn new(ecosystem: Ecosystem, name: &'a str, version: &'a str) -> Self {
        Self { ecosystem, name, version: Some(version), ..Self::default() }
    }

    fn ecosystem_text(&self) -> &'a str {
        match (self.ecosystem, self.ecosystem_name) {
            (Ecosystem::Other, Some(name)) => name,
            (known, _) => known.as_str(),
        }
    }
}

/// Why a version counts as affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The advisory lists the version.
    Listed,
    /// It lies in a range.
    Range {
        /// Where the range begins; `0` is before everything.
        since: String,
        /// Where it ends, if it does: the first version not affected, or the last one affected.
        until: Option<(EventKind, String)>,
        /// How the range is ordered, in the schema's words.
        kind: RangeKind,
        /// The rules that compared: `semver`, `pep440`, `debian` …
        comparer: &'static str,
    },
    /// The commit is one at which a range begins or ends.
    Commit(EventKind),
}

/// Whether it is affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is, and why.
    Affected(Why),
    /// It cannot be told, and why.
    Unknown(Doubt),
}

/// What one record says about the package.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordMatch {
    /// Its id.
    pub id: String,
    /// Its number, for [`Index::json`].
    pub number: u32,
    /// Whether and why it matched.
    pub verdict: Verdict,
    /// Versions above the current one that it does not affect, lowest first.
    pub fixed: Vec<String>,
    /// Scores: those of the package where there are any, else those of the record.
    pub severity: Vec<SeverityScore>,
    /// The publisher's own word.
    pub severity_word: Option<String>,
    /// Whether it says that the package is an attack.
    pub malicious: bool,
    /// A notice that is no vulnerability.
    pub informational: Option<Informational>,
    /// What in the package is affected, where stated.
    pub symbols: Vec<Symbols>,
    /// Operating systems to which it is limited; none named means all.
    pub systems: Vec<String>,
    /// Architectures to which it is limited; none named means all.
    pub architectures: Vec<String>,
    /// When it was changed, in seconds since 1970.
    pub modified: i64,
    /// Licence of the record's text.
    pub license: String,
    /// CVEs that a distribution's record was made from or is about.
    pub upstream: Vec<String>,
    /// The release whose advisory it is, for distributions.
    pub release: Option<String>,
}

impl RecordMatch {
    /// The database that published it.
    pub fn source(&self) -> Option<&'static Source> {
        source_of(&self.id)
    }

    /// Whether it would be sure if the release of the distribution were known.
    pub fn release_is_open(&self) -> bool {
        self.verdict == Verdict::Unknown(Doubt::Release)
    }
}

/// One problem: everything that records with common aliases say about the package.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The id to show: of the ecosystem's own database, else GitHub's, else the first.
    pub id: String,
    /// Every id of the problem, sorted.
    pub ids: Vec<String>,
    /// The records that matched, the one that is shown first.
    pub records: Vec<RecordMatch>,
    /// The lowest version above the current one that none of the records affects.
    pub fixed: Option<String>,
}

impl Match {
    /// Whether one of the records is sure.
    pub fn is_affected(&self) -> bool {
        self.records.iter().any(|record| matches!(record.verdict, Verdict::Affected(_)))
    }

    /// The verdict of the surest record.
    pub fn verdict(&self) -> &Verdict {
        let sure = self.records.iter().find(|record| matches!(record.verdict, Verdict::Affected(_)));
        &sure.or(self.records.first()).expect("a match has a record").verdict
    }

    /// Whether the package is an attack.
    pub fn is_malicious(&self) -> bool {
        self.records.iter().any(|record| record.malicious)
    }

    /// The kind of notice, if every record is one.
    pub fn informational(&self) -> Option<&Informational> {
        let is_notice = self.records.iter().all(|record| record.informational.is_some());
        self.records.first().filter(|_| is_notice)?.informational.as_ref()
    }

    /// The CVEs that EPSS and KEV are asked about: those among the ids, else those that the records were
    /// made from.
    pub fn cves(&self) -> Vec<Cve> {
        let parse = |ids: &[String]| ids.iter().filter_map(|id| id.parse().ok()).collect::<Vec<Cve>>();
        let own = parse(&self.ids);
        if !own.is_empty() {
            return own;
        }
        let mut behind: Vec<Cve> = self.records.iter().flat_map(|record| parse(&record.upstream)).collect();
        behind.sort_unstable();
        behind.dedup();
        behind
    }
}

/// A row that says something, as it is met.
struct Row<'r, 's> {
    record: u32,
    body: u32,
    release: Option<&'r str>,
    /// Whether the release is the row's and was not asked for.
    is_release_open: bool,
    outcome: Outcome<'s>,
}

/// A row that matched, before it is decoded.
struct Hit {
    record: u32,
    /// Absent if only a commit led to the record.
    body: Option<u32>,
    release: Option<String>,
    verdict: Verdict,
}

impl Index {
    /// Everything known about a package at a version, by id. Nothing found is an empty list; whether
    /// anything could have been found is [`Index::coverage`].
    pub fn affected(&self, query: &Query<'_>) -> Result<Vec<Match>, IndexError> {
        let asked = Asked::new(query.ecosystem, query.version.unwrap_or_default());
        let hits = self.hits(query, &asked)?;
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        self.matches(query.ecosystem, &asked, hits)
    }

    /// How many records say something about the package at its version, unknown ones included. Nothing of
    /// them is read: this is the quick way to ask whether there is anything to look at.
    pub fn count(&self, query: &Query<'_>) -> Result<usize, IndexError> {
        let asked = Asked::new(query.ecosystem, query.version.unwrap_or_default());
        let mut count = 0;
        self.visit(query, &asked, &mut |_| count += 1)?;
        Ok(count)
    }

    /// The lowest version above the current one that no advisory is known to affect; `None` if there is none,
    /// or nothing is known about the current one. Where a fix is affected by something else, the fixes of
    /// that are tried too.
    pub fn lowest_clear(&self, query: &Query<'_>, matches: &[Match]) -> Result<Option<String>, IndexError> {
        let mut pending = fixes_of(query.ecosystem, matches);
        let mut tried = BTreeSet::new();
        while let Some(candidate) = pending.first().cloned() {
            pending.remove(0);
            if tried.len() >= CANDIDATES_MAX || !tried.insert(candidate.clone()) {
                continue;
            }
            let found = self.affected(&Query { version: Some(&candidate), ..*query })?;
            if !found.iter().any(Match::is_affected) {
                return Ok(Some(candidate));
            }
            pending.extend(fixes_of(query.ecosystem, &found));
            sort_versions(query.ecosystem, &mut pending);
        }
        Ok(None)
    }

    fn hits(&self, query: &Query<'_>, asked: &Asked<'_>) -> Result<Vec<Hit>, IndexError> {
        let mut hits = Vec::new();
        self.visit(query, asked, &mut |row| {
            // Without a release nothing is sure: what is fixed in one may be open in another.
            let verdict = if row.is_release_open {
                Verdict::Unknown(Doubt::Release)
            } else {
                verdict(query.ecosystem, asked, row.outcome)
            };
            let release = row.release.map(str::to_owned);
            hits.push(Hit { record: row.record, body: Some(row.body), release, verdict });
        })?;
        Ok(hits)
    }

    /// Calls `each` with every row that says something about the package at its version.
    fn visit<'s>(
        &'s self,
        query: &Query<'_>,
        asked: &Asked<'_>,
        each: &mut impl FnMut(Row<'_, 's>),
    ) -> Result<(), IndexError> {
        let ecosystem = query.ecosystem_text();
        let name = key::name(query.ecosystem, query.name);
        let release = query.release.map(|it| key::release(query.ecosystem, it));
        if release.is_none() && query.ecosystem.is_distribution() {
            return self.visit_all_releases(&key::key(ecosystem, &name, None), asked, each);
        }
        let mut key = key::key(ecosystem, &name, release.as_deref());
        let keys = self.keys()?;
        if let Some((_, postings)) = keys.find(&key).or_damaged()? {
            self.visit_rows(postings, asked, release.as_deref(), false, each)?;
        }
        if let Some(release) = &release {
            // Some advisories of a distribution hold for all of its releases.
            key.truncate(key.len() - release.len());
            if let Some((_, postings)) = keys.find(&key).or_damaged()? {
                self.visit_rows(postings, asked, None, false, each)?;
            }
        }
        Ok(())
    }

    fn visit_all_releases<'s>(
        &'s self,
        prefix: &[u8],
        asked: &Asked<'_>,
        each: &mut impl FnMut(Row<'_, 's>),
    ) -> Result<(), IndexError> {
        let mut walk = self.keys()?.from(prefix).or_damaged()?;
        while let Some(postings) = walk.advance().or_damaged()? {
            let Some(release) = walk.text.strip_prefix(prefix) else { break };
            let release = std::str::from_utf8(release).ok().or_damaged()?;
            let named = Some(release).filter(|release| !release.is_empty());
            self.visit_rows(postings, asked, named, named.is_some(), each)?;
        }
        Ok(())
    }

    /// Records and bodies of a key.
    pub(crate) fn postings(&self, place: u64) -> Option<Vec<(u32, u32)>> {
        let mut from = self.bytes.cursor(Section::Postings, usize::try_from(place).ok()?);
        let mut record = 0u32;
        (0..from.u64()?)
            .map(|_| {
                record = record.checked_add(from.u32()?)?;
                Some((record, from.u32()?))
            })
            .collect()
    }

    fn visit_rows<'s>(
        &'s self,
        postings: u64,
        asked: &Asked<'_>,
        release: Option<&str>,
        is_release_open: bool,
        each: &mut impl FnMut(Row<'_, 's>),
    ) -> Result<(), IndexError> {
        let mut from = self.bytes.cursor(Section::Postings, postings as usize);
        let count = from.u64().or_damaged()?;
        let mut record = 0u32;
        for _ in 0..count {
            record = from.u32().and_then(|step| record.checked_add(step)).or_damaged()?;
            let body = from.u32().or_damaged()?;
            let mut cursor = self.bytes.cursor(Section::Bodies, body as usize);
            let outcome = body::evaluate(&mut cursor, asked).or_damaged()?;
            if outcome != Outcome::Unaffected {
                each(Row { record, body, release, is_release_open, outcome });
            }
        }
        Ok(())
    }

    /// Decodes hits and puts those of one problem together.
    fn matches(
        &self,
        ecosystem: Ecosystem,
        asked: &Asked<'_>,
        hits: Vec<Hit>,
    ) -> Result<Vec<Match>, IndexError> {
        // A problem is known by its group, or by its record if that stands alone.
        let mut problems: BTreeMap<(u32, u32), Vec<Hit>> = BTreeMap::new();
        for hit in hits {
            let (_, group) = crate::index::record::head(&self.bytes, hit.record).or_damaged()?;
            let alone = if group == 0 { hit.record + 1 } else { 0 };
            problems.entry((group, alone)).or_default().push(hit);
        }
        let mut matches = Vec::with_capacity(problems.len());
        for ((group, _), hits) in problems {
            matches.push(self.problem(group, ecosystem, asked, hits)?);
        }
        matches.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(matches)
    }

    fn problem(
        &self,
        group: u32,
        ecosystem: Ecosystem,
        asked: &Asked<'_>,
        hits: Vec<Hit>,
    ) -> Result<Match, IndexError> {
        let bodies: Vec<u32> = hits.iter().filter_map(|hit| hit.body).collect();
        let mut records = Vec::with_capacity(hits.len());
        for hit in hits {
            records.push(self.record_match(ecosystem, asked, hit)?);
        }
        records.sort_by_key(|record| {
            let doubt = matches!(record.verdict, Verdict::Unknown(_));
            (rank_of(ecosystem, &record.id), record.id.clone(), doubt, record.release.clone())
        });
        let fixed = self.common_fix(ecosystem, &bodies, &records)?;
        // One row for a record, whatever ranges or releases led to it.
        records.dedup_by(|later, earlier| later.id == earlier.id);
        let id = records.first().map(|record| record.id.clone()).unwrap_or_default();
        let ids = match group {
            0 => vec![id.clone()],
            group => self.group(group)?.0.into_iter().map(|rank| self.id(rank)).collect::<Result<_, _>>()?,
        };
        Ok(Match { id, ids, records, fixed })
    }

    /// The lowest fix of one record that none of the others affects.
    fn common_fix(
        &self,
        ecosystem: Ecosystem,
        bodies: &[u32],
        records: &[RecordMatch],
    ) -> Result<Option<String>, IndexError> {
        let mut candidates: Vec<String> = records.iter().flat_map(|record| record.fixed.clone()).collect();
        sort_versions(ecosystem, &mut candidates);
        'candidates: for candidate in candidates {
            let asked = Asked::new(ecosystem, &candidate);
            for place in bodies {
                let mut from = self.bytes.cursor(Section::Bodies, *place as usize);
                if body::evaluate(&mut from, &asked).or_damaged()? != Outcome::Unaffected {
                    continue 'candidates;
                }
            }
            return Ok(Some(candidate));
        }
        Ok(None)
    }

    fn record_match(
        &self,
        ecosystem: Ecosystem,
        asked: &Asked<'_>,
        hit: Hit,
    ) -> Result<RecordMatch, IndexError> {
        let entry = self.entry(hit.record)?;
        let id = self.id(entry.id)?;
        let body = hit.body.map(|body| self.bytes.cursor(Section::Bodies, body as usize));
        let fixed = match &body {
            Some(body) => body::fixes(body, asked, ecosystem).or_damaged()?,
            None => Vec::new(),
        };
        let fixed = fixed.into_iter().map(str::to_owned).collect();
        let names = |ranks: &[u32]| ranks.iter().map(|rank| self.id(*rank)).collect::<Result<Vec<_>, _>>();
        let mut upstream = names(&entry.upstream)?;
        if upstream.is_empty() && ecosystem.is_distribution() {
            upstream = names(&entry.related)?;
        }
        let license = entry
            .license
            .unwrap_or_else(|| source_of(&id).map(|it| it.license.to_owned()).unwrap_or_default());
        let mut found = RecordMatch {
            id,
            number: hit.record,
            verdict: hit.verdict,
            fixed,
            severity: entry.severity,
            severity_word: entry.severity_word,
            malicious: entry.malicious,
            informational: None,
            symbols: Vec::new(),
            systems: Vec::new(),
            architectures: Vec::new(),
            modified: entry.modified,
            license,
            upstream,
            release: hit.release,
        };
        if let Some(body) = body {
            self.add_extras(body, &mut found).or_damaged()?;
        }
        Ok(found)
    }

    fn add_extras(&self, mut from: Cursor<'_>, found: &mut RecordMatch) -> Option<()> {
        if from.clone().u64()? & HAS_EXTRAS == 0 {
            return Some(());
        }
        body::skip(&mut from)?;
        let severity = scores(&self.bytes, &mut from)?;
        if !severity.is_empty() {
            found.severity = severity;
        }
        if let Some(word) = optional(&self.bytes, &mut from)? {
            found.severity_word = Some(word);
        }
        found.informational = optional(&self.bytes, &mut from)?.map(|word| Informational::from_word(&word));
        found.systems = words(&self.bytes, &mut from)?;
        found.architectures = words(&self.bytes, &mut from)?;
        let count = from.u64().filter(|count| *count <= SYMBOLS_MAX)?;
        for _ in 0..count {
            let path = from.text()?.to_owned();
            let names = from.u64().filter(|count| *count <= SYMBOLS_MAX)?;
            let names = (0..names).map(|_| from.text().map(str::to_owned)).collect::<Option<_>>()?;
            found.symbols.push(Symbols { path, names });
        }
        Some(())
    }
}

/// Every fix that records name, lowest first.
fn fixes_of(ecosystem: Ecosystem, matches: &[Match]) -> Vec<String> {
    let records = matches.iter().flat_map(|found| &found.records);
    let mut fixes: Vec<String> = records.flat_map(|record| record.fixed.clone()).collect();
    sort_versions(ecosystem, &mut fixes);
    fixes
}

/// Sorts by the order of the ecosystem, each version once; what has no place in it comes last.
fn sort_versions(ecosystem: Ecosystem, versions: &mut Vec<String>) {
    versions.sort_by(|a, b| match (ecosystem.parse_version(a).ok(), ecosystem.parse_version(b).ok()) {
        (Some(left), Some(right)) => left.cmp(&right).then_with(|| a.cmp(b)),
        (left, right) => right.is_some().cmp(&left.is_some()).then_with(|| a.cmp(b)),
    });
    versions.dedup();
}

/// Which record of a problem is shown: of the ecosystem's own database, then GitHub's, then the others.
fn rank_of(ecosystem: Ecosystem, id: &str) -> u8 {
    match source_of(id) {
        Some(source) if source.prefix == "MAL-" => 0,
        Some(source) if source.home == Some(ecosystem) => 1,
        Some(source) if source.prefix == "GHSA-" => 2,
        _ => 3,
    }
}

fn verdict(ecosystem: Ecosystem, asked: &Asked<'_>, outcome: Outcome<'_>) -> Verdict {
    match outcome {
        Outcome::Unaffected => unreachable!("the caller asks about what matched"),
        Outcome::Listed => Verdict::Affected(Why::Listed),
        Outcome::Unknown(doubt) => Verdict::Unknown(doubt),
        Outcome::InRange { since, until, kind } => {
            if let Some((EventKind::Fixed, fixed)) = until
                && ecosystem.purl_type() == "rpm"
                && is_module(fixed) != is_module(asked.text)
            {
                return Verdict::Unknown(Doubt::Module);
            }
            Verdict::Affected(Why::Range {
                since: since.to_owned(),
                until: until.map(|(kind, version)| (kind, version.to_owned())),
                kind,
                comparer: body::order_of(ecosystem, kind).map_or("none", |order| order.as_str()),
            })
        }
    }
}

/// Whether an RPM release says that the package was built in a module stream: `….module_el8.6.0+2872`.
fn is_module(version: &str) -> bool {
    version.contains(".module")
}
