//! Patterns on JavaScript, TypeScript and JSX.

use selvedge_syntax::Language;

use super::NONE;

fn lines(pattern: &str, code: &str) -> Vec<usize> {
    super::lines(Language::JavaScript, pattern, code)
}

#[test]
fn required_modules_are_imports() {
    let code = "const cp = require('child_process');\nimport {exec as e} from 'child_process';\ncp.exec(x);\ne(y);\n";
    assert_eq!(lines("child_process.exec(...)", code), [3, 4]);
    assert_eq!(lines("import 'child_process'", code), [1, 2]);
}

#[test]
fn objects_may_have_more_keys_in_any_order() {
    assert_eq!(lines("f({b: 2, a: $X})", "f({a: 1, 'b': 2, c: 3})\nf({a: 1})\n"), [1]);
}

#[test]
fn braces_are_an_object_not_a_body() {
    assert_eq!(lines("{...}", "x = {a: 1};\nfunction f() { g(); }\n"), [1]);
}

#[test]
fn an_assignment_matches_a_definition_and_var_any_word() {
    let code = "let a = f();\nb = f();\nconst c = f();\n";
    assert_eq!(lines("$X = f()", code), [1, 2, 3]);
    assert_eq!(lines("var $X = f()", code), [1, 3]);
    assert_eq!(lines("const $X = f()", code), [3]);
}

#[test]
fn functions_without_a_name_are_arrows() {
    assert_eq!(lines("(a) => { ... }", "f(function (a) { g(); });\nf(a => g());\n"), [1, 2]);
}

#[test]
fn what_an_arrow_gives_back_is_returned() {
    let code = "f(() => g(() => 1));\nf(() => {\n  return g();\n});\n";
    assert_eq!(lines("return g(...)", code), [1, 3]);
    assert_eq!(lines("return 1", code), [1]);
}

#[test]
fn attributes_of_a_tag_match_in_any_order() {
    let code = "x = <a b=\"1\" href={u}>text</a>;\ny = <a b=\"2\" />;\n";
    assert_eq!(lines("<a href={$X} b=\"...\" />", code), [1]);
    assert_eq!(lines("<$T b=\"2\">...</$T>", code), [2]);
}

#[test]
fn typed_metavariables_look_at_declarations() {
    let code = "const a: C = x;\nconst b = new C();\nconst c = 1;\na.f();\nb.f();\nc.f();\n";
    assert_eq!(super::lines(Language::TypeScript, "($X: C).f()", code), [4, 5]);
}

#[test]
fn annotated_code_in_a_javascript_file_is_read() {
    assert_eq!(lines("f($X)", "const a: string = f(1);\n"), [1]);
    assert_eq!(lines("f($X)", "const a = 1;\n"), NONE);
}
