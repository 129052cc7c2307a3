//! Texts that hold code in parts: components with `<script>` elements, MDX and Astro, notebooks.

use memchr::memmem;

use super::{javascript, python};
use crate::collector::Collector;
use crate::text::line_end;

/// Script elements read of one file.
const SCRIPTS_MAX: usize = 256;
/// Bytes after `@import` and the like in which names are looked for.
const LOAD_BYTES_MAX: usize = 512;
/// Bytes of a script element's opening tag.
const TAG_BYTES_MAX: usize = 4 * 1024;

/// Reads every `<script>` element, and what attributes and styles load from a package folder.
pub(crate) fn scripts(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut at = 0;
    for _ in 0..SCRIPTS_MAX {
        let Some(found) = memmem::find(&bytes[at..], b"<script") else {
            loaded_paths(out, at, bytes.len());
            return;
        };
        loaded_paths(out, at, at + found);
        let tag = at + found;
        let limit = (tag + TAG_BYTES_MAX).min(bytes.len());
        let Some(close) = memchr::memchr(b'>', &bytes[tag..limit]) else {
            at = limit;
            continue;
        };
        let body = tag + close + 1;
        loaded_paths(out, tag, body);
        let end = memmem::find(&bytes[body..], b"</script").map_or(bytes.len(), |found| body + found);
        javascript::scan(out, body, end);
        at = end;
    }
    out.cut();
}

/// Words after `@import`, `@use`, `node_modules/` and the like, in style sheets and pages.
pub(crate) fn loaded_paths(out: &mut Collector<'_>, start: usize, end: usize) {
    let bytes = &out.bytes()[..end];
    let mut at = start;
    while let Some(found) = memmem::find(&bytes[at..], b"node_modules/") {
        at += found + b"node_modules/".len();
        out.mention(&bytes[at..end], at);
    }
    at = start;
    while let Some(found) = memchr::memchr(b'@', &bytes[at..]) {
        at += found + 1;
        let rest = &bytes[at..];
        let loads =
            [&b"import"[..], b"use", b"forward", b"plugin", b"config", b"require", b"tailwind", b"source"]
                .iter()
                .any(|word| rest.starts_with(word));
        if loads {
            strings_of_line(out, at, line_end(bytes, at));
        }
    }
}

fn strings_of_line(out: &mut Collector<'_>, start: usize, end: usize) {
    let line = &out.bytes()[start..end.min(start + LOAD_BYTES_MAX)];
    for (offset, word) in crate::config::words(line) {
        out.mention(word, start + offset);
    }
}

/// Reads the lines of MDX and Astro that begin with `import` or `export`, together with those that follow
/// until a blank one; Astro's front matter is read whole.
pub(crate) fn lines(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut at = 0;
    if bytes.starts_with(b"---\n") || bytes.starts_with(b"---\r\n") {
        let end = memmem::find(&bytes[3..], b"\n---").map_or(bytes.len(), |found| found + 3);
        javascript::scan(out, 3, end);
        at = end;
    }
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = &bytes[at..end];
        if line.starts_with(b"import") || line.starts_with(b"export") {
            let stop = memmem::find(&bytes[at..], b"\n\n").map_or(bytes.len(), |found| at + found);
            javascript::scan(out, at, stop);
            at = stop;
        }
        at = line_end(bytes, at) + 1;
    }
    scripts(out);
}

/// Reads the source lines of a notebook: JSON strings that end in `\n`, one per line of the file as every
/// notebook program writes them.
pub(crate) fn notebook(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = &bytes[at..end];
        let blank = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let code = line[blank..].strip_prefix(b"\"").unwrap_or_default();
        let code = code.iter().take_while(|byte| **byte == b' ').count() + usize::from(!code.is_empty());
        let body = &line[(blank + code).min(line.len())..];
        let begins =
            [&b"import "[..], b"from ", b"%load_ext ", b"!"].iter().any(|word| body.starts_with(word));
        if begins {
            let stop =
                memmem::find(body, b"\\n").or_else(|| memchr::memrchr(b'"', body)).unwrap_or(body.len());
            let from = at + blank + code;
            if body.starts_with(b"import") || body.starts_with(b"from") {
                python::scan(out, from, from + stop);
            } else {
                strings_of_line(out, from, from + stop);
            }
        }
        at = end + 1;
    }
}
