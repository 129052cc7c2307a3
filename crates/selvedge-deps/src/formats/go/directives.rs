//! The notation that `go.mod` and `go.work` share (Go Modules Reference, "go.mod files", lexical elements):
//! directives, alone or in blocks, with `//` comments.

use std::collections::BTreeMap;
use std::ops::Range;

use selvedge_package::{Component, Ecosystem, Relation};

use crate::draft::Draft;
use crate::syntax::lines::{Line, lines};

/// Name under which advisories know Go's standard library.
const STANDARD_LIBRARY: &str = "stdlib";

/// One directive: `require example.com/a v1.0.0 // indirect`.
#[derive(Debug)]
pub(super) struct Directive<'a> {
    /// `require`; in a block, that of the block.
    pub(super) verb: &'a str,
    /// What follows, quotes removed.
    pub(super) arguments: Vec<&'a str>,
    /// The comment at the end of the line, without `//`.
    pub(super) comment: &'a str,
    /// Bytes of the arguments.
    pub(super) range: Range<usize>,
    /// 1-based line.
    pub(super) line: u32,
}

/// A `replace`: this module (in this version) is taken from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    /// Module that is replaced.
    pub(super) old: String,
    /// The one version that is replaced; `None` means every version.
    pub(super) old_version: Option<String>,
    /// Module or folder that stands in.
    pub(super) new: String,
    /// Its version; `None` for a folder.
    pub(super) new_version: Option<String>,
}

impl Replacement {
    /// Reads `old [version] => new [version]`.
    pub(super) fn parse(arguments: &[&str]) -> Option<Self> {
        let arrow = arguments.iter().position(|argument| *argument == "=>")?;
        let (old, old_version) = module_and_version(&arguments[..arrow])?;
        let (new, new_version) = module_and_version(&arguments[arrow + 1..])?;
        (new_version.is_some() || is_folder(&new)).then_some(Self { old, old_version, new, new_version })
    }
}

/// Replacements by the module, and the version where they are for one only.
#[derive(Debug, Default)]
pub(super) struct Replacements(BTreeMap<(String, Option<String>), Replacement>);

impl Replacements {
    /// Adds one; the first one for the same module and version holds.
    pub(super) fn add(&mut self, replacement: Replacement) {
        self.0.entry((replacement.old.clone(), replacement.old_version.clone())).or_insert(replacement);
    }

    /// The replacement that holds for a module: one that names the version goes before one for all of them.
    pub(super) fn of(&self, module: &str, version: &str) -> Option<&Replacement> {
        let exact = self.0.get(&(module.to_owned(), Some(version.to_owned())));
        exact.or_else(|| self.0.get(&(module.to_owned(), None)))
    }
}

fn module_and_version(arguments: &[&str]) -> Option<(String, Option<String>)> {
    match arguments {
        [module] => Some(((*module).to_owned(), None)),
        [module, version] => Some(((*module).to_owned(), Some((*version).to_owned()))),
        _ => None,
    }
}

/// Whether the right side of a replacement is a folder and not a module: it begins with `./`, `../`, `/` or
/// a drive.
pub(super) fn is_folder(target: &str) -> bool {
    let bytes = target.as_bytes();
    let has_drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    matches!(target, "." | "..")
        || ["./", "../", "/", ".\\", "..\\", "\\"].iter().any(|start| target.starts_with(start))
        || has_drive
}

/// Every directive of the draft's file.
pub(super) fn directives<'a>(draft: &mut Draft<'a>) -> Vec<Directive<'a>> {
    let mut directives = Vec::new();
    let mut block: Option<(&str, u32)> = None;
    for line in lines(draft) {
        let (code, comment) = split_comment(line.text);
        let mut words = words(code);
        if words.is_empty() {
            continue;
        }
        match block {
            Some(_) if words == [")"] => block = None,
            Some((verb, _)) => directives.push(directive(verb, words, comment, &line, code)),
            None if words.len() == 2 && words[1] == "(" => block = Some((words[0], line.number)),
            None if words.len() == 1 && words[0].len() > 1 && words[0].ends_with('(') => {
                block = Some((words[0].trim_end_matches('('), line.number));
            }
            None => {
                let verb = words.remove(0);
                directives.push(directive(verb, words, comment, &line, code));
            }
        }
    }
    if let Some((verb, line)) = block {
        draft.problem(line, format!("the block of `{verb}` is not closed"));
    }
    directives
}

fn directive<'a>(
    verb: &'a str,
    arguments: Vec<&'a str>,
    comment: &'a str,
    line: &Line<'a>,
    code: &str,
) -> Directive<'a> {
    let code = code.trim();
    let range = match code.strip_prefix(verb).filter(|rest| rest.starts_with([' ', '\t'])) {
        Some(rest) if arguments.first().is_some_and(|first| *first != verb) => line.range_of(rest.trim()),
        _ => line.range_of(code),
    };
    Directive { verb, arguments, comment, range, line: line.number }
}

/// The line before `//`, which is no comment inside of a string or a word such as `https://`, and after it.
fn split_comment(text: &str) -> (&str, &str) {
    let mut quote = None;
    let mut after_space = true;
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '`') => quote = Some(character),
            None if after_space && text[at..].starts_with("//") => {
                return (&text[..at], text[at + 2..].trim());
            }
            Some(_) | None => {}
        }
        after_space = character.is_ascii_whitespace() || character == ')';
    }
    (text, "")
}

/// Words of a line; `"…"` and `` `…` `` are one word each, without their quotes.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = if matches!(first, '"' | '`') {
            rest[1..].split_once(first).unwrap_or((&rest[1..], ""))
        } else {
            rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()))
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// The standard library that the file asks for: the `toolchain`, else the `go` directive.
///
/// A `go` directive is the least version that is needed; what it is built with is known only where it is
/// built. It is also the version that is used unless somebody chose a later one.
pub(super) fn standard_library(draft: &Draft<'_>, directives: &[Directive<'_>]) -> Option<Component> {
    let named = |verb: &str| {
        let directive = directives.iter().rfind(|it| it.verb == verb)?;
        let version = directive.arguments.first()?;
        Some((directive, *version)).filter(|(_, version)| *version != "default")
    };
    let (directive, version, requirement) = match named("toolchain") {
        Some((directive, version)) => (directive, toolchain_version(version), None),
        None => named("go").map(|(directive, version)| (directive, version, Some(format!(">={version}"))))?,
    };
    Some(Component {
        ecosystem: Ecosystem::Go,
        name: STANDARD_LIBRARY.to_owned(),
        version: Some(version.to_owned()),
        requirement,
        relation: Relation::Direct,
        span: draft.span(directive.range.clone()),
        ..Component::default()
    })
}

/// `go1.23.6-suffix` names release 1.23.6 of a certain build (Go Toolchains, "Go versions").
fn toolchain_version(name: &str) -> &str {
    let name = name.strip_prefix("go").unwrap_or(name);
    name.split(['-', ' ', '+']).next().unwrap_or(name)
}
