//! From manifests, or from other bills, to one bill: the same package found in several places is one component
//! with several occurrences, and the graphs are joined.

use std::collections::HashMap;

use selvedge_package::{Component, Manifest, Relation};

use crate::bom::{Bom, Entry, Kind, Lifecycle, Occurrence, Source, Tool};
use crate::{identity, license};

/// What the manifests themselves do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assembly {
    /// What the bill is about; its dependencies are filled in.
    pub subject: Entry,
    /// When it is made, RFC 3339 in UTC.
    pub timestamp: Option<String>,
    /// Serial number; derived from the content where absent.
    pub serial: Option<String>,
    /// People or organisations that make it.
    pub authors: Vec<String>,
    /// Who supplies the subject.
    pub supplier: Option<String>,
    /// The program that makes it.
    pub tools: Vec<Tool>,
    /// Phase in which the data is taken.
    pub lifecycles: Vec<Lifecycle>,
}

impl Assembly {
    /// Makes the bill of what manifests list. The result does not depend on their order.
    pub fn build(self, manifests: &[Manifest]) -> Bom {
        let mut builder = Builder::new(&self, !manifests.is_empty());
        let mut ordered: Vec<_> = manifests.iter().collect();
        ordered.sort_by(|a, b| (!a.is_locked, &a.path).cmp(&(!b.is_locked, &b.path)));
        for manifest in ordered {
            builder.add(manifest);
        }
        self.finish(builder, Vec::new())
    }

    /// Makes one bill of several: the same package once, the graphs joined, each component with the documents
    /// that list it. What the documents are about becomes what the subject consists of.
    pub fn merge(self, boms: &[Bom]) -> Bom {
        let mut builder = Builder::new(&self, !boms.is_empty());
        let mut sources = Vec::new();
        for bom in boms {
            builder.add_bom(bom, sources.len() as u32);
            sources.extend(bom.sources.iter().cloned());
        }
        self.finish(builder, sources)
    }

    fn finish(self, builder: Builder, sources: Vec<Source>) -> Bom {
        let mut bom = Bom {
            subject: Some(0),
            has_graph: builder.graph_is_whole,
            entries: builder.entries,
            timestamp: self.timestamp,
            serial: self.serial,
            authors: self.authors,
            supplier: self.supplier,
            tools: self.tools,
            lifecycles: self.lifecycles,
            sources,
        };
        bom.normalise();
        bom
    }

    /// The entry of the subject, without dependencies as yet.
    fn root(&self) -> Entry {
        let mut root = self.subject.clone();
        root.reference = identity::subject_reference(&root);
        root.component.relation = Relation::Root;
        root.component.dependencies.clear();
        root.purl = root.purl.or_else(|| identity::generic_purl(&root.component));
        if root.supplier.is_none() {
            root.supplier.clone_from(&self.supplier);
        }
        root
    }
}

#[derive(Default)]
struct Builder {
    entries: Vec<Entry>,
    by_key: HashMap<String, u32>,
    /// Entries with a version, by ecosystem and name: what a mere requirement may stand for.
    pinned: HashMap<(selvedge_package::Ecosystem, String), Vec<u32>>,
    graph_is_whole: bool,
}

impl Builder {
    fn new(assembly: &Assembly, graph_is_whole: bool) -> Self {
        Self { entries: vec![assembly.root()], graph_is_whole, ..Self::default() }
    }

    /// Adds the entries of another bill whose sources are counted from `first_source`.
    fn add_bom(&mut self, bom: &Bom, first_source: u32) {
        self.graph_is_whole &= bom.has_graph;
        let indices: Vec<u32> =
            bom.entries.iter().map(|entry| self.place_entry(entry, first_source)).collect();
        for (entry, index) in bom.entries.iter().zip(&indices) {
            let targets =
                entry.component.dependencies.iter().filter_map(|at| indices.get(*at as usize).copied());
            self.entries[*index as usize]
                .component
                .dependencies
                .extend(targets.filter(|target| target != index));
        }
        let tops: Vec<u32> = match bom.subject.and_then(|subject| indices.get(subject as usize)) {
            Some(subject) => vec![*subject],
            None => indices,
        };
        self.entries[0].component.dependencies.extend(tops.iter().filter(|top| **top != 0));
    }

