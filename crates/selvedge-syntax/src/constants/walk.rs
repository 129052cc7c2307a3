//! Follows values through the statements of each scope.

use std::collections::HashMap;

use super::scopes::Scopes;
use super::{Found, Known, Maker};
use crate::kind::Kind;
use crate::language::Language;
use crate::names::scope_of;
use crate::tree::{NodeId, Tree};

/// Names and what is known of them at one point of a program.
type Env = HashMap<u32, Known>;

/// Work of copying and joining environments, counted in names; beyond it nothing more is learnt.
const WORK_MAX: usize = 20_000_000;
/// How deep one value may be looked up through others.
const LOOKUP_DEPTH_MAX: u32 = 20;

struct Walker<'t> {
    tree: &'t Tree,
    scopes: &'t Scopes,
    maker: Maker<'t>,
    found: Found,
    /// Values of names that are given once, by scope, as far as they have been asked for.
    singles: HashMap<(NodeId, u32), Known>,
    scope: NodeId,
    work: usize,
}

/// Walks the file; gives what was found and the literals that were made up.
pub(super) fn walk(tree: &Tree, scopes: &Scopes, maker: Maker<'_>) -> (Found, Vec<(Kind, String, NodeId)>) {
    // The maker borrows the same tree.
    let maker = Maker { tree, made: maker.made, some_string: maker.some_string };
    let mut walker = Walker {
        tree,
        scopes,
        maker,
        found: Found::default(),
        singles: HashMap::new(),
        scope: tree.root(),
        work: 0,
    };
    walker.statements(tree.root(), &mut Env::new());
    (walker.found, walker.maker.made)
}

