//! SigmaHQ's rules, its regression samples, and real Windows events: data that nobody of this project wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use selvedge_detect::{Detector, Loader, Runner, Settings, add_folder, interpret};
use selvedge_event::{EventBatch, EventBatchBuilder, Limits, Origin};
use selvedge_model::FingerprintKey;

/// Detection rules of the corpus.
const RULES: usize = 3780;

/// Hits of all rules in the 50,229 events, as the documentation explains them.
const OTRF_HITS: usize = 579;

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("SELVEDGE_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let found = folder.join("sigma/rules").is_dir();
    if !found {
        println!("corpora absent: {} is not there; nothing compared", folder.display());
    }
    found.then_some(folder)
}

/// What both reference engines do: a rule about Linux processes sees those of Windows too.
const REFERENCE_PIPELINE: &str = "transformations:
  - type: change_logsource
    product: windows
    category: process_creation
    rule_conditions:
      - {type: logsource, product: linux, category: process_creation}
";

/// The one pair that rests on that: a rule about Linux, a sample of Windows.
const FOREIGN_PAIR: &str = "540703fb-a874-4385-a9d6-7cd1bfab268c 11bb9b26-4179-4a06-afcb-1ec31fce1627 1";

fn detector(corpora: &Path, pipeline: &str) -> Detector {
    let mut loader = Loader::new();
    loader.add_pipeline("pipeline.yml", pipeline);
    let mut diagnostics = Vec::new();
    for folder in
        ["rules", "rules-emerging-threats", "rules-threat-hunting", "rules-compliance", "rules-placeholder"]
    {
        add_folder(&mut loader, &corpora.join("sigma").join(folder), &mut diagnostics);
    }
    let (rules, more) = loader.finish();
    diagnostics.extend(more);
    assert_eq!(diagnostics, []);
    assert_eq!(rules.len(), RULES);
    Detector::new(rules, FingerprintKey::builtin())
}

fn samples(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            samples(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// The events of a sample: JSON values after each other.
fn sample(path: &Path) -> EventBatch {
    let text = fs::read_to_string(path).unwrap();
    let mut builder = EventBatchBuilder::new(Limits::default());
    let mut position = 0;
    let mut push = |event: &serde_json::Value| {
        builder.push_json(&Origin::new("sample", position, 0), event.to_string().as_bytes()).unwrap();
        position += 1;
    };
    for value in serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>() {
        match value.unwrap() {
            serde_json::Value::Array(events) => events.iter().for_each(&mut push),
            event => push(&event),
        }
    }
    builder.finish().unwrap()
}

/// File, rule and number of matches of every sample.
fn pairs(detector: &Detector, files: &[PathBuf]) -> BTreeSet<String> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut runner = Runner::new(detector.program());
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        for hit in runner.run(&sample(file)) {
            let rule = &detector.rules().detections[hit.rule as usize].meta.id;
            *counts.entry((name.clone(), rule.clone())).or_default() += 1;
        }
        assert!(counts.contains_key(&(name.clone(), name.clone())), "{name} does not fire on its own sample");
    }
    counts.iter().map(|((file, rule), count)| format!("{file} {rule} {count}")).collect()
}

#[test]
fn regression_samples_match_as_two_engines_agree() {
    let Some(corpora) = corpora() else { return };
    let mut files = Vec::new();
    samples(&corpora.join("sigma/regression_data"), &mut files);
    assert_eq!(files.len(), 202);
    let agreed = fs::read_to_string(corpora.join("events/regression-pairs.tsv")).unwrap();
    let mut agreed: BTreeSet<String> =
        agreed.lines().filter(|line| !line.starts_with('#')).map(|line| line.replace('\t', " ")).collect();
    let matches = |pairs: &BTreeSet<String>| -> usize {
        pairs.iter().map(|pair| pair.rsplit(' ').next().unwrap().parse::<usize>().unwrap()).sum()
    };
    assert_eq!(matches(&agreed), 353);
    let as_reference = pairs(&detector(&corpora, REFERENCE_PIPELINE), &files);
    assert_eq!(as_reference, agreed);
    assert!(agreed.remove(FOREIGN_PAIR));
    assert_eq!(pairs(&detector(&corpora, ""), &files), agreed);
    println!("regression: 202 of 202 rules fire; 353 matches as agreed, 352 with log sources enforced");
}

fn events(corpora: &Path) -> Vec<EventBatch> {
    let bytes = fs::read(corpora.join("events/otrf-50k.ndjson.zst")).unwrap();
    let text = zstd::decode_all(bytes.as_slice()).unwrap();
    let mut builder = EventBatchBuilder::new(Limits::default());
    let mut batches = Vec::new();
    for (position, line) in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate() {
        if builder.is_full() {
            batches.extend(builder.finish());
        }
        builder.push_json(&Origin::new("otrf", position as u64, 0), line).unwrap();
    }
    batches.extend(builder.finish());
    batches
}

/// Rows of each batch that the interpreter looks at.
const SLICE: usize = 3;

#[test]
fn real_windows_events_match_and_the_interpreter_agrees() {
    let Some(corpora) = corpora() else { return };
    let detector = detector(&corpora, "");
    let mut session = detector.session(Settings::default());
    let mut runner = Runner::new(detector.program());
    let (mut rows, mut hits) = (0, 0);
    for batch in events(&corpora) {
        let alerts = session.process(&batch);
        // The interpreter is slow: it looks at a few rows of each batch, one with a hit among them.
        let hit = alerts.first().map_or(0, |alert| alert.evidence[0].position as usize - rows);
        let some = hit.min(batch.len().saturating_sub(SLICE));
        let part = EventBatch::from_record_batch(batch.record().slice(some, SLICE.min(batch.len()))).unwrap();
        assert_eq!(runner.run(&part), interpret(detector.rules(), &part));
        rows += batch.len();
        hits += alerts.len();
    }
    assert_eq!((rows, hits), (50_229, OTRF_HITS));
    println!("otrf: {hits} hits in {rows} events");
}
