//! Records of the Linux audit system: `type=SYSCALL msg=audit(1700000000.123:456): arch=c000003e …`.
//!
//! Values that the kernel writes in hexadecimal because they hold spaces or quotes are decoded, as `ausearch -i`
//! does. The fields within `msg='…'` of user-space records stand beside the others.

use crate::logfmt::{Pair, pair};
use crate::{Parsed, TimeContext, time};

/// Fields whose unquoted value is hexadecimal text: those the kernel calls untrusted strings.
const ENCODED: &[&str] = &[
    "acct",
    "cmd",
    "comm",
    "cwd",
    "data",
    "dir",
    "exe",
    "file",
    "grp",
    "key",
    "name",
    "new",
    "ocomm",
    "old",
    "path",
    "proctitle",
    "saddr_path",
    "sw",
    "vm",
    "watch",
];

/// Reads one record.
pub(crate) fn parse<'a>(text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
    // `node=…` stands before, and audisp's syslog plugin may add its tag.
    let start = text.get(..512.min(text.len())).unwrap_or(text).find("type=")?;
    let mut parsed = Parsed::default();
    if let Some(node) = text[..start].trim().strip_prefix("node=") {
        parsed.host = Some(node.into());
    }
    let kind = pair(&text[start..])?;
    let (time_and_serial, rest) = kind.rest.trim_start().strip_prefix("msg=audit(")?.split_once("):")?;
    let (seconds, serial) = time_and_serial.split_once(':')?;
    parsed.time = time::unix(seconds).and_then(|time| context.believed(time));
    let is_execve = kind.value == "EXECVE";
    parsed.put("type", kind.value);
    parsed.put("serial", serial);
    put_pairs(rest, is_execve, &mut parsed);
    parsed.message = Some(text.into());
    Some(parsed)
}

fn put_pairs<'a>(text: &'a str, is_execve: bool, parsed: &mut Parsed<'a>) {
    // Enriched records repeat fields in words after a group separator.
    let mut rest = text.trim_start_matches([' ', '\u{1d}']);
    while !rest.is_empty() {
        let Some(Pair { key, value, was_quoted, rest: after }) = pair(rest) else {
            rest = &rest[rest.find([' ', '\u{1d}']).unwrap_or(rest.len())..];
            rest = rest.trim_start_matches([' ', '\u{1d}']);
            continue;
        };
        if key == "msg" && was_quoted {
            // Its own quotes are `'`, and values within have `"`: read in place.
            let inner = rest.strip_prefix("msg='").and_then(|inner| inner.rsplit_once('\''));
            if let Some((inner, _)) = inner {
                inner_pairs(inner, parsed);
            }
            rest = inner.map_or(after, |(_, after)| after);
            rest = rest.trim_start_matches([' ', '\u{1d}']);
            continue;
        }
        let is_argument = is_execve && key.strip_prefix('a').is_some_and(|n| n.parse::<u32>().is_ok());
        let decoded =
            (!was_quoted && (is_argument || ENCODED.contains(&key))).then(|| hexadecimal(&value)).flatten();
        match decoded {
            Some(decoded) => parsed.put(key, decoded),
            None => parsed.put(key, value),
        }
        rest = after.trim_start_matches([' ', '\u{1d}']);
    }
}

fn inner_pairs<'a>(text: &'a str, parsed: &mut Parsed<'a>) {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(pair) = pair(rest) {
            let decoded =
                (!pair.was_quoted && ENCODED.contains(&pair.key)).then(|| hexadecimal(&pair.value)).flatten();
            match decoded {
                Some(decoded) => parsed.put(pair.key, decoded),
                None => parsed.put(pair.key, pair.value),
            }
            rest = pair.rest;
        } else {
            rest = &rest[rest.find(' ').unwrap_or(rest.len())..];
        }
        rest = rest.trim_start();
    }
}

/// The text behind an even number of hexadecimal digits; a zero byte, which separates arguments in `proctitle`,
/// becomes a space.
fn hexadecimal(value: &str) -> Option<String> {
    let is_hex = value.len() >= 2
        && value.len().is_multiple_of(2)
        && value.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    if !is_hex {
        return None;
    }
    let digit = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 };
    let bytes: Vec<u8> = value.as_bytes().chunks(2).map(|two| digit(two[0]) << 4 | digit(two[1])).collect();
    let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte == 0 { b' ' } else { byte }).collect();
    Some(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Parsed<'_> {
        parse(text, &TimeContext::utc(1_772_323_200_000_000)).unwrap()
    }

    #[test]
    fn a_system_call() {
        let parsed = check(
            "type=SYSCALL msg=audit(1700000000.123:456): arch=c000003e syscall=59 success=yes exe=\"/usr/bin/cat\" key=\"exec\"\u{1d}ARCH=x86_64 SYSCALL=execve",
        );
        assert_eq!(parsed.time, Some(1_700_000_000_123_000));
        for (name, value) in [
            ("type", "SYSCALL"),
            ("serial", "456"),
            ("exe", "/usr/bin/cat"),
            ("key", "exec"),
            ("SYSCALL", "execve"),
        ] {
            assert_eq!(parsed.get(name), Some(value), "{name}");
        }
    }

    #[test]
    fn hexadecimal_values_are_decoded() {
        let parsed = check("type=EXECVE msg=audit(1700000000.1:2): argc=2 a0=\"sh\" a1=6563686F2068");
        assert_eq!(parsed.get("a1"), Some("echo h"));
        let parsed = check("type=PROCTITLE msg=audit(1700000000.1:2): proctitle=6C73002D6C00");
        assert_eq!(parsed.get("proctitle"), Some("ls -l"));
        // A number is a number.
        let parsed = check("type=SYSCALL msg=audit(1700000000.1:2): a0=7ffd a1=10 key=(null)");
        assert_eq!((parsed.get("a1"), parsed.get("key")), (Some("10"), Some("(null)")));
    }

    #[test]
    fn user_space_records() {
        let parsed = check(
            "node=web1 type=USER_LOGIN msg=audit(1700000000.1:2): pid=1 uid=0 msg='op=login acct=\"root\" exe=\"/usr/sbin/sshd\" addr=10.0.0.1 res=failed'",
        );
        assert_eq!(parsed.host.as_deref(), Some("web1"));
        for (name, value) in
            [("pid", "1"), ("op", "login"), ("acct", "root"), ("addr", "10.0.0.1"), ("res", "failed")]
        {
            assert_eq!(parsed.get(name), Some(value), "{name}");
        }
        assert_eq!(parse("type=x y", &TimeContext::utc(0)), None);
    }
}
