//! Windows events, from XML and from EVTX files, under the names that Sigma rules use.
//!
//! `System` gives `EventID`, `Channel`, `Computer`, `Provider_Name` and so forth; each `Data` of `EventData` gives
//! the field it names, without the spaces that some names have; the element inside `UserData` gives its children.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

use crate::time::iso;
use crate::{Parsed, TimeContext};

/// Elements nested deeper are not read.
const DEPTH_MAX: usize = 8;

/// Reads `<Event>…</Event>`.
pub(crate) fn xml(text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
    let mut reader = Reader::from_str(text);
    let mut parsed = Parsed::default();
    let mut path: Vec<(String, Option<String>, String)> = Vec::new();
    let mut is_event = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                is_event |= path.is_empty() && start.local_name().as_ref() == "Event";
                if !is_event || path.len() == DEPTH_MAX {
                    return None;
                }
                let name = name_of(&start);
                let label = attributes(&name, &start, path.len(), &mut parsed);
                path.push((name, label, String::new()));
            }
            Event::Empty(start) => {
                let name = name_of(&start);
                attributes(&name, &start, path.len(), &mut parsed);
            }
            Event::Text(text) => {
                if let Some((_, _, value)) = path.last_mut() {
                    value.push_str(&text);
                }
            }
            Event::CData(text) => {
                if let Some((_, _, value)) = path.last_mut() {
                    value.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref().ok()? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference)?.to_owned(),
                };
                if let Some((_, _, value)) = path.last_mut() {
                    value.push_str(&resolved);
                }
            }
            Event::End(_) => {
                let (name, label, value) = path.pop()?;
                let section = path.get(1).map(|(name, _, _)| name.as_str()).unwrap_or_default();
                put_element(section, &name, label, value.trim(), &mut parsed);
                if path.is_empty() {
                    break;
                }
            }
            Event::Eof => return None,
            _ => {}
        }
    }
    finish(&mut parsed, context);
    (!parsed.fields.is_empty()).then_some(parsed)
}

fn name_of(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

/// Puts the attributes that are fields of their own; returns the name of a `Data` element.
fn attributes(
    element: &str,
    start: &BytesStart<'_>,
    depth: usize,
    parsed: &mut Parsed<'static>,
) -> Option<String> {
    let mut label = None;
    for attribute in start.attributes().flatten() {
        let key = attribute.key.local_name().as_ref().to_owned();
        let Ok(value) = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0) else { continue };
        if element == "Data" && key == "Name" {
            label = Some(value.replace(' ', ""));
        } else if depth == 2 && key != "Name" && element != "Data" || element == "Provider" {
            parsed.put(format!("{element}_{key}"), value.into_owned());
        }
    }
    label
}

fn put_element(section: &str, name: &str, label: Option<String>, value: &str, parsed: &mut Parsed<'static>) {
    if value.is_empty() {
        return;
    }
    match (section, label) {
        (_, Some(label)) => parsed.put(label, value.to_owned()),
        ("System" | "EventData" | "UserData", None) => parsed.put(name.to_owned(), value.to_owned()),
        ("RenderingInfo", None) if name == "Message" => parsed.message = Some(value.to_owned().into()),
        _ => {}
    }
}

/// Fields of an event as the EVTX reader gives it: `{"Event": {"System": {…}, "EventData": {…}}}`.
pub(crate) fn from_json(event: &Value, context: &TimeContext) -> Parsed<'static> {
    let mut parsed = Parsed::default();
    let event = event.get("Event").unwrap_or(event);
    let members = |name: &str| event.get(name).and_then(Value::as_object).into_iter().flatten();
    for (name, value) in members("System") {
        put_json(name, value, 0, &mut parsed);
    }
    for (name, value) in members("EventData") {
        if name != "#attributes" {
            put_json(&name.replace(' ', ""), value, 0, &mut parsed);
        }
    }
    for (_, inner) in members("UserData") {
        for (name, value) in inner.as_object().into_iter().flatten() {
            if name != "#attributes" {
                put_json(&name.replace(' ', ""), value, 0, &mut parsed);
            }
        }
    }
    finish(&mut parsed, context);
    parsed
}

