//! What is affected: ranges and listed versions, in the form in which they are evaluated.
//!
//! ```text
//! flags, number of ranges, ranges, listed versions, extras
//! range   (number of events << 2 | unusable << 1 | ecosystem), events in ascending order, limits last
//! event   (length << 2 | kind), version; an introduced without length is `0`
//! ```
//!
//! Evaluation follows the OSV schema, section "Evaluation": a version is affected if it is listed or lies in
//! one of the ranges. It reads only as far as it must and allocates nothing.

use std::cell::OnceCell;
use std::cmp::Ordering;

use selvedge_package::{Ecosystem, EventVersion, Version, VersionOrder};

use super::varint::{Read, put_bytes, put_u64};
use crate::record::{Affected, Event, EventKind, RangeKind};

/// The entry also has git ranges, which need a repository.
const HAS_GIT: u64 = 1;
/// Scores, symbols or limits to platforms follow.
pub(crate) const HAS_EXTRAS: u64 = 2;
/// The record names the package and nothing about versions.
const SAYS_NOTHING: u64 = 4;

/// Why a version is affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome<'a> {
    /// It is not.
    Unaffected,
    /// It is listed.
    Listed,
    /// It lies in a range.
    InRange {
        /// Where the range begins.
        since: &'a str,
        /// Where it ends, if it does.
        until: Option<(EventKind, &'a str)>,
        /// How the range is ordered.
        kind: RangeKind,
    },
    /// It cannot be told.
    Unknown(Doubt),
}

/// Why it cannot be told whether a version is affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The version is none by the rules of its ecosystem, or is not known.
    Version,
    /// The advisory's range is none by the rules of the ecosystem, or it states no versions.
    Range,
    /// Only the history of the git repository can tell.
    History,
    /// The fix is for a module stream of the distribution; the package is not built from one.
    Module,
    /// The release of the distribution is not known.
    Release,
}

impl Doubt {
    /// A sentence for the reader.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version => "the version cannot be compared",
            Self::Range => "the advisory's range cannot be evaluated",
            Self::History => "only the history of the repository can tell",
            Self::Module => "the fix is for a module stream",
            Self::Release => "the release of the distribution is not known",
        }
    }
}

/// The version that is asked about, read once for all orders.
pub(crate) struct Asked<'a> {
    /// As written.
    pub(crate) text: &'a str,
    own: Option<Version<'a>>,
    /// Read when the first SEMVER range is met that does not follow the ecosystem's own order.
    semver: OnceCell<Option<Version<'a>>>,
    order: Option<VersionOrder>,
    semver_order: VersionOrder,
}

impl<'a> Asked<'a> {
    /// Reads a version of an ecosystem.
    pub(crate) fn new(ecosystem: Ecosystem, text: &'a str) -> Self {
        let order = ecosystem.version_order();
        let semver_order = order_of(ecosystem, RangeKind::Semver).expect("SEMVER always has an order");
        let own = order.and_then(|order| order.parse(text).ok());
        Self { text, own, semver: OnceCell::new(), order, semver_order }
    }

    #[inline]
    fn by(&self, kind: RangeKind) -> (Option<VersionOrder>, Option<Version<'a>>) {
        match kind {
            RangeKind::Semver if self.order == Some(self.semver_order) => (self.order, self.own),
            RangeKind::Semver => {
                let version = self.semver.get_or_init(|| self.semver_order.parse(self.text).ok());
                (Some(self.semver_order), *version)
            }
            RangeKind::Ecosystem | RangeKind::Git => (self.order, self.own),
        }
    }

    /// Whether a listed version is this one.
    fn is(&self, listed: &str) -> bool {
        if listed == self.text {
            return true;
        }
        let Some(own) = self.own else { return false };
        self.order.and_then(|order| order.parse(listed).ok()).is_some_and(|it| it == own)
    }
}

