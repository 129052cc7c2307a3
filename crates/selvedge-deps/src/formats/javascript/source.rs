//! What stands behind a name in JavaScript's package files: a range, an alias, a repository, an address or a
//! folder.
//!
//! Format: npm, "npm-package-arg" and "package.json: dependencies"; Yarn, "Protocols"; pnpm, "Workspace" and
//! "Catalogs".

use selvedge_package::Origin;

/// The registry that all package managers use unless told otherwise, and its alias of Yarn.
const REGISTRY_HOSTS: &[&str] = &["registry.npmjs.org", "registry.yarnpkg.com"];

/// Hosts that a short form stands for: `github:owner/name`.
const SHORT_HOSTS: &[(&str, &str)] = &[
    ("github:", "https://github.com/"),
    ("gitlab:", "https://gitlab.com/"),
    ("bitbucket:", "https://bitbucket.org/"),
    ("gist:", "https://gist.github.com/"),
];

/// A specifier taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Specifier<'a> {
    /// The package meant, where that is another one than the key says (`npm:other@^1`).
    pub(super) name: Option<&'a str>,
    /// The range, for what comes from a registry.
    pub(super) range: Option<&'a str>,
    /// Where it comes from.
    pub(super) origin: Origin,
}

/// Takes `^1.2`, `npm:other@^1`, `github:owner/name#commit`, `file:../x`, `https://…` and the like apart.
pub(super) fn specifier(text: &str) -> Specifier<'_> {
    let text = text.trim();
    let registry = |name, range| Specifier { name, range, origin: Origin::Registry };
    if let Some(alias) = text.strip_prefix("npm:").or_else(|| text.strip_prefix("jsr:")) {
        let (name, range) = split_name(alias);
        let is_range = name == alias && !alias.starts_with('@') && looks_like_range(alias);
        return if is_range { registry(None, Some(alias)) } else { registry(Some(name), range) };
    }
    if let Some(origin) = elsewhere(text) {
        return Specifier { name: None, range: None, origin };
    }
    registry(None, Some(text).filter(|text| !text.is_empty()))
}

fn looks_like_range(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || "^~<>=*".contains(c))
}

/// The origin that a specifier or a resolved address names, if it is not a registry.
pub(super) fn elsewhere(text: &str) -> Option<Origin> {
    for protocol in ["file:", "link:", "portal:", "workspace:"] {
        if let Some(path) = text.strip_prefix(protocol) {
            return Some(Origin::Path(path.to_owned()));
        }
    }
    if text.starts_with("./") || text.starts_with("../") || text.starts_with('/') || text.starts_with("~/") {
        return Some(Origin::Path(text.to_owned()));
    }
    for (short, host) in SHORT_HOSTS {
        if let Some(rest) = text.strip_prefix(short) {
            return Some(git(&format!("{host}{rest}")));
        }
    }
    let is_address = text.contains("://");
    if text.starts_with("git+")
        || text.starts_with("git@")
        || text.starts_with("git:")
        || text.starts_with("ssh:")
    {
        return Some(git(text));
    }
    if is_address {
        return Some(at_address(text));
    }
    let is_short = text.split_once('#').map_or(text, |(path, _)| path).split('/').count() == 2
        && !text.starts_with('@')
        && !text.contains([':', ' ', '<', '>']);
    is_short.then(|| git(&format!("https://github.com/{text}")))
}

/// A repository at an address with `#commit`, `#commit=…` or `#commit:…` behind.
fn git(text: &str) -> Origin {
    let (url, fragment) = text.split_once('#').map_or((text, ""), |(url, fragment)| (url, fragment));
    let url = url.strip_prefix("git+").unwrap_or(url);
    let bare = |part: &'_ str| part.trim_start_matches("commit").trim_start_matches([':', '=']).to_owned();
    let commit = fragment.split('&').map(bare).find(|part| is_commit(part));
    Origin::Git { url: url.to_owned(), commit }
}

