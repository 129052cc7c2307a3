//! Where trees appear: in which commit first, and under which paths.
//!
//! A tree that several directories have in common is looked into once for each of them, so that every path of
//! every content is known. What is counted are directories, not paths: a repository that repeats a few trees
//! a thousand levels deep has more paths than could ever be told.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::graph::{Edge, NONE};
use super::names::Names;

/// The longest path that is followed, as on the systems that repositories are checked out on.
const PATH_BYTES_MAX: u32 = 4096;

/// Beside one directory for each tree, at most this many more are looked into.
const MORE_PLACES_MAX: usize = 1 << 20;

/// The root directory.
pub(super) const ROOT: u32 = 0;

/// Directories, each with a number.
pub(super) struct Directories {
    all: Vec<Directory>,
    numbers: HashMap<(u32, u32), u32>,
}

#[derive(Clone, Copy)]
struct Directory {
    /// The directory that it is in.
    above: u32,
    /// Number of its name.
    name: u32,
    /// Length of its path with a slash at the end.
    length: u32,
}

impl Directories {
    fn new() -> Self {
        Self { all: vec![Directory { above: NONE, name: NONE, length: 0 }], numbers: HashMap::new() }
    }

    /// The number of the directory called `name` in `above`; `None` if its path is too long.
    fn number(&mut self, above: u32, name: u32, names: &Names) -> Option<u32> {
        if let Some(number) = self.numbers.get(&(above, name)) {
            return Some(*number);
        }
        let length = self.all[above as usize].length + names.text(name).len() as u32 + 1;
        if length > PATH_BYTES_MAX {
            return None;
        }
        let number = self.all.len() as u32;
        self.all.push(Directory { above, name, length });
        self.numbers.insert((above, name), number);
        Some(number)
    }

    fn is(&self, directory: u32, above: u32, name: u32) -> bool {
        let known = self.all[directory as usize];
        known.above == above && known.name == name
    }

    /// The path of a directory: empty for the root, else with a slash at the end.
    pub(super) fn path(&self, directory: u32, names: &Names) -> String {
        let mut parts = Vec::new();
        let mut at = directory;
        while at != ROOT {
            let Directory { above, name, .. } = self.all[at as usize];
            parts.push(String::from_utf8_lossy(names.text(name)));
            at = above;
        }
        parts.iter().rev().flat_map(|part| [part.as_ref(), "/"]).collect()
    }
}

/// In which directories each tree appears, and in which commit first.
pub(super) struct Places {
    pub(super) directories: Directories,
    /// By number of an object: the place in the order of commits where the tree appears first.
    first: Vec<u32>,
    /// By number of an object: the directory that it is there.
    directory: Vec<u32>,
    /// Other directories that the tree is, each with its first commit.
    more: BTreeMap<u32, Vec<(u32, u32)>>,
    known: HashSet<(u32, u32)>,
    pending: Vec<(u32, u32)>,
    /// Number of directories that were not looked into.
    pub(super) left_out: u64,
}

impl Places {
    /// No place yet, of that many objects.
    pub(super) fn new(objects: usize) -> Self {
        Self {
            directories: Directories::new(),
            first: vec![NONE; objects],
            directory: vec![NONE; objects],
            more: BTreeMap::new(),
            known: HashSet::new(),
            pending: Vec::new(),
            left_out: 0,
        }
    }

    /// Whether the tree appears anywhere.
    pub(super) fn has(&self, tree: u32) -> bool {
        self.first[tree as usize] != NONE
    }

    /// The first commit and the directory of each appearance of `tree` under another path.
    pub(super) fn of(&self, tree: u32) -> impl Iterator<Item = (u32, u32)> {
        let at = tree as usize;
        let first = (self.first[at] != NONE).then(|| (self.first[at], self.directory[at]));
        first.into_iter().chain(self.more.get(&tree).into_iter().flatten().copied())
    }

    /// Takes note of everything below the root `tree` of the commit at place `order`, later commits after
    /// earlier ones. `edges` tells the trees in a tree; `visit` is told each tree in each new directory.
    pub(super) fn add<'e>(
        &mut self,
        order: u32,
        tree: u32,
        names: &Names,
        edges: impl Fn(u32) -> &'e [Edge],
        visit: &mut dyn FnMut(u32, u32, &Directories),
    ) {
        self.pending.push((tree, ROOT));
        while let Some((tree, directory)) = self.pending.pop() {
            if !self.is_new(order, tree, directory) {
                continue;
            }
            visit(tree, directory, &self.directories);
            for edge in edges(tree) {
                let known = self.directory[edge.tree as usize];
                if known != NONE && self.directories.is(known, directory, edge.name) {
                    continue;
                }
                match self.directories.number(directory, edge.name, names) {
                    Some(below) => self.pending.push((edge.tree, below)),
                    None => self.left_out += 1,
                }
            }
        }
    }

    fn is_new(&mut self, order: u32, tree: u32, directory: u32) -> bool {
        let at = tree as usize;
        if self.first[at] == NONE {
            (self.first[at], self.directory[at]) = (order, directory);
            return true;
        }
        if self.directory[at] == directory || self.known.contains(&(tree, directory)) {
            return false;
        }
        if self.known.len() >= MORE_PLACES_MAX {
            self.left_out += 1;
            return false;
        }
        self.known.insert((tree, directory));
        self.more.entry(tree).or_default().push((order, directory));
        true
    }
}
