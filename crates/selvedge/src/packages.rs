//! The packages of whatever a path names: a project, a lockfile, a bill of materials, a container image, or what
//! is installed below a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use selvedge_gate::PathGlobs;
use selvedge_installed::{Folder, Image, ImageOptions, Root};
use selvedge_model::Diagnostic;
use selvedge_package::Manifest;
use selvedge_scan::{
    LookOptions, Progress, Target, add_found_licenses, detect_licenses, look_for_packages, read_inventory,
};

use crate::interrupt;
use crate::progress::ProgressLine;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::Terminal;

/// Diagnostics that are told on standard error; more are counted.
const TOLD_MAX: usize = 20;

/// What was read.
#[derive(Default)]
pub(crate) struct Packages {
    /// One per package file or database, sorted by path.
    pub(crate) manifests: Vec<Manifest>,
    /// What could not be read.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What it is, in a word: `project`, `image`, `installed`.
    pub(crate) kind: &'static str,
    /// The name of the folder, file or image.
    pub(crate) name: String,
}

impl Packages {
    /// Says on standard error what could not be read: a list that is not whole must not look whole.
    pub(crate) fn tell_diagnostics(&self, terminal: &Terminal) {
        for diagnostic in self.diagnostics.iter().take(TOLD_MAX) {
            terminal.warn(&diagnostic.to_string());
        }
        if self.diagnostics.len() > TOLD_MAX {
            terminal.warn(&format!("{} more problems", self.diagnostics.len() - TOLD_MAX));
        }
    }
}

/// Whether licence texts are read for packages that state no licence: that costs time, and few commands tell
/// licences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LicenseTexts {
    /// They are.
    Read,
    /// They are not.
    Skip,
}

/// Reads the packages of `path`.
pub(crate) fn read(path: &Path, texts: LicenseTexts, terminal: &Terminal) -> anyhow::Result<Packages> {
    let path = path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
    if is_image(&path) {
        return image(&path);
    }
    project(&path, texts, terminal)
}

/// Reads what is installed below a folder.
pub(crate) fn installed(path: &Path) -> anyhow::Result<Packages> {
    let folder = Folder::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(of_root(&folder, "installed", name_of(path)))
}

/// Whether the path names a container image: an OCI layout, or an archive that holds one.
fn is_image(path: &Path) -> bool {
    if path.is_dir() {
        return path.join("oci-layout").is_file()
            || path.join("manifest.json").is_file() && path.join("repositories").exists();
    }
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let ending = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".oci"].iter().any(|ending| name.ends_with(ending));
    ending && Image::open(path, &ImageOptions::default()).is_ok()
}

fn image(path: &Path) -> anyhow::Result<Packages> {
    let image = Image::open(path, &ImageOptions::default())
        .with_context(|| format!("cannot read the image {}", path.display()))?;
    let name = image.names().first().cloned().unwrap_or_else(|| name_of(path));
    Ok(of_root(&image, "image", name))
}

fn of_root(root: &dyn Root, kind: &'static str, name: String) -> Packages {
    let mut inventory = selvedge_installed::inventory(root);
    let texts: Vec<&[u8]> = inventory.license_texts.iter().map(|it| it.text.as_bytes()).collect();
    for (found, ids) in inventory.license_texts.iter().zip(detect_licenses(&texts)) {
        inventory.manifests[found.manifest].components[found.component].licenses_found.extend(ids);
    }
    Packages { manifests: inventory.manifests, diagnostics: inventory.diagnostics, kind, name }
}

fn project(path: &Path, texts: LicenseTexts, terminal: &Terminal) -> anyhow::Result<Packages> {
    let project = Project::load(path, &PolicyArguments::default(), &settings::environment())?;
    let exclude = PathGlobs::parse(project.settings().check.exclude.iter().map(String::as_str))?;
    let mut source = project.source_options();
    source.cancel = interrupt::install();
    let progress = Arc::new(Progress::default());
    let line = ProgressLine::start(terminal, &progress);
    let target = Target::Paths(vec![path.to_path_buf()]);
    let root = if path.starts_with(&project.root) { project.root.clone() } else { folder_of(path) };
    let options =
        LookOptions { root: &root, target: &target, source: &source, exclude: &exclude, cache: None };
    let files = look_for_packages(&options, &progress)?;
    drop(line);
    let mut inventory = read_inventory(&files);
    if texts == LicenseTexts::Read {
        add_found_licenses(&mut inventory.manifests, &files);
    }
    Ok(Packages {
        manifests: inventory.manifests,
        diagnostics: inventory.diagnostics,
        kind: "project",
        name: name_of(path),
    })
}

fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.to_path_buf()
    } else {
        path.parent().map_or_else(PathBuf::new, Path::to_path_buf)
    }
}

fn name_of(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    path.file_name().map_or_else(|| "root".to_owned(), |name| name.to_string_lossy().into_owned())
}
