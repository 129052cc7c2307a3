//! Vectors written by us, and how what is wrong with one is said.

use super::*;

/// Base, threat (or temporal) and environmental score of a vector, `-` for what it does not have.
fn scores(vector: &str) -> String {
    let vector = Cvss::parse(vector).unwrap();
    let or_dash = |score: Option<Score>| score.map_or("-".to_owned(), |score| score.to_string());
    format!(
        "{} {} {}",
        vector.base_score(),
        or_dash(vector.threat_score()),
        or_dash(vector.environmental_score())
    )
}

#[test]
fn version_2_has_the_examples_of_its_guide() {
    assert_eq!(scores("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H"), "7.8 6.4 9.2");
    assert_eq!(scores("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L"), "10.0 8.3 9.0");
    assert_eq!(
        scores("AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M"),
        "6.2 4.9 7.5"
    );
    assert_eq!(scores("(AV:L/AC:H/Au:M/C:N/I:N/A:N)"), "0.0 - -");
}

#[test]
fn versions_3_differ_in_how_they_round_up() {
    assert_eq!(scores("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), "9.8 - -");
    assert_eq!(scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:U"), "10.0 9.1 -");
    assert_eq!(scores("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N"), "6.4 - -");
    assert_eq!(scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MC:N/MI:N/MA:N"), "9.8 - 0.0");
    let changed = "AV:N/AC:H/PR:H/UI:R/S:C/C:N/I:L/A:H/RC:U/CR:H/IR:H/MC:H";
    assert_eq!(scores(&format!("CVSS:3.0/{changed}")), "6.2 5.8 7.0");
    assert_eq!(scores(&format!("CVSS:3.1/{changed}")), "6.2 5.8 7.1");
}

#[test]
fn version_4_counts_steps_below_the_most_severe() {
    assert_eq!(scores("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"), "10.0 - -");
    assert_eq!(scores("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"), "9.3 - -");
    assert_eq!(scores("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"), "7.3 - -");
    assert_eq!(scores("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U"), "7.3 4.1 -");
    assert_eq!(scores("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/CR:H"), "0.0 - 0.0");
}

#[test]
fn order_does_not_matter_and_not_defined_says_nothing() {
    let vector = Cvss::parse("CVSS:3.1/A:H/I:H/C:H/E:X/S:U/UI:N/PR:N/AC:L/AV:N/").unwrap();
    assert_eq!(vector.to_string(), "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:X");
    assert_eq!((vector.threat_score(), vector.score().tenths()), (None, 98));
    assert_eq!((vector.metric("AV"), vector.metric("RL"), vector.metric("VC")), (Some("N"), None, None));
}

#[test]
fn ratings_follow_the_scale_of_the_version() {
    use CvssVersion::{V2, V3_1, V4};
    let of = |tenths, version| Rating::of(Score::from_tenths(tenths), version);
    assert_eq!(
        [0, 1, 39, 40, 69, 70, 89, 90, 100].map(|tenths| of(tenths, V4).as_str()),
        ["none", "low", "low", "medium", "medium", "high", "high", "critical", "critical"]
    );
    assert_eq!((of(100, V2), of(100, V3_1)), (Rating::High, Rating::Critical));
    assert_eq!(Cvss::parse("AV:N/AC:L/Au:N/C:C/I:C/A:C").unwrap().rating(), Rating::High);
}

#[test]
fn what_is_wrong_is_said_by_metric() {
    let error = |text: &str| Cvss::parse(text).unwrap_err();
    let base = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H";
    assert_eq!(error(base), CvssError::Missing("A"));
    assert_eq!(error(&format!("{base}/A:H/AV:N")), CvssError::Duplicate("AV"));
    assert_eq!(error(&format!("{base}/A:C")), CvssError::Value { metric: "A", value: "C".to_owned() });
    assert_eq!(error(&format!("{base}/A:H/VC:H")), CvssError::Metric("VC".to_owned()));
    assert_eq!(error(&format!("{base}//A:H")), CvssError::Malformed(String::new()));
    assert_eq!(error("CVSS:5.0/AV:N"), CvssError::Version("5.0".to_owned()));
    assert_eq!(error("7.5"), CvssError::Malformed("7.5".to_owned()));
    assert_eq!(error(""), CvssError::Malformed(String::new()));
    assert_eq!(error(&"A".repeat(CVSS_BYTES_MAX + 1)), CvssError::TooLong);
    assert_eq!(error(&format!("{base}/A:C")).to_string(), "CVSS vector with the unknown value 'C' of A");
}
