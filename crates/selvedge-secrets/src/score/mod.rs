//! Decides whether a match is a secret, and how sure that is, from the value and its surroundings alone.
//!
//! No model was trained and nothing is looked up: every verdict is one of the rules below, with its reason.
//! Rules with their own token format are only checked for placeholders and for where they stand. Rules that
//! match any assignment to a likely name (`context = true`) over-match on purpose; here the name, the
//! operator, the quotes, the language family and the value itself are weighed:
//!
//! 1. `placeholder`: template variables, blanked-out values, sequences, placeholder words.
//! 2. `known`: examples published by vendors and standards, kept as hashes.
//! 3. `header`: places that say by themselves what a value is.
//! 4. `assignment`: everything else, from `name` (what is promised), `line` (literal or expression) and
//!    `words` (drawn at random or written).
//! 5. `place`: a test, an example or a document lowers the confidence by one step and never drops.
//!
//! # What the levels mean
//!
//! Before the place is considered, a context rule gives *high* to values drawn from at least 16 bits of
//! evidence in a field that promises a secret, *medium* to probably generated values, digests' alphabets
//! and passwords with more than letters, *low* to words in password fields and to generated values in
//! fields of unknown kind. A comment in source code and a test, an example, a document or vendored code
//! each take one step.
//!
//! Measured by `bench/creddata.py` with the whole built-in pack on 12 repositories of CredData (963 files,
//! 1,108 labelled secrets without the UUID rows): precision .939, recall .610. Word lists, thresholds and
//! patterns were tuned on six of them (.969, .651) and on trees without labels. The other six give .905, .566,
//! the same as before anyone had looked at them; since then false alarms in three of them (danger, jose,
//! lego) led to rules about places and names, so they are no longer wholly unseen. By level: high 1.00 of 11, medium .91, low .95 — low is as good here
//! because CredData counts made-up credentials of tests and the key ids of presigned URLs as true, which is
//! exactly what the lower level says. On Rails at 2a2db1e8 the pack reports no high and 26 medium findings,
//! three of them outside tests.

mod assignment;
mod header;
mod known;
mod line;
mod name;
mod place;
mod placeholder;
mod words;

use std::ops::Range;

use selvedge_model::{Confidence, Proof};

use assignment::Assessment;
use header::Place;
use line::Line;
use place::Family;
use words::randomness_bits;

/// A match that waits for a verdict.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// Path of the file, where there is one.
    pub path: Option<&'a str>,
    /// The text the ranges point into.
    pub bytes: &'a [u8],
    /// What the rule matched.
    pub matched: Range<usize>,
    /// The value within it.
    pub secret: Range<usize>,
    /// The rule's own confidence.
    pub rule_confidence: Confidence,
    /// Whether the rule matches by context, so that the value must be weighed.
    pub context_rule: bool,
    /// What was proved about the value.
    pub proof: Proof,
}

/// The verdict on a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// A finding.
    Keep {
        /// How sure it is.
        confidence: Confidence,
        /// Why, as short phrases.
        reasons: Vec<String>,
    },
    /// Not a secret.
    Drop {
        /// Why not.
        reason: &'static str,
    },
}

/// Judges one candidate. Linear in the value and in a bounded part of its line.
///
/// Ranges that do not lie in the text are dropped, never a panic.
pub fn judge(candidate: &Candidate<'_>) -> Judgement {
    match weigh(candidate) {
        Ok((confidence, reasons)) => Judgement::Keep { confidence, reasons },
        Err(reason) => Judgement::Drop { reason },
    }
}

