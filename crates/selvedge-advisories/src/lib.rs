//! Advisories: import of public databases, one memory-mapped index, matching.
//!
//! ```text
//! records of any source ─ Record ─ IndexBuilder ─ one file ─ Index::affected ─ Match
//! ```
//!
//! An advisory is an OSV record with its source and licence. No clock and no environment is read here; the
//! network only by [`import`] from an address that the user gave.

mod api;
mod build;
mod changes;
mod cve;
mod exploit;
pub mod fuzzing;
pub mod import;
mod index;
mod key;
mod matching;
mod record;
mod store;

pub use api::{ApiAnswer, OsvApi};
pub use build::{BuildOptions, BuildReport, DIAGNOSTICS_MAX, IndexBuilder};
pub use changes::{ChangedPackage, changed_packages};
pub use cve::{Cve, NotACve};
pub use exploit::{EpssScore, KevEntry};
pub use index::body::Doubt;
pub use index::meta::{EcosystemStatus, IndexStatus, OriginStatus, SourceStatus};
pub use index::{Coverage, Index, IndexError};
pub use matching::{Match, Query, RecordMatch, Verdict, Why};
pub use record::{
    Affected, Event, EventKind, Informational, Range, RangeKind, Record, SeverityScore, Source, Symbols,
    source_of,
};
pub use store::{Inventory, InventoryError, Rematch, RematchError, StoredInventory};
