//! One pass over a tree, a change or a history: every file read once, every engine that wants it, then
//! triage and the gate.
//!
//! This crate combines what does not know each other: the source of files, the engines, the gate. It prints
//! nothing and reads no environment. Start reading at [`look()`], then [`judge()`].

mod cache;
mod code;
mod dependencies;
mod engine;
mod error;
mod history;
mod judge;
mod look;
mod outcome;
mod pass;
mod progress;
mod project;
mod secrets;

pub use cache::CacheOptions;
pub use code::{CodeEngine, CodeOptions};
pub use dependencies::{
    AdvisorySeverity, Databases, DependenciesEngine, DependencyOptions, ExampleProblem, Inventory,
    LicensePolicy, add_found_licenses, advisory_severity, builtin_rules, conclude, detect_licenses,
    read_inventory, test_dependency_rules,
};
pub use engine::{FileEngine, FileView, Sink};
pub use error::ScanError;
pub use judge::{JudgeInput, judge};
pub use look::{Engines, LookOptions, Looked, Target, look, look_for_packages};
pub use progress::Progress;
pub use project::{Conclusion, ProjectEngine, ProjectView};
pub use secrets::SecretsEngine;
pub use selvedge_deps::IntegrityOptions;
