//! The body of a request, decompressed, within limits of size and of memory for all requests together.

use std::io::Read;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use tokio::sync::OwnedSemaphorePermit;

use super::{MEMORY_KIB, MEMORY_PATIENCE, Refusal, Shared};

/// A body that decompresses to more than this many times its size is refused, beyond a first MiB.
const RATIO_MAX: usize = 200;
/// Every body may decompress to this much.
const TEXT_BYTES_ALWAYS: usize = 1 << 20;

/// A body in memory; its share is given back when it is dropped.
pub(crate) struct Text {
    pub(crate) bytes: Vec<u8>,
    _share: OwnedSemaphorePermit,
}

/// How a body is compressed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Identity,
    Gzip,
    Deflate,
    Zstd,
}

impl Shared {
    /// Reads and decompresses the body.
    pub(crate) async fn text(&self, headers: &HeaderMap, body: Body) -> Result<Text, Refusal> {
        let coding = coding(headers)?;
        let limits = &self.limits;
        let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let length: usize = length.unwrap_or(limits.body_bytes_max);
        if length > limits.body_bytes_max {
            return Err(Refusal::TooLarge("the body is over the limit on its size"));
        }
        let text_max = match coding {
            Coding::Identity => length,
            _ => limits.text_bytes_max.min(length.saturating_mul(RATIO_MAX).max(TEXT_BYTES_ALWAYS)),
        };
        // The body and what comes out of it, and the frames made of that.
        let pieces = ((length + 2 * text_max) / 1024 + 1).min(MEMORY_KIB);
        let share = Arc::clone(&self.memory).acquire_many_owned(u32::try_from(pieces).unwrap_or(u32::MAX));
        let share = tokio::time::timeout(MEMORY_PATIENCE, share).await.ok().and_then(Result::ok);
        let share = share.ok_or(Refusal::Busy)?;
        let bytes = axum::body::to_bytes(body, limits.body_bytes_max).await;
        let bytes =
            bytes.map_err(|_| Refusal::TooLarge("the body is over the limit on its size, or was cut off"))?;
        let bytes = match coding {
            Coding::Identity => bytes.into(),
            coding => {
                let decompressed =
                    tokio::task::spawn_blocking(move || decompress(&bytes, coding, text_max)).await;
                decompressed
                    .map_err(|_| Refusal::Malformed("the body cannot be decompressed".to_owned()))??
            }
        };
        Ok(Text { bytes, _share: share })
    }
}

fn coding(headers: &HeaderMap) -> Result<Coding, Refusal> {
    let Some(value) = headers.get(header::CONTENT_ENCODING) else { return Ok(Coding::Identity) };
    match value.as_bytes() {
        b"" | b"identity" => Ok(Coding::Identity),
        b"gzip" | b"x-gzip" => Ok(Coding::Gzip),
        b"deflate" => Ok(Coding::Deflate),
        b"zstd" => Ok(Coding::Zstd),
        _ => Err(Refusal::Malformed("expected a body that is plain, gzip, deflate or zstd".to_owned())),
    }
}

fn decompress(bytes: &[u8], coding: Coding, limit: usize) -> Result<Vec<u8>, Refusal> {
    let malformed =
        |error: std::io::Error| Refusal::Malformed(format!("the body cannot be decompressed: {error}"));
    let reader: Box<dyn Read> = match coding {
        Coding::Zstd => Box::new(zstd::stream::read::Decoder::new(bytes).map_err(malformed)?),
        Coding::Deflate => Box::new(flate2::read::ZlibDecoder::new(bytes)),
        Coding::Gzip | Coding::Identity => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
    };
    let mut text = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut text).map_err(malformed)?;
    if text.len() > limit {
        return Err(Refusal::TooLarge("the body decompresses to more than the limit"));
    }
    Ok(text)
}
