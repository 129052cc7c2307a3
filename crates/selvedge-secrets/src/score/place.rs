//! What the path says about a value: the language family, and whether the file is a test, an example,
//! documentation, a translation or a lock file.

/// How values are written in a kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// A literal needs quotes; what stands bare is an expression.
    Code,
    /// A bare word is a value: YAML, INI, properties, environment files, Dockerfiles, shell.
    Config,
    /// Sentences with samples in between.
    Prose,
    /// Elements and attributes; text between them is for people.
    Markup,
    /// Not known; read like configuration, with the caution of prose.
    Unknown,
}

/// Lower-case extensions by family.
#[rustfmt::skip]
const CODE: &[&str] = &[
    "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "m", "mm", "cs", "java", "kt", "kts", "scala", "groovy",
    "gradle", "go", "rs", "py", "pyi", "pyx", "rb", "erb", "rake", "gemspec", "php", "js", "jsx", "mjs",
    "cjs", "ts", "tsx", "vue", "svelte", "swift", "dart", "lua", "pl", "pm", "r", "jl", "ex", "exs", "erl",
    "hs", "ml", "fs", "clj", "cljs", "vb", "pas", "nim", "zig", "sol", "tf", "hcl", "tfvars", "sql",
    "proto", "graphql", "coffee", "elm", "json", "json5", "jsonc", "ipynb", "toml", "jsonnet", "nix",
    "bicep", "ru",
];
#[rustfmt::skip]
const CONFIG: &[&str] = &[
    "yml", "yaml", "ini", "cfg", "conf", "config", "cnf", "properties", "env", "envrc", "sh", "bash", "zsh",
    "fish", "ps1", "psm1", "bat", "cmd", "dockerfile", "service", "netrc", "pgpass", "npmrc", "pypirc",
    "plist", "reg", "ldif", "toml",
];
#[rustfmt::skip]
const PROSE: &[&str] = &[
    "md", "markdown", "mdx", "rst", "txt", "adoc", "asciidoc", "rdoc", "org", "tex", "textile", "1", "5",
    "8",
];
#[rustfmt::skip]
const MARKUP: &[&str] = &[
    "html", "htm", "xhtml", "xml", "xsd", "xsl", "svg", "jsp", "aspx", "cshtml", "hbs", "haml", "ejs",
    "pug", "twig", "liquid",
];

/// File names whose hashes are the purpose of the file.
#[rustfmt::skip]
const LOCKS: &[&str] = &[
    "go.sum", "cargo.lock", "yarn.lock", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml",
    "poetry.lock", "pipfile.lock", "gemfile.lock", "composer.lock", "mix.lock", "flake.lock",
    "packages.lock.json", "podfile.lock", "uv.lock", "pdm.lock", "bun.lock", "deno.lock", "pubspec.lock",
    "gradle.lockfile", "conan.lock", ".terraform.lock.hcl", "checksums.txt", "sha256sums", "md5sums",
    "sha512sums", "gopkg.lock", "vendor.json", "glide.lock",
];

/// Parts of a path below which there are tests.
#[rustfmt::skip]
const TESTS: &[&str] = &[
    "test", "tests", "testing", "spec", "specs", "__tests__", "__test__", "e2e", "unittest", "unittests",
    "testutil", "testutils", "testlib", "testhelper", "testhelpers", "testsuite", "testsuites", "androidtest",
    "cypress",
];

/// Parts of a path below which there is what tests read.
#[rustfmt::skip]
const TEST_DATA: &[&str] = &[
    "testdata", "testresources", "testfiles", "testcerts", "testkeys", "fixture", "fixtures", "__fixtures__",
    "mock", "mocks", "__mocks__", "mockdata", "stubs", "cassettes", "vcr_cassettes", "snapshots",
    "__snapshots__", "golden",
];

/// Parts of a path below which there is code to learn from.
#[rustfmt::skip]
const EXAMPLES: &[&str] = &[
    "example", "examples", "sample", "samples", "demo", "demos", "playground", "cookbook", "cookbooks",
    "tutorial", "tutorials",
];

/// The family of the file at `path`.
pub(super) fn family(path: Option<&str>) -> Family {
    let Some(name) = path.map(file_name) else { return Family::Unknown };
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("dockerfile")
        || lower.starts_with(".env")
        || lower == "makefile"
        || lower == "vagrantfile"
    {
        return Family::Config;
    }
    let Some((_, extension)) = lower.rsplit_once('.') else { return Family::Unknown };
    // `config.yml.example`: the part before the suffix names the format.
    let inner = lower.rsplit('.').nth(1).unwrap_or_default();
    let extension = match extension {
        "example" | "sample" | "dist" | "template" | "tmpl" | "tpl" | "j2" | "bak" | "orig" | "default"
        | "in" => inner,
        other => other,
    };
    let families =
        [(CODE, Family::Code), (CONFIG, Family::Config), (PROSE, Family::Prose), (MARKUP, Family::Markup)];
    let found = families.iter().find(|(extensions, _)| extensions.contains(&extension));
    found.map_or(Family::Unknown, |(_, family)| *family)
}

