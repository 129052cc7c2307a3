//! Access and error logs of Apache httpd and nginx.
//!
//! Field names of access logs are those of Sigma's `webserver` category, which are the W3C extended log format's.

use std::borrow::Cow;

use crate::time::{clf, ctime, iso};
use crate::{Parsed, TimeContext};

/// The common and the combined log format, with a virtual host before it or not.
/// <https://httpd.apache.org/docs/2.4/mod/mod_log_config.html>
pub(crate) fn access<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let open = text.get(..1024.min(text.len())).unwrap_or(text).find(" [")?;
    let mut parsed = Parsed::default();
    let mut words = text[..open].split(' ').rev();
    let user = words.next()?;
    let identity = words.next()?;
    let client = words.next()?;
    let vhost = words.next();
    if words.next().is_some() {
        return None;
    }
    let (time, rest) = clf(&text[open + 2..], context)?;
    parsed.time = context.believed(time);
    let rest = rest.strip_prefix("] \"")?;
    let (request, rest) = quoted(rest)?;
    parsed.put("c-ip", client);
    parsed.put_present("cs-host", vhost.unwrap_or_default());
    parsed.put_present("cs-ident", identity);
    parsed.put_present("cs-username", user);
    put_request(request, &mut parsed);
    let mut tail = rest.trim_start().splitn(3, ' ');
    parsed.put_present("sc-status", tail.next()?);
    parsed.put_present("sc-bytes", tail.next().unwrap_or_default());
    let mut rest = tail.next().unwrap_or_default().trim_start();
    for name in ["cs-referer", "cs-user-agent"] {
        let Some((value, after)) = rest.strip_prefix('"').and_then(quoted) else { break };
        if value != "-" {
            parsed.put(name, value);
        }
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        parsed.put("extra", rest);
    }
    parsed.message = Some(text.into());
    Some(parsed)
}

/// The text up to the closing quote; `\"` and `\\` are undone, other escapes are kept as the server wrote them.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find(['"', '\\'])?;
    if text.as_bytes()[end] == b'"' {
        return Some((text[..end].into(), &text[end + 1..]));
    }
    let mut value = text[..end].to_owned();
    let mut chars = text[end..].char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value.into(), &text[end + at + 1..])),
            '\\' => match chars.next()?.1 {
                escaped @ ('"' | '\\') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            c => value.push(c),
        }
    }
    None
}

/// `GET /path?query HTTP/1.1`. What is no request line is kept whole.
fn put_request<'a>(request: Cow<'a, str>, parsed: &mut Parsed<'a>) {
    let pieces = |request: &'_ str| -> Option<[std::ops::Range<usize>; 3]> {
        let method = request.find(' ')?;
        let version = request.rfind(" HTTP/").filter(|at| *at > method).unwrap_or(request.len());
        Some([0..method, method + 1..version, (version + 1).min(request.len())..request.len()])
    };
    let Some([method, target, version]) = pieces(&request) else {
        return parsed.put("cs-request", request);
    };
    let part = |range: std::ops::Range<usize>| match &request {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    };
    let query = request[target.clone()].find('?').map(|at| target.start + at);
    let stem = target.start..query.unwrap_or(target.end);
    parsed.put("cs-method", part(method));
    parsed.put("cs-uri", part(target.clone()));
    parsed.put("cs-uri-stem", part(stem));
    if let Some(query) = query {
        parsed.put("cs-uri-query", part(query + 1..target.end));
    }
    if !version.is_empty() {
        parsed.put("cs-version", part(version));
    }
}

/// Apache's error log: `[Fri Sep 09 10:42:29.902022 2026] [core:error] [pid 35708:tid 4328636416] [client …] text`.
pub(crate) fn apache_error<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let (time, rest) = ctime(text.strip_prefix('[')?, context)?;
    let mut rest = rest.strip_prefix("] ")?;
    let mut parsed = Parsed { time: context.believed(time), ..Parsed::default() };
    let mut is_first = true;
    while let Some((part, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once("] ")) {
        if is_first {
            let (module, level) = part.rsplit_once(':').unwrap_or(("", part));
            parsed.put_present("module", module);
            parsed.severity = Some(level.into());
            is_first = false;
        } else if let Some((name, value)) = part.split_once(' ') {
            let name = if name == "client" { "c-ip" } else { name };
            parsed.put(name, value);
        } else {
            break;
        }
        rest = after;
    }
    parsed.message = Some(rest.into());
    (!is_first).then_some(parsed)
}

