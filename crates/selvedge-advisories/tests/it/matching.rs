//! What is said about a package, a commit and stored inventories.

use std::collections::BTreeMap;

use selvedge_advisories::{
    ChangedPackage, Coverage, Doubt, EventKind, Index, Inventory, Match, OsvApi, Query, StoredInventory,
    Verdict, Why, changed_packages,
};
use selvedge_package::{Component, Ecosystem, Origin};
use serde_json::{Value, json};

use crate::corpora::{build, index};

/// A record about one package.
fn record(id: &str, ecosystem: &str, name: &str, events: &Value) -> Value {
    json!({
        "id": id,
        "modified": "2026-01-01T00:00:00Z",
        "affected": [{
            "package": { "ecosystem": ecosystem, "name": name },
            "ranges": [{ "type": "ECOSYSTEM", "events": events }],
        }],
    })
}

fn with(mut record: Value, field: &str, value: Value) -> Value {
    record[field] = value;
    record
}

fn ids(matches: &[Match]) -> Vec<&str> {
    matches.iter().map(|found| found.id.as_str()).collect()
}

#[test]
fn aliases_make_one_problem_with_all_its_ids() {
    let events = |fixed: &str| json!([{ "introduced": "0" }, { "fixed": fixed }]);
    let index = index(&[
        with(
            record("GHSA-aaaa", "PyPI", "Zope.Interface", &events("1.2")),
            "aliases",
            json!(["CVE-2026-0001"]),
        ),
        with(
            record("PYSEC-2026-1", "PyPI", "zope-interface", &events("1.3")),
            "aliases",
            json!(["CVE-2026-0001"]),
        ),
        with(
            record("PYSEC-2026-2", "PyPI", "zope-interface", &events("1.3")),
            "related",
            json!(["CVE-2026-0001"]),
        ),
    ]);
    let found = index.affected(&Query::new(Ecosystem::PyPI, "zope_interface", "1.1")).unwrap();
    assert_eq!(ids(&found), ["PYSEC-2026-1", "PYSEC-2026-2"]);
    assert_eq!(found[0].ids, ["CVE-2026-0001", "GHSA-aaaa", "PYSEC-2026-1"]);
    assert_eq!(found[0].records.len(), 2);
    assert_eq!(found[0].fixed.as_deref(), Some("1.3"), "1.2 is still affected as PyPA says");
    assert_eq!(found[0].cves().iter().map(ToString::to_string).collect::<Vec<_>>(), ["CVE-2026-0001"]);
    assert!(found[1].cves().is_empty(), "what is related is no other name");
    let (all, records) = index.resolve("CVE-2026-0001").unwrap();
    assert_eq!((all.len(), records.len()), (3, 2));
}

#[test]
fn a_match_says_why_and_what_would_help() {
    let events = json!([{ "introduced": "1.0.0" }, { "fixed": "1.4.2" }, { "introduced": "2.0.0-alpha" }, { "last_affected": "2.3.0" }]);
    let mut record = record("RUSTSEC-2026-0001", "crates.io", "a", &events);
    record["affected"][0]["ranges"][0]["type"] = json!("SEMVER");
    record["affected"][0]["ecosystem_specific"] =
        json!({ "affects": { "functions": ["a::b"], "os": ["linux"], "arch": [] } });
    record["affected"][0]["database_specific"] = json!({ "informational": "unsound" });
    record["severity"] =
        json!([{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }]);
    let index = index(&[record]);
    let ask = |version: &str| index.affected(&Query::new(Ecosystem::CratesIo, "a", version)).unwrap();
    for (version, is_affected) in [
        ("0.9.9", false),
        ("1.0.0-rc.1", false),
        ("1.0.0", true),
        ("1.4.2-rc.1", true),
        ("1.4.2", false),
        ("2.0.0-alpha", true),
        ("2.3.0", true),
        ("2.3.1", false),
    ] {
        assert_eq!(!ask(version).is_empty(), is_affected, "{version}");
    }
    let found = &ask("1.2.0")[0];
    let why = Why::Range {
        since: "1.0.0".to_owned(),
        until: Some((EventKind::Fixed, "1.4.2".to_owned())),
        kind: selvedge_advisories::RangeKind::Semver,
        comparer: "semver",
    };
    assert_eq!(found.verdict(), &Verdict::Affected(why));
    assert_eq!(found.fixed.as_deref(), Some("1.4.2"));
    assert_eq!(found.records[0].symbols[0].names, ["a::b"]);
    assert_eq!(found.records[0].systems, ["linux"]);
    assert_eq!(found.records[0].severity.len(), 1);
    assert_eq!(found.records[0].license, "CC0-1.0");
    assert_eq!(found.informational().map(|it| it.as_str().to_owned()).as_deref(), Some("unsound"));
    assert_eq!(ask("2.1.0")[0].fixed, None, "a last affected version names no fix");
}

