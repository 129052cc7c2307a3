//! VEX: what a supplier or the project itself says of a vulnerability in a product.
//!
//! [`Statement`] is the neutral form of one assertion. [`read()`] takes OpenVEX, CycloneDX and CSAF 2.0;
//! [`Document`] writes all three. Whether a statement is about a package that was found is for
//! [`Statement::applies_to`] to tell, and whether it keeps a finding from counting for [`Statement::suppresses`].

mod csaf;
mod cyclonedx;
mod matching;
mod openvex;
mod read;
mod statement;
mod write;

pub use matching::{Subjects, Target, decide};
pub use read::{Reading, read};
pub use statement::{Affected, Justification, Product, Statement, Status};
pub use write::{Document, Publisher};
