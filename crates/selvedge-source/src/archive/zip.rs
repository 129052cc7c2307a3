//! Reads zip by its central directory, zip64 included.
//!
//! The directory is read entry by entry, so that its size costs no memory. What it states about sizes
//! and check sums is not relied on: an entry is as long as its data turns out to be.

use std::io::{self, Read, SeekFrom};

use super::format::{self, Format};
use super::meter::Metered;
use super::{Opening, Source, entry_path};
use crate::run::Worker;

/// Longest comment that may follow the end record, and the record itself.
const END_BYTES_MAX: u64 = (64 << 10) + END_LEN as u64;
const END_LEN: usize = 22;
const LOCATOR_LEN: usize = 20;
const END64_LEN: usize = 56;
const ENTRY_LEN: usize = 46;
const LOCAL_LEN: usize = 30;

/// Where the central directory is.
struct Directory {
    start: u64,
    entries: u64,
    /// What to add to offsets: the length of what was put before the archive.
    shift: u64,
}

/// An entry of the central directory.
struct Entry {
    name: Vec<u8>,
    method: u16,
    encrypted: bool,
    compressed: u64,
    local: u64,
    /// Length of its record in the directory.
    length: u64,
}

/// Looks at every file in the zip `source`, called `name`.
pub(super) fn visit(
    opening: &mut Opening<'_>,
    worker: &mut Worker,
    name: &str,
    source: &mut dyn Source,
    depth: u32,
) -> io::Result<()> {
    let directory = Directory::find(source)?;
    let mut at = directory.start;
    let mut failures = Failures::default();
    for _ in 0..directory.entries {
        if opening.run.options.cancelled() {
            break;
        }
        let entry = Entry::read(source, at)?;
        at += entry.length;
        if entry.name.ends_with(b"/") || entry.name.ends_with(b"\\") {
            opening.meter.count_entry()?;
            continue;
        }
        let path = entry_path(name, &String::from_utf8_lossy(&entry.name));
        let outcome = visit_entry(opening, worker, &path, source, &directory, &entry, depth);
        if opening.meter.exceeded().is_some() {
            return outcome;
        }
        if let Err(error) = outcome {
            failures.add(&path, &error);
        }
    }
    failures.into_result()
}

fn visit_entry(
    opening: &mut Opening<'_>,
    worker: &mut Worker,
    path: &str,
    source: &mut dyn Source,
    directory: &Directory,
    entry: &Entry,
    depth: u32,
) -> io::Result<()> {
    if entry.encrypted {
        return Err(unsupported("encrypted".to_owned()));
    }
    let local: [u8; LOCAL_LEN] = read_at(source, entry.local.saturating_add(directory.shift))?;
    if !local.starts_with(b"PK\x03\x04") {
        return Err(damaged("no file where the directory says"));
    }
    let skip = u64::from(u16_at(&local, 26)) + u64::from(u16_at(&local, 28));
    source.seek_relative(skip.cast_signed())?;
    let mut data: &mut dyn Read = &mut source.take(entry.compressed);
    let decoder: Box<dyn Read + '_> = match entry.method {
        0 => Box::new(&mut data),
        8 => Box::new(flate2::read::DeflateDecoder::new(&mut data)),
        93 => format::decoder(Format::Zstd, &mut data)?,
        95 => format::decoder(Format::Xz, &mut data)?,
        other => return Err(unsupported(format!("compressed by method {other}, which is not supported"))),
    };
    let meter = opening.meter.clone();
    opening.entry(worker, path, &mut Metered::new(decoder, &meter), depth)
}

/// Entries that could not be read: how many, and what is the matter with the first.
#[derive(Default)]
struct Failures {
    count: u64,
    first: Option<(String, String)>,
}

impl Failures {
    fn add(&mut self, path: &str, error: &io::Error) {
        self.count += 1;
        if self.first.is_none() {
            let inner = path.rsplit('!').next().unwrap_or(path);
            self.first = Some((inner.to_owned(), error.to_string()));
        }
    }

    fn into_result(self) -> io::Result<()> {
        match (self.first, self.count) {
            (None, _) => Ok(()),
            (Some((path, error)), 1) => Err(io::Error::other(format!("{path}: {error}"))),
            (Some((path, error)), count) => {
                Err(io::Error::other(format!("{count} of its entries cannot be read; {path}: {error}")))
            }
        }
    }
}

