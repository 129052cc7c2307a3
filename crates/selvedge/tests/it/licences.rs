//! Licences that only a text beside the package tells: for the policy, and in bills of materials.

use serde_json::Value;

use crate::project::Project;

/// The wording of the ISC licence, with somebody's name.
const ISC: &str = "Copyright (c) 2020 Ada\n\nPermission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n";

/// A Go project with one vendored module under the ISC licence and one whose text is no licence.
fn vendored() -> Project {
    let project = Project::new();
    project.write("go.mod", "module example.org/shop\n\ngo 1.22\n\nrequire (\n\texample.org/isc v1.0.0\n\texample.org/odd v1.0.0\n)\n");
    project.write("vendor/example.org/isc/LICENSE", ISC);
    project.write("vendor/example.org/odd/LICENSE", "Ask Ada before you use this.\n");
    project
}

fn component<'b>(bill: &'b Value, name: &str) -> &'b Value {
    let all = bill["components"].as_array().unwrap();
    all.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("no {name} in {bill}"))
}

#[test]
fn the_policy_holds_for_licences_that_only_a_text_tells() {
    let project = vendored();
    project.write("selvedge.toml", "[dependencies.licenses]\nallow = [\"MIT\"]\nunknown = \"warn\"\n");
    let report = project.check(&["--engine", "dependencies", "--no-cache"]);
    let told: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"].as_str().unwrap().starts_with("license-"))
        .map(|finding| {
            format!("{}: {}", finding["rule"].as_str().unwrap(), finding["message"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "license-denied: example.org/isc v1.0.0 is under ISC, by the text beside it",
            "license-unknown: example.org/odd v1.0.0 states no licence"
        ]
    );
    project.write("selvedge.toml", "[dependencies.licenses]\nallow = [\"ISC\"]\nunknown = \"allow\"\n");
    assert!(project.findings(&["--engine", "dependencies"]).iter().all(|it| !it.starts_with("license-")));
}

#[test]
fn found_licences_are_evidence_in_every_format() {
    let project = vendored();
    project.write("LICENSE", ISC);
    let bill: Value = serde_json::from_str(&project.run(&["sbom"]).expect(0).out).unwrap();
    let isc = component(&bill, "example.org/isc");
    assert_eq!(isc["evidence"]["licenses"][0]["license"]["id"], "ISC");
    assert!(isc["licenses"].is_null(), "nothing is declared: {isc}");
    assert!(component(&bill, "example.org/odd")["evidence"]["licenses"].is_null());
    let xml = project.run(&["sbom", "--format", "cyclonedx-xml"]).expect(0).out;
    assert!(xml.contains("<licenses>"), "{xml}");
    let spdx: Value =
        serde_json::from_str(&project.run(&["sbom", "--format", "spdx-json"]).expect(0).out).unwrap();
    let package =
        spdx["packages"].as_array().unwrap().iter().find(|it| it["name"] == "example.org/isc").unwrap();
    assert_eq!(
        (&package["licenseConcluded"], &package["licenseDeclared"]),
        (&"ISC".into(), &"NOASSERTION".into())
    );
    for format in ["cyclonedx-json", "cyclonedx-xml", "spdx-json"] {
        project.run(&["sbom", "--format", format, "-o", "bill.out"]).expect(0);
        let checked = project.run(&["sbom", "check", "bill.out"]).expect(0).out;
        let line = checked.lines().find(|line| line.contains("licence (CISA)")).unwrap();
        assert!(!line.contains("example.org/isc") && line.contains("odd"), "{format}: {line}");
    }
}

#[test]
fn installed_packages_are_told_by_the_text_beside_them() {
    let project = Project::new();
    let packages = "root/usr/lib/python3/dist-packages";
    let metadata = "Metadata-Version: 2.1\nName: pad\nVersion: 1.0.0\nAuthor: Ada L.\nAuthor-email: ada@example.org\n\nA package.\n";
    project.write(&format!("{packages}/pad-1.0.0.dist-info/METADATA"), metadata);
    project.write(&format!("{packages}/pad-1.0.0.dist-info/licenses/LICENSE"), ISC);
    project.write(
        "root/app/node_modules/once/package.json",
        "{ \"name\": \"once\", \"version\": \"1.4.0\", \"author\": { \"name\": \"Bob\" } }",
    );
    project.write("root/app/node_modules/once/LICENSE", ISC.replace("2020 Ada", "2014 Bob"));
    let bill: Value = serde_json::from_str(&project.run(&["sbom", "--root", "root"]).expect(0).out).unwrap();
    for (name, supplier) in [("pad", "Ada L."), ("once", "Bob")] {
        let package = component(&bill, name);
        assert_eq!(package["evidence"]["licenses"][0]["license"]["id"], "ISC", "{package}");
        assert_eq!(package["supplier"]["name"], supplier);
    }
}

#[test]
fn the_projects_own_licence_says_nothing_of_its_packages() {
    let project = vendored();
    std::fs::remove_dir_all(project.path("vendor")).unwrap();
    project
        .write("LICENSE", ISC)
        .write("selvedge.toml", "[dependencies.licenses]\nallow = [\"ISC\"]\nunknown = \"deny\"\n");
    let findings = project.findings(&["--engine", "dependencies"]);
    assert!(
        findings.iter().all(|it| !it.starts_with("license-")),
        "a format that states no licences is no fault: {findings:?}"
    );
}
