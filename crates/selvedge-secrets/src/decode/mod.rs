//! Finds encoded text within a text and decodes it, one level at a time.
//!
//! Each [`Layer`] is one decoded span with a little of its line around it, so that a rule
//! that asks for `password:` before a value still sees it. A layer knows where each of its
//! bytes came from. Who scans decides how deep to go by decoding the layers again.

mod escapes;
mod gzip;
mod layer;
mod runs;

#[cfg(test)]
mod tests;

pub use layer::{Encoding, Layer};

use layer::Segment;
use std::ops::Range;

/// How much decoding one file may cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many levels may be decoded one within the other; counted down by [`Budget::deeper`].
    pub depth_max: u8,
    /// Most decoded bytes.
    pub bytes_max: usize,
    /// Most decoded spans.
    pub spans_max: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { depth_max: 3, bytes_max: 8 << 20, spans_max: 20_000 }
    }
}

impl Budget {
    /// Takes what these layers used off the budget.
    pub fn spend(&mut self, layers: &[Layer]) {
        self.spans_max = self.spans_max.saturating_sub(layers.len());
        let bytes: usize = layers.iter().map(|layer| layer.bytes.len()).sum();
        self.bytes_max = self.bytes_max.saturating_sub(bytes);
    }

    /// The budget one level deeper, if there may be one.
    #[must_use]
    pub fn deeper(&self) -> Option<Self> {
        let depth_max = self.depth_max.checked_sub(1)?;
        (depth_max > 0).then_some(Self { depth_max, ..*self })
    }
}

/// The encoded spans of `bytes`, decoded one level, in order of their place.
///
/// `limits_hit` grows by one for every span that a limit kept from being decoded whole, and
/// by one when the number of spans ends the search.
pub fn layers(bytes: &[u8], budget: &Budget, limits_hit: &mut u32) -> Vec<Layer> {
    layers_in(bytes, &(0..bytes.len()), budget, limits_hit)
}

/// The encoded spans that begin in `part` of `bytes`.
pub(crate) fn layers_in(
    bytes: &[u8],
    part: &Range<usize>,
    budget: &Budget,
    limits_hit: &mut u32,
) -> Vec<Layer> {
    if budget.depth_max == 0 {
        return Vec::new();
    }
    let mut sink = Sink { bytes, left: *budget, limits_hit, layers: Vec::new(), wrapped: 0 };
    runs::find(bytes, part, &mut sink);
    escapes::find(bytes, part, &mut sink);
    let mut layers = sink.layers;
    layers.sort_by_key(|layer| (layer.encoded().start, layer.encoded().end));
    layers
}

/// Whether encoded text at the end of `chunk` may go on in what follows: base64 over several lines does, and
/// anything else in the same line.
pub(crate) fn may_go_on(chunk: &[u8]) -> bool {
    !chunk.ends_with(b"\n") || runs::ends_in_wrapped_line(chunk)
}

/// Bytes of the same line kept before a decoded span.
const CONTEXT_BEFORE: usize = 64;

/// Takes decoded spans while the budget lasts.
struct Sink<'a> {
    bytes: &'a [u8],
    left: Budget,
    limits_hit: &'a mut u32,
    layers: Vec<Layer>,
    /// How far base64 over several lines was read already.
    wrapped: usize,
}

impl Sink<'_> {
    /// Whether another span may follow; the first refusal is counted.
    fn has_room(&mut self) -> bool {
        if self.left.spans_max > 0 {
            return true;
        }
        *self.limits_hit = self.limits_hit.saturating_add(1);
        false
    }

    /// Takes a span: its decoded bytes and where they came from, with context on both sides.
    ///
    /// `floor` is the end of the span before it: text that was decoded already is no context.
    fn take(
        &mut self,
        encoding: Encoding,
        decoded: &[u8],
        segments: &[Segment],
        span: Range<usize>,
        floor: usize,
        context_after: usize,
    ) {
        let before = self.context_before(span.start, floor);
        let after = self.context_after(span.end, context_after);
        let total = before.len() + decoded.len() + after.len();
        if total > self.left.bytes_max {
            *self.limits_hit = self.limits_hit.saturating_add(1);
            return;
        }
        self.left.bytes_max -= total;
        self.left.spans_max -= 1;
        let mut bytes = Vec::with_capacity(total);
        let mut all = Vec::with_capacity(segments.len() + 2);
        bytes.extend_from_slice(&self.bytes[before.clone()]);
        all.push(Segment::same(0, before.clone()));
        all.extend(segments.iter().map(|segment| segment.moved(before.len())));
        bytes.extend_from_slice(decoded);
        all.push(Segment::same(bytes.len(), after.clone()));
        bytes.extend_from_slice(&self.bytes[after]);
        self.layers.push(Layer::new(bytes, encoding, span, all));
    }

    fn context_before(&self, start: usize, floor: usize) -> Range<usize> {
        let earliest = start.saturating_sub(CONTEXT_BEFORE).max(floor.min(start));
        let line = memchr::memrchr(b'\n', &self.bytes[earliest..start]);
        line.map_or(earliest, |newline| earliest + newline + 1)..start
    }

    fn context_after(&self, end: usize, most: usize) -> Range<usize> {
        let latest = end.saturating_add(most).min(self.bytes.len());
        let line = memchr::memchr(b'\n', &self.bytes[end..latest]);
        end..line.map_or(latest, |newline| end + newline)
    }
}

/// Whether bytes read like text: UTF-8 without control characters, and ASCII if short.
fn is_text(bytes: &[u8]) -> bool {
    if bytes.is_ascii() {
        return !bytes.is_empty() && bytes.iter().all(|byte| is_printable(*byte));
    }
    bytes.len() >= SHORT_TEXT
        && std::str::from_utf8(bytes)
            .is_ok_and(|text| text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')))
}

/// Below this length only ASCII counts as text: random bytes pass for UTF-8 too easily.
const SHORT_TEXT: usize = 24;

/// Whether an ASCII byte occurs in text.
fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}
