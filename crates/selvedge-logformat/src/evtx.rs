//! Windows event log files, as the raw JSON text of each event.
//!
//! The text is `{"Event": {"System": …, "EventData": …}}` on one line, which [`crate::Format::WindowsEvent`]
//! reads.

use std::path::Path;

use evtx::{EvtxParser, ParserSettings};

/// A larger file is not read: Windows' default for a log is 20 MiB, busy domain controllers keep 4 GiB.
pub const FILE_BYTES_MAX: u64 = 8 << 30;

/// Why a file or a record of it could not be read.
#[derive(Debug, thiserror::Error)]
pub enum EvtxError {
    /// The file is no event log, or cannot be opened.
    #[error("no readable Windows event log")]
    File(#[source] Box<evtx::err::EvtxError>),
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvtxRecord {
    /// Its number in the log.
    pub id: u64,
    /// JSON on one line.
    pub json: String,
}

/// Reads the events in order, `sink` gets each; it returns whether to go on. Returns how many records were
/// damaged. Everything readable of a damaged file is read.
pub fn read(path: &Path, mut sink: impl FnMut(EvtxRecord) -> bool) -> Result<u64, EvtxError> {
    let file = |error| EvtxError::File(Box::new(error));
    let settings = ParserSettings::new().num_threads(1).separate_json_attributes(false).indent(false);
    let mut parser = EvtxParser::from_path(path).map_err(file)?.with_configuration(settings);
    let mut damaged = 0;
    for record in parser.records_json() {
        match record {
            Ok(record) => {
                if !sink(EvtxRecord { id: record.event_record_id, json: record.data }) {
                    break;
                }
            }
            Err(_) => damaged += 1,
        }
    }
    Ok(damaged)
}
