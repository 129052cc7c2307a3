//! Alerts, explanations and coverage as users meet them.

use selvedge_detect::{Detector, Loader, Settings, coverage, explain, navigator_layer};
use selvedge_event::{EventBatch, EventBatchBuilder, Limits, Origin};
use selvedge_model::{Engine, FingerprintKey, Severity, Stage, Subject, Taxonomy};

const RULE: &str = r"title: Shell of a web server
id: 0022869c-49f7-4ff2-ba03-85ac42ddac58
description: A web server started a shell.
author: A. Author
references: [https://example.org/shell]
tags: [attack.execution, attack.t1059.004, cve.2021-44228]
logsource: {product: linux, category: process_creation}
detection:
    selection:
        ParentImage|endswith: [/nginx, /apache2]
        Image|endswith: /sh
    filter:
        User: root
    condition: selection and not filter
falsepositives: [Maintenance]
level: high
";

fn detector() -> Detector {
    let mut loader = Loader::new();
    loader.add("web.yml", RULE);
    let (rules, diagnostics) = loader.finish();
    assert_eq!(diagnostics, []);
    Detector::new(rules, FingerprintKey::builtin())
}

fn batch(line: &str) -> EventBatch {
    let mut builder = EventBatchBuilder::new(Limits::default());
    let mut origin = Origin::new("audit.log", 42, 7);
    origin.logsource.product = Some("linux");
    origin.logsource.category = Some("process_creation");
    builder.push_json(&origin, line.as_bytes()).unwrap();
    builder.finish().unwrap()
}

const EVENT: &str =
    r#"{"hostname":"web1","ParentImage":"/usr/sbin/nginx","Image":"/bin/sh","User":"www-data"}"#;

#[test]
fn an_alert_says_what_where_why_and_what_to_do() {
    let detector = detector();
    let mut session = detector.session(Settings::default());
    let alerts = session.process(&batch(EVENT));
    assert_eq!(alerts.len(), 1);
    let alert = &alerts[0];
    let finding = &alert.finding;
    assert_eq!(
        (finding.engine, finding.stage, finding.severity),
        (Engine::Detect, Stage::Operate, Severity::High)
    );
    assert_eq!(finding.message, "Shell of a web server on web1 (ParentImage=/usr/sbin/nginx, Image=/bin/sh)");
    assert_eq!(finding.why, "A web server started a shell.");
    assert_eq!(finding.remediation.steps[1], "Compare with known false positives: Maintenance.");
    assert_eq!(finding.reasons, ["rule by A. Author"]);
    let ids: Vec<_> =
        finding.references.iter().map(|reference| (reference.taxonomy, reference.id.as_str())).collect();
    assert_eq!(
        ids,
        [
            (Taxonomy::Attack, "T1059.004"),
            (Taxonomy::Cve, "CVE-2021-44228"),
            (Taxonomy::Url, "https://example.org/shell"),
        ]
    );
    assert_eq!(
        finding.subject,
        Subject::Event { source: "audit.log".to_owned(), group: vec!["web1".to_owned()] }
    );
    assert_eq!((alert.evidence[0].position, alert.evidence[0].raw.as_slice()), (42, EVENT.as_bytes()));
    assert_eq!(session.counts()[0].matches, 1);
}

#[test]
fn the_same_case_has_the_same_fingerprint() {
    let detector = detector();
    let fingerprint = |line: &str| {
        let alerts = detector.session(Settings::default()).process(&batch(line));
        alerts[0].finding.fingerprint.clone()
    };
    assert_eq!(fingerprint(EVENT), fingerprint(&EVENT.replace("www-data", "backup")));
    assert_ne!(fingerprint(EVENT), fingerprint(&EVENT.replace("web1", "web2")));
}

#[test]
fn control_characters_of_an_event_do_not_reach_the_message() {
    let line = EVENT.replace("/usr/sbin/nginx", "\\u001b[31m/nginx");
    let alerts = detector().session(Settings::default()).process(&batch(&line));
    assert!(alerts[0].finding.message.contains("ParentImage=\u{fffd}[31m/nginx"));
}

#[test]
fn an_explanation_shows_which_part_failed() {
    let detector = detector();
    let rule = &detector.rules().detections[0];
    let explanation = explain(rule, &batch(&EVENT.replace("/bin/sh", "/bin/ls")), 0);
    assert!(explanation.in_scope && !explanation.matches);
    let shown: Vec<String> = explanation
        .steps
        .iter()
        .map(|step| {
            let found = step.found.as_deref().map(|found| format!(" [{found}]")).unwrap_or_default();
            format!("{}{} {}{found}", "  ".repeat(step.depth), if step.holds { "+" } else { "-" }, step.text)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "- all of",
            "  - selection:",
            "    - all of",
            "      + ParentImage like `*/nginx` or like `*/apache2` [/usr/sbin/nginx]",
            "      - Image like `*/sh` [/bin/ls]",
            "  + not",
            "    - filter:",
            "      - all of",
            "        - User like `root` [www-data]",
        ]
    );
}

#[test]
fn coverage_is_a_table_and_a_layer() {
    let table = coverage(detector().rules());
    assert_eq!(table.len(), 1);
    assert_eq!(
        (table[0].technique.as_str(), table[0].tactics.as_slice()),
        ("T1059.004", ["execution".to_owned()].as_slice())
    );
    let layer = navigator_layer(&table, "ours");
    assert_eq!(layer["techniques"][0]["techniqueID"], "T1059.004");
    assert_eq!(layer["techniques"][0]["score"], 1);
    assert_eq!(layer["versions"]["layer"], "4.5");
}

#[test]
fn programs_are_shared_between_threads() {
    let detector = detector();
    let batches = [batch(EVENT), batch(&EVENT.replace("/bin/sh", "/bin/ls")), batch(EVENT)];
    let hits = std::thread::scope(|scope| {
        let program = detector.program();
        let run = |batch| scope.spawn(move || selvedge_detect::Runner::new(program).run(batch));
        let workers: Vec<_> = batches.iter().map(run).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    let mut session = detector.session(Settings::default());
    let alerts: Vec<usize> =
        batches.iter().zip(&hits).map(|(batch, hits)| session.process_hits(batch, hits).len()).collect();
    assert_eq!(alerts, [1, 0, 1]);
}
