//! The durable spool: what was taken in and not yet handed on.
//!
//! A directory of append-only segments. The unit is a [`Frame`]: lines of one input together with the marks
//! that say how far their sources were read. Lines and marks share one checksum and become durable in one
//! write, so that after a crash a file is read on exactly where the last durable line ended: nothing is lost and
//! nothing is stored twice. An append returns only after its frame is on disk; frames that wait at the same time
//! share one `fsync`. Readers have positions of their own that survive a restart, and a segment that every reader
//! is done with is removed. Space is bounded: who appends chooses whether to wait for room or to be told that
//! there is none.
//!
//! Start reading at [`Spool::open`]; the bytes on disk are described in `frame` and `segment`.

mod budget;
mod frame;
mod reader;
mod segment;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

pub use frame::{DecodeError, Frame, FrameView, LINES_MAX, Line, LineView, MARK_BYTES_MAX, Mark, MarkView};
pub use reader::{Delivered, SpoolReader};

use budget::Budget;
use segment::Segment;
use writer::Submission;

use crate::wait::block_on;

/// Where the spool lies and how much it may hold.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    /// The directory; made if it is missing. One process at a time.
    pub directory: PathBuf,
    /// Bytes on disk, all segments together.
    pub bytes_max: u64,
    /// Bytes of frames that wait in memory for the disk.
    pub memory_bytes_max: usize,
    /// Names of the readers. A segment is kept until each of them has committed past it.
    pub readers: Vec<String>,
    /// Number of the first frame of a spool that does not exist yet. A caller whose receivers remember numbers
    /// gives one that grows with time, so that a spool that was deleted does not use numbers again.
    pub first_sequence: u64,
}

impl SpoolOptions {
    /// The defaults: 2 GiB on disk, 64 MiB in memory, one reader called `pipeline`.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            bytes_max: 2 << 30,
            memory_bytes_max: 64 << 20,
            readers: vec!["pipeline".to_owned()],
            first_sequence: 0,
        }
    }

    /// A segment is a share of the whole, so that the space of consumed ones comes back in steps.
    fn segment_bytes_max(&self) -> u64 {
        (self.bytes_max / SEGMENTS_PER_SPOOL).clamp(SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX)
    }

    /// No frame may be larger: it must fit into one segment, and one frame must not fill the memory.
    pub fn frame_bytes_max(&self) -> usize {
        self.memory_bytes_max.min(usize::try_from(self.segment_bytes_max()).unwrap_or(usize::MAX))
    }
}

/// The spool is cut into about this many segments.
const SEGMENTS_PER_SPOOL: u64 = 8;
/// Smaller segments would cost more in files than they give back in space.
const SEGMENT_BYTES_MIN: u64 = 4 << 10;
/// Larger segments would keep consumed space for too long.
const SEGMENT_BYTES_MAX: u64 = 64 << 20;
/// Notices that are kept for the one who asks; later ones are counted only.
const NOTICES_MAX: usize = 64;

/// Why the spool could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// A file operation failed; nothing of the frame counts as stored.
    #[error("cannot {action} {path}")]
    Io {
        /// What was attempted.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The write of the group this frame was in failed; the text is the cause as the writer saw it.
    #[error("the spool could not be written: {0}")]
    Write(Arc<str>),
    /// No room, and the caller did not want to wait.
    #[error("the spool is full")]
    Full,
    /// The frame is larger than one segment.
    #[error("a frame of {bytes} bytes is over the limit of {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Another process has the directory.
    #[error("{0} is in use by another process")]
    Locked(PathBuf),
    /// The spool was closed.
    #[error("the spool is closed")]
    Closed,
    /// The reader is not one of the configured ones.
    #[error("the spool has no reader called `{0}`")]
    UnknownReader(String),
}

impl SpoolError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

/// Something the owner should tell: data that could not be kept or read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpoolNotice {
    /// Bytes after the last whole frame were cut off when the spool was opened. After a crash that is the frame
    /// that was being written, which nobody was told is stored.
    TornTail {
        /// The segment.
        segment: String,
        /// How many bytes.
        bytes: u64,
    },
    /// Frames that were stored can no longer be read: the disk or somebody changed them.
    Damaged {
        /// The segment.
        segment: String,
        /// How many frames.
        frames: u64,
    },
}

