//! What the JSON reader accepts, where it says values stand, and what it keeps of broken files.

use super::*;
use proptest::prelude::*;

fn plain(node: &Node<'_>) -> serde_json::Value {
    match &node.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(truth) => (*truth).into(),
        Kind::Number(text) => serde_json::from_str(text).unwrap(),
        Kind::String(text) => text.as_ref().into(),
        Kind::List(items) => items.iter().map(plain).collect(),
        Kind::Map(entries) => {
            serde_json::Value::Object(entries.iter().map(|e| (e.key.to_string(), plain(&e.value))).collect())
        }
    }
}

#[test]
fn every_value_knows_its_bytes_and_line() {
    let text = "{\n  \"a\": [1, true,\n null],\n  \"b\\u00e9\": \"x\\n\"\n}";
    let document = parse(text);
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    let list = document.root.get("a").unwrap();
    assert_eq!(&text[list.span.start as usize..list.span.end as usize], "[1, true,\n null]");
    assert_eq!((list.span.line, list.items()[2].span.line), (2, 3));
    let entry = &document.root.entries()[1];
    assert_eq!(entry.key, "bé");
    assert_eq!(&text[entry.key_span.start as usize..entry.key_span.end as usize], "\"b\\u00e9\"");
    assert_eq!((entry.key_span.line, entry.value.text()), (4, Some("x\n")));
}

#[test]
fn comments_and_trailing_commas_are_accepted_and_counted_as_lines() {
    let document = parse("\u{feff}// one\n{ /* two\n */ \"a\": [1,], }\n// end");
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    assert_eq!(document.root.entries()[0].key_span.line, 3);
}

#[test]
fn what_stands_before_a_mistake_is_kept() {
    let document = parse("{\"a\": {\"b\": 1},\n \"c\": [2, }");
    assert_eq!(document.root.at(&["a", "b"]).and_then(Node::text), Some("1"));
    assert_eq!(document.errors.len(), 1);
    assert_eq!(document.errors[0].line, 2);
    assert!(document.errors[0].message.contains("expected a JSON value"), "{:?}", document.errors);
}

#[test]
fn the_last_of_repeated_keys_counts() {
    assert_eq!(parse("{\"a\": 1, \"a\": 2}").root.text_at("a"), Some("2"));
}

#[test]
fn deep_nesting_is_refused() {
    let text = "[".repeat(100_000);
    let document = parse(&text);
    assert!(document.errors[0].message.contains("too deep"), "{:?}", document.errors);
}

#[test]
fn broken_text_is_a_mistake() {
    for text in [
        "",
        "{",
        "\"a",
        "\"a\nb\"",
        "[1 2]",
        "{\"a\" 1}",
        "{a: 1}",
        "01x",
        "1e",
        "/*",
        "\"\\é\"",
        "\"\\u12\"",
        "{} x",
        "[,]",
    ] {
        assert_eq!(parse(text).errors.len(), 1, "{text}");
    }
}

proptest! {
    #[test]
    fn equal_to_serde_json_where_that_accepts(text in "[\\[\\]{}:,\"a1\\\\u0é .e-]{0,40}|(\\{\"[a\\\\u]{0,3}\":[0-9\\[\\]truefals]{0,8}\\})") {
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
            let document = parse(&text);
            prop_assert!(document.errors.is_empty(), "{:?}", document.errors);
            prop_assert_eq!(plain(&document.root), value);
        } else {
            parse(&text);
        }
    }

    #[test]
    fn what_serde_json_writes_is_read_as_it_was(values in proptest::collection::btree_map(".{0,8}", proptest::collection::vec(".{0,12}", 0..4), 0..6)) {
        let value = serde_json::json!(values);
        prop_assert_eq!(plain(&parse(&value.to_string()).root), value.clone());
        prop_assert_eq!(plain(&parse(&serde_json::to_string_pretty(&value).unwrap()).root), value);
    }
}
