//! Says in which commit a content appeared first, and under which path.

use std::collections::{BTreeMap, BTreeSet};

use gix::date::time::format::ISO8601_STRICT;
use gix::objs::Kind;
use selvedge_model::{CommitInfo, Diagnostic, DiagnosticKind};

use super::decode::Decoder;
use super::graph::{Appearances, Graph, NONE, Recorder, entries};
use super::{BlobIndex, History, git, loss, traverse};
use crate::SourceError;

/// Where a content comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attribution {
    /// Place of the commit among all commits, parents before children: of several contents, the one
    /// with the least came first.
    pub order: u32,
    /// The path in that commit; of several, the least.
    pub path: String,
    /// The first commit that has it.
    pub commit: CommitInfo,
}

/// What [`History::attribute`] found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributions {
    /// For each content asked for, in that order; `None` if no reference leads to it.
    pub found: Vec<Option<Attribution>>,
    /// Number of commits that references lead to.
    pub commits: u64,
    /// Whether part of the history is missing or damaged; the diagnostics say what.
    pub partial: bool,
}

impl History {
    /// Reads all commits and trees, checks that nothing is missing, and finds where the contents
    /// `blobs` appear first in what branches, tags and all other references lead to.
    pub fn attribute(
        &self,
        blobs: &[BlobIndex],
        diagnose: &(dyn Fn(Diagnostic) + Sync),
    ) -> Result<Attributions, SourceError> {
        let store = &self.store;
        let mut wanted = vec![false; store.len()];
        for blob in blobs {
            wanted[blob.0 as usize] = true;
        }
        let recorders = traverse::traverse(store, &self.options, &[Kind::Commit, Kind::Tree], || {
            Recorder::new(store, &wanted)
        });
        let graph = Graph::new(store, recorders);
        for (object, count, why) in &graph.losses {
            diagnose(loss(store, *object, *count, *why));
        }
        let appearances = graph.appearances(store, &self.tips(&graph)?, &self.shallow()?);
        let gaps = gaps(&appearances);
        let partial = !gaps.is_empty() || !graph.losses.is_empty();
        gaps.into_iter().for_each(diagnose);
        let mut places = Places {
            history: self,
            appearances: &appearances,
            decoder: Decoder::default(),
            paths: BTreeMap::new(),
        };
        let found = blobs.iter().map(|blob| places.attribution(&graph, blob.0)).collect();
        Ok(Attributions { found, commits: appearances.order.len() as u64, partial })
    }

    /// The commits that references and HEAD name.
    fn tips(&self, graph: &Graph) -> Result<Vec<u32>, SourceError> {
        let repository = self.repository.to_thread_local();
        let mut decoder = Decoder::default();
        let mut ids: Vec<gix::ObjectId> = Vec::new();
        let references = repository.references().map_err(git("references"))?;
        for reference in references.all().map_err(git("references"))? {
            // One that cannot be read leads nowhere, as if it were not there.
            let Ok(reference) = reference else { continue };
            ids.extend(reference.try_id().map(gix::Id::detach));
        }
        ids.extend(repository.head().map_err(git("HEAD"))?.id().map(gix::Id::detach));
        let mut tips: Vec<u32> =
            ids.into_iter().filter_map(|id| self.peel(graph, id, &mut decoder)).collect();
        tips.sort_unstable();
        tips.dedup();
        Ok(tips)
    }

    /// The commit that `id` is, or that the tag `id` leads to.
    fn peel(&self, graph: &Graph, mut id: gix::ObjectId, decoder: &mut Decoder) -> Option<u32> {
        /// Tags of tags of tags; git makes none by itself.
        const TAGS_MAX: u32 = 16;
        for _ in 0..TAGS_MAX {
            let object = self.store.find(&id)?;
            if graph.is_commit(object) {
                return Some(object);
            }
            let bytes = self.store.read(object, decoder)?;
            let line = bytes.split(|byte| *byte == b'\n').next()?;
            id = gix::ObjectId::from_hex(line.strip_prefix(b"object ")?).ok()?;
        }
        None
    }

