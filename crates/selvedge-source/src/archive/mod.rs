//! Opens archives and offers what is in them. Nothing is written anywhere.
//!
//! Archives are told by their content, not by their name. Compressed streams and tar are read as they
//! come; zip needs to seek, so a zip inside another archive is held in memory. One [`Opening`] follows
//! an archive and everything nested in it under a common set of limits.

mod format;
mod meter;
mod tar;
mod zip;

use std::io::{self, BufReader, Cursor, Read, Seek};
use std::sync::{Mutex, MutexGuard, PoisonError};

use selvedge_model::DiagnosticKind;

use crate::Origin;
use crate::run::{Content, Run, Worker};
use crate::text::{Encoding, SNIFF_BYTES};
use meter::{Meter, Metered};

pub(crate) use format::Format;

/// Bytes of content that an archive may hold in memory while others are open too; for more it waits
/// until it is the only one.
const HELD_BYTES: u64 = 4 << 20;

/// Lets one archive at a time hold more than its usual share of memory.
#[derive(Default)]
pub(crate) struct LargeArchives(Mutex<()>);

/// What a zip is read from.
pub(crate) trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// An archive that is being read, with all that is nested in it.
struct Opening<'a> {
    run: &'a Run<'a>,
    meter: Meter,
    /// Bytes of nested archives that are held in memory.
    held: u64,
    alone: Option<MutexGuard<'a, ()>>,
}

/// Offers the entries of an archive of `size` bytes, called `name`.
pub(crate) fn visit(
    run: &Run<'_>,
    worker: &mut Worker,
    name: &str,
    format: Format,
    source: &mut dyn Source,
    size: u64,
) {
    let mut opening = Opening { run, meter: Meter::new(run.options.archives, size), held: 0, alone: None };
    let outcome = match format {
        Format::Zip => zip::visit(&mut opening, worker, name, source, 1),
        Format::Tar | Format::Gzip | Format::Xz | Format::Zstd => {
            opening.stream(worker, name, format, source, 1)
        }
    };
    opening.report(worker, name, outcome);
}

