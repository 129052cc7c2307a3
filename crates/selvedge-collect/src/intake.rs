//! The one door into the spool: what happens when there is no room, and how loss is counted and told.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::spool::{Frame, LINES_MAX, Line, Spool, SpoolError};
use crate::wait::block_on;

/// Loss that pauses for this long is over; what comes later is told anew.
const LOSS_PAUSE: Duration = Duration::from_mins(1);
/// Tries to store a frame while the disk fails, before the frame is refused.
const TRIES_MAX: u32 = 10;
/// Frames of network inputs hold at most this much text, so that one large request does not fill a segment.
const FRAME_TEXT_BYTES: usize = 4 << 20;

/// What an input does when the spool is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenFull {
    /// It waits: files stay where they are, connections are not read, requests get 503.
    #[default]
    Block,
    /// It drops what comes and counts it.
    Drop,
}

/// Counters of one input, read by the metrics endpoint.
#[derive(Debug, Default)]
pub struct InputCounters {
    /// Records that are in the spool.
    pub stored: AtomicU64,
    /// Bytes of them.
    pub stored_bytes: AtomicU64,
    /// Records that were dropped because there was no room or the sender was over its rate.
    pub dropped: AtomicU64,
    /// Periods of loss.
    pub loss_periods: AtomicU64,
    /// Senders or requests that were refused: no token, over a limit, malformed.
    pub refused: AtomicU64,
    /// Lines that were cut into pieces.
    pub pieces: AtomicU64,
}

/// The beginning or the end of a period in which an input lost records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LossNotice {
    /// Records are being lost.
    Began {
        /// The input.
        input: String,
    },
    /// Loss ended.
    Ended {
        /// The input.
        input: String,
        /// Records that were lost in this period.
        records: u64,
    },
}

#[derive(Debug, Default)]
struct Loss {
    /// The last loss and how many records the period cost so far.
    period: Option<(Instant, u64)>,
    notices: Vec<LossNotice>,
}

/// Stores frames of one input under its policy.
#[derive(Debug, Clone)]
pub struct Intake {
    name: Arc<str>,
    spool: Spool,
    when_full: WhenFull,
    counters: Arc<InputCounters>,
    loss: Arc<Mutex<Loss>>,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is on disk.
    Durable,
    /// It was dropped and counted, as the input's policy says.
    Dropped,
}

impl Intake {
    /// A door for the input called `name`.
    pub fn new(name: &str, spool: Spool, when_full: WhenFull) -> Self {
        Self { name: name.into(), spool, when_full, counters: Arc::default(), loss: Arc::default() }
    }

    /// Name of the input.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the input counted so far.
    pub fn counters(&self) -> &Arc<InputCounters> {
        &self.counters
    }

