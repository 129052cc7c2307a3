//! Where the corpora lie, and an index over records that a test writes.

use std::io::{BufRead, BufReader, Cursor};
use std::path::{Path, PathBuf};

use selvedge_advisories::{BuildOptions, BuildReport, Index, IndexBuilder, OriginStatus, Record};
use serde_json::Value;

/// The folder `osv` of the corpora, or a line that says that it is not there.
pub(crate) fn osv() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpora =
        std::env::var_os("SELVEDGE_CORPORA").map_or_else(|| root.join("../shared/corpora"), PathBuf::from);
    let folder = corpora.join("osv");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("corpora absent: {} is not a folder; set SELVEDGE_CORPORA", folder.display());
    None
}

/// Every record of the corpora.
pub(crate) fn records(folder: &Path) -> Vec<Value> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files.iter().filter(|file| file.to_string_lossy().ends_with(".jsonl.zst")) {
        let lines = BufReader::new(zstd::Decoder::new(std::fs::File::open(file).unwrap()).unwrap()).lines();
        all.extend(lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()));
    }
    all
}

/// Options for tests: speed before size.
pub(crate) fn options(threads: usize) -> BuildOptions {
    BuildOptions { temporary: std::env::temp_dir(), threads, level: 1 }
}

/// The bytes of an index over records.
pub(crate) fn build(records: &[Value], threads: usize) -> (Vec<u8>, BuildReport) {
    let mut builder = IndexBuilder::new(options(threads));
    let origin = builder.origin(OriginStatus { label: "test".to_owned(), ..OriginStatus::default() });
    let records: Vec<Record> = records
        .iter()
        .map(|value| {
            let (record, problems) = Record::from_osv(value).unwrap();
            builder.report(problems);
            record
        })
        .collect();
    builder.add(origin, records).unwrap();
    let mut out = Cursor::new(Vec::new());
    let report = builder.finish(&mut out).unwrap();
    (out.into_inner(), report)
}

/// An index over records.
pub(crate) fn index(records: &[Value]) -> Index {
    Index::from_bytes(build(records, 1).0).unwrap()
}
