//! Advisories in every form, then an index over what was read. The first byte chooses the file's name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_advisories::import::parse;
use selvedge_advisories::{BuildOptions, Index, IndexBuilder, OriginStatus, Query};

const NAMES: [&str; 7] = [
    "a.json",
    "a.jsonl",
    "crates/a/RUSTSEC-2026-0001.md",
    "gems/a/CVE-2026-0001.yml",
    "vendor/a/2026-01-01.yaml",
    "epss.csv",
    "data/reports/GO-2026-0001.yaml",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let parsed = parse(NAMES[usize::from(*first) % NAMES.len()], rest);
    if parsed.records.is_empty() {
        return;
    }
    let affected: Vec<_> = parsed.records.iter().flat_map(|record| record.affected.clone()).collect();
    let options = BuildOptions { temporary: std::env::temp_dir(), threads: 1, level: 1 };
    let mut builder = IndexBuilder::new(options);
    let origin = builder.origin(OriginStatus::default());
    builder.add(origin, parsed.records).expect("in memory");
    let mut out = std::io::Cursor::new(Vec::new());
    builder.finish(&mut out).expect("in memory");
    let index = Index::from_bytes(out.into_inner()).expect("just built");
    index.verify().expect("just built");
    for affected in affected.iter().take(20) {
        for version in affected.versions.iter().map(String::as_str).take(3).chain(["1.0", ""]) {
            let query = Query {
                ecosystem: affected.ecosystem,
                ecosystem_name: Some(&affected.ecosystem_name),
                release: affected.release.as_deref(),
                name: &affected.name,
                version: Some(version),
            };
            let found = index.affected(&query).expect("a sound index answers");
            index.lowest_clear(&query, &found).expect("a sound index answers");
        }
    }
});
