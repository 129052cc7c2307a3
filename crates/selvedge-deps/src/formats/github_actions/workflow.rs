//! Workflows (`.github/workflows/*.yml`) and the definitions of actions (`action.yml`).

use std::collections::BTreeSet;

use selvedge_package::{Component, Origin, Scope};

use super::uses::{self, Used};
use crate::draft::Draft;
use crate::formats::docker::image;
use crate::syntax::{self, Node, yaml};
use crate::{Files, PackageFile, Parsed};

/// Whether the file is a workflow.
pub(super) fn is_workflow(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let is_folder = folder == ".github/workflows" || folder.ends_with("/.github/workflows");
    is_folder && matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml")))
}

/// Whether the file defines an action.
pub(super) fn is_action(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("action.yml" | "action.yaml"))
}

/// Reads a workflow: steps and called workflows of every job, its container and services.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "github-workflow");
    let root = syntax::read_map(&mut draft, yaml::parse);
    for job in root.entries_at("jobs") {
        if let Some(node) = job.value.get("uses") {
            add_use(node, &mut draft);
        }
        steps(&job.value, &mut draft);
        let services = job.value.entries_at("services").iter().map(|service| &service.value);
        for place in job.value.get("container").into_iter().chain(services) {
            add_image(place.get("image").unwrap_or(place), &mut draft);
        }
    }
    finish(draft)
}

/// Reads the definition of an action: the steps of a composite one, the image of one in a container.
pub(super) fn parse_action(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "github-action");
    let root = syntax::read_map(&mut draft, yaml::parse);
    if let Some(runs) = root.get("runs") {
        steps(runs, &mut draft);
        if let Some(node) =
            runs.get("image").filter(|node| node.text().is_some_and(|text| text.starts_with("docker://")))
        {
            add_use(node, &mut draft);
        }
    }
    finish(draft)
}

/// Of several uses of the same thing the first one counts.
fn finish(mut draft: Draft<'_>) -> Parsed {
    let mut seen = BTreeSet::new();
    draft
        .manifest
        .components
        .retain(|component| seen.insert((component.name.clone(), component.resolved.clone())));
    if draft.manifest.components.is_empty() {
        return draft.fail();
    }
    draft.manifest.is_locked = draft.manifest.components.iter().all(is_pinned);
    draft.finish()
}

fn is_pinned(component: &Component) -> bool {
    match &component.origin {
        Origin::Git { commit, .. } => commit.is_some(),
        _ => !component.hashes.is_empty(),
    }
}

fn steps(node: &Node<'_>, draft: &mut Draft<'_>) {
    for step in node.items_at("steps") {
        if let Some(node) = step.get("uses") {
            add_use(node, draft);
        }
    }
}

fn add_use(node: &Node<'_>, draft: &mut Draft<'_>) {
    let Some(text) = node.text() else {
        draft.problem(node.span.line, format!("{} for `uses`; expected `owner/name@commit`", node.noun()));
        return;
    };
    let comment = comment_behind(draft.file.bytes, node.span.end as usize).map(str::to_owned);
    match uses::parse(text, comment.as_deref(), node.span) {
        Used::Component(component) => {
            draft.push(*component);
        }
        Used::Own => {}
        Used::Bad(message) => draft.problem(node.span.line, message),
    }
}

/// The comment on the rest of the line that begins at `end`.
fn comment_behind(bytes: &[u8], end: usize) -> Option<&str> {
    let rest = bytes.get(end..)?;
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let line = std::str::from_utf8(line).ok()?;
    line.split_once('#').map(|(_, comment)| comment.trim())
}

fn add_image(node: &Node<'_>, draft: &mut Draft<'_>) {
    // An expression is known when the workflow runs only.
    let Some(text) = node.text().filter(|text| !text.is_empty()) else { return };
    if text.contains("${{") {
        draft.problem(node.span.line, format!("the image `{text}` is known when the workflow runs only"));
        return;
    }
    if let Some(component) = image::component(text, Scope::Build, node.span) {
        draft.push(component);
    }
}
