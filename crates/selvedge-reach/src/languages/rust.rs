//! Rust: `use`, `extern crate`, and the first parts of paths wherever they stand, macros and attributes
//! included.

use crate::ImportKind;
use crate::collector::{Collector, Qualifier};
use crate::text::{Blocks, CLASS, Class, Comments, Cursor, is_word, line_end, utf8, word_end};

/// Braces within a `use` tree; deeper ones are not followed.
const USE_DEPTH_MAX: usize = 64;

/// First parts of paths that name no package.
const OWN_ROOTS: &[&[u8]] = &[
    b"std",
    b"core",
    b"alloc",
    b"crate",
    b"self",
    b"super",
    b"Self",
    b"proc_macro",
    b"test",
    b"u8",
    b"u16",
    b"u32",
    b"u64",
    b"u128",
    b"usize",
    b"i8",
    b"i16",
    b"i32",
    b"i64",
    b"i128",
    b"isize",
    b"f32",
    b"f64",
    b"str",
    b"char",
    b"bool",
];

/// Reads `bytes[at..end]`.
pub(crate) fn scan(out: &mut Collector<'_>, at: usize, end: usize) {
    let bytes = &out.bytes()[..end];
    let blocks = Blocks::new(true);
    let mut scan = Scan { bytes, blocks: &blocks, at, joint: Joint::None, chain: Qualifier::NONE };
    scan.run(out);
}

/// What stands between the last thing and this one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    None,
    Dot,
    Path,
}

struct Scan<'a> {
    bytes: &'a [u8],
    blocks: &'a Blocks,
    at: usize,
    joint: Joint,
    chain: Qualifier,
}

impl Scan<'_> {
    fn run(&mut self, out: &mut Collector<'_>) {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            match CLASS[byte as usize] {
                Class::Blank | Class::Newline => self.at += 1,
                Class::Letter => self.word(out),
                Class::Digit => {
                    self.at = word_end(self.bytes, self.at);
                    self.break_chain();
                }
                Class::Quote => self.literal(byte),
                Class::Slash => match self.bytes.get(self.at + 1) {
                    Some(b'/') => self.at = line_end(self.bytes, self.at),
                    Some(b'*') => self.at = self.blocks.end(self.bytes, self.at),
                    _ => self.mark(byte),
                },
                Class::Hash | Class::Other => self.mark(byte),
            }
        }
    }

    fn break_chain(&mut self) {
        self.joint = Joint::None;
        self.chain = Qualifier::NONE;
    }

    fn mark(&mut self, byte: u8) {
        self.at += 1;
        match byte {
            b':' if self.bytes.get(self.at) == Some(&b':') => {
                self.at += 1;
                self.joint = Joint::Path;
            }
            b'.' => {
                self.joint = if self.joint == Joint::Dot { Joint::None } else { Joint::Dot };
                self.chain = Qualifier::NONE;
            }
            // `Vec::<T>::new`: what is in the brackets is looked at, and the path goes on without its head.
            _ => self.break_chain(),
        }
    }

    fn literal(&mut self, quote: u8) {
        match quote {
            b'"' => self.at = string_end(self.bytes, self.at),
            b'\'' => self.at = char_end(self.bytes, self.at),
            _ => self.at += 1,
        }
        self.break_chain();
    }

    fn word(&mut self, out: &mut Collector<'_>) {
        let start = self.at;
        let end = word_end(self.bytes, start);
        let word = &self.bytes[start..end];
        let next = self.bytes.get(end).copied().unwrap_or(b' ');
        self.at = end;
        if matches!(next, b'"' | b'#' | b'\'') && matches!(word, b"r" | b"b" | b"br" | b"c" | b"cr") {
            self.prefixed(word, next);
            return;
        }
        match self.joint {
            Joint::Dot => {
                out.name(word, start, Qualifier::NONE);
                self.break_chain();
            }
            Joint::Path => {
                if self.chain == Qualifier::NONE && self.is_absolute(start) {
                    self.chain = root(word, start, out);
                } else {
                    out.name(word, start, self.chain);
                }
                self.joint = Joint::None;
            }
            Joint::None => self.plain(word, start, next, out),
        }
    }

    /// Whether the `::` before `start` begins a path: `::name`, after neither a word nor a bracket.
    fn is_absolute(&self, start: usize) -> bool {
        let head = self.bytes[..start].trim_ascii_end();
        let Some(head) = head.strip_suffix(b"::") else { return false };
        // Only a few bytes are blank here in sane text; a long run of them costs no more than itself once.
        let before = head.last().copied().unwrap_or(b' ');
        !(is_word(before) || matches!(before, b'>' | b')' | b']' | b'}'))
    }

    fn plain(&mut self, word: &[u8], start: usize, next: u8, out: &mut Collector<'_>) {
        match word {
            b"use" => {
                let mut cursor = Cursor::new(self.bytes, self.at, Comments::Slashes(self.blocks));
                use_tree(&mut cursor, out);
                self.at = cursor.at;
                self.break_chain();
                return;
            }
            b"extern" => {
                let mut cursor = Cursor::new(self.bytes, self.at, Comments::Slashes(self.blocks));
                if extern_crate(&mut cursor, out) {
                    self.at = cursor.at;
                }
                self.break_chain();
                return;
            }
            _ => {}
        }
        self.chain = Qualifier::NONE;
        if self.path_follows() {
            self.chain = match out.resolve(word) {
                Qualifier::NONE if word[0].is_ascii_uppercase() => Qualifier::NONE,
                Qualifier::NONE => root(word, start, out),
                known => known,
            };
        } else if matches!(next, b'(' | b'!') || out.has_glob {
            out.name(word, start, out.resolve(word));
        }
        self.joint = Joint::None;
    }

    /// Whether `::` stands here, perhaps on the next line.
    fn path_follows(&self) -> bool {
        let rest = &self.bytes[self.at..];
        rest.starts_with(b"::")
            || rest.first().is_some_and(u8::is_ascii_whitespace) && {
                let blank = rest.iter().take(64).take_while(|byte| byte.is_ascii_whitespace()).count();
                rest[blank..].starts_with(b"::")
            }
    }

    /// A raw string, a byte string, a raw identifier, or nothing of the kind.
    fn prefixed(&mut self, word: &[u8], next: u8) {
        if next == b'\'' {
            self.at = char_end(self.bytes, self.at);
        } else if word.ends_with(b"r") {
            let hashes = self.bytes[self.at..].iter().take(256).take_while(|byte| **byte == b'#').count();
            if self.bytes.get(self.at + hashes) == Some(&b'"') {
                self.at = raw_end(self.bytes, self.at + hashes + 1, hashes);
            } else {
                // `r#type` is an identifier: its hash is passed over and the word read next.
                self.at += hashes.max(1);
                return;
            }
        } else if next == b'"' {
            self.at = string_end(self.bytes, self.at);
        }
        self.break_chain();
    }
}

