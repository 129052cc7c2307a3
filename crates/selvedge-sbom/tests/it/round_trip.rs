//! What is written is read back as it was.

use selvedge_sbom::{Bom, Reading, cyclonedx, read, spdx, validate};

use crate::{sample, schemas};

/// A bill without what a reader adds or may not know: positions in the file, and the documents read.
fn comparable(mut bom: Bom) -> Bom {
    bom.sources.clear();
    for entry in &mut bom.entries {
        entry.sources.clear();
        entry.component.span = selvedge_package::Span::default();
        entry.component.declared = None;
    }
    bom
}

#[track_caller]
fn check(bom: &Bom, text: &[u8]) {
    check_as(bom, text, |_| ());
}

/// `forget` removes from both what the format cannot carry.
#[track_caller]
fn check_as(bom: &Bom, text: &[u8], forget: fn(&mut Bom)) {
    let Reading { bom: back, diagnostics } = read("bom", text);
    assert_eq!(diagnostics, []);
    let mut expected = Bom { serial: back.serial.clone(), ..comparable(bom.clone()) };
    let mut back = comparable(back);
    forget(&mut expected);
    forget(&mut back);
    for (expected, back) in expected.entries.iter().zip(&back.entries) {
        assert_eq!(expected, back);
    }
    assert_eq!(expected, back);
}

#[test]
fn cyclonedx_json() {
    let bom = sample::bom();
    let mut text = Vec::new();
    cyclonedx::write_json(&bom, &mut text).unwrap();
    assert_eq!(validate("bom", &text), []);
    schemas::cyclonedx_json(&text);
    check(&bom, &text);
}

#[test]
fn cyclonedx_xml() {
    let bom = sample::bom();
    let mut text = Vec::new();
    cyclonedx::write_xml(&bom, &mut text).unwrap();
    assert_eq!(validate("bom", &text), []);
    check(&bom, &text);
}

#[test]
fn spdx_json() {
    let bom = sample::bom();
    let mut text = Vec::new();
    spdx::write_json(&bom, &mut text).unwrap();
    schemas::spdx_json(&text);
    check_as(&bom, &text, |bom| {
        for entry in &mut bom.entries {
            entry.reference.clear();
        }
    });
}
