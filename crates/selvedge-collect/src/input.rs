//! Where records come from. Each input ends when the [`Stop`] says so.

pub(crate) mod connections;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod journald;
pub(crate) mod stream;
pub(crate) mod syslog;
pub(crate) mod whole;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Asks every input to end. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    is_asked: Arc<AtomicBool>,
    notify: Arc<tokio::sync::Notify>,
}

impl Stop {
    /// Asks to end.
    pub fn ask(&self) {
        self.is_asked.store(true, Ordering::Release);
        self.notify.notify_waiters();
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::Acquire)
    }

    /// Waits until it is asked.
    pub async fn asked(&self) {
        let mut notified = std::pin::pin!(self.notify.notified());
        notified.as_mut().enable();
        if !self.is_asked() {
            notified.await;
        }
    }

    /// Sleeps in steps that are short enough to end soon; false once it was asked.
    pub(crate) fn sleep(&self, time: Duration) -> bool {
        const STEP: Duration = Duration::from_millis(50);
        let mut left = time;
        while !left.is_zero() && !self.is_asked() {
            let step = left.min(STEP);
            std::thread::sleep(step);
            left -= step;
        }
        !self.is_asked()
    }
}

/// Nanoseconds since 1970.
pub(crate) fn now_ns() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_nanos()).unwrap_or(i64::MAX)
}

/// Runs a future that ends early, with none, when the stop is asked.
pub(crate) async fn until<T>(stop: &Stop, future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    let mut asked = std::pin::pin!(stop.asked());
    std::future::poll_fn(|context| {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(context) {
            return std::task::Poll::Ready(Some(output));
        }
        asked.as_mut().poll(context).map(|()| None)
    })
    .await
}
