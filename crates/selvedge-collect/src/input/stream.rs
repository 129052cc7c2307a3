//! Standard input, or any other stream of lines that cannot be read twice.

use std::io::{BufRead, Read};

use super::now_ns;
use crate::intake::{Gatherer, Intake};
use crate::spool::SpoolError;

/// Read and stored together.
const READ_BYTES: usize = 1 << 20;

/// Stores the lines of the stream until it ends. What was stored when it fails stays stored.
pub(crate) fn run(
    stream: impl Read,
    source: &str,
    intake: &Intake,
    line_bytes_max: usize,
) -> Result<(), SpoolError> {
    let mut reader = std::io::BufReader::with_capacity(READ_BYTES, stream);
    let mut held: Vec<u8> = Vec::new();
    loop {
        let (taken, is_end) = match reader.fill_buf() {
            Ok(bytes) => {
                held.extend_from_slice(bytes);
                (bytes.len(), bytes.is_empty())
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => (0, true),
        };
        reader.consume(taken);
        let whole = match memchr::memrchr(b'\n', &held) {
            Some(_) | None if is_end || held.len() > line_bytes_max => held.len(),
            Some(at) => at + 1,
            None => 0,
        };
        let mut gatherer = Gatherer::new(intake.name(), source, now_ns(), line_bytes_max);
        for line in held[..whole].split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                gatherer.push(line, None, None);
            }
        }
        for frame in gatherer.finish() {
            intake.store_blocking(&frame)?;
        }
        held.drain(..whole);
        if is_end {
            return Ok(());
        }
    }
}
