//! Every proof accepts what it generates, refutes or ignores noise, and never panics.

use proptest::prelude::*;

use super::*;

#[test]
fn names_are_unique_and_findable() {
    let mut names: Vec<_> = all().iter().map(|proof| proof.name()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(names.iter().all(|name| by_name(name).is_some()));
}

#[test]
fn every_proof_proves_what_it_generates() {
    for proof in all() {
        for seed in 0..20 {
            let value = proof.generate(seed, "").unwrap_or_else(|| panic!("{} makes no value", proof.name()));
            let verdict = proof.prove(value.as_bytes(), value.as_bytes());
            assert!(
                matches!(verdict, Verdict::Proved(_)),
                "{} seed {seed}: {verdict:?} for {value}",
                proof.name()
            );
            assert_eq!(proof.generate(seed, ""), Some(value), "{} is not deterministic", proof.name());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for proof in all() {
            let _ = proof.prove(&bytes, &bytes);
        }
    }

    #[test]
    fn no_damage_panics(seed in any::<u64>(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        for proof in all() {
            let mut value = proof.generate(seed, "").unwrap_or_default().into_bytes();
            if value.is_empty() { continue; }
            let position = at.index(value.len());
            value[position] = byte;
            let _ = proof.prove(&value, b"");
            value.truncate(cut.index(value.len()));
            let _ = proof.prove(&value, b"");
        }
    }
}
