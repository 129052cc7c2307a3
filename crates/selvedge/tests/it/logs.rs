//! `selvedge logs`: files and streams of logs in, findings and alerts out.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, Stdio};

use crate::project::{Project, Ran};

/// Twelve failed logins over SSH from one address within two minutes, as sshd writes them by syslog.
fn brute_force() -> String {
    let mut text = String::new();
    for attempt in 0..12 {
        let (minute, second) = (attempt / 6, attempt % 6 * 10);
        writeln!(
            text,
            "Nov  3 10:0{minute}:{second:02} web1 sshd[4711]: Failed password for root from 203.0.113.9 port {} ssh2",
            5200 + attempt
        )
        .unwrap();
    }
    text
}

const BRUTE_FORCE: &str = "ef1e4cff-0e30-47ae-bc76-bc8122b1beca";

fn findings(ran: &Ran) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    report["findings"].as_array().unwrap().iter().map(|it| text(&it["rule"])).collect()
}

#[test]
fn a_brute_force_in_a_text_log_is_one_finding() {
    let project = Project::new();
    project.write("auth.log", brute_force());
    let ran = project.run(&["logs", "detect", "auth.log", "--format", "json"]).expect(0);
    assert_eq!(findings(&ran), [BRUTE_FORCE]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["run"]["mode"], "logs");
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("host=web1, rhost=203.0.113.9"), "{message}");
    let ran = project.run(&["logs", "detect", "auth.log", "--fail-on", "medium"]).expect(1);
    assert!(ran.out.contains("SSH passwords are being guessed"), "{}", ran.out);
}

#[test]
fn one_attempt_less_is_none() {
    let project = Project::new();
    let text = brute_force();
    project.write("auth.log", text.split_once('\n').unwrap().1);
    let ran = project.run(&["logs", "detect", "auth.log", "--format", "json"]).expect(0);
    assert!(findings(&ran).is_empty(), "{}", ran.out);
}

#[test]
fn files_are_joined_in_event_time_whatever_their_order() {
    let project = Project::new();
    let text = brute_force();
    let lines: Vec<&str> = text.lines().collect();
    project.write("logs/a.log", lines[6..].join("\n")).write("logs/b.log", lines[..6].join("\n"));
    let ran = project.run(&["logs", "detect", "logs", "--format", "json"]).expect(0);
    assert_eq!(findings(&ran), [BRUTE_FORCE]);
}

#[test]
fn the_summary_counts_matches_of_each_rule() {
    let project = Project::new();
    project.write("auth.log", brute_force());
    let ran = project.run(&["logs", "detect", "auth.log", "--summary"]).expect(0);
    assert!(ran.out.contains("12 events, "), "{}", ran.out);
    assert!(ran.out.contains("  12  SSH password attempt failed ("), "{}", ran.out);
}

const OWN_RULE: &str = "title: Door opened\nid: 6f1f8c1e-5c0e-4f0f-9d35-7a3d8d0a4a11\nlogsource:\n  product: door\ndetection:\n  selection:\n    state: open\n  condition: selection\nlevel: high\nselvedge:\n  examples:\n    positive:\n      - {state: open}\n    negative:\n      - {state: shut}\n";

#[test]
fn own_rules_run_over_json_from_standard_input() {
    let project = Project::new();
    project.write("rules/door.yml", OWN_RULE).write("rules/broken.yml", "title: x\nlogsource: {}\n");
    let arguments =
        ["logs", "detect", "-", "--rules", "rules", "--no-builtin", "--product", "door", "--format", "json"];
    let mut child = project.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = "[{\"state\": \"open\", \"where\": \"cellar\"},\n {\"state\": \"shut\"}]\n";
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ran = Ran::of(&child.wait_with_output().unwrap()).expect(1);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["findings"][0]["rule"], "6f1f8c1e-5c0e-4f0f-9d35-7a3d8d0a4a11");
    assert_eq!(report["diagnostics"][0]["kind"], "bad-rule");
    assert_eq!(report["diagnostics"][0]["path"], "broken.yml");
    assert_eq!(report["run"]["rule_sources"][0]["rules"], 1);
}

