//! Package files of C and C++: Conan.

mod conan_lock;
mod conanfile;

use crate::Format;

/// The formats of this folder, the lockfile first: it takes the other in.
pub(crate) const FORMATS: &[Format] = &[conan_lock::FORMAT, conanfile::FORMAT];

/// `name/version@user/channel#revision:package%time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reference<'a> {
    name: &'a str,
    /// Version, or a range in brackets.
    version: &'a str,
    /// `user/channel`: not of the public registry.
    user: Option<&'a str>,
}

impl<'a> Reference<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.split(['#', '%', ':']).next().unwrap_or(text).trim();
        let (name, rest) = text.split_once('/')?;
        let (version, user) =
            rest.split_once('@').map_or((rest, None), |(version, user)| (version, Some(user)));
        let user = user.filter(|user| !user.is_empty());
        (!name.is_empty() && !version.is_empty()).then_some(Self { name, version, user })
    }
}
