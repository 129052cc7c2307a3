//! What imports make of names.

use std::collections::HashMap;

use crate::facts::Facts;
use crate::kind::Kind;
use crate::tree::{NodeId, Tree};

/// The last name of a callee: `c` of `a.b.c`.
pub(crate) fn last(tree: &Tree, callee: NodeId) -> Option<NodeId> {
    match tree.kind(callee) {
        Kind::Name => Some(callee),
        Kind::Member => tree.child(callee, 1).filter(|name| tree.kind(*name) == Kind::Name),
        _ => None,
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

/// The dotted paths that names stand for by the imports of a file, wherever in it they stand.
pub(crate) fn imports(tree: &Tree, facts: &Facts) -> HashMap<u32, Vec<String>> {
    let mut aliases: HashMap<u32, Vec<String>> = HashMap::new();
    let mut add = |name: NodeId, path: String| {
        if tree.text(name) != path {
            let paths = aliases.entry(tree.node(name).hash).or_default();
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    };
    for id in facts.of_kind(Kind::Import) {
        let parts: Vec<_> = tree.children(*id).collect();
        if let [path, alias] = parts[..]
            && tree.kind(alias) == Kind::Name
        {
            add(alias, dotted(tree, path));
        }
    }
    for id in facts.of_kind(Kind::ImportFrom) {
        let Some(module) = tree.child(*id, 0).map(|path| dotted(tree, path)) else { continue };
        for item in tree.children(*id).skip(1) {
            let parts: Vec<_> = tree.children(item).collect();
            if let [name, alias] = parts[..] {
                let bound = if tree.kind(alias) == Kind::Absent { name } else { alias };
                add(bound, format!("{module}.{}", tree.text(name)));
            }
        }
    }
    aliases
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
