//! Commits and trees as numbers: which come first, and which trees lead to which.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use gix::objs::Kind;

use super::decode::Loss;
use super::entry::entries;
use super::names::{NameRuns, Names};
use super::places::{Directories, Places};
use super::store::Store;
use super::traverse::Collect;

/// No object.
pub(super) const NONE: u32 = u32::MAX;

/// A commit.
pub(super) struct Commit {
    pub(super) object: u32,
    /// The tree, or [`NONE`] if it is not here.
    tree: u32,
    date: i64,
    /// The parents that are here.
    parents: Vec<u32>,
    /// Number of parents that are not.
    parents_missing: u32,
}

/// What one thread has seen of commits and trees.
pub(super) struct Recorder<'a> {
    store: &'a Store,
    /// By number of an object: whether it is asked for.
    wanted: &'a [bool],
    recent: Recent,
    commits: Vec<Commit>,
    /// Each tree, with the place of its first subtree in `edges` and that of its first run in `run_numbers`.
    trees: Vec<(u32, usize, usize)>,
    edges: Vec<Edge>,
    names: Names,
    /// The runs of file names, if paths are asked for.
    runs: Option<NameRuns>,
    run_numbers: Vec<u32>,
    holders: Vec<Holder>,
    /// A tree and the number of its entries that are not here.
    missing: Vec<(u32, u32)>,
    losses: Vec<(u32, u32, Loss)>,
}

/// A tree in a tree.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub(super) tree: u32,
    /// Number of its name there.
    pub(super) name: u32,
}

/// A tree that has an object that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder {
    pub(super) object: u32,
    pub(super) tree: u32,
    /// Number of the object's name there.
    pub(super) name: u32,
}

/// All commits and trees.
pub(super) struct Graph {
    /// By number of the object.
    commits: Vec<Commit>,
    /// By number of an object: which thread saw the tree, and where its edges are.
    spans: Vec<Span>,
    edges: Vec<Vec<Edge>>,
    run_numbers: Vec<Vec<u32>>,
    pub(super) names: Names,
    pub(super) runs: NameRuns,
    /// Sorted.
    pub(super) holders: Vec<Holder>,
    missing: Vec<(u32, u32)>,
    pub(super) losses: Vec<(u32, u32, Loss)>,
}

#[derive(Clone, Copy, Default)]
struct Span {
    thread: u32,
    start: u32,
    end: u32,
    runs_start: u32,
    runs_end: u32,
}

/// In which commit and under which paths everything appears.
pub(super) struct Appearances {
    /// Commits that references lead to, parents before children.
    pub(super) order: Vec<u32>,
    pub(super) places: Places,
    /// Number of commits, trees and files that are referred to and not here.
    pub(super) missing: u64,
    /// Number of commits at which a shallow clone was cut off.
    pub(super) cut: u64,
}

impl<'a> Recorder<'a> {
    /// For the objects that are `wanted`, and the names of all files if `paths` says so.
    pub(super) fn new(store: &'a Store, wanted: &'a [bool], paths: bool) -> Self {
        Self {
            store,
            wanted,
            recent: Recent::new(),
            commits: Vec::new(),
            trees: Vec::new(),
            edges: Vec::new(),
            names: Names::default(),
            runs: paths.then(NameRuns::default),
            run_numbers: Vec::new(),
            holders: Vec::new(),
            missing: Vec::new(),
            losses: Vec::new(),
        }
    }

    fn tree(&mut self, object: u32, bytes: &[u8]) {
        self.trees.push((object, self.edges.len(), self.run_numbers.len()));
        if let Some(runs) = &mut self.runs {
            runs.of_tree(bytes, self.store.hash_len(), &mut self.names, &mut self.run_numbers);
        }
        let mut missing = 0;
        for entry in entries(bytes, self.store.hash_len()) {
            if entry.is_submodule() {
                continue;
            }
            match self.recent.find(self.store, entry.id) {
                None => missing += 1,
                Some(found) if entry.is_tree() => {
                    self.edges.push(Edge { tree: found, name: self.names.number(entry.name) });
                }
                Some(found) if self.wanted[found as usize] => {
                    let name = self.names.number(entry.name);
                    self.holders.push(Holder { object: found, tree: object, name });
                }
                Some(_) => {}
            }
        }
        if missing > 0 {
            self.missing.push((object, missing));
        }
    }

