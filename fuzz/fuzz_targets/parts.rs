//! Of a text that grows piece by piece, with text between the pieces, scanning only what is new in each version
//! shows every short secret that scanning the version as a whole shows.
#![no_main]

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use selvedge_secrets::{ChunkIndex, Hit, RuleSet, ScanOptions, Scanner};

static SCANNER: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::new(Arc::new(RuleSet::builtin()), ScanOptions::default()));

/// Longer secrets may be lost.
const PROMISED: usize = 512;

fn value(hit: &Hit) -> (usize, Vec<u8>) {
    (hit.rule, hit.secret.expose().to_vec())
}

fuzz_target!(|bytes: &[u8]| {
    let index = ChunkIndex::new(SCANNER.always_opened());
    let mut version = "plain text of no interest\n\n".repeat(120).into_bytes();
    let (mut whole, mut parts) = (BTreeSet::new(), BTreeSet::new());
    for (number, piece) in (0..8).zip(bytes.split(|byte| *byte == 0xff)) {
        let Some((place, piece)) = piece.split_first() else { continue };
        let at = version.len() * usize::from(*place) / 256;
        version.splice(at..at, piece.iter().copied());
        whole.extend(SCANNER.scan(None, &version, &mut Vec::new()).iter().map(value));
        index.scan(number, &version, &mut |part, notes| {
            parts.extend(SCANNER.scan_part(&version, part, notes, &mut Vec::new()).iter().map(value));
        });
    }
    let lost = whole.difference(&parts).filter(|(_, value)| value.len() <= PROMISED).count();
    assert_eq!(lost, 0, "values that no part shows");
});
