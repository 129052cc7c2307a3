//! Reads rule files from a folder.

use std::fs;
use std::path::{Path, PathBuf};

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::load::{Loader, Rules};

/// Folders nested deeper are not entered.
const DEPTH_MAX: usize = 16;

/// More files are not read.
const FILES_MAX: usize = 50_000;

/// Loads every `.yml` and `.yaml` file below `folder`, in the order of their paths. Diagnostics name files
/// relative to it. What cannot be read is a diagnostic.
pub fn load_folder(folder: &Path) -> (Rules, Vec<Diagnostic>) {
    let mut loader = Loader::new();
    let mut diagnostics = Vec::new();
    add_folder(&mut loader, folder, &mut diagnostics);
    let (rules, more) = loader.finish();
    diagnostics.extend(more);
    (rules, diagnostics)
}

/// Adds every rule file below `folder` to `loader`.
pub fn add_folder(loader: &mut Loader, folder: &Path, diagnostics: &mut Vec<Diagnostic>) {
    let mut files = Vec::new();
    collect(folder, 0, &mut files, diagnostics);
    files.sort();
    for path in files {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        match fs::read_to_string(&path) {
            Ok(text) => loader.add(&name, &text),
            Err(error) => diagnostics.push(unreadable(&name, &error)),
        }
    }
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>, diagnostics: &mut Vec<Diagnostic>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return diagnostics.push(unreadable(&folder.to_string_lossy(), &error)),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        // Links are not followed: a rule folder may lie in a hostile tree.
        let Ok(kind) = entry.file_type() else { continue };
        let is_rule = path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
        if kind.is_dir() && depth < DEPTH_MAX {
            collect(&path, depth + 1, files, diagnostics);
        } else if kind.is_file() && is_rule && files.len() < FILES_MAX {
            files.push(path);
        } else if kind.is_dir() || (kind.is_file() && is_rule) {
            let message = format!("beyond {DEPTH_MAX} folders of depth or {FILES_MAX} files; not read");
            diagnostics
                .push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(path.to_string_lossy()));
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Unreadable, format!("cannot be read: {error}")).at(name)
}
