//! Syslog, RFC 5424 and RFC 3164, as it comes over the wire and as it stands in files.

use crate::time::{bsd, iso};
use crate::{Parsed, TimeContext};

/// RFC 5424 section 6.2.1.
const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
    "local7",
];
const SEVERITIES: [&str; 8] = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
/// RFC 5424 allows 48 bytes for APP-NAME; a longer first word of the text is no program name.
const TAG_BYTES_MAX: usize = 64;
/// RFC 5424 section 6: HOSTNAME is at most 255 bytes.
const HOST_BYTES_MAX: usize = 255;
/// Structured data elements that are read.
const ELEMENTS_MAX: usize = 64;

/// The name of a severity that is given as a digit.
pub(crate) fn severity(digit: &str) -> Option<&'static str> {
    SEVERITIES.get(digit.parse::<usize>().ok()?).copied()
}

/// Reads a syslog message: `<34>1 …` (RFC 5424), `<34>Oct 11 22:14:15 host tag: text` (RFC 3164), and the forms
/// without priority that daemons write to files.
pub(crate) fn parse<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let mut parsed = Parsed::default();
    let (priority, rest) = priority(text).map_or((None, text), |(priority, rest)| (Some(priority), rest));
    if let Some(priority) = priority {
        parsed.put("facility", FACILITIES[usize::from(priority / 8)]);
        parsed.severity = Some(SEVERITIES[usize::from(priority % 8)].into());
    }
    if priority.is_some()
        && let Some(rest) = rest.strip_prefix("1 ")
    {
        return rfc5424(rest, context, parsed);
    }
    rfc3164(rest, context, parsed, priority.is_some())
}

/// `<0>` to `<191>`.
fn priority(text: &str) -> Option<(u8, &str)> {
    let (number, rest) =
        text.strip_prefix('<')?.split_at_checked(text.get(..5).unwrap_or(text).find('>')? - 1)?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u8 = number.parse().ok().filter(|number| is_number && *number < 192)?;
    Some((number, &rest[1..]))
}

/// After `<PRI>1 `: time, host, program, process, message id, structured data, text.
fn rfc5424<'a>(text: &'a str, context: &TimeContext, mut parsed: Parsed<'a>) -> Option<Parsed<'a>> {
    let mut words = text.splitn(6, ' ');
    let time = words.next()?;
    let host = words.next()?;
    if time != "-" {
        parsed.time = iso(time, context).and_then(|(time, _)| context.believed(time));
    }
    if host != "-" {
        parsed.host = Some(host.into());
    }
    parsed.put_present("appname", words.next()?);
    parsed.put_present("procid", words.next()?);
    parsed.put_present("msgid", words.next()?);
    let rest = structured_data(words.next()?, &mut parsed)?;
    let message = rest.strip_prefix(' ').unwrap_or(rest);
    parsed.message = Some(message.strip_prefix('\u{feff}').unwrap_or(message).into());
    Some(parsed)
}

/// `-` or `[id name="value" …][…]`; returns what follows.
fn structured_data<'a>(text: &'a str, parsed: &mut Parsed<'a>) -> Option<&'a str> {
    if let Some(rest) = text.strip_prefix('-') {
        return Some(rest);
    }
    let mut rest = text;
    for _ in 0..ELEMENTS_MAX {
        let Some(element) = rest.strip_prefix('[') else { return Some(rest) };
        let end = element.find([' ', ']'])?;
        let id = &element[..end];
        rest = &element[end..];
        loop {
            if let Some(after) = rest.strip_prefix(']') {
                rest = after;
                break;
            }
            let (name, after) = rest.strip_prefix(' ')?.split_once("=\"")?;
            let (value, after) = quoted(after)?;
            parsed.put(format!("{id}.{name}"), value);
            rest = after;
        }
    }
    Some(rest)
}

/// The value up to its closing quote, with `\"`, `\\` and `\]` undone.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match chars.next()?.1 {
                escaped @ ('"' | '\\' | ']') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            c => value.push(c),
        }
    }
    None
}

