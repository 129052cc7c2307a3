//! What is known of a tree besides its shape: nodes by kind, calls by callee, imports, constants.

use std::collections::{HashMap, HashSet};

use crate::constants;
use crate::kind::Kind;
use crate::names;
use crate::tree::{NodeId, Tree, text_hash};

/// Side tables of one tree.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Where the ids of each kind begin in `by_kind`.
    offsets: Vec<u32>,
    by_kind: Vec<NodeId>,
    /// Calls by the hash of the last name of their callee, and by that of what it is an alias of; sorted.
    calls: Vec<(u32, NodeId)>,
    /// Hashes of all names, and of the parts of what is imported; sorted.
    names: Vec<u32>,
    /// What imports make of a name, as a dotted path.
    pub(crate) aliases: HashMap<u32, Vec<names::Alias>>,
    /// Names with the node that declares them and the type it gives; sorted.
    types: Vec<(u32, NodeId, NodeId)>,
    /// Modules all of whose names are imported.
    pub(crate) wildcards: Vec<String>,
    /// Names by the scope that declares them.
    declared: HashSet<(NodeId, u32)>,
    /// The literal that a name or expression is known to be.
    literals: HashMap<NodeId, NodeId>,
    /// The expression that a name was last given, for symbolic propagation.
    values: HashMap<NodeId, NodeId>,
}

impl Facts {
    /// Gathers everything; constants may add literals to the tree, behind its root.
    pub(crate) fn gather(tree: &mut Tree) -> Self {
        let mut facts = Self::default();
        facts.index_kinds(tree);
        facts.aliases = names::imports(tree, &facts);
        facts.wildcards = names::wildcards(tree, &facts);
        facts.index_names(tree);
        facts.index_types(tree);
        let found = constants::propagate(tree, &facts);
        facts.declared = found.declared;
        facts.literals = found.literals;
        facts.values = found.values;
        facts
    }

    fn index_kinds(&mut self, tree: &Tree) {
        let mut counts = vec![0u32; Kind::COUNT + 1];
        for node in &tree.nodes {
            counts[node.kind as usize + 1] += 1;
        }
        for index in 1..counts.len() {
            counts[index] += counts[index - 1];
        }
        let mut next = counts.clone();
        self.by_kind = vec![NodeId(0); tree.nodes.len()];
        for (index, node) in tree.nodes.iter().enumerate() {
            let place = &mut next[node.kind as usize];
            self.by_kind[*place as usize] = NodeId(index as u32);
            *place += 1;
        }
        self.offsets = counts;
    }

    fn index_names(&mut self, tree: &Tree) {
        self.names = self.of_kind(Kind::Name).iter().map(|id| tree.node(*id).hash).collect();
        self.names.extend(
            self.aliases.values().flatten().flat_map(|alias| &alias.path).map(|part| text_hash(part)),
        );
        self.names.extend(self.wildcards.iter().flat_map(|path| path.split('.').map(text_hash)));
        self.names.sort_unstable();
        self.names.dedup();
        let mut calls = Vec::new();
        for kind in [Kind::Call, Kind::New] {
            for id in self.of_kind(kind) {
                let Some(last) = tree.child(*id, 0).and_then(|callee| names::last(tree, callee)) else {
                    continue;
                };
                let hash = tree.node(last).hash;
                calls.push((hash, *id));
                for path in self.aliases.get(&hash).into_iter().flatten().map(|alias| &alias.path) {
                    let alias = text_hash(path.last().map_or("", |part| part));
                    if alias != hash {
                        calls.push((alias, *id));
                    }
                }
            }
        }
        calls.sort_unstable();
        calls.dedup();
        self.calls = calls;
    }

