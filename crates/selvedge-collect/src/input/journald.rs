//! The systemd journal, through the `journalctl` program: its file format is private to systemd, and the program
//! follows rotation and joins journals.
//!
//! Each entry is a JSON object with the journal's field names. The cursor of the last stored entry is the mark,
//! so a restart goes on after it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;

use super::{Stop, now_ns};
use crate::intake::Intake;
use crate::spool::{Frame, Line, Mark, SpoolError};

/// Bytes of entries that are stored together, but for the last one.
const ENTRIES_BYTES_MAX: usize = 1 << 20;
/// Entries that are stored together.
const ENTRIES_MAX: usize = 1_000;
/// A longer entry is cut.
const ENTRY_BYTES_MAX: usize = 1 << 20;
/// A `journalctl` that ended is started again after this.
const RESTART_PAUSE: Duration = Duration::from_secs(5);

/// What to read of the journal.
#[derive(Debug, Clone, Default)]
pub(crate) struct JournaldOptions {
    /// Units; none means all.
    pub(crate) units: Vec<String>,
    /// A folder of journal files instead of the running system's.
    pub(crate) directory: Option<std::path::PathBuf>,
    /// Whether entries from before the first run are read.
    pub(crate) from_beginning: bool,
}

#[derive(Deserialize)]
struct Cursor {
    #[serde(rename = "__CURSOR")]
    cursor: String,
}

pub(crate) fn mark_name(input: &str) -> String {
    format!("journald/{input}")
}

/// Reads the journal until stopped. Returns the reason if `journalctl` cannot be started at all.
pub(crate) fn run(
    options: &JournaldOptions,
    intake: &Intake,
    marks: &BTreeMap<String, Vec<u8>>,
    stop: &Stop,
) -> Result<(), std::io::Error> {
    let stored = marks.get(&mark_name(intake.name()));
    let mut cursor = stored.and_then(|mark| String::from_utf8(mark.clone()).ok());
    while !stop.is_asked() {
        let mut child = command(options, cursor.as_deref()).spawn()?;
        let ended = follow(&mut child, intake, &mut cursor, stop);
        let _ = child.kill();
        let _ = child.wait();
        if let Err(SpoolError::Closed) = ended {
            return Ok(());
        }
        stop.sleep(RESTART_PAUSE);
    }
    Ok(())
}

fn command(options: &JournaldOptions, cursor: Option<&str>) -> Command {
    let mut command = Command::new("journalctl");
    command.args(["--output=json", "--all", "--follow", "--no-pager", "--quiet"]);
    match cursor {
        Some(cursor) => command.arg(format!("--after-cursor={cursor}")).arg("--no-tail"),
        None if options.from_beginning => command.arg("--no-tail"),
        None => command.arg("--lines=0"),
    };
    for unit in &options.units {
        command.arg(format!("--unit={unit}"));
    }
    if let Some(directory) = &options.directory {
        command.arg("--directory").arg(directory);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Stores entries until the program ends. A thread reads, so that a quiet journal does not keep this one from
/// stopping.
fn follow(
    child: &mut Child,
    intake: &Intake,
    cursor: &mut Option<String>,
    stop: &Stop,
) -> Result<(), SpoolError> {
    let Some(output) = child.stdout.take() else { return Ok(()) };
    let (sender, receiver) = std::sync::mpsc::sync_channel::<Vec<u8>>(64);
    // Ends when the program does, or when nobody takes its lines any more.
    std::thread::spawn(move || {
        let mut reader = BufReader::new(output);
        loop {
            let mut line = Vec::new();
            match std::io::Read::take(&mut reader, ENTRY_BYTES_MAX as u64 * 4).read_until(b'\n', &mut line) {
                Ok(count) if count > 0 && sender.send(line).is_ok() => {}
                _ => return,
            }
        }
    });
    while !stop.is_asked() {
        let mut lines = match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => vec![line],
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => continue,
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return Ok(()),
        };
        let mut bytes = 0;
        while bytes < ENTRIES_BYTES_MAX
            && lines.len() < ENTRIES_MAX
            && let Ok(line) = receiver.try_recv()
        {
            bytes += line.len();
            lines.push(line);
        }
        store(&lines, intake, cursor)?;
    }
    Ok(())
}

fn store(lines: &[Vec<u8>], intake: &Intake, cursor: &mut Option<String>) -> Result<(), SpoolError> {
    let mut frame = Frame::new(intake.name(), now_ns());
    let Some(source) = frame.source("journald") else { return Ok(()) };
    let mut last = None;
    for line in lines {
        let bytes = line.trim_ascii();
        if let Ok(Cursor { cursor }) = serde_json::from_slice(bytes) {
            last = Some(cursor);
        }
        let is_piece = bytes.len() > ENTRY_BYTES_MAX;
        let bytes = bytes[..bytes.len().min(ENTRY_BYTES_MAX)].to_vec();
        frame.lines.push(Line { source, is_piece, bytes, ..Line::default() });
    }
    if let Some(last) = &last {
        frame.marks.push(Mark { source: mark_name(intake.name()), state: Some(last.clone().into_bytes()) });
    }
    intake.store_blocking(&frame)?;
    if last.is_some() {
        *cursor = last;
    }
    Ok(())
}
