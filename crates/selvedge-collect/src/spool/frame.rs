//! The body of a frame: lines of one input, and the marks of their sources.
//!
//! Little-endian, in this order: version (u8), time of receipt (i64, nanoseconds since 1970), input (text),
//! number of sources (u16) and their names, number of marks (u16) and each mark (source, u8 whether it has a
//! state, bytes), number of lines (u32) and each line: source (u16), flags (u8), position (u64), then time (i64)
//! and host (text) if their flags are set, then the bytes. A text is a u16 length and UTF-8; bytes are a u32
//! length and the bytes.

/// Lines that one frame may hold.
pub const LINES_MAX: usize = 1 << 20;
/// Bytes of one mark.
pub const MARK_BYTES_MAX: usize = 8 << 10;
/// Names of sources and hosts are cut to this.
const TEXT_BYTES_MAX: usize = 4 << 10;

const VERSION: u8 = 1;
const FLAG_TIME: u8 = 1;
const FLAG_HOST: u8 = 2;
const FLAG_PIECE: u8 = 4;

/// Lines that become durable together, and how far their sources are read with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Name of the configured input, which says how the lines are to be read.
    pub input: String,
    /// When the lines were taken in, in nanoseconds since 1970.
    pub received_ns: i64,
    /// Names that the lines refer to: file paths, sender addresses.
    pub sources: Vec<String>,
    /// The lines, in the order in which they were taken in.
    pub lines: Vec<Line>,
    /// New states of sources.
    pub marks: Vec<Mark>,
}

/// One line, or one record of several lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Which of the frame's sources it came from.
    pub source: u16,
    /// Where in the source it begins: a byte offset in a file, a count elsewhere.
    pub position: u64,
    /// The event's time where the sender said it apart from the line, in nanoseconds since 1970.
    pub time_ns: Option<i64>,
    /// The host where the sender said it apart from the line.
    pub host: Option<String>,
    /// Whether it is a piece of a line that was over the limit.
    pub is_piece: bool,
    /// The bytes as they came, without the line end.
    pub bytes: Vec<u8>,
}

/// How far a source is read, in a form only its input understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The source; unique among all inputs.
    pub source: String,
    /// Its state; none means that the source is forgotten.
    pub state: Option<Vec<u8>>,
}

/// The source of a mark and its state, as they lie in a buffer.
pub type MarkView<'a> = (&'a str, Option<&'a [u8]>);

/// A frame as it lies in a buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameView<'a> {
    /// Name of the configured input.
    pub input: &'a str,
    /// When the lines were taken in.
    pub received_ns: i64,
    /// Names that the lines refer to.
    pub sources: Vec<&'a str>,
    /// The lines.
    pub lines: Vec<LineView<'a>>,
    /// New states of sources.
    pub marks: Vec<MarkView<'a>>,
}

/// A line as it lies in a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineView<'a> {
    /// Name of its source.
    pub source: &'a str,
    /// Where in the source it begins.
    pub position: u64,
    /// The event's time where the sender said it.
    pub time_ns: Option<i64>,
    /// The host where the sender said it.
    pub host: Option<&'a str>,
    /// Whether it is a piece of a line that was over the limit.
    pub is_piece: bool,
    /// The bytes as they came.
    pub bytes: &'a [u8],
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the frame is malformed at byte {at}: expected {expected}")]
pub struct DecodeError {
    /// Where reading stopped.
    pub at: usize,
    /// What should have been there.
    pub expected: &'static str,
}

impl Frame {
    /// Bytes that a line takes beside its own.
    pub const LINE_OVERHEAD: usize = 2 + 1 + 8 + 4;

    /// A frame of an input, still without lines.
    pub fn new(input: &str, received_ns: i64) -> Self {
        Self { input: input.to_owned(), received_ns, ..Self::default() }
    }

    /// The index of the source, added if it is new; none if the frame has as many as it can name.
    pub fn source(&mut self, name: &str) -> Option<u16> {
        let known = self.sources.iter().rposition(|source| source == name);
        let index = known.unwrap_or(self.sources.len());
        let number = u16::try_from(index).ok()?;
        if known.is_none() {
            self.sources.push(name.to_owned());
        }
        Some(number)
    }

    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.marks.is_empty()
    }

    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let lines: usize = self.lines.iter().map(|line| line.bytes.len() + 32).sum();
        let mut out = Vec::with_capacity(lines + 256);
        out.push(VERSION);
        out.extend(self.received_ns.to_le_bytes());
        put_text(&mut out, &self.input);
        put_count(&mut out, self.sources.len());
        for source in &self.sources {
            put_text(&mut out, source);
        }
        put_count(&mut out, self.marks.len());
        for mark in &self.marks {
            put_mark(&mut out, &mark.source, mark.state.as_deref());
        }
        out.extend((self.lines.len() as u32).to_le_bytes());
        for line in &self.lines {
            put_line(&mut out, line);
        }
        out
    }
}

