//! Room on disk and in memory, taken before a frame is handed to the writer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Memory is counted in pieces of this size.
const MEMORY_PIECE: usize = 1 << 10;

/// What is left of the two limits.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes_max: u64,
    used: Mutex<u64>,
    freed: Notify,
    closed: AtomicBool,
    memory: Arc<Semaphore>,
    memory_pieces: usize,
}

/// Room on disk that was taken. Given back when dropped, so that an append that is cancelled leaks none.
#[derive(Debug)]
pub(crate) struct Room<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Room<'_> {
    /// The room is used: it is not given back here.
    pub(crate) fn keep(mut self) {
        self.bytes = 0;
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.budget.release(self.bytes);
        }
    }
}

impl Budget {
    pub(crate) fn new(bytes_max: u64, used: u64, memory_bytes_max: usize) -> Self {
        let memory_pieces = (memory_bytes_max / MEMORY_PIECE).clamp(1, Semaphore::MAX_PERMITS);
        Self {
            bytes_max,
            used: Mutex::new(used),
            freed: Notify::new(),
            closed: AtomicBool::new(false),
            memory: Arc::new(Semaphore::new(memory_pieces)),
            memory_pieces,
        }
    }

    /// Takes room on disk if there is.
    pub(crate) fn try_reserve(&self, bytes: u64) -> Option<Room<'_>> {
        if self.closed.load(Ordering::Acquire) {
            return None;
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = used.saturating_add(bytes) <= self.bytes_max;
        if fits {
            *used += bytes;
        }
        // Made lazily: a room that is dropped locks what is locked here.
        fits.then(|| Room { budget: self, bytes })
    }

    /// Waits for room on disk; none once the spool is closed.
    pub(crate) async fn reserve(&self, bytes: u64) -> Option<Room<'_>> {
        loop {
            let freed = self.freed.notified();
            let mut freed = std::pin::pin!(freed);
            // Registered before looking, so that room freed in between is not missed.
            freed.as_mut().enable();
            if let Some(room) = self.try_reserve(bytes) {
                return Some(room);
            }
            if self.closed.load(Ordering::Acquire) {
                return None;
            }
            freed.await;
        }
    }

    /// Counts bytes that were written without asking: segment headers.
    pub(crate) fn charge(&self, bytes: u64) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
    }

    /// Gives room back.
    pub(crate) fn release(&self, bytes: u64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(bytes);
        drop(used);
        self.freed.notify_waiters();
    }

    /// Bytes on disk, those included that are about to be written.
    pub(crate) fn used(&self) -> u64 {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the frame fits into memory beside those that wait for the disk.
    pub(crate) async fn memory(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let pieces = (bytes / MEMORY_PIECE + 1).min(self.memory_pieces);
        Arc::clone(&self.memory).acquire_many_owned(u32::try_from(pieces).unwrap_or(u32::MAX)).await.ok()
    }

    /// Wakes everyone who waits for room; none will come.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.freed.notify_waiters();
    }
}
