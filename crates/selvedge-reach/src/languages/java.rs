//! Java, Kotlin, Scala and Groovy: imports, fully qualified names in code, and class names in strings.

use crate::collector::{Collector, Qualifier};
use crate::text::{Blocks, CLASS, Class, Comments, Cursor, line_end, quoted_end, utf8, word_end};
use crate::{ImportKind, Language};

/// Bytes in which the end of a single-quoted literal is looked for.
const LITERAL_BYTES_MAX: usize = 512;
/// Names in one pair of Scala's import braces.
const SELECTORS_MAX: usize = 256;

/// Reads `bytes[at..end]`. Comments nest in Kotlin and Scala, and do not in Java and Groovy.
pub(crate) fn scan(out: &mut Collector<'_>, at: usize, end: usize, comments_nest: bool) {
    let bytes = &out.bytes()[..end];
    let blocks = Blocks::new(comments_nest);
    let mut scan = Scan { bytes, blocks: &blocks, at, dot: false, fresh: true };
    scan.run(out);
}

struct Scan<'a> {
    bytes: &'a [u8],
    blocks: &'a Blocks,
    at: usize,
    dot: bool,
    /// A statement may begin here.
    fresh: bool,
}

impl Scan<'_> {
    fn run(&mut self, out: &mut Collector<'_>) {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            match CLASS[byte as usize] {
                Class::Blank => self.at += 1,
                Class::Newline => {
                    self.at += 1;
                    self.fresh = true;
                }
                Class::Letter => self.word(out),
                Class::Digit => self.at = word_end(self.bytes, self.at),
                Class::Quote => self.literal(byte, out),
                Class::Slash => match self.bytes.get(self.at + 1) {
                    Some(b'/') => self.at = line_end(self.bytes, self.at),
                    Some(b'*') => self.at = self.blocks.end(self.bytes, self.at),
                    _ => self.mark(byte),
                },
                Class::Hash | Class::Other => self.mark(byte),
            }
        }
    }

    fn mark(&mut self, byte: u8) {
        self.at += 1;
        // `::name` refers to a method as `.name` calls it.
        self.dot = byte == b'.' || byte == b':' && self.bytes.get(self.at.wrapping_sub(2)) == Some(&b':');
        self.fresh = matches!(byte, b';' | b'{' | b'}');
    }

    fn literal(&mut self, quote: u8, out: &mut Collector<'_>) {
        let start = self.at;
        (self.dot, self.fresh) = (false, false);
        match quote {
            b'"' if self.bytes[start..].starts_with(b"\"\"\"") => {
                let body = start + 3;
                self.at = memchr::memmem::find(&self.bytes[body..], b"\"\"\"")
                    .map_or(self.bytes.len(), |found| body + found + 3);
            }
            b'"' => {
                let (end, after) = quoted_end(self.bytes, start, false);
                let text = &self.bytes[start + 1..end.max(start + 1)];
                out.string(text, start + 1);
                class_name(text, start + 1, out);
                self.at = after;
            }
            b'\'' => self.at = apostrophe_end(self.bytes, start, out),
            // Kotlin and Scala quote identifiers so.
            _ => self.at = start + 1,
        }
    }

    fn word(&mut self, out: &mut Collector<'_>) {
        let start = self.at;
        let end = word_end(self.bytes, start);
        let word = &self.bytes[start..end];
        let next = self.bytes.get(end).copied().unwrap_or(b' ');
        let (after_dot, fresh) = (self.dot, self.fresh);
        self.at = end;
        (self.dot, self.fresh) = (false, false);
        if fresh && word == b"import" {
            let mut cursor = Cursor::new(self.bytes, end, Comments::Slashes(self.blocks));
            imports(&mut cursor, out);
            self.at = cursor.at;
            return;
        }
        if fresh && word == b"package" {
            self.at = line_end(self.bytes, end);
            return;
        }
        if after_dot {
            out.name(word, start, Qualifier::NONE);
        } else if next == b'.' && word[0].is_ascii_lowercase() {
            self.qualified(start, out);
        } else if next == b'(' || out.has_glob {
            out.name(word, start, out.resolve(word));
        }
        self.loader_call(word, start, end, out);
    }

    /// `org.example.Name` in code: two or more lower-case parts before one that begins with a capital.
    fn qualified(&mut self, start: usize, out: &mut Collector<'_>) {
        let mut cursor = Cursor::new(self.bytes, start, Comments::Slashes(self.blocks));
        let Some(name) = cursor.dotted() else { return };
        if let Some(length) = class_length(name) {
            out.import(utf8(&name[..length]), start, ImportKind::Code);
        }
    }

    /// `Class.forName(x)`, `loader.loadClass(x)`, `ServiceLoader.load(…)`.
    fn loader_call(&self, word: &[u8], start: usize, end: usize, out: &mut Collector<'_>) {
        if word == b"ServiceLoader" {
            out.dynamic(Language::Java, start);
            return;
        }
        if !matches!(word, b"forName" | b"loadClass" | b"findClass") {
            return;
        }
        let mut cursor = Cursor::new(self.bytes, end, Comments::Slashes(self.blocks));
        cursor.blanks(true);
        if !cursor.eat(b"(") {
            return;
        }
        cursor.blanks(true);
        match cursor.quoted() {
            Some((name, at)) => {
                out.import(utf8(name), at, ImportKind::Code);
            }
            None => out.dynamic(Language::Java, start),
        }
    }
}

