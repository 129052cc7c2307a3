//! What correlations make of sequences of events.

use selvedge_detect::{Detector, Loader, SavedState, Settings};
use selvedge_event::{EventBatch, EventBatchBuilder, Limits, Origin};
use selvedge_model::FingerprintKey;

const RULES: &str = "title: Failed
name: failed
id: failed
logsource: {category: login}
detection: {s: {result: fail}, condition: s}
---
title: Success
name: success
id: success
logsource: {category: login}
detection: {s: {result: ok}, condition: s}
---
";

fn correlation(body: &str) -> String {
    let body = body.replace('\n', "\n    ");
    format!("{RULES}title: C\nid: c\ncorrelation:\n    {body}\n")
}

fn detector(text: &str) -> Detector {
    let mut loader = Loader::new();
    loader.add("r.yml", text);
    let (rules, diagnostics) = loader.finish();
    assert_eq!(diagnostics, []);
    Detector::new(rules, FingerprintKey::builtin())
}

/// Events written `seconds result user bytes`.
fn batch(events: &[&str], first: usize) -> EventBatch {
    let mut builder = EventBatchBuilder::new(Limits::default());
    for (index, event) in events.iter().enumerate() {
        let parts: Vec<&str> = event.split(' ').collect();
        let bytes = parts.get(3).unwrap_or(&"1");
        let user = if parts[2] == "-" { String::new() } else { format!(r#","user":"{}""#, parts[2]) };
        let time = 1_600_000_000 + parts[0].parse::<i64>().unwrap();
        let line = format!(r#"{{"timestamp":{time},"result":"{}"{user},"bytes":{bytes}}}"#, parts[1]);
        let mut origin = Origin::new("t", (first + index) as u64, 0);
        origin.logsource.category = Some("login");
        builder.push_json(&origin, line.as_bytes()).unwrap();
    }
    builder.finish().unwrap()
}

/// Alerts as `id group positions`.
fn run(detector: &Detector, batches: &[&[&str]]) -> Vec<String> {
    let mut session = detector.session(Settings::default());
    let mut alerts = Vec::new();
    let mut first = 0;
    for events in batches {
        alerts.extend(session.process(&batch(events, first)));
        first += events.len();
    }
    alerts.extend(session.finish());
    alerts.iter().map(show).collect()
}

fn show(alert: &selvedge_detect::Alert) -> String {
    let group: Vec<&str> = alert.fields.iter().map(|(_, value)| value.as_str()).collect();
    let positions: Vec<String> = alert.evidence.iter().map(|event| event.position.to_string()).collect();
    format!("{} {} {}", alert.finding.rule, group.join(","), positions.join(","))
}

#[track_caller]
fn check(body: &str, events: &[&str], expected: &[&str]) {
    assert_eq!(run(&detector(&correlation(body)), &[events]), expected);
    // One event at a time gives the same.
    let single: Vec<&[&str]> = events.chunks(1).collect();
    assert_eq!(run(&detector(&correlation(body)), &single), expected);
}

const COUNT: &str = "type: event_count
rules: [failed]
group-by: [user]
timespan: 10s
condition: {gte: 3}";

#[test]
fn event_count() {
    check(COUNT, &["0 fail a", "1 fail b", "4 fail a", "9 fail a"], &["c a 0,2,3"]);
    check(COUNT, &["0 fail a", "4 fail a", "11 fail a"], &[]);
    // The window is consumed: an attack that goes on is told again at the next threshold.
    check(
        COUNT,
        &["0 fail a", "1 fail a", "2 fail a", "3 fail a", "4 fail a", "5 fail a"],
        &["c a 0,1,2", "c a 3,4,5"],
    );
    // An event that comes late is put in its place.
    check(COUNT, &["0 fail a", "8 fail a", "4 fail a"], &["c a 0,2,1"]);
    check(COUNT, &["0 fail -", "1 fail -", "2 fail -"], &[]);
}

#[test]
fn few_events_are_told_when_the_window_is_over() {
    let body = COUNT.replace("{gte: 3}", "{lt: 2}");
    check(&body, &["0 fail a", "1 fail b", "2 fail b", "100 fail -"], &["c a 0"]);
    let body = COUNT.replace("{gte: 3}", "{gt: 1, lte: 2}");
    check(&body, &["0 fail a", "1 fail b", "2 fail b", "3 fail c", "4 fail c", "5 fail c"], &["c b 1,2"]);
}

#[test]
fn value_count() {
    let body = "type: value_count
rules: [failed]
timespan: 10s
condition: {field: user, gte: 2}";
    // Of equal values the latest stands for all.
    check(body, &["0 fail a", "1 fail a", "2 fail b"], &["c  1,2"]);
    check(body, &["0 fail a", "1 fail a"], &[]);
}

#[test]
fn temporal() {
    let body = "type: temporal
rules: [failed, success]
group-by: [user]
timespan: 10s";
    check(body, &["0 ok a", "1 fail b", "5 fail a"], &["c a 0,2"]);
    check(body, &["0 ok a", "11 fail a"], &[]);
    let ordered = body.replace("temporal", "temporal_ordered");
    check(&ordered, &["0 ok a", "5 fail a"], &[]);
    check(&ordered, &["0 fail a", "5 ok a"], &["c a 0,1"]);
    check(&ordered, &["0 fail a", "11 ok a"], &[]);
}

#[test]
fn sums_means_and_percentiles() {
    let body = |kind: &str, condition: &str| {
        format!(
            "type: {kind}\nrules: [success]\ngroup-by: [user]\ntimespan: 10s\ncondition: {{field: bytes, {condition}}}"
        )
    };
    check(&body("value_sum", "gt: 10"), &["0 ok a 6", "1 ok b 6", "2 ok a 6"], &["c a 0,2"]);
    check(&body("value_avg", "gte: 5"), &["0 ok a 1", "1 ok a 9"], &["c a 0,1"]);
    check(&body("value_avg", "gte: 5"), &["0 ok a 1", "1 ok a 8"], &[]);
    check(
        &body("value_percentile", "percentile: 50, gte: 7"),
        &["0 ok a 1", "1 ok a 7", "2 ok a 9"],
        &["c a 0,1,2"],
    );
}

#[test]
fn a_correlation_feeds_another() {
    let text = correlation(COUNT).replace("id: c\n", "id: many\nname: many\n")
        + "---
title: Guessed
id: guessed
correlation:
    type: temporal_ordered
    rules: [many, success]
    group-by: [user]
    timespan: 60s
";
    let events = ["0 fail a", "1 fail a", "2 fail a", "9 ok b", "10 ok a", "20 ok a"];
    assert_eq!(run(&detector(&text), &[&events]), ["guessed a 2,4"]);
}

#[test]
fn aliases_join_fields_of_different_names() {
    let text = "title: A
name: first
logsource: {category: login}
detection: {s: {result: fail}, condition: s}
---
title: B
name: second
logsource: {category: login}
detection: {s: {result: ok}, condition: s}
---
title: C
id: c
correlation:
    type: temporal
    rules: [first, second]
    group-by: [who]
    timespan: 10s
    aliases:
        who: {first: user, second: bytes}
";
    assert_eq!(run(&detector(text), &[&["0 fail 7 1", "1 ok 8 7", "2 ok 8 9"]]), ["c 7 0,1"]);
}

#[test]
fn one_rule_feeds_two_correlations() {
    let text = correlation(COUNT)
        + "---
title: D
id: d
correlation:
    type: event_count
    rules: [failed]
    timespan: 10s
    condition: {gte: 4}
";
    let events = ["0 fail a", "1 fail a", "2 fail a", "3 fail b"];
    assert_eq!(run(&detector(&text), &[&events]), ["c a 0,1,2", "d  0,1,2,3"]);
}

#[test]
fn a_restart_gives_the_alerts_of_an_uninterrupted_run() {
    let detector = detector(&correlation(COUNT));
    let events = ["0 fail a", "1 fail b", "4 fail a", "5 fail b", "9 fail a", "9 fail b", "10 fail b"];
    let whole = run(&detector, &[&events]);
    for cut in 0..=events.len() {
        let mut alerts = Vec::new();
        let mut state = SavedState::default();
        for (part, first) in
            [(&events[..cut], 0), (&events[cut..], cut)].into_iter().filter(|(part, _)| !part.is_empty())
        {
            let mut session = detector.resume(Settings::default(), state.clone());
            alerts.extend(session.process(&batch(part, first)));
            let text = serde_json::to_string(&session.save()).unwrap();
            state = serde_json::from_str(&text).unwrap();
        }
        assert_eq!(alerts.iter().map(show).collect::<Vec<_>>(), whole, "cut at {cut}");
    }
}

#[test]
fn memory_is_bounded_and_eviction_is_told() {
    let detector = detector(&correlation(COUNT));
    let mut session = detector.session(Settings { bytes_max: 4000, ..Settings::default() });
    let events: Vec<String> = (0..200).map(|user| format!("1 fail u{user}")).collect();
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    session.process(&batch(&events, 0));
    assert!(session.take_notices().evicted_groups > 150);
    assert_eq!(session.take_notices().evicted_groups, 0);
}

#[test]
fn what_is_too_late_is_counted() {
    let detector = detector(&correlation(COUNT));
    let mut session = detector.session(Settings { lateness: 5_000_000, ..Settings::default() });
    session.process(&batch(&["100 fail a", "94 fail a", "95 fail a", "96 fail -"], 0));
    let notices = session.take_notices();
    assert_eq!((notices.late, notices.ungrouped), (1, 1));
}
