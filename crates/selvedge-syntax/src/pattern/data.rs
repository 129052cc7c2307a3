//! Patterns of YAML and JSON, where an ellipsis has to become an entry or an item.

use super::marker::{ELLIPSIS, META_ELLIPSIS, METAVARIABLE};
use super::substitute::metavariable_name;

/// YAML: `...` on a line of its own becomes what its neighbours are.
pub(super) fn yaml(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len() * 2);
    for (index, line) in lines.iter().enumerate() {
        let content = line.trim();
        let dashes = dashes(content);
        let column = line.len() - line.trim_start().len() + dashes;
        if content[dashes..].trim() == "..." {
            let form = match neighbour(&lines, index, column) {
                Some(next) if next.starts_with("- ") || next == "-" => format!("- {ELLIPSIS}"),
                Some(_) => format!("{ELLIPSIS}: {ELLIPSIS}"),
                None => ELLIPSIS.to_owned(),
            };
            out.push_str(&line[..column]);
            out.push_str(&form);
        } else {
            out.push_str(&words(line));
        }
        out.push('\n');
    }
    out
}

/// How many bytes of dashes begin an item.
fn dashes(content: &str) -> usize {
    let mut rest = content;
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start();
    }
    content.len() - rest.len()
}

/// What another line has at a column, in the same block.
fn neighbour<'t>(lines: &[&'t str], index: usize, column: usize) -> Option<&'t str> {
    let own_dash = lines[index].trim_start().starts_with("- ");
    if own_dash {
        // What follows belongs to this item as long as it stands as deep.
        let next = lines[index + 1..].iter().find(|line| !line.trim().is_empty())?;
        let indent = next.len() - next.trim_start().len();
        return (indent == column).then(|| next.trim_start());
    }
    search(lines[index + 1..].iter(), column).or_else(|| search(lines[..index].iter().rev(), column))
}

fn search<'a, 't: 'a>(lines: impl Iterator<Item = &'a &'t str>, column: usize) -> Option<&'t str> {
    for line in lines {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let mut at = line.len() - content.len();
        let mut rest = content;
        loop {
            if at == column {
                if rest.trim() != "..." {
                    return Some(rest);
                }
                break;
            }
            let Some(inner) = rest.strip_prefix("- ").filter(|_| at < column) else { break };
            at += rest.len() - inner.trim_start().len();
            rest = inner.trim_start();
        }
        if line.len() - content.len() < column {
            return None;
        }
    }
    None
}

/// Metavariables and ellipses within a line; plain text with more in it stays as it is.
fn words(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 16);
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        if let Some(name) = rest.strip_prefix("$...").and_then(metavariable_name) {
            out.push_str(META_ELLIPSIS);
            out.push_str(name);
            at += 4 + name.len();
        } else if let Some(name) = rest.strip_prefix('$').and_then(metavariable_name) {
            out.push_str(METAVARIABLE);
            out.push_str(name);
            at += 1 + name.len();
        } else if rest.starts_with("...") {
            out.push_str(ELLIPSIS);
            at += 3;
        } else {
            let next = rest.chars().next().unwrap_or(' ');
            out.push(next);
            at += next.len_utf8();
        }
    }
    out
}

/// JSON: what is bare gets quotes; an ellipsis among entries becomes an entry.
pub(super) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut open = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let next = rest.chars().next().unwrap_or(' ');
        if quoted {
            quoted = next != '"' || text[..at].ends_with('\\');
            out.push(next);
            at += next.len_utf8();
        } else if let Some(name) = rest.strip_prefix("$...").and_then(metavariable_name) {
            out.extend(["\"", META_ELLIPSIS, name, "\""]);
            at += 4 + name.len();
        } else if let Some(name) = rest.strip_prefix('$').and_then(metavariable_name) {
            out.extend(["\"", METAVARIABLE, name, "\""]);
            at += 1 + name.len();
        } else if rest.starts_with("...") {
            let entry = open.last() == Some(&'{') && text[..at].trim_end().ends_with(['{', ',']);
            out.extend(["\"", ELLIPSIS, "\""]);
            if entry {
                out.extend([": \"", ELLIPSIS, "\""]);
            }
            at += 3;
        } else {
            match next {
                '"' => quoted = true,
                '{' | '[' => open.push(next),
                '}' | ']' => {
                    open.pop();
                }
                _ => {}
            }
            out.push(next);
            at += next.len_utf8();
        }
    }
    out
}
