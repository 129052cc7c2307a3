//! Cuts JSON documents into the records they hold: one object, a stream of objects, an array, or an object with
//! one array of records in it, as cloud audit files have it.

use memchr::memchr2;

/// Members that hold the records: AWS `CloudTrail` (`Records`), Azure (`records`, `value`), Google and others.
const CONTAINERS: &[&str] = &["Records", "records", "value", "entries", "events", "logs", "items", "data"];
/// Deeper nesting is refused.
const DEPTH_MAX: usize = 128;

/// A document that is no JSON as far as cutting needs it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: expected {expected}")]
pub struct RecordsError {
    /// 0-based byte.
    pub at: usize,
    /// What should have been there.
    pub expected: &'static str,
}

/// The records of the document, as they stand. An error tells where the document stops making sense; what was
/// found before it is returned with it.
pub fn split(text: &str) -> (Vec<&str>, Option<RecordsError>) {
    let mut cutter = Cutter { text, at: 0, records: Vec::new() };
    let error = cutter.document().err();
    (cutter.records, error)
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    records: Vec<&'a str>,
}

impl Cutter<'_> {
    fn error(&self, expected: &'static str) -> RecordsError {
        RecordsError { at: self.at, expected }
    }

    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.at += blank;
        rest.get(blank).copied()
    }

    /// Values one after the other, with or without line ends or commas between.
    fn document(&mut self) -> Result<(), RecordsError> {
        while let Some(byte) = self.peek() {
            match byte {
                b'[' => self.array()?,
                b'{' => self.object()?,
                b',' => self.at += 1,
                _ => return Err(self.error("an object or an array")),
            }
        }
        Ok(())
    }

    fn array(&mut self) -> Result<(), RecordsError> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b',') => self.at += 1,
                Some(b'{') => {
                    let start = self.at;
                    self.skip()?;
                    self.records.push(&self.text[start..self.at]);
                }
                Some(_) => self.skip()?,
                None => return Err(self.error("`]`")),
            }
        }
    }

    /// An object is a record, unless a member of it is an array that holds records.
    fn object(&mut self) -> Result<(), RecordsError> {
        let start = self.at;
        let known = self.records.len();
        let is_container = self.container();
        if is_container? {
            return Ok(());
        }
        self.records.truncate(known);
        self.at = start;
        self.skip()?;
        self.records.push(&self.text[start..self.at]);
        Ok(())
    }

    /// Goes through the members of an object; true if one of them held the records.
    fn container(&mut self) -> Result<bool, RecordsError> {
        self.at += 1;
        let mut is_container = false;
        loop {
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(is_container);
                }
                Some(b',') => self.at += 1,
                Some(b'"') => {
                    let start = self.at + 1;
                    self.string()?;
                    let name = &self.text[start..self.at - 1];
                    if self.peek() != Some(b':') {
                        return Err(self.error("`:`"));
                    }
                    self.at += 1;
                    let is_array = self.peek() == Some(b'[');
                    if is_array && !is_container && CONTAINERS.contains(&name) && self.holds_objects() {
                        self.array()?;
                        is_container = true;
                    } else {
                        self.skip()?;
                    }
                }
                _ => return Err(self.error("a name or `}`")),
            }
        }
    }

    /// Whether the array at this place begins with an object or is empty.
    fn holds_objects(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        let holds = matches!(self.peek(), Some(b'{' | b']'));
        self.at = start;
        holds
    }

    /// Steps over one value.
    fn skip(&mut self) -> Result<(), RecordsError> {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                None => return Err(self.error("the end of a value")),
                Some(b'"') => self.string()?,
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                    if depth > DEPTH_MAX {
                        return Err(self.error("less nesting"));
                    }
                }
                Some(b'}' | b']') => {
                    depth = depth.checked_sub(1).ok_or_else(|| self.error("a value"))?;
                    self.at += 1;
                }
                Some(b',' | b':') if depth > 0 => self.at += 1,
                Some(b',' | b':') => return Err(self.error("a value")),
                Some(_) => {
                    let rest = &self.text.as_bytes()[self.at..];
                    let is_end = |byte: &u8| b",:]}[{\"".contains(byte) || byte.is_ascii_whitespace();
                    self.at += rest.iter().position(is_end).unwrap_or(rest.len());
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn string(&mut self) -> Result<(), RecordsError> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            if bytes[at + found] == b'"' {
                self.at = at + found + 1;
                return Ok(());
            }
            at += found + 2;
        }
        Err(self.error("the end of a string"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let (records, error) = split(text);
        assert_eq!((records.as_slice(), error), (expected, None), "{text}");
    }

    #[test]
    fn documents_are_cut_into_records() {
        check(r#"{"a":1}"#, &[r#"{"a":1}"#]);
        check("{\"a\":1}\n{\"b\":\"}\\\"\"}\n", &[r#"{"a":1}"#, r#"{"b":"}\""}"#]);
        check(r#"[{"a":[1,{"b":2}]}, {"c":null}]"#, &[r#"{"a":[1,{"b":2}]}"#, r#"{"c":null}"#]);
        check(r#"{"x":1,"Records":[{"a":1},{"a":2}],"y":{}}"#, &[r#"{"a":1}"#, r#"{"a":2}"#]);
        check(r#"{"value":[]}"#, &[]);
        check(r#"{"data":[1,2]}"#, &[r#"{"data":[1,2]}"#]);
        check("", &[]);
    }

    #[test]
    fn what_was_found_before_an_error_is_kept() {
        let (records, error) = split(r#"[{"a":1},{"b":"#);
        assert_eq!(records, [r#"{"a":1}"#]);
        assert!(error.is_some());
        for text in
            ["x", "[", "{\"", "{\"a\"", "[{]", &"[".repeat(1000), &format!("[{}", "{\"a\":".repeat(1000))]
        {
            assert!(split(text).1.is_some(), "{text}");
        }
    }
}
