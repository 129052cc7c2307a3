//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
//!
//! Format: npm, "package-lock.json". Versions 2 and 3 list every installed folder under `packages`; version 1
//! nests `dependencies`. Both become one list of folders, in which names are looked up as Node does it: in
//! the nearest `node_modules` upwards. A package that is installed in several folders is one component.

use std::borrow::Cow;
use std::collections::HashMap;

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use super::importers::{self, Importer};
use super::manifest::{self, license};
use super::source::{elsewhere, resolved, specifier};
use crate::draft::Draft;
use crate::pattern::{self, Members};
use crate::syntax::{self, Entry, Node, digest, json};
use crate::{Files, PackageFile, Parsed};

/// Folders upwards in which a name is looked for. npm's own trees are below ten deep.
const LEVELS_MAX: usize = 64;

/// Longest folder that a package may be installed in; file systems allow no more.
const FOLDER_MAX: usize = 4_096;

/// Requirements of one package that are followed, so that a hostile file stays linear.
const EDGES_MAX: usize = 5_000;

/// Reads `package-lock.json`.
pub(super) fn parse_package_lock(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    parse(file, files, "package-lock")
}

/// Reads `npm-shrinkwrap.json`, which takes the place of a `package-lock.json` beside it.
pub(super) fn parse_shrinkwrap(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut parsed = parse(file, files, "npm-shrinkwrap");
    let other = file.sibling("package-lock.json").filter(|path| files.get(path).is_some());
    if let (Some(manifest), Some(path)) = (&mut parsed.manifest, other) {
        manifest.absorbed.push(path);
    }
    parsed
}

fn parse(file: &PackageFile<'_>, files: &dyn Files, format: &'static str) -> Parsed {
    let mut draft = Draft::new(file, format);
    draft.manifest.is_locked = true;
    let root = syntax::read(&mut draft, json::parse);
    if !root.is_map() {
        draft.problem(1, format!("{}; expected an object with `packages` or `dependencies`", root.noun()));
        return draft.fail();
    }
    let mut tree = Tree::new(&root, &mut draft);
    if root.get("packages").is_some_and(Node::is_map) {
        tree.read_packages(root.entries_at("packages"), &mut draft);
    } else {
        tree.read_nested("", root.entries_at("dependencies"), &mut draft);
    }
    tree.connect(&mut draft);
    let flags = std::mem::take(&mut tree.flags);
    let importers = std::mem::take(&mut tree.importers);
    importers::apply(&mut draft, files, &importers, &|importer, requirement| {
        let key = requirement.alias.as_deref().unwrap_or(&requirement.name);
        tree.find(pattern::relative(&importer.folder, &tree.base).unwrap_or_default(), key)
    });
    settle(&mut draft, &flags);
    draft.manifest.has_graph = true;
    draft.finish()
}

/// What npm computed itself: it knows optional edges inside the graph, which spreading does not.
fn settle(draft: &mut Draft<'_>, flags: &HashMap<u32, Scope>) {
    for (index, component) in draft.manifest.components.iter_mut().enumerate() {
        match flags.get(&(index as u32)) {
            Some(Scope::Optional) if component.scope == Scope::Runtime => component.scope = Scope::Optional,
            Some(flag) if component.relation == Relation::Unknown => component.scope = *flag,
            _ => {}
        }
    }
}

