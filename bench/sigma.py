#!/usr/bin/env python3
"""Sigma over real Windows events: Selvedge's program against the rsigma library, on one core.

    bench/sigma.py [EVENTS [RULES...]]     the corpora's events and all of SigmaHQ's rules unless said otherwise

Both read the same NDJSON lines and the same rule files. Measured is CPU time of the one thread, so that other work on
the machine does not change it: rule loading, parsing, matching, and both together. rsigma runs as its library does it
best, with serde_json and its `sysmon` pipeline; its driver is built here, outside the workspace, into the folder of
the peers. Rules are taken once all together and once those for Windows alone, since rsigma does not enforce the log
sources of others. The matches of both are compared: whatever only one of them has is listed by rule.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from common import PEERS, ROOT, table

CORPORA = Path(os.environ.get("SELVEDGE_CORPORA", ROOT.parent / "shared" / "corpora"))
FOLDERS = ("rules", "rules-emerging-threats", "rules-threat-hunting", "rules-compliance", "rules-placeholder")
VERSION = "0.23.0"

MANIFEST = f"""[package]
name = "rsigma-driver"
version = "0.1.0"
edition = "2024"
[dependencies]
rsigma-eval = "={VERSION}"
rsigma-parser = "={VERSION}"
serde_json = "1"
[workspace]
"""

DRIVER = r"""
use rsigma_eval::{Engine, JsonEvent, resolve_builtin_pipeline};
use std::{fs, io::Write, path::{Path, PathBuf}};

fn cpu() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| walk(&entry.unwrap().path(), files));
    } else if path.extension().is_some_and(|extension| extension == "yml") {
        files.push(path.into());
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let events = arguments.next().unwrap();
    let (mut files, mut hits, mut windows) = (vec![], None, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--hits" => hits = arguments.next(),
            "--windows" => windows = true,
            path => walk(Path::new(path), &mut files),
        }
    }
    files.sort();
    let is_wanted = |text: &String| !windows || text.lines().any(|line| line.trim() == "product: windows");
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).filter(is_wanted).collect();
    let start = cpu();
    let mut parsed = texts.iter().filter_map(|text| rsigma_parser::parse_sigma_yaml(text).ok());
    let mut rules = parsed.next().unwrap();
    parsed.for_each(|more| rules.rules.extend(more.rules));
    let loaded = cpu() - start;
    let mut engine = Engine::new();
    engine.add_pipeline(resolve_builtin_pipeline("sysmon").unwrap().unwrap());
    let start = cpu();
    engine.add_collection(&rules).unwrap();
    println!("rules {} load {loaded:.3}s compile {:.3}s", rules.rules.len(), cpu() - start);
    let bytes = fs::read(&events).unwrap();
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    for _ in 0..2 {
        let (mut parse, mut matching, mut found) = (0.0, 0.0, vec![]);
        for (index, chunk) in lines.chunks(1000).enumerate() {
            let start = cpu();
            let values: Vec<serde_json::Value> = chunk.iter().map(|line| serde_json::from_slice(line).unwrap()).collect();
            parse += cpu() - start;
            let start = cpu();
            for (at, value) in values.iter().enumerate() {
                for result in engine.evaluate(&JsonEvent::borrow(value)) {
                    found.push((index * 1000 + at, result.header.rule_id.clone().unwrap_or_default()));
                }
            }
            matching += cpu() - start;
        }
        let rate = |seconds: f64| lines.len() as f64 / seconds / 1000.0;
        println!("events {} hits {} parse {:.1}k/s match {:.1}k/s both {:.1}k/s",
            lines.len(), found.len(), rate(parse), rate(matching), rate(parse + matching));
        if let Some(path) = hits.take() {
            let mut file = fs::File::create(path).unwrap();
            found.iter().for_each(|(at, id)| writeln!(file, "{at}\t{id}").unwrap());
        }
    }
}
"""


def ours():
    """Builds the measuring program of Selvedge and returns its path."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    command = ["cargo", "build", "--release", "--locked", "--quiet", "-p", "selvedge-detect", "--example", "sigma_bench"]
    subprocess.run(command, cwd=ROOT, check=True)
    return target / "release" / "examples" / "sigma_bench"


def theirs():
    """Builds the driver of rsigma and returns its path, or None with a line that says why not."""
    folder = PEERS / "rsigma-driver"
    program = folder / "target" / "release" / "rsigma-driver"
    if not program.exists():
        (folder / "src").mkdir(parents=True, exist_ok=True)
        (folder / "Cargo.toml").write_text(MANIFEST)
        (folder / "src" / "main.rs").write_text(DRIVER)
        # One of its dependencies states a newer compiler than it needs.
        command = ["cargo", "build", "--release", "--quiet", "--ignore-rust-version", "--target-dir", folder / "target"]
        environment = {key: value for key, value in os.environ.items() if key != "CARGO_TARGET_DIR"}
        if subprocess.run(command, cwd=folder, env=environment).returncode != 0:
            print("rsigma: could not be built, left out")
            return None
    return program


def run(program, events, rules, windows, folder):
    """Best figures of a program, and its matches."""
    hits = folder / f"{program.name}.tsv"
    command = [program, events, *rules, "--hits", hits] + (["--windows"] if windows else [])
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    loaded = re.search(r"rules (\d+) load ([\d.]+)s compile ([\d.]+)s", output)
    rates = [tuple(map(float, found)) for found in re.findall(r"parse ([\d.]+)k/s match ([\d.]+)k/s both ([\d.]+)k/s", output)]
    best = max(rates, key=lambda rate: rate[2])
    load = float(loaded[2]) + float(loaded[3])
    return int(loaded[1]), load, best, set(hits.read_text().splitlines())


def differences(left, right, names):
    """Matches that only one of the two has, by rule."""
    for name, only in zip(names, (left - right, right - left)):
        print(f"only {name}: {len(only)}")
        for rule, count in collections.Counter(line.split("\t")[1] for line in only).most_common():
            print(f"    {count:6} {rule}")


def main():
    rules = sys.argv[2:] or [CORPORA / "sigma" / folder for folder in FOLDERS]
    programs = [("selvedge", ours()), (f"rsigma {VERSION}", theirs())]
    programs = [(name, program) for name, program in programs if program]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        events = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "events.ndjson"
        if len(sys.argv) < 2:
            packed = CORPORA / "events" / "otrf-50k.ndjson.zst"
            subprocess.run(["zstd", "-dqo", events, packed], check=True)
        for windows in (False, True):
            rows, matches = [], []
            for name, program in programs:
                count, load, (parse, match, both), found = run(program, events, rules, windows, folder)
                rows.append([name, count, f"{load:.2f}", f"{parse:.0f}", f"{match:.0f}", f"{both:.0f}", len(found)])
                matches.append(found)
            print("rules for Windows" if windows else "all rules")
            header = ["engine", "rules", "load s", "parse k/s", "match k/s", "both k/s", "matches"]
            table(rows, header)
            if len(matches) == 2:
                differences(*matches, [name for name, _ in programs])
            print()


if __name__ == "__main__":
    main()
