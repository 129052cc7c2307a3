//! HTML, and XML as far as the HTML grammar reads it.

use super::Rule::{self, Inline, Leaf, Many, One, Skip};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;
use crate::pattern::marker;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("document", Inline),
    ("comment", Skip),
    ("doctype", Skip),
    ("element", One(element)),
    ("script_element", One(element)),
    ("style_element", One(element)),
    ("attribute", One(attribute)),
    ("tag_name", Leaf(Kind::Name)),
    ("attribute_name", Leaf(Kind::Name)),
    ("attribute_value", One(value)),
    ("quoted_attribute_value", One(quoted)),
    ("text", Many(text)),
    ("raw_text", Many(text)),
    ("entity", Many(text)),
    ("erroneous_end_tag", Skip),
];

fn element(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let open = l.cst.named(raw).find(|child| matches!(l.cst.kind(*child), "start_tag" | "self_closing_tag"));
    let mut name = l.absent(range.start);
    let mut attributes = Vec::new();
    for child in open.into_iter().flat_map(|open| l.cst.named(open)).collect::<Vec<_>>() {
        if l.cst.kind(child) == "tag_name" {
            name = l.lower(child);
        } else {
            l.lower_into(child, &mut attributes);
        }
    }
    let span = l.span_over(&attributes, range.start);
    let attributes = l.node(Kind::Modifiers, span, &attributes);
    let mut children = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if !matches!(l.cst.kind(child), "start_tag" | "self_closing_tag" | "end_tag") {
            l.lower_into(child, &mut children);
        }
    }
    let span = l.span_over(&children, range.end);
    let children = l.node(Kind::List, span, &children);
    l.node(Kind::Element, range, &[name, attributes, children])
}

fn attribute(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts: Vec<Raw> = l.cst.named(raw).collect();
    let name = l.optional(parts.first().copied(), range.start);
    let value = l.optional(parts.get(1).copied(), range.end);
    l.node(Kind::Attribute, range, &[name, value])
}

fn word(l: &mut Lowering<'_>, range: std::ops::Range<u32>, inside: std::ops::Range<u32>) -> Draft {
    let text = l.source.get(inside.start as usize..inside.end as usize).unwrap_or("");
    let special = l.pattern && marker::meaning(text).is_some();
    l.leaf(if special { Kind::Name } else { Kind::Str }, range, inside)
}

fn value(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    word(l, range.clone(), range)
}

fn quoted(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = if range.end >= range.start + 2 { range.start + 1..range.end - 1 } else { range.clone() };
    l.leaf(Kind::Str, range, inside)
}

/// Text between tags; white space alone is nothing.
fn text(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let source = l.source_of(raw);
    let trimmed = source.trim().len() as u32;
    if trimmed == 0 {
        return;
    }
    let start = range.start + (source.len() - source.trim_start().len()) as u32;
    out.push(word(l, range, start..start + trimmed));
}