/// One past the string whose quote stands at `at`. It may hold line ends.
fn string_end(bytes: &[u8], at: usize) -> usize {
    crate::text::quoted_end(bytes, at, true).1
}

/// One past a raw string: the next quote that `hashes` hash signs follow.
fn raw_end(bytes: &[u8], mut at: usize, hashes: usize) -> usize {
    while let Some(found) = memchr::memchr(b'"', &bytes[at..]) {
        at += found + 1;
        let closing = bytes[at..].iter().take(hashes).take_while(|byte| **byte == b'#').count();
        if closing == hashes {
            return at + hashes;
        }
        at += closing;
    }
    bytes.len()
}

/// One past a character literal, or past the apostrophe of a lifetime.
fn char_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at + 1..];
    match rest {
        [b'\\', _, tail @ ..] => {
            // `'\u{10FFFF}'` is the longest.
            let close = tail.iter().take(12).position(|byte| *byte == b'\'');
            close.map_or(at + 1, |close| at + 4 + close)
        }
        [_, b'\'', ..] => at + 3,
        // One character of several bytes.
        [first, ..] if *first >= 0x80 => {
            let close = rest.iter().take(5).position(|byte| *byte == b'\'');
            close.map_or(at + 1, |close| at + close + 2)
        }
        _ => at + 1,
    }
}

/// Records the first part of a path as a package, if it can be one.
fn root(word: &[u8], start: usize, out: &mut Collector<'_>) -> Qualifier {
    // `$crate` and `$name` stand in macro definitions.
    if word[0] == b'$' || OWN_ROOTS.contains(&word) {
        return Qualifier::NONE;
    }
    out.import(utf8(word), start, ImportKind::Code)
}

/// `extern crate name as alias;`. Whether it was one.
fn extern_crate(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    cursor.blanks(true);
    if cursor.word() != Some(b"crate") {
        return false;
    }
    cursor.blanks(true);
    let at = cursor.at;
    let Some(name) = cursor.word() else { return true };
    let qualifier = root(name, at, out);
    cursor.blanks(true);
    if cursor.next_word(true) == b"as" {
        cursor.word();
        cursor.blanks(true);
        if let Some(alias) = cursor.word() {
            out.alias(alias, qualifier);
        }
    }
    true
}

/// `a::b`, `::a`, `{a::{b, c as d}, e}`, `a::*` up to the semicolon.
fn use_tree(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) {
    // For each open brace: what the path before it begins with.
    let mut open: Vec<Option<Qualifier>> = Vec::new();
    let mut head: Option<Qualifier> = None;
    let mut leaf: &[u8] = b"";
    loop {
        cursor.blanks(true);
        let at = cursor.at;
        if let Some(word) = cursor.word() {
            if word == b"as" {
                cursor.blanks(true);
                leaf = cursor.word().unwrap_or_default();
                continue;
            }
            if word == b"r" && cursor.eat(b"#") {
                continue;
            }
            match head {
                None => head = Some(root(word, at, out)),
                Some(qualifier) if word != b"self" => out.name(word, at, qualifier),
                Some(_) => {}
            }
            if word != b"self" {
                leaf = word;
            }
            continue;
        }
        match cursor.peek() {
            Some(b':') => {}
            Some(b'*') => {
                // A glob of the project's own may pass on what it took from a package.
                out.has_glob = true;
                leaf = b"";
            }
            Some(b'{') if open.len() < USE_DEPTH_MAX => {
                out.alias(leaf, head.unwrap_or_default());
                open.push(head);
            }
            Some(b',' | b'}') => {
                out.alias(leaf, head.unwrap_or_default());
                leaf = b"";
                if cursor.peek() == Some(b'}') {
                    head = open.pop().flatten();
                } else {
                    head = open.last().copied().flatten();
                }
            }
            Some(b';') => {
                out.alias(leaf, head.unwrap_or_default());
                cursor.at += 1;
                return;
            }
            // `use<'a>` in a type, or a macro's `$x`: not ours to read.
            _ => return,
        }
        cursor.at += 1;
    }
}