    fn commit(&mut self, object: u32, bytes: &[u8]) {
        let Some(header) = CommitHeader::parse(bytes) else {
            self.losses.push((object, 1, Loss::Damaged));
            return;
        };
        let found: Vec<_> = header.parents.iter().map(|parent| self.store.find(parent)).collect();
        let parents: Vec<u32> = found.iter().copied().flatten().collect();
        self.commits.push(Commit {
            object,
            tree: self.store.find(&header.tree).unwrap_or(NONE),
            date: header.date,
            parents_missing: (found.len() - parents.len()) as u32,
            parents,
        });
    }
}

impl Collect for Recorder<'_> {
    fn wants(&mut self, _object: u32, _size: u64, _start: &mut dyn FnMut() -> Vec<u8>) -> bool {
        true
    }

    fn object(&mut self, object: u32, kind: Kind, bytes: &[u8]) {
        match kind {
            Kind::Tree => self.tree(object, bytes),
            Kind::Commit => self.commit(object, bytes),
            Kind::Blob | Kind::Tag => {}
        }
    }

    fn lost(&mut self, object: u32, count: u32, why: Loss) {
        self.losses.push((object, count, why));
    }
}

impl Graph {
    /// Puts together what the threads have seen.
    pub(super) fn new(store: &Store, recorders: Vec<Recorder<'_>>) -> Self {
        let mut graph = Self {
            commits: Vec::new(),
            spans: vec![Span::default(); store.len()],
            edges: Vec::new(),
            run_numbers: Vec::new(),
            names: Names::default(),
            runs: NameRuns::default(),
            holders: Vec::new(),
            missing: Vec::new(),
            losses: Vec::new(),
        };
        for (thread, recorder) in recorders.into_iter().enumerate() {
            graph.take_spans(thread as u32, &recorder);
            let renumbered = graph.names.absorb(&recorder.names);
            let name = |name: u32| renumbered[name as usize];
            let edges = recorder.edges.into_iter().map(|edge| Edge { name: name(edge.name), ..edge });
            graph.edges.push(edges.collect());
            let holders = recorder.holders.into_iter();
            graph.holders.extend(holders.map(|holder| Holder { name: name(holder.name), ..holder }));
            let runs = graph.runs.absorb(recorder.runs.unwrap_or_default(), &renumbered);
            graph.run_numbers.push(recorder.run_numbers.into_iter().map(|run| runs[run as usize]).collect());
            graph.commits.extend(recorder.commits);
            graph.missing.extend(recorder.missing);
            graph.losses.extend(recorder.losses);
        }
        graph.commits.sort_by_key(|commit| commit.object);
        graph.holders.sort_unstable();
        graph.holders.dedup();
        graph.losses.sort_unstable_by_key(|(object, ..)| *object);
        graph
    }

    /// Takes note of where the edges and runs of each tree are that this thread saw.
    fn take_spans(&mut self, thread: u32, recorder: &Recorder<'_>) {
        let last = (recorder.edges.len(), recorder.run_numbers.len());
        let ends = recorder.trees.iter().skip(1).map(|(_, edge, run)| (*edge, *run)).chain([last]);
        for ((tree, start, runs_start), (end, runs_end)) in recorder.trees.iter().zip(ends) {
            self.spans[*tree as usize] = Span {
                thread,
                start: *start as u32,
                end: end as u32,
                runs_start: *runs_start as u32,
                runs_end: runs_end as u32,
            };
        }
    }

    /// The trees in `tree`.
    fn edges(&self, tree: u32) -> &[Edge] {
        let Span { thread, start, end, .. } = self.spans[tree as usize];
        self.edges.get(thread as usize).map_or(&[], |edges| &edges[start as usize..end as usize])
    }

    /// The runs of names of the files in `tree`.
    pub(super) fn runs_of(&self, tree: u32) -> &[u32] {
        let Span { thread, runs_start, runs_end, .. } = self.spans[tree as usize];
        let runs = self.run_numbers.get(thread as usize);
        runs.map_or(&[], |runs| &runs[runs_start as usize..runs_end as usize])
    }

    /// The place in `commits` of the commit with this number.
    fn commit_at(&self, object: u32) -> Option<usize> {
        self.commits.binary_search_by_key(&object, |commit| commit.object).ok()
    }

    /// Whether there is a commit with this number.
    pub(super) fn is_commit(&self, object: u32) -> bool {
        self.commit_at(object).is_some()
    }

