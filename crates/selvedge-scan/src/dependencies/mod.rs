//! The dependencies engine as the pass sees it: package files in, findings out.
//!
//! It combines what does not know each other: the inventory ([`selvedge_deps`]), bills of materials
//! ([`selvedge_sbom`]), advisories ([`selvedge_advisories`]), reachability ([`selvedge_reach`]) and licences
//! ([`selvedge_license`]). Nothing is fetched. Start reading at [`conclude`].

mod advisory;
mod database;
mod examples;
mod files;
mod fix;
mod license;
mod license_text;
mod locks;
mod reach;
mod severity;
mod subject;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use selvedge_advisories::Index;
use selvedge_deps::{DependencyRule, IntegrityOptions};
use selvedge_model::{
    DependencyInfo, Diagnostic, DiagnosticKind, Engine, FingerprintKey, LineIndex, Location, Rule,
};
use selvedge_package::{Component, Manifest, Origin, Relation};
use selvedge_reach::{ImportNames, Reach, Uses};

use crate::engine::FileView;
use crate::project::{Conclusion, ProjectEngine, ProjectView};

pub use database::Databases;
pub use examples::{ExampleProblem, test_dependency_rules};
pub use files::{Inventory, read_inventory};
pub use license::LicensePolicy;
pub use license_text::{add_found_licenses, detect_licenses};
pub use severity::{AdvisorySeverity, advisory_severity};

/// What the engine is to look at and with what.
#[derive(Default)]
pub struct DependencyOptions {
    /// The advisories; an empty set says that nothing was held against any.
    pub databases: Databases,
    /// Whether to look which packages the code uses.
    pub reachability: bool,
    /// Whether to report what only developers need.
    pub development: bool,
    /// How packages must be locked; `None` does not look at it.
    pub integrity: Option<IntegrityOptions>,
    /// Which licences packages may have; `None` does not look at them.
    pub licenses: Option<LicensePolicy>,
    /// The day of the run in seconds since 1970: the age of the database is told.
    pub now: i64,
}

/// The dependencies engine.
pub struct DependenciesEngine {
    options: DependencyOptions,
    key: FingerprintKey,
}

impl DependenciesEngine {
    /// An engine with these options, whose fingerprints are made with `key`.
    pub fn new(options: DependencyOptions, key: FingerprintKey) -> Self {
        Self { options, key }
    }
}

impl ProjectEngine for DependenciesEngine {
    fn engine(&self) -> Engine {
        Engine::Dependencies
    }

    fn facts_digest(&self) -> [u8; 32] {
        *blake3::hash(if self.options.reachability { b"uses v1" } else { b"no uses" }).as_bytes()
    }

    fn keeps(&self, path: &str) -> bool {
        files::is_package_file(path) || self.options.licenses.is_some() && license_text::is_wanted(path)
    }

    fn watches(&self, path: &str) -> bool {
        self.options.reachability && selvedge_reach::wants(path)
    }

    fn facts(&self, file: &FileView<'_>) -> Option<Vec<u8>> {
        let uses = selvedge_reach::extract(file.path(), file.bytes());
        let silent = uses.is_empty() && uses.language.is_none();
        (!silent).then(|| postcard::to_stdvec(&uses).ok()).flatten()
    }

    fn conclude(&self, project: &ProjectView<'_>) -> Conclusion {
        let mut inventory = read_inventory(project.files);
        if self.options.licenses.is_some() {
            add_found_licenses(&mut inventory.manifests, project.files);
        }
        conclude(&inventory, project, &self.options, &self.key)
    }
}

/// Keeps the package files and licence texts of a tree and concludes nothing.
pub(crate) struct PackageFiles;

impl ProjectEngine for PackageFiles {
    fn engine(&self) -> Engine {
        Engine::Dependencies
    }

    fn facts_digest(&self) -> [u8; 32] {
        [0; 32]
    }

    fn keeps(&self, path: &str) -> bool {
        files::is_package_file(path) || license_text::is_wanted(path)
    }

    fn watches(&self, _path: &str) -> bool {
        false
    }

    fn facts(&self, _file: &FileView<'_>) -> Option<Vec<u8>> {
        None
    }

    fn conclude(&self, _project: &ProjectView<'_>) -> Conclusion {
        Conclusion::default()
    }
}

/// Everything that is needed to speak about one manifest.
pub(crate) struct Case<'a> {
    pub(crate) manifest: &'a Manifest,
    /// The package files of the project.
    files: &'a BTreeMap<String, Vec<u8>>,
    /// Line starts of those that a finding is in.
    lines: &'a RefCell<BTreeMap<String, Rc<LineIndex>>>,
    pub(crate) options: &'a DependencyOptions,
    pub(crate) key: &'a FingerprintKey,
    pub(crate) rules: &'a BTreeMap<&'static str, &'static Rule>,
    uses: Option<&'a Uses>,
    known: &'a ImportNames,
    /// Looked at only if a finding asks for it.
    reach: OnceCell<Reach<'a>>,
}

