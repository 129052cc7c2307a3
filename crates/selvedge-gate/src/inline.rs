//! Ignores written beside the line they are about: `selvedge:ignore RULE[,RULE…] reason`.
//!
//! The words stand in a comment, either on the line of the finding or alone on the line before it. `*` means
//! every rule and needs a reason. `gitleaks:allow` and `betterleaks:allow` anywhere on the line are honoured
//! for the secrets engine, `nosem` and `nosemgrep` for the code engine, as those tools honour them.

use memchr::memmem;
use selvedge_model::{Engine, Finding, Suppression, SuppressionKind};
use serde::{Deserialize, Serialize};

/// More ignores than this in one file are not taken.
pub const INLINE_PER_FILE_MAX: usize = 10_000;

/// Longer lines are cut here when the reason is read.
const DIRECTIVE_BYTES_MAX: usize = 1024;

const DIRECTIVE: &[u8] = b"selvedge:ignore";
const NOSEM: &[u8] = b"nosem";
const ALLOWS: [&[u8]; 2] = [b"gitleaks:allow", b"betterleaks:allow"];

/// What opens a comment in the languages and formats we have met.
const OPENERS: [&str; 14] =
    ["#", "//", "/*", "*", "--", ";", "<!--", "%", "(*", "{-", "{{!", "REM ", "rem ", "dnl "];

/// What closes one.
const CLOSERS: [&str; 8] = ["-->", "*/", "*)", "-}", "--}}", "}}", "#}", "%>"];

/// In whose words the ignore is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Dialect {
    /// `selvedge:ignore`
    Selvedge,
    /// `gitleaks:allow`, `betterleaks:allow`
    Gitleaks,
    /// `nosem`, `nosemgrep`
    Semgrep,
}

impl Dialect {
    /// The engine whose findings it is about; `None` is every engine.
    fn engine(self) -> Option<Engine> {
        match self {
            Self::Selvedge => None,
            Self::Gitleaks => Some(Engine::Secrets),
            Self::Semgrep => Some(Engine::Code),
        }
    }
}

/// One ignore found in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InlineIgnore {
    /// The file, as findings name it.
    pub path: String,
    /// The commit whose content it was found in, when history is looked at; as findings name it.
    pub commit: Option<String>,
    /// 1-based line on which it is written.
    pub line: u32,
    /// 1-based line it is about: the same, or the next if it stands alone.
    pub target_line: u32,
    /// The rules it names; `*` is every rule.
    pub rules: Vec<String>,
    /// Why; empty if nothing is said.
    pub reason: String,
    /// In whose words.
    pub dialect: Dialect,
}

impl InlineIgnore {
    /// `src/a.py:3`
    pub fn origin(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }

    /// Whether it may suppress anything: it names a rule, and every rule only with a reason.
    pub fn is_sound(&self) -> bool {
        let everything = self.rules.iter().any(|rule| rule == "*");
        !self.rules.is_empty()
            && (self.dialect != Dialect::Selvedge || !everything || !self.reason.is_empty())
    }

    /// Whether it is about this finding of the same file.
    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        let Some(location) = finding.subject.location() else { return false };
        let at_line_start = location.end.column == 1 && location.end.line > location.start.line;
        let last_line = match self.dialect {
            // Semgrep looks at the first line of a match only.
            Dialect::Semgrep => location.start.line,
            Dialect::Selvedge | Dialect::Gitleaks => location.end.line - u32::from(at_line_start),
        };
        let commit = location.commit.as_ref().map(|commit| commit.id.as_str());
        let named = |rule: &String| rule == "*" || finding.answers_to(rule) || self.is_path_of(rule, finding);
        (location.start.line..=last_line.max(location.start.line)).contains(&self.target_line)
            && commit == self.commit.as_deref()
            && self.dialect.engine().is_none_or(|engine| finding.engine == engine)
            && self.rules.iter().any(named)
    }

    /// Semgrep puts the folders of a rule before its name: `python.flask.debug-enabled`.
    fn is_path_of(&self, rule: &str, finding: &Finding) -> bool {
        self.dialect == Dialect::Semgrep
            && rule.rsplit_once('.').is_some_and(|(_, name)| finding.answers_to(name))
    }

    pub(crate) fn suppression(&self) -> Suppression {
        let reason = match self.dialect {
            Dialect::Selvedge => self.reason.clone(),
            Dialect::Gitleaks => "gitleaks:allow".to_owned(),
            Dialect::Semgrep if self.reason.is_empty() => "nosemgrep".to_owned(),
            Dialect::Semgrep => format!("nosemgrep: {}", self.reason),
        };
        Suppression {
            kind: SuppressionKind::Inline,
            origin: self.origin(),
            reason,
            owner: None,
            expires: None,
            justification: None,
        }
    }
}