#[test]
fn what_cannot_be_compared_is_unknown_and_not_silent() {
    let index = index(&[
        record("PYSEC-1", "PyPI", "a", &json!([{ "introduced": "0" }, { "fixed": "1.0" }])),
        record("PYSEC-2", "PyPI", "a", &json!([{ "introduced": "0" }])),
        record("PYSEC-3", "PyPI", "b", &json!([{ "introduced": "0" }, { "fixed": "not a version" }])),
    ]);
    let ask = |name, version| index.affected(&Query::new(Ecosystem::PyPI, name, version)).unwrap();
    let odd = ask("a", "one point zero");
    assert_eq!(odd[0].verdict(), &Verdict::Unknown(Doubt::Version));
    assert!(odd[1].is_affected(), "every version is affected, whatever this one is");
    assert_eq!(ask("b", "1.0")[0].verdict(), &Verdict::Unknown(Doubt::Range));
    let unpinned = Query { ecosystem: Ecosystem::PyPI, name: "a", ..Query::default() };
    assert!(!index.affected(&unpinned).unwrap()[0].is_affected());
}

#[test]
fn nonsense_is_reported_and_read_on_the_safe_side() {
    let (bytes, report) = build(
        &[
            record("X-1", "npm", "ends-first", &json!([{ "introduced": "2.0.0" }, { "fixed": "1.0.0" }])),
            record("X-2", "npm", "no-beginning", &json!([{ "fixed": "1.0.0" }])),
            record("X-3", "npm", "no-events", &json!([])),
            json!({ "id": "X-4", "affected": [{ "package": { "ecosystem": "npm", "name": "nothing" } }] }),
        ],
        1,
    );
    let index = Index::from_bytes(bytes).unwrap();
    let ask = |name, version| index.affected(&Query::new(Ecosystem::Npm, name, version)).unwrap();
    assert!(ask("ends-first", "3.0.0")[0].is_affected());
    assert!(ask("no-beginning", "0.1.0")[0].is_affected());
    assert!(ask("no-events", "1.0.0")[0].is_affected());
    assert_eq!(ask("nothing", "1.0.0")[0].verdict(), &Verdict::Unknown(Doubt::Range));
    for id in ["X-1", "X-2", "X-3", "X-4"] {
        assert!(
            report.diagnostics.iter().any(|it| it.message.starts_with(id)),
            "{id}: {:?}",
            report.diagnostics
        );
    }
}

