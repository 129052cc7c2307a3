//! A collector in a temporary folder, and a sink that remembers.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use selvedge_collect::{Collector, LogsConfig, Sink, SinkError};
use selvedge_event::{Envelope, EventBatch};

/// Nothing here takes this long unless it is broken.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// One event as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) position: u64,
    pub(crate) raw: String,
    pub(crate) source: String,
    pub(crate) host: String,
    pub(crate) time: i64,
}

/// What arrived; can refuse.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    pub(crate) events: Arc<Mutex<Vec<Arrived>>>,
    pub(crate) is_down: Arc<AtomicBool>,
}

impl Memory {
    pub(crate) fn raws(&self) -> Vec<String> {
        self.events.lock().unwrap().iter().map(|event| event.raw.clone()).collect()
    }
}

impl Sink for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn position(&self) -> Option<u64> {
        None
    }

    fn take(&mut self, batch: &EventBatch, _next: u64) -> Result<(), SinkError> {
        if self.is_down.load(Ordering::Acquire) {
            return Err(SinkError("down".to_owned()));
        }
        let text = |column: Envelope, row: usize| {
            batch.text(column).and_then(|column| column.get(row)).unwrap_or_default().to_owned()
        };
        for row in 0..batch.len() {
            self.events.lock().unwrap().push(Arrived {
                position: batch.positions()[row],
                raw: String::from_utf8_lossy(batch.raw().value(row)).into_owned(),
                source: text(Envelope::Source, row),
                host: text(Envelope::Host, row),
                time: batch.times()[row],
            });
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

/// A folder with a configuration.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) memory: Memory,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), memory: Memory::default() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a collector with these inputs.
    pub(crate) fn start(&self, tables: &str) -> Collector {
        self.start_with(&config(tables))
    }

    /// Starts a collector with a configuration that was changed after reading.
    pub(crate) fn start_with(&self, config: &LogsConfig) -> Collector {
        Collector::start(config, self.folder.path(), vec![Box::new(self.memory.clone())], None).unwrap()
    }

    /// Waits until so many events arrived.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) {
        let arrived = || self.memory.events.lock().unwrap().len();
        eventually(|| arrived() >= count, || format!("{} of {count} events", arrived()));
    }
}

pub(crate) fn config(tables: &str) -> LogsConfig {
    let text = format!("[logs]\ndirectory = \"state\"\nstatus = \"127.0.0.1:0\"\n{tables}");
    LogsConfig::parse(&text, "selvedge.toml").unwrap().unwrap()
}

/// Waits until it is so; fails with the message when nothing helps.
#[track_caller]
pub(crate) fn eventually(is_so: impl Fn() -> bool, message: impl Fn() -> String) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{}", message());
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Appends to a file.
pub(crate) fn append(path: &Path, text: &str) {
    use std::io::Write;
    let mut file = std::fs::File::options().create(true).append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}
