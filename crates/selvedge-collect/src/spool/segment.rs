//! A segment file: a header with a snapshot of all marks, then frames.
//!
//! Header: magic (8 bytes), number of the first frame (u64), length of the snapshot (u32), CRC-32C of all that
//! and the snapshot (u32), the snapshot. Frame: length of the body (u32), CRC-32C over the frame's number, the
//! length and the body (u32), the body. The number is in the checksum and not in the file: a frame that lies
//! where it does not belong does not pass. Because every segment begins with all marks, older segments can be
//! removed without losing how far a source was read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::frame::{FrameView, put_mark, read_marks};
use super::{SpoolError, SpoolNotice, State};

const MAGIC: &[u8; 8] = b"SLVSPL01";
const HEADER_BYTES: usize = 24;
/// Length and checksum before the body of a frame.
pub(crate) const FRAME_HEADER_BYTES: usize = 8;
/// No frame is longer, whatever its length field says.
const BODY_BYTES_MAX: usize = 1 << 30;
/// A longer snapshot is not read: some 100,000 files followed.
const SNAPSHOT_BYTES_MAX: usize = 64 << 20;
const SUFFIX: &str = ".spool";
/// Frame numbers stay below this, so that a number and a place in the frame fit into 64 bits.
const SEQUENCE_MAX: u64 = 1 << 43;

/// The latest state of each source.
pub(crate) type Marks = BTreeMap<String, Vec<u8>>;

/// A segment that is part of the spool.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    /// Number of its first frame.
    pub(crate) first_sequence: u64,
    /// Where its first frame begins.
    pub(crate) frames_start: u64,
    /// Its length, as far as frames are whole.
    pub(crate) bytes: u64,
}

impl Segment {
    pub(crate) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// Creates the segment under another name and renames it, so that a segment that exists has a whole header.
pub(crate) fn create(
    directory: &Path,
    first_sequence: u64,
    marks: &Marks,
) -> Result<(Segment, File), SpoolError> {
    let path = directory.join(format!("{first_sequence:020}{SUFFIX}"));
    let draft = directory.join(format!("{first_sequence:020}.draft"));
    let mut snapshot = Vec::new();
    for (source, state) in marks {
        put_mark(&mut snapshot, source, Some(state));
    }
    let mut bytes = Vec::with_capacity(HEADER_BYTES + snapshot.len());
    bytes.extend(MAGIC);
    bytes.extend(first_sequence.to_le_bytes());
    bytes.extend((snapshot.len() as u32).to_le_bytes());
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&bytes), &snapshot);
    bytes.extend(checksum.to_le_bytes());
    bytes.extend(&snapshot);
    let written = File::options().create(true).truncate(true).read(true).write(true).open(&draft).and_then(
        |mut file| {
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&draft, &path)?;
            Ok(file)
        },
    );
    let file = written.map_err(SpoolError::io("create", &path))?;
    sync_directory(directory)?;
    let length = bytes.len() as u64;
    Ok((Segment { path, first_sequence, frames_start: length, bytes: length }, file))
}

/// Room that is set aside for the header of a segment.
const RESERVE_BYTES: usize = 256 << 10;

fn reserve_path(directory: &Path) -> PathBuf {
    directory.join("reserve")
}

/// Sets room aside on the disk. Where there is none now, there may be later.
pub(crate) fn keep_reserve(directory: &Path) {
    let path = reserve_path(directory);
    if std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() == RESERVE_BYTES as u64) {
        return;
    }
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(&vec![0; RESERVE_BYTES])?;
        file.sync_all()
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&path);
    }
}

/// Gives the room up that was set aside; false if there was none.
pub(crate) fn release_reserve(directory: &Path) -> bool {
    std::fs::remove_file(reserve_path(directory)).is_ok()
}

/// Makes a new or renamed name durable.
pub(crate) fn sync_directory(directory: &Path) -> Result<(), SpoolError> {
    File::open(directory).and_then(|file| file.sync_all()).map_err(SpoolError::io("sync", directory))
}

/// The checksum of a frame.
pub(crate) fn checksum(sequence: u64, body: &[u8]) -> u32 {
    let mut prefix = [0; 12];
    prefix[..8].copy_from_slice(&sequence.to_le_bytes());
    prefix[8..].copy_from_slice(&(body.len() as u32).to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&prefix), body)
}

/// What lies at a place where a frame should begin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A whole frame and where the next begins.
    Frame { body: Vec<u8>, next: u64 },
    /// A frame that does not pass its checksum, followed by one that does.
    Damaged { next: u64 },
    /// Nothing readable up to the end.
    End,
}

/// Looks at the frame `sequence` at `offset`. Bytes from `end` on do not exist.
pub(crate) fn read_frame(file: &File, offset: u64, end: u64, sequence: u64) -> std::io::Result<Found> {
    match frame_at(file, offset, end, sequence)? {
        (Some(body), next) => Ok(Found::Frame { body, next }),
        (None, next) if next > offset && next < end => {
            let follows = frame_at(file, next, end, sequence + 1)?.0.is_some();
            Ok(if follows { Found::Damaged { next } } else { Found::End })
        }
        _ => Ok(Found::End),
    }
}

