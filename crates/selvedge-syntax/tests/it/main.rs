//! Integration tests: patterns against code, hostile input, and the pattern tests of Semgrep's own engine.

mod conformance;
mod hostile;
mod interface;
mod javascript;
mod languages;
mod lowering;
mod python;

use selvedge_syntax::{Language, Limits, MatchOptions, Pattern, Steps, Tree, find};

/// The 1-based lines on which a pattern matches, each once.
fn lines(language: Language, pattern: &str, code: &str) -> Vec<usize> {
    lines_with(language, pattern, code, &MatchOptions::default())
}

/// The same, with options.
fn lines_with(language: Language, pattern: &str, code: &str, options: &MatchOptions) -> Vec<usize> {
    let tree = Tree::parse(language, code.as_bytes(), &Limits::default()).expect("within the limits");
    let pattern = Pattern::parse(language, pattern, options).expect("a pattern that can be read");
    let mut steps = Steps::new(1_000_000);
    let found = find(&pattern, &tree, None, &mut steps);
    assert!(!steps.exhausted());
    let mut lines: Vec<usize> =
        found.iter().map(|m| code[..m.start as usize].matches('\n').count() + 1).collect();
    lines.dedup();
    lines
}

/// Nothing.
const NONE: [usize; 0] = [];
