//! Folding of letter case: Sigma compares without it unless told otherwise.
//!
//! Folding goes character by character, so that the fold of a part is a part of the fold. Two characters that
//! Unicode folds but does not lower, long s and final sigma, are treated so that a regular expression with the
//! `i` flag and a folded search agree.

use std::borrow::Cow;

/// Folds one character.
fn fold_char(c: char, into: &mut String) {
    match c {
        c if c.is_ascii() => into.push(c.to_ascii_lowercase()),
        'ſ' => into.push('s'),
        'ς' => into.push('σ'),
        c => into.extend(c.to_lowercase()),
    }
}

/// `text` without letter case.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|c| fold_char(c, &mut folded));
    Cow::Owned(folded)
}

/// Writes the fold of `text` into `into`, whose former content is lost.
pub(crate) fn fold_into(text: &str, into: &mut String) {
    into.clear();
    if text.is_ascii() {
        into.push_str(text);
        into.make_ascii_lowercase();
    } else {
        text.chars().for_each(|c| fold_char(c, into));
    }
}

/// Whether `a` and `b` are the same character without letter case.
pub(crate) fn same(a: char, b: char) -> bool {
    a == b || (fold(a.encode_utf8(&mut [0; 4])) == fold(b.encode_utf8(&mut [0; 4])))
}
