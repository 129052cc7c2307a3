//! The one thread that writes: takes what waits, writes it in one go, syncs once, then tells everyone.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::frame::Mark;
use super::segment::{self, FRAME_HEADER_BYTES, Segment, apply_marks, checksum};
use super::{Shared, SpoolError};

/// Frames that are written and synced together; more would keep the first of them waiting.
const GROUP_BYTES_MAX: usize = 8 << 20;

/// A frame on its way to the disk.
#[derive(Debug)]
pub(crate) struct Submission {
    body: Vec<u8>,
    marks: Vec<Mark>,
    answer: oneshot::Sender<Result<u64, SpoolError>>,
    /// Given back when the frame is written.
    _memory: Option<OwnedSemaphorePermit>,
}

impl Submission {
    pub(crate) fn new(
        body: Vec<u8>,
        marks: Vec<Mark>,
        memory: Option<OwnedSemaphorePermit>,
    ) -> (Self, oneshot::Receiver<Result<u64, SpoolError>>) {
        let (answer, receiver) = oneshot::channel();
        (Self { body, marks, answer, _memory: memory }, receiver)
    }

    fn space(&self) -> u64 {
        (FRAME_HEADER_BYTES + self.body.len()) as u64
    }
}

/// Starts the writer.
pub(super) fn start(shared: Arc<Shared>) -> Result<JoinHandle<()>, SpoolError> {
    let directory = shared.options.directory.clone();
    std::thread::Builder::new()
        .name("spool-writer".to_owned())
        .spawn(move || Writer { shared, file: None, buffer: Vec::new() }.run())
        .map_err(SpoolError::io("start the writer of", &directory))
}

struct Writer {
    shared: Arc<Shared>,
    /// The file of the last segment; none until it is first needed and after a failure.
    file: Option<File>,
    buffer: Vec<u8>,
}

impl Writer {
    fn run(mut self) {
        while let Some(group) = self.next_group() {
            match self.store(&group) {
                Ok(first) => self.accept(group, first),
                Err(error) => self.refuse(group, &error),
            }
        }
    }

    /// Waits for frames; none when the spool is closed and nothing waits.
    fn next_group(&self) -> Option<Vec<Submission>> {
        let mut state = self.shared.state();
        loop {
            if !state.queue.is_empty() {
                break;
            }
            if state.closed {
                return None;
            }
            state = self.shared.work.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let mut group = Vec::new();
        let mut bytes = 0;
        while let Some(next) = state.queue.front() {
            bytes += next.body.len();
            if !group.is_empty() && bytes > GROUP_BYTES_MAX {
                break;
            }
            group.extend(state.queue.pop_front());
        }
        Some(group)
    }

    /// Writes and syncs the group; returns the number of its first frame.
    fn store(&mut self, group: &[Submission]) -> Result<u64, SpoolError> {
        let first = self.shared.state().durable;
        self.ready(first)?;
        let (path, start) = {
            let state = self.shared.state();
            let last = state.segments.last().ok_or(SpoolError::Closed)?;
            (last.path.clone(), last.bytes)
        };
        self.buffer.clear();
        for (sequence, submission) in (first..).zip(group) {
            self.buffer.extend((submission.body.len() as u32).to_le_bytes());
            self.buffer.extend(checksum(sequence, &submission.body).to_le_bytes());
            self.buffer.extend(&submission.body);
        }
        let Some(file) = &mut self.file else { return Err(SpoolError::Closed) };
        let written = file
            .seek(SeekFrom::Start(start))
            .and_then(|_| file.write_all(&self.buffer))
            .and_then(|()| file.sync_data());
        if let Err(source) = written {
            // What reached the disk of this group is unknown: cut it off, and begin a new segment for what
            // comes next, since a file whose sync failed once cannot be trusted to sync later.
            let _ = file.set_len(start);
            self.file = None;
            return Err(SpoolError::Io { action: "write", path, source });
        }
        Ok(first)
    }

    /// Makes sure that there is a segment to write to, with room left.
    fn ready(&mut self, next: u64) -> Result<(), SpoolError> {
        let limit = self.shared.options.segment_bytes_max();
        let (is_full, marks) = {
            let state = self.shared.state();
            let is_full = state.segments.last().is_none_or(|last| last.bytes >= limit);
            let needs_new = is_full || self.file.is_none();
            (is_full, needs_new.then(|| state.marks.clone()))
        };
        if !is_full && self.file.is_some() {
            return Ok(());
        }
        let directory = self.shared.options.directory.clone();
        let marks = marks.unwrap_or_default();
        let (segment, file) = match segment::create(&directory, next, &marks) {
            Ok(created) => created,
            // On a full disk the room that was set aside is what lets the segment before go.
            Err(_) if segment::release_reserve(&directory) => segment::create(&directory, next, &marks)?,
            Err(error) => return Err(error),
        };
        self.shared.budget.charge(segment.bytes);
        self.install(segment);
        self.file = Some(file);
        // The segment before may be consumed, and could not go while it was the last.
        let removed = self.shared.remove_consumed();
        segment::keep_reserve(&directory);
        removed
    }

    /// Adds the segment. One that holds no frame has the same name, and was replaced.
    fn install(&self, segment: Segment) {
        let mut state = self.shared.state();
        let replaced = state.segments.last().is_some_and(|last| last.path == segment.path);
        let old = if replaced { state.segments.pop() } else { None };
        state.segments.push(segment);
        drop(state);
        if let Some(old) = old {
            self.shared.budget.release(old.bytes);
        }
    }

    fn accept(&self, group: Vec<Submission>, first: u64) {
        let mut answers = Vec::with_capacity(group.len());
        {
            let mut state = self.shared.state();
            for submission in group {
                let space = submission.space();
                if let Some(last) = state.segments.last_mut() {
                    last.bytes += space;
                }
                apply_marks(&mut state.marks, submission.marks.into_iter().map(|m| (m.source, m.state)));
                answers.push(submission.answer);
            }
            state.durable = first + answers.len() as u64;
        }
        self.shared.stored.notify_all();
        for (sequence, answer) in (first..).zip(answers) {
            // Nobody may be waiting any more: a connection that was cut.
            let _ = answer.send(Ok(sequence));
        }
        // Readers may have finished the segment before this one while it was the last.
        if let Err(error) = self.shared.remove_consumed() {
            drop(error);
        }
    }

    fn refuse(&self, group: Vec<Submission>, error: &SpoolError) {
        let cause = match error {
            SpoolError::Io { source, .. } => format!("{error}: {source}"),
            other => other.to_string(),
        };
        let cause: Arc<str> = cause.into();
        for submission in group {
            self.shared.budget.release(submission.space());
            let _ = submission.answer.send(Err(SpoolError::Write(Arc::clone(&cause))));
        }
    }
}
