//! Packs and texts for the tests.

use std::path::PathBuf;
use std::sync::Arc;

use selvedge_secrets::{RuleSet, ScanOptions, Scanner, load_toml};

/// Refuses every file.
pub(crate) fn no_files(path: &str) -> Result<String, String> {
    Err(format!("no file {path}"))
}

/// Loads a pack that must be without mistakes.
pub(crate) fn pack(text: &str) -> RuleSet {
    let (set, diagnostics) = load_toml(text, "pack.toml", &no_files);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    set
}

/// A scanner that behaves as Gitleaks does.
pub(crate) fn scanner(text: &str) -> Scanner {
    Scanner::new(Arc::new(pack(text)), ScanOptions::gitleaks())
}

/// The secrets found, as `rule:secret`, in order.
pub(crate) fn found(scanner: &Scanner, path: Option<&str>, text: &str) -> Vec<String> {
    let mut diagnostics = Vec::new();
    let hits = scanner.scan(path, text.as_bytes(), &mut diagnostics);
    let plain = scanner.scan_plain(path, text.as_bytes(), &mut diagnostics);
    let show = |hits: &[selvedge_secrets::Hit]| -> Vec<String> {
        hits.iter()
            .filter(|hit| hit.allowed.is_none())
            .map(|hit| {
                let id = scanner.rules().secret_rules()[hit.rule].id();
                format!("{id}:{}", String::from_utf8_lossy(hit.secret.expose()))
            })
            .collect()
    };
    assert_eq!(show(&hits), show(&plain), "both ways must agree");
    show(&hits)
}

/// A file of the shared test corpora, or `None` with a line that says so.
#[expect(clippy::print_stdout, reason = "says which test had nothing to look at")]
pub(crate) fn corpus(name: &str) -> Option<String> {
    let root = std::env::var_os("SELVEDGE_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    match std::fs::read_to_string(root.join(name)) {
        Ok(text) => Some(text),
        Err(error) => {
            println!("skipped: corpus {name} is not here ({error})");
            None
        }
    }
}
