//! What the spool promises, in the face of crashes at every byte and of damage.

use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

const NOW: Duration = Duration::ZERO;

fn options(directory: &Path) -> SpoolOptions {
    SpoolOptions { bytes_max: 1 << 20, ..SpoolOptions::at(directory) }
}

/// A frame with one line of `bytes` and the mark that follows it.
fn frame(number: u64, bytes: &[u8]) -> Frame {
    let mut frame = Frame::new("test", 7);
    let source = frame.source("/var/log/a").unwrap();
    frame.lines.push(Line { source, position: number, bytes: bytes.to_vec(), ..Line::default() });
    let state = Some(number.to_le_bytes().to_vec());
    frame.marks.push(Mark { source: "tail:/var/log/a".to_owned(), state });
    frame
}

/// Everything that can be read, as (sequence, first line).
fn drain(reader: &mut SpoolReader) -> Vec<(u64, Vec<u8>)> {
    let mut all = Vec::new();
    while let Some(delivered) = reader.next(NOW).unwrap() {
        let line = delivered.frame().unwrap().lines[0].bytes.to_vec();
        all.push((delivered.sequence, line));
    }
    all
}

fn last_segment(directory: &Path) -> PathBuf {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut segments: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "spool")).collect();
    segments.sort();
    segments.pop().unwrap()
}

#[test]
fn what_was_appended_is_read_in_order_and_again_until_committed() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    for number in 0..5 {
        assert_eq!(spool.append_blocking(&frame(number, b"line")).unwrap(), number);
    }
    let mut reader = spool.reader("pipeline").unwrap();
    assert_eq!(drain(&mut reader).len(), 5);
    reader.commit(3).unwrap();
    drop((reader, spool));
    let spool = Spool::open(options(folder.path())).unwrap();
    let mut reader = spool.reader("pipeline").unwrap();
    assert_eq!(drain(&mut reader).iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(spool.append_blocking(&frame(5, b"more")).unwrap(), 5);
    assert_eq!(drain(&mut reader), [(5, b"more".to_vec())]);
    assert_eq!(spool.take_notices(), (vec![], 0));
}

#[test]
fn marks_survive_and_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    for number in 0..3 {
        spool.append_blocking(&frame(number, b"x")).unwrap();
    }
    drop(spool);
    let spool = Spool::open(options(folder.path())).unwrap();
    assert_eq!(spool.marks("tail:")["tail:/var/log/a"], 2_u64.to_le_bytes());
    let mut forget = Frame::new("test", 0);
    forget.marks.push(Mark { source: "tail:/var/log/a".to_owned(), state: None });
    spool.append_blocking(&forget).unwrap();
    drop(spool);
    let spool = Spool::open(options(folder.path())).unwrap();
    assert!(spool.marks("").is_empty());
}

#[test]
fn consumed_segments_go_and_marks_stay() {
    let folder = tempfile::tempdir().unwrap();
    let options = SpoolOptions { bytes_max: 32 << 10, ..options(folder.path()) };
    let spool = Spool::open(options.clone()).unwrap();
    let mut reader = spool.reader("pipeline").unwrap();
    for number in 0..200 {
        spool.append_blocking(&frame(number, &[b'x'; 1000])).unwrap();
        let delivered = reader.next(NOW).unwrap().unwrap();
        reader.commit(delivered.sequence + 1).unwrap();
    }
    assert!(spool.stats().bytes <= 8 << 10, "{:?}", spool.stats());
    drop((reader, spool));
    let spool = Spool::open(options).unwrap();
    assert_eq!(spool.marks("")["tail:/var/log/a"], 199_u64.to_le_bytes());
    assert_eq!(spool.stats().next_sequence, 200);
}

#[test]
fn a_full_spool_says_so_or_makes_wait() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(SpoolOptions { bytes_max: 32 << 10, ..options(folder.path()) }).unwrap();
    let mut stored = 0;
    while spool.append_or_full_blocking(&frame(stored, &[b'x'; 1000])).is_ok() {
        stored += 1;
    }
    assert!((25..32).contains(&stored), "{stored} frames");
    assert!(spool.stats().bytes <= 32 << 10);
    let waiting = {
        let spool = spool.clone();
        std::thread::spawn(move || spool.append_blocking(&frame(99, &[b'p'; 1000])).unwrap())
    };
    let mut reader = spool.reader("pipeline").unwrap();
    let read = drain(&mut reader);
    reader.commit(read.len() as u64).unwrap();
    assert_eq!(waiting.join().unwrap(), stored);
    assert_eq!(drain(&mut reader).last().unwrap().1, [b'p'; 1000]);
}

#[test]
fn closing_lets_everyone_go() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(SpoolOptions { bytes_max: 16 << 10, ..options(folder.path()) }).unwrap();
    while spool.append_or_full_blocking(&frame(0, &[b'x'; 1000])).is_ok() {}
    let waiting = {
        let spool = spool.clone();
        std::thread::spawn(move || spool.append_blocking(&frame(1, &[b'y'; 1000])))
    };
    spool.close();
    assert!(matches!(waiting.join().unwrap(), Err(SpoolError::Closed)));
}

#[test]
fn a_second_process_is_refused_and_an_oversized_frame_too() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    assert!(matches!(Spool::open(options(folder.path())), Err(SpoolError::Locked(_))));
    let large = frame(0, &vec![0; 200 << 10]);
    assert!(matches!(spool.append_blocking(&large), Err(SpoolError::TooLarge { .. })));
}

