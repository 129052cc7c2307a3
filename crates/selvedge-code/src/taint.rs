//! `mode: taint`: which sinks data from a source can reach.
//!
//! The formulas of a rule say which nodes are sources, sinks, sanitizers and ends of propagators ([`marks`]).
//! Every function is then followed statement by statement with an environment that tells what is tainted
//! ([`mod@env`], [`flow`], [`expression`]): branches are joined, loops repeated until nothing changes. A call of an
//! unknown function passes on the taint of what it is given.

mod env;
mod expression;
mod flow;
mod labels;
mod marks;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use selvedge_syntax::{Kind, NodeId, Tree};

use crate::formula::Evaluator;
use crate::ranges::{Hit, merge};
use crate::rule::Taint;
use crate::scan::TraceStep;
use env::{Env, Taints};
use marks::Marks;

/// Sinks that tainted data reaches, each with where the data comes from.
pub(crate) fn find(evaluator: &mut Evaluator<'_>, spec: &Taint) -> Vec<(Hit, Vec<TraceStep>)> {
    let source = evaluator.source;
    let Some(tree) = source.tree() else { return Vec::new() };
    let Some(marks) = Marks::gather(evaluator, spec, tree) else { return Vec::new() };
    let unify = evaluator.rule.options.taint.unify_mvars;
    let mut flow = Flow {
        tree,
        spec,
        options: &evaluator.rule.options.taint,
        marks: &marks,
        reached: BTreeMap::new(),
        passed: HashMap::new(),
        exits: Vec::new(),
        followed: BTreeSet::new(),
        steps: FLOW_STEPS_MAX,
    };
    flow.file();
    if flow.steps == 0 {
        evaluator.limits.insert("the budget of steps for taint on one file is used up".to_owned());
    }
    let reached = std::mem::take(&mut flow.reached);
    reached.into_iter().filter_map(|(sink, taints)| finding(&marks, tree, sink, &taints, unify)).collect()
}

/// Nodes that may be visited for one rule in one file, repetitions of loops counted.
const FLOW_STEPS_MAX: u64 = 3_000_000;

/// The sink as a finding: with the bindings of the source where they agree.
fn finding(
    marks: &Marks,
    tree: &Tree,
    sink: usize,
    taints: &Taints,
    unify: bool,
) -> Option<(Hit, Vec<TraceStep>)> {
    let sink = &marks.sinks[sink].hit;
    let mut sources = taints.iter().map(|taint| &marks.sources[taint as usize].hit);
    let first = if unify {
        sources.find(|source| merge(Some(tree), &sink.bindings, &source.bindings).is_some())?
    } else {
        sources.next()?
    };
    let mut hit = sink.clone();
    for (name, value) in first.bindings.iter() {
        if hit.bindings.get(name).is_none() {
            hit.bindings.set(name, value.clone());
        }
    }
    let step = |hit: &Hit, what| TraceStep { range: hit.start as usize..hit.end as usize, what };
    Some((hit, vec![step(first, "comes from here"), step(sink, "reaches this")]))
}

/// The state of following one rule through one file.
struct Flow<'f> {
    tree: &'f Tree,
    spec: &'f Taint,
    options: &'f crate::rule::TaintOptions,
    marks: &'f Marks,
    /// Sinks that were reached, and by which sources.
    reached: BTreeMap<usize, Taints>,
    /// What came out of nodes that propagators read.
    passed: HashMap<NodeId, Taints>,
    /// Environments at which loops and switches are left early, innermost last.
    exits: Vec<Vec<Env>>,
    /// Functions whose body was followed as part of another.
    followed: BTreeSet<NodeId>,
    steps: u64,
}

impl Flow<'_> {
    /// The file's own statements first; what they leave behind is known in every function.
    fn file(&mut self) {
        let mut top = Env::default();
        self.statement(self.tree.root(), &mut top);
        top.revive();
        for kind in [Kind::Function, Kind::Lambda] {
            for function in self.tree.of_kind(kind).to_vec() {
                if !self.followed.contains(&function) {
                    self.function(function, &top);
                }
            }
        }
    }

    /// A function on its own: its parameters are tainted where they are sources.
    fn function(&mut self, function: NodeId, outside: &Env) {
        self.followed.insert(function);
        let mut env = outside.clone();
        self.parameters(function, &mut env);
        let exits = std::mem::take(&mut self.exits);
        if let Some(body) = self.body(function) {
            self.statement(body, &mut env);
        }
        self.exits = exits;
    }

    /// The body of a function or lambda: its last part.
    fn body(&self, function: NodeId) -> Option<NodeId> {
        self.tree.children(function).last().filter(|body| self.tree.kind(*body) != Kind::Absent)
    }

    fn parameters(&mut self, function: NodeId, env: &mut Env) {
        let Some(params) = self.tree.children(function).find(|child| self.tree.kind(*child) == Kind::Params)
        else {
            return;
        };
        for param in self.tree.children(params).collect::<Vec<_>>() {
            let mut whole = self.sources_at(param, &Taints::default());
            if let Some(default) = self.tree.child(param, 2) {
                whole.add(&self.value(default, env));
            }
            let target =
                if self.tree.kind(param) == Kind::Param { self.tree.child(param, 0) } else { Some(param) };
            let Some(target) = target else { continue };
            for name in self.tree.subtree(target).collect::<Vec<_>>() {
                if self.tree.kind(name) == Kind::Name {
                    let taints = whole.union(&self.sources_at(name, &Taints::default()));
                    if let Some(place) = self.place(name) {
                        env.assign(&place, &taints);
                    }
                }
            }
        }
    }
}
