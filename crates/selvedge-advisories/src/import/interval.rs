//! From "these versions are safe" to ranges of affected ones.
//!
//! Native forms of RubyGems and RustSec list what is patched or was never affected, as requirements in the
//! ecosystem's own notation. An advisory in the OSV schema states the rest, as events.

use serde_json::{Value, json};

use selvedge_package::VersionOrder;

/// Most requirements of one advisory that are read.
const REQUIREMENTS_MAX: usize = 1000;

/// A safe interval: from `low` on, up to but not including `high`. `None` has no end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Interval {
    /// First safe version.
    pub(crate) low: Option<String>,
    /// First version that is not safe any more.
    pub(crate) high: Option<String>,
}

/// How an ecosystem writes requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// Cargo: a bare version is a caret requirement; parts are joined by commas.
    Cargo,
    /// RubyGems: `~>`, a bare version is that version.
    Ruby,
}

impl Notation {
    fn order(self) -> VersionOrder {
        match self {
            Self::Cargo => VersionOrder::SemVer,
            Self::Ruby => VersionOrder::RubyGems,
        }
    }

    /// The version with every part that the notation may leave out: `1.0.0` for Cargo's `1`.
    fn whole(self, version: &str) -> String {
        let is_short = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let missing = 3usize.saturating_sub(version.split('.').count());
        match self {
            Self::Cargo if is_short => version.to_owned() + &".0".repeat(missing),
            Self::Cargo | Self::Ruby => version.to_owned(),
        }
    }

    /// The lowest version that is greater than `version`, as far as the notation can write one.
    fn after(self, version: &str) -> String {
        match self {
            // 1.2.3 is followed by the first pre-release of 1.2.4; a pre-release by one with a further part.
            Self::Cargo if version.contains('-') => format!("{version}.0"),
            Self::Cargo => format!("{}-0", bump(version, 2, 3)),
            // Every part of a gem version may be followed by a further one.
            Self::Ruby => format!("{version}.0.0.0.1"),
        }
    }

    /// The first version of the release line after `version`, `place` being the part that grows.
    fn next_line(self, version: &str, place: usize) -> String {
        match self {
            Self::Cargo => format!("{}-0", bump(version, place, 3)),
            Self::Ruby => format!("{}.a", bump(version, place, place + 1)),
        }
    }
}

/// `version` with the part at `place` one larger, cut or filled to `parts` parts.
fn bump(version: &str, place: usize, parts: usize) -> String {
    let numbers = numbers(version);
    let mut out: Vec<u64> = (0..parts).map(|at| numbers.get(at).copied().unwrap_or(0)).collect();
    for (at, part) in out.iter_mut().enumerate() {
        match at.cmp(&place) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => *part = part.saturating_add(1),
            std::cmp::Ordering::Greater => *part = 0,
        }
    }
    out.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

/// The numbers at the start of a version, without what follows a hyphen, plus sign or letter.
fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or(version);
    release.split('.').map_while(|part| part.parse().ok()).collect()
}

/// Reads one requirement: comparisons joined by commas, all of which hold.
pub(crate) fn requirement(notation: Notation, text: &str) -> Option<Interval> {
    let mut interval = Interval::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let at = part.find(|c: char| c.is_alphanumeric()).unwrap_or(part.len());
        let (operator, version) = (part[..at].trim(), part[at..].trim());
        if version.is_empty() {
            return None;
        }
        let single = comparison(notation, operator, version, &notation.whole(version))?;
        interval = intersect(notation.order(), interval, single)?;
    }
    Some(interval)
}

fn comparison(notation: Notation, operator: &str, written: &str, version: &str) -> Option<Interval> {
    // How much is written decides what a caret or tilde allows.
    let parts = numbers(written).len();
    let from = |high: Option<String>| Interval { low: Some(version.to_owned()), high };
    Some(match (operator, notation) {
        (">=", _) => from(None),
        (">", _) => Interval { low: Some(notation.after(version)), high: None },
        ("<", _) => Interval { low: None, high: Some(version.to_owned()) },
        ("<=", _) => Interval { low: None, high: Some(notation.after(version)) },
        ("=" | "==", _) | ("", Notation::Ruby) => from(Some(notation.after(version))),
        ("^" | "", Notation::Cargo) => {
            let first = numbers(written).iter().position(|part| *part > 0);
            let place = first.unwrap_or(parts.saturating_sub(1)).min(parts.saturating_sub(1));
            from(Some(notation.next_line(version, place)))
        }
        ("~", Notation::Cargo) => from(Some(notation.next_line(version, usize::from(parts > 1)))),
        ("~>", Notation::Ruby) => from(Some(notation.next_line(version, parts.saturating_sub(2)))),
        _ => return None,
    })
}

