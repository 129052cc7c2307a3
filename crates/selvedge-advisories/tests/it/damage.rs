//! A damaged file is refused, or answers as if it were whole; it never panics and never lies.

use std::fmt::Write as _;

use proptest::prelude::*;
use selvedge_advisories::{
    BuildOptions, EpssScore, Index, IndexBuilder, IndexError, KevEntry, OriginStatus, Query, Record,
};
use selvedge_package::Ecosystem;
use serde_json::json;

/// A small index that has something in every section.
fn sound() -> Vec<u8> {
    let options = BuildOptions { temporary: std::env::temp_dir(), threads: 1, level: 1 };
    let mut builder = IndexBuilder::new(options);
    let origin = builder.origin(OriginStatus { label: "test".to_owned(), ..OriginStatus::default() });
    let records = (0..100).map(|n| {
        let value = json!({
            "id": format!("PYSEC-2026-{n}"),
            "modified": "2026-01-01T00:00:00Z",
            "aliases": [format!("CVE-2026-{:04}", 1000 + n / 2)],
            "details": format!("Text number {n} that says something about package {}.", n % 40),
            "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
            "affected": [{
                "package": { "ecosystem": "PyPI", "name": format!("package-{}", n % 40) },
                "ranges": [
                    { "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": format!("1.{n}") }] },
                    { "type": "GIT", "repo": "https://example.org/a", "events": [{ "introduced": format!("{n:040x}") }] },
                ],
                "versions": ["2.0.dev1", "legacy one"],
                "ecosystem_specific": { "affected_functions": ["a.b"] },
            }],
        });
        Record::from_osv(&value).unwrap().0
    });
    builder.add(origin, records.collect()).unwrap();
    let cve = "CVE-2026-1003".parse().unwrap();
    builder.epss([(cve, EpssScore { probability: 0.5, percentile: 0.9 })]);
    builder.kev([(cve, KevEntry { added: 20_260_101, due: 20_260_201, ransomware: true })]);
    let mut out = std::io::Cursor::new(Vec::new());
    builder.finish(&mut out).unwrap();
    out.into_inner()
}

/// Everything that can be asked, as text.
fn everything(index: &Index) -> Result<String, IndexError> {
    let mut text = format!("{:?}", index.status()?);
    for name in ["package-0", "package-7", "package-39", "absent"] {
        for version in ["1.0", "1.50", "legacy one"] {
            let query = Query::new(Ecosystem::PyPI, name, version);
            let found = index.affected(&query)?;
            writeln!(text, "{found:?} {:?}", index.lowest_clear(&query, &found)?).unwrap();
        }
    }
    for number in 0..index.record_count() {
        text += &index.json(number)?;
    }
    let cve = "CVE-2026-1003".parse().unwrap();
    writeln!(text, "{:?} {:?}", index.epss(cve)?, index.kev(cve)?).unwrap();
    writeln!(text, "{:?} {:?}", index.resolve("CVE-2026-1003")?, index.find("PYSEC-2026-42")?).unwrap();
    writeln!(text, "{:?}", index.affected_commit(Some("example.org/a"), &format!("{:040x}", 7))?).unwrap();
    writeln!(text, "{:?}", index.packages()?).unwrap();
    Ok(text)
}

#[test]
fn every_byte_is_guarded() {
    let sound = sound();
    let expected = everything(&Index::from_bytes(sound.clone()).unwrap()).unwrap();
    // Every byte of the header, and a step that shares no factor with chunks through the rest.
    for at in (0..256).chain((256..sound.len()).step_by(13)) {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x41;
        if let Ok(index) = Index::from_bytes(damaged) {
            assert!(index.verify().is_err(), "byte {at}: the digest covers it");
            if let Ok(text) = everything(&index) {
                assert!(text == expected, "byte {at}: a wrong answer");
            }
        }
    }
}

#[test]
fn a_file_that_is_cut_short_is_refused() {
    let sound = sound();
    for length in (0..sound.len()).step_by(7) {
        assert!(Index::from_bytes(sound[..length].to_vec()).is_err(), "{length} bytes");
    }
    let longer = [sound.as_slice(), b"x"].concat();
    assert!(matches!(Index::from_bytes(longer), Err(IndexError::Length { .. })));
    assert!(matches!(Index::from_bytes(b"PK\x03\x04".repeat(100)), Err(IndexError::NotAnIndex)));
}

#[test]
fn a_file_that_is_mapped_answers_as_one_in_memory() {
    let sound = sound();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    std::fs::write(&path, &sound).unwrap();
    let mapped = Index::open(&path).unwrap();
    assert_eq!(everything(&mapped).unwrap(), everything(&Index::from_bytes(sound).unwrap()).unwrap());
    mapped.verify().unwrap();
    // Replacing the file leaves the open one as it is.
    let other = folder.path().join("b.db");
    std::fs::write(&other, b"something else").unwrap();
    std::fs::rename(&other, &path).unwrap();
    mapped.verify().unwrap();
}

/// Makes the checksums fit, so that the reader meets the damage itself.
fn with_checksums(mut bytes: Vec<u8>) -> Vec<u8> {
    selvedge_advisories::fuzzing::restore_checksums(&mut bytes);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn hostile_content_with_sound_checksums_does_not_panic(
        places in prop::collection::vec((256usize..20_000, any::<u8>()), 1..20)
    ) {
        let mut bytes = sound();
        for (at, value) in places {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        if let Ok(index) = Index::from_bytes(with_checksums(bytes)) {
            let _ = everything(&index);
        }
    }
}