    /// The commits at which a shallow clone was cut off.
    fn shallow(&self) -> Result<BTreeSet<gix::ObjectId>, SourceError> {
        let commits = self.repository.to_thread_local().shallow_commits();
        let commits = commits.map_err(git("the list of shallow commits"))?;
        Ok(commits.iter().flat_map(|commits| commits.iter().copied()).collect())
    }
}

/// Reports what is missing.
fn gaps(appearances: &Appearances) -> Vec<Diagnostic> {
    let partial = |message| Diagnostic::new(DiagnosticKind::PartialHistory, message);
    let mut gaps = Vec::new();
    if appearances.cut > 0 {
        let cut = appearances.cut;
        gaps.push(partial(format!(
            "shallow clone: what came before {cut} of the commits is not here; `git fetch --unshallow` brings it"
        )));
    }
    if appearances.missing > 0 {
        let missing = appearances.missing;
        gaps.push(partial(format!(
            "{missing} references to objects that are not here: a partial clone, or a damaged repository"
        )));
    }
    gaps
}

/// Spells the paths of trees.
struct Places<'a> {
    history: &'a History,
    appearances: &'a Appearances,
    decoder: Decoder,
    /// Paths of trees that were spelled already; empty for a root, else ending in `/`.
    paths: BTreeMap<u32, String>,
}

impl Places<'_> {
    fn attribution(&mut self, graph: &Graph, blob: u32) -> Option<Attribution> {
        let from = graph.holders.partition_point(|(held, _)| *held < blob);
        let holders =
            graph.holders[from..].iter().take_while(|(held, _)| *held == blob).map(|(_, tree)| *tree);
        let first = |tree: &u32| self.appearances.first[*tree as usize];
        let order = holders.clone().map(|tree| first(&tree)).min().filter(|order| *order != NONE)?;
        let earliest: Vec<u32> = holders.filter(|tree| first(tree) == order).collect();
        let path = earliest.into_iter().map(|tree| self.directory(tree) + &self.name(tree, blob)).min()?;
        let commit = self.commit(self.appearances.order[order as usize]);
        Some(Attribution { order, path, commit })
    }

    /// The path of `tree` where it appears first.
    fn directory(&mut self, tree: u32) -> String {
        let mut names = Vec::new();
        let mut at = tree;
        let mut path = loop {
            if let Some(known) = self.paths.get(&at) {
                break known.clone();
            }
            let above = self.appearances.parent[at as usize];
            if above == NONE {
                break String::new();
            }
            names.push((at, self.name(above, at)));
            at = above;
        };
        while let Some((tree, name)) = names.pop() {
            path.push_str(&name);
            path.push('/');
            self.paths.insert(tree, path.clone());
        }
        path
    }

    /// The name that `tree` has for `object`; of several, the first.
    fn name(&mut self, tree: u32, object: u32) -> String {
        let store = &self.history.store;
        let id = store.id(object);
        let bytes = store.read(tree, &mut self.decoder).unwrap_or_default();
        entries(&bytes, store.hash_len())
            .find(|entry| entry.id == id.as_bytes())
            .map(|entry| String::from_utf8_lossy(entry.name).into_owned())
            .unwrap_or_default()
    }

    fn commit(&mut self, object: u32) -> CommitInfo {
        let store = &self.history.store;
        let id = store.id(object);
        let bytes = store.read(object, &mut self.decoder).unwrap_or_default();
        let Ok(commit) = gix::objs::CommitRef::from_bytes(&bytes, id.kind()) else {
            let unknown = String::new;
            return CommitInfo {
                id: id.to_string(),
                author: unknown(),
                email: unknown(),
                date: unknown(),
                summary: unknown(),
            };
        };
        let author = commit.author().ok().map(|author| author.trim());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        CommitInfo {
            id: id.to_string(),
            author: author.map(|author| text(author.name)).unwrap_or_default(),
            email: author.map(|author| text(author.email)).unwrap_or_default(),
            date: author
                .and_then(|author| author.time().ok()?.format(ISO8601_STRICT).ok())
                .unwrap_or_default(),
            summary: text(commit.message.split(|byte| *byte == b'\n').next().unwrap_or_default())
                .trim()
                .to_owned(),
        }
    }
}