#[test]
fn advisories_of_a_distribution_belong_to_their_release() {
    let fixed = |version: &str| json!([{ "introduced": "0" }, { "fixed": version }]);
    let index = index(&[
        record("DEBIAN-CVE-2026-1", "Debian:12", "openssl", &fixed("3.0.15-1~deb12u1")),
        record("DEBIAN-CVE-2026-2", "Debian:11", "openssl", &fixed("1.1.1w-0+deb11u2")),
        record("ALSA-2026:1", "AlmaLinux:8", "nodejs", &fixed("1:18.20.4-1.module_el8.10.0+1+2")),
        record("UBUNTU-CVE-2026-1", "Ubuntu:22.04:LTS", "curl", &fixed("7.81.0-1ubuntu1.18")),
    ]);
    let ask = |ecosystem, release, name, version| {
        index
            .affected(&Query { ecosystem, release, name, version: Some(version), ..Query::default() })
            .unwrap()
    };
    assert_eq!(ids(&ask(Ecosystem::Debian, Some("12"), "openssl", "3.0.14-1")), ["DEBIAN-CVE-2026-1"]);
    assert!(ask(Ecosystem::Debian, Some("12"), "openssl", "3.0.15-1~deb12u1").is_empty());
    let open = ask(Ecosystem::Debian, None, "openssl", "1.0.0-1");
    assert_eq!(open.len(), 2);
    assert!(open.iter().all(|found| found.verdict() == &Verdict::Unknown(Doubt::Release)));
    assert_eq!(ask(Ecosystem::Ubuntu, Some("22.04"), "curl", "7.81.0-1ubuntu1.17").len(), 1);
    let module = ask(Ecosystem::AlmaLinux, Some("8.10"), "nodejs", "1:16.1.0-1.el8");
    assert_eq!(module[0].verdict(), &Verdict::Unknown(Doubt::Module));
    assert!(ask(Ecosystem::AlmaLinux, Some("8"), "nodejs", "1:16.1.0-1.module_el8.9.0+1+2")[0].is_affected());
    assert_eq!(index.coverage("AlmaLinux", Some("8.10")).unwrap(), Coverage::Covered);
    assert_eq!(index.coverage("Debian", Some("13")).unwrap(), Coverage::OtherReleases);
    assert_eq!(index.coverage("npm", None).unwrap(), Coverage::None);
}

#[test]
fn malicious_and_withdrawn_records_are_told_apart() {
    let everything = json!([{ "introduced": "0" }]);
    let index = index(&[
        record("MAL-2026-1", "npm", "evil", &everything),
        with(record("GHSA-1", "npm", "fine", &everything), "withdrawn", json!("2026-01-02T00:00:00Z")),
    ]);
    assert!(index.affected(&Query::new(Ecosystem::Npm, "evil", "1.0.0")).unwrap()[0].is_malicious());
    assert!(index.affected(&Query::new(Ecosystem::Npm, "fine", "1.0.0")).unwrap().is_empty());
    assert_eq!(index.status().unwrap().withdrawn, 1);
    let number = index.find("GHSA-1").unwrap().expect("it can still be shown");
    assert!(index.json(number).unwrap().contains("withdrawn"));
}

#[test]
fn a_commit_is_decided_where_a_range_begins_or_ends() {
    let (bad, good) = ("a".repeat(40), "b".repeat(40));
    let index = index(&[json!({
        "id": "OSV-2026-1",
        "modified": "2026-01-01T00:00:00Z",
        "affected": [{ "ranges": [{
            "type": "GIT",
            "repo": "https://github.com/Owner/Project.git",
            "events": [{ "introduced": bad }, { "fixed": good }],
        }], "versions": ["v1.0"] }],
    })]);
    let repository = Some("git@github.com:owner/project");
    let ask = |commit: &str| index.affected_commit(repository, commit).unwrap();
    assert_eq!(ask(&bad)[0].verdict(), &Verdict::Affected(Why::Commit(EventKind::Introduced)));
    assert!(ask(&bad[..12])[0].is_affected(), "an abbreviation is enough");
    assert!(ask(&good).is_empty());
    assert_eq!(ask(&"c".repeat(40))[0].verdict(), &Verdict::Unknown(Doubt::History));
    assert!(index.affected_commit(None, &"c".repeat(40)).unwrap().is_empty());
    let tag = Query::new(Ecosystem::Git, "https://github.com/owner/project", "v1.0");
    assert_eq!(index.affected(&tag).unwrap()[0].verdict(), &Verdict::Affected(Why::Listed));
}

#[test]
fn the_lowest_clear_version_satisfies_every_advisory() {
    let events = |fixed: &str| json!([{ "introduced": "0" }, { "fixed": fixed }]);
    let index = index(&[
        record("X-1", "npm", "a", &events("1.1.0")),
        record("X-2", "npm", "a", &events("1.3.0")),
        record("X-3", "npm", "a", &json!([{ "introduced": "1.3.0" }, { "fixed": "1.3.5" }])),
    ]);
    let query = Query::new(Ecosystem::Npm, "a", "1.0.0");
    let found = index.affected(&query).unwrap();
    assert_eq!(
        index.lowest_clear(&query, &found).unwrap().as_deref(),
        Some("1.3.5"),
        "1.3.0 has a problem of its own"
    );
    assert_eq!(found[0].fixed.as_deref(), Some("1.1.0"), "for one problem alone less is enough");
    let nothing = Query::new(Ecosystem::Npm, "a", "2.0.0");
    assert_eq!(index.lowest_clear(&nothing, &index.affected(&nothing).unwrap()).unwrap(), None);
}

