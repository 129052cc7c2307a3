//! Lines of JSON into columns: what is accepted becomes a batch of as many rows, and is read back as one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_event::{EventBatch, EventBatchBuilder, Limits, Origin};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { columns_max: 8, depth_max: 4, values_per_field_max: 3, ..Limits::default() };
    let mut builder = EventBatchBuilder::new(limits);
    let mut rows = 0;
    for (position, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        rows += usize::from(builder.push_json(&Origin::new("fuzz", position as u64, 0), line).is_ok());
    }
    let Some(batch) = builder.finish() else { return assert_eq!(rows, 0) };
    assert_eq!(batch.len(), rows);
    let again = EventBatch::from_record_batch(batch.into_record()).expect("the schema is the builder's");
    assert_eq!(again.len(), rows);
});
