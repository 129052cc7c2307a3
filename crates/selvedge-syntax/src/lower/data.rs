//! YAML and JSON: mappings, sequences and scalars.

use super::Rule::{self, Inline, Leaf, Many, One, Skip};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;
use crate::pattern::marker;

pub(super) const YAML: &[(&str, Rule)] = &[
    ("document", Inline),
    ("comment", Skip),
    ("yaml_directive", Skip),
    ("tag_directive", Skip),
    ("block_node", One(node)),
    ("flow_node", One(node)),
    ("anchor", Skip),
    ("block_mapping", Rule::Node(Kind::Dict)),
    ("flow_mapping", Rule::Node(Kind::Dict)),
    ("block_sequence", Rule::Node(Kind::List)),
    ("flow_sequence", Rule::Node(Kind::List)),
    ("block_sequence_item", One(item)),
    ("block_mapping_pair", One(pair)),
    ("flow_pair", One(pair)),
    ("plain_scalar", Rule::Unwrap),
    ("string_scalar", One(plain)),
    ("integer_scalar", Leaf(Kind::Number)),
    ("float_scalar", Leaf(Kind::Number)),
    ("boolean_scalar", Leaf(Kind::Constant)),
    ("null_scalar", Leaf(Kind::Constant)),
    ("timestamp_scalar", One(plain)),
    ("double_quote_scalar", One(quoted)),
    ("single_quote_scalar", One(quoted)),
    ("block_scalar", One(block_scalar)),
    ("alias", Leaf(Kind::Other)),
];

pub(super) const JSON: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("object", Rule::Node(Kind::Dict)),
    ("array", Rule::Node(Kind::List)),
    ("pair", One(pair)),
    ("string", One(quoted)),
    ("number", Leaf(Kind::Number)),
    ("true", Leaf(Kind::Constant)),
    ("false", Leaf(Kind::Constant)),
    ("null", Leaf(Kind::Constant)),
    ("ERROR", Many(|_, _, _| {})),
];

/// A value with its tag, if it has one.
fn node(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut tag = None;
    let mut value = None;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "tag" => tag = Some(child),
            "anchor" => {}
            _ => value = Some(child),
        }
    }
    let made = l.optional(value, range.end);
    let Some(tag) = tag else { return made };
    let place = l.cst.range(tag);
    let name = l.leaf(Kind::Name, place.clone(), place.start + 1..place.end.max(place.start + 1));
    l.node_with(Kind::Other, range, "tag", &[name, made])
}

fn item(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let inner = l.cst.named(raw).next();
    l.optional(inner, l.cst.range(raw).end)
}

fn pair(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "key"), l.field(raw, "value")];
    if l.pattern
        && parts.iter().all(|part| matches!(l.kind_of(*part), Kind::Ellipsis | Kind::Absent))
        && l.kind_of(parts[0]) == Kind::Ellipsis
    {
        return parts[0];
    }
    l.node(Kind::Pair, l.cst.range(raw), &parts)
}

/// In a pattern, a scalar that is a marker is a metavariable or ellipsis.
fn scalar(l: &mut Lowering<'_>, range: std::ops::Range<u32>, inside: std::ops::Range<u32>) -> Draft {
    let text = l.source.get(inside.start as usize..inside.end as usize).unwrap_or("");
    let special = l.pattern && marker::meaning(text).is_some();
    l.leaf(if special { Kind::Name } else { Kind::Str }, range, inside)
}

fn plain(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    scalar(l, range.clone(), range)
}

/// JSON's bare metavariables are quoted for the grammar; in YAML, quotes make a string.
fn quoted(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = if range.end >= range.start + 2 { range.start + 1..range.end - 1 } else { range.clone() };
    if l.language == crate::language::Language::Json {
        return scalar(l, range, inside);
    }
    l.leaf(Kind::Str, range, inside)
}

/// What follows the line with the indicator, without the indentation of the first line.
fn block_scalar(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let source = l.source_of(raw);
    let after = source.find('\n').map_or(source.len(), |at| at + 1);
    let indent = source[after..].len() - source[after..].trim_start_matches(' ').len();
    let start = range.start + (after + indent) as u32;
    l.leaf(Kind::Str, range.clone(), start.min(range.end)..range.end)
}