fn put_json(name: &str, value: &Value, depth: usize, parsed: &mut Parsed<'static>) {
    match value {
        Value::Null => {}
        Value::String(text) => parsed.put(name.to_owned(), text.clone()),
        Value::Object(members) if depth < DEPTH_MAX => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("#text", value) => put_json(name, value, depth + 1, parsed),
                    ("#attributes", Value::Object(attributes)) => {
                        for (key, value) in attributes {
                            put_json(&format!("{name}_{key}"), value, depth + 1, parsed);
                        }
                    }
                    (key, value) => put_json(&format!("{name}.{key}"), value, depth + 1, parsed),
                }
            }
        }
        Value::Array(items) if depth < DEPTH_MAX => {
            for item in items {
                put_json(name, item, depth + 1, parsed);
            }
        }
        other => parsed.put(name.to_owned(), other.to_string()),
    }
}

/// Levels of the `System` section, [MS-EVEN6] and the Windows SDK's `winmeta.xml`.
const LEVELS: [&str; 6] = ["always", "critical", "error", "warning", "information", "verbose"];

fn finish(parsed: &mut Parsed<'static>, context: &TimeContext) {
    let owned = |name: &str| parsed.get(name).map(str::to_owned);
    let time = owned("TimeCreated_SystemTime").or_else(|| owned("TimeCreated.SystemTime"));
    let host = owned("Computer").map(Cow::Owned);
    let level = owned("Level").and_then(|level| level.parse::<usize>().ok());
    parsed.time =
        time.as_deref().and_then(|text| iso(text, context)).and_then(|(time, _)| context.believed(time));
    parsed.host = host;
    parsed.severity = level.and_then(|level| LEVELS.get(level)).map(|level| (*level).into());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> TimeContext {
        TimeContext::utc(1_772_323_200_000_000)
    }

    #[test]
    fn an_event_in_xml() {
        let text = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{5}'/><EventID>1</EventID><Level>4</Level><TimeCreated SystemTime='2025-10-11T22:14:15.003Z'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>PC&amp;1</Computer></System><EventData><Data Name='Image'>C:\\a.exe</Data><Data Name='Threat Name'>x</Data><Data Name='Empty'></Data></EventData></Event>";
        let parsed = xml(text, &context()).unwrap();
        for (name, value) in [
            ("Provider_Name", "Microsoft-Windows-Sysmon"),
            ("EventID", "1"),
            ("Channel", "Microsoft-Windows-Sysmon/Operational"),
            ("Image", "C:\\a.exe"),
            ("ThreatName", "x"),
        ] {
            assert_eq!(parsed.get(name), Some(value), "{name}");
        }
        assert_eq!(parsed.get("Empty"), None);
        assert_eq!((parsed.host.as_deref(), parsed.severity.as_deref()), (Some("PC&1"), Some("information")));
        assert_eq!(parsed.time, Some(1_760_220_855_003_000));
    }

    #[test]
    fn an_event_from_a_file() {
        let event = serde_json::json!({"Event": {
            "System": {"Provider": {"#attributes": {"Name": "P"}}, "EventID": {"#text": 4104, "#attributes": {"Qualifiers": ""}}, "Computer": "PC", "TimeCreated": {"#attributes": {"SystemTime": "2025-10-11T22:14:15.003Z"}}},
            "UserData": {"Operation_ClientFailure": {"Operation": "Start"}},
            "EventData": {"Data": {"#text": ["a", "b"]}}
        }});
        let parsed = from_json(&event, &context());
        for (name, value) in
            [("Provider_Name", "P"), ("EventID", "4104"), ("Operation", "Start"), ("Data", "a")]
        {
            assert_eq!(parsed.get(name), Some(value), "{name}");
        }
        assert!(parsed.time.is_some());
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for text in ["<a/>", "<Event>", "<Event></Event>", "<Event><x></y></Event>", "", "text"] {
            assert_eq!(xml(text, &context()), None, "{text}");
        }
        let deep = format!("<Event>{}</Event>", "<a>".repeat(100));
        assert_eq!(xml(&deep, &context()), None);
    }
}
