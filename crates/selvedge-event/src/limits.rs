//! Bounds on what one line and one batch may hold.

/// What a builder accepts before it stops, cuts or overflows. Whatever bites is counted in
/// [`crate::Notices`] or returned as an error; nothing is dropped silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A batch is full at this many rows.
    pub rows_max: usize,
    /// A batch is full at this many bytes of raw lines.
    pub bytes_max: usize,
    /// A longer line is refused.
    pub line_bytes_max: usize,
    /// Fields beyond this many columns of a batch stand in the overflow column.
    pub columns_max: usize,
    /// Objects and arrays nested deeper stay JSON text.
    pub depth_max: usize,
    /// Further values of one field in one row are left out of its column (the raw line has them).
    pub values_per_field_max: usize,
}

/// No batch takes more bytes, whatever is asked for: Arrow counts in 31 bits.
const BYTES_CEILING: usize = 256 << 20;

/// No line is longer, whatever is asked for.
const LINE_CEILING: usize = 64 << 20;

impl Limits {
    /// The same with what no builder can hold made smaller.
    pub(crate) fn clamped(self) -> Self {
        Self {
            rows_max: self.rows_max.clamp(1, 1 << 20),
            bytes_max: self.bytes_max.min(BYTES_CEILING),
            line_bytes_max: self.line_bytes_max.min(LINE_CEILING),
            columns_max: self.columns_max.min(1 << 14),
            depth_max: self.depth_max.min(64),
            values_per_field_max: self.values_per_field_max,
        }
    }
}

impl Default for Limits {
    /// 4,096 rows or 32 MiB, lines to 1 MiB, 1,024 columns, depth 16, 256 values of one field in one row.
    fn default() -> Self {
        Self {
            rows_max: 4096,
            bytes_max: 32 << 20,
            line_bytes_max: 1 << 20,
            columns_max: 1024,
            depth_max: 16,
            values_per_field_max: 256,
        }
    }
}
