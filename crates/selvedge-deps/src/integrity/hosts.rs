//! Hosts in addresses, and the public registries by ecosystem.

use selvedge_package::Ecosystem;

/// Hosts of the public registries of an ecosystem. Empty where lockfiles name no addresses, or where any
/// host is as good as another.
pub(super) fn public(ecosystem: Ecosystem) -> &'static [&'static str] {
    match ecosystem {
        Ecosystem::CratesIo => &["crates.io", "github.com/rust-lang/crates.io-index"],
        Ecosystem::Npm => &["registry.npmjs.org", "registry.yarnpkg.com", "npm.jsr.io"],
        Ecosystem::PyPI => &["pypi.org", "pypi.python.org", "files.pythonhosted.org"],
        Ecosystem::RubyGems => &["rubygems.org"],
        Ecosystem::Pub => &["pub.dev", "pub.dartlang.org"],
        Ecosystem::Hex => &["hex.pm"],
        Ecosystem::NuGet => &["nuget.org"],
        _ => &[],
    }
}

/// The host of an address, without login and port; `None` if it has none.
pub(super) fn of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => host.split(':').next().unwrap_or(host),
    };
    (!host.is_empty()).then_some(host)
}

/// Whether `host` is the known one or lies below it.
pub(super) fn covers(known: &str, host: &str) -> bool {
    let (known, host) = (known.to_ascii_lowercase(), host.to_ascii_lowercase());
    host == known || host.strip_suffix(&known).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether the host is this machine.
pub(super) fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.starts_with("127.") || host == "::1"
}

/// The address with login, query and fragment cut out, for messages: a login may be a secret.
pub(super) fn without_login(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}