/// nginx's error log: `2026/01/02 03:04:05 [error] 123#0: *45 text, client: 10.0.0.1, server: x, request: "…"`.
pub(crate) fn nginx_error<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    let is_own = text.as_bytes().get(4) == Some(&b'/');
    let (time, rest) = iso(text, context).filter(|_| is_own)?;
    let (level, rest) = rest.strip_prefix(" [")?.split_once("] ")?;
    let (process, rest) = rest.split_once(": ")?;
    let mut parsed = Parsed { time: context.believed(time), ..Parsed::default() };
    parsed.severity = Some(level.into());
    let (pid, tid) = process.split_once('#')?;
    parsed.put("pid", pid);
    parsed.put("tid", tid);
    let message = match rest.strip_prefix('*').and_then(|rest| rest.split_once(' ')) {
        Some((connection, message)) => {
            parsed.put("connection", connection);
            message
        }
        None => rest,
    };
    for (marker, name) in [
        (", client: ", "c-ip"),
        (", server: ", "server"),
        (", request: ", "cs-request"),
        (", upstream: ", "upstream"),
        (", host: ", "cs-host"),
        (", referrer: ", "cs-referer"),
    ] {
        if let Some(at) = message.find(marker) {
            let value = &message[at + marker.len()..];
            let value = match value.strip_prefix('"') {
                Some(inner) => inner.split('"').next().unwrap_or_default(),
                None => value.split(", ").next().unwrap_or_default(),
            };
            parsed.put(name, value);
        }
    }
    parsed.message = Some(message.into());
    Some(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> TimeContext {
        TimeContext::utc(1_772_323_200_000_000)
    }

    fn fields(parsed: &Parsed<'_>) -> Vec<String> {
        parsed.fields.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn the_combined_format() {
        let line = r#"203.0.113.9 - frank [10/Oct/2025:13:55:36 -0700] "GET /a/b.php?id=1%27 HTTP/1.1" 200 2326 "http://x/" "sqlmap \"1.0\"""#;
        let parsed = access(line, &context()).unwrap();
        assert_eq!(
            fields(&parsed),
            [
                "c-ip=203.0.113.9",
                "cs-username=frank",
                "cs-method=GET",
                "cs-uri=/a/b.php?id=1%27",
                "cs-uri-stem=/a/b.php",
                "cs-uri-query=id=1%27",
                "cs-version=HTTP/1.1",
                "sc-status=200",
                "sc-bytes=2326",
                "cs-referer=http://x/",
                "cs-user-agent=sqlmap \"1.0\"",
            ]
        );
        assert_eq!(parsed.time, Some(1_760_129_736_000_000));
    }

    #[test]
    fn a_request_that_is_none_and_a_virtual_host() {
        let line = r#"example.org:443 ::1 - - [10/Oct/2025:13:55:36 +0000] "\x16\x03" 400 -"#;
        let parsed = access(line, &context()).unwrap();
        assert_eq!(
            fields(&parsed),
            ["c-ip=::1", "cs-host=example.org:443", "cs-request=\\x16\\x03", "sc-status=400"]
        );
        assert_eq!(access("some [text] \"quoted\"", &context()), None);
    }

    #[test]
    fn error_logs() {
        let line = "[Fri Sep 05 10:42:29.902022 2025] [core:error] [pid 35708:tid 43] [client 72.15.99.187:5] File does not exist: /a";
        let parsed = apache_error(line, &context()).unwrap();
        assert_eq!(fields(&parsed), ["module=core", "pid=35708:tid 43", "c-ip=72.15.99.187:5"]);
        assert_eq!(
            (parsed.severity.as_deref(), parsed.message.as_deref()),
            (Some("error"), Some("File does not exist: /a"))
        );
        let line = r#"2025/10/11 22:14:15 [error] 7#8: *9 open() failed, client: 10.0.0.1, server: x, request: "GET / HTTP/1.1", host: "y""#;
        let parsed = nginx_error(line, &context()).unwrap();
        assert_eq!(
            fields(&parsed),
            [
                "pid=7",
                "tid=8",
                "connection=9",
                "c-ip=10.0.0.1",
                "server=x",
                "cs-request=GET / HTTP/1.1",
                "cs-host=y"
            ]
        );
    }
}
