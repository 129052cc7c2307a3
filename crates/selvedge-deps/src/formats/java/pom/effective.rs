//! The effective model: a POM with its parents, its properties and the versions that are managed for it.

use std::collections::BTreeMap;

use selvedge_package::Span;

use super::model::{Coordinates, Dependency, Parent, Pom};
use super::tree::Tree;

/// Parents of parents that are followed.
const PARENTS_MAX: usize = 32;

/// Bills of materials that import bills of materials.
const IMPORTS_DEPTH_MAX: usize = 8;

/// Bills of materials that one POM with its parents may import.
const IMPORTS_MAX: usize = 200;

/// Properties in properties that are followed.
const INTERPOLATION_DEPTH_MAX: usize = 16;

/// Properties that are looked up for one text; properties of nothing but properties grow like depth allows.
const INTERPOLATION_STEPS_MAX: usize = 256;

/// Longest text that interpolation may give; properties that repeat each other would grow without bound.
const INTERPOLATED_BYTES_MAX: usize = 2048;

/// What tells dependencies of one project apart: group, artefact, type and classifier.
type Key = (String, String, String, Option<String>);

/// A dependency, and the file that says it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) dependency: &'a Dependency,
    pub(super) path: &'a str,
    /// Where the project brings that file in.
    pub(super) brought_by: Span,
    /// The bill of materials it is from, by whose properties it is read.
    import: Option<&'a Effective<'a>>,
}

impl Found<'_> {
    /// Interpolates a text of this dependency.
    pub(super) fn resolve(&self, project: &Effective<'_>, text: &str) -> Result<String, Unresolved> {
        self.import.map_or_else(|| project.resolve(text), |import| import.resolve(text))
    }
}

/// The text needs a property that is nowhere at hand, or is no text of a bounded length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unresolved;

/// A POM and what is known around it.
#[derive(Debug)]
pub(super) struct Effective<'a> {
    tree: &'a Tree<'a>,
    /// The project first, then its parent, and so on.
    poms: Vec<Pom>,
    missing_parent: Option<Parent>,
    /// What is managed: index of the POM and of the entry in it.
    managed: BTreeMap<Key, (usize, usize)>,
    imports: Vec<Effective<'a>>,
    missing_imports: Vec<String>,
}

impl<'a> Effective<'a> {
    /// Looks for the parents of `pom` and the bills of materials that it imports.
    pub(super) fn new(pom: Pom, tree: &'a Tree<'a>) -> Self {
        Self::at_depth(pom, tree, 0, &mut 0)
    }

    fn at_depth(pom: Pom, tree: &'a Tree<'a>, depth: usize, count: &mut usize) -> Self {
        let mut effective = Self {
            tree,
            poms: vec![pom],
            missing_parent: None,
            managed: BTreeMap::new(),
            imports: Vec::new(),
            missing_imports: Vec::new(),
        };
        effective.follow_parents();
        effective.index_managed();
        if depth < IMPORTS_DEPTH_MAX {
            effective.follow_imports(depth, count);
        }
        effective
    }

    fn follow_parents(&mut self) {
        while let Some(parent) = self.poms.last().and_then(|pom| pom.parent.clone()) {
            let child = self.poms.last().map(|pom| pom.path.clone()).unwrap_or_default();
            let found = self.tree.parent(&child, &parent);
            let Some(found) = found.filter(|found| {
                self.poms.len() < PARENTS_MAX && self.poms.iter().all(|pom| pom.path != found.path)
            }) else {
                self.missing_parent = Some(parent);
                return;
            };
            self.poms.push(found);
        }
    }

    fn follow_imports(&mut self, depth: usize, count: &mut usize) {
        let mut wanted = Vec::new();
        for dependency in self.poms.iter().flat_map(|pom| &pom.managed).filter(|it| is_import(it)) {
            let resolve = |text: &Option<String>| {
                text.as_ref().map(|text| self.resolve(text).unwrap_or_else(|_| text.clone()))
            };
            wanted.push(Coordinates {
                group: resolve(&dependency.group).unwrap_or_default(),
                artifact: resolve(&dependency.artifact).unwrap_or_default(),
                version: resolve(&dependency.version),
            });
        }
        for coordinates in wanted {
            *count += 1;
            match self
                .module(&coordinates)
                .filter(|_| *count <= IMPORTS_MAX)
                .and_then(|path| self.tree.pom(path))
            {
                Some(pom) => {
                    let import = Self::at_depth(pom, self.tree, depth + 1, count);
                    self.missing_imports.extend(import.missing_imports.iter().cloned());
                    self.missing_imports.extend(import.missing_parent());
                    self.imports.push(import);
                }
                None => self.missing_imports.push(coordinates.to_string()),
            }
        }
    }

    /// The project's own POM.
    pub(super) fn project(&self) -> &Pom {
        &self.poms[0]
    }

    /// The project's own parent, if it could not be found. A parent's parent is said where that one is read.
    pub(super) fn missing_own_parent(&self) -> Option<String> {
        self.missing_parent().filter(|_| self.poms.len() == 1)
    }

    fn missing_parent(&self) -> Option<String> {
        let parent = self.missing_parent.as_ref()?;
        let mut coordinates = parent.coordinates.clone();
        coordinates.version = coordinates.version.map(|text| self.resolve(&text).unwrap_or(text));
        Some(coordinates.to_string())
    }

    /// Bills of materials that could not be found.
    pub(super) fn missing_imports(&self) -> &[String] {
        &self.missing_imports
    }

