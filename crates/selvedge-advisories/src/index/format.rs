//! The file: header, sections, checksums.
//!
//! ```text
//! header      magic, schema, length of the file, digest, section table, checksum of the header
//! sections    one after another
//! checksums   one XXH3 for every 4 KiB of what lies between header and checksums
//! ```
//!
//! The header is verified when the file is opened, so that a file of another schema, or one that is cut
//! short, is refused at once. A piece of a section is verified when it is first touched: opening costs
//! nothing that grows with the file, and still no byte is used that was not checked. The digest over
//! everything is what an update, `db status` and a copy across an air gap verify.

use std::io::{self, Read, Seek, SeekFrom, Write};

use xxhash_rust::xxh3::xxh3_64;

/// First bytes of the file. The tail shows a transfer in text mode, as PNG's does.
const MAGIC: &[u8; 8] = b"SLVADV\r\n";

/// Number of the layout. A file with another number is rebuilt, never guessed at.
pub(crate) const SCHEMA: u32 = 2;

/// Bytes that one checksum covers.
pub(crate) const CHUNK_BYTES: usize = 4096;

/// Length of the header.
pub(crate) const HEADER_BYTES: usize = 256;

/// Sections of the file, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Section {
    /// What was imported: sources, origins, counts.
    Meta,
    /// Package keys with the offset of their postings.
    Keys,
    /// Rows per key: advisory and body.
    Postings,
    /// What is affected: ranges, versions, symbols.
    Bodies,
    /// Every id that a record or an alias names, with its group.
    Ids,
    /// Members of each group.
    Groups,
    /// Offset of each record's entry.
    RecordTable,
    /// Entries of records.
    Records,
    /// Strings that many entries share.
    Strings,
    /// Git commits that begin or end a range.
    Commits,
    /// Scores of EPSS.
    Epss,
    /// Known exploited vulnerabilities.
    Kev,
    /// The compression dictionary of the texts.
    Dictionary,
    /// Offsets of the text blocks.
    TextTable,
    /// Compressed blocks of whole records.
    Text,
}

/// Every section, in the order of the file.
pub(crate) const SECTIONS: [Section; SECTION_COUNT] = [
    Section::Meta,
    Section::Keys,
    Section::Postings,
    Section::Bodies,
    Section::Ids,
    Section::Groups,
    Section::RecordTable,
    Section::Records,
    Section::Strings,
    Section::Commits,
    Section::Epss,
    Section::Kev,
    Section::Dictionary,
    Section::TextTable,
    Section::Text,
];

/// Number of sections.
pub(crate) const SECTION_COUNT: usize = 15;

/// Where a section lies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// First byte in the file.
    pub(crate) offset: u64,
    /// Length in bytes.
    pub(crate) length: u64,
}

/// The header as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// Length of the file.
    pub(crate) file_bytes: u64,
    /// BLAKE3 over everything after the header.
    pub(crate) digest: [u8; 32],
    /// Where the checksums begin.
    pub(crate) checksums: u64,
    /// Where each section lies.
    pub(crate) sections: [Extent; SECTION_COUNT],
}

/// Why a file is not used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It cannot be opened or mapped.
    #[error("cannot read the advisory index")]
    Read(#[source] io::Error),
    /// It does not begin as an index does.
    #[error("not an advisory index")]
    NotAnIndex,
    /// It has the layout of another version of this program.
    #[error("the advisory index has layout {found}, this program reads {expected}: update it")]
    Schema {
        /// Number in the file.
        found: u32,
        /// Number of this program.
        expected: u32,
    },
    /// It is shorter or longer than it says.
    #[error("the advisory index is {found} bytes long and should be {expected}: copy or update it again")]
    Length {
        /// Bytes found.
        found: u64,
        /// Bytes stated.
        expected: u64,
    },
    /// A checksum does not match.
    #[error("the advisory index is damaged ({part}): copy or update it again")]
    Damaged {
        /// Which part.
        part: &'static str,
    },
}

