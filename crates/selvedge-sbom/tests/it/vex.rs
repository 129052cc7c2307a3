//! VEX documents in all three formats: what is written is read back, and what others write is understood.

use std::sync::Arc;

use selvedge_package::Purl;
use selvedge_sbom::vex::{
    Affected, Document, Justification, Product, Publisher, Reading, Statement, Status, Subjects, Target,
    decide, read,
};

fn product(id: &str) -> Arc<Product> {
    Arc::new(Product::new(id))
}

fn document() -> Document {
    let base = Statement { timestamp: Some("2026-11-20T08:00:00Z".into()), ..Statement::default() };
    Document {
        timestamp: Some("2026-11-25T10:00:00Z".to_owned()),
        version: 2,
        publisher: Publisher { name: "Example Ltd".to_owned(), namespace: "https://example.org".to_owned() },
        tool: "selvedge 0.1.0".to_owned(),
        statements: vec![
            Statement {
                vulnerabilities: Arc::new(["CVE-2023-12345".to_owned(), "GHSA-aaaa-bbbb-cccc".to_owned()]),
                products: vec![product("pkg:npm/left-pad@1.3.0"), product("pkg:npm/%40acme/pad")],
                status: Status::NotAffected,
                justification: Some(Justification::VulnerableCodeNotInExecutePath),
                impact: Some("padding is done at build time".into()),
                ..base.clone()
            },
            Statement {
                vulnerabilities: Arc::new(["RUSTSEC-2024-0001".to_owned()]),
                products: vec![product("pkg:cargo/openssl@0.10.0")],
                status: Status::Affected,
                action: Some("update to 0.10.60".into()),
                ..base.clone()
            },
            Statement {
                vulnerabilities: Arc::new(["CVE-2024-1".to_owned()]),
                products: vec![product("pkg:pypi/requests@2.31.0")],
                status: Status::Fixed,
                ..base.clone()
            },
            Statement {
                vulnerabilities: Arc::new(["CVE-2024-2000".to_owned()]),
                products: vec![product("pkg:deb/debian/openssl@3.0.11")],
                status: Status::UnderInvestigation,
                ..base
            },
        ],
        ..Document::default()
    }
}

/// What every format carries of a statement, sorted.
fn essence(statements: &[Statement]) -> Vec<String> {
    let mut all: Vec<String> = statements
        .iter()
        .flat_map(|it| {
            it.products.iter().map(|product| {
                let purl = product.purl.as_ref().map(ToString::to_string);
                let mut ids = it.vulnerabilities.to_vec();
                ids.sort();
                format!(
                    "{ids:?} {purl:?} {:?} {:?} {:?} {:?}",
                    it.status, it.justification, it.impact, it.action
                )
            })
        })
        .collect();
    all.sort();
    all
}

#[track_caller]
fn check(write: impl Fn(&Document, &mut Vec<u8>)) -> Vec<u8> {
    let document = document();
    let mut text = Vec::new();
    write(&document, &mut text);
    let Reading { statements, diagnostics } = read("vex.json", &text, &[]);
    assert_eq!(diagnostics, []);
    assert_eq!(essence(&statements), essence(&document.statements));
    assert!(statements.iter().all(|it| it.author.as_deref() == Some("Example Ltd") && it.line > 1));
    text
}

#[test]
fn openvex_comes_back() {
    let text = check(|document, out| document.write_openvex(out).unwrap());
    crate::schemas::openvex(&text);
}

#[test]
fn cyclonedx_comes_back() {
    let text = check(|document, out| document.write_cyclonedx(out).unwrap());
    assert_eq!(selvedge_sbom::validate("vex.json", &text), []);
    crate::schemas::cyclonedx_json(&text);
}

#[test]
fn csaf_comes_back() {
    let text = check(|document, out| document.write_csaf(out).unwrap());
    crate::schemas::csaf(&text);
}

#[track_caller]
fn applies(product: &Product, package: &str, subjects: Subjects<'_>, expected: bool) {
    let statement = Statement {
        vulnerabilities: Arc::new(["CVE-2024-1".to_owned()]),
        products: vec![Arc::new(product.clone())],
        ..Statement::default()
    };
    let package = Purl::parse(package).unwrap();
    let target = Target { package: &package, vulnerabilities: &["GHSA-x", "cve-2024-1"], subjects };
    assert_eq!(statement.applies_to(&target), expected, "{product:?} and {package}");
    let other = Target { vulnerabilities: &["CVE-2024-2"], ..target };
    assert!(!statement.applies_to(&other));
}

