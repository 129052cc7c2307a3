//! Which nodes of a file are sources, sinks, sanitizers and ends of propagators.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use selvedge_syntax::{Kind, NodeId, Tree};

use crate::formula::Evaluator;
use crate::ranges::Hit;
use crate::rule::{SideEffect, Taint};

/// A place that a source formula matches.
pub(super) struct SourceMark {
    pub(super) hit: Hit,
    /// Index of the source in the rule.
    pub(super) spec: usize,
    pub(super) label: Arc<str>,
}

/// A place that a sink formula matches.
pub(super) struct SinkMark {
    pub(super) hit: Hit,
    pub(super) spec: usize,
}

/// A place that a sanitizer formula matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SanitizerMark {
    pub(super) side_effect: bool,
    /// Only the value itself is clean, not what it is made from.
    pub(super) exact: bool,
}

/// One way data takes from one node to another.
pub(super) struct PropagatorMark {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) spec: usize,
}

/// All marks of one rule in one file.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) sources: Vec<SourceMark>,
    pub(super) sinks: Vec<SinkMark>,
    pub(super) propagators: Vec<PropagatorMark>,
    source_at: HashMap<NodeId, Vec<usize>>,
    /// Sources at the very node, for those that act by side effect.
    source_on: HashMap<NodeId, Vec<usize>>,
    sink_at: HashMap<NodeId, Vec<usize>>,
    sanitizer_at: HashMap<NodeId, SanitizerMark>,
    from_at: HashMap<NodeId, Vec<usize>>,
    to_at: HashMap<NodeId, Vec<usize>>,
}

impl Marks {
    /// Evaluates the formulas; `None` if there is nothing to follow.
    pub(super) fn gather(evaluator: &mut Evaluator<'_>, spec: &Taint, tree: &Tree) -> Option<Self> {
        let mut marks = Self::default();
        for (index, sink) in spec.sinks.iter().enumerate() {
            for hit in evaluator.evaluate(&sink.formula) {
                let range = hit.start..hit.end;
                let number = marks.sinks.len();
                let nodes = if sink.exact { exact(tree, &range) } else { inside(tree, &range) };
                for node in nodes {
                    marks.sink_at.entry(node).or_default().push(number);
                }
                marks.sinks.push(SinkMark { hit, spec: index });
            }
        }
        if marks.sinks.is_empty() {
            return None;
        }
        for (index, source) in spec.sources.iter().enumerate() {
            for hit in evaluator.evaluate(&source.formula) {
                let range = hit.start..hit.end;
                let number = marks.sources.len();
                let exactly = exact(tree, &range);
                if source.side_effect != SideEffect::Only {
                    let nodes = if source.exact { exactly.clone() } else { inside(tree, &range) };
                    for node in nodes {
                        marks.source_at.entry(node).or_default().push(number);
                    }
                }
                for node in exactly {
                    marks.source_on.entry(node).or_default().push(number);
                }
                marks.sources.push(SourceMark { hit, spec: index, label: source.label.clone() });
            }
        }
        if marks.sources.is_empty() {
            return None;
        }
        marks.sanitizers(evaluator, spec, tree);
        marks.propagators(evaluator, spec, tree);
        Some(marks)
    }

    fn sanitizers(&mut self, evaluator: &mut Evaluator<'_>, spec: &Taint, tree: &Tree) {
        for sanitizer in &spec.sanitizers {
            let mark = SanitizerMark { side_effect: sanitizer.side_effect, exact: sanitizer.exact };
            for hit in evaluator.evaluate(&sanitizer.formula) {
                let same = |other: &Hit| (other.start, other.end) == (hit.start, hit.end);
                let conflicts = self.sources.iter().any(|source| same(&source.hit))
                    || self.sinks.iter().any(|sink| same(&sink.hit));
                if sanitizer.not_conflicting && conflicts {
                    continue;
                }
                let range = hit.start..hit.end;
                let nodes = if sanitizer.exact { exact(tree, &range) } else { inside(tree, &range) };
                for node in nodes {
                    self.sanitizer_at.insert(node, mark);
                }
            }
        }
    }

    fn propagators(&mut self, evaluator: &mut Evaluator<'_>, spec: &Taint, tree: &Tree) {
        for (index, propagator) in spec.propagators.iter().enumerate() {
            for hit in evaluator.evaluate(&propagator.formula) {
                let end = |name: &str| {
                    let range = evaluator.range_of(&hit, name)?;
                    exact(tree, &range).last().copied()
                };
                let (Some(from), Some(to)) = (end(&propagator.from), end(&propagator.to)) else { continue };
                let number = self.propagators.len();
                self.from_at.entry(from).or_default().push(number);
                self.to_at.entry(to).or_default().push(number);
                self.propagators.push(PropagatorMark { from, to, spec: index });
            }
        }
    }

    /// Sources whose match the node is or lies in.
    pub(super) fn sources_at(&self, node: NodeId) -> &[usize] {
        self.source_at.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Sources whose match is the node.
    pub(super) fn sources_on(&self, node: NodeId) -> &[usize] {
        self.source_on.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Sinks at the node.
    pub(super) fn sinks_at(&self, node: NodeId) -> &[usize] {
        self.sink_at.get(&node).map_or(&[], Vec::as_slice)
    }

    /// What cleans the node.
    pub(super) fn sanitizer_at(&self, node: NodeId) -> Option<SanitizerMark> {
        self.sanitizer_at.get(&node).copied()
    }

    /// Propagators that read the node.
    pub(super) fn reads(&self, node: NodeId) -> bool {
        self.from_at.contains_key(&node)
    }

    /// Propagators that write to the node.
    pub(super) fn writes(&self, node: NodeId) -> &[usize] {
        self.to_at.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Propagators that read the node.
    pub(super) fn read_by(&self, node: NodeId) -> &[usize] {
        self.from_at.get(&node).map_or(&[], Vec::as_slice)
    }
}

/// The nodes that fill exactly the range, outermost first.
fn exact(tree: &Tree, range: &Range<u32>) -> Vec<NodeId> {
    let Some(mut node) = tree.exactly(range) else { return Vec::new() };
    let mut nodes = vec![node];
    while let Some(inner) =
        tree.children(node).find(|child| tree.range(*child) == *range && tree.kind(*child) != Kind::Absent)
    {
        nodes.push(inner);
        node = inner;
    }
    nodes
}

/// The nodes that lie in the range.
fn inside(tree: &Tree, range: &Range<u32>) -> Vec<NodeId> {
    let cover = tree.exactly(range).unwrap_or_else(|| tree.covering(range));
    tree.subtree(cover)
        .filter(|node| {
            let own = tree.range(*node);
            range.start <= own.start && own.end <= range.end && tree.kind(*node) != Kind::Absent
        })
        .collect()
}
