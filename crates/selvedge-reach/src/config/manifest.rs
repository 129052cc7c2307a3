//! Manifests: what they say beside their lists of dependencies.

use super::words::mention_words;
use crate::collector::Collector;
use crate::text::{line_end, utf8};
use crate::{ImportKind, Language, Rename};

/// Bytes of a TOML table's header that are kept.
const TABLE_BYTES_MAX: usize = 256;

/// Keys of `package.json` whose values list packages without using them.
const DEPENDENCY_KEYS: &[&[u8]] = &[
    b"dependencies",
    b"devDependencies",
    b"peerDependencies",
    b"optionalDependencies",
    b"peerDependenciesMeta",
    b"bundledDependencies",
    b"bundleDependencies",
    b"dependenciesMeta",
    b"resolutions",
    b"overrides",
    b"keywords",
    b"description",
    b"engines",
    b"pnpm",
    b"catalog",
    b"catalogs",
    b"allowScripts",
    b"trustedDependencies",
    b"onlyBuiltDependencies",
];

/// Reads `package.json`: scripts, tool sections and names given by aliases.
pub(super) fn package_json(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    // The key of the outermost object that holds this place, and whether it lists packages.
    let mut is_list = false;
    let mut last: (usize, usize) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let (end, after) = crate::text::quoted_end(bytes, at, false);
                let text = &bytes[at + 1..end.max(at + 1)];
                let is_key = bytes[after..].trim_ascii_start().first() == Some(&b':');
                if depth == 1 && is_key {
                    is_list = DEPENDENCY_KEYS.contains(&text);
                }
                if is_list && !is_key {
                    npm_alias(&bytes[last.0..last.1], text, out);
                } else if !is_list {
                    mention_words(out, text, at + 1);
                }
                last = (at + 1, end.max(at + 1));
                at = after.max(at + 1);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
}

/// `"name": "npm:package@1"`.
fn npm_alias(name: &[u8], value: &[u8], out: &mut Collector<'_>) {
    let Some(package) = value.strip_prefix(b"npm:") else { return };
    let end = memchr::memrchr(b'@', package).filter(|at| *at > 0).unwrap_or(package.len());
    out.rename(Rename {
        language: Language::JavaScript,
        package: utf8(&package[..end]).into(),
        name: utf8(name).into(),
    });
}

/// Reads `pyproject.toml`, table by table: those of tools are mentioned, lists of dependencies are not.
pub(super) fn pyproject(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut table: &[u8] = b"";
    let mut in_list = false;
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = bytes[at..end].trim_ascii();
        let offset = at;
        at = end + 1;
        if line.starts_with(b"#") {
            continue;
        }
        if line.first() == Some(&b'[') && !in_list {
            table = &line[..line.len().min(TABLE_BYTES_MAX)];
            if table.starts_with(b"[tool.") || table.starts_with(b"[[tool.") {
                mention_words(out, &line[line.iter().position(|byte| *byte == b'.').unwrap_or(0)..], offset);
                let name = line.split(|byte| *byte == b'.').nth(1).unwrap_or_default();
                out.mention(name, offset);
            }
            continue;
        }
        let key = line.split(|byte| matches!(byte, b'=' | b' ')).next().unwrap_or_default();
        let lists = in_list || lists_packages(table) || table == b"[project]" && key == b"dependencies";
        if table == b"[project]" && key == b"dependencies" || in_list {
            in_list = !line.ends_with(b"]");
        }
        if !lists {
            mention_words(out, &bytes[offset..end], offset);
        }
    }
}

/// Whether a table of `pyproject.toml` is a list of dependencies.
fn lists_packages(table: &[u8]) -> bool {
    let names = |word: &[u8]| memchr::memmem::find(table, word).is_some();
    names(b"dependencies")
        || names(b"dependency-groups")
        || names(b"tool.uv")
        || names(b"tool.pixi")
        || names(b"tool.pdm.dev")
        || names(b"source")
}

/// Reads `Cargo.toml`: packages that have another name in code.
pub(super) fn cargo_toml(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut table: &[u8] = b"";
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.first() == Some(&b'[') {
            table = line.strip_suffix(b"]").unwrap_or(line);
            table = &table[..table.len().min(TABLE_BYTES_MAX)];
            continue;
        }
        let Some(found) = memchr::memmem::find(line, b"package") else { continue };
        let rest = line[found + b"package".len()..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else { continue };
        let Some(package) = rest.split(|byte| *byte == b'"').nth(1) else { continue };
        let name = if found == 0 {
            table.rsplit(|byte| *byte == b'.').next().unwrap_or_default()
        } else {
            line.split(|byte| matches!(byte, b'=' | b' ' | b'.')).next().unwrap_or_default()
        };
        let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
        out.rename(Rename {
            language: Language::Rust,
            package: utf8(package).into(),
            name: utf8(name).replace('-', "_").into(),
        });
    }
}

/// Reads `go.mod`: `replace old => new` and `tool path`.
pub(super) fn go_mod(out: &mut Collector<'_>) {
    let bytes = out.bytes();
    let mut block: &[u8] = b"";
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = bytes[at..end].trim_ascii();
        let offset = at;
        at = end + 1;
        let mut parts = line.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty()).peekable();
        let Some(first) = parts.peek().copied() else { continue };
        if line.ends_with(b"(") {
            block = first;
            continue;
        }
        if first == b")" {
            block = b"";
            continue;
        }
        let verb = if block.is_empty() { parts.next().unwrap_or_default() } else { block };
        match verb {
            b"tool" => {
                if let Some(path) = parts.next() {
                    out.import(utf8(path), offset, ImportKind::Code);
                }
            }
            b"replace" => {
                let old = parts.next().unwrap_or_default();
                let new = parts.skip_while(|part| *part != b"=>").nth(1).unwrap_or_default();
                if !new.is_empty() && !new.starts_with(b".") && !new.starts_with(b"/") {
                    out.rename(Rename {
                        language: Language::Go,
                        package: utf8(new).into(),
                        name: utf8(old).into(),
                    });
                }
            }
            _ => {}
        }
    }
}

/// Reads `.gitmodules`: `path = folder`.
pub(super) fn git_modules(out: &mut Collector<'_>) {
    for line in out.bytes().split(|byte| *byte == b'\n') {
        let Some(rest) = line.trim_ascii().strip_prefix(b"path") else { continue };
        let Some(folder) = rest.trim_ascii_start().strip_prefix(b"=") else { continue };
        let folder = utf8(folder.trim_ascii()).trim_matches('/');
        if !folder.is_empty() {
            out.submodule(folder);
        }
    }
}
