//! `requirements.txt` and its kin.
//!
//! Format: pip, "Requirements File Format". Files that others include are listed by themselves if their name
//! says what they are, and with the including file otherwise. The notes of pip-compile are the graph.
//! Constraints pin what is required elsewhere; they require nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use selvedge_package::{Component, Declared, Ecosystem, Origin, Relation, Scope, Span};

use super::compiled::{self, Reason};
use super::names::{group_scope, is_valid, normalized};
use super::pep508::{self, shown};
use crate::draft::Draft;
use crate::requirement::Requirement;
use crate::syntax::digest;
use crate::syntax::lines::{Line, lines};
use crate::{Files, PackageFile, Parsed};

/// Files that are read for one requirements file.
const INCLUDES_MAX: usize = 100;

/// Lines for one package that an edge leads from; markers can ask for a few versions of it.
const SAME_NAME_MAX: usize = 16;

/// Options that name a file to read.
const INCLUDE: &[&str] = &["-r", "--requirement"];
const CONSTRAINT: &[&str] = &["-c", "--constraint"];
const EDITABLE: &[&str] = &["-e", "--editable"];

/// Whether a file of this path is read: `requirements*.txt`, `*requirements.txt`, `requirements/*.txt`, and
/// the same with `.in`.
pub(super) fn is_path(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some(stem) = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in")) else { return false };
    let stem = stem.to_ascii_lowercase();
    let is_named = stem.starts_with("requirements") || stem.ends_with("requirements");
    is_named || folder.rsplit('/').next() == Some("requirements")
}

/// Reads a requirements file.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "requirements-txt");
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let mut reader = Reader::new(files, group_scope(name));
    reader.read(file, &mut draft, Mode::Require);
    reader.finish(&mut draft);
    draft.finish()
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Require,
    Constrain,
}

/// One line with its continuations.
struct Logical<'a> {
    /// Number and text of the first line.
    first: Line<'a>,
    text: String,
    /// Comments on it and below it, for the notes of pip-compile.
    comments: Vec<&'a str>,
}

struct Reader<'f> {
    files: &'f dyn Files,
    scope: Scope,
    /// Files that were read or are being read, so that circles end.
    seen: BTreeSet<String>,
    /// Pins of constraint files by normalised name.
    pins: HashMap<String, String>,
    /// Why a component is there, by index.
    reasons: BTreeMap<u32, Vec<Reason>>,
}

impl<'f> Reader<'f> {
    fn new(files: &'f dyn Files, scope: Scope) -> Self {
        Self { files, scope, seen: BTreeSet::new(), pins: HashMap::new(), reasons: BTreeMap::new() }
    }

    /// Reads one file into the draft, which is that of the first file.
    fn read(&mut self, file: &PackageFile<'_>, draft: &mut Draft<'_>, mode: Mode) {
        self.seen.insert(file.path.to_owned());
        let mut own = Draft::new(file, "requirements-txt");
        for logical in logical_lines(&lines(&mut own)) {
            self.line(file, &logical, draft, &mut own, mode);
        }
        for diagnostic in own.fail().diagnostics {
            draft.report(diagnostic);
        }
    }

