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

#[test]
fn a_changed_checksum_is_refuted() {
    for name in
        ["github-crc32", "npm-crc32", "grafana", "wif", "bip32-xprv", "age-secret-key", "nostr-nsec", "luhn"]
    {
        let proof = by_name(name).unwrap();
        for seed in 0..20 {
            let mut value = proof.generate(seed, "").unwrap().into_bytes();
            let last = value.last_mut().unwrap();
            *last = match *last {
                b'0'..=b'8'
                | b'A'..=b'D'
                | b'F'..=b'G'
                | b'J'..=b'K'
                | b'P'..=b'Y'
                | b'a'
                | b'c'..=b'g'
                | b'p'..=b'y' => *last + 1,
                b'9' => b'8',
                _ => b'2',
            };
            let verdict = proof.prove(&value, b"");
            assert!(matches!(verdict, Verdict::Refuted(_)), "{name} seed {seed}: {verdict:?}");
        }
    }
}

#[test]
fn facts_never_hold_the_secret() {
    for proof in all() {
        let value = proof.generate(11, "").unwrap();
        let Verdict::Proved(evidence) = proof.prove(value.as_bytes(), value.as_bytes()) else {
            panic!("{}", proof.name())
        };
        assert!(evidence.facts.iter().all(|fact| !fact.contains(&value)), "{}", proof.name());
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
