//! A regular expression of a rule: read in Go's dialect, matched over bytes in linear time.
//!
//! Rule packs are written for Go's `regexp`. [`translate`](go::translate) rewrites the few spellings that
//! Rust's `regex-syntax` reads differently; classes are ASCII and offsets are bytes, as in Go.
//! A pattern is parsed when it is loaded, so that a mistake has a line number, and compiled to an
//! automaton on first use, because most rules never meet a file that needs them.

mod go;

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::{Input, meta};
use regex_syntax::hir::{Class, Hir, HirKind};

/// A pattern may be this long; the longest in public packs is under 20 kB.
pub(crate) const PATTERN_BYTES_MAX: usize = 64 * 1024;
/// Nesting of groups and repetitions.
const NEST_MAX: u32 = 200;
/// Memory of one compiled automaton.
const NFA_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A pattern of more states than this is compiled when it is loaded, to see whether it is within
/// [`NFA_BYTES_MAX`]; a state takes a few dozen bytes.
const WEIGHT_SUSPECT: u64 = 20_000;
/// Memory of one thread's lazily built DFA states. Counted repetitions need many: with 640 kB a tree
/// full of translations takes twice the time (authelia, Gitleaks' rules: 0.3 against 0.65 to 0.8 CPU s).
const LAZY_DFA_BYTES: usize = 2048 * 1024;
/// The same for a look without counting.
const SMALL_DFA_BYTES: usize = 640 * 1024;

/// Why a pattern was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Longer than the limit.
    #[error("regular expression of {0} bytes; at most {PATTERN_BYTES_MAX} are allowed")]
    TooLong(usize),
    /// Not a regular expression.
    #[error("regular expression does not parse: {0}")]
    Syntax(String),
    /// Its automaton would be larger than the limit.
    #[error("regular expression needs more than {NFA_BYTES_MAX} bytes when compiled")]
    TooLarge,
}

/// A parsed regular expression that compiles itself on first use.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    hir: OnceLock<Hir>,
    compiled: OnceLock<Option<meta::Regex>>,
}

impl Pattern {
    /// Reads `source`, a regular expression in Go's dialect.
    pub(crate) fn new(source: &str) -> Result<Self, PatternError> {
        if source.len() > PATTERN_BYTES_MAX {
            return Err(PatternError::TooLong(source.len()));
        }
        let hir = parse(&go::translate(source))?;
        // Few patterns can be too large, and compiling all at load would cost more than most scans.
        let compiled = match weight(&hir) {
            weight if weight > WEIGHT_SUSPECT => OnceLock::from(Some(compile(&hir)?)),
            _ => OnceLock::new(),
        };
        Ok(Self { source: source.to_owned(), hir: OnceLock::from(hir), compiled })
    }

    /// Takes `source` unread, because it was read when the program was built. Should it be no regular
    /// expression after all, it matches nothing.
    pub(crate) fn trusted(source: String) -> Self {
        Self { source, hir: OnceLock::new(), compiled: OnceLock::new() }
    }

    /// The text as the pack spells it.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The parsed form.
    pub(crate) fn hir(&self) -> &Hir {
        self.hir.get_or_init(|| parse(&go::translate(&self.source)).unwrap_or_else(|_| Hir::fail()))
    }

    /// Number of capturing groups.
    pub(crate) fn groups(&self) -> usize {
        self.hir().properties().explicit_captures_len()
    }

    /// The names of the groups, group 0 first.
    pub(crate) fn group_names(&self) -> impl Iterator<Item = Option<&str>> {
        let regex = self.regex().into_iter();
        regex.flat_map(|regex| regex.group_info().pattern_names(regex_automata::PatternID::ZERO))
    }

    /// The automaton, or `None` if it is over the size limit.
    pub(crate) fn regex(&self) -> Option<&meta::Regex> {
        self.compiled.get_or_init(|| compile(self.hir()).ok()).as_ref()
    }

    /// Whether the pattern is found anywhere in `text`. A pattern over the size limit matches nothing.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The spans of the groups of the first match in `text`, group 0 being the whole match.
    pub(crate) fn captures(&self, text: &[u8]) -> Vec<Option<Range<usize>>> {
        let Some(regex) = self.regex() else { return Vec::new() };
        let mut captures = regex.create_captures();
        regex.search_captures(&Input::new(text), &mut captures);
        if !captures.is_match() {
            return Vec::new();
        }
        captures.iter().map(|span| span.map(|span| span.range())).collect()
    }
}

/// About how many states the automaton has: bounded repetitions multiply.
fn weight(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1);
            weight(&repetition.sub).saturating_mul(u64::from(times))
        }
        HirKind::Capture(capture) => weight(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(0, |sum: u64, part| sum.saturating_add(weight(part)))
        }
    }
}

/// Joins patterns into one alternation, the way Gitleaks does: as text, so that a leading `(?i)` of one
/// alternative also holds for those after it.
pub(crate) fn join(sources: &[&str]) -> String {
    format!("(?:{})", sources.join("|"))
}

/// Builds an automaton from a parsed pattern, or from a part of one.
pub(crate) fn compile(hir: &Hir) -> Result<meta::Regex, PatternError> {
    let config = meta::Config::new()
        .utf8_empty(false)
        .nfa_size_limit(Some(NFA_BYTES_MAX))
        .hybrid_cache_capacity(LAZY_DFA_BYTES)
        // The literals are found by the sieve; looking for them again costs more than it saves.
        .auto_prefilter(false)
        .dfa_size_limit(Some(16 * 1024))
        .onepass_size_limit(Some(64 * 1024));
    meta::Builder::new().configure(config).build_from_hir(hir).map_err(|_| PatternError::TooLarge)
}

/// Builds an automaton for short anchored looks: nothing that costs time to build.
pub(crate) fn compile_small(hir: &Hir) -> Option<meta::Regex> {
    let config = meta::Config::new()
        .utf8_empty(false)
        .nfa_size_limit(Some(NFA_BYTES_MAX))
        .hybrid_cache_capacity(SMALL_DFA_BYTES)
        .auto_prefilter(false)
        .dfa(false)
        .onepass(false);
    meta::Builder::new().configure(config).build_from_hir(hir).ok()
}

/// Parses with ASCII classes; a pattern that asks for Unicode classes by name gets Unicode mode.
fn parse(translated: &str) -> Result<Hir, PatternError> {
    parse_in_mode(translated, false).or_else(|error| parse_in_mode(translated, true).map_err(|_| error))
}

fn parse_in_mode(translated: &str, unicode: bool) -> Result<Hir, PatternError> {
    let mut parser = regex_syntax::ParserBuilder::new();
    let parser = parser.utf8(false).unicode(unicode).nest_limit(NEST_MAX);
    parser.build().parse(translated).map_err(|error| {
        PatternError::Syntax(match &error {
            regex_syntax::Error::Parse(error) => error.kind().to_string(),
            regex_syntax::Error::Translate(error) => error.kind().to_string(),
            other => other.to_string(),
        })
    })
}

#[cfg(test)]
mod tests;
