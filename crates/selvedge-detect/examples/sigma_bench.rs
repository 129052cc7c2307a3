//! Times rule loading, compilation, parsing and matching over a file of NDJSON events; counts hits per rule.
//!
//! `sigma_bench EVENTS RULES... [--hits FILE] [--windows] [--rows N]`: EVENTS is NDJSON, RULES are files or folders.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use selvedge_detect::{Loader, Program, Runner};
use selvedge_event::{EventBatchBuilder, Limits, Origin};

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let events = arguments.next().ok_or("usage: sigma_bench EVENTS RULES... [--hits FILE] [--windows]")?;
    let (mut folders, mut hits_file, mut windows) = (Vec::new(), None, false);
    let mut limits = Limits::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--hits" => hits_file = arguments.next(),
            "--windows" => windows = true,
            "--rows" => limits.rows_max = arguments.next().unwrap_or_default().parse()?,
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    let mut out = std::io::stdout();
    let mut files = Vec::new();
    for folder in &folders {
        rule_files(folder, &mut files)?;
    }
    files.sort();
    let texts: Vec<(String, String)> = files
        .iter()
        .map(|path| Ok((path.display().to_string(), fs::read_to_string(path)?)))
        .collect::<Result<_, std::io::Error>>()?;
    let start = cpu_seconds();
    let mut loader = Loader::new();
    texts
        .iter()
        .filter(|(_, text)| !windows || is_windows(text))
        .for_each(|(path, text)| loader.add(path, text));
    let (rules, diagnostics) = loader.finish();
    let loaded = cpu_seconds() - start;
    let start = cpu_seconds();
    let program = Program::compile(&rules);
    let compiled = cpu_seconds() - start;
    for diagnostic in &diagnostics {
        writeln!(out, "{diagnostic}")?;
    }
    writeln!(
        out,
        "rules {} load {loaded:.3}s compile {compiled:.3}s always-run {}",
        rules.len(),
        program.always_run_count()
    )?;

    let bytes = fs::read(&events)?;
    for _ in 0..3 {
        let (mut parse, mut matching, mut total, mut matches) = (0.0, 0.0, 0, BTreeMap::new());
        let mut runner = Runner::new(&program);
        let mut builder = EventBatchBuilder::new(limits);
        let mut lines = lines(&bytes).filter(|line| !line.is_empty()).enumerate().peekable();
        while lines.peek().is_some() {
            let start = cpu_seconds();
            while !builder.is_full() {
                let Some((position, line)) = lines.next() else { break };
                builder.push_json(&Origin::new(&events, position as u64, 0), line)?;
            }
            let Some(batch) = builder.finish() else { break };
            parse += cpu_seconds() - start;
            let start = cpu_seconds();
            let hits = runner.run(&batch);
            matching += cpu_seconds() - start;
            total += batch.len();
            for hit in hits {
                *matches.entry((hit.rule, batch.positions()[hit.row as usize])).or_insert(0) += 1;
            }
        }
        let rate = |seconds: f64| total as f64 / seconds / 1000.0;
        writeln!(
            out,
            "events {total} hits {} parse {:.1}k/s match {:.1}k/s both {:.1}k/s",
            matches.len(),
            rate(parse),
            rate(matching),
            rate(parse + matching)
        )?;
        if let Some(file) = hits_file.take() {
            let mut file = fs::File::create(file)?;
            for (rule, position) in matches.keys() {
                writeln!(file, "{position}\t{}", rules.detections[*rule as usize].meta.id)?;
            }
        }
    }
    Ok(())
}

/// Seconds this thread has run, which other work on the machine does not change; 0 where the system does not say.
fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|text| text.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// Lines without their ends.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len())).map(move |end| {
        let line = &bytes[start..end];
        start = (end + 1).min(bytes.len());
        line
    })
}

fn is_windows(text: &str) -> bool {
    text.lines().any(|line| line.trim() == "product: windows")
}

fn rule_files(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            rule_files(&entry?.path(), files)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
        files.push(path.to_owned());
    }
    Ok(())
}
