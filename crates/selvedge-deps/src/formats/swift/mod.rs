//! Package files of Swift and Objective-C: Swift Package Manager, CocoaPods, Carthage.

mod cartfile;
mod package_resolved;
mod podfile;

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[package_resolved::FORMAT, podfile::FORMAT, cartfile::FORMAT];

/// Name of a package by the address of its repository, as advisories spell it: host and path without scheme,
/// user and `.git`.
fn repository_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('@').filter(|(user, _)| !user.contains('/')).map_or(rest, |(_, rest)| rest);
    let (host, path) = match (rest.find(':'), rest.find('/')) {
        // `git@host:owner/name`, but not `host:443/owner/name`.
        (Some(colon), slash) if slash.is_none_or(|slash| colon < slash) && !url.contains("://") => {
            (&rest[..colon], &rest[colon + 1..])
        }
        _ => rest.split_once('/').unwrap_or((rest, "")),
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let host = host.to_ascii_lowercase();
    if path.is_empty() { host } else { format!("{host}/{path}") }
}

#[cfg(test)]
mod tests {
    use super::repository_name;

    #[test]
    fn names_are_host_and_path() {
        for url in [
            "https://github.com/apple/swift-nio.git",
            "https://user:secret@GitHub.com/apple/swift-nio",
            "git@github.com:apple/swift-nio.git",
            "ssh://git@github.com/apple/swift-nio.git/",
        ] {
            assert_eq!(repository_name(url), "github.com/apple/swift-nio", "{url}");
        }
        assert_eq!(repository_name("https://example.com:8443/a/b"), "example.com:8443/a/b");
        assert_eq!(repository_name(""), "");
    }
}
