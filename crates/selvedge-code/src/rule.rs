//! A rule as it was written: what it looks for, where, and what it says about it.

use std::sync::Arc;

use selvedge_model::Severity;
use selvedge_syntax::Language;

use crate::expr::Expr;
use crate::paths::PathFilter;
use crate::pcre::Pcre;

/// What a rule's patterns are matched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The normalised tree of a language.
    Code(Language),
    /// Words, punctuation and indentation of any text.
    Generic,
    /// Regular expressions over any text.
    Regex,
}

impl Target {
    /// The target of an entry of `languages:`, if it is one that is read here.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "generic" => Some(Self::Generic),
            "regex" | "none" => Some(Self::Regex),
            _ => Language::from_name(name).map(Self::Code),
        }
    }

    /// The name by which rules know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code(language) => language.name(),
            Self::Generic => "generic",
            Self::Regex => "regex",
        }
    }
}

/// Index of a pattern or regular expression in [`RuleDefinition::leaves`].
pub(crate) type LeafId = usize;

/// A pattern or regular expression of a rule, as it was written.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) kind: LeafKind,
    /// 1-based line of the rule file on which it starts.
    pub(crate) line: u32,
    /// Set inside a `metavariable-pattern` with a language of its own.
    pub(crate) target: Option<Target>,
}

#[derive(Debug)]
pub(crate) enum LeafKind {
    Pattern(String),
    Regex(Pcre),
}

/// What has to hold; the set of ranges that a rule finds.
#[derive(Debug)]
pub(crate) enum Formula {
    Leaf(LeafId),
    And(Conjunction),
    Or(Vec<Formula>),
    /// Ranges inside one of these.
    Inside(Box<Formula>),
    /// Something of this is in the file, wherever.
    Anywhere(Box<Formula>),
}

/// Several formulas that hold together, conditions on what they bind, and what of it is the finding.
#[derive(Debug, Default)]
pub(crate) struct Conjunction {
    pub(crate) positive: Vec<Formula>,
    pub(crate) negative: Vec<Formula>,
    pub(crate) conditions: Vec<Condition>,
    /// Each entry is one `focus-metavariable`; the metavariables of one entry are alternatives.
    pub(crate) focus: Vec<Vec<String>>,
}

/// A condition on one binding, or on several.
#[derive(Debug)]
pub(crate) enum Condition {
    Regex { metavariable: String, regex: Pcre, constant_propagation: bool },
    Pattern { metavariable: String, target: Option<Target>, formula: Box<Formula> },
    Comparison(Comparison),
    Entropy { metavariable: String },
    Redos { metavariable: String },
    Type { metavariable: String, types: Vec<String> },
    Name { metavariable: String, kind: Option<String>, modules: Vec<String> },
}

/// `metavariable-comparison`.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The metavariable that `strip` and `base` are about.
    pub(crate) metavariable: Option<String>,
    pub(crate) expression: Expr,
    /// The base in which its text is read as a number.
    pub(crate) base: Option<u32>,
    /// Whether quotes around its text are taken off.
    pub(crate) strip: bool,
}

/// How the rule is evaluated.
#[derive(Debug)]
pub(crate) enum Mode {
    Search(Formula),
    Taint(Box<Taint>),
}

/// `mode: taint`: what flows from where to where.
#[derive(Debug, Default)]
pub(crate) struct Taint {
    pub(crate) sources: Vec<Source>,
    pub(crate) sinks: Vec<Sink>,
    pub(crate) sanitizers: Vec<Sanitizer>,
    pub(crate) propagators: Vec<Propagator>,
}

/// Where a source or sanitizer acts beyond the expression that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SideEffect {
    No,
    Yes,
    Only,
}

/// Which labels must be there.
#[derive(Debug, Clone)]
pub(crate) enum Requires {
    Always,
    Labels(Expr),
}

#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) formula: Formula,
    pub(crate) label: Arc<str>,
    pub(crate) requires: Requires,
    pub(crate) exact: bool,
    pub(crate) side_effect: SideEffect,
}

