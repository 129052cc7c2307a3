//! The parts of `mode: taint`, in both syntaxes.

use std::sync::Arc;

use super::modern::optional;
use super::{Context, Outcome, Problem, classic, flag, items, modern, text, texts};
use crate::expr::{self, Expr};
use crate::rule::{Formula, Propagator, Requires, Sanitizer, SideEffect, Sink, Source, Taint};
use crate::yaml::Node;

/// The label of a source that names none.
pub(crate) const DEFAULT_LABEL: &str = "__SOURCE__";

/// How the formula of an item is read.
type Read = fn(&Node<'_>, &mut Context) -> Outcome<Formula>;

/// `pattern-sources` and its companions.
pub(super) fn classic(node: &Node<'_>, context: &mut Context) -> Outcome<Taint> {
    let names = ["pattern-sources", "pattern-sinks", "pattern-sanitizers", "pattern-propagators"];
    parts(node, names, classic::formula, context)
}

/// `taint:` with `sources` and its companions.
pub(super) fn modern(node: &Node<'_>, context: &mut Context) -> Outcome<Taint> {
    parts(node, ["sources", "sinks", "sanitizers", "propagators"], modern::formula, context)
}

fn parts(node: &Node<'_>, names: [&str; 4], read: Read, context: &mut Context) -> Outcome<Taint> {
    let list = |name: &str| node.get(name).map_or(Ok(&[][..]), |value| items(value, name));
    let mut taint = Taint::default();
    for item in list(names[0])? {
        taint.sources.push(source(item, read, context)?);
    }
    for item in list(names[1])? {
        taint.sinks.push(sink(item, read, context)?);
    }
    for item in list(names[2])? {
        taint.sanitizers.push(sanitizer(item, read, context)?);
    }
    for item in list(names[3])? {
        taint.propagators.push(propagator(item, read, context)?);
    }
    for (name, missing) in [(names[0], taint.sources.is_empty()), (names[1], taint.sinks.is_empty())] {
        if missing {
            return Err(Problem::new(node.line, format!("`{name}` is missing or empty")));
        }
    }
    Ok(taint)
}

/// Refuses what would change the meaning of an item if it were left out.
fn refuse(node: &Node<'_>, keys: &[&str]) -> Outcome<()> {
    match keys.iter().find_map(|key| node.get(key).map(|value| (key, value))) {
        Some((key, value)) if value.bool() != Some(false) => {
            Err(Problem::new(value.line, format!("`{key}` is not evaluated here")))
        }
        _ => Ok(()),
    }
}

fn source(node: &Node<'_>, read: Read, context: &mut Context) -> Outcome<Source> {
    refuse(node, &["control"])?;
    Ok(Source {
        formula: read(node, context)?,
        label: optional(node, "label")?.unwrap_or(DEFAULT_LABEL).into(),
        requires: requires(node)?,
        exact: flag(node, "exact", false)?,
        side_effect: side_effect(node)?,
    })
}

fn sink(node: &Node<'_>, read: Read, context: &mut Context) -> Outcome<Sink> {
    refuse(node, &["at-exit"])?;
    Ok(Sink { formula: read(node, context)?, requires: requires(node)?, exact: flag(node, "exact", true)? })
}

fn sanitizer(node: &Node<'_>, read: Read, context: &mut Context) -> Outcome<Sanitizer> {
    Ok(Sanitizer {
        formula: read(node, context)?,
        exact: flag(node, "exact", false)?,
        side_effect: side_effect(node)? != SideEffect::No,
        not_conflicting: flag(node, "not_conflicting", false)? || flag(node, "not-conflicting", false)?,
    })
}

fn propagator(node: &Node<'_>, read: Read, context: &mut Context) -> Outcome<Propagator> {
    refuse(node, &["label"])?;
    let end = |key: &str| -> Outcome<String> {
        let value =
            node.get(key).ok_or_else(|| Problem::new(node.line, format!("a propagator lacks `{key}`")))?;
        text(value, key).map(str::to_owned)
    };
    let labels = node.get("replace-labels").map(|list| texts(list, "replace-labels")).transpose()?;
    Ok(Propagator {
        formula: read(node, context)?,
        from: end("from")?,
        to: end("to")?,
        side_effect: flag(node, "by-side-effect", true)?,
        requires: requires(node)?,
        replace_labels: labels.map(|labels| labels.iter().map(|label| Arc::from(label.as_str())).collect()),
    })
}

fn side_effect(node: &Node<'_>) -> Outcome<SideEffect> {
    match node.get("by-side-effect") {
        None => Ok(SideEffect::No),
        Some(value) if value.text() == Some("only") => Ok(SideEffect::Only),
        Some(_) => Ok(if flag(node, "by-side-effect", false)? { SideEffect::Yes } else { SideEffect::No }),
    }
}

fn requires(node: &Node<'_>) -> Outcome<Requires> {
    let Some(value) = node.get("requires") else { return Ok(Requires::Always) };
    if let Some(list) = value.list() {
        // One requirement per metavariable; any of them is held against the whole.
        let parts = list.iter().map(label_expression).collect::<Outcome<Vec<_>>>()?;
        return Ok(Requires::Labels(Expr::Or(parts)));
    }
    label_expression(value).map(Requires::Labels)
}

fn label_expression(node: &Node<'_>) -> Outcome<Expr> {
    let source = match node.map() {
        Some(entries) => entries
            .iter()
            .find(|entry| entry.key != "metavariable")
            .map(|entry| &entry.value)
            .ok_or_else(|| Problem::new(node.line, "`requires` names no label"))?,
        None => node,
    };
    let expression = expr::parse(text(source, "requires")?)
        .map_err(|error| Problem::new(source.line, format!("`requires` is not understood: {error}")))?;
    Ok(expression)
}
