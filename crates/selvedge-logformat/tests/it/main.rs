//! Formats as a caller sees them: which one a record is found to be in, and that nothing makes a parser fail.

mod corpora;

use proptest::prelude::*;
use selvedge_logformat::{Format, Join, Outcome, TimeContext, records};

/// 2026-03-01T00:00:00Z.
pub(crate) fn context() -> TimeContext {
    TimeContext::utc(1_772_323_200_000_000)
}

fn found(text: &str) -> &'static str {
    match Format::Auto.parse(text, &context()) {
        Outcome::Json(_) => "json",
        Outcome::Fields(format, _) => format,
        Outcome::Raw(_) => "raw",
    }
}

#[test]
fn each_record_is_found_to_be_in_its_format() {
    for (text, expected) in [
        (r#"{"a":1}"#, "json"),
        (r#"{"log":"x\n","stream":"stdout","time":"2026-01-02T03:04:05Z"}"#, "docker"),
        (r#"{"log":"x"}"#, "json"),
        ("2026-01-02T03:04:05Z stdout F hello", "cri"),
        ("<34>1 2026-01-02T03:04:05Z h a - - - text", "syslog"),
        ("<34>Oct 11 22:14:15 h su: text", "syslog"),
        ("Oct 11 22:14:15 h sshd[1]: Failed password", "syslog"),
        ("2026-01-02T03:04:05.678901+01:00 h sshd[1]: Failed password", "syslog"),
        ("<14>Oct 11 22:14:15 h CEF:0|a|b|c|d|e|5|src=1.1.1.1", "syslog"),
        ("CEF:0|a|b|c|d|e|5|src=1.1.1.1", "cef"),
        ("LEEF:1.0|a|b|c|d|src=1.1.1.1", "leef"),
        ("type=SYSCALL msg=audit(1700000000.1:2): a0=1", "auditd"),
        (r#"10.0.0.1 - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 5"#, "access"),
        (r#"host - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 5"#, "access"),
        ("[Fri Sep 05 10:42:29 2025] [error] [client 1.1.1.1] text", "apache-error"),
        ("2025/10/11 22:14:15 [error] 7#8: *9 open() failed", "nginx-error"),
        ("<Event><System><EventID>1</EventID></System></Event>", "windows"),
        (r#"{"Event":{"System":{"EventID":1}}}"#, "windows"),
        ("level=info msg=hello", "logfmt"),
        ("deny src=1.1.1.1 dst=2.2.2.2", "key-value"),
        ("2025-10-11 22:14:15 INFO started", "raw"),
        ("hello", "raw"),
        ("", "raw"),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn a_record_that_fits_nothing_keeps_its_text_and_time() {
    let Outcome::Raw(parsed) = Format::Auto.parse("2025-10-11 22:14:15,5 INFO started\r", &context()) else {
        panic!("not raw");
    };
    assert_eq!(parsed.message.as_deref(), Some("2025-10-11 22:14:15,5 INFO started"));
    assert_eq!(parsed.time, Some(1_760_220_855_500_000));
}

#[test]
fn what_syslog_carries_is_read_too() {
    let text = "<14>Oct 11 22:14:15 h app: {\"user\":{\"name\":\"x\"}}";
    let Outcome::Fields(_, parsed) = Format::Syslog.parse(text, &context()) else { panic!("no syslog") };
    assert_eq!((parsed.get("user.name"), parsed.host.as_deref()), (Some("x"), Some("h")));
}

#[test]
fn each_line_is_a_record_unless_told_otherwise() {
    let join = Join::default();
    assert!(join.ends(b"any line"));
    assert!(!join.continues(b"any line", b"\tindented"));
}

/// Text that looks like logs: pieces of every format in any order.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "<34>",
            "1 ",
            "2026-01-02T03:04:05Z",
            " ",
            "Oct 11 22:14:15",
            "h ",
            "su[1]: ",
            "[",
            "]",
            "\"",
            "=",
            "a=",
            "\\",
            "type=EXECVE msg=audit(1700000000.1:2): ",
            "msg='",
            "'",
            "CEF:0|",
            "LEEF:2.0|",
            "|",
            "{",
            "}",
            "{\"log\":\"",
            "<Event>",
            "</Event>",
            "<Data Name='x'>",
            "&amp;",
            "- ",
            "10/Oct/2025:13:55:36 -0700",
            "\u{1d}",
            "stdout F ",
            "é",
            "\n",
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_fail(text in any_text()) {
        for format in [
            Format::Auto, Format::Json, Format::Syslog, Format::Logfmt, Format::KeyValue(None), Format::Access,
            Format::ApacheError, Format::NginxError, Format::Auditd, Format::Cef, Format::Leef,
            Format::WindowsEvent, Format::Docker, Format::Cri, Format::Raw,
        ] {
            let _ = format.parse(&text, &context());
        }
        let _ = records::split(&text);
        for join in [Join::StackTraces, Join::Cri, Join::Docker] {
            let _ = (join.continues(text.as_bytes(), text.as_bytes()), join.ends(text.as_bytes()));
        }
    }
}
