//! Who owns a path, by the CODEOWNERS file of GitHub or GitLab.
//!
//! In both forms the last line that matches decides, and a line without owners takes ownership away. GitLab
//! adds sections, each deciding for itself with its own default owners, and lines that begin with `!`, which
//! exclude paths from a section. GitHub knows neither, nor `[a-z]`; both take braces as they are.

use std::collections::BTreeMap;

use globset::Glob;
use selvedge_model::ConfigNotice;

use crate::glob::{GLOB_CHARS_MAX, GlobError, PathGlobs, compile};
use crate::toml_text::shown;

/// Where the file may be; the first that exists is read.
pub const CODEOWNERS_PATHS: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// A larger file is not read, as GitHub does not.
pub const CODEOWNERS_BYTES_MAX: usize = 3 << 20;

/// Lines beyond this many rules are not read.
pub const CODEOWNERS_RULES_MAX: usize = 20_000;

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    GitHub,
    GitLab,
}

/// One line: who owns what it matches, in which section.
#[derive(Debug, Clone)]
struct Line {
    section: usize,
    /// `None` excludes the path from the section.
    owners: Option<Vec<String>>,
}

/// A parsed CODEOWNERS file.
#[derive(Debug, Clone, Default)]
pub struct CodeOwners {
    globs: PathGlobs,
    lines: Vec<Line>,
}

impl CodeOwners {
    /// Reads the text of the file called `origin_name`. It is GitLab's form if the file is in `.gitlab` or
    /// has a section, else GitHub's. Lines that are wrong are told and left out, as both hosts do.
    pub fn parse(text: &str, origin_name: &str) -> (Self, Vec<ConfigNotice>) {
        let mut reader = Reader::new(origin_name, form(text, origin_name));
        if text.len() > CODEOWNERS_BYTES_MAX {
            reader
                .notice(None, format!("the file has more than {CODEOWNERS_BYTES_MAX} bytes and is not read"));
            return (Self::default(), reader.notices);
        }
        for (index, line) in text.lines().enumerate() {
            if reader.lines.len() == CODEOWNERS_RULES_MAX {
                let message =
                    format!("lines from here on are not read: more than {CODEOWNERS_RULES_MAX} rules");
                reader.notice(Some(index), message);
                break;
            }
            reader.line(index, line);
        }
        let Reader { globs, lines, mut notices, origin, .. } = reader;
        match PathGlobs::new(globs) {
            Ok(globs) => (Self { globs, lines }, notices),
            Err(error) => {
                notices.push(ConfigNotice { origin: origin.to_owned(), message: error.to_string() });
                (Self::default(), notices)
            }
        }
    }

    /// The owners of `path`, in the order of the file, each once.
    pub fn owners(&self, path: &str) -> Vec<String> {
        let mut last: BTreeMap<usize, &Line> = BTreeMap::new();
        let mut excluded = Vec::new();
        for index in self.globs.matches(path) {
            let line = &self.lines[index];
            match line.owners {
                Some(_) => drop(last.insert(line.section, line)),
                None => excluded.push(line.section),
            }
        }
        let mut owners: Vec<String> = Vec::new();
        for (section, line) in last {
            if excluded.contains(&section) {
                continue;
            }
            for owner in line.owners.iter().flatten() {
                if !owners.contains(owner) {
                    owners.push(owner.clone());
                }
            }
        }
        owners
    }
}

fn form(text: &str, origin_name: &str) -> Form {
    let is_section = |line: &str| section(line.trim()).is_some();
    if origin_name.contains(".gitlab/") || text.lines().any(is_section) { Form::GitLab } else { Form::GitHub }
}

/// Name of the section and what follows it: `[Docs]`, `^[Docs][2] @owner`.
fn section(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, mut rest) = inner.split_once(']')?;
    if let Some((count, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && count.bytes().all(|byte| byte.is_ascii_digit())
    {
        rest = after;
    }
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (ends && !name.trim().is_empty()).then_some((name.trim(), rest))
}

/// State while the lines are read.
struct Reader<'a> {
    origin: &'a str,
    form: Form,
    /// Number of each section by its lower-cased name; lines before the first are in section 0.
    sections: BTreeMap<String, usize>,
    section: usize,
    default_owners: Vec<String>,
    globs: Vec<Vec<Glob>>,
    lines: Vec<Line>,
    notices: Vec<ConfigNotice>,
}

