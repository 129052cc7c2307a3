//! Project files with `PackageReference`, and `Directory.Packages.props` with the versions for all of them.

use std::collections::BTreeMap;

use selvedge_package::{Component, Declared, Ecosystem, Origin, Relation, Scope};

use super::lowest;
use super::msbuild::{self, Item, Project, expand};
use crate::draft::Draft;
use crate::pattern;
use crate::requirement::Requirement;
use crate::{Files, Format, PackageFile, Parsed};

/// `*.csproj`, `*.fsproj`, `*.vbproj`.
pub(super) const FORMAT: Format = Format { id: "msbuild-project", matches: is_project, parse };

/// Files for all projects below their folder, where no project takes them in.
pub(super) const CENTRAL: Format = Format {
    id: "nuget-central-packages",
    matches: |path| SHARED.contains(&path.rsplit('/').next().unwrap_or(path)),
    parse: parse_central,
};

/// `Directory.Packages.props` has versions, the others properties and references that each project has.
const SHARED: &[&str] = &["Directory.Packages.props", "Directory.Build.props", "Directory.Build.targets"];

/// The package that makes a project one of tests.
const TEST_SDK: &str = "microsoft.net.test.sdk";

fn is_project(path: &str) -> bool {
    [".csproj", ".fsproj", ".vbproj"].iter().any(|end| path.ends_with(end))
}

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    let Some(project) = msbuild::read(&mut draft) else { return draft.fail() };
    let evaluated = Evaluated::new(project, files);
    add_project(&mut draft, &evaluated);
    for (requirement, place) in evaluated.references() {
        if requirement.version.is_none() && requirement.requirement.is_none() {
            let message = format!("the version of `{}` stands in no file at hand", requirement.name);
            draft.problem(requirement.span.line, message);
        }
        let mut component = requirement.into_component(Ecosystem::NuGet);
        component.declared = place;
        draft.push(component);
    }
    draft.connect_root();
    draft.manifest.absorbed.extend(evaluated.shared());
    draft.finish()
}

fn add_project(draft: &mut Draft<'_>, evaluated: &Evaluated) {
    let file_name = draft.file.path.rsplit('/').next().unwrap_or(draft.file.path);
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let name = evaluated.property("PackageId").or_else(|| evaluated.property("AssemblyName"));
    draft.push(Component {
        ecosystem: Ecosystem::NuGet,
        name: name.unwrap_or_else(|| stem.to_owned()),
        version: evaluated.property("Version"),
        origin: Origin::Path(".".to_owned()),
        relation: Relation::Root,
        span: evaluated.project.span,
        ..Component::default()
    });
}

/// A project with the files that MSBuild and NuGet look for in its folder and above.
struct Evaluated {
    project: Project,
    /// `Directory.Build.props` and `Directory.Build.targets`, the nearest of each.
    imported: Vec<Project>,
    /// `Directory.Packages.props`, the nearest one.
    central: Option<Project>,
    properties: msbuild::Properties,
}

impl Evaluated {
    fn new(project: Project, files: &dyn Files) -> Self {
        let nearest = |name: &str| nearest(&project.path, name, files);
        let imported: Vec<_> =
            ["Directory.Build.props", "Directory.Build.targets"].into_iter().filter_map(nearest).collect();
        let central = nearest("Directory.Packages.props");
        let mut properties = msbuild::Properties::new();
        for part in imported.iter().chain(&central).chain([&project]) {
            properties.extend(part.properties.clone());
        }
        Self { project, imported, central, properties }
    }

    /// Paths of the files that it shares with other projects.
    fn shared(&self) -> Vec<String> {
        self.imported.iter().chain(&self.central).map(|part| part.path.clone()).collect()
    }

    fn property(&self, name: &str) -> Option<String> {
        let value = self.properties.get(&name.to_lowercase())?;
        expand(value, &self.properties).filter(|value| !value.is_empty())
    }

    /// Whether it is a project of tests.
    fn is_test(&self) -> bool {
        let says_so = self.property("IsTestProject").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        says_so || self.project.items.iter().any(|item| item.name.eq_ignore_ascii_case(TEST_SDK))
    }

    /// Every reference, and where its version stands if that is in another file.
    fn references(&self) -> Vec<(Requirement, Option<Declared>)> {
        let central = Self::by_name(self.central.iter(), |item| item.kind == "PackageVersion");
        let updates = Self::by_name(self.parts(), |item| item.kind == "PackageReference" && item.is_update);
        let is_test = self.is_test();
        let mut references = Vec::new();
        for part in self.parts() {
            for item in part.items.iter().filter(|item| !item.is_update && item.kind != "PackageVersion") {
                let lower = item.name.to_lowercase();
                let from = [Some((part, item)), updates.get(&lower).copied(), central.get(&lower).copied()];
                let source = from.into_iter().flatten().find(|(_, item)| item.version.is_some());
                let updated = updates.get(&lower).map(|(_, item)| *item);
                let scope = if is_test { Scope::Development } else { scope_of(item, updated) };
                let is_own = part.path == self.project.path;
                let requirement = self.requirement(item, source.map(|(_, item)| item), scope, is_own);
                let place = source
                    .filter(|(part, _)| part.path != self.project.path)
                    .map(|(part, item)| Declared { path: part.path.clone(), span: item.span });
                references.push((requirement, place));
            }
        }
        references
    }

