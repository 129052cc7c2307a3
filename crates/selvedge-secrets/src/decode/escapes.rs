//! Percent-encoding, backslash escapes and HTML entities: single characters encoded within text.

use std::ops::Range;

use super::Sink;
use super::layer::{Encoding, Segment};
use super::runs::nibble;

/// Fewest escapes of one kind, close together, that make a span.
const ESCAPES_MIN: usize = 3;
/// Fewest entities: two quoted values already hide a secret's quotes.
const ENTITIES_MIN: usize = 2;
/// Farthest apart two escapes of one span may be.
const GAP_MAX: usize = 128;
/// Longest span; a longer one is continued by the next.
const SPAN_MAX: usize = 64 << 10;
/// Bytes of the line kept after a span: the value may follow its last escape.
const CONTEXT_AFTER: usize = 128;
/// Longest entity name with its `&` and `;`.
const ENTITY_MAX: usize = 12;

/// One escape: what it stands for and where it is.
struct Escape {
    encoding: Encoding,
    text: [u8; 4],
    length: usize,
    original: Range<usize>,
}

/// Hands every span with enough escapes that begins in `part` to the sink.
pub(super) fn find(bytes: &[u8], part: &Range<usize>, sink: &mut Sink<'_>) {
    let mut open: Vec<Escape> = Vec::new();
    let mut floor = 0;
    let mut past = 0;
    let places = memchr::memchr3_iter(b'%', b'\\', b'&', &bytes[part.start..]);
    for at in places.map(|at| part.start + at) {
        if at >= part.end && open.is_empty() {
            break;
        }
        if at < past {
            continue;
        }
        let Some(escape) = read(bytes, at) else {
            // `\\u0041` is an escaped backslash, then plain text.
            past = if bytes[at] == b'\\' { at + 2 } else { past };
            continue;
        };
        past = escape.original.end;
        if open.last().is_some_and(|last| !continues(bytes, last, &escape, open[0].original.start)) {
            floor = flush(bytes, &mut open, floor, sink);
            if at >= part.end {
                break;
            }
        }
        if !sink.has_room() {
            return;
        }
        open.push(escape);
    }
    flush(bytes, &mut open, floor, sink);
}

/// Whether an escape belongs to the span of the one before it.
fn continues(bytes: &[u8], last: &Escape, next: &Escape, start: usize) -> bool {
    let gap = &bytes[last.original.end..next.original.start];
    let apart = |byte: &u8| match next.encoding {
        Encoding::Percent => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>'),
        _ => *byte == b'\n',
    };
    last.encoding == next.encoding
        && gap.len() <= GAP_MAX
        && next.original.end - start <= SPAN_MAX
        && !gap.iter().any(apart)
}

/// Decodes the open escapes with the text between them; returns the new floor for context.
fn flush(bytes: &[u8], open: &mut Vec<Escape>, floor: usize, sink: &mut Sink<'_>) -> usize {
    let escapes = std::mem::take(open);
    let (Some(first), Some(last)) = (escapes.first(), escapes.last()) else {
        return floor;
    };
    let fewest = if first.encoding == Encoding::Html { ENTITIES_MIN } else { ESCAPES_MIN };
    if escapes.len() < fewest {
        return floor;
    }
    let span = first.original.start..last.original.end;
    let mut decoded = Vec::with_capacity(span.len());
    let mut segments = Vec::with_capacity(escapes.len() * 2);
    let mut copied = span.start;
    for escape in &escapes {
        segments.push(Segment::same(decoded.len(), copied..escape.original.start));
        decoded.extend_from_slice(&bytes[copied..escape.original.start]);
        let from = decoded.len();
        decoded.extend_from_slice(&escape.text[..escape.length]);
        segments.push(Segment::whole(from..decoded.len(), escape.original.clone()));
        copied = escape.original.end;
    }
    sink.take(first.encoding, &decoded, &segments, span.clone(), floor, CONTEXT_AFTER);
    span.end
}

/// The escape that begins at `at`, if one does.
fn read(bytes: &[u8], at: usize) -> Option<Escape> {
    let rest = &bytes[at..];
    let (encoding, length, code) = match rest.first()? {
        b'%' => {
            let code = number(rest.get(1..3)?, 16)?;
            return Some(raw_byte(Encoding::Percent, code, at..at + 3));
        }
        b'\\' => match rest.get(1)? {
            b'x' => {
                let code = number(rest.get(2..4)?, 16)?;
                return Some(raw_byte(Encoding::Backslash, code, at..at + 4));
            }
            b'u' => unicode(rest).map(|(length, code)| (Encoding::Backslash, length, code))?,
            _ => return None,
        },
        _ => entity(rest).map(|(length, code)| (Encoding::Html, length, code))?,
    };
    let character = char::from_u32(code)?;
    let mut text = [0; 4];
    let decoded = character.encode_utf8(&mut text).len();
    Some(Escape { encoding, text, length: decoded, original: at..at + length })
}

/// An escape that stands for one byte.
fn raw_byte(encoding: Encoding, code: u32, original: Range<usize>) -> Escape {
    Escape { encoding, text: [code as u8, 0, 0, 0], length: 1, original }
}

/// `\uXXXX`, two of them for a surrogate pair, or `\u{X…}`: its length and character.
fn unicode(rest: &[u8]) -> Option<(usize, u32)> {
    if rest.get(2) == Some(&b'{') {
        let end = memchr::memchr(b'}', rest.get(3..rest.len().min(10))?)?;
        return Some((end + 4, number(&rest[3..3 + end], 16)?));
    }
    let high = number(rest.get(2..6)?, 16)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Some((6, high));
    }
    let pair = rest.get(6..12).filter(|pair| pair.starts_with(b"\\u"))?;
    let low = number(&pair[2..], 16).filter(|low| (0xdc00..0xe000).contains(low))?;
    Some((12, 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
}

/// `&name;`, `&#34;` or `&#x22;`: its length and character.
fn entity(rest: &[u8]) -> Option<(usize, u32)> {
    // In source code most ampersands are operators.
    if !rest.get(1).is_some_and(|byte| *byte == b'#' || byte.is_ascii_lowercase()) {
        return None;
    }
    let end = rest.iter().take(ENTITY_MAX).position(|byte| *byte == b';')?;
    let code = match &rest[1..end] {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        b"quot" => u32::from(b'"'),
        b"apos" => u32::from(b'\''),
        b"amp" => u32::from(b'&'),
        b"lt" => u32::from(b'<'),
        b"gt" => u32::from(b'>'),
        b"nbsp" => u32::from(b' '),
        b"colon" => u32::from(b':'),
        b"equals" => u32::from(b'='),
        b"sol" => u32::from(b'/'),
        b"plus" => u32::from(b'+'),
        b"commat" => u32::from(b'@'),
        b"lowbar" => u32::from(b'_'),
        b"period" => u32::from(b'.'),
        b"num" => u32::from(b'#'),
        b"dollar" => u32::from(b'$'),
        b"percnt" => u32::from(b'%'),
        _ => return None,
    };
    Some((end + 1, code))
}

/// The number that at most seven digits of a radix stand for.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    if digits.is_empty() || digits.len() > 7 {
        return None;
    }
    digits.iter().try_fold(0_u32, |sum, digit| {
        let value = u32::from(nibble(*digit)?);
        (value < radix).then_some(sum * radix + value)
    })
}
