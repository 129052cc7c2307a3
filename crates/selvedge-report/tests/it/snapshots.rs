//! Every format of the rich and of the clean report, byte for byte.

use std::time::Duration;

use selvedge_report::{Format, RuleExamples, TerminalStyle, write_finding_detail, write_rule};

use crate::fixture::{clean, render, render_styled, rich, rules};

#[test]
fn rich_report_in_every_format() {
    for format in Format::ALL {
        insta::assert_snapshot!(format!("rich_{format}"), render(&rich(), format));
    }
}

#[test]
fn clean_report_in_every_format() {
    for format in Format::ALL {
        insta::assert_snapshot!(format!("clean_{format}"), render(&clean(), format));
    }
}

#[test]
fn terminal_narrow_verbose_and_timed() {
    let style = TerminalStyle {
        width: 60,
        verbose: true,
        elapsed: Some(Duration::from_millis(1234)),
        ..TerminalStyle::default()
    };
    insta::assert_snapshot!("terminal_narrow_verbose", render_styled(&rich(), Format::Terminal, &style));
}

#[test]
fn terminal_colour_and_links_add_only_escape_sequences() {
    let plain = render(&rich(), Format::Terminal);
    let style = TerminalStyle {
        color: true,
        hyperlinks: Some("file:///work/tree/".to_owned()),
        ..TerminalStyle::default()
    };
    let dressed = render_styled(&rich(), Format::Terminal, &style);
    insta::assert_snapshot!("terminal_colour", dressed.replace('\u{1b}', "␛"));
    assert_eq!(without_escapes(&dressed), plain);
}

/// Drops CSI sequences and OSC 8 links.
fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('[') => while chars.next().is_some_and(|c| !c.is_ascii_alphabetic()) {},
            Some(']') => while chars.next().is_some_and(|c| c != '\\') {},
            other => panic!("unexpected escape {other:?}"),
        }
    }
    plain
}

#[test]
fn explain_a_rule() {
    let positives = ["token = \"ghp_…\"".to_owned(), "a:\n  b: \u{1b}[31mx\n".to_owned()];
    let negatives = ["token = os.environ[\"TOKEN\"]".to_owned()];
    let examples = RuleExamples { positives: &positives, negatives: &negatives };
    let mut out = Vec::new();
    write_rule(&rules()[0], examples, &TerminalStyle::default(), &mut out).unwrap();
    insta::assert_snapshot!("explain_rule", String::from_utf8(out).unwrap());
}

#[test]
fn explain_a_finding() {
    let report = rich();
    let finding = report.findings.iter().find(|finding| finding.path() == "old/id_rsa").unwrap();
    let mut out = Vec::new();
    write_finding_detail(finding, &TerminalStyle::default(), &mut out).unwrap();
    insta::assert_snapshot!("explain_finding", String::from_utf8(out).unwrap());
}

/// A disk with room for so many bytes.
struct Disk(usize);

impl std::io::Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        if taken == 0 { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_in_every_format() {
    for format in Format::ALL {
        let needed = render(&rich(), format).len();
        let style = TerminalStyle::default();
        for room in [0, 1, needed / 2, needed - 1] {
            let error = selvedge_report::write(&rich(), format, &style, &mut Disk(room)).unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::StorageFull, "{format} {room}");
        }
        selvedge_report::write(&rich(), format, &style, &mut Disk(needed)).unwrap();
    }
}