/// The order of a range. A SEMVER range of an ecosystem that has rules of its own is read as Semantic
/// Versioning; Go, npm and their like read it by their own reading of that.
pub(crate) fn order_of(ecosystem: Ecosystem, kind: RangeKind) -> Option<VersionOrder> {
    let own = ecosystem.version_order();
    match kind {
        RangeKind::Semver => match own {
            Some(VersionOrder::Go | VersionOrder::SemVerWithBuild) => own,
            _ => Some(VersionOrder::SemVer),
        },
        RangeKind::Ecosystem | RangeKind::Git => own,
    }
}

/// Encodes an entry up to its extras. The second value says what is wrong with it.
pub(crate) fn encode(affected: &Affected, has_extras: bool) -> (Vec<u8>, Vec<&'static str>) {
    let mut problems = Vec::new();
    let ordered: Vec<_> = affected.ranges.iter().filter(|range| range.kind != RangeKind::Git).collect();
    let mut ranges = Vec::new();
    let beginning = Event { kind: EventKind::Introduced, version: "0".to_owned() };
    for range in &ordered {
        put_range(&mut ranges, affected.ecosystem, range.kind, &range.events, &beginning, &mut problems);
    }
    let has_git = ordered.len() < affected.ranges.len();
    let says_nothing = affected.ranges.is_empty() && affected.versions.is_empty();
    let mut flags = 0;
    flags |= if has_git { HAS_GIT } else { 0 };
    flags |= if has_extras { HAS_EXTRAS } else { 0 };
    flags |= if says_nothing { SAYS_NOTHING } else { 0 };
    if says_nothing {
        problems.push("an entry of `affected` states no versions: every version counts as possibly affected");
    }
    let mut out = Vec::new();
    put_u64(&mut out, flags);
    put_u64(&mut out, ordered.len() as u64);
    out.extend_from_slice(&ranges);
    let listed = uncovered(affected, &out);
    put_versions(&mut out, &listed);
    (out, problems)
}

/// The listed versions that no range covers, sorted. What is covered need not be stored.
fn uncovered<'a>(affected: &'a Affected, head: &[u8]) -> Vec<&'a str> {
    let mut ranges_only = head.to_vec();
    put_versions(&mut ranges_only, &[]);
    let mut listed: Vec<&str> = affected
        .versions
        .iter()
        .map(String::as_str)
        .filter(|version| {
            let asked = Asked::new(affected.ecosystem, version);
            // A version that cannot be read would be compared by its text only: it has to stay.
            let outcome = evaluate(&mut super::varint::Slice::new(&ranges_only), &asked);
            asked.own.is_none() || !matches!(outcome, Some(Outcome::InRange { .. }))
        })
        .collect();
    listed.sort_unstable();
    listed.dedup();
    listed
}

fn put_range<'a>(
    out: &mut Vec<u8>,
    ecosystem: Ecosystem,
    kind: RangeKind,
    events: &'a [Event],
    beginning: &'a Event,
    problems: &mut Vec<&'static str>,
) {
    let order = order_of(ecosystem, kind);
    let (limits, mut events): (Vec<_>, Vec<_>) = events.iter().partition(|it| it.kind == EventKind::Limit);
    if !events.iter().any(|event| event.kind == EventKind::Introduced) {
        // Also without any event: the range then is from the beginning on, without an end.
        if !events.is_empty() {
            problems.push("a range has no beginning: it counts from the first version");
        }
        events.insert(0, beginning);
    }
    let place = |event: &'a Event| order.and_then(|order| order.parse_event(&event.version).ok());
    let limits: Vec<_> = limits.into_iter().filter(|limit| limit.version != "*").collect();
    let whole = matches!(events.as_slice(), [only] if only.version == "0") && limits.is_empty();
    let usable = whole || events.iter().chain(&limits).all(|event| place(event).is_some());
    if usable && !whole {
        events.sort_by(|a, b| place(a).cmp(&place(b)));
        if events[0].kind != EventKind::Introduced {
            problems.push("a range ends before it begins: it counts from its beginning on, without an end");
        }
    }
    if !usable && order.is_some() {
        problems.push("a range has a version that cannot be compared: what it says counts as possible");
    }
    let count = events.len() + limits.len();
    let is_ecosystem = u64::from(kind == RangeKind::Ecosystem);
    put_u64(out, (count as u64) << 2 | u64::from(!usable) << 1 | is_ecosystem);
    for event in events.into_iter().chain(limits) {
        let version =
            if event.kind == EventKind::Introduced && event.version == "0" { "" } else { &event.version };
        put_u64(out, (version.len() as u64) << 2 | event.kind as u64);
        out.extend_from_slice(version.as_bytes());
    }
}

