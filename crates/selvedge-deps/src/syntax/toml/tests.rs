//! Where TOML values stand, and what is kept of broken files.

use super::*;

#[test]
fn every_value_knows_its_bytes_and_line() {
    let text = "[a]\nb = \"c\"\nd = { e = 1 }\n\n[[f]]\ng.h = [1,\n 2]\n";
    let document = parse(text);
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    let at = |span: Span| (&text[span.start as usize..span.end as usize], span.line);
    assert_eq!(at(document.root.at(&["a", "b"]).unwrap().span), ("\"c\"", 2));
    assert_eq!(document.root.at(&["a", "d", "e"]).and_then(Node::text), Some("1"));
    let table = &document.root.items_at("f")[0];
    assert_eq!(at(table.span).1, 5);
    let entry = &table.entries_at("g")[0];
    assert_eq!(at(entry.key_span), ("h", 6));
    assert_eq!(at(entry.value.items()[1].span), ("2", 7));
}

#[test]
fn what_stands_around_a_mistake_is_kept() {
    let document = parse("[a]\nb = 1\nc = = 2\n[d]\ne = 3\n");
    assert_eq!(document.root.at(&["a", "b"]).and_then(Node::text), Some("1"));
    assert_eq!(document.root.at(&["d", "e"]).and_then(Node::text), Some("3"));
    assert_eq!(document.errors[0].line, 3);
}

#[test]
fn deep_nesting_is_refused() {
    assert!(!parse(&format!("a = {}", "[".repeat(100_000))).errors.is_empty());
}
