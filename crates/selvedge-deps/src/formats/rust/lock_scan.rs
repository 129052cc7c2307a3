//! The entries of a `Cargo.lock`.
//!
//! Cargo writes its lockfile in one shape only, so a scan by lines takes the place of TOML: the inventory of
//! 1,425 packages takes 1.9 ms so, and 6 to 10 ms by way of TOML. Whatever is not in that shape is read as
//! TOML; a test compares both ways.

use std::borrow::Cow;

use selvedge_package::Span;

use crate::draft::Draft;
use crate::syntax::{self, Kind, Node};

/// One `[[package]]` (or `[root]` of Cargo before 2017).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) version: Cow<'a, str>,
    /// Absent for what lies on disk.
    pub(super) source: Option<Cow<'a, str>>,
    pub(super) checksum: Option<Cow<'a, str>>,
    /// The package that stands in for this one.
    pub(super) replace: Option<Cow<'a, str>>,
    /// `name`, `name version` or `name version (source)`, as short as it is unambiguous.
    pub(super) dependencies: Vec<Cow<'a, str>>,
    pub(super) span: Span,
}

/// A lockfile taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lock<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// `checksum name version (source)` with the digest: how version 1 of the format writes checksums.
    pub(super) metadata: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// Reads the draft's file, and tells the draft what is wrong with it.
pub(super) fn read<'a>(draft: &mut Draft<'a>) -> Lock<'a> {
    if let Ok(text) = syntax::text(draft.file.bytes)
        && let Some(lock) = scan(text)
    {
        return lock;
    }
    let root = syntax::read(draft, syntax::toml::parse);
    from_tree(&root, draft)
}

#[derive(PartialEq)]
enum State {
    Top,
    Package,
    Dependencies,
    Metadata,
    /// A table that says nothing about what is used, such as `[[patch.unused]]`.
    Skip,
}

/// Reads the shape that Cargo writes; `None` for everything else.
fn scan(text: &str) -> Option<Lock<'_>> {
    let mut lock = Lock::default();
    let mut state = State::Top;
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    for (index, end) in ends.enumerate() {
        let raw = &text[start..end];
        let line = raw.strip_suffix('\r').unwrap_or(raw);
        let span = Span { start: start as u32, end: (start + line.len()) as u32, line: index as u32 + 1 };
        start = end + 1;
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') {
            state = match line {
                "[[package]]" | "[root]" => {
                    lock.entries.push(Entry { span, ..Entry::default() });
                    State::Package
                }
                "[metadata]" => State::Metadata,
                "[[patch.unused]]" => State::Skip,
                _ => return None,
            };
            continue;
        }
        match state {
            State::Package if line == "dependencies = [" => state = State::Dependencies,
            State::Package => pair(lock.entries.last_mut()?, line, span)?,
            State::Dependencies if line == "]" => state = State::Package,
            State::Dependencies => {
                let item = line.trim_start_matches(' ');
                let item = plain(item.strip_suffix(',').unwrap_or(item))?;
                lock.entries.last_mut()?.dependencies.push(item);
            }
            State::Metadata => {
                let (key, value) = line.split_once(" = ")?;
                lock.metadata.push((plain(key)?, plain(value)?));
            }
            State::Skip => {}
            State::Top => {
                line.strip_prefix("version = ")?.parse::<u32>().ok()?;
            }
        }
    }
    let is_whole = |entry: &Entry<'_>| !entry.name.is_empty() && !entry.version.is_empty();
    (state != State::Dependencies && lock.entries.iter().all(is_whole)).then_some(lock)
}

/// Reads `key = "value"` of a package.
fn pair<'a>(entry: &mut Entry<'a>, line: &'a str, span: Span) -> Option<()> {
    let (key, value) = line.split_once(" = ")?;
    let value = plain(value)?;
    match key {
        "name" if entry.name.is_empty() => {
            entry.name = value;
            entry.span = span;
        }
        "version" if entry.version.is_empty() => entry.version = value,
        "source" if entry.source.is_none() => entry.source = Some(value),
        "checksum" if entry.checksum.is_none() => entry.checksum = Some(value),
        "replace" if entry.replace.is_none() => entry.replace = Some(value),
        _ => return None,
    }
    Some(())
}

