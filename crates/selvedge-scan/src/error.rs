//! Why a run could not be done at all. Trouble with one file is a diagnostic instead.

use selvedge_source::SourceError;

/// Why a run could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// What was to be looked at cannot be reached.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}
