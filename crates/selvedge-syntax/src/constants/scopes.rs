//! Which scope a name belongs to, and how often it is given a value there.

use std::collections::{HashMap, HashSet};

use crate::facts::Facts;
use crate::kind::Kind;
use crate::language::Language;
use crate::names::{binding_scope, scope_of};
use crate::tree::{NodeId, Tree};

/// Declarations and assignments of one file.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    /// How often a name is given a value, by the scope that declares it.
    counts: HashMap<(NodeId, u32), u32>,
    /// Names by the scope that declares them.
    pub(super) declared: HashSet<(NodeId, u32)>,
    /// The value of a name that is given once, by a plain assignment.
    pub(super) single: HashMap<(NodeId, u32), NodeId>,
    /// Where names are given values, in order of the source.
    pub(super) assigned: Vec<(NodeId, u32)>,
}

/// Whether an assignment declares the name in the innermost function.
fn assignment_declares(language: Language) -> bool {
    matches!(language, Language::Python | Language::Ruby | Language::Php)
}

/// One place where a name is given a value.
struct Given {
    name: NodeId,
    value: Option<NodeId>,
    declares: bool,
}

impl Scopes {
    pub(super) fn gather(tree: &Tree, facts: &Facts) -> Self {
        let mut scopes = Self::default();
        let mut given = Vec::new();
        collect(tree, facts, &mut given);
        let mut globals: Vec<(NodeId, u32)> = Vec::new();
        for id in facts.of_kind(Kind::Global) {
            let scope = scope_of(tree, *id);
            globals.extend(tree.children(*id).map(|name| (scope, tree.node(name).hash)));
        }
        globals.sort_unstable();
        let mut declared: HashSet<(NodeId, u32)> = HashSet::new();
        let mut placed = Vec::with_capacity(given.len());
        for one in &given {
            let hash = tree.node(one.name).hash;
            let scope = binding_scope(tree, one.name);
            if one.declares && globals.binary_search(&(scope, hash)).is_err() {
                declared.insert((scope, hash));
            }
            placed.push((scope, hash));
        }
        for (one, (scope, hash)) in given.iter().zip(placed) {
            let mut scope = scope;
            while !declared.contains(&(scope, hash)) && scope != tree.root() {
                scope = scope_of(tree, scope);
            }
            let count = scopes.counts.entry((scope, hash)).or_default();
            *count += 1;
            match one.value {
                Some(value) if *count == 1 => {
                    scopes.single.insert((scope, hash), value);
                }
                _ => {
                    scopes.single.remove(&(scope, hash));
                }
            }
            scopes.assigned.push((one.name, hash));
        }
        scopes.assigned.sort_unstable();
        scopes.declared = declared;
        scopes
    }

    /// Whether a scope itself declares a name.
    pub(super) fn declares(&self, scope: NodeId, hash: u32) -> bool {
        self.counts.contains_key(&(scope, hash))
    }

    /// Names that are given a value somewhere in a subtree.
    pub(super) fn assigned_in(&self, tree: &Tree, id: NodeId) -> impl Iterator<Item = u32> + '_ {
        let end = NodeId(tree.node(id).subtree_end);
        let from = self.assigned.partition_point(|(name, _)| *name < id);
        self.assigned[from..].iter().take_while(move |(name, _)| *name < end).map(|(_, hash)| *hash)
    }
}

fn collect(tree: &Tree, facts: &Facts, out: &mut Vec<Given>) {
    let by_assignment = assignment_declares(tree.language());
    for id in facts.of_kind(Kind::Assign) {
        let parts: Vec<NodeId> = tree.children(*id).collect();
        let plain = matches!(tree.text(*id), "=" | ":=");
        let declares = by_assignment || tree.text(*id) == ":=";
        if let Some(target) = parts.first() {
            let value = parts.get(1).copied().filter(|_| plain);
            targets(tree, *target, value, declares, out);
        }
    }
    for id in facts.of_kind(Kind::VarDef) {
        let parts: Vec<NodeId> = tree.children(*id).collect();
        if let [_, target, _, value] = parts[..] {
            let value = (tree.kind(value) != Kind::Absent).then_some(value);
            targets(tree, target, value, true, out);
        }
    }
    let places = [
        (Kind::Param, 0),
        (Kind::ForEach, 0),
        (Kind::CompFor, 0),
        (Kind::Catch, 1),
        (Kind::WithItem, 1),
        (Kind::Function, 1),
        (Kind::Class, 1),
        (Kind::Unary, 0),
    ];
    for (kind, place) in places {
        for id in facts.of_kind(kind) {
            if kind == Kind::Unary && !tree.text(*id).ends_with("++") && !tree.text(*id).ends_with("--") {
                continue;
            }
            if let Some(target) = tree.child(*id, place) {
                targets(tree, target, None, kind != Kind::Unary, out);
            }
        }
    }
}

/// The names that a target gives values to.
fn targets(tree: &Tree, target: NodeId, value: Option<NodeId>, declares: bool, out: &mut Vec<Given>) {
    match tree.kind(target) {
        Kind::Name => out.push(Given { name: target, value, declares }),
        Kind::Tuple | Kind::List | Kind::Dict | Kind::Spread | Kind::Pair => {
            for id in tree.subtree(target) {
                if tree.kind(id) == Kind::Name {
                    out.push(Given { name: id, value: None, declares });
                }
            }
        }
        _ => {}
    }
}
