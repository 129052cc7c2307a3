//! Databases of dpkg and apk, metadata of Python, Node and Ruby packages: any text is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_installed::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    fuzzing::databases(bytes);
    fuzzing::metadata(bytes);
});
