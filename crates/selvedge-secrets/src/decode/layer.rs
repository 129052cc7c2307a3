//! A decoded span and the way back from its bytes to the original ones.

use std::ops::Range;

/// How a span was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Base64 with `+` and `/`, padded or not.
    Base64,
    /// Base64 with `-` and `_`, padded or not; the segments of a JWT are such.
    Base64Url,
    /// Base64 of UTF-16, as PowerShell takes encoded commands.
    Base64Utf16,
    /// Base64 of gzip.
    Base64Gzip,
    /// Pairs of hexadecimal digits.
    Hex,
    /// `%XX`.
    Percent,
    /// `\uXXXX`, `\u{X}` and `\xXX`.
    Backslash,
    /// `&quot;`, `&#34;` and `&#x22;`.
    Html,
}

impl Encoding {
    /// The name shown to the user.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Base64Utf16 => "base64 of UTF-16",
            Self::Base64Gzip => "base64 of gzip",
            Self::Hex => "hex",
            Self::Percent => "percent-encoding",
            Self::Backslash => "backslash escapes",
            Self::Html => "HTML entities",
        }
    }
}

/// One decoded span with the text of its line around it.
pub struct Layer {
    /// The decoded bytes, between the context of their line.
    pub bytes: Vec<u8>,
    /// How the span was encoded.
    pub encoding: Encoding,
    encoded: Range<usize>,
    segments: Vec<Segment>,
}

/// A stretch of decoded bytes and the original bytes they came from.
///
/// `unit_decoded` bytes came from `unit_encoded` ones; equal units repeat from the start,
/// the last may be short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) decoded: Range<usize>,
    pub(super) original: Range<usize>,
    pub(super) unit_decoded: usize,
    pub(super) unit_encoded: usize,
}

impl Segment {
    /// Bytes copied as they were.
    pub(super) fn same(at: usize, original: Range<usize>) -> Self {
        Self { decoded: at..at + original.len(), original, unit_decoded: 1, unit_encoded: 1 }
    }

    /// Bytes that can only be traced back to all of the original.
    pub(super) fn whole(decoded: Range<usize>, original: Range<usize>) -> Self {
        let (unit_decoded, unit_encoded) = (decoded.len().max(1), original.len());
        Self { decoded, original, unit_decoded, unit_encoded }
    }

    /// The segment with its decoded bytes further on.
    pub(super) fn moved(&self, by: usize) -> Self {
        Self { decoded: self.decoded.start + by..self.decoded.end + by, ..self.clone() }
    }

    /// Where the unit that holds the decoded byte begins.
    fn unit_start(&self, decoded: usize) -> usize {
        let unit = (decoded - self.decoded.start) / self.unit_decoded;
        (self.original.start + unit * self.unit_encoded).min(self.original.end)
    }

    /// Where the unit that holds the decoded byte ends; the last takes what is left, padding too.
    fn unit_end(&self, decoded: usize) -> usize {
        let unit = (decoded - self.decoded.start) / self.unit_decoded;
        if self.decoded.start + (unit + 1) * self.unit_decoded >= self.decoded.end {
            return self.original.end;
        }
        (self.original.start + (unit + 1) * self.unit_encoded).min(self.original.end)
    }
}

impl Layer {
    pub(super) fn new(
        bytes: Vec<u8>,
        encoding: Encoding,
        encoded: Range<usize>,
        mut segments: Vec<Segment>,
    ) -> Self {
        segments.retain(|segment| !segment.decoded.is_empty());
        Self { bytes, encoding, encoded, segments }
    }

    /// The encoded span in the original bytes. A match of the layer that does not touch it
    /// lies in the context and was seen before.
    pub fn encoded(&self) -> Range<usize> {
        self.encoded.clone()
    }

    /// Whether the decoded range holds anything that was encoded.
    pub fn is_decoded(&self, decoded: &Range<usize>) -> bool {
        let original = self.original_range(decoded.clone());
        original.start < self.encoded.end && self.encoded.start < original.end
    }

    /// The original bytes that the decoded range came from: whole encoded groups.
    pub fn original_range(&self, decoded: Range<usize>) -> Range<usize> {
        let end = decoded.end.min(self.bytes.len());
        let start = decoded.start.min(end);
        let begin = match self.segment(start) {
            Some(segment) => segment.unit_start(start),
            None => self.segments.last().map_or(self.encoded.end, |segment| segment.original.end),
        };
        if start == end {
            return begin..begin;
        }
        let finish = self.segment(end - 1).map_or(begin, |segment| segment.unit_end(end - 1));
        begin..finish.max(begin)
    }

    /// The segment that holds a decoded byte.
    fn segment(&self, decoded: usize) -> Option<&Segment> {
        let after = self.segments.partition_point(|segment| segment.decoded.end <= decoded);
        self.segments.get(after).filter(|segment| segment.decoded.start <= decoded)
    }
}

impl std::fmt::Debug for Layer {
    /// Without the bytes, which may be secret.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Layer")
            .field("encoding", &self.encoding)
            .field("encoded", &self.encoded)
            .field("length", &self.bytes.len())
            .finish_non_exhaustive()
    }
}
