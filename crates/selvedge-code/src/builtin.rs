//! The built-in rules: texts in the program, loaded for a language when its first file comes.

use selvedge_syntax::Language;

use crate::annotated::{PackOutcome, test_pack};
use crate::load::Rejected;
use crate::rule::Target;
use crate::set::{RuleFile, RuleSet};

/// The rules of one folder of `rules/code`.
#[derive(Debug)]
pub struct BuiltinPack {
    /// The languages that its rules name, as they name them.
    languages: &'static [&'static str],
    /// Identifiers of its rules.
    ids: &'static [&'static str],
    /// Name and text of each file.
    files: &'static [(&'static str, &'static str)],
    /// Name and text of each file that the rules are tested on.
    examples: &'static [(&'static str, &'static str)],
}

/// Every built-in pack, by folder.
pub static BUILTIN_PACKS: &[BuiltinPack] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

impl BuiltinPack {
    /// Identifiers of the rules.
    pub fn ids(&self) -> &'static [&'static str] {
        self.ids
    }

    /// Whether some rule may be for a file at `path`.
    pub fn is_for(&self, path: &str) -> bool {
        let language = Language::of_path(path);
        self.languages.iter().any(|name| match (Target::from_name(name), language) {
            (Some(Target::Code(own)), Some(language)) => own.reads(language),
            (Some(Target::Generic | Target::Regex), _) => true,
            _ => false,
        })
    }

    /// The names and texts of the rule files.
    pub fn files(&self) -> impl Iterator<Item = RuleFile<'static>> {
        self.files.iter().map(|(name, text)| RuleFile { name, text })
    }

    /// Runs the rules on their examples.
    pub fn test(&self) -> PackOutcome {
        let rules = self.files.iter().map(|(name, _)| *name).collect();
        let files =
            self.files.iter().chain(self.examples).map(|(name, text)| (*name, text.as_bytes())).collect();
        test_pack(&rules, &files)
    }

    /// Loads the rules.
    pub fn load(&self) -> (RuleSet, Vec<Rejected>) {
        let files: Vec<_> = self.files().collect();
        RuleSet::load(&files)
    }
}
