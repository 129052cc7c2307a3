//! A collector that is killed at any moment: no line is lost and none is stored twice.
//!
//! The child is this test binary, started again with a variable that makes one test play the collector. It follows
//! a log and appends what it gets, with the positions, to a file in one write that is as atomic as a sink that
//! stores its position with its data.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use selvedge_collect::{Collector, Sink, SinkError};
use selvedge_event::EventBatch;

use crate::world::{World, append, config, eventually};

const FOLDER: &str = "SELVEDGE_CRASH_TEST_FOLDER";
const TABLES: &str = "[[logs.input]]\nname = \"app\"\ntype = \"file\"\ninclude = [\"a.log*\"]\npoll-ms = 2\n";

/// Appends `position raw` lines to a file; its position is that of the last whole line.
struct FileSink {
    path: PathBuf,
    position: u64,
}

impl FileSink {
    fn open(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        // Cut in place: writing it anew would lose all of it to a kill in between.
        let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path).unwrap();
        file.set_len(whole.len() as u64).unwrap();
        let last = whole.lines().last().and_then(|line| line.split(' ').next()?.parse::<u64>().ok());
        Self { path, position: last.map_or(0, |last| last + 1) }
    }
}

impl Sink for FileSink {
    fn name(&self) -> &'static str {
        "file"
    }

    fn position(&self) -> Option<u64> {
        Some(self.position)
    }

    fn take(&mut self, batch: &EventBatch, next: u64) -> Result<(), SinkError> {
        let mut text = Vec::new();
        for row in 0..batch.len() {
            let position = batch.positions()[row];
            if position >= self.position {
                text.extend(format!("{position} ").bytes());
                text.extend(batch.raw().value(row));
                text.push(b'\n');
            }
        }
        let mut file = std::fs::File::options().append(true).open(&self.path).unwrap();
        file.write_all(&text).unwrap();
        self.position = next;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

/// Plays the collector when started as a child; does nothing otherwise.
#[test]
fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = PathBuf::from(folder);
    let sink = FileSink::open(folder.join("stored"));
    let _collector = Collector::start(&config(TABLES), &folder, vec![Box::new(sink)], None).unwrap();
    // Until it is killed, or its parent is gone.
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
}

fn start(world: &World) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture"])
        .env(FOLDER, world.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A small generator of pseudo-random numbers, so that every run plays the same.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn faults() -> usize {
    std::env::var("SELVEDGE_FAULTS").ok().and_then(|count| count.parse().ok()).unwrap_or(25)
}

#[test]
fn kill_rotate_and_truncate_lose_and_repeat_nothing() {
    let world = World::new();
    let log = world.path("a.log");
    append(&log, "");
    append(&world.path("stored"), "");
    let mut dice = Dice(7);
    let mut written = 0_u64;
    let mut write = |count: u64| {
        let text: String = (0..count).fold(String::new(), |mut text, _| {
            written += 1;
            let _ = std::fmt::Write::write_fmt(
                &mut text,
                format_args!("line {written} {}\n", "x".repeat((written % 97) as usize)),
            );
            text
        });
        append(&log, &text);
        written
    };
    let stored = || std::fs::read_to_string(world.path("stored")).unwrap_or_default();
    let has = |number: u64| stored().contains(&format!(" line {number} "));
    let mut child = start(&world);
    for fault in 0..faults() {
        let last = write(1 + dice.throw(400));
        match dice.throw(4) {
            // The log is moved away while its last lines may be unread.
            0 => {
                shift(&world);
                std::fs::rename(&log, world.path("a.log.1")).unwrap();
                append(&log, "");
            }
            // Copied and truncated; logrotate's manual says that what is written in between is lost, so nothing is.
            1 => {
                shift(&world);
                std::fs::copy(&log, world.path("a.log.1")).unwrap();
                std::fs::File::options().write(true).truncate(true).open(&log).unwrap();
                // What was read is told from what is there; that takes one look between two truncations.
                eventually(|| has(last), || format!("line {last} never came, fault {fault}"));
            }
            _ => {}
        }
        // A reader that never gets to its end would only show that it can starve.
        if dice.throw(6) == 0 {
            eventually(|| has(last), || format!("line {last} never came, fault {fault}"));
        }
        std::thread::park_timeout(Duration::from_millis(dice.throw(60)));
        child.kill().unwrap();
        child.wait().unwrap();
        child = start(&world);
    }
    let last = write(1);
    eventually(|| has(last), || format!("line {last} never came"));
    eventually(
        || stored().lines().count() as u64 >= last,
        || format!("{} of {last} lines are stored", stored().lines().count()),
    );
    child.kill().unwrap();
    child.wait().unwrap();
    let mut numbers: Vec<u64> =
        stored().lines().map(|line| line.split(' ').nth(2).unwrap().parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    println!("{} faults, {last} lines: 0 lost, 0 stored twice", faults());
}

/// Moves rotated files one number on.
fn shift(world: &World) {
    for number in (1..2_000).rev() {
        let from = world.path(&format!("a.log.{number}"));
        if from.exists() {
            std::fs::rename(from, world.path(&format!("a.log.{}", number + 1))).unwrap();
        }
    }
}
