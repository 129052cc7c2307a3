//! `Gemfile.lock` and `gems.locked`: what Bundler resolved.
//!
//! Sections begin at the margin, their keys are indented by two, gems by four, what a gem needs by six.

use std::collections::BTreeMap;

use selvedge_package::{Component, Declared, Ecosystem, Hash, Origin, Scope, Span};

use super::{Named, gemfile, gemspec};
use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::digest;
use crate::syntax::lines::{Line, lines};
use crate::{Files, Format, PackageFile, Parsed};

/// `Gemfile.lock`.
pub(super) const FORMAT: Format = Format { id: "gemfile-lock", matches: is_lockfile, parse };

/// Address of the public registry as lockfiles write it.
const REGISTRY: &str = "https://rubygems.org";

fn is_lockfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "Gemfile.lock" | "gems.locked") || name.ends_with(".gemfile.lock")
}

/// Name of the Gemfile that belongs to a lockfile.
fn gemfile_of(path: &str) -> String {
    match path.strip_suffix("gems.locked") {
        Some(folder) => format!("{folder}gems.rb"),
        None => path.strip_suffix(".lock").unwrap_or(path).to_owned(),
    }
}

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let mut lock = Lock::default();
    for line in lines(&mut draft).iter().filter(|line| !line.trimmed().is_empty()) {
        lock.take(&mut draft, line);
    }
    if !lock.has_section {
        draft.problem_with_file("no section of a Bundler lockfile found");
        return draft.fail();
    }
    lock.connect(&mut draft);
    let declared = declared(&mut draft, files);
    let direct = lock.direct(&mut draft, &declared);
    draft.manifest.spread(&direct);
    draft.finish()
}

/// Section of the file that is being read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Section {
    Gem,
    Git,
    Path,
    Plugin,
    Dependencies,
    Checksums,
    /// `PLATFORMS`, `RUBY VERSION`, `BUNDLED WITH`.
    #[default]
    Other,
}

/// What was read so far.
#[derive(Debug, Default)]
struct Lock {
    has_section: bool,
    section: Section,
    /// `remote:` of this section.
    remotes: Vec<String>,
    /// `revision:` of this section.
    revision: Option<String>,
    /// The gem that the indented names after it belong to.
    gem: Option<u32>,
    /// Gems by name and version; one with several platforms is one component.
    by_version: BTreeMap<(String, String), u32>,
    names: Names,
    /// Names in `DEPENDENCIES` with their requirements.
    dependencies: Vec<(String, Option<String>)>,
    /// Digests by name and version.
    checksums: BTreeMap<(String, String), Vec<Hash>>,
}

impl Lock {
    fn take(&mut self, draft: &mut Draft<'_>, line: &Line<'_>) {
        match (line.indent(), self.section) {
            (0, _) => self.begin(draft, line),
            (2, Section::Dependencies) => self.dependency(line.trimmed()),
            (2, Section::Checksums) => self.checksum(line.trimmed()),
            (2, Section::Gem | Section::Git | Section::Path | Section::Plugin) => self.key(draft, line),
            (4, Section::Gem | Section::Git | Section::Path | Section::Plugin) => {
                self.specification(draft, line);
            }
            (6, Section::Gem | Section::Git | Section::Path | Section::Plugin) => {
                let (name, _) = name_and_brackets(line.trimmed());
                if let Some(gem) = self.gem {
                    self.names.need(gem, name);
                }
            }
            (_, Section::Other) => {}
            (indent, _) => draft.problem(line.number, format!("unexpected indentation by {indent}")),
        }
    }

    fn begin(&mut self, draft: &mut Draft<'_>, line: &Line<'_>) {
        self.section = match line.trimmed() {
            "GEM" => Section::Gem,
            "GIT" => Section::Git,
            "PATH" => Section::Path,
            "PLUGIN SOURCE" => Section::Plugin,
            "DEPENDENCIES" => Section::Dependencies,
            "CHECKSUMS" => Section::Checksums,
            "PLATFORMS" | "RUBY VERSION" | "BUNDLED WITH" => Section::Other,
            other => {
                draft.problem(line.number, format!("unknown section `{other}`"));
                self.section = Section::Other;
                return;
            }
        };
        self.has_section = true;
        self.remotes.clear();
        self.revision = None;
        self.gem = None;
    }

    fn key(&mut self, draft: &mut Draft<'_>, line: &Line<'_>) {
        let Some((key, value)) = line.trimmed().split_once(':') else {
            draft.problem(line.number, "expected `key: value`");
            return;
        };
        match key {
            "remote" => self.remotes.push(value.trim().to_owned()),
            "revision" => self.revision = Some(value.trim().to_owned()),
            _ => {}
        }
    }

    /// Where the gems of this section come from. Of several addresses the public registry counts.
    fn origin(&self) -> Origin {
        let first = self.remotes.first().cloned().unwrap_or_default();
        match self.section {
            Section::Git => Origin::Git { url: first, commit: self.revision.clone() },
            Section::Path => Origin::Path(first),
            _ if self.remotes.iter().any(|remote| remote.trim_end_matches('/') == REGISTRY) => {
                Origin::Registry
            }
            _ if first.is_empty() => Origin::Registry,
            _ => Origin::OtherRegistry(first),
        }
    }

