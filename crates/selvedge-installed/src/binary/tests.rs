//! Binaries that are built here byte by byte.

use std::io::Write;

use proptest::prelude::*;
use selvedge_package::{Origin, Relation, Scope};

use super::*;

/// An ELF file (64 bits, little-endian) with one loaded segment at `address` that is the whole file, and
/// with one section of this name and content behind it.
fn elf(address: u64, data: &[u8], section: (&str, &[u8])) -> Vec<u8> {
    let names = format!("\0{}\0.shstrtab\0", section.0);
    let (data_at, section_at) = (128, 128 + data.len());
    let names_at = section_at + section.1.len();
    let table_at = names_at + names.len();
    let mut out = b"\x7fELF\x02\x01\x01".to_vec();
    out.resize(16, 0);
    for half in [2_u16, 62] {
        out.extend(half.to_le_bytes());
    }
    out.extend(1_u32.to_le_bytes());
    for word in [address, 64, table_at as u64] {
        out.extend(word.to_le_bytes());
    }
    out.extend(0_u32.to_le_bytes());
    for half in [64_u16, 56, 1, 64, 3, 2] {
        out.extend(half.to_le_bytes());
    }
    // The program header.
    out.extend(1_u32.to_le_bytes());
    out.extend(6_u32.to_le_bytes());
    for word in [0, address, address, table_at as u64, table_at as u64, 4096] {
        out.extend(word.to_le_bytes());
    }
    out.resize(data_at, 0);
    out.extend(data);
    out.extend(section.1);
    out.extend(names.as_bytes());
    let mut header = |name: u32, kind: u32, at: usize, size: usize| {
        out.extend(name.to_le_bytes());
        out.extend(kind.to_le_bytes());
        for word in [2, address + at as u64, at as u64, size as u64] {
            out.extend(word.to_le_bytes());
        }
        out.extend([0; 8]);
        out.extend(1_u64.to_le_bytes());
        out.extend(0_u64.to_le_bytes());
    };
    header(0, 0, 0, 0);
    header(1, 1, section_at, section.1.len());
    header(names.len() as u32 - 10, 3, names_at, names.len());
    out
}

const MODULES: &str = "path\texample.org/app\nmod\texample.org/app\t(devel)\t\n\
dep\tgolang.org/x/net\tv0.4.0\th1:abc=\n\
dep\tgolang.org/x/xerrors\tv0.1.0\n=>\tgithub.com/golang/xerrors\tv0.2.0\th1:def=\n\
dep\texample.org/local\tv1.0.0\n=>\t./local\t\n\
build\t-compiler=gc\nbuild\tvcs.revision=0123abc\nbuild\tvcs.modified=false\n";

fn sentinels(modules: &str) -> Vec<u8> {
    let mut out = vec![1; 16];
    out.extend(modules.as_bytes());
    out.extend([2; 16]);
    out
}

/// The blob of Go 1.18 and later.
fn inline_blob(version: &str, modules: &str) -> Vec<u8> {
    let mut blob = b"\xff Go buildinf:\x08\x02".to_vec();
    blob.resize(32, 0);
    for text in [version.as_bytes(), &sentinels(modules)] {
        let mut length = text.len();
        while length >= 0x80 {
            blob.push(length as u8 | 0x80);
            length >>= 7;
        }
        blob.push(length as u8);
        blob.extend(text);
    }
    blob
}

#[track_caller]
fn check_go(bytes: &[u8], version: &str) {
    let out = examine(bytes).unwrap();
    let found: Vec<_> = out.components.iter().map(|it| (it.name.as_str(), it.version.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("example.org/app", None),
            ("golang.org/x/net", Some("v0.4.0")),
            ("github.com/golang/xerrors", Some("v0.2.0")),
            ("example.org/local", Some("v1.0.0")),
            ("stdlib", Some(version)),
        ]
    );
    let commit = Some("0123abc".to_owned());
    assert_eq!(out.components[0].origin, Origin::Git { url: "example.org/app".to_owned(), commit });
    assert_eq!(out.components[0].relation, Relation::Root);
    assert_eq!(out.components[3].origin, Origin::Path("./local".to_owned()));
    assert!(out.diagnostics.is_empty(), "{:?}", out.diagnostics);
}