/// What the spool holds at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpoolStats {
    /// Bytes on disk.
    pub bytes: u64,
    /// The limit on them.
    pub bytes_max: u64,
    /// Number of the next frame to be stored.
    pub next_sequence: u64,
    /// Lowest frame number that some reader still needs.
    pub oldest_needed: u64,
}

/// What the writer and the readers share.
#[derive(Debug)]
struct Shared {
    options: SpoolOptions,
    budget: Budget,
    state: Mutex<State>,
    /// Signalled when a frame became durable or the spool closed.
    stored: Condvar,
    /// Signalled when there is work for the writer.
    work: Condvar,
    /// Held for as long as the spool is open.
    _lock: File,
}

#[derive(Debug, Default)]
struct State {
    /// All segments, oldest first; the last one is written to.
    segments: Vec<Segment>,
    /// Number of the next frame; every lower one is durable.
    durable: u64,
    /// The latest mark per source.
    marks: BTreeMap<String, Vec<u8>>,
    /// Next frame each reader needs, as committed.
    readers: BTreeMap<String, u64>,
    queue: std::collections::VecDeque<Submission>,
    closed: bool,
    notices: Vec<SpoolNotice>,
    notices_more: u64,
}

impl State {
    fn notice(&mut self, notice: SpoolNotice) {
        if self.notices.len() < NOTICES_MAX {
            self.notices.push(notice);
        } else {
            self.notices_more += 1;
        }
    }

    fn oldest_needed(&self) -> u64 {
        self.readers.values().copied().min().unwrap_or(self.durable)
    }
}

impl Shared {
    /// The state. A thread that panicked while holding it has not changed it half: every change is one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes segments that every reader is done with, never the one that is written to.
    fn remove_consumed(&self) -> Result<(), SpoolError> {
        loop {
            let segment = {
                let mut state = self.state();
                let needed = state.oldest_needed();
                let is_consumed = state.segments.len() > 1 && state.segments[1].first_sequence <= needed;
                if !is_consumed {
                    return Ok(());
                }
                state.segments.remove(0)
            };
            let removed = std::fs::remove_file(&segment.path);
            if let Err(source) = removed
                && source.kind() != std::io::ErrorKind::NotFound
            {
                let path = segment.path.clone();
                self.state().segments.insert(0, segment);
                return Err(SpoolError::Io { action: "remove", path, source });
            }
            self.budget.release(segment.bytes);
        }
    }
}

/// An open spool. Clones share it; dropping the last one stores what was handed over and closes it.
#[derive(Debug, Clone)]
pub struct Spool {
    shared: Arc<Shared>,
    /// Present in every clone, so that the last one to go joins the writer.
    _closer: Arc<Closer>,
}

#[derive(Debug)]
struct Closer {
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Closer {
    fn drop(&mut self) {
        self.shared.state().closed = true;
        self.shared.work.notify_all();
        self.shared.stored.notify_all();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A writer that panicked has nothing more to store; its submitters were told when it went.
        let _ = writer.map(JoinHandle::join);
    }
}

impl Spool {
    /// Opens the spool, repairs the end that a crash may have left, and starts its writer.
    pub fn open(options: SpoolOptions) -> Result<Self, SpoolError> {
        let directory = &options.directory;
        std::fs::create_dir_all(directory).map_err(SpoolError::io("create", directory))?;
        let lock = lock(directory)?;
        let mut state = State { durable: options.first_sequence, ..State::default() };
        segment::recover(directory, &mut state)?;
        for name in &options.readers {
            let oldest = state.segments.first().map_or(state.durable, |segment| segment.first_sequence);
            let position = reader::stored_position(directory, name)?.unwrap_or(oldest);
            state.readers.insert(name.clone(), position.clamp(oldest, state.durable));
        }
        let used = state.segments.iter().map(|segment| segment.bytes).sum();
        let budget = Budget::new(options.bytes_max, used, options.memory_bytes_max);
        let shared = Arc::new(Shared {
            options,
            budget,
            state: Mutex::new(state),
            stored: Condvar::new(),
            work: Condvar::new(),
            _lock: lock,
        });
        shared.remove_consumed()?;
        segment::keep_reserve(&shared.options.directory);
        let writer = writer::start(Arc::clone(&shared))?;
        let closer = Closer { shared: Arc::clone(&shared), writer: Mutex::new(Some(writer)) };
        Ok(Self { shared, _closer: Arc::new(closer) })
    }

