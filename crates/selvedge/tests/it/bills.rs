//! Bills of materials that exist: checked, kept and matched, and the VEX documents beside them.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::project::Project;

fn advisory(id: &str, name: &str, fixed: &str) -> String {
    format!(
        r#"{{ "id": "{id}", "modified": "2026-01-01T00:00:00Z", "aliases": ["CVE-{}"], "summary": "A flaw in {name}",
  "affected": [ {{ "package": {{ "ecosystem": "npm", "name": "{name}" }},
    "ranges": [ {{ "type": "SEMVER", "events": [ {{ "introduced": "0" }}, {{ "fixed": "{fixed}" }} ] }} ] }} ] }}"#,
        &id["GHSA-".len()..]
    )
}

/// Makes `name` a database of these advisories.
fn database(project: &Project, name: &str, advisories: &[String]) {
    let folder = format!("osv-{name}");
    for (at, advisory) in advisories.iter().enumerate() {
        project.write(&format!("{folder}/{at}.json"), advisory);
    }
    project.run(&["db", "update", "--from", &folder, "--database", name]).expect(0);
}

fn bill(components: &[(&str, &str)]) -> String {
    let list: Vec<Value> = components
        .iter()
        .map(|(name, version)| {
            serde_json::json!({ "type": "library", "name": name, "version": version, "purl": format!("pkg:npm/{name}@{version}") })
        })
        .collect();
    serde_json::json!({ "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": list })
        .to_string()
}

const LOCK: &str = r#"{ "name": "shop", "version": "2.0.0", "lockfileVersion": 3, "packages": {
  "": { "name": "shop", "version": "2.0.0", "dependencies": { "left": "^1.0.0", "right": "^1.0.0" } },
  "node_modules/left": { "version": "1.0.0", "license": "MIT", "resolved": "https://registry.npmjs.org/left/-/left-1.0.0.tgz", "integrity": "sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==" },
  "node_modules/right": { "version": "1.0.0", "resolved": "https://registry.npmjs.org/right/-/right-1.0.0.tgz", "integrity": "sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==" } } }
"#;

const TIME: &str = "2026-11-25T10:00:00Z";

/// A shop with two vulnerable packages and a database that knows both.
fn shop() -> Project {
    let project = Project::new();
    database(
        &project,
        "a.db",
        &[advisory("GHSA-2026-1000", "left", "1.5.0"), advisory("GHSA-2026-2000", "right", "2.0.0")],
    );
    project.write("shop/package-lock.json", LOCK);
    project
}

#[track_caller]
fn printed(project: &Project, arguments: &[&str], code: i32, expected: &Expect) {
    let ran = project.run(arguments).expect(code);
    expected.assert_eq(&ran.out);
}