#[test]
fn a_product_is_the_package_or_holds_it() {
    let any = Subjects::Any;
    applies(&Product::new("pkg:npm/a@1.0.0"), "pkg:npm/a@1.0.0", any, true);
    applies(&Product::new("pkg:npm/a@1.0.0"), "pkg:npm/a@1.0.1", any, false);
    applies(&Product::new("pkg:npm/a"), "pkg:npm/a@1.0.1", any, true);
    applies(&Product::new("pkg:npm/a@1.0.0"), "pkg:npm/a", any, false);
    applies(&Product::new("pkg:npm/a"), "pkg:pypi/a@1.0.1", any, false);
    applies(
        &Product::new("pkg:deb/debian/a@1?distro=debian-12"),
        "pkg:deb/debian/a@1?distro=debian-11",
        any,
        false,
    );
    applies(&Product::new("pkg:deb/debian/a@1"), "pkg:deb/debian/a@1?distro=debian-11", any, true);

    let held = Product {
        subcomponents: Arc::new([Product::new("pkg:npm/a")]),
        ..Product::new("pkg:oci/shop@sha256%3Aabc")
    };
    applies(&held, "pkg:npm/a@2.0.0", any, true);
    applies(&held, "pkg:npm/a@2.0.0", Subjects::Named(&["pkg:oci/shop@sha256%3Aabc"]), true);
    applies(&held, "pkg:npm/a@2.0.0", Subjects::Named(&["pkg:oci/other@sha256%3Aabc"]), false);
    applies(&held, "pkg:npm/b@2.0.0", any, false);
}

#[test]
fn versions_and_ranges_are_those_of_the_ecosystem() {
    let ranged = |range: &str| Product {
        versions: vec![Affected::Range(range.to_owned())],
        ..Product::new("pkg:npm/a")
    };
    let check = |range: &str, version: &str, expected| {
        applies(&ranged(range), &format!("pkg:npm/a@{version}"), Subjects::Any, expected);
    };
    check("vers:npm/>=1.0.0|<2.0.0", "1.10.0", true);
    check("vers:npm/>=1.0.0|<2.0.0", "2.0.0", false);
    check("vers:npm/<1.0.0|>=2.0.0|<=2.5.0", "0.9.0", true);
    check("vers:npm/<1.0.0|>=2.0.0|<=2.5.0", "1.5.0", false);
    check("vers:npm/<1.0.0|>=2.0.0|<=2.5.0", "2.5.0", true);
    check("vers:npm/>=3.0.0", "10.0.0", true);
    check("vers:npm/>=3.0.0|!=10.0.0", "10.0.0", false);
    check("vers:npm/1.0.0|2.0.0", "2.0.0", true);
    check("vers:npm/1.0.0|2.0.0", "3.0.0", false);
    check("vers:npm/*", "3.0.0", true);
    check("vers:npm/>=what|<2.0.0", "1.0.0", false);
    let exact = Product { versions: vec![Affected::Exact("1.0".to_owned())], ..Product::new("pkg:pypi/a") };
    applies(&exact, "pkg:pypi/a@1.0.0", Subjects::Any, true);
}

#[test]
fn the_latest_statement_holds() {
    let at = |time: &str, status| Statement {
        vulnerabilities: Arc::new(["CVE-2024-1".to_owned()]),
        products: vec![product("pkg:npm/a")],
        status,
        timestamp: Some(time.into()),
        ..Statement::default()
    };
    let statements =
        [at("2026-01-02T00:00:00Z", Status::Affected), at("2026-01-01T00:00:00Z", Status::Fixed)];
    let package = Purl::parse("pkg:npm/a@1.0.0").unwrap();
    let target = Target { package: &package, vulnerabilities: &["CVE-2024-1"], subjects: Subjects::Any };
    assert_eq!(decide(&statements, &target).map(|it| it.status), Some(Status::Affected));
}

#[test]
fn older_openvex_and_bare_claims() {
    let text = br#"{
  "@context": "https://openvex.dev/ns",
  "author": "A",
  "timestamp": "2023-01-01T00:00:00Z",
  "statements": [
    {
      "vulnerability": "CVE-2014-123456",
      "products": ["pkg:oci/git@sha256%3A23a264e6"],
      "subcomponents": ["pkg:apk/wolfi/git@2.38.1-r0"],
      "status": "not_affected"
    }
  ]
}"#;
    let Reading { statements, diagnostics } = read("v.json", text, &[]);
    assert_eq!(statements[0].products[0].subcomponents.len(), 1);
    assert!(!statements[0].suppresses());
    assert_eq!(diagnostics.len(), 1);
    assert_eq!((diagnostics[0].line, diagnostics[0].path.as_deref()), (Some(6), Some("v.json")));
}

#[test]
fn a_bom_link_finds_its_component() {
    let mut bom = crate::sample::bom();
    bom.serial = Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".to_owned());
    bom.entries[1].reference = "ref-1".to_owned();
    bom.entries[1].purl = Some("pkg:npm/debug@4.3.4".to_owned());
    let text = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [
  {"id": "CVE-2024-1", "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
   "affects": [{"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#ref-1",
                "versions": [{"version": "4.3.4", "status": "affected"}, {"version": "4.3.5", "status": "unaffected"}]}]}]}"#;
    let Reading { statements, diagnostics } = read("v.json", text, &[&bom]);
    assert_eq!(diagnostics, []);
    let product = &statements[0].products[0];
    assert_eq!(product.purl.as_ref().unwrap().to_string(), "pkg:npm/debug@4.3.4");
    assert_eq!(product.versions, [Affected::Exact("4.3.4".to_owned())]);
    assert_eq!(statements[0].line, 2);
}
