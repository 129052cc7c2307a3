//! JUnit XML: what the counts say is what the cases are, and the elements are those that readers know.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use selvedge_model::Report;
use selvedge_report::Format;

use crate::fixture::{clean, render, rich};

/// Number of elements of each name, and the attributes of the suite.
fn read(report: &Report) -> (BTreeMap<String, usize>, BTreeMap<String, String>) {
    let text = render(report, Format::Junit);
    let mut reader = Reader::from_str(&text);
    let mut elements = BTreeMap::new();
    let mut suite = BTreeMap::new();
    loop {
        let event = reader.read_event().unwrap();
        let (Event::Start(start) | Event::Empty(start)) = &event else {
            if matches!(event, Event::Eof) {
                return (elements, suite);
            }
            continue;
        };
        let name = start.name().as_ref().to_owned();
        if name == "testsuite" {
            suite = attributes(start);
        }
        *elements.entry(name).or_default() += 1;
    }
}

fn attributes(start: &BytesStart<'_>) -> BTreeMap<String, String> {
    let pairs = start.attributes().map(|attribute| attribute.unwrap());
    pairs.map(|attribute| (attribute.key.as_ref().to_owned(), attribute.value.into_owned())).collect()
}

/// Checks that the counts of the suite are those of its cases.
#[track_caller]
pub(crate) fn assert_counts(report: &Report) {
    let (elements, suite) = read(report);
    let known = ["testsuites", "testsuite", "testcase", "failure", "skipped", "system-out", "system-err"];
    assert!(elements.keys().all(|name| known.contains(&name.as_str())), "{elements:?}");
    let count = |name: &str| elements.get(name).copied().unwrap_or(0).to_string();
    assert_eq!(suite["tests"], count("testcase"));
    assert_eq!(suite["failures"], count("failure"));
    assert_eq!(suite["skipped"], count("skipped"));
}

#[test]
fn counts_are_those_of_the_cases() {
    assert_counts(&rich());
    assert_counts(&clean());
}

#[test]
fn failures_are_what_fails_the_gate() {
    let report = rich();
    let (elements, _) = read(&report);
    assert_eq!(elements["failure"], report.verdict.failing.len());
    assert_eq!(elements["skipped"], report.suppressed.len());
    let (elements, _) = read(&clean());
    assert_eq!(elements["testcase"], 1);
    assert!(!elements.contains_key("failure"));
}
