//! What tells components apart: package URLs, references within a document, and the serial number that
//! follows from a document's content.

use std::collections::HashMap;
use std::io::{BufWriter, Write as _};

use selvedge_package::{Component, Ecosystem, Origin, Purl};

use crate::bom::{Bom, Entry};
use crate::cyclonedx;

/// Bytes that are digested at a time.
const DIGEST_BUFFER_BYTES: usize = 128 * 1024;

/// The package URL of a component, where one can be given. What lies in the project itself has none: under
/// that name the world knows something else, if anything.
pub(crate) fn purl(component: &Component) -> Option<String> {
    if matches!(component.origin, Origin::Path(_)) || component.ecosystem == Ecosystem::Other {
        return None;
    }
    component.purl().map(|purl| purl.to_string())
}

/// The package URL of what no registry knows by its name: the project itself, its members, what has no ecosystem.
/// The type `generic` says that it is not to be looked up anywhere (purl-spec, types/generic).
pub(crate) fn generic_purl(component: &Component) -> Option<String> {
    let (name, version) = (component.name.clone(), component.version.clone());
    let plain = Component { ecosystem: Ecosystem::Other, name, version, ..Component::default() };
    plain.purl().map(|purl| purl.to_string())
}

/// The component that a package URL names.
pub(crate) fn component_from_purl(text: &str) -> Result<Component, String> {
    Purl::parse(text).map(|purl| Component::from_purl(&purl)).map_err(|error| error.to_string())
}

/// What makes two mentions the same package: the purl, else ecosystem, name, version and origin.
pub(crate) fn key(component: &Component, purl: Option<&str>) -> String {
    if let Some(purl) = purl {
        return purl.to_owned();
    }
    let version = component.version.as_deref().unwrap_or_default();
    let origin = match &component.origin {
        Origin::Path(path) => path.as_str(),
        Origin::Git { url, .. } | Origin::Url(url) | Origin::OtherRegistry(url) => url.as_str(),
        Origin::Registry | Origin::Installed => "",
    };
    let mut key = format!("{}:{}", component.ecosystem, component.name);
    for (mark, part) in [('@', version), ('#', origin)] {
        if !part.is_empty() {
            key.push(mark);
            key.push_str(part);
        }
    }
    key
}

/// The reference of what a document is about.
pub(crate) fn subject_reference(subject: &Entry) -> String {
    if !subject.reference.is_empty() {
        return subject.reference.clone();
    }
    let component = &subject.component;
    match &component.version {
        Some(version) => format!("subject:{}@{version}", component.name),
        None => format!("subject:{}", component.name),
    }
}

/// Gives a number to every reference that stands twice, and a name to the empty ones.
pub(crate) fn make_references_unique(entries: &mut [Entry]) {
    let mut seen: HashMap<String, u32> = HashMap::with_capacity(entries.len());
    for entry in entries {
        if entry.reference.is_empty() {
            entry.reference = key(&entry.component, entry.purl.as_deref());
        }
        while let Some(count) = seen.get_mut(&entry.reference) {
            *count += 1;
            entry.reference = format!("{}~{count}", entry.reference);
        }
        seen.insert(entry.reference.clone(), 1);
    }
}

impl Bom {
    /// The serial number that follows from the content: the same components give the same one, whenever the
    /// document is made.
    pub fn derived_serial(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        // The serialiser writes a few bytes at a time, which a tree hash does not like: 8 ms become 3 ms for a
        // document of 2.4 MB.
        let mut buffered = BufWriter::with_capacity(DIGEST_BUFFER_BYTES, &mut hasher);
        let written = cyclonedx::write_content(self, &mut buffered).and_then(|()| buffered.flush());
        written.expect("a hasher takes every byte");
        drop(buffered);
        uuid_of(&hasher.finalize())
    }
}

/// `urn:uuid:` with a UUID of version 8 (RFC 9562, 5.8) made of a digest.
pub(crate) fn uuid_of(digest: &blake3::Hash) -> String {
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let number = u128::from_be_bytes(bytes);
    let hex = format!("{number:032x}");
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
