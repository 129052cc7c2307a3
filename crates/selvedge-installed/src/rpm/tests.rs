//! Databases of all three formats around the same headers, built here byte by byte.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::{Folder, inventory};

enum Value<'a> {
    Text(&'a str),
    Texts(&'a [&'a str]),
    Numbers(&'a [u32]),
}

/// A header with these tags.
fn header(tags: &[(u32, Value<'_>)]) -> Vec<u8> {
    let (mut index, mut store) = (Vec::new(), Vec::new());
    for (tag, value) in tags {
        if matches!(value, Value::Numbers(_)) {
            store.resize(store.len().next_multiple_of(4), 0);
        }
        let at = store.len() as u32;
        let (kind, count) = match value {
            Value::Text(text) => {
                store.extend(text.as_bytes());
                store.push(0);
                (6, 1)
            }
            Value::Texts(texts) => {
                for text in *texts {
                    store.extend(text.as_bytes());
                    store.push(0);
                }
                (8, texts.len() as u32)
            }
            Value::Numbers(numbers) => {
                for number in *numbers {
                    store.extend(number.to_be_bytes());
                }
                (4, numbers.len() as u32)
            }
        };
        for word in [*tag, kind, at, count] {
            index.extend(word.to_be_bytes());
        }
    }
    let mut out = Vec::new();
    out.extend((tags.len() as u32).to_be_bytes());
    out.extend((store.len() as u32).to_be_bytes());
    out.extend(index);
    out.extend(store);
    out
}

fn tool() -> Vec<u8> {
    header(&[
        (1000, Value::Text("tool-libs")),
        (1001, Value::Text("1.2")),
        (1002, Value::Text("3.el9")),
        (1003, Value::Numbers(&[2])),
        (1014, Value::Text("MIT")),
        (1022, Value::Text("x86_64")),
        (1044, Value::Text("tool-1.2-3.el9.src.rpm")),
        (1047, Value::Texts(&["tool-libs", "libtool.so.1"])),
        (1049, Value::Texts(&["/usr/bin/sh", "rpmlib(x)"])),
        (1116, Value::Numbers(&[0])),
        (1117, Value::Texts(&["METADATA"])),
        (1118, Value::Texts(&["/usr/lib/python3.9/site-packages/tool-1.2.dist-info/"])),
        (5096, Value::Text("tool:1:2:3")),
    ])
}

fn shell() -> Vec<u8> {
    header(&[
        (1000, Value::Text("shell")),
        (1001, Value::Text("5")),
        (1002, Value::Text("1")),
        (1116, Value::Numbers(&[0])),
        (1117, Value::Texts(&["sh"])),
        (1118, Value::Texts(&["/usr/bin/"])),
        // Long enough that it needs several pages.
        (1004, Value::Text(&"x".repeat(3000))),
    ])
}

fn key() -> Vec<u8> {
    header(&[(1000, Value::Text("gpg-pubkey")), (1001, Value::Text("1")), (1002, Value::Text("1"))])
}

fn ndb(headers: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"RpmP".to_vec();
    for word in [0_u32, 7, 1, 9, 0, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    let mut blobs = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        let block = (4096 + blobs.len()) as u32 / 16;
        let number = index as u32 + 1;
        out.extend(b"Slot");
        for word in [number, block, header.len() as u32 / 16 + 1] {
            out.extend(word.to_le_bytes());
        }
        blobs.extend(b"BlbS");
        for word in [number, 7, header.len() as u32] {
            blobs.extend(word.to_le_bytes());
        }
        blobs.extend(header);
        blobs.resize(blobs.len().next_multiple_of(16), 0);
    }
    while out.len() < 4096 {
        out.extend(b"Slot");
        out.extend([0; 12]);
    }
    out.extend(blobs);
    out
}

/// One hash page with pairs of key and overflow item, and the chains behind it.
fn bdb(headers: &[Vec<u8>], is_big_endian: bool) -> Vec<u8> {
    const PAGE: usize = 512;
    let word = |value: u32| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let half = |value: u16| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut meta = vec![0; PAGE];
    meta[12..16].copy_from_slice(&word(0x0006_1561));
    meta[20..24].copy_from_slice(&word(PAGE as u32));
    let mut hash = vec![0; PAGE];
    hash[25] = 13;
    let (mut end, mut chains, mut entries) = (PAGE, Vec::new(), 0_u16);
    let mut put = |item: &[u8]| {
        end -= item.len();
        hash[end..end + item.len()].copy_from_slice(item);
        let slot = 26 + 2 * usize::from(entries);
        hash[slot..slot + 2].copy_from_slice(&half(end as u16));
        entries += 1;
    };
    // The record that counts.
    put(&[1, 0, 0, 0, 0]);
    put(&[1, 9, 0, 0, 0]);
    for (index, header) in headers.iter().enumerate() {
        put(&[1, index as u8 + 1, 0, 0, 0]);
        let mut item = vec![3, 0, 0, 0];
        item.extend(word(2 + (chains.len() / PAGE) as u32));
        item.extend(word(header.len() as u32));
        put(&item);
        let parts: Vec<&[u8]> = header.chunks(PAGE - 26).collect();
        for (at, part) in parts.iter().enumerate() {
            let number = 2 + (chains.len() / PAGE) as u32;
            let mut page = vec![0; PAGE];
            page[16..20].copy_from_slice(&word(if at + 1 < parts.len() { number + 1 } else { 0 }));
            page[22..24].copy_from_slice(&half(part.len() as u16));
            page[25] = 7;
            page[26..26 + part.len()].copy_from_slice(part);
            chains.extend(page);
        }
    }
    hash[20..22].copy_from_slice(&half(entries));
    [meta, hash, chains].concat()
}

fn varint(value: usize) -> Vec<u8> {
    if value < 128 { vec![value as u8] } else { vec![(value >> 7) as u8 | 0x80, value as u8 & 0x7f] }
}

/// A record of text, number and blob columns, each with its serial type.
fn record(columns: &[(usize, &[u8])]) -> Vec<u8> {
    let types: Vec<u8> = columns.iter().flat_map(|(kind, _)| varint(*kind)).collect();
    let mut out = varint(types.len() + 1);
    out.extend(types);
    out.extend(columns.iter().flat_map(|(_, raw)| raw.iter().copied()));
    out
}

fn text(value: &str) -> (usize, &[u8]) {
    (13 + 2 * value.len(), value.as_bytes())
}

/// Page 1: the schema; page 2: an interior page; then a leaf for each row with its overflow pages.
fn sqlite(headers: &[Vec<u8>]) -> Vec<u8> {
    const PAGE: usize = 512;
    let leaf = |start: usize, rows: &[Vec<u8>]| {
        let mut page = vec![0; PAGE];
        page[start] = 13;
        page[start + 3..start + 5].copy_from_slice(&(rows.len() as u16).to_be_bytes());
        let mut end = PAGE;
        for (index, row) in rows.iter().enumerate() {
            end -= row.len();
            page[end..end + row.len()].copy_from_slice(row);
            let slot = start + 8 + 2 * index;
            page[slot..slot + 2].copy_from_slice(&(end as u16).to_be_bytes());
        }
        page
    };
    let cell = |payload: &[u8]| [varint(payload.len()), vec![1], payload.to_vec()].concat();
    let schema =
        record(&[text("table"), text("Packages"), text("Packages"), (1, &[2]), text("CREATE TABLE")]);
    let index = record(&[text("index"), text("Packages"), text("Packages"), (1, &[9]), text("CREATE INDEX")]);
    let mut first = leaf(100, &[cell(&index), cell(&schema)]);
    first[..16].copy_from_slice(b"SQLite format 3\0");
    first[16..18].copy_from_slice(&(PAGE as u16).to_be_bytes());
    let mut pages = Vec::new();
    let mut children = Vec::new();
    for header in headers {
        let payload = record(&[(0, &[]), (12 + 2 * header.len(), header)]);
        let number = 3 + pages.len();
        children.push(number as u32);
        let (most, least) = (PAGE - 35, (PAGE - 12) * 32 / 255 - 23);
        let local = match payload.len() {
            length if length <= most => length,
            length => {
                Some(least + (length - least) % (PAGE - 4)).filter(|local| *local <= most).unwrap_or(least)
            }
        };
        let mut row = [varint(payload.len()), vec![1], payload[..local].to_vec()].concat();
        let rest: Vec<&[u8]> = payload[local..].chunks(PAGE - 4).collect();
        if !rest.is_empty() {
            row.extend((number as u32 + 1).to_be_bytes());
        }
        pages.push(leaf(0, &[row]));
        for (index, part) in rest.iter().enumerate() {
            let next = if index + 1 < rest.len() { (number + index) as u32 + 2 } else { 0 };
            let mut page = vec![0; PAGE];
            page[..4].copy_from_slice(&next.to_be_bytes());
            page[4..4 + part.len()].copy_from_slice(part);
            pages.push(page);
        }
    }
    let mut interior = vec![0; PAGE];
    interior[0] = 5;
    let last = children.pop().unwrap_or(0);
    interior[3..5].copy_from_slice(&(children.len() as u16).to_be_bytes());
    interior[8..12].copy_from_slice(&last.to_be_bytes());
    for (index, child) in children.iter().enumerate() {
        let at = PAGE - 5 * (index + 1);
        interior[at..at + 4].copy_from_slice(&child.to_be_bytes());
        interior[12 + 2 * index..14 + 2 * index].copy_from_slice(&(at as u16).to_be_bytes());
    }
    [vec![first, interior], pages].concat().concat()
}

fn read_as(file: &str, database: &[u8], release: &str) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    let site = "usr/lib/python3.9/site-packages/tool-1.2.dist-info";
    for path in ["var/lib/rpm", "etc", site] {
        fs::create_dir_all(folder.path().join(path)).unwrap();
    }
    fs::write(folder.path().join("etc/os-release"), release).unwrap();
    fs::write(folder.path().join("var/lib/rpm").join(file), database).unwrap();
    fs::write(folder.path().join(site).join("METADATA"), "Name: tool\nVersion: 1.2\n").unwrap();
    inventory(&Folder::open(folder.path()).unwrap())
}

#[test]
fn every_format_holds_the_same_packages() {
    let headers = [tool(), key(), shell()];
    for (file, database) in [
        ("rpmdb.sqlite", sqlite(&headers)),
        ("Packages.db", ndb(&headers)),
        ("Packages", bdb(&headers, false)),
        ("Packages", bdb(&headers, true)),
    ] {
        let out = read_as(file, &database, "ID=almalinux\nVERSION_ID=9.4\n");
        assert!(out.diagnostics.is_empty(), "{file}: {:?}", out.diagnostics);
        let rpm = out.manifests.iter().find(|it| it.format == "rpm").unwrap();
        let [tool, shell] = rpm.components.as_slice() else { panic!("{file}: {:?}", rpm.components) };
        assert_eq!((tool.name.as_str(), tool.version.as_deref()), ("tool-libs", Some("2:1.2-3.el9")));
        assert_eq!((tool.ecosystem, tool.release.as_deref()), (Ecosystem::AlmaLinux, Some("9")));
        assert_eq!(
            (tool.architecture.as_deref(), tool.module.as_deref()),
            (Some("x86_64"), Some("tool:1:2:3"))
        );
        assert_eq!(
            (tool.licenses.as_slice(), tool.dependencies.as_slice()),
            (&["MIT".to_owned()][..], &[1][..])
        );
        assert_eq!((shell.name.as_str(), shell.version.as_deref()), ("shell", Some("5-1")));
        let python = out.manifests.iter().find(|it| it.format == "python-environment").unwrap();
        assert_eq!(python.components[0].owned_by.as_deref(), Some("tool-libs"));
    }
}

#[test]
fn distributions_that_name_sources_get_them() {
    let out = read_as("Packages.db", &ndb(&[tool()]), "ID=rocky\nVERSION_ID=9.3\n");
    let tool = &out.manifests[1].components[0];
    assert_eq!((tool.name.as_str(), tool.binary_name.as_deref()), ("tool", Some("tool-libs")));
}

#[test]
fn damage_is_said_and_the_rest_counts() {
    let nameless = header(&[(1001, Value::Text("1"))]);
    let out = read_as("Packages.db", &ndb(&[nameless, shell()]), "ID=fedora\nVERSION_ID=40\n");
    assert_eq!(out.manifests[1].components.len(), 1);
    assert_eq!(
        out.diagnostics[0].to_string(),
        "var/lib/rpm/Packages.db: header 1: expected a package with a name and a version"
    );
    let out = read_as("Packages", b"nonsense", "ID=fedora\n");
    assert!(out.diagnostics[0].message.starts_with("expected a package database of RPM"));
}

#[test]
fn source_names() {
    assert_eq!(source_name("bash-5.1.8-6.el9.src.rpm"), Some("bash"));
    assert_eq!(source_name("java-1.8.0-openjdk-1.8.0.1-2.el8.src.rpm"), Some("java-1.8.0-openjdk"));
    assert_eq!(source_name("odd"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn damaged_databases_never_panic(which in 0_usize..4, at in 0_usize..6000, byte in any::<u8>(), cut in 0_usize..9000) {
        let headers = [tool(), shell()];
        let mut bytes = match which {
            0 => sqlite(&headers),
            1 => ndb(&headers),
            2 => bdb(&headers, false),
            _ => bdb(&headers, true),
        };
        let slot = at % bytes.len();
        bytes[slot] = byte;
        bytes.truncate(cut);
        let _ = count(&bytes);
    }
}

#[test]
fn changes_that_stand_only_in_the_log_count() {
    const PAGE: usize = 512;
    let (before, after) = (sqlite(&[shell()]), sqlite(&[shell(), tool()]));
    let mut log = Vec::new();
    for word in [0x377f_0683_u32, 3_007_000, PAGE as u32, 0, 0x1234, 0x5678] {
        log.extend(word.to_be_bytes());
    }
    let (mut first, mut second) = (0_u32, 0_u32);
    let mut sum = |bytes: &[u8]| {
        for pair in bytes.chunks_exact(8) {
            let word = |at: usize| u32::from_be_bytes(pair[at..at + 4].try_into().unwrap());
            first = first.wrapping_add(word(0)).wrapping_add(second);
            second = second.wrapping_add(word(4)).wrapping_add(first);
        }
        [first.to_be_bytes(), second.to_be_bytes()].concat()
    };
    let checksum = sum(&log);
    log.extend(checksum);
    let count = after.len() / PAGE;
    for (index, page) in after.chunks_exact(PAGE).enumerate() {
        let size = if index + 1 == count { count as u32 } else { 0 };
        let mut head = (index as u32 + 1).to_be_bytes().to_vec();
        head.extend(size.to_be_bytes());
        sum(&head);
        let checksum = sum(page);
        log.extend(head);
        log.extend([0, 0, 0x12, 0x34, 0, 0, 0x56, 0x78]);
        log.extend(checksum);
        log.extend(page);
    }
    let names = |log: &[u8]| each_header(&before, log, &mut |header| Some(header.name.to_owned())).packages;
    assert_eq!(names(&log), ["shell", "tool-libs"]);
    // A frame of an earlier use, or half a transaction, does not count.
    let last = log.len() - 1;
    log[last] ^= 1;
    assert_eq!(names(&log), ["shell"]);
    assert_eq!(names(b""), ["shell"]);
}

#[test]
fn headers_that_overlap_are_not_read_over_and_over() {
    let mut bytes = ndb(&[shell()]);
    // Every slot of the page claims the same blob, under the number that the blob has.
    let slot = bytes[32..48].to_vec();
    for at in (48..4096).step_by(16) {
        bytes[at..at + 16].copy_from_slice(&slot);
    }
    let out = read_as("Packages.db", &bytes, "ID=fedora\n");
    assert_eq!(out.manifests.iter().find(|it| it.format == "rpm").unwrap().components.len(), 1);
    assert!(
        out.diagnostics.iter().any(|it| it.message.starts_with("headers overlap")),
        "{:?}",
        out.diagnostics
    );
}
