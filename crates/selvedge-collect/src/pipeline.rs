//! From the spool to the sinks: reads frames, parses records, builds batches, and commits what the sinks hold.
//!
//! Every event has a position: the number of its frame times [`LINES_MAX`], plus its place in the frame. Positions
//! grow, are unique for the life of a spool directory, and are the `_position` of the batches. A sink that stores
//! the position with what it stores gets every event exactly once, whatever crashes: it says how far it is, and is
//! given what follows.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use selvedge_event::{EventBatch, EventBatchBuilder, Limits, Logsource, Origin, Parsed, Value};
use selvedge_logformat::{Format, Outcome, TimeContext};

use crate::input::Stop;
use crate::spool::{Delivered, LINES_MAX, LineView, SpoolError, SpoolReader};

/// How long to wait for a frame before what was taken is committed.
const IDLE: Duration = Duration::from_millis(200);
/// Sinks are asked to make durable what they hold at least this often.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// A spool that could not be read is read again after this.
const BROKEN_PAUSE: Duration = Duration::from_secs(1);
/// Pauses between tries of a sink that fails grow from the first to the last.
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(30);

/// Where batches go: detection, the lake.
pub trait Sink: Send {
    /// Names it in messages and metrics.
    fn name(&self) -> &str;

    /// The position after the last event that it holds durably, or none if it keeps no position of its own; then
    /// the spool remembers, and events may come twice after a crash.
    fn position(&self) -> Option<u64>;

    /// Takes a batch; `next` is the position after its last event. Rows whose position it already holds must be
    /// left out: they come when another sink is further back. After an error the same batch comes again.
    fn take(&mut self, batch: &EventBatch, next: u64) -> Result<(), SinkError>;

    /// Makes durable what was taken so far.
    fn flush(&mut self) -> Result<(), SinkError>;
}

/// Why a sink did not take a batch; it is tried again until it does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);

/// How the records of one input are read.
#[derive(Debug, Clone)]
pub struct RecordReader {
    /// Their format.
    pub format: Format,
    /// The zone of times without one.
    pub zone: TimeZone,
    /// Sigma's log source, as far as the configuration says.
    pub product: Option<String>,
    /// Sigma's log source.
    pub category: Option<String>,
    /// Sigma's log source.
    pub service: Option<String>,
}

impl Default for RecordReader {
    fn default() -> Self {
        Self { format: Format::Auto, zone: TimeZone::UTC, product: None, category: None, service: None }
    }
}

/// What the pipeline did so far.
#[derive(Debug, Default)]
pub struct PipelineCounters {
    /// Events that every sink has taken.
    pub events: AtomicU64,
    /// Batches they came in.
    pub batches: AtomicU64,
    /// Records that fit no format and are kept as text.
    pub raw: AtomicU64,
    /// Records that could not become events at all: over every limit.
    pub lost: AtomicU64,
    /// Tries of sinks that failed.
    pub sink_failures: AtomicU64,
    /// The message of the sink that fails at the moment.
    failing: Mutex<Option<String>>,
}

impl PipelineCounters {
    /// Says what fails at the moment, or that nothing does.
    fn fail(&self, message: Option<String>) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = message;
    }

    /// What the sink that fails at the moment says.
    pub fn failing(&self) -> Option<String> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Turns records into events.
#[derive(Debug)]
pub struct Parser {
    readers: BTreeMap<String, RecordReader>,
    default: RecordReader,
    builder: EventBatchBuilder,
}

/// Lines that an input can be configured to have are shorter, joined records included.
const EVENT_BYTES_MAX: usize = 16 << 20;

/// Log sources of formats that belong to one, where the configuration does not say.
fn logsource_of(format: &str) -> Logsource<'static> {
    let (product, category, service) = match format {
        "auditd" => (Some("linux"), None, Some("auditd")),
        "access" => (None, Some("webserver"), None),
        "windows" => (Some("windows"), None, None),
        _ => (None, None, None),
    };
    Logsource { product, category, service }
}

