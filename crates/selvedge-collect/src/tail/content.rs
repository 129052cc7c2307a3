//! An open log file: plain, or compressed and read as the text inside.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use super::identity::{FileKey, Text};

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Zstd,
}

/// A window that zstd may ask for, as a power of two: 128 MiB.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// Text is skipped in pieces of this size.
const SKIP_BYTES: usize = 64 << 10;

/// An open file.
pub(crate) struct Content {
    file: File,
    key: FileKey,
    compression: Option<Compression>,
    /// The decoder of a compressed file and how much it has given.
    decoder: Option<(Box<dyn Read + Send>, u64)>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content")
            .field("key", &self.key)
            .field("compression", &self.compression)
            .finish_non_exhaustive()
    }
}

impl Content {
    /// Opens a regular file; none for anything else.
    pub(crate) fn open(path: &Path) -> io::Result<Option<Self>> {
        // Asked before opening: opening a pipe would wait for its writer.
        if !std::fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(None);
        }
        let mut magic = [0; 4];
        let count = file.read_at(&mut magic, 0)?;
        let compression = match &magic[..count] {
            [0x1f, 0x8b, ..] => Some(Compression::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd] => Some(Compression::Zstd),
            _ => None,
        };
        Ok(Some(Self { file, key: FileKey::of(&metadata), compression, decoder: None }))
    }

    pub(crate) fn key(&self) -> FileKey {
        self.key
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.compression.is_some()
    }

    /// Bytes of the file itself (of the text if it is plain), and when it was last changed, in nanoseconds since
    /// 1970.
    pub(crate) fn stamp(&self) -> io::Result<(u64, i64)> {
        let metadata = self.file.metadata()?;
        let changed = metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec());
        Ok((metadata.len(), changed))
    }

    /// Reads up to the buffer's length from `offset`; fewer only where the text ends.
    pub(crate) fn read_at(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        if self.compression.is_none() {
            while filled < buffer.len() {
                match self.file.read_at(&mut buffer[filled..], offset + filled as u64)? {
                    0 => break,
                    count => filled += count,
                }
            }
            return Ok(filled);
        }
        if !self.seek_text(offset)? {
            return Ok(0);
        }
        let Some((decoder, position)) = &mut self.decoder else { return Ok(0) };
        while filled < buffer.len() {
            match decoder.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) => {
                    self.decoder = None;
                    return Err(error);
                }
            }
        }
        *position += filled as u64;
        Ok(filled)
    }

    /// Brings the decoder to `offset`, from the beginning if it is past it. False if the text is shorter.
    fn seek_text(&mut self, offset: u64) -> io::Result<bool> {
        if self.decoder.as_ref().is_none_or(|(_, position)| *position > offset) {
            let mut file = self.file.try_clone()?;
            file.seek(SeekFrom::Start(0))?;
            let decoder: Box<dyn Read + Send> = match self.compression {
                Some(Compression::Zstd) => {
                    let mut decoder = zstd::stream::read::Decoder::new(file)?;
                    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                    Box::new(decoder)
                }
                _ => Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(file))),
            };
            self.decoder = Some((decoder, 0));
        }
        let Some((decoder, position)) = &mut self.decoder else { return Ok(false) };
        let mut scratch = vec![0; SKIP_BYTES];
        while *position < offset {
            let wanted = usize::try_from(offset - *position).unwrap_or(SKIP_BYTES).min(SKIP_BYTES);
            match decoder.read(&mut scratch[..wanted]) {
                Ok(0) => return Ok(false),
                Ok(count) => *position += count as u64,
                Err(error) => {
                    self.decoder = None;
                    return Err(error);
                }
            }
        }
        Ok(true)
    }
}

impl Text for Content {
    fn read_exactly(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<bool> {
        Ok(self.read_at(buffer, offset)? == buffer.len())
    }
}
