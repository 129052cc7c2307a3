//! JavaScript and TypeScript: `import`, `export … from`, `require`, dynamic `import()`, AMD lists.

use crate::collector::{Collector, Qualifier};
use crate::text::{Blocks, CLASS, Class, Comments, Cursor, line_end, quoted_end, utf8, word_end};
use crate::{ImportKind, Language};

/// Template literals within template literals; deeper ones are taken for text.
const TEMPLATE_DEPTH_MAX: usize = 64;
/// Bytes of an import clause between the keyword and its string.
const CLAUSE_BYTES_MAX: usize = 64 * 1024;
/// Bytes before a `require` in which the names that it is taken apart into are looked for.
const PATTERN_BYTES_MAX: usize = 4 * 1024;
/// Bytes of an expression that builds a path in which the package folder is looked for.
const PATH_BYTES_MAX: usize = 256;
/// Mean length of a line from which a text counts as packed: its `require` is that of the packer.
const PACKED_LINE_BYTES: usize = 600;

/// Reads `bytes[at..end]`.
pub(crate) fn scan(out: &mut Collector<'_>, at: usize, end: usize) {
    let bytes = &out.bytes()[..end];
    let lines = memchr::memchr_iter(b'\n', &bytes[at..]).take(1 + (end - at) / PACKED_LINE_BYTES).count();
    let is_packed = (end - at) / (lines + 1) > PACKED_LINE_BYTES;
    let blocks = Blocks::new(false);
    let scan = Scan {
        bytes,
        blocks: &blocks,
        no_regex_before: 0,
        at,
        before: b';',
        chain: Qualifier::NONE,
        regex_may_follow: true,
        after_function: false,
        braces: 0,
        templates: Vec::new(),
        target: None,
        word: (0, 0),
        is_packed,
    };
    scan.run(out);
}

struct Scan<'a> {
    bytes: &'a [u8],
    blocks: &'a Blocks,
    /// Up to here no regular expression begins: one that did not end in its line was none.
    no_regex_before: usize,
    at: usize,
    /// The last significant byte.
    before: u8,
    /// What the name before the dot stands for.
    chain: Qualifier,
    /// Whether a slash here begins a regular expression.
    regex_may_follow: bool,
    after_function: bool,
    braces: u32,
    /// For each open `${`: how many braces were open before it.
    templates: Vec<u32>,
    /// The name that the `=` before this place assigns to.
    target: Option<(usize, usize)>,
    /// The last word.
    word: (usize, usize),
    is_packed: bool,
}

