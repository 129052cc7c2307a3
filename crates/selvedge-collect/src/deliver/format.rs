//! The shapes in which receivers want alerts.

use std::fmt::Write;

use selvedge_model::Severity;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Alert;

/// Fields and events shown in a chat message.
const SHOWN_MAX: usize = 10;
/// Characters of each that are shown.
const SHOWN_CHARS_MAX: usize = 300;
/// RFC 5426 recommends that receivers take 2,048 bytes.
const SYSLOG_TEXT_BYTES_MAX: usize = 1_800;

/// A shape of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyFormat {
    /// The alert's own fields.
    #[default]
    Selvedge,
    /// OCSF Detection Finding.
    Ocsf,
    /// A Slack incoming webhook.
    Slack,
    /// A Microsoft Teams workflow webhook.
    Teams,
}

impl BodyFormat {
    /// One line of JSON.
    pub fn render(self, alert: &Alert) -> String {
        match self {
            Self::Selvedge => alert.to_json(),
            Self::Ocsf => ocsf(alert).to_string(),
            Self::Slack => slack(alert).to_string(),
            Self::Teams => teams(alert).to_string(),
        }
    }
}

/// OCSF 1.4, class Detection Finding (2004): <https://schema.ocsf.io/1.4.0/classes/detection_finding>.
pub fn ocsf(alert: &Alert) -> Value {
    let (severity_id, severity) = match alert.severity {
        Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    };
    let time = alert.time / 1_000;
    let attacks: Vec<Value> = alert.techniques.iter().map(|id| attack(id)).collect();
    let mut finding = json!({
        "activity_id": 1, "activity_name": "Create",
        "category_uid": 2, "category_name": "Findings",
        "class_uid": 2004, "class_name": "Detection Finding",
        "type_uid": 200_401, "type_name": "Detection Finding: Create",
        "severity_id": severity_id, "severity": severity,
        "status_id": 1, "status": "New",
        "time": time,
        "message": alert.message,
        "metadata": {
            "version": "1.4.0",
            "uid": alert.id,
            "product": {"name": "Selvedge", "vendor_name": "Selvedge", "version": env!("CARGO_PKG_VERSION")}
        },
        "finding_info": {
            "uid": alert.id,
            "title": alert.title,
            "desc": alert.why,
            "created_time": time,
            "analytic": {"uid": alert.rule, "name": alert.title, "type_id": 1, "type": "Rule"},
            "attacks": attacks
        },
        "evidences": alert.evidence.iter().map(|event| json!({"data": {"raw": event}})).collect::<Vec<_>>(),
        "observables": alert.matched.iter()
            .map(|(name, value)| json!({"name": name, "value": value, "type_id": 0, "type": "Unknown"})).collect::<Vec<_>>()
    });
    if !alert.response.is_empty() {
        finding["remediation"] = json!({"desc": alert.response, "references": alert.references});
    }
    if let Some(host) = &alert.host {
        finding["device"] = json!({"hostname": host, "type_id": 0});
    }
    finding
}

fn attack(id: &str) -> Value {
    match id.split_once('.') {
        Some((technique, _)) => json!({"technique": {"uid": technique}, "sub_technique": {"uid": id}}),
        None => json!({"technique": {"uid": id}}),
    }
}

/// Blocks of a Slack message. Text from events stands in code, where Slack reads no markup but `&`, `<` and `>`.
pub fn slack(alert: &Alert) -> Value {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let code = |text: &str| format!("`{}`", escape(&cut(text)).replace('`', "'"));
    let head = format!("*{}* ({})\n{}", escape(&alert.title), alert.severity, escape(&cut(&alert.message)));
    let mut blocks = vec![json!({"type": "section", "text": {"type": "mrkdwn", "text": head}})];
    let mut details = String::new();
    if let Some(host) = &alert.host {
        let _ = writeln!(details, "host {}", code(host));
    }
    for (name, value) in alert.matched.iter().take(SHOWN_MAX) {
        let _ = writeln!(details, "{} = {}", code(name), code(value));
    }
    if !details.is_empty() {
        let text: String = details.chars().take(2_900).collect();
        blocks.push(json!({"type": "section", "text": {"type": "mrkdwn", "text": text}}));
    }
    if !alert.response.is_empty() {
        let text = escape(&cut(&alert.response));
        blocks.push(json!({"type": "section", "text": {"type": "mrkdwn", "text": text}}));
    }
    let footer = format!("rule {} · {}", code(&alert.rule), code(&alert.id));
    blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": footer}]}));
    json!({"text": format!("{} ({})", escape(&alert.title), alert.severity), "blocks": blocks})
}

