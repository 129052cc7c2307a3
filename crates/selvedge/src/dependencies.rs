//! The dependencies engine of a run: where its advisories lie, and what the configuration asks of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use selvedge_advisories::{Index, IndexError};
use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_scan::{Databases, DependenciesEngine, DependencyOptions, LicensePolicy};

use crate::own_advisories;
use crate::settings::Project;

/// Name of the database in the data folder.
const DATABASE_NAME: &str = "advisories.db";

/// The engine, and what of its advisories could not be used.
pub(crate) struct Prepared {
    pub(crate) engine: DependenciesEngine,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The engine as the configuration of `project` wants it. What is made of its own advisories is kept in the folder
/// `cache`, if there is one.
pub(crate) fn prepare(project: &Project, cache: Option<&Path>) -> anyhow::Result<Prepared> {
    let settings = &project.settings().dependencies;
    let mut diagnostics = Vec::new();
    let databases = databases(project, cache, &mut diagnostics)?;
    let integrity = settings.integrity.then(|| selvedge_scan::IntegrityOptions {
        registries: settings.registries.clone(),
        private_names: settings.private_names.clone(),
    });
    let options = DependencyOptions {
        databases,
        reachability: settings.reachability,
        development: settings.development,
        integrity,
        licenses: licenses(project)?,
        now: now(),
    };
    Ok(Prepared { engine: DependenciesEngine::new(options, project.key.clone()), diagnostics })
}

/// Which licences packages may have, if the configuration says anything about it.
fn licenses(project: &Project) -> anyhow::Result<Option<LicensePolicy>> {
    let settings = &project.settings().dependencies.licenses;
    LicensePolicy::new(&settings.allow, &settings.deny, settings.unknown)
        .context("`dependencies.licenses` names what is no licence")
}

/// The database and the project's own advisories. A damaged database is told and not used; one that is
/// configured must be there.
pub(crate) fn databases(
    project: &Project,
    cache: Option<&Path>,
    diagnostics: &mut Vec<Diagnostic>,
) -> anyhow::Result<Databases> {
    let settings = &project.settings().dependencies;
    let configured = settings.database.as_ref().map(|path| project.root.join(path));
    let mut indexes = Vec::new();
    if let Some(path) = configured.clone().or_else(default_path) {
        match open(&path) {
            Ok(Some(index)) => indexes.push(Arc::new(index)),
            Ok(None) if configured.is_some() => {
                anyhow::bail!(
                    "the advisory database {} named by `dependencies.database` is not there",
                    path.display()
                )
            }
            Ok(None) => {}
            Err(error) => {
                let message = format!(
                    "the advisory database cannot be used: {error}; `selvedge db update --replace --from …` makes it anew"
                );
                diagnostics.push(Diagnostic::new(DiagnosticKind::BadAdvisory, message).at(DATABASE_NAME));
            }
        }
    }
    indexes.extend(own_advisories::index(project, cache, diagnostics)?.map(Arc::new));
    Ok(Databases::new(indexes))
}

/// Opens a database; `None` if there is none.
pub(crate) fn open(path: &Path) -> Result<Option<Index>, IndexError> {
    match Index::open(path) {
        Ok(index) => Ok(Some(index)),
        Err(_) if !path.exists() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The database that a command is to use: the one named, else the usual one.
pub(crate) fn database_path(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    named.map(Path::to_path_buf).or_else(default_path).context(
        "there is no data folder for the advisory database: set HOME or XDG_DATA_HOME, or name it with --database",
    )
}

/// Opens the database that a command cannot do without.
pub(crate) fn required(named: Option<&Path>) -> anyhow::Result<Index> {
    let path = database_path(named)?;
    open(&path).with_context(|| format!("cannot use the advisory database {}", path.display()))?.with_context(
        || {
            format!(
                "there is no advisory database at {}; `selvedge db update --from …` makes one",
                path.display()
            )
        },
    )
}

/// `SELVEDGE_DEPENDENCIES_DATABASE` is a key of the configuration; this is where the file lies without one.
fn default_path() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_DATA_HOME")
        .or_else(|| set("LOCALAPPDATA"))
        .or_else(|| set("HOME").map(|home| home.join(".local").join("share")))?;
    Some(folder.join("selvedge").join(DATABASE_NAME))
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}
