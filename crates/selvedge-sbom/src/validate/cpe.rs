//! Names of the Common Platform Enumeration: URIs of 2.2 and formatted strings of 2.3 (NIST IR 7695, 6.1 and 6.2).

/// Attributes after the part in a formatted string.
const ATTRIBUTES: usize = 10;

/// Which of them is the language.
const LANGUAGE: usize = 5;

/// Whether a text is a name in either notation.
pub(crate) fn is_name(text: &str) -> bool {
    match text.strip_prefix("cpe:2.3:") {
        Some(rest) => is_formatted_string(rest),
        None => is_uri(text),
    }
}

/// `cpe:/` with the part and up to six further components.
fn is_uri(text: &str) -> bool {
    let is_prefixed = text.get(..5).is_some_and(|it| it.starts_with('c') && it.eq_ignore_ascii_case("cpe:/"));
    let Some(rest) = text.get(5..).filter(|_| is_prefixed) else { return false };
    let mut components = rest.split(':');
    let part = components.next().unwrap_or_default();
    let is_part = part.is_empty() || (part.len() == 1 && "aho".contains(&part.to_ascii_lowercase()));
    let others: Vec<&str> = components.collect();
    is_part
        && others.len() <= 6
        && others
            .iter()
            .all(|it| it.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-~%".contains(&byte)))
}

fn is_formatted_string(text: &str) -> bool {
    let components = split(text);
    let Some((part, rest)) = components.split_first() else { return false };
    matches!(*part, "a" | "h" | "o" | "*" | "-")
        && rest.len() == ATTRIBUTES
        && rest.iter().enumerate().all(|(at, it)| if at == LANGUAGE { is_language(it) } else { is_value(it) })
}

/// Splits at the colons that are not escaped.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b':' => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// `*`, `-`, or a text whose wildcards stand at its ends.
fn is_value(text: &str) -> bool {
    if matches!(text, "*" | "-") {
        return true;
    }
    let inner = text.trim_start_matches('?');
    let inner = if inner.len() == text.len() { inner.strip_prefix('*').unwrap_or(inner) } else { inner };
    is_quoted_run(inner)
}

/// At least one plain or escaped character, then `*` or any number of `?`.
fn is_quoted_run(text: &str) -> bool {
    let mut bytes = text.bytes().peekable();
    let mut count = 0;
    while let Some(byte) = bytes.peek().copied() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            bytes.next();
        } else if byte == b'\\' {
            bytes.next();
            if !bytes.next().is_some_and(|it| it.is_ascii_punctuation() && !b"-._".contains(&it)) {
                return false;
            }
        } else {
            break;
        }
        count += 1;
    }
    let rest: Vec<u8> = bytes.collect();
    count > 0 && (rest == b"*" || rest.iter().all(|it| *it == b'?'))
}

fn is_language(text: &str) -> bool {
    let (language, region) =
        text.split_once('-').map_or((text, None), |(language, region)| (language, Some(region)));
    let is_region = |it: &str| {
        (it.len() == 2 && it.bytes().all(|it| it.is_ascii_alphabetic()))
            || (it.len() == 3 && it.bytes().all(|it| it.is_ascii_digit()))
    };
    matches!(text, "*" | "-")
        || ((2..=3).contains(&language.len())
            && language.bytes().all(|it| it.is_ascii_alphabetic())
            && region.is_none_or(is_region))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn both_notations() {
        for right in [
            "cpe:/a:acme:application:9.1.1",
            "cpe:/o",
            "cpe:2.3:a:acme:component_framework:*:*:*:*:*:*:*:*",
            "cpe:2.3:a:joomla\\!:joomla\\!:3.9.8:*:*:en-GB:*:*:*:*",
            "cpe:2.3:a:a:b:1.?:*:*:*:*:*:*:*",
            "cpe:2.3:a:a:b\\:c:-:*:*:*:*:*:*:*",
        ] {
            assert!(is_name(right), "{right}");
        }
        for wrong in [
            "",
            "cpe",
            "cpe:/x:a",
            "cpe:2.3:a:b",
            "cpe:2.3:a:a b:*:*:*:*:*:*:*:*:*",
            "cpe:2.3:a:a:b:1*2:*:*:*:*:*:*:*",
        ] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }
}
