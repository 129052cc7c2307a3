//! Each public database in its own form, as its documentation describes it.

use selvedge_advisories::import::{Form, Parsed, parse};
use selvedge_advisories::{EventKind, Record};

#[track_caller]
fn one(path: &str, text: &str, form: Form) -> Record {
    let Parsed { forms, records, problems, .. } = parse(path, text.as_bytes());
    assert_eq!(forms.into_iter().collect::<Vec<_>>(), [form], "{problems:?}");
    assert_eq!(records.len(), 1, "{problems:?}");
    assert_eq!(problems, []);
    records.into_iter().next().unwrap()
}

/// Events of a record's first range: `>=1.0 <2.0`.
fn events(record: &Record) -> String {
    let events = record.affected.iter().flat_map(|it| &it.ranges).flat_map(|range| &range.events);
    let text = events.map(|event| match event.kind {
        EventKind::Introduced => format!(">={}", event.version),
        EventKind::Fixed => format!("<{}", event.version),
        EventKind::LastAffected => format!("<={}", event.version),
        EventKind::Limit => format!("..{}", event.version),
    });
    text.collect::<Vec<_>>().join(" ")
}

#[test]
fn rustsec() {
    let text = "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"a\"\ndate = \"2026-01-02\"\n\
        aliases = [\"CVE-2026-0001\"]\ncvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H\"\n\
        informational = \"unsound\"\n[affected]\nos = [\"linux\"]\n[affected.functions]\n\"a::b\" = [\"< 1.2.0\"]\n\
        [versions]\npatched = [\"^1.2.0\", \">= 2.1.0\"]\nunaffected = [\"< 0.3.0\"]\n```\n\n# A title\n\nThe text.\n";
    let record = one("crates/a/RUSTSEC-2026-0001.md", text, Form::RustSec);
    assert_eq!(events(&record), ">=0.3.0 <1.2.0 >=2.0.0-0 <2.1.0");
    assert_eq!(record.aliases, ["CVE-2026-0001"]);
    assert_eq!(record.affected[0].symbols[0].names, ["a::b"]);
    assert_eq!(record.affected[0].systems, ["linux"]);
    assert_eq!(record.affected[0].informational.as_ref().unwrap().as_str(), "unsound");
    assert!(record.is_native && record.modified.starts_with("2026-01-02"));
    let of_rust = one("rust/std/CVE-2026-1.md", text, Form::RustSec);
    assert_eq!(
        of_rust.affected[0].ecosystem_name, "Rust",
        "the standard library is no crate of the registry"
    );
    assert!(parse("TEMPLATE.md", text.replace("2026-0001\"\np", "0000-0000\"\np").as_bytes()).is_unknown);
}

#[test]
fn haskell() {
    let text = "```toml\n[advisory]\nid = \"HSEC-2026-0001\"\n[[affected]]\npackage = \"base\"\n\
        [[affected.versions]]\nintroduced = \"3.0\"\nfixed = \"3.1\"\n[[affected]]\nghc-component = \"ghc\"\n\
        [[affected.versions]]\nintroduced = \"9.0\"\n```\n# T\n";
    let record = one("advisories/published/2026/HSEC-2026-0001.md", text, Form::Haskell);
    assert_eq!(events(&record), ">=3.0 <3.1 >=9.0");
    assert_eq!(record.affected[1].ecosystem.as_str(), "GHC");
}

#[test]
fn go_reports() {
    let text = "id: GO-2026-0001\nmodules:\n  - module: std\n    versions:\n      - fixed: 1.21.3\n      - introduced: 1.22.0-0\n      \
        - fixed: 1.22.1\n    packages:\n      - package: net/http\n        symbols: [Header.Set]\n        derived_symbols: [Get]\n\
        summary: S\ncves: [CVE-2026-0001]\nghsas: [GHSA-aaaa]\npublished: 2026-01-02T00:00:00Z\n";
    let record = one("data/reports/GO-2026-0001.yaml", text, Form::GoReport);
    assert_eq!(record.affected[0].name, "stdlib");
    assert_eq!(events(&record), ">=0 <1.21.3 >=1.22.0-0 <1.22.1");
    assert_eq!(record.affected[0].symbols[0].names, ["Get", "Header.Set"]);
    assert_eq!(record.aliases, ["CVE-2026-0001", "GHSA-aaaa"]);
    let excluded = parse(
        "data/excluded/GO-2026-0002.yaml",
        b"id: GO-2026-0002\nexcluded: NOT_GO_CODE\nmodules:\n  - module: a\n",
    );
    assert!(excluded.records.is_empty() && excluded.rejected == 0);
}

