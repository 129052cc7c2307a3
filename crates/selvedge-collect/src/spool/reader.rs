//! Reading the spool from a position that survives a restart.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::segment::{Found, Segment, read_frame, sync_directory};
use super::{DecodeError, FrameView, Shared, SpoolError, SpoolNotice};

/// A position: the number of the next frame and its CRC-32C.
const POSITION_BYTES: usize = 12;
/// The file has two slots, written in turn, each in a sector of its own: a torn write spares the other one.
const SLOT_BYTES: usize = 4096;

/// A frame that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Its number. Numbers grow by one; a gap is a frame that could not be read, which a notice tells.
    pub sequence: u64,
    body: Vec<u8>,
}

impl Delivered {
    /// What the frame holds.
    pub fn frame(&self) -> Result<FrameView<'_>, DecodeError> {
        FrameView::decode(&self.body)
    }

    /// Size of the frame in bytes.
    pub fn bytes(&self) -> usize {
        self.body.len()
    }
}

/// Reads frames in order, each once, from where the name was last committed.
#[derive(Debug)]
pub struct SpoolReader {
    shared: Arc<Shared>,
    name: String,
    next: u64,
    open: Option<Open>,
    positions: File,
    /// The slot that the next commit writes.
    slot: u64,
}

/// The segment that is being read.
#[derive(Debug)]
struct Open {
    path: PathBuf,
    file: File,
    /// Where the frame `next` begins.
    offset: u64,
}

impl SpoolReader {
    pub(super) fn new(shared: Arc<Shared>, name: &str) -> Result<Self, SpoolError> {
        let next = shared.state().readers.get(name).copied();
        let next = next.ok_or_else(|| SpoolError::UnknownReader(name.to_owned()))?;
        let positions = open_positions(&shared.options.directory, name, next)?;
        Ok(Self { shared, name: name.to_owned(), next, open: None, positions, slot: 1 })
    }

    /// Number of the frame that comes next.
    pub fn position(&self) -> u64 {
        self.next
    }

    /// Goes on from a later frame: one whose predecessors the receiver says it has. Earlier ones are ignored.
    pub fn advance_to(&mut self, sequence: u64) {
        if sequence > self.next {
            self.next = sequence.min(self.shared.state().durable);
            self.open = None;
        }
    }

    /// The next frame, waiting for one at most `patience`. None when there is none yet or the spool is closed.
    pub fn next(&mut self, patience: Duration) -> Result<Option<Delivered>, SpoolError> {
        let deadline = Instant::now() + patience;
        loop {
            if !self.wait_until(deadline) {
                return Ok(None);
            }
            if let Some(delivered) = self.read()? {
                return Ok(Some(delivered));
            }
        }
    }

