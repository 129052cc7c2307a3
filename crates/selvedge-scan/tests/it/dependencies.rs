//! The dependencies engine from the outside: package files in, findings out.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use expect_test::{Expect, expect};
use selvedge_advisories::{BuildOptions, Index, IndexBuilder, OriginStatus, Record};
use selvedge_model::{FingerprintKey, Severity};
use selvedge_scan::{
    Conclusion, Databases, DependenciesEngine, DependencyOptions, IntegrityOptions, ProjectEngine,
    ProjectView, test_dependency_rules,
};

/// The day of every run: 2026-06-01.
const NOW: i64 = 1_780_272_000;

fn index(advisories: &[&str]) -> Arc<Index> {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = IndexBuilder::new(BuildOptions::new(folder.path().to_path_buf()));
    let status =
        OriginStatus { label: "test".to_owned(), imported_at: NOW - 3 * 86_400, ..OriginStatus::default() };
    let origin = builder.origin(status);
    let records = advisories.iter().map(|text| {
        let value = serde_json::from_str(text).unwrap();
        Record::from_osv(&value).unwrap().0
    });
    builder.add(origin, records.collect()).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    builder.finish(&mut bytes).unwrap();
    Arc::new(Index::from_bytes(bytes.into_inner()).unwrap())
}

fn options(advisories: &[&str]) -> DependencyOptions {
    let indexes = if advisories.is_empty() { Vec::new() } else { vec![index(advisories)] };
    DependencyOptions {
        databases: Databases::new(indexes),
        reachability: true,
        development: true,
        integrity: Some(IntegrityOptions::default()),
        licenses: None,
        now: NOW,
    }
}

fn run(files: &[(&str, &str)], options: DependencyOptions) -> Conclusion {
    let engine = DependenciesEngine::new(options, FingerprintKey::builtin());
    let mut kept = BTreeMap::new();
    let mut facts = BTreeMap::new();
    for (path, text) in files {
        if engine.keeps(path) {
            kept.insert((*path).to_owned(), text.as_bytes().to_vec());
        }
        if engine.watches(path)
            && let Some(said) = engine.facts(&selvedge_scan::FileView::new(path, text.as_bytes()))
        {
            facts.insert((*path).to_owned(), said);
        }
    }
    engine.conclude(&ProjectView { files: &kept, facts: &facts, whole: true })
}

/// `line rule severity: message`, a line for each finding.
#[track_caller]
fn check(files: &[(&str, &str)], advisories: &[&str], expected: &Expect) {
    let conclusion = run(files, options(advisories));
    let mut findings = conclusion.findings;
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let line = finding.subject.location().map_or(0, |location| location.start.line);
            let reasons = if finding.reasons.is_empty() {
                String::new()
            } else {
                format!(" ({})", finding.reasons.join("; "))
            };
            format!(
                "{}:{line} {} {}: {}{reasons}",
                finding.path(),
                finding.rule,
                finding.severity,
                finding.message
            )
        })
        .collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn the_rules_do_what_their_examples_say() {
    let (run, wrong) = test_dependency_rules();
    assert!(run >= 24, "{run}");
    let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const LOCK: &str = r#"
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["a"]

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0000000000000000000000000000000000000000000000000000000000000000"
dependencies = ["b"]

[[package]]
name = "b"
version = "1.2.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0000000000000000000000000000000000000000000000000000000000000000"
"#;

const MANIFEST: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\na = \"1\"\n";

fn advisory(id: &str, name: &str, fixed: &str, more: &str) -> String {
    format!(
        r#"{{ "id": "{id}", "modified": "2026-01-01T00:00:00Z", "summary": "A flaw in {name}" {more}, "affected": [
          {{ "package": {{ "ecosystem": "crates.io", "name": "{name}" }},
             "ranges": [ {{ "type": "SEMVER", "events": [ {{ "introduced": "0" }}, {{ "fixed": "{fixed}" }} ] }} ] }} ] }}"#
    )
}

#[test]
fn a_transitive_package_is_told_with_its_way_and_its_severity() {
    let scored = advisory(
        "RUSTSEC-2026-0001",
        "b",
        "1.2.5",
        r#", "aliases": ["CVE-2026-1"], "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }]"#,
    );
    let files =
        [("Cargo.lock", LOCK), ("Cargo.toml", MANIFEST), ("src/main.rs", "use a::x;\nfn main() { x(); }\n")];
    check(
        &files,
        &[&scored],
        &expect!["Cargo.lock:17 RUSTSEC-2026-0001 critical: b 1.2.0 is affected; fixed in 1.2.5"],
    );
    let conclusion = run(&files, options(&[&scored]));
    let package = conclusion.findings[0].package.as_ref().unwrap();
    assert_eq!(package.path, ["a 1.0.0", "b 1.2.0"]);
    assert_eq!(package.advisories, ["RUSTSEC-2026-0001", "CVE-2026-1"]);
    assert_eq!(package.cvss.as_ref().unwrap().score, "9.8");
    assert_eq!(package.reach_reason.as_deref(), Some("a, which brings it in, is imported at src/main.rs:1"));
    assert!(conclusion.findings[0].answers_to("cve-2026-1"));
    expect![
        "Raise b, which a brings in from 1.2.0 to 1.2.5 or later: `cargo update -p b@1.2.0 --precise 1.2.5`"
    ]
    .assert_eq(&conclusion.findings[0].remediation.steps[0]);
}

