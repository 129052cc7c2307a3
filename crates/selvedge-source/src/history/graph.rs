//! Commits and trees as numbers: which come first, and which trees lead to which.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use gix::objs::Kind;

use super::decode::Loss;
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
    /// Each tree, with the place of its first subtree in `edges`.
    trees: Vec<(u32, usize)>,
    edges: Vec<u32>,
    /// An object that is asked for, and a tree that has it.
    holders: Vec<(u32, u32)>,
    /// A tree and the number of its entries that are not here.
    missing: Vec<(u32, u32)>,
    losses: Vec<(u32, u32, Loss)>,
}

/// All commits and trees.
pub(super) struct Graph {
    /// By number of the object.
    commits: Vec<Commit>,
    /// By number of an object: which thread saw the tree, and where its edges are.
    spans: Vec<Span>,
    edges: Vec<Vec<u32>>,
    /// Sorted.
    pub(super) holders: Vec<(u32, u32)>,
    missing: Vec<(u32, u32)>,
    pub(super) losses: Vec<(u32, u32, Loss)>,
}

#[derive(Clone, Copy, Default)]
struct Span {
    thread: u32,
    start: u32,
    end: u32,
}

/// In which commit each tree appears first.
pub(super) struct Appearances {
    /// Commits that references lead to, parents before children.
    pub(super) order: Vec<u32>,
    /// By number of an object: the place in `order` of the commit where the tree appears first.
    pub(super) first: Vec<u32>,
    /// By number of an object: the tree that it appears in there; [`NONE`] for the root.
    pub(super) parent: Vec<u32>,
    /// Number of commits, trees and files that are referred to and not here.
    pub(super) missing: u64,
    /// Number of commits at which a shallow clone was cut off.
    pub(super) cut: u64,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(store: &'a Store, wanted: &'a [bool]) -> Self {
        Self {
            store,
            wanted,
            recent: Recent::new(),
            commits: Vec::new(),
            trees: Vec::new(),
            edges: Vec::new(),
            holders: Vec::new(),
            missing: Vec::new(),
            losses: Vec::new(),
        }
    }

    fn tree(&mut self, object: u32, bytes: &[u8]) {
        self.trees.push((object, self.edges.len()));
        let mut missing = 0;
        for entry in entries(bytes, self.store.hash_len()) {
            if entry.is_submodule() {
                continue;
            }
            match self.recent.find(self.store, entry.id) {
                None => missing += 1,
                Some(found) if entry.is_tree() => self.edges.push(found),
                Some(found) if self.wanted[found as usize] => self.holders.push((found, object)),
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
            holders: Vec::new(),
            missing: Vec::new(),
            losses: Vec::new(),
        };
        for (thread, recorder) in recorders.into_iter().enumerate() {
            let ends = recorder.trees.iter().skip(1).map(|(_, start)| *start).chain([recorder.edges.len()]);
            for ((tree, start), end) in recorder.trees.iter().zip(ends) {
                graph.spans[*tree as usize] =
                    Span { thread: thread as u32, start: *start as u32, end: end as u32 };
            }
            graph.commits.extend(recorder.commits);
            graph.edges.push(recorder.edges);
            graph.holders.extend(recorder.holders);
            graph.missing.extend(recorder.missing);
            graph.losses.extend(recorder.losses);
        }
        graph.commits.sort_by_key(|commit| commit.object);
        graph.holders.sort_unstable();
        graph.holders.dedup();
        graph.losses.sort_unstable_by_key(|(object, ..)| *object);
        graph
    }

    /// The place in `commits` of the commit with this number.
    fn commit_at(&self, object: u32) -> Option<usize> {
        self.commits.binary_search_by_key(&object, |commit| commit.object).ok()
    }

    /// Whether there is a commit with this number.
    pub(super) fn is_commit(&self, object: u32) -> bool {
        self.commit_at(object).is_some()
    }

    /// Finds where everything appears first, as seen from the commits `tips`. The clone was cut off at
    /// the commits `shallow`.
    pub(super) fn appearances(
        &self,
        store: &Store,
        tips: &[u32],
        shallow: &BTreeSet<gix::ObjectId>,
    ) -> Appearances {
        let order = self.order(store, tips);
        let mut first = vec![NONE; store.len()];
        let mut parent = vec![NONE; store.len()];
        let (mut missing, mut cut) = (0, 0);
        let mut pending = Vec::new();
        for (place, at) in order.iter().enumerate() {
            let commit = &self.commits[*at];
            missing += u64::from(commit.tree == NONE);
            if shallow.contains(store.id(commit.object)) {
                cut += u64::from(commit.parents_missing > 0);
            } else {
                missing += u64::from(commit.parents_missing);
            }
            if commit.tree != NONE {
                pending.push((commit.tree, NONE));
            }
            while let Some((tree, above)) = pending.pop() {
                if first[tree as usize] != NONE {
                    continue;
                }
                first[tree as usize] = place as u32;
                parent[tree as usize] = above;
                let Span { thread, start, end } = self.spans[tree as usize];
                if let Some(edges) = self.edges.get(thread as usize) {
                    let edges = &edges[start as usize..end as usize];
                    pending.extend(
                        edges.iter().filter(|edge| first[**edge as usize] == NONE).map(|edge| (*edge, tree)),
                    );
                }
            }
        }
        missing += self
            .missing
            .iter()
            .filter(|(tree, _)| first[*tree as usize] != NONE)
            .map(|(_, count)| u64::from(*count))
            .sum::<u64>();
        let order = order.into_iter().map(|at| self.commits[at].object).collect();
        Appearances { order, first, parent, missing, cut }
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

/// An entry of a tree.
pub(super) struct Entry<'a> {
    mode: &'a [u8],
    pub(super) name: &'a [u8],
    pub(super) id: &'a [u8],
}

impl Entry<'_> {
    pub(super) fn is_tree(&self) -> bool {
        matches!(self.mode, b"40000" | b"040000")
    }

    fn is_submodule(&self) -> bool {
        self.mode == b"160000"
    }
}

/// The entries of a tree, up to the first that is damaged.
pub(super) fn entries(mut bytes: &[u8], hash_len: usize) -> impl Iterator<Item = Entry<'_>> {
    std::iter::from_fn(move || {
        let space = bytes.iter().take(8).position(|byte| *byte == b' ')?;
        let (mode, rest) = (&bytes[..space], &bytes[space + 1..]);
        let end = memchr::memchr(0, rest)?;
        let (id, after) = rest[end + 1..].split_at_checked(hash_len)?;
        bytes = after;
        Some(Entry { mode, name: &rest[..end], id })
    })
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
