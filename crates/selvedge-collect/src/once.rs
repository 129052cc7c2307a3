//! Reads files once, from beginning to end, whatever they hold: lines, JSON documents, Windows event logs, plain or
//! compressed. For detection over files that are there; files that grow are followed by [`crate::tail`].

use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

use selvedge_logformat::{Join, evtx, records};
use selvedge_model::DiagnosticKind;

/// What follows in a line that is longer is left out.
const LINE_BYTES_MAX: usize = 4 << 20;
/// A JSON document that is larger, once decompressed, is read as lines.
const DOCUMENT_BYTES_MAX: u64 = 256 << 20;
/// Text beyond this, once decompressed, is not read.
const TEXT_BYTES_MAX: u64 = 64 << 30;
/// A zero byte among the first of these says that a file is no text.
const PROBE_BYTES: usize = 8 << 10;
/// What a Windows event log begins with.
const EVTX_MAGIC: &[u8] = b"ElfFile\0";
/// What gzip begins with (RFC 1952, section 2.3.1).
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
/// What a Zstandard frame begins with (RFC 8878, section 3.1.1).
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// One record of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnceRecord<'a> {
    /// A line, several joined ones, or an object of a JSON document.
    Text(&'a [u8]),
    /// An event of a Windows event log, as [`selvedge_logformat::Format::WindowsEvent`] reads it.
    WindowsEvent(&'a str),
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OnceRead {
    /// Records that were handed out.
    pub records: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Whether it holds no text and no event log, and was not read.
    pub is_binary: bool,
    /// What could not be read, and why.
    pub problems: Vec<(DiagnosticKind, String)>,
}

/// Gets the number of a record, from 0 on, and the record; returns whether to go on.
pub type Take<'t> = &'t mut dyn FnMut(u64, OnceRecord<'_>) -> bool;

/// Reads a file.
pub fn read_path(path: &Path, join: &Join, take: Take<'_>) -> std::io::Result<OnceRead> {
    let mut reader = BufReader::new(std::fs::File::open(path)?);
    if reader.fill_buf()?.starts_with(EVTX_MAGIC) {
        drop(reader);
        return Ok(read_events(path, take));
    }
    read_stream(reader, join, take)
}

/// Reads a stream, decompressing it if it is compressed.
pub fn read_stream(stream: impl Read, join: &Join, take: Take<'_>) -> std::io::Result<OnceRead> {
    let mut reader = BufReader::new(stream);
    let magic = reader.fill_buf()?;
    if magic.starts_with(GZIP_MAGIC) {
        return Reading::new(join, take).text(BufReader::new(flate2::bufread::MultiGzDecoder::new(reader)));
    }
    if magic.starts_with(ZSTD_MAGIC) {
        return Reading::new(join, take)
            .text(BufReader::new(zstd::stream::read::Decoder::with_buffer(reader)?));
    }
    Reading::new(join, take).text(reader)
}

fn read_events(path: &Path, take: Take<'_>) -> OnceRead {
    let mut read = OnceRead::default();
    let outcome = evtx::read(path, |record| {
        read.bytes += record.json.len() as u64;
        read.records += 1;
        take(read.records - 1, OnceRecord::WindowsEvent(&record.json))
    });
    match outcome {
        Ok(0) => {}
        Ok(damaged) => {
            let message = format!("{damaged} damaged records were left out");
            read.problems.push((DiagnosticKind::Unreadable, message));
        }
        Err(error) => read.problems.push((DiagnosticKind::Unreadable, error.to_string())),
    }
    read
}

/// A stream that is being read.
struct Reading<'t> {
    join: &'t Join,
    take: Take<'t>,
    read: OnceRead,
    cut: u64,
}

impl<'t> Reading<'t> {
    fn new(join: &'t Join, take: Take<'t>) -> Self {
        Self { join, take, read: OnceRead::default(), cut: 0 }
    }

    fn text(mut self, reader: impl BufRead) -> std::io::Result<OnceRead> {
        let mut reader = reader.take(TEXT_BYTES_MAX);
        let mut first = Vec::new();
        self.cut += u64::from(read_line(&mut reader, &mut first)?);
        if first.starts_with(EVTX_MAGIC) {
            let message = "a compressed Windows event log: decompress it first";
            self.read.problems.push((DiagnosticKind::Unreadable, message.to_owned()));
            return Ok(self.read);
        }
        if first.iter().take(PROBE_BYTES).any(|byte| *byte == 0) {
            self.read.is_binary = true;
            return Ok(self.read);
        }
        if first.starts_with("\u{feff}".as_bytes()) {
            first.drain(..3);
        }
        if matches!(self.join, Join::Lines) && is_document(&first) {
            let whole = (&mut reader).take(DOCUMENT_BYTES_MAX).read_to_end(&mut first);
            let fits = (first.len() as u64) < DOCUMENT_BYTES_MAX;
            let is_read = fits && self.document(&first);
            if let Err(error) = whole {
                if !is_read {
                    self.lines(Cursor::new(first))?;
                }
                self.damaged(&error);
                return Ok(self.read);
            }
            if is_read {
                return Ok(self.read);
            }
        }
        let left = self.lines(Cursor::new(first).chain(&mut reader));
        // What could be read before the stream broke counts.
        if let Err(error) = left {
            self.damaged(&error);
        }
        if self.cut > 0 {
            let message = format!("{} lines are cut after {LINE_BYTES_MAX} bytes", self.cut);
            self.read.problems.push((DiagnosticKind::LimitReached, message));
        }
        if reader.limit() == 0 {
            let message = format!("not read beyond {TEXT_BYTES_MAX} bytes");
            self.read.problems.push((DiagnosticKind::LimitReached, message));
        }
        Ok(self.read)
    }

    fn damaged(&mut self, error: &std::io::Error) {
        self.read.problems.push((DiagnosticKind::Unreadable, format!("damaged from here on: {error}")));
    }

    /// Hands out the records of a JSON document; false if there is none.
    fn document(&mut self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        let (found, error) = records::split(&text);
        if found.is_empty() {
            return false;
        }
        for record in found {
            if !self.give(record.as_bytes()) {
                return true;
            }
        }
        if let Some(error) = error {
            let message = format!("no JSON from here on: {error}");
            self.read.problems.push((DiagnosticKind::Unreadable, message));
        }
        true
    }

    fn lines(&mut self, mut reader: impl BufRead) -> std::io::Result<()> {
        let mut record: Vec<u8> = Vec::new();
        let mut line = Vec::new();
        let ended = loop {
            line.clear();
            match read_line(&mut reader, &mut line) {
                Ok(is_cut) => self.cut += u64::from(is_cut),
                Err(error) => break Err(error),
            }
            if line.is_empty() {
                break Ok(());
            }
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            let fits = record.len() + text.len() < LINE_BYTES_MAX;
            if !record.is_empty() && fits && self.join.continues(&record, text) {
                record.push(b'\n');
                record.extend_from_slice(text);
                continue;
            }
            if !record.is_empty() && !self.give(&record) {
                return Ok(());
            }
            record.clear();
            record.extend_from_slice(text);
        };
        if !record.is_empty() {
            self.give(&record);
        }
        ended
    }

    fn give(&mut self, record: &[u8]) -> bool {
        self.read.bytes += record.len() as u64 + 1;
        self.read.records += 1;
        (self.take)(self.read.records - 1, OnceRecord::Text(record))
    }
}

/// Whether the first line begins a JSON document that is not one object per line.
fn is_document(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    if !line.starts_with(b"{") && !line.starts_with(b"[") {
        return false;
    }
    let text = String::from_utf8_lossy(line);
    match records::split(&text) {
        (found, None) => found != [text.as_ref()],
        (_, Some(_)) => true,
    }
}

/// Reads up to and including a line end; what is over the limit is left out. Returns whether something was.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    let mut is_cut = false;
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(is_cut);
        }
        let end = memchr::memchr(b'\n', available);
        let taken = end.map_or(available.len(), |at| at + 1);
        let room = LINE_BYTES_MAX.saturating_sub(line.len());
        line.extend_from_slice(&available[..taken.min(room)]);
        is_cut |= taken > room;
        reader.consume(taken);
        if end.is_some() {
            return Ok(is_cut);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], join: &Join) -> (Vec<String>, OnceRead) {
        let mut found = Vec::new();
        let mut take = |number: u64, record: OnceRecord<'_>| {
            assert_eq!(number, found.len() as u64);
            if let OnceRecord::Text(text) = record {
                found.push(String::from_utf8_lossy(text).into_owned());
            }
            true
        };
        let read = read_stream(bytes, join, &mut take).unwrap();
        (found, read)
    }

    #[test]
    fn lines_objects_and_documents_give_their_records() {
        for (text, expected) in [
            ("a\r\nb\n\nc", vec!["a", "b", "c"]),
            ("{\"a\":1}\n{\"b\":2}\n", vec!["{\"a\":1}", "{\"b\":2}"]),
            ("[{\"a\":1},\n{\"b\":2}]", vec!["{\"a\":1}", "{\"b\":2}"]),
            ("{\"Records\":[{\"a\":1},{\"b\":2}]}", vec!["{\"a\":1}", "{\"b\":2}"]),
            ("[Fri Nov 06 x] [core:error] y\nz", vec!["[Fri Nov 06 x] [core:error] y", "z"]),
            ("", vec![]),
        ] {
            assert_eq!(read(text.as_bytes(), &Join::Lines).0, expected, "{text}");
        }
    }

    #[test]
    fn compressed_text_is_read_and_damage_is_told() {
        let mut packed = Vec::new();
        let mut encoder = flate2::GzBuilder::new().write(&mut packed, flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, b"one\ntwo\n").unwrap();
        encoder.finish().unwrap();
        assert_eq!(read(&packed, &Join::Lines).0, ["one", "two"]);
        let (found, told) = read(&packed[..packed.len() - 4], &Join::Lines);
        assert_eq!(found, ["one", "two"]);
        assert_eq!(told.problems.len(), 1, "{told:?}");
        let document = zstd::encode_all(&b"[{\"a\":1},\n{\"b\":2}]"[..], 1).unwrap();
        let (_, told) = read(&document[..document.len() - 1], &Join::Lines);
        assert!(!told.problems.is_empty(), "{told:?}");
        let packed = zstd::encode_all(&b"one\ntwo\n"[..], 1).unwrap();
        assert_eq!(read(&packed, &Join::Lines).0, ["one", "two"]);
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        assert!(read(b"\x7fELF\0\0\0", &Join::Lines).1.is_binary);
    }

    #[test]
    fn lines_of_a_trace_are_one_record() {
        let text = b"Exception in thread\n\tat a.b(C.java:1)\nnext\n";
        assert_eq!(read(text, &Join::StackTraces).0, ["Exception in thread\n\tat a.b(C.java:1)", "next"]);
    }
}