/// Whether the text is a commit and no tag, branch or range.
fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What an `http` or `https` address is: a repository, an archive that a forge makes of a commit, or a file.
fn at_address(text: &str) -> Origin {
    let (url, fragment) = text.split_once('#').map_or((text, ""), |(url, fragment)| (url, fragment));
    let path = url.split('?').next().unwrap_or(url);
    if path.rsplit_once('.').is_some_and(|(_, extension)| extension == "git")
        || fragment.starts_with("commit=")
    {
        return git(text);
    }
    if let Some((repository, commit)) = archive_of_commit(path).or_else(|| archive_by_query(url)) {
        return Origin::Git { url: repository, commit: Some(commit) };
    }
    Origin::Url(text.to_owned())
}

/// `https://codeload.github.com/owner/name/tar.gz/<commit>` and its like on GitLab and Bitbucket.
fn archive_of_commit(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let parts: Vec<&str> = rest.split('/').collect();
    let (repository, commit) = match parts.as_slice() {
        ["codeload.github.com", owner, name, "tar.gz" | "legacy.tar.gz" | "zip", commit] => {
            (format!("https://github.com/{owner}/{name}"), *commit)
        }
        ["github.com", owner, name, "archive" | "tarball", commit] => {
            (format!("https://github.com/{owner}/{name}"), commit.trim_end_matches(".tar.gz"))
        }
        ["gitlab.com", owner, name, "-", "archive", commit, ..] => {
            (format!("https://gitlab.com/{owner}/{name}"), *commit)
        }
        ["bitbucket.org", owner, name, "get", commit] => {
            (format!("https://bitbucket.org/{owner}/{name}"), commit.trim_end_matches(".tar.gz"))
        }
        _ => return None,
    };
    is_commit(commit).then(|| (repository, commit.to_owned()))
}

/// `https://gitlab.com/owner/name/repository/archive.tar.gz?ref=<commit>`, and the same by GitLab's API.
fn archive_by_query(url: &str) -> Option<(String, String)> {
    let (path, query) = url.split_once('?')?;
    let (repository, _) = path.split_once("/repository/archive")?;
    let commit =
        query.split('&').find_map(|part| part.strip_prefix("ref=").or_else(|| part.strip_prefix("sha=")))?;
    let repository = repository.replace("/api/v4/projects/", "/").replace("%2F", "/").replace("%2f", "/");
    is_commit(commit).then(|| (repository, commit.to_owned()))
}

/// The origin of a package by the address it was resolved to. Registries put archives below `/-/`.
pub(super) fn resolved(address: &str) -> Origin {
    let bare = address.split(['#', '?']).next().unwrap_or(address);
    let is_file = matches!(bare.rsplit_once('.'), Some((_, "tgz" | "gz")));
    let is_registry_layout = (is_file && bare.contains("/-/"))
        || bare.contains("/download/@")
        || bare.contains("npm.pkg.github.com/download/");
    if is_registry_layout && (address.starts_with("https://") || address.starts_with("http://")) {
        let after_scheme = bare.split_once("://").map_or(bare, |(_, rest)| rest);
        let host = after_scheme.split('/').next().unwrap_or_default();
        if REGISTRY_HOSTS.contains(&host) {
            return Origin::Registry;
        }
        return Origin::OtherRegistry(registry_root(bare));
    }
    elsewhere(address).unwrap_or(Origin::Registry)
}

/// `https://host/path` of `https://host/path/@scope/name/-/name-1.0.0.tgz`.
fn registry_root(address: &str) -> String {
    let before = address.split_once("/-/").map_or(address, |(before, _)| before);
    let before = before.split_once("/download/").map_or(before, |(before, _)| before);
    let cut = before.rfind("/@").filter(|_| address.contains("/-/")).or_else(|| before.rfind('/'));
    let scheme_end = before.find("://").map_or(0, |at| at + 3);
    match cut {
        Some(at) if at > scheme_end => before[..at].to_owned(),
        _ => before.to_owned(),
    }
}

