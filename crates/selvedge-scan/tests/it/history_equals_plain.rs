//! The history, searched in pieces that are each looked at once, gives what plain checks of every version
//! of every file give; and says of each value where it came first.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use selvedge_model::{Finding, LineIndex};
use selvedge_scan::{Looked, SecretsEngine, Target};

use crate::support::{MadeCommit, RULES, engine, engine_with, import, token};

/// Rule and fingerprint of a value, or path for a rule that judges by path alone.
type Value = (String, String);

/// Where a value came first: number of the commit, path.
type First = (usize, String);

/// One step from a commit to the next.
#[derive(Debug, Clone)]
enum Edit {
    /// Lines go in: prose, tokens, a block.
    Insert { file: usize, at: usize, lines: Vec<Line> },
    /// Lines go out.
    Cut { file: usize, at: usize, lines: usize },
    /// A file gets another name.
    Rename { file: usize, to: usize },
    /// A file is there twice.
    Copy { file: usize, to: usize },
    /// A file goes.
    Remove { file: usize },
    /// Another commit comes in too; what both have is this one's.
    Merge { other: usize },
    /// The next commit starts from an earlier one.
    Branch { from: usize },
}

/// One line, or what stands for several.
#[derive(Debug, Clone)]
enum Line {
    Prose(u32),
    Blank,
    Token(u64),
    Digest(u32),
    Allowed(u64),
    Block(u32, usize),
    Long(u32, u64),
}

impl Line {
    fn text(&self) -> String {
        match self {
            Self::Prose(number) => format!("line {number} says {}", number.wrapping_mul(2_654_435_761)),
            Self::Blank => String::new(),
            Self::Token(seed) => format!("key = \"{}\"", token(*seed)),
            Self::Digest(number) => format!("value {number:040x}"),
            Self::Allowed(seed) => format!("key = \"{}\" # gitleaks:allow", token(*seed)),
            Self::Block(number, lines) => {
                format!("BEGIN ACME\n{}\nEND ACME", vec![format!("part {number}"); *lines].join("\n"))
            }
            Self::Long(number, seed) => {
                let filler = format!("{number} minified ").repeat(400);
                format!("{filler}{} {filler}", token(*seed))
            }
        }
    }
}

/// Names of the files there are; some in folders, so that trees are shared and moved.
const NAMES: [&str; 5] = ["a.txt", "b/c.txt", "b/d.txt", "e/f/g.txt", "zz.txt"];

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        60 => (0_u32..500).prop_map(Line::Prose),
        6 => Just(Line::Blank),
        3 => (0_u64..6).prop_map(Line::Token),
        1 => (0_u32..6).prop_map(Line::Digest),
        1 => (0_u64..6).prop_map(Line::Allowed),
        1 => (0_u32..3, 1_usize..150).prop_map(|(number, lines)| Line::Block(number, lines)),
        1 => (0_u32..3, 0_u64..6).prop_map(|(number, seed)| Line::Long(number, seed)),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let (file, at) = (0..NAMES.len(), 0_usize..400);
    let lines = prop_oneof![
        2 => prop::collection::vec(line(), 1..4),
        1 => prop::collection::vec(line(), 50..200),
    ];
    prop_oneof![
        6 => (file.clone(), at.clone(), lines).prop_map(|(file, at, lines)| Edit::Insert { file, at, lines }),
        3 => (file.clone(), at, 1_usize..60).prop_map(|(file, at, lines)| Edit::Cut { file, at, lines }),
        1 => (file.clone(), file.clone()).prop_map(|(file, to)| Edit::Rename { file, to }),
        1 => (file.clone(), file.clone()).prop_map(|(file, to)| Edit::Copy { file, to }),
        1 => file.prop_map(|file| Edit::Remove { file }),
        1 => (0_usize..20).prop_map(|other| Edit::Merge { other }),
        1 => (0_usize..20).prop_map(|from| Edit::Branch { from }),
    ]
}

