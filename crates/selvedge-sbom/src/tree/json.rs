//! JSON (RFC 8259) to a tree with positions. Accepts exactly what the standard does, within the bounds of
//! the parent module; what stands before a fault is kept, so that a truncated document gives what it has.

use std::borrow::Cow;

use super::{DEPTH_MAX, Fault, NODES_MAX, Node, Value};

/// Reads `text`. The tree is null if nothing could be read at all.
pub(crate) fn parse(text: &str) -> (Node<'_>, Option<Fault>) {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, nodes: 0, fault: None };
    let node = parser.value(0);
    if parser.fault.is_none() {
        parser.skip_space();
        if parser.at < parser.bytes.len() {
            parser.fail("the end of the document");
        }
    }
    (node, parser.fault)
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    nodes: usize,
    fault: Option<Fault>,
}

impl<'a> Parser<'a> {
    fn fail(&mut self, expected: &str) {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => "the end of the file".to_owned(),
            Some(other) => format!("{other:?}"),
        };
        self.fault_at(format!("expected {expected}, found {found}"), false);
    }

    fn fault_at(&mut self, message: String, is_limit: bool) {
        if self.fault.is_none() {
            self.fault = Some(Fault { at: self.at, message, is_limit });
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// One value. After a fault the caller sees `self.fault` and closes what it has.
    fn value(&mut self, depth: usize) -> Node<'a> {
        self.skip_space();
        let start = self.at as u32;
        self.nodes += 1;
        let value = if self.nodes > NODES_MAX {
            self.fault_at(format!("more than {NODES_MAX} values"), true);
            Value::Null
        } else if depth > DEPTH_MAX {
            self.fault_at(format!("nested deeper than {DEPTH_MAX}"), true);
            Value::Null
        } else {
            match self.peek() {
                Some(b'{') => self.object(depth),
                Some(b'[') => self.array(depth),
                Some(b'"') => self.string().map_or(Value::Null, Value::String),
                Some(b'-' | b'0'..=b'9') => self.number(),
                Some(b't') => self.word("true", Value::Bool(true)),
                Some(b'f') => self.word("false", Value::Bool(false)),
                Some(b'n') => self.word("null", Value::Null),
                _ => {
                    self.fail("a value");
                    Value::Null
                }
            }
        };
        Node { start, end: self.at as u32, value }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Value<'a> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return value;
        }
        self.fail("a value");
        Value::Null
    }

    fn array(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Value::Array(items);
        }
        loop {
            let item = self.value(depth + 1);
            if self.fault.is_none() || is_container(&item) {
                items.push(item);
            }
            if !self.goes_on(b']', "`,` or `]`") {
                return Value::Array(items);
            }
        }
    }

    fn object(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut members = Vec::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Value::Object(members);
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                self.fail("a member name in quotes");
                return Value::Object(members);
            }
            let Some(key) = self.string() else { return Value::Object(members) };
            self.skip_space();
            if self.peek() != Some(b':') {
                self.fail("`:`");
                return Value::Object(members);
            }
            self.at += 1;
            let value = self.value(depth + 1);
            if self.fault.is_none() || is_container(&value) {
                members.push((key, value));
            }
            if !self.goes_on(b'}', "`,` or `}`") {
                return Value::Object(members);
            }
        }
    }

    /// After an element: whether another one follows. Consumes the comma or the closing bracket.
    fn goes_on(&mut self, close: u8, expected: &str) -> bool {
        if self.fault.is_some() {
            return false;
        }
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                true
            }
            Some(byte) if byte == close => {
                self.at += 1;
                false
            }
            _ => {
                self.fail(expected);
                false
            }
        }
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self) -> Value<'a> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = if self.peek() == Some(b'0') {
            self.at += 1;
            true
        } else {
            self.digits()
        };
        let mut is_right = whole;
        if is_right && self.peek() == Some(b'.') {
            self.at += 1;
            is_right = self.digits();
        }
        if is_right && matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            is_right = self.digits();
        }
        if !is_right {
            self.fail("a digit");
            return Value::Null;
        }
        Value::Number(&self.text[start..self.at])
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let text = &self.text[start..self.at];
                    self.at += 1;
                    return Some(Cow::Borrowed(text));
                }
                Some(b'\\') => return self.escaped(start).map(Cow::Owned),
                Some(0..=0x1f) | None => {
                    self.fail("a closing quote");
                    return None;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// The rest of a string that has escapes; `start` is its first byte.
    fn escaped(&mut self, start: usize) -> Option<String> {
        let mut text = self.text[start..self.at].to_owned();
        let mut plain = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    text.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    return Some(text);
                }
                Some(b'\\') => {
                    text.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    text.push(self.escape()?);
                    plain = self.at;
                }
                Some(0..=0x1f) | None => {
                    self.fail("a closing quote");
                    return None;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.peek();
        let plain = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => {
                self.fail("an escape that JSON knows");
                return None;
            }
        };
        self.at += 1;
        Some(plain)
    }

    /// `XXXX` after `\u`, with the second half of a surrogate pair where the first one needs it.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex4()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first);
        }
        if first < 0xdc00 && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.hex4()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
        }
        self.fail("a whole surrogate pair");
        None
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(digits) = digits else {
            self.fail("four hexadecimal digits");
            return None;
        };
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// Whether a value that a fault cut short may still hold something.
fn is_container(node: &Node<'_>) -> bool {
    matches!(&node.value, Value::Array(items) if !items.is_empty())
        || matches!(&node.value, Value::Object(members) if !members.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn to_serde(node: &Node<'_>) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(text) => serde_json::from_str(text).unwrap(),
            Value::String(text) => text.as_ref().into(),
            Value::Array(items) => items.iter().map(to_serde).collect(),
            Value::Object(members) => {
                members.iter().map(|(key, value)| (key.to_string(), to_serde(value))).collect()
            }
        }
    }

    #[track_caller]
    fn agrees(text: &str) {
        let (node, fault) = parse(text);
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(value) => {
                assert_eq!(fault, None, "{text}");
                assert_eq!(to_serde(&node), value);
            }
            // serde_json refuses numbers beyond f64, which the standard does not.
            Err(error) if error.to_string().contains("out of range") => {}
            Err(error) => assert!(fault.is_some(), "{text}: {error}"),
        }
    }

    #[test]
    fn reads_what_the_standard_allows_and_nothing_else() {
        for text in [
            "{}",
            "[]",
            " [1,2 , 3] ",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "01",
            "-0.5e+3",
            "1.",
            "+1",
            "-",
            "nul",
            "\"\\u00e9\\n\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ud83dx\"",
            "\"\\x\"",
            "\"a\tb\"",
            "\"open",
            "[\"é\", null, true, false]",
            "1 2",
            "",
            "{\"a\":{\"b\":[{}]}}",
            "\"\\u12\"",
            "\"\\u12é\"",
            "1e999",
        ] {
            agrees(text);
        }
    }

    #[test]
    fn values_know_their_bytes() {
        let text = "{\n  \"a\": [\"x\", 12]\n}";
        let (node, _) = parse(text);
        let item = &node.list("a")[0];
        assert_eq!(&text[item.start as usize..item.end as usize], "\"x\"");
    }

    #[test]
    fn what_stands_before_a_fault_is_kept() {
        let (node, fault) = parse("{\"components\": [{\"name\": \"a\"}, {\"name\": \"b\", \"vers");
        let names: Vec<_> = node.list("components").iter().filter_map(|it| it.text("name")).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(fault.unwrap().message, "expected a closing quote, found the end of the file");
    }

    #[test]
    fn depth_has_a_bound() {
        let (_, fault) = parse(&"[".repeat(100_000));
        assert!(fault.unwrap().is_limit);
    }

    proptest! {
        #[test]
        fn agrees_with_serde_on_any_text(text in "[\\[\\]{}\",:0-9a-fu\\\\.eE+ \\n-]{0,40}") {
            agrees(&text);
        }
    }
}
