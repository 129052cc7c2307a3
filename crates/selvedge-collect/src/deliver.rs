//! Alerts out: each is stored on disk first, then sent to every output until that has taken it.
//!
//! The queue is a [`Spool`] with one reader per output: an alert survives a crash, an output that is down holds up
//! no other, and space is bounded. Delivery is at least once; each alert carries the same identifier on every
//! try, as `Idempotency-Key`, OCSF `uid`, `Message-ID` or syslog structured data, so that receivers can drop
//! repeats. An output that says that it will never take an alert (HTTP 400, a refused recipient) has it written to
//! `NAME.rejected.ndjson` beside the queue, and the next one follows.

mod alert;
mod format;
mod send;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

pub use alert::Alert;
pub use format::{BodyFormat, ocsf, slack, syslog_message, teams};
pub use send::{Driver, SendError};

use crate::config::OutputConfig;
use crate::input::{Stop, now_ns};
use crate::spool::{Delivered, Frame, Line, Spool, SpoolError, SpoolOptions, SpoolReader};

/// Bytes of alerts that wait on disk for outputs.
const QUEUE_BYTES_MAX: u64 = 256 << 20;
/// An alert that is larger as JSON is stored without its evidence.
const ALERT_BYTES_MAX: usize = 1 << 20;
/// Pauses between tries grow from the first to the last.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_mins(5);

/// What an output did so far.
#[derive(Debug, Default)]
pub struct OutputCounters {
    /// Alerts it took.
    pub delivered: AtomicU64,
    /// Tries that failed and will be repeated.
    pub retried: AtomicU64,
    /// Alerts it will never take.
    pub rejected: AtomicU64,
}

/// Sends alerts to all outputs.
#[derive(Debug)]
pub struct Outputs {
    queue: Spool,
    counters: BTreeMap<String, Arc<OutputCounters>>,
    threads: Vec<JoinHandle<()>>,
    stop: Stop,
}

