//! What stops a run as a whole. Trouble with one file is a [`selvedge_model::Diagnostic`] instead.

use std::path::PathBuf;

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The root of the run, or standard input, cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// What was to be read, as the user named it.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The path is in no git repository that can be opened.
    #[error("cannot open a git repository at {path}")]
    OpenRepository {
        /// The path as the user named it.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A question about changes was asked of a repository without a working tree.
    #[error("{path} is a bare repository and has no working tree")]
    Bare {
        /// The repository as the user named it.
        path: PathBuf,
    },
    /// The name of a revision resolves to nothing.
    #[error("cannot find the revision {revision}")]
    Revision {
        /// The name as the user gave it.
        revision: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Part of a repository that is needed at all cannot be read.
    #[error("cannot read {what} of the git repository")]
    Git {
        /// Which part.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
