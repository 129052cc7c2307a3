//! `go.sum`: digests of modules, and before Go 1.17 the only place that names the transitive ones.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::{BASE64, HEXLOWER};
use selvedge_package::{Component, Ecosystem, Hash, HashAlgorithm, Relation};

use super::directives::directives;
use super::go_mod;
use crate::draft::Draft;
use crate::syntax::lines::lines;
use crate::{Files, Format, PackageFile, Parsed};

/// `go.sum`.
pub(super) const FORMAT: Format =
    Format { id: "go-sum", matches: |path| path == "go.sum" || path.ends_with("/go.sum"), parse };

/// Digests of module contents by module and version.
#[derive(Debug, Default)]
pub(super) struct Digests(BTreeMap<(String, String), Vec<Hash>>);

impl Digests {
    /// The digests of one module in one version.
    pub(super) fn of(&self, module: &str, version: &str) -> Vec<Hash> {
        self.0.get(&(module.to_owned(), version.to_owned())).cloned().unwrap_or_default()
    }
}

/// The digests in the `go.sum` with this content. Mistakes are said when that file itself is read.
pub(super) fn digests(bytes: &[u8]) -> Digests {
    let text = String::from_utf8_lossy(bytes);
    let mut digests = Digests::default();
    for line in text.lines().filter_map(Sum::parse).filter(|sum| !sum.is_go_mod) {
        let key = (line.module.to_owned(), line.version.to_owned());
        digests.0.entry(key).or_default().extend(line.hash);
    }
    digests
}

/// One line: `module version[/go.mod] h1:digest`.
#[derive(Debug)]
struct Sum<'a> {
    module: &'a str,
    version: &'a str,
    /// Whether the digest is that of the `go.mod` file alone: it was looked at to choose versions.
    is_go_mod: bool,
    hash: Option<Hash>,
}

impl<'a> Sum<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let (module, version, digest) = (words.next()?, words.next()?, words.next()?);
        let (version, is_go_mod) =
            version.strip_suffix("/go.mod").map_or((version, false), |version| (version, true));
        (words.next().is_none() && digest.contains(':') && version.starts_with('v')).then(|| Self {
            module,
            version,
            is_go_mod,
            hash: h1(digest),
        })
    }
}

/// `h1:` is Base64 of a SHA-256; other algorithms are not defined.
fn h1(digest: &str) -> Option<Hash> {
    let bytes = BASE64.decode(digest.strip_prefix("h1:")?.as_bytes()).ok()?;
    (bytes.len() == 32).then(|| Hash { algorithm: HashAlgorithm::GoH1, hex: HEXLOWER.encode(&bytes) })
}

/// Reads the modules that the `go.mod` beside it does not list. The file also names versions that were only
/// looked at: of each module the greatest version counts, and only if its content was fetched.
fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let required = match required_beside(file, files) {
        Beside::Complete => return Parsed::default(),
        Beside::Required(required) => Some(required),
        Beside::Nothing => None,
    };
    let mut greatest: BTreeMap<&str, (&str, Option<Component>)> = BTreeMap::new();
    for line in lines(&mut draft).into_iter().filter(|line| !line.trimmed().is_empty()) {
        let Some(sum) = Sum::parse(line.text) else {
            draft.problem(line.number, "expected `<module> <version> h1:<digest>`");
            continue;
        };
        let slot = greatest.entry(sum.module).or_insert((sum.version, None));
        if is_later(sum.version, slot.0) {
            *slot = (sum.version, None);
        }
        if slot.0 == sum.version && !sum.is_go_mod {
            slot.1 = Some(Component {
                ecosystem: Ecosystem::Go,
                name: sum.module.to_owned(),
                version: Some(sum.version.to_owned()),
                relation: if required.is_some() { Relation::Transitive } else { Relation::Unknown },
                hashes: sum.hash.into_iter().collect(),
                span: draft.span(line.range()),
                ..Component::default()
            });
        }
    }
    let required = required.unwrap_or_default();
    let mut components: Vec<_> = greatest.into_values().filter_map(|(_, component)| component).collect();
    components.retain(|component| !required.contains(&component.name));
    components.sort_by_key(|component| component.span);
    for component in components {
        draft.push(component);
    }
    draft.finish()
}

/// What the `go.mod` beside a file says.
pub(super) enum Beside {
    /// There is none.
    Nothing,
    /// It lists every module.
    Complete,
    /// It lists these modules, and there are others.
    Required(BTreeSet<String>),
}

fn required_beside(file: &PackageFile<'_>, files: &dyn Files) -> Beside {
    let path = file.sibling("go.mod");
    let Some((path, bytes)) = path.and_then(|path| files.get(&path).map(|bytes| (path, bytes))) else {
        return Beside::Nothing;
    };
    let beside = PackageFile::new(&path, bytes);
    if go_mod::is_complete(&directives(&mut Draft::new(&beside, go_mod::FORMAT.id))) {
        return Beside::Complete;
    }
    let manifest = (go_mod::FORMAT.parse)(&beside, files).manifest.unwrap_or_default();
    Beside::Required(manifest.components.into_iter().map(|component| component.name).collect())
}

/// Whether version `a` is later than `b` in Go's order; what is no semantic version is earlier.
fn is_later(a: &str, b: &str) -> bool {
    let version = |text: &str| semver::Version::parse(text.trim_start_matches('v')).ok();
    version(a) > version(b)
}
