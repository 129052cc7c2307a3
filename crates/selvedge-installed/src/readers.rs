//! The registry: everything that is read, in the order in which it is read.
//!
//! A reader of *metadata* needs several files of a tree together. What a single archive or binary says is
//! read by `examine.rs` while a tree is streamed past, so that its bytes need not be kept.

use crate::inventory::Inventory;
use crate::root::Root;
use crate::{apk, dpkg, examine, gem, license_texts, node, python, release, rpm};

/// Something that knows a kind of package database or environment.
pub(crate) struct Reader {
    /// Whether the file at this path is needed.
    pub(crate) wants: fn(&str) -> bool,
    /// Reads everything of its kind.
    pub(crate) read: fn(&dyn Root, &mut Inventory),
}

/// Every reader. Databases of distributions come first: owners are looked up in them.
pub(crate) const ALL: &[Reader] = &[
    Reader { wants: dpkg::wants, read: dpkg::read },
    Reader { wants: apk::wants, read: apk::read },
    Reader { wants: rpm::wants, read: rpm::read },
    Reader { wants: python::wants, read: python::read },
    Reader { wants: node::wants, read: node::read },
    Reader { wants: gem::wants, read: gem::read },
];

/// Whether some reader needs the file at `path`.
pub(crate) fn wants(path: &str) -> bool {
    is_metadata(path) || examine::wants(path)
}

/// Whether the file at `path` is one whose bytes have to be at hand together with others.
pub(crate) fn is_metadata(path: &str) -> bool {
    release::wants(path) || license_texts::wants(path) || ALL.iter().any(|reader| (reader.wants)(path))
}

/// Whether the file at `path` is a database that every layer of an image writes anew.
pub(crate) fn is_database(path: &str) -> bool {
    path == dpkg::STATUS || apk::wants(path) || rpm::is_database(path)
}
