//! One file that is followed.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::content::Content;
use super::identity::{FileKey, HEAD_BYTES, Progress};
use super::split::{Cut, split};
use super::{FINISHED_PATIENCE_MS, Millis, ROTATED_PATIENCE_MS, TailOptions};
use crate::spool::{Frame, LINES_MAX, Line};

/// A file that was changed this recently is compared even if its stamp is as before.
const STAMP_DOUBT_MS: Millis = 50;

/// A file, open or gone.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each seen at another moment")]
pub(super) struct Followed {
    pub(super) path: PathBuf,
    pub(super) progress: Progress,
    /// When it was last found in a search.
    pub(super) seen: Millis,
    /// Whether the last search found it.
    pub(super) is_at_path: bool,
    /// Whether it was looked for beside its old place.
    pub(super) is_settled: bool,
    /// Since when it is not where it was.
    pub(super) rotated_since: Option<Millis>,
    /// Whether its place is to be stored although nothing was read.
    pub(super) needs_mark: bool,
    content: Option<Content>,
    /// Bytes of the file at the last look, and when they last changed.
    size: u64,
    changed: Millis,
    /// The file's own time of change at the last look, in nanoseconds.
    modified: i64,
    /// Whether everything was read that there was at the last look.
    is_read_up: bool,
    /// Whether a record was open at the last look.
    has_open_record: bool,
    /// Size of the file when it was read to its end for good.
    done_size: Option<u64>,
    /// Size of the file when reading it failed: no use trying again before it changes.
    failed_size: Option<u64>,
}

/// What a search learnt about a file that was known by its inode.
pub(super) enum Seen {
    /// It is the one that was followed.
    Same,
    /// The inode was used again for other text.
    Other,
    /// It is there and cannot be opened.
    Unreadable(String),
}

/// What a mark says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredMark {
    pub(super) path: PathBuf,
    pub(super) progress: Progress,
    pub(super) seen: Millis,
    pub(super) done_size: Option<u64>,
}

/// What one read gave, to be applied once it is stored.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) progress: Progress,
    pub(super) records: u64,
    pub(super) pieces: u64,
    pub(super) bytes: usize,
    /// Size of the file if nothing more is to come of it.
    pub(super) done_size: Option<u64>,
    is_read_up: bool,
}

impl Followed {
    pub(super) fn new(path: &Path, content: Content, progress: Progress, now: Millis) -> Self {
        Self {
            path: path.to_path_buf(),
            progress,
            seen: now,
            is_at_path: true,
            is_settled: false,
            rotated_since: None,
            needs_mark: false,
            content: Some(content),
            size: 0,
            modified: 0,
            changed: now,
            is_read_up: false,
            has_open_record: false,
            done_size: None,
            failed_size: None,
        }
    }

