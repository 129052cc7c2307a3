//! Hostile input: any bytes give a result, in bounded size, and survive being stored.

use proptest::prelude::*;
use selvedge_reach::{FileUses, extract};

const NAMES: &[&str] = &[
    "a.py",
    "a.js",
    "a.tsx",
    "a.vue",
    "a.mdx",
    "a.astro",
    "a.ipynb",
    "a.go",
    "a.rs",
    "a.java",
    "a.kt",
    "a.scala",
    "package.json",
    "pyproject.toml",
    "Cargo.toml",
    "go.mod",
    "a.yml",
    "pom.xml",
    "a.scss",
    "Dockerfile",
    "tool",
];

/// Pieces of which lexers are made to stumble.
const PIECES: &[&str] = &[
    "import ",
    "from ",
    "require(",
    "use ",
    "extern crate ",
    "export ",
    "'",
    "\"",
    "`",
    "${",
    "}",
    "{",
    "/*",
    "*/",
    "//",
    "#",
    "r#\"",
    "\"\"\"",
    "'''",
    "\\",
    "\n",
    "(",
    ")",
    ".",
    "::",
    ",",
    ";",
    "*",
    "a",
    "b.c",
    "@x/y",
    "<script",
    ">",
    "</script>",
    "---\n",
    "$",
    "é",
    "=",
    " as ",
    "f\"{",
    "import_module(",
    "define([",
    "]",
    "[",
    "package = ",
    "replace ",
    "=> ",
    "\u{0}",
    "'\\u{1",
    "b'",
    "cr#",
];

fn check(name: &str, bytes: &[u8]) {
    let uses = extract(name, bytes);
    let lines = bytes.split(|byte| *byte == b'\n').count() as u32;
    assert!(uses.imports.iter().all(|import| (1..=lines).contains(&import.line)));
    assert!(
        uses.names
            .iter()
            .all(|name| (1..=lines).contains(&name.line) && usize::from(name.import) <= uses.imports.len())
    );
    assert!(uses.names.is_sorted() && uses.mentions.is_sorted());
    let stored = postcard::to_stdvec(&uses).expect("plain data is stored");
    assert_eq!(postcard::from_bytes::<FileUses>(&stored).expect("what was stored is read"), uses);
}

proptest! {
    #[test]
    fn any_bytes_give_a_result(bytes in proptest::collection::vec(any::<u8>(), 0..400), name in proptest::sample::select(NAMES)) {
        check(name, &bytes);
    }

    #[test]
    fn any_mixture_of_tokens_gives_a_result(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..80),
        name in proptest::sample::select(NAMES),
    ) {
        check(name, pieces.concat().as_bytes());
    }

    #[test]
    fn what_follows_a_file_does_not_change_its_imports(
        pieces in proptest::collection::vec(proptest::sample::select(&["import a\n", "from b import c\n", "x = 'y'\n", "# z\n", "f(1)\n"][..]), 0..20),
    ) {
        let text = pieces.concat();
        let more = format!("{text}import last\n");
        let (before, after) = (extract("a.py", text.as_bytes()), extract("a.py", more.as_bytes()));
        prop_assert_eq!(&after.imports[..before.imports.len()], &before.imports[..]);
    }
}

#[test]
fn repetition_of_one_token_stays_linear() {
    // Each text would take minutes if a token were looked at from every place before it.
    for piece in PIECES.iter().chain(&[
        "/*/",
        "import a from ",
        "use a::{",
        "import(",
        "::  ",
        "export {",
        "`${",
        "r#",
        "{}=require(",
        "'a' + ",
    ]) {
        let text = piece.repeat(60_000 / piece.len());
        for name in NAMES {
            check(name, text.as_bytes());
        }
    }
}

#[test]
fn bounds_are_told() {
    use std::fmt::Write as _;
    let mut text = String::new();
    for index in 0..20_000 {
        writeln!(text, "import m{index}").unwrap();
    }
    let uses = extract("a.py", text.as_bytes());
    assert!(uses.is_cut && uses.imports.len() < 20_000);
}
