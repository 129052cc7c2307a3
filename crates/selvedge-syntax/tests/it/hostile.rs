//! Input that is out to crash, hang or overflow.

use std::collections::HashMap;

use proptest::prelude::*;
use selvedge_syntax::{Language, Limits, MatchOptions, Pattern, Steps, Tree, find};

/// Reads a file, checks that its nodes lie within it, and matches a pattern that may match anything.
fn survives(language: Language, code: &[u8]) {
    let tree = Tree::parse(language, code, &Limits::default()).expect("within the limits");
    for id in tree.subtree(tree.root()) {
        assert!(tree.range(id).end as usize <= code.len());
        let _ = (tree.text(id), tree.constant(id));
    }
    let options = MatchOptions { symbolic_propagation: true, ..MatchOptions::default() };
    for pattern in ["$X", "<... $X ...>", "$F(..., $X, ...)", "$A = $B"] {
        if let Ok(pattern) = Pattern::parse(language, pattern, &options) {
            find(&pattern, &tree, None, &mut Steps::new(20_000));
        }
    }
}

#[test]
fn deep_code_is_cut_not_overflowed() {
    let deep = [
        format!("x = {}1{}", "(".repeat(3_000), ")".repeat(3_000)),
        format!("x = {}", "[".repeat(3_000)),
        format!("x = {}1", "-".repeat(3_000)),
        format!("a{}", ".b".repeat(3_000)),
        format!("a{}", " + a".repeat(3_000)),
        "{".repeat(3_000),
        "if a:\n".repeat(300),
        "<a>".repeat(2_000),
    ];
    for code in &deep {
        for language in Language::all() {
            survives(language, code.as_bytes());
        }
    }
}

#[test]
fn rows_of_names_become_no_deep_tree() {
    let rows = [
        (Language::Rust, format!("fn m() {{ n!(a{}); }}", ".b".repeat(20_000))),
        (Language::Rust, format!("fn m() {{ n!({}c{}); }}", "a.b(".repeat(300), ").d.e".repeat(300))),
        (Language::Kotlin, format!("package a{}\n", ".b".repeat(20_000))),
    ];
    for (language, code) in rows {
        let tree = Tree::parse(language, code.as_bytes(), &Limits::default()).expect("within the limits");
        let mut depths = HashMap::new();
        for id in tree.subtree(tree.root()) {
            let depth = tree.parent(id).map_or(0, |up| depths[&up] + 1);
            depths.insert(id, depth);
            assert!(depth < 1_200, "{language} {depth}");
        }
        survives(language, code.as_bytes());
    }
}

#[test]
fn deep_patterns_are_refused_or_bounded() {
    for pattern in ["(".repeat(2_000) + "1", "-".repeat(1_500) + "1", "<... ".repeat(500) + "1"] {
        for language in Language::all() {
            let Ok(pattern) = Pattern::parse(language, &pattern, &MatchOptions::default()) else { continue };
            let tree = Tree::parse(language, b"f(1)", &Limits::default()).expect("within the limits");
            find(&pattern, &tree, None, &mut Steps::new(20_000));
        }
    }
}

#[test]
fn values_that_double_stay_small() {
    let mut code = "a0 = 'xxxxxxxxxxxxxxxx'\n".to_owned();
    for index in 0..64 {
        let next = index + 1;
        code.extend([format!("a{next} = a{index} + a{index}\n")]);
    }
    code.push_str("f(a64)\n");
    assert_eq!(super::lines(Language::Python, "f(\"...\")", &code), [66]);
}

#[test]
fn many_ways_to_match_end_with_the_budget() {
    let code = "f(x)\n".repeat(300);
    let tree = Tree::parse(Language::Python, code.as_bytes(), &Limits::default()).expect("within the limits");
    let text = "...\nf($A)\n...\nf($B)\n...\nf($C)\n...\ng()";
    let pattern = Pattern::parse(Language::Python, text, &MatchOptions::default()).expect("readable");
    let mut steps = Steps::new(100_000);
    assert!(find(&pattern, &tree, None, &mut steps).is_empty());
}

fn language() -> impl Strategy<Value = Language> {
    proptest::sample::select(Language::all().collect::<Vec<_>>())
}

/// Pieces of code that do not fit together.
fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "$X",
        "$...Y",
        "...",
        "<... ",
        " ...>",
        "\"$S\"",
        "'a'",
        "`b`",
        "f(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ";",
        "\n",
        "  ",
        "=",
        ":",
        ",",
        ".",
        "class ",
        "def ",
        "function ",
        "if ",
        "import ",
        "from ",
        "for ",
        "return ",
        "@a",
        "#",
        "//",
        "/* ",
        "é",
        "1",
        "x",
        "- ",
        "RUN ",
        "FROM ",
        "<a ",
        ">",
        "&&",
        "|",
        "$",
        "\\",
        "\"",
        "'",
        "fn ",
        "let ",
        "%{",
        "end\n",
        "case ",
        "switch ",
        "try ",
        "catch ",
        "var ",
        "new ",
        "=>",
        "->",
        "::",
        "?.",
        "b\"",
        "f'{",
        "${",
        "#{",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..24)
        .prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_bytes_are_a_file(language in language(), bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        survives(language, &bytes);
    }

    #[test]
    fn any_pieces_are_a_file_and_may_be_a_pattern(language in language(), code in pieces(), text in pieces()) {
        survives(language, code.as_bytes());
        if let Ok(pattern) = Pattern::parse(language, &text, &MatchOptions::default()) {
            let tree = Tree::parse(language, code.as_bytes(), &Limits::default()).expect("within the limits");
            for found in find(&pattern, &tree, None, &mut Steps::new(20_000)) {
                prop_assert!(found.start <= found.end && found.end as usize <= code.len());
            }
        }
    }
}
