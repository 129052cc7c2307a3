//! Panics are contained, changed lines are told apart, and archives are put together.

use std::ops::Range;

use selvedge_model::{
    ByteRange, Engine, Fingerprint, Location, Remediation, Rule, RuleId, Severity, Stage, Subject,
};
use selvedge_source::Origin;

use super::*;

fn rule() -> Rule {
    Rule {
        id: RuleId::new("word"),
        engine: Engine::Secrets,
        stage: Stage::Code,
        title: "A word".to_owned(),
        why: String::new(),
        remediation: Remediation::default(),
        severity: Severity::Low,
        references: Vec::new(),
        tags: Vec::new(),
        pack: "test".to_owned(),
    }
}

/// Finds everything from `<` to `>`; fails on files that say so, after it has found something.
struct Words;

impl FileEngine for Words {
    fn engine(&self) -> Engine {
        Engine::Secrets
    }

    fn digest(&self) -> [u8; 32] {
        [0; 32]
    }

    fn wants(&self, path: &str) -> bool {
        !path.starts_with("skip/")
    }

    fn inspect(&self, file: &FileView<'_>, sink: &mut Sink) {
        let text = std::str::from_utf8(file.bytes()).unwrap();
        for (number, (start, _)) in text.match_indices('<').enumerate() {
            let end = text[start..].find('>').map_or(text.len(), |end| start + end + 1);
            let range = ByteRange::new(start, end);
            let location = Location::new(file.path(), range, file.lines(), file.bytes());
            let identity = Fingerprint::parse(&format!("{number:032x}")).unwrap();
            let found = Finding::builder(&rule(), Subject::Source { location }, identity).build();
            sink.findings.push(found);
        }
        assert!(!text.contains("fail here"), "the engine fails");
    }
}

const ENGINES: [&dyn FileEngine; 1] = [&Words];

/// First lines of the findings, given which lines (0-based) changed.
#[track_caller]
fn check(text: &str, changed: Option<&[Range<u32>]>, expected: &[u32]) {
    let outcome = inspect(&ENGINES, &FileView::new("a.txt", text.as_bytes()), changed);
    let lines: Vec<_> =
        outcome.findings.iter().map(|finding| finding.subject.location().unwrap().start.line).collect();
    assert_eq!(lines, expected, "{changed:?}");
}

#[test]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of lines, not the numbers in them")]
fn findings_count_if_any_of_their_lines_changed() {
    let text = "0\n1 <a>\n2 <b\n3\n4 b>\n5\n6 <c>\n";
    check(text, None, &[2, 3, 7]);
    check(text, Some(&[]), &[]);
    check(text, Some(&[0..1]), &[]);
    check(text, Some(&[1..2]), &[2]);
    for line in 2..5 {
        check(text, Some(&[line..line + 1]), &[3]);
    }
    check(text, Some(&[5..6]), &[]);
    check(text, Some(&[5..7]), &[7]);
    check(text, Some(&[0..2, 6..7]), &[2, 7]);
    check(text, Some(&[0..u32::MAX]), &[2, 3, 7]);
}

#[test]
fn a_finding_without_a_place_always_counts() {
    let subject = Subject::Host { host: "h".to_owned(), item: "i".to_owned() };
    let identity = Fingerprint::parse(&"0".repeat(32)).unwrap();
    assert!(touches(&Finding::builder(&rule(), subject, identity).build(), &[]));
}

#[test]
fn an_engine_that_fails_costs_one_file_and_says_so() {
    let progress = Progress::default();
    let exclude = PathGlobs::default();
    let pass = Pass::new(&ENGINES, None, &exclude, &progress, None);
    for (path, text) in [("a", "<one>"), ("b", "<two> fail here"), ("c", "<three>")] {
        let origin = Origin::Tree;
        pass.visit(&File { path, bytes: text.as_bytes(), origin, changed: None, stamp: None });
    }
    let (outcome, _) = pass.finish_run();
    let mut found: Vec<_> = outcome.findings.iter().map(Finding::path).collect();
    found.sort_unstable();
    assert_eq!(found, ["a", "b", "c"], "what was found before the failure stays");
    let said: Vec<_> = outcome.diagnostics.iter().map(|said| (said.kind, said.path.as_deref())).collect();
    assert_eq!(said, [(DiagnosticKind::Internal, Some("b"))]);
    assert!(!outcome.diagnostics[0].message.contains("two"), "nothing of the file is shown");
}

#[test]
fn files_that_no_engine_wants_are_not_offered() {
    let progress = Progress::default();
    let exclude = PathGlobs::parse(["out/"]).unwrap();
    let mut pass = Pass::new(&ENGINES, None, &exclude, &progress, None);
    assert!(pass.wants("a.txt") && !pass.wants("skip/a.txt") && !pass.wants("out/a.txt"));
    pass.prefix = "out".to_owned();
    assert!(!pass.wants("a.txt"), "the place of the target counts");
    let none: [&dyn FileEngine; 0] = [];
    assert!(!Pass::new(&none, None, &exclude, &progress, None).wants("a.txt"));
}

#[test]
fn the_entries_of_an_archive_belong_to_it_and_to_nothing_else() {
    assert!(belongs("a.zip", "a.zip") && belongs("a.zip!b/c", "a.zip"));
    assert!(!belongs("a.zipper", "a.zip") && !belongs("x/a.zip!b", "a.zip") && !belongs("a", "a.zip"));
}
