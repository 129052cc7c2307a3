//! What licences are called outside of the SPDX list: names in prose, short names of distributions, PyPI
//! classifiers, addresses of licence texts.

mod key;
mod table;
mod url;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::expression::License;
pub(crate) use key::key;

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// The licence.
    pub(crate) license: License,
    /// Whether the name means exactly this licence, not the nearest of several that it may mean.
    pub(crate) is_exact: bool,
}

impl Named {
    fn exact(license: License) -> Self {
        Self { license, is_exact: true }
    }
}

/// Keys of all identifiers and full names of the SPDX list, and of [`table::NAMES`].
static KEYS: LazyLock<HashMap<String, (&'static str, bool)>> = LazyLock::new(|| {
    let mut keys = HashMap::new();
    for license in spdx::identifiers::LICENSES {
        keys.entry(key(license.full_name)).or_insert((license.name, true));
    }
    for license in spdx::identifiers::LICENSES {
        keys.insert(key(license.name), (license.name, true));
    }
    for (name, id) in table::NAMES {
        keys.insert(key(name), (*id, true));
    }
    for (name, id) in table::VAGUE_NAMES {
        keys.insert(key(name), (*id, false));
    }
    keys
});

/// The licence that a whole text names: an identifier in any spelling, a name, an address, a classifier. An
/// empty text names nothing.
pub(crate) fn find(text: &str) -> Option<Named> {
    let text = text.trim().trim_matches(['"', '\'', '`']);
    if text.is_empty() {
        return None;
    }
    if let Some(license) = listed(text) {
        return Some(Named::exact(license));
    }
    if is_reference(text) {
        return Some(Named::exact(License::Reference(text.to_owned())));
    }
    if let Some(id) = url::find(text) {
        return resolve(id, true);
    }
    if let Some(classifier) = text.strip_prefix("License ::") {
        let last = classifier.rsplit("::").next().unwrap_or(classifier);
        return by_name(last.trim());
    }
    by_name(text)
}

/// A name, with what stands in parentheses after it as a second one.
fn by_name(text: &str) -> Option<Named> {
    if let Some(named) = by_key(text) {
        return Some(named);
    }
    let (outer, rest) = text.split_once('(')?;
    let inner = rest.split(')').next().unwrap_or(rest);
    let after = rest.split_once(')').map_or("", |parts| parts.1);
    if !after.trim().is_empty() {
        return by_key(&format!("{outer} {after}"));
    }
    by_key(inner).filter(|named| named.is_exact).or_else(|| by_key(outer)).or_else(|| by_key(inner))
}

fn by_key(text: &str) -> Option<Named> {
    let key = key(text);
    let lookup = |key: &str| KEYS.get(key).copied();
    if let Some((id, is_exact)) = lookup(&key) {
        return resolve(id, is_exact);
    }
    let base = key.strip_suffix('+')?;
    let (id, is_exact) = lookup(base)?;
    or_later(&resolve(id, is_exact)?)
}

/// The licence with the permission to choose a later version.
pub(crate) fn or_later(named: &Named) -> Option<Named> {
    let License::Listed { id, .. } = named.license else { return None };
    let license = match id.strip_suffix("-only") {
        Some(base) => {
            License::Listed { id: spdx::license_id(&format!("{base}-or-later"))?.name, or_later: false }
        }
        None if id.ends_with("-or-later") => License::Listed { id, or_later: false },
        None => License::Listed { id, or_later: true },
    };
    Some(Named { license, is_exact: named.is_exact })
}

/// What an identifier of the tables stands for.
fn resolve(id: &str, is_exact: bool) -> Option<Named> {
    let license = if is_reference(id) { License::Reference(id.to_owned()) } else { listed(id)? };
    Some(Named { license, is_exact })
}

/// An identifier in the spelling of the list. The deprecated forms of GNU licences are written as what they
/// mean: `GPL-2.0` is `GPL-2.0-only`, `GPL-2.0+` is `GPL-2.0-or-later`.
pub(crate) fn listed(text: &str) -> Option<License> {
    let base = text.trim_end_matches('+');
    let plus = text.len() - base.len();
    if plus > 1 {
        return None;
    }
    let id = spdx::license_id(base)?;
    if id.is_gnu() {
        let suffix = if plus == 1 { "-or-later" } else { "-only" };
        let stem = base.strip_suffix("-only").or_else(|| base.strip_suffix("-or-later"));
        let name = if stem.is_some() && plus == 0 {
            base.to_owned()
        } else {
            format!("{}{suffix}", stem.unwrap_or(base))
        };
        if let Some(gnu) = spdx::license_id(&name) {
            return Some(License::Listed { id: gnu.name, or_later: false });
        }
    }
    Some(License::Listed { id: id.name, or_later: plus == 1 })
}

/// Whether a text is `LicenseRef-…`, with or without a document.
fn is_reference(text: &str) -> bool {
    let rest = match text.strip_prefix("DocumentRef-").and_then(|rest| rest.split_once(':')) {
        Some((document, rest)) if is_idstring(document) => rest,
        _ => text,
    };
    rest.strip_prefix("LicenseRef-").is_some_and(is_idstring)
}

fn is_idstring(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-.".contains(&it))
}

/// The exception that a text names: an identifier in any letter case, or one of [`table::EXCEPTIONS`].
pub(crate) fn exception(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(id) = spdx::exception_id(text) {
        return Some(id.name.to_owned());
    }
    if text.strip_prefix("AdditionRef-").is_some_and(is_idstring) {
        return Some(text.to_owned());
    }
    let all = spdx::identifiers::EXCEPTIONS;
    if let Some(known) = all.iter().find(|it| it.name.eq_ignore_ascii_case(text)) {
        return Some(known.name.to_owned());
    }
    let key = key(text);
    table::EXCEPTIONS.iter().find(|row| self::key(row.0) == key).map(|row| row.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_licence_that_is_listed() {
        for (name, id) in table::NAMES.iter().chain(table::VAGUE_NAMES).chain(url::ADDRESSES) {
            assert!(resolve(id, true).is_some(), "{name} means {id}, which is not on the list");
        }
        for (name, id) in table::EXCEPTIONS {
            assert!(spdx::exception_id(id).is_some(), "{name} means {id}, which is not on the list");
        }
    }

    #[test]
    fn no_row_says_what_another_one_says_otherwise() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (name, id) in table::NAMES.iter().chain(table::VAGUE_NAMES) {
            let known = seen.insert(key(name), id);
            assert!(known.is_none_or(|known| known == *id), "{name} means {id}, and elsewhere {known:?}");
        }
    }

    #[test]
    fn identifiers_of_the_list_mean_themselves() {
        for license in spdx::identifiers::LICENSES {
            let named = find(license.name).unwrap_or_else(|| panic!("{} is not found", license.name));
            let License::Listed { id, .. } = named.license else { panic!("{}", license.name) };
            let base = license.name.trim_end_matches('+');
            assert!(id == license.name || id.strip_prefix(base).is_some(), "{} became {id}", license.name);
        }
    }
}
