//! Scans a tree with a Gitleaks pack and holds the result against the report of Gitleaks itself.
//!
//!     gitleaks_equality PACK TREE [REPORT.json]
//!
//! PACK is a file, or `builtin` for the built-in rules with decoding, proofs and judgement.
//! Compares (rule, file, line, secret) and prints every difference with the secret redacted; exits 1 if
//! there is one. Without a report it only prints counts and the time spent scanning.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_model::Redaction;
use selvedge_secrets::{RuleSet, ScanOptions, Scanner, load_toml};

/// Rule, file, 1-based line, secret.
type Key = (String, String, u64, Vec<u8>);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pack, tree, report @ ..] = arguments.as_slice() else {
        eprintln!("usage: gitleaks_equality PACK TREE [REPORT.json]");
        return ExitCode::from(2);
    };
    let started = Instant::now();
    let scanner = if pack == "builtin" {
        Scanner::new(Arc::new(RuleSet::builtin()), ScanOptions::default())
    } else {
        let text = std::fs::read_to_string(pack).expect("the pack is readable");
        let (set, diagnostics) = load_toml(&text, pack, &|path| Err(format!("not read: {path}")));
        for diagnostic in &diagnostics {
            eprintln!("{diagnostic}");
        }
        Scanner::new(Arc::new(set), ScanOptions::gitleaks())
    };
    println!("start-up: {:.1} ms for {} rules", millis(started.elapsed()), scanner.rules().len());

    let root = Path::new(tree);
    let mut ours = BTreeSet::new();
    let (mut files, mut bytes_read, mut spent) = (0_u64, 0_u64, Duration::ZERO);
    for path in files_under(root) {
        let name = path.to_string_lossy();
        if scanner.skips_path(&name) {
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        // Gitleaks leaves out what it takes for an archive by its first bytes; of those only tar is text.
        if bytes.get(257..262) == Some(b"ustar") {
            continue;
        }
        files += 1;
        bytes_read += bytes.len() as u64;
        let started = Instant::now();
        let hits = scanner.scan(Some(&name), &bytes, &mut Vec::new());
        spent += started.elapsed();
        for hit in hits.iter().filter(|hit| hit.allowed.is_none()) {
            let id = scanner.rules().secret_rules()[hit.rule].id().to_owned();
            let line = if hit.is_path_only() { 0 } else { u64::from(hit.gitleaks_line(&bytes)) };
            ours.insert((id, name.to_string(), line, hit.secret.expose().to_vec()));
        }
    }
    println!("{files} files, {bytes_read} bytes, {:.1} ms scanning, {} findings", millis(spent), ours.len());
    report.first().map_or(ExitCode::SUCCESS, |report| compare(&ours, report))
}

fn compare(ours: &BTreeSet<Key>, report: &str) -> ExitCode {
    let text = std::fs::read_to_string(report).expect("the report is readable");
    let theirs: Vec<serde_json::Value> = serde_json::from_str(&text).expect("the report is JSON");
    let theirs: BTreeSet<Key> = theirs.iter().map(key).collect();
    let equal = ours.intersection(&theirs).count();
    println!("equal: {equal}; only ours: {}; only Gitleaks: {}", ours.len() - equal, theirs.len() - equal);
    for (side, key) in ours
        .difference(&theirs)
        .map(|key| ("only ours", key))
        .chain(theirs.difference(ours).map(|key| ("only Gitleaks", key)))
    {
        println!("{side}: {} {}:{} {}", key.0, key.1, key.2, Redaction::of(&key.3));
    }
    if *ours == theirs { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn key(finding: &serde_json::Value) -> Key {
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let secret = text("Secret");
    let line = if secret.is_empty() { 0 } else { finding["StartLine"].as_u64().unwrap_or(0) };
    (text("RuleID"), text("File"), line, secret.into_bytes())
}

fn files_under(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(path) = pending.pop() {
        let Ok(kind) = path.symlink_metadata() else { continue };
        if kind.is_dir() {
            pending
                .extend(std::fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if kind.is_file() {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
