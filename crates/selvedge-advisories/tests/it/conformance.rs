//! Everything that public databases hold: it is all imported, and answers equal the obvious evaluation.

use std::collections::BTreeMap;

use selvedge_advisories::{Coverage, Doubt, Index, Query, Verdict};
use selvedge_package::Ecosystem;

use crate::corpora;
use crate::oracle::{Answer, Oracle};

/// Records in the corpora.
const RECORDS: u64 = 25_308;

/// Versions asked about per package.
const VERSIONS_PER_PACKAGE: usize = 6;

fn answers(index: &Index, package: &(String, String), version: &str) -> BTreeMap<String, Answer> {
    let (ecosystem, release) = Ecosystem::from_osv(&package.0);
    let query = Query { ecosystem, release, name: &package.1, version: Some(version), ..Query::default() };
    let records = index.affected(&query).unwrap().into_iter().flat_map(|found| found.records);
    let answer = |verdict: &Verdict| match verdict {
        // The schema knows no module streams: for it such a version is affected.
        Verdict::Affected(_) | Verdict::Unknown(Doubt::Module) => Answer::Affected,
        Verdict::Unknown(_) => Answer::Unknown,
    };
    records.map(|record| (record.id, answer(&record.verdict))).collect()
}

#[test]
fn every_record_is_imported_and_answers_equal_the_obvious_evaluation() {
    let Some(folder) = corpora::osv() else { return };
    let records = corpora::records(&folder);
    let (bytes, report) = corpora::build(&records, 2);
    assert_eq!(report.records + report.copies, RECORDS);
    assert!(report.diagnostics.len() < 30, "{:#?}", report.diagnostics);
    let index = Index::from_bytes(bytes).unwrap();
    index.verify().unwrap();
    let status = index.status().unwrap();
    assert_eq!(status.records + status.withdrawn + status.shadowed, report.records);
    let oracle = Oracle::new(&records);
    let (mut asked, mut found) = (0, 0);
    for package in oracle.packages() {
        let versions = oracle.versions(package);
        let step = versions.len().div_ceil(VERSIONS_PER_PACKAGE).max(1);
        for version in versions.iter().step_by(step).chain(&["0.0.1", "99999.1", "no version"]) {
            let expected = oracle.answers(package, version);
            let expected: BTreeMap<String, Answer> =
                expected.into_iter().map(|(id, answer)| (id.to_owned(), answer)).collect();
            assert_eq!(answers(&index, package, version), expected, "{package:?} {version}");
            asked += 1;
            found += expected.len();
        }
    }
    println!("{asked} questions, {found} answers, equal");
    assert!(asked > 60_000 && found > 60_000, "{asked} questions, {found} answers");
}

#[test]
fn every_record_comes_back_whole() {
    let Some(folder) = corpora::osv() else { return };
    let records: Vec<_> = corpora::records(&folder).into_iter().step_by(17).collect();
    let index = corpora::index(&records);
    for record in &records {
        let number = index.find(record["id"].as_str().unwrap()).unwrap().expect("it was imported");
        let json: serde_json::Value = serde_json::from_str(&index.json(number).unwrap()).unwrap();
        assert_eq!(&json, record);
    }
    assert_eq!(index.coverage("crates.io", None).unwrap(), Coverage::Covered);
    assert_eq!(index.coverage("npm", None).unwrap(), Coverage::None);
    assert_eq!(index.coverage("AlmaLinux", Some("8")).unwrap(), Coverage::Covered);
    assert_eq!(index.coverage("AlmaLinux", Some("7")).unwrap(), Coverage::OtherReleases);
}

#[test]
fn the_file_does_not_depend_on_order_or_threads() {
    let Some(folder) = corpora::osv() else { return };
    let mut records: Vec<_> = corpora::records(&folder).into_iter().step_by(23).collect();
    let (one, _) = corpora::build(&records, 1);
    records.reverse();
    let (other, _) = corpora::build(&records, 3);
    assert!(one == other, "the same records in another order give another file");
}
