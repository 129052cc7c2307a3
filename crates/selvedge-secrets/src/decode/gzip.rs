//! Inflates gzip within a limit.

use std::io::Read;

/// The inflated bytes, at most `limit`, and whether the limit cut them.
///
/// What precedes a broken or missing end is kept: encoded files are often cut.
pub(super) fn inflate(compressed: &[u8], limit: usize) -> (Vec<u8>, bool) {
    let mut inflated = Vec::new();
    let mut chunk = [0_u8; 4096];
    let mut decoder = flate2::read::GzDecoder::new(compressed);
    while let Ok(read @ 1..) = decoder.read(&mut chunk) {
        let room = limit - inflated.len();
        inflated.extend_from_slice(&chunk[..read.min(room)]);
        if read > room {
            return (inflated, true);
        }
    }
    (inflated, false)
}
