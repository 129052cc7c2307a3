//! Tries the ways in which a piece of code may be read: as it is, or inside what it needs around it.

use super::PatternError;
use super::substitute::substitute;
use crate::cst::Cst;
use crate::kind::Kind;
use crate::language::Language;
use crate::lower;
use crate::tree::{Limits, NodeId, Tree};

/// Reads a pattern into a tree and the nodes to match.
pub(super) fn read(language: Language, text: &str) -> Result<(Tree, Vec<NodeId>), PatternError> {
    let text = dedent(text);
    let mut error = None;
    for attempt in attempts(language, &text) {
        match attempt_one(language, attempt) {
            Ok(found) => return Ok(found),
            Err(near) => error = error.or(Some(near)),
        }
    }
    Err(PatternError::Unreadable { language, near: error.unwrap_or_default() })
}

/// One way to read a pattern.
pub(super) struct Attempt {
    /// What is parsed.
    pub(super) source: String,
    /// Which node of the result is the pattern.
    pub(super) pick: Pick,
}

/// Which part of what was parsed is the pattern.
#[derive(Clone, Copy)]
pub(super) enum Pick {
    /// The statements of the file.
    All,
    /// The first node of a kind.
    First(Kind),
}

fn attempts(language: Language, text: &str) -> Vec<Attempt> {
    let source = substitute(language, text);
    let whole = |source: String| Attempt { source, pick: Pick::All };
    let mut all = vec![whole(source.clone())];
    if language == Language::Python {
        all.push(whole(source.replace("__ELL,", "**__ELL,").replace(", __ELL", ", **__ELL")));
        all.push(whole(format!("{source}\n  __ELL")));
        all.push(Attempt {
            source: format!("{source}\ndef __ELL(): __ELL"),
            pick: Pick::First(Kind::Decorator),
        });
        all.push(whole(format!("{source}\nexcept __ELL: __ELL")));
    }
    all
}

fn attempt_one(language: Language, attempt: Attempt) -> Result<(Tree, Vec<NodeId>), String> {
    let Some(cst) = Cst::parse(language, &attempt.source, &Limits::default()) else {
        return Err(String::new());
    };
    if let Some(broken) = cst.broken.first() {
        let near = attempt.source.get(broken.start as usize..).unwrap_or("");
        return Err(super::marker::restore(&near.chars().take(30).collect::<String>()));
    }
    let lowered = lower::lower(language, &attempt.source, &cst, true);
    let tree = Tree::assemble(language, attempt.source, lowered);
    let roots = match attempt.pick {
        Pick::All => tree.children(tree.root()).collect(),
        Pick::First(kind) => tree.subtree(tree.root()).filter(|id| tree.kind(*id) == kind).take(1).collect(),
    };
    Ok((tree, roots))
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
