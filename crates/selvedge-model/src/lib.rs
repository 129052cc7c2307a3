//! The vocabulary that every engine, gate and output shares.
//!
//! Plain types and their rules of construction; no file system, no clock, no network, no terminal.
//! Start reading at [`Finding`], then [`Report`], which is what one run of `selvedge check` produces
//! and what every output format renders.

mod diagnostic;
mod engine;
mod excerpt;
mod finding;
mod fingerprint;
mod level;
mod location;
mod package;
mod reference;
mod remediation;
mod report;
mod rule;
mod schema;
mod secret;
mod subject;

pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use engine::{Engine, Stage};
pub use excerpt::{Excerpt, ExcerptLine};
pub use finding::{Finding, FindingBuilder, Proof, Related, SecretFacts};
pub use fingerprint::{Fingerprint, FingerprintKey, Ordinals};
pub use level::{Confidence, Severity, UnknownLevel};
pub use location::{ByteRange, CommitInfo, LineIndex, Location, Position};
pub use package::{AdvisoryDatabase, CvssScore, DependencyInfo, EpssScore, PackageFacts, Reach};
pub use reference::{Reference, Taxonomy};
pub use remediation::{Edit, Remediation};
pub use report::{
    ConfigNotice, Report, RuleSource, RunInfo, Stats, Suppressed, Suppression, SuppressionKind, ToolInfo,
    Verdict,
};
pub use rule::{Rule, RuleId};
pub use schema::{REPORT_SCHEMA_VERSION, report_schema};
pub use secret::{Redaction, Secret};
pub use subject::Subject;