/// The commits that the edits make.
fn commits(edits: &[Edit]) -> Vec<MadeCommit> {
    let mut commits = vec![MadeCommit::default()];
    let mut base = 0;
    for edit in edits {
        let mut next = MadeCommit { parents: vec![base], files: commits[base].files.clone() };
        match edit {
            Edit::Branch { from } => {
                base = from % commits.len();
                continue;
            }
            Edit::Merge { other } => {
                let other = other % commits.len();
                if other != base {
                    next.parents.push(other);
                    for (path, content) in &commits[other].files {
                        next.files.entry(path.clone()).or_insert_with(|| content.clone());
                    }
                }
            }
            Edit::Insert { file, at, lines } => {
                let content = next.files.entry(NAMES[*file].to_owned()).or_default();
                let new: String = lines.iter().map(|line| line.text() + "\n").collect();
                let at = line_start(content, *at);
                content.splice(at..at, new.bytes());
            }
            Edit::Cut { file, at, lines } => {
                if let Some(content) = next.files.get_mut(NAMES[*file]) {
                    let range = line_start(content, *at)..line_start(content, at + lines);
                    content.drain(range);
                }
            }
            Edit::Rename { file, to } => {
                if let Some(content) = next.files.remove(NAMES[*file]) {
                    next.files.insert(NAMES[*to].to_owned(), content);
                }
            }
            Edit::Copy { file, to } => {
                if let Some(content) = next.files.get(NAMES[*file]).cloned() {
                    next.files.insert(NAMES[*to].to_owned(), content);
                }
            }
            Edit::Remove { file } => {
                next.files.remove(NAMES[*file]);
            }
        }
        commits.push(next);
        base = commits.len() - 1;
    }
    commits
}

/// Where the line with this number starts, or the end of the text.
fn line_start(text: &[u8], number: usize) -> usize {
    let mut starts = std::iter::once(0)
        .chain(text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1));
    starts.nth(number).unwrap_or(text.len())
}

/// What plain checks of all versions say that the tips lead to.
fn expected(engine: &SecretsEngine, commits: &[MadeCommit], tips: &[usize]) -> BTreeMap<Value, First> {
    let mut reached = BTreeSet::new();
    let mut pending = tips.to_vec();
    while let Some(number) = pending.pop() {
        if reached.insert(number) {
            pending.extend(&commits[number].parents);
        }
    }
    let mut found: BTreeMap<Value, First> = BTreeMap::new();
    for number in reached {
        for (path, content) in &commits[number].files {
            let hits = engine.scanner().scan(Some(path), content, &mut Vec::new());
            let lines = LineIndex::new(content);
            for finding in engine.scanner().findings(path, content, &lines, &hits, engine.key()) {
                let value = value(&finding);
                // Commits are numbered as they are dated, and paths come in order.
                found.entry(value).or_insert_with(|| (number, path.clone()));
            }
        }
    }
    found
}

fn value(finding: &Finding) -> Value {
    let secret = finding.secret.as_ref();
    let what = secret.map_or_else(|| finding.path().to_owned(), |secret| secret.fingerprint.to_string());
    (finding.rule.to_string(), what)
}

/// What the history says.
fn told(looked: &Looked) -> BTreeMap<Value, First> {
    let mut told = BTreeMap::new();
    for finding in &looked.findings {
        let location = finding.subject.location().unwrap();
        let number = location.commit.as_ref().unwrap().summary.parse().unwrap();
        let first = (number, location.path.clone());
        assert_eq!(told.insert(value(finding), first), None, "told once");
    }
    told
}

