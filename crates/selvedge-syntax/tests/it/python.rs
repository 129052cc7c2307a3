//! Patterns on Python.

use selvedge_syntax::{Language, Limits, MatchOptions, Pattern, Steps, Tree, find};

/// The 1-based lines on which a pattern matches.
fn lines(pattern: &str, code: &str) -> Vec<usize> {
    let tree = Tree::parse(Language::Python, code.as_bytes(), &Limits::default()).unwrap();
    let pattern = Pattern::parse(Language::Python, pattern, &MatchOptions::default()).unwrap();
    let mut steps = Steps::new(1_000_000);
    let found = find(&pattern, &tree, None, &mut steps);
    let mut lines: Vec<usize> =
        found.iter().map(|m| code[..m.start as usize].matches('\n').count() + 1).collect();
    lines.dedup();
    lines
}

#[test]
fn keyword_arguments_match_in_any_order() {
    assert_eq!(lines("f(a=1, b=2)", "f(b=2, a=1)\nf(a=1)\nf(1, 2)\n"), [1]);
}

#[test]
fn imports_and_their_aliases_are_seen_through() {
    let code = "import a.b as c\nfrom a import b\nfrom a.b import d as e\nc.d()\nb.d()\ne()\nd()\n";
    assert_eq!(lines("a.b.d()", code), [4, 5, 6]);
}

#[test]
fn an_ellipsis_reaches_into_nested_blocks() {
    let code = "x = get()\nif x:\n    eval(x)\n";
    assert_eq!(lines("$X = get()\n...\neval($X)", code), [1]);
    assert_eq!(lines("$X = get()\n...\neval($X)", "x = get()\neval(y)\n"), [] as [usize; 0]);
}
