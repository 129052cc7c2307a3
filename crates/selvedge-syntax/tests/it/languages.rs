//! A few patterns on every other language: what its lowering has to get right.

use selvedge_syntax::Language;

use super::{NONE, lines};

#[test]
fn java() {
    let code = "import a.b.C;\nclass X {\n  @Get(path = \"/\", name = \"x\")\n  public String m(@P String s) throws E {\n    C c = new C(s);\n    return c.run(s);\n  }\n}\n";
    assert_eq!(lines(Language::Java, "new a.b.C(...)", code), [5]);
    assert_eq!(lines(Language::Java, "(C $X).run($Y)", code), [6]);
    assert_eq!(lines(Language::Java, "@Get(..., name = $N)\n$T $M(..., $A, ...) { ... }", code), [3]);
    assert_eq!(lines(Language::Java, "class $X { ... String $M(...) { ... } ... }", code), [2]);
}

#[test]
fn go() {
    let code = "package p\nimport x \"a.com/b/crypt\"\nfunc f(s string) {\n\tv := x.New(s)\n\tuse(&x.C{A: 1, B: v})\n}\n";
    assert_eq!(lines(Language::Go, "crypt.New($X)", code), [4]);
    assert_eq!(lines(Language::Go, "x.C{..., B: $V, ...}", code), [5]);
    assert_eq!(lines(Language::Go, "$V = x.New(...)\n...\nuse(...)", code), [4]);
    let code = "package p\nfunc f(a *zip.Reader, b *tar.Archive) {\n\tfor _, x := range a.File {\n\t}\n\tfor _, x := range b.File {\n\t}\n}\n";
    assert_eq!(lines(Language::Go, "for $I, $F := range ($A : *zip.Reader).File { ... }", code), [3]);
}

#[test]
fn ruby_php_and_csharp() {
    assert_eq!(lines(Language::Ruby, "render(..., html: $X)", "render inline: 1, html: x\nrender 1\n"), [1]);
    assert_eq!(lines(Language::Php, "exec($_GET[$K])", "<?php\nexec($_GET['a']);\nexec($x['a']);\n"), [2]);
    assert_eq!(lines(Language::Php, "\"...$X...\"", "<?php\n$a = \"b $c d\";\n$e = 'f';\n"), [2]);
    let code = "class A { [Post] public int M(string s) { var x = new Foo(s); x.Run(); return 1; } }";
    assert_eq!(lines(Language::CSharp, "$X = new Foo(...);\n...\n$X.Run();", code), [1]);
    assert_eq!(lines(Language::CSharp, "[Post]\npublic $T $M(...) { ... }", code), [1]);
}

#[test]
fn a_member_of_csharp_is_an_expression() {
    let code = "class A {\n  void M() {\n    a.Mode = Mode.Ecb;\n    Mode b;\n    var c = Request.Query[\"x\"];\n  }\n}\n";
    assert_eq!(lines(Language::CSharp, "Mode.Ecb", code), [3]);
    assert_eq!(lines(Language::CSharp, "$X.Query", code), [5]);
    assert_eq!(lines(Language::CSharp, "Mode $X;", code), [4]);
}

#[test]
fn attributes_of_csharp_parameters_count() {
    let code = "class A {\n  public int M([FromBody] string s) { }\n  public int N(string s) { }\n}\n";
    assert_eq!(lines(Language::CSharp, "public $T $M(..., [$A] string $S, ...) { ... }", code), [2]);
    assert_eq!(lines(Language::CSharp, "public $T $M(..., string $S, ...) { ... }", code), [2, 3]);
}

#[test]
fn regular_expressions_may_hold_escapes_that_strings_do_not() {
    let code = "class A { void M() {\n  Run(\"cmd.exe\");\n  Run(\"cmdxexe\");\n  Run(\"x'\");\n} }\n";
    assert_eq!(lines(Language::CSharp, r#"Run("=~/^[\w]+\.exe$/")"#, code), [2]);
    assert_eq!(lines(Language::CSharp, r#"Run("=~/\"/", "=~/\./")"#, code), NONE);
}

#[test]
fn c_and_cpp() {
    assert_eq!(lines(Language::C, "strcpy($A, $B)", "void f(char *a) {\n  strcpy(a, \"b\");\n}\n"), [2]);
    assert_eq!(
        lines(Language::Cpp, "std::system(...)", "int f() {\n  std::system(\"a\");\n  g();\n}\n"),
        [2]
    );
}

#[test]
fn kotlin_rust_scala_and_solidity() {
    assert_eq!(lines(Language::Kotlin, "f($X)", "fun m(a: Int) {\n  f(a)\n}\n"), [2]);
    assert_eq!(lines(Language::Rust, "unsafe { ... }", "fn m() {\n  unsafe { f() }\n}\n"), [2]);
    assert_eq!(lines(Language::Scala, "f($X)", "class A {\n  def m(a: Int) = f(a)\n}\n"), [2]);
    let code = "contract A {\n  function f(address a) public {\n    a.call{value: 1}(\"\");\n  }\n}\n";
    assert_eq!(lines(Language::Solidity, "$A.call{value: $V}(...)", code), [3]);
}

#[test]
fn shells_and_containers() {
    assert_eq!(lines(Language::Bash, "rm -rf $X", "rm -rf /tmp\nrm -r /tmp\n"), [1]);
    let code = "FROM debian:12 AS base\nRUN apt-get update && apt-get install -y x\nUSER root:root\n";
    assert_eq!(lines(Language::Dockerfile, "FROM debian", code), [1]);
    assert_eq!(lines(Language::Dockerfile, "RUN apt-get install ...", code), [2]);
    assert_eq!(lines(Language::Dockerfile, "USER root", code), [3]);
}

#[test]
fn terraform() {
    let code = "resource \"aws_s3_bucket\" \"b\" {\n  name = \"x\"\n  acl  = \"public\"\n}\n";
    let with = |body: &str| format!("resource \"aws_s3_bucket\" $N {{\n  ...\n  {body}\n  ...\n}}");
    assert_eq!(lines(Language::Hcl, &with("acl = \"public\""), code), [1]);
    assert_eq!(lines(Language::Hcl, &with("acl = \"private\""), code), NONE);
}

#[test]
fn yaml_and_json() {
    let code = "a: 1\nspec:\n  c:\n  - name: x\n    image: y\n  - name: z\n";
    assert_eq!(lines(Language::Yaml, "- name: $X\n  ...\n  image: $Y", code), [4]);
    assert_eq!(lines(Language::Yaml, "a: $X", code), [1]);
    assert_eq!(lines(Language::Json, "{..., \"a\": $X, ...}", "{\"b\": 1,\n \"a\": 2}\n"), [1]);
    assert_eq!(lines(Language::Json, "\"a\": $X", "{\"b\": 1,\n \"a\": 2}\n"), [2]);
}

#[test]
fn html() {
    let code = "<p>\n<script src=\"http://a\" defer></script>\n</p>\n";
    assert_eq!(lines(Language::Html, "<script ... src=\"=~/^http:/\" ...>...</script>", code), [2]);
}

#[test]
fn the_type_of_a_typed_metavariable_may_be_one() {
    let code = "class A {\n  void M(Aes a, Des b) {\n    a.Key = k;\n    c.Key = k;\n  }\n}\n";
    assert_eq!(lines(Language::CSharp, "($T $X).Key = $K;", code), [3]);
    assert_eq!(lines(Language::CSharp, "($T $X).Key = $T;", code), NONE);
}
