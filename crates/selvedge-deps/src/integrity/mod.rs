//! How packages are locked: digests, hosts, commits, and names that no public registry may give.
//!
//! Every check speaks only where the file could have said more: a format that never records digests is not
//! blamed for having none.

mod hosts;

use selvedge_package::{Component, Ecosystem, Manifest, Origin, Relation};

/// What the project says about its own packages and registries.
#[derive(Debug, Clone, Default)]
pub struct IntegrityOptions {
    /// Hosts that are as good as the public registries.
    pub registries: Vec<String>,
    /// Beginnings of names that no public registry may give.
    pub private_names: Vec<String>,
}

/// Something that one of the built-in rules has to say about a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Identifier of the rule.
    pub rule: &'static str,
    /// Index of the component in its manifest.
    pub component: u32,
    /// The case in one sentence.
    pub message: String,
    /// Whether the rule means it less here than elsewhere, and why.
    pub mitigated: Option<&'static str>,
}

/// Looks at how the packages of one manifest are locked. Issues come in the order of the components.
pub fn integrity(manifest: &Manifest, options: &IntegrityOptions) -> Vec<Issue> {
    let records_hashes = manifest.components.iter().any(|component| !component.hashes.is_empty());
    let mut issues = Vec::new();
    for (index, component) in manifest.components.iter().enumerate() {
        if component.relation == Relation::Root || matches!(component.origin, Origin::Path(_)) {
            continue;
        }
        let mut report = |rule, message: String, mitigated| {
            issues.push(Issue { rule, component: index as u32, message, mitigated });
        };
        match component.ecosystem {
            Ecosystem::GitHubActions => {
                if let Some((message, mitigated)) = unpinned_action(component) {
                    report("action-not-pinned", message, mitigated);
                }
                continue;
            }
            Ecosystem::Docker => {
                if let Some(message) = unpinned_image(component) {
                    report("image-not-pinned", message, None);
                }
                continue;
            }
            _ => {}
        }
        if let Some(message) = followed_branch(component) {
            report("git-dependency-without-commit", message, None);
        }
        if let Some(message) = insecure(component) {
            report("insecure-package-address", message, None);
        }
        if let Some(message) = foreign_host(component, options) {
            report("lockfile-foreign-host", message, None);
        }
        if let Some(message) = private_name(component, options) {
            report("private-name-from-public-registry", message, None);
        }
        if manifest.is_locked && records_hashes {
            match digests(component) {
                Digests::Missing => {
                    let message = format!("{} has no digest, unlike other packages here", named(component));
                    report("lockfile-missing-hash", message, None);
                }
                Digests::Weak => {
                    let message = format!("{} is told apart by MD5 or SHA-1 only", named(component));
                    report("lockfile-weak-hash", message, None);
                }
                Digests::Sound => {}
            }
        }
    }
    issues.extend(without_lockfile(manifest));
    issues
}

/// `name version`, or the name alone.
fn named(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{} {version}", component.name),
        None => component.name.clone(),
    }
}

enum Digests {
    Missing,
    Weak,
    Sound,
}

fn digests(component: &Component) -> Digests {
    // A commit identifies its content; what is unpacked from another package has no archive of its own.
    let fetched = match component.origin {
        Origin::Registry => component.resolved.is_some() || component.ecosystem != Ecosystem::Npm,
        Origin::OtherRegistry(_) | Origin::Url(_) => true,
        Origin::Git { .. } | Origin::Path(_) | Origin::Installed => false,
    };
    if !fetched || component.version.is_none() {
        return Digests::Sound;
    }
    if component.hashes.is_empty() {
        return Digests::Missing;
    }
    let strong = component.hashes.iter().any(|hash| hash.algorithm.is_strong());
    if strong { Digests::Sound } else { Digests::Weak }
}

fn followed_branch(component: &Component) -> Option<String> {
    let Origin::Git { url, commit: None } = &component.origin else { return None };
    Some(format!("{} comes from {} without a commit", component.name, hosts::without_login(url)))
}

