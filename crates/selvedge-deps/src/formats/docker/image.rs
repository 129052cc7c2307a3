//! References to images: `registry/path:tag@digest`.
//!
//! Format: OCI distribution specification, "Pulling manifests", and Docker's rule that a first part with a
//! dot, a colon or the name `localhost` is a registry.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use crate::syntax::digest;

/// Names of the public registry that a reference without registry means.
const DOCKER_HUB: &[&str] =
    &["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/// Variables that substitution may insert into one text, so that it stays bounded.
const SUBSTITUTIONS_MAX: usize = 32;

/// Longest text that substitution builds.
const TEXT_MAX: usize = 4_096;

/// The component of a reference; `None` for what is no image (`scratch`, nothing at all).
///
/// The version is the tag, or the digest where there is no tag; the digest is also a hash of the component,
/// so that its absence tells an image that can change under its name.
pub(in crate::formats) fn component(reference: &str, scope: Scope, span: Span) -> Option<Component> {
    let reference = reference.trim();
    if reference.is_empty() || reference == "scratch" || reference.contains(char::is_whitespace) {
        return None;
    }
    let (rest, digest) = match reference.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (reference, None),
    };
    let path_start = rest.rfind('/').map_or(0, |at| at + 1);
    let (path, tag) = match rest[path_start..].find(':') {
        Some(at) => (&rest[..path_start + at], Some(&rest[path_start + at + 1..])),
        None => (rest, None),
    };
    let (registry, name) = split_registry(path);
    if name.is_empty() {
        return None;
    }
    let is_open = |tag: &&str| tag.contains('$');
    Some(Component {
        ecosystem: Ecosystem::Docker,
        name: name.strip_prefix("library/").unwrap_or(name).to_owned(),
        version: tag.filter(|tag| !is_open(tag)).or(digest).map(str::to_owned),
        requirement: tag.filter(is_open).map(str::to_owned),
        origin: registry.map_or(Origin::Registry, |registry| Origin::OtherRegistry(registry.to_owned())),
        resolved: Some(reference.to_owned()),
        scope,
        relation: Relation::Direct,
        hashes: digest.and_then(digest::prefixed).into_iter().collect(),
        span,
        ..Component::default()
    })
}

/// The registry, if it is not the public one, and the path in it.
fn split_registry(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => {
            (Some(first).filter(|first| !DOCKER_HUB.contains(first)), rest)
        }
        _ => (None, path),
    }
}

/// Puts values in place of `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`. What has no value
/// stays as it is written.
pub(super) fn substitute(text: &str, value_of: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    for _ in 0..SUBSTITUTIONS_MAX {
        let Some(at) = rest.find('$') else { break };
        out.push_str(&rest[..at]);
        let (written, value) = variable(&rest[at..], value_of);
        out.push_str(value.as_deref().unwrap_or(written));
        rest = &rest[at + written.len()..];
        if out.len() > TEXT_MAX {
            break;
        }
    }
    out.push_str(rest);
    out
}

/// The variable at the start of `text`: how it is written, and what it becomes.
fn variable<'t>(text: &'t str, value_of: &dyn Fn(&str) -> Option<String>) -> (&'t str, Option<String>) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let Some(inner) = text.strip_prefix("${") else {
        let length = text[1..].find(|c| !is_name(c)).unwrap_or(text.len() - 1);
        let written = &text[..=length];
        return (written, (length > 0).then(|| value_of(&written[1..])).flatten());
    };
    let Some(end) = inner.find('}') else { return (text, None) };
    let (written, inner) = (&text[..end + 3], &inner[..end]);
    let name = inner.split(|c| !is_name(c)).next().unwrap_or(inner);
    let value = value_of(name).filter(|value| !value.is_empty());
    let operation = &inner[name.len()..];
    if let Some(default) = operation.strip_prefix(":-").or_else(|| operation.strip_prefix('-')) {
        return (written, Some(value.unwrap_or_else(|| default.to_owned())));
    }
    if let Some(other) = operation.strip_prefix(":+").or_else(|| operation.strip_prefix('+')) {
        return (written, Some(if value.is_some() { other.to_owned() } else { String::new() }));
    }
    (written, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(reference: &str) -> String {
        let Some(found) = component(reference, Scope::Runtime, Span::default()) else { return "none".into() };
        let registry = match &found.origin {
            Origin::OtherRegistry(registry) => registry.as_str(),
            _ => "-",
        };
        format!(
            "{registry} {} {} {}",
            found.name,
            found.version.as_deref().unwrap_or("-"),
            found.hashes.len()
        )
    }

    #[test]
    fn references_are_taken_apart() {
        let digest = format!("sha256:{}", "0".repeat(64));
        assert_eq!(of("nginx"), "- nginx - 0");
        assert_eq!(of("docker.io/library/nginx:1.25"), "- nginx 1.25 0");
        assert_eq!(of("localhost:5000/a/b:1"), "localhost:5000 a/b 1 0");
        assert_eq!(of(&format!("gcr.io/a/b:1@{digest}")), "gcr.io a/b 1 1");
        assert_eq!(of(&format!("a/b@{digest}")), format!("- a/b {digest} 1"));
        assert_eq!(of("a:${TAG}"), "- a - 0");
        for text in ["", "scratch", "a b", "gcr.io/"] {
            assert_eq!(of(text), "none", "{text}");
        }
    }

    #[test]
    fn variables_are_put_in_where_they_have_a_value() {
        let value_of = |name: &str| (name == "A").then(|| "x".to_owned());
        for (text, expected) in [
            ("$A-${A}", "x-x"),
            ("${B:-y}${A:-y}", "yx"),
            ("${A:+z}${B:+z}", "z"),
            ("$B ${B} $ ${", "$B ${B} $ ${"),
        ] {
            assert_eq!(substitute(text, &value_of), expected, "{text}");
        }
    }
}