impl Directory {
    fn find(source: &mut dyn Source) -> io::Result<Self> {
        let length = source.seek(SeekFrom::End(0))?;
        let tail_start = length.saturating_sub(END_BYTES_MAX);
        source.seek(SeekFrom::Start(tail_start))?;
        let mut tail = Vec::new();
        source.take(END_BYTES_MAX).read_to_end(&mut tail)?;
        let end = (0..tail.len().saturating_sub(END_LEN - 1))
            .rev()
            .find(|at| tail[*at..].starts_with(b"PK\x05\x06"))
            .ok_or_else(|| damaged("no directory at the end of the zip"))?;
        let record = &tail[end..end + END_LEN];
        let mut entries = u64::from(u16_at(record, 10));
        let mut size = u64::from(u32_at(record, 12));
        let mut offset = u64::from(u32_at(record, 16));
        let mut directory_end = tail_start + end as u64;
        let locator = end.checked_sub(LOCATOR_LEN).map(|at| &tail[at..end]);
        if let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) {
            let at = u64_at(locator, 8);
            let record: [u8; END64_LEN] = read_at(source, at)?;
            if !record.starts_with(b"PK\x06\x06") {
                return Err(damaged("no zip64 record where the zip says"));
            }
            entries = u64_at(&record, 32);
            size = u64_at(&record, 40);
            offset = u64_at(&record, 48);
            directory_end = at;
        }
        let start =
            directory_end.checked_sub(size).ok_or_else(|| damaged("the directory is larger than the zip"))?;
        // What was put before the archive moves everything. A size that is wrong is of no consequence
        // if the offset is right.
        let mut found = |at| read_at::<4>(source, at).is_ok_and(|mark| mark == *b"PK\x01\x02");
        match start.checked_sub(offset) {
            Some(shift) if entries == 0 || found(start) => Ok(Self { start, entries, shift }),
            _ => Ok(Self { start: offset, entries, shift: 0 }),
        }
    }
}

impl Entry {
    fn read(source: &mut dyn Source, at: u64) -> io::Result<Self> {
        let record: [u8; ENTRY_LEN] = read_at(source, at)?;
        if !record.starts_with(b"PK\x01\x02") {
            return Err(damaged("the directory ends early"));
        }
        let lengths = [28, 30, 32].map(|field| u16_at(&record, field));
        let mut name = vec![0; usize::from(lengths[0])];
        source.read_exact(&mut name)?;
        let mut extra = vec![0; usize::from(lengths[1])];
        source.read_exact(&mut extra)?;
        let mut compressed = u64::from(u32_at(&record, 20));
        let mut local = u64::from(u32_at(&record, 42));
        let uncompressed = u32_at(&record, 24);
        if let Some(mut wide) = extra_field(&extra, 1) {
            if uncompressed == u32::MAX {
                take_u64(&mut wide);
            }
            if compressed == u64::from(u32::MAX) {
                compressed = take_u64(&mut wide).unwrap_or(compressed);
            }
            if local == u64::from(u32::MAX) {
                local = take_u64(&mut wide).unwrap_or(local);
            }
        }
        Ok(Self {
            name,
            method: u16_at(&record, 10),
            encrypted: u16_at(&record, 8) & 1 != 0,
            compressed,
            local,
            length: ENTRY_LEN as u64 + lengths.iter().map(|length| u64::from(*length)).sum::<u64>(),
        })
    }
}

/// The content of the extra field `wanted`.
fn extra_field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let (kind, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let field = extra.get(4..4 + length)?;
        if kind == wanted {
            return Some(field);
        }
        extra = &extra[4 + length..];
    }
    None
}

fn take_u64(bytes: &mut &[u8]) -> Option<u64> {
    let (value, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*value))
}

fn read_at<const LENGTH: usize>(source: &mut dyn Source, at: u64) -> io::Result<[u8; LENGTH]> {
    source.seek(SeekFrom::Start(at))?;
    let mut record = [0; LENGTH];
    source.read_exact(&mut record)?;
    Ok(record)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

fn damaged(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn unsupported(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, message)
}
