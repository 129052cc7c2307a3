//! Whether the components of one manifest can run: own imports first, then the graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use selvedge_package::{Component, Manifest, Origin, Relation};

use crate::packages::{
    ImportNames, MACRO_ENDINGS, Names, lacks_peers, names_of, optional_part, separator, used_without_import,
};
use crate::project::{Evidence, File, Occurrence, Uses};
use crate::{ImportKind, Language};

/// The name under which advisories know Go's own packages.
const GO_ITSELF: &str = "stdlib";

/// The answer for one component. What each means is said in the documentation of the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reachability {
    /// Code of the project imports it.
    Reachable {
        /// The first import outside tests.
        evidence: Evidence,
    },
    /// Code of the project imports a package that leads to it.
    Through {
        /// The imported package.
        parent: String,
        /// The first import of that package outside tests.
        evidence: Evidence,
    },
    /// Only tests, benchmarks or examples import it, or what leads to it.
    TestsOnly {
        /// The imported package, where it is not the component itself.
        parent: Option<String>,
        /// The first import.
        evidence: Evidence,
    },
    /// Nothing imports it, or what leads to it.
    NotImported {
        /// A sentence for the reader.
        why: String,
    },
    /// It cannot be told. Never lowers a priority.
    Unknown {
        /// A sentence for the reader.
        why: String,
    },
}

impl Reachability {
    /// The kebab-case name used in JSON and on screen.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Reachable { .. } => "reachable",
            Self::Through { .. } => "reachable-through",
            Self::TestsOnly { .. } => "tests-only",
            Self::NotImported { .. } => "not-imported",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether the answer may lower a priority: `TestsOnly` and `NotImported`.
    pub fn lowers(&self) -> bool {
        matches!(self, Self::TestsOnly { .. } | Self::NotImported { .. })
    }
}

/// What the project's own code says of a component, the graph left aside.
#[derive(Debug, Clone)]
enum Own {
    Imported(Evidence),
    Unknown(String),
    Tests(Evidence),
    Not(String),
}

impl Own {
    /// Of several ways to a component the lowest number counts.
    fn rank(&self) -> u8 {
        match self {
            Self::Imported(_) => 0,
            Self::Unknown(_) => 1,
            Self::Tests(_) => 2,
            Self::Not(_) => 3,
        }
    }
}

/// The answers for one manifest. Building it is O(components + edges) look-ups.
#[derive(Debug)]
pub struct Reach<'a> {
    pub(crate) uses: &'a Uses,
    pub(crate) manifest: &'a Manifest,
    /// The folder whose files can use the manifest's components, with a slash at its end; empty for the root.
    pub(crate) folder: String,
    /// The import names of each component.
    pub(crate) names: Vec<Option<(Language, Names)>>,
    /// The own names of all components together.
    explained: BTreeSet<(Language, String)>,
    /// Why the absence of imports in a language proves nothing, looked at once.
    doubts: BTreeMap<Language, Option<String>>,
    own: Vec<Own>,
    /// For each component: the entry with the lowest rank that leads to it from elsewhere.
    through: Vec<Option<u32>>,
}

impl<'a> Reach<'a> {
    /// Looks at every component of `manifest`. `known` may be empty.
    pub fn new(uses: &'a Uses, manifest: &'a Manifest, known: &ImportNames) -> Self {
        let names: Vec<_> =
            manifest.components.iter().map(|component| names_of(component, uses, known)).collect();
        let explained = names
            .iter()
            .flatten()
            .flat_map(|(language, names)| names.own.iter().map(|name| (*language, name.clone())))
            .collect();
        let mut reach = Self {
            uses,
            manifest,
            folder: scope_folder(uses, manifest),
            names,
            explained,
            doubts: BTreeMap::new(),
            own: Vec::new(),
            through: Vec::new(),
        };
        reach.doubts = Language::ALL.iter().map(|language| (*language, reach.doubt_of(*language))).collect();
        reach.own = (0..manifest.components.len()).map(|index| reach.look(index)).collect();
        reach.through = reach.spread();
        reach
    }

