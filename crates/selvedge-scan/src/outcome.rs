//! What the pass learned about one file: the unit that is collected, cached and merged.

use selvedge_gate::inline::InlineIgnore;
use selvedge_model::{Diagnostic, Finding};
use serde::{Deserialize, Serialize};

/// Everything the pass learned about one file. It holds no secret: it is what the cache stores.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileOutcome {
    pub(crate) findings: Vec<Finding>,
    pub(crate) ignores: Vec<InlineIgnore>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What the file says to the project engine, by path: an archive says it for each of its entries. Stored
    /// apart, since it is bytes.
    #[serde(skip)]
    pub(crate) facts: Vec<(String, Vec<u8>)>,
}

impl FileOutcome {
    /// Whether there is nothing to show.
    pub(crate) fn is_silent(&self) -> bool {
        self.says_nothing() && self.facts.is_empty()
    }

    /// Whether there is nothing to show for a reader; the file may still have facts.
    pub(crate) fn says_nothing(&self) -> bool {
        self.findings.is_empty() && self.ignores.is_empty() && self.diagnostics.is_empty()
    }

    /// Adds what `other` learned.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.ignores.extend(other.ignores);
        self.diagnostics.extend(other.diagnostics);
        self.facts.extend(other.facts);
    }
}
