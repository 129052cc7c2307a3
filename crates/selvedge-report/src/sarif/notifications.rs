//! What could not be looked at, and what is wrong with the configuration, as SARIF notifications.

use std::collections::BTreeMap;

use selvedge_model::{ConfigNotice, Diagnostic, DiagnosticKind, Report};

use super::{message, uri};
use crate::node::Node;
use crate::summary::{configuration_diagnostics, skipped_diagnostics};

/// Identifier of the descriptor of [`ConfigNotice`].
const NOTICE: &str = "config-notice";

pub(super) fn invocation(report: &Report) -> Node {
    let index = kinds(report);
    let execution = skipped_diagnostics(report).map(|diagnostic| notification(diagnostic, &index));
    let configuration = configuration_diagnostics(report)
        .map(|diagnostic| notification(diagnostic, &index))
        .chain(report.notices.iter().map(|entry| notice(entry, &index)));
    Node::object([
        ("executionSuccessful", Node::Bool(true)),
        ("toolExecutionNotifications", Node::list(execution)),
        ("toolConfigurationNotifications", Node::list(configuration)),
    ])
}

/// One descriptor for each kind that occurs.
pub(super) fn descriptors(report: &Report) -> Node {
    Node::list_or_absent(kinds(report).into_iter().map(|(id, (_, label))| {
        let description = Node::object([("text", Node::text(label))]);
        Node::object([("id", Node::text(id)), ("shortDescription", description)])
    }))
}

fn kinds(report: &Report) -> BTreeMap<&'static str, (u64, &'static str)> {
    let diagnostics = report.diagnostics.iter().map(|entry| (entry.kind.as_str(), entry.kind.label()));
    let notices = report.notices.iter().map(|_| (NOTICE, "configuration notice"));
    let mut kinds: BTreeMap<_, _> = diagnostics.chain(notices).map(|(id, label)| (id, (0, label))).collect();
    for (at, entry) in kinds.values_mut().enumerate() {
        entry.0 = at as u64;
    }
    kinds
}

fn notification(diagnostic: &Diagnostic, index: &BTreeMap<&'static str, (u64, &'static str)>) -> Node {
    let level = if diagnostic.kind == DiagnosticKind::Internal { "error" } else { "warning" };
    let place = diagnostic.path.as_ref().map(|path| {
        let line =
            diagnostic.line.map(|line| Node::object([("startLine", Node::Number(line.max(1).into()))]));
        let physical = Node::object([("artifactLocation", uri(path)), ("region", line.into())]);
        Node::list([Node::object([("physicalLocation", physical)])])
    });
    Node::object([
        ("descriptor", descriptor(diagnostic.kind.as_str(), index)),
        ("level", Node::text(level)),
        ("message", message(&diagnostic.message)),
        ("locations", place.into()),
    ])
}

fn notice(notice: &ConfigNotice, index: &BTreeMap<&'static str, (u64, &'static str)>) -> Node {
    let text = format!("{}: {}", notice.origin, notice.message);
    Node::object([
        ("descriptor", descriptor(NOTICE, index)),
        ("level", Node::text("warning")),
        ("message", message(&text)),
    ])
}

fn descriptor(id: &'static str, index: &BTreeMap<&'static str, (u64, &'static str)>) -> Node {
    let at = index.get(id).map(|(at, _)| Node::Number(*at));
    Node::object([("id", Node::text(id)), ("index", at.into())])
}
