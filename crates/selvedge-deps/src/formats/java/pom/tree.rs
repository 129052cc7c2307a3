//! The other POMs of the tree, found by the name of their folder.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::model::{self, Coordinates, Parent, Pom};
use crate::draft::Draft;
use crate::{Files, PackageFile};

/// POMs that are read to complete one project. A tree of POMs that all name each other would otherwise cost
/// the square of its size.
const READS_MAX: usize = 400;

/// The POMs of a tree as one project sees them.
pub(super) struct Tree<'a> {
    files: &'a dyn Files,
    /// Paths by the name of the folder.
    by_folder: BTreeMap<&'a str, Vec<&'a str>>,
    /// Group and artefact by path.
    identities: RefCell<BTreeMap<String, Option<(String, String)>>>,
    /// What was read, by path.
    read: RefCell<BTreeMap<String, Option<Pom>>>,
    reads: Cell<usize>,
}

impl std::fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree").field("by_folder", &self.by_folder).finish_non_exhaustive()
    }
}

impl<'a> Tree<'a> {
    /// The POMs among `files`.
    pub(super) fn new(files: &'a dyn Files) -> Self {
        let mut by_folder: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in files.paths() {
            if let Some(folder) = path.strip_suffix("/pom.xml") {
                by_folder.entry(folder.rsplit('/').next().unwrap_or(folder)).or_default().push(path);
            }
        }
        Self {
            files,
            by_folder,
            identities: RefCell::default(),
            read: RefCell::default(),
            reads: Cell::new(0),
        }
    }

    /// Path of the POM that has these coordinates, `own` left out. It is looked for in folders that are named
    /// like the artefact or like its end after a separator, as modules are.
    pub(super) fn module(&self, coordinates: &Coordinates, own: &str) -> Option<&'a str> {
        self.candidates(&coordinates.artifact).filter(|path| *path != own).find(|path| {
            self.identity(path).is_some_and(|(group, artifact)| {
                artifact == coordinates.artifact && (group == coordinates.group || group.contains("${"))
            })
        })
    }

    /// Group and artefact of the POM at this path.
    fn identity(&self, path: &'a str) -> Option<(String, String)> {
        let mut identities = self.identities.borrow_mut();
        if let Some(identity) = identities.get(path) {
            return identity.clone();
        }
        let identity = self.files.get(path).and_then(model::identity);
        identities.insert(path.to_owned(), identity.clone());
        identity
    }

    fn candidates<'b>(&'b self, artifact: &'b str) -> impl Iterator<Item = &'a str> + 'b {
        let ends = artifact.match_indices(['-', '.', '_']).map(|(at, _)| &artifact[at + 1..]);
        std::iter::once(artifact).chain(ends).filter_map(|name| self.by_folder.get(name)).flatten().copied()
    }

    /// The POM of a parent: at its relative path, `../pom.xml` where none is written, or in a module of its
    /// name.
    pub(super) fn parent(&self, child: &str, parent: &Parent) -> Option<Pom> {
        let relative = parent.relative_path.as_deref().unwrap_or("../pom.xml");
        let beside = PackageFile::new(child, b"");
        if !relative.is_empty() && !relative.starts_with('/') {
            for name in [relative.to_owned(), format!("{relative}/pom.xml")] {
                let Some(path) = beside.sibling(&name).filter(|path| path != child) else { continue };
                if let Some(pom) = self.pom(&path).filter(|pom| is_parent(pom, parent)) {
                    return Some(pom);
                }
            }
        }
        let mut candidates = self.candidates(&parent.coordinates.artifact).filter(|path| *path != child);
        candidates.find_map(|path| self.pom(path).filter(|pom| is_parent(pom, parent)))
    }

    /// The POM at this path. Its mistakes are said when it is read for itself.
    pub(super) fn pom(&self, path: &str) -> Option<Pom> {
        if let Some(pom) = self.read.borrow().get(path) {
            return pom.clone();
        }
        let bytes = self.files.get(path)?;
        if self.reads.replace(self.reads.get() + 1) >= READS_MAX {
            return None;
        }
        let pom = model::read(&mut Draft::new(&PackageFile::new(path, bytes), super::FORMAT.id));
        self.read.borrow_mut().insert(path.to_owned(), pom.clone());
        pom
    }
}

/// Whether a POM has the coordinates of the parent. A version with a placeholder may be any, and a range is
/// for a repository to decide.
fn is_parent(pom: &Pom, parent: &Parent) -> bool {
    let wanted = &parent.coordinates;
    let above = pom.parent.as_ref().map(|it| &it.coordinates);
    let group = pom.group.as_ref().or(above.map(|it| &it.group));
    let version = pom.version.as_ref().or(above.and_then(|it| it.version.as_ref()));
    let is_open = |text: &String| text.contains("${") || text.starts_with(['[', '(']);
    let is_version = match (version, &wanted.version) {
        (Some(has), Some(wants)) => has == wants || is_open(has) || is_open(wants),
        (None, _) | (_, None) => true,
    };
    pom.artifact.as_ref() == Some(&wanted.artifact) && group == Some(&wanted.group) && is_version
}
