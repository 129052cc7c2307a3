//! Scanning only what is new in each version finds what scanning each version finds.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use selvedge_secrets::{CHUNK_CONTEXT, ChunkIndex, ScanOptions, Scanner};

use crate::support::{pack, scanner};

const PACK: &str = r#"
[[rules]]
id = "token"
regex = '''\b(tok_[0-9a-z]{8})\b'''
keywords = ["tok_"]
[[rules]]
id = "assignment"
regex = '''(?i)[\w.-]{0,20}?(?:acme)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|:)["\s=]{0,5}([a-z0-9]{12,40})(?:["\s;]|$)'''
keywords = ["acme"]
[[rules]]
id = "block"
regex = '''-----BEGIN [A-Z ]{0,20}KEY-----[\s\S]*?-----END [A-Z ]{0,20}KEY-----'''
keywords = ["-----begin"]
[[rules]]
id = "lines"
regex = '''acme_user: [a-z]{4,8}\n(?:[^\n]{0,100}\n){0,5}acme_pass: ([a-z0-9]{8})'''
keywords = ["acme_user"]
"#;

/// One edit: where (of a thousand), how many bytes go, what comes.
type Edit = (usize, usize, String);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let piece = prop_oneof![
        "[a-z ]{0,40}\n",
        "x tok_[0-9a-z]{8}\n",
        "acme_key = \"[a-z0-9]{16}\"\n",
        "acme_user: [a-z]{5}\n",
        "acme_pass: [a-z0-9]{8}\n",
        "-----BEGIN TEST KEY-----\n([0-9A-Za-z]{60}\n){2,60}-----END TEST KEY-----\n",
        "([a-z]{10,60}\n){10,40}\n",
        "[a-z0-9]",
    ];
    prop::collection::vec((0..1000_usize, 0..120_usize, piece), 1..30)
}

fn secrets(scanner: &Scanner, bytes: &[u8]) -> BTreeSet<(usize, Vec<u8>)> {
    let hits = scanner.scan(None, bytes, &mut Vec::new());
    hits.into_iter().map(|hit| (hit.rule, hit.secret.expose().to_vec())).collect()
}

/// What is found in some version as a whole, and not in the parts that are new in each.
fn lost(scanner: &Scanner, edits: Vec<Edit>) -> Vec<(usize, Vec<u8>)> {
    let index = ChunkIndex::new(scanner.always_opened());
    let mut version: Vec<u8> = "plain text of no interest\n\n".repeat(300).into_bytes();
    let (mut plain, mut chunked) = (BTreeSet::new(), BTreeSet::new());
    for (number, (place, removed, inserted)) in (0..).zip(edits) {
        let at = version.len() * place / 1000;
        let end = version.len().min(at + removed);
        let (at, end) = around_markers(&version, at, end);
        version.splice(at..end, inserted.into_bytes());
        plain.extend(secrets(scanner, &version));
        index.scan(number, &version, &mut |part, notes| {
            let hits = scanner.scan_part(&version, part, notes, &mut Vec::new());
            chunked.extend(hits.into_iter().map(|hit| (hit.rule, hit.secret.expose().to_vec())));
        });
    }
    plain.difference(&chunked).filter(|(_, secret)| is_promised(secret)).cloned().collect()
}

/// Encoded values: on one line, over several, escaped, and one in the other.
fn encoded() -> impl Strategy<Value = String> {
    let value = "[a-z ]{0,30}tok_[0-9a-z]{8} [a-z ]{0,90}".prop_map(String::into_bytes);
    (value, 0..4_u8).prop_map(|(value, form)| {
        let base64 = data_encoding::BASE64.encode(&value);
        match form {
            0 => format!("value: \"{base64}\"\n"),
            1 => base64
                .as_bytes()
                .chunks(64)
                .fold(String::new(), |all, line| all + &String::from_utf8_lossy(line) + "\n"),
            2 => value.iter().fold(String::from("v="), |all, byte| all + &format!("%{byte:02x}")) + "\n",
            _ => format!("v: {}\n", data_encoding::BASE64.encode(format!("data: {base64}").as_bytes())),
        }
    })
}

/// Whether a secret of this form may not be lost: short, or one whole PEM block.
fn is_promised(secret: &[u8]) -> bool {
    let marker = b"-----BEGIN";
    let blocks = secret.windows(marker.len()).filter(|window| window == marker).count();
    secret.len() <= CHUNK_CONTEXT || (blocks == 1 && secret.len() <= 8 * 1024)
}

/// Moves an edit that touches a line of a PEM marker to whole lines: a marker is there or not, never half.
fn around_markers(bytes: &[u8], at: usize, end: usize) -> (usize, usize) {
    let line_start =
        |at: usize| bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |line| line + 1);
    let line_end = |at: usize| {
        bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length + 1)
    };
    let (first, last) = (line_start(at), line_end(end));
    if bytes[first..last].windows(5).any(|window| window == b"-----") { (first, last) } else { (at, end) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]
    #[test]
    fn versions_scanned_in_parts_show_every_secret(edits in edits()) {
        thread_local!(static SCANNER: Scanner = scanner(PACK));
        let lost = SCANNER.with(|scanner| lost(scanner, edits));
        prop_assert!(lost.is_empty(), "{} lost", lost.len());
    }

    #[test]
    fn encoded_values_are_shown_too(
        edits in prop::collection::vec((0..1000_usize, 0..60_usize, prop_oneof![encoded(), "[a-z ]{0,40}\n"]), 1..30),
    ) {
        thread_local!(static SCANNER: Scanner = Scanner::new(Arc::new(pack(PACK)), ScanOptions::default()));
        let lost = SCANNER.with(|scanner| lost(scanner, edits));
        prop_assert!(lost.is_empty(), "{} lost", lost.len());
    }
}
