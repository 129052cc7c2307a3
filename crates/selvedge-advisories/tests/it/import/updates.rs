//! What an update replaces, carries over and refuses.

use std::io::Write;
use std::path::Path;

use selvedge_advisories::import::{ImportSource, UpdateError, UpdateOptions, UpdateReport, update};
use selvedge_advisories::{Index, Query};
use selvedge_package::Ecosystem;

/// A record about version 1.0.0 to `fixed` of an npm package.
fn record(id: &str, name: &str, fixed: &str, modified: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"{modified}T00:00:00Z","affected":[{{"package":{{"ecosystem":"npm","name":"{name}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"1.0.0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#
    )
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn run(
    target: &Path,
    sources: &[&Path],
    imported_at: i64,
    threads: usize,
) -> Result<UpdateReport, UpdateError> {
    let sources: Vec<_> = sources.iter().map(|path| ImportSource::Path(path.to_path_buf())).collect();
    update(target, &sources, &UpdateOptions { imported_at, threads, ..UpdateOptions::default() })
}

fn affected(target: &Path, name: &str, version: &str) -> bool {
    let index = Index::open(target).unwrap();
    !index.affected(&Query::new(Ecosystem::Npm, name, version)).unwrap().is_empty()
}

#[test]
fn what_is_imported_again_replaces_and_the_rest_is_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    write(&one, "a.json", &record("X-1", "a", "2.0.0", "2026-01-01"));
    write(&one, "deep/b.json", &record("X-2", "b", "2.0.0", "2026-01-01"));
    write(&one, "README.txt", "no advisory");
    write(
        &two,
        "list.jsonl",
        &format!(
            "{}\n{}\n",
            record("X-1", "a", "3.0.0", "2026-02-01"),
            record("X-3", "c", "2.0.0", "2026-01-01")
        ),
    );
    write(&two, "epss.csv", "cve,epss,percentile\nCVE-2026-0001,0.5,0.9\n");
    let target = folder.path().join("advisories.db");
    let first = run(&target, &[&one, &two], 1, 1).unwrap();
    assert_eq!((first.status.records, first.status.shadowed, first.status.epss), (3, 1, 1));
    assert_eq!(first.status.origins[0].unknown_files, 1);
    assert!(affected(&target, "a", "2.5.0"), "of two records with one id the newer counts");

    // The newer one goes: the older one, which gave way, counts again without being imported again.
    write(&two, "list.jsonl", &record("X-3", "c", "2.0.0", "2026-01-01"));
    let second = run(&target, &[&two], 2, 1).unwrap();
    assert_eq!((second.status.records, second.status.shadowed, second.status.epss), (3, 0, 1));
    assert!(
        !affected(&target, "a", "2.5.0")
            && affected(&target, "a", "1.5.0")
            && affected(&target, "b", "1.5.0")
    );

    let fresh = folder.path().join("fresh.db");
    run(&fresh, &[&two, &one], 2, 3).unwrap();
    let (carried, whole) = (Index::open(&target).unwrap(), Index::open(&fresh).unwrap());
    let without_times = |index: &Index| {
        let mut status = index.status().unwrap();
        status.origins.iter_mut().for_each(|origin| origin.imported_at = 0);
        (status, index.section_bytes())
    };
    assert_eq!(
        without_times(&carried),
        without_times(&whole),
        "carried over or imported at once is the same"
    );
}

#[test]
fn the_same_content_is_not_read_again_and_the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    for n in 0..50 {
        write(&source, &format!("{n}.json"), &record(&format!("X-{n}"), "a", "2.0.0", "2026-01-01"));
    }
    let (one, other) = (folder.path().join("one.db"), folder.path().join("other.db"));
    let first = run(&one, &[&source], 1, 1).unwrap();
    run(&other, &[&source], 1, 4).unwrap();
    assert!(std::fs::read(&one).unwrap() == std::fs::read(&other).unwrap());
    let again = run(&one, &[&source], 9, 1).unwrap();
    assert!(again.origins[0].is_unchanged && !first.origins[0].is_unchanged);
    assert_eq!(again.status.origins[0].imported_at, 9, "that it was looked at counts for its age");
    assert_eq!(again.status.records, 50);
    assert!(affected(&one, "a", "1.0.0"));
}

#[test]
fn archives_and_compressed_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("all.zip");
    let mut writer = zip::ZipWriter::new(std::fs::File::create(&zip).unwrap());
    writer.start_file("X-1.json", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(record("X-1", "a", "2.0.0", "2026-01-01").as_bytes()).unwrap();
    writer.finish().unwrap();
    let packed = folder.path().join("list.jsonl.zst");
    std::fs::write(
        &packed,
        zstd::encode_all(record("X-2", "b", "2.0.0", "2026-01-01").as_bytes(), 1).unwrap(),
    )
    .unwrap();
    let gzip = folder.path().join("one.json.gz");
    let mut encoder =
        flate2::write::GzEncoder::new(std::fs::File::create(&gzip).unwrap(), flate2::Compression::fast());
    encoder.write_all(record("X-3", "c", "2.0.0", "2026-01-01").as_bytes()).unwrap();
    encoder.finish().unwrap();
    let target = folder.path().join("advisories.db");
    let report = run(&target, &[&zip, &packed, &gzip], 1, 1).unwrap();
    assert_eq!(report.status.records, 3, "{:?}", report.diagnostics);
    assert!(["a", "b", "c"].iter().all(|name| affected(&target, name, "1.0.0")));
}

#[test]
fn one_bad_file_costs_itself_only() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    write(&source, "good.json", &record("X-1", "a", "2.0.0", "2026-01-01"));
    write(&source, "bad.json", "{ \"id\": ");
    write(&source, "bad.zip", "no archive");
    write(&source, "nameless.json", r#"{ "id": 7, "affected": [], "modified": "2026-01-01T00:00:00Z" }"#);
    let target = folder.path().join("advisories.db");
    let report = run(&target, &[&source], 1, 1).unwrap();
    assert_eq!(report.status.records, 1);
    let told: Vec<_> = report.diagnostics.iter().filter_map(|it| it.path.as_deref()).collect();
    assert!(told.contains(&"bad.json") && told.contains(&"bad.zip"), "{told:?}");
    assert_eq!(report.status.origins[0].rejected, 1);
    assert_eq!(report.status.origins[0].unknown_files, 1);
}

#[test]
fn nothing_is_an_error_and_leaves_the_old_index() {
    let folder = tempfile::tempdir().unwrap();
    let (source, empty) = (folder.path().join("source"), folder.path().join("empty"));
    write(&source, "a.json", &record("X-1", "a", "2.0.0", "2026-01-01"));
    write(&empty, "README.md", "nothing");
    let target = folder.path().join("advisories.db");
    run(&target, &[&source], 1, 1).unwrap();
    let before = std::fs::read(&target).unwrap();
    assert!(matches!(run(&target, &[&empty], 2, 1), Err(UpdateError::Nothing { .. })));
    assert!(matches!(run(&target, &[&folder.path().join("absent")], 2, 1), Err(UpdateError::Read { .. })));
    assert!(std::fs::read(&target).unwrap() == before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "no temporary file is left");
}

#[test]
fn a_damaged_index_is_said_and_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    write(&source, "a.json", &record("X-1", "a", "2.0.0", "2026-01-01"));
    let target = folder.path().join("advisories.db");
    run(&target, &[&source], 1, 1).unwrap();
    let mut bytes = std::fs::read(&target).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&target, bytes).unwrap();
    let report = run(&target, &[&source], 2, 1).unwrap();
    assert!(report.diagnostics.iter().any(|it| it.message.contains("not used")), "{:?}", report.diagnostics);
    assert!(affected(&target, "a", "1.0.0"));
}

#[test]
fn a_source_that_shrinks_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    for n in 0..10 {
        write(&source, &format!("{n}.json"), &record(&format!("X-{n}"), "a", "2.0.0", "2026-01-01"));
    }
    let target = folder.path().join("advisories.db");
    run(&target, &[&source], 1, 1).unwrap();
    for n in 0..8 {
        std::fs::remove_file(source.join(format!("{n}.json"))).unwrap();
    }
    let report = run(&target, &[&source], 2, 1).unwrap();
    assert!(
        report.diagnostics.iter().any(|it| it.message.contains("is it whole")),
        "{:?}",
        report.diagnostics
    );
}
