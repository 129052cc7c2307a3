//! What pipelines make of rules, judged by what these match.

use selvedge_event::{EventBatchBuilder, Limits, Logsource, Origin};

use crate::load::Loader;
use crate::program::{Program, Runner};

const RULE: &str = "title: T
logsource: {product: windows, category: process_creation}
detection:
    selection:
        CommandLine|contains: whoami
        User|expand: '%admins%'
    condition: selection
";

#[track_caller]
fn check(pipeline: &str, event: &str, expected: bool) {
    let mut loader = Loader::new();
    loader.add_pipeline("p.yml", pipeline);
    loader.add("r.yml", RULE);
    let (rules, diagnostics) = loader.finish();
    assert_eq!(diagnostics, []);
    let mut builder = EventBatchBuilder::new(Limits::default());
    let mut origin = Origin::new("t", 0, 0);
    origin.logsource =
        Logsource { product: Some("windows"), category: Some("process_creation"), service: None };
    builder.push_json(&origin, event.as_bytes()).unwrap();
    let batch = builder.finish().unwrap();
    assert_eq!(!Runner::new(&Program::compile(&rules)).run(&batch).is_empty(), expected);
}

const FILL: &str = "
  - {type: value_placeholders}
";

#[test]
fn placeholders_take_their_values_from_variables() {
    let event = r#"{"CommandLine":"whoami /all","User":"Bob"}"#;
    check(&format!("vars: {{admins: [alice, bob]}}\ntransformations:{FILL}"), event, true);
    check(&format!("vars: {{admins: [alice]}}\ntransformations:{FILL}"), event, false);
    check("transformations:\n  - {type: wildcard_placeholders}", event, true);
    check("transformations: []", event, false);
}

#[test]
fn fields_are_renamed_where_conditions_hold() {
    let pipeline = |category: &str| {
        format!(
            "vars: {{admins: bob}}
transformations:
  - type: field_name_mapping
    mapping: {{CommandLine: [process.command_line, proc.cmd], User: user.name}}
    rule_conditions:
      - {{type: logsource, category: {category}}}{FILL}"
        )
    };
    let event = r#"{"proc":{"cmd":"whoami"},"user":{"name":"bob"}}"#;
    check(&pipeline("process_creation"), event, true);
    check(&pipeline("file_event"), event, false);
}

#[test]
fn items_are_dropped_and_conditions_added() {
    let drop = "transformations:
  - type: drop_detection_item
    field_name_conditions:
      - {type: include_fields, fields: [User]}
  - type: add_condition
    conditions: {Zone: dmz}
";
    check(drop, r#"{"CommandLine":"whoami","Zone":"dmz"}"#, true);
    check(drop, r#"{"CommandLine":"whoami","Zone":"lan"}"#, false);
}

#[test]
fn values_are_replaced() {
    let pipeline = "vars: {admins: bob}
transformations:
  - {type: value_placeholders}
  - {type: replace_string, regex: '^who(.*)$', replacement: '\\1-who'}
";
    check(pipeline, r#"{"CommandLine":"x ami-who","User":"bob"}"#, true);
    check(pipeline, r#"{"CommandLine":"whoami","User":"bob"}"#, false);
}

#[test]
fn what_is_unknown_is_told() {
    let mut loader = Loader::new();
    loader.add_pipeline("p.yml", "transformations:\n  - {type: invent}\nfinalizers: [x]");
    let told: Vec<_> = loader.finish().1.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "p.yml:2: unknown transformation `invent`; the step is left out",
            "p.yml:3: `finalizers` shapes queries of other systems; not used",
        ]
    );
}
