//! Binaries that carry the list of what they were built from: Go, and Rust with `cargo auditable`.

mod auditable;
mod go;

use object::{Object, ObjectSection, ReadRef};

use crate::examine::Examined;

/// Identifier of the format where a binary cannot be read at all.
pub(crate) const FORMAT: &str = "binary";

/// Whether a file that begins like this is a binary: ELF, PE, Mach-O or several of those in one.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    head.starts_with(b"\x7fELF")
        || head.starts_with(b"MZ")
        || matches!(
            head.first_chunk(),
            Some(
                [0xfe, 0xed, 0xfa, 0xce | 0xcf] | [0xce | 0xcf, 0xfa, 0xed, 0xfe] | [0xca, 0xfe, 0xba, 0xbe]
            )
        )
}

/// Reads a binary; `None` if it carries no list. Of one on disk only the parts that matter are read.
pub(crate) fn examine<'a, R: ReadRef<'a>>(data: R) -> Option<Examined> {
    // Each architecture of a fat Mach-O was built from the same sources.
    if let Some(first) = first_architecture(data) {
        return examine_one(first);
    }
    examine_one(data)
}

fn examine_one<'a, R: ReadRef<'a>>(data: R) -> Option<Examined> {
    let file = object::File::parse(data).ok()?;
    go::examine(&file).or_else(|| auditable::examine(&file))
}

fn first_architecture<'a, R: ReadRef<'a>>(data: R) -> Option<&'a [u8]> {
    use object::read::macho::{FatArch, MachOFatFile32};
    let fat = MachOFatFile32::parse(data).ok()?;
    fat.arches().first()?.data(data).ok()
}

/// The content of the first section that has one of these names.
fn section<'a, R: ReadRef<'a>>(file: &object::File<'a, R>, names: &[&str]) -> Option<&'a [u8]> {
    let found = file.sections().find(|section| section.name().is_ok_and(|name| names.contains(&name)))?;
    found.data().ok()
}

#[cfg(test)]
mod tests;
