//! SBOMs in every format. What is read can be written, and what is written is valid and read back whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_sbom::{Bom, cyclonedx, minimum_elements, read, spdx, validate};

fn check(bom: &Bom, write: fn(&Bom, &mut dyn std::io::Write) -> std::io::Result<()>, is_validated: bool) {
    let mut text = Vec::new();
    write(bom, &mut text).expect("memory takes every byte");
    if is_validated {
        assert_eq!(validate("out", &text), []);
    }
    let back = read("out", &text);
    assert_eq!(back.bom.entries.len(), bom.entries.len());
}

fuzz_target!(|bytes: &[u8]| {
    let _ = validate("in", bytes);
    let reading = read("in", bytes);
    if reading.bom.entries.is_empty() {
        return;
    }
    for entry in &reading.bom.entries {
        assert!(entry.component.dependencies.iter().all(|it| (*it as usize) < reading.bom.entries.len()));
        assert!(entry.component.span.end as usize <= bytes.len() * 3 + 3);
    }
    let _ = minimum_elements(&reading.bom);
    check(&reading.bom, cyclonedx::write_json, true);
    check(&reading.bom, cyclonedx::write_xml, true);
    check(&reading.bom, spdx::write_json, false);
    let merged = selvedge_sbom::Assembly::default().merge(&[reading.bom.clone(), reading.bom]);
    check(&merged, cyclonedx::write_json, true);
});
