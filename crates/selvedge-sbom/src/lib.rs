//! Software bills of materials and VEX documents, in and out.
//!
//! [`Bom`] is the neutral model. It is made from manifests by [`Assembly`], read by [`read()`] and written by
//! [`cyclonedx::write_json`] and its siblings. Nothing here knows the clock, the file system or the network: time
//! and serial numbers are parameters.

mod assemble;
mod bom;
pub mod cyclonedx;
mod facts;
mod hashes;
mod identity;
mod license;
mod minimum;
mod origin;
mod read;
mod reading;

pub mod spdx;
mod tree;
mod validate;
pub mod vex;

pub use assemble::Assembly;
pub use bom::{Bom, Entry, Kind, Lifecycle, Occurrence, Source, Tool};
pub use minimum::{Element, Filled, minimum_elements};
pub use read::{Reading, read};
pub use tree::BYTES_MAX;
pub use validate::validate;