/// The body if it passes, and where the next frame would begin by the length field (`offset` if that is absurd).
fn frame_at(file: &File, offset: u64, end: u64, sequence: u64) -> std::io::Result<(Option<Vec<u8>>, u64)> {
    let mut header = [0; FRAME_HEADER_BYTES];
    let body_start = offset + FRAME_HEADER_BYTES as u64;
    if body_start > end {
        return Ok((None, offset));
    }
    file.read_exact_at(&mut header, offset)?;
    let [l0, l1, l2, l3, c0, c1, c2, c3] = header;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    let next = body_start + length as u64;
    if length > BODY_BYTES_MAX || next > end {
        return Ok((None, offset));
    }
    let mut body = vec![0; length];
    file.read_exact_at(&mut body, body_start)?;
    let passes = checksum(sequence, &body) == u32::from_le_bytes([c0, c1, c2, c3]);
    Ok((passes.then_some(body), next))
}

/// Finds the segments of the directory, reads the marks, and cuts off what was being written in a crash.
pub(super) fn recover(directory: &Path, state: &mut State) -> Result<(), SpoolError> {
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(SpoolError::io("list", directory))? {
        let path = entry.map_err(SpoolError::io("list", directory))?.path();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("draft") => std::fs::remove_file(&path).map_err(SpoolError::io("remove", &path))?,
            Some("spool") => segments.extend(open(&path, state)?),
            _ => {}
        }
    }
    segments.sort_by_key(|(segment, _)| segment.first_sequence);
    let Some((mut last, marks)) = segments.pop() else { return Ok(()) };
    state.segments = segments.into_iter().map(|(segment, _)| segment).collect();
    state.marks = marks;
    state.durable = repair(&mut last, state)?;
    state.segments.push(last);
    Ok(())
}

/// Reads the header. A segment whose header is damaged is set aside under another name and told.
fn open(path: &Path, state: &mut State) -> Result<Option<(Segment, Marks)>, SpoolError> {
    let mut file = File::open(path).map_err(SpoolError::io("open", path))?;
    let bytes = file.metadata().map_err(SpoolError::io("read", path))?.len();
    if let Some((first_sequence, snapshot)) =
        header(&mut file, bytes).map_err(SpoolError::io("read", path))?
        && path.file_stem().is_some_and(|name| *name == *format!("{first_sequence:020}"))
        && let Ok(marks) = read_marks(&snapshot)
    {
        let owned =
            |(source, mark): (&str, Option<&[u8]>)| mark.map(|mark| (source.to_owned(), mark.to_vec()));
        let marks = marks.into_iter().filter_map(owned).collect();
        let frames_start = (HEADER_BYTES + snapshot.len()) as u64;
        return Ok(Some((Segment { path: path.to_path_buf(), first_sequence, frames_start, bytes }, marks)));
    }
    let aside = path.with_extension("damaged");
    std::fs::rename(path, &aside).map_err(SpoolError::io("rename", path))?;
    let segment = aside.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    state.notice(SpoolNotice::Damaged { segment, frames: 0 });
    Ok(None)
}

/// The number of the first frame and the snapshot, if they pass.
fn header(file: &mut File, bytes: u64) -> std::io::Result<Option<(u64, Vec<u8>)>> {
    if bytes < HEADER_BYTES as u64 {
        return Ok(None);
    }
    let mut header = [0; HEADER_BYTES];
    file.read_exact(&mut header)?;
    let (checked, stored) = header.split_at(HEADER_BYTES - 4);
    let number = |range: std::ops::Range<usize>| {
        checked[range].iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
    };
    let length = number(16..20) as usize;
    let fits = length <= SNAPSHOT_BYTES_MAX
        && (HEADER_BYTES + length) as u64 <= bytes
        && number(8..16) < SEQUENCE_MAX;
    if checked[..8] != *MAGIC || !fits {
        return Ok(None);
    }
    let mut snapshot = vec![0; length];
    file.read_exact(&mut snapshot)?;
    let sum = crc32c::crc32c_append(crc32c::crc32c(checked), &snapshot);
    Ok((sum.to_le_bytes() == stored).then(|| (number(8..16), snapshot)))
}

/// Walks the last segment: applies the marks of its frames and cuts it after the last whole one. Returns the
/// number of the next frame.
fn repair(segment: &mut Segment, state: &mut State) -> Result<u64, SpoolError> {
    let path = segment.path.clone();
    let file = File::options().read(true).write(true).open(&path).map_err(SpoolError::io("open", &path))?;
    let mut offset = segment.frames_start;
    let mut sequence = segment.first_sequence;
    loop {
        match read_frame(&file, offset, segment.bytes, sequence).map_err(SpoolError::io("read", &path))? {
            Found::Frame { body, next } => {
                if let Ok(frame) = FrameView::decode(&body) {
                    let owned = frame.marks.iter().map(|(source, mark)| (*source, mark.map(<[u8]>::to_vec)));
                    apply_marks(&mut state.marks, owned);
                }
                offset = next;
            }
            Found::Damaged { next } => offset = next,
            Found::End => break,
        }
        sequence += 1;
    }
    if offset < segment.bytes {
        state.notice(SpoolNotice::TornTail { segment: segment.name(), bytes: segment.bytes - offset });
        let cut = file.set_len(offset).and_then(|()| file.sync_all());
        cut.map_err(SpoolError::io("truncate", &path))?;
        segment.bytes = offset;
    }
    Ok(sequence)
}

/// Sets or removes marks.
pub(crate) fn apply_marks<S: Into<String> + AsRef<str>>(
    marks: &mut Marks,
    changes: impl IntoIterator<Item = (S, Option<Vec<u8>>)>,
) {
    for (source, state) in changes {
        match state {
            Some(state) => marks.insert(source.into(), state),
            None => marks.remove(source.as_ref()),
        };
    }
}
