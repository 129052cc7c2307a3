//! The form in which names are compared: `Apache License, Version 2.0`, `apache-2` and `Apache 2.0` are one.

/// Words that do not tell licences apart.
const EMPTY_WORDS: &[&str] = &[
    "the", "a", "an", "license", "licence", "licenses", "licences", "licensed", "version", "ver", "v", "of",
    "under", "style", "like", "terms",
];

/// The key of a name: words in lower case without those that say nothing, versions without `v` and `.0`, joined
/// without spaces. `or later` in its many wordings becomes `+`.
pub(crate) fn key(text: &str) -> String {
    let mut words = words(text);
    fold_or_later(&mut words);
    let mut key = String::with_capacity(text.len());
    for word in words.iter().filter(|word| !EMPTY_WORDS.contains(&word.as_str())) {
        key.push_str(word);
    }
    key
}

/// Runs of letters and runs of digits, `.` and `+`; `v2` is `v` and `2`, so that the `v` falls away.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut kind = Kind::Gap;
    for character in text.chars().flat_map(char::to_lowercase) {
        let next = match character {
            '+' => Kind::Plus,
            '0'..='9' => Kind::Number,
            '.' if kind == Kind::Number => Kind::Number,
            _ if character.is_alphabetic() => Kind::Letters,
            _ => Kind::Gap,
        };
        if next != Kind::Gap {
            match words.last_mut() {
                Some(word) if next == kind => word.push(character),
                _ => words.push(character.to_string()),
            }
        }
        kind = next;
    }
    for word in &mut words {
        let length = word.trim_end_matches('.').len();
        word.truncate(length);
        while word.ends_with(".0") {
            word.truncate(word.len() - 2);
        }
        if word.len() > 1 && word.ends_with('v') && word.is_ascii() && is_family(&word[..word.len() - 1]) {
            word.pop();
        }
    }
    words
}

/// Names to which a `v` is glued before the version: `GPLv2`.
fn is_family(word: &str) -> bool {
    matches!(
        word,
        "gpl"
            | "lgpl"
            | "agpl"
            | "mpl"
            | "epl"
            | "cddl"
            | "asl"
            | "apache"
            | "eupl"
            | "afl"
            | "osl"
            | "gfdl"
            | "fdl"
            | "cecill"
            | "gnugpl"
            | "gnulgpl"
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gap,
    Letters,
    Number,
    Plus,
}

/// `or later`, `or newer`, `or any later version`, `or (at your option) any later version`, `and later`.
fn fold_or_later(words: &mut Vec<String>) {
    let is_later =
        |word: &String| matches!(word.as_str(), "later" | "newer" | "above" | "higher" | "greater");
    let Some(end) = words.iter().position(is_later) else { return };
    let Some(start) = words[..end].iter().rposition(|word| word == "or" || word == "and") else { return };
    let between = &words[start + 1..end];
    if between.iter().all(|word| matches!(word.as_str(), "any" | "at" | "your" | "option" | "version")) {
        let tail_end = if words.get(end + 1).is_some_and(|word| word.starts_with("version")) {
            end + 2
        } else {
            end + 1
        };
        words.splice(start..tail_end, ["+".to_owned()]);
    } else if start + 1 == end {
        words.splice(start..=end, ["+".to_owned()]);
    }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[track_caller]
    fn same(names: &[&str]) {
        for name in names {
            assert_eq!(key(name), key(names[0]), "{name}");
        }
    }

    #[test]
    fn spellings_of_one_name_have_one_key() {
        same(&[
            "Apache-2.0",
            "Apache License, Version 2.0",
            "apache 2",
            "The Apache License v2.0",
            "APACHE_2.0",
        ]);
        same(&["GPLv2", "GPL-2.0", "gpl 2", "GPL v2"]);
        same(&[
            "GPLv2+",
            "GPL-2+",
            "GPL v2 or later",
            "GPL 2.0 or (at your option) any later version",
            "GPL 2 or newer",
        ]);
        assert_ne!(key("MPL-1.1"), key("MPL-1.0"));
        assert_ne!(key("BSD-2-Clause"), key("BSD-3-Clause"));
    }
}
