//! Lines of container runtimes: docker's `json-file` driver and the Kubernetes CRI format. The text inside is
//! read as a line of its own.

use std::borrow::Cow;

use serde::Deserialize;

use crate::detect::embedded;
use crate::time::iso;
use crate::{Parsed, TimeContext};

#[derive(Deserialize)]
struct DockerLine<'a> {
    #[serde(borrow)]
    log: Cow<'a, str>,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    #[serde(borrow)]
    time: Cow<'a, str>,
}

/// `{"log":"text\n","stream":"stdout","time":"2026-01-02T03:04:05.678901234Z"}`, or several pieces of one text.
pub(crate) fn docker(text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
    let mut message = String::new();
    let mut parsed = Parsed::default();
    for line in text.lines() {
        let line: DockerLine<'_> = serde_json::from_str(line).ok()?;
        if parsed.fields.is_empty() {
            parsed.time = iso(&line.time, context).and_then(|(time, _)| context.believed(time));
            parsed.put("stream", line.stream.into_owned());
        }
        message.push_str(&line.log);
    }
    let message = message.trim_end_matches(['\n', '\r']).to_owned();
    (!parsed.fields.is_empty()).then(|| inside(parsed, message, context))
}

/// `2026-01-02T03:04:05.678901234Z stdout F text`, or several pieces of one text.
pub(crate) fn cri(text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
    let mut message = String::new();
    let mut parsed = Parsed::default();
    for line in text.lines() {
        let (time, rest) = iso(line, context)?;
        let mut words = rest.strip_prefix(' ')?.splitn(3, ' ');
        let stream = words.next().filter(|stream| matches!(*stream, "stdout" | "stderr"))?;
        words.next().filter(|tag| matches!(tag.split(':').next(), Some("F" | "P")))?;
        if parsed.fields.is_empty() {
            parsed.time = context.believed(time);
            parsed.put("stream", stream.to_owned());
        }
        message.push_str(words.next().unwrap_or_default());
    }
    (!parsed.fields.is_empty()).then(|| inside(parsed, message, context))
}

/// Adds what the text itself says. Its own time may be coarser, or without a zone: the runtime's is kept.
fn inside(mut parsed: Parsed<'static>, message: String, context: &TimeContext) -> Parsed<'static> {
    let time = parsed.time;
    if let Some(inner) = embedded(&message, context) {
        parsed.merge(inner);
        parsed.time = time;
    }
    parsed.message.get_or_insert(message.into());
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> TimeContext {
        TimeContext::utc(1_772_323_200_000_000)
    }

    #[test]
    fn runtimes_lines_and_what_is_in_them() {
        let parsed = docker(
            "{\"log\":\"level=warn msg=hi\\n\",\"stream\":\"stderr\",\"time\":\"2026-01-02T03:04:05.5Z\"}",
            &context(),
        )
        .unwrap();
        assert_eq!(parsed.time, Some(1_767_323_045_500_000));
        assert_eq!(
            (parsed.get("stream"), parsed.get("level"), parsed.message.as_deref()),
            (Some("stderr"), Some("warn"), Some("hi"))
        );
        let parsed = cri(
            "2026-01-02T03:04:05.5Z stdout P {\"a\":{\"b\"\n2026-01-02T03:04:05.6Z stdout F :1},\"msg\":\"x\"}",
            &context(),
        )
        .unwrap();
        assert_eq!((parsed.get("a.b"), parsed.message.as_deref()), (Some("1"), Some("x")));
        assert_eq!(parsed.time, Some(1_767_323_045_500_000));
    }

    #[test]
    fn other_lines_are_none_of_these() {
        assert_eq!(docker("{\"log\":1}", &context()), None);
        assert_eq!(docker("", &context()), None);
        assert_eq!(cri("2026-01-02T03:04:05Z host tag: text", &context()), None);
    }
}
