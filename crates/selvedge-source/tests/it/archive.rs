//! Archives: what is in them, and what hostile or damaged ones do.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use selvedge_model::{DiagnosticKind, Stats};
use selvedge_source::{ArchiveLimits, Origin, SourceOptions, visit_tree};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{Collector, Fixture};

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, content)) in entries.iter().enumerate() {
        let method = if at % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gz_of(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn xz_of(content: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd_of(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 3).unwrap()
}

/// Text that does not compress much.
fn noise(length: u32) -> String {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (state >> 24) as u8 % 26)
    };
    (0..length).map(|_| next()).collect()
}

fn walk(fixture: &Fixture, limits: ArchiveLimits) -> (Collector, Stats) {
    let collector = Collector::default();
    let options = SourceOptions { archives: limits, ..SourceOptions::default() };
    let stats = visit_tree(fixture.root(), &options, &collector).unwrap();
    (collector, stats)
}

/// What one archive holds, and what is reported about it.
#[track_caller]
fn check(name: &str, archive: &[u8], texts: &[(&str, &str)], problems: &[(DiagnosticKind, &str)]) {
    let fixture = Fixture::new();
    fixture.write(name, archive);
    let (collector, stats) = walk(&fixture, ArchiveLimits::default());
    let found = collector.texts();
    assert_eq!(found.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>(), texts);
    let found = collector.problems();
    assert_eq!(found.iter().map(|(kind, path)| (*kind, path.as_str())).collect::<Vec<_>>(), problems);
    assert_eq!((stats.files, stats.skipped), (texts.len() as u64, problems.len() as u64));
}

#[test]
fn every_format_is_opened_whatever_its_name() {
    let files: [(&str, &[u8]); 3] = [("a.txt", b"first\n"), ("dir/b", b"second\r\n"), ("bin", b"\0\0")];
    check("x.jar", &zip_of(&files), &[("x.jar!a.txt", "first\n"), ("x.jar!dir/b", "second\r\n")], &[]);
    let tar = tar_of(&files);
    check("x.tar", &tar, &[("x.tar!a.txt", "first\n"), ("x.tar!dir/b", "second\r\n")], &[]);
    check("x.tgz", &gz_of(&tar), &[("x.tgz!a.txt", "first\n"), ("x.tgz!dir/b", "second\r\n")], &[]);
    check("layer", &zstd_of(&tar), &[("layer!a.txt", "first\n"), ("layer!dir/b", "second\r\n")], &[]);
    check("x.txz", &xz_of(&tar), &[("x.txz!a.txt", "first\n"), ("x.txz!dir/b", "second\r\n")], &[]);
    check("log.json.gz", &gz_of(b"{}"), &[("log.json.gz!log.json", "{}")], &[]);
}

#[test]
fn entries_are_told_from_files() {
    let fixture = Fixture::new();
    fixture.write("x.zip", zip_of(&[("a", b"1"), ("b", b"\0")]));
    let (collector, stats) = walk(&fixture, ArchiveLimits::default());
    assert_eq!(collector.seen()[0].origin, Origin::ArchiveEntry);
    let counts = Stats { files: 1, bytes: 1, binary: 1, ..Stats::default() };
    assert_eq!(stats, counts);
    assert_eq!(collector.finished(), [("x.zip".to_owned(), counts)]);
}

#[test]
fn archives_in_archives_are_opened_up_to_a_depth() {
    let inner = zip_of(&[("deep", b"down")]);
    let middle = gz_of(&tar_of(&[("inner.zip", &inner), ("beside", b"it")]));
    let outer = zip_of(&[("middle.tar.gz", &middle)]);
    let texts = [("o.zip!middle.tar.gz!beside", "it"), ("o.zip!middle.tar.gz!inner.zip!deep", "down")];
    check("o.zip", &outer, &texts, &[]);

    let fixture = Fixture::new();
    fixture.write("o.zip", &outer);
    let (collector, _) = walk(&fixture, ArchiveLimits { depth_max: 2, ..ArchiveLimits::default() });
    assert_eq!(collector.paths(), ["o.zip!middle.tar.gz!beside"]);
    let problem = (DiagnosticKind::ArchiveLimit, "o.zip!middle.tar.gz!inner.zip".to_owned());
    assert_eq!(collector.problems(), [problem]);
}

