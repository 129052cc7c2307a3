//! Relations between Debian packages: `Depends` and `Pre-Depends` become edges, through `Provides` too.

use std::collections::HashMap;

use selvedge_package::Component;

use crate::deb822::Stanza;
use crate::limit::Limit;

/// Alternatives and packages that one field may name; real ones have under a thousand.
const RELATIONS_MAX: Limit = Limit::new("RELATIONS_MAX", 10_000);

/// What is installed under which name, and what each package asks for.
#[derive(Default)]
pub(super) struct Installed {
    by_name: HashMap<String, u32>,
    provided: HashMap<String, u32>,
    /// Groups of alternatives for each package.
    wanted: Vec<(u32, Vec<Vec<String>>)>,
}

impl Installed {
    /// Notes what the package at `index` is called, provides and asks for.
    pub(super) fn add(&mut self, stanza: &Stanza<'_>, index: u32) {
        if let Some(name) = stanza.first_line("Package") {
            self.by_name.entry(name.to_owned()).or_insert(index);
        }
        for group in stanza.value("Provides").map(relations).unwrap_or_default() {
            for name in group {
                self.provided.entry(name).or_insert(index);
            }
        }
        let fields = ["Pre-Depends", "Depends"].iter().filter_map(|field| stanza.value(field));
        self.wanted.push((index, fields.flat_map(relations).collect()));
    }

    /// Sets the edges: of several alternatives, the first that is installed.
    pub(super) fn link(&self, components: &mut [Component]) {
        for (index, groups) in &self.wanted {
            let found = groups.iter().filter_map(|group| self.first_installed(group));
            let mut edges: Vec<u32> = found.filter(|target| target != index).collect();
            edges.sort_unstable();
            edges.dedup();
            components[*index as usize].dependencies = edges;
        }
    }

    fn first_installed(&self, group: &[String]) -> Option<u32> {
        let named = group.iter().find_map(|name| self.by_name.get(name));
        named.or_else(|| group.iter().find_map(|name| self.provided.get(name))).copied()
    }
}

/// `a (>= 1) | b:any, c [amd64]` as groups of names.
fn relations(field: &str) -> Vec<Vec<String>> {
    let groups = field.split(',').take(RELATIONS_MAX.as_usize());
    groups.map(|group| group.split('|').map(name_of).filter(|name| !name.is_empty()).collect()).collect()
}

fn name_of(relation: &str) -> String {
    let end = |c: char| c.is_whitespace() || matches!(c, '(' | ':' | '[' | '<');
    relation.trim().split(end).next().unwrap_or_default().to_owned()
}