/// Splits `@scope/name@range` at the `@` that is not the scope's.
pub(super) fn split_name(text: &str) -> (&str, Option<&str>) {
    let from = usize::from(text.starts_with('@'));
    match text[from..].find('@') {
        Some(at) => (&text[..from + at], Some(&text[from + at + 1..])),
        None => (text, None),
    }
}

/// The version that a range such as `1.2.3` or `=1.2.3` leaves.
pub(super) fn exact(range: &str) -> Option<&str> {
    let version = range.trim().trim_start_matches(['=', 'v']);
    let core = version.split(['-', '+']).next().unwrap_or(version);
    let parts: Vec<&str> = core.split('.').collect();
    let is_whole = parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && !version.contains([' ', '|']);
    is_whole.then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git_of(text: &str) -> String {
        match elsewhere(text) {
            Some(Origin::Git { url, commit }) => format!("{url} {}", commit.unwrap_or_default()),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn specifiers_of_every_kind() {
        assert_eq!(specifier("^1.2").range, Some("^1.2"));
        assert_eq!(specifier("npm:@a/b@^1").name, Some("@a/b"));
        assert_eq!(specifier("npm:@a/b@^1").range, Some("^1"));
        assert_eq!(specifier("npm:^1.0.0").range, Some("^1.0.0"));
        assert_eq!(specifier("workspace:*").origin, Origin::Path("*".into()));
        assert_eq!(specifier("file:../x").origin, Origin::Path("../x".into()));
        assert_eq!(specifier("1.x || >=2.5.0 || 5.0.0 - 7.2.3").origin, Origin::Registry);
        assert_eq!(specifier("").range, None);
    }

    #[test]
    fn repositories_in_every_spelling() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let expected = format!("https://github.com/o/n {commit}");
        for text in [
            "github:o/n#",
            "o/n#",
            "https://codeload.github.com/o/n/tar.gz/",
            "https://github.com/o/n/archive/",
        ] {
            assert_eq!(git_of(&format!("{text}{commit}")), expected);
        }
        for text in
            ["https://gitlab.com/o/n/repository", "https://gitlab.com/api/v4/projects/o%2Fn/repository"]
        {
            let expected = format!("https://gitlab.com/o/n {commit}");
            assert_eq!(git_of(&format!("{text}/archive.tar.gz?ref={commit}")), expected);
        }
        assert_eq!(git_of("git+ssh://git@github.com/o/n.git#v1"), "ssh://git@github.com/o/n.git ");
        assert_eq!(git_of("https://github.com/o/n.git#commit=abcdef0"), "https://github.com/o/n.git abcdef0");
    }

    #[test]
    fn registries_are_known_by_their_layout() {
        assert_eq!(resolved("https://registry.npmjs.org/a/-/a-1.0.0.tgz"), Origin::Registry);
        assert_eq!(resolved("https://registry.yarnpkg.com/@a/b/-/b-1.0.0.tgz#abc"), Origin::Registry);
        let inside = |text: &str| Origin::OtherRegistry(text.to_owned());
        assert_eq!(
            resolved("https://npm.example.org/api/@a/b/-/b-1.0.0.tgz"),
            inside("https://npm.example.org/api")
        );
        assert_eq!(resolved("https://npm.example.org/a/-/a-1.0.0.tgz"), inside("https://npm.example.org"));
        assert_eq!(
            resolved("https://example.org/files/a.tgz"),
            Origin::Url("https://example.org/files/a.tgz".into())
        );
    }

    #[test]
    fn only_a_whole_version_is_exact() {
        assert_eq!(exact("1.2.3-rc.1"), Some("1.2.3-rc.1"));
        assert_eq!(exact("=1.2.3"), Some("1.2.3"));
        for range in ["^1.2.3", "1.2", "*", "1.2.3 || 2.0.0", "latest", "1.2.x"] {
            assert_eq!(exact(range), None, "{range}");
        }
    }
}
