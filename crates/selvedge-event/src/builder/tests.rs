//! What lines become in columns.

use arrow_array::Array;

use super::*;
use crate::schema::Envelope;

fn batch(lines: &[&str], limits: Limits) -> EventBatch {
    let mut builder = EventBatchBuilder::new(limits);
    for (position, line) in lines.iter().enumerate() {
        builder.push_json(&Origin::new("test", position as u64, 7), line.as_bytes()).unwrap();
    }
    builder.finish().unwrap()
}

fn column(batch: &EventBatch, name: &str) -> Vec<Option<String>> {
    let field = batch.field(name).unwrap_or_else(|| panic!("a column {name}"));
    (0..batch.len()).map(|row| field.get(row).map(str::to_owned)).collect()
}

fn some(values: &[&str]) -> Vec<Option<String>> {
    values.iter().map(|value| (*value != "-").then(|| (*value).to_owned())).collect()
}

#[test]
fn fields_become_columns_by_dotted_path() {
    let batch = batch(
        &[r#"{"a":"x","n":{"b":1,"c":true}}"#, r#"{"a":"x","z":null}"#, r#" {"n" : {"b" : -2.5e1} } "#],
        Limits::default(),
    );
    assert_eq!(column(&batch, "a"), some(&["x", "x", "-"]));
    assert_eq!(column(&batch, "n.b"), some(&["1", "-", "-2.5e1"]));
    assert_eq!(column(&batch, "n.c"), some(&["true", "-", "-"]));
    assert!(batch.field("z").is_none());
    assert_eq!(batch.raw().value(1), br#"{"a":"x","z":null}"#);
    assert_eq!(batch.positions(), [0, 1, 2]);
}

#[test]
fn equal_values_share_a_dictionary_entry() {
    let line = r#"{"Image":"C:\\Windows\\x.exe"}"#;
    let batch = batch(&[line, line, line], Limits::default());
    assert_eq!(column(&batch, "Image"), some(&[r"C:\Windows\x.exe"; 3]));
    assert_eq!(batch.field("Image").unwrap().values().len(), 1);
}

#[test]
fn several_values_are_marked_as_arrays() {
    let batch = batch(
        &[
            r#"{"tags":["a","b\""],"r":[{"t":"x"},{"t":"y"}]}"#,
            r#"{"tags":["only"]}"#,
            r#"{"tags":"[\"a\"]"}"#,
        ],
        Limits::default(),
    );
    assert_eq!(column(&batch, "tags"), some(&[r#"["a","b\""]"#, "only", r#"["a"]"#]));
    assert_eq!(column(&batch, "r.t"), some(&[r#"["x","y"]"#, "-", "-"]));
    let arrays = batch.text(Envelope::Arrays).unwrap();
    assert_eq!((arrays.get(0), arrays.get(1), arrays.get(2)), (Some("tags\nr.t"), None, None));
}

#[test]
fn fields_beyond_the_limit_overflow_and_are_counted() {
    let mut builder = EventBatchBuilder::new(Limits { columns_max: 1, ..Limits::default() });
    let line = br#"{"a":"1","b":"2","c":["3","4"],"_time":"x"}"#;
    builder.push_json(&Origin::new("test", 0, 7), line).unwrap();
    assert_eq!(builder.take_notices().overflowed, 4);
    let batch = builder.finish().unwrap();
    let overflow = batch.plain_text(Envelope::Overflow).unwrap().value(0);
    assert_eq!(overflow, r#"{"_time":"x","b":"2","c":["3","4"]}"#);
}

#[test]
fn deep_nesting_stays_text() {
    let batch = batch(&[r#"{"a":{"b":{"c":["]",{"d":1}]}}}"#], Limits { depth_max: 2, ..Limits::default() });
    assert_eq!(column(&batch, "a.b.c"), some(&[r#"["]",{"d":1}]"#]));
}

#[test]
fn time_and_host_come_from_the_best_field() {
    let lines = [
        r#"{"EventTime":"2020-01-01 00:00:00","@timestamp":"2020-01-02T00:00:00Z","Hostname":"h"}"#,
        r#"{"EventTime":"2020-01-01 00:00:00","@timestamp":"soon"}"#,
        r#"{"a":1}"#,
    ];
    let batch = batch(&lines, Limits::default());
    assert_eq!(batch.times(), [1_577_923_200_000_000, 1_577_836_800_000_000, 7]);
    assert_eq!(batch.text(Envelope::Host).unwrap().get(0), Some("h"));
}

#[test]
fn a_bad_line_leaves_no_trace() {
    let mut builder = EventBatchBuilder::new(Limits::default());
    let origin = Origin::new("test", 0, 7);
    builder.push_json(&origin, br#"{"a":"1"}"#).unwrap();
    for bad in [
        &b"{\"a\":\"2\",\"b\":["[..],
        b"",
        b"[1]",
        b"{\"a\":tru}",
        b"{\"a\":1}x",
        b"{\"a\" 1}",
        b"{\"a\":\"\\",
    ] {
        builder.push_json(&origin, bad).unwrap_err();
    }
    let parsed = Parsed { message: Some("text"), ..Parsed::default() };
    builder.push_fields(&origin, &parsed, b"text", [("a", Value::Integer(3))]).unwrap();
    let batch = builder.finish().unwrap();
    assert_eq!(column(&batch, "a"), some(&["1", "3"]));
    assert!(batch.field("b").is_none());
    assert_eq!(batch.plain_text(Envelope::Message).unwrap().value(1), "text");
    assert!(builder.finish().is_none());
}

#[test]
fn a_line_that_is_not_utf8_is_kept_and_counted() {
    let mut builder = EventBatchBuilder::new(Limits::default());
    builder.push_json(&Origin::new("test", 0, 7), b"{\"a\":\"\\n\xff\"}").unwrap();
    assert_eq!(builder.take_notices().not_utf8, 1);
    let batch = builder.finish().unwrap();
    assert_eq!(column(&batch, "a"), some(&["\n\u{fffd}"]));
    assert_eq!(batch.raw().value(0), b"{\"a\":\"\\n\xff\"}");
}

#[test]
fn a_batch_is_full_at_its_limits() {
    let mut builder = EventBatchBuilder::new(Limits { rows_max: 2, line_bytes_max: 10, ..Limits::default() });
    let origin = Origin::new("test", 0, 7);
    builder.push_json(&origin, b"{}").unwrap();
    assert!(!builder.is_full());
    builder.push_json(&origin, b"{}").unwrap();
    assert!(builder.is_full());
    assert!(builder.push_json(&origin, b"{\"a\":\"long\"}").is_err());
}

#[test]
fn a_stored_batch_is_read_back() {
    let record = batch(&[r#"{"a":"x"}"#], Limits::default()).into_record();
    let names: Vec<_> = (0..record.num_columns()).rev().collect();
    let shuffled = record.project(&names).unwrap();
    let again = EventBatch::from_record_batch(shuffled).unwrap();
    assert_eq!(column(&again, "a"), some(&["x"]));
    assert_eq!(again.times(), [7]);
    assert!(EventBatch::from_record_batch(record.project(&[0, 1]).unwrap()).is_err());
}