#[test]
fn go_build_information_stands_inline() {
    check_go(
        &elf(0x40_0000, &[], (".go.buildinfo", &inline_blob("go1.20.4 X:boringcrypto", MODULES))),
        "1.20.4",
    );
}

#[test]
fn go_build_information_is_found_without_its_section() {
    check_go(&elf(0x40_0000, &inline_blob("go1.22.0", MODULES), (".other", b"")), "1.22.0");
}

#[test]
fn a_tool_that_holds_the_magic_number_as_a_constant_is_not_misread() {
    let mut data = b"\xff Go buildinf:".to_vec();
    data.resize(64, b'x');
    data.extend(inline_blob("go1.22.0", MODULES));
    check_go(&elf(0x40_0000, &data, (".other", b"")), "1.22.0");
}

#[test]
fn older_go_build_information_stands_behind_pointers() {
    for is_big_endian in [false, true] {
        let word = |value: u64| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let base = 0x40_0000_u64;
        let modules = sentinels(MODULES);
        // Data begins at byte 128: two string headers, then the strings, then the blob in its section.
        let (headers, strings) = (base + 128, base + 128 + 32);
        let mut data = Vec::new();
        for value in [strings, 8, strings + 8, modules.len() as u64] {
            data.extend(word(value));
        }
        data.extend(b"go1.17.3");
        data.extend(&modules);
        let mut blob = b"\xff Go buildinf:\x08".to_vec();
        blob.push(u8::from(is_big_endian));
        blob.extend(word(headers));
        blob.extend(word(headers + 16));
        check_go(&elf(base, &data, (".go.buildinfo", &blob)), "1.17.3");
    }
}

fn zlib(json: &str) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(json.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_list_of_cargo_auditable_is_read() {
    let json = r#"{"packages":[
        {"name":"app","version":"0.1.0","source":"local","root":true,"dependencies":[1,2]},
        {"name":"serde","version":"1.0.0","source":"crates.io","dependencies":[2,9]},
        {"name":"syn","version":"2.0.0","source":"git","kind":"build"}]}"#;
    let out = examine(&elf(0x1000, &[], (".dep-v0", &zlib(json)))[..]).unwrap();
    let found: Vec<_> = out
        .components
        .iter()
        .map(|it| (it.name.as_str(), it.scope, it.relation, it.dependencies.clone()))
        .collect();
    assert_eq!(
        found,
        [
            ("app", Scope::Runtime, Relation::Root, vec![1, 2]),
            ("serde", Scope::Runtime, Relation::Direct, vec![2]),
            ("syn", Scope::Build, Relation::Direct, vec![]),
        ]
    );
    assert_eq!(out.components[0].origin, Origin::Path("app".to_owned()));
    assert_eq!(out.diagnostics[0].message, "section .dep-v0: serde depends on what is not in the list");
}

#[test]
fn a_list_that_is_damaged_or_a_bomb_is_said() {
    let message = |section: &[u8]| auditable::parse(section).diagnostics[0].message.clone();
    assert!(message(b"nonsense").starts_with("section .dep-v0 is no zlib stream"));
    assert!(message(&zlib("[]")).starts_with("section .dep-v0: "));
    let bomb = zlib(&" ".repeat(17 << 20));
    assert!(bomb.len() < 200_000 && message(&bomb).contains("AUDITABLE_BYTES_MAX"));
}

#[test]
fn other_binaries_say_nothing() {
    assert!(examine(&elf(0x1000, b"data", (".text", b"code"))[..]).is_none());
    assert!(examine(&b"\x7fELF"[..]).is_none());
}

proptest! {
    #[test]
    fn damaged_binaries_never_panic(at in 0_usize..600, byte in any::<u8>(), cut in 0_usize..900) {
        let mut bytes = elf(0x40_0000, &inline_blob("go1.22.0", MODULES), (".go.buildinfo", b"x"));
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
        bytes.truncate(cut.max(4));
        let _ = examine(&bytes[..]);
    }
}
