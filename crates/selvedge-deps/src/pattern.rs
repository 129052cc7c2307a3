//! Globs as workspaces write them (`packages/*`, `crates/**`), and folders of a sorted list of paths.

use std::collections::HashSet;

/// Patterns with wildcards that one workspace may have; those without are looked up and not bounded.
const GLOBS_MAX: usize = 256;

/// The folders that belong to a workspace: those that match a pattern and no exclusion.
#[derive(Debug, Default)]
pub(crate) struct Members {
    included: Patterns,
    excluded: Patterns,
}

#[derive(Debug, Default)]
struct Patterns {
    exact: HashSet<String>,
    globs: Vec<String>,
}

impl Members {
    /// Members by patterns; one that begins with `!` excludes.
    pub(crate) fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let mut members = Self::default();
        for pattern in patterns {
            match pattern.strip_prefix('!') {
                Some(pattern) => members.excluded.add(pattern),
                None => members.included.add(pattern),
            }
        }
        members
    }

    /// Whether the folder is a member.
    pub(crate) fn contains(&self, folder: &str) -> bool {
        self.included.matches(folder) && !self.excluded.matches(folder)
    }

    /// Whether there is any pattern.
    pub(crate) fn is_empty(&self) -> bool {
        self.included.exact.is_empty() && self.included.globs.is_empty()
    }
}

impl Patterns {
    fn add(&mut self, pattern: &str) {
        let pattern = tidy(pattern);
        if !pattern.contains(['*', '?']) {
            self.exact.insert(pattern.to_owned());
        } else if self.globs.len() < GLOBS_MAX {
            self.globs.push(pattern.to_owned());
        }
    }

    fn matches(&self, folder: &str) -> bool {
        self.exact.contains(folder) || self.globs.iter().any(|pattern| matches(pattern, folder))
    }
}

/// Whether `path` matches `pattern` part by part: `*` and `?` inside a part, `**` any number of parts.
fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    wild(&pattern, &path, &|part| *part == "**", &|pattern, part| {
        wild(pattern.as_bytes(), part.as_bytes(), &|byte| *byte == b'*', &|a, b| *a == b'?' || a == b)
    })
}

/// Wildcard match with backtracking to the last wildcard only: time is at most the product of both lengths.
fn wild<P, T>(
    pattern: &[P],
    text: &[T],
    is_any: &dyn Fn(&P) -> bool,
    is_same: &dyn Fn(&P, &T) -> bool,
) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && is_any(&pattern[p]) {
            retry = Some((p, t));
            p += 1;
        } else if p < pattern.len() && is_same(&pattern[p], &text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = retry {
            retry = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(is_any)
}

/// A pattern without `./` in front and `/` behind.
fn tidy(pattern: &str) -> &str {
    pattern.trim_start_matches("./").trim_end_matches('/')
}

/// The paths below `folder` in a sorted list; all for the empty folder.
pub(crate) fn below<'p, 'a>(paths: &'p [&'a str], folder: &str) -> &'p [&'a str] {
    if folder.is_empty() {
        return paths;
    }
    let prefix = format!("{folder}/");
    let start = paths.partition_point(|path| **path < *prefix);
    let length = paths[start..].partition_point(|path| path.starts_with(&prefix));
    &paths[start..start + length]
}

/// The folder of a path; empty for the root of the run.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `name` in `folder`, which may be empty.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// `path` seen from `folder`; `None` if it does not lie there.
pub(crate) fn relative<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if path == folder {
        return Some("");
    }
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_wildcards() {
        for (pattern, path, expected) in [
            ("crates/*", "crates/a", true),
            ("crates/*", "crates/a/b", false),
            ("crates/**", "crates/a/b", true),
            ("**/x", "a/b/x", true),
            ("a-?", "a-b", true),
            ("a", "b", false),
            ("*", "", true),
            ("**", "a/b", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn members_are_what_matches_and_is_not_excluded() {
        let members = Members::new(["./packages/*/", "tools", "!packages/old"]);
        let found: Vec<_> =
            ["packages/a", "packages/old", "tools", "other"].iter().map(|it| members.contains(it)).collect();
        assert_eq!(found, [true, false, true, false]);
    }

    #[test]
    fn folders_of_a_sorted_list() {
        let paths = ["a", "a-b/c", "a/b", "a/c", "ab"];
        assert_eq!(below(&paths, "a"), ["a/b", "a/c"]);
        assert_eq!(below(&paths, "").len(), 5);
        assert_eq!(relative("a/b", "a"), Some("b"));
        assert_eq!(relative("ab", "a"), None);
    }
}
