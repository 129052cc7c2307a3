//! Layers laid over each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use selvedge_model::{Diagnostic, DiagnosticKind};

use super::Bytes;
use super::layer::Diff;
use crate::examine::Examined;
use crate::limit::Limit;
use crate::{links, readers};

/// Comparisons of a file that is kept with a layer above it: 127 layers over 100,000 files take 13 million.
const OVERLAY_CHECKS_MAX: Limit = Limit::new("OVERLAY_CHECKS_MAX", 200_000_000);

/// A file that is kept, what is known of one that is not, or a link.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// The whole content.
    Kept(Bytes),
    /// What was learnt while it was streamed past.
    Examined(Arc<Examined>),
    /// A symbolic link and its target.
    Link(String),
}

/// The merged tree.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    nodes: BTreeMap<String, (Node, u32)>,
    /// States of the databases that every layer writes anew, the lowest first.
    states: BTreeMap<String, Vec<(u32, Bytes)>>,
    /// Files that were compared with layers so far.
    checks: u64,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Overlay {
    pub(super) fn get(&self, path: &str) -> Option<(&Node, u32)> {
        self.nodes.get(path).map(|(node, layer)| (node, *layer))
    }

    pub(super) fn link(&self, path: &str) -> Option<&str> {
        match self.nodes.get(path) {
            Some((Node::Link(target), _)) => Some(target),
            _ => None,
        }
    }

    /// States of the database at `path`, the lowest first.
    pub(super) fn states(&self, path: &str) -> &[(u32, Bytes)] {
        self.states.get(path).map_or(&[], Vec::as_slice)
    }

    /// Paths that some reader wants, sorted.
    pub(super) fn paths(&self) -> Vec<String> {
        let wanted = self.nodes.iter().filter(|(path, (node, _))| match node {
            Node::Link(_) => readers::is_metadata(path),
            Node::Kept(_) | Node::Examined(_) => true,
        });
        wanted.map(|(path, _)| path.clone()).collect()
    }

    /// Lays a layer over those that are there.
    pub(super) fn add(&mut self, diff: &Diff, layer: u32) {
        self.checks += self.nodes.len() as u64;
        if OVERLAY_CHECKS_MAX.is_exceeded_by(self.checks) {
            let message = format!(
                "layer {layer} was not looked at: files times layers are more than {OVERLAY_CHECKS_MAX}"
            );
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::ArchiveLimit, message));
            return;
        }
        self.hide(diff);
        for (path, node) in &diff.nodes {
            self.insert(path, node.clone(), layer);
        }
        for (path, target) in &diff.hard_links {
            let resolved = links::resolve(target, |at| self.link(at).map(str::to_owned));
            match resolved.ok().and_then(|target| self.get(&target)) {
                Some((node, _)) => {
                    let node = node.clone();
                    self.insert(path, node, layer);
                }
                None if readers::is_metadata(path) => {
                    let message = format!("a hard link to {target}, which was not kept, was not followed");
                    self.diagnostics.push(Diagnostic::new(DiagnosticKind::BadArchive, message).at(path));
                }
                None => {}
            }
        }
    }

    /// Takes away what the layer deletes, empties or puts something else in the place of.
    fn hide(&mut self, diff: &Diff) {
        let stays = |path: &str| {
            let replaced = diff.files.contains(path)
                || diff.folders.contains(path)
                || diff.hard_links.contains_key(path);
            if replaced || diff.whiteouts.contains(path) {
                return false;
            }
            ancestors(path).all(|folder| {
                let hidden = diff.whiteouts.contains(folder) || diff.opaque.contains(folder);
                let no_folder = diff.files.contains(folder) || diff.nodes.contains_key(folder);
                !hidden && !no_folder
            })
        };
        self.nodes.retain(|path, _| stays(path));
        // A database that is written anew is a further state, one that is deleted starts over.
        let nodes = &self.nodes;
        self.states.retain(|path, _| nodes.contains_key(path) || diff.nodes.contains_key(path));
    }

    fn insert(&mut self, path: &str, node: Node, layer: u32) {
        let Some(path) = self.placed(path) else {
            let message = "a path through a link that leaves the image was refused".to_owned();
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::BadArchive, message).at(path));
            return;
        };
        if let Node::Kept(bytes) = &node
            && readers::is_database(&path)
        {
            self.states.entry(path.clone()).or_default().push((layer, Arc::clone(bytes)));
        }
        self.nodes.insert(path, (node, layer));
    }

    /// The path with the links of its folder resolved, as an engine does that unpacks the layer.
    fn placed(&self, path: &str) -> Option<String> {
        let Some((folder, name)) = path.rsplit_once('/') else { return Some(path.to_owned()) };
        let folder = links::resolve(folder, |at| self.link(at).map(str::to_owned)).ok()?;
        Some(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
    }
}

/// The folders above a path, the root (an empty path) last.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let positions = path.char_indices().rev().filter(|(_, c)| *c == '/').map(|(at, _)| at);
    positions.map(|at| &path[..at]).chain(std::iter::once(""))
}