impl Header {
    /// Reads and checks a header against the length of the file.
    pub(crate) fn parse(bytes: &[u8], file_bytes: u64) -> Result<Self, IndexError> {
        let head = bytes.get(..HEADER_BYTES).ok_or(IndexError::NotAnIndex)?;
        if &head[..8] != MAGIC {
            return Err(IndexError::NotAnIndex);
        }
        let schema = u32_at(head, 8);
        if schema != SCHEMA {
            return Err(IndexError::Schema { found: schema, expected: SCHEMA });
        }
        let stated = u64_at(head, HEADER_BYTES - 8);
        if stated != xxh3_64(&head[..HEADER_BYTES - 8]) {
            return Err(IndexError::Damaged { part: "header" });
        }
        let expected = u64_at(head, 16);
        if expected != file_bytes {
            return Err(IndexError::Length { found: file_bytes, expected });
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(&head[24..56]);
        let checksums = u64_at(head, 56);
        let mut sections = [Extent::default(); SECTION_COUNT];
        let mut offset = HEADER_BYTES as u64;
        for (index, section) in sections.iter_mut().enumerate() {
            let length = u64_at(head, 64 + index * 8);
            *section = Extent { offset, length };
            offset = offset.checked_add(length).ok_or(IndexError::Damaged { part: "section table" })?;
        }
        let chunks = (offset - HEADER_BYTES as u64).div_ceil(CHUNK_BYTES as u64);
        if offset != checksums || checksums.checked_add(chunks * 8) != Some(file_bytes) {
            return Err(IndexError::Damaged { part: "section table" });
        }
        Ok(Self { file_bytes, digest, checksums, sections })
    }

    fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut head = [0; HEADER_BYTES];
        head[..8].copy_from_slice(MAGIC);
        head[8..12].copy_from_slice(&SCHEMA.to_le_bytes());
        head[16..24].copy_from_slice(&self.file_bytes.to_le_bytes());
        head[24..56].copy_from_slice(&self.digest);
        head[56..64].copy_from_slice(&self.checksums.to_le_bytes());
        for (index, section) in self.sections.iter().enumerate() {
            head[64 + index * 8..72 + index * 8].copy_from_slice(&section.length.to_le_bytes());
        }
        let checksum = xxh3_64(&head[..HEADER_BYTES - 8]);
        head[HEADER_BYTES - 8..].copy_from_slice(&checksum.to_le_bytes());
        head
    }
}

/// A little-endian number; the caller has checked the length.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut raw = [0; 4];
    raw.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(raw)
}

/// A little-endian number; the caller has checked the length.
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut raw = [0; 8];
    raw.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(raw)
}

/// Writes a whole file from its sections, in their order. Nothing of them is held in memory at once.
pub(crate) fn assemble(
    sections: &mut [Box<dyn Read + '_>; SECTION_COUNT],
    out: &mut (impl Write + Seek),
) -> io::Result<[u8; 32]> {
    out.write_all(&[0; HEADER_BYTES])?;
    let mut digest = blake3::Hasher::new();
    let mut checksums = Vec::new();
    let mut chunk = Vec::with_capacity(CHUNK_BYTES);
    let mut extents = [Extent::default(); SECTION_COUNT];
    let mut offset = HEADER_BYTES as u64;
    let mut buffer = vec![0; 1 << 16];
    for (section, extent) in sections.iter_mut().zip(&mut extents) {
        extent.offset = offset;
        loop {
            let count = section.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            let piece = &buffer[..count];
            out.write_all(piece)?;
            digest.update(piece);
            add_checksums(piece, &mut chunk, &mut checksums);
            offset += count as u64;
        }
        extent.length = offset - extent.offset;
    }
    if !chunk.is_empty() {
        checksums.extend_from_slice(&xxh3_64(&chunk).to_le_bytes());
    }
    out.write_all(&checksums)?;
    digest.update(&checksums);
    let digest = *digest.finalize().as_bytes();
    let file_bytes = offset + checksums.len() as u64;
    let header = Header { file_bytes, digest, checksums: offset, sections: extents };
    out.seek(SeekFrom::Start(0))?;
    out.write_all(&header.encode())?;
    out.flush()?;
    Ok(digest)
}

fn add_checksums(mut piece: &[u8], chunk: &mut Vec<u8>, checksums: &mut Vec<u8>) {
    while !piece.is_empty() {
        let take = piece.len().min(CHUNK_BYTES - chunk.len());
        chunk.extend_from_slice(&piece[..take]);
        piece = &piece[take..];
        if chunk.len() == CHUNK_BYTES {
            checksums.extend_from_slice(&xxh3_64(chunk).to_le_bytes());
            chunk.clear();
        }
    }
}

/// Makes checksums and digest fit the content again, as far as the section table can be read.
pub(crate) fn restore_checksums(bytes: &mut [u8]) {
    let file_bytes = bytes.len() as u64;
    if bytes.len() < HEADER_BYTES {
        return;
    }
    let seal = |bytes: &mut [u8]| {
        let checksum = xxh3_64(&bytes[..HEADER_BYTES - 8]);
        bytes[HEADER_BYTES - 8..HEADER_BYTES].copy_from_slice(&checksum.to_le_bytes());
    };
    seal(bytes);
    let Ok(mut header) = Header::parse(bytes, file_bytes) else { return };
    let content = HEADER_BYTES..header.checksums as usize;
    let checksums: Vec<u8> =
        bytes[content].chunks(CHUNK_BYTES).flat_map(|chunk| xxh3_64(chunk).to_le_bytes()).collect();
    bytes[header.checksums as usize..].copy_from_slice(&checksums);
    header.digest = *blake3::hash(&bytes[HEADER_BYTES..]).as_bytes();
    bytes[..HEADER_BYTES].copy_from_slice(&header.encode());
}
