//! Package URLs: what is read is canonical and stays so, on the way through a component too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_package::{Component, Purl};

fuzz_target!(|text: &str| {
    let Ok(purl) = Purl::parse(text) else { return };
    let written = purl.to_string();
    assert_eq!(Purl::parse(&written).as_ref(), Ok(&purl), "{written}");
    let component = Component::from_purl(&purl);
    if let Some(again) = component.purl() {
        let text = again.to_string();
        assert_eq!(Purl::parse(&text), Ok(again), "{text}");
    }
});
