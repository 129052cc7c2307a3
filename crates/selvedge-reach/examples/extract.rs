//! Measures extraction on a checkout: `cargo run --release -p selvedge-reach --example extract -- FOLDER`.
//! Each file is extracted from memory five times and the fastest counts; the figures are per core.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use selvedge_reach::{FileUses, extract, wants};

/// A busy machine makes single runs useless.
const REPEATS: usize = 5;

#[derive(Default)]
struct Sum {
    files: usize,
    bytes: usize,
    stored: usize,
    time: Duration,
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&entry.path(), files),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
}

#[expect(clippy::print_stdout, reason = "a program that prints its figures")]
fn main() {
    let root = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().into_owned();
        if !wants(&path) {
            continue;
        }
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let mut time = Duration::MAX;
        let mut uses = FileUses::default();
        for _ in 0..REPEATS {
            let start = Instant::now();
            uses = black_box(extract(&path, black_box(&bytes)));
            time = time.min(start.elapsed());
        }
        let language = uses.language.map_or("configuration", |language| language.as_str()).to_owned();
        let sum = sums.entry(language).or_default();
        sum.files += 1;
        sum.bytes += bytes.len();
        sum.time += time;
        sum.stored += postcard::to_stdvec(&uses).map_or(0, |stored| stored.len());
    }
    println!("{:<14} {:>7} {:>9} {:>9} {:>9} {:>9}", "language", "files", "MB", "ms", "MB/s", "stored kB");
    for (language, sum) in sums {
        let seconds = sum.time.as_secs_f64().max(1e-9);
        println!(
            "{language:<14} {:>7} {:>9.1} {:>9.1} {:>9.0} {:>9.0}",
            sum.files,
            sum.bytes as f64 / 1e6,
            seconds * 1e3,
            sum.bytes as f64 / 1e6 / seconds,
            sum.stored as f64 / 1e3,
        );
    }
}
