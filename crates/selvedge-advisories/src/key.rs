//! Spelling, as the index needs it: keys of packages, releases and repositories.

use std::borrow::Cow;

use selvedge_package::Ecosystem;

/// Ecosystem under which repositories are indexed.
pub(crate) const GIT: &str = "GIT";

/// The key of a package: ecosystem, name, release, with a NUL between them. Everything of one package lies
/// together, whatever its releases.
pub(crate) fn key(ecosystem: &str, name: &str, release: Option<&str>) -> Vec<u8> {
    let release = release.unwrap_or_default();
    let mut key = Vec::with_capacity(ecosystem.len() + name.len() + release.len() + 2);
    key.extend_from_slice(ecosystem.as_bytes());
    key.push(0);
    key.extend_from_slice(name.as_bytes());
    key.push(0);
    key.extend_from_slice(release.as_bytes());
    key
}

/// Ecosystem, name and release of a key.
pub(crate) fn split_key(key: &[u8]) -> Option<(&str, &str, &str)> {
    let mut parts = std::str::from_utf8(key).ok()?.splitn(3, '\0');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// The release as keys write it: `22.04` for `22.04:LTS`, `v3.20` for `3.20`, `9` for `9.4` and for
/// `enterprise_linux:9::appstream`.
pub(crate) fn release(ecosystem: Ecosystem, written: &str) -> Cow<'_, str> {
    match ecosystem {
        Ecosystem::Ubuntu => Cow::Borrowed(written.strip_suffix(":LTS").unwrap_or(written)),
        Ecosystem::Alpine => alpine_release(written),
        Ecosystem::AlmaLinux | Ecosystem::RockyLinux | Ecosystem::OracleLinux => {
            Cow::Borrowed(major(written))
        }
        Ecosystem::RedHat => match written.strip_prefix("enterprise_linux:") {
            Some(rest) => Cow::Borrowed(major(rest.split(':').next().unwrap_or(rest))),
            None => Cow::Borrowed(major(written)),
        },
        Ecosystem::Debian => Cow::Borrowed(major(written)),
        _ => Cow::Borrowed(written),
    }
}

/// `9` for `9.4`; anything that is no dotted number stays.
fn major(written: &str) -> &str {
    let is_number = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match written.split_once('.') {
        Some((major, _)) if is_number && !major.is_empty() => major,
        _ => written,
    }
}

/// `v3.20` for `3.20` and `3.20.3`; `edge` stays.
fn alpine_release(written: &str) -> Cow<'_, str> {
    let digits = written.strip_prefix('v').unwrap_or(written);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return Cow::Borrowed(written);
    }
    let mut parts = digits.splitn(3, '.');
    match (parts.next(), parts.next()) {
        (Some(major), Some(minor)) => Cow::Owned(format!("v{major}.{minor}")),
        _ => Cow::Owned(format!("v{digits}")),
    }
}

/// The name as keys write it.
pub(crate) fn name(ecosystem: Ecosystem, written: &str) -> Cow<'_, str> {
    ecosystem.normalize(written)
}

/// A repository as keys write it: host and path, without scheme, user, `.git` and trailing slash.
pub(crate) fn repository(address: &str) -> Cow<'_, str> {
    Ecosystem::Git.normalize(address)
}
