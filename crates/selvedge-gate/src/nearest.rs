//! The nearest known name to a mistyped one.

/// A name further than this many edits away is no suggestion, whatever its length.
const DISTANCE_MAX: usize = 4;

/// Names longer than this are compared by their first characters only, so that hostile input stays cheap.
const CHARS_MAX: usize = 64;

/// The candidate nearest to `name`, if one is near enough to be a slip of the keyboard.
///
/// Near enough means at most a third of the letters edited (Damerau-Levenshtein, case ignored), and at most
/// four. `_` and `-` are the same letter here. Of equally near candidates the first wins, so that the answer
/// does not depend on anything but the order given.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = folded(name);
    let limit = (given.chars().count() / 3).clamp(1, DISTANCE_MAX);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&given, &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …?` for the nearest candidate, or nothing.
pub fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn folded(name: &str) -> String {
    let lower = name.chars().take(CHARS_MAX).flat_map(char::to_lowercase);
    lower.map(|c| if c == '_' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["fail-on", "fail-on-partial", "min-confidence", "new-only"];

    #[test]
    fn finds_slips_and_refuses_strangers() {
        assert_eq!(nearest("fail_on", NAMES), Some("fail-on"));
        assert_eq!(nearest("fial-on", NAMES), Some("fail-on"));
        assert_eq!(nearest("MinConfidence", NAMES), Some("min-confidence"));
        assert_eq!(nearest("newonly", NAMES), Some("new-only"));
        assert_eq!(nearest("budget", NAMES), None);
        assert_eq!(nearest("", NAMES), None);
        assert_eq!(suggestion("fial-on", NAMES), "; did you mean `fail-on`?");
    }

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(nearest("cat", ["bat", "hat"]), Some("bat"));
    }
}