impl<'a> Scan<'a> {
    fn run(mut self, out: &mut Collector<'_>) {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            match CLASS[byte as usize] {
                Class::Blank | Class::Newline => self.at += 1,
                Class::Letter => self.word(out),
                Class::Digit => {
                    self.at = word_end(self.bytes, self.at);
                    self.regex_may_follow = false;
                    self.before = b'0';
                }
                Class::Quote if byte == b'`' => {
                    self.at += 1;
                    self.template(out);
                }
                Class::Quote => self.string(out),
                Class::Slash => self.slash(out),
                Class::Hash | Class::Other => self.mark(byte, out),
            }
        }
    }

    fn mark(&mut self, byte: u8, out: &mut Collector<'_>) {
        self.at += 1;
        match byte {
            b'{' => self.braces += 1,
            b'}' => {
                self.braces = self.braces.saturating_sub(1);
                if self.templates.last() == Some(&self.braces) {
                    self.templates.pop();
                    self.template(out);
                    return;
                }
            }
            b'=' => {
                let is_plain = !matches!(self.bytes.get(self.at), Some(b'=' | b'>'))
                    && !matches!(self.before, b'=' | b'!' | b'<' | b'>');
                self.target = (is_plain && self.before == b'a').then_some(self.word);
            }
            b';' | b',' => self.target = None,
            _ => {}
        }
        if byte != b'.' {
            self.chain = Qualifier::NONE;
        }
        // After `}` both are common; a regular expression there is at the start of a statement, which is rare.
        self.regex_may_follow = !matches!(byte, b')' | b']' | b'}');
        self.after_function = self.after_function && byte == b'*';
        // `?.` and `!.` select like a dot; `...` does not.
        self.before = if byte == b'.' && self.before == b'.' { b',' } else { byte };
    }

    fn slash(&mut self, out: &mut Collector<'_>) {
        match self.bytes.get(self.at + 1) {
            Some(b'/') => {
                let end = line_end(self.bytes, self.at);
                reference(self.bytes, self.at, end, out);
                self.at = end;
            }
            Some(b'*') => self.at = self.blocks.end(self.bytes, self.at),
            _ if self.regex_may_follow && self.at >= self.no_regex_before => self.regex(),
            _ => {
                self.at += 1;
                self.before = b'/';
                self.chain = Qualifier::NONE;
                self.regex_may_follow = true;
            }
        }
    }

    /// Passes over a regular expression, which ends in its line; if it does not, the slash was something else.
    fn regex(&mut self) {
        let mut at = self.at + 1;
        let mut in_class = false;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'\n' => break,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.at = word_end(self.bytes, at + 1);
                    self.regex_may_follow = false;
                    self.before = b'/';
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        self.no_regex_before = at;
        self.at += 1;
        self.before = b'/';
    }

    fn string(&mut self, out: &mut Collector<'_>) {
        let (end, after) = quoted_end(self.bytes, self.at, false);
        out.string(&self.bytes[self.at + 1..end.max(self.at + 1)], self.at + 1);
        self.at = after;
        self.settle(b'"');
    }

    fn settle(&mut self, byte: u8) {
        self.before = byte;
        self.regex_may_follow = false;
        self.chain = Qualifier::NONE;
        self.after_function = false;
    }

    /// Reads the text of a template literal from here to its end or to the next `${`.
    fn template(&mut self, out: &mut Collector<'_>) {
        let start = self.at;
        loop {
            let Some(found) = memchr::memchr3(b'`', b'\\', b'$', &self.bytes[self.at..]) else {
                self.at = self.bytes.len();
                break;
            };
            self.at += found;
            match self.bytes[self.at] {
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                b'`' => {
                    self.at += 1;
                    break;
                }
                _ if self.bytes.get(self.at + 1) == Some(&b'{')
                    && self.templates.len() < TEMPLATE_DEPTH_MAX =>
                {
                    template_text(self.bytes, start, self.at, out);
                    self.at += 2;
                    self.templates.push(self.braces);
                    self.braces += 1;
                    self.before = b'{';
                    self.regex_may_follow = true;
                    self.chain = Qualifier::NONE;
                    return;
                }
                _ => self.at += 1,
            }
        }
        template_text(self.bytes, start, self.at, out);
        self.settle(b'"');
    }

    fn word(&mut self, out: &mut Collector<'_>) {
        let start = self.at;
        let end = word_end(self.bytes, start);
        let word = &self.bytes[start..end];
        self.at = end;
        let after_dot = self.before == b'.';
        let after_function = std::mem::replace(&mut self.after_function, word == b"function");
        if !after_dot && self.statement(word, start, after_function, out) {
            return;
        }
        let next = self.bytes.get(end).copied().unwrap_or(b' ');
        if after_dot {
            out.name(word, start, self.chain);
            // The receiver of what follows is a value, not the package.
            if next != b'.' {
                self.chain = Qualifier::NONE;
            }
        } else {
            let is_known = matches!(next, b'.' | b'(' | b'?' | b'!' | b'<' | b',' | b'}' | b')' | b' ');
            let qualifier = if is_known { out.resolve(word) } else { Qualifier::NONE };
            self.chain = qualifier;
            let is_taken_apart =
                matches!(self.before, b'{' | b',') && matches!(next, b',' | b'}' | b' ' | b':');
            if next == b'(' || is_taken_apart || qualifier != Qualifier::NONE {
                out.name(word, start, qualifier);
            }
        }
        self.word = (start, end);
        self.before = b'a';
        self.regex_may_follow = is_operator_word(word) && !after_dot;
    }

    /// Import and export statements and loading calls. Whether it was one, read to its end.
    fn statement(
        &mut self,
        word: &[u8],
        start: usize,
        after_function: bool,
        out: &mut Collector<'_>,
    ) -> bool {
        let mut cursor = Cursor::new(self.bytes, self.at, Comments::Slashes(self.blocks));
        let done = match word {
            b"import" if !import(&mut cursor, out) => {
                self.at = cursor.at;
                false
            }
            b"export" if !export(&mut cursor, self.blocks, out) => {
                // What was read of a list that is no import need not be read again.
                self.at = cursor.at;
                false
            }
            b"import" | b"export" => true,
            b"require" if !after_function => self.require(&mut cursor, start, out),
            b"define" => amd(&mut cursor, out),
            b"importScripts" | b"__webpack_require__" => false,
            _ => return false,
        };
        if done {
            self.at = cursor.at;
            self.settle(b')');
        }
        done
    }

    /// `require("x")`, `require.resolve("x")`, `require(["x", "y"], …)`.
    fn require(&mut self, cursor: &mut Cursor<'a>, start: usize, out: &mut Collector<'_>) -> bool {
        cursor.blanks(true);
        if cursor.eat(b".") {
            if !matches!(cursor.word(), Some(b"resolve")) {
                return false;
            }
            cursor.blanks(true);
        }
        if !cursor.eat(b"(") {
            return false;
        }
        cursor.blanks(true);
        if cursor.peek() == Some(b'[') {
            return list(cursor, out);
        }
        let qualifier = match argument(cursor) {
            Argument::Literal(name, at) => specifier(name, at, ImportKind::Code, out),
            Argument::Local => return true,
            Argument::Computed => {
                // A parameter list of a method that is called `require`, or the packer's own function.
                if !self.is_packed {
                    out.dynamic(Language::JavaScript, start);
                }
                return true;
            }
        };
        if let Some((from, to)) = self.target.take() {
            out.alias(&self.bytes[from..to], qualifier);
        } else {
            self.pattern(start, qualifier, out);
        }
        // `require("x").name`
        cursor.blanks(true);
        if cursor.eat(b")") {
            cursor.blanks(true);
            if cursor.eat(b".") {
                cursor.blanks(true);
                let at = cursor.at;
                if let Some(name) = cursor.word() {
                    out.name(name, at, qualifier);
                }
            }
        }
        true
    }

    /// The names in `{ a, b: c } =` before a `require` at `start`.
    fn pattern(&self, start: usize, qualifier: Qualifier, out: &mut Collector<'_>) {
        let from = start.saturating_sub(PATTERN_BYTES_MAX);
        let head = self.bytes[from..start].trim_ascii_end();
        let Some(head) = head.strip_suffix(b"=") else { return };
        let Some(head) = head.trim_ascii_end().strip_suffix(b"}") else { return };
        let Some(open) = memchr::memrchr(b'{', head) else { return };
        let mut cursor =
            Cursor::new(&self.bytes[..from + head.len()], from + open + 1, Comments::Slashes(self.blocks));
        while cursor.at < cursor.bytes.len() && cursor.peek() != Some(b'}') {
            cursor.blanks(true);
            let at = cursor.at;
            match cursor.word() {
                Some(name) => {
                    out.name(name, at, qualifier);
                    out.alias(name, qualifier);
                }
                None => cursor.at += 1,
            }
        }
    }
}