impl Walker<'_> {
    /// Statements in order; false when what follows is not reached.
    fn statements(&mut self, block: NodeId, env: &mut Env) -> bool {
        let mut reached = true;
        for child in self.tree.children(block) {
            reached &= self.statement(child, env);
        }
        reached
    }

    fn statement(&mut self, id: NodeId, env: &mut Env) -> bool {
        let parts: Vec<NodeId> = self.tree.children(id).collect();
        match (self.tree.kind(id), &parts[..]) {
            (Kind::Block, _) => return self.statements(id, env),
            (Kind::If, [condition, then, otherwise]) => {
                self.expression(*condition, env);
                return self.branch(&[*then, *otherwise], env);
            }
            (Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach, _) => self.repeat(id, &parts, env),
            (Kind::Try, [resources, body, catches, otherwise, finally]) => {
                return self.attempt(&[*resources, *body, *catches, *otherwise, *finally], env);
            }
            (Kind::Switch, [subject, cases @ ..]) => {
                self.expression(*subject, env);
                self.cases(cases, env);
            }
            (Kind::WithItem, [value, target]) => {
                self.expression(*value, env);
                self.forget(*target, env);
            }
            (Kind::Return | Kind::Raise | Kind::Jump, _) => {
                for part in parts {
                    self.expression(part, env);
                }
                return false;
            }
            (Kind::With | Kind::Catches | Kind::Labeled | Kind::Case | Kind::Catch | Kind::Finally, _) => {
                for part in parts {
                    self.statement(part, env);
                }
            }
            _ => self.expression(id, env),
        }
        true
    }

    fn branch(&mut self, ways: &[NodeId], env: &mut Env) -> bool {
        let mut joined: Option<Env> = None;
        for way in ways {
            let mut own = self.copy(env);
            if self.statement(*way, &mut own) {
                joined = Some(match joined {
                    None => own,
                    Some(other) => self.join(other, own),
                });
            }
        }
        let reached = joined.is_some();
        *env = joined.unwrap_or_default();
        reached
    }

    fn repeat(&mut self, id: NodeId, parts: &[NodeId], env: &mut Env) {
        let names: Vec<u32> = self.scopes.assigned_in(self.tree, id).collect();
        self.work += names.len();
        for (place, part) in parts.iter().enumerate() {
            // What comes first in a `for` runs once, before the loop.
            if !(place == 0 && self.tree.kind(id) == Kind::For) {
                for name in &names {
                    env.insert(*name, Known::default());
                }
            }
            if self.tree.kind(id) == Kind::ForEach && place == 0 {
                continue;
            }
            self.statement(*part, env);
        }
        for name in names {
            env.insert(name, Known::default());
        }
    }

    fn attempt(&mut self, parts: &[NodeId; 5], env: &mut Env) -> bool {
        let [resources, body, catches, otherwise, finally] = *parts;
        self.statement(resources, env);
        let mut before = self.copy(env);
        for name in self.scopes.assigned_in(self.tree, body) {
            before.insert(name, Known::default());
        }
        let may_throw = self.tree.subtree(body).any(|id| {
            matches!(self.tree.kind(id), Kind::Call | Kind::New | Kind::Raise | Kind::Index | Kind::Await)
        });
        let mut reached = self.statement(body, env);
        if reached {
            reached = self.statement(otherwise, env);
        }
        let mut joined = reached.then(|| std::mem::take(env));
        for catch in self.tree.children(catches) {
            let mut own = self.copy(&before);
            if self.statement(catch, &mut own) && may_throw {
                joined = Some(match joined {
                    None => own,
                    Some(other) => self.join(other, own),
                });
            }
        }
        let reached = joined.is_some();
        *env = joined.unwrap_or(before);
        self.statement(finally, env) && reached
    }

    fn cases(&mut self, cases: &[NodeId], env: &mut Env) {
        let mut joined = self.copy(env);
        for case in cases {
            let mut own = self.copy(env);
            self.statement(*case, &mut own);
            joined = self.join(joined, own);
        }
        *env = joined;
    }

    fn copy(&mut self, env: &Env) -> Env {
        self.work += env.len();
        if self.work > WORK_MAX { Env::new() } else { env.clone() }
    }

    fn join(&mut self, mut a: Env, b: Env) -> Env {
        self.work += b.len();
        let unknown: Vec<u32> = a.keys().filter(|name| !b.contains_key(name)).copied().collect();
        for name in unknown {
            a.insert(name, Known::default());
        }
        for (name, other) in b {
            let own = a.entry(name).or_default();
            let (literal, expression) = (own.literal, own.expression);
            own.literal = match (literal, other.literal) {
                (Some(x), Some(y)) => self.maker.join(x, y),
                _ => None,
            };
            own.expression = expression.filter(|value| other.expression == Some(*value));
        }
        a
    }

    fn forget(&mut self, target: NodeId, env: &mut Env) {
        for id in self.tree.subtree(target) {
            if self.tree.kind(id) == Kind::Name {
                env.insert(self.tree.node(id).hash, Known::default());
            }
        }
    }

    /// Looks into an expression, noting what its names are known to be.
    fn expression(&mut self, id: NodeId, env: &mut Env) {
        let kind = self.tree.kind(id);
        let parts: Vec<NodeId> = self.tree.children(id).collect();
        match (kind, &parts[..]) {
            (Kind::Name, _) => self.note(id, env),
            (Kind::Assign, [target, value]) => self.assign(id, *target, Some(*value), env),
            (Kind::VarDef, [modifiers, target, _, value]) => {
                self.expression(*modifiers, env);
                let value = (self.tree.kind(*value) != Kind::Absent).then_some(*value);
                self.assign(id, *target, value, env);
            }
            (Kind::Function | Kind::Lambda | Kind::Class, _) => self.enter(id, &parts),
            (Kind::Member, [object, ..]) => self.expression(*object, env),
            (Kind::KeywordArg, [_, value]) => self.expression(*value, env),
            (Kind::Pair, [_, value]) if self.tree.language() != Language::Python => {
                self.expression(*value, env);
            }
            (Kind::Comprehension, _) => {
                let mut own = self.copy(env);
                for name in self.scopes.assigned_in(self.tree, id) {
                    own.insert(name, Known::default());
                }
                for part in parts {
                    self.expression(part, &mut own);
                }
            }
            (Kind::CompFor | Kind::ForEach, [_, iterable, ..]) => self.expression(*iterable, env),
            (Kind::Block, _) => {
                self.statements(id, env);
            }
            (Kind::Unary, [operand])
                if self.tree.text(id).ends_with("++") || self.tree.text(id).ends_with("--") =>
            {
                self.forget(*operand, env);
            }
            (
                Kind::If
                | Kind::While
                | Kind::DoWhile
                | Kind::For
                | Kind::Try
                | Kind::Switch
                | Kind::With
                | Kind::Return
                | Kind::Raise,
                _,
            ) => {
                self.statement(id, env);
            }
            _ => {
                for part in &parts {
                    self.expression(*part, env);
                }
                if matches!(kind, Kind::Binary | Kind::Interpolated | Kind::Conditional)
                    && let Some(literal) = self.value(id, env, 0).literal
                {
                    self.found.literals.insert(id, literal);
                }
            }
        }
    }

    fn note(&mut self, id: NodeId, env: &Env) {
        let known = self.look_up(id, env, 0);
        if let Some(literal) = known.literal {
            self.found.literals.insert(id, literal);
        }
        if let Some(expression) = known.expression
            && expression != id
        {
            self.found.values.insert(id, expression);
        }
    }

    fn assign(&mut self, id: NodeId, target: NodeId, value: Option<NodeId>, env: &mut Env) {
        if let Some(value) = value {
            self.expression(value, env);
        }
        if self.tree.kind(target) != Kind::Name {
            if matches!(self.tree.kind(target), Kind::Tuple | Kind::List | Kind::Dict) {
                self.forget(target, env);
            } else {
                self.expression(target, env);
            }
            return;
        }
        let hash = self.tree.node(target).hash;
        let operator = self.tree.text(id);
        let plain = self.tree.kind(id) == Kind::VarDef || matches!(operator, "=" | ":=");
        let known = match value {
            Some(value) if plain => self.value(value, env, 0),
            Some(value) => {
                let old = self.look_up(target, env, 0).literal;
                let new = self.value(value, env, 0).literal;
                let literal = match (old, new, operator.strip_suffix('=')) {
                    (Some(a), Some(b), Some(operator)) => {
                        let operator = operator.to_owned();
                        self.maker.fold(&operator, a, b, id)
                    }
                    _ => None,
                };
                Known { literal, expression: None }
            }
            None => Known::default(),
        };
        env.insert(hash, known);
    }

    /// A scope of its own begins with nothing known of its own names.
    fn enter(&mut self, id: NodeId, parts: &[NodeId]) {
        let outer = std::mem::replace(&mut self.scope, id);
        let mut env = Env::new();
        for part in parts {
            self.statement(*part, &mut env);
        }
        self.scope = outer;
    }

    fn look_up(&mut self, id: NodeId, env: &Env, depth: u32) -> Known {
        let hash = self.tree.node(id).hash;
        if let Some(known) = env.get(&hash) {
            return *known;
        }
        if depth > LOOKUP_DEPTH_MAX {
            return Known::default();
        }
        let mut scope = self.scope;
        let mut inside = true;
        loop {
            if self.scopes.declares(scope, hash) {
                if inside && self.tree.kind(scope) != Kind::Class {
                    return Known::default();
                }
                return self.single(scope, hash, depth);
            }
            if scope == self.tree.root() {
                return Known::default();
            }
            scope = scope_of(self.tree, scope);
            inside = false;
        }
    }

    /// The value of a name that its scope gives once.
    fn single(&mut self, scope: NodeId, hash: u32, depth: u32) -> Known {
        if let Some(known) = self.singles.get(&(scope, hash)) {
            return *known;
        }
        let Some(value) = self.scopes.single.get(&(scope, hash)).copied() else { return Known::default() };
        self.singles.insert((scope, hash), Known::default());
        let outer = std::mem::replace(&mut self.scope, scope);
        // Its own scope's names are looked up as singles too.
        let known = self.value_outside(value, depth + 1);
        self.scope = outer;
        self.singles.insert((scope, hash), known);
        known
    }

    fn value_outside(&mut self, value: NodeId, depth: u32) -> Known {
        if self.tree.kind(value) == Kind::Name {
            let hash = self.tree.node(value).hash;
            let mut scope = self.scope;
            while !self.scopes.declares(scope, hash) {
                if scope == self.tree.root() {
                    return Known { literal: None, expression: Some(value) };
                }
                scope = scope_of(self.tree, scope);
            }
            return self.single(scope, hash, depth);
        }
        self.value(value, &Env::new(), depth)
    }

    /// What is known of an expression.
    fn value(&mut self, id: NodeId, env: &Env, depth: u32) -> Known {
        if depth > LOOKUP_DEPTH_MAX {
            return Known::default();
        }
        let parts: Vec<NodeId> = self.tree.children(id).collect();
        let literal = match (self.tree.kind(id), &parts[..]) {
            (Kind::Str | Kind::Number | Kind::Constant | Kind::Regex, _) => Some(id),
            (Kind::Name, _) => {
                let known = self.look_up(id, env, depth + 1);
                return Known { expression: known.expression.or(Some(id)), ..known };
            }
            (Kind::Binary, operands) if operands.len() > 1 => self.folded(id, operands, env, depth),
            (Kind::Conditional, [_, then, otherwise]) => {
                let a = self.value(*then, env, depth + 1).literal;
                let b = self.value(*otherwise, env, depth + 1).literal;
                match (a, b) {
                    (Some(a), Some(b)) => self.maker.join(a, b),
                    _ => None,
                }
            }
            (Kind::Interpolated, parts) => {
                let all = parts.iter().all(|part| {
                    self.value(*part, env, depth + 1)
                        .literal
                        .is_some_and(|id| matches!(self.maker.kind(id), Kind::Str | Kind::Interpolated))
                });
                if all { self.interpolated(id, parts, env, depth) } else { None }
            }
            _ => None,
        };
        Known { literal, expression: Some(id) }
    }

    fn interpolated(&mut self, id: NodeId, parts: &[NodeId], env: &Env, depth: u32) -> Option<NodeId> {
        let mut sum: Option<NodeId> = None;
        for part in parts {
            let next = self.value(*part, env, depth + 1).literal?;
            sum = match sum {
                None => Some(next),
                Some(sum) => Some(self.maker.fold("+", sum, next, id)?),
            };
        }
        sum
    }

    fn folded(&mut self, id: NodeId, operands: &[NodeId], env: &Env, depth: u32) -> Option<NodeId> {
        if let Some(known) = self.found.literals.get(&id) {
            return Some(*known);
        }
        let operator = self.tree.text(id).to_owned();
        let mut sum = self.value(operands[0], env, depth + 1).literal;
        for operand in &operands[1..] {
            let next = self.value(*operand, env, depth + 1).literal;
            let is_string = |kind| matches!(kind, Kind::Str | Kind::Interpolated);
            sum = match (sum, next) {
                (Some(a), Some(b)) if operator == "*" && is_string(self.maker.kind(a)) => {
                    let _ = b;
                    self.maker.some_string(id)
                }
                (Some(a), None) if operator == "*" && is_string(self.maker.kind(a)) => {
                    self.maker.some_string(id)
                }
                (Some(a), Some(b)) => self.maker.fold(&operator, a, b, id),
                _ => None,
            };
        }
        sum
    }
}
