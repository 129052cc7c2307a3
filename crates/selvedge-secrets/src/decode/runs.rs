//! Base64 and hexadecimal spans: long runs of letters and digits.
//!
//! Source text is mostly short words: the search makes one bit of each byte and finds long
//! runs in 64 of them at once, without a branch per word.
//! Shorter values are only told from words by their padding, so they are looked for at `=`.

use std::ops::Range;

use super::layer::{Encoding, Segment};
use super::{Sink, gzip, is_text};

/// Shortest base64 that is decoded wherever it stands.
const BASE64_MIN: usize = 16;
/// Shortest unpadded base64 that is decoded where a value is expected.
const VALUE_MIN: usize = 12;
/// Bytes looked at together.
const BLOCK: usize = 64;
/// Shortest padded base64, without its padding.
const PADDED_MIN: usize = 6;
/// Shortest hexadecimal span.
const HEX_MIN: usize = 32;
/// Characters decoded to judge whether the rest is worth it.
const PROBE: usize = 12;
/// How many places within a run decoding may begin at: its start and after a separator.
const STARTS_MAX: usize = 16;
/// Base64 lines at least this long go on in the next line.
const WRAP_MIN: usize = 60;
/// Bytes of the line kept after a span: the closing quote and what follows it.
const CONTEXT_AFTER: usize = 8;
/// How base64 of gzip begins.
const GZIP: &[u8] = b"H4sI";
/// Shortest run that may hold text beyond ASCII; see [`super::SHORT_TEXT`].
const UNICODE_MIN: usize = super::SHORT_TEXT / 3 * 4;
/// No digit of base64.
const NONE: u8 = 0xff;

/// The value of each base64 digit, both alphabets.
static DIGITS: [u8; 256] = digits();

const fn digits() -> [u8; 256] {
    let alphabet = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        table[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
}

fn is_digit(byte: u8) -> bool {
    DIGITS[usize::from(byte)] != NONE
}

/// Hands every encoded run that begins in `part` to the sink.
pub(super) fn find(bytes: &[u8], part: &Range<usize>, sink: &mut Sink<'_>) {
    let mut at = part.start;
    let mut floor = 0;
    while let Some(run) = next_run(bytes, at).filter(|run| run.start < part.end) {
        at = run.end;
        if !sink.has_room() {
            return;
        }
        if let Some(end) = decode_run(bytes, run, floor, sink) {
            at = at.max(end);
            floor = end;
        }
    }
    find_padded(bytes, part, sink);
}

/// Whether the last line is one of base64 that goes on in the next.
pub(super) fn ends_in_wrapped_line(text: &[u8]) -> bool {
    let line = text.trim_ascii_end();
    line.iter().rev().take(WRAP_MIN).take_while(|byte| is_digit(**byte)).count() == WRAP_MIN
}

/// The next run of at least [`VALUE_MIN`] digits.
fn next_run(bytes: &[u8], mut at: usize) -> Option<Range<usize>> {
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let starts = run_starts(digit_bits(block));
        if starts == 0 {
            // The last bytes may begin a run that ends in the next block.
            at += BLOCK - (VALUE_MIN - 1);
        } else {
            return Some(run_at(bytes, at + starts.trailing_zeros() as usize));
        }
    }
    let mut block = [0; BLOCK];
    let rest = bytes.get(at..)?;
    block[..rest.len()].copy_from_slice(rest);
    let starts = run_starts(digit_bits(&block));
    (starts != 0).then(|| run_at(bytes, at + starts.trailing_zeros() as usize))
}

/// The whole run that begins at `start`.
fn run_at(bytes: &[u8], start: usize) -> Range<usize> {
    let length = bytes[start..].iter().take_while(|byte| is_digit(**byte)).count();
    start..start + length
}

/// A bit for each position of the block at which [`VALUE_MIN`] digits begin.
fn run_starts(digits: u64) -> u64 {
    let two = digits & digits >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    eight & four >> 8
}

