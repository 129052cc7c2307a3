//! GitLab's artefacts against the constraints that its documentation and validator name.

use selvedge_model::Report;
use selvedge_report::Format;
use serde_json::{Value, json};

use crate::fixture::{clean, rich};
use crate::schemas::{assert_valid, parsed};

/// The constraints of secret detection report 15.0.7 on the fields that we write.
fn secret_detection() -> Value {
    let named = json!({"type": "string", "minLength": 1});
    let address = json!({"type": "string", "pattern": "^(https?|ftp)://.+"});
    let time = json!({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"});
    let tool = json!({
        "type": "object",
        "required": ["id", "name", "version", "vendor"],
        "properties": {
            "id": named, "name": named, "version": named,
            "url": {"type": "string", "pattern": "^https?://.+"},
            "vendor": {"type": "object", "required": ["name"], "properties": {"name": named}}
        }
    });
    let message = json!({
        "required": ["level", "value"],
        "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": named}
    });
    let identifier = json!({
        "required": ["type", "name", "value"],
        "properties": {"type": named, "name": named, "value": named, "url": address}
    });
    let commit = json!({"type": "object", "required": ["sha"], "properties": {"sha": named}});
    let location = json!({
        "type": "object",
        "required": ["file", "commit", "start_line", "end_line"],
        "properties": {
            "file": {"type": "string"}, "commit": commit,
            "start_line": {"type": "integer", "minimum": 1}, "end_line": {"type": "integer", "minimum": 1}
        }
    });
    let vulnerability = json!({
        "type": "object",
        "required": ["id", "identifiers", "location"],
        "additionalProperties": false,
        "properties": {
            "id": named,
            "name": {"type": "string", "maxLength": 255},
            "description": {"type": "string", "maxLength": 1_048_576},
            "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
            "solution": {"type": "string", "maxLength": 7000},
            "identifiers": {"type": "array", "minItems": 1, "items": identifier},
            "links": {"type": "array", "items": {"required": ["url"], "properties": {"url": address}}},
            "location": location
        }
    });
    json!({
        "type": "object",
        "required": ["version", "scan", "vulnerabilities"],
        "properties": {
            "version": {"const": "15.0.7"},
            "scan": {
                "type": "object",
                "required": ["analyzer", "scanner", "start_time", "end_time", "status", "type"],
                "properties": {
                    "analyzer": tool, "scanner": tool, "start_time": time, "end_time": time,
                    "status": {"enum": ["success", "failure"]},
                    "type": {"const": "secret_detection"},
                    "messages": {"type": "array", "items": message}
                }
            },
            "vulnerabilities": {"type": "array", "items": vulnerability}
        }
    })
}

/// Checks the secret detection form of `report`.
#[track_caller]
pub(crate) fn assert_secret_detection(report: &Report) {
    assert_valid(&secret_detection(), &parsed(report, Format::GitlabSecretDetection));
}

#[test]
fn secret_detection_keeps_to_its_schema() {
    assert_secret_detection(&rich());
    assert_secret_detection(&clean());
    let mut long = rich();
    long.findings[1].title = "字".repeat(300);
    long.findings[1].remediation.steps = vec!["x".repeat(5000); 2];
    assert_secret_detection(&long);
}

#[test]
fn secret_detection_holds_every_finding_that_is_in_a_file() {
    let report = rich();
    let document = parsed(&report, Format::GitlabSecretDetection);
    let in_files = report.findings.iter().filter(|finding| finding.subject.location().is_some()).count();
    assert_eq!(document["vulnerabilities"].as_array().unwrap().len(), in_files);
}

#[test]
fn code_quality_has_what_gitlab_reads() {
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string"},
                "check_name": {"type": "string"},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "pattern": "^[^/]"},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}}
                        }
                    }
                }
            }
        }
    });
    let document = parsed(&rich(), Format::GitlabCodeQuality);
    assert_valid(&schema, &document);
    assert_eq!(document.as_array().unwrap().len(), rich().findings.len());
    assert_valid(&schema, &parsed(&clean(), Format::GitlabCodeQuality));
}