fn component(ecosystem: Ecosystem, name: &str, version: &str) -> Component {
    Component { ecosystem, name: name.to_owned(), version: Some(version.to_owned()), ..Component::default() }
}

#[test]
fn stored_inventories_are_matched_again_where_something_changed() {
    let events = |fixed: &str| json!([{ "introduced": "0" }, { "fixed": fixed }]);
    let old = [record("X-1", "npm", "a", &events("1.1.0")), record("X-2", "npm", "gone", &events("9.0.0"))];
    let new = [
        record("X-1", "npm", "a", &events("1.1.0")),
        record("X-3", "npm", "b", &events("2.0.0")),
        with(record("X-2", "npm", "gone", &events("9.0.0")), "withdrawn", json!("2026-02-01T00:00:00Z")),
    ];
    let (old, new) = (index(&old), index(&new));
    let changed = changed_packages(&old, &new).unwrap();
    let names: Vec<_> = changed.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["b", "gone"]);
    let mut inventory = Inventory::default();
    let npm = |name, version| component(Ecosystem::Npm, name, version);
    inventory.add("one", &[npm("a", "1.0.0"), npm("b", "1.0.0"), npm("gone", "1.0.0")]);
    inventory.add("two", &[npm("b", "1.0.0"), npm("b", "3.0.0")]);
    inventory.add("three", &[npm("b", "1.0.0")]);
    inventory.remove("three");
    let stored = StoredInventory::from_bytes(inventory.to_bytes()).unwrap();
    let rematched = stored.rematch(&changed, Some(&old), &new).unwrap();
    let told: BTreeMap<_, _> = rematched
        .iter()
        .map(|it| (it.name.as_str(), (ids(&it.opened), it.closed.clone(), it.documents.clone())))
        .collect();
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(told.len(), 2);
    assert_eq!(told["b"], (vec!["X-3"], names(&[]), names(&["one", "two"])));
    assert_eq!(told["gone"], (vec![], names(&["X-2"]), names(&["one"])));
    let again = stored.to_inventory().unwrap();
    assert_eq!(again.to_bytes(), inventory.to_bytes());
    assert!(stored.rematch(&[], Some(&old), &new).unwrap().is_empty());
    let everything = [ChangedPackage { ecosystem: "npm".into(), name: "a".into(), release: String::new() }];
    assert_eq!(stored.rematch(&everything, None, &new).unwrap()[0].opened[0].id, "X-1");
}

#[test]
fn everything_stored_is_matched_and_what_cannot_be_is_counted() {
    let events = json!([{ "introduced": "0" }, { "fixed": "2.0.0" }]);
    let index = index(&[record("X-1", "Packagist", "a/b", &events)]);
    let mut own = component(Ecosystem::Packagist, "a/b", "1.0.0");
    own.origin = Origin::Path(".".to_owned());
    let mut unpinned = component(Ecosystem::Packagist, "a/b", "");
    unpinned.version = None;
    let mut inventory = Inventory::default();
    inventory.add(
        "one",
        &[
            component(Ecosystem::Packagist, "a/b", "1.0.0"),
            component(Ecosystem::Packagist, "a/b", "dev-main"),
            component(Ecosystem::Hex, "c", "1.0.0"),
            component(Ecosystem::Other, "d", "1.0.0"),
            own,
            unpinned,
        ],
    );
    let stored = StoredInventory::from_bytes(inventory.to_bytes()).unwrap();
    assert_eq!(
        (stored.counts(), stored.unmatched()),
        ((1, 3), 2),
        "what is one's own is not meant by advisories"
    );
    let found = stored.matches(&index).unwrap();
    let told: Vec<_> =
        found.iter().map(|it| (it.version.as_str(), it.opened.len(), it.undecided.len())).collect();
    assert_eq!(told, [("1.0.0", 1, 0), ("dev-main", 0, 1)]);
    let ecosystems = stored.ecosystems().unwrap();
    let of = |name: &str| ecosystems.get(&(name.to_owned(), String::new())).copied();
    assert_eq!((of("Packagist"), of("Hex"), ecosystems.len()), (Some(2), Some(1), 2));
    assert_eq!(stored.to_inventory().unwrap().to_bytes(), inventory.to_bytes());
}

