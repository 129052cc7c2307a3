//! Ruby gems as RubyGems installs them: `specifications/*.gemspec`.
//!
//! RubyGems writes these files itself, in one shape of Ruby code with literal values; that shape is read,
//! nothing is run. Gemspecs in the source tree of a gem are manifests and no business of this crate.

use std::collections::{BTreeMap, HashMap};

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::{Component, Ecosystem, Manifest, Origin, Span};

use crate::inventory::Inventory;
use crate::limit::Limit;
use crate::root::{Root, file_name, parent, read_or_report, text};
use crate::supplier;

/// Size of a specification.
const GEMSPEC_BYTES_MAX: Limit = Limit::new("GEMSPEC_BYTES_MAX", 4 << 20);

/// Dependencies of one gem; those beyond are left out of the graph.
const GEM_DEPENDENCIES_MAX: Limit = Limit::new("GEM_DEPENDENCIES_MAX", 1000);
/// Versions of one gem that a dependency may mean; those beyond are left out of the graph.
const GEM_VERSIONS_MAX: Limit = Limit::new("GEM_VERSIONS_MAX", 16);

/// Whether the file at `path` is read here; `specifications/default` has the gems that came with Ruby.
pub(crate) fn wants(path: &str) -> bool {
    let folder = parent(path);
    let folder = folder.strip_suffix("/default").unwrap_or(folder);
    path.ends_with(".gemspec") && (folder == "specifications" || folder.ends_with("/specifications"))
}

/// Reads every folder of specifications.
pub(crate) fn read(root: &dyn Root, out: &mut Inventory) {
    let mut folders: BTreeMap<&str, Vec<(Component, Vec<String>)>> = BTreeMap::new();
    for path in root.paths().iter().filter(|path| wants(path)) {
        let bytes = read_or_report(root, path, GEMSPEC_BYTES_MAX, &mut out.diagnostics);
        let Some(bytes) = bytes else { continue };
        let Some((mut component, wanted)) = parse(file_name(path), &text(&bytes)) else {
            let message = "expected an installed gem with literal `name` and `version`";
            out.diagnostics.push(Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(path));
            continue;
        };
        component.found_in = Some(path.clone());
        component.layer = root.layer(path).map(str::to_owned);
        let folder = parent(path);
        let folder = folder.strip_suffix("/default").unwrap_or(folder);
        folders.entry(folder).or_default().push((component, wanted));
    }
    out.manifests.extend(folders.into_iter().map(|(folder, gems)| manifest(folder, gems)));
}

fn manifest(folder: &str, gems: Vec<(Component, Vec<String>)>) -> Manifest {
    let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
    for (index, (component, _)) in gems.iter().enumerate() {
        by_name.entry(component.name.clone()).or_default().push(index as u32);
    }
    let link = |(mut component, wanted): (Component, Vec<String>)| {
        // Of a gem that is installed in several versions any may be loaded.
        let versions = |name| by_name.get(name).into_iter().flatten().take(GEM_VERSIONS_MAX.as_usize());
        let found = wanted.iter().flat_map(versions);
        component.dependencies = found.copied().collect();
        component.dependencies.sort_unstable();
        component.dependencies.dedup();
        component
    };
    Manifest {
        path: folder.to_owned(),
        format: "gem-specifications",
        components: gems.into_iter().map(link).collect(),
        has_graph: true,
        is_locked: true,
        absorbed: Vec::new(),
    }
}

/// Reads a specification: the gem and the names of what it needs to run. A name or version that is no
/// literal is taken from the file name, `name-version.gemspec`; `None` for other Ruby code.
pub(crate) fn parse(file: &str, source: &str) -> Option<(Component, Vec<String>)> {
    let (mut name, mut version) = (None, None);
    let mut component =
        Component { ecosystem: Ecosystem::RubyGems, origin: Origin::Installed, ..Component::default() };
    let mut wanted = Vec::new();
    let mut at = 0;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let Some(statement) = member(line) else { continue };
        if let Some(value) = assigned(statement, "name")
            && name.is_none()
        {
            name = literal(value);
            component.span = Span {
                start: start as u32,
                end: (start + line.trim_end().len()) as u32,
                line: index as u32 + 1,
            };
        } else if let Some(value) = assigned(statement, "version")
            && version.is_none()
        {
            let value = value.trim_start_matches("Gem::Version.new").trim_start_matches('(');
            version = literal(value);
        } else if let Some(value) = assigned(statement, "licenses").or_else(|| assigned(statement, "license"))
        {
            component.licenses = literals(value);
        } else if let Some(value) = assigned(statement, "authors").or_else(|| assigned(statement, "author"))
            && component.supplier.is_none()
        {
            component.supplier = supplier::name(&literals(value).join(", "));
        } else if let Some(value) = called(statement, &["add_runtime_dependency", "add_dependency"])
            && !GEM_DEPENDENCIES_MAX.is_exceeded_by(wanted.len() as u64 + 1)
        {
            wanted.extend(literals(value).into_iter().next());
        }
    }
    if !source.contains("Gem::Specification.new") {
        return None;
    }
    let (stated_name, stated_version) = named(file).unzip();
    component.name = name.or(stated_name)?;
    component.version = Some(version.or(stated_version)?);
    Some((component, wanted))
}

/// What follows the receiver (`s.`) of a statement.
fn member(line: &str) -> Option<&str> {
    let (receiver, rest) = line.trim_start().split_once('.')?;
    receiver.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(rest)
}

fn assigned<'a>(statement: &'a str, field: &str) -> Option<&'a str> {
    statement
        .strip_prefix(field)?
        .trim_start()
        .strip_prefix('=')?
        .strip_prefix(|c: char| c != '=')
        .map(str::trim)
}

fn called<'a>(statement: &'a str, methods: &[&str]) -> Option<&'a str> {
    let rest = methods.iter().find_map(|method| statement.strip_prefix(method))?;
    rest.starts_with(['(', ' ']).then_some(rest)
}

/// The text literal at the beginning of an expression: `"x"`, `'x'`, `%q<x>`.
fn literal(value: &str) -> Option<String> {
    literals(value.split(['+', '#']).next()?)
        .into_iter()
        .next()
        .filter(|_| value.trim_start().starts_with(['"', '\'', '%', '[']))
}

/// Every text literal of an expression; those with interpolation are none.
fn literals(mut value: &str) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(at) = value.find(['"', '\'', '%']) {
        let rest = &value[at..];
        let (skip, close) = match rest.as_bytes() {
            [quote @ (b'"' | b'\''), ..] => (1, char::from(*quote)),
            [b'%', b'q', b'<', ..] => (3, '>'),
            [b'%', b'q', b'(', ..] => (3, ')'),
            _ => {
                value = &rest[1..];
                continue;
            }
        };
        let Some(end) = rest[skip..].find(close) else { break };
        let text = &rest[skip..skip + end];
        if !text.is_empty() && !text.contains("#{") {
            found.push(text.to_owned());
        }
        value = &rest[skip + end + 1..];
    }
    found
}

/// Name and version of `name-version[-platform].gemspec`.
fn named(file: &str) -> Option<(String, String)> {
    let stem = file.strip_suffix(".gemspec")?;
    let at = stem
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| stem.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit))?;
    let version = stem[at + 1..].split('-').next().unwrap_or_default();
    Some((stem[..at].to_owned(), version.to_owned()))
}

#[cfg(test)]
mod tests;
