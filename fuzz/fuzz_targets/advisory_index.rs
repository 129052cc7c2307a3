//! An advisory index with hostile content behind sound checksums: every question is answered or refused.
//! The input is a list of edits to a sound index: two bytes of place, one of value.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use selvedge_advisories::{
    BuildOptions, Index, IndexBuilder, OriginStatus, Query, Record, StoredInventory, changed_packages, fuzzing,
};
use selvedge_package::Ecosystem;

/// A small index that has something in every section but EPSS and KEV.
fn sound() -> Vec<u8> {
    let options = BuildOptions { temporary: std::env::temp_dir(), threads: 1, level: 1 };
    let mut builder = IndexBuilder::new(options);
    let origin = builder.origin(OriginStatus { label: "fuzz".to_owned(), ..OriginStatus::default() });
    let records = (0..70).map(|n| {
        let text = format!(
            r#"{{"id":"PYSEC-2026-{n}","modified":"2026-01-01T00:00:00Z","aliases":["CVE-2026-{:04}"],"details":"Text {n}",
            "severity":[{{"type":"CVSS_V2","score":"AV:N"}}],"affected":[{{"package":{{"ecosystem":"PyPI","name":"p{}"}},
            "ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"1.{n}"}}]}},
            {{"type":"GIT","repo":"https://example.org/a","events":[{{"introduced":"{n:040x}"}}]}}],
            "versions":["2.0","x"],"ecosystem_specific":{{"affected_functions":["a.b"]}}}}]}}"#,
            1000 + n / 2,
            n % 30
        );
        let value = serde_json::from_str(&text).expect("well-formed");
        Record::from_osv(&value).expect("a record").0
    });
    builder.add(origin, records.collect()).expect("in memory");
    let mut out = std::io::Cursor::new(Vec::new());
    builder.finish(&mut out).expect("in memory");
    out.into_inner()
}

fuzz_target!(|bytes: &[u8]| {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    let sound = SOUND.get_or_init(sound);
    let mut edited = sound.clone();
    for edit in bytes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % edited.len();
        edited[at] = edit[2];
    }
    fuzzing::restore_checksums(&mut edited);
    let _ = StoredInventory::from_bytes(bytes.to_vec());
    let Ok(index) = Index::from_bytes(edited) else { return };
    let _ = index.status();
    for name in ["p0", "p17", "absent"] {
        let query = Query::new(Ecosystem::PyPI, name, "1.5");
        if let Ok(found) = index.affected(&query) {
            let _ = index.lowest_clear(&query, &found);
        }
    }
    for number in 0..index.record_count().min(100) {
        let _ = index.json(number);
    }
    let _ = (index.resolve("CVE-2026-1003"), index.packages());
    let _ = index.affected_commit(Some("example.org/a"), "000000000000000000000000000000000000000a");
    let whole = Index::from_bytes(sound.clone()).expect("sound");
    let _ = (changed_packages(&whole, &index), changed_packages(&index, &whole));
});
