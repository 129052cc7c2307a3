//! What a manifest asks for: a package, a requirement on its version, and for what it is needed.
//!
//! Manifests without a lockfile become an inventory of requirements; beside a lockfile the same requirements
//! tell which of the locked packages are direct, for what, and where they are declared.

use selvedge_package::{Component, Declared, Ecosystem, Origin, Relation, Scope, Span};

use crate::draft::Draft;

/// One requirement of a manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the word that `Component` has for the same thing")]
pub(crate) struct Requirement {
    /// Name of the package, not that of an alias.
    pub(crate) name: String,
    /// Name under which the manifest knows the package where that differs.
    pub(crate) alias: Option<String>,
    /// Requirement on the version as the manifest writes it; absent if any will do.
    pub(crate) requirement: Option<String>,
    /// The only version that meets the requirement, where it leaves no choice.
    pub(crate) version: Option<String>,
    /// What the package is needed for.
    pub(crate) scope: Scope,
    /// Where the package comes from.
    pub(crate) origin: Origin,
    /// Where the requirement stands in the manifest.
    pub(crate) span: Span,
}

impl Requirement {
    /// The component for an inventory without lockfile.
    pub(crate) fn into_component(self, ecosystem: Ecosystem) -> Component {
        Component {
            ecosystem,
            name: self.name,
            version: self.version,
            requirement: self.requirement,
            origin: self.origin,
            scope: self.scope,
            relation: Relation::Direct,
            span: self.span,
            ..Component::default()
        }
    }

    /// Notes on the locked component at `index` that the manifest at `path` asks for it. The first manifest
    /// that does so is kept.
    pub(crate) fn note(&self, draft: &mut Draft<'_>, index: u32, path: &str) {
        let Some(component) = draft.manifest.components.get_mut(index as usize) else { return };
        if component.declared.is_none() {
            component.requirement.clone_from(&self.requirement);
            component.declared = Some(Declared { path: path.to_owned(), span: self.span });
        }
    }
}
