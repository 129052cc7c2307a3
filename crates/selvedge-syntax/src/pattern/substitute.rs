//! From the text of a pattern to text that the grammar of its language can read.

use std::fmt::Write as _;

use super::marker::{DEEP, ELLIPSIS, META_ELLIPSIS, METAVARIABLE, STATEMENT, TYPED};
use crate::language::Language;

/// How an ellipsis is written where a statement or member is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As everywhere else.
    Bare,
    /// With what ends a statement, or as a member of a class.
    Terminated,
    /// Python: with stars where the entry of a dictionary is expected.
    Starred,
}

/// Replaces metavariables and ellipses by identifiers.
pub(super) fn substitute(language: Language, pattern: &str, style: Style) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut places = Places::default();
    let mut at = 0;
    let mut deep = 0usize;
    while at < pattern.len() {
        let rest = &pattern[at..];
        let quoted = places.quote.is_some();
        let (text, len) = if rest.starts_with("<...") && !quoted && !is_generic(rest) {
            deep += 1;
            (format!("{DEEP}("), 4)
        } else if rest.starts_with("...>") && !quoted && deep > 0 {
            deep -= 1;
            (")".to_owned(), 4)
        } else if let Some(name) = rest.strip_prefix("$...").and_then(metavariable_name) {
            let end = if style == Style::Terminated
                && !quoted
                && places.is_statement(pattern, at, 4 + name.len())
            {
                ";"
            } else {
                ""
            };
            let declared = !quoted && places.open.last() == Some(&Bracket::Declared);
            let kind = match language {
                _ if declared && takes_types(language) => "int ",
                Language::Php => "$",
                _ => "",
            };
            (format!("{kind}{META_ELLIPSIS}{name}{end}"), 4 + name.len())
        } else if let Some((text, len)) = typed(language, pattern, at).filter(|_| !quoted) {
            (text, len)
        } else if let Some((text, len)) = places.annotated(language, pattern, at).filter(|_| !quoted) {
            (text, len)
        } else if let Some(name) = rest
            .strip_prefix('$')
            .and_then(metavariable_name)
            .filter(|name| language != Language::Php || !SUPERGLOBALS.contains(name))
        {
            let text = format!("{}{METAVARIABLE}{name}", sigil(language, pattern, at, quoted));
            let after = rest[1 + name.len()..].trim_start();
            let statement =
                after.starts_with(';') && !quoted && places.is_statement(pattern, at, 1 + name.len());
            if language == Language::Php && quoted && after.starts_with("...") {
                (format!("{{{text}}}"), 1 + name.len())
            } else if !quoted && takes_types(language) && places.is_untyped(pattern, at, 1 + name.len()) {
                (format!("{ELLIPSIS} {text}"), 1 + name.len())
            } else if language == Language::CSharp && statement {
                (format!("{STATEMENT}({text})"), 1 + name.len())
            } else if language == Language::Dockerfile
                && !quoted
                && places.open.last() == Some(&Bracket::Square)
            {
                (format!("\"{text}\""), 1 + name.len())
            } else {
                (text, 1 + name.len())
            }
        } else if rest.starts_with("...") && is_ellipsis(language, pattern, at) {
            let statement = style == Style::Terminated
                && !quoted
                && (places.is_statement(pattern, at, 3)
                    || (language == Language::Hcl && places.is_hcl_entry(pattern, at)));
            let text = if statement { places.terminated(language) } else { ELLIPSIS };
            let chained = language == Language::CSharp
                && pattern[..at].trim_end().ends_with('.')
                && rest[3..].trim_start().starts_with(';');
            let text = if chained { "__ELL()" } else { text };
            let text =
                if language == Language::Dockerfile { docker_dots(pattern, at, &places) } else { text };
            let text = if quoted { text } else { places.in_brackets(language, pattern, at, text) };
            let starred = style == Style::Starred && !quoted && places.is_entry(pattern, at);
            (if starred { format!("**{text}") } else { text.to_owned() }, 3)
        } else {
            let next = rest.chars().next().unwrap_or(' ');
            places.step(language, pattern, at, next);
            (next.to_string(), next.len_utf8())
        };
        out.push_str(&text);
        at += len;
    }
    out
}

/// Variables of PHP that are written like metavariables.
const SUPERGLOBALS: &[&str] =
    &["_GET", "_POST", "_COOKIE", "_REQUEST", "_SERVER", "_SESSION", "_FILES", "_ENV", "GLOBALS"];