/// Sorted strings, each as the length it shares with the one before, and the rest.
fn put_versions(out: &mut Vec<u8>, versions: &[&str]) {
    put_u64(out, versions.len() as u64);
    let mut previous = "";
    for version in versions {
        let shared = previous.bytes().zip(version.bytes()).take_while(|(a, b)| a == b).count();
        put_u64(out, shared as u64);
        put_bytes(out, &version.as_bytes()[shared..]);
        previous = version;
    }
}

/// Reads an event.
#[inline]
fn event<'a>(from: &mut impl Read<'a>) -> Option<(EventKind, &'a str)> {
    let head = from.u64()?;
    let kind = match head & 3 {
        0 => EventKind::Introduced,
        1 => EventKind::Fixed,
        2 => EventKind::LastAffected,
        _ => EventKind::Limit,
    };
    let version = std::str::from_utf8(from.take((head >> 2) as usize)?).ok()?;
    Some((kind, if version.is_empty() { "0" } else { version }))
}

/// Whether a version is affected by the entry that `from` reads. `None` is damage.
pub(crate) fn evaluate<'a>(from: &mut impl Read<'a>, asked: &Asked<'_>) -> Option<Outcome<'a>> {
    let flags = from.u64()?;
    let ranges = from.u64()?;
    let mut doubt = if flags & SAYS_NOTHING != 0 { Some(Doubt::Range) } else { None };
    let mut found = None;
    for _ in 0..ranges {
        match range(from, asked)? {
            Outcome::Unaffected | Outcome::Listed => {}
            Outcome::Unknown(why) => doubt = Some(doubt.map_or(why, |other| other.min(why))),
            in_range @ Outcome::InRange { .. } => found = found.or(Some(in_range)),
        }
    }
    if let Some(found) = found {
        return Some(found);
    }
    let listed = from.u64()?;
    if is_listed(from, listed, asked)? {
        return Some(Outcome::Listed);
    }
    if flags & HAS_GIT != 0 && ranges == 0 && listed == 0 {
        doubt = doubt.or(Some(Doubt::History));
    }
    Some(doubt.map_or(Outcome::Unaffected, Outcome::Unknown))
}

/// Reads up to the extras.
pub(crate) fn skip<'a>(from: &mut impl Read<'a>) -> Option<()> {
    from.u64()?;
    for _ in 0..from.u64()? {
        for _ in 0..from.u64()? >> 2 {
            event(from)?;
        }
    }
    for _ in 0..from.u64()? {
        from.u64()?;
        from.bytes()?;
    }
    Some(())
}

fn range<'a>(from: &mut impl Read<'a>, asked: &Asked<'_>) -> Option<Outcome<'a>> {
    let head = from.u64()?;
    let (count, unusable) = (head >> 2, head & 2 != 0);
    let kind = if head & 1 == 0 { RangeKind::Semver } else { RangeKind::Ecosystem };
    let (order, version) = asked.by(kind);
    let mut walk = RangeWalk::default();
    let mut only = None;
    for _ in 0..count {
        let (what, text) = event(from)?;
        only = (count == 1 && what == EventKind::Introduced && text == "0").then_some(text);
        if let (Some(order), Some(version), false) = (order, version, unusable) {
            walk.step(what, text, order, version);
        }
    }
    // Everything is affected: no version needs to be read for that.
    if let Some(since) = only {
        return Some(Outcome::InRange { since, until: None, kind });
    }
    if unusable {
        return Some(Outcome::Unknown(Doubt::Range));
    }
    if order.is_none() || version.is_none() {
        return Some(Outcome::Unknown(if order.is_none() { Doubt::Range } else { Doubt::Version }));
    }
    Some(walk.outcome(kind))
}

