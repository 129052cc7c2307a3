//! Tests of the XML reader.

use super::*;

fn root(text: &str) -> Element {
    let document = read(text.as_bytes());
    assert_eq!(document.problems, [], "{text}");
    document.root.expect("an element")
}

#[track_caller]
fn problems(bytes: &[u8]) -> Vec<(u32, String)> {
    read(bytes).problems
}

#[test]
fn elements_have_names_text_attributes_and_places() {
    let text = "<?xml version=\"1.0\"?>\n<p:a x='1' y=\"&lt;2\">\n  <b> one &amp; <![CDATA[<two>]]> </b><c/>\n</p:a>";
    let root = root(text);
    assert_eq!(root.name, "a");
    assert_eq!(root.attribute("y"), Some("<2"));
    assert_eq!(root.text_of("b"), Some("one & <two>"));
    assert_eq!(root.text_of("c"), None);
    let b = root.child("b").expect("b");
    assert!(text[b.range.clone()].starts_with("<b>") && text[b.range.clone()].ends_with("</b>"));
    assert_eq!(&text[root.child("c").expect("c").range.clone()], "<c/>");
    assert!(text[root.range.clone()].starts_with("<p:a") && root.range.end == text.len());
}

#[test]
fn a_byte_order_mark_counts_in_places() {
    let text = "\u{feff}<a><b/></a>";
    assert_eq!(&text[root(text).children[0].range.clone()], "<b/>");
}

#[test]
fn what_stands_before_a_mistake_is_kept() {
    let document = read(b"<a>\n<b>1</b>\n<c></d>");
    assert_eq!(document.problems.len(), 1);
    assert_eq!(document.problems[0].0, 3);
    assert_eq!(document.root.expect("an element").text_of("b"), Some("1"));
    assert_eq!(problems(b"<a>\n<b>"), [(2, "element `b` is not closed".to_owned())]);
}

#[test]
fn what_is_no_document_is_said() {
    assert_eq!(problems(b""), [(1, "expected an XML element".to_owned())]);
    assert_eq!(problems(b"\nhello"), [(2, "text outside of the outermost element".to_owned())]);
    assert_eq!(problems(b"<a/><b/>").len(), 1);
    assert_eq!(problems(b"<a/>&#x41;").len(), 1);
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let bomb = "<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;&l;\">]>\n<a>&m;&#65;</a>";
    let document = read(bomb.as_bytes());
    assert_eq!(document.problems, [(2, "entity `m` is not expanded".to_owned())]);
    assert_eq!(document.root.expect("an element").text, "&m;A");
}

#[test]
fn depth_is_bounded() {
    let deep = "<a>".repeat(100_000);
    let document = read(deep.as_bytes());
    assert_eq!(document.problems.len(), 1);
    assert!(document.problems[0].1.contains("nested deeper"));
}

#[test]
fn other_encodings_are_read_and_keep_their_lines() {
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>\n<b>caf\xe9</b></a>";
    let document = read(latin);
    assert_eq!(document.problems, []);
    let root = document.root.expect("an element");
    assert_eq!(root.text_of("b"), Some("café"));
    assert_eq!(&latin[root.children[0].range.clone()], b"<b>caf\xe9</b></a>");

    let wide: Vec<u8> = "\u{feff}<a>\n<b>1</b></a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&wide).root.expect("an element").text_of("b"), Some("1"));

    let document = read(b"<a>caf\xe9</a>");
    assert_eq!(document.root.expect("an element").text, "café");
    assert_eq!(document.problems, [(1, "expected UTF-8 text; read as windows-1252".to_owned())]);
}

#[test]
fn the_head_ends_where_the_bulk_begins() {
    let text = b"<p:a>\n<v> 1 </v><parent><v>2</v><x><y>deep</y></x></parent><e/><bulk><v>3</v></bulk><v>4</v></p:a>";
    let texts = head(text, &["bulk"]);
    let texts: Vec<_> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(texts, [("v", "1"), ("parent/v", "2")]);
    assert_eq!(head(b"text", &[]), []);
    assert_eq!(head("<a>".repeat(100_000).as_bytes(), &[]), []);
}