/// What a bracket opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    /// Round.
    Round,
    /// The parameters of a definition.
    Declared,
    /// The arguments of an annotation.
    Annotated,
    /// The head of a loop.
    Loop,
    /// What is caught.
    Caught,
    /// Square.
    Square,
    /// Keys and values.
    Object,
    /// Statements.
    Statements,
    /// Members of a class.
    Members,
}

/// Where in the brackets of a pattern one stands.
#[derive(Debug, Default)]
struct Places {
    open: Vec<Bracket>,
    quote: Option<char>,
}

impl Places {
    fn step(&mut self, language: Language, pattern: &str, at: usize, next: char) {
        if let Some(quote) = self.quote {
            if next == quote && !pattern[..at].ends_with('\\') {
                self.quote = None;
            }
            return;
        }
        match next {
            '"' | '`' => self.quote = Some(next),
            '\'' if !matches!(language, Language::Html) => self.quote = Some(next),
            '(' => self.open.push(round(language, pattern, at)),
            '[' => self.open.push(Bracket::Square),
            '{' if language == Language::Hcl => self.open.push(Bracket::Statements),
            '{' => self.open.push(opened_by(&pattern[..at])),
            ')' | ']' | '}' => {
                self.open.pop();
            }
            _ => {}
        }
    }

    /// HCL: whether an ellipsis stands in a body or object, and is not the value of an entry.
    fn is_hcl_entry(&self, pattern: &str, at: usize) -> bool {
        let before = pattern[..at].trim_end();
        self.open.last() == Some(&Bracket::Statements) && !before.ends_with(['=', ':', '+', '?'])
    }

    /// Python: whether an ellipsis is an entry of a dictionary.
    fn is_entry(&self, pattern: &str, at: usize) -> bool {
        let before = pattern[..at].trim_end();
        matches!(self.open.last(), Some(Bracket::Statements | Bracket::Object))
            && before.ends_with(['{', ','])
    }

    /// Whether a metavariable is a whole parameter, without the type that the language wants.
    fn is_untyped(&self, pattern: &str, at: usize, len: usize) -> bool {
        self.open.last() == Some(&Bracket::Declared)
            && pattern[..at].trim_end().ends_with(['(', ','])
            && pattern[at + len..].trim_start().starts_with([',', ')'])
    }

    /// Python: a metavariable with a type among the arguments of a call.
    fn annotated(&self, language: Language, pattern: &str, at: usize) -> Option<(String, usize)> {
        let rest = &pattern[at..];
        if language != Language::Python || self.open.last() != Some(&Bracket::Round) {
            return None;
        }
        let name = metavariable_name(rest.strip_prefix('$')?)?;
        let kind = rest[1 + name.len()..].trim_start().strip_prefix(':')?;
        let opened = pattern[..at].rfind('(')?;
        let line = pattern[..opened].rsplit('\n').next().unwrap_or("");
        if line.contains("def ") || line.contains("lambda") {
            return None;
        }
        let end = kind.find([',', ')'])?;
        let len = rest.len() - kind.len() + end;
        Some((format!("{TYPED}({METAVARIABLE}{name}, \"{}\")", kind[..end].trim()), len))
    }

    /// Whether an ellipsis of some length stands where a statement or member does.
    fn is_statement(&self, pattern: &str, at: usize, len: usize) -> bool {
        if matches!(self.open.last(), Some(last) if !matches!(last, Bracket::Statements | Bracket::Members)) {
            return false;
        }
        let before = pattern[..at].trim_end();
        let after = &pattern[at + len..];
        let line_ends = after.trim_start_matches([' ', '\t']).starts_with('\n');
        let closes = after.trim_start().is_empty() || after.trim_start().starts_with('}');
        let begins = before.is_empty() || before.ends_with(['{', '}', ';', ')', ':']);
        let own_line = pattern[..at].trim_end_matches([' ', '\t']).ends_with('\n');
        let goes_on = before.ends_with(['=', ',', '+', '(', '|', '&', '?'])
            || (before.ends_with('.') && !before.ends_with("..."));
        (line_ends || closes || begins)
            && (begins || own_line)
            && !goes_on
            && !after.trim_start().starts_with([',', '.'])
    }

