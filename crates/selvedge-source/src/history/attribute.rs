//! Says under which paths a content appeared, and in which commit first.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use gix::date::time::format::ISO8601_STRICT;
use gix::objs::Kind;
use selvedge_model::{CommitInfo, Diagnostic, DiagnosticKind};

use super::decode::Decoder;
use super::graph::{Appearances, Graph, Recorder};
use super::places::{Directories, Places};
use super::{BlobIndex, History, git, loss, traverse};
use crate::SourceError;

/// One path of a content, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attribution {
    /// Place of the commit among all commits, parents before children: of several contents, the one
    /// with the least came first.
    pub order: u32,
    /// The path in that commit.
    pub path: String,
    /// The first commit that has the content there.
    pub commit: Arc<CommitInfo>,
}

/// What [`History::attribute`] found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributions {
    /// For each content asked for, in that order, every path that it ever had, sorted: the earliest first. None
    /// if no reference leads to it.
    pub found: Vec<Vec<Attribution>>,
    /// Every path of a file that was asked for, with the first commit that has it, sorted.
    pub paths: Vec<Attribution>,
    /// Number of commits that references lead to.
    pub commits: u64,
    /// Whether part of the history is missing or damaged; the diagnostics say what.
    pub partial: bool,
}

/// Which paths are asked for.
pub type PathFilter<'a> = &'a dyn Fn(&str) -> bool;

impl History {
    /// Reads all commits and trees, checks that nothing is missing, and finds where the contents
    /// `blobs` appear in what branches, tags and all other references lead to; and which paths there ever
    /// were for which `paths` holds.
    pub fn attribute(
        &self,
        blobs: &[BlobIndex],
        paths: Option<PathFilter<'_>>,
        diagnose: &(dyn Fn(Diagnostic) + Sync),
    ) -> Result<Attributions, SourceError> {
        let store = &self.store;
        let mut wanted = vec![false; store.len()];
        for blob in blobs {
            wanted[blob.0 as usize] = true;
        }
        let with_names = paths.is_some();
        let recorders = traverse::traverse(store, &self.options, &[Kind::Commit, Kind::Tree], || {
            Recorder::new(store, &wanted, with_names)
        });
        let graph = Graph::new(store, recorders);
        for (object, count, why) in &graph.losses {
            diagnose(loss(store, *object, *count, *why));
        }
        let mut asked = Asked { graph: &graph, filter: paths, seen: HashSet::new(), found: BTreeMap::new() };
        let appearances = graph.appearances(
            store,
            &self.tips(&graph)?,
            &self.shallow()?,
            &mut |order, tree, directory, directories| asked.look_into(order, tree, directory, directories),
        );
        let asked = asked.found;
        let gaps = gaps(&appearances);
        let partial = !gaps.is_empty() || !graph.losses.is_empty();
        gaps.into_iter().for_each(diagnose);
        let mut commits = Commits {
            history: self,
            order: &appearances.order,
            decoder: Decoder::default(),
            known: BTreeMap::new(),
        };
        let places = |blob: &BlobIndex| commits.attributions(places_of(&graph, &appearances.places, blob.0));
        let found = blobs.iter().map(places).collect();
        let paths = commits.attributions(asked.into_iter().map(|(path, order)| (order, path)).collect());
        Ok(Attributions { found, paths, commits: appearances.order.len() as u64, partial })
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
    let left_out = appearances.places.left_out;
    if left_out > 0 {
        gaps.push(Diagnostic::new(
            DiagnosticKind::LimitReached,
            format!("{left_out} directories with paths that are too long or too many were not looked into"),
        ));
    }
    gaps
}

/// Finds the paths that are asked for.
struct Asked<'a> {
    graph: &'a Graph,
    filter: Option<PathFilter<'a>>,
    /// Runs of names, each with a directory, whose paths were told already.
    seen: HashSet<(u32, u32)>,
    /// With the place of the first commit.
    found: BTreeMap<String, u32>,
}

impl Asked<'_> {
    /// Looks at the names in `tree`, which is `directory` in the commit at place `order`.
    fn look_into(&mut self, order: u32, tree: u32, directory: u32, directories: &Directories) {
        let Some(filter) = self.filter else { return };
        let names = &self.graph.names;
        let mut folder = None;
        for run in self.graph.runs_of(tree) {
            if !self.seen.insert((directory, *run)) {
                continue;
            }
            let folder = folder.get_or_insert_with(|| directories.path(directory, names));
            for name in self.graph.runs.names(*run) {
                let path = folder.clone() + &String::from_utf8_lossy(names.text(*name));
                if filter(&path) {
                    self.found.entry(path).or_insert(order);
                }
            }
        }
    }
}

/// First commit and path of each appearance of `blob` under another path.
fn places_of(graph: &Graph, places: &Places, blob: u32) -> BTreeSet<(u32, String)> {
    let from = graph.holders.partition_point(|holder| holder.object < blob);
    let holders = graph.holders[from..].iter().take_while(|holder| holder.object == blob);
    let mut first: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for holder in holders {
        for (order, directory) in places.of(holder.tree) {
            let known = first.entry((directory, holder.name)).or_insert(order);
            *known = order.min(*known);
        }
    }
    let path = |directory, name| {
        places.directories.path(directory, &graph.names) + &String::from_utf8_lossy(graph.names.text(name))
    };
    first.into_iter().map(|((directory, name), order)| (order, path(directory, name))).collect()
}

/// Reads what commits say of themselves, each once.
struct Commits<'a> {
    history: &'a History,
    order: &'a [u32],
    decoder: Decoder,
    known: BTreeMap<u32, Arc<CommitInfo>>,
}

impl Commits<'_> {
    fn attributions(&mut self, places: BTreeSet<(u32, String)>) -> Vec<Attribution> {
        places
            .into_iter()
            .map(|(order, path)| Attribution { order, path, commit: self.commit(order) })
            .collect()
    }

    fn commit(&mut self, order: u32) -> Arc<CommitInfo> {
        if let Some(known) = self.known.get(&order) {
            return Arc::clone(known);
        }
        let commit = Arc::new(self.read(self.order[order as usize]));
        self.known.insert(order, Arc::clone(&commit));
        commit
    }

    fn read(&mut self, object: u32) -> CommitInfo {
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
