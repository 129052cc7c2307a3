//! Expressions: what taint their value carries, and what they do on the way.

use std::hash::{DefaultHasher, Hash, Hasher};

use selvedge_syntax::{Kind, NodeId};

use super::env::{ANY_ELEMENT, Env, PLACE_DEPTH_MAX, Place, Taints};
use super::{Flow, labels};
use crate::rule::SideEffect;

/// Operators whose result is a truth value.
const COMPARISONS: &[&str] =
    &["==", "!=", "===", "!==", "<", ">", "<=", ">=", "<=>", "in", "not in", "is", "is not", "instanceof"];

impl Flow<'_> {
    /// The taint of a value: that of its parts, of the sources that it is, less what cleans it.
    pub(super) fn value(&mut self, node: NodeId, env: &mut Env) -> Taints {
        if self.steps == 0 || self.tree.kind(node) == Kind::Absent {
            return Taints::default();
        }
        self.steps -= 1;
        if let Some(sanitizer) = self.marks.sanitizer_at(node) {
            if sanitizer.side_effect
                && let Some(place) = self.place(node)
            {
                env.assign(&place, &Taints::default());
            }
            if sanitizer.exact {
                // Its parts may be sinks.
                self.parts(node, env);
            }
            return Taints::default();
        }
        let mut taints = self.parts(node, env);
        taints.add(&self.sources_at(node, &taints));
        self.by_side_effect(node, &taints, env);
        self.propagate(node, &mut taints, env);
        self.sinks(node, &taints);
        self.known_safe(node, taints)
    }

    /// The sources that the node is, or is a part of, and whose requirements the data meets.
    pub(super) fn sources_at(&self, node: NodeId, incoming: &Taints) -> Taints {
        let mut taints = Taints::default();
        for number in self.marks.sources_at(node) {
            let spec = &self.spec.sources[self.marks.sources[*number].spec];
            if labels::hold(&spec.requires, incoming, self.marks) {
                taints.add(&Taints::one(*number as u32));
            }
        }
        taints
    }

    fn by_side_effect(&mut self, node: NodeId, incoming: &Taints, env: &mut Env) {
        for number in self.marks.sources_on(node) {
            let spec = &self.spec.sources[self.marks.sources[*number].spec];
            if spec.side_effect != SideEffect::No
                && labels::hold(&spec.requires, incoming, self.marks)
                && let Some(place) = self.place(node)
            {
                env.add(&place, &Taints::one(*number as u32));
            }
        }
    }

    /// Moves taint between the two ends of propagators, in whichever order they are evaluated.
    fn propagate(&mut self, node: NodeId, taints: &mut Taints, env: &mut Env) {
        for number in self.marks.writes(node) {
            let mark = &self.marks.propagators[*number];
            let passed = self.passed.get(&mark.from).cloned().unwrap_or_default();
            taints.add(&self.relabelled(mark.spec, &passed));
        }
        if !self.marks.reads(node) {
            return;
        }
        self.passed.insert(node, taints.clone());
        for number in self.marks.read_by(node) {
            let mark = &self.marks.propagators[*number];
            let spec = &self.spec.propagators[mark.spec];
            let moved = self.relabelled(mark.spec, taints);
            if spec.side_effect
                && let Some(place) = self.place(mark.to)
            {
                env.add(&place, &moved);
            }
        }
    }

    /// What a propagator lets through.
    fn relabelled(&self, spec: usize, taints: &Taints) -> Taints {
        let spec = &self.spec.propagators[spec];
        if !labels::hold(&spec.requires, taints, self.marks) {
            return Taints::default();
        }
        match &spec.replace_labels {
            Some(replaced) => {
                taints.filter(|taint| replaced.contains(&self.marks.sources[taint as usize].label))
            }
            None => taints.clone(),
        }
    }

    /// Notes the sinks at the node that this data reaches.
    pub(super) fn sinks(&mut self, node: NodeId, taints: &Taints) {
        if taints.is_empty() {
            return;
        }
        for number in self.marks.sinks_at(node) {
            let spec = &self.spec.sinks[self.marks.sinks[*number].spec];
            if labels::hold(&spec.requires, taints, self.marks) {
                self.reached.entry(*number).or_default().add(taints);
            }
        }
    }

    /// The taint of the parts of an expression, as far as its value carries it.
    fn parts(&mut self, node: NodeId, env: &mut Env) -> Taints {
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Name => self.place(node).map_or_else(Taints::default, |place| env.within(&place)),
            Kind::Str | Kind::Number | Kind::Constant | Kind::Regex | Kind::Type | Kind::Path => {
                Taints::default()
            }
            Kind::Member => self.member(node, env),
            Kind::Index => self.index(node, env),
            Kind::Call | Kind::New => self.call(node, env),
            Kind::Assign => self.assignment(node, env),
            Kind::Binary => {
                let taints = self.union(node, env);
                let compares = COMPARISONS.contains(&tree.text(node));
                let safe =
                    compares && (self.options.assume_safe_comparisons || self.options.assume_safe_booleans);
                if safe { Taints::default() } else { taints }
            }
            Kind::Unary => {
                let taints = self.union(node, env);
                let negates = matches!(tree.text(node), "!" | "not");
                if negates && self.options.assume_safe_booleans { Taints::default() } else { taints }
            }
            Kind::Conditional => {
                let parts: Vec<_> = tree.children(node).collect();
                let Some((condition, branches)) = parts.split_first() else { return Taints::default() };
                self.value(*condition, env);
                let mut taints = Taints::default();
                for branch in branches {
                    taints.add(&self.value(*branch, env));
                }
                taints
            }
            Kind::Lambda | Kind::Function => {
                self.closure(node, env);
                Taints::default()
            }
            Kind::Comprehension => self.comprehension(node, env),
            Kind::CompFor => {
                let taints =
                    tree.child(node, 1).map_or_else(Taints::default, |iterable| self.value(iterable, env));
                if let Some(target) = tree.child(node, 0) {
                    self.assign_to(target, &taints, env);
                }
                Taints::default()
            }
            Kind::KeywordArg | Kind::Pair => {
                tree.children(node).last().map_or_else(Taints::default, |value| self.value(value, env))
            }
            kind if is_statement(kind) => {
                self.statement(node, env);
                Taints::default()
            }
            _ => self.union(node, env),
        }
    }

    fn union(&mut self, node: NodeId, env: &mut Env) -> Taints {
        let mut taints = Taints::default();
        for part in self.tree.children(node).collect::<Vec<_>>() {
            taints.add(&self.value(part, env));
        }
        taints
    }

    fn member(&mut self, node: NodeId, env: &mut Env) -> Taints {
        let object = self.tree.child(node, 0).map_or_else(Taints::default, |object| self.value(object, env));
        match self.place(node) {
            // What is known of the field itself counts, be it that it is clean.
            Some(place) => {
                let own = env.within(&place);
                let through = self.tree.child(node, 0).is_some_and(|object| self.adds_taint(object));
                if through { own.union(&object) } else { own }
            }
            None => object,
        }
    }

    /// Whether evaluating the node itself yields taint that no variable holds.
    fn adds_taint(&self, node: NodeId) -> bool {
        let here = !self.marks.sources_at(node).is_empty() || !self.marks.writes(node).is_empty();
        let deeper = matches!(self.tree.kind(node), Kind::Member | Kind::Index)
            && self.tree.child(node, 0).is_some_and(|object| self.adds_taint(object));
        here || deeper
    }

    fn index(&mut self, node: NodeId, env: &mut Env) -> Taints {
        let parts: Vec<_> = self.tree.children(node).collect();
        let Some((object, indices)) = parts.split_first() else { return Taints::default() };
        let whole = self.value(*object, env);
        let mut taints = self.element(node, *object, whole, env);
        for index in indices {
            let own = self.value(*index, env);
            if !self.options.assume_safe_indexes {
                taints.add(&own);
            }
        }
        taints
    }

    /// What is known of the element itself counts, where its key is; else whatever the object holds.
    fn element(&self, node: NodeId, object: NodeId, whole: Taints, env: &Env) -> Taints {
        let Some(place) = self.place(node).filter(|place| !place.contains(&ANY_ELEMENT)) else {
            return whole;
        };
        let mut any = place.clone();
        if let Some(last) = any.last_mut() {
            *last = ANY_ELEMENT;
        }
        let own = env.within(&place).union(&env.at(&any));
        if self.adds_taint(object) { own.union(&whole) } else { own }
    }

    fn call(&mut self, node: NodeId, env: &mut Env) -> Taints {
        let parts: Vec<_> = self.tree.children(node).collect();
        let Some((callee, rest)) = parts.split_first() else { return Taints::default() };
        let mut taints = self.value(*callee, env);
        for part in rest {
            taints.add(&self.value(*part, env));
        }
        let safe = self.options.assume_safe_functions || self.options.only_propagate_through_assignments;
        if safe {
            // The arguments still reach a sink that the call is.
            self.sinks(node, &taints);
            return Taints::default();
        }
        taints
    }

    fn assignment(&mut self, node: NodeId, env: &mut Env) -> Taints {
        let (Some(target), Some(value)) = (self.tree.child(node, 0), self.tree.child(node, 1)) else {
            return Taints::default();
        };
        let mut taints = self.value(value, env);
        if !matches!(self.tree.text(node), "=" | ":=" | "") {
            let before = self.value(target, env);
            taints.add(&before);
        }
        self.assign_to(target, &taints, env);
        taints
    }

    /// Gives every variable and field of a target what the value holds.
    pub(super) fn assign_to(&mut self, target: NodeId, taints: &Taints, env: &mut Env) {
        if self.steps == 0 {
            return;
        }
        self.steps -= 1;
        let tree = self.tree;
        let own = taints.union(&self.sources_at(target, taints));
        match tree.kind(target) {
            Kind::Name | Kind::Member | Kind::Index => {
                let computed = self.computed(target, env);
                self.sinks(target, &computed);
                if let Some(place) = self.place(target) {
                    env.assign(&place, &own);
                }
            }
            Kind::Pair => {
                if let Some(inner) = tree.children(target).last() {
                    self.assign_to(inner, &own, env);
                }
            }
            Kind::Absent | Kind::Type => {}
            _ => {
                for part in tree.children(target).collect::<Vec<_>>() {
                    self.assign_to(part, &own, env);
                }
            }
        }
    }

    /// Evaluates what a target computes before it is assigned to, its object and its index, and gives their taint.
    fn computed(&mut self, target: NodeId, env: &mut Env) -> Taints {
        let kind = self.tree.kind(target);
        let skip = usize::from(kind == Kind::Member);
        let parts: Vec<_> = self.tree.children(target).collect();
        let mut taints = Taints::default();
        for part in &parts[..parts.len().saturating_sub(skip)] {
            taints.add(&self.value(*part, env));
        }
        taints
    }

    /// A function within an expression sees what surrounds it; what it changes may have happened after it.
    fn closure(&mut self, node: NodeId, env: &mut Env) {
        let mut inside = env.clone();
        self.followed.insert(node);
        self.parameters(node, &mut inside);
        let exits = std::mem::take(&mut self.exits);
        if let Some(body) = self.body(node) {
            if is_statement(self.tree.kind(body)) {
                self.statement(body, &mut inside);
            } else {
                self.value(body, &mut inside);
            }
        }
        self.exits = exits;
    }

    /// The clauses give their targets values before the element is evaluated.
    fn comprehension(&mut self, node: NodeId, env: &mut Env) -> Taints {
        let parts: Vec<_> = self.tree.children(node).collect();
        let Some((element, clauses)) = parts.split_first() else { return Taints::default() };
        for clause in clauses {
            self.value(*clause, env);
        }
        self.value(*element, env)
    }

    /// The only part of a list of indices; else the node itself.
    fn only_part(&self, node: NodeId) -> NodeId {
        let mut parts = self.tree.children(node);
        match (self.tree.kind(node), parts.next(), parts.next()) {
            (Kind::Args, Some(only), None) => only,
            _ => node,
        }
    }

    /// The variable and fields that an expression names; `None` if it is computed.
    pub(super) fn place(&self, node: NodeId) -> Option<Place> {
        let tree = self.tree;
        let mut fields = Vec::new();
        let mut at = node;
        loop {
            match tree.kind(at) {
                Kind::Name => {
                    fields.push(hash(tree.text(at)));
                    break;
                }
                Kind::Constant if matches!(tree.text(at), "this" | "self" | "super") => {
                    fields.push(hash(tree.text(at)));
                    break;
                }
                Kind::Member => {
                    fields.push(hash(tree.text(tree.child(at, 1)?)));
                    at = tree.child(at, 0)?;
                }
                Kind::Index => {
                    let index = self.only_part(tree.child(at, 1)?);
                    fields.push(match tree.kind(index) {
                        Kind::Str | Kind::Number => hash(tree.text(index)),
                        _ => ANY_ELEMENT,
                    });
                    at = tree.child(at, 0)?;
                }
                _ => return None,
            }
        }
        fields.reverse();
        fields.truncate(PLACE_DEPTH_MAX);
        Some(fields)
    }

    /// What a type that cannot carry harm leaves of the taint, where the rule says so.
    fn known_safe(&self, node: NodeId, taints: Taints) -> Taints {
        if taints.is_empty() || !(self.options.assume_safe_numbers || self.options.assume_safe_booleans) {
            return taints;
        }
        let tree = self.tree;
        let callee = match tree.kind(node) {
            Kind::Call => tree.child(node, 0).map_or("", |callee| tree.source_of(callee)),
            _ => return taints,
        };
        let number =
            ["int", "float", "len", "parseInt", "parseFloat", "Number", "Integer.parseInt", "strconv.Atoi"];
        let truth = ["bool", "Boolean", "isinstance", "Boolean.parseBoolean"];
        let safe = (self.options.assume_safe_numbers && number.contains(&callee))
            || (self.options.assume_safe_booleans && truth.contains(&callee));
        if safe { Taints::default() } else { taints }
    }
}

fn is_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Module
            | Kind::Block
            | Kind::Class
            | Kind::VarDef
            | Kind::If
            | Kind::While
            | Kind::DoWhile
            | Kind::For
            | Kind::ForEach
            | Kind::Return
            | Kind::Raise
            | Kind::Try
            | Kind::With
            | Kind::WithItem
            | Kind::Switch
            | Kind::Jump
            | Kind::Labeled
    )
}

/// A number for a name; never that of an element.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() | 1
}