fn intersect(order: VersionOrder, a: Interval, b: Interval) -> Option<Interval> {
    let pick = |a: Option<String>, b: Option<String>, wants_greater: bool| match (a, b) {
        (Some(a), Some(b)) => {
            let is_greater = order.compare(&a, &b).ok()?.is_gt();
            Some(Some(if is_greater == wants_greater { a } else { b }))
        }
        (a, b) => Some(a.or(b)),
    };
    Some(Interval { low: pick(a.low, b.low, true)?, high: pick(a.high, b.high, false)? })
}

/// Events of the versions in none of the safe intervals, as the OSV schema writes them. `None` if a
/// version cannot be compared.
pub(crate) fn affected_events(order: VersionOrder, mut safe: Vec<Interval>) -> Option<Vec<Value>> {
    safe.truncate(REQUIREMENTS_MAX);
    for version in safe.iter().flat_map(|interval| interval.low.iter().chain(&interval.high)) {
        order.parse(version).ok()?;
    }
    let parsed = |version: &Option<String>| {
        version.as_deref().and_then(|it| order.parse(it).map(|v| v.as_str()).ok()).map(str::to_owned)
    };
    safe.sort_by(|a, b| match (parsed(&a.low), parsed(&b.low)) {
        (Some(a), Some(b)) => order.compare(&a, &b).unwrap_or(std::cmp::Ordering::Equal),
        (a, b) => a.is_some().cmp(&b.is_some()),
    });
    let mut events = Vec::new();
    // Where the affected stretch begins that is being written; `None` within a safe stretch without end.
    let mut open = Some("0".to_owned());
    for interval in safe {
        let Some(since) = open.clone() else { break };
        let is_before =
            |high: &str| since != "0" && order.compare(high, &since).is_ok_and(std::cmp::Ordering::is_le);
        if interval.high.as_deref().is_some_and(is_before) {
            continue;
        }
        if let Some(low) = &interval.low
            && (since == "0" || order.compare(&since, low).is_ok_and(std::cmp::Ordering::is_lt))
        {
            events.push(json!({ "introduced": since }));
            events.push(json!({ "fixed": low }));
        }
        open = interval.high;
    }
    if let Some(since) = open {
        events.push(json!({ "introduced": since }));
    }
    Some(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(notation: Notation, safe: &[&str], expected: &str) {
        let intervals = safe.iter().map(|text| requirement(notation, text).unwrap()).collect();
        let events = affected_events(notation.order(), intervals).unwrap();
        let text: Vec<String> = events
            .iter()
            .flat_map(|event| event.as_object().unwrap().iter())
            .map(|(kind, version)| format!("{} {}", &kind[..1], version.as_str().unwrap()))
            .collect();
        assert_eq!(text.join(", "), expected);
    }

    #[test]
    fn what_is_not_safe_is_affected() {
        use Notation::{Cargo, Ruby};
        check(Cargo, &[], "i 0");
        check(Cargo, &[">= 0.9.0"], "i 0, f 0.9.0");
        check(Cargo, &["^1.0.2", ">= 2.1.0", "< 0.5.0"], "i 0.5.0, f 1.0.2, i 2.0.0-0, f 2.1.0");
        check(
            Cargo,
            &["^0.2.7", "~1.4.2", "^0.0.3"],
            "i 0, f 0.0.3, i 0.0.4-0, f 0.2.7, i 0.3.0-0, f 1.4.2, i 1.5.0-0",
        );
        check(Cargo, &["> 1.2.3", "= 1.0.0"], "i 0, f 1.0.0, i 1.0.1-0, f 1.2.4-0");
        check(Cargo, &["<= 1.2.3"], "i 1.2.4-0");
        check(Cargo, &[">= 0"], "i 0, f 0.0.0");
        check(Cargo, &["^0", "~1"], "i 0, f 0.0.0, i 1.0.0-0, f 1.0.0, i 2.0.0-0");
        check(Cargo, &["^0.3", "1.2"], "i 0, f 0.3.0, i 0.4.0-0, f 1.2.0, i 2.0.0-0");
        check(Cargo, &["< 0.10.0", ">= 0.9.0"], "");
        check(
            Ruby,
            &["~> 2.3.15", "~> 3.0.19", ">= 3.2.11"],
            "i 0, f 2.3.15, i 2.4.a, f 3.0.19, i 3.1.a, f 3.2.11",
        );
        check(Ruby, &["~> 1.5", "< 1.0"], "i 1.0, f 1.5, i 2.a");
        check(Ruby, &[">= 1.1, < 1.3"], "i 0, f 1.1, i 1.3");
    }

    #[test]
    fn what_is_no_requirement_is_refused() {
        for text in ["!= 1.0", ">=", "~> "] {
            assert_eq!(requirement(Notation::Ruby, text), None, "{text}");
        }
    }
}
