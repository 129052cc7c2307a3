//! How manifests and bills become one bill, and what a bill says of itself.

use selvedge_package::{Ecosystem, Manifest, Relation, Scope};
use selvedge_sbom::{Assembly, Bom, Element, Entry, Occurrence, cyclonedx, minimum_elements, read};

use crate::sample;

fn json(bom: &Bom) -> Vec<u8> {
    let mut text = Vec::new();
    cyclonedx::write_json(bom, &mut text).unwrap();
    text
}

fn entry<'b>(bom: &'b Bom, name: &str) -> &'b Entry {
    bom.entries.iter().find(|entry| entry.component.name == name).unwrap()
}

fn names(bom: &Bom, of: &str) -> Vec<String> {
    let indices = &entry(bom, of).component.dependencies;
    indices.iter().map(|index| bom.entries[*index as usize].component.name.clone()).collect()
}

#[test]
fn a_package_in_two_files_is_one_component() {
    let bom = sample::bom();
    let debug = entry(&bom, "debug");
    let at = |path: &str, line| Occurrence { path: path.to_owned(), line };
    assert_eq!(debug.occurrences, [at("tools/yarn.lock", 3), at("web/package-lock.json", 0)]);
    // Needed at run time by one of them, so needed at run time.
    assert_eq!(debug.component.scope, Scope::Runtime);
    assert_eq!(bom.entries.iter().filter(|it| it.component.name == "debug").count(), 1);
}

#[test]
fn the_graph_begins_at_the_subject() {
    let bom = sample::bom();
    assert_eq!(bom.subject, Some(0));
    let direct: Vec<&str> = bom.entries[0]
        .component
        .dependencies
        .iter()
        .map(|index| bom.entries[*index as usize].component.name.as_str())
        .collect();
    for name in ["shop", "debug", "org.slf4j:slf4j-api", "openssl"] {
        assert!(direct.contains(&name), "{name} in {direct:?}");
    }
    assert_eq!(bom.entries[0].component.relation, Relation::Root);
}

#[test]
fn a_requirement_is_the_locked_version_of_the_same_package() {
    let component = |version: Option<&str>| selvedge_package::Component {
        version: version.map(str::to_owned),
        requirement: Some("^1".to_owned()),
        ..sample::component(Ecosystem::Npm, "a", "")
    };
    let manifest = |path: &str, version, is_locked| Manifest {
        path: path.to_owned(),
        components: vec![component(version)],
        is_locked,
        ..Manifest::default()
    };
    let both = [manifest("package.json", None, false), manifest("package-lock.json", Some("1.2.3"), true)];
    let bom = Assembly::default().build(&both);
    assert_eq!(bom.entries.len(), 2);
    assert_eq!(bom.entries[1].purl.as_deref(), Some("pkg:npm/a@1.2.3"));
    assert_eq!(bom.entries[1].occurrences.len(), 2);
}

#[test]
fn the_order_of_manifests_does_not_matter() {
    let subject = Entry { component: sample::component(Ecosystem::Other, "x", "1"), ..Entry::default() };
    let assembly = Assembly { subject, ..Assembly::default() };
    let mut manifests = sample::manifests();
    let first = json(&assembly.clone().build(&manifests));
    manifests.reverse();
    assert_eq!(
        String::from_utf8(json(&assembly.build(&manifests))).unwrap(),
        String::from_utf8(first).unwrap()
    );
}

#[test]
fn the_serial_number_follows_from_the_content() {
    let bom = sample::bom();
    let later = Bom { timestamp: Some("2030-01-01T00:00:00Z".to_owned()), ..bom.clone() };
    assert_eq!(bom.derived_serial(), later.derived_serial());
    let mut other = bom.clone();
    other.entries[2].component.version = Some("9.9.9".to_owned());
    assert_ne!(bom.derived_serial(), other.derived_serial());
}

#[test]
fn bills_are_merged_with_their_provenance() {
    let first = read("a.cdx.json", &json(&sample::bom())).bom;
    let second = read(
        "b.spdx.json",
        br#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": [
            {"SPDXID": "SPDXRef-1", "name": "debug", "versionInfo": "4.3.4", "supplier": "Organization: Debug Ltd (d@example.org)",
             "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/debug@4.3.4"}]},
            {"SPDXID": "SPDXRef-2", "name": "ms", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/ms@2.1.2"}]}],
           "relationships": [{"spdxElementId": "SPDXRef-1", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-2"}]}"#,
    );
    assert_eq!(second.diagnostics, []);
    let subject = Entry { component: sample::component(Ecosystem::Other, "all", "1"), ..Entry::default() };
    let merged = Assembly { subject, ..Assembly::default() }.merge(&[first.clone(), second.bom]);
    let debug = entry(&merged, "debug");
    assert_eq!(debug.sources, [0, 1]);
    assert_eq!(debug.supplier.as_deref(), Some("Debug Ltd"));
    assert_eq!(names(&merged, "debug"), ["ms"]);
    assert_eq!(entry(&merged, "ms").sources, [1]);
    let paths: Vec<&str> = merged.sources.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["a.cdx.json", "b.spdx.json"]);
    assert_eq!(merged.entries.len(), first.entries.len() + 2);
    assert_eq!(selvedge_sbom::validate("m", &json(&merged)), []);
}

