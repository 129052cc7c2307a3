//! Cuts, widening, and where chunks are held.

use super::*;

/// Text of about `lines` lines, different for each seed.
fn text(seed: u64, lines: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut out = Vec::new();
    for line in 0..lines {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let blank = if state.is_multiple_of(11) { "\n" } else { "" };
        out.extend(format!("line {line} holds {state:x}\n{blank}").into_bytes());
    }
    out
}

#[test]
fn chunks_cover_the_text_within_their_limits() {
    for bytes in [text(1, 2000), vec![b'x'; 100_000], Vec::new(), b"short".to_vec(), text(2, 5)] {
        let ends = cuts(&bytes);
        assert_eq!(ends.last().copied().unwrap_or(0), bytes.len());
        for part in parts(&ends) {
            assert!(part.len() <= CHUNK_MAX && !part.is_empty(), "{part:?}");
        }
    }
}

#[test]
fn a_text_seen_before_needs_no_scanning() {
    let index = ChunkIndex::new();
    let bytes = text(3, 1000);
    assert_eq!(index.scan_ranges(0, &bytes), std::slice::from_ref(&(0..bytes.len())));
    assert!(index.scan_ranges(1, &bytes).is_empty());
}

#[test]
fn an_edit_needs_its_surroundings_only() {
    let index = ChunkIndex::new();
    let mut bytes = text(4, 5000);
    index.scan_ranges(0, &bytes);
    let middle = bytes.len() / 2;
    bytes.splice(middle..middle, b"password\n".iter().copied());
    let ranges = index.scan_ranges(1, &bytes);
    assert!(ranges.iter().any(|range| range.contains(&middle)), "{ranges:?}");
    let scanned: usize = ranges.iter().map(ExactSizeIterator::len).sum();
    assert!(scanned < 20_000, "{scanned} of {}", bytes.len());
}

#[test]
fn an_edited_pem_block_is_taken_whole() {
    let index = ChunkIndex::new();
    let body = "0123456789abcdef0123456789abcdef0123456789abcdef\n".repeat(100);
    let block = format!("-----BEGIN TEST KEY-----\n{body}-----END TEST KEY-----\n");
    let mut bytes = [text(5, 500), block.clone().into_bytes(), text(6, 500)].concat();
    index.scan_ranges(0, &bytes);
    let start = memmem::find(&bytes, b"-----BEGIN").expect("it is there");
    let inside = start + block.len() - 200;
    bytes[inside] ^= 1;
    let ranges = index.scan_ranges(1, &bytes);
    let whole = start..start + block.len();
    assert!(ranges.iter().any(|range| range.start <= whole.start && whole.end <= range.end), "{ranges:?}");
}

#[test]
fn blobs_are_found_by_their_chunks() {
    let index = ChunkIndex::new();
    let (first, second) = (text(7, 300), text(8, 300));
    let both = [first.clone(), second.clone()].concat();
    index.scan_ranges(10, &both);
    index.scan_ranges(11, &first);
    index.scan_ranges(12, &second);
    let start = chunks_at(&first, &(0..10));
    let all =
        index.blobs_with(&[start, chunks_at(&second, &(second.len() / 2..second.len() / 2 + 10)), vec![0]]);
    assert_eq!(all[0], [10, 11]);
    assert!(all[1].contains(&12));
    assert_eq!(all[2], Vec::<u32>::new());
}
