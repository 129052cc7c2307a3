//! The ways in which a piece of code may be read: as it is, or with around it what it needs to be whole.

use super::substitute::{Style, substitute};
use crate::kind::Kind;
use crate::language::Language;

/// One way to read a pattern.
pub(super) struct Reading {
    /// The grammar to read it with.
    pub(super) grammar: Language,
    /// What is parsed.
    pub(super) source: String,
    /// Which node of the result is the pattern.
    pub(super) pick: Pick,
}

/// Which part of what was parsed is the pattern.
#[derive(Clone, Copy)]
pub(super) enum Pick {
    /// The statements of the file.
    All,
    /// The only entry or item of what the file holds, else all of it.
    Only,
    /// The first node of a kind.
    First(Kind),
    /// The statements of the first block in the first node of a kind.
    Inside(Kind),
    /// The first child of the first node of a kind.
    Below(Kind),
    /// The value of the assignment that is the file.
    Last,
    /// The value of the first definition.
    Value,
    /// What the first assignment assigns.
    Second,
    /// The first statement.
    FirstStatement,
    /// The arguments of the first call.
    Argument,
    /// The first node of a kind, whose children at these places may be anything.
    Partial(Kind, &'static [usize]),
}

/// Collects readings in the order in which they are tried.
struct Readings {
    grammar: Language,
    all: Vec<Reading>,
}

impl Readings {
    fn add(&mut self, source: String, pick: Pick) {
        self.all.push(Reading { grammar: self.grammar, source, pick });
    }
}

/// All readings of a pattern.
pub(super) fn readings(language: Language, text: &str) -> Vec<Reading> {
    let mut readings = Readings { grammar: language, all: Vec::new() };
    match language {
        Language::Python => python(&mut readings, text),
        Language::JavaScript | Language::TypeScript => {
            javascript(&mut readings, text);
            readings.grammar = Language::Tsx;
            javascript(&mut readings, text);
        }
        Language::Tsx => javascript(&mut readings, text),
        Language::Hcl => hcl(&mut readings, text),
        Language::Yaml => {
            readings.add(super::data::yaml(text), Pick::Only);
            readings.add(substitute(language, text, Style::Bare), Pick::Only);
        }
        Language::Json => {
            let source = super::data::json(text);
            readings.add(source.clone(), Pick::Only);
            readings.add(format!("{{{source}}}"), Pick::First(Kind::Pair));
        }
        Language::Html => {
            // Names of tags begin with a letter.
            let source = substitute(language, text, Style::Bare);
            readings.add(source.replace("__MV", "x__MV").replace("__ELL", "x__ELL"), Pick::All);
        }
        Language::Go => wrapped(&mut readings, text, GO),
        Language::Java => wrapped(&mut readings, text, JAVA),
        Language::Kotlin => wrapped(&mut readings, text, KOTLIN),
        Language::Rust => wrapped(&mut readings, text, RUST),
        Language::Scala => wrapped(&mut readings, text, SCALA),
        Language::Solidity => wrapped(&mut readings, text, SOLIDITY),
        Language::Bash => wrapped(&mut readings, text, PLAIN),
        Language::Dockerfile => {
            // A line of its own has to be some instruction.
            let lines: Vec<&str> =
                text.lines().map(|line| if line.trim() == "..." { "MAINTAINER ..." } else { line }).collect();
            wrapped(&mut readings, &lines.join("\n"), DOCKERFILE);
            wrapped(&mut readings, text, DOCKERFILE);
        }
        Language::Php => wrapped(&mut readings, text, PHP),
        Language::Ruby => wrapped(&mut readings, text, RUBY),
        Language::CSharp => wrapped(&mut readings, text, CSHARP),
        Language::C => {
            wrapped(&mut readings, text, C);
            readings.grammar = Language::Cpp;
            wrapped(&mut readings, text, C);
        }
        Language::Cpp => wrapped(&mut readings, text, C),
    }
    readings.all
}

fn python(readings: &mut Readings, text: &str) {
    let source = substitute(Language::Python, text, Style::Bare);
    readings.add(source.clone(), Pick::All);
    readings.add(substitute(Language::Python, text, Style::Starred), Pick::All);
    let first = source.trim_start();
    if first.starts_with("except") || first.starts_with("finally") {
        let kind = if first.starts_with("except") { Kind::Catch } else { Kind::Finally };
        readings.add(format!("try:\n  __ELL\n{source}"), Pick::First(kind));
    }
    if first.starts_with("else") || first.starts_with("elif") {
        readings.add(format!("if __ELL:\n  __ELL\n{source}"), Pick::Partial(Kind::If, &[0, 1]));
    }
    if first.starts_with("try") {
        readings.add(format!("{source}\nexcept __ELL: __ELL"), Pick::Partial(Kind::Try, &[2, 3, 4]));
    }
    if first.starts_with('@') {
        readings.add(format!("{source}\ndef __ELL(): __ELL"), Pick::First(Kind::Decorator));
    }
    let colon = if source.ends_with(':') { "" } else { ":" };
    let open: &[(&str, Kind, &'static [usize])] = &[
        ("if", Kind::If, &[1, 2]),
        ("while", Kind::While, &[1]),
        ("for", Kind::ForEach, &[2]),
        ("def", Kind::Function, &[4]),
        ("async def", Kind::Function, &[4]),
        ("class", Kind::Class, &[]),
        ("with", Kind::With, &[]),
    ];
    for (word, kind, places) in open {
        if first.starts_with(word) || first.starts_with('@') {
            readings.add(format!("{source}{colon}\n  __ELL"), Pick::Partial(*kind, places));
        }
    }
}

fn javascript(readings: &mut Readings, text: &str) {
    let grammar = readings.grammar;
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("//"))
        .unwrap_or("")
        .to_owned();
    if first.starts_with('{') {
        readings.add(format!("({})", substitute(grammar, text, Style::Bare)), Pick::All);
    }
    for style in [Style::Terminated, Style::Bare] {
        let source = substitute(grammar, text, style);
        let begins = |word: &str| first.starts_with(word);
        if begins("{") {
            readings.add(format!("({source})"), Pick::All);
        }
        if is_field(&first) {
            readings.add(format!("({{{source}}})"), Pick::First(Kind::Pair));
        }
        readings.add(source.clone(), Pick::All);
        if begins("function") || begins("async function") {
            readings.add(format!("({source})"), Pick::All);
        }
        if begins("import") {
            readings.add(quoted_module(&source), Pick::All);
        }
        if begins("<") {
            readings.add(braced_attributes(&source), Pick::All);
        }
        if begins("catch") {
            readings.add(format!("try {{}} {source}"), Pick::First(Kind::Catch));
        }
        if begins("finally") {
            readings.add(format!("try {{}} {source}"), Pick::First(Kind::Finally));
        }
        if begins("try") {
            readings.add(format!("{source} catch (e) {{}}"), Pick::Partial(Kind::Try, &[2, 3, 4]));
        }
        if begins("if") {
            readings.add(format!("{source} __ELL"), Pick::Partial(Kind::If, &[1, 2]));
        }
        if begins("else") {
            readings.add(format!("if (__ELL) __ELL; {source}"), Pick::Partial(Kind::If, &[0, 1]));
        }
        if begins("case") || begins("default") {
            readings.add(format!("switch (x) {{ {source} }}"), Pick::First(Kind::Case));
        }
        readings.add(format!("{source} {{}}"), Pick::Partial(Kind::Function, &[4]));
        readings.add(format!("{source} {{}}"), Pick::Partial(Kind::Class, &[]));
        readings.add(format!("class __W {{ {source} }}"), Pick::Inside(Kind::Class));
        readings.add(format!("class __W {{ {source} {{}} }}"), Pick::Partial(Kind::Function, &[4]));
        if begins("@") {
            readings.add(format!("{source} class __W {{}}"), Pick::First(Kind::Decorator));
        }
        readings.add(format!("({{ {source} }})"), Pick::Below(Kind::Dict));
    }
}

/// What stands around a pattern in one reading of it.
struct Wrap {
    /// The pattern begins with one of these; with anything, if there is none.
    begins: &'static [&'static str],
    before: &'static str,
    after: &'static str,
    pick: Pick,
}

