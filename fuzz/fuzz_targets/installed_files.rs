//! Java and Python archives, and binaries with a list of what they were built from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_installed::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        fuzzing::archive(bytes);
    } else {
        fuzzing::binary(bytes);
    }
});
