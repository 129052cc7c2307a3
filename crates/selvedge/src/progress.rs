//! A progress line on standard error, only where someone watches and only once a run takes longer than a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use selvedge_scan::Progress;

use crate::terminal::Terminal;

/// A run shorter than this shows nothing.
const QUIET: Duration = Duration::from_secs(1);
/// How often the line is redrawn.
const TICK: Duration = Duration::from_millis(100);

/// Draws until it is dropped.
pub(crate) struct ProgressLine {
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ProgressLine {
    /// Starts watching `progress`, if the terminal is one that someone watches.
    pub(crate) fn start(terminal: &Terminal, progress: &Arc<Progress>) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let thread = terminal.interactive.then(|| {
            let (done, progress) = (Arc::clone(&done), Arc::clone(progress));
            std::thread::spawn(move || draw(&done, &progress))
        });
        Self { done, thread }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.done.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // The thread only draws; if it panicked there is nothing to clean up.
            let _ = thread.join();
        }
    }
}

fn draw(done: &AtomicBool, progress: &Progress) {
    let started = Instant::now();
    while started.elapsed() < QUIET {
        if done.load(Ordering::SeqCst) {
            return;
        }
        std::thread::park_timeout(QUIET.saturating_sub(started.elapsed()));
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{elapsed}]") {
        bar.set_style(style);
    }
    while !done.load(Ordering::SeqCst) {
        let (files, bytes) = (progress.files(), progress.bytes());
        bar.set_message(format!("{}: {} files, {}", progress.phase(), HumanCount(files), HumanBytes(bytes)));
        bar.tick();
        std::thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}