    /// The entry for one of another bill: a known one that gains what this one adds, or a fresh one.
    fn place_entry(&mut self, entry: &Entry, first_source: u32) -> u32 {
        let key = identity::key(&entry.component, entry.purl.as_deref());
        let sources = entry.sources.iter().map(|source| source + first_source);
        if let Some(index) = self.by_key.get(&key) {
            let known = &mut self.entries[*index as usize];
            absorb(&mut known.component, &entry.component);
            known.occurrences.extend(entry.occurrences.iter().cloned());
            known.sources.extend(sources);
            for (slot, more) in [
                (&mut known.cpe, &entry.cpe),
                (&mut known.supplier, &entry.supplier),
                (&mut known.author, &entry.author),
                (&mut known.copyright, &entry.copyright),
                (&mut known.description, &entry.description),
            ] {
                if slot.is_none() {
                    slot.clone_from(more);
                }
            }
            return *index;
        }
        let index = self.entries.len() as u32;
        let mut fresh = entry.clone();
        fresh.component.dependencies.clear();
        fresh.reference.clone_from(&key);
        fresh.sources = sources.collect();
        self.by_key.insert(key, index);
        self.entries.push(fresh);
        index
    }

    fn add(&mut self, manifest: &Manifest) {
        self.graph_is_whole &= manifest.has_graph;
        let indices: Vec<u32> =
            manifest.components.iter().map(|component| self.place(component, manifest)).collect();
        let has_root = manifest.components.iter().any(|component| component.relation == Relation::Root);
        for (component, index) in manifest.components.iter().zip(&indices) {
            let targets = component.dependencies.iter().filter_map(|at| indices.get(*at as usize).copied());
            self.entries[*index as usize]
                .component
                .dependencies
                .extend(targets.filter(|target| target != index));
            if is_named_by_subject(component.relation, has_root, manifest.has_graph) && *index != 0 {
                self.entries[0].component.dependencies.push(*index);
            }
        }
    }

    /// The entry for a component: a known one that gains an occurrence, or a fresh one.
    fn place(&mut self, component: &Component, manifest: &Manifest) -> u32 {
        let purl = identity::purl(component);
        let key = identity::key(component, purl.as_deref());
        let occurrences = occurrences(component, manifest);
        let known = self.by_key.get(&key).copied().or_else(|| self.only_version(component));
        if let Some(index) = known {
            let entry = &mut self.entries[index as usize];
            absorb(&mut entry.component, component);
            if entry.supplier.is_none() {
                entry.supplier.clone_from(&component.supplier);
            }
            entry.occurrences.extend(occurrences);
            return index;
        }
        let index = self.entries.len() as u32;
        if component.version.is_some() {
            self.pinned.entry((component.ecosystem, component.name.clone())).or_default().push(index);
        }
        self.by_key.insert(key.clone(), index);
        let kind = if component.relation == Relation::Root { Kind::Application } else { Kind::Library };
        let purl = purl.or_else(|| identity::generic_purl(component));
        let mut component = Component { dependencies: Vec::new(), ..component.clone() };
        let supplier = component.supplier.take().or_else(|| self.own_supplier(&component));
        self.entries.push(Entry {
            component,
            kind,
            reference: key,
            purl,
            supplier,
            occurrences,
            ..Entry::default()
        });
        index
    }

    /// Who supplies what belongs to the project itself: whoever supplies the project.
    fn own_supplier(&self, component: &Component) -> Option<String> {
        let is_own = component.relation == Relation::Root;
        self.entries.first().filter(|_| is_own).and_then(|root| root.supplier.clone())
    }