    /// How an ellipsis is written within round brackets of some kind.
    fn in_brackets<'t>(&self, language: Language, pattern: &str, at: usize, text: &'t str) -> &'t str {
        let alone =
            pattern[..at].trim_end().ends_with('(') && pattern[at + 3..].trim_start().starts_with(')');
        match self.open.last() {
            Some(Bracket::Declared | Bracket::Caught)
                if takes_types(language) && !pattern[..at].trim_end().ends_with('=') =>
            {
                "int __ELL"
            }
            Some(Bracket::Declared) if language == Language::Php => "$__ELL",
            Some(Bracket::Declared) if matches!(language, Language::Kotlin | Language::Scala) => "__ELL: Int",
            Some(Bracket::Annotated) if !alone => "__ELL = __ELL",
            Some(Bracket::Loop) if alone => "__ELL;;",
            _ => text,
        }
    }

    fn terminated(&self, language: Language) -> &'static str {
        match (language, self.open.last()) {
            (language, Some(Bracket::Members)) if takes_types(language) => "int __ELL;",
            (Language::CSharp, _) => "__ELL();",
            (Language::Php, Some(Bracket::Members)) => "public $__ELL;",
            (Language::Rust, Some(Bracket::Members)) => "fn __ELL() {}",
            (
                Language::Ruby
                | Language::Go
                | Language::Kotlin
                | Language::Scala
                | Language::Bash
                | Language::Dockerfile
                | Language::Python,
                _,
            ) => ELLIPSIS,
            (Language::Hcl, _) => "__ELL = __ELL",
            _ => "__ELL;",
        }
    }
}

/// Whether parameters are written with their types first.
fn takes_types(language: Language) -> bool {
    matches!(language, Language::Java | Language::CSharp | Language::C | Language::Cpp | Language::Solidity)
}

/// An ellipsis in a Dockerfile: a string in a list, a pair among variables and labels, else a word.
fn docker_dots(pattern: &str, at: usize, places: &Places) -> &'static str {
    let line = pattern[..at].rsplit('\n').next().unwrap_or("").trim_start();
    let value = line.ends_with('=');
    if places.open.last() == Some(&Bracket::Square) {
        "\"__ELL\""
    } else if !value && (line.starts_with("ENV") || line.starts_with("LABEL")) {
        "__ELL=__ELL"
    } else {
        ELLIPSIS
    }
}

/// Whether `<...` begins type arguments.
fn is_generic(rest: &str) -> bool {
    rest.starts_with("<...>") || rest.starts_with("<...,")
}

/// What a round bracket opens, by the words before it and what follows the closing one.
fn round(language: Language, pattern: &str, at: usize) -> Bracket {
    let before = pattern[..at].trim_end();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let name = &before[before.trim_end_matches(is_word).len()..];
    let rest = before[..before.len() - name.len()].trim_end();
    let previous = &rest
        [rest.trim_end_matches(|c: char| is_word(c) || matches!(c, '>' | ']' | '[' | '*' | '&')).len()..];
    match name {
        "for" | "foreach" => return Bracket::Loop,
        "catch" => return Bracket::Caught,
        "" | "if" | "while" | "switch" | "try" | "synchronized" | "return" => return Bracket::Round,
        _ => {}
    }
    if rest.ends_with('@') && language == Language::Java {
        return Bracket::Annotated;
    }
    if rest.ends_with(['@', '[']) || matches!(name, "using" | "lock" | "fixed") {
        return Bracket::Round;
    }
    if language == Language::Solidity {
        let declares = ["function", "modifier", "event", "error"];
        let declared = declares.contains(&previous) || matches!(name, "returns" | "constructor");
        return if declared { Bracket::Declared } else { Bracket::Round };
    }
    if language == Language::Php {
        return if matches!(previous, "function" | "fn") || matches!(name, "function" | "fn") {
            Bracket::Declared
        } else {
            Bracket::Round
        };
    }
    if matches!(language, Language::Kotlin | Language::Scala) {
        let declares = ["fun", "class", "def", "constructor", "object"];
        return if declares.contains(&previous) || name == "constructor" {
            Bracket::Declared
        } else {
            Bracket::Round
        };
    }
    if !takes_types(language) {
        return Bracket::Round;
    }
    let calls = ["new", "return", "throw", "else", "await", "case", "in", "=>", "->", "yield"];
    if calls.contains(&previous) {
        return Bracket::Round;
    }
    let after = closing(&pattern[at..]).map_or("", |end| pattern[at + end + 1..].trim_start());
    let begins_word =
        previous.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '>' | ']' | '*'));
    let typed = begins_word && !name.contains('.');
    if typed
        || (rest.ends_with('>') && !name.is_empty())
        || after.starts_with('{')
        || after.starts_with("throws")
    {
        return Bracket::Declared;
    }
    Bracket::Round
}