/// Why a finding at `path` deserves one step less confidence: the value is likely made up for the purpose.
pub(super) fn doubt(path: Option<&str>) -> Option<&'static str> {
    let lower = path?.to_ascii_lowercase();
    let name = file_name(&lower);
    let stem = name.split('.').next().unwrap_or_default();
    let parts = || lower.split(['/', '!', '\\']);
    let any = |words: &[&str]| parts().any(|part| words.contains(&part));
    let test_name = stem.starts_with("test_")
        || stem.starts_with("test-")
        || ["_test", "_spec", "-test", "-spec", "_tests"].iter().any(|end| stem.ends_with(end))
        || [".test.", ".spec."].iter().any(|middle| name.contains(middle))
        || path?.split('/').next_back().is_some_and(|name| name.split('.').next().is_some_and(camel_test));
    if test_name || any(TESTS) || folders(&lower).any(is_test_folder) {
        return Some("in a test file");
    }
    if any(TEST_DATA) || TEST_DATA.contains(&stem) || folders(&lower).any(|part| part.contains("fixture")) {
        return Some("in test data");
    }
    if any(EXAMPLES) || ["example", "sample"].iter().any(|word| name.contains(word)) {
        return Some("in an example");
    }
    if family(path) == Family::Prose || any(&["doc", "docs", "documentation", "_posts"]) {
        return Some("in documentation");
    }
    if any(&["vendor", "node_modules", "third_party", "third-party", "bower_components"]) {
        return Some("in vendored code");
    }
    None
}

/// The folders of a path, without the file's own name.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let end = path.rfind(['/', '!', '\\']).unwrap_or(0);
    path[..end].split(['/', '!', '\\'])
}

/// `test_resources`, `test-data`, `integration_tests`: a folder whose name has the word for tests in it.
fn is_test_folder(name: &str) -> bool {
    name.split(['_', '-', '.']).any(|word| matches!(word, "test" | "tests" | "testing"))
}

/// `FooTest`, `FooTests`, `FooSpec`: the test classes of Java, C#, PHP and Swift.
fn camel_test(stem: &str) -> bool {
    ["Test", "Tests", "Spec", "IT"].iter().any(|end| stem.len() > end.len() && stem.ends_with(end))
}

/// Whether the file exists to hold hashes.
pub(super) fn is_lock(path: Option<&str>) -> bool {
    path.is_some_and(|path| LOCKS.contains(&file_name(path).to_ascii_lowercase().as_str()))
}

/// Whether the file holds texts for people: message catalogues and translations.
pub(super) fn is_translation(path: Option<&str>) -> bool {
    let Some(lower) = path.map(str::to_ascii_lowercase) else { return false };
    let extension = lower.rsplit('.').next().unwrap_or_default();
    matches!(extension, "po" | "pot" | "strings" | "xliff" | "xlf" | "resx" | "arb" | "ftl")
        || lower.split('/').any(|part| {
            matches!(
                part,
                "locale"
                    | "locales"
                    | "i18n"
                    | "lang"
                    | "langs"
                    | "translations"
                    | "l10n"
                    | "lproj"
                    | "messages"
            )
        })
        || file_name(&lower).starts_with("messages")
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '!', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected_family: Family, expected_doubt: Option<&str>) {
        assert_eq!((family(Some(path)), doubt(Some(path))), (expected_family, expected_doubt), "{path}");
    }

    #[test]
    fn paths_tell_family_and_doubt() {
        check("src/main.rs", Family::Code, None);
        check("deploy/values.yaml", Family::Config, None);
        check("config/app.yml.example", Family::Config, Some("in an example"));
        check("Dockerfile", Family::Config, None);
        check(".env.production", Family::Config, None);
        check("README.md", Family::Prose, Some("in documentation"));
        check("docs/conf.py", Family::Code, Some("in documentation"));
        check("pkg/auth_test.go", Family::Code, Some("in a test file"));
        check("src/LoginTest.java", Family::Code, Some("in a test file"));
        check("src/contest.rs", Family::Code, None);
        check("spec/models/user.rb", Family::Code, Some("in a test file"));
        check("src/a.spec.ts", Family::Code, Some("in a test file"));
        check("vendor/x/y.go", Family::Code, Some("in vendored code"));
        check("internal/testdata/key", Family::Unknown, Some("in test data"));
        check("config/test_resources/key.pem", Family::Unknown, Some("in a test file"));
        check("a/integration-tests/key.pem", Family::Unknown, Some("in a test file"));
        check("src/testResources/key.pem", Family::Unknown, Some("in test data"));
        check("lib/file_fixtures/key.pem", Family::Unknown, Some("in test data"));
        check("tap/fixtures.ts", Family::Code, Some("in test data"));
        check("cookbook/jwe.mjs", Family::Code, Some("in an example"));
        check("src/latest/contest/attestation.go", Family::Code, None);
        check("web/index.html", Family::Markup, None);
        check("LICENSE", Family::Unknown, None);
    }

    #[test]
    fn lock_files_and_translations_are_known() {
        assert!(is_lock(Some("web/yarn.lock")) && is_lock(Some("Cargo.lock")) && !is_lock(Some("lock.rs")));
        assert!(is_translation(Some("config/locales/de.yml")) && is_translation(Some("po/de.po")));
        assert!(!is_translation(Some("src/lib.rs")) && !is_translation(None));
    }
}
