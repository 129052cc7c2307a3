//! Python: PEP 440 ("Summary of permitted suffixes and relative ordering", "Normalization"), and below every
//! such version the older ones that the PEP no longer admits, in the order setuptools gave them.

use std::cmp::Ordering;

use super::number::{self, Number};

/// Spellings of the three pre-release phases, longest first where one begins another.
const PHASES: &[(&[u8], Phase)] = &[
    (b"alpha", Phase::Alpha),
    (b"a", Phase::Alpha),
    (b"beta", Phase::Beta),
    (b"b", Phase::Beta),
    (b"preview", Phase::Candidate),
    (b"pre", Phase::Candidate),
    (b"rc", Phase::Candidate),
    (b"c", Phase::Candidate),
];

/// Spellings of a post-release, longest first where one begins another.
const POSTS: &[&[u8]] = &[b"post", b"rev", b"r"];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Alpha,
    Beta,
    Candidate,
}

/// Where a version stands among those with the same release number, ordered as the variants are.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Stage<'a> {
    /// Only a development release: before every pre-release.
    Development,
    Pre(Phase, Number<'a>),
    Final,
}

/// A development release comes before what it leads to.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Development<'a> {
    Of(Number<'a>),
    Done,
}

pub(crate) struct Parts<'a> {
    epoch: Number<'a>,
    /// Release numbers with their dots.
    pub(crate) release: &'a [u8],
    stage: Stage<'a>,
    post: Option<Number<'a>>,
    development: Development<'a>,
    /// Local label without its `+`; empty if there is none.
    pub(crate) local: &'a [u8],
}

impl Parts<'_> {
    /// Whether it is a pre-release or a development release.
    pub(crate) fn is_pre_release(&self) -> bool {
        matches!(self.stage, Stage::Pre(..)) || self.development != Development::Done
    }

    /// Whether it is a pre-release or a development release of `other`.
    pub(crate) fn is_pre_release_of(&self, other: &Parts<'_>) -> bool {
        let is_same = self.compare_release(other).is_eq();
        is_same && self.is_pre_release() && (other.post.is_none() || self.post == other.post)
    }

    /// Whether it is a post-release of `other`, which is none itself.
    pub(crate) fn is_post_release_of(&self, other: &Parts<'_>) -> bool {
        let is_same = self.compare_release(other).is_eq() && self.stage == other.stage;
        is_same && self.post.is_some() && other.post.is_none()
    }

    /// Whether its release numbers begin with those of `series`; missing ones are zero.
    pub(crate) fn is_in_series(&self, series: &Parts<'_>) -> bool {
        let wanted = series.release.split(|byte| *byte == b'.').count();
        let own = self.release.split(|byte| *byte == b'.').chain(std::iter::repeat(&b""[..]));
        let mut pairs = series.release.split(|byte| *byte == b'.').zip(own).take(wanted);
        self.epoch == series.epoch && pairs.all(|(wanted, own)| number::compare(wanted, own).is_eq())
    }

    /// The order of two versions without their local labels.
    pub(crate) fn compare_public(&self, other: &Parts<'_>) -> Ordering {
        self.compare_release(other)
            .then_with(|| self.stage.cmp(&other.stage))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| self.development.cmp(&other.development))
    }

    /// The order of epoch and release numbers alone.
    pub(crate) fn compare_release(&self, other: &Parts<'_>) -> Ordering {
        self.epoch.cmp(&other.epoch).then_with(|| number::compare_dotted(self.release, other.release))
    }
}

pub(super) fn is_valid(text: &str) -> bool {
    parts(text).is_some() || is_legacy(text)
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    match (parts(a), parts(b)) {
        (Some(a), Some(b)) => Some(a.compare_public(&b).then_with(|| compare_local(a.local, b.local))),
        (Some(_), None) => is_legacy(b).then_some(Ordering::Greater),
        (None, Some(_)) => is_legacy(a).then_some(Ordering::Less),
        (None, None) => (is_legacy(a) && is_legacy(b)).then(|| legacy_key(a).cmp(&legacy_key(b))),
    }
}

/// Reads a version of the PEP, or says that it is none.
pub(crate) fn parts(text: &str) -> Option<Parts<'_>> {
    let text = text.as_bytes();
    let text = text.strip_prefix(b"v").or_else(|| text.strip_prefix(b"V")).unwrap_or(text);
    let (epoch, text) = match number::split(text) {
        (digits, [b'!', rest @ ..]) if !digits.is_empty() => (digits, rest),
        _ => (&text[..0], text),
    };
    let (release, rest) = number::take_dotted(text)?;
    let (pre, rest) = take_pre(rest);
    let (post, rest) = take_post(rest);
    let (development, rest) = take_labelled(rest, &[b"dev"]);
    let local = match rest {
        [] => rest,
        [b'+', local @ ..] if is_local(local) => local,
        _ => return None,
    };
    let stage = match pre {
        Some((phase, number)) => Stage::Pre(phase, number),
        None if post.is_none() && development.is_some() => Stage::Development,
        None => Stage::Final,
    };
    let development = development.map_or(Development::Done, Development::Of);
    Some(Parts { epoch: Number::of(epoch), release, stage, post, development, local })
}

