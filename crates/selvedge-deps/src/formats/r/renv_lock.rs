//! `renv.lock`: the packages of an R project.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin};

use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::{self, Entry, Node, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `renv.lock`.
pub(super) const FORMAT: Format =
    Format { id: "renv-lock", matches: |path| path == "renv.lock" || path.ends_with("/renv.lock"), parse };

/// Names that R projects give to mirrors of the public registry.
const REGISTRIES: &[&str] = &["CRAN", "RSPM", "P3M"];

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let root = syntax::read(&mut draft, json::parse);
    if !root.is_map() {
        draft.problem(1, format!("{}; expected an object with `Packages`", root.noun()));
        return draft.fail();
    }
    let repositories: BTreeMap<&str, &str> = root
        .at(&["R", "Repositories"])
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(|it| Some((it.text_at("Name")?, it.text_at("URL")?)))
        .collect();
    let mut names = Names::default();
    for entry in root.entries_at("Packages") {
        add(&mut draft, &mut names, entry, &repositories);
    }
    names.connect(&mut draft);
    draft.manifest.has_graph = draft.manifest.components.iter().any(|it| !it.dependencies.is_empty());
    draft.finish()
}

fn add(draft: &mut Draft<'_>, names: &mut Names, entry: &Entry<'_>, repositories: &BTreeMap<&str, &str>) {
    let package = &entry.value;
    let name = package.text_at("Package").unwrap_or(&entry.key);
    let version = package.text_at("Version").map(str::to_owned);
    if version.is_none() {
        draft.problem(entry.key_span.line, format!("package `{name}` has no version"));
    }
    let is_bioconductor = package.text_at("Source") == Some("Bioconductor");
    let index = draft.push(Component {
        ecosystem: if is_bioconductor { Ecosystem::Bioconductor } else { Ecosystem::Cran },
        name: name.to_owned(),
        version,
        origin: origin(package, repositories),
        licenses: package.text_at("License").map(str::to_owned).into_iter().collect(),
        span: entry.key_span,
        ..Component::default()
    });
    let Some(index) = index else { return };
    names.add(name, index);
    for list in ["Requirements", "Depends", "Imports", "LinkingTo"] {
        for need in package.items_at(list).iter().filter_map(Node::text) {
            // `rlang (>= 1.0)`.
            names.need(index, need.split([' ', '(']).next().unwrap_or(need));
        }
    }
}

/// Where a package comes from. `Hash` is one of its description and states nothing about the archive.
fn origin(package: &Node<'_>, repositories: &BTreeMap<&str, &str>) -> Origin {
    let text = |key| package.text_at(key);
    match text("Source") {
        Some("GitHub" | "GitLab" | "Bitbucket" | "Git" | "git2r") => {
            let owned = || {
                Some(format!(
                    "https://{}/{}/{}",
                    host(text("RemoteHost"), text("Source")),
                    text("RemoteUsername")?,
                    text("RemoteRepo")?
                ))
            };
            let url = text("RemoteUrl").map(str::to_owned).or_else(owned).unwrap_or_default();
            Origin::Git { url, commit: text("RemoteSha").map(str::to_owned) }
        }
        Some("Local") => Origin::Path(text("RemoteUrl").unwrap_or_default().to_owned()),
        Some("URL") => Origin::Url(text("RemoteUrl").unwrap_or_default().to_owned()),
        _ => match text("Repository") {
            Some(name) if !REGISTRIES.contains(&name) => match repositories.get(name) {
                Some(url) => Origin::OtherRegistry((*url).to_owned()),
                None if name.contains("://") => Origin::OtherRegistry(name.to_owned()),
                None => Origin::Registry,
            },
            _ => Origin::Registry,
        },
    }
}

/// Host of the repository for the host of an interface.
fn host<'a>(remote: Option<&'a str>, source: Option<&str>) -> &'a str {
    match (remote, source) {
        (Some("api.github.com") | None, Some("GitHub")) => "github.com",
        (None, Some("GitLab")) => "gitlab.com",
        (None, _) => "bitbucket.org",
        (Some(host), _) => host.trim_end_matches("/api/v3"),
    }
}