    fn specification(&mut self, draft: &mut Draft<'_>, line: &Line<'_>) {
        let (name, version) = name_and_brackets(line.trimmed());
        let Some((version, _platform)) = version.map(version_and_platform) else {
            draft.problem(line.number, format!("gem `{name}` has no version"));
            self.gem = self.add(draft, name, None, line);
            return;
        };
        let key = (name.to_owned(), version.to_owned());
        self.gem = match self.by_version.get(&key) {
            Some(gem) => Some(*gem),
            None => self.add(draft, name, Some(version), line),
        };
        self.by_version.extend(self.gem.map(|gem| (key, gem)));
    }

    fn add(
        &mut self,
        draft: &mut Draft<'_>,
        name: &str,
        version: Option<&str>,
        line: &Line<'_>,
    ) -> Option<u32> {
        let gem = draft.push(Component {
            ecosystem: Ecosystem::RubyGems,
            name: name.to_owned(),
            version: version.map(str::to_owned),
            origin: self.origin(),
            span: draft.span(line.range()),
            ..Component::default()
        });
        if let Some(gem) = gem {
            self.names.add(name, gem);
        }
        gem
    }

    /// `name (requirement)!`; the mark says that it comes from a source of its own, which the gem's own
    /// section says too.
    fn dependency(&mut self, text: &str) {
        let (name, requirement) = name_and_brackets(text.strip_suffix('!').unwrap_or(text));
        self.dependencies.push((name.to_owned(), requirement.map(str::to_owned)));
    }

    /// `name (version-platform) sha256=digest,…`.
    fn checksum(&mut self, text: &str) {
        let Some((gem, digests)) = text.split_once(") ") else { return };
        let (Some((name, version)), hashes) =
            (gem.split_once(" ("), digests.split(',').filter_map(digest::prefixed))
        else {
            return;
        };
        let key = (name.to_owned(), version_and_platform(version).0.to_owned());
        self.checksums.entry(key).or_default().extend(hashes);
    }

    /// Turns names into edges, and adds digests. A name without a gem is one that no platform of the lockfile
    /// needs, or Bundler itself.
    fn connect(&mut self, draft: &mut Draft<'_>) {
        self.names.connect(draft);
        for (key, gem) in &self.by_version {
            draft.manifest.components[*gem as usize].hashes =
                self.checksums.get(key).cloned().unwrap_or_default();
        }
    }

    /// The gems that the project names, with the scope that its Gemfile gives them.
    fn direct(&self, draft: &mut Draft<'_>, declared: &BTreeMap<String, Declaration>) -> Vec<(u32, Scope)> {
        let mut direct = Vec::new();
        for (name, requirement) in &self.dependencies {
            let declaration = declared.get(name);
            let scope = declaration.map_or(Scope::Runtime, |it| it.scope);
            for gem in self.names.of(name) {
                let component = &mut draft.manifest.components[*gem as usize];
                component.requirement.clone_from(requirement);
                component.declared = declaration.map(|it| it.place.clone());
                direct.push((*gem, scope));
            }
        }
        direct
    }
}

/// Splits `name (text)`.
fn name_and_brackets(text: &str) -> (&str, Option<&str>) {
    match text.split_once(" (") {
        Some((name, rest)) => (name, Some(rest.strip_suffix(')').unwrap_or(rest))),
        None => (text, None),
    }
}

/// Splits `1.13.3-x86_64-linux`: a version of a gem has no `-`.
fn version_and_platform(text: &str) -> (&str, Option<&str>) {
    text.split_once('-').map_or((text, None), |(version, platform)| (version, Some(platform)))
}

/// How the Gemfile names a gem.
#[derive(Debug)]
struct Declaration {
    scope: Scope,
    place: Declared,
}

/// What the Gemfile beside the lockfile names, and the specification that it takes in.
fn declared(draft: &mut Draft<'_>, files: &dyn Files) -> BTreeMap<String, Declaration> {
    let mut declared = BTreeMap::new();
    let path = gemfile_of(draft.file.path);
    let Some(bytes) = files.get(&path) else { return declared };
    let file = PackageFile::new(&path, bytes);
    let mut beside = Draft::new(&file, FORMAT.id);
    let gemfile = gemfile::read(&mut beside);
    declare(&mut declared, gemfile.gems, &beside);
    draft.manifest.absorbed.push(path.clone());
    if gemfile.uses_specification {
        for path in gemspec::beside(&file, files) {
            let file = PackageFile::new(&path, files.get(&path).unwrap_or_default());
            let mut beside = Draft::new(&file, FORMAT.id);
            let specification = gemspec::read(&mut beside);
            // What the gem needs when it runs is reached through its own entry, and is direct all the same.
            declare(&mut declared, specification.gems, &beside);
            draft.manifest.absorbed.push(path);
        }
    }
    declared
}

fn declare(declared: &mut BTreeMap<String, Declaration>, gems: Vec<Named>, beside: &Draft<'_>) {
    for gem in gems {
        let span: Span = beside.span(gem.range.clone());
        let place = Declared { path: beside.file.path.to_owned(), span };
        let declaration = Declaration { scope: gem.scope, place };
        let known = declared.entry(gem.name).or_insert(declaration);
        known.scope = known.scope.min(gem.scope);
    }
}
