//! Arbitrary text everywhere a repository can put it: no format panics, breaks its own syntax or lets
//! a character through that a terminal would obey.

use proptest::prelude::*;
use selvedge_model::{Excerpt, ExcerptLine, Report};
use selvedge_report::{Format, RuleExamples, TerminalStyle, write_finding_detail, write_rule};

use crate::fixture::{render, render_styled, rich};

/// The rich report with `text` in every place that the scanned repository, its rules or its
/// configuration fill.
fn with(text: &str) -> Report {
    let mut report = rich();
    let suppressed = report.suppressed.iter_mut().map(|entry| &mut entry.finding);
    for finding in report.findings.iter_mut().chain(suppressed) {
        text.clone_into(&mut finding.message);
        text.clone_into(&mut finding.title);
        text.clone_into(&mut finding.why);
        finding.remediation.steps.push(text.to_owned());
        finding.owners.push(text.to_owned());
        finding.reasons.push(text.to_owned());
        for reference in &mut finding.references {
            text.clone_into(&mut reference.id);
        }
        if let Some(secret) = &mut finding.secret {
            secret.facts.push(text.to_owned());
            secret.decoded.push(text.to_owned());
        }
        if let Some(location) = finding.subject.location_mut() {
            text.clone_into(&mut location.path);
            if let Some(commit) = &mut location.commit {
                for field in [&mut commit.author, &mut commit.summary, &mut commit.date, &mut commit.id] {
                    text.clone_into(field);
                }
            }
        }
        let lines = vec![ExcerptLine { number: u32::MAX, text: text.to_owned() }];
        finding.excerpt = Some(Excerpt { lines, marked_line: u32::MAX, mark_start: 1, mark_end: 9 });
    }
    for entry in &mut report.suppressed {
        text.clone_into(&mut entry.suppression.reason);
        text.clone_into(&mut entry.suppression.origin);
    }
    for entry in &mut report.diagnostics {
        entry.path = Some(text.to_owned());
        text.clone_into(&mut entry.message);
    }
    for rule in report.rules.values_mut() {
        text.clone_into(&mut rule.title);
        rule.tags.push(text.to_owned());
        rule.references.push(selvedge_model::Reference::new(selvedge_model::Taxonomy::Url, text));
    }
    report.run.influences.push(text.to_owned());
    text.clone_into(&mut report.run.target);
    report.verdict.reasons.push(text.to_owned());
    text.clone_into(&mut report.notices[0].message);
    report
}

/// Mostly characters that mean something to some format.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("\u{1b}[2J".to_owned()),
        Just("\u{9b}31m".to_owned()),
        Just("\n::error::x\r\n".to_owned()),
        Just("##[add-mask]x".to_owned()),
        Just("]]></failure><!--".to_owned()),
        Just("</script><script>alert(1)</script>".to_owned()),
        Just("\" onload=\"x".to_owned()),
        Just("\u{202e}\u{2066}\u{feff}\u{0}\u{ffff}".to_owned()),
        Just("=1+1|`'\"%0A%25{0}[a](b)".to_owned()),
        Just("漢字👩‍💻e\u{301}".to_owned()),
        any::<String>(),
    ];
    prop::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat())
}

/// What no output may hold besides its line ends.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn assert_well_formed(format: Format, text: &str) {
    match format {
        Format::Json | Format::Sarif | Format::GitlabCodeQuality | Format::GitlabSecretDetection => {
            serde_json::from_str::<serde_json::Value>(text).unwrap();
        }
        Format::Ndjson => {
            for line in text.lines() {
                serde_json::from_str::<serde_json::Value>(line).unwrap();
            }
        }
        Format::Junit => assert_xml(text),
        Format::Csv => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for record in reader.records() {
                for cell in &record.unwrap() {
                    assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "formula {cell:?}");
                }
            }
        }
        Format::Github => {
            let commands = text.lines().filter(|line| !line.starts_with("| "));
            for line in commands {
                let level = line.strip_prefix("::").and_then(|line| line.split(' ').next());
                assert!(matches!(level, Some("error" | "warning" | "notice")), "{line}");
            }
            assert!(!text.lines().any(|line| line.starts_with("| ") && line.contains("##[")), "{text}");
        }
        Format::Html => {
            assert_eq!(text.matches("<script").count(), 1);
            assert_eq!(text.matches(" onload=\"").count(), 0);
        }
        Format::Terminal | Format::Markdown => {}
    }
}

fn assert_xml(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut depth = 0_i32;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) => {
                assert!(start.attributes().all(|attribute| attribute.is_ok()));
                depth += 1;
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_from_the_repository_takes_over_an_output(text in nasty(), width in 0_usize..200) {
        let report = with(&text);
        for format in Format::ALL {
            let style = TerminalStyle { width, ..TerminalStyle::default() };
            let output = render_styled(&report, format, &style);
            let stray = output.chars().filter(|c| !matches!(c, '\n' | '\r')).find(|c| is_forbidden(*c));
            prop_assert_eq!(stray, None, "{} holds {:?}", format, stray);
            prop_assert!(format == Format::Csv || !output.contains('\r'), "{}", format);
            assert_well_formed(format, &output);
        }
    }

    #[test]
    fn nothing_from_a_rule_pack_takes_over_an_explanation(text in nasty(), width in 0_usize..200) {
        let report = with(&text);
        let style = TerminalStyle { width, ..TerminalStyle::default() };
        let examples = [text];
        let examples = RuleExamples { positives: &examples, negatives: &examples };
        let mut out = Vec::new();
        for rule in report.rules.values() {
            write_rule(rule, examples, &style, &mut out).unwrap();
        }
        for finding in &report.findings {
            write_finding_detail(finding, &style, &mut out).unwrap();
        }
        let output = String::from_utf8(out).unwrap();
        let stray = output.chars().filter(|c| *c != '\n').find(|c| is_forbidden(*c));
        prop_assert_eq!(stray, None);
    }
}

#[test]
fn hostile_text_keeps_to_the_schemas() {
    for text in ["", "::", "/abs/olute", "C:\\x y", "http://[", "a%zz#?b", "\u{1b}\u{202e}\n"] {
        crate::schemas::assert_sarif(&with(text));
        crate::gitlab::assert_secret_detection(&with(text));
        crate::junit::assert_counts(&with(text));
    }
}

#[test]
fn outputs_do_not_depend_on_when_they_are_made() {
    for format in Format::ALL {
        assert_eq!(render(&rich(), format), render(&rich(), format));
    }
}

#[test]
fn github_shows_ten_of_a_level_and_says_what_is_left_out() {
    let mut report = rich();
    let one = report.findings[0].clone();
    report.findings = vec![one; 40];
    let text = render(&report, Format::Github);
    let warnings: Vec<_> = text.lines().filter(|line| line.starts_with("::warning ")).collect();
    assert_eq!(warnings.len(), 10);
    assert!(
        warnings[9].ends_with("::32 more findings; the log of this step lists them all"),
        "{}",
        warnings[9]
    );
    assert_eq!(text.lines().filter(|line| line.starts_with("| medium[")).count(), 40);
}
