//! What is installed or built, read into components.
//!
//! A [`Root`] is a read-only tree of files: a [`Folder`] on disk or a container [`Image`]. [`inventory()`]
//! asks every reader for what it knows about that tree: package databases of distributions, environments of
//! languages, archives of Java, binaries that carry their own list. Nothing is executed, nothing is unpacked
//! to disk, no link is followed out of the tree, and every reader works within named limits whose name
//! stands in the diagnostic when one bites.
//!
//! Start reading at [`Root`], then at `readers.rs`, the list of what is read.

mod apk;
mod binary;
mod deb822;
mod dpkg;
mod examine;
mod folder;
mod gem;
mod image;
mod inventory;
mod jar;
mod layers;
mod license_texts;
mod limit;
mod links;
mod node;
mod owner;
mod problems;
mod python;
mod readers;
mod release;
mod root;
mod rpm;
mod supplier;

pub use folder::Folder;
pub use image::{Image, ImageLimits, ImageOptions, Layer};
pub use inventory::{Inventory, inventory};
pub use license_texts::LicenseText;
pub use release::Distribution;
pub use root::{OpenError, Opened, ReadError, ReadSeek, Root};

#[doc(hidden)]
pub mod fuzzing;