impl Parser {
    /// Whether the batch is as large as it may become.
    pub fn is_full(&self) -> bool {
        self.builder.is_full()
    }

    /// The batch of what was added since the last call, if anything was.
    pub fn finish(&mut self) -> Option<EventBatch> {
        self.builder.finish()
    }

    /// A parser for the records of named inputs; those of other inputs are read as [`Format::Auto`].
    pub fn new(readers: BTreeMap<String, RecordReader>) -> Self {
        let limits = Limits { line_bytes_max: EVENT_BYTES_MAX, ..Limits::default() };
        Self { readers, default: RecordReader::default(), builder: EventBatchBuilder::new(limits) }
    }

    /// Adds a record of an input. Call [`Parser::finish`] whenever [`Parser::is_full`] says so.
    pub fn add(
        &mut self,
        input: &str,
        received: i64,
        position: u64,
        line: &LineView<'_>,
        counters: &PipelineCounters,
    ) {
        let reader = self.readers.get(input).unwrap_or(&self.default);
        let text = String::from_utf8_lossy(line.bytes);
        if let Format::Csv(csv) = &reader.format
            && csv.is_header(&text)
        {
            return;
        }
        let context = TimeContext { received, zone: reader.zone.clone() };
        let mut outcome = reader.format.parse(&text, &context);
        let configured = |logsource: Logsource<'static>| Logsource {
            product: reader.product.as_deref().or(logsource.product),
            category: reader.category.as_deref().or(logsource.category),
            service: reader.service.as_deref().or(logsource.service),
        };
        let mut origin = Origin { host: line.host, ..Origin::new(line.source, position, received) };
        let said = line.time_ns.map(|time| time / 1_000);
        if let Outcome::Json(_) = outcome {
            origin.logsource = configured(Logsource::default());
            let known = Parsed { time: said, ..Parsed::default() };
            if self.builder.push_json_with(&origin, &known, line.bytes).is_ok() {
                return;
            }
            outcome = Format::Raw.parse(&text, &context);
        }
        let (format, found) = match &outcome {
            Outcome::Fields(format, found) => (*format, found),
            Outcome::Raw(found) => {
                counters.raw.fetch_add(1, Ordering::Relaxed);
                ("raw", found)
            }
            Outcome::Json(_) => unreachable!("JSON was handled above"),
        };
        origin.logsource = configured(logsource_of(format));
        let parsed = Parsed {
            time: said.or(found.time),
            host: found.host.as_deref(),
            severity: found.severity.as_deref(),
            message: found.message.as_deref(),
        };
        let fields = found.fields.iter().map(|(name, value)| (name.as_ref(), Value::Text(value.as_ref())));
        if self.builder.push_fields(&origin, &parsed, line.bytes, fields).is_err() {
            counters.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Reads the spool and feeds the sinks until stopped.
pub(crate) struct Pipeline {
    pub(crate) reader: SpoolReader,
    pub(crate) parser: Parser,
    pub(crate) sinks: Vec<Box<dyn Sink>>,
    pub(crate) counters: Arc<PipelineCounters>,
    pub(crate) stop: Stop,
    /// Whether every batch so far was taken: what comes after one that was not must not be committed.
    pub(crate) is_whole: bool,
}

/// The first position of a frame.
fn position_of(sequence: u64) -> u64 {
    sequence * LINES_MAX as u64
}

impl Pipeline {
    /// Runs until stopped. A spool that cannot be read or written at the moment is tried again.
    pub(crate) fn run(mut self) {
        let held = self.sinks.iter().map(|sink| sink.position().unwrap_or(0)).min().unwrap_or(0);
        self.reader.advance_to(held / LINES_MAX as u64);
        let mut flushed = Instant::now();
        let mut next = position_of(self.reader.position());
        loop {
            let patience = if self.stop.is_asked() { Duration::ZERO } else { IDLE };
            let (delivered, is_broken) = self.next(patience);
            let is_idle = delivered.is_none();
            if let Some(delivered) = delivered {
                next = self.frames(&delivered, held.max(next));
            }
            if is_idle || flushed.elapsed() >= FLUSH_EVERY {
                self.flush(next);
                flushed = Instant::now();
            }
            if self.stop.is_asked() && is_idle {
                return self.flush(next);
            }
            if is_broken {
                self.stop.sleep(BROKEN_PAUSE);
            }
        }
    }

    /// The next frame, and whether the spool could not be read.
    fn next(&mut self, patience: Duration) -> (Option<Delivered>, bool) {
        match self.reader.next(patience) {
            Ok(delivered) => (delivered, false),
            Err(error) => {
                self.counters.fail(Some(describe(&error)));
                (None, true)
            }
        }
    }

    /// Hands on a frame and those that are there already, as far as they fit into one batch.
    fn frames(&mut self, first: &Delivered, held: u64) -> u64 {
        let mut next = self.frame(first, held);
        while !self.parser.builder.is_full()
            && let (Some(delivered), _) = self.next(Duration::ZERO)
        {
            next = self.frame(&delivered, held);
        }
        self.hand_on(next);
        next
    }

    fn frame(&mut self, delivered: &Delivered, held: u64) -> u64 {
        let start = position_of(delivered.sequence);
        // Frames that pass their checksum were written by this program; another version's is skipped.
        if let Ok(frame) = delivered.frame() {
            let received = frame.received_ns / 1_000;
            for (position, line) in (start..).zip(&frame.lines) {
                if position < held || !self.is_whole {
                    continue;
                }
                self.parser.add(frame.input, received, position, line, &self.counters);
                if self.parser.builder.is_full() {
                    self.hand_on(position + 1);
                }
            }
        }
        position_of(delivered.sequence + 1)
    }

    /// Gives the batch to every sink, each until it takes it or the stop is asked.
    fn hand_on(&mut self, next: u64) {
        let Some(batch) = self.parser.builder.finish() else { return };
        let mut is_taken = true;
        for sink in &mut self.sinks {
            is_taken &= insist(&self.counters, &self.stop, sink.as_mut(), |sink| sink.take(&batch, next));
        }
        self.is_whole &= is_taken;
        if is_taken {
            self.counters.events.fetch_add(batch.record().num_rows() as u64, Ordering::Relaxed);
            self.counters.batches.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Makes durable what the sinks hold, then lets the spool forget it.
    fn flush(&mut self, next: u64) {
        if !self.is_whole {
            return;
        }
        let mut done = next;
        for sink in &mut self.sinks {
            if !insist(&self.counters, &self.stop, sink.as_mut(), |sink| sink.flush()) {
                return;
            }
            done = done.min(sink.position().unwrap_or(next));
        }
        // Not committed means given again: sinks with positions of their own leave it out.
        if let Err(error) = self.reader.commit(done / LINES_MAX as u64) {
            self.counters.fail(Some(describe(&error)));
        }
    }
}

/// The error and its cause.
fn describe(error: &SpoolError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Tries until it works; false if stopped before.
fn insist(
    counters: &PipelineCounters,
    stop: &Stop,
    sink: &mut dyn Sink,
    mut attempt: impl FnMut(&mut dyn Sink) -> Result<(), SinkError>,
) -> bool {
    let mut pause = RETRY_MIN;
    loop {
        match attempt(sink) {
            Ok(()) => {
                counters.fail(None);
                return true;
            }
            Err(error) => {
                counters.sink_failures.fetch_add(1, Ordering::Relaxed);
                counters.fail(Some(format!("{}: {error}", sink.name())));
                if !stop.sleep(pause) {
                    return false;
                }
                pause = (pause * 2).min(RETRY_MAX);
            }
        }
    }
}
