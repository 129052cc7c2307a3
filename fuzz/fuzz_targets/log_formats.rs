//! Any text in any format of logs: fields, or the record as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_logformat::{Format, Join, Outcome, TimeContext, records};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let context = TimeContext::utc(1_772_323_200_000_000);
    for format in [
        Format::Auto,
        Format::Json,
        Format::Syslog,
        Format::Logfmt,
        Format::KeyValue(None),
        Format::Access,
        Format::ApacheError,
        Format::NginxError,
        Format::Auditd,
        Format::Cef,
        Format::Leef,
        Format::WindowsEvent,
        Format::Docker,
        Format::Cri,
        Format::Raw,
    ] {
        match format.parse(&text, &context) {
            Outcome::Json(json) => assert!(text.contains(json)),
            Outcome::Fields(_, parsed) | Outcome::Raw(parsed) => {
                assert!(parsed.fields.len() <= selvedge_logformat::FIELDS_MAX);
            }
        }
    }
    let (found, _) = records::split(&text);
    assert!(found.iter().map(|record| record.len()).sum::<usize>() <= text.len());
    for join in [Join::StackTraces, Join::Cri, Join::Docker] {
        let _ = (join.continues(data, data), join.ends(data));
    }
});
