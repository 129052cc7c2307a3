//! Databases of RPM in all three formats: no loop, no read beyond the end, no memory beyond the file's size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_installed::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    fuzzing::rpm(bytes);
});
