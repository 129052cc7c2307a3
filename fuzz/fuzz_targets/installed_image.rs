//! Container images as a tar, within small budgets, then the inventory of what they hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_installed::{ImageLimits, fuzzing};

fuzz_target!(|bytes: &[u8]| {
    let limits = ImageLimits {
        entries_max: 1000,
        bytes_max: 4 << 20,
        kept_bytes_max: 1 << 20,
        file_bytes_max: 1 << 18,
    };
    fuzzing::image(bytes, limits);
});
