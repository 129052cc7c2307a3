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

/// The parts of `bytes` that are looked at, if what is found at each of `places` needs all around it.
fn parts_looked_at(index: &ChunkIndex, blob: u32, bytes: &[u8], places: &[usize]) -> Vec<Range<usize>> {
    let mut looked = Vec::new();
    index.scan(blob, bytes, &mut |part, notes| {
        looked.push(part.range.clone());
        let within = places.iter().filter(|place| part.range.contains(place));
        within.for_each(|place| notes.depends(*place, Reach { before: usize::MAX, after: usize::MAX }));
    });
    looked
}

#[test]
fn a_text_seen_before_needs_no_scanning() {
    let index = ChunkIndex::new(0);
    let bytes = text(3, 1000);
    assert_eq!(parts_looked_at(&index, 0, &bytes, &[700]), std::slice::from_ref(&(0..bytes.len())));
    assert!(parts_looked_at(&index, 1, &bytes, &[700]).is_empty());
}

#[test]
fn an_edit_needs_what_it_changes_and_what_depends_on_it() {
    let mut bytes = text(4, 5000);
    let middle = bytes.len() / 2;
    let place = middle - 1900;
    for depends in [false, true] {
        let places = if depends { vec![place] } else { Vec::new() };
        let index = ChunkIndex::new(0);
        parts_looked_at(&index, 0, &bytes, &places);
        bytes.splice(middle..middle, b"password\n".iter().copied());
        let looked = parts_looked_at(&index, 1, &bytes, &places);
        assert!(looked.iter().any(|part| part.contains(&middle)), "{looked:?}");
        assert_eq!(looked.iter().any(|part| part.contains(&place)), depends, "{looked:?}");
        let scanned: usize = looked.iter().map(ExactSizeIterator::len).sum();
        assert!(scanned < 8_000, "{scanned} of {}", bytes.len());
    }
}

#[test]
fn a_keyword_opens_its_rules_in_the_whole_text() {
    let index = ChunkIndex::new(0);
    let (with, without) = (text(9, 1000), text(10, 1000));
    let looked = |blob, bytes: &[u8], keyword: Option<usize>| {
        let mut opened = Vec::new();
        index.scan(blob, bytes, &mut |part, notes| match part.opened {
            Some(rules) => opened.push((part.range.clone(), rules)),
            None => keyword.into_iter().for_each(|place| notes.opens(place, 4)),
        });
        opened
    };
    assert_eq!(looked(0, &without, None), []);
    assert_eq!(looked(1, &with, Some(100)), [(0..with.len(), 4)]);
    let both = [with.clone(), without].concat();
    let opened = looked(2, &both, None);
    assert!(opened.iter().all(|(range, rules)| *rules == 4 && range.end > with.len() / 2), "{opened:?}");
    assert_eq!(opened.last().map(|(range, _)| range.end), Some(both.len()));
    assert_eq!(looked(3, &both, None), []);
}

#[test]
fn a_pem_block_is_looked_at_again_when_any_of_it_changes() {
    let index = ChunkIndex::new(0);
    let body = "0123456789abcdef0123456789abcdef0123456789abcdef\n".repeat(100);
    let block = format!("-----BEGIN TEST KEY-----\n{body}-----END TEST KEY-----\n");
    let mut bytes = [text(5, 500), block.clone().into_bytes(), text(6, 500)].concat();
    parts_looked_at(&index, 0, &bytes, &[]);
    let start = memmem::find(&bytes, b"-----BEGIN").expect("it is there");
    let inside = start + block.len() - 200;
    bytes[inside] ^= 1;
    let looked = parts_looked_at(&index, 1, &bytes, &[]);
    assert!(looked.iter().any(|part| part.contains(&start)), "{looked:?}");
    assert!(looked.iter().any(|part| part.contains(&inside)), "{looked:?}");
}

#[test]
fn a_block_is_open_until_its_end() {
    let (begin, end) = ("-----BEGIN A-----\n", "-----END A-----\n");
    for (text, open) in [
        (String::new(), false),
        (begin.to_owned(), true),
        (format!("{begin}{end}"), false),
        (format!("{end}{begin}"), true),
        (format!("{begin}{end}{begin}"), true),
        (format!("{begin}{end}{begin}{end}"), false),
    ] {
        assert_eq!(open_block(text.as_bytes()), open, "{text}");
    }
}

#[test]
fn blobs_are_found_by_their_chunks() {
    let index = ChunkIndex::new(0);
    let (first, second) = (text(7, 300), text(8, 300));
    let both = [first.clone(), second.clone()].concat();
    parts_looked_at(&index, 10, &both, &[]);
    parts_looked_at(&index, 11, &first, &[]);
    parts_looked_at(&index, 12, &second, &[]);
    let start = chunks_at(&first, &(0..10));
    let all =
        index.blobs_with(&[start, chunks_at(&second, &(second.len() / 2..second.len() / 2 + 10)), vec![0]]);
    assert_eq!(all[0], [10, 11]);
    assert!(all[1].contains(&12));
    assert_eq!(all[2], Vec::<u32>::new());
}