    /// The answer for the component at `index` of the manifest.
    pub fn component(&self, index: u32) -> Reachability {
        let Some(component) = self.manifest.components.get(index as usize) else {
            return Reachability::Unknown { why: "the manifest has no such component".to_owned() };
        };
        let own = &self.own[index as usize];
        if let Own::Imported(evidence) = own {
            return Reachability::Reachable { evidence: evidence.clone() };
        }
        let entry = self.through[index as usize];
        match (entry, entry.map(|entry| &self.own[entry as usize])) {
            (Some(entry), Some(Own::Imported(evidence))) => Reachability::Through {
                parent: self.manifest.components[entry as usize].name.clone(),
                evidence: evidence.clone(),
            },
            (Some(entry), Some(above)) if above.rank() < own.rank() => {
                self.judge_above(entry, above, component)
            }
            _ => self.judge_own(own, component, entry),
        }
    }

    fn judge_above(&self, entry: u32, above: &Own, component: &Component) -> Reachability {
        let parent = self.manifest.components[entry as usize].name.clone();
        match above {
            Own::Imported(evidence) => Reachability::Through { parent, evidence: evidence.clone() },
            Own::Tests(evidence) => {
                Reachability::TestsOnly { parent: Some(parent), evidence: evidence.clone() }
            }
            Own::Unknown(why) => Reachability::Unknown { why: format!("{parent}, which leads to it: {why}") },
            Own::Not(why) => self.judge_own(&Own::Not(why.clone()), component, Some(entry)),
        }
    }

    fn judge_own(&self, own: &Own, component: &Component, entry: Option<u32>) -> Reachability {
        let unknown = |why: &str| Reachability::Unknown { why: why.to_owned() };
        match own {
            Own::Imported(evidence) => Reachability::Reachable { evidence: evidence.clone() },
            Own::Unknown(why) => unknown(why),
            Own::Tests(_) | Own::Not(_) if !self.has_whole_graph() => unknown(
                "the project's own code does not import it outside tests, and the file does not tell which \
                 packages use it",
            ),
            Own::Tests(_) | Own::Not(_) if lacks_peers(self.manifest.format) => unknown(
                "the project's own code does not import it outside tests, and the file does not tell which \
                 packages expect it beside them (peer dependencies)",
            ),
            Own::Tests(evidence) => Reachability::TestsOnly { parent: None, evidence: evidence.clone() },
            Own::Not(_) if component.relation == Relation::Unknown && entry.is_none() => {
                unknown("no code imports it, and the file does not tell how it is brought in")
            }
            Own::Not(_) if component.relation == Relation::Transitive && entry.is_none() => {
                unknown("no code imports it, and no way in the graph leads to it")
            }
            Own::Not(why) => {
                let why = match entry.map(|entry| self.manifest.components[entry as usize].name.as_str()) {
                    Some(parent) => format!("{why}, nor any package that leads to it ({parent})"),
                    None => why.clone(),
                };
                Reachability::NotImported { why }
            }
        }
    }

    /// Follows the graph from every component that the project names or imports, strongest answer first, so
    /// that each component is visited once.
    fn spread(&self) -> Vec<Option<u32>> {
        let components = &self.manifest.components;
        let mut entries: Vec<u32> =
            (0..components.len() as u32).filter(|index| self.is_entry(*index)).collect();
        entries.sort_by_key(|index| (self.own[*index as usize].rank(), *index));
        let mut through: Vec<Option<u32>> = vec![None; components.len()];
        for entry in entries {
            let mut pending: VecDeque<u32> =
                components[entry as usize].dependencies.iter().copied().collect();
            while let Some(at) = pending.pop_front() {
                let Some(slot) = through.get_mut(at as usize) else { continue };
                if slot.is_some() || at == entry {
                    continue;
                }
                *slot = Some(entry);
                pending.extend(components[at as usize].dependencies.iter().copied());
            }
        }
        through
    }

