//! Formats as a caller sees them.
