//! Python: `import a.b as c`, `from a import b`, and the calls that import by a name.

use crate::collector::{Collector, Qualifier};
use crate::text::{CLASS, Class, Comments, Cursor, is_word, line_end, quoted_end, utf8, word_end};
use crate::{ImportKind, Language};

/// Functions that import what their first argument names: the import system's own, pytest's, and those of
/// Django, Werkzeug, `pydoc` and Celery that frameworks pass settings to.
const LOADERS: &[&[u8]] = &[
    b"import_module",
    b"__import__",
    b"importorskip",
    b"import_string",
    b"import_from_string",
    b"import_object",
    b"locate",
    b"find_spec",
    b"find_loader",
    b"run_module",
    b"autoload_module",
];

/// Functions that load whatever installed packages offer themselves.
const PLUGIN_LOADERS: &[&[u8]] = &[b"entry_points", b"iter_entry_points", b"load_entry_point", b"EntryPoint"];

/// Those of [`LOADERS`] that tell by their name alone what they do; the others are words of everyday code
/// and count only with a literal name.
fn is_sure_loader(word: &[u8]) -> bool {
    matches!(
        word,
        b"import_module" | b"__import__" | b"import_string" | b"import_from_string" | b"import_object"
    )
}

/// Reads `bytes[at..end]`.
pub(crate) fn scan(out: &mut Collector<'_>, at: usize, end: usize) {
    let bytes = &out.bytes()[..end];
    Scan { bytes, at, fresh: true, dot: false, chain: Qualifier::NONE, after_def: false }.run(out);
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// A statement may begin here.
    fresh: bool,
    /// The last thing was a dot.
    dot: bool,
    /// What the name before the dot stands for.
    chain: Qualifier,
    /// The last word was `def`.
    after_def: bool,
}

impl Scan<'_> {
    fn run(mut self, out: &mut Collector<'_>) {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            match CLASS[byte as usize] {
                Class::Blank => self.at += 1,
                Class::Newline => {
                    self.at += 1;
                    self.fresh = true;
                    self.dot = false;
                }
                Class::Letter => self.word(out),
                Class::Digit => {
                    self.at = word_end(self.bytes, self.at);
                    self.settle();
                }
                Class::Quote => self.string(out, false, false),
                Class::Hash => self.at = line_end(self.bytes, self.at),
                Class::Slash | Class::Other => self.mark(byte),
            }
        }
    }

    fn settle(&mut self) {
        self.fresh = false;
        self.dot = false;
        self.after_def = false;
    }

    fn mark(&mut self, byte: u8) {
        self.at += 1;
        match byte {
            b'\\' if self.bytes.get(self.at) == Some(&b'\n') => self.at += 1,
            b':' | b';' => {
                self.fresh = true;
                self.dot = false;
            }
            b'.' => {
                if self.dot || self.fresh {
                    self.chain = Qualifier::NONE;
                }
                self.dot = true;
                self.fresh = false;
            }
            _ => {
                self.settle();
                self.chain = Qualifier::NONE;
            }
        }
    }

    fn word(&mut self, out: &mut Collector<'_>) {
        let start = self.at;
        let end = word_end(self.bytes, start);
        let word = &self.bytes[start..end];
        let next = self.bytes.get(end).copied().unwrap_or(b'\n');
        if matches!(next, b'"' | b'\'') && is_string_prefix(word) {
            self.at = end;
            let has = |letter: u8| word.iter().any(|byte| byte.to_ascii_lowercase() == letter);
            self.string(out, has(b'r'), has(b'f') || has(b't'));
            return;
        }
        self.at = end;
        if self.fresh && matches!(word, b"import" | b"cimport" | b"from") && !self.dot {
            let mut cursor = Cursor::new(self.bytes, end, Comments::Hash);
            let is_import =
                if word == b"from" { from_import(&mut cursor, out) } else { plain_import(&mut cursor, out) };
            if is_import {
                self.at = cursor.at;
                self.settle();
                return;
            }
        }
        if self.dot {
            out.name(word, start, self.chain);
        } else {
            self.chain = if next == b'.' { out.resolve(word) } else { Qualifier::NONE };
            if next == b'(' || out.has_glob {
                out.name(word, start, out.resolve(word));
            }
        }
        if word.len() >= 6 && !self.after_def {
            loader_call(self.bytes, word, start, end, out);
        }
        // `else: import x` and `try: import x` begin after the colon; `import` after another word does not.
        self.settle();
        self.after_def = word == b"def" || word == b"class";
    }

    fn string(&mut self, out: &mut Collector<'_>, raw: bool, code_inside: bool) {
        let start = self.at;
        let quote = self.bytes[start];
        if quote == b'`' {
            self.at += 1;
            return;
        }
        let (content, end) = if self.bytes[start..].starts_with(&[quote; 3]) {
            let (stop, end) = triple_end(self.bytes, start);
            (start + 3..stop, end)
        } else {
            // A raw string, too, cannot end with an escaped quote: backslash and quote stay together.
            let _ = raw;
            let (stop, end) = quoted_end(self.bytes, start, false);
            (start + 1..stop, end)
        };
        let text = &self.bytes[content.clone()];
        if code_inside {
            names_inside(text, content.start, out);
        }
        out.string(text, content.start);
        self.at = end;
        // `"".join` is no name of a package.
        self.chain = Qualifier::NONE;
        self.settle();
    }
}