fn take_pre(text: &[u8]) -> (Option<(Phase, Number<'_>)>, &[u8]) {
    let label = skip_separator(text);
    for (spelling, phase) in PHASES {
        if let Some(rest) = strip_word(label, spelling) {
            let (number, rest) = take_number(rest);
            return (Some((*phase, number)), rest);
        }
    }
    (None, text)
}

/// `.post1` in all spellings, or the implicit form `-1`.
fn take_post(text: &[u8]) -> (Option<Number<'_>>, &[u8]) {
    if let [b'-', rest @ ..] = text {
        let (digits, rest) = number::split(rest);
        if !digits.is_empty() {
            return (Some(Number::of(digits)), rest);
        }
    }
    take_labelled(text, POSTS)
}

fn take_labelled<'a>(text: &'a [u8], spellings: &[&[u8]]) -> (Option<Number<'a>>, &'a [u8]) {
    let label = skip_separator(text);
    match spellings.iter().find_map(|spelling| strip_word(label, spelling)) {
        Some(rest) => {
            let (number, rest) = take_number(rest);
            (Some(number), rest)
        }
        None => (None, text),
    }
}

/// A number after an optional separator; without one it is zero and the separator stays.
fn take_number(text: &[u8]) -> (Number<'_>, &[u8]) {
    let (digits, rest) = number::split(skip_separator(text));
    if digits.is_empty() { (Number::of(digits), text) } else { (Number::of(digits), rest) }
}

fn skip_separator(text: &[u8]) -> &[u8] {
    match text {
        [b'-' | b'_' | b'.', rest @ ..] => rest,
        _ => text,
    }
}

fn strip_word<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

fn is_local(label: &[u8]) -> bool {
    label
        .split(|byte| is_local_separator(*byte))
        .all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_alphanumeric))
}

fn is_local_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.')
}

/// "Local version identifiers": segment by segment, numbers above words, the longer label last.
pub(crate) fn compare_local(a: &[u8], b: &[u8]) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return b.is_empty().cmp(&a.is_empty());
    }
    let (mut a, mut b) =
        (a.split(|byte| is_local_separator(*byte)), b.split(|byte| is_local_separator(*byte)));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (number::is_number(x), number::is_number(y)) {
                (true, true) => number::compare(x, y),
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => {
                    x.iter().map(u8::to_ascii_lowercase).cmp(y.iter().map(u8::to_ascii_lowercase))
                }
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn is_legacy(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+!~:".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// What setuptools compared before the PEP: words with a `*` before them, numbers filled up to eight digits,
/// both as text. Zeros and hyphens before a word that sorts below `*final` do not count.
fn legacy_key(text: &str) -> Vec<String> {
    const DIGITS: usize = 8;
    let mut parts: Vec<String> = Vec::new();
    let text = text.to_ascii_lowercase();
    let mut rest = text.as_str();
    while let Some(first) = rest.bytes().next() {
        let end = match first {
            b'0'..=b'9' => rest.bytes().position(|byte| !byte.is_ascii_digit()),
            b'a'..=b'z' => rest.bytes().position(|byte| !byte.is_ascii_lowercase()),
            b'.' | b'-' => Some(1),
            _ => rest.bytes().position(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)),
        };
        let (part, next) = rest.split_at(end.unwrap_or(rest.len()));
        rest = next;
        match part {
            "." => {}
            "-" => push_legacy_word(&mut parts, "final-"),
            "pre" | "preview" | "rc" => push_legacy_word(&mut parts, "c"),
            "dev" => push_legacy_word(&mut parts, "@"),
            _ if first.is_ascii_digit() => parts.push(format!("{part:0>DIGITS$}")),
            _ => push_legacy_word(&mut parts, part),
        }
    }
    push_legacy_word(&mut parts, "final");
    parts
}

fn push_legacy_word(parts: &mut Vec<String>, word: &str) {
    if word < "final" {
        while parts.last().is_some_and(|last| last == "*final-") {
            parts.pop();
        }
    }
    while parts.last().is_some_and(|last| last == "00000000") {
        parts.pop();
    }
    parts.push(format!("*{word}"));
}
