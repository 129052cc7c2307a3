//! From the text of one JSON object into columns.

use super::Notices;
use super::fields::{Fields, OVERFLOW, Piece};
use crate::column::Escaped;
use crate::json::{JsonError, Scanner, Text, unescape};
use crate::names::{NONE, Names, NodeId, ROOT};

/// Reads one event. Recursion is bounded by `depth_max`.
pub(crate) struct Reader<'a, 'b> {
    pub(crate) scanner: Scanner<'a>,
    pub(crate) names: &'b mut Names,
    pub(crate) fields: &'b mut Fields,
    pub(crate) notices: &'b mut Notices,
    /// Raw bytes of the batch.
    pub(crate) raw: &'b [u8],
    /// Where the text of the scanner stands in `raw`; `None` if it is a repaired copy.
    pub(crate) raw_at: Option<usize>,
    pub(crate) depth_max: usize,
}

impl Reader<'_, '_> {
    pub(crate) fn event(&mut self) -> Result<(), JsonError> {
        if self.scanner.peek() != b'{' {
            return Err(self.scanner.error("a JSON object"));
        }
        self.object(ROOT, 0)?;
        self.scanner.end()
    }

    fn object(&mut self, parent: NodeId, depth: usize) -> Result<(), JsonError> {
        self.scanner.expect(b'{', "an object")?;
        if self.scanner.accept(b'}') {
            return Ok(());
        }
        let mut previous = NONE;
        loop {
            if let Some(node) = self.usual_key(parent, previous) {
                self.scanner.expect(b':', "a colon after the key")?;
                self.value(node, depth)?;
                previous = node;
                if self.scanner.accept(b',') {
                    continue;
                }
                return self.scanner.expect(b'}', "a comma or the end of the object");
            }
            let key = self.scanner.string()?;
            self.scanner.expect(b':', "a colon after the key")?;
            let node = if key.escaped {
                self.names.child(parent, previous, &decoded(key))
            } else {
                self.names.child(parent, previous, key.inner)
            };
            match node {
                Some(node) => {
                    self.value(node, depth)?;
                    previous = node;
                }
                None => self.unnamed(parent, key)?,
            }
            if !self.scanner.accept(b',') {
                return self.scanner.expect(b'}', "a comma or the end of the object");
            }
        }
    }

    /// Consumes the key that came here last time, if it comes again.
    #[inline]
    fn usual_key(&mut self, parent: NodeId, previous: NodeId) -> Option<NodeId> {
        let (node, key) = self.names.usual(parent, previous)?;
        self.scanner.accept_string(key).then_some(node)
    }

    #[inline]
    fn value(&mut self, node: NodeId, depth: usize) -> Result<(), JsonError> {
        match self.scanner.peek() {
            b'"' => {
                let text = self.scanner.string()?;
                self.text(node, text);
                Ok(())
            }
            b'{' | b'[' if depth >= self.depth_max => {
                let text = self.scanner.nested()?;
                self.notices.too_deep += 1;
                self.plain(node, text);
                Ok(())
            }
            b'{' => self.object(node, depth + 1),
            b'[' => self.array(node, depth + 1),
            _ => {
                let word = self.scanner.word()?;
                if word != "null" {
                    self.plain(node, word);
                }
                Ok(())
            }
        }
    }

    fn array(&mut self, node: NodeId, depth: usize) -> Result<(), JsonError> {
        self.scanner.expect(b'[', "an array")?;
        if self.scanner.accept(b']') {
            return Ok(());
        }
        loop {
            self.value(node, depth)?;
            if !self.scanner.accept(b',') {
                return self.scanner.expect(b']', "a comma or the end of the array");
            }
        }
    }

    fn column(&mut self, node: NodeId) -> u32 {
        let column = self.names.column(node);
        if column != NONE {
            return column;
        }
        let column = self.fields.column(&self.names.name(node));
        self.names.set_column(node, column);
        column
    }

    #[inline]
    fn text(&mut self, node: NodeId, text: Text<'_>) {
        if !text.escaped {
            return self.plain(node, text.inner);
        }
        let column = self.column(node);
        match self.raw_at {
            Some(raw_at) if column != OVERFLOW => {
                let escaped = Escaped { text: text.inner, raw_at: raw_at + text.at };
                self.fields.push(column, Piece::Escaped(escaped, self.raw), self.notices);
            }
            _ => self.plain(node, &decoded(text)),
        }
    }

    #[inline]
    fn plain(&mut self, node: NodeId, text: &str) {
        match self.column(node) {
            OVERFLOW => self.fields.push_overflow(self.names.name(node), text.to_owned(), self.notices),
            column => self.fields.push(column, Piece::Plain(text), self.notices),
        }
    }

    /// A value whose path is beyond the limit on names: objects and arrays stay JSON text.
    fn unnamed(&mut self, parent: NodeId, key: Text<'_>) -> Result<(), JsonError> {
        let value = match self.scanner.peek() {
            b'"' => decoded(self.scanner.string()?),
            b'{' | b'[' => self.scanner.nested()?.to_owned(),
            _ => self.scanner.word()?.to_owned(),
        };
        let mut name = self.names.name(parent);
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&decoded(key));
        self.fields.push_overflow(name, value, self.notices);
        Ok(())
    }
}

fn decoded(text: Text<'_>) -> String {
    let mut bytes = Vec::with_capacity(text.inner.len());
    unescape(text.inner, &mut bytes);
    // Escapes give whole characters only.
    String::from_utf8(bytes).unwrap_or_default()
}
