//! Finds where a pattern matches a tree: which nodes to try, and what to report.

mod chains;
mod items;
mod literals;
mod node;
mod operators;
mod statements;
mod unify;

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::kind::Kind;
use crate::language::Language;
use crate::pattern::expression::Expressions;
use crate::pattern::{MatchOptions, Pattern};
use crate::tree::{NodeId, Tree};
use crate::value::{Bindings, Metavariable, Value};

pub use unify::unify;

/// How deep matching may recurse; deeper attempts fail and exhaust the budget.
const DEPTH_MAX: u32 = 700;
/// Matches of one pattern that begin at one node.
const MATCHES_AT_ONE_NODE_MAX: usize = 64;

/// A budget of steps, each about the comparison of two nodes.
#[derive(Debug, Clone)]
pub struct Steps {
    left: u64,
    exhausted: bool,
}

impl Steps {
    /// A budget.
    pub fn new(steps: u64) -> Self {
        Self { left: steps, exhausted: false }
    }

    /// Whether work was cut short: matches may be missing.
    pub fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// What is left.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Takes one step; false when there is none left.
    pub fn spend(&mut self) -> bool {
        if self.left == 0 {
            self.exhausted = true;
            return false;
        }
        self.left -= 1;
        true
    }
}

/// One place where a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Match {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The node that matches, or the first statement of a sequence.
    pub first: NodeId,
    /// The last statement of a sequence, else the same node.
    pub last: NodeId,
    /// What the metavariables stand for.
    pub bindings: Bindings,
}

impl Match {
    /// The bytes that match.
    pub fn range(&self) -> Range<u32> {
        self.start..self.end
    }
}

/// All matches of a pattern, sorted and without duplicates. With `within`, only those inside these bytes.
pub fn find(pattern: &Pattern, tree: &Tree, within: Option<&Range<u32>>, steps: &mut Steps) -> Vec<Match> {
    if pattern.language().family() != tree.language().family()
        || !pattern.names.iter().all(|name| tree.facts.has_name(*name))
    {
        return Vec::new();
    }
    let mut matcher = Matcher {
        p: &pattern.tree,
        t: tree,
        options: &pattern.options,
        expressions: &pattern.expressions,
        one_is_enough: pattern.metavariables().is_empty(),
        steps,
        env: Vec::new(),
        depth: 0,
        flat: HashMap::new(),
        found: Vec::new(),
    };
    if let [root] = pattern.roots[..] {
        matcher.find_node(root, within);
    } else {
        matcher.find_sequence(&pattern.roots, within);
    }
    let mut found = matcher.found;
    found.sort();
    found.dedup();
    found
}

/// What comes after a part of a pattern has matched; true ends the search.
type Then<'k, 'm> = &'k dyn Fn(&mut Matcher<'m>) -> bool;

/// The state of one search.
struct Matcher<'m> {
    p: &'m Tree,
    t: &'m Tree,
    options: &'m MatchOptions,
    expressions: &'m Expressions,
    /// Nothing is bound, so that a second way to match at the same place says nothing.
    one_is_enough: bool,
    steps: &'m mut Steps,
    env: Vec<(Metavariable, Value)>,
    depth: u32,
    /// Statements of blocks with all that are nested in them.
    flat: HashMap<NodeId, Rc<[NodeId]>>,
    found: Vec<Match>,
}

impl<'m> Matcher<'m> {
    fn find_node(&mut self, root: NodeId, within: Option<&Range<u32>>) {
        let mut kinds = candidate_kinds(self.p, root);
        if self.p.kind(root) == Kind::Return
            && self.options.implicit_return
            && self.t.language().returns_implicitly()
        {
            kinds.extend(ALL_KINDS);
        }
        if self.t.language() == Language::Bash && self.p.kind(root) == Kind::Call {
            kinds.push(Kind::Str);
        }
        if self.p.kind(root) == Kind::Return && self.t.language().family() == Language::JavaScript.family() {
            let bodies = self.arrow_bodies();
            self.try_each(root, &bodies, within);
        }
        for kind in kinds {
            let tree = self.t;
            if matches!(kind, Kind::Call | Kind::New)
                && let Some(callee) = self.callee_hash(root)
            {
                let ids: Vec<NodeId> =
                    tree.facts.calls_of(callee).filter(|id| tree.kind(*id) == kind).collect();
                self.try_each(root, &ids, within);
                continue;
            }
            self.try_each(root, tree.of_kind(kind), within);
        }
    }

    /// Expressions that are what an arrow gives back, in order of the source.
    fn arrow_bodies(&self) -> Vec<NodeId> {
        let lambdas = self.t.of_kind(Kind::Lambda).iter();
        let mut bodies: Vec<NodeId> = lambdas
            .filter_map(|lambda| self.t.children(*lambda).last())
            .filter(|body| self.t.kind(*body).is_expression())
            .collect();
        bodies.sort_unstable_by_key(|body| self.t.node(*body).start);
        bodies
    }

    /// The hash of the last name of a call pattern's callee, when it is a plain name.
    fn callee_hash(&self, root: NodeId) -> Option<u32> {
        if self.p.kind(root) != Kind::Call {
            return None;
        }
        let last = crate::names::last(self.p, self.p.child(root, 0)?)?;
        (self.p.kind(last) == Kind::Name).then(|| self.p.node(last).hash)
    }