fn weigh(candidate: &Candidate<'_>) -> Result<(Confidence, Vec<String>), &'static str> {
    let (matched, secret) = (&candidate.matched, &candidate.secret);
    let nested = matched.start <= secret.start && secret.start < secret.end && secret.end <= matched.end;
    if !nested || matched.end > candidate.bytes.len() {
        return Err("not a range of the text");
    }
    let value = &candidate.bytes[secret.clone()];
    if known::published(value).is_some() {
        return Err("a published example");
    }
    let mut reasons = Vec::new();
    // A placeholder may well have the structure of the real thing; it has no checksum and is no key.
    let proved = matches!(candidate.proof, Proof::Checksum | Proof::KeyParse);
    if !proved && let Some(reason) = placeholder::reason(value) {
        return Err(reason);
    }
    let mut confidence = candidate.rule_confidence;
    // The word before the host tells a made-up URL whatever rule read it.
    let in_url = !proved
        && candidate.bytes[..secret.start].ends_with(b":")
        && header::place(candidate.bytes, matched, secret) == Place::Url;
    if candidate.context_rule || in_url {
        let (weighed, reason) = weigh_context(candidate, value)?;
        confidence = if candidate.context_rule { weighed } else { weighed.min(confidence) };
        reasons.push(reason.to_owned());
        let line = Line::around(candidate.bytes, matched, secret);
        if place::family(candidate.path) == Family::Code && line.is_comment() {
            confidence = confidence.lowered();
            reasons.push("in a comment".to_owned());
        }
    }
    if header::is_presigned_id(candidate.bytes, secret) {
        confidence = Confidence::Low;
        reasons.push("the key id of a presigned URL, which opens nothing by itself".to_owned());
    }
    if let Some(doubt) = place::doubt(candidate.path) {
        confidence = confidence.lowered();
        reasons.push(doubt.to_owned());
    }
    Ok((confidence, reasons))
}

fn weigh_context(candidate: &Candidate<'_>, value: &[u8]) -> Assessment {
    let (matched, secret) = (&candidate.matched, &candidate.secret);
    match header::place(candidate.bytes, matched, secret) {
        Place::Basic => basic(value),
        Place::Bearer => bearer(value),
        Place::Url => url(candidate, value),
        Place::Command => command(value),
        Place::WebKey => web_key(candidate, value),
        Place::Assignment => {
            assignment::assess(candidate.path, &Line::around(candidate.bytes, matched, secret), value)
        }
    }
}

fn basic(value: &[u8]) -> Assessment {
    let pair = header::basic_pair(value).ok_or("not the base64 of user:password")?;
    if known::published(&pair).is_some() {
        return Err("a published example");
    }
    let password = pair.iter().position(|byte| *byte == b':').map_or(&pair[..], |at| &pair[at + 1..]);
    if placeholder::reason(password).is_some() {
        return Err("the words of a placeholder");
    }
    if placeholder::is_filler(password) {
        return Ok((Confidence::Low, "a Basic header that decodes to a weak user:password"));
    }
    Ok((Confidence::High, "a Basic header that decodes to user:password"))
}

fn bearer(value: &[u8]) -> Assessment {
    let bits = randomness_bits(value);
    if value.len() < 8 || bits <= 4.0 || placeholder::is_filler(value) {
        return Err("words, not a generated value");
    }
    let confidence = if value.len() >= 20 && bits > 16.0 { Confidence::High } else { Confidence::Medium };
    Ok((confidence, "a generated value in an authorization header"))
}

fn url(candidate: &Candidate<'_>, value: &[u8]) -> Assessment {
    let head = &candidate.bytes[candidate.matched.start..candidate.secret.start];
    let user_start = placeholder::find(head, b"://").map_or(0, |at| at + 3);
    let user = &head[user_start..head.len().saturating_sub(1).max(user_start)];
    let after = &candidate.bytes[candidate.secret.end..candidate.bytes.len().min(candidate.secret.end + 100)];
    let host = after.strip_prefix(b"@").unwrap_or(after);
    let host = host
        .split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')))
        .next()
        .unwrap_or_default();
    let host = host.to_ascii_lowercase();
    if ["example.com", "example.org", "example.net"].iter().any(|end| host.ends_with(end.as_bytes())) {
        return Err("a URL of an example host");
    }
    if placeholder::reason(user).is_some() || placeholder::is_filler(value) || value.len() < 3 {
        return Err("a URL with placeholder credentials");
    }
    let weak = value.iter().all(u8::is_ascii_alphabetic) || placeholder::is_spelled_filler(value);
    let confidence = if weak {
        Confidence::Low
    } else if value.len() >= 10 && randomness_bits(value) > 16.0 {
        Confidence::High
    } else {
        Confidence::Medium
    };
    if matches!(&host[..], b"localhost" | b"127.0.0.1" | b"0.0.0.0") {
        return Ok((confidence.lowered(), "a password in a URL of the own machine"));
    }
    Ok((confidence, "a password in a URL"))
}

fn command(value: &[u8]) -> Assessment {
    if placeholder::is_filler(value) {
        return Err("made of placeholder words");
    }
    let weak = value.iter().all(u8::is_ascii_alphabetic) || placeholder::is_spelled_filler(value);
    let confidence = if weak { Confidence::Low } else { Confidence::Medium };
    Ok((confidence, "a password on a command line"))
}

fn web_key(candidate: &Candidate<'_>, value: &[u8]) -> Assessment {
    if !header::is_in_web_key(candidate.bytes, &candidate.secret) {
        return Err("not a member of a JSON Web Key");
    }
    if randomness_bits(value) <= 8.0 {
        return Err("words, not a generated value");
    }
    Ok((Confidence::High, "the private member of a JSON Web Key"))
}

/// Why a finding of any engine at `path` deserves one step less confidence: tests, their data, examples, prose.
pub fn doubt_of_place(path: &str) -> Option<&'static str> {
    place::doubt(Some(path))
}

#[cfg(test)]
mod tests;
