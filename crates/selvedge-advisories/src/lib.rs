//! Advisories: import, one memory-mapped index, matching.