/// The folders of the lockfile.
struct Tree<'n, 'a> {
    /// Folder of the lockfile.
    base: String,
    /// Components by the folder they are installed in. Links lead to what they link to.
    by_folder: HashMap<Cow<'n, str>, u32>,
    /// Entries and the folder of each, for their edges.
    entries: Vec<(u32, Cow<'n, str>, &'n Node<'a>)>,
    /// Components by name, version and address.
    known: HashMap<(&'n str, &'n str, &'n str), u32>,
    /// Scope that npm marks a component with, the least of all its folders.
    flags: HashMap<u32, Scope>,
    importers: Vec<Importer>,
    workspaces: Members,
}

impl<'n, 'a> Tree<'n, 'a> {
    /// An empty tree with the component of the project itself.
    fn new(root: &'n Node<'a>, draft: &mut Draft<'_>) -> Self {
        let base = pattern::folder(draft.file.path).to_owned();
        let own = root.get("packages").and_then(|packages| packages.get("")).unwrap_or(root);
        let manifest = manifest::read(own, &mut Vec::new());
        let span = root.get("name").map_or(Span { start: 0, end: 1, line: 1 }, |name| name.span);
        let mut component = manifest::root_component(&manifest, &base, span);
        if component.name.is_empty() {
            root.text_at("name").unwrap_or_default().clone_into(&mut component.name);
        }
        component.version = component.version.or_else(|| root.text_at("version").map(str::to_owned));
        let is_old = !root.get("packages").is_some_and(Node::is_map);
        let locked = if is_old { Vec::new() } else { manifest.requirements };
        let component = draft.push(component).unwrap_or_default();
        Self {
            importers: vec![Importer {
                folder: base.clone(),
                component,
                locked,
                tells_scopes: true,
                key: None,
            }],
            base,
            by_folder: HashMap::new(),
            known: HashMap::new(),
            entries: Vec::new(),
            flags: HashMap::new(),
            workspaces: Members::new(manifest.workspaces.iter().map(String::as_str)),
        }
    }

    /// Versions 2 and 3: one entry per folder.
    fn read_packages(&mut self, packages: &'n [Entry<'a>], draft: &mut Draft<'_>) {
        let mut links = Vec::new();
        for entry in packages.iter().filter(|entry| !entry.key.is_empty()) {
            let node = &entry.value;
            if !node.is_map() {
                let message = format!("{} for `{}`; expected an object", node.noun(), entry.key);
                draft.problem(entry.key_span.line, message);
                continue;
            }
            if is_too_long(&entry.key, entry.key_span, draft) {
                continue;
            }
            if node.is_true("link") {
                links.push((&*entry.key, node));
                continue;
            }
            let inside = installed_name(&entry.key);
            let name = node.text_at("name").or(inside);
            let name = name.unwrap_or_else(|| entry.key.rsplit('/').next().unwrap_or_default());
            let mut component = component(name, node, entry.key_span);
            if inside.is_none() {
                component.origin = Origin::Path(pattern::join(&self.base, &entry.key));
            }
            let is_member = inside.is_none() && self.workspaces.contains(&entry.key);
            if is_member {
                component.relation = Relation::Root;
            }
            let Some(index) = self.add(Cow::Borrowed(&entry.key), name, component, node, draft) else {
                continue;
            };
            if is_member {
                let locked = manifest::read(node, &mut Vec::new()).requirements;
                let folder = pattern::join(&self.base, &entry.key);
                self.importers.push(Importer {
                    folder,
                    component: index,
                    locked,
                    tells_scopes: true,
                    key: None,
                });
            }
        }
        for (folder, node) in links {
            let target = node.text_at("resolved").and_then(|target| self.by_folder.get(target)).copied();
            if let Some(target) = target {
                self.by_folder.insert(Cow::Borrowed(folder), target);
            } else {
                self.add_dangling(folder, node, draft);
            }
        }
    }

    /// A link to a folder outside the lockfile's own: still something that is used.
    fn add_dangling(&mut self, folder: &'n str, node: &'n Node<'a>, draft: &mut Draft<'_>) {
        let name = installed_name(folder).unwrap_or(folder);
        let mut component = component(name, node, node.span);
        let target = node.text_at("resolved").unwrap_or_default();
        component.origin = Origin::Path(draft.file.sibling(target).unwrap_or_else(|| target.to_owned()));
        component.resolved = None;
        self.add(Cow::Borrowed(folder), name, component, node, draft);
    }

    /// Version 1: packages inside packages. The reader of JSON bounds the depth.
    fn read_nested(&mut self, folder: &str, dependencies: &'n [Entry<'a>], draft: &mut Draft<'_>) {
        for entry in dependencies {
            let node = &entry.value;
            let Some(version) = node.text_at("version") else {
                draft.problem(entry.key_span.line, format!("`{}` without `version`; left out", entry.key));
                continue;
            };
            let found = specifier(version);
            let name = found.name.unwrap_or(&entry.key);
            let mut component = component(name, node, entry.key_span);
            component.version = found.range.map(str::to_owned);
            if let Some(origin) = elsewhere(version) {
                component.origin = origin;
                component.resolved.get_or_insert_with(|| version.to_owned());
            }
            let inside = pattern::join(folder, &format!("node_modules/{}", entry.key));
            if is_too_long(&inside, entry.key_span, draft) {
                continue;
            }
            self.add(Cow::Owned(inside.clone()), name, component, node, draft);
            self.read_nested(&inside, node.entries_at("dependencies"), draft);
        }
    }

