//! Which language a file is in, told by its name, or by its interpreter line where the name does not tell.

use selvedge_package::Ecosystem;
use serde::{Deserialize, Serialize};

/// Bytes of a file without extension that are looked at for an interpreter line.
const SHEBANG_BYTES_MAX: usize = 128;

/// The languages whose imports are read. Vue, Svelte and Astro components count as JavaScript; Java stands
/// for everything that runs on its virtual machine, because one project mixes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Python, stubs and Cython included.
    Python,
    /// JavaScript and TypeScript in every spelling.
    JavaScript,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// Java, Kotlin, Scala and Groovy.
    Java,
}

/// How the text of a source file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// All of it is code.
    Code,
    /// Code stands in `<script>` elements.
    Scripts,
    /// Code stands on lines that begin with `import` or `export`: MDX and Astro.
    Lines,
    /// A notebook: Python source as JSON strings.
    Notebook,
}

impl Language {
    /// The languages, in the order of this page.
    pub const ALL: [Self; 5] = [Self::Python, Self::JavaScript, Self::Go, Self::Rust, Self::Java];

    /// The name shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::Java => "Java",
        }
    }

    /// The language whose code imports packages of `ecosystem`.
    pub fn of_ecosystem(ecosystem: Ecosystem) -> Option<Self> {
        match ecosystem {
            Ecosystem::PyPI | Ecosystem::Conda => Some(Self::Python),
            Ecosystem::Npm => Some(Self::JavaScript),
            Ecosystem::Go => Some(Self::Go),
            Ecosystem::CratesIo => Some(Self::Rust),
            Ecosystem::Maven => Some(Self::Java),
            _ => None,
        }
    }

    /// The language of a file name, with the layout of its text.
    pub(crate) fn of_name(name: &str) -> Option<(Self, Layout)> {
        let extension = extension(name)?;
        let found = match extension {
            "py" | "pyi" | "pyx" | "pxd" | "pyw" | "wsgi" => (Self::Python, Layout::Code),
            "ipynb" => (Self::Python, Layout::Notebook),
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "es6" => {
                (Self::JavaScript, Layout::Code)
            }
            "vue" | "svelte" | "html" | "htm" | "riot" | "marko" => (Self::JavaScript, Layout::Scripts),
            "mdx" | "astro" => (Self::JavaScript, Layout::Lines),
            "coffee" | "litcoffee" | "ls" => (Self::JavaScript, Layout::Code),
            "go" => (Self::Go, Layout::Code),
            "rs" => (Self::Rust, Layout::Code),
            "java" | "kt" | "kts" | "scala" | "sc" | "sbt" | "groovy" | "gradle" => {
                (Self::Java, Layout::Code)
            }
            _ => return None,
        };
        Some(found)
    }

    /// The language that the interpreter line names: `#!/usr/bin/env python3`.
    pub(crate) fn of_shebang(bytes: &[u8]) -> Option<Self> {
        let head = bytes.strip_prefix(b"#!")?;
        let head = &head[..head.len().min(SHEBANG_BYTES_MAX)];
        let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let names = |word: &[u8]| memchr::memmem::find(line, word).is_some();
        if names(b"python") {
            Some(Self::Python)
        } else if names(b"node") || names(b"deno") || names(b"bun") || names(b"zx") {
            Some(Self::JavaScript)
        } else {
            None
        }
    }
}

/// What follows the last dot of a file name.
pub(crate) fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, extension)| extension)
}

/// Folders, at any depth, whose code checks or shows the product and is no part of it. Words that products
/// use for parts of their own, such as `spec` and `testing`, are left out: a wrong *tests only* lowers.
const TEST_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "testdata",
    "test-data",
    "test_data",
    "fixtures",
    "__fixtures__",
    "e2e",
    "cypress",
    "playwright",
    "benches",
    "benchmark",
    "benchmarks",
    "__benchmarks__",
    "examples",
    "integration-tests",
    "integration_tests",
    "androidTest",
    "testFixtures",
    "jmh",
    "__stories__",
];

/// Whether a path is one of tests, benchmarks, fixtures or examples, told by its folders and its name.
pub fn is_test_path(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let language = Language::of_name(name).map(|(language, _)| language);
    // In Rust a folder `test` below `src` is as often a helper that ships.
    let in_folder = folders.split('/').any(|folder| {
        TEST_FOLDERS.contains(&folder) && (language != Some(Language::Rust) || folder != "test")
    });
    if in_folder {
        return true;
    }
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    match language {
        Some(Language::Python) => stem == "conftest" || stem.starts_with("test_") || stem.ends_with("_test"),
        Some(Language::JavaScript) => {
            name.split('.').skip(1).any(|part| matches!(part, "test" | "spec" | "stories" | "cy" | "bench"))
        }
        Some(Language::Go) => stem.ends_with("_test"),
        Some(Language::Rust) => stem == "tests",
        Some(Language::Java) => stem.ends_with("Test") || stem.ends_with("Tests") || stem.ends_with("Spec"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_interpreter_lines_tell_the_language() {
        assert_eq!(Language::of_name("a.py"), Some((Language::Python, Layout::Code)));
        assert_eq!(Language::of_name("App.vue"), Some((Language::JavaScript, Layout::Scripts)));
        assert_eq!(Language::of_name("build.gradle.kts"), Some((Language::Java, Layout::Code)));
        assert_eq!(Language::of_name("Makefile"), None);
        assert_eq!(Language::of_shebang(b"#!/usr/bin/env python3\nimport x"), Some(Language::Python));
        assert_eq!(Language::of_shebang(b"#!/usr/bin/env node\n"), Some(Language::JavaScript));
        assert_eq!(Language::of_shebang(b"#!/bin/sh\npython x"), None);
    }

    #[test]
    fn tests_are_told_by_folder_or_name() {
        for path in
            ["a/tests/b.py", "test_a.py", "x/a_test.go", "a.spec.ts", "src/test/java/A.java", "FooTest.java"]
        {
            assert!(is_test_path(path), "{path}");
        }
        for path in
            ["a/latest/b.py", "contest.py", "src/attest.go", "a.ts", "src/main/java/A.java", "Test.py"]
        {
            assert!(!is_test_path(path), "{path}");
        }
    }
}
