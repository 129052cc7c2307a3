//! `Package.resolved`: what the Swift Package Manager resolved, versions 1 to 3.

use selvedge_package::{Component, Ecosystem, Origin};

use super::repository_name;
use crate::draft::Draft;
use crate::syntax::{self, Node, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `Package.resolved`, also inside of an Xcode project.
pub(super) const FORMAT: Format = Format {
    id: "swift-package-resolved",
    matches: |path| path == "Package.resolved" || path.ends_with("/Package.resolved"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let root = syntax::read(&mut draft, json::parse);
    // Version 1 wraps the pins in `object`.
    let Some(pins) = root.get("pins").or_else(|| root.at(&["object", "pins"])) else {
        draft.problem(1, "expected an object with `pins`");
        return draft.fail();
    };
    for pin in pins.items() {
        add(&mut draft, pin);
    }
    draft.finish()
}

fn add(draft: &mut Draft<'_>, pin: &Node<'_>) {
    let location = pin.get("location").or_else(|| pin.get("repositoryURL"));
    let url = location.and_then(Node::text).unwrap_or_default();
    let identity = pin.get("identity").or_else(|| pin.get("package"));
    let Some(named) = location.filter(|_| !url.is_empty()).or(identity) else {
        draft.problem(pin.span.line, "expected `location` or `identity` in a pin; it is left out");
        return;
    };
    let state = |key| pin.get("state").and_then(|state| state.text_at(key)).map(str::to_owned);
    let origin = match pin.text_at("kind") {
        Some("registry") => Origin::Registry,
        Some("localSourceControl" | "fileSystem") => Origin::Path(url.to_owned()),
        _ if url.is_empty() => Origin::Registry,
        _ => Origin::Git { url: url.to_owned(), commit: state("revision") },
    };
    let name = if matches!(origin, Origin::Git { .. }) {
        repository_name(url)
    } else {
        identity.and_then(Node::text).unwrap_or(url).to_owned()
    };
    let (version, branch) = (state("version"), state("branch"));
    if version.is_none() && state("revision").is_none() {
        draft.problem(named.span.line, format!("pin `{name}` has neither version nor revision"));
    }
    draft.push(Component {
        ecosystem: Ecosystem::SwiftUrl,
        name,
        version,
        requirement: branch.map(|branch| format!("branch {branch}")),
        origin,
        resolved: (!url.is_empty()).then(|| url.to_owned()),
        span: named.span,
        ..Component::default()
    });
}