impl<'a> Reader<'a> {
    fn new(origin: &'a str, form: Form) -> Self {
        Self {
            origin,
            form,
            sections: BTreeMap::new(),
            section: 0,
            default_owners: Vec::new(),
            globs: Vec::new(),
            lines: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn notice(&mut self, index: Option<usize>, message: String) {
        let line = index.map_or(String::new(), |index| format!(":{}", index + 1));
        self.notices.push(ConfigNotice { origin: format!("{}{line}", self.origin), message });
    }

    fn line(&mut self, index: usize, line: &str) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        if let (Form::GitLab, Some((name, rest))) = (self.form, section(line)) {
            let next = self.sections.len() + 1;
            self.section = *self.sections.entry(name.to_lowercase()).or_insert(next);
            self.default_owners = owners(rest);
            return;
        }
        let (pattern, rest) = split_pattern(line);
        let excluding = pattern.strip_prefix('!');
        if excluding.is_some() && self.form == Form::GitHub {
            self.notice(
                Some(index),
                "GitHub does not know `!` in CODEOWNERS; the line is left out".to_owned(),
            );
            return;
        }
        let mut named = owners(rest);
        if named.is_empty() {
            named.clone_from(&self.default_owners);
        }
        match globs(excluding.unwrap_or(pattern), self.form) {
            Ok(globs) => {
                self.globs.push(globs);
                self.lines.push(Line { section: self.section, owners: excluding.is_none().then_some(named) });
            }
            Err(error) => self.notice(Some(index), format!("{error}; the line is left out")),
        }
    }
}

/// Splits at the first space that is not escaped.
fn split_pattern(line: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && !escaped {
            return line.split_at(at);
        }
        escaped = c == '\\' && !escaped;
    }
    (line, "")
}

/// The words up to a comment that look like owners: `@user`, `@org/team`, `@@role`, an address.
fn owners(text: &str) -> Vec<String> {
    let words = text.split_whitespace().take_while(|word| !word.starts_with('#'));
    words.filter(|word| word.contains('@')).map(str::to_owned).collect()
}

/// The whole-path globs of one pattern. Unlike in `.gitignore`, `docs/*` does not reach into folders of
/// `docs`; in GitLab's form a pattern that does not begin with a slash matches at any depth.
fn globs(pattern: &str, form: Form) -> Result<Vec<Glob>, GlobError> {
    let fail = |why: String| GlobError { pattern: shown(pattern), why };
    if pattern.chars().count() > GLOB_CHARS_MAX {
        return Err(fail(format!("it is longer than {GLOB_CHARS_MAX} characters")));
    }
    let literal = escaped(pattern);
    let rooted = literal.starts_with('/');
    let body = literal.trim_start_matches('/');
    let name = body.trim_end_matches('/');
    if name.is_empty() {
        return if rooted { Ok(vec![compile(pattern, "**")?]) } else { Err(fail("it is empty".to_owned())) };
    }
    let at_any_depth = !rooted && (form == Form::GitLab || !name.contains('/'));
    let base = if at_any_depth { format!("**/{name}") } else { name.to_owned() };
    let below = format!("{base}/**");
    let whole = if body.ends_with('/') {
        vec![below]
    } else if name.ends_with("/*") || name.ends_with("**") {
        vec![base]
    } else {
        vec![base, below]
    };
    whole.iter().map(|glob| compile(pattern, glob)).collect()
}

/// The pattern with the characters escaped that mean something to the matcher and nothing in CODEOWNERS.
fn escaped(pattern: &str) -> String {
    let mut literal = String::new();
    for c in pattern.chars() {
        if matches!(c, '[' | ']' | '{' | '}') && !literal.ends_with('\\') {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal
}

#[cfg(test)]
mod tests;
