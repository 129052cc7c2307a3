//! The pattern tests of Semgrep's engine: `NAME.sgrep` beside a file with `ERROR:` on the line before each
//! match. They are read where `SEMGREP` has a copy and skipped elsewhere; nothing of them is kept here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use selvedge_syntax::{Language, Limits, MatchOptions, Pattern, Steps, Tree, find};

/// Folder of the tests, language they are for, extension of the code, tests that pass.
const EXPECTED: &[(&str, Language, &str, usize)] = &[
    ("python", Language::Python, "py", 168),
    ("js", Language::JavaScript, "js", 160),
    ("ts", Language::TypeScript, "ts", 58),
    ("java", Language::Java, "java", 118),
    ("go", Language::Go, "go", 85),
    ("ruby", Language::Ruby, "rb", 62),
    ("php", Language::Php, "php", 51),
    ("csharp", Language::CSharp, "cs", 28),
    ("c", Language::C, "c", 22),
    ("cpp", Language::Cpp, "cpp", 28),
    ("kotlin", Language::Kotlin, "kt", 25),
    ("rust", Language::Rust, "rs", 36),
    ("scala", Language::Scala, "scala", 40),
    ("solidity", Language::Solidity, "sol", 19),
    ("bash", Language::Bash, "bash", 50),
    ("dockerfile", Language::Dockerfile, "dockerfile", 73),
    ("terraform", Language::Hcl, "tf", 12),
    ("yaml", Language::Yaml, "yaml", 17),
    ("json", Language::Json, "json", 6),
    ("html", Language::Html, "html", 4),
];

/// Steps of one test.
const STEPS: u64 = 5_000_000;

fn folder() -> Option<PathBuf> {
    let root = match std::env::var_os("SELVEDGE_SEMGREP") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ext/semgrep"),
    };
    let folder = root.join("tests/patterns");
    folder.is_dir().then_some(folder)
}

/// Lines that are to match, from the comments: the one after the comment.
fn expected_lines(code: &str) -> BTreeSet<usize> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| line.contains("ERROR:") || line.contains("MATCH:"))
        .map(|(index, _)| index + 2)
        .collect()
}

/// Lines that do match, or why the test cannot run.
fn found_lines(language: Language, pattern: &str, code: &[u8]) -> Result<BTreeSet<usize>, String> {
    let pattern =
        Pattern::parse(language, pattern, &MatchOptions::default()).map_err(|error| error.to_string())?;
    let tree = Tree::parse(language, code, &Limits::default()).map_err(|error| error.to_string())?;
    let mut steps = Steps::new(STEPS);
    let found = find(&pattern, &tree, None, &mut steps);
    if steps.exhausted() {
        return Err("out of steps".to_owned());
    }
    Ok(found.iter().map(|m| code[..m.start as usize].split(|byte| *byte == b'\n').count()).collect())
}

/// Tests of one folder: name and what is wrong, if anything.
fn run(folder: &Path, name: &str, language: Language, extension: &str) -> BTreeMap<String, Option<String>> {
    let mut results = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder.join(name)) else { return results };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|own| own != extension) {
            continue;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let shared = folder.join("POLYGLOT").join(format!("{stem}.sgrep"));
        let pattern =
            fs::read_to_string(path.with_extension("sgrep")).or_else(|_| fs::read_to_string(shared));
        let (Ok(pattern), Ok(code)) = (pattern, fs::read(&path)) else { continue };
        let expected = expected_lines(&String::from_utf8_lossy(&code));
        let verdict = match found_lines(language, &pattern, &code) {
            Ok(found) if found == expected => None,
            Ok(found) => {
                let missed: Vec<_> = expected.difference(&found).collect();
                let extra: Vec<_> = found.difference(&expected).collect();
                Some(format!("missed {missed:?} extra {extra:?}"))
            }
            Err(reason) => Some(reason),
        };
        results.insert(stem, verdict);
    }
    results
}

#[test]
fn engine_tests_of_semgrep() {
    let Some(folder) = folder() else {
        println!("skipped: Semgrep's engine tests are not here (set SELVEDGE_SEMGREP)");
        return;
    };
    let mut table = String::new();
    let mut worse = Vec::new();
    let mut total = (0, 0);
    for (name, language, extension, expected) in EXPECTED {
        let results = run(&folder, name, *language, extension);
        let passed = results.values().filter(|verdict| verdict.is_none()).count();
        writeln!(table, "{name:12} {passed:4} of {:4}", results.len()).unwrap();
        total = (total.0 + passed, total.1 + results.len());
        for (test, verdict) in &results {
            if let Some(reason) = verdict {
                writeln!(table, "    {name}/{test}: {reason}").unwrap();
            }
        }
        if passed < *expected {
            worse.push(format!("{name}: {passed} pass, {expected} did"));
        }
    }
    println!("{table}total        {:4} of {:4}", total.0, total.1);
    assert!(worse.is_empty(), "{worse:?}");
}
