//! `selvedge.toml`: its keys, its reading, and the effective value of each key with its origin.
//!
//! [`KEYS`] declares every key once. Reading, flags and variables, `config show`, the draft of
//! `selvedge init` and the reference documentation all walk that table, so a key cannot exist in one and
//! be missing in another. [`Config::parse`] reads a file, [`resolve()`] lays variables and flags over it, and
//! [`Settings`] is the typed result that the rest of the program uses.

mod draft;
mod keys;
mod read;
mod resolve;
mod settings;
mod show;
#[cfg(test)]
mod tests;
mod value;

pub use draft::{CiSystem, Facts, draft};
pub use keys::{KEYS, Key, Kind, TABLES, Table, documentation};
pub use read::{CONFIG_BYTES_MAX, Config};
pub use resolve::{Origin, Overlay, Resolved, ResolvedValue, resolve};
pub use settings::{
    ArchiveSettings, BudgetSettings, CheckSettings, CodeSettings, DependenciesSettings, DependencyGate,
    EngineGate, GateSettings, LicenseSettings, OutputSettings, SecretsSettings, Settings, Threshold,
    UnknownLicense,
};
pub use show::{show_table, show_toml};
pub use value::{Value, parse_size};
