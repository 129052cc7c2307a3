//! CycloneDX: 1.6 out, 1.2 to 1.7 in, JSON and XML. The protobuf notation is not read.

pub(crate) mod read;
mod view;
mod write_json;
mod write_xml;
pub(crate) mod xml;

use std::borrow::Cow;

pub(crate) use write_json::write_content;
pub use write_json::write_json;
pub use write_xml::write_xml;

use crate::bom::{Bom, Entry};

/// The serial number to write: the bill's own, in the lower case that the schema wants, else the derived one.
fn serial(bom: &Bom) -> Cow<'_, str> {
    match bom.serial.as_deref() {
        Some(serial) if is_serial(serial) => Cow::Owned(serial.to_ascii_lowercase()),
        _ => Cow::Owned(bom.derived_serial()),
    }
}

/// Whether a text is `urn:uuid:` and a UUID.
pub(crate) fn is_serial(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    uuid.len() == 36
        && uuid.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// References of what `entry` depends on.
fn dependencies<'a>(bom: &'a Bom, entry: &'a Entry) -> impl Iterator<Item = &'a str> {
    let targets = entry.component.dependencies.iter();
    targets.filter_map(|index| bom.entries.get(*index as usize)).map(|target| target.reference.as_str())
}

/// The statement on completeness, where there is a subject to make it about.
fn composition(bom: &Bom) -> Option<write_json::Composition<'_>> {
    let subject = bom.subject()?;
    let aggregate = if bom.has_graph { "complete" } else { "incomplete" };
    Some(write_json::Composition { aggregate, dependencies: [&subject.reference] })
}
