//! Something that could not be looked at. Data, never an error that stops the rest.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why something was not, or not wholly, looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DiagnosticKind {
    /// The file could not be opened or read.
    Unreadable,
    /// It was listed, and gone when it was to be read.
    Vanished,
    /// Larger than the configured limit; not read.
    TooLarge,
    /// A limit on lines, decoding, matches or steps cut the work on this file short.
    LimitReached,
    /// An archive that is damaged or uses what we do not read.
    BadArchive,
    /// An archive whose content exceeds the entry, depth or byte budget.
    ArchiveLimit,
    /// A rule that does not load; the others do.
    BadRule,
    /// A configuration or ignore file with a mistake that does not change the verdict.
    BadConfig,
    /// Git objects that are not there (shallow or partial clone): the history seen is not whole.
    PartialHistory,
    /// A damaged git object.
    BadObject,
    /// A lockfile, manifest, SBOM or package database that is malformed, whole or in part.
    BadPackageFile,
    /// An advisory record or database that is malformed or cannot be used.
    BadAdvisory,
    /// A symbolic link that leads back into itself or out of the tree.
    SymlinkLoop,
    /// The engine failed on this file; a bug to report.
    Internal,
}

impl DiagnosticKind {
    /// The kebab-case name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Vanished => "vanished",
            Self::TooLarge => "too-large",
            Self::LimitReached => "limit-reached",
            Self::BadArchive => "bad-archive",
            Self::ArchiveLimit => "archive-limit",
            Self::BadRule => "bad-rule",
            Self::BadConfig => "bad-config",
            Self::PartialHistory => "partial-history",
            Self::BadObject => "bad-object",
            Self::BadPackageFile => "bad-package-file",
            Self::BadAdvisory => "bad-advisory",
            Self::SymlinkLoop => "symlink-loop",
            Self::Internal => "internal",
        }
    }

    /// A few words for the summary: "2 skipped (unreadable)".
    pub fn label(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Vanished => "vanished while reading",
            Self::TooLarge => "over the size limit",
            Self::LimitReached => "cut short by a limit",
            Self::BadArchive => "damaged archive",
            Self::ArchiveLimit => "archive over budget",
            Self::BadRule => "rule not loaded",
            Self::BadConfig => "configuration problem",
            Self::PartialHistory => "incomplete history",
            Self::BadObject => "damaged git object",
            Self::BadPackageFile => "malformed package file",
            Self::BadAdvisory => "malformed advisory data",
            Self::SymlinkLoop => "symlink loop",
            Self::Internal => "internal error",
        }
    }
}

/// One thing that was not looked at, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// The class, for counting.
    pub kind: DiagnosticKind,
    /// File the problem is in, as the user would name it; absent if it is about none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// 1-based line in that file, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What happened and what was expected; no secret, no absolute path of the machine.
    pub message: String,
}

impl Diagnostic {
    /// A diagnostic about no file in particular.
    pub fn new(kind: DiagnosticKind, message: impl Into<String>) -> Self {
        Self { kind, path: None, line: None, message: message.into() }
    }

    /// Says which file it is about.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Says which 1-based line it is about.
    #[must_use]
    pub fn line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, self.line) {
            (Some(path), Some(line)) => write!(f, "{path}:{line}: {}", self.message),
            (Some(path), None) => write!(f, "{path}: {}", self.message),
            (None, _) => f.write_str(&self.message),
        }
    }
}
