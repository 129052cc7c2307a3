//! Files that are read as a whole: Windows event logs, and JSON documents such as cloud audit files.
//!
//! A file is read once its size has not changed for a while. How many of its records are stored is in its mark,
//! so that a restart goes on with the next one. A file that changes later is read again from the record where it
//! had ended.

use std::collections::{BTreeMap, VecDeque};
use std::io::Read;
use std::path::{Path, PathBuf};

use selvedge_logformat::{evtx, records};
use selvedge_model::{Diagnostic, DiagnosticKind};
use serde::{Deserialize, Serialize};

use crate::spool::{Frame, Line, Mark};
use crate::tail::{Millis, Patterns};

/// A JSON document that is larger, once decompressed, is not read.
const DOCUMENT_BYTES_MAX: u64 = 256 << 20;
/// A record that is longer is cut: no frame could take it.
const RECORD_BYTES_MAX: usize = 4 << 20;
/// Text that one frame takes.
const FRAME_TEXT_BYTES: usize = 1 << 20;
/// A file is read when its size has not changed for this long.
const SETTLED_MS: Millis = 2_000;
/// How often to look for files.
const SEARCH_EVERY_MS: Millis = 1_000;
/// Marks of files that are gone are kept this long.
const FORGET_AFTER_MS: Millis = 7 * 24 * 3_600_000;
/// Problems that are kept between two calls.
const DIAGNOSTICS_MAX: usize = 64;

/// What the files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WholeFormat {
    /// Windows event logs.
    Evtx,
    /// JSON documents: objects, arrays of objects, an object with one array of records; plain, gzip or zstd.
    JsonRecords,
}

/// Reads the files of one input.
#[derive(Debug)]
pub(crate) struct WholeFiles {
    name: String,
    format: WholeFormat,
    patterns: Patterns,
    known: BTreeMap<PathBuf, Known>,
    /// The file whose records are being handed out, and those that are left.
    open: Option<(PathBuf, VecDeque<(u64, String)>)>,
    /// Records of the frame of the last pass.
    handed_out: usize,
    searched: Option<Millis>,
    line_bytes_max: usize,
    forgotten: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    /// Size and time of change at the last look, and since when they are so.
    stamp: (u64, i64),
    since: Millis,
    seen: Millis,
    /// Records that are stored, and of which stamp that is all.
    records: u64,
    done: Option<(u64, i64)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredMark {
    records: u64,
    done: Option<(u64, i64)>,
    seen: Millis,
}

impl WholeFiles {
    pub(crate) fn mark_prefix(name: &str) -> String {
        format!("whole/{name}/")
    }

