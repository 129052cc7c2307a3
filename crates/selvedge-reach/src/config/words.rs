//! Words of configuration files and scripts.

use crate::collector::Collector;
use crate::languages::java;
use crate::text::line_end;

/// Whether a byte can stand in a word: a package name, a path, a version.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'@' | b'~' | b'$')
        || byte >= 0x80
}

/// The words of a text with their offsets.
pub(crate) fn words(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at.min(text.len())..].iter().position(|byte| is_part(*byte))?;
        let end =
            text[start..].iter().position(|byte| !is_part(*byte)).map_or(text.len(), |found| start + found);
        at = end;
        Some((start, &text[start..end]))
    })
}

/// The part of a word that may name a package: what follows the package folder in a path.
fn package_part(word: &[u8]) -> &[u8] {
    for folder in [&b"node_modules/.bin/"[..], b"node_modules/", b"site-packages/"] {
        if let Some(found) = memchr::memmem::rfind(word, folder) {
            return &word[found + folder.len()..];
        }
    }
    // `/usr/local/bin/gunicorn`, `./bin/celery`.
    if matches!(word.first(), Some(b'.' | b'/')) {
        return word.rsplit(|byte| *byte == b'/').next().unwrap_or(word);
    }
    word
}

/// Mentions every word outside comments that take a line of their own.
pub(super) fn mention_all(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = &bytes[at..end];
        if !line.trim_ascii_start().starts_with(b"#") {
            mention_words(out, line, at);
        }
        at = end + 1;
    }
}

/// Mentions the words of `text`, which stands at `offset`.
pub(super) fn mention_words(out: &mut Collector<'_>, text: &[u8], offset: usize) {
    for (at, word) in words(text) {
        if word.len() >= 2 && word.len() <= 256 {
            out.mention(package_part(word), offset + at);
        }
    }
}

/// Mentions every word, and takes dotted ones for names of classes.
pub(super) fn mention_classes(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    for (at, word) in words(bytes) {
        if word.len() >= 2 && word.len() <= 256 {
            out.mention(package_part(word), at);
            java::class_name(word, at, out);
        }
    }
}
