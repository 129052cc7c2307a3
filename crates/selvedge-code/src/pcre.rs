//! Regular expressions as rules write them: in the dialect of PCRE, over one file or one bound text.
//!
//! Nearly all of them run on the linear-time engine; only those with look-around, back-references or atomic
//! groups run on the backtracking one, under a limit. [`translate`] removes the differences in spelling:
//! in PCRE `\w` means ASCII, `[[a]` and `a{,2}` are fine, and any letterless escape stands for itself.

use std::ops::Range;
use std::sync::OnceLock;

use crate::limits::{PATTERN_BYTES_MAX, REGEX_BACKTRACK_MAX, REGEX_BYTES_MAX};

/// A regular expression that is compiled when it is first used.
#[derive(Debug)]
pub(crate) struct Pcre {
    source: String,
    anchored: bool,
    compiled: OnceLock<Result<Engine, String>>,
}

#[derive(Debug)]
enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// One match: the whole, and every group that took part, with its name if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegexMatch {
    pub(crate) range: Range<usize>,
    pub(crate) groups: Vec<(Option<String>, usize, Range<usize>)>,
}

impl Pcre {
    /// An expression that is searched for anywhere, `^` and `$` meaning lines.
    pub(crate) fn search(source: &str) -> Self {
        Self { source: source.to_owned(), anchored: false, compiled: OnceLock::new() }
    }

    /// An expression that must match from the start of the text, as `re.match` does.
    pub(crate) fn left_anchored(source: &str) -> Self {
        Self { source: source.to_owned(), anchored: true, compiled: OnceLock::new() }
    }

    /// The expression as it was written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Says why the expression cannot be used, if it cannot.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.engine().map(|_| ())
    }

    fn engine(&self) -> Result<&Engine, String> {
        self.compiled.get_or_init(|| compile(&self.source, self.anchored)).as_ref().map_err(Clone::clone)
    }

    /// Whether the expression matches. An error is a limit of the backtracking engine.
    pub(crate) fn is_match(&self, text: &str) -> Result<bool, String> {
        match self.engine()? {
            Engine::Linear(regex) => Ok(regex.is_match(text)),
            Engine::Backtracking(regex) => regex.is_match(text).map_err(|error| error.to_string()),
        }
    }

    /// Every match, in order, none overlapping another; at most `limit`.
    pub(crate) fn find_all(&self, text: &str, limit: usize) -> Result<Vec<RegexMatch>, String> {
        let mut found = Vec::new();
        match self.engine()? {
            Engine::Linear(regex) => {
                let names: Vec<_> = regex.capture_names().map(|name| name.map(str::to_owned)).collect();
                for captures in regex.captures_iter(text).take(limit) {
                    found.push(to_match(&names, |index| captures.get(index).map(|group| group.range())));
                }
            }
            Engine::Backtracking(regex) => {
                let names: Vec<_> = regex.capture_names().map(|name| name.map(str::to_owned)).collect();
                for captures in regex.captures_iter(text).take(limit) {
                    let captures = captures.map_err(|error| error.to_string())?;
                    found.push(to_match(&names, |index| captures.get(index).map(|group| group.range())));
                }
            }
        }
        Ok(found)
    }

    /// Replaces up to `count` matches (all if it is zero); `\1` in the replacement stands for a group.
    pub(crate) fn replace(&self, text: &str, replacement: &str, count: usize) -> Result<String, String> {
        let limit = if count == 0 { usize::MAX } else { count };
        let mut out = String::with_capacity(text.len());
        let mut last = 0;
        for found in self.find_all(text, limit)? {
            out.push_str(&text[last..found.range.start]);
            expand(replacement, text, &found, &mut out);
            last = found.range.end;
        }
        out.push_str(&text[last..]);
        Ok(out)
    }
}

fn to_match(names: &[Option<String>], group: impl Fn(usize) -> Option<Range<usize>>) -> RegexMatch {
    let groups = names
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(index, name)| group(index).map(|range| (name.clone(), index, range)))
        .collect();
    RegexMatch { range: group(0).expect("group 0 is the match"), groups }
}

fn expand(replacement: &str, text: &str, found: &RegexMatch, out: &mut String) {
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some(digit) if digit.is_ascii_digit() => {
                let index = digit as usize - '0' as usize;
                if index == 0 {
                    out.push_str(&text[found.range.clone()]);
                } else if let Some((_, _, range)) = found.groups.iter().find(|(_, group, _)| *group == index)
                {
                    out.push_str(&text[range.clone()]);
                }
            }
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
}

fn compile(source: &str, anchored: bool) -> Result<Engine, String> {
    if source.len() > PATTERN_BYTES_MAX {
        return Err(format!("is longer than {PATTERN_BYTES_MAX} bytes"));
    }
    let translated = translate(source);
    let whole = if anchored { format!("\\A(?:{translated})") } else { translated };
    let linear = regex::RegexBuilder::new(&whole).multi_line(true).size_limit(REGEX_BYTES_MAX).build();
    match linear {
        Ok(regex) => Ok(Engine::Linear(regex)),
        Err(regex::Error::CompiledTooBig(size)) => Err(format!("takes more than {size} bytes when compiled")),
        Err(error) => fancy_regex::RegexBuilder::new(&format!("(?m){whole}"))
            .backtrack_limit(REGEX_BACKTRACK_MAX)
            .delegate_size_limit(REGEX_BYTES_MAX)
            .build()
            .map(|regex| Engine::Backtracking(Box::new(regex)))
            .map_err(
                |fancy| if looks_around(source) { fancy.to_string() } else { last_line(&error.to_string()) },
            ),
    }
}