/// The ignores of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// In order of lines.
    pub ignores: Vec<InlineIgnore>,
    /// How many more there are than [`INLINE_PER_FILE_MAX`]; those do not suppress, and the caller says so.
    pub dropped: usize,
}

/// Every ignore in the content of the file `path`. A file without one costs three searches for a literal.
pub fn find(path: &str, bytes: &[u8]) -> Found {
    let mut hits: Vec<(usize, Dialect)> =
        memmem::find_iter(bytes, DIRECTIVE).map(|at| (at, Dialect::Selvedge)).collect();
    // `betterleaks:allow` does not contain `gitleaks:allow`; both end in `leaks:allow`.
    for at in memmem::find_iter(bytes, b"leaks:allow") {
        let end = at + b"leaks:allow".len();
        if ALLOWS.iter().any(|allow| bytes[..end].ends_with(allow)) {
            hits.push((at, Dialect::Gitleaks));
        }
    }
    hits.extend(memmem::find_iter(bytes, NOSEM).map(|at| (at, Dialect::Semgrep)));
    hits.sort_unstable();
    let dropped = hits.len().saturating_sub(INLINE_PER_FILE_MAX);
    let mut ignores = Vec::new();
    let (mut line, mut line_start, mut counted) = (1, 0, 0);
    for (at, dialect) in hits.into_iter().take(INLINE_PER_FILE_MAX) {
        for newline in memchr::memchr_iter(b'\n', &bytes[counted..at]) {
            line += 1;
            line_start = counted + newline + 1;
        }
        counted = at;
        let ignore = match dialect {
            Dialect::Gitleaks => Some(allow(path, line)),
            Dialect::Selvedge => directive(path, bytes, line_start, at, line),
            Dialect::Semgrep => nosem(path, bytes, line_start, at, line),
        };
        ignores.extend(ignore);
    }
    carry_over(&mut ignores);
    Found { ignores, dropped }
}

fn allow(path: &str, line: u32) -> InlineIgnore {
    InlineIgnore {
        path: path.to_owned(),
        commit: None,
        line,
        target_line: line,
        rules: vec!["*".to_owned()],
        reason: String::new(),
        dialect: Dialect::Gitleaks,
    }
}

/// Reads the `nosem` at `at`: all rules, or those after a colon. The words must stand apart, and in a comment.
fn nosem(path: &str, bytes: &[u8], line_start: usize, at: usize, line: u32) -> Option<InlineIgnore> {
    let before_start = line_start.max(at.saturating_sub(DIRECTIVE_BYTES_MAX));
    let before = String::from_utf8_lossy(&bytes[before_start..at]);
    let rest = &bytes[at + NOSEM.len()..];
    let rest = rest.strip_prefix(b"grep").unwrap_or(rest);
    let window = &rest[..rest.len().min(DIRECTIVE_BYTES_MAX)];
    let end = memchr::memchr(b'\n', window).unwrap_or(window.len());
    let after = String::from_utf8_lossy(&window[..end]);
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let stands_apart = !before.ends_with(is_word) && !after.starts_with(is_word);
    let commented = OPENERS.iter().any(|opener| before.contains(opener));
    if !stands_apart || !commented {
        return None;
    }
    let alone = before_start == line_start && !before.chars().any(char::is_alphanumeric);
    let (mut rules, reason) = match after.trim_start().strip_prefix(':') {
        Some(list) => {
            // What follows the comment is code again.
            let end = CLOSERS.iter().filter_map(|closer| list.find(closer)).min().unwrap_or(list.len());
            rules_and_reason(&list[..end])
        }
        None => (Vec::new(), String::new()),
    };
    if rules.is_empty() {
        rules.push("*".to_owned());
    }
    Some(InlineIgnore {
        path: path.to_owned(),
        commit: None,
        line,
        target_line: if alone { line + 1 } else { line },
        rules,
        reason,
        dialect: Dialect::Semgrep,
    })
}

