//! VEX documents in every format, written again and read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_package::Purl;
use selvedge_sbom::vex::{Document, Subjects, Target, decide, read};

fuzz_target!(|bytes: &[u8]| {
    let reading = read("in", bytes, &[]);
    let package = Purl::parse("pkg:npm/a@1.0.0").expect("a package URL");
    let target = Target { package: &package, vulnerabilities: &["CVE-2024-1"], subjects: Subjects::Any };
    let _ = decide(&reading.statements, &target);
    let count: usize = reading.statements.iter().map(|it| it.products.len()).sum();
    let document = Document { statements: reading.statements, ..Document::default() };
    let mut text = Vec::new();
    document.write_openvex(&mut text).expect("memory takes every byte");
    let back = read("out", &text, &[]);
    assert_eq!(back.statements.iter().map(|it| it.products.len()).sum::<usize>(), count);
    document.write_cyclonedx(&mut Vec::new()).expect("memory takes every byte");
    document.write_csaf(&mut Vec::new()).expect("memory takes every byte");
});