impl<'a> FrameView<'a> {
    /// Reads the bytes of a frame.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut input = Input { bytes, at: 0 };
        if input.take(1, "a version")?[0] != VERSION {
            return Err(DecodeError { at: 0, expected: "version 1" });
        }
        let received_ns = i64::from_le_bytes(input.array("a time of receipt")?);
        let name = input.text("the name of the input")?;
        let mut sources = Vec::new();
        for _ in 0..input.count("a number of sources")? {
            sources.push(input.text("the name of a source")?);
        }
        let mut marks = Vec::new();
        for _ in 0..input.count("a number of marks")? {
            marks.push(input.mark()?);
        }
        let count = u32::from_le_bytes(input.array("a number of lines")?) as usize;
        // Never allocate by a number that the bytes at hand cannot bear out.
        let mut lines = Vec::with_capacity(count.min(bytes.len() / Frame::LINE_OVERHEAD));
        for _ in 0..count {
            lines.push(input.line(&sources)?);
        }
        if input.at != bytes.len() {
            return Err(DecodeError { at: input.at, expected: "the end" });
        }
        Ok(Self { input: name, received_ns, sources, lines, marks })
    }
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    out.extend(u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
    out.extend((text.len() as u16).to_le_bytes());
    out.extend(text.as_bytes());
}

fn put_line(out: &mut Vec<u8>, line: &Line) {
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    out.extend(line.source.to_le_bytes());
    out.push(
        flag(line.time_ns.is_some(), FLAG_TIME)
            | flag(line.host.is_some(), FLAG_HOST)
            | flag(line.is_piece, FLAG_PIECE),
    );
    out.extend(line.position.to_le_bytes());
    if let Some(time) = line.time_ns {
        out.extend(time.to_le_bytes());
    }
    if let Some(host) = &line.host {
        put_text(out, host);
    }
    out.extend((line.bytes.len() as u32).to_le_bytes());
    out.extend(&line.bytes);
}

/// Writes one mark; segments hold all of them at their beginning.
pub(super) fn put_mark(out: &mut Vec<u8>, source: &str, state: Option<&[u8]>) {
    put_text(out, source);
    out.push(u8::from(state.is_some()));
    let state = state.unwrap_or_default();
    out.extend((state.len() as u32).to_le_bytes());
    out.extend(state);
}

/// Reads marks until the bytes end.
pub(super) fn read_marks(bytes: &[u8]) -> Result<Vec<MarkView<'_>>, DecodeError> {
    let mut input = Input { bytes, at: 0 };
    let mut marks = Vec::new();
    while input.at < bytes.len() {
        marks.push(input.mark()?);
    }
    Ok(marks)
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize, expected: &'static str) -> Result<&'a [u8], DecodeError> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or(DecodeError { at: self.at, expected })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, expected: &'static str) -> Result<[u8; N], DecodeError> {
        let at = self.at;
        self.take(N, expected)?.try_into().map_err(|_| DecodeError { at, expected })
    }

    fn count(&mut self, expected: &'static str) -> Result<u16, DecodeError> {
        Ok(u16::from_le_bytes(self.array(expected)?))
    }

    fn text(&mut self, expected: &'static str) -> Result<&'a str, DecodeError> {
        let length = usize::from(self.count(expected)?);
        let at = self.at;
        std::str::from_utf8(self.take(length, expected)?).map_err(|_| DecodeError { at, expected })
    }

    fn counted(&mut self, expected: &'static str) -> Result<&'a [u8], DecodeError> {
        let length = u32::from_le_bytes(self.array(expected)?) as usize;
        self.take(length, expected)
    }

    fn mark(&mut self) -> Result<MarkView<'a>, DecodeError> {
        let source = self.text("the source of a mark")?;
        let has_state = self.take(1, "whether a mark has a state")?[0] == 1;
        let state = self.counted("the state of a mark")?;
        Ok((source, has_state.then_some(state)))
    }

    fn line(&mut self, sources: &[&'a str]) -> Result<LineView<'a>, DecodeError> {
        let at = self.at;
        let source = usize::from(self.count("the source of a line")?);
        let source = sources.get(source).ok_or(DecodeError { at, expected: "a source of this frame" })?;
        let flags = self.take(1, "the flags of a line")?[0];
        let position = u64::from_le_bytes(self.array("the position of a line")?);
        let time_ns = match flags & FLAG_TIME {
            0 => None,
            _ => Some(i64::from_le_bytes(self.array("the time of a line")?)),
        };
        let host = match flags & FLAG_HOST {
            0 => None,
            _ => Some(self.text("the host of a line")?),
        };
        let bytes = self.counted("the bytes of a line")?;
        Ok(LineView { source, position, time_ns, host, is_piece: flags & FLAG_PIECE != 0, bytes })
    }
}
