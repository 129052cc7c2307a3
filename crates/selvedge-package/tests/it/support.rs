//! Where foreign test data lies.

use std::path::{Path, PathBuf};

/// A file of the shared test corpora, or `None` with a line that says so.
#[expect(clippy::print_stdout, reason = "says which test had nothing to look at")]
pub(crate) fn corpus(name: &str) -> Option<String> {
    let root = std::env::var_os("SELVEDGE_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    match std::fs::read_to_string(root.join(name)) {
        Ok(text) => Some(text),
        Err(error) => {
            println!("skipped: corpus {name} is not here ({error})");
            None
        }
    }
}

/// A folder of vectors published by others, below `$SELVEDGE_VECTORS`, or `None` with a line that says so.
#[expect(clippy::print_stdout, reason = "says which test had nothing to look at")]
pub(crate) fn vectors(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SELVEDGE_VECTORS").map(|root| Path::new(&root).join(name));
    let folder = folder.filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: vectors of {name} are not below $SELVEDGE_VECTORS");
    }
    folder
}
