//! Reads tar: old, ustar, GNU and pax, as it comes.

use std::io::{self, Read};

use super::{Opening, entry_path};
use crate::run::Worker;

/// Headers and contents fill whole blocks.
const BLOCK: usize = 512;

/// Longest name that is read from a name entry or a pax header.
const NAME_BYTES_MAX: u64 = 64 << 10;

/// Whether something that begins with `head` is a tar: by the check sum of its first header, and by a
/// mark or the name, as old ones have none.
pub(super) fn is_tar(head: &[u8], name: &str) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else { return false };
    let marked = &block[257..262] == b"ustar";
    let named = name.len() > 4 && name.as_bytes()[name.len() - 4..].eq_ignore_ascii_case(b".tar");
    (marked || named) && Header(block).is_whole()
}

/// Looks at every file in the tar `source`, called `name`.
pub(super) fn visit(
    opening: &mut Opening<'_>,
    worker: &mut Worker,
    name: &str,
    source: &mut dyn Read,
    depth: u32,
) -> io::Result<()> {
    let mut block = [0; BLOCK];
    let (mut long_name, mut long_size) = (None, None);
    let mut padding_seen = false;
    while !opening.run.options.cancelled() && read_block(source, &mut block)? {
        if block == [0; BLOCK] {
            // Usually the end; what some put behind it is looked at too.
            padding_seen = true;
            continue;
        }
        let header = Header(&block);
        if !header.is_whole() {
            return if padding_seen { Ok(()) } else { Err(damaged("a tar header has a wrong check sum")) };
        }
        let size = header.size().ok_or_else(|| damaged("a tar header has no size"))?;
        match header.kind() {
            b'L' => {
                let text = read_text(source, size)?;
                long_name = Some(text.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
                continue;
            }
            b'x' => {
                let text = read_text(source, size)?;
                for (key, value) in pax(&text) {
                    match key {
                        b"path" => long_name = Some(value.to_vec()),
                        b"size" => {
                            long_size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                        }
                        _ => {}
                    }
                }
                continue;
            }
            b'K' | b'g' => {
                opening.meter.count_entry()?;
                skip(source, padded(size))?;
                continue;
            }
            _ => {}
        }
        let size = long_size.take().unwrap_or(size);
        let inner = long_name.take().unwrap_or_else(|| header.name());
        let mut content = source.take(size);
        if matches!(header.kind(), b'0' | 0 | b'7') && inner.last() != Some(&b'/') {
            let path = entry_path(name, &String::from_utf8_lossy(&inner));
            opening.entry(worker, &path, &mut content, depth)?;
        } else {
            opening.meter.count_entry()?;
        }
        if header.kind() == b'S' {
            skip_sparse_map(opening, header.0[482] != 0, content.get_mut())?;
        }
        let rest = content.limit();
        skip(source, rest + (padded(size) - size))?;
    }
    Ok(())
}

/// A header block.
struct Header<'a>(&'a [u8; BLOCK]);

impl Header<'_> {
    /// Whether the check sum is right. Some writers summed signed bytes.
    fn is_whole(&self) -> bool {
        let (mut unsigned, mut signed) = (0_i64, 0_i64);
        for (at, byte) in self.0.iter().enumerate() {
            let byte = if (148..156).contains(&at) { b' ' } else { *byte };
            unsigned += i64::from(byte);
            signed += i64::from(byte.cast_signed());
        }
        let stated = octal(&self.0[148..156]).and_then(|sum| i64::try_from(sum).ok());
        stated.is_some_and(|stated| stated == unsigned || stated == signed)
    }

    fn kind(&self) -> u8 {
        self.0[156]
    }

    fn size(&self) -> Option<u64> {
        let field = &self.0[124..136];
        if field[0] & 0x80 == 0 {
            return octal(field);
        }
        // Sizes from 8 GiB on are binary.
        let (high, low) = field.split_at(4);
        let low = u64::from_be_bytes(*low.first_chunk()?);
        (high == [0x80, 0, 0, 0] && low <= u64::MAX / 2).then_some(low)
    }

    fn name(&self) -> Vec<u8> {
        let text = |field: &[u8]| field.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
        let name = text(&self.0[..100]);
        let prefix = text(&self.0[345..500]);
        if &self.0[257..263] == b"ustar\0" && !prefix.is_empty() { [prefix, name].join(&b'/') } else { name }
    }
}

/// A number in octal digits, with blanks or zeros around it.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

/// The `length key=value` records of a pax header.
fn pax(mut text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let space = text.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(&text[..space]).ok()?.parse().ok()?;
        let record = text.get(space + 1..length)?.strip_suffix(b"\n")?;
        text = &text[length..];
        let equals = record.iter().position(|byte| *byte == b'=')?;
        Some((&record[..equals], &record[equals + 1..]))
    })
}

/// Reads the content of a name entry or a pax header.
fn read_text(source: &mut dyn Read, size: u64) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    source.take(size.min(NAME_BYTES_MAX)).read_to_end(&mut text)?;
    skip(source, padded(size) - text.len() as u64)?;
    Ok(text)
}

/// Reads a block; `false` at the end.
fn read_block(source: &mut dyn Read, block: &mut [u8; BLOCK]) -> io::Result<bool> {
    let mut filled = 0;
    while filled < BLOCK {
        match source.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    match filled {
        0 => Ok(false),
        BLOCK => Ok(true),
        _ => Err(damaged("a tar ends in the middle of a header")),
    }
}

/// Skips the blocks that follow the header of a sparse file of GNU tar; each tells if there is another.
fn skip_sparse_map(opening: &Opening<'_>, mut more: bool, source: &mut dyn Read) -> io::Result<()> {
    let mut block = [0; BLOCK];
    while more {
        opening.meter.count_entry()?;
        more = read_block(source, &mut block)? && block[504] != 0;
    }
    Ok(())
}

fn skip(source: &mut dyn Read, count: u64) -> io::Result<()> {
    let skipped = io::copy(&mut source.take(count), &mut io::sink())?;
    if skipped < count { Err(damaged("a tar ends in the middle of a file")) } else { Ok(()) }
}

/// `size` rounded up to whole blocks.
fn padded(size: u64) -> u64 {
    size.saturating_add(BLOCK as u64 - 1) / BLOCK as u64 * BLOCK as u64
}

fn damaged(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
