//! What may be read of an image at most.

use crate::limit::Limit;

/// Layers of one image; container engines stop at 127.
pub(super) const IMAGE_LAYERS_MAX: Limit = Limit::new("IMAGE_LAYERS_MAX", 512);
/// Files of an image folder, or entries of its tar; those of the layers count apart.
pub(super) const IMAGE_FILES_MAX: Limit = Limit::new("IMAGE_FILES_MAX", 8192);
/// Size of a manifest, index or configuration; registries stop at 4 MiB.
pub(super) const IMAGE_JSON_BYTES_MAX: Limit = Limit::new("IMAGE_JSON_BYTES_MAX", 4 << 20);
/// Indexes that may lead to each other.
pub(super) const IMAGE_INDEX_DEPTH_MAX: Limit = Limit::new("IMAGE_INDEX_DEPTH_MAX", 4);
/// Bytes of a path inside a layer, as in Linux (`PATH_MAX`).
pub(super) const IMAGE_PATH_BYTES_MAX: Limit = Limit::new("IMAGE_PATH_BYTES_MAX", 4096);
/// Bytes of the extended headers of one file of a tar.
pub(super) const TAR_EXTENSION_BYTES_MAX: Limit = Limit::new("TAR_EXTENSION_BYTES_MAX", 1 << 20);
/// Window that a zstd frame may ask for, as a power of two: 128 MiB.
pub(super) const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// Budgets of an image. Each that bites is named in a diagnostic, and what was read until then counts.
#[derive(Debug, Clone, Copy)]
pub struct ImageLimits {
    /// Entries of all layers together.
    pub entries_max: u64,
    /// Bytes of all layers together after decompression.
    pub bytes_max: u64,
    /// Bytes of files that are kept in memory together.
    pub kept_bytes_max: u64,
    /// Bytes of one file that is kept.
    pub file_bytes_max: u64,
}

impl Default for ImageLimits {
    fn default() -> Self {
        Self {
            entries_max: 3_000_000,
            bytes_max: 64 << 30,
            kept_bytes_max: 1 << 30,
            file_bytes_max: 256 << 20,
        }
    }
}

/// What is left of the limits while an image is read.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) limits: ImageLimits,
    pub(super) entries: u64,
    pub(super) bytes: u64,
    pub(super) kept_bytes: u64,
}

impl Budget {
    pub(super) fn new(limits: ImageLimits) -> Self {
        Self { limits, entries: 0, bytes: 0, kept_bytes: 0 }
    }

    /// Counts one entry; whether there may be more.
    pub(super) fn entry(&mut self) -> bool {
        self.entries += 1;
        self.entries <= self.limits.entries_max
    }

    /// Bytes that may still be decompressed.
    pub(super) fn bytes_left(&self) -> u64 {
        self.limits.bytes_max.saturating_sub(self.bytes)
    }

    /// Reserves memory for a file of `size` bytes; whether it may be kept.
    pub(super) fn keep(&mut self, size: u64) -> bool {
        let fits = size <= self.limits.kept_bytes_max.saturating_sub(self.kept_bytes);
        if fits {
            self.kept_bytes += size;
        }
        fits
    }
}
