//! Texts of a rule with what its metavariables stand for put in their place.

use crate::limits::{MESSAGE_BYTES_MAX, MESSAGE_VALUE_CHARS_MAX};

/// Looks up metavariables by their name as written, `$X` or `$...X` or `$1`.
pub(crate) trait Lookup {
    /// The source that it stands for.
    fn text(&self, name: &str) -> Option<String>;

    /// Its value, where constant propagation knows one.
    fn value(&self, name: &str) -> Option<String>;
}

/// The message of a finding: values are shortened, and the whole is bounded.
pub(crate) fn message(template: &str, lookup: &dyn Lookup) -> String {
    let mut text = interpolate(template, &|name, by_value| {
        let text = if by_value { lookup.value(name) } else { lookup.text(name) }?;
        Some(shortened(&text))
    });
    let mut end = text.len().min(MESSAGE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

/// The text of a fix: values stand in full.
pub(crate) fn fix(template: &str, lookup: &dyn Lookup) -> String {
    interpolate(template, &|name, by_value| if by_value { lookup.value(name) } else { lookup.text(name) })
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MESSAGE_VALUE_CHARS_MAX) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

fn interpolate(template: &str, replace: &dyn Fn(&str, bool) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(dollar) = rest.find('$') {
        let name = name_at(&rest[dollar..]);
        let by_value = rest[..dollar].ends_with("value(") && rest[dollar + name.len()..].starts_with(')');
        let replaced = if name.len() > 1 { replace(name, by_value) } else { None };
        match replaced {
            Some(text) if by_value => {
                out.push_str(&rest[..dollar - "value(".len()]);
                out.push_str(&text);
                rest = &rest[dollar + name.len() + 1..];
            }
            Some(text) => {
                out.push_str(&rest[..dollar]);
                out.push_str(&text);
                rest = &rest[dollar + name.len()..];
            }
            None => {
                let end = dollar + name.len().max(1);
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The metavariable at the start of `text`, which begins with a dollar sign; else the sign alone.
fn name_at(text: &str) -> &str {
    let prefix = if text.starts_with("$...") { 4 } else { 1 };
    let tail = &text[prefix..];
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let word =
        tail.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_').count();
    let length = if tail.starts_with(|c: char| c.is_ascii_digit()) { digits } else { word };
    if length == 0 { &text[..1] } else { &text[..prefix + length] }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bound;

    impl Lookup for Bound {
        fn text(&self, name: &str) -> Option<String> {
            match name {
                "$X" => Some("key".to_owned()),
                "$...ARGS" => Some("a, b".to_owned()),
                "$1" => Some("one".to_owned()),
                _ => None,
            }
        }

        fn value(&self, name: &str) -> Option<String> {
            (name == "$X").then(|| "5".to_owned())
        }
    }

    #[test]
    fn metavariables_are_replaced_where_they_are_bound() {
        let check = |template: &str, expected: &str| assert_eq!(fix(template, &Bound), expected);
        check("use $X($...ARGS)", "use key(a, b)");
        check("value($X) and $1", "5 and one");
        check("$Y costs $5 $ $", "$Y costs $5 $ $");
        check("$XY $X.", "$XY key.");
    }
}