    /// The project first, then what it imports.
    fn parts(&self) -> impl Iterator<Item = &Project> {
        std::iter::once(&self.project).chain(&self.imported).chain(&self.central)
    }

    fn by_name<'a>(
        parts: impl Iterator<Item = &'a Project>,
        is_wanted: impl Fn(&Item) -> bool,
    ) -> BTreeMap<String, (&'a Project, &'a Item)> {
        let items = parts.flat_map(|part| part.items.iter().map(move |item| (part, item)));
        items
            .filter(|(_, item)| is_wanted(item))
            .map(|(part, item)| (item.name.to_lowercase(), (part, item)))
            .collect()
    }

    fn requirement(&self, item: &Item, source: Option<&Item>, scope: Scope, is_own: bool) -> Requirement {
        let written = source.and_then(|item| item.version.as_deref());
        let expanded = written.and_then(|text| expand(text, &self.properties));
        let version = expanded.as_deref().and_then(lowest).map(str::to_owned);
        let name = expand(&item.name, &self.properties).unwrap_or_else(|| item.name.clone());
        Requirement {
            name,
            version,
            requirement: expanded.or_else(|| written.map(str::to_owned)),
            scope,
            span: if is_own { item.span } else { self.project.span },
            ..Requirement::default()
        }
    }
}

/// What a project keeps to itself (`PrivateAssets="all"`) is a tool: an analyser, a generator, a builder.
fn scope_of(item: &Item, update: Option<&Item>) -> Scope {
    let private = item.private_assets.as_ref().or_else(|| update?.private_assets.as_ref());
    let is_private = private.is_some_and(|text| text.eq_ignore_ascii_case("all"));
    if is_private || item.kind == "GlobalPackageReference" { Scope::Development } else { Scope::Runtime }
}

/// The file of this name in the project's folder or the nearest one above.
fn nearest(path: &str, name: &str, files: &dyn Files) -> Option<Project> {
    let mut folder = pattern::folder(path);
    loop {
        let candidate = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if let Some(bytes) = files.get(&candidate) {
            return msbuild::read(&mut Draft::new(&PackageFile::new(&candidate, bytes), FORMAT.id));
        }
        if folder.is_empty() {
            return None;
        }
        folder = pattern::folder(folder);
    }
}

/// What the project files beside a lockfile say about references.
#[derive(Debug, Default)]
pub(super) struct References {
    /// Path of the project and the requirement, by lower-case name.
    pub(super) by_name: BTreeMap<String, (String, Requirement)>,
    /// Whether every project there is one of tests.
    pub(super) is_test: bool,
    /// Paths of the projects.
    pub(super) paths: Vec<String>,
}

/// Reads the project files in the folder of the draft's file.
pub(super) fn beside(draft: &Draft<'_>, files: &dyn Files) -> References {
    let folder = pattern::folder(draft.file.path);
    let is_beside = |path: &&str| is_project(path) && pattern::folder(path) == folder;
    let mut references = References { is_test: true, ..References::default() };
    for path in files.paths().into_iter().filter(is_beside) {
        let file = PackageFile::new(path, files.get(path).unwrap_or_default());
        let Some(project) = msbuild::read(&mut Draft::new(&file, FORMAT.id)) else { continue };
        let evaluated = Evaluated::new(project, files);
        references.is_test &= evaluated.is_test();
        references.paths.push(path.to_owned());
        references.paths.extend(evaluated.shared());
        for (requirement, _) in evaluated.references() {
            references
                .by_name
                .entry(requirement.name.to_lowercase())
                .or_insert((path.to_owned(), requirement));
        }
    }
    references.is_test &= !references.paths.is_empty();
    references
}

/// Versions that no project uses are still a list of what may be used.
fn parse_central(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, CENTRAL.id);
    let Some(project) = msbuild::read(&mut draft) else { return draft.fail() };
    let evaluated =
        Evaluated { properties: project.properties.clone(), project, imported: Vec::new(), central: None };
    if evaluated.project.items.is_empty() && file.path.rsplit('/').next() != Some(SHARED[0]) {
        return Parsed::default();
    }
    for item in &evaluated.project.items {
        let requirement = evaluated.requirement(item, Some(item), scope_of(item, None), true);
        if requirement.requirement.is_none() {
            draft.problem(item.span.line, format!("expected `Version` for `{}`", item.name));
        }
        draft.push(requirement.into_component(Ecosystem::NuGet));
    }
    draft.finish()
}