/// A row of a table of readings.
const fn wrap(
    begins: &'static [&'static str],
    before: &'static str,
    after: &'static str,
    pick: Pick,
) -> Wrap {
    Wrap { begins, before, after, pick }
}

const JAVA: &[Wrap] = &[
    wrap(&["catch"], "try {} ", "", Pick::First(Kind::Catch)),
    wrap(&["finally"], "try {} ", "", Pick::First(Kind::Finally)),
    wrap(&["try"], "", " catch (int e) {}", Pick::Partial(Kind::Try, &[2, 3, 4])),
    wrap(&["case", "default"], "switch (x) { ", " }", Pick::First(Kind::Case)),
    wrap(&["super", "this"], "class __W { __W() { ", "; } }", Pick::Inside(Kind::Function)),
    wrap(&[], "", "", Pick::All),
    wrap(&[], "", ";", Pick::All),
    wrap(&["if"], "", " __ELL;", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&["else"], "if (__ELL) __ELL; ", "", Pick::Partial(Kind::If, &[0, 1])),
    wrap(&[], "class __W { ", " }", Pick::Inside(Kind::Class)),
    wrap(&[], "class __W { ", ";}", Pick::Inside(Kind::Class)),
    wrap(&[], "class __W { ", " {} }", Pick::Partial(Kind::Function, &[4])),
    wrap(&[], "", " {}", Pick::Partial(Kind::Class, &[])),
    wrap(&["@"], "", " class __W {}", Pick::First(Kind::Decorator)),
    wrap(&[], "int x = ", ";", Pick::Value),
];

