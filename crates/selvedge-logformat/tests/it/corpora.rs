//! Windows event logs of the Sigma project, against the JSON that it publishes beside them.

#![expect(clippy::print_stdout, reason = "what was looked at, or why nothing was")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use selvedge_logformat::{Format, Outcome, evtx, records};

use crate::context;

/// The folder of corpora, or none with a line that says so.
fn corpora() -> Option<PathBuf> {
    let given = std::env::var_os("SELVEDGE_CORPORA").map(PathBuf::from);
    let path = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"));
    let path = path.join("sigma/regression_data");
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: no corpora at {}", path.display());
    None
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The fields that matter to rules. Readers differ in the precision of time stamps, which are left out; in how they
/// spell identifiers, with braces, as Windows does, or without; and in blanks at the end of values, which the
/// published files lack and the event logs have.
fn fields(text: &str) -> BTreeSet<(String, String)> {
    let Outcome::Fields("windows", parsed) = Format::WindowsEvent.parse(text, &context()) else {
        panic!("no Windows event: {text}");
    };
    let names = parsed.fields.iter().filter(|(name, _)| !name.contains("Time"));
    let alike = |value: &str| value.trim_end().trim_matches(['{', '}']).to_uppercase();
    names
        .map(|(name, value)| (name.to_string(), alike(value)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

#[test]
fn event_logs_give_the_events_that_are_published_beside_them() {
    let Some(folder) = corpora() else { return };
    let (mut events, mut differing) = (0, Vec::new());
    let files = files(&folder, "evtx");
    for path in &files {
        let mut read = Vec::new();
        let damaged = evtx::read(path, |record| {
            read.push(fields(&record.json));
            true
        });
        assert_eq!(damaged.expect("a readable event log"), 0, "{}", path.display());
        let published = std::fs::read_to_string(path.with_extension("json")).expect("the JSON beside it");
        let (published, error) = records::split(&published);
        assert_eq!(error, None, "{}", path.display());
        events += read.len();
        let published: Vec<_> = published.iter().map(|record| fields(record)).collect();
        assert_eq!(read.len(), published.len(), "{}", path.display());
        for (read, published) in read.iter().zip(&published) {
            let difference: Vec<_> = read.symmetric_difference(published).collect();
            if !difference.is_empty() {
                differing.push(format!("{}: {difference:?}", path.display()));
            }
        }
    }
    println!(
        "{} event logs, {events} events, {} differ from the published JSON",
        files.len(),
        differing.len()
    );
    assert_eq!((files.len(), events), (202, 238));
    assert_eq!(differing, Vec::<String>::new());
}