#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) formula: Formula,
    pub(crate) requires: Requires,
    /// Whether the whole of the match must be tainted, not a part of it.
    pub(crate) exact: bool,
}

#[derive(Debug)]
pub(crate) struct Sanitizer {
    pub(crate) formula: Formula,
    pub(crate) exact: bool,
    pub(crate) side_effect: bool,
    pub(crate) not_conflicting: bool,
}

#[derive(Debug)]
pub(crate) struct Propagator {
    pub(crate) formula: Formula,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) side_effect: bool,
    pub(crate) requires: Requires,
    pub(crate) replace_labels: Option<Vec<Arc<str>>>,
}

/// `options:` of a rule; what is not set is as Semgrep has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    /// Switches of the matcher, by name, as the rule sets them.
    pub(crate) matching: Vec<(String, bool)>,
    pub(crate) symbolic_propagation: bool,
    pub(crate) constant_propagation: bool,
    pub(crate) taint: TaintOptions,
    pub(crate) generic: GenericOptions,
}

/// Options of `mode: taint`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the rule format")]
pub(crate) struct TaintOptions {
    pub(crate) assume_safe_functions: bool,
    pub(crate) assume_safe_indexes: bool,
    pub(crate) assume_safe_comparisons: bool,
    pub(crate) assume_safe_booleans: bool,
    pub(crate) assume_safe_numbers: bool,
    pub(crate) only_propagate_through_assignments: bool,
    pub(crate) unify_mvars: bool,
}

/// Options of the `generic` target.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct GenericOptions {
    /// Lines that `...` may span beyond its own.
    pub(crate) ellipsis_max_span: usize,
    pub(crate) comments: CommentStyle,
    pub(crate) caseless: bool,
}

/// Which comments the `generic` target leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CommentStyle {
    None,
    Shell,
    C,
    Cpp,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            matching: Vec::new(),
            symbolic_propagation: false,
            constant_propagation: true,
            taint: TaintOptions::default(),
            generic: GenericOptions { ellipsis_max_span: 10, comments: CommentStyle::None, caseless: false },
        }
    }
}

/// `fix-regex:`: a replacement within the text that was found.
#[derive(Debug)]
pub(crate) struct FixRegex {
    pub(crate) regex: Pcre,
    pub(crate) replacement: String,
    /// How many matches are replaced; zero means all.
    pub(crate) count: usize,
}

/// What the rule says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `CWE-89: …`, as written.
    pub cwe: Vec<String>,
    /// `A03:2021 - …`, as written.
    pub owasp: Vec<String>,
    /// Addresses of pages.
    pub references: Vec<String>,
    /// `HIGH`, `MEDIUM`, `LOW`.
    pub confidence: Option<String>,
    /// `security`, `correctness` and so on.
    pub category: Option<String>,
    /// Subcategories such as `audit` or `vuln`.
    pub subcategory: Vec<String>,
    /// Frameworks and languages.
    pub technology: Vec<String>,
    /// A short name for the finding, in packs that give one.
    pub title: Option<String>,
    /// Why it matters, in packs that say so apart from the message.
    pub why: Option<String>,
    /// The steps of a fix, in packs that give them.
    pub fix: Vec<String>,
    /// Whether it finds places to read rather than mistakes.
    pub audit: bool,
}

/// One rule.
#[derive(Debug)]
pub(crate) struct RuleDefinition {
    pub(crate) id: String,
    pub(crate) message: String,
    pub(crate) severity: Severity,
    pub(crate) targets: Vec<Target>,
    pub(crate) mode: Mode,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) options: Options,
    pub(crate) paths: PathFilter,
    pub(crate) metadata: Metadata,
    pub(crate) fix: Option<String>,
    pub(crate) fix_regex: Option<FixRegex>,
    /// The file it was read from, as the user names it.
    pub(crate) file: Arc<str>,
}
