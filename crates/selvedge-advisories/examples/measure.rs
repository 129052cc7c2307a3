//! Measures the index over OSV records: `measure BUILD-FOLDER FILE.jsonl.zst…`, `--times N` for N copies.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program for developers")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::Instant;

use selvedge_advisories::{BuildOptions, Index, IndexBuilder, OriginStatus, Query, Record};
use selvedge_package::Ecosystem;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap());
    if folder.is_file() {
        return measure(&folder);
    }
    let files: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let times: usize = std::env::var("TIMES").map_or(1, |it| it.parse().unwrap());
    let mut options = BuildOptions::new(folder.clone());
    if let Ok(level) = std::env::var("LEVEL") {
        options.level = level.parse().unwrap();
    }
    let path = folder.join("advisories.db");
    let start = Instant::now();
    let mut builder = IndexBuilder::new(options);
    let mut count = 0;
    for file in &files {
        let origin = builder.origin(OriginStatus { label: file.display().to_string(), ..Default::default() });
        let mut batch = Vec::new();
        let lines = BufReader::new(zstd::Decoder::new(std::fs::File::open(file).unwrap()).unwrap());
        for line in lines.lines() {
            let value = serde_json::from_str(&line.unwrap()).unwrap();
            for copy in 0..times {
                let value: serde_json::Value = value_of(&value, copy);
                let (record, problems) = Record::from_osv(&value).unwrap();
                builder.report(problems);
                batch.push(record);
                count += 1;
            }
            if batch.len() >= 1024 {
                builder.add(origin, std::mem::take(&mut batch)).unwrap();
            }
        }
        builder.add(origin, batch).unwrap();
    }
    println!("read {count} records in {:?}", start.elapsed());
    let mut out = tempfile::NamedTempFile::new_in(&folder).unwrap();
    let report = builder.finish(&mut out).unwrap();
    out.persist(&path).unwrap();
    println!("built in {:?}, {} bytes", start.elapsed(), std::fs::metadata(&path).unwrap().len());
    println!("{} problems", report.diagnostics.len());
    let mut kinds = std::collections::BTreeMap::<String, u32>::new();
    for problem in &report.diagnostics {
        *kinds.entry(problem.message.split_once(": ").unwrap().1.to_owned()).or_default() += 1;
    }
    println!("{kinds:#?}");
    let index = Index::open(&path).unwrap();
    println!("sections {:?}", index.section_bytes());
    measure(&path);
}

fn value_of(value: &serde_json::Value, copy: usize) -> serde_json::Value {
    let mut value = value.clone();
    if copy > 0 {
        value["id"] = format!("{}-{copy}", value["id"].as_str().unwrap()).into();
        for affected in value["affected"].as_array_mut().unwrap() {
            let name = format!("{}-{copy}", affected["package"]["name"].as_str().unwrap());
            affected["package"]["name"] = name.into();
        }
        if let Some(aliases) = value.get_mut("aliases").and_then(|it| it.as_array_mut()) {
            for alias in aliases {
                *alias = format!("{}-{copy}", alias.as_str().unwrap()).into();
            }
        }
    }
    value
}

fn measure(path: &std::path::Path) {
    let mut opens = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        let index = Index::open(path).unwrap();
        opens.push(start.elapsed());
        drop(index);
    }
    opens.sort();
    println!("open: median {:?}, best {:?}", opens[10], opens[0]);
    let index: &'static Index = Box::leak(Box::new(Index::open(path).unwrap()));
    let mut names = index.packages().unwrap();
    println!("{} packages", names.len());
    let mut state = 12345u64;
    let mut picked = Vec::new();
    for _ in 0..1000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        picked.push(names.swap_remove((state >> 33) as usize % names.len()));
    }
    let best = |ask: &mut dyn FnMut() -> usize| {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..15 {
            let start = Instant::now();
            found = ask();
            times.push(start.elapsed() / 1000);
        }
        let first = times[0];
        times.sort();
        format!("{:?} best, {:?} median, {first:?} first round, {found} found", times[0], times[7])
    };
    for version in ["0.0.1", "1.4.0-1", "99999.0.0"] {
        let query = |(ecosystem, name, release): &'static (String, String, String)| {
            let (ecosystem, _) = Ecosystem::from_osv(ecosystem);
            let release = if release.is_empty() { None } else { Some(release.as_str()) };
            Query { ecosystem, release, name, version: Some(version), ..Query::default() }
        };
        let picked: &'static [_] = Box::leak(picked.clone().into_boxed_slice());
        let count = best(&mut || picked.iter().map(|it| index.count(&query(it)).unwrap()).sum());
        println!("version {version}: lookup and evaluation a hit: {count}");
        let whole = best(&mut || picked.iter().map(|it| index.affected(&query(it)).unwrap().len()).sum());
        println!("version {version}: with every match decoded: {whole}");
    }
    let names: Vec<_> = picked.iter().map(|(ecosystem, name, _)| (ecosystem, format!("{name}x"))).collect();
    let miss = best(&mut || {
        let ask = |(ecosystem, name): &(&String, String)| {
            let (ecosystem, _) = Ecosystem::from_osv(ecosystem);
            index.count(&Query::new(ecosystem, name, "1.0.0")).unwrap()
        };
        names.iter().map(ask).sum()
    });
    println!("a miss: {miss}");
}