    /// A file of an earlier run, not yet found again.
    pub(super) fn resumed(mark: StoredMark) -> Self {
        Self {
            path: mark.path,
            progress: mark.progress,
            seen: mark.seen,
            is_at_path: false,
            is_settled: false,
            rotated_since: None,
            needs_mark: false,
            content: None,
            size: 0,
            modified: 0,
            changed: mark.seen,
            is_read_up: false,
            has_open_record: false,
            done_size: mark.done_size,
            failed_size: None,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.content.is_some()
    }

    /// Whether it was read to its end for good.
    pub(super) fn is_done(&self) -> bool {
        self.done_size.is_some()
    }

    /// A search found the file at `path`, `size` bytes long.
    pub(super) fn seen_at(&mut self, path: &Path, key: FileKey, size: u64, now: Millis) -> Seen {
        if self.content.is_none() && self.done_size != Some(size) {
            match Content::open(path) {
                Ok(Some(mut content)) if content.key() == key => match self.is_known_to_hold(&mut content) {
                    Ok(true) => {
                        self.content = Some(content);
                        self.is_read_up = false;
                        self.changed = now;
                    }
                    Ok(false) => return Seen::Other,
                    // A compressed file that is not whole yet.
                    Err(_) => return Seen::Same,
                },
                Ok(_) => return Seen::Same,
                Err(error) => return Seen::Unreadable(format!("cannot read it: {error}")),
            }
        }
        self.seen = now;
        self.is_at_path = true;
        self.is_settled = false;
        if self.path != path {
            self.path = path.to_path_buf();
        }
        self.rotated_since = None;
        Seen::Same
    }

    /// Whether the text is the one that was read. A file of which nothing was read cannot be told by its text.
    fn is_known_to_hold(&self, content: &mut Content) -> io::Result<bool> {
        Ok(self.progress.offset > 0 && self.progress.holds_for(content)?)
    }

    /// What a copy of the file begins with: what was read of it, or what there is if nothing was.
    pub(super) fn identifying_progress(&mut self) -> Progress {
        if let Some(content) = &mut self.content
            && self.progress.offset == 0
            && let Ok((bytes, _)) = content.stamp()
            && !content.is_compressed()
        {
            return Progress::at(bytes.min(HEAD_BYTES), content).ok().flatten().unwrap_or_default();
        }
        self.progress.clone()
    }

    /// Whether the text that was read is still there. Notices growth on the way.
    pub(super) fn is_as_known(&mut self, now: Millis) -> bool {
        let Some(content) = &mut self.content else { return true };
        let Ok((size, modified)) = content.stamp() else { return true };
        // A stamp that is this fresh may hide a later change within the same tick of the kernel's clock.
        let is_fresh = modified / 1_000_000 > now - STAMP_DOUBT_MS;
        if size == self.size && modified == self.modified && self.is_read_up && !is_fresh {
            return true;
        }
        if modified != self.modified {
            self.is_read_up = false;
        }
        self.modified = modified;
        if size != self.size {
            self.changed = now;
            self.is_read_up = false;
            self.failed_size = None;
        }
        self.size = size;
        if content.is_compressed() {
            return true;
        }
        // A failed read says nothing about the text; reading on will tell.
        size >= self.progress.offset && self.progress.holds_for(content).unwrap_or(true)
    }

    /// Begins anew: the file holds other text.
    pub(super) fn restart(&mut self) {
        self.progress = Progress::default();
        self.needs_mark = true;
        self.done_size = None;
        self.is_read_up = false;
        // A truncated file may have become a compressed one or the other way round.
        if let Ok(Some(content)) = Content::open(&self.path)
            && self.content.as_ref().is_some_and(|old| old.key() == content.key())
        {
            self.content = Some(content);
        }
    }

    /// Puts new records into the frame.
    pub(super) fn read(
        &mut self,
        options: &TailOptions,
        now: Millis,
        frame: &mut Frame,
    ) -> io::Result<Option<Step>> {
        let idle = now - self.changed;
        let is_idle = idle >= FINISHED_PATIENCE_MS;
        let is_rotated = idle >= ROTATED_PATIENCE_MS
            && self.rotated_since.is_some_and(|since| now - since >= ROTATED_PATIENCE_MS);
        let Some(content) = &mut self.content else { return Ok(None) };
        let is_compressed = content.is_compressed();
        let is_ending = is_compressed || is_rotated || (options.is_finished && is_idle);
        let is_overdue = self.has_open_record && now - self.changed >= options.join_patience_ms;
        let is_waiting = self.is_read_up && !is_ending && !is_overdue && !self.needs_mark;
        if is_waiting || self.failed_size.is_some() {
            return Ok(None);
        }
        // One byte more than a line may have, so that a line at the limit is not taken for a longer one.
        let mut buffer = vec![0; (options.line_bytes_max + 1).max(256 << 10)];
        let start = self.progress.offset;
        let count = match content.read_at(&mut buffer, start) {
            Ok(count) => count,
            Err(error) => {
                self.failed_size = Some(self.size);
                // A compressed file that is still being written ends early: it is read once it is whole.
                let is_growing = error.kind() == io::ErrorKind::UnexpectedEof && !is_idle;
                return if is_growing { Ok(None) } else { Err(error) };
            }
        };
        let is_end = count < buffer.len();
        let cut = Cut {
            join: &options.join,
            record_bytes_max: options.line_bytes_max,
            is_final: is_end && is_ending,
            is_overdue,
        };
        let (mut records, mut consumed) = split(&buffer[..count], &cut);
        let room = (LINES_MAX - 1).saturating_sub(frame.lines.len());
        if records.len() > room {
            consumed = records[room].range.start;
            records.truncate(room);
        }
        self.has_open_record = consumed < count && buffer[..count].ends_with(b"\n");
        let is_read_up = is_end && (consumed == count || !cut.is_final);
        let done_size = (is_end && is_ending && consumed == count).then_some(self.size);
        if consumed == 0 && done_size.is_none() && !self.needs_mark {
            self.is_read_up = is_read_up;
            return Ok(None);
        }
        // Shorter by now: truncated between two reads, which the next pass sees.
        let Some(progress) = Progress::at(start + consumed as u64, content)? else { return Ok(None) };
        let Some(source) = frame.source(&self.path.to_string_lossy()) else { return Ok(None) };
        let pieces = records.iter().filter(|record| record.is_piece).count() as u64;
        for record in &records {
            frame.lines.push(Line {
                source,
                position: start + record.range.start as u64,
                is_piece: record.is_piece,
                bytes: buffer[record.range.clone()].to_vec(),
                ..Line::default()
            });
        }
        let records = records.len() as u64;
        Ok(Some(Step { progress, records, pieces, bytes: consumed, done_size, is_read_up }))
    }

    /// The step is stored.
    pub(super) fn apply(&mut self, step: Step) {
        self.progress = step.progress;
        self.is_read_up = step.is_read_up;
        self.needs_mark = false;
        self.done_size = step.done_size;
        if step.done_size.is_some() {
            self.content = None;
            self.is_settled = true;
        }
    }
}
