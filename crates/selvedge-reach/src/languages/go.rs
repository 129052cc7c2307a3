//! Go: import declarations, and what is selected from the packages they name.

use crate::collector::{Collector, Qualifier};
use crate::text::{Blocks, CLASS, Class, Comments, Cursor, line_end, quoted_end, utf8, word_end};
use crate::{ImportKind, Language};

/// Reads `bytes[at..end]`.
pub(crate) fn scan(out: &mut Collector<'_>, at: usize, end: usize) {
    let bytes = &out.bytes()[..end];
    let blocks = Blocks::new(false);
    let mut scan = Scan { bytes, blocks: &blocks, at, dot: false, chain: Qualifier::NONE };
    scan.run(out);
}

struct Scan<'a> {
    bytes: &'a [u8],
    blocks: &'a Blocks,
    at: usize,
    dot: bool,
    chain: Qualifier,
}

impl Scan<'_> {
    fn run(&mut self, out: &mut Collector<'_>) {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            match CLASS[byte as usize] {
                Class::Letter => self.word(out),
                Class::Digit => self.at = word_end(self.bytes, self.at),
                Class::Quote => self.literal(byte),
                Class::Slash => match self.bytes.get(self.at + 1) {
                    Some(b'/') => self.comment(out),
                    Some(b'*') => self.at = self.blocks.end(self.bytes, self.at),
                    _ => self.mark(byte),
                },
                // A selector may go on in the next line after its dot.
                Class::Blank | Class::Newline => self.at += 1,
                Class::Hash | Class::Other => self.mark(byte),
            }
        }
    }

    fn mark(&mut self, byte: u8) {
        self.at += 1;
        self.dot = byte == b'.';
        if !self.dot {
            self.chain = Qualifier::NONE;
        }
    }

    /// `//go:generate go run example.org/tool` and `//go:linkname` use packages that are not imported.
    fn comment(&mut self, out: &mut Collector<'_>) {
        let end = line_end(self.bytes, self.at);
        let line = &self.bytes[self.at..end];
        if line.starts_with(b"//go:generate") {
            for word in line.split(u8::is_ascii_whitespace).skip(1) {
                let path = word.split(|byte| *byte == b'@').next().unwrap_or_default();
                if path.contains(&b'/') && path.contains(&b'.') && path[0] != b'.' {
                    out.import(utf8(path), self.at, ImportKind::Code);
                }
            }
        }
        self.at = end;
    }

    fn literal(&mut self, quote: u8) {
        self.at = if quote == b'`' {
            memchr::memchr(b'`', &self.bytes[self.at + 1..]).map_or(self.bytes.len(), |at| self.at + at + 2)
        } else {
            quoted_end(self.bytes, self.at, false).1
        };
        self.dot = false;
        self.chain = Qualifier::NONE;
    }

    fn word(&mut self, out: &mut Collector<'_>) {
        let start = self.at;
        self.at = word_end(self.bytes, start);
        let word = &self.bytes[start..self.at];
        let is_exported = word[0].is_ascii_uppercase() || word[0] >= 0x80;
        if self.dot {
            if is_exported {
                out.name(word, start, self.chain);
            }
            if word == b"Open" && self.chain != Qualifier::NONE && self.chain == out.resolve(b"plugin") {
                out.dynamic(Language::Go, start);
            }
            self.chain = Qualifier::NONE;
        } else if word == b"import" {
            let mut cursor = Cursor::new(self.bytes, self.at, Comments::Slashes(self.blocks));
            declaration(&mut cursor, out);
            self.at = cursor.at;
        } else {
            let is_qualifier = self.bytes.get(self.at) == Some(&b'.');
            self.chain = if is_qualifier { out.resolve(word) } else { Qualifier::NONE };
            if out.has_glob && is_exported {
                out.name(word, start, Qualifier::NONE);
            }
        }
        self.dot = false;
    }
}

/// `import "a"`, `import x "a"`, `import ( … )`.
fn declaration(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) {
    cursor.blanks(false);
    if !cursor.eat(b"(") {
        specification(cursor, out);
        return;
    }
    loop {
        cursor.blanks(true);
        if cursor.eat(b";") {
            continue;
        }
        if cursor.eat(b")") || !specification(cursor, out) {
            return;
        }
    }
}

/// One import: an optional name or dot, and the path.
fn specification(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    let is_dot = cursor.eat(b".");
    let alias = cursor.word();
    cursor.blanks(false);
    let Some((path, at)) = cursor.quoted() else { return false };
    let qualifier = out.import(utf8(path), at, ImportKind::Code);
    if is_dot {
        out.has_glob = true;
    }
    match alias {
        Some(name) => out.alias(name, qualifier),
        None => {
            for name in package_names(path) {
                out.alias(name, qualifier);
            }
        }
    }
    true
}

/// The names that a package at `path` may have. Its own clause decides, which is not at hand: the last part
/// of the path, the one before a major version, and both without the decorations that are customary.
fn package_names(path: &[u8]) -> Vec<&[u8]> {
    let mut parts = path.rsplit(|byte| *byte == b'/');
    let mut last = parts.next().unwrap_or_default();
    let mut names = vec![last];
    let is_major = last.len() > 1 && last[0] == b'v' && last[1..].iter().all(u8::is_ascii_digit);
    if is_major {
        last = parts.next().unwrap_or(last);
        names.push(last);
    }
    // `gopkg.in/yaml.v3`, `go-yaml`, `yaml-go`, `yaml.go`.
    let stem = last.split(|byte| *byte == b'.').next().unwrap_or(last);
    names.push(stem);
    names.push(stem.strip_prefix(b"go-").unwrap_or(stem));
    names.push(stem.strip_suffix(b"-go").unwrap_or(stem));
    if let Some(dash) = memchr::memrchr(b'-', stem) {
        names.push(&stem[dash + 1..]);
        names.push(&stem[..dash]);
    }
    names.sort_unstable();
    names.dedup();
    names
}