    fn try_each(&mut self, root: NodeId, ids: &[NodeId], within: Option<&Range<u32>>) {
        let from = match within {
            Some(range) => ids.partition_point(|id| self.t.node(*id).start < range.start),
            None => 0,
        };
        for id in &ids[from..] {
            let node = self.t.node(*id);
            // A name that is bound or defined is no expression, but is matched when it is all that is asked about.
            let asked_about = within.is_some_and(|range| *range == (node.start..node.end));
            if node.kind == Kind::Name && !asked_about && !crate::names::is_expression(self.t, *id) {
                continue;
            }
            if let Some(range) = within {
                if node.start >= range.end {
                    return;
                }
                if node.end > range.end {
                    continue;
                }
            }
            let (start, end, id) = (node.start, node.end, *id);
            let before = self.found.len();
            self.root_node(root, id, &move |m| m.report(start, end, id, id, before));
            if self.steps.exhausted() {
                return;
            }
        }
    }

    fn find_sequence(&mut self, roots: &[NodeId], within: Option<&Range<u32>>) {
        let tree = self.t;
        for kind in [Kind::Module, Kind::Block] {
            for block in tree.of_kind(kind) {
                let node = tree.node(*block);
                if within.is_some_and(|range| node.end <= range.start || node.start >= range.end) {
                    continue;
                }
                self.find_in_block(roots, *block, within);
                if self.steps.exhausted() {
                    return;
                }
            }
        }
    }

    fn find_in_block(&mut self, roots: &[NodeId], block: NodeId, within: Option<&Range<u32>>) {
        let siblings: Vec<NodeId> = self.t.children(block).collect();
        for (index, first) in siblings.iter().enumerate() {
            let first = *first;
            let start = self.t.node(first).start;
            if within.is_some_and(|range| start < range.start) || !self.may_begin(roots[0], first) {
                continue;
            }
            let statements = &siblings[index..];
            let before = self.found.len();
            let end_max = within.map_or(u32::MAX, |range| range.end);
            let mut seen = statements::Seen::default();
            self.sequence(roots, statements, true, first, &mut seen, &move |m, last| {
                let end = m.t.node(last).end.max(m.t.node(first).end);
                end <= end_max && m.report(start, end, first, last, before)
            });
            if self.steps.exhausted() {
                return;
            }
        }
    }

    /// Records a match; true when no further one at this place is wanted.
    fn report(&mut self, start: u32, end: u32, first: NodeId, last: NodeId, before: usize) -> bool {
        let mut bindings = Bindings::default();
        for (name, value) in &self.env {
            bindings.set(*name, value.clone());
        }
        let found = Match { start, end, first, last, bindings };
        if !self.found[before..].contains(&found) {
            self.found.push(found);
        }
        self.one_is_enough || self.found.len() - before >= MATCHES_AT_ONE_NODE_MAX
    }

    fn is_bound(&self, name: Metavariable) -> bool {
        self.env.iter().any(|(known, _)| *known == name)
    }

    /// Binds a metavariable, or compares with what it is bound to.
    fn bind(&mut self, name: Metavariable, value: Value, then: Then<'_, 'm>) -> bool {
        if name == Metavariable::bare("_") {
            return then(self);
        }
        if let Some((_, bound)) = self.env.iter().find(|(known, _)| *known == name) {
            return unify(self.t, bound, &value) && then(self);
        }
        self.env.push((name, value));
        let stop = then(self);
        self.env.pop();
        stop
    }
}

/// The kinds of nodes that a pattern with this root can match.
fn candidate_kinds(pattern: &Tree, root: NodeId) -> Vec<Kind> {
    let all = || ALL_KINDS.iter().copied();
    match pattern.kind(root) {
        Kind::Metavariable | Kind::TypedMetavariable | Kind::DeepEllipsis | Kind::Ellipsis => {
            all().filter(|kind| kind.is_expression()).collect()
        }
        Kind::Str | Kind::Number | Kind::Constant | Kind::Interpolated => {
            all().filter(|kind| kind.is_expression()).collect()
        }
        Kind::Member => vec![Kind::Member, Kind::Name],
        Kind::Name => vec![Kind::Name, Kind::Member],
        Kind::Assign => vec![Kind::Assign, Kind::VarDef],
        Kind::Import | Kind::ImportFrom => vec![Kind::Import, Kind::ImportFrom, Kind::VarDef],
        Kind::For => vec![Kind::For, Kind::ForEach, Kind::While, Kind::DoWhile],
        Kind::Function => vec![Kind::Function, Kind::Lambda],
        Kind::Lambda => vec![Kind::Lambda, Kind::Function],
        Kind::Set => vec![Kind::Set, Kind::Dict, Kind::Comprehension],
        Kind::List => vec![Kind::List, Kind::Comprehension, Kind::Dict],
        Kind::Call => vec![Kind::Call, Kind::New, Kind::Decorator],
        kind => vec![kind],
    }
}

/// Every kind that a file's tree can have.
const ALL_KINDS: &[Kind] = &[
    Kind::Name,
    Kind::Str,
    Kind::Interpolated,
    Kind::Number,
    Kind::Constant,
    Kind::Regex,
    Kind::Call,
    Kind::New,
    Kind::Member,
    Kind::Index,
    Kind::Slice,
    Kind::Binary,
    Kind::Unary,
    Kind::Assign,
    Kind::Conditional,
    Kind::Lambda,
    Kind::Await,
    Kind::Yield,
    Kind::List,
    Kind::Tuple,
    Kind::Set,
    Kind::Dict,
    Kind::Comprehension,
    Kind::Cast,
    Kind::Element,
    Kind::Other,
];
