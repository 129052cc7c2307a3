//! Entries of the systemd journal in its JSON export, `journalctl --output=json`.
//!
//! <https://systemd.io/JOURNAL_EXPORT_FORMATS/>. Beside the journal's own fields an event has those of a syslog line
//! (`appname`, `procid`, the text as its message), so that rules about programs see both alike.

use serde_json::{Map, Value};

use crate::{Parsed, TimeContext, programs, syslog};

/// The field that every entry has: receipt in microseconds since 1970.
const TIME: &str = "__REALTIME_TIMESTAMP";

/// Whether the object may be an entry, by a look at its beginning and for the one field that tells.
pub(crate) fn is_likely(text: &str) -> bool {
    let begins = text.as_bytes().get(2).is_some_and(|byte| *byte == b'_' || byte.is_ascii_uppercase());
    begins && text.starts_with("{\"") && memchr::memmem::find(text.as_bytes(), TIME.as_bytes()).is_some()
}

/// Reads an entry.
pub(crate) fn parse(text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
    let entry: Map<String, Value> = serde_json::from_str(text).ok()?;
    let time: i64 = first(entry.get(TIME)?)?.parse().ok()?;
    let get = |name: &str| entry.get(name).and_then(first);
    let mut parsed = Parsed {
        time: context.believed(time),
        host: get("_HOSTNAME").map(Into::into),
        severity: get("PRIORITY").and_then(|priority| syslog::severity(&priority)).map(Into::into),
        message: get("MESSAGE").map(Into::into),
        ..Parsed::default()
    };
    let program = get("SYSLOG_IDENTIFIER").or_else(|| get("_COMM"));
    if let Some(program) = &program {
        parsed.put("appname", program.clone());
    }
    if let Some(process) = get("SYSLOG_PID").or_else(|| get("_PID")) {
        parsed.put("procid", process);
    }
    let message = parsed.message.as_deref().unwrap_or_default().to_owned();
    let mut inner = Parsed::default();
    programs::add(program.as_deref().unwrap_or_default(), &message, &mut inner);
    for (name, value) in inner.fields {
        parsed.put(name.into_owned(), value.into_owned());
    }
    for (name, value) in entry.iter().filter(|(name, _)| *name != "MESSAGE") {
        let several = value.as_array().filter(|items| items.iter().all(Value::is_string));
        for value in several.map_or(std::slice::from_ref(value), Vec::as_slice) {
            if let Some(value) = first(value) {
                parsed.put(name.clone(), value);
            }
        }
    }
    Some(parsed)
}

/// The text of a field: as it stands, as bytes where it is no UTF-8, or the first of several.
fn first(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.iter().all(Value::is_u64) => {
            let bytes: Option<Vec<u8>> = items.iter().map(|item| u8::try_from(item.as_u64()?).ok()).collect();
            bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        }
        Value::Array(items) => items.iter().find_map(|item| item.as_str().map(str::to_owned)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Outcome};

    #[test]
    fn an_entry_is_read_like_the_syslog_line_it_stands_for() {
        let text = r#"{"_HOSTNAME":"web1","PRIORITY":"6","SYSLOG_IDENTIFIER":"sshd","_PID":"77","__REALTIME_TIMESTAMP":"1760220855003000","MESSAGE":"Failed password for root from 203.0.113.9 port 5 ssh2","_SYSTEMD_UNIT":"ssh.service"}"#;
        let Outcome::Fields("journal", parsed) =
            Format::Auto.parse(text, &TimeContext::utc(1_772_323_200_000_000))
        else {
            panic!("not read as an entry");
        };
        assert_eq!(parsed.time, Some(1_760_220_855_003_000));
        assert_eq!((parsed.host.as_deref(), parsed.severity.as_deref()), (Some("web1"), Some("info")));
        assert_eq!(parsed.message.as_deref(), Some("Failed password for root from 203.0.113.9 port 5 ssh2"));
        for (name, value) in [
            ("appname", "sshd"),
            ("procid", "77"),
            ("rhost", "203.0.113.9"),
            ("_SYSTEMD_UNIT", "ssh.service"),
        ] {
            assert_eq!(parsed.get(name), Some(value), "{name}");
        }
    }

    #[test]
    fn bytes_and_several_values_are_text() {
        let text = r#"{"__REALTIME_TIMESTAMP":"1","MESSAGE":[104,105,255],"A":["x","y"]}"#;
        let parsed = parse(text, &TimeContext::utc(0)).unwrap();
        assert_eq!(parsed.message.as_deref(), Some("hi\u{fffd}"));
        let values: Vec<_> = parsed.fields.iter().filter(|(name, _)| name == "A").map(|(_, v)| v).collect();
        assert_eq!(values, ["x", "y"]);
    }

    #[test]
    fn other_objects_stay_json() {
        for text in
            [r#"{"EventID":1}"#, r#"{"_x":"__REALTIME_TIMESTAMP"}"#, r#"{"a":"__REALTIME_TIMESTAMP"}"#]
        {
            assert!(matches!(Format::Auto.parse(text, &TimeContext::utc(0)), Outcome::Json(_)), "{text}");
        }
    }
}