/// Bytes of a dotted name up to the end of its class, if it looks like one.
fn class_length(name: &[u8]) -> Option<usize> {
    let mut length = 0;
    for (index, part) in name.split(|byte| *byte == b'.').enumerate() {
        length += part.len() + usize::from(index > 0);
        let first = part.first()?;
        if index >= 2 && first.is_ascii_uppercase() {
            return Some(length);
        }
        if !first.is_ascii_lowercase() || part == b"this" || part == b"self" {
            return None;
        }
    }
    None
}

/// A string that is a class name, or a package of three parts or more.
pub(crate) fn class_name(text: &[u8], at: usize, out: &mut Collector<'_>) {
    let is_dotted = text.len() >= 8
        && text.len() <= 200
        && text[0].is_ascii_lowercase()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$'))
        && memchr::memchr_iter(b'.', text).count() >= 2;
    if is_dotted {
        out.import(utf8(text), at, ImportKind::Named);
    }
}

/// One past a character literal or a Groovy string; past the apostrophe alone where it is a Scala symbol.
fn apostrophe_end(bytes: &[u8], at: usize, out: &mut Collector<'_>) -> usize {
    // Groovy's strings of one line are looked at so far; a symbol must not cost the rest of a long line.
    let (end, after) = quoted_end(&bytes[..bytes.len().min(at + LITERAL_BYTES_MAX)], at, false);
    if after == end {
        return at + 1;
    }
    let text = &bytes[at + 1..end];
    out.string(text, at + 1);
    class_name(text, at + 1, out);
    after
}

/// `import static a.b.C.d;`, `import a.b.*`, `import a.b.C as D`, `import a.{B, C => D}, e.F`.
fn imports(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) {
    loop {
        cursor.blanks(false);
        if cursor.next_word(false) == b"static" {
            cursor.word();
            cursor.blanks(false);
        }
        let at = cursor.at;
        let Some(name) = cursor.dotted() else { return };
        let name = name.strip_suffix(b"._").unwrap_or(name);
        let qualifier = out.import(utf8(name), at, ImportKind::Code);
        let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        out.name(last, at, qualifier);
        out.alias(last, qualifier);
        selectors(cursor, qualifier, out);
        cursor.blanks(false);
        match cursor.next_word(false) {
            b"as" => {
                cursor.word();
                cursor.blanks(false);
                if let Some(alias) = cursor.word() {
                    out.alias(alias, qualifier);
                }
            }
            b"" if cursor.peek() == Some(b',') => {
                cursor.at += 1;
                continue;
            }
            _ => {}
        }
        return;
    }
}

/// What follows the dotted part: `.*`, `._`, `.{B, C => D}`.
fn selectors(cursor: &mut Cursor<'_>, qualifier: Qualifier, out: &mut Collector<'_>) {
    if !cursor.eat(b".") {
        return;
    }
    if cursor.eat(b"*") || cursor.eat(b"_") {
        out.has_glob = true;
        return;
    }
    if !cursor.eat(b"{") {
        return;
    }
    for _ in 0..SELECTORS_MAX {
        cursor.blanks(true);
        let at = cursor.at;
        if let Some(name) = cursor.word() {
            out.name(name, at, qualifier);
            out.alias(name, qualifier);
            out.has_glob |= name == b"_";
        } else if cursor.eat(b"}") || !(cursor.eat(b",") || cursor.eat(b"=>") || cursor.eat(b"*")) {
            return;
        }
    }
}
