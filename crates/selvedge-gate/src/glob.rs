//! Path patterns with the meaning they have in `.gitignore`, in every place where a path is named.
//!
//! A pattern without a slash (but at its end) matches at any depth; one with a slash is anchored at the
//! root; a pattern that names a folder matches everything below it; `*` and `?` do not cross a slash,
//! `**` does.

use std::collections::BTreeMap;

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

/// Longest pattern taken, in characters.
pub const GLOB_CHARS_MAX: usize = 1024;

/// Most `{…}` groups in one pattern: alternatives multiply.
const GLOB_GROUPS_MAX: usize = 8;

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is not a path pattern: {why}")]
pub struct GlobError {
    /// The pattern, cut if it is long.
    pub pattern: String,
    /// What is wrong with it.
    pub why: String,
}

/// One path pattern.
#[derive(Debug, Clone)]
pub struct PathGlob {
    text: String,
    matchers: Vec<GlobMatcher>,
}

impl PathGlob {
    /// Compiles the pattern.
    pub fn parse(text: &str) -> Result<Self, GlobError> {
        let matchers = globs(text)?.iter().map(Glob::compile_matcher).collect();
        Ok(Self { text: text.to_owned(), matchers })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches `path`, which is relative to the root and `/`-separated.
    pub fn matches(&self, path: &str) -> bool {
        self.matchers.iter().any(|matcher| matcher.is_match(path))
    }
}

impl PartialEq for PathGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PathGlob {}

/// Many path patterns. Only those are tried whose literal folder or name occurs in the path, so that the
/// time for one path does not grow with patterns about other places.
#[derive(Debug, Clone, Default)]
pub struct PathGlobs {
    /// Patterns below a literal folder, by that folder.
    by_folder: BTreeMap<String, Vec<Chunk>>,
    /// Patterns that need a literal name somewhere in the path, by that name.
    by_name: BTreeMap<String, Vec<Chunk>>,
    /// All others.
    others: Vec<Chunk>,
}

/// Patterns compiled together. Thousands of patterns in one automaton would exceed its size limit.
#[derive(Debug, Clone)]
struct Chunk {
    set: GlobSet,
    /// Index of the pattern behind each entry of the set.
    owners: Vec<usize>,
}

/// Globs in one chunk.
const CHUNK: usize = 64;

/// What a path must hold for a glob to match it.
enum Anchor {
    Folder(String),
    Name(String),
    Nothing,
}

impl PathGlobs {
    /// Compiles the patterns. An error names the first that is wrong.
    pub fn parse<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, GlobError> {
        let mut all = Vec::new();
        for pattern in patterns {
            all.push(globs(pattern)?);
        }
        Self::new(all)
    }

    pub(crate) fn new(patterns: Vec<Vec<Glob>>) -> Result<Self, GlobError> {
        let mut by_folder: BTreeMap<String, Vec<(usize, Glob)>> = BTreeMap::new();
        let mut by_name: BTreeMap<String, Vec<(usize, Glob)>> = BTreeMap::new();
        let mut others = Vec::new();
        for (index, globs) in patterns.into_iter().enumerate() {
            for glob in globs {
                match anchor(glob.glob()) {
                    Anchor::Folder(folder) => by_folder.entry(folder).or_default().push((index, glob)),
                    Anchor::Name(name) => by_name.entry(name).or_default().push((index, glob)),
                    Anchor::Nothing => others.push((index, glob)),
                }
            }
        }
        let chunked = |globs: Vec<(usize, Glob)>| -> Result<Vec<Chunk>, GlobError> {
            globs.chunks(CHUNK).map(Chunk::new).collect()
        };
        let compile = |map: BTreeMap<String, Vec<(usize, Glob)>>| {
            map.into_iter().map(|(key, globs)| Ok((key, chunked(globs)?))).collect::<Result<_, GlobError>>()
        };
        Ok(Self { by_folder: compile(by_folder)?, by_name: compile(by_name)?, others: chunked(others)? })
    }

    /// Whether any pattern matches.
    pub fn is_match(&self, path: &str) -> bool {
        self.candidates(path).any(|chunk| chunk.set.is_match(path))
    }

    /// Indices of the patterns that match, ascending, each once.
    pub fn matches(&self, path: &str) -> Vec<usize> {
        let mut indices = Vec::new();
        for chunk in self.candidates(path) {
            indices.extend(chunk.set.matches(path).into_iter().map(|entry| chunk.owners[entry]));
        }
        indices.sort_unstable();
        indices.dedup();
        indices
    }

    /// The chunks that may match: those of the folders above the path, of its names, and of no anchor.
    fn candidates<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'s Chunk> {
        let folders = path.match_indices('/').filter_map(|(at, _)| self.by_folder.get(&path[..at]));
        let names = path.split('/').filter_map(|name| self.by_name.get(name));
        folders.chain(names).flatten().chain(&self.others)
    }
}

/// The folder above the first part of the pattern that is not literal, or the first name after `**/`.
fn anchor(pattern: &str) -> Anchor {
    let special = |text: &str| text.find(['*', '?', '[', ']', '{', '}', ',', '\\']);
    let literal = special(pattern).map_or(pattern, |at| &pattern[..at]);
    if let Some((folder, _)) = literal.rsplit_once('/')
        && !folder.is_empty()
    {
        return Anchor::Folder(folder.to_owned());
    }
    let rest = pattern.strip_prefix("**/").unwrap_or(pattern);
    let name = rest.split('/').next().unwrap_or_default();
    if name.is_empty() || special(name).is_some() { Anchor::Nothing } else { Anchor::Name(name.to_owned()) }
}