/// How the version stands to an event.
#[inline]
fn compare(version: Version<'_>, event: EventVersion<'_>) -> Ordering {
    match event {
        EventVersion::Beginning => Ordering::Greater,
        EventVersion::At(at) => version.cmp(&at),
    }
}

/// A walk over the events of a range in their order.
#[derive(Default)]
struct RangeWalk<'a> {
    since: Option<&'a str>,
    until: Option<(EventKind, &'a str)>,
    limited: Option<bool>,
    broken: bool,
    /// Whether an event after the version has been met; all later ones but limits are after it too.
    has_passed: bool,
}

impl<'a> RangeWalk<'a> {
    #[inline]
    fn step(&mut self, kind: EventKind, text: &'a str, order: VersionOrder, version: Version<'_>) {
        let ordering = if self.has_passed && kind != EventKind::Limit {
            Ordering::Less
        } else if let Ok(at) = order.parse_event(text) {
            compare(version, at)
        } else {
            self.broken = true;
            return;
        };
        self.has_passed |= ordering.is_lt() && kind != EventKind::Limit;
        match kind {
            EventKind::Introduced if ordering.is_ge() => self.since = Some(text),
            EventKind::Fixed if ordering.is_ge() => self.since = None,
            EventKind::LastAffected if ordering.is_gt() => self.since = None,
            EventKind::Introduced => {}
            EventKind::Fixed | EventKind::LastAffected => self.until = self.until.or(Some((kind, text))),
            EventKind::Limit => {
                self.limited = Some(self.limited.unwrap_or(false) || ordering.is_lt());
                if ordering.is_lt() {
                    self.until = self.until.or(Some((kind, text)));
                }
            }
        }
    }

    fn outcome(self, kind: RangeKind) -> Outcome<'a> {
        if self.broken {
            return Outcome::Unknown(Doubt::Range);
        }
        match self.since {
            Some(since) if self.limited != Some(false) => Outcome::InRange { since, until: self.until, kind },
            _ => Outcome::Unaffected,
        }
    }
}

/// Fixed versions of the entry that are above the version and not affected themselves, lowest first.
pub(crate) fn fixes<'a, R: Read<'a> + Clone>(
    from: &R,
    asked: &Asked<'_>,
    ecosystem: Ecosystem,
) -> Option<Vec<&'a str>> {
    let mut reader = from.clone();
    reader.u64()?;
    let ranges = reader.u64()?;
    let mut found: Vec<(Version<'a>, &'a str)> = Vec::new();
    for _ in 0..ranges {
        let head = reader.u64()?;
        let kind = if head & 1 == 0 { RangeKind::Semver } else { RangeKind::Ecosystem };
        let (order, version) = asked.by(kind);
        for _ in 0..head >> 2 {
            let (what, text) = event(&mut reader)?;
            let Some(fixed) = order.and_then(|order| order.parse(text).ok()) else { continue };
            let is_above = version.is_none_or(|version| fixed > version);
            if what == EventKind::Fixed && is_above {
                found.push((fixed, text));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    found.dedup_by(|a, b| a.1 == b.1);
    let mut fixes = Vec::new();
    for (_, text) in found {
        if evaluate(&mut from.clone(), &Asked::new(ecosystem, text))? == Outcome::Unaffected {
            fixes.push(text);
        }
    }
    Some(fixes)
}

/// Whether the version is among the listed ones.
fn is_listed<'a>(from: &mut impl Read<'a>, count: u64, asked: &Asked<'_>) -> Option<bool> {
    let mut text: Vec<u8> = Vec::new();
    for _ in 0..count {
        let shared = usize::try_from(from.u64()?).ok()?;
        let rest = from.bytes()?;
        (shared <= text.len()).then_some(())?;
        text.truncate(shared);
        text.extend_from_slice(rest);
        if asked.is(std::str::from_utf8(&text).ok()?) {
            return Some(true);
        }
    }
    Some(false)
}
