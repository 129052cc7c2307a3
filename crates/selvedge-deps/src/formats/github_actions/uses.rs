//! One `uses:` taken apart: `owner/name/path@reference`.
//!
//! Format: GitHub, "Workflow syntax", `jobs.<id>.steps[*].uses`. Tags and branches can be moved, so only a
//! whole commit pins an action. Tools that pin leave the version in a comment behind.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use crate::formats::docker::image;

/// What stands behind a `uses:`.
pub(super) enum Used {
    /// Something of others.
    Component(Box<Component>),
    /// A folder or workflow of the project itself.
    Own,
    /// Nothing that GitHub would accept; the reason.
    Bad(String),
}

/// Takes the text of a `uses:` apart; `comment` is what stands behind `#` on its line.
pub(super) fn parse(text: &str, comment: Option<&str>, span: Span) -> Used {
    if text.starts_with("./") || text.starts_with(".\\") {
        return Used::Own;
    }
    if let Some(reference) = text.strip_prefix("docker://") {
        return match image::component(reference, Scope::Build, span) {
            Some(component) => Used::Component(Box::new(component)),
            None => Used::Bad(format!("`{text}` is no image")),
        };
    }
    let Some((path, reference)) = text.split_once('@').filter(|(_, reference)| !reference.is_empty()) else {
        return Used::Bad(format!("`{text}` without a reference; expected `owner/name@commit`"));
    };
    let mut parts = path.splitn(3, '/');
    let (owner, name) = match (parts.next(), parts.next()) {
        (Some(owner), Some(name)) if !owner.is_empty() && !name.is_empty() => (owner, name),
        _ => return Used::Bad(format!("`{text}` is no action; expected `owner/name@commit`")),
    };
    let is_commit = reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    let version = if is_commit { comment.and_then(version_in_comment) } else { Some(reference) };
    let version = version.filter(|version| looks_like_version(version));
    Used::Component(Box::new(Component {
        ecosystem: Ecosystem::GitHubActions,
        name: format!("{owner}/{name}"),
        version: version.map(str::to_owned),
        requirement: (!is_commit).then(|| reference.to_owned()),
        origin: Origin::Git {
            url: format!("https://github.com/{owner}/{name}"),
            commit: is_commit.then(|| reference.to_ascii_lowercase()),
        },
        resolved: Some(text.to_owned()),
        scope: Scope::Build,
        relation: Relation::Direct,
        span,
        ..Component::default()
    }))
}

/// The version in `v1.2.3`, `tag=v1.2.3`, `pin@v1.2.3`, `ratchet:owner/name@v1.2.3`.
fn version_in_comment(comment: &str) -> Option<&str> {
    let words = comment.split(|c: char| c.is_whitespace() || "=@:,()".contains(c));
    words.map(|word| word.trim_end_matches('.')).find(|word| looks_like_version(word))
}

fn looks_like_version(text: &str) -> bool {
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_+".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn of(text: &str, comment: Option<&str>) -> String {
        match parse(text, comment, Span::default()) {
            Used::Own => "own".into(),
            Used::Bad(_) => "bad".into(),
            Used::Component(found) => {
                let commit = match &found.origin {
                    Origin::Git { commit, .. } => commit.as_deref().unwrap_or("-"),
                    _ => "image",
                };
                format!("{} {} {commit}", found.name, found.version.as_deref().unwrap_or("-"))
            }
        }
    }

    #[test]
    fn only_commits_pin() {
        assert_eq!(of("actions/checkout@v4", None), "actions/checkout v4 -");
        assert_eq!(of("a/b/c/d@main", None), "a/b - -");
        assert_eq!(of(&format!("a/b@{COMMIT}"), None), format!("a/b - {COMMIT}"));
        for comment in ["v1.2.3", "tag=v1.2.3", "pin@v1.2.3", "ratchet:a/b@v1.2.3", " renovate: tag=v1.2.3"] {
            assert_eq!(
                of(&format!("a/b@{COMMIT}"), Some(comment)),
                format!("a/b v1.2.3 {COMMIT}"),
                "{comment}"
            );
        }
        assert_eq!(of("docker://alpine:3.20", None), "alpine 3.20 image");
        assert_eq!(of("./.github/actions/x", None), "own");
        for text in ["a/b", "a@v1", "/b@v1", "a/b@"] {
            assert_eq!(of(text, None), "bad", "{text}");
        }
    }
}
