//! Scores against vectors of the official calculators, as collected by RedHatProductSecurity/cvss: files named
//! `vectors_…`, lines of the form `vector - (base, temporal, environmental)`, where 4.0 has one score.

use proptest::prelude::*;
use selvedge_package::{Cvss, CvssVersion, Rating, Score};

use crate::support::vectors;

/// A score as the files write it (`9.8`, `10`, `-0.0`); `None` for `None`.
fn expected_score(text: &str) -> Option<Score> {
    let (whole, tenth) = text.trim().trim_start_matches('-').split_once('.').unwrap_or((text.trim(), "0"));
    Some(Score::from_tenths(whole.parse::<u8>().ok()? * 10 + tenth.parse::<u8>().ok()?))
}

/// The calculators of version 3 apply the environmental equation in any case: a modified metric that equals
/// the base metric asks for that.
fn with_environment(cvss: &Cvss) -> Cvss {
    if cvss.environmental_score().is_some() {
        return *cvss;
    }
    let vector = cvss.to_string().replace("/MAV:X", "");
    let own = cvss.metric("AV").expect("a mandatory metric");
    Cvss::parse(&format!("{vector}/MAV:{own}")).expect("the vectors are valid")
}

#[test]
fn scores_are_those_of_the_official_calculators() {
    let Some(folder) = vectors("cvss") else { return };
    let (mut total, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).expect("the folder is readable") {
        let text =
            std::fs::read_to_string(entry.expect("the folder is readable").path()).expect("a text file");
        for line in text.lines() {
            let (vector, expected) = line.split_once(" - ").expect("vector and scores");
            let expected: Vec<_> =
                expected.trim_matches(['(', ')', ',']).split(", ").map(expected_score).collect();
            let cvss = Cvss::parse(vector).expect("the vectors are valid");
            let found = match cvss.version() {
                CvssVersion::V4 => vec![Some(cvss.score())],
                CvssVersion::V2 => {
                    vec![Some(cvss.base_score()), cvss.threat_score(), cvss.environmental_score()]
                }
                CvssVersion::V3_0 | CvssVersion::V3_1 => {
                    let base = cvss.base_score();
                    let threat = cvss.threat_score().unwrap_or(base);
                    vec![Some(base), Some(threat), with_environment(&cvss).environmental_score()]
                }
            };
            total += 1;
            if found != expected {
                wrong.push(format!("{line}: {found:?}"));
            }
        }
    }
    println!("{total} vectors");
    assert!(wrong.is_empty(), "{} of {total}: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(total > 0);
}

proptest! {
    #[test]
    fn any_text_is_a_vector_or_says_why_not(text in "(CVSS:[234]\\.[01]/)?([A-Z]{1,3}:[A-Z]{1,3}/?){0,14}", other in "\\PC{0,40}") {
        for text in [text, other] {
            match Cvss::parse(&text) {
                Ok(cvss) => prop_assert_eq!(Cvss::parse(&cvss.to_string()).unwrap(), cvss),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}

#[test]
fn ratings_are_ordered_as_scores_are() {
    let ratings: Vec<_> =
        (0..=100).map(|tenths| Rating::of(Score::from_tenths(tenths), CvssVersion::V3_1)).collect();
    assert!(ratings.is_sorted());
}
