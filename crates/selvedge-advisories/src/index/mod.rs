//! The index: one read-only file, mapped into memory.
//!
//! Start at [`Index::open`], then [`Index::affected`] in `matching`. Everything read from the file is
//! checked against bounds and checksums; what does not fit is [`IndexError::Damaged`], never a panic.

pub(crate) mod body;
mod bytes;
pub(crate) mod format;
pub(crate) mod meta;
pub(crate) mod record;
pub(crate) mod table;
pub(crate) mod varint;

use std::io::{self, Seek, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
pub(crate) use bytes::Cursor;
pub use format::IndexError;
use format::Section;
use meta::IndexStatus;
use selvedge_package::Ecosystem;
use table::Table;
use varint::Read;
use zstd::zstd_safe::{DCtx, DDict};

use crate::cve::Cve;
use crate::exploit::{EPSS_BYTES, EpssScore, KEV_BYTES, KevEntry};
use record::Entry;

/// Largest uncompressed block of texts: one record of the largest size that is imported.
const BLOCK_BYTES_MAX: u64 = 64 << 20;

/// An open index.
pub struct Index {
    pub(crate) bytes: Bytes,
    dictionary: OnceLock<Option<DDict<'static>>>,
    /// The block that was read last: records that are shown together often lie together.
    last_block: Mutex<Option<(u32, Arc<Vec<u8>>)>>,
}

/// Says that something read from the file does not fit.
pub(crate) trait OrDamaged<T> {
    /// The value, or the error.
    fn or_damaged(self) -> Result<T, IndexError>;
}

impl<T> OrDamaged<T> for Option<T> {
    #[inline]
    fn or_damaged(self) -> Result<T, IndexError> {
        self.ok_or(IndexError::Damaged { part: "content" })
    }
}

/// What the index knows about an ecosystem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// No advisory of the ecosystem at all: nothing can be said about its packages.
    None,
    /// Advisories of the distribution, but none of this release: nothing can be said about its packages.
    OtherReleases,
    /// There are advisories.
    Covered,
}

