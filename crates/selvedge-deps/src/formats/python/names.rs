//! Names of packages and groups.

use selvedge_package::Scope;

/// Words that say of a group, an extra or a requirements file that only developers need it.
const DEVELOPMENT: &[&str] = &[
    "dev",
    "devel",
    "develop",
    "development",
    "doc",
    "docs",
    "documentation",
    "lint",
    "linting",
    "mypy",
    "test",
    "testing",
    "tests",
    "typing",
];

/// The normalised spelling (Python packaging guide, "Names and normalization", formerly PEP 503): lower case, and every run of
/// `-`, `_` and `.` one `-`.
pub(super) fn normalized(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.trim().chars() {
        if matches!(c, '-' | '_' | '.') {
            if !normal.ends_with('-') {
                normal.push('-');
            }
        } else {
            normal.extend(c.to_lowercase());
        }
    }
    normal
}

/// Whether the text can be the name of a package: letters, digits and `-_.`, the first and last one a letter
/// or digit.
pub(super) fn is_valid(name: &str) -> bool {
    let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    is_edge(bytes.first())
        && is_edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// The scope of a named group of requirements. Names that do not clearly speak of development are taken as
/// needed at run time.
pub(super) fn group_scope(name: &str) -> Scope {
    let is_development = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| DEVELOPMENT.contains(&word.to_ascii_lowercase().as_str()));
    if is_development { Scope::Development } else { Scope::Runtime }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_separators_are_one_hyphen() {
        assert_eq!(normalized("Foo._-Bar"), "foo-bar");
        assert!(is_valid("a") && is_valid("a.-b") && !is_valid("-a") && !is_valid("a b") && !is_valid(""));
    }

    #[test]
    fn only_words_of_development_lower_the_scope() {
        for (name, expected) in [
            ("requirements-dev", Scope::Development),
            ("test_extra", Scope::Development),
            ("latest", Scope::Runtime),
            ("prod", Scope::Runtime),
        ] {
            assert_eq!(group_scope(name), expected, "{name}");
        }
    }
}