    pub(crate) fn new(
        name: &str,
        format: WholeFormat,
        include: &[String],
        exclude: &[String],
        line_bytes_max: usize,
        marks: &BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, String> {
        let prefix = Self::mark_prefix(name);
        let mut known = BTreeMap::new();
        for (source, state) in
            marks.range(prefix.clone()..).take_while(|(source, _)| source.starts_with(&prefix))
        {
            if let Ok(StoredMark { records, done, seen }) = serde_json::from_slice(state) {
                let file = Known { seen, records, done, ..Known::default() };
                known.insert(PathBuf::from(&source[prefix.len()..]), file);
            }
        }
        Ok(Self {
            name: name.to_owned(),
            format,
            patterns: Patterns::new(include, exclude)?,
            known,
            open: None,
            handed_out: 0,
            searched: None,
            line_bytes_max,
            forgotten: Vec::new(),
            diagnostics: Vec::new(),
        })
    }

    /// Records of the next file that has some, or nothing.
    pub(crate) fn pass(&mut self, now: Millis) -> Frame {
        self.handed_out = 0;
        if self.searched.is_none_or(|searched| now - searched >= SEARCH_EVERY_MS) {
            self.search(now);
            self.searched = Some(now);
        }
        if self.open.is_none() {
            self.open_next(now);
        }
        let mut frame = Frame::new(&self.name, now.saturating_mul(1_000_000));
        let prefix = Self::mark_prefix(&self.name);
        for path in &self.forgotten {
            frame.marks.push(Mark { source: format!("{prefix}{}", path.display()), state: None });
        }
        let Some((path, records)) = &self.open else { return frame };
        let Some(source) = frame.source(&path.to_string_lossy()) else { return frame };
        let mut text = 0;
        let mut stored = self.known.get(path).map_or(0, |known| known.records);
        for (number, record) in records {
            if text >= FRAME_TEXT_BYTES {
                break;
            }
            text += record.len();
            let mut pieces = record.as_bytes().chunks(self.line_bytes_max).peekable();
            while let Some(piece) = pieces.next() {
                let is_piece = pieces.peek().is_some();
                let bytes = piece.to_vec();
                frame.lines.push(Line { source, position: *number, is_piece, bytes, ..Line::default() });
            }
            stored = number + 1;
            self.handed_out += 1;
        }
        let is_all = self.handed_out == records.len();
        let done = self.known.get(path).filter(|_| is_all).map(|known| known.stamp);
        let mark = StoredMark { records: stored, done, seen: now };
        let state = serde_json::to_vec(&mark).ok();
        frame.marks.push(Mark { source: format!("{prefix}{}", path.display()), state });
        frame
    }

    /// The frame of the last pass is stored.
    pub(crate) fn stored(&mut self) {
        self.forgotten.clear();
        let Some((path, mut records)) = self.open.take() else { return };
        let last = records.drain(..self.handed_out).next_back();
        if let Some(known) = self.known.get_mut(&path) {
            if let Some((number, _)) = last {
                known.records = number + 1;
            }
            if records.is_empty() {
                known.done = Some(known.stamp);
                return;
            }
        }
        self.open = Some((path, records));
    }

    pub(crate) fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    fn search(&mut self, now: Millis) {
        use std::os::unix::fs::MetadataExt;
        for path in self.patterns.search().paths {
            let Ok(metadata) = std::fs::metadata(&path) else { continue };
            if !metadata.is_file() {
                continue;
            }
            let stamp =
                (metadata.len(), metadata.mtime().saturating_mul(1_000_000_000) + metadata.mtime_nsec());
            let known = self.known.entry(path).or_default();
            known.seen = now;
            if known.stamp != stamp {
                (known.stamp, known.since) = (stamp, now);
            }
        }
        let forgotten = &mut self.forgotten;
        self.known.retain(|path, known| {
            let stays = now - known.seen < FORGET_AFTER_MS;
            if !stays {
                forgotten.push(path.clone());
            }
            stays
        });
    }

    /// Cuts records that no frame could take.
    fn bounded(&mut self, path: &Path, mut records: VecDeque<(u64, String)>) -> VecDeque<(u64, String)> {
        for (number, record) in &mut records {
            if record.len() > RECORD_BYTES_MAX {
                record.truncate(record.floor_char_boundary(RECORD_BYTES_MAX));
                self.diagnose(path, format!("record {} is cut after {RECORD_BYTES_MAX} bytes", *number + 1));
            }
        }
        records
    }

    /// Reads the first file that has settled and is not done.
    fn open_next(&mut self, now: Millis) {
        let next = self.known.iter().find(|(_, known)| {
            known.done != Some(known.stamp) && known.stamp.0 > 0 && now - known.since >= SETTLED_MS
        });
        let Some((path, known)) = next.map(|(path, known)| (path.clone(), known.clone())) else { return };
        let read = match self.format {
            WholeFormat::Evtx => read_evtx(&path, known.records),
            WholeFormat::JsonRecords => read_documents(&path, known.records),
        };
        let records = match read {
            Ok((records, None)) => records,
            Ok((records, Some(problem))) => {
                self.diagnose(&path, problem);
                records
            }
            Err(problem) => {
                self.diagnose(&path, problem);
                VecDeque::new()
            }
        };
        let records = self.bounded(&path, records);
        self.open = Some((path, records));
    }

    fn diagnose(&mut self, path: &Path, problem: String) {
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            let diagnostic =
                Diagnostic::new(DiagnosticKind::Unreadable, problem).at(path.display().to_string());
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Records from number `from` on, and what was wrong.
type Records = (VecDeque<(u64, String)>, Option<String>);

fn read_evtx(path: &Path, from: u64) -> Result<Records, String> {
    let mut number = 0;
    let mut found = VecDeque::new();
    let mut bytes = 0;
    let damaged = evtx::read(path, |record| {
        if number >= from {
            bytes += record.json.len() as u64;
            found.push_back((number, record.json));
        }
        number += 1;
        bytes < DOCUMENT_BYTES_MAX
    });
    let damaged = damaged.map_err(|error| match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    })?;
    Ok((found, (damaged > 0).then(|| format!("{damaged} damaged records were left out"))))
}

fn read_documents(path: &Path, from: u64) -> Result<Records, String> {
    let problem = |error: std::io::Error| format!("cannot read it: {error}");
    let file = std::fs::File::open(path).map_err(problem)?;
    let mut reader = std::io::BufReader::new(file);
    let magic = std::io::BufRead::fill_buf(&mut reader).map_err(problem)?;
    let reader: Box<dyn Read> = match magic {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(reader)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            Box::new(zstd::stream::read::Decoder::with_buffer(reader).map_err(problem)?)
        }
        _ => Box::new(reader),
    };
    let mut bytes = Vec::new();
    reader.take(DOCUMENT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(problem)?;
    if bytes.len() as u64 > DOCUMENT_BYTES_MAX {
        return Err(format!("larger than {DOCUMENT_BYTES_MAX} bytes, which is the most that is read"));
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (found, error) = records::split(text);
    let found = (0..).zip(found).skip_while(|(number, _)| *number < from);
    let found = found.map(|(number, record)| (number, record.to_owned())).collect();
    Ok((found, error.map(|error| format!("no JSON from here on: {error}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_gives_its_records_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trail.json");
        std::fs::write(&path, r#"{"Records":[{"eventName":"A"},{"eventName":"B"}]}"#).unwrap();
        let pattern = [format!("{}/*", folder.path().display())];
        let mut marks = BTreeMap::new();
        let mut all = Vec::new();
        for run in 0..3 {
            let mut files =
                WholeFiles::new("t", WholeFormat::JsonRecords, &pattern, &[], 1 << 20, &marks).unwrap();
            for now in [0, SETTLED_MS, 2 * SETTLED_MS] {
                let frame = files.pass(run * 100_000 + now);
                all.extend(frame.lines.iter().map(|line| String::from_utf8(line.bytes.clone()).unwrap()));
                for mark in frame.marks {
                    marks.insert(mark.source, mark.state.unwrap());
                }
                files.stored();
            }
            if run == 1 {
                std::fs::write(
                    &path,
                    r#"{"Records":[{"eventName":"A"},{"eventName":"B"},{"eventName":"C"}]}"#,
                )
                .unwrap();
            }
        }
        assert_eq!(all, [r#"{"eventName":"A"}"#, r#"{"eventName":"B"}"#, r#"{"eventName":"C"}"#]);
    }

    #[test]
    fn what_is_no_document_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.evtx"), "no event log").unwrap();
        let pattern = [format!("{}/*", folder.path().display())];
        let mut files =
            WholeFiles::new("t", WholeFormat::Evtx, &pattern, &[], 1 << 20, &BTreeMap::new()).unwrap();
        let mut told = 0;
        for now in 0..10 {
            files.pass(now * SETTLED_MS);
            told += files.take_diagnostics().len();
            files.stored();
        }
        assert_eq!(told, 1);
    }
}
