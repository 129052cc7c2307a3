//! How files are followed: rotation, truncation, restarts, and any order of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

/// A folder of logs, a follower, and what it stored.
struct World {
    folder: tempfile::TempDir,
    tail: Option<Tail>,
    options: TailOptions,
    marks: BTreeMap<String, Vec<u8>>,
    lines: Vec<String>,
    now: Millis,
    /// Lines written so far.
    written: u64,
}

impl World {
    fn new(pattern: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pattern = format!("{}/{pattern}", folder.path().display());
        let options = TailOptions { search_every_ms: 0, ..TailOptions::new("t", vec![pattern]) };
        Self {
            folder,
            tail: None,
            options,
            marks: BTreeMap::new(),
            lines: Vec::new(),
            now: 1_000,
            written: 0,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let mut file = fs::File::options().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    fn compress(&self, from: &str, to: &str) {
        let text = fs::read(self.path(from)).unwrap();
        let file = fs::File::create(self.path(to)).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        encoder.write_all(&text).unwrap();
        encoder.finish().unwrap();
        fs::remove_file(self.path(from)).unwrap();
    }

    fn restart(&mut self) {
        self.tail = None;
    }

    fn tail(&mut self) -> &mut Tail {
        let (options, marks) = (&self.options, &self.marks);
        self.tail.get_or_insert_with(|| Tail::new(options.clone(), marks).unwrap())
    }

    /// One pass. What it gives is stored, or the process dies before that.
    fn pass(&mut self, stored: bool) -> bool {
        self.now += 10;
        let now = self.now;
        let frame = self.tail().pass(now);
        if frame.is_empty() {
            return false;
        }
        if stored {
            self.lines.extend(frame.lines.iter().map(|line| String::from_utf8(line.bytes.clone()).unwrap()));
            for mark in frame.marks {
                match mark.state {
                    Some(state) => self.marks.insert(mark.source, state),
                    None => self.marks.remove(&mark.source),
                };
            }
            self.tail().stored();
        }
        true
    }

    fn settle(&mut self) {
        for _ in 0..50 {
            if !self.pass(true) {
                return;
            }
        }
        panic!("the follower does not come to rest");
    }

    #[track_caller]
    fn check(&mut self, expected: &[&str]) {
        self.settle();
        assert_eq!(self.lines, expected);
    }
}

#[test]
fn new_lines_are_read_once_and_a_partial_line_waits() {
    let mut world = World::new("a.log");
    world.write("a.log", "1\n2\n3");
    world.check(&["1", "2"]);
    world.write("a.log", "4\n");
    world.check(&["1", "2", "34"]);
    world.restart();
    world.write("a.log", "5\n");
    world.check(&["1", "2", "34", "5"]);
}

#[test]
fn what_was_not_stored_is_read_again() {
    let mut world = World::new("a.log");
    world.write("a.log", "1\n");
    world.pass(false);
    world.restart();
    world.pass(false);
    world.check(&["1"]);
}

#[test]
fn a_renamed_file_is_read_to_its_end() {
    for pattern in ["a.log", "a.log*"] {
        let mut world = World::new(pattern);
        world.write("a.log", "1\n");
        world.settle();
        world.write("a.log", "2\n");
        world.rename("a.log", "a.log.1");
        world.write("a.log", "3\n");
        world.settle();
        world.write("a.log.1", "late\n");
        world.settle();
        world.lines.sort();
        assert_eq!(world.lines, ["1", "2", "3", "late"], "{pattern}");
    }
}

#[test]
fn a_file_that_was_renamed_while_nobody_looked_is_found_again() {
    for pattern in ["a.log", "a.log*"] {
        let mut world = World::new(pattern);
        world.write("a.log", "1\n");
        world.settle();
        world.restart();
        world.write("a.log", "2\n");
        world.rename("a.log", "a.log.1");
        world.write("a.log", "3\n");
        world.settle();
        world.lines.sort();
        assert_eq!(world.lines, ["1", "2", "3"], "{pattern}");
    }
}

#[test]
fn a_file_that_was_compressed_while_nobody_looked_is_read_on() {
    for pattern in ["a.log", "a.log*"] {
        let mut world = World::new(pattern);
        world.write("a.log", "1\n");
        world.settle();
        world.restart();
        world.write("a.log", "2\n");
        world.compress("a.log", "a.log.1.gz");
        world.write("a.log", "3\n");
        world.settle();
        world.lines.sort();
        assert_eq!(world.lines, ["1", "2", "3"], "{pattern}");
        world.restart();
        world.settle();
        assert_eq!(world.lines.len(), 3, "{pattern}");
    }
}

#[test]
fn a_truncated_file_is_read_anew_and_its_copy_read_on() {
    for pattern in ["a.log", "a.log*"] {
        let mut world = World::new(pattern);
        world.write("a.log", "1\n");
        world.settle();
        world.write("a.log", "2\n");
        fs::copy(world.path("a.log"), world.path("a.log.1")).unwrap();
        fs::File::create(world.path("a.log")).unwrap();
        world.write("a.log", "3\n");
        world.settle();
        world.lines.sort();
        assert_eq!(world.lines, ["1", "2", "3"], "{pattern}");
        assert_eq!(world.tail().stats().truncations, 1);
        world.restart();
        world.settle();
        assert_eq!(world.lines.len(), 3, "{pattern}");
    }
}

#[test]
fn a_truncated_file_that_grew_past_the_old_place_is_noticed() {
    let mut world = World::new("a.log");
    world.write("a.log", "the first line\n");
    world.settle();
    fs::write(world.path("a.log"), "another line\nand one more\n").unwrap();
    world.check(&["the first line", "another line", "and one more"]);
}

#[test]
fn a_reused_inode_is_another_file() {
    let mut world = World::new("*.log");
    world.write("a.log", "one\n");
    world.settle();
    // The same inode under another name and with other text is what reuse looks like.
    world.restart();
    world.rename("a.log", "b.log");
    fs::write(world.path("b.log"), "other text of another file\n").unwrap();
    world.check(&["one", "other text of another file"]);
}

#[test]
fn compressed_files_are_read_once() {
    let mut world = World::new("*");
    world.write("x", "1\n2\nno line end");
    world.compress("x", "x.gz");
    let file = fs::File::create(world.path("y.zst")).unwrap();
    zstd::stream::copy_encode(&b"3\n"[..], file, 1).unwrap();
    world.settle();
    world.restart();
    world.settle();
    world.lines.sort();
    assert_eq!(world.lines, ["1", "2", "3", "no line end"]);
}

#[test]
fn a_compressed_file_that_is_being_written_is_read_when_whole() {
    let mut world = World::new("*.gz");
    world.write("x", &"some line\n".repeat(1000));
    world.compress("x", "whole");
    let whole = fs::read(world.path("whole")).unwrap();
    fs::write(world.path("x.gz"), &whole[..whole.len() / 2]).unwrap();
    world.settle();
    assert!(world.lines.is_empty());
    fs::write(world.path("x.gz"), &whole).unwrap();
    world.settle();
    assert_eq!(world.lines.len(), 1000);
    assert!(world.tail().take_diagnostics().is_empty());
}

#[test]
fn the_end_of_the_file_is_where_a_new_input_may_begin() {
    let mut world = World::new("a.log");
    world.options.from_beginning = false;
    world.write("a.log", "old\n");
    world.settle();
    world.restart();
    world.write("a.log", "new\n");
    world.check(&["new"]);
}

#[test]
fn joined_lines_are_one_record_when_the_time_is_up() {
    let mut world = World::new("a.log");
    world.options.join = Join::StackTraces;
    world.write("a.log", "oops\n\tat a\n");
    world.pass(true);
    assert!(world.lines.is_empty());
    world.now += 1_000;
    world.check(&["oops\n\tat a"]);
}

#[test]
fn a_long_line_comes_in_pieces() {
    let mut world = World::new("a.log");
    world.options.line_bytes_max = 4;
    world.write("a.log", "abcdefghij\nk\n");
    world.check(&["abcd", "efgh", "ij", "k"]);
    assert_eq!(world.tail().stats().pieces, 2);
}

#[test]
fn marks_of_vanished_files_expire() {
    let mut world = World::new("*.log");
    world.write("a.log", "1\n");
    world.settle();
    fs::remove_file(world.path("a.log")).unwrap();
    world.now += 61_000;
    world.settle();
    world.now += 61_000;
    world.settle();
    assert!(!world.marks.is_empty());
    world.now += world.options.forget_after_ms;
    world.settle();
    assert!(world.marks.is_empty(), "{:?}", world.marks.keys());
}

#[test]
fn finished_files_give_their_last_line_and_are_closed() {
    let mut world = World::new("*.log");
    world.options.is_finished = true;
    world.write("a.log", "1\n2");
    world.settle();
    world.now += FINISHED_PATIENCE_MS;
    world.check(&["1", "2"]);
    assert_eq!(world.tail().stats().files, 0);
}

/// What can happen to a log and its reader.
#[derive(Debug, Clone, Copy)]
enum Event {
    Write,
    Rotate,
    RotateCompressed,
    CopyTruncate,
    Pass,
    PassAndDie,
    Die,
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => Just(Event::Write),
        1 => Just(Event::Rotate),
        1 => Just(Event::RotateCompressed),
        1 => Just(Event::CopyTruncate),
        3 => Just(Event::Pass),
        1 => Just(Event::PassAndDie),
        1 => Just(Event::Die),
    ]
}

impl World {
    /// Moves `a.log.1` on to `a.log.2` and so forth, as logrotate does.
    fn shift(&self) {
        for number in (1..20).rev() {
            for suffix in ["", ".gz"] {
                let from = self.path(&format!("a.log.{number}{suffix}"));
                if from.exists() {
                    fs::rename(from, self.path(&format!("a.log.{}{suffix}", number + 1))).unwrap();
                }
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Write => {
                for _ in 0..3 {
                    self.written += 1;
                    let line =
                        format!("line {} {}\n", self.written, "x".repeat((self.written % 40) as usize));
                    self.write("a.log", &line);
                }
            }
            Event::Rotate | Event::RotateCompressed if self.path("a.log").exists() => {
                self.shift();
                self.rename("a.log", "a.log.1");
                if matches!(event, Event::RotateCompressed) {
                    self.compress("a.log.1", "a.log.1.gz");
                }
            }
            Event::CopyTruncate if self.path("a.log").exists() => {
                self.shift();
                fs::copy(self.path("a.log"), self.path("a.log.1")).unwrap();
                fs::File::create(self.path("a.log")).unwrap();
            }
            Event::Pass => {
                self.pass(true);
            }
            Event::PassAndDie => {
                self.pass(false);
                self.restart();
            }
            Event::Die => self.restart(),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// At least one pass lies between two rotations, as the documentation asks; writes, deaths and refused
    /// frames come in any order.
    #[test]
    fn every_line_is_read_once_whatever_happens(events in proptest::collection::vec(any_event(), 1..40)) {
        let mut world = World::new("a.log*");
        for event in events {
            if matches!(event, Event::Rotate | Event::RotateCompressed | Event::CopyTruncate) {
                world.pass(true);
                world.happen(Event::Write);
            }
            world.happen(event);
            if matches!(event, Event::CopyTruncate) {
                world.pass(true);
            }
        }
        world.settle();
        world.now += 2 * ROTATED_PATIENCE_MS;
        world.settle();
        let mut read: Vec<u64> = world.lines.iter().map(|line| line.split(' ').nth(1).unwrap().parse().unwrap()).collect();
        read.sort_unstable();
        prop_assert_eq!(read, (1..=world.written).collect::<Vec<_>>());
    }
}
