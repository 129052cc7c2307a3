//! Any bytes as the bodies that senders post, as a syslog stream, and as the `[logs]` table.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_collect::LogsConfig;
use selvedge_collect::intake::{Body, bodies};

fuzz_target!(|data: &[u8]| {
    for body in [Body::Bulk, Body::Hec, Body::OtlpJson, Body::OtlpProtobuf, Body::SyslogStream] {
        let frames = bodies(body, data);
        for frame in frames.into_iter().flatten() {
            assert_eq!(
                selvedge_collect::spool::FrameView::decode(&frame.encode()).map(|view| view.lines.len()),
                Ok(frame.lines.len())
            );
        }
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = LogsConfig::parse(text, "selvedge.toml");
    }
});
