//! Tells archives by their first bytes, and decompresses streams.

use std::io::{self, BufReader, Read};

use super::tar;

/// A kind of archive, or of compressed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// zip, and what is one under another name: jar, war, whl, nupkg, docx, apk …
    Zip,
    /// tar.
    Tar,
    /// gzip.
    Gzip,
    /// xz.
    Xz,
    /// Zstandard.
    Zstd,
}

/// Largest window of a zstd stream, as a power of two: 32 MiB. `zstd -22` uses more on large files.
const ZSTD_WINDOW_LOG_MAX: u32 = 25;

/// Memory that decoding xz may use: enough for `xz -9`.
const XZ_MEMORY_MAX: u64 = 68 << 20;

impl Format {
    /// The format of something that begins with `head`.
    pub(crate) fn of(head: &[u8], name: &str) -> Option<Self> {
        match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ if tar::is_tar(head, name) => Some(Self::Tar),
            _ => None,
        }
    }
}

/// Decompresses `source`.
pub(super) fn decoder<'a>(format: Format, source: &'a mut dyn Read) -> io::Result<Box<dyn Read + 'a>> {
    let source = BufReader::new(source);
    Ok(match format {
        Format::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(source)),
        Format::Xz => {
            let flags = liblzma::stream::CONCATENATED;
            let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_MAX, flags)?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(source, stream))
        }
        Format::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(source)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            Box::new(decoder)
        }
        Format::Zip | Format::Tar => Box::new(source),
    })
}