#[test]
fn rubysec() {
    let text = "---\ngem: rails\ncve: 2026-0001\nghsa: aaaa-bbbb-cccc\ntitle: T\ndate: 2026-01-02\ndescription: D\n\
        unaffected_versions:\n  - \"< 2.0\"\npatched_versions:\n  - \"~> 3.2.1\"\n  - \">= 4.0.0.rc1\"\n";
    let record = one("gems/rails/CVE-2026-0001.yml", text, Form::RubySec);
    assert_eq!(record.id, "RUBYSEC-rails-CVE-2026-0001");
    assert_eq!(record.aliases, ["CVE-2026-0001", "GHSA-aaaa-bbbb-cccc"]);
    assert_eq!(events(&record), ">=2.0 <3.2.1 >=3.3.a <4.0.0.rc1");
}

#[test]
fn friends_of_php() {
    let text = "title: T\nlink: https://example.org\ncve: CVE-2026-0001\nreference: composer://symfony/yaml\nbranches:\n  \
        2.x:\n    time: 2026-01-02 03:04:05\n    versions: ['>=2.0.0', '<2.0.22']\n  1.x:\n    time: ~\n    versions: ['<=1.9']\n";
    let record = one("symfony/yaml/CVE-2026-0001.yaml", text, Form::FriendsOfPhp);
    assert_eq!(record.id, "FRIENDSOFPHP-symfony-yaml-CVE-2026-0001");
    let mut ends: Vec<_> = events(&record).split(' ').map(str::to_owned).collect();
    ends.sort();
    assert_eq!(ends, ["<2.0.22", "<=1.9", ">=0", ">=2.0.0"]);
}

#[test]
fn debian() {
    let text = r#"{ "curl": { "CVE-2026-0001": { "description": "D", "releases": {
        "bookworm": { "status": "resolved", "fixed_version": "7.88.1-10", "urgency": "low" },
        "trixie": { "status": "open" },
        "bullseye": { "status": "resolved", "fixed_version": "0" },
        "sid": { "status": "open" } } } } }"#;
    let record = one("tracker.json", text, Form::DebianTracker);
    assert_eq!(record.id, "DEBIAN-CVE-2026-0001");
    assert_eq!(record.upstream, ["CVE-2026-0001"]);
    let releases: Vec<_> = record.affected.iter().filter_map(|it| it.release.as_deref()).collect();
    assert_eq!(releases, ["12", "13"], "what was never affected and what has no number is left out");
    assert_eq!(events(&record), ">=0 <7.88.1-10 >=0");
}

#[test]
fn alpine_epss_and_kev() {
    let alpine = r#"{ "distroversion": "v3.20", "reponame": "main", "packages": [ { "pkg": { "name": "curl",
        "secfixes": { "8.0-r1": ["CVE-2026-0001 GHSA-x", "CVE-2026-0002"], "0": ["CVE-2026-0003"] } } } ] }"#;
    assert_eq!(
        parse("main.json", alpine.as_bytes()).forms.into_iter().collect::<Vec<_>>(),
        [Form::AlpineSecDb]
    );
    let epss = parse("epss.csv", b"#model_version:v1\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\nbroken\n");
    assert_eq!((epss.epss.len(), epss.problems.len()), (1, 1));
    assert_eq!(epss.problems[0].line, Some(4));
    let kev = r#"{ "catalogVersion": "1", "vulnerabilities": [ { "cveID": "CVE-2026-0001", "dateAdded": "2026-01-02",
        "dueDate": "2026-01-23", "knownRansomwareCampaignUse": "Known" } ] }"#;
    let kev = parse("kev.json", kev.as_bytes()).kev;
    assert_eq!((kev[0].1.added, kev[0].1.due, kev[0].1.ransomware), (20_260_102, 20_260_123, true));
}

#[test]
fn what_is_in_no_form_is_said() {
    for (path, text) in
        [("a.json", "[1]"), ("a.yaml", "a: b"), ("README.md", "# Hello"), ("a.csv", "a,b"), ("a.txt", "")]
    {
        assert!(parse(path, text.as_bytes()).is_unknown, "{path}");
    }
    let broken = parse("a.json", b"{\n\"id\": }");
    assert_eq!((broken.rejected, broken.problems[0].line), (1, Some(2)));
    let lines = parse("a.jsonl", b"{\"id\":\"X-1\",\"affected\":[]}\nnonsense\n");
    assert_eq!((lines.records.len(), lines.rejected, lines.problems[0].line), (1, 1, Some(2)));
    let bomb = format!("a: &a [{}]\n{}", "x,".repeat(10), "b: [*a]\n".repeat(2000));
    assert!(parse("bomb.yaml", bomb.as_bytes()).rejected == 1);
}