/// Why outputs cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OutputsError {
    /// The queue cannot be opened.
    #[error("cannot open the queue of alerts")]
    Queue(#[source] SpoolError),
    /// An output cannot be used as it is configured.
    #[error("output `{name}`: {message}")]
    Output {
        /// Which.
        name: String,
        /// Why.
        message: String,
    },
    /// A thread could not be started.
    #[error("cannot start the thread of an output")]
    Thread(#[source] std::io::Error),
}

impl Outputs {
    /// Opens the queue in `directory` and starts one sender per output.
    pub fn start(
        directory: &Path,
        configs: &[OutputConfig],
        first_sequence: u64,
    ) -> Result<Self, OutputsError> {
        let mut drivers = Vec::new();
        for config in configs {
            let driver = send::driver(config)
                .map_err(|message| OutputsError::Output { name: config.name().to_owned(), message })?;
            drivers.push((config.name().to_owned(), driver));
        }
        Self::with_drivers(directory, drivers, first_sequence)
    }

    /// The same with drivers of one's own.
    pub fn with_drivers(
        directory: &Path,
        drivers: Vec<(String, Box<dyn Driver>)>,
        first_sequence: u64,
    ) -> Result<Self, OutputsError> {
        let options = SpoolOptions {
            bytes_max: QUEUE_BYTES_MAX,
            memory_bytes_max: 16 << 20,
            readers: drivers.iter().map(|(name, _)| name.clone()).collect(),
            first_sequence,
            ..SpoolOptions::at(directory)
        };
        let queue = Spool::open(options).map_err(OutputsError::Queue)?;
        let mut outputs =
            Self { queue, counters: BTreeMap::new(), threads: Vec::new(), stop: Stop::default() };
        for (name, driver) in drivers {
            let reader = outputs.queue.reader(&name).map_err(OutputsError::Queue)?;
            let counters = Arc::new(OutputCounters::default());
            let rejected = directory.join(format!("{name}.rejected.ndjson"));
            let sender = Sender {
                reader,
                driver,
                counters: Arc::clone(&counters),
                rejected,
                stop: outputs.stop.clone(),
            };
            let thread =
                std::thread::Builder::new().name(format!("output-{name}")).spawn(move || sender.run());
            outputs.threads.push(thread.map_err(OutputsError::Thread)?);
            outputs.counters.insert(name, counters);
        }
        Ok(outputs)
    }

    /// Takes an alert; it is on disk when this returns. Without outputs it does nothing.
    pub fn send(&self, alert: &Alert) -> Result<(), SpoolError> {
        if self.threads.is_empty() {
            return Ok(());
        }
        let mut bytes = alert.to_json();
        if bytes.len() > ALERT_BYTES_MAX {
            bytes = Alert { evidence: Vec::new(), is_cut: true, ..alert.clone() }.to_json();
        }
        let mut frame = Frame::new("alerts", now_ns());
        let source = frame.source("alerts").unwrap_or_default();
        frame.lines.push(Line { source, bytes: bytes.into_bytes(), ..Line::default() });
        self.queue.append_or_full_blocking(&frame).map(|_| ())
    }

    /// What each output did so far.
    pub fn counters(&self) -> &BTreeMap<String, Arc<OutputCounters>> {
        &self.counters
    }

    /// Ends the senders. What is not delivered stays in the queue for the next start.
    pub fn stop(mut self) {
        self.stop.ask();
        self.queue.close();
        for thread in self.threads.drain(..) {
            // A sender that panicked has nothing left to do; its alerts are in the queue.
            let _ = thread.join();
        }
    }
}

/// Sends to one output.
struct Sender {
    reader: SpoolReader,
    driver: Box<dyn Driver>,
    counters: Arc<OutputCounters>,
    rejected: PathBuf,
    stop: Stop,
}

impl Sender {
    fn run(mut self) {
        while !self.stop.is_asked() {
            match self.reader.next(Duration::from_millis(200)) {
                Ok(Some(delivered)) => {
                    if !self.deliver(&delivered) {
                        return;
                    }
                    // If this fails the alert is sent again after a restart, which receivers can tell.
                    let _ = self.reader.commit(delivered.sequence + 1);
                }
                Ok(None) => {}
                Err(_) => {
                    self.stop.sleep(PAUSE_MIN);
                }
            }
        }
    }

    /// Tries until the alert is taken or rejected; false if it was stopped before.
    fn deliver(&mut self, delivered: &Delivered) -> bool {
        let Ok(frame) = delivered.frame() else { return true };
        for line in &frame.lines {
            let Ok(alert) = serde_json::from_slice::<Alert>(line.bytes) else { continue };
            let mut pause = PAUSE_MIN;
            loop {
                match self.driver.send(&alert) {
                    Ok(()) => {
                        self.counters.delivered.fetch_add(1, Ordering::Relaxed);
                        break;
                    }
                    Err(SendError::Permanent(message)) => {
                        self.counters.rejected.fetch_add(1, Ordering::Relaxed);
                        self.reject(line.bytes, &message);
                        break;
                    }
                    Err(SendError::Transient(_)) => {
                        self.counters.retried.fetch_add(1, Ordering::Relaxed);
                        if !self.stop.sleep(pause) {
                            return false;
                        }
                        pause = (pause * 2).min(PAUSE_MAX);
                    }
                }
            }
        }
        true
    }

    fn reject(&self, alert: &[u8], message: &str) {
        let reason = serde_json::json!({ "reason": message }).to_string();
        let line =
            format!("{}{}{}\n", &reason[..reason.len() - 1], ",\"alert\":", String::from_utf8_lossy(alert));
        let line = line.trim_end().to_owned() + "}\n";
        let file = std::fs::File::options().create(true).append(true).open(&self.rejected);
        // The counter has it; a disk that fails here fails the queue as well, which tells.
        let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
    }
}
