//! What the advisory database is asked about without checking anything: `explain` and the rules about packages.

use expect_test::{Expect, expect};

use crate::project::Project;

/// One problem under three names, in two databases, with everything that can be told.
const RECORDS: &str = r#"
{ "id": "RUSTSEC-2026-0001", "modified": "2026-02-03T00:00:00Z", "published": "2026-01-02T00:00:00Z",
  "aliases": ["CVE-2026-1000", "GHSA-aaaa-bbbb-cccc"], "summary": "Overflow in b",
  "details": "The \"length\" is not checked.\n\nNothing else is known.",
  "severity": [ { "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } ],
  "references": [ { "type": "ADVISORY", "url": "https://example.org/b" } ],
  "affected": [ { "package": { "ecosystem": "crates.io", "name": "b" },
    "ecosystem_specific": { "affects": { "arch": [], "os": ["windows"], "functions": ["b::Buffer::read"] } },
    "ranges": [ { "type": "SEMVER", "events": [ { "introduced": "0.0.0-0" }, { "fixed": "1.2.5" }, { "introduced": "2.0.0" }, { "fixed": "2.1.0" } ] } ] } ] }
{ "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-02-05T00:00:00Z", "aliases": ["CVE-2026-1000"], "summary": "b overflows",
  "affected": [ { "package": { "ecosystem": "crates.io", "name": "b" },
    "ranges": [ { "type": "SEMVER", "events": [ { "introduced": "0" }, { "fixed": "1.2.5" } ] } ] } ] }
"#;

const EPSS: &str = "#model_version:v2025.03.14,score_date:2026-11-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1000,0.12345,0.98765\n";

const KEV: &str = r#"{ "title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2026.11.01", "dateReleased": "2026-11-01T00:00:00Z", "count": 1, "vulnerabilities": [
  { "cveID": "CVE-2026-1000", "vendorProject": "b", "product": "b", "vulnerabilityName": "b", "dateAdded": "2026-03-04", "shortDescription": "b", "requiredAction": "update", "dueDate": "2026-03-25", "knownRansomwareCampaignUse": "Known", "notes": "" } ] }"#;

/// A project with a database of the records above.
pub(crate) fn with_database() -> Project {
    let project = Project::new();
    for (at, record) in RECORDS.trim().split("\n{ \"id\": \"GHSA").enumerate() {
        let whole = if at == 0 { record.to_owned() } else { format!("{{ \"id\": \"GHSA{record}") };
        project.write(&format!("osv/{at}.json"), whole);
    }
    project.write("epss.csv", EPSS).write("kev.json", KEV);
    let sources = ["--from", "osv", "--from", "epss.csv", "--from", "kev.json", "--database", "a.db"];
    project.run(&[&["db", "update"], &sources[..]].concat()).expect(0);
    project
}

#[track_caller]
fn explained(subject: &str, expected: &Expect) {
    let project = with_database();
    let ran = project.run(&["explain", subject, "--database", "a.db"]).expect(0);
    expected.assert_eq(&ran.out);
}