fn compare(engine: SecretsEngine, commits: &[MadeCommit], tips: &[usize], packed: bool) {
    let expected = expected(&engine, commits, tips);
    let repository = import(commits, tips, packed);
    let mut run = repository.run();
    run.engine = engine;
    let looked = run.look(&Target::History).unwrap();
    assert_eq!(looked.diagnostics, []);
    assert_eq!(told(&looked), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_of_every_version_is_told_where_it_came_first(
        edits in prop::collection::vec(edit(), 1..14),
        tips in prop::collection::vec(0_usize..100, 1..4),
        packed in any::<bool>(),
    ) {
        let commits = commits(&edits);
        let tips: Vec<_> = tips.iter().map(|tip| tip % commits.len()).chain([commits.len() - 1]).collect();
        compare(engine(), &commits, &tips, packed);
    }

    #[test]
    fn rules_that_look_at_paths_say_the_same(edits in prop::collection::vec(edit(), 1..12)) {
        let rules = RULES.replace(
            "keywords = ['acme_']",
            "keywords = ['acme_']\n[[rules.allowlists]]\npaths = ['''^b/''']\n",
        );
        let commits = commits(&edits);
        compare(engine_with(&rules, b"key"), &commits, &[commits.len() - 1], true);
    }

    #[test]
    fn rules_that_a_keyword_anywhere_opens_say_the_same(edits in prop::collection::vec(edit(), 1..14)) {
        let rules = format!("{RULES}{OPENED_RULE}");
        let commits = commits(&edits);
        compare(engine_with(&rules, b"key"), &commits, &[commits.len() - 1], true);
    }

    #[test]
    fn rules_that_judge_by_path_alone_say_the_same(
        edits in prop::collection::vec(edit(), 1..12),
        packed in any::<bool>(),
    ) {
        let rules = format!("{RULES}{PATH_RULES}");
        let commits = commits(&edits);
        compare(engine_with(&rules, b"key"), &commits, &[commits.len() - 1], packed);
    }
}

/// A rule without a literal, whose keyword may stand anywhere.
const OPENED_RULE: &str = r"
[[rules]]
id = 'digest'
description = 'a digest'
regex = '''\b([0-9a-f]{40})\b'''
keywords = ['acme']
";

/// Rules that judge by path alone: by the name, by the folder, and with one allowed.
const PATH_RULES: &str = r"
[[rules]]
id = 'text-below'
description = 'a text in a folder'
path = '''/[a-z]\.txt$'''

[[rules]]
id = 'folder'
description = 'a folder'
path = '''^(?:b|e/f)/'''
[[rules.allowlists]]
paths = ['''d\.txt$''']
";

#[test]
fn a_value_that_an_edit_next_to_it_brings_out_is_told() {
    // Only the second version matches: a letter before the token hid it in the first.
    let version = |before: &str| format!("{0}{before}{1}\n{0}", prose(300), token(1)).into_bytes();
    let commits = versions(["x", " ", "yy"].map(version));
    assert_eq!(expected(&engine(), &commits, &[2]).len(), 1);
    compare(engine(), &commits, &[2], true);
}

#[test]
fn a_block_that_grows_together_is_told() {
    // Neither its beginning nor its end is new when the lines between them go.
    let commits = versions([100, 3].map(|between| block(between, "END ACME")));
    assert_eq!(expected(&engine(), &commits, &[1]).len(), 1);
    compare(engine(), &commits, &[1], true);
}

#[test]
fn a_block_whose_end_alone_is_new_is_told() {
    // The pieces that hold its beginning and its middle were seen before, with another end. Packed, the later
    // version is stored as a change to the longer one, and therefore searched after it.
    for between in (1..60).step_by(7) {
        let commits = versions(["END OF SOMETHING OTHER", "END ACME"].map(|end| block(between, end)));
        assert_eq!(expected(&engine(), &commits, &[1]).len(), 1, "{between} lines");
        compare(engine(), &commits, &[1], true);
    }
}

/// That many lines, with blank ones between them: a text is cut there as often as may be.
fn prose(lines: u32) -> String {
    (0..lines).map(|number| Line::Prose(number).text() + "\n\n").collect()
}

/// A text with the beginning of a block, that many lines, and this end.
fn block(between: u32, end: &str) -> Vec<u8> {
    format!("{0}BEGIN ACME\n{1}{end}\n{0}", prose(100), prose(between)).into_bytes()
}

/// One commit after the other, of one file.
fn versions<const COUNT: usize>(contents: [Vec<u8>; COUNT]) -> Vec<MadeCommit> {
    let commit = |(number, content): (usize, Vec<u8>)| MadeCommit {
        parents: number.checked_sub(1).into_iter().collect(),
        files: [("a.txt".to_owned(), content)].into(),
    };
    contents.into_iter().enumerate().map(commit).collect()
}