/// Words after which an expression begins.
fn is_operator_word(word: &[u8]) -> bool {
    matches!(
        word,
        b"return"
            | b"typeof"
            | b"case"
            | b"in"
            | b"of"
            | b"do"
            | b"else"
            | b"void"
            | b"delete"
            | b"throw"
            | b"new"
            | b"instanceof"
            | b"yield"
            | b"await"
    )
}

/// Strings within the text of a template literal are kept as mentions: should a stray backtick have made
/// code look like text, what it imports is not taken for unused.
fn template_text(bytes: &[u8], start: usize, end: usize, out: &mut Collector<'_>) {
    let text = &bytes[start..end];
    out.string(text.strip_suffix(b"`").unwrap_or(text), start);
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\'', &text[at..]) {
        at += found;
        let (stop, after) = quoted_end(text, at, false);
        out.string(&text[at + 1..stop.max(at + 1)], start + at + 1);
        at = after;
    }
}

/// `/// <reference types="node" />`
fn reference(bytes: &[u8], start: usize, end: usize, out: &mut Collector<'_>) {
    let line = &bytes[start..end];
    if !line.starts_with(b"///") {
        return;
    }
    if let Some(at) = memchr::memmem::find(line, b"types=") {
        let mut cursor = Cursor::new(&bytes[..end], start + at + 6, Comments::Hash);
        if let Some((name, at)) = cursor.quoted() {
            specifier(name, at, ImportKind::Types, out);
        }
    }
}

