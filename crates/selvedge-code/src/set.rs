//! A set of rules, and the scan of one file with it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use selvedge_model::{Diagnostic, DiagnosticKind, Rule};
use selvedge_syntax::Language;

use crate::finding::described;
use crate::load::{self, Rejected};
use crate::prefilter::{self, Prefilter};
use crate::program::{Interner, Program};
use crate::rule::{RuleDefinition, Target};
use crate::scan::CodeMatch;

/// A rule file: its name as the user gives it, and its text.
#[derive(Debug, Clone, Copy)]
pub struct RuleFile<'a> {
    /// Shown in diagnostics, and the pack of its rules.
    pub name: &'a str,
    /// YAML.
    pub text: &'a str,
}

/// Rules that were loaded together. Patterns are compiled for a language when its first file comes.
#[derive(Debug, Default)]
pub struct RuleSet {
    pub(crate) rules: Vec<RuleDefinition>,
    digest: [u8; 32],
    interner: Interner,
    programs: Mutex<BTreeMap<(usize, Target), Compiled>>,
    indexes: Mutex<BTreeMap<Option<Language>, Arc<OnceLock<Index>>>>,
}

type Compiled = Arc<Result<Program, (u32, String)>>;

/// The rules for files of one language, behind their filter.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) entries: Vec<IndexEntry>,
    pub(crate) prefilter: Prefilter,
}

/// A rule and the target as which it reads the file.
#[derive(Debug)]
pub(crate) struct IndexEntry {
    pub(crate) rule: usize,
    pub(crate) target: Target,
    pub(crate) program: Compiled,
}

impl RuleSet {
    /// Loads rule files. What does not load is named; the rest does.
    pub fn load(files: &[RuleFile<'_>]) -> (Self, Vec<Rejected>) {
        let mut set = Self::default();
        let mut rejected = Vec::new();
        let mut hasher = blake3::Hasher::new();
        for file in files {
            hasher.update(&(file.name.len() as u64).to_le_bytes()).update(file.name.as_bytes());
            hasher.update(&(file.text.len() as u64).to_le_bytes()).update(file.text.as_bytes());
            load::read_file(file.name, file.text, &mut set.rules, &mut rejected);
        }
        set.digest = *hasher.finalize().as_bytes();
        (set, rejected)
    }

    /// Changes whenever a rule file does.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Leaves out the rules that `keep` refuses. To be called before the first file.
    pub fn retain(&mut self, mut keep: impl FnMut(&Rule) -> bool) {
        self.rules.retain(|rule| keep(&described(rule)));
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Identifiers of the rules, in the order of the files.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.id.as_str())
    }

    /// The identifier of the rule of a match.
    pub fn rule_id(&self, found: &CodeMatch) -> &str {
        &self.rules[found.rule].id
    }

    /// Compiles every pattern for every target of its rule, and names what cannot be used. Rules that are not
    /// checked are compiled when a file needs them, and named then.
    pub fn check(&self) -> Vec<Rejected> {
        let mut rejected = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            for target in &rule.targets {
                rejected.extend(self.problem(index, *target));
            }
        }
        rejected.sort();
        rejected.dedup();
        rejected
    }

    /// What keeps a rule from being used on a target.
    fn problem(&self, index: usize, target: Target) -> Option<Rejected> {
        let rule = &self.rules[index];
        let program = self.program(index, target);
        let (line, reason) = program.as_ref().as_ref().err()?;
        Some(Rejected {
            file: rule.file.to_string(),
            line: *line,
            rule: Some(rule.id.clone()),
            whole: rule.targets.len() == 1,
            reason: format!("for {}: {reason}", target.name()),
        })
    }

    /// The patterns of a rule, compiled for a target at most once.
    pub(crate) fn program(&self, rule: usize, target: Target) -> Compiled {
        let known =
            self.programs.lock().unwrap_or_else(PoisonError::into_inner).get(&(rule, target)).cloned();
        known.unwrap_or_else(|| {
            let compiled = Arc::new(self.interner.compile(&self.rules[rule], target));
            let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
            programs.entry((rule, target)).or_insert(compiled).clone()
        })
    }

    /// The rules for files of a language, or for files of none that is known.
    pub(crate) fn index(&self, language: Option<Language>) -> Arc<OnceLock<Index>> {
        let cell = {
            let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
            indexes.entry(language).or_default().clone()
        };
        cell.get_or_init(|| self.build_index(language));
        cell
    }

    fn build_index(&self, language: Option<Language>) -> Index {
        let mut entries = Vec::new();
        let mut clauses = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            for target in targets_for(rule, language) {
                let program = self.program(index, target);
                clauses.push(match program.as_ref() {
                    Ok(program) => prefilter::necessary(rule, program),
                    Err(_) => Vec::new(),
                });
                entries.push(IndexEntry { rule: index, target, program });
            }
        }
        Index { entries, prefilter: Prefilter::new(&clauses) }
    }

    /// Rules that cannot be used on files of a language, as diagnostics.
    pub fn problems_for(&self, path: &str) -> Vec<Diagnostic> {
        let language = Language::of_path(path);
        let mut problems = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            for target in targets_for(rule, language) {
                if let Some(rejected) = self.problem(index, target) {
                    problems.push(rejected.diagnostic());
                }
            }
        }
        problems
    }

    /// Whether some rule may be evaluated on such a path at all.
    pub fn wants(&self, path: &str) -> bool {
        let language = Language::of_path(path);
        self.rules.iter().any(|rule| !targets_for(rule, language).is_empty() && rule.paths.accepts(path))
    }
}

impl Rejected {
    /// As what the report counts and shows.
    pub fn diagnostic(&self) -> Diagnostic {
        let rule = self.rule.as_ref().map_or_else(String::new, |rule| format!("rule {rule}: "));
        Diagnostic::new(DiagnosticKind::BadRule, format!("{rule}{}", self.reason))
            .at(&self.file)
            .line(self.line)
    }
}

/// As what a rule reads files of a language: as that language if it is for it, and as text if it is for text.
pub(crate) fn targets_for(rule: &RuleDefinition, language: Option<Language>) -> Vec<Target> {
    let mut targets = Vec::new();
    for target in &rule.targets {
        let as_read = match (*target, language) {
            (Target::Code(own), Some(language)) if own.reads(language) => Target::Code(language),
            (Target::Code(_), _) => continue,
            (text, _) => text,
        };
        if !targets.contains(&as_read) {
            targets.push(as_read);
        }
    }
    targets
}
