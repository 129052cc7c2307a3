//! Rust binaries with the dependency list of `cargo auditable`: JSON, compressed with zlib, in the section
//! `.dep-v0`.

use std::io::Read;

use flate2::read::ZlibDecoder;
use object::ReadRef;
use selvedge_model::DiagnosticKind;
use selvedge_package::{Component, Ecosystem, Manifest, Origin, Relation, Scope};
use serde::Deserialize;

use crate::examine::Examined;
use crate::limit::Limit;

/// Identifier of the format.
const FORMAT: &str = "cargo-auditable";

/// Size of the list after decompression; 1,000 crates take about 100 kB.
const AUDITABLE_BYTES_MAX: Limit = Limit::new("AUDITABLE_BYTES_MAX", 16 << 20);
/// Crates of one binary.
const AUDITABLE_PACKAGES_MAX: Limit = Limit::new("AUDITABLE_PACKAGES_MAX", 100_000);

/// The list, version 0.
#[derive(Deserialize)]
struct VersionInfo {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    dependencies: Vec<u32>,
    #[serde(default)]
    root: bool,
}

/// Reads the list; `None` if the binary has none.
pub(super) fn examine<'a, R: ReadRef<'a>>(file: &object::File<'a, R>) -> Option<Examined> {
    super::section(file, &[".dep-v0"]).map(parse)
}

/// Reads the content of the section.
pub(super) fn parse(section: &[u8]) -> Examined {
    let mut out = Examined::new(FORMAT);
    let mut json = Vec::new();
    let inflated = ZlibDecoder::new(section).take(AUDITABLE_BYTES_MAX.value + 1).read_to_end(&mut json);
    if let Err(error) = inflated {
        out.report(DiagnosticKind::BadPackageFile, format!("section .dep-v0 is no zlib stream: {error}"));
        return out;
    }
    if AUDITABLE_BYTES_MAX.is_exceeded_by(json.len() as u64) {
        out.report(
            DiagnosticKind::LimitReached,
            format!("section .dep-v0 inflates beyond {AUDITABLE_BYTES_MAX}"),
        );
        return out;
    }
    match serde_json::from_slice::<VersionInfo>(&json) {
        Ok(info) if AUDITABLE_PACKAGES_MAX.is_exceeded_by(info.packages.len() as u64) => {
            out.report(
                DiagnosticKind::LimitReached,
                format!("section .dep-v0 lists more than {AUDITABLE_PACKAGES_MAX}"),
            );
        }
        Ok(info) => fill(info, &mut out),
        Err(error) => out.report(DiagnosticKind::BadPackageFile, format!("section .dep-v0: {error}")),
    }
    out
}

fn fill(info: VersionInfo, out: &mut Examined) {
    let count = info.packages.len() as u32;
    let mut manifest = Manifest::default();
    for package in info.packages {
        let mut dependencies = package.dependencies;
        let stated = dependencies.len();
        dependencies.retain(|index| *index < count);
        if dependencies.len() < stated {
            let message = format!("section .dep-v0: {} depends on what is not in the list", package.name);
            out.report(DiagnosticKind::BadPackageFile, message);
        }
        dependencies.sort_unstable();
        dependencies.dedup();
        manifest.components.push(Component {
            ecosystem: Ecosystem::CratesIo,
            origin: origin(&package.source, &package.name),
            scope: if package.kind.as_deref() == Some("build") { Scope::Build } else { Scope::Runtime },
            relation: if package.root { Relation::Root } else { Relation::Unknown },
            name: package.name,
            version: Some(package.version),
            dependencies,
            ..Component::default()
        });
    }
    spread(&mut manifest);
    out.components = manifest.components;
    out.has_graph = true;
}

/// Marks what the root names and what that brings in; the kinds of the list stay as they are.
fn spread(manifest: &mut Manifest) {
    let roots = manifest.components.iter().filter(|it| it.relation == Relation::Root);
    let direct: Vec<u32> = roots.flat_map(|root| root.dependencies.iter().copied()).collect();
    if direct.is_empty() {
        return;
    }
    for component in &mut manifest.components {
        if component.relation == Relation::Unknown {
            component.relation = Relation::Transitive;
        }
    }
    for index in direct {
        let component = &mut manifest.components[index as usize];
        if component.relation != Relation::Root {
            component.relation = Relation::Direct;
        }
    }
}

/// `crates.io`, `git`, `local`, `registry`, or an address that a later version may write.
fn origin(source: &str, name: &str) -> Origin {
    match source {
        "crates.io" => Origin::Registry,
        "local" => Origin::Path(name.to_owned()),
        "git" => Origin::Git { url: String::new(), commit: None },
        other => Origin::OtherRegistry(other.to_owned()),
    }
}
