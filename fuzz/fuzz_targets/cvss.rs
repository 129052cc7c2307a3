//! CVSS vectors: what is read is written back and scored.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_package::{Cvss, Rating};

fuzz_target!(|text: &str| {
    match Cvss::parse(text) {
        Ok(vector) => {
            assert_eq!(Cvss::parse(&vector.to_string()), Ok(vector));
            assert_eq!(vector.rating(), Rating::of(vector.score(), vector.version()));
            let _ = (vector.base_score(), vector.threat_score(), vector.environmental_score());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
