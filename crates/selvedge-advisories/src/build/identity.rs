//! Ids and the groups that aliases make of them, so that one problem is one finding.
//!
//! Groups are the connected components of "is an alias of" over all records. `related` and `upstream` only
//! get a number here; they join nothing.

use std::collections::BTreeMap;

/// Numbers ids in the order in which they come, and joins them.
#[derive(Default)]
pub(crate) struct Ids {
    numbers: BTreeMap<Box<str>, u32>,
    parents: Vec<u32>,
}

/// Ids in alphabetical order, with their groups.
pub(crate) struct RankedIds {
    /// The ids; the place is the rank.
    pub(crate) names: Vec<Box<str>>,
    /// Rank for each number given out before.
    pub(crate) ranks: Vec<u32>,
    /// Ranks of each group with more than one member, ascending; groups by their first member.
    pub(crate) groups: Vec<Vec<u32>>,
    /// Place in `groups` plus one for each rank; 0 for an id that stands alone.
    pub(crate) group_of: Vec<u32>,
}

impl Ids {
    /// The number of an id.
    pub(crate) fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = self.parents.len() as u32;
        self.numbers.insert(id.into(), number);
        self.parents.push(number);
        number
    }

    /// Says that two ids name one problem.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        // The lower root wins; with path halving that is short enough in practice.
        let (low, high) = (a.min(b), a.max(b));
        self.parents[high as usize] = low;
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            let above = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = above;
            at = above;
        }
        at
    }

    /// Sorts the ids.
    pub(crate) fn rank(mut self) -> RankedIds {
        let count = self.parents.len();
        let roots: Vec<u32> = (0..count as u32).map(|number| self.root(number)).collect();
        let mut ranks = vec![0; count];
        let mut names = Vec::with_capacity(count);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (name, number) in self.numbers {
            let rank = names.len() as u32;
            ranks[number as usize] = rank;
            members[roots[number as usize] as usize].push(rank);
            names.push(name);
        }
        let mut groups: Vec<Vec<u32>> = members.into_iter().filter(|group| group.len() > 1).collect();
        groups.sort_unstable();
        let mut group_of = vec![0; count];
        for (place, group) in groups.iter().enumerate() {
            for rank in group {
                group_of[*rank as usize] = place as u32 + 1;
            }
        }
        RankedIds { names, ranks, groups, group_of }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_join_across_records() {
        let mut ids = Ids::default();
        for (id, alias) in [("GHSA-1", "CVE-1"), ("PYSEC-1", "CVE-1"), ("GO-1", "CVE-2")] {
            let (id, alias) = (ids.number(id), ids.number(alias));
            ids.join(id, alias);
        }
        ids.number("RUSTSEC-1");
        let ranked = ids.rank();
        assert_eq!(
            ranked.names.iter().map(|it| &**it).collect::<Vec<_>>(),
            ["CVE-1", "CVE-2", "GHSA-1", "GO-1", "PYSEC-1", "RUSTSEC-1"]
        );
        assert_eq!(ranked.groups, [vec![0, 2, 4], vec![1, 3]]);
        assert_eq!(ranked.group_of, [1, 2, 1, 2, 1, 0]);
    }
}
