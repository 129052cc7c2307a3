//! `yarn.lock` version 1.
//!
//! Format: Yarn's own, by lines: patterns at the margin, fields by two blanks, dependencies by four. Each
//! pattern (`name@range`) leads to the package of its entry. The lockfile does not tell what is direct; the
//! `package.json` files of the workspace do.

use selvedge_package::{Component, Ecosystem, Origin, Span};

use super::importers::{self, Importer};
use super::lockmap::LockMap;
use super::source::{elsewhere, resolved, specifier, split_name};
use crate::draft::Draft;
use crate::pattern;
use crate::syntax::digest;
use crate::syntax::lines::{Line, lines};
use crate::{Files, PackageFile, Parsed};

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "yarn-lock");
    draft.manifest.is_locked = true;
    let mut map = LockMap::default();
    let mut wanted = Vec::new();
    for entry in entries(&mut draft) {
        add(entry, &mut map, &mut wanted, &mut draft);
    }
    for (index, pattern) in wanted {
        if let Some(target) = map.get(&pattern) {
            draft.manifest.components[index as usize].dependencies.push(target);
        }
    }
    draft.manifest.has_graph = true;
    let base = pattern::folder(file.path);
    let importers = importers::of_workspace(base, files, &mut draft);
    importers::apply(&mut draft, files, &importers, &|_: &Importer, requirement| {
        let key = requirement.alias.as_deref().unwrap_or(&requirement.name);
        let range = requirement.requirement.as_deref().unwrap_or_default();
        map.get(&format!("{key}@{range}"))
    });
    draft.finish()
}

/// One entry, taken apart.
struct Entry<'a> {
    span: Span,
    patterns: Vec<String>,
    version: Option<String>,
    resolved: Option<String>,
    integrity: Option<String>,
    /// Patterns of what it depends on.
    dependencies: Vec<String>,
    line: Line<'a>,
}

fn entries<'a>(draft: &mut Draft<'a>) -> Vec<Entry<'a>> {
    let mut found: Vec<Entry<'a>> = Vec::new();
    let mut in_dependencies = false;
    for line in lines(draft) {
        let text = line.trimmed();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let tokens = tokens(text.trim_end_matches(':'));
        match (line.indent(), found.last_mut()) {
            (0, _) if text.ends_with(':') && !tokens.is_empty() => {
                let range = line.range();
                let span = Span { start: range.start as u32, end: range.end as u32, line: line.number };
                let empty = Entry {
                    span,
                    patterns: tokens,
                    version: None,
                    resolved: None,
                    integrity: None,
                    dependencies: Vec::new(),
                    line,
                };
                found.push(empty);
                in_dependencies = false;
            }
            (2, Some(_)) if text.ends_with(':') => {
                in_dependencies = text.to_ascii_lowercase().contains("dependencies");
            }
            (2, Some(entry)) => {
                in_dependencies = false;
                field(entry, tokens);
            }
            (4, Some(entry)) if in_dependencies => {
                if let [name, range] = tokens.as_slice() {
                    entry.dependencies.push(format!("{name}@{range}"));
                }
            }
            (4, Some(_)) => {}
            _ => draft.problem(line.number, "expected `name@range:` or a field of an entry"),
        }
    }
    found
}

fn field(entry: &mut Entry<'_>, tokens: Vec<String>) {
    let mut tokens = tokens.into_iter();
    let (Some(key), Some(value)) = (tokens.next(), tokens.next()) else { return };
    match key.as_str() {
        "version" => entry.version = Some(value),
        "resolved" => entry.resolved = Some(value),
        // Several digests stand in one line, separated by blanks.
        "integrity" => {
            entry.integrity = Some(std::iter::once(value).chain(tokens).collect::<Vec<_>>().join(" "));
        }
        _ => {}
    }
}

/// The words of a line: separated by blanks or commas, or in quotes with JSON's escapes.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', ',', '\t']);
        if rest.is_empty() {
            return found;
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let end = closing_quote(quoted);
            found.push(quoted[..end].replace("\\\"", "\"").replace("\\\\", "\\"));
            rest = quoted.get(end + 1..).unwrap_or_default();
        } else {
            let end = rest.find([' ', ',', '\t']).unwrap_or(rest.len());
            found.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
}

/// Offset of the quote that ends the text, or its length.
fn closing_quote(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped => return at,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

fn add(entry: Entry<'_>, map: &mut LockMap, wanted: &mut Vec<(u32, String)>, draft: &mut Draft<'_>) {
    let Some(version) = entry.version else {
        draft.problem(entry.line.number, "an entry without `version`; left out");
        return;
    };
    let pattern = entry.patterns.first().map(String::as_str).unwrap_or_default();
    let (key, range) = split_name(pattern);
    let range = range.unwrap_or_default();
    let name = specifier(range).name.unwrap_or(key);
    let mut hashes = entry.integrity.as_deref().map(digest::integrity).unwrap_or_default();
    let address = entry.resolved.as_deref();
    if hashes.is_empty() {
        let fragment = address.and_then(|address| address.rsplit_once('#')).map(|(_, fragment)| fragment);
        let is_archive = address.is_some_and(|address| address.contains(".tgz#"));
        hashes.extend(fragment.filter(|_| is_archive).and_then(|hex| digest::hex("sha1", hex)));
    }
    let component = Component {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: Some(version),
        origin: origin(address, range),
        resolved: entry.resolved.clone(),
        hashes,
        span: entry.span,
        ..Component::default()
    };
    let Some(index) = map.add(component, draft) else { return };
    for pattern in entry.patterns {
        map.name(pattern, index);
    }
    wanted.extend(entry.dependencies.into_iter().map(|pattern| (index, pattern)));
}

fn is_archive(address: &str) -> bool {
    address.rsplit_once('.').is_some_and(|(_, extension)| extension == "tgz")
}

/// The origin by the address, or by the range for what has none: folders and links.
fn origin(address: Option<&str>, range: &str) -> Origin {
    let Some(address) = address else {
        return elsewhere(range).filter(|origin| matches!(origin, Origin::Path(_))).unwrap_or_default();
    };
    match resolved(address) {
        Origin::Url(url) => match (elsewhere(range), url.split_once('#')) {
            // A repository over plain `https` is known by the commit behind the address.
            (Some(_), Some((repository, commit))) if commit.len() == 40 && !is_archive(repository) => {
                Origin::Git { url: repository.to_owned(), commit: Some(commit.to_owned()) }
            }
            _ => Origin::Url(url),
        },
        other => other,
    }
}
