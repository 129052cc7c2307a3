//! Archives are walked within their budgets, whatever they claim.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_model::Diagnostic;
use selvedge_source::{ArchiveLimits, File, SourceOptions, Visitor, visit_stdin};

struct Nobody;

impl Visitor for Nobody {
    fn visit(&self, file: &File<'_>) {
        assert!(file.bytes.len() <= 8 << 20);
    }

    fn diagnose(&self, _: Diagnostic) {}
}

fuzz_target!(|bytes: &[u8]| {
    let archives = ArchiveLimits { entries_max: 100, bytes_max: 8 << 20, ..ArchiveLimits::default() };
    let options = SourceOptions { max_file_size: 1 << 20, threads: 1, archives, ..SourceOptions::default() };
    let _ = visit_stdin(&mut &*bytes, "fuzz", &options, &Nobody);
});