    /// Finds where everything appears, as seen from the commits `tips`. The clone was cut off at the commits
    /// `shallow`. Each tree in each directory is told to `visit` once, with the place of its first commit.
    pub(super) fn appearances(
        &self,
        store: &Store,
        tips: &[u32],
        shallow: &BTreeSet<gix::ObjectId>,
        visit: &mut dyn FnMut(u32, u32, u32, &Directories),
    ) -> Appearances {
        let order = self.order(store, tips);
        let mut places = Places::new(store.len());
        let (mut missing, mut cut) = (0, 0);
        for (place, at) in (0..).zip(&order) {
            let commit = &self.commits[*at];
            missing += u64::from(commit.tree == NONE);
            if shallow.contains(store.id(commit.object)) {
                cut += u64::from(commit.parents_missing > 0);
            } else {
                missing += u64::from(commit.parents_missing);
            }
            if commit.tree != NONE {
                places.add(
                    place,
                    commit.tree,
                    &self.names,
                    |tree| self.edges(tree),
                    &mut |tree, directory, directories| visit(place, tree, directory, directories),
                );
            }
        }
        let seen = self.missing.iter().filter(|(tree, _)| places.has(*tree));
        missing += seen.map(|(_, count)| u64::from(*count)).sum::<u64>();
        let order = order.into_iter().map(|at| self.commits[at].object).collect();
        Appearances { order, places, missing, cut }
    }

    /// Places in `commits` of everything that `tips` lead to: parents before children, else by date,
    /// else by id.
    fn order(&self, store: &Store, tips: &[u32]) -> Vec<usize> {
        let mut reached = vec![false; self.commits.len()];
        let mut pending: Vec<usize> = tips.iter().filter_map(|tip| self.commit_at(*tip)).collect();
        let mut parents_left = vec![0_u32; self.commits.len()];
        let mut children: Vec<(usize, usize)> = Vec::new();
        while let Some(at) = pending.pop() {
            if std::mem::replace(&mut reached[at], true) {
                continue;
            }
            for parent in self.commits[at].parents.iter().filter_map(|parent| self.commit_at(*parent)) {
                parents_left[at] += 1;
                children.push((parent, at));
                pending.push(parent);
            }
        }
        children.sort_unstable();
        let rank = |at: usize| Reverse((self.commits[at].date, store.id(self.commits[at].object), at));
        let mut ready: BinaryHeap<_> =
            (0..reached.len()).filter(|at| reached[*at] && parents_left[*at] == 0).map(rank).collect();
        let mut order = Vec::new();
        while let Some(Reverse((_, _, at))) = ready.pop() {
            order.push(at);
            let from = children.partition_point(|(parent, _)| *parent < at);
            for (_, child) in children[from..].iter().take_while(|(parent, _)| *parent == at) {
                parents_left[*child] -= 1;
                if parents_left[*child] == 0 {
                    ready.push(rank(*child));
                }
            }
        }
        order
    }
}

/// Remembers the numbers of ids that were looked up last. Versions of a directory have most of their
/// entries in common and are decoded one after another.
struct Recent {
    slots: Vec<(gix::ObjectId, u32)>,
}

/// Number of ids that are remembered, a power of two.
const RECENT: usize = 1 << 16;

impl Recent {
    fn new() -> Self {
        Self { slots: vec![(gix::ObjectId::null(gix::hash::Kind::Sha1), NONE); RECENT] }
    }

    fn find(&mut self, store: &Store, id: &[u8]) -> Option<u32> {
        let (Some(start), Ok(id)) = (id.first_chunk::<4>(), gix::oid::try_from_bytes(id)) else {
            return None;
        };
        let slot = &mut self.slots[u32::from_le_bytes(*start) as usize % RECENT];
        if slot.1 == NONE || *slot.0 != *id {
            *slot = (id.to_owned(), store.find(id)?);
        }
        Some(slot.1)
    }
}

/// What of a commit decides its place.
struct CommitHeader {
    tree: gix::ObjectId,
    parents: Vec<gix::ObjectId>,
    date: i64,
}

impl CommitHeader {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
        let tree = gix::ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?).ok()?;
        let mut parents = Vec::new();
        let mut date = 0;
        for line in lines {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                parents.push(gix::ObjectId::from_hex(parent).ok()?);
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                date = seconds(committer).unwrap_or(0);
                break;
            }
        }
        Some(Self { tree, parents, date })
    }
}

/// The time in `Name <address> 1234567890 +0100`.
fn seconds(signature: &[u8]) -> Option<i64> {
    let mut words = signature.rsplit(|byte| *byte == b' ');
    words.next()?;
    std::str::from_utf8(words.next()?).ok()?.parse().ok()
}
