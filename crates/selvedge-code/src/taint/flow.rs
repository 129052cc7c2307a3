//! Statements: how the environment changes along them, and where ways part and meet.

use selvedge_syntax::{Kind, NodeId};

use super::Flow;
use super::env::{Env, Taints};

/// How often a loop is gone through at most; each time something more may be tainted.
const LOOP_ROUNDS_MAX: usize = 4;

impl Flow<'_> {
    /// Follows a statement, or an expression in its place.
    pub(super) fn statement(&mut self, node: NodeId, env: &mut Env) {
        if env.is_dead() || self.steps == 0 {
            return;
        }
        self.steps -= 1;
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Absent | Kind::Import | Kind::ImportFrom | Kind::Global => {}
            Kind::Module | Kind::Block => self.sequence(node, env),
            // Followed on their own, once the file's statements are known.
            Kind::Function => self.defaults(node, env),
            Kind::Class | Kind::Labeled => {
                if let Some(body) = tree.children(node).last() {
                    self.statement(body, env);
                }
            }
            Kind::If => self.branch(node, env),
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach => self.looped(node, env),
            Kind::Try => self.tried(node, env),
            Kind::Switch => self.switch(node, env),
            Kind::With => {
                for part in tree.children(node).collect::<Vec<_>>() {
                    self.statement(part, env);
                }
            }
            Kind::WithItem => {
                let taints = self.child_value(node, 0, env);
                if let Some(target) = tree.child(node, 1) {
                    self.assign_to(target, &taints, env);
                }
            }
            Kind::VarDef => self.definition(node, env),
            Kind::Return | Kind::Raise => {
                let taints = self.child_value(node, 0, env);
                self.sinks(node, &taints);
                env.kill();
            }
            Kind::Jump => {
                if let Some(exits) = self.exits.last_mut() {
                    exits.push(env.clone());
                }
                env.kill();
            }
            _ => {
                self.value(node, env);
            }
        }
    }

    fn sequence(&mut self, node: NodeId, env: &mut Env) {
        for statement in self.tree.children(node).collect::<Vec<_>>() {
            self.statement(statement, env);
        }
    }

    /// Decorators and default values are evaluated where the function is defined.
    fn defaults(&mut self, function: NodeId, env: &mut Env) {
        for part in self.tree.children(function).collect::<Vec<_>>() {
            match self.tree.kind(part) {
                Kind::Modifiers => {
                    self.value(part, env);
                }
                Kind::Params => {
                    for param in self.tree.children(part).collect::<Vec<_>>() {
                        if let Some(default) = self.tree.child(param, 2) {
                            self.value(default, env);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn branch(&mut self, node: NodeId, env: &mut Env) {
        let parts: Vec<_> = self.tree.children(node).collect();
        let Some((condition, branches)) = parts.split_first() else { return };
        self.value(*condition, env);
        let before = env.clone();
        if let Some(then) = branches.first() {
            self.statement(*then, env);
        }
        let mut other = before;
        if let Some(otherwise) = branches.get(1) {
            self.statement(*otherwise, &mut other);
        }
        env.join(&other);
    }

    fn looped(&mut self, node: NodeId, env: &mut Env) {
        let parts: Vec<_> = self.tree.children(node).collect();
        let kind = self.tree.kind(node);
        if kind == Kind::For
            && let Some(initial) = parts.first()
        {
            self.statement(*initial, env);
        }
        self.exits.push(Vec::new());
        for _ in 0..LOOP_ROUNDS_MAX {
            let before = env.clone();
            self.round(kind, &parts, env);
            let exits = self.exits.last_mut().map(std::mem::take).unwrap_or_default();
            for exit in &exits {
                env.join(exit);
            }
            env.join(&before);
            if *env == before {
                break;
            }
        }
        self.exits.pop();
    }

    /// One time through a loop.
    fn round(&mut self, kind: Kind, parts: &[NodeId], env: &mut Env) {
        match (kind, parts) {
            (Kind::ForEach, [target, iterable, rest @ ..]) => {
                let taints = self.value(*iterable, env);
                self.assign_to(*target, &taints, env);
                self.all(rest, env);
            }
            (Kind::For, [_, condition, update, rest @ ..]) => {
                self.value(*condition, env);
                self.all(rest, env);
                env.revive();
                self.value(*update, env);
            }
            _ => self.all(parts, env),
        }
    }

    fn all(&mut self, parts: &[NodeId], env: &mut Env) {
        for part in parts {
            self.statement(*part, env);
        }
    }

    /// `resources?`, body, handlers, `else?`, `finally?`. A handler may begin anywhere in the body.
    fn tried(&mut self, node: NodeId, env: &mut Env) {
        let parts: Vec<_> = self.tree.children(node).collect();
        let before = env.clone();
        if let Some(resources) = parts.first() {
            self.statement(*resources, env);
        }
        if let Some(body) = parts.get(1) {
            self.statement(*body, env);
        }
        let mut thrown = before;
        let mut after_body = env.clone();
        after_body.revive();
        thrown.join(&after_body);
        if let Some(otherwise) = parts.get(3) {
            self.statement(*otherwise, env);
        }
        if let Some(catches) = parts.get(2) {
            for catch in self.tree.children(*catches).collect::<Vec<_>>() {
                let mut handler = thrown.clone();
                if let Some(body) = self.tree.children(catch).last() {
                    self.statement(body, &mut handler);
                }
                env.join(&handler);
            }
        }
        if let Some(last) = parts.get(4) {
            let dead = env.is_dead();
            env.revive();
            self.statement(*last, env);
            if dead {
                env.kill();
            }
        }
    }

    fn switch(&mut self, node: NodeId, env: &mut Env) {
        let parts: Vec<_> = self.tree.children(node).collect();
        if let Some(subject) = parts.first() {
            self.value(*subject, env);
        }
        let before = env.clone();
        self.exits.push(Vec::new());
        let mut falling = before.clone();
        let mut after = before.clone();
        for case in parts.iter().skip(1) {
            let mut inside = before.clone();
            inside.join(&falling);
            for part in self.tree.children(*case).collect::<Vec<_>>() {
                self.statement(part, &mut inside);
            }
            after.join(&inside);
            falling = inside;
        }
        for exit in self.exits.pop().unwrap_or_default() {
            after.join(&exit);
        }
        *env = after;
    }

    /// `Modifiers`, target, `Type?`, `value?`.
    fn definition(&mut self, node: NodeId, env: &mut Env) {
        let taints = self.child_value(node, 3, env);
        let taints = taints.union(&self.sources_at(node, &taints));
        if let Some(target) = self.tree.child(node, 1) {
            self.assign_to(target, &taints, env);
        }
        self.sinks(node, &taints);
    }

    fn child_value(&mut self, node: NodeId, index: usize, env: &mut Env) -> Taints {
        self.tree.child(node, index).map_or_else(Taints::default, |child| self.value(child, env))
    }
}
