//! Outputs against the published schemas of their formats.

use selvedge_model::Report;
use selvedge_report::Format;
use serde_json::Value;

use crate::fixture::{clean, render, rich};

pub(crate) fn parsed(report: &Report, format: Format) -> Value {
    serde_json::from_str(&render(report, format)).unwrap()
}

#[track_caller]
pub(crate) fn assert_valid(schema: &Value, document: &Value) {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// Checks the SARIF form of `report` against the OASIS schema.
#[track_caller]
pub(crate) fn assert_sarif(report: &Report) {
    let schema = include_str!("../schemas/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // The published pattern has an unbalanced bracket; we write no `language`.
    for holder in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][holder]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern");
    }
    assert_valid(&schema, &parsed(report, Format::Sarif));
}

#[test]
fn sarif_meets_the_oasis_schema() {
    assert_sarif(&rich());
    assert_sarif(&clean());
}

#[test]
fn json_meets_our_schema_and_reads_back() {
    let schema = selvedge_model::report_schema();
    for report in [rich(), clean()] {
        assert_valid(&schema, &parsed(&report, Format::Json));
        let back: Report = serde_json::from_str(&render(&report, Format::Json)).unwrap();
        assert_eq!(back, report);
    }
}

#[test]
fn ndjson_lines_are_findings_and_then_the_rest() {
    let report = rich();
    let text = render(&report, Format::Ndjson);
    let (last, findings) =
        text.lines().collect::<Vec<_>>().split_last().map(|(l, f)| (*l, f.to_vec())).unwrap();
    let findings: Vec<selvedge_model::Finding> =
        findings.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(findings, report.findings);
    let rest: Report = serde_json::from_str(last).unwrap();
    assert_eq!(rest, Report { findings: Vec::new(), ..report });
}