/// Where the bracket that a text begins with is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// What a metavariable needs before it: PHP's dollar sign where a variable may stand, and for Ruby's classes a
/// capital letter.
fn sigil(language: Language, pattern: &str, at: usize, quoted: bool) -> &'static str {
    let before = pattern[..at].trim_end();
    let last = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\\')).next().unwrap_or("");
    match language {
        Language::Php if quoted => "$",
        Language::Php => {
            let names = [
                "function",
                "class",
                "interface",
                "trait",
                "extends",
                "implements",
                "use",
                "namespace",
                "const",
            ];
            let declares =
                names.contains(&last) || before.ends_with("->") || before.ends_with("::") || last == "new";
            let called =
                pattern[at..].trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '$' | '_'));
            if declares || called.starts_with("::") { "" } else { "$" }
        }
        Language::Ruby if matches!(last, "class" | "module") || before.ends_with("class <") => "X",
        _ => "",
    }
}

/// What a brace opens, by what stands before it.
fn opened_by(before: &str) -> Bracket {
    let line = without_brackets(before.rsplit([';', '{', '}']).next().unwrap_or(""));
    let words =
        ["class", "interface", "enum", "record", "trait", "struct", "impl", "object", "contract", "mod"];
    let is_word =
        |word: &str| line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| part == word);
    let constructs = before.trim_end().ends_with(')') && is_word("new");
    if words.iter().any(|word| is_word(word)) || constructs {
        return Bracket::Members;
    }
    let before = before.trim_end();
    if before.ends_with(['(', ',', '=', ':', '[', '?', '{']) || before.ends_with("return") {
        return Bracket::Object;
    }
    Bracket::Statements
}

/// A text without what stands in round brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// A metavariable with a type, in round brackets: `($X: T)`, or `(T $X)`.
fn typed(language: Language, pattern: &str, at: usize) -> Option<(String, usize)> {
    let rest = &pattern[at..];
    if !rest.starts_with('(') || follows_name(&pattern[..at]) {
        return None;
    }
    let end = rest.find(')')?;
    let inside = rest[1..end].trim();
    if rest[end + 1..].trim_start().starts_with(['{', ':']) || rest[end + 1..].trim_start().starts_with("=>")
    {
        return None;
    }
    let colon = matches!(
        language,
        Language::JavaScript
            | Language::TypeScript
            | Language::Tsx
            | Language::Go
            | Language::Kotlin
            | Language::Scala
            | Language::Rust
    );
    let (name, kind) = if colon {
        let (name, kind) = inside.split_once(':')?;
        (name.trim(), kind.trim())
    } else if takes_types(language) {
        // The type may be a metavariable as well: `($T $X)`.
        let first = inside.strip_prefix('$').and_then(metavariable_name).map_or(0, |kind| kind.len() + 1);
        let rest = &inside[first..];
        let from = if rest.trim_start().starts_with('$') { first } else { 0 };
        let (kind, name) = inside.split_at(from + inside[from..].find('$')?);
        (name.trim(), kind.trim())
    } else {
        return None;
    };
    let name = metavariable_name(name.strip_prefix('$')?).filter(|whole| whole.len() + 1 == name.len())?;
    if kind.is_empty() || kind.contains(['(', '{', '=']) || (kind.contains(',') && !kind.contains('<')) {
        return None;
    }
    let mut text = String::new();
    write!(text, "({TYPED}({METAVARIABLE}{name}, \"{kind}\"))").ok()?;
    let after = rest[end + 1..].trim_start();
    if after.starts_with('=') && !after.starts_with("==") {
        // What is assigned to may not be a call.
        write!(text, "[{TYPED}]").ok()?;
    }
    Some((text, end + 1))
}

/// Whether a bracket after this text holds arguments or parameters.
fn follows_name(before: &str) -> bool {
    let before = before.trim_end();
    let len =
        before.bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'));
    let word = &before[before.len() - len.count()..];
    !word.is_empty()
        && !matches!(word, "return" | "await" | "typeof" | "in" | "of" | "new" | "case" | "throw" | "range")
}

/// The name at the beginning of a text, if a metavariable may be called so.
pub(super) fn metavariable_name(text: &str) -> Option<&str> {
    let fits = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let name = &text[..text.bytes().take_while(fits).count()];
    let follows = text[name.len()..].bytes().next();
    let whole = !follows.is_some_and(|byte| byte.is_ascii_lowercase());
    (!name.is_empty() && whole).then_some(name)
}

/// Whether dots are the operator of patterns, not the language's own for spreading or variadics.
fn is_ellipsis(language: Language, pattern: &str, at: usize) -> bool {
    let after = pattern[at + 3..].bytes().next();
    let before = pattern[..at].bytes().next_back();
    let word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match language {
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            !(word(after) || matches!(after, Some(b'$' | b'[')))
        }
        Language::Go | Language::Java | Language::Hcl => !word(before),
        _ => true,
    }
}