/// The file that a component is written in.
pub(crate) struct Written<'a> {
    pub(crate) path: &'a str,
    /// Empty for databases of an image.
    pub(crate) bytes: &'a [u8],
    pub(crate) lines: Rc<LineIndex>,
}

impl Written<'_> {
    /// The place of the component; the file as a whole where there is nothing to point at.
    pub(crate) fn location(&self, component: &Component) -> Location {
        if self.bytes.is_empty() {
            return Location::file(self.path);
        }
        component.span.location(self.path, &self.lines, self.bytes)
    }
}

impl<'a> Case<'a> {
    /// The file that the component is written in: the manifest's own, or one that it includes.
    pub(crate) fn written(&self, component: &'a Component) -> Written<'a> {
        let included = component.found_in.as_ref().and_then(|path| self.files.get_key_value(path));
        let (path, bytes) = match included.or_else(|| self.files.get_key_value(&self.manifest.path)) {
            Some((path, bytes)) => (path.as_str(), bytes.as_slice()),
            None => (self.manifest.path.as_str(), &[][..]),
        };
        let mut known = self.lines.borrow_mut();
        let lines = known.entry(path.to_owned()).or_insert_with(|| Rc::new(LineIndex::new(bytes)));
        Written { path, bytes, lines: Rc::clone(lines) }
    }

    /// Whether the code reaches the packages of this manifest; `None` if nobody looked.
    pub(crate) fn reach(&self) -> Option<&Reach<'a>> {
        let uses = self.uses?;
        Some(self.reach.get_or_init(|| Reach::new(uses, self.manifest, self.known)))
    }
}

/// Findings about the packages of an inventory.
pub fn conclude(
    inventory: &Inventory,
    project: &ProjectView<'_>,
    options: &DependencyOptions,
    key: &FingerprintKey,
) -> Conclusion {
    let mut conclusion = Conclusion { diagnostics: inventory.diagnostics.clone(), ..Conclusion::default() };
    if inventory.manifests.is_empty() {
        return conclusion;
    }
    let rules: BTreeMap<&str, &Rule> =
        builtin_rules().iter().map(|rule| (rule.meta.id.as_str(), &rule.meta)).collect();
    let lines = RefCell::default();
    let known = ImportNames::default();
    let uses = (options.reachability && project.whole).then(|| reach::uses(project.facts));
    for manifest in &inventory.manifests {
        let case = Case {
            manifest,
            files: project.files,
            lines: &lines,
            options,
            key,
            rules: &rules,
            uses: uses.as_ref(),
            known: &known,
            reach: OnceCell::new(),
        };
        advisory::findings(&case, &mut conclusion);
        locks::findings(&case, &mut conclusion);
        license::findings(&case, &mut conclusion);
    }
    let met: BTreeSet<_> = conclusion.findings.iter().map(|finding| finding.rule.clone()).collect();
    conclusion.rules.extend(rules.into_values().filter(|rule| met.contains(&rule.id)).cloned());
    conclusion.dependencies = Some(info(inventory, options, &mut conclusion.diagnostics));
    conclusion
}

/// The built-in rules of the engine.
pub fn builtin_rules() -> &'static [DependencyRule] {
    selvedge_deps::rules()
}

/// Whether advisories can be about the component: it is a package of somebody else.
pub(crate) fn is_foreign(component: &Component) -> bool {
    component.relation != Relation::Root && !matches!(component.origin, Origin::Path(_))
}

fn info(
    inventory: &Inventory,
    options: &DependencyOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> DependencyInfo {
    let mut info =
        DependencyInfo { manifests: inventory.manifests.len() as u64, ..DependencyInfo::default() };
    for component in inventory.manifests.iter().flat_map(|manifest| &manifest.components) {
        if !is_foreign(component) {
            continue;
        }
        info.packages += 1;
        if component.version.is_none() {
            info.unpinned += 1;
        }
        if options.databases.is_empty() || component.owned_by.is_some() {
            continue;
        }
        if !options.databases.covers(component) {
            *info.without_data.entry(subject::ecosystem(component)).or_default() += 1;
        }
    }
    match options.databases.described(options.now) {
        Ok(database) => info.database = database,
        Err(error) => diagnostics.push(Diagnostic::new(DiagnosticKind::BadAdvisory, error.to_string())),
    }
    info
}

/// An index that several threads share.
pub(crate) type SharedIndex = Arc<Index>;