/// `import "x"`, `import a, { b as c } from "x"`, `import * as a from "x"`, `import type …`, `import("x")`.
fn import(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    let start = cursor.at;
    cursor.blanks(true);
    match cursor.peek() {
        Some(b'(') => {
            cursor.at += 1;
            match argument(cursor) {
                Argument::Literal(name, at) => {
                    specifier(name, at, ImportKind::Code, out);
                }
                Argument::Local => {}
                Argument::Computed => out.dynamic(Language::JavaScript, start),
            }
            true
        }
        Some(b'"' | b'\'') => {
            let Some((name, at)) = cursor.quoted() else { return false };
            specifier(name, at, ImportKind::Code, out);
            true
        }
        Some(b'.') | None => false,
        Some(_) => clause(cursor, out),
    }
}

/// `export { a } from "x"`, `export * from "x"`, `export type { A } from "x"`.
fn export(cursor: &mut Cursor<'_>, blocks: &Blocks, out: &mut Collector<'_>) -> bool {
    cursor.blanks(true);
    if cursor.next_word(true) == b"type" {
        let mut ahead = Cursor::new(cursor.bytes, cursor.at + 4, Comments::Slashes(blocks));
        ahead.blanks(true);
        if !matches!(ahead.peek(), Some(b'{' | b'*')) {
            return false;
        }
    } else if !matches!(cursor.peek(), Some(b'{' | b'*')) {
        return false;
    }
    clause(cursor, out)
}

/// The clause between `import` or `export` and the string, and the string.
fn clause(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    let start = cursor.at;
    let mut bound: Vec<(usize, usize)> = Vec::new();
    let mut kind = ImportKind::Code;
    loop {
        cursor.blanks(true);
        let at = cursor.at;
        if at - start > CLAUSE_BYTES_MAX {
            return false;
        }
        if let Some(word) = cursor.word() {
            cursor.blanks(true);
            let next = cursor.peek();
            if word == b"from" && matches!(next, Some(b'"' | b'\'')) {
                break;
            }
            if matches!(word, b"import" | b"export") && bound.last().is_some_and(|last| last.1 < at) {
                cursor.at = at;
                return false;
            }
            let is_marker = matches!(word, b"type" | b"typeof") && !matches!(next, Some(b',' | b'}' | b'='));
            if is_marker && bound.is_empty() && at == start && cursor.next_word(true) != b"from" {
                kind = ImportKind::Types;
            } else if !is_marker && word != b"as" && word != b"default" {
                bound.push((at, cursor.at.min(at + word.len())));
            }
        } else {
            match cursor.peek() {
                Some(b'{' | b'}' | b',' | b'*') => cursor.at += 1,
                Some(b'"' | b'\'') => {
                    cursor.quoted();
                }
                _ => return false,
            }
        }
    }
    let Some((name, at)) = cursor.quoted() else { return false };
    let qualifier = specifier(name, at, kind, out);
    for (from, to) in bound {
        let word = &cursor.bytes[from..to];
        out.name(word, from, qualifier);
        out.alias(word, qualifier);
    }
    true
}

/// `define(["a", "b"], …)`, `define("name", ["a"], …)`.
fn amd(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    cursor.blanks(true);
    if !cursor.eat(b"(") {
        return false;
    }
    cursor.blanks(true);
    if cursor.quoted().is_some() {
        cursor.blanks(true);
        if !cursor.eat(b",") {
            return false;
        }
        cursor.blanks(true);
    }
    cursor.peek() == Some(b'[') && list(cursor, out)
}