#[test]
fn a_crash_at_any_byte_keeps_the_whole_frames_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    let mut ends = Vec::new();
    for number in 0..4 {
        spool.append_blocking(&frame(number, format!("line {number}").as_bytes())).unwrap();
        ends.push(std::fs::metadata(last_segment(folder.path())).unwrap().len());
    }
    drop(spool);
    let path = last_segment(folder.path());
    let whole = std::fs::read(&path).unwrap();
    let header = (whole.len() as u64 - ends[3]) + 24;
    for cut in header..=whole.len() as u64 {
        let copy = tempfile::tempdir().unwrap();
        std::fs::write(copy.path().join(path.file_name().unwrap()), &whole[..cut as usize]).unwrap();
        let kept = ends.iter().filter(|end| **end <= cut).count();
        let spool = Spool::open(options(copy.path())).unwrap();
        assert_eq!(drain(&mut spool.reader("pipeline").unwrap()).len(), kept, "cut at {cut}");
        let mark = spool.marks("").values().next().map(|mark| mark[0]);
        assert_eq!(mark, kept.checked_sub(1).map(|last| last as u8));
        // What comes next takes the number of what was lost, and is read after what was kept.
        assert_eq!(spool.append_blocking(&frame(9, b"after")).unwrap(), kept as u64);
        drop(spool);
        let spool = Spool::open(options(copy.path())).unwrap();
        let read = drain(&mut spool.reader("pipeline").unwrap());
        assert_eq!((read.len(), read[kept].1.as_slice()), (kept + 1, &b"after"[..]));
    }
}

#[test]
fn a_flipped_bit_costs_one_frame_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    for number in 0..4 {
        spool.append_blocking(&frame(number, b"some text")).unwrap();
    }
    drop(spool);
    let path = last_segment(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let at = 24 + (bytes.len() - 24) / 4 + 20;
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    let read = drain(&mut spool.reader("pipeline").unwrap());
    assert_eq!(read.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), [0, 2, 3]);
    let (notices, _) = spool.take_notices();
    assert!(matches!(notices[..], [SpoolNotice::Damaged { frames: 1, .. }]), "{notices:?}");
}

#[test]
fn a_damaged_position_means_reading_again() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    spool.append_blocking(&frame(0, b"x")).unwrap();
    let mut reader = spool.reader("pipeline").unwrap();
    drain(&mut reader);
    reader.commit(1).unwrap();
    drop((reader, spool));
    std::fs::write(folder.path().join("pipeline.position"), b"garbage").unwrap();
    let spool = Spool::open(options(folder.path())).unwrap();
    assert_eq!(drain(&mut spool.reader("pipeline").unwrap()).len(), 1);
}

fn any_line() -> impl Strategy<Value = Line> {
    let host = proptest::option::of("[a-z]{0,9}");
    let bytes = proptest::collection::vec(any::<u8>(), 0..80);
    (any::<u64>(), proptest::option::of(any::<i64>()), host, any::<bool>(), bytes).prop_map(
        |(position, time_ns, host, is_piece, bytes)| Line {
            source: 0,
            position,
            time_ns,
            host,
            is_piece,
            bytes,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_frame_comes_back_as_it_was(lines in proptest::collection::vec(any_line(), 0..9), received in any::<i64>()) {
        let mut frame = Frame::new("input", received);
        frame.source("somewhere");
        frame.lines = lines;
        frame.marks = vec![Mark { source: "m".to_owned(), state: Some(vec![1, 2]) }, Mark { source: "n".to_owned(), state: None }];
        let bytes = frame.encode();
        let view = FrameView::decode(&bytes).unwrap();
        prop_assert_eq!(view.received_ns, received);
        prop_assert_eq!(&view.marks, &vec![("m", Some(&[1, 2][..])), ("n", None)]);
        prop_assert_eq!(view.lines.len(), frame.lines.len());
        for (read, line) in view.lines.iter().zip(&frame.lines) {
            prop_assert_eq!(read.bytes, &line.bytes[..]);
            prop_assert_eq!((read.position, read.time_ns, read.host, read.is_piece), (line.position, line.time_ns, line.host.as_deref(), line.is_piece));
        }
    }

    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = FrameView::decode(&bytes);
    }

    /// Whatever is appended, cut and reopened: the frames that were acknowledged before the cut are all there.
    #[test]
    fn nothing_acknowledged_is_lost_over_many_crashes(sizes in proptest::collection::vec(0..3000_usize, 1..20), torn in proptest::collection::vec(any::<u8>(), 0..60)) {
        let folder = tempfile::tempdir().unwrap();
        for (number, size) in sizes.iter().enumerate() {
            let spool = Spool::open(options(folder.path())).unwrap();
            prop_assert_eq!(spool.append_blocking(&frame(number as u64, &vec![b'x'; *size])).unwrap(), number as u64);
            drop(spool);
            // A crash leaves bytes of a frame that was never acknowledged.
            let path = last_segment(folder.path());
            let mut file = File::options().append(true).open(path).unwrap();
            std::io::Write::write_all(&mut file, &torn).unwrap();
        }
        let spool = Spool::open(options(folder.path())).unwrap();
        let read = drain(&mut spool.reader("pipeline").unwrap());
        let expected: Vec<_> = sizes.iter().enumerate().map(|(number, size)| (number as u64, vec![b'x'; *size])).collect();
        prop_assert_eq!(read, expected);
    }
}
