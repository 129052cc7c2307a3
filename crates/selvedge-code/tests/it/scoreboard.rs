//! Conformance: the annotated tests of the public rule collection, folder by folder and operator by operator.
//!
//! The collection is looked for at `SELVEDGE_SEMGREP_RULES`, else at `../ext/semgrep-rules` beside the
//! repository; where it is absent the test says so and passes. What is passed stands in
//! `scoreboard.expected`, and may only rise: `SELVEDGE_UPDATE_SCOREBOARD=1` writes it anew.
//! `SELVEDGE_SCOREBOARD_DETAILS=FILE` writes what failed, with the lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use selvedge_code::{CheckOutcome, RuleFile, RuleSet, TestFile};

/// Operators that get a row of their own.
const OPERATORS: &[&str] = &[
    "pattern",
    "patterns",
    "pattern-either",
    "pattern-inside",
    "pattern-not",
    "pattern-not-inside",
    "pattern-regex",
    "pattern-not-regex",
    "metavariable-regex",
    "metavariable-pattern",
    "metavariable-comparison",
    "metavariable-analysis",
    "metavariable-type",
    "focus-metavariable",
    "pattern-sources",
    "pattern-sanitizers",
    "pattern-propagators",
    "by-side-effect",
    "requires",
    "match",
    "fix",
    "fix-regex",
    "options",
    "paths",
];

fn collection() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ext/semgrep-rules");
    let folder = std::env::var_os("SELVEDGE_SEMGREP_RULES").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            match path.is_dir() {
                true if !hidden => pending.push(path),
                true => {}
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

/// A name up to its first dot.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.split('.').next().unwrap_or_default().to_owned()
}

fn is_rule_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (name.ends_with(".yaml") || name.ends_with(".yml"))
        && !name.contains(".test.")
        && !name.contains(".fixed.")
}

#[derive(Default)]
struct Row {
    passed: usize,
    total: usize,
}

impl Row {
    fn count(&mut self, passed: bool) {
        self.total += 1;
        self.passed += usize::from(passed);
    }
}

#[derive(Default)]
struct Board {
    folders: BTreeMap<String, Row>,
    operators: BTreeMap<&'static str, Row>,
    fixes: Row,
    load_problems: usize,
    rules: usize,
    details: String,
}

impl Board {
    fn rule_file(&mut self, root: &Path, path: &Path, targets: &[&PathBuf]) {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        let folder = name.split('/').next().unwrap_or_default().to_owned();
        let (set, mut rejected) = RuleSet::load(&[RuleFile { name: &name, text: &text }]);
        if set.is_empty() && !text.contains("\nrules:") && !text.starts_with("rules:") {
            return;
        }
        rejected.extend(set.check());
        let loaded: BTreeSet<&str> = set.ids().collect();
        let whole =
            rejected.iter().filter(|rejected| rejected.whole).filter_map(|rejected| rejected.rule.as_deref());
        let refused: BTreeSet<&str> = whole.collect();
        self.rules += loaded.union(&refused).count();
        self.load_problems += refused.len();
        for rejected in &rejected {
            let _ =
                writeln!(self.details, "REJECTED {}:{}: {}", rejected.file, rejected.line, rejected.reason);
        }
        let mut checks: BTreeMap<String, Vec<CheckOutcome>> = BTreeMap::new();
        for target in targets {
            let bytes = std::fs::read(target).unwrap_or_default();
            let fixed = std::fs::read(fixed_name(target)).ok();
            let shown = target.strip_prefix(root).unwrap_or(target).to_string_lossy().into_owned();
            for outcome in set.test(&TestFile { path: &shown, bytes: &bytes, fixed: fixed.as_deref() }) {
                checks.entry(outcome.rule.clone()).or_default().push(outcome);
            }
        }
        // A rule that did not load fails its check.
        for rejected in rejected.iter().filter(|rejected| rejected.whole && !targets.is_empty()) {
            checks.entry(rejected.rule.clone().unwrap_or_default()).or_default();
        }
        for (rule, outcomes) in &checks {
            self.check(&name, &folder, &text, rule, outcomes);
        }
    }