    /// Stores the frame; returns its number once it is on disk. Waits for room if the spool is full.
    pub async fn append(&self, frame: &Frame) -> Result<u64, SpoolError> {
        self.submit(frame, true).await
    }

    /// Stores the frame, or returns [`SpoolError::Full`] without waiting if there is no room for it.
    pub async fn append_or_full(&self, frame: &Frame) -> Result<u64, SpoolError> {
        self.submit(frame, false).await
    }

    /// [`Spool::append`] for a thread outside any async runtime.
    pub fn append_blocking(&self, frame: &Frame) -> Result<u64, SpoolError> {
        block_on(self.append(frame))
    }

    /// [`Spool::append_or_full`] for a thread outside any async runtime.
    pub fn append_or_full_blocking(&self, frame: &Frame) -> Result<u64, SpoolError> {
        block_on(self.append_or_full(frame))
    }

    async fn submit(&self, frame: &Frame, wait: bool) -> Result<u64, SpoolError> {
        let body = frame.encode();
        let limit = self.shared.options.frame_bytes_max();
        if body.len() > limit {
            return Err(SpoolError::TooLarge { bytes: body.len(), limit });
        }
        let space = segment::FRAME_HEADER_BYTES as u64 + body.len() as u64;
        let room = if wait {
            self.shared.budget.reserve(space).await
        } else {
            self.shared.budget.try_reserve(space)
        };
        let Some(room) = room else {
            return Err(if self.shared.state().closed { SpoolError::Closed } else { SpoolError::Full });
        };
        let memory = self.shared.budget.memory(body.len()).await;
        let (submission, answer) = Submission::new(body, frame.marks.clone(), memory);
        {
            let mut state = self.shared.state();
            if state.closed {
                return Err(SpoolError::Closed);
            }
            state.queue.push_back(submission);
            // The writer gives the room back if it cannot write.
            room.keep();
        }
        self.shared.work.notify_one();
        answer.await.unwrap_or(Err(SpoolError::Closed))
    }

    /// The reader of that name, at its committed position.
    pub fn reader(&self, name: &str) -> Result<SpoolReader, SpoolError> {
        SpoolReader::new(Arc::clone(&self.shared), name)
    }

    /// The latest durable mark of every source whose name begins with `prefix`.
    pub fn marks(&self, prefix: &str) -> BTreeMap<String, Vec<u8>> {
        let state = self.shared.state();
        let from = state.marks.range(prefix.to_owned()..);
        from.take_while(|(source, _)| source.starts_with(prefix))
            .map(|(source, mark)| (source.clone(), mark.clone()))
            .collect()
    }

    /// How full the spool is.
    pub fn stats(&self) -> SpoolStats {
        let bytes = self.shared.budget.used();
        let state = self.shared.state();
        SpoolStats {
            bytes,
            bytes_max: self.shared.options.bytes_max,
            next_sequence: state.durable,
            oldest_needed: state.oldest_needed(),
        }
    }

    /// Notices since the last call, and how many more there were than are kept.
    pub fn take_notices(&self) -> (Vec<SpoolNotice>, u64) {
        let mut state = self.shared.state();
        (std::mem::take(&mut state.notices), std::mem::take(&mut state.notices_more))
    }

    /// Lets go those who wait for room or for frames; later appends are refused.
    pub fn close(&self) {
        self.shared.state().closed = true;
        self.shared.budget.close();
        self.shared.work.notify_all();
        self.shared.stored.notify_all();
    }

    /// Bytes that one frame may have at most when encoded.
    pub fn frame_bytes_max(&self) -> usize {
        self.shared.options.frame_bytes_max()
    }
}

/// Takes the lock of the directory.
fn lock(directory: &Path) -> Result<File, SpoolError> {
    let path = directory.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(SpoolError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(SpoolError::Locked(directory.to_path_buf())),
        Err(std::fs::TryLockError::Error(source)) => Err(SpoolError::Io { action: "lock", path, source }),
    }
}