    fn add(
        &mut self,
        folder: Cow<'n, str>,
        name: &'n str,
        component: Component,
        node: &'n Node<'a>,
        draft: &mut Draft<'_>,
    ) -> Option<u32> {
        let scope = component.scope;
        let text = |key| node.text_at(key).unwrap_or_default();
        let key = (name, text("version"), text("resolved"));
        let is_installed = !matches!(component.origin, Origin::Path(_));
        let index = match self.known.get(&key).filter(|_| is_installed) {
            Some(index) => *index,
            None => draft.push(component)?,
        };
        if is_installed {
            self.known.insert(key, index);
        }
        let flag = self.flags.entry(index).or_insert(scope);
        *flag = (*flag).min(scope);
        self.by_folder.insert(folder.clone(), index);
        self.entries.push((index, folder, node));
        Some(index)
    }

    /// The package that `name` means for code in `folder`.
    fn find(&self, folder: &str, name: &str) -> Option<u32> {
        let mut tried = String::with_capacity(folder.len() + name.len() + "/node_modules/".len());
        let mut at = folder;
        for _ in 0..LEVELS_MAX {
            if !at.ends_with("node_modules") {
                tried.clear();
                tried.push_str(at);
                tried.push_str(if at.is_empty() { "node_modules/" } else { "/node_modules/" });
                tried.push_str(name);
                if let Some(index) = self.by_folder.get(tried.as_str()) {
                    return Some(*index);
                }
            }
            if at.is_empty() {
                return None;
            }
            at = pattern::folder(at);
        }
        None
    }

    fn connect(&self, draft: &mut Draft<'_>) {
        for (index, folder, node) in &self.entries {
            let tables = ["dependencies", "optionalDependencies", "peerDependencies", "requires"];
            let wanted =
                tables.iter().flat_map(|table| node.entries_at(table)).filter(|entry| !entry.value.is_map());
            let edges = wanted.take(EDGES_MAX).filter_map(|entry| self.find(folder, &entry.key));
            draft.manifest.components[*index as usize].dependencies.extend(edges);
        }
    }
}

/// Whether the folder is over [`FOLDER_MAX`], which is said.
fn is_too_long(folder: &str, span: Span, draft: &mut Draft<'_>) -> bool {
    let is_long = folder.len() > FOLDER_MAX;
    if is_long {
        draft.problem(span.line, "a folder longer than file systems allow; left out");
    }
    is_long
}

/// Name of the package that is installed in this folder.
fn installed_name(folder: &str) -> Option<&str> {
    let at = folder.rfind("node_modules/")?;
    let is_part = at == 0 || folder[..at].ends_with('/');
    is_part.then(|| &folder[at + "node_modules/".len()..])
}

fn component(name: &str, node: &Node<'_>, span: Span) -> Component {
    let address = node.text_at("resolved");
    let scope = match (node.is_true("dev"), node.is_true("optional") || node.is_true("devOptional")) {
        (_, true) => Scope::Optional,
        (true, false) => Scope::Development,
        (false, false) => Scope::Runtime,
    };
    Component {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: node.text_at("version").map(str::to_owned),
        origin: address.map_or(Origin::Registry, resolved),
        resolved: address.map(str::to_owned),
        scope,
        hashes: node.text_at("integrity").map(digest::integrity).unwrap_or_default(),
        licenses: license(node).into_iter().collect(),
        span,
        ..Component::default()
    }
}
