//! The comments of annotated tests.

/// What a comment says about the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// The rule is found.
    RuleId,
    /// It is not.
    Ok,
    /// It should be found, and is not yet.
    TodoRuleId,
    /// It should not be found, and still is.
    TodoOk,
}

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// 1-based line that it speaks of: the one after the comment.
    pub line: u32,
    /// What it says.
    pub expectation: Expectation,
    /// The rules of which it says so.
    pub rules: Vec<String>,
}

/// The words, longer ones first.
const WORDS: &[(&str, Expectation)] = &[
    ("todoruleid", Expectation::TodoRuleId),
    ("todook", Expectation::TodoOk),
    ("ruleid", Expectation::RuleId),
    ("ok", Expectation::Ok),
];

/// How comments begin, in any language.
const COMMENTS: &[&str] =
    &["#", "//", "/*", "<!--", "(*", "--", ";", "%", "*", "{/*", "{#", "{{!", "rem ", "'", "\""];

/// Every annotation of a text, in order.
pub fn annotations(text: &str) -> Vec<Annotation> {
    text.lines().enumerate().filter_map(|(index, line)| annotation(line, index as u32 + 2)).collect()
}

fn annotation(line: &str, about: u32) -> Option<Annotation> {
    for (word, expectation) in WORDS {
        for (at, _) in line.match_indices(word) {
            let before = line[..at].trim_end();
            let rest = line[at + word.len()..].trim_start();
            let Some(list) = rest.strip_prefix(':') else { continue };
            if !COMMENTS.iter().any(|mark| before.ends_with(mark.trim_end())) {
                continue;
            }
            let rules = ids(without_other_engines(list));
            if !rules.is_empty() {
                return Some(Annotation { line: about, expectation: *expectation, rules });
            }
        }
    }
    None
}

/// `ruleid: deepok: X` says what this engine finds, then what one that follows calls across files would find.
fn without_other_engines(list: &str) -> &str {
    let list = list.trim_start();
    let Some((word, rest)) = list.split_once(':') else { return list };
    let word = word.trim_end();
    let of_another = ["deep", "pro"].iter().any(|engine| {
        word.strip_prefix(engine).is_some_and(|word| WORDS.iter().any(|(known, _)| *known == word))
    });
    if of_another { rest } else { list }
}

/// Identifiers separated by commas; what follows the last one is the end of the comment, or prose.
fn ids(list: &str) -> Vec<String> {
    list.split(',')
        .map(|part| {
            let part = part.trim_start();
            let end = part.find(|c: char| !(c.is_alphanumeric() || "-_./".contains(c))).unwrap_or(part.len());
            part[..end].trim_end_matches("--").to_owned()
        })
        .take_while(|id| !id.is_empty())
        .collect()
}