    /// Stores the frame; returns once it is durable or dropped. A failing disk is tried again for a while.
    pub async fn store(&self, frame: &Frame) -> Result<Stored, SpoolError> {
        let mut tries = 0;
        loop {
            let stored = match self.when_full {
                WhenFull::Block => self.spool.append(frame).await,
                WhenFull::Drop => self.spool.append_or_full(frame).await,
            };
            match stored {
                Ok(_) => {
                    self.count(frame);
                    return Ok(Stored::Durable);
                }
                Err(SpoolError::Full) => {
                    self.dropped(frame.lines.len() as u64);
                    return Ok(Stored::Dropped);
                }
                Err(SpoolError::Write(_)) if tries < TRIES_MAX && self.when_full == WhenFull::Block => {
                    tries += 1;
                    let pause = Duration::from_millis(20 << tries.min(6));
                    // Works inside and outside a runtime; a failing disk is no time to save threads.
                    let (sender, receiver) = tokio::sync::oneshot::channel();
                    std::thread::spawn(move || {
                        std::thread::sleep(pause);
                        sender.send(())
                    });
                    let _ = receiver.await;
                }
                Err(SpoolError::Write(_)) if self.when_full == WhenFull::Drop => {
                    self.dropped(frame.lines.len() as u64);
                    return Ok(Stored::Dropped);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// [`Intake::store`] for a thread outside any runtime.
    pub fn store_blocking(&self, frame: &Frame) -> Result<Stored, SpoolError> {
        block_on(self.store(frame))
    }

    /// Stores all frames, one after the other.
    pub async fn store_all(&self, frames: &[Frame]) -> Result<Stored, SpoolError> {
        let mut worst = Stored::Durable;
        for frame in frames {
            if self.store(frame).await? == Stored::Dropped {
                worst = Stored::Dropped;
            }
        }
        Ok(worst)
    }

    fn count(&self, frame: &Frame) {
        let bytes: usize = frame.lines.iter().map(|line| line.bytes.len()).sum();
        let pieces = frame.lines.iter().filter(|line| line.is_piece).count();
        self.counters.stored.fetch_add(frame.lines.len() as u64, Ordering::Relaxed);
        self.counters.stored_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.counters.pieces.fetch_add(pieces as u64, Ordering::Relaxed);
    }

    /// Counts records that are lost. The first of a period is told at once, the sum at its end.
    pub fn dropped(&self, records: u64) {
        if records == 0 {
            return;
        }
        self.counters.dropped.fetch_add(records, Ordering::Relaxed);
        let mut loss = self.loss.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = loss.period.is_none();
        let before = loss.period.map_or(0, |(_, records)| records);
        loss.period = Some((Instant::now(), before + records));
        if is_new {
            self.counters.loss_periods.fetch_add(1, Ordering::Relaxed);
            loss.notices.push(LossNotice::Began { input: self.name.to_string() });
        }
    }

    /// A sender or request was turned away.
    pub fn refused(&self) {
        self.counters.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Beginnings and ends of loss since the last call: at most two per period.
    pub fn take_loss_notices(&self, now: Instant) -> Vec<LossNotice> {
        let mut loss = self.loss.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((last, records)) = loss.period
            && now.saturating_duration_since(last) >= LOSS_PAUSE
        {
            loss.period = None;
            loss.notices.push(LossNotice::Ended { input: self.name.to_string(), records });
        }
        std::mem::take(&mut loss.notices)
    }
}

/// Gathers records of a network input into frames of bounded size.
#[derive(Debug)]
pub(crate) struct Gatherer<'a> {
    input: &'a str,
    source: &'a str,
    received_ns: i64,
    line_bytes_max: usize,
    frames: Vec<Frame>,
    text: usize,
    count: u64,
}

impl<'a> Gatherer<'a> {
    pub(crate) fn new(input: &'a str, source: &'a str, received_ns: i64, line_bytes_max: usize) -> Self {
        Self { input, source, received_ns, line_bytes_max, frames: Vec::new(), text: 0, count: 0 }
    }

    /// Adds a record; one over the limit is cut into pieces.
    pub(crate) fn push(&mut self, bytes: &[u8], time_ns: Option<i64>, host: Option<&str>) {
        let mut pieces = bytes.chunks(self.line_bytes_max).peekable();
        while let Some(piece) = pieces.next() {
            let is_piece = pieces.peek().is_some();
            let name = self.source;
            let (position, frame) = self.frame(piece.len());
            let Some(source) = frame.source(name) else { continue };
            frame.lines.push(Line {
                source,
                position,
                time_ns,
                host: host.map(str::to_owned),
                is_piece,
                bytes: piece.to_vec(),
            });
        }
    }

    /// The frame with room for so many bytes more, and the number of its next line.
    fn frame(&mut self, bytes: usize) -> (u64, &mut Frame) {
        let is_full = self.text + bytes > FRAME_TEXT_BYTES
            || self.frames.last().is_some_and(|frame| frame.lines.len() + 1 >= LINES_MAX);
        if self.frames.is_empty() || is_full {
            self.frames.push(Frame::new(self.input, self.received_ns));
            self.text = 0;
        }
        self.text += bytes + Frame::LINE_OVERHEAD;
        self.count += 1;
        let last = self.frames.len() - 1;
        (self.count - 1, &mut self.frames[last])
    }

    /// Records so far.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn finish(self) -> Vec<Frame> {
        self.frames
    }
}

/// A body or stream that a sender gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Elasticsearch `_bulk`.
    Bulk,
    /// Splunk HEC events.
    Hec,
    /// OTLP logs in JSON.
    OtlpJson,
    /// OTLP logs in protobuf.
    OtlpProtobuf,
    /// Syslog over TCP.
    SyslogStream,
}

/// The frames that the body gives, or why it is refused. What listeners do with bytes, without a socket.
pub fn bodies(body: Body, bytes: &[u8]) -> Result<Vec<Frame>, String> {
    use crate::input::http::{bulk, hec, otlp};
    const LINE_BYTES_MAX: usize = 64 << 10;
    let mut gatherer = Gatherer::new("input", "sender", 0, LINE_BYTES_MAX);
    let read = match body {
        Body::Bulk => bulk::read(bytes, &mut gatherer).map(|_| ()),
        Body::Hec => hec::read(bytes, &mut gatherer),
        Body::OtlpJson => otlp::read_json(bytes, &mut gatherer),
        Body::OtlpProtobuf => otlp::read_protobuf(bytes, &mut gatherer),
        Body::SyslogStream => {
            let mut framing = crate::input::syslog::Framing::new(LINE_BYTES_MAX);
            framing.feed(bytes, &mut |message| gatherer.push(message, None, None));
            framing.end(&mut |message| gatherer.push(message, None, None));
            Ok(())
        }
    };
    read.map(|()| gatherer.finish()).map_err(|refusal| refusal.message())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::SpoolOptions;

    fn frame(bytes: usize) -> Frame {
        let mut gatherer = Gatherer::new("i", "s", 0, 1 << 20);
        gatherer.push(&vec![b'x'; bytes], None, None);
        gatherer.finish().remove(0)
    }

    #[test]
    fn loss_is_told_once_when_it_begins_and_once_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let options = SpoolOptions { bytes_max: 16 << 10, ..SpoolOptions::at(folder.path()) };
        let intake = Intake::new("i", Spool::open(options).unwrap(), WhenFull::Drop);
        let mut dropped = 0;
        for _ in 0..40 {
            if intake.store_blocking(&frame(1000)).unwrap() == Stored::Dropped {
                dropped += 1;
            }
        }
        assert!(dropped > 10);
        let now = Instant::now();
        assert_eq!(intake.take_loss_notices(now), [LossNotice::Began { input: "i".into() }]);
        assert_eq!(intake.take_loss_notices(now), []);
        let later = now + LOSS_PAUSE * 2;
        assert_eq!(
            intake.take_loss_notices(later),
            [LossNotice::Ended { input: "i".into(), records: dropped }]
        );
        assert_eq!(intake.counters().loss_periods.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn records_over_a_limit_come_in_pieces_and_frames() {
        let mut gatherer = Gatherer::new("i", "s", 0, 3);
        gatherer.push(b"abcdefgh", Some(5), Some("h"));
        let frames = gatherer.finish();
        let pieces: Vec<_> =
            frames[0].lines.iter().map(|line| (line.bytes.as_slice(), line.is_piece)).collect();
        assert_eq!(pieces, [(&b"abc"[..], true), (b"def", true), (b"gh", false)]);
        let mut gatherer = Gatherer::new("i", "s", 0, 1 << 20);
        for _ in 0..9 {
            gatherer.push(&vec![0; 1 << 20], None, None);
        }
        assert_eq!((gatherer.count(), gatherer.finish().len()), (9, 3));
    }
}
