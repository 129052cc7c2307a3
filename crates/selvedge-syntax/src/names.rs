//! What imports make of names.

use std::collections::HashMap;

use crate::facts::Facts;
use crate::kind::Kind;
use crate::language::Language;
use crate::tree::{NodeId, Tree};

/// The last name of a callee: `c` of `a.b.c`.
pub(crate) fn last(tree: &Tree, callee: NodeId) -> Option<NodeId> {
    match tree.kind(callee) {
        Kind::Name => Some(callee),
        Kind::Member => tree.child(callee, 1).filter(|name| tree.kind(*name) == Kind::Name),
        _ => None,
    }
}

/// The innermost function or file around a node; classes are scopes of their own.
pub(crate) fn scope_of(tree: &Tree, id: NodeId) -> NodeId {
    let mut at = id;
    while let Some(up) = tree.parent(at) {
        at = up;
        if tree.kind(at).is_scope() {
            break;
        }
    }
    at
}

/// The scope in which a name at a definition is bound: that of a function's own name is outside it.
pub(crate) fn binding_scope(tree: &Tree, name: NodeId) -> NodeId {
    match tree.parent(name) {
        Some(up)
            if matches!(tree.kind(up), Kind::Function | Kind::Class) && tree.child(up, 1) == Some(name) =>
        {
            scope_of(tree, up)
        }
        _ => scope_of(tree, name),
    }
}

/// The dotted text of a path; a leading run of dots is its text.
pub(crate) fn dotted(tree: &Tree, path: NodeId) -> String {
    let mut text = String::new();
    if tree.node(path).text_len > 0 {
        text.push_str(tree.text(path));
        if tree.children(path).next().is_some() && !text.ends_with('.') {
            text.push('.');
        }
    }
    for (index, name) in tree.children(path).enumerate() {
        if index > 0 {
            text.push('.');
        }
        text.push_str(tree.text(name));
    }
    text
}

/// What an import makes of a name.
#[derive(Debug)]
pub(crate) struct Alias {
    /// Where it is imported.
    pub(crate) at: NodeId,
    /// Where that holds.
    scope: NodeId,
    /// What it stands for.
    pub(crate) path: Vec<String>,
}

/// The imports that hold at a use of a name: those of the innermost scope, the last before the use.
pub(crate) fn in_force<'f>(
    tree: &Tree,
    facts: &'f Facts,
    name: NodeId,
) -> impl Iterator<Item = &'f [String]> {
    let all = facts.aliases.get(&tree.node(name).hash).map_or(&[][..], Vec::as_slice);
    let holds = |alias: &&Alias| alias.scope.0 <= name.0 && name.0 < tree.node(alias.scope).subtree_end;
    let best = all.iter().filter(holds).max_by_key(|alias| {
        (alias.scope, alias.at < name, if alias.at < name { alias.at } else { NodeId(0) })
    });
    // One import may give a name two meanings, as a default of JavaScript does.
    let chosen = best.map(|alias| (alias.at, alias.scope));
    all.iter().filter(move |alias| chosen == Some((alias.at, alias.scope))).map(|alias| alias.path.as_slice())
}

/// The parts of a path.
fn parts_of(tree: &Tree, path: NodeId) -> Vec<String> {
    let mut parts: Vec<String> = tree.children(path).map(|name| tree.text(name).to_owned()).collect();
    if tree.node(path).text_len > 0 {
        match parts.first_mut() {
            Some(first) => first.insert_str(0, tree.text(path)),
            None => parts.push(tree.text(path).to_owned()),
        }
    }
    parts
}

/// What names stand for by the imports of a file, wherever in it they stand.
pub(crate) fn imports(tree: &Tree, facts: &Facts) -> HashMap<u32, Vec<Alias>> {
    let mut found = Imports { tree, aliases: HashMap::new() };
    for id in facts.of_kind(Kind::Import) {
        let parts: Vec<_> = tree.children(*id).collect();
        if let [path, alias] = parts[..] {
            let mut path = parts_of(tree, path);
            if tree.language() == Language::Go {
                path = vec![package_of(path.first().map_or("", String::as_str)).to_owned()];
            }
            if tree.kind(alias) == Kind::Name {
                found.add(alias, path);
            }
        }
    }
    for id in facts.of_kind(Kind::ImportFrom) {
        let Some(module) = tree.child(*id, 0).map(|path| parts_of(tree, path)) else { continue };
        for item in tree.children(*id).skip(1) {
            let parts: Vec<_> = tree.children(item).collect();
            if let [name, alias] = parts[..] {
                let bound = if tree.kind(alias) == Kind::Absent { name } else { alias };
                let mut path = module.clone();
                if tree.text(name) == "default" {
                    found.add(bound, path.clone());
                }
                path.push(tree.text(name).to_owned());
                found.add(bound, path);
            }
        }
    }
    for id in facts.of_kind(Kind::VarDef) {
        found.required(*id);
    }
    found.aliases
}