    fn line(
        &mut self,
        file: &PackageFile<'_>,
        logical: &Logical<'_>,
        draft: &mut Draft<'_>,
        own: &mut Draft<'_>,
        mode: Mode,
    ) {
        let text = logical.text.as_str();
        if let Some(name) = option(text, INCLUDE) {
            return self.include(file, name, logical, draft, own, mode);
        }
        if let Some(name) = option(text, CONSTRAINT) {
            return self.include(file, name, logical, draft, own, Mode::Constrain);
        }
        let (text, is_editable) = match option(text, EDITABLE) {
            Some(address) => (address, true),
            None => (text, false),
        };
        if text.starts_with('-') {
            if !text.starts_with("--") && !is_short_option(text) {
                own.problem(logical.first.number, format!("`{}` is no option of pip", shown(text)));
            }
            return;
        }
        let (specification, options) = split_options(text);
        match requirement(specification, is_editable, file) {
            Ok(Some(requirement)) => self.add(file, logical, requirement, options, draft, own, mode),
            Ok(None) => {}
            Err(message) => own.problem(logical.first.number, message),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what one line is made of, and where it goes")]
    fn add(
        &mut self,
        file: &PackageFile<'_>,
        logical: &Logical<'_>,
        requirement: Requirement,
        options: &str,
        draft: &mut Draft<'_>,
        own: &mut Draft<'_>,
        mode: Mode,
    ) {
        if mode == Mode::Constrain {
            if let Some(version) = requirement.version {
                self.pins.insert(normalized(&requirement.name), version);
            }
            return;
        }
        let range = logical.first.range();
        let mut component = requirement.into_component(Ecosystem::PyPI);
        component.scope = self.scope;
        component.span =
            Span { start: range.start as u32, end: range.end as u32, line: logical.first.number };
        component.found_in = (file.path != draft.file.path).then(|| file.path.to_owned());
        for hash in options.split_ascii_whitespace().filter_map(|option| option.strip_prefix("--hash=")) {
            match digest::prefixed(hash) {
                Some(hash) => component.hashes.push(hash),
                None => own.problem(
                    logical.first.number,
                    format!("`{}` is no digest; expected `sha256:` and 64 hexadecimal digits", shown(hash)),
                ),
            }
        }
        if let Some(index) = draft.push(component) {
            let reasons = compiled::reasons(&logical.comments);
            if !reasons.is_empty() {
                self.reasons.insert(index, reasons);
            }
        }
    }

    fn include(
        &mut self,
        file: &PackageFile<'_>,
        name: &str,
        logical: &Logical<'_>,
        draft: &mut Draft<'_>,
        own: &mut Draft<'_>,
        mode: Mode,
    ) {
        if name.contains("://") || name.contains("${") {
            own.problem(logical.first.number, format!("`{}` is not in the tree; not read", shown(name)));
            return;
        }
        let path = file.sibling(name.trim_matches(['"', '\'']));
        let Some((path, bytes)) = path.and_then(|path| Some((path.clone(), self.files.companion(&path)?)))
        else {
            own.problem(logical.first.number, format!("`{}` is not in the tree; not read", shown(name)));
            return;
        };
        let is_listed_by_itself = mode == Mode::Require && is_path(&path);
        if is_listed_by_itself || self.seen.contains(&path) {
            return;
        }
        if self.seen.len() >= INCLUDES_MAX {
            own.problem(logical.first.number, format!("more than {INCLUDES_MAX} files included; not read"));
            return;
        }
        self.read(&PackageFile::new(&path, bytes), draft, mode);
    }

    /// Applies constraints, and turns notes into edges.
    fn finish(self, draft: &mut Draft<'_>) {
        let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
        for (index, component) in draft.manifest.components.iter_mut().enumerate() {
            let name = normalized(&component.name);
            if component.version.is_none() && component.origin == Origin::Registry {
                component.version = self.pins.get(&name).cloned();
            }
            by_name.entry(name).or_default().push(index as u32);
        }
        let components = &mut draft.manifest.components;
        draft.manifest.is_locked = !components.is_empty() && components.iter().all(is_pinned);
        if self.reasons.is_empty() {
            return;
        }
        for component in components.iter_mut() {
            component.relation = Relation::Unknown;
        }
        let mut direct = Vec::new();
        let mut inputs = BTreeSet::new();
        for (index, reasons) in self.reasons {
            for reason in reasons {
                let parents = match reason {
                    Reason::Package(name) => by_name.get(&name),
                    Reason::Project(input) => {
                        direct.push((index, self.scope));
                        inputs.extend(input);
                        None
                    }
                };
                for parent in parents.into_iter().flatten().take(SAME_NAME_MAX) {
                    components[*parent as usize].dependencies.push(index);
                }
            }
        }
        draft.manifest.has_graph = true;
        draft.manifest.spread(&direct);
        for input in inputs.iter().take(INCLUDES_MAX) {
            note_input(input, self.files, &by_name, draft);
        }
    }
}

/// Reads an input of pip-compile: what it asks for is declared there, and it needs no inventory of its own.
fn note_input(input: &str, files: &dyn Files, by_name: &HashMap<String, Vec<u32>>, draft: &mut Draft<'_>) {
    // The name is seen from where pip-compile ran: beside the output, or at the root.
    let beside = draft.file.sibling(input).filter(|path| files.get(path).is_some());
    let path = beside.unwrap_or_else(|| input.to_owned());
    if path == draft.file.path {
        return;
    }
    let Some(bytes) = files.companion(&path) else { return };
    let file = PackageFile::new(&path, bytes);
    let mut own = Draft::new(&file, "requirements-txt");
    Reader::new(files, Scope::Runtime).read(&file, &mut own, Mode::Require);
    let parsed = own.finish();
    for diagnostic in parsed.diagnostics {
        draft.report(diagnostic);
    }
    for asked in parsed.manifest.into_iter().flat_map(|manifest| manifest.components) {
        let indices = by_name.get(&normalized(&asked.name)).into_iter().flatten().take(SAME_NAME_MAX);
        for index in indices {
            let component = &mut draft.manifest.components[*index as usize];
            if component.declared.is_none() {
                component.requirement.clone_from(&asked.requirement);
                let path = asked.found_in.clone().unwrap_or_else(|| path.clone());
                component.declared = Some(Declared { path, span: asked.span });
            }
        }
    }
    draft.manifest.absorbed.push(path);
}

fn is_pinned(component: &Component) -> bool {
    match &component.origin {
        Origin::Git { commit, .. } => commit.is_some(),
        Origin::Url(_) | Origin::Path(_) => true,
        _ => component.version.is_some(),
    }
}

/// Joins continued lines and sets comments apart (pip: first lines are joined, then comments are cut).
fn logical_lines<'a>(lines: &[Line<'a>]) -> Vec<Logical<'a>> {
    let mut found: Vec<Logical<'a>> = Vec::new();
    let mut is_continued = false;
    for line in lines {
        let (code, comment) = split_comment(line.text);
        let (code, continues) = match code.trim_end().strip_suffix('\\') {
            Some(code) => (code, true),
            None => (code, false),
        };
        let starts_anew = !is_continued && !code.trim().is_empty();
        if starts_anew {
            found.push(Logical { first: *line, text: code.trim().to_owned(), comments: Vec::new() });
        } else if is_continued && let Some(last) = found.last_mut() {
            last.text.push(' ');
            last.text.push_str(code.trim());
        }
        if let (Some(comment), Some(last)) = (comment, found.last_mut()) {
            // A comment at the start of a line is about what follows, not about the line above.
            if starts_anew || is_continued || line.indent() > 0 {
                last.comments.push(comment.trim());
            }
        }
        is_continued = continues;
    }
    found.retain(|logical| !logical.text.is_empty());
    found
}

