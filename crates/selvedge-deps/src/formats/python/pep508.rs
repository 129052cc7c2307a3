//! Requirements as Python writes them: `name[extra] >=1,<2 ; marker` and `name @ address`.
//!
//! Format: Python packaging guide, "Dependency specifiers" (formerly PEP 508) and "Version specifiers" (formerly PEP 440).

use selvedge_package::{Origin, Scope, Span};

use super::names::is_valid;
use crate::requirement::Requirement;

/// Comparisons of versions, longer ones first.
const OPERATORS: &[&str] = &["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

/// A requirement taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Specification<'a> {
    /// Name as written.
    pub(super) name: &'a str,
    /// Clauses on the version as written, brackets left out; empty if any version will do.
    pub(super) versions: &'a str,
    /// Address after `@`.
    pub(super) address: Option<&'a str>,
}

impl Specification<'_> {
    /// As a requirement of this scope that stands at `span`.
    pub(super) fn requirement(&self, scope: Scope, span: Span) -> Requirement {
        let origin = self.address.map_or(Origin::Registry, origin);
        Requirement {
            name: self.name.to_owned(),
            requirement: (!self.versions.is_empty()).then(|| self.versions.to_owned()),
            version: exact(self.versions).map(str::to_owned),
            scope,
            origin,
            span,
            ..Requirement::default()
        }
    }
}

/// Takes a requirement apart. The message says what was expected.
pub(super) fn parse(text: &str) -> Result<Specification<'_>, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    // A name must not end with a separator; `name-` is none.
    if !is_valid(name) {
        return Err(format!("`{}` is no requirement; expected the name of a package first", shown(text)));
    }
    let rest = skip_extras(rest.trim_start()).ok_or_else(|| format!("extras of `{name}` without `]`"))?;
    if let Some(address) = rest.strip_prefix('@') {
        let address = address.trim();
        let address = address.split_once(" ;").map_or(address, |(address, _)| address).trim();
        if address.is_empty() {
            return Err(format!("no address after `{name} @`"));
        }
        return Ok(Specification { name, versions: "", address: Some(address) });
    }
    let versions = rest.split_once(';').map_or(rest, |(versions, _)| versions).trim();
    let versions = versions.strip_prefix('(').map_or(versions, |inner| inner.trim_end_matches(')')).trim();
    check(versions).map_err(|message| format!("`{name}`: {message}"))?;
    Ok(Specification { name, versions, address: None })
}

fn skip_extras(rest: &str) -> Option<&str> {
    match rest.strip_prefix('[') {
        Some(inner) => inner.split_once(']').map(|(_, rest)| rest.trim_start()),
        None => Some(rest),
    }
}

/// The first characters of a text for a message.
pub(super) fn shown(text: &str) -> &str {
    let end = text.char_indices().nth(60).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// Whether every clause has an operator and a version.
fn check(versions: &str) -> Result<(), String> {
    for clause in versions.split(',').map(str::trim) {
        // A comma may stand at the end.
        if clause.is_empty() {
            continue;
        }
        let Some(version) = OPERATORS.iter().find_map(|operator| clause.strip_prefix(operator)) else {
            return Err(format!("`{}`; expected a comparison such as `==1.0`", shown(clause)));
        };
        let version = version.trim();
        if version.is_empty() || version.starts_with('-') || version.contains(char::is_whitespace) {
            return Err(format!("`{}`; expected one version after the comparison", shown(clause)));
        }
    }
    Ok(())
}

/// The version that `==1.0` or `===1.0` leaves. A placeholder such as `${VERSION}` is none.
pub(super) fn exact(versions: &str) -> Option<&str> {
    let version = versions.strip_prefix("===").or_else(|| versions.strip_prefix("=="))?.trim();
    (!version.contains([',', '*', '$', '{']) && !version.is_empty()).then_some(version)
}

/// Where an address leads: a repository, a file of the project or an archive.
pub(super) fn origin(address: &str) -> Origin {
    if let Some(rest) = address.strip_prefix("git+") {
        let (url, _) = rest.split_once('#').map_or((rest, ""), |(url, fragment)| (url, fragment));
        let path_start = url.rfind('/').unwrap_or(0);
        let (url, reference) = match url[path_start..].rfind('@') {
            Some(at) => (&url[..path_start + at], Some(&url[path_start + at + 1..])),
            None => (url, None),
        };
        let commit = reference.filter(|reference| is_commit(reference)).map(str::to_owned);
        return Origin::Git { url: url.to_owned(), commit };
    }
    if let Some(path) = address.strip_prefix("file:") {
        return Origin::Path(path.to_owned());
    }
    if address.contains("://") { Origin::Url(address.to_owned()) } else { Origin::Path(address.to_owned()) }
}

/// Whether a revision is a commit and no branch or tag.
pub(super) fn is_commit(reference: &str) -> bool {
    (7..=64).contains(&reference.len()) && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_extras_versions_and_markers() {
        let found = parse("requests [security, x] >= 2.8.1, == 2.8.* ; python_version < \"2.7\"").unwrap();
        assert_eq!((found.name, found.versions), ("requests", ">= 2.8.1, == 2.8.*"));
        assert_eq!(parse("a (==1.0)").unwrap().versions, "==1.0");
        assert_eq!(parse("a;b").unwrap().versions, "");
        assert_eq!(parse("a @ https://e.org/a;b ; x").unwrap().address, Some("https://e.org/a;b"));
    }

    #[test]
    fn what_is_no_requirement_is_said() {
        for text in ["", "==1.0", "a==", "a 1.0", "a[b", "a @", "a==1.0 more", "a-==1", "-a"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_version_is_exact() {
        assert_eq!(exact("== 1.0"), Some("1.0"));
        assert_eq!(exact("===1.0+x"), Some("1.0+x"));
        for text in ["==1.*", ">=1", "==1,<2", "==${V}", ""] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_lead_to_commits_only_where_one_stands() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let git =
            |url: &str, commit: Option<&str>| Origin::Git { url: url.into(), commit: commit.map(Into::into) };
        assert_eq!(
            origin(&format!("git+https://e.org/a.git@{commit}#egg=a")),
            git("https://e.org/a.git", Some(commit))
        );
        assert_eq!(origin("git+ssh://git@e.org/a.git@main"), git("ssh://git@e.org/a.git", None));
        assert_eq!(origin("git+ssh://git@e.org/a.git"), git("ssh://git@e.org/a.git", None));
        assert_eq!(origin("./a"), Origin::Path("./a".into()));
    }
}
