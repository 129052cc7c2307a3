//! The columns hold what a JSON parser that builds a tree finds.

use std::collections::BTreeMap;

use proptest::prelude::*;
use selvedge_event::{EventBatchBuilder, Limits, Origin};
use serde_json::{Map, Value, json};

/// Values of every field by dotted path, as the columns name them.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Null => {}
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| flatten(path, item, into)),
        Value::String(text) => into.entry(path.to_owned()).or_default().push(text.clone()),
        other => into.entry(path.to_owned()).or_default().push(other.to_string()),
    }
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-c\\\\\"\n\u{e9}\u{1f600}]{0,6}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c]{1,2}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn event() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-e\"\u{e9}]{1,2}", value(), 0..6)
        .prop_map(|map| Value::Object(map.into_iter().collect()))
}

proptest! {
    #[test]
    fn columns_hold_what_a_tree_holds(events in prop::collection::vec(event(), 1..12), pretty in any::<bool>()) {
        let mut builder = EventBatchBuilder::new(Limits::default());
        for (position, event) in events.iter().enumerate() {
            let line = if pretty { serde_json::to_string_pretty(event) } else { serde_json::to_string(event) };
            builder.push_json(&Origin::new("test", position as u64, 0), line.unwrap().as_bytes()).unwrap();
        }
        let batch = builder.finish().unwrap();
        let arrays = batch.text(selvedge_event::Envelope::Arrays).unwrap();
        for (row, event) in events.iter().enumerate() {
            let mut expected = BTreeMap::new();
            flatten("", event, &mut expected);
            let is_array = |name: &str| arrays.get(row).is_some_and(|names| names.lines().any(|n| n == name));
            let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, column) in batch.fields() {
                if let Some(text) = column.get(row) {
                    let values = if is_array(name) { serde_json::from_str(text).unwrap() } else { vec![text.to_owned()] };
                    found.insert(name.to_owned(), values);
                }
            }
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn bytes_of_any_kind_do_not_panic(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..8)) {
        let mut builder = EventBatchBuilder::new(Limits { columns_max: 3, ..Limits::default() });
        let mut kept = 0;
        for line in &lines {
            kept += usize::from(builder.push_json(&Origin::new("test", 0, 0), line).is_ok());
        }
        prop_assert_eq!(builder.finish().map_or(0, |batch| batch.len()), kept);
    }

    #[test]
    fn text_that_is_nearly_json_does_not_panic(line in "[\\[\\]{}:,\"\\\\a0tn\u{e9}-]{0,40}") {
        let mut builder = EventBatchBuilder::new(Limits::default());
        let accepted = builder.push_json(&Origin::new("test", 0, 0), line.as_bytes()).is_ok();
        let valid = serde_json::from_str::<Map<String, Value>>(&line).is_ok();
        prop_assert!(accepted || !valid, "valid JSON is accepted");
        prop_assert_eq!(builder.len(), usize::from(accepted));
    }
}

#[test]
fn equal_keys_are_kept_both() {
    let mut builder = EventBatchBuilder::new(Limits::default());
    builder.push_json(&Origin::new("test", 0, 0), br#"{"a":"1","a":"2"}"#).unwrap();
    let batch = builder.finish().unwrap();
    let text = batch.field("a").and_then(|column| column.get(0)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), json!(["1", "2"]));
}
