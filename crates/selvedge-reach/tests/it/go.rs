//! Go imports.

use crate::{check, dynamic};

#[test]
fn declarations_in_every_shape() {
    check(
        "a.go",
        "package a\nimport \"fmt\"\nimport (\n\t\"a.b/c\"\n\tx \"d.e/f\" // note\n\t. \"g.h/i\"\n\t_ `j.k/l`\n)\n",
        &["2 fmt", "4 a.b/c", "5 d.e/f", "6 g.h/i", "7 j.k/l"],
    );
}

#[test]
fn strings_and_comments_import_nothing() {
    check(
        "a.go",
        "package a\n// import \"a\"\n/* import \"b\" */\nvar s = \"import\"\nvar r = `import \"c\"\n`\nvar c = '\"'\n",
        &[],
    );
}

#[test]
fn generators_are_tools() {
    check(
        "a.go",
        "package a\n//go:generate go run golang.org/x/tools/cmd/stringer@v1 -type=T\n",
        &["2 golang.org/x/tools/cmd/stringer"],
    );
}

#[test]
fn plugins_are_dynamic() {
    assert_eq!(dynamic("a.go", "package a\nimport \"plugin\"\nvar p, _ = plugin.Open(x)\n"), [3]);
    assert_eq!(dynamic("a.go", "package a\nimport \"os\"\nvar p, _ = os.Open(x)\n"), [0_u32; 0]);
}
