//! Any bytes as a Windows event log.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_logformat::{Format, TimeContext, evtx};

fuzz_target!(|data: &[u8]| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.evtx");
    std::fs::write(&path, data).expect("a written file");
    let _ = evtx::read(&path, |record| {
        let _ = Format::WindowsEvent.parse(&record.json, &TimeContext::utc(0));
        true
    });
});