#[test]
fn a_bill_says_which_minimum_elements_it_fills() {
    let project = shop();
    project
        .run(&["sbom", "shop", "-o", "bom.json", "--author", "Example Ltd", "--supplier", "Example Ltd"])
        .expect(0);
    printed(
        &project,
        &["sbom", "check", "bom.json"],
        0,
        &expect![[r#"
        bom.json: CycloneDX 1.6 JSON, valid

          minimum elements
          missing  supplier (NTIA, CISA): 2 of 4 components; not for pkg:npm/left@1.0.0, pkg:npm/right@1.0.0
          filled   component name (NTIA, CISA): 4 of 4 components
          filled   version (NTIA, CISA): 4 of 4 components
          filled   unique identifier (NTIA, CISA): 4 of 4 components
          filled   dependency relationship (NTIA, CISA): 4 of 4 components
          missing  component hash (CISA): 2 of 4 components; not for subject:shop@2.0.0, npm:shop@2.0.0
          missing  licence (CISA): 1 of 4 components; not for subject:shop@2.0.0, npm:shop@2.0.0, pkg:npm/right@1.0.0
          filled   author of the bill (NTIA, CISA)
          filled   timestamp (NTIA, CISA)
          filled   tool name (CISA)
          filled   generation context (CISA)

          NTIA (2021): 6 of 7 elements filled; CISA (draft of 2025): 8 of 11
    "#]],
    );
}

#[test]
fn a_missing_element_fails_only_if_it_is_required() {
    let project = Project::new();
    project.write("bom.json", bill(&[("left", "1.0.0")]));
    project.run(&["sbom", "check", "bom.json"]).expect(0);
    let ran = project.run(&["sbom", "check", "bom.json", "--require", "ntia"]).expect(1);
    assert!(
        ran.out.contains("missing  supplier (NTIA, CISA): 0 of 1 components; not for pkg:npm/left@1.0.0"),
        "{}",
        ran.out
    );
    let json = project.run(&["sbom", "check", "bom.json", "--format", "json"]).expect(0);
    let rows: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (&rows[0]["valid"], &rows[0]["ntia"], &rows[0]["cisa"]),
        (&true.into(), &false.into(), &false.into())
    );
    let elements = rows[0]["minimum_elements"].as_array().unwrap();
    assert_eq!(elements.len(), 11);
    assert_eq!(elements[2]["element"], "version");
    assert_eq!((&elements[2]["filled"], &elements[2]["missing"]), (&1.into(), &serde_json::json!([])));
}

#[test]
fn what_is_no_bill_is_said() {
    let project = Project::new();
    project.write("x.json", "{ \"a\": 1 }").write("cut.json", "{ \"bomFormat\": \"CycloneDX\", ");
    for file in ["x.json", "cut.json"] {
        let ran = project.run(&["sbom", "check", file]).expect(1);
        assert!(ran.out.contains("not valid"), "{}", ran.out);
    }
    let ran = project.run(&["sbom", "check", "nowhere.json"]).expect(2);
    assert!(ran.err.contains("nowhere.json"), "{}", ran.err);
    let ran = project.run(&["sbom", "check", "x.json", "--require", "fda"]).expect(2);
    assert!(ran.err.contains("ntia, cisa"), "{}", ran.err);
}

#[test]
fn stored_bills_are_matched_without_being_read_again() {
    let project = shop();
    database(
        &project,
        "b.db",
        &[advisory("GHSA-2026-2000", "right", "2.0.0"), advisory("GHSA-2026-3000", "up", "9.0.0")],
    );
    project.write("bills/one.json", bill(&[("left", "1.0.0"), ("right", "1.0.0"), ("up", "1.0.0")]));
    project.write("bills/two.json", bill(&[("right", "1.0.0"), ("right", "3.0.0")]));
    let first = ["sbom", "match", "bills", "--store", "kept", "--database", "a.db"];
    let expected = expect![[r#"
        GHSA-2026-1000 left 1.0.0 (npm): fixed in 1.5.0
          bills/one.json
        GHSA-2026-2000 right 1.0.0 (npm): fixed in 2.0.0
          bills/one.json
          bills/two.json
        2 findings in 4 packages of 2 documents
    "#]];
    printed(&project, &first, 1, &expected);
    std::fs::remove_dir_all(project.path("bills")).unwrap();
    printed(&project, &["sbom", "match", "--store", "kept", "--database", "a.db"], 1, &expected);
    let since = ["sbom", "match", "--store", "kept", "--database", "b.db", "--since", "a.db"];
    printed(
        &project,
        &since,
        1,
        &expect![[r#"
        GHSA-2026-1000 left 1.0.0 (npm): no longer holds
          bills/one.json
        GHSA-2026-3000 up 1.0.0 (npm): fixed in 9.0.0
          bills/one.json
        1 finding, 1 that no longer holds, in 4 packages of 2 documents
    "#]],
    );
    let json = project.run(&[&since[..], &["--format", "json"]].concat()).expect(1);
    let found: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(found["findings"][0]["documents"], serde_json::json!(["bills/one.json"]));
    assert_eq!(found["closed"][0]["id"], "GHSA-2026-1000");
    let removed = ["sbom", "match", "--store", "kept", "--remove", "bills/one.json", "--database", "a.db"];
    let ran = project.run(&removed).expect(1);
    assert!(!ran.out.contains("one.json") && ran.out.ends_with("of 1 document\n"), "{}", ran.out);
}

#[test]
fn what_was_not_matched_is_told() {
    let project = shop();
    let other = r#"{ "bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
      { "type": "library", "name": "x", "version": "1", "purl": "pkg:hex/x@1" },
      { "type": "library", "name": "left", "purl": "pkg:npm/left" },
      { "type": "library", "name": "left", "version": "next", "purl": "pkg:npm/left@next" } ] }"#;
    project.write("bom.json", other);
    let ran = project.run(&["sbom", "match", "bom.json", "--database", "a.db"]).expect(0);
    for part in [
        "1 component states no version",
        "no advisories of Hex: 1 package",
        "1 more finding cannot be decided",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
}

#[test]
fn a_wrong_use_of_match_is_told() {
    let project = shop();
    for (arguments, part) in [
        (&["sbom", "match", "--database", "a.db"][..], "name SBOM files or folders"),
        (&["sbom", "match", "--store", "none", "--database", "a.db"], "there is no store at none"),
        (&["sbom", "match", "shop", "--remove", "x", "--database", "a.db"], "--store"),
        (&["sbom", "match", "nowhere", "--database", "a.db"], "nowhere"),
        (&["sbom", "match", "osv-a.db", "--since", "no.db", "--database", "a.db"], "no.db"),
        (&["sbom", "match", "osv-a.db"], "selvedge db update"),
    ] {
        let ran = project.run(arguments).expect(2);
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    }
    project.write("kept", "this is no store");
    let ran = project.run(&["sbom", "match", "--store", "kept", "--database", "a.db"]).expect(2);
    assert!(ran.err.contains("kept") && ran.err.contains("store the SBOMs again"), "{}", ran.err);
    project.write("bom.json", bill(&[("left", "9.0.0")]));
    project.run(&["sbom", "match", "bom.json", "--store", "new", "--database", "a.db"]).expect(0);
    let ran =
        project.run(&["sbom", "match", "--store", "new", "--remove", "b", "--database", "a.db"]).expect(2);
    assert!(ran.err.contains("no document called b"), "{}", ran.err);
}

/// An exception for an advisory, with a justification if there is one.
fn except(project: &Project, advisory: &str, justification: Option<&str>) {
    let justification = justification.map_or_else(String::new, |it| format!("justification = \"{it}\"\n"));
    project.write(
        "shop/selvedge.toml",
        format!(
            "[[exceptions]]\nrule = \"{advisory}\"\n{justification}owner = \"ada\"\nreason = \"padding is done at build time\"\nexpires = \"2999-12-31\"\n"
        ),
    );
}

#[test]
fn findings_and_decisions_become_statements() {
    let project = shop();
    except(&project, "GHSA-2026-1000", Some("vulnerable_code_not_in_execute_path"));
    let vex = ["sbom", "vex", "shop", "--database", "a.db", "--author", "Example Ltd", "--timestamp", TIME];
    printed(
        &project,
        &vex,
        0,
        &expect![[r#"
            {
              "@context": "https://openvex.dev/ns/v0.2.0",
              "@id": "urn:uuid:418cc0d0-de13-80b3-9b16-c59ee557609d",
              "author": "Example Ltd",
              "timestamp": "2026-11-25T10:00:00Z",
              "version": 1,
              "tooling": "selvedge 0.1.0",
              "statements": [
                {
                  "vulnerability": {
                    "name": "GHSA-2026-1000",
                    "aliases": [
                      "CVE-2026-1000"
                    ]
                  },
                  "products": [
                    {
                      "@id": "pkg:npm/left@1.0.0",
                      "identifiers": {
                        "purl": "pkg:npm/left@1.0.0"
                      }
                    }
                  ],
                  "status": "not_affected",
                  "justification": "vulnerable_code_not_in_execute_path",
                  "impact_statement": "padding is done at build time"
                },
                {
                  "vulnerability": {
                    "name": "GHSA-2026-2000",
                    "aliases": [
                      "CVE-2026-2000"
                    ]
                  },
                  "products": [
                    {
                      "@id": "pkg:npm/right@1.0.0",
                      "identifiers": {
                        "purl": "pkg:npm/right@1.0.0"
                      }
                    }
                  ],
                  "status": "affected",
                  "action_statement": "Raise right from 1.0.0 to 2.0.0 or later: `npm install right@2.0.0`"
                }
              ]
            }
        "#]],
    );
    let again = project.run(&vex).expect(0).out;
    assert_eq!(again, project.run(&vex).expect(0).out, "the same input gives the same bytes");
    let accepted = {
        except(&project, "GHSA-2026-1000", None);
        project.run(&vex).expect(0).out
    };
    assert!(
        accepted.contains("accepted by ada until 2999-12-31") && !accepted.contains("not_affected"),
        "{accepted}"
    );
}

#[test]
fn every_format_keeps_what_was_decided_on_the_way_back() {
    for format in ["openvex", "cyclonedx", "csaf"] {
        let project = shop();
        except(&project, "CVE-2026-1000", Some("inline_mitigations_already_exist"));
        let more = ["--author", "Example Ltd", "--namespace", "https://example.org", "--timestamp", TIME];
        let vex = ["sbom", "vex", "shop", "--database", "a.db", "--format", format, "-o", "vex.json"];
        project.run(&[&vex[..], &more].concat()).expect(0);
        std::fs::remove_file(project.path("shop/selvedge.toml")).unwrap();
        let report = project.check(&["shop", "--database", "a.db", "--vex", "vex.json"]);
        let of = |list: &Value, key: &str| -> Vec<String> {
            let advisories =
                list.as_array().unwrap().iter().map(|it| if key.is_empty() { it } else { &it[key] });
            let mut rules: Vec<String> = advisories
                .map(|it| it["rule"].as_str().unwrap().to_owned())
                .filter(|it| it.starts_with("GHSA"))
                .collect();
            rules.sort();
            rules
        };
        assert_eq!(of(&report["suppressed"], "finding"), ["GHSA-2026-1000"], "{format}");
        assert_eq!(of(&report["findings"], ""), ["GHSA-2026-2000"], "{format}");
        let kept = &report["suppressed"][0]["suppression"];
        assert!(
            kept["justification"].as_str().is_some_and(|it| it.contains("mitigation")),
            "{format}: {kept}"
        );
        let product = project.run(&[&vex[..], &more, &["--product", "pkg:oci/shop@1"]].concat()).expect(0);
        assert!(product.err.contains("wrote"), "{}", product.err);
        let twice = project.check(&["shop", "--database", "a.db", "--vex", "vex.json"]);
        assert!(of(&twice["suppressed"], "finding").is_empty(), "the exception is gone: {format}");
    }
}

#[test]
fn what_was_affected_and_is_gone_is_fixed() {
    let project = shop();
    let vex = ["sbom", "vex", "shop", "--database", "a.db", "--timestamp", TIME];
    project.run(&[&vex[..], &["-o", "old.json"]].concat()).expect(0);
    project.write(
        "shop/package-lock.json",
        LOCK.replace("\"version\": \"1.0.0\", \"license\"", "\"version\": \"1.5.0\", \"license\""),
    );
    let arguments = [&vex[..], &["--previous", "old.json"]].concat();
    let told = |project: &Project| -> Vec<(String, String)> {
        let document: Value = serde_json::from_str(&project.run(&arguments).expect(0).out).unwrap();
        let one = |it: &Value| {
            let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
            (text(&it["products"][0]["@id"]), text(&it["status"]))
        };
        document["statements"].as_array().unwrap().iter().map(one).collect()
    };
    let pair = |purl: &str, status: &str| (purl.to_owned(), status.to_owned());
    assert_eq!(
        told(&project),
        [pair("pkg:npm/left@1.5.0", "fixed"), pair("pkg:npm/right@1.0.0", "affected")]
    );
    let without = LOCK.replace("\"left\": \"^1.0.0\", ", "");
    let (start, end) =
        (without.find("  \"node_modules/left\"").unwrap(), without.find("  \"node_modules/right\"").unwrap());
    project.write("shop/package-lock.json", format!("{}{}", &without[..start], &without[end..]));
    assert_eq!(told(&project)[0], pair("pkg:npm/left@1.0.0", "not_affected"));
}

#[test]
fn a_wrong_use_of_vex_is_told() {
    let project = shop();
    for (arguments, part) in [
        (&["sbom", "vex", "shop"][..], "selvedge db update"),
        (
            &["sbom", "vex", "shop", "--database", "a.db", "--format", "csaf"],
            "--author NAME and --namespace URL",
        ),
        (&["sbom", "vex", "shop", "--database", "a.db", "--timestamp", "today"], "RFC 3339"),
        (&["sbom", "vex", "shop", "--database", "a.db", "--revision", "0"], "--revision"),
        (&["sbom", "vex", "shop", "--database", "a.db", "--previous", "no.json"], "no.json"),
        (&["sbom", "vex", "nowhere", "--database", "a.db"], "nowhere"),
        (&["sbom", "vex", "osv-a.db", "--database", "a.db"], "nothing was found"),
    ] {
        let ran = project.run(arguments).expect(2);
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    }
    let ran =
        project.run(&["sbom", "vex", "osv-a.db", "--database", "a.db", "--format", "cyclonedx"]).expect(0);
    assert!(ran.out.contains("\"vulnerabilities\": []"), "{}", ran.out);
}
