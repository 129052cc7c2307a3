//! A finding keeps its identity while lines move around it, and loses it with its path or its value.

use std::collections::BTreeSet;

use proptest::prelude::*;
use selvedge_model::FingerprintKey;
use selvedge_scan::Looked;

use crate::support::{Project, RULES, builtin_engine, engine_with, token, values};

fn identities(looked: &Looked) -> Vec<String> {
    let mut all: Vec<_> = looked.findings.iter().map(|finding| finding.fingerprint.to_string()).collect();
    all.sort();
    all
}

fn check(name: &str, text: &str) -> Vec<String> {
    let project = Project::new();
    project.write(name, text);
    identities(&project.check())
}

/// An edit of a file that does not touch its secrets.
#[derive(Debug, Clone)]
enum Edit {
    Insert { at: usize, lines: usize },
    RemoveOthers { every: usize },
    Indent(usize),
    Wrap,
    CarriageReturns,
}

impl Edit {
    fn apply(&self, lines: &mut Vec<String>) {
        match *self {
            Self::Insert { at, lines: count } => {
                let at = at % (lines.len() + 1);
                lines.splice(at..at, (0..count).map(|number| format!("note {number}")));
            }
            Self::RemoveOthers { every } => {
                let mut number = 0;
                lines.retain(|line| {
                    number += 1;
                    line.contains("acme_") || number % every != 0
                });
            }
            Self::Indent(width) => {
                for line in lines {
                    line.insert_str(0, &" ".repeat(width));
                }
            }
            Self::Wrap => {
                *lines = lines.iter().flat_map(|line| line.split(' ').map(ToOwned::to_owned)).collect();
            }
            Self::CarriageReturns => lines.iter_mut().for_each(|line| line.push('\r')),
        }
    }
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        (0_usize..40, 1_usize..30).prop_map(|(at, lines)| Edit::Insert { at, lines }),
        (1_usize..4).prop_map(|every| Edit::RemoveOthers { every }),
        (1_usize..9).prop_map(Edit::Indent),
        Just(Edit::Wrap),
        Just(Edit::CarriageReturns),
    ];
    prop::collection::vec(edit, 1..5)
}

/// Lines of prose, some with one of a few tokens; equal tokens may occur more than once.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        3 => (0_u32..1000).prop_map(|number| format!("line {number} says little")),
        1 => (0_u64..4).prop_map(|seed| format!("let key = \"{}\" ;", token(seed))),
    ];
    prop::collection::vec(line, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn identities_survive_edits_around_the_secrets(lines in lines(), edits in edits()) {
        let before = check("src/a.txt", &lines.join("\n"));
        let count = lines.iter().filter(|line| line.contains("acme_")).count();
        prop_assert_eq!(before.len(), count, "every occurrence is a finding of its own");
        let mut edited = lines;
        for edit in edits {
            edit.apply(&mut edited);
        }
        prop_assert_eq!(before, check("src/a.txt", &edited.join("\n")));
    }
}

#[test]
fn path_value_and_key_change_the_identity() {
    let text = format!("key = {}\n", token(1));
    let project = Project::new();
    project.write("a.txt", &text);
    let here = identities(&project.check());
    assert_eq!(here.len(), 1);
    assert_ne!(here, check("b.txt", &text), "another path");
    assert_ne!(here, check("a.txt", &format!("key = {}\n", token(2))), "another value");
    let mut run = project.run();
    run.engine = engine_with(RULES, b"another key");
    let elsewhere = run.tree();
    assert_ne!(here, identities(&elsewhere), "another key");
    assert_ne!(values(&project.check()), values(&elsewhere), "the value's own fingerprint is keyed too");
}

#[test]
fn the_same_value_twice_in_a_file_is_two_findings_with_one_value() {
    let project = Project::new();
    project.write("a.txt", format!("{0}\n{0}\n", token(1)));
    let looked = project.check();
    assert_eq!(identities(&looked).into_iter().collect::<BTreeSet<_>>().len(), 2);
    assert_eq!(values(&looked).into_iter().collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn built_in_rules_keep_identities_too() {
    let token = selvedge_secrets::example::expand("<<github-crc32:ghp_>>", 5).unwrap();
    let found = |text: String| {
        let project = Project::new();
        project.write("deploy.py", text);
        let mut run = project.run();
        run.engine = builtin_engine();
        assert_eq!(run.engine.key().id(), FingerprintKey::builtin().id());
        let looked = run.tree();
        assert_eq!(looked.findings.len(), 1, "{:?}", looked.findings);
        assert!(!format!("{looked:?}").contains(&token), "the value is shown nowhere");
        identities(&looked)
    };
    let before = found(format!("import os\nTOKEN = \"{token}\"\n"));
    assert_eq!(before, found(format!("# moved\n\n\nimport os\n\n    TOKEN = \"{token}\"\n")));
}