    pub(crate) fn of_kind(&self, kind: Kind) -> &[NodeId] {
        let place = kind as usize;
        match (self.offsets.get(place), self.offsets.get(place + 1)) {
            (Some(from), Some(to)) => &self.by_kind[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// Calls whose callee ends in a name with this hash, in order of the source.
    pub(crate) fn calls_of(&self, hash: u32) -> impl Iterator<Item = NodeId> + '_ {
        let from = self.calls.partition_point(|(name, _)| *name < hash);
        self.calls[from..].iter().take_while(move |(name, _)| *name == hash).map(|(_, id)| *id)
    }

    /// Whether any name of the file has this hash.
    pub(crate) fn has_name(&self, hash: u32) -> bool {
        self.names.binary_search(&hash).is_ok()
    }

    pub(crate) fn literal_of(&self, id: NodeId) -> Option<NodeId> {
        self.literals.get(&id).copied()
    }

    pub(crate) fn value_of(&self, id: NodeId) -> Option<NodeId> {
        self.values.get(&id).copied()
    }

    /// The scope that declares the variable that a name is; none of names of members and keywords.
    pub(crate) fn declaring(&self, tree: &Tree, name: NodeId) -> Option<NodeId> {
        let up = tree.parent(name)?;
        let first = tree.child(up, 0) == Some(name);
        match tree.kind(up) {
            Kind::Member if !first => return None,
            Kind::KeywordArg | Kind::Pair | Kind::Attribute if first => return None,
            _ => {}
        }
        let hash = tree.node(name).hash;
        let mut scope = names::binding_scope(tree, name);
        while !self.declared.contains(&(scope, hash)) {
            if scope == tree.root() {
                return None;
            }
            scope = names::scope_of(tree, scope);
        }
        Some(scope)
    }

    /// The type that the nearest declaration of a name gives, or that it is constructed with.
    pub(crate) fn declared_type(&self, tree: &Tree, name: NodeId) -> Option<String> {
        let hash = tree.node(name).hash;
        let from = self.types.partition_point(|(known, _, _)| *known < hash);
        let mut best: Option<(u32, NodeId)> = None;
        for (known, declaration, kind) in &self.types[from..] {
            if *known != hash {
                break;
            }
            let scope = names::scope_of(tree, *declaration);
            let node = tree.node(scope);
            if scope.0 <= name.0
                && name.0 < node.subtree_end
                && best.is_none_or(|(start, _)| scope.0 >= start)
            {
                best = Some((scope.0, *kind));
            }
        }
        best.map(|(_, kind)| match tree.text(kind) {
            // C writes the star beside the name.
            "*" if !tree.source_of(kind).starts_with('*') => format!("{} *", tree.source_of(kind)),
            _ => tree.source_of(kind).to_owned(),
        })
    }

    fn index_types(&mut self, tree: &Tree) {
        let mut types = Vec::new();
        for id in self.of_kind(Kind::VarDef) {
            let parts: Vec<_> = tree.children(*id).collect();
            if let [_, name, kind, value] = parts[..] {
                types.extend(declared(tree, name, kind, Some(value)));
            }
        }
        for id in self.of_kind(Kind::Param) {
            let parts: Vec<_> = tree.children(*id).collect();
            if let [name, kind, ..] = parts[..] {
                types.extend(declared(tree, name, kind, None));
            }
        }
        for id in self.of_kind(Kind::Assign) {
            let parts: Vec<_> = tree.children(*id).collect();
            if let [name, value] = parts[..]
                && tree.kind(value) == Kind::New
            {
                types.extend(declared(tree, name, value, Some(value)));
            }
        }
        types.sort_unstable();
        self.types = types;
    }

    pub(crate) fn qualified(&self, tree: &Tree, id: NodeId) -> Option<String> {
        let mut tail = Vec::new();
        let mut at = id;
        while tree.kind(at) == Kind::Member {
            tail.push(tree.text(tree.child(at, 1)?));
            at = tree.child(at, 0)?;
        }
        if tree.kind(at) != Kind::Name {
            return None;
        }
        let head = match names::in_force(tree, self, at).next() {
            Some(path) => path.join("."),
            None => tree.text(at).to_owned(),
        };
        let mut full = head;
        for part in tail.iter().rev() {
            full.push('.');
            full.push_str(part);
        }
        Some(full)
    }
}

/// The type of a declaration: what is written, or the class of what it is given.
fn declared(tree: &Tree, name: NodeId, kind: NodeId, value: Option<NodeId>) -> Option<(u32, NodeId, NodeId)> {
    if tree.kind(name) != Kind::Name {
        return None;
    }
    let vague = matches!(tree.kind(kind), Kind::Absent | Kind::New) || tree.source_of(kind) == "var";
    let kind = match value {
        Some(value) if vague && tree.kind(value) == Kind::New => tree.child(value, 0)?,
        _ if vague => return None,
        _ => kind,
    };
    Some((tree.node(name).hash, name, kind))
}