#[test]
fn minimum_elements_are_counted() {
    let bom = sample::bom();
    let filled = |element| minimum_elements(&bom).into_iter().find(|it| it.element == element).unwrap();
    assert!(filled(Element::Name).is_complete());
    assert!(filled(Element::Author).is_complete());
    assert!(filled(Element::GenerationContext).is_complete());
    assert!(filled(Element::Identifier).is_complete(), "what no registry knows has a generic package URL");
    // The subject and its member have the supplier of the bill, a module its own.
    let supplier = filled(Element::Supplier);
    assert_eq!((supplier.filled, supplier.missing.len()), (3, bom.entries.len() - 3));
    assert!(Element::Supplier.is_ntia() && !Element::Hash.is_ntia());
    let empty = minimum_elements(&Bom::default());
    assert!(empty.iter().filter(|it| it.element.is_of_document()).all(|it| !it.is_complete()));
}

#[test]
fn components_of_a_bill_know_their_lines() {
    let text = br#"{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "components": [
    {
      "type": "library",
      "name": "a",
      "purl": "pkg:npm/a@1.0.0"
    },
    { "type": "library", "name": "no purl" },
    { "type": "library", "name": "bad", "purl": "npm/bad" }
  ]
}"#;
    let reading = read("x.json", text);
    let lines: Vec<u32> = reading.bom.entries.iter().map(|it| it.component.span.line).collect();
    assert_eq!(lines, [8, 10, 11]);
    let said: Vec<String> = reading.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["x.json:11: not a package URL: package URL without 'pkg:'"]);
    assert_eq!(reading.bom.to_manifest("x.json", "cyclonedx").components.len(), 3);
}

#[test]
fn what_is_no_bill_is_said() {
    for (text, expected) in [
        (&b"{}"[..], "expected a CycloneDX or SPDX document"),
        (b"<a/>", "expected a CycloneDX or SPDX document"),
        (b"", "expected a value"),
        (b"{\"bomFormat\": \"CycloneDX\", \"components\": [{\"name\": \"a\"", "expected `,` or `}`"),
        (b"\xff\xff", "expected a text in UTF-8"),
    ] {
        let reading = read("x", text);
        assert!(
            reading.diagnostics.iter().any(|it| it.message.contains(expected)),
            "{:?}",
            reading.diagnostics
        );
    }
    // What stands before the damage is there.
    let text = b"{\"bomFormat\": \"CycloneDX\", \"components\": [{\"name\": \"a\"}, {\"name\": \"b\"";
    assert_eq!(read("x", text).bom.entries.len(), 2);
}

#[test]
fn tag_value_and_jsonld_are_read() {
    let text = "SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\n\
        Creator: Tool: gen-1.0\nCreated: 2020-01-01T00:00:00Z\n\nPackageName: a\nSPDXID: SPDXRef-a\n\
        PackageVersion: 1.0\nPackageLicenseDeclared: MIT\nPackageChecksum: SHA1: 85ed0817af83a24ad8da68c2b5094de69833983c\n\
        PackageCopyrightText: <text>Copyright\n2020</text>\nExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1.0\n\n\
        PackageName: b\nSPDXID: SPDXRef-b\nPackageDownloadLocation: NOASSERTION\n\
        Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-b\nRelationship: SPDXRef-a DEV_DEPENDENCY_OF SPDXRef-b\n";
    let reading = read("x.spdx", text.as_bytes());
    assert_eq!(reading.diagnostics, []);
    let bom = reading.bom;
    assert_eq!(bom.subject().unwrap().component.name, "b");
    let a = entry(&bom, "a");
    assert_eq!((a.component.ecosystem, a.component.scope), (Ecosystem::Npm, Scope::Development));
    assert_eq!((a.component.hashes.len(), a.copyright.as_deref()), (1, Some("Copyright\n2020")));
    assert_eq!(bom.sources[0].format, "SPDX 2.2 tag-value");
    assert_eq!(bom.tools[0].version.as_deref(), Some("1.0"));

    let text = br#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
        {"type": "CreationInfo", "@id": "_:c", "created": "2024-01-01T00:00:00Z", "createdBy": ["urn:p"]},
        {"type": "Person", "spdxId": "urn:p", "name": "P", "creationInfo": "_:c"},
        {"type": "SpdxDocument", "spdxId": "urn:d", "creationInfo": "_:c", "rootElement": ["urn:a"]},
        {"type": "software_Package", "spdxId": "urn:a", "name": "a", "software_packageVersion": "1.0"},
        {"type": "software_Package", "spdxId": "urn:b", "name": "b", "software_packageUrl": "pkg:pypi/b@2.0"},
        {"type": "LifecycleScopedRelationship", "spdxId": "urn:r", "from": "urn:a", "to": ["urn:b"], "relationshipType": "dependsOn", "scope": "build"}]}"#;
    let reading = read("x.json", text);
    assert_eq!(reading.diagnostics, []);
    let bom = reading.bom;
    assert_eq!((bom.authors.as_slice(), names(&bom, "a")), (&["P".to_owned()][..], vec!["b".to_owned()]));
    assert_eq!(entry(&bom, "b").component.scope, Scope::Build);
}
