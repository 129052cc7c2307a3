//! The bill of materials as every reader leaves it and every writer takes it, whatever the format.

use std::fmt;

use selvedge_package::{Component, Manifest, Relation};

/// One bill of materials: what it is about, what that consists of, and who says so.
///
/// Positions in [`Component::dependencies`] are indices into [`Bom::entries`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bom {
    /// Index of the entry that the document is about (`metadata.component`, what SPDX `DESCRIBES`).
    pub subject: Option<u32>,
    /// All components, the subject and nested ones included.
    pub entries: Vec<Entry>,
    /// Whether the dependencies of the entries are the whole graph as far as is known.
    pub has_graph: bool,
    /// When the document was made, RFC 3339 in UTC; whoever makes it says so.
    pub timestamp: Option<String>,
    /// `urn:uuid:…` for CycloneDX or the namespace of an SPDX document. Writers derive one from the content
    /// where it is absent.
    pub serial: Option<String>,
    /// People or organisations that made the document.
    pub authors: Vec<String>,
    /// Who supplies what the document is about.
    pub supplier: Option<String>,
    /// Programs that made the document.
    pub tools: Vec<Tool>,
    /// Phases of the life of the subject in which the data was taken.
    pub lifecycles: Vec<Lifecycle>,
    /// Documents that this one was read or merged from.
    pub sources: Vec<Source>,
}

/// One component with what only SBOMs say of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The package.
    pub component: Component,
    /// What kind of thing it is.
    pub kind: Kind,
    /// Identifier within the document (`bom-ref`, `SPDXID`); unique among the entries.
    pub reference: String,
    /// Package URL, canonical where it could be read.
    pub purl: Option<String>,
    /// Common Platform Enumeration name.
    pub cpe: Option<String>,
    /// Who supplied it.
    pub supplier: Option<String>,
    /// Who wrote or published it.
    pub author: Option<String>,
    /// Copyright notice.
    pub copyright: Option<String>,
    /// One or more sentences about it.
    pub description: Option<String>,
    /// Where it was seen, sorted.
    pub occurrences: Vec<Occurrence>,
    /// Index into [`Bom::sources`] of each document that lists it, sorted.
    pub sources: Vec<u32>,
}

/// A place where a component was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// Path of the file that names it.
    pub path: String,
    /// 1-based line, 0 where the file has none.
    pub line: u32,
}

/// A program that made a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tool {
    /// Its maker.
    pub vendor: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// A document that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Path as the caller names it.
    pub path: String,
    /// Format and version: `CycloneDX 1.5 JSON`.
    pub format: String,
    /// Serial number or document namespace.
    pub serial: Option<String>,
    /// When it says it was made.
    pub timestamp: Option<String>,
}

macro_rules! names {
    ($(#[$outer:meta])* $kind:ident { $($(#[$inner:meta])* $variant:ident = $name:literal),* $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $kind { $($(#[$inner])* $variant),* }

        impl $kind {
            /// The name in CycloneDX.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The value with that name in CycloneDX.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

names! {
    /// What kind of thing a component is: the types of CycloneDX 1.6.
    #[expect(missing_docs, reason = "each is the name that the format gives it")]
    Kind {
        Application = "application",
        Framework = "framework",
        Library = "library",
        Container = "container",
        Platform = "platform",
        OperatingSystem = "operating-system",
        Device = "device",
        DeviceDriver = "device-driver",
        Firmware = "firmware",
        File = "file",
        MachineLearningModel = "machine-learning-model",
        Data = "data",
        CryptographicAsset = "cryptographic-asset",
    }
}

impl Default for Kind {
    /// What CycloneDX asks to write where nothing better is known.
    fn default() -> Self {
        Self::Library
    }
}

names! {
    /// Phases of a product's life: those of CycloneDX, which the generation context of CISA's minimum elements
    /// ("before build, during build, after build") maps onto.
    #[expect(missing_docs, reason = "each is the name that the format gives it")]
    Lifecycle {
        Design = "design",
        PreBuild = "pre-build",
        Build = "build",
        PostBuild = "post-build",
        Operations = "operations",
        Discovery = "discovery",
        Decommission = "decommission",
    }
}

impl Bom {
    /// The entry that the document is about.
    pub fn subject(&self) -> Option<&Entry> {
        self.entries.get(self.subject? as usize)
    }

    /// The entries but the subject, with their indices.
    pub fn parts(&self) -> impl Iterator<Item = (u32, &Entry)> {
        (0..).zip(&self.entries).filter(|(index, _)| Some(*index) != self.subject)
    }

    /// The components as a manifest that names `path`, so that they are matched and reported like those of a
    /// lockfile. Indices are those of [`Bom::entries`].
    pub fn to_manifest(&self, path: &str, format: &'static str) -> Manifest {
        let components = self.entries.iter().map(|entry| entry.component.clone()).collect();
        Manifest {
            path: path.to_owned(),
            format,
            components,
            has_graph: self.has_graph,
            is_locked: true,
            absorbed: Vec::new(),
        }
    }

    /// Marks the subject as root, what it names as direct and what follows from the graph as transitive, where
    /// no reader knew better.
    pub(crate) fn relate(&mut self) {
        let Some(subject) = self.subject else { return };
        if let Some(entry) = self.entries.get_mut(subject as usize) {
            entry.component.relation = Relation::Root;
        }
        let roots: Vec<u32> = (0..)
            .zip(&self.entries)
            .filter(|(_, it)| it.component.relation == Relation::Root)
            .map(|it| it.0)
            .collect();
        let mut pending: Vec<(u32, Relation)> = roots.iter().map(|root| (*root, Relation::Root)).collect();
        let mut seen = vec![false; self.entries.len()];
        while let Some((at, relation)) = pending.pop() {
            if std::mem::replace(&mut seen[at as usize], true) {
                continue;
            }
            let next = if relation == Relation::Root { Relation::Direct } else { Relation::Transitive };
            for index in self.entries[at as usize].component.dependencies.clone() {
                let Some(target) = self.entries.get_mut(index as usize) else { continue };
                let known = &mut target.component.relation;
                if *known == Relation::Unknown || (*known == Relation::Transitive && next == Relation::Direct)
                {
                    *known = next;
                }
                if *known != Relation::Root {
                    pending.push((index, *known));
                }
            }
        }
    }
}