/// Time, host, tag, text. Without a priority the time must be there, or any text would be syslog.
fn rfc3164<'a>(
    text: &'a str,
    context: &TimeContext,
    mut parsed: Parsed<'a>,
    has_priority: bool,
) -> Option<Parsed<'a>> {
    // Cisco and others put a sequence number, or a `*` for a clock that is not set, before the time.
    let stripped = text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(": ").unwrap_or(text);
    let stripped = stripped.trim_start_matches('*');
    let found = bsd(stripped, context).or_else(|| iso(text, context));
    let Some((time, rest)) = found else {
        parsed.message = Some(text.into());
        return has_priority.then(|| tagged(text, parsed));
    };
    parsed.time = context.believed(time);
    let rest = rest.trim_start_matches(':').strip_prefix(' ')?;
    let (host, after) = rest.split_once(' ')?;
    // `host tag: text`, or straight `tag: text`.
    if host.ends_with(':') || host.ends_with(']') || host.len() > HOST_BYTES_MAX {
        return Some(tagged(rest, parsed));
    }
    parsed.host = Some(host.into());
    let is_tagged = tag(after).is_some();
    (has_priority || is_tagged).then(|| tagged(after, parsed))
}

fn tagged<'a>(text: &'a str, mut parsed: Parsed<'a>) -> Parsed<'a> {
    match tag(text) {
        Some((name, process, message)) => {
            parsed.put("appname", name);
            parsed.put_present("procid", process);
            parsed.message = Some(message.into());
        }
        None => parsed.message = Some(text.into()),
    }
    parsed
}

/// `name[process]: text` or `name: text`.
fn tag(text: &str) -> Option<(&str, &str, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_./()@%+~".contains(c);
    let end = text.find(|c| !is_part(c))?;
    if end == 0 || end > TAG_BYTES_MAX {
        return None;
    }
    let (name, rest) = text.split_at(end);
    let (process, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let message = rest.strip_prefix(':')?;
    Some((name, process, message.strip_prefix(' ').unwrap_or(message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Parsed<'_> {
        parse(text, &TimeContext::utc(1_772_323_200_000_000)).unwrap_or_else(|| panic!("no syslog: {text}"))
    }

    #[test]
    fn rfc5424_with_structured_data() {
        let parsed = check(
            "<165>1 2025-10-11T22:14:15.003Z host.example evntslog 42 ID47 [ex@32473 a=\"x\\\"y\" b=\"z\"][p q=\"\"] \u{feff}text here",
        );
        assert_eq!(parsed.host.as_deref(), Some("host.example"));
        assert_eq!(parsed.severity.as_deref(), Some("notice"));
        assert_eq!(parsed.message.as_deref(), Some("text here"));
        assert_eq!(parsed.time, Some(1_760_220_855_003_000));
        let fields: Vec<_> = parsed.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            fields,
            [
                "facility=local4",
                "appname=evntslog",
                "procid=42",
                "msgid=ID47",
                "ex@32473.a=x\"y",
                "ex@32473.b=z",
                "p.q="
            ]
        );
    }

    #[test]
    fn rfc3164_over_the_wire_and_in_files() {
        for text in [
            "<38>Oct 11 22:14:15 mymachine su[77]: 'su root' failed",
            "Oct 11 22:14:15 mymachine su[77]: 'su root' failed",
            "2025-10-11T22:14:15.000000+00:00 mymachine su[77]: 'su root' failed",
        ] {
            let parsed = check(text);
            assert_eq!(parsed.time, Some(1_760_220_855_000_000), "{text}");
            assert_eq!(parsed.host.as_deref(), Some("mymachine"));
            assert_eq!((parsed.get("appname"), parsed.get("procid")), (Some("su"), Some("77")));
            assert_eq!(parsed.message.as_deref(), Some("'su root' failed"));
        }
    }

    #[test]
    fn what_is_no_syslog_is_not_taken_for_it() {
        for text in
            ["hello world", "2025-10-11 22:14:15 INFO starting up", "<999>x", "<a>b", "<", "", "Oct 11"]
        {
            assert_eq!(parse(text, &TimeContext::utc(0)), None, "{text}");
        }
        assert_eq!(check("<13>just text").message.as_deref(), Some("just text"));
    }
}
