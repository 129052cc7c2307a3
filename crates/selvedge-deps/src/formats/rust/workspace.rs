//! The `Cargo.toml` files that belong to one `Cargo.lock`: that beside it, the members of its workspace, and
//! what those name by path.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use selvedge_model::Diagnostic;

use super::manifest::{self, CargoToml};
use crate::pattern::{self, Members, folder};
use crate::syntax::{self, Document, Node, SyntaxError};
use crate::{Files, PackageFile};

/// Manifests that are read for one lockfile. The largest workspaces seen have some 600 members.
const MANIFESTS_MAX: usize = 10_000;

/// The manifests of a workspace by path.
pub(super) struct Workspace {
    /// What each says.
    pub(super) manifests: BTreeMap<String, CargoToml>,
    /// What is wrong with them.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads the manifests that belong to the lockfile.
pub(super) fn read(lockfile: &PackageFile<'_>, files: &dyn Files) -> Workspace {
    let mut found = Workspace { manifests: BTreeMap::new(), diagnostics: Vec::new() };
    let Some(root_path) = lockfile.sibling("Cargo.toml") else { return found };
    let Some(root) = document(&root_path, files) else { return found };
    let table = root.root.get("workspace");
    let mut seen: BTreeSet<String> = BTreeSet::from([root_path.clone()]);
    let mut pending: VecDeque<String> = VecDeque::from([root_path.clone()]);
    for path in table.map(|table| members(lockfile, table, files)).unwrap_or_default() {
        if seen.insert(path.clone()) {
            pending.push_back(path);
        }
    }
    while let Some(path) = pending.pop_front() {
        if found.manifests.len() >= MANIFESTS_MAX {
            let message =
                format!("the workspace has more than {MANIFESTS_MAX} manifests; others are left out");
            found.diagnostics.push(SyntaxError::new(1, message).diagnostic(lockfile.path));
            break;
        }
        let Some(document) = document(&path, files) else { continue };
        found.diagnostics.extend(document.diagnostics(&path));
        let file = PackageFile::new(&path, &[]);
        let mut problems = Vec::new();
        let manifest = manifest::read(&file, &document.root, table, &mut problems);
        found.diagnostics.extend(
            problems.into_iter().map(|(line, message)| SyntaxError::new(line, message).diagnostic(&path)),
        );
        for requirement in &manifest.requirements {
            if let selvedge_package::Origin::Path(folder) = &requirement.origin {
                let path =
                    if folder.is_empty() { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") };
                if seen.insert(path.clone()) {
                    pending.push_back(path);
                }
            }
        }
        found.manifests.insert(path, manifest);
    }
    found
}

fn document<'f>(path: &str, files: &'f dyn Files) -> Option<Document<'f>> {
    match syntax::text(files.companion(path)?) {
        Ok(text) => Some(syntax::toml::parse(text)),
        Err(error) => Some(Document { root: Node::default(), errors: vec![error] }),
    }
}

/// Paths of the members' manifests, globs expanded over the tree.
fn members(lockfile: &PackageFile<'_>, table: &Node<'_>, files: &dyn Files) -> Vec<String> {
    let base = folder(lockfile.path);
    let texts = |key: &str| table.items_at(key).iter().filter_map(Node::text);
    let members = Members::new(texts("members"));
    // What lies below an excluded folder is excluded with it.
    let exclude = Members::new(texts("exclude"));
    let is_excluded = |inside: &str| {
        std::iter::successors(Some(inside), |inside| inside.rsplit_once('/').map(|(above, _)| above))
            .any(|inside| exclude.contains(inside))
    };
    let mut found = Vec::new();
    for path in pattern::below(&files.paths(), base) {
        let inside = pattern::relative(path, base).and_then(|path| path.strip_suffix("/Cargo.toml"));
        if inside.is_some_and(|inside| members.contains(inside) && !is_excluded(inside)) {
            found.push((*path).to_owned());
        }
    }
    found
}