/// A comment begins with `#` at the start of the line or behind a blank.
fn split_comment(text: &str) -> (&str, Option<&str>) {
    let start = text.char_indices().find(|(at, c)| {
        *c == '#' && (*at == 0 || text[..*at].ends_with(|before: char| before.is_whitespace()))
    });
    start.map_or((text, None), |(at, _)| (&text[..at], Some(&text[at + 1..])))
}

/// The value of one of these options: `-r file`, `-rfile`, `--requirement=file`.
fn option<'t>(text: &'t str, names: &[&str]) -> Option<&'t str> {
    names.iter().find_map(|name| {
        let rest = text.strip_prefix(name)?;
        let is_long = name.starts_with("--");
        match rest.strip_prefix(['=', ' ', '\t']) {
            Some(value) => Some(value.trim()),
            None if is_long => None,
            None => Some(rest.trim()).filter(|value| !value.is_empty()),
        }
    })
}

/// Options of one letter that pip knows in a requirements file.
fn is_short_option(text: &str) -> bool {
    ["-i", "-f", "-C"].iter().any(|name| text.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))
}

/// Splits a requirement from the options behind it.
fn split_options(text: &str) -> (&str, &str) {
    let start = [" --", "\t--", " -C "].iter().filter_map(|mark| text.find(mark)).min();
    start.map_or((text, ""), |at| (text[..at].trim(), &text[at..]))
}

/// The requirement of one line; none for the project itself (`-e .`).
fn requirement(text: &str, is_editable: bool, file: &PackageFile<'_>) -> Result<Option<Requirement>, String> {
    let named =
        text.split_once('@').filter(|(name, _)| is_valid(name.split('[').next().unwrap_or(name).trim()));
    if named.is_some() && !is_editable {
        return pep508::parse(text).map(|found| Some(found.requirement(Scope::Runtime, Span::default())));
    }
    let is_address = text.contains("://");
    let bare = text.split(['[', ';']).next().unwrap_or(text).trim();
    let is_path = is_editable || bare.starts_with(['.', '/']) || is_archive(bare);
    if !is_address && !is_path {
        return pep508::parse(text).map(|found| Some(found.requirement(Scope::Runtime, Span::default())));
    }
    let address = text.split(" ;").next().unwrap_or(text).trim();
    let origin = match pep508::origin(address) {
        Origin::Path(_) => Origin::Path(file.sibling(bare).unwrap_or_else(|| bare.to_owned())),
        other => other,
    };
    let Some((name, version)) = name_of_address(address) else {
        let is_itself = matches!(&origin, Origin::Path(_)) && !is_archive(bare);
        return if is_itself { Ok(None) } else { Err(format!("`{}` names no package", shown(text))) };
    };
    Ok(Some(Requirement { name, version, origin, ..Requirement::default() }))
}

fn is_archive(text: &str) -> bool {
    [".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz"].iter().any(|suffix| text.ends_with(suffix))
}

/// Name and version of what lies at an address: `#egg=name`, or the name of a wheel or source archive.
fn name_of_address(address: &str) -> Option<(String, Option<String>)> {
    let (path, fragment) = address.split_once('#').map_or((address, ""), |(path, fragment)| (path, fragment));
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg="));
    if let Some(egg) = egg {
        let name = egg.split(['[', '=']).next().unwrap_or(egg);
        return is_valid(name).then(|| (name.to_owned(), None));
    }
    let file = path.split(['?', ';']).next().unwrap_or(path).trim_end_matches('/').rsplit('/').next()?;
    if let Some(wheel) = file.strip_suffix(".whl") {
        let mut parts = wheel.split('-');
        let (name, version) = (parts.next()?, parts.next()?);
        return is_valid(name).then(|| (name.to_owned(), Some(version.to_owned())));
    }
    if path.starts_with("git+") {
        let name = file.split('@').next().unwrap_or(file).trim_end_matches(".git");
        return is_valid(name).then(|| (name.to_owned(), None));
    }
    let stem = [".tar.gz", ".tar.bz2", ".tgz", ".zip"].iter().find_map(|suffix| file.strip_suffix(suffix))?;
    let (name, version) = stem.rsplit_once('-')?;
    let is_version = version.starts_with(|c: char| c.is_ascii_digit());
    (is_valid(name) && is_version).then(|| (name.to_owned(), Some(version.to_owned())))
}
