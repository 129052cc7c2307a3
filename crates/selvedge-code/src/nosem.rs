//! `nosem` and `nosemgrep` comments: what someone in the code decided not to hear about.

use selvedge_model::LineIndex;

/// Bytes at the end of a line in which a comment is looked for.
const LINE_END_BYTES: usize = 1024;

/// Whether a comment on the first line of a match, or alone on the line before it, speaks of the rule.
pub(crate) fn is_suppressed(bytes: &[u8], lines: &LineIndex, line_index: usize, rule: &str) -> bool {
    let line = |index: usize| {
        let line = &bytes[lines.line_range(bytes, index)];
        // A comment ends its line; what stands far before the end of a minified one is not searched each time.
        String::from_utf8_lossy(&line[line.len().saturating_sub(LINE_END_BYTES)..]).into_owned()
    };
    if speaks_of(&line(line_index), rule) {
        return true;
    }
    line_index > 0 && {
        let before = line(line_index - 1);
        let code = before.find("nosem").map_or("", |at| &before[..at]);
        !code.chars().any(char::is_alphanumeric) && speaks_of(&before, rule)
    }
}

/// Whether the line holds the comment, for all rules or for this one.
fn speaks_of(line: &str, rule: &str) -> bool {
    let Some(at) = line.find("nosem") else { return false };
    let starts_a_word =
        line[..at].chars().next_back().is_some_and(|before| !before.is_alphanumeric() && before != '_');
    let rest = &line[at + "nosem".len()..];
    let rest = rest.strip_prefix("grep").unwrap_or(rest);
    if !starts_a_word || rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return false;
    }
    let Some(list) = rest.trim_start().strip_prefix(':') else { return true };
    let is_id = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let ids: Vec<&str> = list
        .split(',')
        .map(|id| id.trim_start().split(|c| !is_id(c)).next().unwrap_or_default())
        .filter(|id| !id.is_empty())
        .collect();
    ids.is_empty() || ids.iter().any(|id| same_rule(id, rule))
}

/// Rules are named by the last part of a dotted path too, as Semgrep prefixes them with their folder.
fn same_rule(id: &str, rule: &str) -> bool {
    id == rule || id.strip_suffix(rule).is_some_and(|folder| folder.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, line_index: usize, expected: bool) {
        let lines = LineIndex::new(text.as_bytes());
        assert_eq!(is_suppressed(text.as_bytes(), &lines, line_index, "my-rule"), expected, "{text}");
    }

    #[test]
    fn comments_speak_of_all_rules_or_of_those_they_name() {
        check("f(x)  # nosemgrep", 0, true);
        check("f(x)  # nosem: my-rule", 0, true);
        check("f(x)  # nosemgrep: a.b.my-rule, other", 0, true);
        check("f(x)  # nosemgrep: other", 0, false);
        check("# nosemgrep\nf(x)", 1, true);
        check("g() # nosemgrep\nf(x)", 1, false);
        check("nosemantics(x)", 0, false);
        check("f(x) # nosemgrepping", 0, false);
    }
}
