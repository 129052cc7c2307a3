//! The compiled program finds what the interpreter finds, on random rules and events.

use proptest::prelude::*;
use selvedge_detect::{Loader, Program, Rules, Runner, interpret};
use selvedge_event::{EventBatch, EventBatchBuilder, Limits, Origin};

/// Text that meets itself often.
const WORD: &str = "[abAB*?/ \\\\-]{0,4}";

fn item() -> impl Strategy<Value = String> {
    let field = prop_oneof![Just("f"), Just("g"), Just("h"), Just("message"), Just("Wide Name")];
    let modifier = prop_oneof![
        Just(""),
        Just("|contains"),
        Just("|startswith"),
        Just("|endswith"),
        Just("|contains|all"),
        Just("|cased"),
        Just("|contains|cased"),
        Just("|windash|contains"),
        Just("|neq"),
        Just("|contains|neq"),
        Just("|base64offset|contains"),
        Just("|wide|base64offset|contains"),
        Just("|endswith|all"),
    ];
    let values = prop::collection::vec(WORD, 1..4);
    let text = (field.clone(), modifier, values).prop_map(|(field, modifier, values)| {
        let encoded = modifier.contains("base64");
        let quoted: Vec<String> = values
            .iter()
            .map(|value| if encoded { value.replace(['*', '?', '\\'], "a") } else { value.clone() })
            .map(|value| format!("'{value}'"))
            .collect();
        format!("{field}{modifier}: [{}]", quoted.join(", "))
    });
    let special = (field, 0..14_usize).prop_map(|(field, which)| {
        let rest = [
            "|re: 'a.?b'",
            "|re|i: 'AB'",
            "|re: '^(a|b)$'",
            "|re|i: 'b+a'",
            "|gt: 3",
            "|lte: 3",
            "|exists: true",
            "|exists: false",
            ": null",
            "|fieldref: g",
            "|fieldref|startswith: h",
            "|cidr: 10.0.0.0/8",
            ": ['a', null]",
            "|hour|gte: 12",
        ][which];
        format!("{field}{rest}")
    });
    prop_oneof![3 => text, 2 => special]
}

/// One indented line for each item.
fn lines(before: &str, items: &[String]) -> String {
    let separator = format!("\n            {before}");
    separator.clone() + &items.join(&separator)
}

fn search() -> impl Strategy<Value = String> {
    let map = prop::collection::vec(item(), 1..3).prop_map(|mut items| {
        items.sort();
        items.dedup_by_key(|item| item.split(':').next().unwrap_or_default().to_owned());
        lines("", &items)
    });
    let list = prop::collection::vec(item(), 1..3).prop_map(|items| lines("- ", &items));
    let keywords = prop::collection::vec("'[abAB*?]{1,3}'", 1..3).prop_map(|words| lines("- ", &words));
    prop_oneof![4 => map, 1 => list, 1 => keywords]
}

fn rule() -> impl Strategy<Value = String> {
    let condition = prop_oneof![
        Just("s1"),
        Just("s1 and not s2"),
        Just("not s1"),
        Just("1 of s*"),
        Just("all of them"),
        Just("s1 or (s2 and not s3)"),
        Just("not (s1 or s2)"),
        Just("s3 and not 1 of s*"),
    ];
    let logsource = prop_oneof![
        Just("{category: one}"),
        Just("{product: windows, category: process_creation}"),
        Just("{product: windows, service: security}"),
        Just("{product: linux, service: auditd}"),
        Just("{product: aws, service: cloudtrail}"),
    ];
    (logsource, search(), search(), search(), condition).prop_map(|(logsource, s1, s2, s3, condition)| {
        format!(
            "title: T\nlogsource: {logsource}\ndetection:\n        s1:{s1}\n        s2:{s2}\n        s3:{s3}\n        condition: {condition}\n"
        )
    })
}

fn event() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        4 => "[abAB/ –\u{e9}ſ-]{0,5}".prop_map(|text| serde_json::Value::from(text).to_string()),
        1 => (0..7_i64).prop_map(|number| number.to_string()),
        1 => Just("\"10.1.2.3\"".to_owned()),
        1 => Just("\"2020-01-01T13:00:00Z\"".to_owned()),
        1 => Just("null".to_owned()),
        1 => prop::collection::vec("[ab]{0,3}", 0..3).prop_map(|items| serde_json::Value::from(items).to_string()),
        1 => Just("\"YWJhYg== a2FiYWI\"".to_owned()),
    ];
    let name = prop_oneof![
        Just("f"),
        Just("g"),
        Just("h"),
        Just("message"),
        Just("Wide Name"),
        Just("WideName"),
        Just("_time")
    ];
    let kind = prop_oneof![
        Just(""),
        Just(r#","Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1"#),
        Just(r#","Channel":"security","EventID":"4688""#),
        Just(r#","type":"EXECVE""#),
        Just(r#","eventSource":"s3","eventName":"x""#),
    ];
    (prop::collection::vec((name, value), 0..6), kind).prop_map(|(fields, kind)| {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{\"n\":1{kind}{}{}}}", if fields.is_empty() { "" } else { "," }, fields.join(","))
    })
}

fn batch(events: &[String], columns_max: usize, hinted: bool) -> EventBatch {
    let mut builder = EventBatchBuilder::new(Limits { columns_max, ..Limits::default() });
    for (position, event) in events.iter().enumerate() {
        let mut origin = Origin::new("test", position as u64, 0);
        if hinted && position % 2 == 0 {
            origin.logsource.category = Some("one");
        }
        builder.push_json(&origin, event.as_bytes()).unwrap();
    }
    builder.finish().unwrap()
}

fn load(rules: &[String]) -> Rules {
    let mut loader = Loader::new();
    for rule in rules {
        loader.add("r.yml", rule);
    }
    let (rules, diagnostics) = loader.finish();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    rules
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_program_finds_what_the_interpreter_finds(
        rules in prop::collection::vec(rule(), 1..8),
        events in prop::collection::vec(event(), 1..90),
        columns_max in prop_oneof![Just(2_usize), Just(1000)],
        hinted in any::<bool>(),
    ) {
        let rules = load(&rules);
        let program = Program::compile(&rules);
        let mut runner = Runner::new(&program);
        let batch = batch(&events, columns_max, hinted);
        let expected = interpret(&rules, &batch);
        prop_assert_eq!(&runner.run(&batch), &expected);
        // A runner remembers nothing from batch to batch.
        prop_assert_eq!(&runner.run(&batch), &expected);
    }

    #[test]
    fn text_of_any_kind_does_not_panic(text in "(title: a\n|logsource: \\{product: x\\}\n|detection:\n|    [a-c|*%{}\\[\\]:' ]{0,20}\n|    condition: [a-c ()*]{0,20}\n|---\n){0,12}") {
        let mut loader = Loader::new();
        loader.add("r.yml", &text);
        loader.add_pipeline("p.yml", &text);
        let (rules, _) = loader.finish();
        Program::compile(&rules);
    }
}