    /// Where ways begin: what the project names, what its own parts need, and what its code imports anyway.
    fn is_entry(&self, index: u32) -> bool {
        let component = &self.manifest.components[index as usize];
        !is_own_part(component)
            && (matches!(component.relation, Relation::Direct | Relation::Unknown)
                || !matches!(self.own[index as usize], Own::Not(_)))
    }

    /// Whether every package that may use another is in the file.
    pub(crate) fn has_whole_graph(&self) -> bool {
        self.manifest.has_graph && self.manifest.is_locked
    }

    /// What the project's own code says of a component.
    fn look(&self, index: usize) -> Own {
        let component = &self.manifest.components[index];
        if is_own_part(component) {
            return Own::Unknown("it is a part of the project itself".to_owned());
        }
        let Some((language, names)) = &self.names[index] else {
            return Own::Unknown(format!("the imports of {} are not read", component.ecosystem.label()));
        };
        let found = if *language == Language::Go && component.name == GO_ITSELF {
            let mut found = Found::default();
            self.uses.imports_of_go_itself().for_each(|place| found.add(self, place));
            found
        } else {
            self.imports(*language, &names.own)
        };
        let evidence = |place: (u32, u32)| self.uses.evidence(place.0, place.1);
        if let Some(place) = found.code {
            return Own::Imported(evidence(place));
        }
        if let Some(why) = self.doubt(component, *language, names, &found) {
            return Own::Unknown(why);
        }
        match (found.tests, found.types) {
            (Some(place), _) => Own::Tests(evidence(place)),
            (None, Some(place)) => Own::Not(format!("only its types are imported ({})", evidence(place))),
            (None, None) => Own::Not(format!("no {} code imports it", language.as_str())),
        }
    }

    fn imports(&self, language: Language, names: &[String]) -> Found {
        let mut best = Found::default();
        for prefix in names {
            for (name, place) in self.uses.imports_of(language, prefix, separator(language)) {
                if language == Language::Go && self.belongs_deeper(prefix, name) {
                    continue;
                }
                best.add(self, place);
            }
        }
        best
    }

    /// Whether a longer module path of this manifest holds the imported package.
    fn belongs_deeper(&self, module: &str, import: &str) -> bool {
        let ends = import.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at).chain([import.len()]);
        ends.filter(|end| *end > module.len())
            .any(|end| self.explained.contains(&(Language::Go, import[..end].to_owned())))
    }

    /// Why the absence of imports in `language` proves nothing, whatever the package.
    fn doubt_of(&self, language: Language) -> Option<String> {
        let mut files =
            self.uses.files.iter().filter(|file| file.language == Some(language) && self.covers(file));
        let Some(first) = files.next() else {
            return Some(format!("there is no {} code beside this file", language.as_str()));
        };
        if let Some(file) = std::iter::once(first).chain(files).find(|file| file.is_cut) {
            return Some(format!("{} was not read to its end", file.path));
        }
        if let Some(folder) = self.uses.missing_submodule(&self.folder) {
            return Some(format!("the code of the submodule {folder} is not in the tree"));
        }
        let (file, line) = self.first(self.uses.dynamic_of(language))?;
        Some(format!("code is loaded by computed names ({})", self.uses.evidence(file, line)))
    }

    /// Reasons not to believe that a package which nothing imports is not used.
    fn doubt(
        &self,
        component: &Component,
        language: Language,
        names: &Names,
        found: &Found,
    ) -> Option<String> {
        let evidence = |place: (u32, u32)| self.uses.evidence(place.0, place.1);
        if let Some(place) = found.elsewhere {
            return Some(format!("it is imported outside the folder of this file ({})", evidence(place)));
        }
        if let Some(place) = found.named {
            return Some(format!("its name is in a string or configuration ({})", evidence(place)));
        }
        if let Some(reason) = used_without_import(component) {
            return Some(format!("no code imports it, but {reason}"));
        }
        if !names.are_all {
            return Some("it is not known by which name code imports it".to_owned());
        }
        self.doubts
            .get(&language)
            .cloned()
            .flatten()
            .or_else(|| self.mentioned(component, language, names))
            .or_else(|| self.other_name(language, names))
            .or_else(|| optional_part(language).map(str::to_owned))
    }

    /// An import that may be the package under another name.
    fn other_name(&self, language: Language, names: &Names) -> Option<String> {
        let macros = names
            .own
            .iter()
            .filter(|_| language == Language::Rust)
            .flat_map(|name| MACRO_ENDINGS.iter().map(move |ending| format!("{name}{ending}")));
        let others = names
            .maybe
            .iter()
            .filter(|name| !self.explained.contains(&(language, (*name).clone())))
            .cloned()
            .chain(macros);
        for name in others {
            let found = self.imports(language, std::slice::from_ref(&name));
            if let Some((file, line)) = found.code.or(found.tests) {
                let evidence = self.uses.evidence(file, line);
                return Some(format!(
                    "no code imports it by its own name, but {name} may stand for it ({evidence})"
                ));
            }
        }
        None
    }

    /// Where a word of the tree names the package, if one does.
    fn mentioned(&self, component: &Component, language: Language, names: &Names) -> Option<String> {
        if matches!(language, Language::Go | Language::Rust) {
            return None;
        }
        let words = names.own.iter().chain([&component.name]);
        let places = words.filter_map(|word| self.first(self.uses.mentions_of(word)));
        let (file, line) = places.min()?;
        let evidence = self.uses.evidence(file, line);
        Some(format!("no code imports it, but its name is in a string or configuration ({evidence})"))
    }

    /// Whether a file can use what the manifest lists.
    pub(crate) fn covers(&self, file: &File) -> bool {
        file.path.starts_with(&self.folder)
    }

    /// The first of `places` in the manifest's folder.
    pub(crate) fn first(&self, places: impl Iterator<Item = (u32, u32)>) -> Option<(u32, u32)> {
        places.filter(|(file, _)| self.covers(&self.uses.files[*file as usize])).min()
    }
}