fn looks_around(source: &str) -> bool {
    ["(?=", "(?!", "(?<", "(?>", "\\1", "\\2"].iter().any(|mark| source.contains(mark))
}

fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// Rewrites PCRE spelling into that of the engines here.
pub(crate) fn translate(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = String::with_capacity(source.len() + 16);
    let mut at = 0;
    let mut class: Option<usize> = None;
    // Of every open group, whether it looks around.
    let mut groups: Vec<bool> = Vec::new();
    while at < bytes.len() {
        let rest = &source[at..];
        let c = rest.chars().next().expect("not at the end");
        match c {
            '\\' => at += escape(rest, class.is_some(), &mut out),
            '[' if class.is_some() => {
                if let Some(end) = rest.starts_with("[:").then(|| rest.find(":]")).flatten() {
                    out.push_str(&rest[..end + 2]);
                    at += end + 2;
                } else {
                    out.push_str("\\[");
                    at += 1;
                }
            }
            '[' => {
                out.push('[');
                at += 1;
                if source[at..].starts_with('^') {
                    out.push('^');
                    at += 1;
                }
                // A bracket that comes first is a member.
                if source[at..].starts_with(']') {
                    out.push_str("\\]");
                    at += 1;
                }
                class = Some(at);
            }
            ']' if class.is_some() => {
                class = None;
                out.push(']');
                at += 1;
            }
            '&' | '~' | '|' if class.is_some() => {
                out.push('\\');
                out.push(c);
                at += 1;
            }
            '-' if class.is_some() => {
                at += 1;
                hyphen(source, at, class == Some(at - 1), &mut out);
            }
            '(' if class.is_none() => {
                groups.push(["(?=", "(?!", "(?<=", "(?<!"].iter().any(|mark| rest.starts_with(mark)));
                out.push('(');
                at += 1;
            }
            ')' if class.is_none() => {
                out.push(')');
                at += 1;
                // To repeat a look changes nothing, and the engines here refuse it.
                if groups.pop() == Some(true) {
                    at += quantifier(&source[at..]);
                }
            }
            '{' if class.is_none() => {
                if !is_counted(rest) {
                    out.push('\\');
                } else if rest.starts_with("{,") {
                    out.push_str("{0");
                    at += 1;
                    continue;
                }
                out.push('{');
                at += 1;
            }
            _ => {
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
    out
}

/// A hyphen in a class is a range only between two members; doubled or beside a class such as `\w` it is
/// itself.
fn hyphen(source: &str, after: usize, first: bool, out: &mut String) {
    let next_is_member = source[after..].chars().next().is_some_and(|next| next != ']');
    let next_is_class = source[after..].starts_with("\\w")
        || source[after..].starts_with("\\d")
        || source[after..].starts_with("\\s");
    let after_class = ends_with_class(source, after);
    if first || !next_is_member || next_is_class || after_class || source[after..].starts_with('-') {
        out.push_str("\\-");
    } else {
        out.push('-');
    }
}

fn ends_with_class(source: &str, after: usize) -> bool {
    let before = &source[..after - 1];
    ["\\w", "\\d", "\\s", "\\W", "\\D", "\\S"]
        .iter()
        .any(|class| before.ends_with(class) && !before[..before.len() - 2].ends_with('\\'))
}

/// Bytes of the quantifier at the start of `rest`.
fn quantifier(rest: &str) -> usize {
    match rest.as_bytes().first() {
        Some(b'+' | b'*') => 1,
        Some(b'{') if is_counted(rest) => rest.find('}').map_or(0, |end| end + 1),
        _ => 0,
    }
}

fn is_counted(rest: &str) -> bool {
    let Some(end) = rest.find('}') else { return false };
    let inner = &rest[1..end];
    !inner.is_empty()
        && inner != ","
        && inner.bytes().all(|b| b.is_ascii_digit() || b == b',')
        && inner.bytes().filter(|b| *b == b',').count() <= 1
}

/// Copies one escape, and gives how many bytes of the source it took.
fn escape(rest: &str, in_class: bool, out: &mut String) -> usize {
    let Some(next) = rest[1..].chars().next() else {
        out.push_str("\\\\");
        return 1;
    };
    let replaced = match next {
        'd' if in_class => "0-9",
        'd' => "[0-9]",
        'D' if !in_class => "[^0-9]",
        'w' if in_class => "A-Za-z0-9_",
        'w' => "[A-Za-z0-9_]",
        'W' if !in_class => "[^A-Za-z0-9_]",
        's' if in_class => " \\t\\n\\r\\f\\v",
        's' => "[ \\t\\n\\r\\f\\v]",
        'S' if !in_class => "[^ \\t\\n\\r\\f\\v]",
        'h' if in_class => " \\t",
        'h' => "[ \\t]",
        'e' => "\\x1b",
        'b' if in_class => "\\x08",
        'b' => "(?-u:\\b)",
        'R' => "(?:\\r\\n|\\n|\\r)",
        'Z' => "(?:\\n?\\z)",
        '/' => "/",
        _ => "",
    };
    if !replaced.is_empty() {
        out.push_str(replaced);
        return 2;
    }
    let special = next.is_ascii_alphanumeric() || "\\^$.|?*+()[]{}-#&~".contains(next);
    if special {
        out.push('\\');
        out.push(next);
        // `\x{41}`, `\p{L}` and `\k<name>` keep what follows.
        if "xpP".contains(next)
            && rest[2..].starts_with('{')
            && let Some(end) = rest.find('}')
        {
            out.push_str(&rest[2..=end]);
            return end + 1;
        }
    } else {
        out.push(next);
    }
    1 + next.len_utf8()
}

#[cfg(test)]
mod tests;
