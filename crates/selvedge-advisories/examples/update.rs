//! Imports into an index and says what came of it: `update INDEX FROM…`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program for developers")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use selvedge_advisories::import::{ImportSource, UpdateOptions, update};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sources: Vec<_> = arguments[1..].iter().map(|text| ImportSource::parse(text)).collect();
    let options = UpdateOptions { imported_at: 1_764_000_000, ..UpdateOptions::default() };
    let start = Instant::now();
    let report = update(Path::new(&arguments[0]), &sources, &options).unwrap();
    println!("{:?}: {} bytes", start.elapsed(), report.file_bytes);
    for origin in &report.status.origins {
        println!("{origin:?}");
    }
    for source in &report.status.sources {
        println!("{source:?}");
    }
    let mut kinds = BTreeMap::<String, (u32, String)>::new();
    for problem in &report.diagnostics {
        let text = problem.to_string();
        let kind = problem.message.split_once(": ").map_or(problem.message.as_str(), |it| it.1).to_owned();
        let entry = kinds.entry(kind).or_insert((0, text));
        entry.0 += 1;
    }
    for (kind, (count, example)) in kinds.iter().take(60) {
        println!("{count} {kind}: {example}");
    }
}
