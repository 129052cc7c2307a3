//! Scanning only what is new in each version finds what scanning each version finds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use selvedge_secrets::{ChunkIndex, Scanner};

use crate::support::scanner;

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
regex = '''-----BEGIN [A-Z ]{0,20}KEY-----[\s\S]{64,}?-----END [A-Z ]{0,20}KEY-----'''
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn versions_scanned_in_parts_show_every_secret(edits in edits()) {
        thread_local!(static SCANNER: Scanner = scanner(PACK));
        SCANNER.with(|scanner| {
            let index = ChunkIndex::new();
            let mut version: Vec<u8> = "plain text of no interest\n\n".repeat(300).into_bytes();
            let (mut plain, mut chunked) = (BTreeSet::new(), BTreeSet::new());
            for (number, (place, removed, inserted)) in (0..).zip(edits) {
                let at = version.len() * place / 1000;
                let end = version.len().min(at + removed);
                version.splice(at..end, inserted.into_bytes());
                plain.extend(secrets(scanner, &version));
                for range in index.scan_ranges(number, &version) {
                    chunked.extend(secrets(scanner, &version[range]));
                }
            }
            let lost: Vec<_> = plain.difference(&chunked).collect();
            prop_assert!(lost.is_empty(), "{} lost", lost.len());
            Ok(())
        })?;
    }
}