const GO: &[Wrap] = &[
    wrap(&["case", "default"], "switch x {\n", "\n}", Pick::First(Kind::Case)),
    wrap(&["{"], "__ELL", "", Pick::First(Kind::Dict)),
    wrap(&[], "", "", Pick::All),
    wrap(&[], "", " {}", Pick::Partial(Kind::Function, &[4])),
    wrap(&["if"], "", " {}", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&["else"], "if __ELL {} ", "", Pick::Partial(Kind::If, &[0, 1])),
    wrap(&[], "func __W() {\n", "\n}", Pick::Inside(Kind::Function)),
    wrap(&[], "var x = ", "", Pick::Value),
    wrap(&[], "var x = __ELL{", "}", Pick::First(Kind::Pair)),
    wrap(&[], "type x interface {\n", "\n}", Pick::First(Kind::Function)),
    wrap(&[], "type x struct { x int ", " }", Pick::First(Kind::Str)),
];

const KOTLIN: &[Wrap] = &[
    wrap(&["catch"], "fun w() { try {} ", " }", Pick::First(Kind::Catch)),
    wrap(&["finally"], "fun w() { try {} ", " }", Pick::First(Kind::Finally)),
    wrap(&[], "", "\n", Pick::All),
    wrap(&[], "fun w() {\n", "\n}", Pick::Inside(Kind::Function)),
    wrap(&[], "class W {\n", "\n}", Pick::Inside(Kind::Class)),
    wrap(&[], "", " {}", Pick::Partial(Kind::Function, &[4])),
    wrap(&["if"], "fun w() {\n", " __ELL\n}", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&["@"], "", " class W {}", Pick::First(Kind::Decorator)),
];

const RUST: &[Wrap] = &[
    wrap(&[], "fn w() {\n", "\n}", Pick::Inside(Kind::Function)),
    wrap(&[], "fn w() {\n", ";\n}", Pick::Inside(Kind::Function)),
    wrap(&[], "", "", Pick::All),
    wrap(&[], "impl W {\n", "\n}", Pick::Inside(Kind::Class)),
    wrap(&[], "", " {}", Pick::Partial(Kind::Function, &[4])),
    wrap(&["if"], "fn w() {\n", " {}\n}", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&["#"], "", " fn w() {}", Pick::FirstStatement),
];

