//! Packages of Alpine, Wolfi, Chainguard and kin: the installed database of apk.
//!
//! Lines of one letter, a colon and a value; an empty line ends a package. Advisories name the origin (the
//! package that was built), so `name` is the origin and `binary_name` the package where it differs.

use std::collections::HashMap;

use selvedge_model::Diagnostic;
use selvedge_package::{Component, Ecosystem, Manifest, Origin, Span};

use crate::inventory::Inventory;
use crate::layers;
use crate::limit::Limit;
use crate::problems::Problems;
use crate::root::{Root, has, read_or_report, text};
use crate::supplier;

/// Places of the database; newer distributions merge `lib` into `usr/lib`.
const DATABASES: &[&str] = &["lib/apk/db/installed", "usr/lib/apk/db/installed"];

/// Size of the database, which lists every file.
const APK_DATABASE_BYTES_MAX: Limit = Limit::new("APK_DATABASE_BYTES_MAX", 256 << 20);

/// Packages of one database; whole distributions have under 50,000.
const APK_PACKAGES_MAX: Limit = Limit::new("APK_PACKAGES_MAX", 200_000);

/// Whether the file at `path` is read here.
pub(crate) fn wants(path: &str) -> bool {
    DATABASES.contains(&path)
}

/// Reads the database.
pub(crate) fn read(root: &dyn Root, out: &mut Inventory) {
    for path in DATABASES.iter().filter(|path| has(root, path)) {
        let Some(bytes) = read_or_report(root, path, APK_DATABASE_BYTES_MAX, &mut out.diagnostics) else {
            continue;
        };
        let distribution = out.distribution.as_ref().filter(|it| it.ecosystem.purl_type() == "apk");
        let ecosystem = distribution.map_or(Ecosystem::Alpine, |it| it.ecosystem);
        let release = distribution.and_then(|it| it.release.clone());
        let mut packages = Packages::default();
        packages.parse(path, &text(&bytes), &mut out.diagnostics);
        let mut components = packages.linked();
        for component in &mut components {
            component.ecosystem = ecosystem;
            component.release.clone_from(&release);
        }
        if components.is_empty() {
            continue;
        }
        let mut manifest = Manifest {
            path: (*path).to_owned(),
            format: "apk",
            components,
            has_graph: true,
            is_locked: true,
            absorbed: Vec::new(),
        };
        layers::attribute(root, path, &mut manifest, &|bytes| components_of(path, bytes));
        out.manifests.push(manifest);
    }
}

/// The packages of one state of the database, without edges.
pub(crate) fn components_of(path: &str, bytes: &[u8]) -> Vec<Component> {
    let mut packages = Packages::default();
    packages.parse(path, &text(bytes), &mut Vec::new());
    packages.components
}

#[derive(Default)]
struct Packages {
    components: Vec<Component>,
    /// What each package asks for, as written.
    wanted: Vec<String>,
    /// Names, commands, libraries and paths, and who provides each.
    provided: HashMap<String, u32>,
}

