//! Damaged files: truncated, with bytes changed, with lines doubled or left out. Reading never panics, says nothing
//! false about places, and gives the same twice.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use selvedge_deps::inventory;
use selvedge_package::Relation;

use crate::samples::{SOUND, Sample, TRICKY};
use crate::support::lockfile_corpora;

/// What is done to a file at a place.
#[derive(Debug, Clone)]
enum Damage {
    Replace(u8),
    Flip(u8),
    Insert(Vec<u8>),
    Delete(usize),
    Repeat(usize),
    RepeatLine,
    DropLine,
    Truncate,
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(b"\n\"'{}[]()<>/:=,$#% \t\0\xff".to_vec())];
    prop_oneof![
        byte.clone().prop_map(Damage::Replace),
        any::<u8>().prop_map(Damage::Flip),
        vec(byte, 1..3).prop_map(Damage::Insert),
        "[\\[\\]{}\"':,#@&*<>\\\\/=é\n -]{1,4}".prop_map(|text| Damage::Insert(text.into_bytes())),
        (1_usize..12).prop_map(Damage::Delete),
        (1_usize..40).prop_map(Damage::Repeat),
        Just(Damage::RepeatLine),
        Just(Damage::DropLine),
        Just(Damage::Truncate),
    ]
}

fn apply(bytes: &mut Vec<u8>, at: usize, damage: &Damage) {
    let at = at % (bytes.len() + 1);
    let line = bytes[..at].split(|byte| *byte == b'\n').count() - 1;
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    match damage {
        Damage::Replace(byte) => bytes.splice(at..bytes.len().min(at + 1), [*byte]).for_each(drop),
        Damage::Flip(with) => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= with),
        Damage::Insert(inserted) => bytes.splice(at..at, inserted.iter().copied()).for_each(drop),
        Damage::Delete(count) => bytes.drain(at..bytes.len().min(at + count)).for_each(drop),
        Damage::Repeat(count) => {
            let copy = bytes[at..bytes.len().min(at + count)].to_vec();
            bytes.splice(at..at, copy).for_each(drop);
        }
        Damage::RepeatLine if line < lines.len() => {
            lines.insert(line, lines[line].clone());
            *bytes = lines.concat();
        }
        Damage::DropLine if line < lines.len() => {
            lines.remove(line);
            *bytes = lines.concat();
        }
        Damage::RepeatLine | Damage::DropLine => {}
        Damage::Truncate => bytes.truncate(at),
    }
}

fn files(sample: Sample) -> BTreeMap<String, Vec<u8>> {
    sample.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// Reads the files; whatever is listed must lie in its file.
fn check(files: &BTreeMap<String, Vec<u8>>) {
    let (manifests, diagnostics) = inventory(files);
    for manifest in &manifests {
        let count = manifest.components.len();
        for component in &manifest.components {
            let bytes = &files[component.found_in.as_ref().unwrap_or(&manifest.path)];
            let lines = bytes.split(|byte| *byte == b'\n').count() as u32;
            let span = component.span;
            assert!(span.start <= span.end && span.end as usize <= bytes.len(), "{component:?}");
            // The project itself may have no name and stand nowhere in the file.
            let is_other = component.relation != Relation::Root;
            assert!((u32::from(is_other)..=lines).contains(&span.line), "{component:?} of {lines} lines");
            assert!(!is_other || !component.name.is_empty(), "{component:?}");
            assert!(component.dependencies.iter().all(|it| (*it as usize) < count), "{component:?}");
            assert!(component.dependencies.is_sorted(), "{component:?}");
        }
    }
    for diagnostic in &diagnostics {
        assert!(diagnostic.path.is_some(), "{diagnostic}");
        assert_ne!(diagnostic.line, Some(0), "{diagnostic}");
    }
    assert_eq!((manifests, diagnostics), inventory(files));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2500, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_read_as_far_as_they_go(
        which in 0..SOUND.len() + TRICKY.len(),
        damages in vec((any::<usize>(), any::<usize>(), damage()), 1..6),
    ) {
        let sample = SOUND.iter().chain(TRICKY).nth(which).expect("a sample");
        let mut files = files(sample);
        for (file, at, damage) in damages {
            let path = sample[file % sample.len()].0;
            apply(files.get_mut(path).expect("a file of the sample"), at, &damage);
        }
        check(&files);
    }
}

#[test]
fn samples_as_they_are_list_something() {
    for sample in SOUND {
        check(&files(sample));
        let (manifests, diagnostics) = inventory(&files(sample));
        assert_eq!(diagnostics, [], "{sample:?}");
        assert!(manifests.iter().all(|manifest| !manifest.components.is_empty()), "{manifests:?}");
    }
    for sample in TRICKY {
        check(&files(sample));
        let (manifests, _) = inventory(&files(sample));
        let first = manifests.iter().find(|manifest| manifest.path == sample[0].0);
        assert!(first.is_some_and(|manifest| !manifest.components.is_empty()), "{sample:?}");
    }
}

/// Cuts every fixture of the corpora at many places, under the name of every sample.
#[test]
fn truncated_fixtures_are_read() {
    let Some(root) = lockfile_corpora() else { return };
    let mut pending = vec![root];
    let mut fixtures = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if entry.metadata().expect("metadata").len() < 4096 {
                fixtures.push(path);
            }
        }
    }
    fixtures.sort();
    let names: Vec<&str> =
        SOUND.iter().chain(TRICKY).flat_map(|sample| sample.iter().map(|(path, _)| *path)).collect();
    for (index, fixture) in fixtures.iter().enumerate() {
        let bytes = std::fs::read(fixture).expect("a fixture");
        for cut in (0..=bytes.len()).step_by(bytes.len() / 8 + 1) {
            for step in 0..4 {
                let name = names[(index + cut + step * 7) % names.len()];
                check(&BTreeMap::from([(name.to_owned(), bytes[..cut].to_vec())]));
            }
        }
    }
}