/// A list of names: `["a", "b"]`.
fn list(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    cursor.at += 1;
    loop {
        cursor.blanks(true);
        if let Some((name, at)) = cursor.quoted() {
            specifier(name, at, ImportKind::Code, out);
        } else if !cursor.eat(b",") {
            return true;
        }
    }
}

enum Argument<'a> {
    /// A name, or the beginning of one that is long enough to tell the package.
    Literal(&'a [u8], usize),
    /// A file of the project.
    Local,
    Computed,
}

/// The first argument of a loading call, after its parenthesis.
fn argument<'a>(cursor: &mut Cursor<'a>) -> Argument<'a> {
    cursor.blanks(true);
    let Some(first) = cursor.peek() else { return Argument::Computed };
    if first.is_ascii_digit() || first == b')' {
        return Argument::Local;
    }
    let Some((text, at)) = cursor.quoted() else { return computed(cursor) };
    let text = if first == b'`' { text.split(|byte| *byte == b'$').next().unwrap_or_default() } else { text };
    let goes_on = at + text.len() < cursor.at.saturating_sub(1) || {
        cursor.blanks(true);
        cursor.peek() == Some(b'+')
    };
    if matches!(text.first(), Some(b'.' | b'/' | b'#')) {
        return Argument::Local;
    }
    match package_of(text) {
        Some(package) if !goes_on || package.len() < text.len() => Argument::Literal(text, at),
        Some(_) => Argument::Computed,
        None if text.is_empty() || goes_on => Argument::Computed,
        None => Argument::Local,
    }
}

/// Expressions that give a path of the project: `path.join(__dirname, "x")`, `__dirname + "/x"`.
fn computed<'a>(cursor: &mut Cursor<'a>) -> Argument<'a> {
    let Some(name) = cursor.dotted() else { return Argument::Computed };
    let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let is_path = matches!(
        last,
        b"__dirname" | b"join" | b"resolve" | b"pathToFileURL" | b"fileURLToPath" | b"__filename" | b"cwd"
    );
    if !is_path {
        return Argument::Computed;
    }
    let rest = &cursor.bytes[cursor.at..cursor.bytes.len().min(cursor.at + PATH_BYTES_MAX)];
    let rest = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if memchr::memmem::find(rest, b"node_modules").is_some() { Argument::Computed } else { Argument::Local }
}

/// The package part of a module specifier: `@a/b` of `@a/b/c`, `a` of `a/c`.
pub(crate) fn package_of(text: &[u8]) -> Option<&[u8]> {
    let mut slashes = memchr::memchr_iter(b'/', text);
    let end = if text.first() == Some(&b'@') {
        // `@/x` is a customary alias of the project's own folder.
        if slashes.next()? == 1 {
            return None;
        }
        slashes.next().unwrap_or(text.len())
    } else {
        slashes.next().unwrap_or(text.len())
    };
    let package = &text[..end];
    let is_name = package.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~@/!*'()$".contains(byte));
    (is_name && !package.is_empty() && package[0] != b'.').then_some(package)
}

/// Records a module specifier, with the loaders and queries that bundlers know taken off.
fn specifier(text: &[u8], at: usize, kind: ImportKind, out: &mut Collector<'_>) -> Qualifier {
    let mut found = Qualifier::NONE;
    for part in text.split(|byte| *byte == b'!') {
        let part = part.split(|byte| *byte == b'?').next().unwrap_or_default();
        let part = part.strip_prefix(b"npm:").unwrap_or(part);
        let part = part.strip_prefix(b"~").unwrap_or(part);
        let Some(package) = package_of(part) else { continue };
        // `react@18` is how some runtimes ask for a version.
        let name = match memchr::memrchr(b'@', package) {
            Some(version) if version > 0 => &package[..version],
            _ => part,
        };
        found = out.import(utf8(name), at, kind);
    }
    found
}