const SCALA: &[Wrap] = &[
    wrap(&["catch"], "def w = { try {} ", " }", Pick::First(Kind::Catch)),
    wrap(&["finally"], "def w = { try {} ", " }", Pick::First(Kind::Finally)),
    wrap(&["case"], "def w = x match {\n", "\n}", Pick::First(Kind::Case)),
    wrap(&[], "", "\n", Pick::All),
    wrap(&[], "def w = {\n", "\n}", Pick::Inside(Kind::Function)),
    wrap(&[], "class W {\n", "\n}", Pick::Inside(Kind::Class)),
    wrap(&[], "", " = {}", Pick::Partial(Kind::Function, &[4])),
    wrap(&["@"], "", " class W {}", Pick::First(Kind::Decorator)),
];

const SOLIDITY: &[Wrap] = &[
    wrap(&[], "contract W { function w() { ", " } }", Pick::Inside(Kind::Function)),
    wrap(&[], "contract W { function w() { ", "; } }", Pick::Inside(Kind::Function)),
    wrap(&[], "", "", Pick::All),
    wrap(&[], "contract W { ", " }", Pick::Inside(Kind::Class)),
    wrap(&[], "contract W { ", "; }", Pick::Inside(Kind::Class)),
    wrap(&[], "contract W { ", " {} }", Pick::Partial(Kind::Function, &[4])),
    wrap(&[], "", " {}", Pick::Partial(Kind::Class, &[])),
];

const PLAIN: &[Wrap] = &[wrap(&[], "", "", Pick::All), wrap(&[], "", "\n", Pick::All)];

const DOCKERFILE: &[Wrap] = &[wrap(&[], "", "\n", Pick::All), wrap(&[], "RUN ", "\n", Pick::Argument)];

const PHP: &[Wrap] = &[
    wrap(&["catch"], "<?php try {} ", "", Pick::First(Kind::Catch)),
    wrap(&["finally"], "<?php try {} ", "", Pick::First(Kind::Finally)),
    wrap(&["try"], "<?php ", " catch (E $e) {}", Pick::Partial(Kind::Try, &[2, 3, 4])),
    wrap(&["<?php"], "", "", Pick::All),
    wrap(&[], "<?php ", "", Pick::All),
    wrap(&[], "<?php ", ";", Pick::All),
    wrap(&["if"], "<?php ", " __ELL;", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&[], "<?php class __W { ", " }", Pick::Inside(Kind::Class)),
    wrap(&[], "<?php class __W { ", ";}", Pick::Inside(Kind::Class)),
    wrap(&[], "<?php class __W { ", " {} }", Pick::Partial(Kind::Function, &[4])),
    wrap(&[], "<?php ", " {}", Pick::Partial(Kind::Class, &[])),
    wrap(&[], "<?php ", " {}", Pick::Partial(Kind::Function, &[4])),
    wrap(&[], "<?php f([", "]);", Pick::First(Kind::Pair)),
];

const RUBY: &[Wrap] = &[
    wrap(&["rescue"], "begin\n__ELL\n", "\nend", Pick::First(Kind::Catch)),
    wrap(&["ensure"], "begin\n__ELL\n", "\nend", Pick::First(Kind::Finally)),
    wrap(&[], "", "", Pick::All),
    wrap(&[], "", "\nend", Pick::All),
    wrap(&["if"], "", "\n__ELL\nend", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&["def"], "", "\nend", Pick::Partial(Kind::Function, &[4])),
    wrap(&[], "f(", ")", Pick::First(Kind::Pair)),
    wrap(&[], "x = ", "", Pick::Second),
];