#[test]
fn an_exception_with_owner_and_end_suppresses_an_alert() {
    let project = Project::new();
    project.write("auth.log", brute_force());
    project.write(
        ".selvedge/exceptions.toml",
        format!(
            "[[exceptions]]\nrule = \"{BRUTE_FORCE}\"\nreason = \"a drill\"\nowner = \"ada@example.org\"\nexpires = \"2099-01-01\"\n"
        ),
    );
    let ran = project.run(&["logs", "detect", "auth.log", "--format", "json"]).expect(0);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(findings(&ran).is_empty(), "{}", ran.out);
    assert_eq!(report["suppressed"][0]["suppression"]["owner"], "ada@example.org");
}

#[test]
fn what_is_not_there_or_no_rule_cannot_be_done() {
    let project = Project::new();
    project.run(&["logs", "detect", "nothing.log"]).expect(2);
    project.write("a.log", "x\n").write("bad.yml", "title: x\n");
    let ran = project.run(&["logs", "detect", "a.log", "--no-builtin", "--rules", "bad.yml"]).expect(2);
    assert!(ran.err.contains("no detection rule can be used"), "{}", ran.err);
}

#[test]
fn rules_are_tested_linted_covered_and_explained() {
    let project = Project::new();
    project.write("rules/door.yml", OWN_RULE);
    let ran = project.run(&["rules", "test", "rules"]).expect(0);
    assert_eq!(ran.out, "1 rule: 2 examples passed, 0 failed\n");
    project.write("rules/wrong.yml", OWN_RULE.replace("- {state: shut}", "- {state: open}"));
    let ran = project.run(&["rules", "test", "rules"]).expect(1);
    assert!(ran.out.contains("matches and must not"), "{}", ran.out);
    let ran = project.run(&["rules", "lint", "rules"]).expect(1);
    assert!(ran.out.contains("6f1f8c1e-5c0e-4f0f-9d35-7a3d8d0a4a11"), "{}", ran.out);
    let ran = project.run(&["rules", "coverage"]).expect(0);
    assert!(ran.out.contains("T1110.001"), "{}", ran.out);
    let layer = project.run(&["rules", "coverage", "--format", "navigator"]).expect(0);
    let layer: serde_json::Value = serde_json::from_str(&layer.out).unwrap();
    assert_eq!(layer["domain"], "enterprise-attack");
    let ran = project.run(&["explain", BRUTE_FORCE]).expect(0);
    assert!(ran.out.contains("SSH passwords are being guessed from one address"), "{}", ran.out);
    let by_title = project.run(&["explain", "SSH passwords are being guessed from one address"]).expect(0);
    assert_eq!(by_title.out, ran.out);
}

const CONFIG: &str = "[[logs.input]]\nname = \"auth\"\ntype = \"file\"\ninclude = [\"auth.log\"]\n\n[[logs.output]]\nname = \"file\"\ntype = \"file\"\npath = \"alerts.ndjson\"\n";