    /// Waits until the next frame is durable.
    fn wait_until(&self, deadline: Instant) -> bool {
        let mut state = self.shared.state();
        while state.durable <= self.next {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || state.closed {
                return false;
            }
            let waited = self.shared.stored.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Reads the frame `next`, or steps over what cannot be read and returns none.
    fn read(&mut self) -> Result<Option<Delivered>, SpoolError> {
        let (segment, following) = self.segment();
        let Some(segment) = segment else {
            self.skip_to(following, "");
            return Ok(None);
        };
        let open = self.opened(&segment)?;
        let found = read_frame(&open.file, open.offset, segment.bytes, self.next)
            .map_err(SpoolError::io("read", &segment.path))?;
        match found {
            Found::Frame { body, next } => {
                let sequence = self.next;
                self.next += 1;
                self.open = Some(Open { offset: next, ..open });
                Ok(Some(Delivered { sequence, body }))
            }
            Found::Damaged { next } => {
                self.open = Some(Open { offset: next, ..open });
                self.skip_to(self.next + 1, &segment.name());
                Ok(None)
            }
            Found::End => {
                self.skip_to(following.max(self.next + 1), &segment.name());
                self.open = None;
                Ok(None)
            }
        }
    }

    /// The segment that holds `next`, and the number of the first frame after that segment.
    fn segment(&self) -> (Option<Segment>, u64) {
        let state = self.shared.state();
        let after = state.segments.partition_point(|segment| segment.first_sequence <= self.next);
        let following = state.segments.get(after).map_or(state.durable, |segment| segment.first_sequence);
        (after.checked_sub(1).map(|index| state.segments[index].clone()), following)
    }

    /// The segment's file at the frame `next`.
    fn opened(&mut self, segment: &Segment) -> Result<Open, SpoolError> {
        if let Some(open) = self.open.take()
            && open.path == segment.path
        {
            return Ok(open);
        }
        let file = File::open(&segment.path).map_err(SpoolError::io("open", &segment.path))?;
        let mut offset = segment.frames_start;
        for sequence in segment.first_sequence..self.next {
            let found = read_frame(&file, offset, segment.bytes, sequence);
            match found.map_err(SpoolError::io("read", &segment.path))? {
                Found::Frame { next, .. } | Found::Damaged { next } => offset = next,
                Found::End => break,
            }
        }
        Ok(Open { path: segment.path.clone(), file, offset })
    }

    fn skip_to(&mut self, sequence: u64, segment: &str) {
        let frames = sequence - self.next;
        self.next = sequence;
        self.shared.state().notice(SpoolNotice::Damaged { segment: segment.to_owned(), frames });
    }

    /// Makes it durable that every frame before `sequence` is done with, and removes what nobody needs.
    pub fn commit(&mut self, sequence: u64) -> Result<(), SpoolError> {
        let sequence = sequence.min(self.next);
        if self.shared.state().readers.get(&self.name).is_some_and(|committed| *committed >= sequence) {
            return Ok(());
        }
        let path = position_path(&self.shared.options.directory, &self.name);
        write_slot(&self.positions, self.slot, sequence).map_err(SpoolError::io("write", &path))?;
        self.slot = 1 - self.slot;
        self.shared.state().readers.insert(self.name.clone(), sequence);
        self.shared.remove_consumed()?;
        // A file that is still open gives no room back.
        let is_removed =
            |open: &Open| !self.shared.state().segments.iter().any(|segment| segment.path == open.path);
        if self.open.as_ref().is_some_and(is_removed) {
            self.open = None;
        }
        Ok(())
    }
}

fn position_path(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}.position"))
}

/// The committed position of a reader: the higher of its slots. If both are damaged there is none: reading again
/// beats losing.
pub(super) fn stored_position(directory: &Path, name: &str) -> Result<Option<u64>, SpoolError> {
    let path = position_path(directory, name);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(SpoolError::Io { action: "read", path, source }),
    };
    let slots = bytes.chunks(SLOT_BYTES).filter_map(|slot| {
        let (number, sum) = slot.get(..POSITION_BYTES)?.split_at(8);
        let passes = crc32c::crc32c(number).to_le_bytes() == sum;
        passes.then(|| number.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    });
    Ok(slots.max())
}

/// Opens the file of positions, with room for both slots, and writes where the reader is.
fn open_positions(directory: &Path, name: &str, position: u64) -> Result<File, SpoolError> {
    let path = position_path(directory, name);
    let opened = File::options().create(true).truncate(false).write(true).open(&path).and_then(|file| {
        if file.metadata()?.len() != 2 * SLOT_BYTES as u64 {
            file.set_len(0)?;
            file.write_all_at(&[0; 2 * SLOT_BYTES], 0)?;
        }
        write_slot(&file, 0, position)?;
        file.sync_all()?;
        Ok(file)
    });
    let file = opened.map_err(SpoolError::io("write", &path))?;
    sync_directory(directory)?;
    Ok(file)
}

/// Writes in place: a full disk must not keep a reader from committing, since only that makes room.
fn write_slot(file: &File, slot: u64, sequence: u64) -> std::io::Result<()> {
    let mut bytes = sequence.to_le_bytes().to_vec();
    bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
    file.write_all_at(&bytes, slot * SLOT_BYTES as u64)?;
    file.sync_data()
}