/// Reads the directive at `at`; `None` if the words are not in a comment, or only mentioned there.
fn directive(path: &str, bytes: &[u8], line_start: usize, at: usize, line: u32) -> Option<InlineIgnore> {
    let before_start = line_start.max(at.saturating_sub(DIRECTIVE_BYTES_MAX));
    let before = String::from_utf8_lossy(&bytes[before_start..at]);
    let rest = &bytes[at + DIRECTIVE.len()..];
    let end = memchr::memchr(b'\n', &rest[..rest.len().min(DIRECTIVE_BYTES_MAX)]);
    let after = String::from_utf8_lossy(&rest[..end.unwrap_or(rest.len().min(DIRECTIVE_BYTES_MAX))]);
    let stands_apart = before.ends_with(|c: char| c.is_whitespace() || "#/*-;%!".contains(c))
        && (after.is_empty() || after.starts_with(char::is_whitespace));
    let commented = OPENERS.iter().any(|opener| before.contains(opener));
    if !stands_apart || !commented {
        return None;
    }
    let is_opener = |c: char| c.is_whitespace() || "#/*-;<!%({".contains(c);
    let words = ["REM", "rem", "dnl"];
    let alone =
        before_start == line_start && (before.chars().all(is_opener) || words.contains(&before.trim()));
    let (rules, reason) = rules_and_reason(&after);
    Some(InlineIgnore {
        path: path.to_owned(),
        commit: None,
        line,
        target_line: if alone { line + 1 } else { line },
        rules,
        reason,
        dialect: Dialect::Selvedge,
    })
}

/// `a, b because of c` → rules `a` and `b`, reason `because of c`.
fn rules_and_reason(text: &str) -> (Vec<String>, String) {
    let mut rest = text.trim();
    while let Some(closed) = CLOSERS.iter().find_map(|closer| rest.strip_suffix(closer)) {
        rest = closed.trim_end();
    }
    let mut rules = Vec::new();
    loop {
        let end = rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len());
        let (rule, after) = rest.split_at(end);
        let rule = rule.trim_end_matches(':');
        if !rule.is_empty() {
            rules.push(rule.to_owned());
        }
        let after_space = after.trim_start();
        let Some(next) = after_space.strip_prefix(',') else {
            let reason = after_space.trim_start_matches(['-', ':', '—', ' ']);
            return (rules, reason.chars().filter(|c| !c.is_control()).collect());
        };
        rest = next.trim_start();
    }
}

