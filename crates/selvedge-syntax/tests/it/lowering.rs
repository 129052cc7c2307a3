//! What the tree tells apart that grammars leave as text or as one kind.

use selvedge_syntax::Language;

use super::lines;

#[test]
fn names_in_kotlin_strings_are_holes() {
    let code = "f(\"a $b c\")\nf(\"\\$b\")\nf(\"$\")\nf(\"${b.c} $d\")\nf(\"$b\")\n";
    assert_eq!(lines(Language::Kotlin, "f(\"...${b}...\")", code), [1, 5]);
    assert_eq!(lines(Language::Kotlin, "f(\"...${$X.c}...\")", code), [4]);
    assert_eq!(lines(Language::Kotlin, "f(\"$X\")", code), [2, 3]);
}

#[test]
fn calls_in_rust_macros_are_calls() {
    let code = "fn m() {\n  log!(\"{}\", a::b(&c), d.e.f(g), h);\n  log!(\"{}\", i!(j));\n}\n";
    assert_eq!(lines(Language::Rust, "a::b(...)", code), [2]);
    assert_eq!(lines(Language::Rust, "d.e.f($X)", code), [2]);
    assert_eq!(lines(Language::Rust, "$M!($A, ..., h)", code), [2]);
    assert_eq!(lines(Language::Rust, "i!(...)", code), [3]);
}

#[test]
fn braces_are_no_body_of_a_class() {
    let code = "class A {\n  void m() {\n    f();\n  }\n}\n";
    assert_eq!(lines(Language::Java, "{\n  ...\n  f();\n  ...\n}", code), [2]);
}
