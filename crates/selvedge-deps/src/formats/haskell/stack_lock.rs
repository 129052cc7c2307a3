//! `stack.yaml.lock`: packages beyond the snapshot that Stack resolved. What the snapshot itself holds stands
//! in no file of the project.

use selvedge_package::{Component, Ecosystem, Origin};

use crate::draft::Draft;
use crate::syntax::{self, Node, yaml};
use crate::{Files, Format, PackageFile, Parsed};

/// `stack.yaml.lock`.
pub(super) const FORMAT: Format = Format {
    id: "stack-lock",
    matches: |path| path == "stack.yaml.lock" || path.ends_with("/stack.yaml.lock"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let root = syntax::read(&mut draft, yaml::parse);
    if !root.is_map() {
        draft.problem(1, format!("{}; expected a map with `packages`", root.noun()));
        return draft.fail();
    }
    for package in root.items_at("packages") {
        let completed = package.get("completed").unwrap_or(package);
        if let Some(component) = component(completed) {
            draft.push(component);
        } else {
            draft.problem(
                package.span.line,
                "expected `hackage`, `git` or `url` in a package; it is left out",
            );
        }
    }
    draft.finish()
}

fn component(completed: &Node<'_>) -> Option<Component> {
    let base = Component { ecosystem: Ecosystem::Hackage, ..Component::default() };
    if let Some(node) = completed.get("hackage") {
        // `name-1.0.1@sha256:…,1234`; the digest is that of the description, not of the archive.
        let text = node.text()?.split('@').next()?;
        let (name, version) = text.rsplit_once('-')?;
        return Some(Component {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            span: node.span,
            ..base
        });
    }
    let located =
        completed.get("git").or_else(|| completed.get("url")).or_else(|| completed.get("archive"))?;
    let url = located.text()?.to_owned();
    let named = completed.get("name").unwrap_or(located);
    let origin = match completed.text_at("commit") {
        Some(commit) => Origin::Git { url: url.clone(), commit: Some(commit.to_owned()) },
        None => Origin::Url(url.clone()),
    };
    Some(Component {
        name: completed.text_at("name").unwrap_or(&url).to_owned(),
        version: completed.text_at("version").map(str::to_owned),
        origin,
        span: named.span,
        ..base
    })
}