fn insecure(component: &Component) -> Option<String> {
    let address = match &component.origin {
        Origin::OtherRegistry(url) | Origin::Url(url) | Origin::Git { url, .. } => Some(url),
        _ => None,
    };
    let plain = |url: &&String| {
        let lower = url.to_ascii_lowercase();
        let lower = lower.strip_prefix("git+").unwrap_or(&lower);
        let open = lower.starts_with("http://") || lower.starts_with("git://") || lower.starts_with("ftp://");
        open && !hosts::of(url).is_some_and(hosts::is_local)
    };
    let url = address.into_iter().chain(&component.resolved).find(plain)?;
    Some(format!("{} is fetched from {} without encryption", named(component), hosts::without_login(url)))
}

fn foreign_host(component: &Component, options: &IntegrityOptions) -> Option<String> {
    // npm writes the address even of what was asked for by version: one elsewhere is no wish of the project.
    let asked_by_version = component.ecosystem == Ecosystem::Npm
        && !component.requirement.as_ref().is_some_and(|requirement| requirement.contains(':'));
    let from_registry = match component.origin {
        Origin::Registry | Origin::OtherRegistry(_) => true,
        Origin::Url(_) => asked_by_version,
        Origin::Git { .. } | Origin::Path(_) | Origin::Installed => false,
    };
    let address = match &component.origin {
        Origin::OtherRegistry(url) | Origin::Url(url) => component.resolved.as_ref().unwrap_or(url),
        _ => component.resolved.as_ref()?,
    };
    let host = hosts::of(address).filter(|_| from_registry)?;
    let public = hosts::public(component.ecosystem);
    if public.is_empty() || hosts::is_local(host) {
        return None;
    }
    let expected = public.iter().copied().chain(options.registries.iter().map(String::as_str));
    (!expected.into_iter().any(|known| hosts::covers(known, host)))
        .then(|| format!("{} is fetched from {host}", named(component)))
}

fn private_name(component: &Component, options: &IntegrityOptions) -> Option<String> {
    let prefix = options.private_names.iter().find(|prefix| component.name.starts_with(prefix.as_str()))?;
    let public = match (&component.origin, &component.resolved) {
        (Origin::Registry, None) => true,
        (Origin::Registry | Origin::OtherRegistry(_), Some(resolved)) => {
            let host = hosts::of(resolved)?;
            hosts::public(component.ecosystem).iter().any(|known| hosts::covers(known, host))
        }
        _ => false,
    };
    public.then(|| {
        format!(
            "{} begins with `{prefix}`, as your own packages do, and comes from a public registry",
            named(component)
        )
    })
}

/// Owners whose actions run in nearly every workflow; a moved tag of theirs would be noticed within minutes.
const PLATFORM_OWNERS: &[&str] = &["actions/", "github/"];

fn unpinned_action(component: &Component) -> Option<(String, Option<&'static str>)> {
    let Origin::Git { commit: None, .. } = component.origin else { return None };
    let version = component.version.as_deref().or(component.requirement.as_deref()).unwrap_or("a branch");
    let platform = PLATFORM_OWNERS.iter().any(|owner| component.name.starts_with(owner));
    let mitigated = platform.then_some("published by the platform itself");
    Some((format!("{} is used at {version}, which its owner can move", component.name), mitigated))
}

fn unpinned_image(component: &Component) -> Option<String> {
    if !component.hashes.is_empty() {
        return None;
    }
    let tag = component.version.as_deref().unwrap_or("latest");
    Some(format!("{}:{tag} is named without a digest", component.name))
}

/// One issue for the whole file, at its first requirement.
fn without_lockfile(manifest: &Manifest) -> Option<Issue> {
    if manifest.is_locked {
        return None;
    }
    let open = |component: &Component| {
        let from_registry = matches!(component.origin, Origin::Registry | Origin::OtherRegistry(_));
        let pinned = matches!(component.ecosystem, Ecosystem::GitHubActions | Ecosystem::Docker);
        component.version.is_none() && component.relation != Relation::Root && from_registry && !pinned
    };
    let count = manifest.components.iter().filter(|component| open(component)).count();
    let first = manifest.components.iter().position(open)?;
    let packages = if count == 1 { "1 package is" } else { &format!("{count} packages are") };
    Some(Issue {
        rule: "manifest-without-lockfile",
        component: first as u32,
        message: format!("{packages} required here without an exact version, and no lockfile pins them"),
        mitigated: None,
    })
}

#[cfg(test)]
mod tests;
