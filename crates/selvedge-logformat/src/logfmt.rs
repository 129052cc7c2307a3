//! logfmt and other runs of `key=value`.

use std::borrow::Cow;

use crate::{Parsed, TimeContext, time};

/// A longer key is none.
const KEY_BYTES_MAX: usize = 128;

/// One pair and what follows it.
pub(crate) struct Pair<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: Cow<'a, str>,
    pub(crate) was_quoted: bool,
    pub(crate) rest: &'a str,
}

/// The pair that the text begins with.
pub(crate) fn pair(text: &str) -> Option<Pair<'_>> {
    let is_key = |c: char| c.is_alphanumeric() || "_-.@/[]".contains(c);
    let end = text.find(|c| !is_key(c)).unwrap_or(text.len());
    let key = &text[..end];
    let after = text[end..].strip_prefix('=')?;
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return None;
    }
    if let Some(quoted) = after.strip_prefix('"')
        && let Some((value, rest)) = unquote(quoted)
    {
        return Some(Pair { key, value, was_quoted: true, rest });
    }
    if let Some(quoted) = after.strip_prefix('\'')
        && let Some((value, rest)) = quoted.split_once('\'')
    {
        return Some(Pair { key, value: value.into(), was_quoted: true, rest });
    }
    let end = after.find([' ', '\t', '\n']).unwrap_or(after.len());
    Some(Pair { key, value: after[..end].into(), was_quoted: false, rest: &after[end..] })
}

/// The text up to the closing quote, escapes undone.
fn unquote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find(['"', '\\'])?;
    if text.as_bytes()[end] == b'"' {
        return Some((text[..end].into(), &text[end + 1..]));
    }
    let mut value = text[..end].to_owned();
    let mut chars = text[end..].char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value.into(), &text[end + at + 1..])),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            }),
            c => value.push(c),
        }
    }
    None
}

/// All pairs of the text. Words between them are stepped over; the count tells how many there were.
pub(crate) fn pairs<'a>(text: &'a str, parsed: &mut Parsed<'a>) -> (usize, usize) {
    let (mut found, mut words) = (0, 0);
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(pair) = pair(rest) {
            parsed.put(pair.key, pair.value);
            found += 1;
            rest = pair.rest.trim_start_matches([',', ';']);
        } else {
            words += 1;
            rest = &rest[rest.find([' ', '\t', '\n']).unwrap_or(rest.len())..];
        }
        rest = rest.trim_start();
    }
    (found, words)
}

/// A line of pairs and of nothing but pairs.
pub(crate) fn parse<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let mut parsed = Parsed::default();
    pair(text)?;
    let (found, words) = pairs(text, &mut parsed);
    if found < 2 || words > 0 {
        return None;
    }
    envelope(&mut parsed, context);
    Some(parsed)
}

/// A line with pairs somewhere in it.
pub(crate) fn key_value<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let mut parsed = Parsed::default();
    let (found, _) = pairs(text, &mut parsed);
    if found < 2 {
        return None;
    }
    envelope(&mut parsed, context);
    parsed.time = parsed.time.or_else(|| time::leading(text, context));
    parsed.message.get_or_insert(text.into());
    Some(parsed)
}

/// Takes time, severity and text from the keys that logfmt writers use.
pub(crate) fn envelope(parsed: &mut Parsed<'_>, context: &TimeContext) {
    let get = |names: &[&str]| names.iter().find_map(|name| parsed.get(name)).map(str::to_owned);
    let time = get(&["time", "ts", "timestamp", "@timestamp", "t"]);
    let time = time.and_then(|text| time::any(&text, context)).and_then(|time| context.believed(time));
    let severity = get(&["level", "lvl", "severity"]);
    let message = get(&["msg", "message"]);
    let host = get(&["host", "hostname"]);
    parsed.time = parsed.time.or(time);
    parsed.severity = parsed.severity.take().or(severity.map(Cow::Owned));
    parsed.message = parsed.message.take().or(message.map(Cow::Owned));
    parsed.host = parsed.host.take().or(host.map(Cow::Owned));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> TimeContext {
        TimeContext::utc(1_772_323_200_000_000)
    }

    #[test]
    fn pairs_and_nothing_else_are_logfmt() {
        let text = r#"time=2026-01-02T03:04:05Z level=warn msg="two \"words\"" empty= n=3"#;
        let parsed = parse(text, &context()).unwrap();
        assert_eq!(parsed.time, Some(1_767_323_045_000_000));
        assert_eq!(parsed.severity.as_deref(), Some("warn"));
        assert_eq!(parsed.message.as_deref(), Some("two \"words\""));
        assert_eq!((parsed.get("empty"), parsed.get("n")), (Some(""), Some("3")));
        assert_eq!(parse("a=1 and words b=2", &context()), None);
        assert_eq!(parse("a=1", &context()), None);
    }

    #[test]
    fn pairs_among_words_are_key_value() {
        let parsed = key_value("2026-01-02T03:04:05Z deny src=10.0.0.1, dst='a b'; x", &context()).unwrap();
        // A comma belongs to an unquoted value unless it ends it.
        assert_eq!(parsed.get("dst"), Some("a b"));
        assert_eq!(parsed.time, Some(1_767_323_045_000_000));
    }
}