impl Chunk {
    fn new(globs: &[(usize, Glob)]) -> Result<Self, GlobError> {
        let mut builder = GlobSetBuilder::new();
        for (_, glob) in globs {
            builder.add(glob.clone());
        }
        let set = builder.build().map_err(|error| {
            failure(error.glob().unwrap_or("the patterns together"), &error.kind().to_string())
        })?;
        Ok(Self { set, owners: globs.iter().map(|(index, _)| *index).collect() })
    }
}

fn globs(text: &str) -> Result<Vec<Glob>, GlobError> {
    if text.matches('{').count() > GLOB_GROUPS_MAX {
        return Err(failure(text, &format!("it has more than {GLOB_GROUPS_MAX} groups in braces")));
    }
    anchored(text)?.iter().map(|pattern| compile(text, pattern)).collect()
}

/// The one or two whole-path patterns that mean what `text` means in a `.gitignore`.
pub(crate) fn anchored(text: &str) -> Result<Vec<String>, GlobError> {
    if text.chars().count() > GLOB_CHARS_MAX {
        return Err(failure(text, &format!("it is longer than {GLOB_CHARS_MAX} characters")));
    }
    let folder_only = text.ends_with('/');
    let body = text.strip_suffix('/').unwrap_or(text);
    let rooted = body.strip_prefix("./").or_else(|| body.strip_prefix('/'));
    let name = rooted.unwrap_or(body);
    if name.is_empty() {
        return if rooted.is_some() || folder_only {
            Ok(vec!["**".to_owned()])
        } else {
            Err(failure(text, "it is empty"))
        };
    }
    let at_any_depth = rooted.is_none() && !name.contains('/');
    let base = if at_any_depth { format!("**/{name}") } else { name.to_owned() };
    let below = format!("{base}/**");
    Ok(match (folder_only, base.ends_with("/**") || base == "**") {
        (_, true) => vec![base],
        (true, false) => vec![below],
        (false, false) => vec![base, below],
    })
}

pub(crate) fn compile(text: &str, pattern: &str) -> Result<Glob, GlobError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| failure(text, &error.kind().to_string()))
}

fn failure(pattern: &str, why: &str) -> GlobError {
    let mut shown: String = pattern.chars().filter(|c| !c.is_control()).take(60).collect();
    if shown.len() < pattern.len() {
        shown.push('…');
    }
    GlobError { pattern: shown, why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let glob = PathGlob::parse(pattern).expect("a pattern");
        let set = PathGlobs::parse([pattern]).expect("a pattern");
        for path in yes {
            assert!(glob.matches(path) && set.is_match(path), "{pattern} should match {path}");
        }
        for path in no {
            assert!(!glob.matches(path) && !set.is_match(path), "{pattern} should not match {path}");
        }
    }

    #[test]
    fn patterns_mean_what_they_mean_in_gitignore() {
        check("*.pem", &["a.pem", "x/y/a.pem", "d.pem/inner"], &["a.pem.txt"]);
        check("vendor", &["vendor", "vendor/a", "x/vendor/a"], &["vendors", "vendor.rs"]);
        check("vendor/", &["vendor/a", "x/vendor/a/b"], &["vendor"]);
        check("/vendor", &["vendor/a", "vendor"], &["x/vendor/a"]);
        check("tests/data", &["tests/data/a"], &["x/tests/data/a"]);
        check("tests/**/key?.txt", &["tests/key1.txt", "tests/a/b/key2.txt"], &["tests/key12.txt"]);
        check("docs/*", &["docs/a", "docs/a/b"], &["docs", "x/docs/a"]);
        check("**", &["a", "a/b"], &[]);
        check("/", &["a", "a/b"], &[]);
        check("a/**", &["a/b"], &["a", "b/a/c"]);
        check("*.{key,crt}", &["x/a.key", "b.crt"], &["a.ke"]);
        check("my\\ file[0-9]", &["my file1"], &["my fileX"]);
    }

    #[test]
    fn mistakes_are_named() {
        let message = |text: &str| PathGlob::parse(text).expect_err("a mistake").to_string();
        assert_eq!(message(""), "`` is not a path pattern: it is empty");
        assert!(message("a[").starts_with("`a[` is not a path pattern: "));
        assert!(message("{a").starts_with("`{a` is not a path pattern: "));
        assert!(
            message(&"x".repeat(2000))
                .ends_with("…` is not a path pattern: it is longer than 1024 characters")
        );
        assert!(message(&"{a,b}".repeat(9)).ends_with("it has more than 8 groups in braces"));
    }

    #[test]
    fn a_set_tells_which_patterns_match() {
        let set = PathGlobs::parse(["*.rs", "src/", "*.py"]).expect("patterns");
        assert_eq!(set.matches("src/main.rs"), [0, 1]);
        assert_eq!(set.matches("a.py"), [2]);
        assert!(set.matches("README").is_empty());
    }
}