#[test]
fn a_damaged_inventory_is_refused() {
    let mut inventory = Inventory::default();
    inventory.add("one", &[component(Ecosystem::Npm, "a", "1.0.0")]);
    let bytes = inventory.to_bytes();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert!(StoredInventory::from_bytes(damaged).is_err(), "byte {at}");
        assert!(StoredInventory::from_bytes(bytes[..at].to_vec()).is_err(), "cut at {at}");
    }
}

#[test]
fn the_query_api_answers_as_the_public_one() {
    let events = json!([{ "introduced": "0" }, { "fixed": "1.2.0" }]);
    let index = index(&[
        record("RUSTSEC-2026-1", "crates.io", "a", &events),
        record("DEBIAN-CVE-2026-1", "Debian:12", "curl", &json!([{ "introduced": "0" }])),
    ]);
    let api = OsvApi::new(vec![&index]);
    let ask = |query: Value| {
        let answer = api.query(query.to_string().as_bytes());
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let found = body["vulns"].as_array().cloned().unwrap_or_default();
        (answer.status, found.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
    };
    let package = json!({ "ecosystem": "crates.io", "name": "a" });
    assert_eq!(
        ask(json!({ "package": package, "version": "1.0.0" })),
        (200, vec!["RUSTSEC-2026-1".to_owned()])
    );
    assert_eq!(ask(json!({ "package": package, "version": "1.2.0" })), (200, vec![]));
    assert_eq!(ask(json!({ "package": package })).1.len(), 1);
    assert_eq!(ask(json!({ "package": { "purl": "pkg:cargo/a@1.0.0" } })).1.len(), 1);
    assert_eq!(
        ask(json!({ "package": { "ecosystem": "Debian:12", "name": "curl" }, "version": "1" })).1.len(),
        1
    );
    assert_eq!(
        ask(json!({ "package": { "ecosystem": "Debian", "name": "curl" }, "version": "1" })).1.len(),
        1
    );
    assert_eq!(ask(json!({ "commit": "a".repeat(40) })), (200, vec![]));
    for refused in [
        json!({}),
        json!({ "package": { "name": "a" } }),
        json!({ "package": { "purl": "pkg:cargo/a@1.0.0" }, "version": "1.0.0" }),
        json!({ "package": package, "page_token": "x" }),
    ] {
        assert_eq!(ask(refused.clone()).0, 400, "{refused}");
    }
    let batch = json!({ "queries": [{ "package": package, "version": "1.0.0" }, { "package": package, "version": "2.0.0" }] });
    let answer = api.query_batch(batch.to_string().as_bytes()).body;
    assert_eq!(
        answer,
        r#"{"results":[{"vulns":[{"id":"RUSTSEC-2026-1","modified":"2026-01-01T00:00:00Z"}]},{}]}"#
    );
    assert_eq!(api.vulnerability("RUSTSEC-2026-1").status, 200);
    assert_eq!(api.vulnerability("RUSTSEC-2026-2").status, 404);
}

#[test]
fn long_answers_come_in_pages() {
    let all: Vec<Value> = (0..1500)
        .map(|n| record(&format!("X-{n:04}"), "npm", "a", &json!([{ "introduced": "0" }])))
        .collect();
    let index = index(&all);
    let api = OsvApi::new(vec![&index]);
    let page = |token: &str| -> Value {
        let query = json!({ "package": { "ecosystem": "npm", "name": "a" }, "version": "1.0.0", "page_token": token });
        serde_json::from_str(&api.query(query.to_string().as_bytes()).body).unwrap()
    };
    let first = page("");
    let second = page(first["next_page_token"].as_str().unwrap());
    assert_eq!(first["vulns"].as_array().unwrap().len() + second["vulns"].as_array().unwrap().len(), 1500);
    assert!(second.get("next_page_token").is_none());
}
