//! Decoders never panic, keep their budget, and map back inside the original.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_secrets::decode::{Budget, layers};

fuzz_target!(|bytes: &[u8]| {
    let budget = Budget { depth_max: 2, bytes_max: 1 << 20, spans_max: 1000 };
    for layer in layers(bytes, &budget, &mut 0) {
        let length = layer.bytes.len();
        for at in [0, length / 2, length] {
            let range = layer.original_range(at..length);
            assert!(range.start <= range.end && range.end <= bytes.len());
        }
    }
});