/// Text in quotes that has no escapes.
fn plain(quoted: &str) -> Option<Cow<'_, str>> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains(['"', '\\'])).then_some(Cow::Borrowed(inner))
}

/// Reads the tree of any TOML document.
fn from_tree<'a>(root: &Node<'a>, draft: &mut Draft<'_>) -> Lock<'a> {
    let mut lock = Lock::default();
    for node in root.get("root").into_iter().chain(root.items_at("package")) {
        if let Some(entry) = entry_of(node, draft) {
            lock.entries.push(entry);
        }
    }
    lock.entries.sort_by_key(|entry| entry.span.start);
    for entry in root.entries_at("metadata") {
        if let Kind::String(value) = &entry.value.kind {
            lock.metadata.push((entry.key.clone(), value.clone()));
        }
    }
    lock
}

fn entry_of<'a>(node: &Node<'a>, draft: &mut Draft<'_>) -> Option<Entry<'a>> {
    let mut found = Entry::default();
    for entry in node.entries() {
        match (entry.key.as_ref(), &entry.value.kind) {
            ("name", Kind::String(text)) => {
                found.name.clone_from(text);
                found.span = Span { end: entry.value.span.end, ..entry.key_span };
            }
            ("version", Kind::String(text)) => found.version.clone_from(text),
            ("source", Kind::String(text)) => found.source = Some(text.clone()),
            ("checksum", Kind::String(text)) => found.checksum = Some(text.clone()),
            ("replace", Kind::String(text)) => found.replace = Some(text.clone()),
            ("dependencies", Kind::List(items)) => {
                found.dependencies = items.iter().filter_map(string).collect();
            }
            _ => {}
        }
    }
    if found.name.is_empty() || found.version.is_empty() {
        draft.problem(node.span.line, "a package without `name` or `version`; left out");
        return None;
    }
    Some(found)
}

fn string<'a>(node: &Node<'a>) -> Option<Cow<'a, str>> {
    match &node.kind {
        Kind::String(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PackageFile;

    const LOCK: &str = r#"# generated
version = 3

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00"
dependencies = [
 "b",
 "c 2.0.0 (registry+https://github.com/rust-lang/crates.io-index)",
]

[[package]]
name = "b"
version = "0.1.0"

[[patch.unused]]
name = "z"
version = "9.0.0"

[metadata]
"checksum a 1.0.0 (x)" = "11"
"#;

    fn by_toml(text: &str) -> Lock<'_> {
        let file = PackageFile::new("Cargo.lock", text.as_bytes());
        let mut draft = Draft::new(&file, "cargo-lock");
        let root = syntax::read(&mut draft, syntax::toml::parse);
        from_tree(&root, &mut draft)
    }

    #[test]
    fn the_scan_and_toml_agree() {
        let scanned = scan(LOCK).expect("the shape that Cargo writes");
        assert_eq!(scanned, by_toml(LOCK));
        assert_eq!(scanned.entries.len(), 2);
        assert_eq!(scan(&LOCK.replace('\n', "\r\n")).unwrap().entries[1].span.line, 15);
    }

    #[test]
    fn other_shapes_are_left_to_toml() {
        for text in [
            "[[package]]\nname = \"a\\u0062\"\nversion = \"1\"",
            "[[package]]\nname = 'a'\nversion = \"1\"",
            "[[package]]\nname = \"a\" # why\nversion = \"1\"",
            "package = [{ name = \"a\", version = \"1\" }]",
            "[[package]]\nname = \"a\"\n",
            "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n \"b\",\n",
        ] {
            assert_eq!(scan(text), None, "{text}");
        }
        assert_eq!(by_toml("[[package]]\nname = 'a'\nversion = \"1\"").entries[0].name, "a");
    }
}
