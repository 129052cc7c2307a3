//! Requirements against the crate that Cargo itself matches with.

use proptest::prelude::*;
use selvedge_package::Ecosystem;
use semver::{Version, VersionReq};

fn version() -> impl Strategy<Value = String> {
    "[0-2]\\.[0-2]\\.[0-2](-(rc|0|a)(\\.[0-2])?)?"
}

fn comparator() -> impl Strategy<Value = String> {
    let partial = "[0-2](\\.[0-2](\\.[0-2](-(rc|0|a)(\\.[0-2])?)?)?)?|[0-2]\\.\\*|[0-2]\\.[0-2]\\.\\*";
    ("(\\^|~|=|>|>=|<|<=)? ?", partial).prop_map(|(sign, version)| format!("{sign}{version}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn cargo_requirements_match_as_cargo_matches_them(
        comparators in prop::collection::vec(comparator(), 1..4),
        version in version(),
    ) {
        let requirement = comparators.join(", ");
        let Ok(expected) = VersionReq::parse(&requirement) else { return Ok(()) };
        let expected = expected.matches(&Version::parse(&version).unwrap());
        prop_assert_eq!(
            Ecosystem::CratesIo.satisfies(&requirement, &version),
            Some(expected),
            "{} and {}", requirement, version
        );
    }

    #[test]
    fn any_text_is_answered(requirement in "\\PC{0,40}", sign in "[\\^~=<>!|,\\[\\](). 0-9a-z*-]{0,20}", version in version()) {
        for ecosystem in Ecosystem::all() {
            for requirement in [&requirement, &sign] {
                let answer = ecosystem.satisfies(requirement, &version);
                prop_assert_eq!(answer, ecosystem.satisfies(&format!(" {requirement} "), &version));
            }
        }
    }
}