fn is_string_prefix(word: &[u8]) -> bool {
    word.len() <= 2
        && word.iter().all(|byte| matches!(byte.to_ascii_lowercase(), b'r' | b'b' | b'u' | b'f' | b't'))
}

/// The end of the content and of the whole of a triple-quoted string.
fn triple_end(bytes: &[u8], start: usize) -> (usize, usize) {
    let quote = bytes[start];
    let mut from = start + 3;
    while let Some(found) = memchr::memchr2(quote, b'\\', &bytes[from..]) {
        from += found;
        if bytes[from] == b'\\' {
            from = (from + 2).min(bytes.len());
        } else if bytes[from..].starts_with(&[quote; 3]) {
            return (from, from + 3);
        } else {
            from += 1;
        }
    }
    (bytes.len(), bytes.len())
}

/// Identifiers in a formatted string, whose braces hold expressions.
fn names_inside(text: &[u8], offset: usize, out: &mut Collector<'_>) {
    let Some(mut at) = memchr::memchr(b'{', text) else { return };
    let mut before = b' ';
    let mut chain = Qualifier::NONE;
    while at < text.len() {
        if CLASS[text[at] as usize] == Class::Letter {
            let end = word_end(text, at);
            let word = &text[at..end];
            if before == b'.' {
                out.name(word, offset + at, chain);
            } else {
                chain = out.resolve(word);
                if text.get(end) == Some(&b'(') {
                    out.name(word, offset + at, chain);
                }
            }
            before = b'a';
            at = end;
        } else {
            before = text[at];
            at += 1;
        }
    }
}

/// `import a.b as c, d`. Whether it was one.
fn plain_import(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    let mut any = false;
    loop {
        cursor.blanks(false);
        let start = cursor.at;
        let Some(name) = cursor.dotted() else { return any };
        any = true;
        let qualifier = out.import(utf8(name), start, ImportKind::Code);
        let first = name.split(|byte| *byte == b'.').next().unwrap_or_default();
        if cursor.next_word(false) == b"as" {
            cursor.blanks(false);
            cursor.word();
            cursor.blanks(false);
            if let Some(alias) = cursor.word() {
                out.alias(alias, qualifier);
            }
        } else {
            out.alias(first, qualifier);
        }
        for part in name.split(|byte| *byte == b'.').skip(1) {
            out.name(part, start, qualifier);
        }
        cursor.blanks(false);
        if !cursor.eat(b",") {
            return true;
        }
    }
}

/// `from a.b import c as d, (e, f)`, `from a import *`. Relative ones name the project itself.
fn from_import(cursor: &mut Cursor<'_>, out: &mut Collector<'_>) -> bool {
    cursor.blanks(false);
    let start = cursor.at;
    while cursor.peek() == Some(b'.') {
        cursor.at += 1;
        cursor.blanks(false);
    }
    let is_relative = cursor.at > start;
    let module_at = cursor.at;
    let is_bare = matches!(cursor.next_word(false), b"import" | b"cimport");
    let module = if is_relative && is_bare { None } else { cursor.dotted() };
    cursor.blanks(false);
    if !matches!(cursor.word(), Some(b"import" | b"cimport")) {
        return false;
    }
    cursor.blanks(false);
    let in_parentheses = cursor.eat(b"(");
    cursor.blanks(in_parentheses);
    let module = if is_relative { "" } else { utf8(module.unwrap_or_default()) };
    let qualifier = out.import(module, module_at, ImportKind::Code);
    if cursor.eat(b"*") {
        out.has_glob = true;
        return true;
    }
    loop {
        cursor.blanks(in_parentheses);
        let at = cursor.at;
        let Some(name) = cursor.word() else { return true };
        // The name may be a submodule: a package such as `google.cloud.storage` is imported this way.
        let own = if module.is_empty() {
            Qualifier::NONE
        } else if might_be_module(module, name) {
            out.import(&format!("{module}.{}", utf8(name)), at, ImportKind::Code)
        } else {
            qualifier
        };
        out.name(name, at, qualifier);
        let mut bound = name;
        if cursor.next_word(in_parentheses) == b"as" {
            cursor.blanks(in_parentheses);
            cursor.word();
            cursor.blanks(in_parentheses);
            bound = cursor.word().unwrap_or(name);
        }
        out.alias(bound, own);
        cursor.blanks(in_parentheses);
        if !cursor.eat(b",") {
            return true;
        }
    }
}