/// An Adaptive Card as Teams workflows take it.
pub fn teams(alert: &Alert) -> Value {
    let mut facts = vec![json!({"title": "Rule", "value": cut(&alert.rule)})];
    facts.extend(alert.host.iter().map(|host| json!({"title": "Host", "value": cut(host)})));
    let matched = alert.matched.iter().take(SHOWN_MAX);
    facts.extend(matched.map(|(name, value)| json!({"title": cut(name), "value": cut(value)})));
    let mut body = vec![
        json!({"type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": true, "text": format!("{} ({})", cut(&alert.title), alert.severity)}),
        json!({"type": "TextBlock", "wrap": true, "text": cut(&alert.message)}),
        json!({"type": "FactSet", "facts": facts}),
    ];
    if !alert.response.is_empty() {
        body.push(json!({"type": "TextBlock", "wrap": true, "text": cut(&alert.response)}));
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body}
        }]
    })
}

/// RFC 5424, facility local0, with the alert's identifiers as structured data.
pub fn syslog_message(alert: &Alert, own_host: &str) -> String {
    let severity = match alert.severity {
        Severity::Critical => 2,
        Severity::High => 3,
        Severity::Medium => 4,
        Severity::Low => 5,
        Severity::Info => 6,
    };
    let time = jiff::Timestamp::from_microsecond(alert.time)
        .map_or_else(|_| "-".to_owned(), |time| time.to_string());
    let value =
        |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace(']', "\\]").replace('\n', " ");
    let host: String = own_host.chars().filter(char::is_ascii_graphic).take(255).collect();
    let host = if host.is_empty() { "-" } else { &host };
    let mut text = alert.message.replace(['\n', '\r'], " ");
    text.truncate(text.floor_char_boundary(SYSLOG_TEXT_BYTES_MAX));
    // 32473 is the enterprise number that RFC 5612 sets aside for documentation and the like.
    format!(
        "<{}>1 {time} {host} selvedge - alert [alert@32473 id=\"{}\" rule=\"{}\" severity=\"{}\"] {text}",
        16 * 8 + severity,
        value(&alert.id),
        value(&alert.rule),
        alert.severity,
    )
}

/// Plain text for mail.
pub(super) fn plain(alert: &Alert) -> String {
    let mut text = format!("{}\n\nSeverity: {}\nRule: {}\n", alert.message, alert.severity, alert.rule);
    if let Some(host) = &alert.host {
        let _ = writeln!(text, "Host: {host}");
    }
    for (label, part) in [("Why it matters", &alert.why), ("What to do", &alert.response)] {
        if !part.is_empty() {
            let _ = write!(text, "\n{label}:\n{part}\n");
        }
    }
    if !alert.matched.is_empty() {
        text.push_str("\nMatched:\n");
        for (name, value) in &alert.matched {
            let _ = writeln!(text, "  {name} = {}", cut(value));
        }
    }
    if !alert.evidence.is_empty() {
        text.push_str("\nEvents:\n");
        for event in alert.evidence.iter().take(SHOWN_MAX) {
            let _ = writeln!(text, "  {}", cut(event));
        }
    }
    text
}

fn cut(text: &str) -> String {
    if text.chars().count() <= SHOWN_CHARS_MAX {
        return text.to_owned();
    }
    text.chars().take(SHOWN_CHARS_MAX).chain(['…']).collect()
}
