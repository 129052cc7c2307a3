//! Reads a pattern in the first way in which its grammar understands it.

use super::PatternError;
use super::marker::BACKSLASH;
use super::readings::{Pick, Reading, readings};
use crate::cst::Cst;
use crate::kind::Kind;
use crate::language::Language;
use crate::lower;
use crate::tree::{Limits, NodeId, Tree};

/// Reads a pattern into a tree and the nodes to match.
pub(super) fn read(language: Language, text: &str) -> Result<(Tree, Vec<NodeId>), PatternError> {
    let text = dedent(text);
    let mut error = None;
    for text in std::iter::once(text.clone()).chain(without_escapes(&text)) {
        for reading in readings(language, &text) {
            match attempt(reading) {
                Ok(found) => return Ok(found),
                Err(near) => error = error.or(Some(near)),
            }
        }
    }
    Err(PatternError::Unreadable { language, near: error.unwrap_or_default() })
}

fn attempt(reading: Reading) -> Result<(Tree, Vec<NodeId>), String> {
    let Some(cst) = Cst::parse(reading.grammar, &reading.source, &Limits::default()) else {
        return Err(String::new());
    };
    if let Some(broken) = cst.broken.first() {
        return Err(opening(&reading.source, broken.start));
    }
    let lowered = lower::lower(reading.grammar, &reading.source, &cst, true);
    let mut tree = Tree::assemble(reading.grammar, reading.source, lowered);
    if let Some(at) = nameless(&tree) {
        return Err(opening(tree.source(), at));
    }
    let first = |tree: &Tree, kind| tree.subtree(tree.root()).find(|id| tree.kind(*id) == kind);
    let roots: Vec<NodeId> = match reading.pick {
        Pick::All => tree.children(tree.root()).collect(),
        Pick::Only => {
            let all: Vec<NodeId> = tree.children(tree.root()).collect();
            match all[..] {
                [one] if matches!(tree.kind(one), Kind::Dict | Kind::List) => {
                    let mut inner = tree.children(one);
                    match (inner.next(), inner.next()) {
                        (Some(only), None) if tree.kind(only) != Kind::Ellipsis => vec![only],
                        _ => all,
                    }
                }
                _ => all,
            }
        }
        Pick::Last => {
            tree.children(tree.root()).next().and_then(|assign| tree.child(assign, 1)).into_iter().collect()
        }
        Pick::FirstStatement => tree.children(tree.root()).take(1).collect(),
        Pick::Argument => first(&tree, Kind::Args).into_iter().flat_map(|args| tree.children(args)).collect(),
        Pick::Second => first(&tree, Kind::Assign).and_then(|set| tree.child(set, 1)).into_iter().collect(),
        Pick::Value => first(&tree, Kind::VarDef).and_then(|def| tree.child(def, 3)).into_iter().collect(),
        Pick::First(kind) => first(&tree, kind).into_iter().collect(),
        Pick::Inside(kind) => {
            let block = first(&tree, kind)
                .and_then(|outer| tree.subtree(outer).find(|id| tree.kind(*id) == Kind::Block));
            block.into_iter().flat_map(|block| tree.children(block)).collect()
        }
        Pick::Below(kind) => {
            first(&tree, kind).into_iter().flat_map(|outer| tree.children(outer)).take(1).collect()
        }
        Pick::Partial(kind, open) => {
            let Some(root) = first(&tree, kind) else { return Err(String::new()) };
            let places: Vec<NodeId> = tree.children(root).collect();
            for place in open {
                if let Some(id) = places.get(*place) {
                    tree.nodes[id.0 as usize].kind = Kind::Ellipsis;
                }
            }
            vec![root]
        }
    };
    if roots.is_empty() { Err(String::new()) } else { Ok((tree, roots)) }
}

/// How the part of a pattern begins that could not be read, as it was written.
fn opening(source: &str, at: u32) -> String {
    let near = source.get(at as usize..).unwrap_or("");
    super::marker::restore(&near.chars().take(30).collect::<String>())
}

/// The text with the backslashes of its regular expressions `"=~/…/"` marked, as languages refuse escapes that
/// their strings do not know; `None` if there are none.
fn without_escapes(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(at) = rest.find("\"=~/") {
        let inside = &rest[at + 1..];
        let mut escaped = false;
        let end = inside.find(|c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        out.push_str(&rest[..=at]);
        let marked = inside[..end].replace('\\', BACKSLASH);
        // A quote has to stay one of the string's own.
        out.push_str(&marked.replace(&format!("{BACKSLASH}\""), "\\\""));
        rest = &inside[end..];
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

/// Where a definition begins that has a type and no name: `A.B;` in C#, which is an expression.
fn nameless(tree: &Tree) -> Option<u32> {
    let lacks = |id: &NodeId| {
        tree.kind(*id) == Kind::VarDef
            && tree
                .child(*id, 1)
                .is_some_and(|name| tree.kind(name) == Kind::Name && tree.text(name).is_empty())
    };
    tree.subtree(tree.root()).find(lacks).map(|id| tree.range(id).start)
}

/// Takes away blank lines around, and the indentation that all lines share.
fn dedent(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let shared = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let first = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for line in &lines[first..] {
        out.push_str(line.get(shared..).unwrap_or(""));
        out.push('\n');
    }
    out.trim_end().to_owned()
}