/// The first imports of a package, file and line; files are in the order of their paths.
#[derive(Debug, Default)]
struct Found {
    code: Option<(u32, u32)>,
    tests: Option<(u32, u32)>,
    types: Option<(u32, u32)>,
    named: Option<(u32, u32)>,
    elsewhere: Option<(u32, u32)>,
}

impl Found {
    fn add(&mut self, reach: &Reach<'_>, at: Occurrence) {
        let file = &reach.uses.files[at.file as usize];
        let slot = match at.kind {
            _ if !reach.covers(file) => &mut self.elsewhere,
            ImportKind::Named => &mut self.named,
            ImportKind::Types => &mut self.types,
            ImportKind::Code if file.is_test => &mut self.tests,
            ImportKind::Code => &mut self.code,
        };
        let place = (at.file, at.line);
        *slot = Some(slot.map_or(place, |known| known.min(place)));
    }
}

/// Whether a component is the project, a member of its workspace or a folder of its own.
pub(crate) fn is_own_part(component: &Component) -> bool {
    component.relation == Relation::Root || matches!(component.origin, Origin::Path(_))
}

/// The folder whose files can use what a manifest lists: its own, which covers the members of a workspace. A
/// list of requirements often stands in a folder without code, beside the code that it is for.
fn scope_folder(uses: &Uses, manifest: &Manifest) -> String {
    let mut folder = folder_of(&manifest.path);
    let languages: Vec<Language> = manifest
        .components
        .iter()
        .filter_map(|component| Language::of_ecosystem(component.ecosystem))
        .collect();
    let Some(language) = languages.first().copied() else { return folder };
    loop {
        let start = uses.files.partition_point(|file| file.path.as_str() < folder.as_str());
        let has_code = uses.files[start..]
            .iter()
            .take_while(|file| file.path.starts_with(&folder))
            .any(|file| file.language == Some(language));
        if has_code || folder.is_empty() {
            return folder;
        }
        folder = folder_of(folder.trim_end_matches('/'));
    }
}

fn folder_of(path: &str) -> String {
    path.rfind('/').map_or_else(String::new, |slash| path[..=slash].to_owned())
}
