//! Components: packages as a lockfile, a manifest or a package database names them.

use selvedge_model::{ByteRange, LineIndex, Location};

use crate::Ecosystem;

/// What brings a component in. Ordered from what ships to what does not: of two ways to a component the
/// lesser counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Part of what runs in production. Also the value where the file does not say: unknown never lowers.
    #[default]
    Runtime,
    /// Installed where it can be, such as npm's `optionalDependencies`.
    Optional,
    /// Needed to build what ships: Cargo build dependencies, annotation processors.
    Build,
    /// Needed by developers and tests only.
    Development,
}

impl Scope {
    /// The lower-case name used in JSON and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Optional => "optional",
            Self::Build => "build",
            Self::Development => "development",
        }
    }
}

/// How a component stands to the project that uses it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The project itself, or a member of its workspace.
    Root,
    /// Named by the project.
    Direct,
    /// Brought in by another component.
    Transitive,
    /// The file does not tell.
    #[default]
    Unknown,
}

impl Relation {
    /// The lower-case name used in JSON and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Direct => "direct",
            Self::Transitive => "transitive",
            Self::Unknown => "unknown",
        }
    }
}

/// Where the package itself comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The ecosystem's public registry, or what the file leaves to the default.
    #[default]
    Registry,
    /// Another registry or mirror, by its address.
    OtherRegistry(String),
    /// A git repository; the commit is absent where the file does not pin one.
    Git {
        /// Address as the file writes it.
        url: String,
        /// Full or abbreviated commit.
        commit: Option<String>,
    },
    /// A file fetched from an address.
    Url(String),
    /// A folder or file of the project: never matched with advisories by its name.
    Path(String),
    /// Installed by a system package manager or found in an image.
    Installed,
}

/// Digest algorithms that lockfiles and package databases use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the name of the algorithm")]
pub enum HashAlgorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Blake2b,
    Blake3,
    /// Go's `h1:`, SHA-256 over the sorted list of a module's files with their SHA-256 each: it pins the
    /// content and not the archive, so it is no digest that other formats could state.
    GoH1,
}

impl HashAlgorithm {
    /// Whether a collision or second preimage is out of reach today: MD5 and SHA-1 are not enough.
    pub fn is_strong(self) -> bool {
        !matches!(self, Self::Md5 | Self::Sha1)
    }
}

/// A digest of the package's archive as the file states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash {
    /// The algorithm.
    pub algorithm: HashAlgorithm,
    /// Lower-case hexadecimal.
    pub hex: String,
}

/// Where a component stands in its file: bytes `start..end`, and the 1-based line of the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// 1-based line of the first byte; 0 where the file has no lines (binary formats).
    pub line: u32,
}

impl Span {
    /// The location of this span in `path`. `bytes` and `lines` are those of the file.
    pub fn location(self, path: &str, lines: &LineIndex, bytes: &[u8]) -> Location {
        if self.line == 0 {
            return Location::file(path);
        }
        Location::new(path, ByteRange::new(self.start as usize, self.end as usize), lines, bytes)
    }
}

/// Where the project names a component in a file beside the one that pins it: the place to edit.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Declared {
    /// Path relative to the root of the run, `/`-separated.
    pub path: String,
    /// The requirement's place in that file.
    pub span: Span,
}

/// One package in one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Component {
    /// The ecosystem whose rules of spelling and order hold.
    pub ecosystem: Ecosystem,
    /// Release of the distribution for system packages, as OSV writes it after the colon: `12`, `v3.20`.
    pub release: Option<String>,
    /// Name as the ecosystem's advisories spell it: `group:artifact` for Maven, `@scope/name` for npm, the
    /// module path for Go, the source package for Debian (the binary one is in `binary_name`).
    pub name: String,
    /// Binary package name where it differs from `name` (Debian, RPM, Alpine sub-packages).
    pub binary_name: Option<String>,
    /// Version of the binary package where it differs from `version`, which then is the source's (Debian).
    pub binary_version: Option<String>,
    /// Module stream that an RPM was built in, as its header writes it: `nodejs:18:…`.
    pub module: Option<String>,
    /// Exact version as the file writes it; `None` where the file states only a requirement.
    pub version: Option<String>,
    /// The requirement that the project writes (`^1.2`), where known.
    pub requirement: Option<String>,
    /// Where that requirement stands, if it is in another file: `package.json` beside a lockfile.
    pub declared: Option<Declared>,
    /// CPU architecture for system packages: `amd64`.
    pub architecture: Option<String>,
    /// Where the package comes from.
    pub origin: Origin,
    /// Address it was resolved to, as the file writes it.
    pub resolved: Option<String>,
    /// What brings it in.
    pub scope: Scope,
    /// How the project knows it.
    pub relation: Relation,
    /// Digests that the file states.
    pub hashes: Vec<Hash>,
    /// Licence expressions or names as the file writes them; several mean all of them.
    pub licenses: Vec<String>,
    /// Licences that texts beside the package are or hold (SPDX identifiers), where it states none itself.
    pub licenses_found: Vec<String>,
    /// Who makes or supplies it, as its metadata says: a name, without an address.
    pub supplier: Option<String>,
    /// Where it stands in its file.
    pub span: Span,
    /// Image layer (diff id) that brought it, where the subject is an image.
    pub layer: Option<String>,
    /// File below an image or root folder that names it, where that differs from the manifest's path.
    pub found_in: Option<String>,
    /// System package whose files hold this one. The distribution patches it under its own versions: its
    /// advisories hold, those of this ecosystem do not, and it is not counted a second time.
    pub owned_by: Option<String>,
    /// What it depends on: indices into [`Manifest::components`], sorted, without duplicates.
    pub dependencies: Vec<u32>,
}

/// What one package file (with the files beside it that complete it) says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Path relative to the root of the run, `/`-separated.
    pub path: String,
    /// Identifier of the format: `cargo-lock`.
    pub format: &'static str,
    /// Components in the order of the file.
    pub components: Vec<Component>,
    /// Whether `dependencies` of the components are the whole graph as far as this file goes.
    pub has_graph: bool,
    /// Whether the versions are pinned: true for lockfiles, false for manifests with requirements.
    pub is_locked: bool,
    /// Paths of other files that were merged in and need no inventory of their own.
    pub absorbed: Vec<String>,
}
