//! `ArcSight`'s Common Event Format and IBM's Log Event Extended Format, on their own or behind a syslog header.

use std::borrow::Cow;

use crate::{Parsed, TimeContext, time};

const CEF_HEADER: [&str; 6] = [
    "cef.device_vendor",
    "cef.device_product",
    "cef.device_version",
    "cef.signature_id",
    "cef.name",
    "cef.severity",
];
const LEEF_HEADER: [&str; 4] = ["leef.vendor", "leef.product", "leef.product_version", "leef.event_id"];

/// `CEF:0|vendor|product|version|signature|name|severity|extension`.
pub(crate) fn cef<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let (version, mut rest) = text.strip_prefix("CEF:")?.split_once('|')?;
    let mut parsed = Parsed::default();
    parsed.put("cef.version", version.trim());
    for name in CEF_HEADER {
        let (value, after) = header(rest)?;
        parsed.put(name, value);
        rest = after;
    }
    extension(rest, &mut parsed);
    parsed.severity = parsed.get("cef.severity").map(|severity| severity.to_owned().into());
    finish(&mut parsed, context, &["rt", "end", "start"], &["msg", "cef.name"], &["dvchost", "dvc"]);
    Some(parsed)
}

/// `LEEF:1.0|vendor|product|version|event|attributes`; 2.0 has the delimiter of attributes before them.
pub(crate) fn leef<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let (version, mut rest) = text.strip_prefix("LEEF:")?.split_once('|')?;
    let mut parsed = Parsed::default();
    parsed.put("leef.version", version.trim());
    for name in LEEF_HEADER {
        let (value, after) = rest.split_once('|')?;
        parsed.put(name, value);
        rest = after;
    }
    let mut delimiter = '\t';
    if version.trim() == "2.0"
        && let Some((given, after)) = rest.split_once('|')
        && given.len() <= 5
    {
        delimiter = delimiter_of(given).unwrap_or(delimiter);
        rest = after;
    }
    for attribute in rest.split(delimiter) {
        if let Some((name, value)) = attribute.split_once('=') {
            parsed.put(name.trim(), value);
        }
    }
    parsed.severity = parsed.get("sev").map(|severity| severity.to_owned().into());
    finish(&mut parsed, context, &["devTime"], &["msg", "leef.event_id"], &["identHostName"]);
    Some(parsed)
}

/// A character, or its code: `x09`, `0x09`.
fn delimiter_of(given: &str) -> Option<char> {
    let code = given.strip_prefix("0x").or_else(|| given.strip_prefix('x').filter(|code| !code.is_empty()));
    match code {
        Some(code) => u32::from_str_radix(code, 16).ok().and_then(char::from_u32),
        None => given.chars().next(),
    }
}

/// A header field up to `|`, with `\|` and `\\` undone.
fn header(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '|' if !is_escaped => return Some((unescape(&text[..at]), &text[at + 1..])),
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(next @ ('|' | '\\' | '='))) => {
                value.push(next);
                chars.next();
            }
            ('\\', Some(next @ ('n' | 'r'))) => {
                value.push(if next == 'n' { '\n' } else { '\r' });
                chars.next();
            }
            _ => value.push(c),
        }
    }
    value.into()
}

/// `key=value key=value with spaces`: a value ends where the next key begins.
fn extension<'a>(text: &'a str, parsed: &mut Parsed<'a>) {
    let mut pending: Option<(&str, usize)> = None;
    for equals in memchr::memchr_iter(b'=', text.as_bytes()) {
        let before = &text[..equals];
        let start = before.rfind([' ', '\t']).map_or(0, |at| at + 1);
        let key = &before[start..];
        let is_key =
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-[]".contains(&b));
        if !is_key || pending.is_some_and(|(_, value_start)| start < value_start) {
            continue;
        }
        if let Some((name, value_start)) = pending {
            parsed.put(name, unescape(text[value_start..start].trim_end()));
        }
        pending = Some((key, equals + 1));
    }
    if let Some((name, value_start)) = pending {
        parsed.put(name, unescape(text[value_start..].trim_end()));
    }
}

fn finish(parsed: &mut Parsed<'_>, context: &TimeContext, times: &[&str], texts: &[&str], hosts: &[&str]) {
    let get = |names: &[&str]| names.iter().find_map(|name| parsed.get(name)).map(str::to_owned);
    let time = get(times).and_then(|text| time::any(&text, context)).and_then(|time| context.believed(time));
    let (message, host) = (get(texts), get(hosts));
    parsed.time = time;
    parsed.message = message.map(Cow::Owned);
    parsed.host = host.map(Cow::Owned);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> TimeContext {
        TimeContext::utc(1_772_323_200_000_000)
    }

    #[test]
    fn cef_with_escapes_and_spaces() {
        let text = r"CEF:0|Security|threat\|manager|1.0|100|worm stopped|10|src=10.0.0.1 act=blocked a \= dst=2.1.2.2 msg=two words rt=1767322800123";
        let parsed = cef(text, &context()).unwrap();
        for (name, value) in [
            ("cef.device_product", "threat|manager"),
            ("cef.signature_id", "100"),
            ("act", "blocked a ="),
            ("dst", "2.1.2.2"),
            ("msg", "two words"),
        ] {
            assert_eq!(parsed.get(name), Some(value), "{name}");
        }
        assert_eq!(parsed.time, Some(1_767_322_800_123_000));
        assert_eq!(parsed.severity.as_deref(), Some("10"));
        assert_eq!(cef("CEF:0|a|b", &context()), None);
    }

    #[test]
    fn leef_of_both_versions() {
        let parsed = leef("LEEF:1.0|IBM|QRadar|1|login|src=1.2.3.4\tusrName=a b\tsev=5", &context()).unwrap();
        assert_eq!((parsed.get("usrName"), parsed.severity.as_deref()), (Some("a b"), Some("5")));
        let parsed = leef("LEEF:2.0|IBM|QRadar|1|login|^|src=1.2.3.4^usrName=c", &context()).unwrap();
        assert_eq!(parsed.get("usrName"), Some("c"));
        let parsed = leef("LEEF:2.0|IBM|QRadar|1|login|x7C|src=1|b=2", &context()).unwrap();
        assert_eq!(parsed.get("b"), Some("2"));
    }
}