/// Ignores alone on consecutive lines are all about the first line after them.
fn carry_over(found: &mut [InlineIgnore]) {
    for index in (1..found.len()).rev() {
        let (before, after) = found.split_at_mut(index);
        if let Some(previous) = before.last_mut()
            && previous.target_line == after[0].line
            && previous.target_line != previous.line
            && after[0].target_line > after[0].line
        {
            previous.target_line = after[0].target_line;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::finding;

    /// `line→target rules|reason` for each ignore.
    fn read(text: &str) -> Vec<String> {
        let show =
            |i: InlineIgnore| format!("{}→{} {}|{}", i.line, i.target_line, i.rules.join("+"), i.reason);
        find("a", text.as_bytes()).ignores.into_iter().map(show).collect()
    }

    #[test]
    fn reads_comments_of_many_languages() {
        assert_eq!(read("key = 1 # selvedge:ignore aws-key test account"), ["1→1 aws-key|test account"]);
        assert_eq!(read("\n// selvedge:ignore a,b: both are fake\nkey"), ["2→3 a+b|both are fake"]);
        assert_eq!(read("<!-- selvedge:ignore a, b why not -->\n"), ["1→2 a+b|why not"]);
        assert_eq!(read("x /* selvedge:ignore * example */"), ["1→1 *|example"]);
        assert_eq!(read("-- selvedge:ignore a\r\nx"), ["1→2 a|"]);
        assert_eq!(read("REM selvedge:ignore a b\r\nx"), ["1→2 a|b"]);
        assert_eq!(read("; selvedge:ignore"), ["1→2 |"]);
        assert_eq!(read("# AKIA selvedge:ignore a why"), ["1→1 a|why"]);
    }

    #[test]
    fn stacked_ignores_are_about_the_same_line() {
        let text = "# selvedge:ignore a one\n# selvedge:ignore b two\nkey # selvedge:ignore c three";
        assert_eq!(read(text), ["1→3 a|one", "2→3 b|two", "3→3 c|three"]);
    }

    #[test]
    fn mentions_are_not_ignores() {
        for text in [
            "selvedge:ignore a b",
            "say selvedge:ignore a b",
            "# `selvedge:ignore a b`",
            "# selvedge:ignored a",
        ] {
            assert!(read(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn gitleaks_words_count_anywhere_on_the_line() {
        assert_eq!(read("a\nkey gitleaks:allow\nb betterleaks:allow\nc nleaks:allow"), ["2→2 *|", "3→3 *|"]);
    }

    #[test]
    fn semgrep_words_name_rules_or_none() {
        assert_eq!(read("eval(x)  # nosemgrep"), ["1→1 *|"]);
        assert_eq!(read("# nosem\neval(x)"), ["1→2 *|"]);
        assert_eq!(read("f() // nosemgrep: a.b.c, d  made up"), ["1→1 a.b.c+d|made up"]);
        assert_eq!(read("/* nosem: a */ f()"), ["1→2 a|"]);
        for text in ["nosemgrep", "# nosemantics", "# unosem", "# no-nosem-here"] {
            assert!(read(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn everything_needs_a_reason() {
        let sound = |text: &str| find("a", text.as_bytes()).ignores[0].is_sound();
        assert!(sound("# selvedge:ignore a"));
        assert!(sound("# selvedge:ignore * why"));
        assert!(sound("x gitleaks:allow"));
        assert!(!sound("# selvedge:ignore *"));
        assert!(!sound("# selvedge:ignore"));
    }

    #[test]
    fn covers_the_line_and_the_rules_it_names() {
        let ignore = &find("a", b"\nkey # selvedge:ignore r why").ignores[0];
        assert!(ignore.covers(&finding("r", "a", 2, "x")));
        assert!(!ignore.covers(&finding("r", "a", 1, "x")));
        assert!(!ignore.covers(&finding("q", "a", 2, "x")));
        let mut long = finding("r", "a", 1, "x");
        long.subject.location_mut().expect("a place").end.line = 5;
        assert!(ignore.covers(&long));
    }

    #[test]
    fn the_number_per_file_is_limited() {
        let text = "x # selvedge:ignore a b\n".repeat(INLINE_PER_FILE_MAX + 5);
        let found = find("a", text.as_bytes());
        assert_eq!((found.ignores.len(), found.dropped), (INLINE_PER_FILE_MAX, 5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn arbitrary_bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..60), at in 0usize..60, tail in "[#/,* a-z\n]{0,20}") {
            let at = at.min(bytes.len());
            bytes.splice(at..at, [b"# selvedge:ignore", tail.as_bytes()].concat());
            let _ = find("a", &bytes);
        }
    }
}