impl Opening<'_> {
    /// Reads an archive as it comes.
    fn stream(
        &mut self,
        worker: &mut Worker,
        name: &str,
        format: Format,
        source: &mut dyn Read,
        depth: u32,
    ) -> io::Result<()> {
        match format {
            Format::Tar => tar::visit(self, worker, name, source, depth),
            Format::Gzip | Format::Xz | Format::Zstd => {
                let decoder = format::decoder(format, source)?;
                let meter = self.meter.clone();
                let mut decoder = Metered::new(decoder, &meter);
                let (head, error) = read_up_to(&mut decoder, SNIFF_BYTES as u64);
                if let Some(error) = error {
                    self.offer(worker, &entry_path(name, stem(name)), &head);
                    return Err(error);
                }
                let mut whole = Cursor::new(&head).chain(&mut decoder);
                if Format::of(&head, stem(name)) == Some(Format::Tar) {
                    return tar::visit(self, worker, name, &mut whole, depth);
                }
                self.entry(worker, &entry_path(name, stem(name)), &mut whole, depth)
            }
            Format::Zip => Err(io::Error::other("a zip cannot be read as a stream")),
        }
    }

    /// Looks at one entry of an archive that lies `depth` archives deep. An error is about the entry or
    /// what it is read from; what could be read was offered.
    fn entry(
        &mut self,
        worker: &mut Worker,
        path: &str,
        source: &mut dyn Read,
        depth: u32,
    ) -> io::Result<()> {
        self.meter.count_entry()?;
        let (head, error) = read_up_to(source, SNIFF_BYTES as u64);
        if let Some(error) = error {
            self.offer(worker, path, &head);
            return Err(error);
        }
        if let Some(format) = Format::of(&head, path) {
            let mut whole = Cursor::new(&head).chain(source);
            return self.nested(worker, path, format, &mut whole, depth);
        }
        if Encoding::of(&head) == Encoding::Binary {
            self.offer(worker, path, &head);
            return Ok(());
        }
        let limit = self.run.options.max_file_size;
        let mut content = head;
        let more = limit.saturating_add(1).saturating_sub(content.len() as u64);
        let error = self.read_rest(source, more, &mut content);
        if content.len() as u64 > limit {
            self.run.skip_too_large(worker, path, None);
        } else {
            self.offer(worker, path, &content);
        }
        self.release();
        error
    }

    /// Opens an archive inside an archive.
    fn nested(
        &mut self,
        worker: &mut Worker,
        path: &str,
        format: Format,
        source: &mut dyn Read,
        depth: u32,
    ) -> io::Result<()> {
        let limits = self.run.options.archives;
        if depth >= limits.depth_max {
            let message = format!("not opened: {depth} archives deep, which is the limit");
            self.run.skip(worker, path, DiagnosticKind::ArchiveLimit, message);
            return Ok(());
        }
        let outcome = if format == Format::Zip {
            let mut content = Vec::new();
            let room = self.run.options.max_file_size.saturating_sub(self.held);
            let read = self.read_rest(source, room.saturating_add(1), &mut content);
            if content.len() as u64 > room {
                let message = format!("not opened: an archive in an archive, and larger than {room} bytes");
                self.run.skip(worker, path, DiagnosticKind::ArchiveLimit, message);
                self.release();
                return read;
            }
            self.held += content.len() as u64;
            let outcome = zip::visit(self, worker, path, &mut Cursor::new(&content), depth + 1);
            self.held -= content.len() as u64;
            self.release();
            read.and(outcome)
        } else {
            self.stream(worker, path, format, source, depth + 1)
        };
        // The archive around it goes on, unless the limits for both are used up.
        if self.meter.exceeded().is_some() {
            return outcome;
        }
        self.report(worker, path, outcome);
        Ok(())
    }

    /// Appends up to `limit` bytes of `source` to `content`. Waits for its turn before it holds much.
    fn read_rest(&mut self, source: &mut dyn Read, limit: u64, content: &mut Vec<u8>) -> io::Result<()> {
        let free = HELD_BYTES.saturating_sub(self.held + content.len() as u64).min(limit);
        let taken = source.take(free).read_to_end(content)? as u64;
        if taken < free || taken == limit {
            return Ok(());
        }
        if self.alone.is_none() {
            self.alone = Some(self.run.large_archives.enter());
        }
        source.take(limit - taken).read_to_end(content)?;
        Ok(())
    }

    /// Lets another archive have its turn if this one holds little.
    fn release(&mut self) {
        if self.held <= HELD_BYTES {
            self.alone = None;
        }
    }

    /// Offers a content.
    fn offer(&self, worker: &mut Worker, path: &str, bytes: &[u8]) {
        if !bytes.is_empty() {
            let origin = Origin::ArchiveEntry;
            self.run.offer_text(worker, &Content { path, bytes, origin, before: None, stamp: None });
        }
    }

    /// Reports how reading an archive ended, if not well.
    fn report(&self, worker: &Worker, name: &str, outcome: io::Result<()>) {
        let Err(error) = outcome else { return };
        let (kind, why) = match self.meter.exceeded() {
            Some(limit) => (DiagnosticKind::ArchiveLimit, limit.to_string()),
            None => (DiagnosticKind::BadArchive, error.to_string()),
        };
        self.run.skip(worker, name, kind, format!("not wholly looked at: {why}"));
    }
}

impl LargeArchives {
    fn enter(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads up to `limit` bytes, and hands back what could be read even if the rest could not.
fn read_up_to(source: &mut dyn Read, limit: u64) -> (Vec<u8>, Option<io::Error>) {
    let mut bytes = Vec::new();
    let error = source.take(limit).read_to_end(&mut bytes).err();
    (bytes, error)
}

/// The path of the entry `inner` of the archive `archive`, as results name it.
fn entry_path(archive: &str, inner: &str) -> String {
    let inner = inner.replace('\\', "/");
    let parts: Vec<_> = inner.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    format!("{archive}!{}", parts.join("/"))
}

/// The name of what a compressed file holds: its own without the last extension.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '!']).next().unwrap_or(name);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ if file.is_empty() => "content",
        _ => file,
    }
}

/// Reads a file on disk as an archive.
pub(crate) fn visit_file(
    run: &Run<'_>,
    worker: &mut Worker,
    name: &str,
    format: Format,
    file: std::fs::File,
    size: u64,
) {
    let mut source = BufReader::new(file);
    match source.rewind() {
        Ok(()) => visit(run, worker, name, format, &mut source, size),
        Err(error) => run.skip_unreadable(worker, name, &error),
    }
}
