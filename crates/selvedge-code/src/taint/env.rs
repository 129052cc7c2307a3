//! What is tainted: sets of sources, by variable and field.

use std::collections::BTreeMap;
use std::rc::Rc;

/// A set of sources, by their number among the source marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Taints(Option<Rc<[u32]>>);

impl Taints {
    pub(super) fn one(source: u32) -> Self {
        Self(Some(Rc::new([source])))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().flat_map(|sources| sources.iter().copied())
    }

    #[must_use]
    pub(super) fn union(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            (Some(left), Some(right)) if left == right => self.clone(),
            (Some(left), Some(right)) => {
                let mut all: Vec<u32> = left.iter().chain(right.iter()).copied().collect();
                all.sort_unstable();
                all.dedup();
                Self(Some(all.into()))
            }
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        *self = self.union(other);
    }

    /// The sources that fit.
    #[must_use]
    pub(super) fn filter(&self, fits: impl Fn(u32) -> bool) -> Self {
        let kept: Vec<u32> = self.iter().filter(|source| fits(*source)).collect();
        if kept.is_empty() { Self::default() } else { Self(Some(kept.into())) }
    }
}

/// A variable, and the fields that lead from it; each by the hash of its name.
pub(super) type Place = Vec<u64>;

/// The field that stands for an element at any index.
pub(super) const ANY_ELEMENT: u64 = 0;

/// Fields that are told apart; deeper ones are those of their parent.
pub(super) const PLACE_DEPTH_MAX: usize = 6;

/// What is known at one point of a function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Env {
    /// An empty set means that the place is clean, whatever its parent is.
    known: BTreeMap<Place, Taints>,
    /// Whether this point is never reached.
    dead: bool,
}

impl Env {
    pub(super) fn is_dead(&self) -> bool {
        self.dead
    }

    pub(super) fn kill(&mut self) {
        self.dead = true;
    }

    pub(super) fn revive(&mut self) {
        self.dead = false;
    }

    /// What a place holds: what is known of it, or of the nearest place that it is a part of.
    pub(super) fn at(&self, place: &[u64]) -> Taints {
        (1..=place.len())
            .rev()
            .find_map(|length| self.known.get(&place[..length]))
            .cloned()
            .unwrap_or_default()
    }

    /// What a place and all its parts hold.
    pub(super) fn within(&self, place: &[u64]) -> Taints {
        let mut all = self.at(place);
        for (known, taints) in self.known.range(place.to_vec()..) {
            if !known.starts_with(place) {
                break;
            }
            all.add(taints);
        }
        all
    }

    /// The place holds this, and nothing that it or its parts held before.
    pub(super) fn assign(&mut self, place: &[u64], taints: &Taints) {
        if place.contains(&ANY_ELEMENT) {
            self.add(place, taints);
            return;
        }
        let parts: Vec<Place> = self
            .known
            .range(place.to_vec()..)
            .map(|(known, _)| known)
            .take_while(|known| known.starts_with(place))
            .cloned()
            .collect();
        for part in parts {
            self.known.remove(&part);
        }
        if !taints.is_empty() || !self.at(place).is_empty() {
            self.known.insert(place.to_vec(), taints.clone());
        }
    }

    /// The place holds this beside what it held.
    pub(super) fn add(&mut self, place: &[u64], taints: &Taints) {
        if !taints.is_empty() {
            let all = self.at(place).union(taints);
            self.known.insert(place.to_vec(), all);
        }
    }

    /// What holds where two ways meet.
    pub(super) fn join(&mut self, other: &Self) {
        if other.dead {
            return;
        }
        if self.dead {
            *self = other.clone();
            return;
        }
        if self.known == other.known {
            return;
        }
        let mut joined = BTreeMap::new();
        for place in self.known.keys().chain(other.known.keys()) {
            joined.insert(place.clone(), self.at(place).union(&other.at(place)));
        }
        self.known = joined;
    }
}