    /// `groupId` of the project, its own or its parent's.
    pub(super) fn group(&self) -> Option<String> {
        let own = self.poms.iter().find_map(|pom| {
            pom.group.clone().or_else(|| pom.parent.as_ref().map(|parent| parent.coordinates.group.clone()))
        });
        own.map(|text| self.resolve(&text).unwrap_or(text))
    }

    /// `version` of the project as written, its own or its parent's.
    pub(super) fn version(&self) -> Option<String> {
        let project = self.project();
        project.version.clone().or_else(|| project.parent.as_ref()?.coordinates.version.clone())
    }

    /// Every dependency of the project: the parents' first, each replaced by what a child says about it.
    pub(super) fn dependencies(&self) -> Vec<Found<'_>> {
        let mut places: BTreeMap<Key, usize> = BTreeMap::new();
        let mut found: Vec<Found<'_>> = Vec::new();
        for pom in self.poms.iter().rev() {
            for dependency in &pom.dependencies {
                let it = self.found(dependency, pom);
                let place = *places.entry(self.key(dependency)).or_insert(found.len());
                if place == found.len() {
                    found.push(it);
                } else {
                    found[place] = it;
                }
            }
        }
        found.sort_by_key(|it| (it.path != self.project().path, it.dependency.span));
        found
    }

    fn found<'b>(&'b self, dependency: &'b Dependency, pom: &'b Pom) -> Found<'b> {
        let brought_by = self.project().parent.as_ref().map_or(self.project().span, |parent| parent.span);
        Found { dependency, path: &pom.path, brought_by, import: None }
    }

    fn key(&self, dependency: &Dependency) -> Key {
        let resolve = |text: &String| self.resolve(text).unwrap_or_else(|_| text.clone());
        (
            dependency.group.as_ref().map(resolve).unwrap_or_default(),
            dependency.artifact.as_ref().map(resolve).unwrap_or_default(),
            resolve(&dependency.kind),
            dependency.classifier.as_ref().map(resolve),
        )
    }

    /// What is managed for a dependency: by the project, else its parents, else what they import.
    pub(super) fn managed(&self, group: &str, artifact: &str, dependency: &Dependency) -> Option<Found<'_>> {
        let (_, _, kind, classifier) = self.key(dependency);
        self.managed_as(&(group.to_owned(), artifact.to_owned(), kind, classifier))
    }

    /// Children go before parents, and of repeated entries the last one counts.
    fn index_managed(&mut self) {
        let mut managed = BTreeMap::new();
        for (index, pom) in self.poms.iter().enumerate().rev() {
            for (at, dependency) in pom.managed.iter().enumerate().filter(|(_, it)| !is_import(it)) {
                managed.insert(self.key(dependency), (index, at));
            }
        }
        self.managed = managed;
    }

    fn managed_as(&self, key: &Key) -> Option<Found<'_>> {
        let own = self.managed.get(key);
        let own = own.map(|(pom, at)| self.found(&self.poms[*pom].managed[*at], &self.poms[*pom]));
        own.or_else(|| {
            self.imports.iter().find_map(|import| {
                let found = import.managed_as(key)?;
                Some(Found { import: found.import.or(Some(import)), ..found })
            })
        })
    }

    /// Path of the POM in the tree that has these coordinates.
    pub(super) fn module(&self, coordinates: &Coordinates) -> Option<&'a str> {
        self.tree.module(coordinates, &self.project().path)
    }

    /// Replaces `${…}` by what it means.
    pub(super) fn resolve(&self, text: &str) -> Result<String, Unresolved> {
        let mut resolved = String::new();
        self.resolve_into(text, &mut resolved, 0, &mut 0)?;
        Ok(resolved)
    }

    fn resolve_into(
        &self,
        text: &str,
        resolved: &mut String,
        depth: usize,
        steps: &mut usize,
    ) -> Result<(), Unresolved> {
        *steps += 1;
        if depth > INTERPOLATION_DEPTH_MAX || *steps > INTERPOLATION_STEPS_MAX {
            return Err(Unresolved);
        }
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or(Unresolved)?;
            resolved.push_str(before);
            let value = self.property(name).ok_or(Unresolved)?;
            self.resolve_into(&value, resolved, depth + 1, steps)?;
            if resolved.len() > INTERPOLATED_BYTES_MAX {
                return Err(Unresolved);
            }
            rest = after;
        }
        resolved.push_str(rest);
        if resolved.len() > INTERPOLATED_BYTES_MAX { Err(Unresolved) } else { Ok(()) }
    }

    /// A value of the model (`project.version`, with its older spellings) or a property.
    fn property(&self, name: &str) -> Option<String> {
        let field = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom."));
        let (project, parent) = (self.project(), self.project().parent.as_ref().map(|it| &it.coordinates));
        let of_model = match field.unwrap_or(name) {
            "groupId" => self.poms[0].group.clone().or_else(|| Some(parent?.group.clone())),
            "artifactId" => project.artifact.clone(),
            "version" => self.version(),
            "parent.groupId" => Some(parent?.group.clone()),
            "parent.artifactId" => Some(parent?.artifact.clone()),
            "parent.version" => parent?.version.clone(),
            _ => None,
        };
        let of_properties = || self.poms.iter().find_map(|pom| pom.properties.get(name)).cloned();
        if field.is_some() { of_model.or_else(of_properties) } else { of_properties().or(of_model) }
    }
}

fn is_import(dependency: &Dependency) -> bool {
    dependency.scope.as_deref() == Some("import")
}
