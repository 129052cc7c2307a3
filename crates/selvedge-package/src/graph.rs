//! The graph between components: what is direct, what only developers need, and why something is there.

use std::collections::VecDeque;

use crate::{Manifest, Relation, Scope};

impl Manifest {
    /// Spreads scope and relation along the graph. O(components + edges).
    ///
    /// Before the call, roots are marked [`Relation::Root`] and `direct` says with which scope the project
    /// names each direct component. Afterwards every component that can be reached has the least scope of
    /// all ways to it, so that something is *development* only if nothing that ships needs it; what cannot
    /// be reached keeps the scope it had.
    pub fn spread(&mut self, direct: &[(u32, Scope)]) {
        let mut best: Vec<Option<Scope>> = vec![None; self.components.len()];
        let mut by_scope: Vec<(u32, Scope)> = direct.to_vec();
        by_scope.sort_by_key(|(_, scope)| *scope);
        let mut pending = VecDeque::new();
        for (index, scope) in by_scope {
            pending.push_back(index);
            while let Some(at) = pending.pop_front() {
                let Some(slot) = best.get_mut(at as usize) else { continue };
                if slot.is_some() {
                    continue;
                }
                *slot = Some(scope);
                pending.extend(self.components[at as usize].dependencies.iter().copied());
            }
        }
        for (component, scope) in self.components.iter_mut().zip(&best) {
            if let Some(scope) = scope {
                component.scope = *scope;
                if component.relation == Relation::Unknown {
                    component.relation = Relation::Transitive;
                }
            }
        }
        for (index, _) in direct {
            if let Some(component) = self.components.get_mut(*index as usize)
                && component.relation != Relation::Root
            {
                component.relation = Relation::Direct;
            }
        }
    }

    /// A shortest way from the project to the component at `target`: indices, the first one a direct
    /// dependency (or a root), the last one `target`. Empty if there is no graph or no way.
    pub fn path_to(&self, target: u32) -> Vec<u32> {
        let count = self.components.len();
        let mut parent: Vec<Option<u32>> = vec![None; count];
        let mut seen = vec![false; count];
        let mut pending = VecDeque::new();
        // Roots and direct components alike: a file may name both without edges between them.
        for (index, component) in self.components.iter().enumerate() {
            if matches!(component.relation, Relation::Root | Relation::Direct) {
                seen[index] = true;
                pending.push_back(index as u32);
            }
        }
        while let Some(at) = pending.pop_front() {
            if at == target {
                return self.unwind(&parent, target);
            }
            for next in &self.components[at as usize].dependencies {
                if let Some(slot) = seen.get_mut(*next as usize)
                    && !*slot
                {
                    *slot = true;
                    parent[*next as usize] = Some(at);
                    pending.push_back(*next);
                }
            }
        }
        Vec::new()
    }

    fn unwind(&self, parent: &[Option<u32>], target: u32) -> Vec<u32> {
        let mut path = vec![target];
        let mut at = target;
        while let Some(previous) = parent[at as usize] {
            at = previous;
            if self.components[at as usize].relation != Relation::Root {
                path.push(at);
            }
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Component;

    fn manifest(edges: &[&[u32]]) -> Manifest {
        let components = edges
            .iter()
            .map(|dependencies| Component { dependencies: dependencies.to_vec(), ..Component::default() })
            .collect();
        Manifest { components, has_graph: true, ..Manifest::default() }
    }

    #[test]
    fn what_runtime_needs_is_runtime_even_if_development_needs_it_too() {
        let mut it = manifest(&[&[2], &[2, 3], &[], &[]]);
        it.spread(&[(0, Scope::Development), (1, Scope::Runtime)]);
        let scopes: Vec<_> = it.components.iter().map(|c| (c.scope, c.relation)).collect();
        assert_eq!(
            scopes,
            [
                (Scope::Development, Relation::Direct),
                (Scope::Runtime, Relation::Direct),
                (Scope::Runtime, Relation::Transitive),
                (Scope::Runtime, Relation::Transitive),
            ]
        );
    }

    #[test]
    fn the_way_is_shortest_and_survives_cycles() {
        let mut it = manifest(&[&[1, 2], &[0, 3], &[3], &[4], &[3]]);
        it.components[0].relation = Relation::Root;
        it.spread(&[(1, Scope::Runtime), (2, Scope::Runtime)]);
        assert_eq!(it.path_to(4), [1, 3, 4]);
        assert_eq!(it.path_to(0), [0]);
        assert!(manifest(&[&[]]).path_to(0).is_empty());
    }

    #[test]
    fn the_way_begins_at_a_direct_component_even_where_the_root_has_no_edges() {
        let mut it = manifest(&[&[], &[2], &[]]);
        it.components[0].relation = Relation::Root;
        it.spread(&[(1, Scope::Runtime)]);
        assert_eq!(it.path_to(2), [1, 2]);
    }
}