/// A bit for each digit of the block.
///
/// Written without branches and look-ups, so that the compiler does many bytes at once.
fn digit_bits(block: &[u8; BLOCK]) -> u64 {
    let mut digits = [0_u8; BLOCK];
    for (digit, byte) in digits.iter_mut().zip(block) {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        // `/` and the decimal digits follow each other.
        let decimal = byte.wrapping_sub(b'/') < 11;
        let hyphen = *byte == b'-';
        let plus = *byte == b'+';
        let underscore = *byte == b'_';
        *digit =
            u8::from(letter) | u8::from(decimal) | u8::from(hyphen) | u8::from(plus) | u8::from(underscore);
    }
    let (groups, _) = digits.as_chunks::<8>();
    groups.iter().rev().fold(0, |bits, group| {
        // The product gathers the low bits of eight bytes in its highest byte.
        bits << 8 | u64::from_le_bytes(*group).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

/// Hands every padded base64 value too short for [`next_run`] to the sink.
fn find_padded(bytes: &[u8], part: &Range<usize>, sink: &mut Sink<'_>) {
    let mut floor = 0;
    let found = sink.layers.len();
    let latest = bytes.len().min(part.end + VALUE_MIN);
    for padding in memchr::memchr_iter(b'=', &bytes[part.start..latest]).map(|at| part.start + at) {
        let before = &bytes[padding.saturating_sub(VALUE_MIN)..padding];
        let length = before.iter().rev().take_while(|byte| is_digit(**byte)).count();
        if !(PADDED_MIN..VALUE_MIN).contains(&length) || !part.contains(&(padding - length)) {
            continue;
        }
        // The end of a longer value that was decoded already.
        let earlier = sink.layers[..found].partition_point(|layer| layer.encoded().end <= padding);
        if sink.layers[..found].get(earlier).is_some_and(|layer| layer.encoded().start < padding) {
            continue;
        }
        if !sink.has_room() {
            return;
        }
        if let Some(end) = decode_base64(bytes, padding - length..padding, floor, sink) {
            floor = end;
        }
    }
}

/// Decodes what the run holds; returns the end of the decoded span.
fn decode_run(bytes: &[u8], run: Range<usize>, floor: usize, sink: &mut Sink<'_>) -> Option<usize> {
    // Most runs are names; only padding or a value's place makes short ones worth a look.
    let padded = bytes.get(run.end) == Some(&b'=');
    if !padded && run.len() < BASE64_MIN && !is_value_place(bytes, run.start) {
        return None;
    }
    if let Some(end) = decode_hex(bytes, &run, floor, sink) {
        return Some(end);
    }
    let least = if padded { PADDED_MIN } else { VALUE_MIN };
    let mut start = run.start;
    for _ in 0..STARTS_MAX {
        if run.end - start < least {
            return None;
        }
        let wrapped = sink.wrapped;
        let mut end = decode_base64(bytes, start..run.end, floor, sink);
        if end.is_none() && sink.wrapped > wrapped.max(run.end) {
            end = decode_base64(bytes, start..run.end, floor, sink);
        }
        if end.is_some() {
            return end;
        }
        // A path or a flag may lead up to the encoded part.
        let separator = bytes[start..run.end].iter().position(|byte| !byte.is_ascii_alphanumeric())?;
        start += separator + 1;
    }
    None
}

/// Hexadecimal digits, with or without `0x` before them.
fn decode_hex(bytes: &[u8], run: &Range<usize>, floor: usize, sink: &mut Sink<'_>) -> Option<usize> {
    let prefixed = bytes[run.clone()].starts_with(b"0x") || bytes[run.clone()].starts_with(b"0X");
    let start = if prefixed { run.start + 2 } else { run.start };
    let digits = &bytes[start..run.end];
    if digits.len() < HEX_MIN || digits.len() % 2 == 1 {
        return None;
    }
    // The cheap look first: the high half of every printable ASCII byte is 2 to 7, or a line break.
    if !digits.iter().step_by(2).all(|digit| matches!(digit, b'2'..=b'7' | b'0')) {
        return None;
    }
    let decoded: Option<Vec<u8>> =
        digits.chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect();
    let decoded = decoded.filter(|decoded| is_text(decoded))?;
    let span = start..run.end;
    let segment =
        Segment { decoded: 0..decoded.len(), original: span.clone(), unit_decoded: 1, unit_encoded: 2 };
    sink.take(Encoding::Hex, &decoded, &[segment], span.clone(), floor, CONTEXT_AFTER);
    Some(span.end)
}

/// The value of a hexadecimal digit.
pub(super) fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// Base64 from the start of `run`, over its padding and the lines it goes on in.
fn decode_base64(bytes: &[u8], run: Range<usize>, floor: usize, sink: &mut Sink<'_>) -> Option<usize> {
    let zipped = bytes[run.clone()].starts_with(GZIP);
    if !zipped && !probe(&bytes[run.clone()]) {
        return None;
    }
    // Lines that did not decode together are each tried alone, or every line would be read
    // together with all that follow it.
    let lines = if run.start < sink.wrapped { vec![run.clone()] } else { lines(bytes, run.clone()) };
    let last = lines.last()?.end;
    sink.wrapped = sink.wrapped.max(last);
    let padding = bytes[last..].iter().take(2).take_while(|byte| **byte == b'=').count();
    let length: usize = lines.iter().map(ExactSizeIterator::len).sum();
    if !is_plausible_length(bytes, run.start, length, padding) {
        return None;
    }
    let raw = decode(bytes, &lines)?;
    let (encoding, decoded) = if zipped {
        let (mut inflated, cut) = gzip::inflate(&raw, sink.left.bytes_max / 2);
        if cut {
            // The cut may lie within a character.
            let whole = inflated.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
            inflated.truncate(whole);
            *sink.limits_hit = sink.limits_hit.saturating_add(1);
        }
        (Encoding::Base64Gzip, inflated)
    } else if let Some(narrow) = from_utf16(&raw) {
        (Encoding::Base64Utf16, narrow)
    } else {
        (alphabet(bytes, &lines)?, raw)
    };
    if !is_text(&decoded) {
        return None;
    }
    let span = run.start..last + padding;
    let segments = segments(encoding, &lines, decoded.len(), span.end);
    sink.take(encoding, &decoded, &segments, span.clone(), floor, CONTEXT_AFTER);
    Some(span.end)
}

/// Whether the first characters decode to text: ASCII, UTF-16 of it, or, in a long run, UTF-8.
fn probe(run: &[u8]) -> bool {
    // The first digit of a quartet holds the high bits of a byte, and of ASCII the highest is clear.
    let ascii = run.iter().step_by(4).take(PROBE / 4).all(|digit| DIGITS[usize::from(*digit)] < 32);
    if !ascii && run.len() < UNICODE_MIN {
        return false;
    }
    let mut decoded = [0_u8; PROBE / 4 * 3];
    let mut length = 0;
    let mut ascii = true;
    for quartet in run.chunks_exact(4).take(PROBE / 4) {
        let bits = quartet.iter().fold(0, |bits, digit| bits << 6 | u32::from(DIGITS[usize::from(*digit)]));
        decoded[length..length + 3].copy_from_slice(&bits.to_be_bytes()[1..]);
        ascii &= decoded[length..length + 3].iter().all(|byte| super::is_printable(*byte));
        length += 3;
        if !ascii && run.len() < UNICODE_MIN {
            break;
        }
    }
    let decoded = &decoded[..length];
    if ascii || decoded.iter().skip(1).step_by(2).all(|byte| *byte == 0) {
        return true;
    }
    // The last character may be cut by the probe.
    let utf8 = std::str::from_utf8(decoded).map_or_else(|error| error.error_len().is_none(), |_| true);
    run.len() >= UNICODE_MIN && utf8 && !decoded.contains(&0)
}

/// The lines that base64 beginning with `first` goes on over: long ones of whole quartets.
fn lines(bytes: &[u8], first: Range<usize>) -> Vec<Range<usize>> {
    let mut lines = vec![first];
    while let Some(line) = lines.last() {
        if line.len() < WRAP_MIN || line.len() % 4 != 0 {
            break;
        }
        let rest = &bytes[line.end..];
        let gap = rest.iter().take(64).take_while(|byte| byte.is_ascii_whitespace()).count();
        if gap == 0 || memchr::memchr_iter(b'\n', &rest[..gap]).count() != 1 {
            break;
        }
        let start = line.end + gap;
        let length = bytes[start..].iter().take_while(|byte| is_digit(**byte)).count();
        let ends =
            bytes.get(start + length).is_none_or(|byte| matches!(byte, b'=' | b'"' | b'\'' | b'\r' | b'\n'));
        if length < 2 || length > line.len() || !ends {
            break;
        }
        lines.push(start..start + length);
    }
    lines
}

/// Whether so many digits with so much padding can be base64, and are worth decoding there.
fn is_plausible_length(bytes: &[u8], start: usize, length: usize, padding: usize) -> bool {
    match (length % 4, padding) {
        (0 | 2 | 3, 0) => length >= BASE64_MIN || (length >= VALUE_MIN && is_value_place(bytes, start)),
        (2, 2) | (3, 1) => true,
        _ => false,
    }
}

/// Whether a value is expected here: after a quote, `=`, `:` or `: `.
fn is_value_place(bytes: &[u8], start: usize) -> bool {
    match &bytes[..start] {
        [.., b'"' | b'\'' | b'`' | b'=' | b':'] => true,
        [.., before, b' ' | b'\t'] => matches!(before, b':' | b'='),
        _ => false,
    }
}

/// The bytes that the digits of the lines stand for; none if bits are left over.
fn decode(bytes: &[u8], lines: &[Range<usize>]) -> Option<Vec<u8>> {
    let length: usize = lines.iter().map(ExactSizeIterator::len).sum();
    let mut decoded = Vec::with_capacity(length / 4 * 3 + 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in lines.iter().flat_map(|line| &bytes[line.clone()]) {
        bits = (bits << 6 | u32::from(DIGITS[usize::from(*digit)])) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held) as u8);
        }
    }
    (bits & ((1 << held) - 1) == 0).then_some(decoded)
}

/// Which of the two alphabets the digits are of; none if they mix them.
fn alphabet(bytes: &[u8], lines: &[Range<usize>]) -> Option<Encoding> {
    let (mut plain, mut url) = (false, false);
    for digit in lines.iter().flat_map(|line| &bytes[line.clone()]) {
        plain |= matches!(digit, b'+' | b'/');
        url |= matches!(digit, b'-' | b'_');
    }
    match (plain, url) {
        (true, true) => None,
        (false, true) => Some(Encoding::Base64Url),
        (_, false) => Some(Encoding::Base64),
    }
}

/// ASCII text out of little-endian UTF-16.
fn from_utf16(raw: &[u8]) -> Option<Vec<u8>> {
    let wide =
        raw.len() >= 8 && raw.len().is_multiple_of(2) && raw.iter().skip(1).step_by(2).all(|byte| *byte == 0);
    wide.then(|| raw.iter().step_by(2).copied().collect())
}

/// Where the decoded bytes of each line came from; `end` is the end of the padding.
fn segments(encoding: Encoding, lines: &[Range<usize>], decoded: usize, end: usize) -> Vec<Segment> {
    let start = lines.first().map_or(end, |line| line.start);
    // Units of UTF-16 or gzip do not end where lines do.
    let (unit_decoded, unit_encoded) = match encoding {
        Encoding::Base64Utf16 if lines.len() == 1 => (3, 8),
        Encoding::Base64Utf16 | Encoding::Base64Gzip => {
            return vec![Segment::whole(0..decoded, start..end)];
        }
        _ => (3, 4),
    };
    let mut segments: Vec<Segment> = Vec::with_capacity(lines.len());
    let mut at = 0;
    for line in lines {
        let length = (line.len() * unit_decoded / unit_encoded).min(decoded - at);
        let original = line.clone();
        segments.push(Segment { decoded: at..at + length, original, unit_decoded, unit_encoded });
        at += length;
    }
    if let Some(last) = segments.last_mut() {
        last.original.end = end;
        last.decoded.end = decoded;
    }
    segments
}