#[test]
fn an_advisory_is_told_whole() {
    explained(
        "RUSTSEC-2026-0001",
        &expect![[r#"
        critical[RUSTSEC-2026-0001] Overflow in b
        RUSTSEC-2026-0001 of RustSec (CC0-1.0), published 2026-01-02, changed 2026-02-03

        Also known as
          CVE-2026-1000, GHSA-aaaa-bbbb-cccc

        Severity
          9.8 critical by CVSS 3.1: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H

        Exploitation
          CVE-2026-1000 is known to be exploited since 2026-03-04 (CISA KEV), to be mended by 2026-03-25 in
          US agencies; ransomware campaigns are known to use it
          CVE-2026-1000: 12.35 % probability of exploitation within 30 days, more than 98.8 % of all (EPSS)

        Affected packages
          crates.io b: any version before 1.2.5; 2.0.0 or later before 2.1.0; fixed in 1.2.5, 2.1.0
            only on windows
            in b::Buffer::read
          crates.io b: any version before 1.2.5; fixed in 1.2.5

        Details
          The "length" is not checked.

          Nothing else is known.

        Other records
          GHSA-aaaa-bbbb-cccc of GitHub Advisory Database (CC-BY-4.0), changed 2026-02-05

        References
          https://example.org/b
    "#]],
    );
}

#[test]
fn any_of_its_names_finds_it_however_it_is_spelled() {
    let project = with_database();
    for name in ["CVE-2026-1000", "cve-2026-1000", "ghsa-AAAA-bbbb-CCCC", "rustsec-2026-0001"] {
        let ran = project.run(&["explain", name, "--database", "a.db"]).expect(0);
        assert!(ran.out.contains("Overflow in b") || ran.out.contains("b overflows"), "{name}: {}", ran.out);
    }
}

#[test]
fn an_unknown_advisory_and_a_missing_database_are_told_apart() {
    let project = with_database();
    let unknown = project.run(&["explain", "CVE-1999-1", "--database", "a.db"]).expect(2);
    let unknown_four = project.run(&["explain", "CVE-1999-0001", "--database", "a.db"]).expect(2);
    for ran in [&unknown, &unknown_four] {
        assert!(ran.err.contains("2 advisories, and none that is called CVE-1999"), "{}", ran.err);
    }
    let none = project.run(&["explain", "CVE-2026-1000"]).expect(2);
    assert!(none.err.contains("selvedge db update --from"), "{}", none.err);
    let missing = project.run(&["explain", "CVE-2026-1000", "--database", "no.db"]).expect(2);
    assert!(missing.err.contains("no.db"), "{}", missing.err);
    project.write("bad.db", "this is no database");
    let damaged = project.run(&["explain", "CVE-2026-1000", "--database", "bad.db"]).expect(2);
    assert!(damaged.err.contains("cannot be used"), "{}", damaged.err);
}

#[test]
fn rules_about_packages_are_explained_and_listed() {
    let project = Project::new();
    let ran = project.run(&["explain", "license-denied"]).expect(0);
    assert!(
        ran.out.contains("Found in\n  | package-lock.json:\n  | (with dependencies.licenses.deny"),
        "{}",
        ran.out
    );
    let list = project.run(&["rules", "list"]).expect(0).out;
    assert!(
        list.contains("\nlockfile-missing-hash ") && list.ends_with("rules of the dependencies engine\n"),
        "{list}"
    );
    project.write("selvedge.toml", "[check]\nengines = [\"secrets\"]\n");
    let list = project.run(&["rules", "list"]).expect(0).out;
    assert!(!list.contains("lockfile-missing-hash"), "only the engines that run: {list}");
    let near = project.run(&["explain", "lockfile-mising-hash"]).expect(2);
    assert!(near.err.contains("did you mean `lockfile-missing-hash`"), "{}", near.err);
}

/// A project with a lockfile and one advisory of its own about it.
fn with_own_advisory() -> Project {
    let project = Project::new();
    project.write("selvedge.toml", "[dependencies]\nadvisories = [\"own\"]\n");
    project.write("own/0.json", own("OWN-1", "1.2.5"));
    project.write(
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"b\"\nversion = \"1.2.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"0000000000000000000000000000000000000000000000000000000000000000\"\n",
    );
    project
}

fn own(id: &str, fixed: &str) -> String {
    format!(
        r#"{{ "id": "{id}", "modified": "2026-01-01T00:00:00Z", "affected": [ {{ "package": {{ "ecosystem": "crates.io", "name": "b" }},
  "ranges": [ {{ "type": "SEMVER", "events": [ {{ "introduced": "0" }}, {{ "fixed": "{fixed}" }} ] }} ] }} ] }}"#
    )
}

/// Files in the cache of the project's own advisories.
fn kept(project: &Project) -> Vec<std::path::PathBuf> {
    let folder = project.cache().join("advisories");
    std::fs::read_dir(folder).map_or_else(|_| Vec::new(), |all| all.map(|it| it.unwrap().path()).collect())
}

#[test]
fn own_advisories_are_made_into_an_index_once() {
    let project = with_own_advisory();
    assert_eq!(project.findings(&["--engine", "dependencies", "--no-cache"]), ["OWN-1 Cargo.lock:4"]);
    assert!(kept(&project).is_empty(), "--no-cache keeps nothing");
    assert_eq!(project.findings(&["--engine", "dependencies"]), ["OWN-1 Cargo.lock:4"]);
    let [file] = kept(&project).try_into().expect("one index is kept");
    // Another index in its place is what the next run uses: nothing is made again.
    project.write("other/0.json", own("OWN-2", "1.2.5"));
    project.run(&["db", "update", "--from", "other", "--database", "other.db"]).expect(0);
    std::fs::copy(project.path("other.db"), &file).unwrap();
    assert_eq!(project.findings(&["--engine", "dependencies"]), ["OWN-2 Cargo.lock:4"]);
    std::fs::write(&file, "damaged").unwrap();
    assert_eq!(project.findings(&["--engine", "dependencies"]), ["OWN-1 Cargo.lock:4"]);
    project.write("own/0.json", own("OWN-1", "1.1.0"));
    assert!(project.findings(&["--engine", "dependencies"]).is_empty(), "what changed is read again");
    assert_eq!(kept(&project).len(), 2);
}

#[test]
fn what_is_wrong_with_own_advisories_is_told_in_every_run() {
    let project = with_own_advisory();
    project.write(
        "own/1.json",
        "{ \"id\": \"OWN-9\", \"modified\": \"2026-01-01T00:00:00Z\", \"affected\": 5 }",
    );
    for _ in 0..2 {
        let report = project.check(&["--engine", "dependencies"]);
        assert!(
            report["diagnostics"].to_string().contains("own/1.json")
                || report["diagnostics"].to_string().contains("OWN-9"),
            "{report}"
        );
    }
    assert!(kept(&project).is_empty());
    project.write("selvedge.toml", "[dependencies]\nadvisories = [\"nowhere\"]\n");
    let ran = project.run(&["check"]).expect(2);
    assert!(ran.err.contains("dependencies.advisories") && ran.err.contains("nowhere"), "{}", ran.err);
}