const CSHARP: &[Wrap] = &[
    wrap(&["using"], "", "", Pick::All),
    wrap(&["catch"], "try {} ", "", Pick::First(Kind::Catch)),
    wrap(&["finally"], "try {} ", "", Pick::First(Kind::Finally)),
    wrap(&["try"], "", " catch (E e) {}", Pick::Partial(Kind::Try, &[2, 3, 4])),
    wrap(&["case", "default"], "switch (x) { ", " }", Pick::First(Kind::Case)),
    wrap(&[], "class __W { void __W() { ", " } }", Pick::Inside(Kind::Function)),
    wrap(&[], "class __W { void __W() { ", "; } }", Pick::Inside(Kind::Function)),
    wrap(&[], "var x = ", ";", Pick::Value),
    wrap(&[], "", "", Pick::All),
    wrap(&[], "", ";", Pick::All),
    wrap(&["if"], "", " __ELL;", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&[], "class __W { ", " }", Pick::Inside(Kind::Class)),
    wrap(&[], "class __W { ", ";}", Pick::Inside(Kind::Class)),
    wrap(&[], "class __W { ", " {} }", Pick::Partial(Kind::Function, &[4])),
    wrap(&[], "", " {}", Pick::Partial(Kind::Class, &[])),
    wrap(&["["], "", " class __W {}", Pick::First(Kind::Decorator)),
];

const C: &[Wrap] = &[
    wrap(&["catch"], "void __W() { try {} ", " }", Pick::First(Kind::Catch)),
    wrap(&["case", "default"], "void __W() { switch (x) { ", " } }", Pick::First(Kind::Case)),
    wrap(&[], "void __W() { ", " }", Pick::Inside(Kind::Function)),
    wrap(&[], "void __W() { ", "; }", Pick::Inside(Kind::Function)),
    wrap(&[], "", "", Pick::All),
    wrap(&[], "", ";", Pick::All),
    wrap(&["if"], "void __W() { ", " __ELL; }", Pick::Partial(Kind::If, &[1, 2])),
    wrap(&[], "", " {}", Pick::Partial(Kind::Function, &[4])),
    wrap(&[], "class __W { ", " };", Pick::Inside(Kind::Class)),
    wrap(&[], "int x = ", ";", Pick::Value),
];

fn wrapped(readings: &mut Readings, text: &str, wraps: &[Wrap]) {
    let first = text.trim_start();
    let last = if readings.grammar == Language::Ruby { Style::Starred } else { Style::Bare };
    for style in [Style::Terminated, last] {
        let source = substitute(readings.grammar, text, style);
        if readings.grammar == Language::Go && is_field(first) {
            readings.add(format!("var x = __ELL{{{source}}}"), Pick::First(Kind::Pair));
        }
        for wrap in wraps {
            if wrap.begins.is_empty() || wrap.begins.iter().any(|word| first.starts_with(word)) {
                readings.add(format!("{}{source}{}", wrap.before, wrap.after), wrap.pick);
            }
        }
    }
}

fn hcl(readings: &mut Readings, text: &str) {
    for style in [Style::Terminated, Style::Bare] {
        let source = substitute(Language::Hcl, text, style);
        if text.trim_start().starts_with('{') {
            readings.add(format!("x = {source}\n"), Pick::First(Kind::Dict));
        }
        readings.add(format!("{source}\n"), Pick::All);
        readings.add(format!("x = {source}\n"), Pick::Last);
        readings.add(format!("x = {{\n{source}\n}}\n"), Pick::Below(Kind::Dict));
    }
}

/// Whether a line begins like a field of an object: a name and a colon.
fn is_field(line: &str) -> bool {
    let name = line.trim_start_matches(['"', '\'']);
    let len =
        name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')).count();
    let rest = name[len..].trim_start_matches(['"', '\'']).trim_start();
    len > 0 && rest.starts_with(':') && !rest.starts_with("::") && !line.starts_with("case")
}

/// `from $X` as a string, which the grammar wants.
fn quoted_module(source: &str) -> String {
    match source.rsplit_once("from ") {
        Some((before, module)) => format!("{before}from \"{}\"", module.trim_end().trim_end_matches(';')),
        None => source.to_owned(),
    }
}

/// `a=...` and `a=$X` of JSX get the braces that the grammar wants.
fn braced_attributes(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source;
    while let Some(at) = rest.find("=__") {
        let value = &rest[at + 1..];
        let len = value.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        out.push_str(&rest[..=at]);
        out.push('{');
        out.push_str(&value[..len]);
        out.push('}');
        rest = &value[len..];
    }
    out.push_str(rest);
    out
}
