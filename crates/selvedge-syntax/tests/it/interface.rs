//! What those who use trees and matches rely on.

use selvedge_syntax::{
    Constant, Kind, Language, Limits, MatchOptions, Metavariable, Pattern, PatternError, Steps, Tree,
    TreeError, Value, find, unify,
};

fn tree(code: &str) -> Tree {
    Tree::parse(Language::Python, code.as_bytes(), &Limits::default()).expect("within the limits")
}

fn pattern(text: &str) -> Pattern {
    Pattern::parse(Language::Python, text, &MatchOptions::default()).expect("a pattern that can be read")
}

#[test]
fn a_pattern_names_what_a_file_needs() {
    let pattern = pattern("import x as y\n...\na.bb.ccc($X, key=\"dddd\", $...REST)");
    assert!(["ccc", "bb", "key", "dddd"].iter().all(|word| pattern.required().iter().any(|own| own == word)));
    assert_eq!(pattern.metavariables(), ["$X", "$...REST"]);
}

#[test]
fn bindings_give_text_range_and_value() {
    let code = "k = 'v'\nf(k, 1 + 2)\n";
    let tree = tree(code);
    let found = find(&pattern("f($A, $B)"), &tree, None, &mut Steps::new(10_000));
    let [only] = &found[..] else { panic!("one match, not {found:?}") };
    let a = only.bindings.get(Metavariable::named("$A")).expect("bound");
    let b = only.bindings.get(Metavariable::named("$B")).expect("bound");
    assert_eq!((a.text(&tree), b.text(&tree)), ("k", "1 + 2"));
    assert_eq!(tree.constant(a.node().expect("a node")), Some(Constant::Text("v")));
    assert_eq!(tree.constant(b.node().expect("a node")), Some(Constant::Number("3")));
    assert!(!unify(&tree, a, b));
    assert!(unify(&tree, a, &Value::Text { text: "k".to_owned(), range: (0..1).into() }));
}

#[test]
fn a_range_bounds_where_is_looked() {
    let code = "f(1)\nf(2)\n";
    let tree = tree(code);
    let found = find(&pattern("f($X)"), &tree, Some(&(5..9)), &mut Steps::new(10_000));
    assert_eq!(found.iter().map(|m| m.start).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_broken_region_is_named_and_the_rest_is_matched() {
    let code = "f(1)\nx = = 2 )\nf(3)\n";
    let tree = tree(code);
    assert!(!tree.broken().is_empty());
    let found = find(&pattern("f($X)"), &tree, None, &mut Steps::new(10_000));
    assert!(found.iter().any(|m| m.start == 0));
}

#[test]
fn limits_and_budgets_are_reported() {
    let limits = Limits { bytes_max: 3, ..Limits::default() };
    assert_eq!(
        Tree::parse(Language::Python, b"1234", &limits).err(),
        Some(TreeError::TooLarge { bytes: 4, limit: 3 })
    );
    let mut steps = Steps::new(3);
    find(&pattern("$X = $Y\n...\n$Z = $X"), &tree("a = 1\nb = 2\nc = 3\n"), None, &mut steps);
    assert!(steps.exhausted());
    let options = MatchOptions::default();
    assert_eq!(Pattern::parse(Language::Python, " \n", &options).err(), Some(PatternError::Empty));
    let unreadable = Pattern::parse(Language::Python, "f(((", &options);
    assert!(matches!(unreadable, Err(PatternError::Unreadable { .. })));
    let expression = Pattern::parse(Language::Python, "f(\"=~/(/\")", &options);
    assert!(matches!(expression, Err(PatternError::Expression { .. })));
    let huge = "f()\n".repeat(20_000);
    assert!(matches!(Pattern::parse(Language::Python, &huge, &options), Err(PatternError::TooLarge(_))));
    let complex = "f()\n".repeat(1_000);
    assert!(matches!(Pattern::parse(Language::Python, &complex, &options), Err(PatternError::TooComplex(_))));
}

#[test]
fn languages_have_the_names_and_files_that_rules_use() {
    let by_name =
        ["py", "js", "ts", "terraform", "c#", "sh", "docker"].map(|name| Language::from_name(name).is_some());
    assert_eq!(by_name, [true; 7]);
    assert_eq!(Language::from_name("generic"), None);
    assert_eq!(Language::of_path("a/b/main.tf"), Some(Language::Hcl));
    assert_eq!(Language::of_path("x/Dockerfile"), Some(Language::Dockerfile));
    assert_eq!(Language::of_path("x/README"), None);
    for language in Language::all() {
        assert_eq!(Language::from_name(language.name()), Some(language));
    }
}

#[test]
fn nodes_are_found_by_range() {
    let code = "x = f(a.b)\n";
    let tree = tree(code);
    let call = tree.exactly(&(4..10)).expect("a call");
    assert_eq!(tree.kind(call), Kind::Call);
    assert_eq!(tree.source_of(tree.covering(&(6..9))), "a.b");
    assert_eq!(tree.qualified(tree.covering(&(6..9))).as_deref(), Some("a.b"));
    assert_eq!(tree.parent(call).map(|up| tree.kind(up)), Some(Kind::Assign));
}
