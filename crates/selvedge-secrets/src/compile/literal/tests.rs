//! The literals found for typical rules.

use super::{Placed, required};
use crate::pattern::Pattern;

#[track_caller]
fn check(pattern: &str, expected: &[&str]) {
    let pattern = Pattern::new(pattern).expect("the pattern parses");
    let found = required(pattern.hir()).map_or(Vec::new(), |found| found.items);
    let mut shown: Vec<String> = found.iter().map(show).collect();
    shown.sort();
    assert_eq!(shown, expected);
}

fn show(placed: &Placed) -> String {
    let text: String = placed.literal.iter().map(|byte| char::from(byte.value)).collect();
    format!("{text}@{}..{}", placed.offset_min, placed.offset_max)
}

#[test]
fn literals_are_found_with_their_places() {
    check(r"\b(ghp_[0-9A-Za-z]{36})\b", &["ghp_@0..0"]);
    check(r"(?i)(?:adafruit)[ \t]{0,20}=([a-z0-9]{32})", &["adafruit@0..0"]);
    check(r"[^a]?((?:AKIA|ASIA)[A-Z2-7]{16})", &["AKIA@0..1", "ASIA@0..1"]);
    check(r"xox[bp]-[0-9]{10}", &["xoxb-@0..0", "xoxp-@0..0"]);
    check(
        r"[a-z]{3}\dQ~[a-z]{31}",
        &[
            "0Q~@3..3", "1Q~@3..3", "2Q~@3..3", "3Q~@3..3", "4Q~@3..3", "5Q~@3..3", "6Q~@3..3", "7Q~@3..3",
            "8Q~@3..3", "9Q~@3..3",
        ],
    );
}

#[test]
fn some_patterns_have_none() {
    check(r"[a-z0-9]{32}", &[]);
    check(r".*foo", &[]);
    check(r"(?:foo|[a-z]{9})", &[]);
}
