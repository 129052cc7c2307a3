//! Delivery at least once, in order, over failures and restarts; and the shapes of alerts.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use selvedge_model::Severity;

use super::*;

/// Answers that a receiver gives, one per try; then it takes everything.
struct Scripted {
    answers: Arc<Mutex<Vec<Result<(), SendError>>>>,
    sent: std::sync::mpsc::Sender<String>,
}

impl Driver for Scripted {
    fn send(&mut self, alert: &Alert) -> Result<(), SendError> {
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.is_empty() { Ok(()) } else { answers.remove(0) };
        if answer.is_ok() {
            self.sent.send(alert.id.clone()).unwrap();
        }
        answer
    }
}

type Drivers = Vec<(String, Box<dyn Driver>)>;

fn scripted(answers: Vec<Result<(), SendError>>) -> (Drivers, Receiver<String>) {
    let (sent, receiver) = channel();
    let driver = Scripted { answers: Arc::new(Mutex::new(answers)), sent };
    (vec![("out".to_owned(), Box::new(driver))], receiver)
}

fn alert(id: &str) -> Alert {
    Alert {
        message: "root logged in from `<x>`".to_owned(),
        techniques: vec!["T1110.001".to_owned()],
        host: Some("web1".to_owned()),
        matched: vec![("addr".to_owned(), "10.0.0.1".to_owned())],
        evidence: vec!["raw \"line\"".to_owned()],
        response: "Check it.".to_owned(),
        ..Alert::new(id, 1_700_000_000_000_000, "ssh-root", "Root login", Severity::High)
    }
}

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn what_is_refused_for_now_is_sent_again_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (drivers, sent) = scripted(vec![Err(SendError::Transient("down".to_owned()))]);
    let outputs = Outputs::with_drivers(folder.path(), drivers, 0).unwrap();
    for id in ["1", "2", "3"] {
        outputs.send(&alert(id)).unwrap();
    }
    let received: Vec<String> = (0..3).map(|_| sent.recv_timeout(PATIENCE).unwrap()).collect();
    assert_eq!(received, ["1", "2", "3"]);
    assert_eq!(outputs.counters()["out"].retried.load(Ordering::Relaxed), 1);
    outputs.stop();
}

#[test]
fn what_was_not_delivered_is_delivered_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let down = || Err(SendError::Transient("down".to_owned()));
    let (drivers, _sent) = scripted((0..9).map(|_| down()).collect());
    let outputs = Outputs::with_drivers(folder.path(), drivers, 0).unwrap();
    outputs.send(&alert("1")).unwrap();
    outputs.stop();
    let (drivers, sent) = scripted(vec![]);
    let outputs = Outputs::with_drivers(folder.path(), drivers, 0).unwrap();
    assert_eq!(sent.recv_timeout(PATIENCE).unwrap(), "1");
    outputs.stop();
}

#[test]
fn what_is_refused_for_good_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (drivers, sent) = scripted(vec![Err(SendError::Permanent("status 400".to_owned()))]);
    let outputs = Outputs::with_drivers(folder.path(), drivers, 0).unwrap();
    outputs.send(&alert("1")).unwrap();
    outputs.send(&alert("2")).unwrap();
    assert_eq!(sent.recv_timeout(PATIENCE).unwrap(), "2");
    outputs.stop();
    let text = std::fs::read_to_string(folder.path().join("out.rejected.ndjson")).unwrap();
    let value: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    assert_eq!((value["reason"].as_str(), value["alert"]["id"].as_str()), (Some("status 400"), Some("1")));
}

#[test]
fn ocsf_has_what_its_class_requires() {
    let finding = ocsf(&alert("a1"));
    for key in [
        "activity_id",
        "category_uid",
        "class_uid",
        "type_uid",
        "severity_id",
        "time",
        "metadata",
        "finding_info",
    ] {
        assert!(!finding[key].is_null(), "{key}");
    }
    assert_eq!((finding["class_uid"].as_u64(), finding["severity_id"].as_u64()), (Some(2004), Some(4)));
    assert_eq!(finding["time"], 1_700_000_000_000_i64);
    assert_eq!(finding["finding_info"]["attacks"][0]["sub_technique"]["uid"], "T1110.001");
}

#[test]
fn chat_messages_escape_what_events_say() {
    let text = slack(&alert("a1")).to_string();
    assert!(text.contains("&lt;x&gt;") && !text.contains("<x>"), "{text}");
    assert_eq!(teams(&alert("a1"))["attachments"][0]["content"]["version"], "1.4");
}

#[test]
fn syslog_is_rfc_5424() {
    let message = syslog_message(&alert("a\"1"), "here");
    assert_eq!(
        message,
        "<131>1 2023-11-14T22:13:20Z here selvedge - alert [alert@32473 id=\"a\\\"1\" rule=\"ssh-root\" severity=\"high\"] root logged in from `<x>`"
    );
}