impl Index {
    /// Opens a file. Only its header is read and checked here; see the module `format` for the rest.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        Ok(Self::over(Bytes::open(path)?))
    }

    /// Takes an index that is in memory: the local advisories of a project, or a test.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, IndexError> {
        Ok(Self::over(Bytes::from_vec(bytes)?))
    }

    fn over(bytes: Bytes) -> Self {
        Self { bytes, dictionary: OnceLock::new(), last_block: Mutex::new(None) }
    }

    /// Reads the whole file and checks it against its digest.
    pub fn verify(&self) -> Result<(), IndexError> {
        self.bytes.verify()
    }

    /// BLAKE3 over everything after the header: names the state of the database in a report.
    pub fn digest(&self) -> [u8; 32] {
        self.bytes.header().digest
    }

    /// Size of the file.
    pub fn file_bytes(&self) -> u64 {
        self.bytes.header().file_bytes
    }

    /// Sizes of the parts that lookups touch and of those only shown: hot bytes, text bytes.
    pub fn part_bytes(&self) -> (u64, u64) {
        let header = self.bytes.header();
        let text: u64 = [Section::Dictionary, Section::TextTable, Section::Text]
            .iter()
            .map(|section| header.sections[*section as usize].length)
            .sum();
        (header.file_bytes - text, text)
    }

    /// Size of each section, in the order of the file.
    pub fn section_bytes(&self) -> Vec<(String, u64)> {
        let sections = self.bytes.header().sections.iter().zip(format::SECTIONS);
        sections.map(|(extent, section)| (format!("{section:?}").to_lowercase(), extent.length)).collect()
    }

    /// Every package key: ecosystem, name, release.
    pub fn packages(&self) -> Result<Vec<(String, String, String)>, IndexError> {
        let mut all = Vec::new();
        let mut walk = self.keys()?.from(b"").or_damaged()?;
        while walk.advance().or_damaged()?.is_some() {
            let (ecosystem, name, release) = crate::key::split_key(&walk.text).or_damaged()?;
            all.push((ecosystem.to_owned(), name.to_owned(), release.to_owned()));
        }
        Ok(all)
    }

    /// What the index says about itself.
    pub fn status(&self) -> Result<IndexStatus, IndexError> {
        let meta = self.bytes.section(Section::Meta).or_damaged()?;
        postcard::from_bytes(meta).ok().or_damaged()
    }

    /// Whether there are advisories for an ecosystem and, for distributions, its release.
    pub fn coverage(&self, ecosystem: &str, release: Option<&str>) -> Result<Coverage, IndexError> {
        let status = self.status()?;
        let (family, _) = Ecosystem::from_osv(ecosystem);
        let release = release.map(|release| crate::key::release(family, release));
        let mut known = status.ecosystems.iter().filter(|it| it.ecosystem == ecosystem).peekable();
        Ok(match (known.peek(), &release) {
            (None, _) => Coverage::None,
            (Some(_), None) => Coverage::Covered,
            (Some(_), Some(release)) => {
                let covers = |it: &meta::EcosystemStatus| it.release.is_empty() || it.release == *release;
                if known.any(covers) { Coverage::Covered } else { Coverage::OtherReleases }
            }
        })
    }

    /// Writes the index with other words about itself.
    pub(crate) fn rewrite(
        &self,
        status: &IndexStatus,
        out: &mut (impl Write + Seek),
    ) -> io::Result<[u8; 32]> {
        let meta = postcard::to_stdvec(status).map_err(io::Error::other)?;
        let mut sections = format::SECTIONS.map(|section| -> Box<dyn io::Read + '_> {
            if section == Section::Meta {
                return Box::new(io::Cursor::new(meta.clone()));
            }
            // The digest of the whole was checked when the index was opened for the update.
            Box::new(self.bytes.section(section).unwrap_or_default())
        });
        format::assemble(&mut sections, out)
    }

    pub(crate) fn keys(&self) -> Result<Table<'_>, IndexError> {
        Table::open(&self.bytes, Section::Keys).or_damaged()
    }

    pub(crate) fn ids(&self) -> Result<Table<'_>, IndexError> {
        Table::open(&self.bytes, Section::Ids).or_damaged()
    }

    /// The id with a rank.
    pub(crate) fn id(&self, rank: u32) -> Result<String, IndexError> {
        let (text, _) = self.ids()?.get(u64::from(rank)).or_damaged()?;
        String::from_utf8(text).ok().or_damaged()
    }

    /// Ids and records of a group.
    pub(crate) fn group(&self, place: u32) -> Result<(Vec<u32>, Vec<u32>), IndexError> {
        let mut from = self.bytes.cursor(Section::Groups, place as usize);
        Ok((from.ascending().or_damaged()?, from.ascending().or_damaged()?))
    }

    /// The entry of a record.
    pub(crate) fn entry(&self, number: u32) -> Result<Entry, IndexError> {
        record::entry(&self.bytes, number).or_damaged()
    }

    /// Number of records, those that do not count included.
    pub fn record_count(&self) -> u32 {
        (self.bytes.length(Section::RecordTable) / 4) as u32
    }

    /// The record with an id, whether it counts or was withdrawn.
    pub fn find(&self, id: &str) -> Result<Option<u32>, IndexError> {
        let Some((rank, _)) = self.ids()?.find(id.as_bytes()).or_damaged()? else { return Ok(None) };
        let (mut low, mut high) = (0, self.record_count());
        while low < high {
            let middle = low + (high - low) / 2;
            let (at, _) = record::head(&self.bytes, middle).or_damaged()?;
            if u64::from(at) < rank { low = middle + 1 } else { high = middle }
        }
        if low == self.record_count() {
            return Ok(None);
        }
        let (at, _) = record::head(&self.bytes, low).or_damaged()?;
        Ok((u64::from(at) == rank).then_some(low))
    }

    /// Every id of the problem that an id names, sorted, and the records about it. An alias without a
    /// record of its own is found too.
    pub fn resolve(&self, id: &str) -> Result<(Vec<String>, Vec<u32>), IndexError> {
        let Some((rank, place)) = self.ids()?.find(id.as_bytes()).or_damaged()? else {
            return Ok((Vec::new(), Vec::new()));
        };
        if place == 0 {
            let record = self.find(id)?;
            return Ok((vec![self.id(rank as u32)?], record.into_iter().collect()));
        }
        let (ids, records) = self.group(place as u32)?;
        Ok((ids.into_iter().map(|rank| self.id(rank)).collect::<Result<_, _>>()?, records))
    }

    /// The whole record in the OSV schema, as JSON text.
    pub fn json(&self, number: u32) -> Result<String, IndexError> {
        let (block, offset, length) = self.entry(number)?.text;
        let text = self.block(block)?;
        let end = (offset as usize).checked_add(length as usize).or_damaged()?;
        let json = text.get(offset as usize..end).or_damaged()?;
        std::str::from_utf8(json).ok().map(str::to_owned).or_damaged()
    }

    fn block(&self, block: u32) -> Result<Arc<Vec<u8>>, IndexError> {
        let mut last = self.last_block.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((number, text)) = &*last
            && *number == block
        {
            return Ok(Arc::clone(text));
        }
        let text = Arc::new(self.decompress(block).or_damaged()?);
        *last = Some((block, Arc::clone(&text)));
        Ok(text)
    }

    fn decompress(&self, block: u32) -> Option<Vec<u8>> {
        let raw = self.bytes.slice(Section::TextTable, block as usize * 8, 16)?;
        let start = u64::from_le_bytes(*raw.first_chunk()?) as usize;
        let end = u64::from_le_bytes(*raw.last_chunk()?) as usize;
        let packed = self.bytes.slice(Section::Text, start, end.checked_sub(start)?)?;
        let size = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten()?;
        (size <= BLOCK_BYTES_MAX).then_some(())?;
        let mut text = Vec::with_capacity(size as usize);
        let mut context = DCtx::try_create()?;
        let written = match self.dictionary()? {
            Some(dictionary) => context.decompress_using_ddict(&mut text, packed, dictionary),
            None => context.decompress(&mut text, packed),
        };
        (written.ok()? as u64 == size).then_some(text)
    }

    /// The dictionary, read once. It is checked here: one that is none must not be met later.
    #[expect(clippy::option_option, reason = "the outer one is damage, the inner one an answer")]
    fn dictionary(&self) -> Option<Option<&DDict<'static>>> {
        let bytes = self.bytes.section(Section::Dictionary)?;
        if bytes.is_empty() {
            return Some(None);
        }
        let dictionary = self.dictionary.get_or_init(|| DDict::try_create(bytes));
        dictionary.as_ref().map(Some)
    }

    /// The EPSS score of a CVE.
    pub fn epss(&self, cve: Cve) -> Result<Option<EpssScore>, IndexError> {
        Ok(self.triple(Section::Epss, EPSS_BYTES, cve)?.map(EpssScore::decode))
    }

    /// The entry of a CVE in the KEV catalogue.
    pub fn kev(&self, cve: Cve) -> Result<Option<KevEntry>, IndexError> {
        Ok(self.triple(Section::Kev, KEV_BYTES, cve)?.map(KevEntry::decode))
    }

    /// Every EPSS score or KEV entry, to be carried over into the next index.
    pub(crate) fn triples(&self, section: Section) -> Result<Vec<(Cve, [u32; 2])>, IndexError> {
        let count = self.bytes.length(section) / EPSS_BYTES;
        (0..count)
            .map(|place| {
                let [cve, first, second] = self.triple_at(section, place).or_damaged()?;
                Ok((Cve::from_u32(cve), [first, second]))
            })
            .collect()
    }

    fn triple_at(&self, section: Section, place: usize) -> Option<[u32; 3]> {
        let mut from = self.bytes.cursor(section, place.checked_mul(EPSS_BYTES)?);
        let mut next = || Some(u32::from_le_bytes(*from.take(4)?.first_chunk()?));
        Some([next()?, next()?, next()?])
    }

    fn triple(&self, section: Section, size: usize, cve: Cve) -> Result<Option<[u32; 2]>, IndexError> {
        let (mut low, mut high) = (0, self.bytes.length(section) / size);
        while low < high {
            let middle = low + (high - low) / 2;
            let [at, first, second] = self.triple_at(section, middle).or_damaged()?;
            match at.cmp(&cve.to_u32()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some([first, second])),
            }
        }
        Ok(None)
    }
}