#[test]
fn the_collector_reads_a_journal_to_its_end_and_honours_exceptions() {
    let run = |project: &Project| {
        project.write("selvedge.toml", "[[logs.input]]\nname = \"journal\"\ntype = \"stdin\"\n");
        let mut child = project
            .command(&["logs", "collect"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        for attempt in 0_u64..12 {
            let time = 1_760_220_855_003_000 + attempt * 5_000_000;
            writeln!(
                input,
                r#"{{"__REALTIME_TIMESTAMP":"{time}","_HOSTNAME":"web1","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"Failed password for root from 203.0.113.9 port {} ssh2"}}"#,
                5200 + attempt
            )
            .unwrap();
        }
        drop(input);
        Ran::of(&child.wait_with_output().unwrap()).expect(0)
    };
    let ran = run(&Project::new());
    assert!(
        ran.out.contains("guessed from one address: 12 events (host=web1, rhost=203.0.113.9)"),
        "{}",
        ran.out
    );
    let project = Project::new();
    project.write(
        ".selvedge/exceptions.toml",
        format!(
            "[[exceptions]]\nrule = \"{BRUTE_FORCE}\"\nreason = \"a drill\"\nowner = \"ada@example.org\"\nexpires = \"2099-01-01\"\n"
        ),
    );
    assert_eq!(run(&project).out, "");
}

/// A collector that runs.
struct Collecting {
    child: Child,
    notes: std::io::Lines<BufReader<std::process::ChildStderr>>,
}

impl Collecting {
    /// Starts it and waits until it says that it collects.
    fn start(project: &Project, arguments: &[&str]) -> Self {
        let mut command = project.command(&[&["logs", "collect"], arguments].concat());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let notes = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut collecting = Self { child, notes };
        collecting.until("collecting from 1 inputs");
        collecting
    }

    /// Waits until it says so.
    fn until(&mut self, note: &str) {
        let mut seen = String::new();
        for line in self.notes.by_ref() {
            let line = line.unwrap();
            if line.contains(note) {
                return;
            }
            seen += &line;
        }
        panic!("it ended with {}: {seen}", self.child.wait().unwrap());
    }

    /// Asks it to stop, which must end well.
    fn stop(mut self) {
        std::process::Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

/// Waits for the condition, for as long as the machine needs within a minute.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..1_200 {
        if holds() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("never: {what}");
}

#[cfg(unix)]
#[test]
fn a_restart_of_the_collector_gives_the_alert_of_an_uninterrupted_run() {
    let project = Project::new();
    let text = brute_force();
    let lines: Vec<&str> = text.lines().collect();
    project.write("selvedge.toml", CONFIG).write("auth.log", lines[..7].join("\n") + "\n");
    let state = project.path(".selvedge/logs/detection.json");
    let saved = |needle: &str| std::fs::read_to_string(&state).is_ok_and(|text| text.contains(needle));
    let collecting = Collecting::start(&project, &[]);
    until("the state of seven attempts is saved", || saved("203.0.113.9"));
    collecting.stop();
    let alerts = project.path("alerts.ndjson");
    let read = || std::fs::read_to_string(&alerts).unwrap_or_default();
    assert_eq!(read(), "");
    let collecting = Collecting::start(&project, &[]);
    let mut file = std::fs::File::options().append(true).open(project.path("auth.log")).unwrap();
    file.write_all((lines[7..].join("\n") + "\n").as_bytes()).unwrap();
    until("an alert is written", || read().ends_with('\n'));
    collecting.stop();
    let read = read();
    assert_eq!(read.lines().count(), 1, "{read}");
    let alert: serde_json::Value = serde_json::from_str(&read).unwrap();
    assert_eq!(alert["rule"], BRUTE_FORCE);
    assert_eq!(alert["host"], "web1");
    assert_eq!(alert["evidence"].as_array().unwrap().len(), 12);
}

#[cfg(unix)]
#[test]
fn rules_that_change_take_over_while_events_come() {
    let project = Project::new();
    project
        .write("selvedge.toml", CONFIG.replace("[[logs.output]]", "product = \"door\"\n\n[[logs.output]]"));
    project.write("rules/door.yml", OWN_RULE.replace("state: open", "state: ajar")).write("auth.log", "");
    let mut collecting = Collecting::start(&project, &["--rules", "rules", "--no-builtin"]);
    let mut file = std::fs::File::options().append(true).open(project.path("auth.log")).unwrap();
    writeln!(file, "{{\"state\":\"open\",\"where\":\"cellar\"}}").unwrap();
    let state = project.path(".selvedge/logs/detection.json");
    until("the first event went through the rules", || state.exists());
    project.write("rules/door.yml", OWN_RULE);
    collecting.until("rules have changed: 1 detection rules");
    writeln!(file, "{{\"state\":\"open\",\"where\":\"attic\"}}").unwrap();
    let alerts = || std::fs::read_to_string(project.path("alerts.ndjson")).unwrap_or_default();
    until("an alert is written", || alerts().ends_with('\n'));
    collecting.stop();
    assert_eq!(alerts().lines().count(), 1, "{}", alerts());
    assert!(alerts().contains("attic"), "{}", alerts());
}

#[cfg(unix)]
#[test]
fn tail_prints_alerts_of_files_it_follows() {
    let project = Project::new();
    project.write("auth.log", brute_force());
    let arguments = ["logs", "tail", "auth.log", "--alerts", "--from-beginning"];
    let mut child = project.command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("SSH passwords are being guessed from one address: 12 events"), "{line}");
    std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(child.wait().unwrap().success());
}