#[test]
fn what_nothing_imports_is_one_level_lower_and_says_why() {
    let plain = advisory("RUSTSEC-2026-0002", "b", "1.2.5", "");
    let files = [("Cargo.lock", LOCK), ("Cargo.toml", MANIFEST), ("src/main.rs", "fn main() {}\n")];
    let conclusion = run(&files, options(&[&plain]));
    let finding = &conclusion.findings[0];
    assert_eq!(finding.severity, Severity::Medium);
    assert!(
        finding.reasons.iter().any(|reason| reason.starts_with("one level below high: ")),
        "{:?}",
        finding.reasons
    );
}

#[test]
fn the_fix_clears_every_advisory_of_the_package() {
    let first = advisory("RUSTSEC-2026-0003", "b", "1.2.5", "");
    let second = advisory("RUSTSEC-2026-0004", "b", "1.3.0", "");
    let conclusion = run(&[("Cargo.lock", LOCK)], options(&[&first, &second]));
    let facts: Vec<_> = conclusion
        .findings
        .iter()
        .map(|finding| finding.package.as_ref().unwrap())
        .map(|package| (package.fixed.clone().unwrap(), package.clear.clone().unwrap()))
        .collect();
    let pair = |fixed: &str| (fixed.to_owned(), "1.3.0".to_owned());
    assert_eq!(facts, [pair("1.2.5"), pair("1.3.0")]);
}

#[test]
fn a_malicious_package_is_critical_even_for_developers_only() {
    let malice = advisory("MAL-2026-1", "b", "9.0.0", "");
    let manifest = MANIFEST.replace("[dependencies]", "[dev-dependencies]");
    let mut quiet = options(&[&malice]);
    quiet.development = false;
    let conclusion = run(&[("Cargo.lock", LOCK), ("Cargo.toml", &manifest)], quiet);
    let finding = &conclusion.findings[0];
    assert_eq!((finding.severity, finding.message.as_str()), (Severity::Critical, "b 1.2.0 is malicious"));
    assert!(finding.package.as_ref().unwrap().malicious);
}

#[test]
fn what_was_not_held_against_anything_is_counted() {
    let other = advisory("RUSTSEC-2026-0005", "c", "1.0.0", "");
    let files = [("Cargo.lock", LOCK), ("go.mod", "module m\ngo 1.22\nrequire example.org/x v1.0.0\n")];
    let info = run(&files, options(&[&other])).dependencies.unwrap();
    let database = info.database.unwrap();
    assert_eq!((database.age_days, database.advisories, database.created.as_str()), (3, 1, "2026-05-29"));
    assert!(info.without_data.contains_key("Go"), "{:?}", info.without_data);
    let none = run(&files, options(&[])).dependencies.unwrap();
    assert!(none.database.is_none() && none.packages >= 3);
}

#[test]
fn a_requirement_of_an_included_file_is_told_and_mended_there() {
    let plain = advisory("PYSEC-2026-1", "b", "2.0.0", "")
        .replace("crates.io", "PyPI")
        .replace("SEMVER", "ECOSYSTEM");
    let files = [
        ("requirements.txt", "-r requirements/base.txt\n"),
        ("requirements/base.txt", "# first\n# second\n\nb==1.0.0\n"),
    ];
    check(
        &files,
        &[&plain],
        &expect![
            "requirements/base.txt:4 PYSEC-2026-1 high: b 1.0.0 is affected; fixed in 2.0.0 (the advisory states no severity: taken for high until it does)"
        ],
    );
    let conclusion = run(&files, options(&[&plain]));
    let edit = &conclusion.findings[0].remediation.edits[0];
    assert_eq!((edit.path.as_str(), edit.replacement.as_str()), ("requirements/base.txt", "2.0.0"));
    assert_eq!(&files[1].1[edit.range.as_range()], "1.0.0");
}

#[test]
fn a_fingerprint_survives_moved_lines_and_changes_with_the_version() {
    let plain = advisory("RUSTSEC-2026-0006", "b", "2.0.0", "");
    let fingerprint =
        |lock: &str| run(&[("Cargo.lock", lock)], options(&[&plain])).findings[0].fingerprint.clone();
    let moved = LOCK.replace("version = 4\n", "version = 4\n\n# moved\n\n");
    assert_eq!(fingerprint(LOCK), fingerprint(&moved));
    assert_ne!(fingerprint(LOCK), fingerprint(&LOCK.replace("1.2.0", "1.2.1")));
}
