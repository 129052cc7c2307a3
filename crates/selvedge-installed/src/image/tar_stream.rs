//! A tar as a stream of entries, with bounds on the headers that name them.
//!
//! Long names (GNU) and extended headers (pax) come as entries of their own before the one that they are
//! about; they are read here, within a limit, and not by the tar crate, which reads them whole.

use std::io::{self, Read};

use tar::{Archive, EntryType, PaxExtensions};

use super::limits::{IMAGE_PATH_BYTES_MAX, TAR_EXTENSION_BYTES_MAX};

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    SymbolicLink(String),
    HardLink(String),
    /// Devices and pipes.
    Other,
}

/// What the headers say about the next entry.
#[derive(Default)]
struct Extensions {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
}

/// Calls `visit` with path, kind, size and content of every entry, until it says to stop. An error ends
/// the tar; entries before it have been visited.
pub(super) fn each<R: Read>(
    reader: R,
    mut visit: impl FnMut(&[u8], &Kind, u64, &mut dyn Read) -> io::Result<bool>,
) -> io::Result<()> {
    let mut archive = Archive::new(reader);
    let mut extensions = Extensions::default();
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        match entry.header().entry_type() {
            EntryType::GNULongName => extensions.path = Some(name(&mut entry)?),
            EntryType::GNULongLink => extensions.link = Some(name(&mut entry)?),
            EntryType::XHeader => extended(&extension(&mut entry)?, &mut extensions),
            EntryType::XGlobalHeader => {}
            EntryType::GNUSparse => return Err(io::Error::other("sparse files are not read")),
            kind => {
                let about = std::mem::take(&mut extensions);
                let path = about.path.unwrap_or_else(|| entry.path_bytes().into_owned());
                if IMAGE_PATH_BYTES_MAX.is_exceeded_by(path.len() as u64) {
                    return Err(io::Error::other(format!("a path is longer than {IMAGE_PATH_BYTES_MAX}")));
                }
                let link = about.link.or_else(|| entry.link_name_bytes().map(std::borrow::Cow::into_owned));
                let kind = kind_of(kind, &path, link);
                let size = entry.size();
                if !visit(&path, &kind, size, &mut entry)? {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

fn kind_of(kind: EntryType, path: &[u8], link: Option<Vec<u8>>) -> Kind {
    let link = || link.map(|link| String::from_utf8_lossy(&link).into_owned()).unwrap_or_default();
    match kind {
        EntryType::Directory => Kind::Folder,
        // Old archives mark folders by the slash only.
        EntryType::Regular | EntryType::Continuous if path.ends_with(b"/") => Kind::Folder,
        EntryType::Regular | EntryType::Continuous => Kind::File,
        EntryType::Symlink => Kind::SymbolicLink(link()),
        EntryType::Link => Kind::HardLink(link()),
        _ => Kind::Other,
    }
}

/// The content of an extension, within its limit.
fn extension(entry: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(TAR_EXTENSION_BYTES_MAX.value + 1).read_to_end(&mut bytes)?;
    if TAR_EXTENSION_BYTES_MAX.is_exceeded_by(bytes.len() as u64) {
        return Err(io::Error::other(format!("an extended header is larger than {TAR_EXTENSION_BYTES_MAX}")));
    }
    Ok(bytes)
}

/// A long name, which ends with a zero byte.
fn name(entry: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = extension(entry)?;
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.truncate(end);
    Ok(bytes)
}

fn extended(bytes: &[u8], extensions: &mut Extensions) {
    for record in PaxExtensions::new(bytes).flatten() {
        match record.key_bytes() {
            b"path" => extensions.path = Some(record.value_bytes().to_vec()),
            b"linkpath" => extensions.link = Some(record.value_bytes().to_vec()),
            _ => {}
        }
    }
}