    fn check(&mut self, name: &str, folder: &str, text: &str, rule: &str, outcomes: &[CheckOutcome]) {
        let lines_fit =
            |outcome: &CheckOutcome| outcome.missed().is_empty() && outcome.unexpected().is_empty();
        let passed = !outcomes.is_empty() && outcomes.iter().all(lines_fit);
        self.folders.entry(folder.to_owned()).or_default().count(passed);
        self.folders.entry("(all)".to_owned()).or_default().count(passed);
        for operator in OPERATORS {
            let used = text.lines().any(|line| {
                let line = line.trim_start().trim_start_matches("- ");
                line.strip_prefix(operator).is_some_and(|rest| rest.starts_with(':'))
            });
            if used {
                self.operators.entry(operator).or_default().count(passed);
            }
        }
        for outcome in outcomes {
            if let Some(fixed) = outcome.fix_passed {
                self.fixes.count(fixed);
            }
            if !lines_fit(outcome) || outcome.fix_passed == Some(false) {
                let _ = writeln!(
                    self.details,
                    "FAILED {name} {rule} {} missed {:?} unexpected {:?} fix {:?} {:?}",
                    outcome.path,
                    outcome.missed(),
                    outcome.unexpected(),
                    outcome.fix_passed,
                    outcome.problems
                );
            }
        }
    }
}

/// `a.fixed.py` beside `a.py`.
fn fixed_name(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name.as_str(), ""));
    target.with_file_name(format!("{stem}.fixed.{extension}"))
}

/// Whether a file is a test of the rule file with the same stem.
fn is_target(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    !is_rule_file(path) && !name.contains(".fixed.") && !name.ends_with(".md")
}

fn run(root: &Path) -> Board {
    let files = files_below(root);
    let only = std::env::var("SELVEDGE_SCOREBOARD_ONLY").unwrap_or_default();
    let mut by_folder: BTreeMap<(PathBuf, String), Vec<&PathBuf>> = BTreeMap::new();
    for path in files.iter().filter(|path| is_target(path)) {
        let folder = path.parent().unwrap_or(root).to_path_buf();
        by_folder.entry((folder, stem(path))).or_default().push(path);
    }
    let mut board = Board::default();
    for path in files.iter().filter(|path| is_rule_file(path)) {
        let folder = path.parent().unwrap_or(root).to_path_buf();
        let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        if folder == root
            || shown.starts_with("stats/")
            || shown.starts_with("scripts/")
            || !shown.contains(&only)
        {
            continue;
        }
        let targets = by_folder.get(&(folder, stem(path))).map_or(&[][..], Vec::as_slice);
        board.rule_file(root, path, targets);
    }
    board
}

fn table(board: &Board) -> String {
    let mut text = String::new();
    for (name, row) in &board.folders {
        let _ = writeln!(text, "{name} {} {}", row.passed, row.total);
    }
    for (name, row) in &board.operators {
        let _ = writeln!(text, "operator:{name} {} {}", row.passed, row.total);
    }
    let _ = writeln!(text, "fixes {} {}", board.fixes.passed, board.fixes.total);
    let _ = writeln!(text, "loaded {} {}", board.rules - board.load_problems, board.rules);
    text
}

fn passed_by_name(text: &str) -> BTreeMap<String, usize> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?.to_owned(), words.next()?.parse().ok()?))
        })
        .collect()
}

#[test]
fn the_public_rule_tests_pass_as_often_as_before() {
    let Some(root) = collection() else {
        println!("skipped: the public rule collection is absent (SELVEDGE_SEMGREP_RULES)");
        return;
    };
    let board = run(&root);
    let text = table(&board);
    println!("{text}");
    if let Some(path) = std::env::var_os("SELVEDGE_SCOREBOARD_DETAILS") {
        std::fs::write(path, &board.details).expect("details can be written");
    }
    if std::env::var_os("SELVEDGE_SCOREBOARD_ONLY").is_some() {
        return;
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scoreboard.expected");
    if std::env::var_os("SELVEDGE_UPDATE_SCOREBOARD").is_some() {
        std::fs::write(&kept, &text).expect("the expected counts can be written");
        return;
    }
    let expected = passed_by_name(&std::fs::read_to_string(&kept).unwrap_or_default());
    let now = passed_by_name(&text);
    let fallen: Vec<_> =
        expected.iter().filter(|(name, count)| now.get(*name).is_none_or(|now| now < count)).collect();
    assert!(fallen.is_empty(), "fewer pass than before: {fallen:?}");
}