/// Go: the name by which a package is known, from its path.
fn package_of(path: &str) -> &str {
    let is_version = |part: &&str| {
        part.len() > 1 && part.starts_with('v') && part[1..].bytes().all(|b| b.is_ascii_digit())
    };
    let part = path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path);
    part.split(".v").next().unwrap_or(part)
}

/// Imports as they are found.
struct Imports<'t> {
    tree: &'t Tree,
    aliases: HashMap<u32, Vec<Alias>>,
}

impl Imports<'_> {
    fn add(&mut self, name: NodeId, path: Vec<String>) {
        let text = self.tree.text(name);
        if text == "*" || path.is_empty() || (path.len() == 1 && path[0] == text) {
            return;
        }
        let scope = scope_of(self.tree, name);
        let aliases = self.aliases.entry(self.tree.node(name).hash).or_default();
        aliases.push(Alias { at: name, scope, path });
    }

    /// `const x = require('m')`, `const {a, b: c} = require('m')`, `const d = require('m').d`.
    fn required(&mut self, definition: NodeId) {
        let tree = self.tree;
        let parts: Vec<_> = tree.children(definition).collect();
        let [_, target, _, mut value] = parts[..] else { return };
        let mut tail = Vec::new();
        while tree.kind(value) == Kind::Member {
            let (Some(object), Some(name)) = (tree.child(value, 0), tree.child(value, 1)) else { return };
            tail.push(tree.text(name).to_owned());
            value = object;
        }
        let Some(module) = required_module(tree, value) else { return };
        let mut path = vec![module];
        path.extend(tail.into_iter().rev());
        match tree.kind(target) {
            Kind::Name => self.add(target, path),
            Kind::Dict => {
                for pair in tree.children(target) {
                    let own: Vec<_> = tree.children(pair).collect();
                    if let [key, bound] = own[..]
                        && tree.kind(bound) == Kind::Name
                    {
                        let mut full = path.clone();
                        full.push(tree.text(key).to_owned());
                        self.add(bound, full);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The module of `require('m')`.
fn required_module(tree: &Tree, call: NodeId) -> Option<String> {
    required(tree, call).map(|module| tree.text(module).to_owned())
}

/// The string of `require('m')`.
pub(crate) fn required(tree: &Tree, call: NodeId) -> Option<NodeId> {
    if tree.kind(call) != Kind::Call || tree.text(tree.child(call, 0)?) != "require" {
        return None;
    }
    let module = tree.child(tree.child(call, 1)?, 0)?;
    (tree.kind(module) == Kind::Str).then_some(module)
}

/// The modules of `from m import *`.
pub(crate) fn wildcards(tree: &Tree, facts: &Facts) -> Vec<String> {
    let mut modules = Vec::new();
    for id in facts.of_kind(Kind::ImportFrom) {
        let parts: Vec<_> = tree.children(*id).collect();
        let is_star = |item: &NodeId| tree.child(*item, 0).is_some_and(|name| tree.text(name) == "*");
        if let [module, items @ ..] = &parts[..]
            && items.iter().any(is_star)
        {
            modules.push(dotted(tree, *module));
        }
    }
    modules
}

/// Whether a node stands where an expression does: no name of a definition, member, keyword or import.
pub(crate) fn is_expression(tree: &Tree, id: NodeId) -> bool {
    if !tree.kind(id).is_expression() {
        return false;
    }
    let Some(up) = tree.parent(id) else { return true };
    let place = || tree.children(up).position(|child| child == id).unwrap_or(0);
    match tree.kind(up) {
        Kind::Import
        | Kind::ImportFrom
        | Kind::ImportItem
        | Kind::Path
        | Kind::Global
        | Kind::Labeled
        | Kind::Jump
        | Kind::Element
        | Kind::Type => false,
        Kind::Other if tree.text(up) == "package" => false,
        Kind::Member => tree.kind(id) != Kind::Name || place() == 0,
        Kind::KeywordArg | Kind::Attribute => place() != 0,
        Kind::Pair => place() != 0 || !tree.language().has_records() || tree.kind(id) != Kind::Name,
        Kind::Function => place() > 3,
        Kind::Lambda => place() != 1,
        Kind::Param => place() == 2,
        Kind::Class => place() > 1,
        Kind::VarDef => place() == 3,
        Kind::Cast => place() == 1,
        Kind::Catch => place() == 0,
        _ => true,
    }
}
