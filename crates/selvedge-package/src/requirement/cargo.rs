//! Requirements of Cargo, by the crate that Cargo itself matches with.

use semver::{Version, VersionReq};

pub(super) fn cargo(requirement: &str, version: &str) -> Option<bool> {
    let requirement = VersionReq::parse(requirement.trim()).ok()?;
    let version = Version::parse(version.trim()).ok()?;
    Some(requirement.matches(&version))
}
