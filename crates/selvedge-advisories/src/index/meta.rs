//! What the index says about itself: imports, sources, ecosystems, counts.

use serde::{Deserialize, Serialize};

/// One thing that was imported: a folder, a file, a mirror.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginStatus {
    /// As the user named it.
    pub label: String,
    /// What was found there: `osv-json`, `rustsec`, `epss` … several are separated by commas.
    pub form: String,
    /// BLAKE3 of the content, hexadecimal: an import with the same digest is not read again.
    pub digest: String,
    /// When it was imported, in seconds since 1970, as the caller said.
    pub imported_at: i64,
    /// Records taken from it, withdrawn ones included.
    pub records: u64,
    /// Records of it that give way to a newer one with the same id from another import.
    pub shadowed: u64,
    /// What looked like a record and is none.
    pub rejected: u64,
    /// Files that are no advisories in a known form.
    pub unknown_files: u64,
    /// Newest `modified`, in seconds since 1970.
    pub newest: i64,
}

/// One database, by the prefix of its ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    /// Its name; for an unknown prefix the prefix itself.
    pub name: String,
    /// Its licence, if known.
    pub license: String,
    /// Records that count.
    pub records: u64,
    /// Records that were taken back; they match nothing.
    pub withdrawn: u64,
    /// Newest `modified`, in seconds since 1970.
    pub newest: i64,
}

/// One ecosystem, or one release of a distribution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EcosystemStatus {
    /// Name in the OSV schema.
    pub ecosystem: String,
    /// Release as keys write it; empty where there is none.
    pub release: String,
    /// Packages with advisories.
    pub packages: u64,
    /// Pairs of package and advisory.
    pub rows: u64,
}

/// Everything together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexStatus {
    /// Imports, by label.
    pub origins: Vec<OriginStatus>,
    /// Databases, by name.
    pub sources: Vec<SourceStatus>,
    /// Ecosystems, by name and release.
    pub ecosystems: Vec<EcosystemStatus>,
    /// Records that count.
    pub records: u64,
    /// Records that were taken back.
    pub withdrawn: u64,
    /// Records that give way to a newer one with the same id.
    pub shadowed: u64,
    /// Groups of aliases with more than one id.
    pub groups: u64,
    /// CVEs with an EPSS score.
    pub epss: u64,
    /// Entries of the KEV catalogue.
    pub kev: u64,
}
