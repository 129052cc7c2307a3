//! Allowlists: what a pack says is no secret. Evaluated as Gitleaks evaluates them.
//!
//! An OR list (the default) skips a whole file by path or commit before matching, and a finding by
//! regular expression or stop word after it. An AND list needs every kind of check it names.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::pattern::{Pattern, join};

/// What the regular expressions of an allowlist are tested against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Target {
    /// The secret.
    #[default]
    Secret,
    /// The whole match.
    Match,
    /// The lines the match is on.
    Line,
}

/// One `[[allowlists]]` entry.
#[derive(Debug, Default)]
pub(crate) struct Allowlist {
    /// Every kind of check must hold, instead of any.
    pub(crate) all: bool,
    /// Lower-case commit hashes.
    pub(crate) commits: Vec<String>,
    /// Path patterns, joined.
    pub(crate) paths: Option<Pattern>,
    /// Content patterns, joined.
    pub(crate) regexes: Option<Pattern>,
    /// What the content patterns are tested against.
    pub(crate) target: Target,
    /// Lower-case words that no secret contains.
    pub(crate) stopwords: Stopwords,
}

/// A set of words searched without regard to ASCII case; the automaton is built on first use.
#[derive(Debug, Default)]
pub(crate) struct Stopwords {
    words: Vec<String>,
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// Where the bytes come from, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// Path with `/` separators; `None` while it is not known yet.
    pub path: Option<&'a str>,
    /// Hexadecimal commit id.
    pub commit: Option<&'a str>,
}

/// The parts of a match that allowlists look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matched<'a> {
    pub(crate) secret: &'a [u8],
    pub(crate) whole: &'a [u8],
    pub(crate) line: &'a [u8],
}

impl Allowlist {
    /// Joins the sources of several patterns into the one that is tested.
    pub(crate) fn joined(sources: &[&str]) -> Result<Option<Pattern>, crate::PatternError> {
        if sources.is_empty() { Ok(None) } else { Pattern::new(&join(sources)).map(Some) }
    }

    /// Everything it says, for comparison.
    #[cfg(test)]
    pub(crate) fn shape(&self) -> String {
        let source = |pattern: &Option<Pattern>| pattern.as_ref().map(|pattern| pattern.source().to_owned());
        let patterns = (source(&self.paths), source(&self.regexes));
        format!("{} {:?} {:?} {patterns:?} {:?}", self.all, self.target, self.commits, self.stopwords.words)
    }

    /// Whether there is nothing to check at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.paths.is_none() && self.regexes.is_none() && self.stopwords.is_empty()
    }

    /// Whether everything from `origin` is allowed, before any matching.
    pub(crate) fn allows_origin(&self, origin: Origin<'_>) -> bool {
        if origin.path.is_none() && origin.commit.is_none() {
            return false;
        }
        let commit = self.commit_allowed(origin);
        let path = self.path_allowed(origin);
        if !self.all {
            return commit || path;
        }
        let content = self.regexes.is_some() || !self.stopwords.is_empty();
        !content && (self.commits.is_empty() || commit) && (self.paths.is_none() || path)
    }

    /// Whether this finding is allowed.
    pub(crate) fn allows_match(&self, origin: Origin<'_>, matched: Matched<'_>) -> bool {
        let target = match self.target {
            Target::Secret => matched.secret,
            Target::Match => matched.whole,
            Target::Line => matched.line,
        };
        let regex =
            || !target.is_empty() && self.regexes.as_ref().is_some_and(|pattern| pattern.is_match(target));
        let stopword = || self.stopwords.found_in(matched.secret);
        if !self.all {
            return regex() || stopword();
        }
        (self.commits.is_empty() || self.commit_allowed(origin))
            && (self.paths.is_none() || self.path_allowed(origin))
            && (self.stopwords.is_empty() || stopword())
            && (self.regexes.is_none() || regex())
    }

    fn commit_allowed(&self, origin: Origin<'_>) -> bool {
        origin
            .commit
            .is_some_and(|commit| self.commits.iter().any(|known| known.eq_ignore_ascii_case(commit)))
    }

    fn path_allowed(&self, origin: Origin<'_>) -> bool {
        match (&self.paths, origin.path) {
            (Some(pattern), Some(path)) if !path.is_empty() => pattern.is_match(path.as_bytes()),
            _ => false,
        }
    }
}

impl Stopwords {
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let words = words.into_iter().map(|word| word.to_lowercase()).collect();
        Self { words, automaton: OnceLock::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether any of the words is part of `text`.
    pub(crate) fn found_in(&self, text: &[u8]) -> bool {
        if self.words.is_empty() || text.is_empty() {
            return false;
        }
        let automaton = self.automaton.get_or_init(|| {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .kind(Some(aho_corasick::AhoCorasickKind::ContiguousNFA))
                .build(&self.words)
                .ok()
        });
        automaton.as_ref().is_some_and(|automaton| automaton.is_match(text))
    }
}
