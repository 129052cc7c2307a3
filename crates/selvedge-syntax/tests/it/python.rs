//! Patterns on Python.

use selvedge_syntax::{Language, MatchOptions};

use super::{NONE, lines_with};

fn lines(pattern: &str, code: &str) -> Vec<usize> {
    super::lines(Language::Python, pattern, code)
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
fn an_import_holds_in_its_function_only() {
    let code = "def f():\n    from a import b\n    b()\ndef g():\n    b()\n";
    assert_eq!(lines("a.b()", code), [3]);
}

#[test]
fn an_ellipsis_reaches_into_nested_blocks() {
    assert_eq!(lines("$X = get()\n...\neval($X)", "x = get()\nif x:\n    eval(x)\n"), [1]);
    assert_eq!(lines("$X = get()\n...\neval($X)", "x = get()\neval(y)\n"), NONE);
}

#[test]
fn an_expression_of_a_sequence_is_found_inside_statements() {
    assert_eq!(lines("f()\ng()", "x = f()\nreturn g()\n"), [1]);
}

#[test]
fn the_same_metavariable_is_the_same_code() {
    assert_eq!(lines("$X == $X", "a == a\na == b\nf(1) == f( 1 )\n"), [1, 3]);
}

#[test]
fn names_of_two_scopes_are_two_variables() {
    assert_eq!(lines("$A = 1\n...\nf($A)", "x = 1\ndef g(x):\n    f(x)\n"), NONE);
}

#[test]
fn strings_match_by_content_ellipsis_and_expression() {
    let code = "f('abc')\nf(\"x\" \"y\")\nf(f'{a}')\nf(f'ab')\n";
    assert_eq!(lines("f(\"...\")", code), [1, 2, 4]);
    assert_eq!(lines("f(\"=~/^a/\")", code), [1, 4]);
    assert_eq!(lines("f(\"xy\")", code), [2]);
    assert_eq!(lines("f(f\"...{$X}...\")", code), [3]);
}

#[test]
fn constants_are_followed_through_branches_but_not_loops() {
    let code = "def f(c):\n  a = 'x'\n  if c:\n    a = 'y'\n  g(a)\n  while c:\n    a = a + 'z'\n  g(a)\n";
    assert_eq!(lines("g(\"...\")", code), [5]);
}

#[test]
fn a_constant_of_the_module_is_known_in_its_functions() {
    assert_eq!(lines("g(\"secret\")", "K = 'sec' + 'ret'\ndef f():\n    g(K)\n"), [3]);
    assert_eq!(
        lines("g(\"secret\")", "K = 'secret'\ndef f():\n    g(K)\ndef h():\n    global K\n    K = ''\n"),
        NONE
    );
}

#[test]
fn a_value_is_seen_through_when_asked_for() {
    let options = MatchOptions { symbolic_propagation: true, ..MatchOptions::default() };
    let code = "def f():\n    x = g()\n    x.h()\n";
    assert_eq!(lines_with(Language::Python, "g().h()", code, &options), [3]);
    assert_eq!(lines("g().h()", code), NONE);
}

#[test]
fn decorators_bases_and_modifiers_may_be_fewer_than_there_are() {
    let code = "@a\n@b(1)\nclass C(D, E):\n    pass\n";
    assert_eq!(lines("@b(...)\nclass $C(E):\n    ...", code), [1]);
    assert_eq!(lines("class $C:\n    ...", code), [1]);
    assert_eq!(lines("@c\nclass $C:\n    ...", code), NONE);
}

#[test]
fn members_of_a_class_match_in_any_order() {
    assert_eq!(lines("class $C:\n  b = 2\n  ...\n  a = 1", "class X:\n    a = 1\n    b = 2\n"), [1]);
}

#[test]
fn a_deep_ellipsis_looks_everywhere_below() {
    assert_eq!(lines("f(<... $X.a ...>)", "f(g([1, {2: z.a}]))\nf(a)\n"), [1]);
}

#[test]
fn chains_may_have_more_between() {
    assert_eq!(lines("a. ... .z()", "a.b(1).c.z()\na.z()\nb.z()\n"), [1, 2]);
}

#[test]
fn boolean_operands_are_grouped_freely_and_bits_ordered_freely() {
    assert_eq!(lines("a and ... and c", "a and b and c\na and (b and c)\nc and a\n"), [1, 2]);
    assert_eq!(lines("a | b", "b | a\nb | x | a\na | c\n"), [1, 2]);
}

#[test]
fn an_elif_is_an_if() {
    assert_eq!(lines("if $X == 2:\n  ...", "if a == 1:\n    f()\nelif a == 2:\n    g()\n"), [3]);
}