/// Several distributions share one top-level package only where it is a namespace; those that matter are
/// lower-case names at most three deep.
fn might_be_module(module: &str, name: &[u8]) -> bool {
    const NAMESPACES: &[&str] = &[
        "google",
        "azure",
        "zope",
        "opentelemetry",
        "backports",
        "ruamel",
        "jaraco",
        "sphinxcontrib",
        "paste",
        "keyrings",
        "airflow",
        "mpl_toolkits",
        "plone",
        "collective",
        "oslo",
        "odoo",
        "dagster",
        "streamlit",
        "twisted",
        "mypy",
        "ibm",
        "snowflake",
        "dbt",
        "llama_index",
        "langchain",
        "pyramid",
        "repoze",
        "flufl",
        "lazr",
        "tlz",
        "cloudevents",
        "allennlp",
        "jupyter",
        "saml2",
        "django",
        "ansible_collections",
        "homeassistant",
        "nvidia",
        "pkg_resources",
    ];
    let first = module.split('.').next().unwrap_or_default();
    name.first().is_some_and(u8::is_ascii_lowercase) && NAMESPACES.contains(&first)
}

/// A call of one of [`LOADERS`], whose name ends at `end`.
fn loader_call(bytes: &[u8], word: &[u8], start: usize, end: usize, out: &mut Collector<'_>) {
    if !matches!(word[0], b'i' | b'_' | b'l' | b'f' | b'r' | b'a' | b'e' | b'E') {
        return;
    }
    let mut cursor = Cursor::new(bytes, end, Comments::Hash);
    cursor.blanks(false);
    let is_call = cursor.eat(b"(");
    if PLUGIN_LOADERS.contains(&word) {
        if is_call {
            out.dynamic(Language::Python, start);
        }
        return;
    }
    if !LOADERS.contains(&word) {
        return;
    }
    let argument = if is_call { argument(&mut cursor) } else { Argument::Computed };
    match argument {
        Argument::Literal(name, at) => {
            out.import(utf8(name), at, ImportKind::Code);
        }
        Argument::Computed if is_sure_loader(word) => out.dynamic(Language::Python, start),
        Argument::Local | Argument::Computed => {}
    }
}

enum Argument<'a> {
    /// A name, whole or at least its first part.
    Literal(&'a [u8], usize),
    /// Something of the project itself.
    Local,
    Computed,
}

/// The first argument of a loader: `"a.b"`, `f"a.{x}"`, `"a." + x`, `"a.%s" % x`.
fn argument<'a>(cursor: &mut Cursor<'a>) -> Argument<'a> {
    cursor.blanks(true);
    if matches!(cursor.next_word(false), b"name") {
        let at = cursor.at;
        cursor.word();
        cursor.blanks(true);
        if !cursor.eat(b"=") {
            cursor.at = at;
        }
        cursor.blanks(true);
    }
    if matches!(cursor.next_word(false), b"__name__" | b"__package__") {
        return Argument::Local;
    }
    let at = cursor.at;
    if cursor.word().is_some_and(|word| !is_string_prefix(word)) {
        cursor.at = at;
        return Argument::Computed;
    }
    let Some((text, at)) = cursor.quoted() else { return Argument::Computed };
    if text.first() == Some(&b'.') {
        return Argument::Local;
    }
    let end = text.iter().position(|byte| !(is_word(*byte) || *byte == b'.')).unwrap_or(text.len());
    let name = &text[..end];
    cursor.blanks(true);
    let is_whole = end == text.len() && matches!(cursor.peek(), Some(b')' | b',') | None);
    match (is_whole, memchr::memrchr(b'.', name)) {
        (true, _) if !name.is_empty() => Argument::Literal(name, at),
        // The last part may go on in what follows.
        (false, Some(dot)) if dot > 0 => Argument::Literal(&name[..dot], at),
        _ => Argument::Computed,
    }
}