impl Packages {
    fn parse(&mut self, path: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) {
        let mut problems = Problems::new(path, diagnostics);
        let mut open: Option<Fields<'_>> = None;
        let mut at = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let (start, number) = (at, index as u32 + 1);
            at += line.len();
            let line = line.trim_end();
            if line.is_empty() {
                self.close(open.take(), start, &mut problems);
                if APK_PACKAGES_MAX.is_exceeded_by(self.components.len() as u64 + 1) {
                    problems.limit(format!("{APK_PACKAGES_MAX} packages is reached: the rest was not read"));
                    return;
                }
            } else if let Some((key, value)) = line.split_once(':').filter(|(key, _)| key.len() == 1) {
                let fields = open.get_or_insert_with(|| Fields { line: number, start, ..Fields::default() });
                fields.set(key.as_bytes()[0], value);
            } else {
                problems.malformed(number, "expected a letter, a colon and a value");
            }
        }
        self.close(open, at, &mut problems);
    }

    fn close(&mut self, fields: Option<Fields<'_>>, end: usize, problems: &mut Problems<'_>) {
        let Some(fields) = fields else { return };
        if fields.name.is_empty() || fields.version.is_empty() {
            problems.malformed(fields.line, "expected a package with `P:` (name) and `V:` (version)");
            return;
        }
        let index = self.components.len() as u32;
        self.provided.insert(fields.name.to_owned(), index);
        for token in fields.provides.split_ascii_whitespace() {
            self.provided.entry(without_version(token).to_owned()).or_insert(index);
        }
        for path in &fields.programs {
            self.provided.entry(path.clone()).or_insert(index);
        }
        self.wanted.push(fields.depends.to_owned());
        self.components.push(fields.component(end));
    }

    /// The components with their edges. What is wanted only if absent (`!name`) is none.
    fn linked(mut self) -> Vec<Component> {
        for (index, wanted) in self.wanted.iter().enumerate() {
            let tokens = wanted.split_ascii_whitespace().filter(|token| !token.starts_with('!'));
            let found = tokens.filter_map(|token| self.provided.get(without_version(token)).copied());
            let mut edges: Vec<u32> = found.filter(|target| *target as usize != index).collect();
            edges.sort_unstable();
            edges.dedup();
            self.components[index].dependencies = edges;
        }
        self.components
    }
}

/// `so:libc.musl-x86_64.so.1=1` without what follows the name.
fn without_version(token: &str) -> &str {
    token.split(['=', '<', '>', '~', '@']).next().unwrap_or(token)
}

/// The fields of one package.
#[derive(Default)]
struct Fields<'a> {
    line: u32,
    start: usize,
    name: &'a str,
    version: &'a str,
    architecture: &'a str,
    license: &'a str,
    maintainer: &'a str,
    origin: &'a str,
    depends: &'a str,
    provides: &'a str,
    folder: &'a str,
    /// Absolute paths of programs, which packages ask for by path (`/bin/sh`).
    programs: Vec<String>,
}

impl<'a> Fields<'a> {
    fn set(&mut self, key: u8, value: &'a str) {
        match key {
            b'P' => self.name = value,
            b'V' => self.version = value,
            b'A' => self.architecture = value,
            b'L' => self.license = value,
            b'm' => self.maintainer = value,
            b'o' => self.origin = value,
            b'D' => self.depends = value,
            b'p' => self.provides = value,
            b'F' => self.folder = value,
            b'R' if matches!(self.folder, "bin" | "sbin" | "usr/bin" | "usr/sbin") => {
                self.programs.push(format!("/{}/{value}", self.folder));
            }
            _ => {}
        }
    }

    fn component(&self, end: usize) -> Component {
        let name = if self.origin.is_empty() { self.name } else { self.origin };
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        Component {
            ecosystem: Ecosystem::Alpine,
            name: name.to_owned(),
            binary_name: (name != self.name).then(|| self.name.to_owned()),
            version: text(self.version),
            architecture: text(self.architecture),
            origin: Origin::Installed,
            licenses: text(self.license).into_iter().collect(),
            supplier: supplier::name(self.maintainer),
            span: Span { start: self.start as u32, end: end as u32, line: self.line },
            ..Component::default()
        }
    }
}

/// Calls `found` with each package and each file that it holds.
pub(crate) fn each_file(root: &dyn Root, found: &mut dyn FnMut(&str, &str)) {
    for path in DATABASES.iter().filter(|path| has(root, path)) {
        let Ok(bytes) = crate::root::read(root, path, APK_DATABASE_BYTES_MAX) else { continue };
        let text = text(&bytes);
        let (mut package, mut folder) = ("", "");
        for line in text.lines() {
            match line.split_at_checked(2) {
                Some(("P:", name)) => (package, folder) = (name, ""),
                Some(("F:", name)) => folder = name,
                Some(("R:", name)) if folder.is_empty() => found(package, name),
                Some(("R:", name)) => found(package, &format!("{folder}/{name}")),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