    /// The one locked version that a requirement without version stands for.
    fn only_version(&self, component: &Component) -> Option<u32> {
        if component.version.is_some() {
            return None;
        }
        match self.pinned.get(&(component.ecosystem, component.name.clone()))?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// Where a manifest shows a component: its own line, or the file in an image, and where the project names it.
fn occurrences(component: &Component, manifest: &Manifest) -> Vec<Occurrence> {
    let own = match &component.found_in {
        Some(path) => Occurrence { path: path.clone(), line: 0 },
        None => Occurrence { path: manifest.path.clone(), line: component.span.line },
    };
    let declared =
        component.declared.iter().map(|it| Occurrence { path: it.path.clone(), line: it.span.line });
    std::iter::once(own).chain(declared).collect()
}

/// Whether an edge from the subject to a component follows from how its file knows it.
fn is_named_by_subject(relation: Relation, has_root: bool, has_graph: bool) -> bool {
    match relation {
        Relation::Root => true,
        Relation::Direct => !has_root || !has_graph,
        Relation::Unknown => !has_graph,
        Relation::Transitive => false,
    }
}

/// Takes over what another mention of the same package adds.
pub(crate) fn absorb(into: &mut Component, other: &Component) {
    into.scope = into.scope.min(other.scope);
    into.relation = into.relation.min(other.relation);
    into.hashes.extend(other.hashes.iter().cloned());
    into.licenses.extend(other.licenses.iter().cloned());
    into.licenses_found.extend(other.licenses_found.iter().cloned());
    for (slot, more) in [
        (&mut into.requirement, &other.requirement),
        (&mut into.resolved, &other.resolved),
        (&mut into.layer, &other.layer),
        (&mut into.owned_by, &other.owned_by),
    ] {
        if slot.is_none() {
            slot.clone_from(more);
        }
    }
}

impl Bom {
    /// Puts the bill in its one order: the subject first, then by reference; lists sorted and without
    /// duplicates; no reference twice.
    pub(crate) fn normalise(&mut self) {
        let subject = self.subject;
        let mut order: Vec<u32> = (0..self.entries.len() as u32).collect();
        order.sort_by(|a, b| {
            let key = |index: &u32| (Some(*index) != subject, &self.entries[*index as usize]);
            let ((a_part, a), (b_part, b)) = (key(a), key(b));
            (a_part, &a.reference, &a.component.name, &a.component.version).cmp(&(
                b_part,
                &b.reference,
                &b.component.name,
                &b.component.version,
            ))
        });
        let mut position = vec![0; order.len()];
        for (new, old) in (0u32..).zip(&order) {
            position[*old as usize] = new;
        }
        let mut slots: Vec<Option<Entry>> = std::mem::take(&mut self.entries).into_iter().map(Some).collect();
        for old in order {
            let Some(mut entry) = slots[old as usize].take() else { continue };
            for dependency in &mut entry.component.dependencies {
                *dependency = position.get(*dependency as usize).copied().unwrap_or(u32::MAX);
            }
            entry.component.dependencies.retain(|dependency| *dependency != u32::MAX);
            sort_unique(&mut entry.component.dependencies);
            license::canonical(&mut entry.component.licenses);
            if !entry.component.licenses.is_empty() {
                entry.component.licenses_found.clear();
            }
            license::canonical(&mut entry.component.licenses_found);
            sort_unique(&mut entry.component.hashes);
            sort_unique(&mut entry.occurrences);
            sort_unique(&mut entry.sources);
            self.entries.push(entry);
        }
        self.subject = subject.map(|old| position[old as usize]);
        identity::make_references_unique(&mut self.entries);
        self.relate();
    }
}

fn sort_unique<T: Ord>(list: &mut Vec<T>) {
    list.sort();
    list.dedup();
}
