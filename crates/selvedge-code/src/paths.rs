//! `paths:` of a rule: the files it is meant for.
//!
//! A pattern is matched as Semgrep does: against the path from the root of the run, at any depth, and a
//! pattern that names a folder means everything in it.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Which paths a rule is evaluated on.
#[derive(Debug, Default)]
pub(crate) struct PathFilter {
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

impl PathFilter {
    /// A filter of the two lists; an empty list says nothing.
    pub(crate) fn new(include: &[String], exclude: &[String]) -> Result<Self, String> {
        Ok(Self { include: set(include)?, exclude: set(exclude)? })
    }

    /// Whether the rule is meant for this `/`-separated path.
    pub(crate) fn accepts(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.is_match(path))
            && !self.exclude.as_ref().is_some_and(|exclude| exclude.is_match(path))
    }
}

fn set(patterns: &[String]) -> Result<Option<GlobSet>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        for form in forms(pattern) {
            let glob = GlobBuilder::new(&form).literal_separator(true).backslash_escape(true).build();
            builder.add(glob.map_err(|error| error.to_string())?);
        }
    }
    builder.build().map(Some).map_err(|error| error.to_string())
}

/// A pattern at the root or at any depth, as a file and as a folder.
fn forms(pattern: &str) -> Vec<String> {
    let anchored = pattern.starts_with('/');
    let trimmed = pattern.trim_start_matches("./").trim_matches('/');
    let mut forms = vec![trimmed.to_owned(), format!("{trimmed}/**")];
    if !anchored && !trimmed.starts_with("**/") {
        forms.push(format!("**/{trimmed}"));
        forms.push(format!("**/{trimmed}/**"));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(include: &[&str], exclude: &[&str], path: &str, expected: bool) {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let filter = PathFilter::new(&owned(include), &owned(exclude)).expect("valid patterns");
        assert_eq!(filter.accepts(path), expected, "{include:?} {exclude:?} {path}");
    }

    #[test]
    fn patterns_match_at_any_depth() {
        check(&[], &[], "a/b.py", true);
        check(&["*.py"], &[], "a/b.py", true);
        check(&["*.py"], &[], "a/b.js", false);
        check(&["tests/"], &[], "a/tests/b.js", true);
        check(&["**/templates/**/*.html"], &[], "x/templates/a/b.html", true);
        check(&[], &["*test*"], "a/test_b.py", false);
        check(&[], &["/a"], "b/a/c.py", true);
        check(&[], &["/a"], "a/c.py", false);
    }
}
