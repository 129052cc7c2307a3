//! Any bytes as a frame, as the end of a segment after a crash, and as a segment.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use selvedge_collect::spool::{Frame, FrameView, Line, Spool, SpoolOptions};

fuzz_target!(|data: &[u8]| {
    let _ = FrameView::decode(data);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = SpoolOptions { bytes_max: 1 << 20, ..SpoolOptions::at(folder.path()) };
    let mut frame = Frame::new("i", 0);
    let source = frame.source("s").expect("the first source");
    frame.lines.push(Line { source, bytes: b"kept".to_vec(), ..Line::default() });
    let spool = Spool::open(options.clone()).expect("an empty spool opens");
    spool.append_blocking(&frame).expect("there is room");
    drop(spool);
    // The end of the segment is what a crash left.
    let segment = std::fs::read_dir(folder.path())
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable entry").path())
        .find(|path| path.extension().is_some_and(|extension| extension == "spool"))
        .expect("one segment");
    let mut bytes = std::fs::read(&segment).expect("a readable segment");
    bytes.extend_from_slice(data);
    std::fs::write(&segment, bytes).expect("a written segment");
    let spool = Spool::open(options.clone()).expect("a torn end is repaired");
    let mut reader = spool.reader("pipeline").expect("the configured reader");
    let first = reader.next(Duration::ZERO).expect("a readable spool").expect("what was acknowledged");
    assert_eq!(first.frame().expect("a whole frame").lines[0].bytes, b"kept");
    drop((reader, spool));
    // A segment that is anything at all.
    std::fs::write(&segment, data).expect("a written segment");
    let spool = Spool::open(options).expect("a damaged segment is set aside");
    let mut reader = spool.reader("pipeline").expect("the configured reader");
    while reader.next(Duration::ZERO).expect("a readable spool").is_some() {}
});