#[test]
fn archives_stay_closed_when_asked() {
    let fixture = Fixture::new();
    fixture.write("x.zip", zip_of(&[("a", b"1")])).write("x.gz", gz_of(b"text"));
    let (collector, stats) = walk(&fixture, ArchiveLimits { enabled: false, ..ArchiveLimits::default() });
    assert_eq!(collector.paths(), [""; 0]);
    assert_eq!(stats.binary, 2);
}

#[test]
fn names_that_lead_elsewhere_are_only_names() {
    let names: [(&str, &[u8]); 3] = [("../../up", b"1"), ("/etc/absolute", b"2"), ("back\\slash", b"3")];
    let texts = [("x.zip!../../up", "1"), ("x.zip!back/slash", "3"), ("x.zip!etc/absolute", "2")];
    check("x.zip", &zip_of(&names), &texts, &[]);
}

#[test]
fn long_names_in_tar_are_whole() {
    let long = format!("{}/end", "directory".repeat(30));
    let expected = format!("x.tar!{long}");
    check("x.tar", &tar_of(&[(&long, b"1")]), &[(&expected, "1")], &[]);

    let mut builder = tar::Builder::new(Vec::new());
    builder.append_pax_extensions([("path", long.as_bytes())]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size(1);
    builder.append_data(&mut header, "short", b"1".as_slice()).unwrap();
    check("x.tar", &builder.into_inner().unwrap(), &[(&expected, "1")], &[]);
}

#[test]
fn bombs_are_defused() {
    let zeros = vec![b'0'; 40 << 20];
    let limits = ArchiveLimits::default();
    let fixture = Fixture::new();
    fixture
        .write("bomb.gz", gz_of(&zeros))
        .write("bomb.zip", zip_of(&[("a", &zeros), ("b", b"1"), ("c", &zeros)]));
    fixture.write("bomb.zst", zstd_of(&zeros)).write("fine.txt", "x");
    let (collector, stats) = walk(&fixture, limits);
    let problem = |path: &str| (DiagnosticKind::ArchiveLimit, path.to_owned());
    let problems = [problem("bomb.gz"), problem("bomb.zip"), problem("bomb.zst")];
    assert_eq!(collector.problems(), problems);
    assert!(collector.paths().contains(&"fine.txt".to_owned()));
    assert_eq!(stats.skipped, 3);
}

#[test]
fn the_limits_on_entries_and_bytes_hold() {
    let many: Vec<String> = (0..50).map(|n| format!("f{n:02}")).collect();
    let entries: Vec<(&str, &[u8])> =
        many.iter().map(|name| (name.as_str(), b"0123456789".as_slice())).collect();
    for archive in [zip_of(&entries), gz_of(&tar_of(&entries))] {
        let fixture = Fixture::new();
        fixture.write("x", &archive);
        let (collector, _) = walk(&fixture, ArchiveLimits { entries_max: 10, ..ArchiveLimits::default() });
        assert_eq!(collector.paths().len(), 10);
        assert_eq!(collector.problems(), [(DiagnosticKind::ArchiveLimit, "x".to_owned())]);
        let (collector, _) = walk(&fixture, ArchiveLimits { bytes_max: 200, ..ArchiveLimits::default() });
        assert!(collector.paths().len() < 50);
        assert_eq!(collector.problems(), [(DiagnosticKind::ArchiveLimit, "x".to_owned())]);
    }
}

#[test]
fn an_entry_over_the_size_limit_is_reported_and_the_rest_visited() {
    let fixture = Fixture::new();
    let large = "x".repeat(20_000);
    let entries: [(&str, &[u8]); 2] = [("large", large.as_bytes()), ("small", b"1")];
    fixture.write("x.zip", zip_of(&entries)).write("x.tar", tar_of(&entries));
    let collector = Collector::default();
    let options = SourceOptions { max_file_size: 10_000, ..SourceOptions::default() };
    visit_tree(fixture.root(), &options, &collector).unwrap();
    assert_eq!(collector.paths(), ["x.tar!small", "x.zip!small"]);
    let problem = |path: &str| (DiagnosticKind::TooLarge, path.to_owned());
    assert_eq!(collector.problems(), [problem("x.tar!large"), problem("x.zip!large")]);
}

#[test]
fn overlapping_entries_are_bounded() {
    // Every directory record points at the same data, as in bombs without nesting.
    let content: Vec<u8> = b"0123456789".repeat(100_000);
    let mut zip = zip_of(&[("a", &content)]);
    let end = zip.len() - 22;
    let directory_at = zip.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    let record = zip[directory_at..end].to_vec();
    let mut tail = zip.split_off(end);
    for _ in 1..1000 {
        zip.extend_from_slice(&record);
    }
    let size = (record.len() * 1000) as u32;
    tail[8..10].copy_from_slice(&1000_u16.to_le_bytes());
    tail[10..12].copy_from_slice(&1000_u16.to_le_bytes());
    tail[12..16].copy_from_slice(&size.to_le_bytes());
    zip.extend_from_slice(&tail);
    let fixture = Fixture::new();
    fixture.write("x.zip", &zip);
    let (collector, stats) = walk(&fixture, ArchiveLimits::default());
    assert_eq!(collector.problems(), [(DiagnosticKind::ArchiveLimit, "x.zip".to_owned())]);
    assert!(stats.bytes < 64 << 20, "{stats:?}");
}

#[test]
fn a_damaged_entry_is_reported_and_the_rest_visited() {
    let noise = noise(2000);
    let mut zip = zip_of(&[("bad", noise.as_bytes()), ("good", b"1")]);
    zip[40..140].fill(0xff);
    let fixture = Fixture::new();
    fixture.write("x.zip", &zip);
    let (collector, _) = walk(&fixture, ArchiveLimits::default());
    assert!(collector.texts().contains(&("x.zip!good".to_owned(), "1".to_owned())));
    assert_eq!(collector.problems(), [(DiagnosticKind::BadArchive, "x.zip".to_owned())]);
}

#[test]
fn what_a_truncated_archive_still_holds_is_visited() {
    let text = "line\n".repeat(3000);
    let tar = tar_of(&[("a", b"whole"), ("b", text.as_bytes())]);
    let bad = DiagnosticKind::BadArchive;
    check("x.tar", &tar[..4096], &[("x.tar!a", "whole"), ("x.tar!b", &text[..2560])], &[(bad, "x.tar")]);
    let zip = zip_of(&[("a", b"1")]);
    check("x.zip", &zip[..zip.len() - 30], &[], &[(bad, "x.zip")]);
    let noise = noise(20_000);
    for (name, archive) in [("x.gz", gz_of(noise.as_bytes())), ("x.xz", xz_of(noise.as_bytes()))] {
        let fixture = Fixture::new();
        fixture.write(name, &archive[..archive.len() - 12]);
        let (collector, _) = walk(&fixture, ArchiveLimits::default());
        assert_eq!(collector.problems(), [(bad, name.to_owned())]);
    }
}

#[test]
fn sizes_and_check_sums_that_lie_do_no_harm() {
    let mut zip = zip_of(&[("a", b"hello hello hello hello")]);
    let directory = zip.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[14..18].fill(0xab);
    zip[directory + 16..directory + 20].fill(0xab);
    zip[directory + 24..directory + 28].fill(0xff);
    check("x.zip", &zip, &[("x.zip!a", "hello hello hello hello")], &[]);
}

#[test]
fn encrypted_entries_are_reported() {
    let mut zip = zip_of(&[("a", b"1"), ("b", b"2")]);
    let directory = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[directory + 8] |= 1;
    check("x.zip", &zip, &[("x.zip!b", "2")], &[(DiagnosticKind::BadArchive, "x.zip")]);
}

#[test]
fn something_before_a_zip_does_not_hide_it() {
    let mut zip = b"PK\x03\x04 a first part that is none".to_vec();
    zip.extend(zip_of(&[("a", b"1")]));
    check("installer", &zip, &[("installer!a", "1")], &[]);
}

mod hostile {
    use proptest::prelude::*;

    use super::*;

    fn survives(bytes: &[u8]) {
        let collector = Collector::default();
        let options = SourceOptions::default();
        selvedge_source::visit_stdin(&mut &*bytes, "x", &options, &collector).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn changed_archives_are_survived(format in 0..5_usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
            let files: [(&str, &[u8]); 3] = [("a.txt", b"first\n"), ("dir/b", b"second\r\n"), ("c", b"third")];
            let mut archive = match format {
                0 => zip_of(&files),
                1 => tar_of(&files),
                2 => gz_of(&tar_of(&files)),
                3 => xz_of(&tar_of(&files)),
                _ => zstd_of(&tar_of(&files)),
            };
            for (at, byte) in changes {
                let at = at.index(archive.len());
                archive[at] = byte;
            }
            survives(&archive);
        }

        #[test]
        fn noise_that_begins_like_an_archive_is_survived(format in 0..4_usize, noise: Vec<u8>) {
            let starts: [&[u8]; 4] = [b"PK\x03\x04", b"\x1f\x8b\x08", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];
            survives(&[starts[format], &noise].concat());
        }
    }
}
