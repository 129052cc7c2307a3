//! HCL: Terraform and its relatives. A block is a call of its type with its labels and its body.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Unwrap};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("config_file", Inline),
    ("body", Inline),
    ("comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("variable_expr", Unwrap),
    ("literal_value", Unwrap),
    ("collection_value", Unwrap),
    ("operation", Unwrap),
    ("expression", One(expression)),
    ("numeric_lit", Leaf(Kind::Number)),
    ("bool_lit", Leaf(Kind::Constant)),
    ("null_lit", Leaf(Kind::Constant)),
    ("string_lit", One(string)),
    ("template_expr", Unwrap),
    ("quoted_template", One(string)),
    ("heredoc_template", One(heredoc)),
    ("template_interpolation", One(interpolation)),
    ("block", One(block)),
    ("attribute", One(attribute)),
    ("tuple", Rule::Node(Kind::List)),
    ("object", One(object)),
    ("object_elem", One(element)),
    ("tuple_start", Skip),
    ("tuple_end", Skip),
    ("object_start", Skip),
    ("object_end", Skip),
    ("block_start", Skip),
    ("block_end", Skip),
    ("function_call", One(call)),
    ("function_arguments", Rule::Node(Kind::Args)),
    ("binary_operation", Operator(Kind::Binary)),
    ("unary_operation", Operator(Kind::Unary)),
    ("conditional", Rule::Node(Kind::Conditional)),
    ("ellipsis", Skip),
    ("get_attr", Many(|l, raw, out| out.push(l.other(raw)))),
];

/// A head and what follows it: members, indices, splats.
fn expression(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts: Vec<Raw> = l.cst.named(raw).collect();
    let Some((head, tail)) = parts.split_first() else { return l.absent(l.cst.range(raw).end) };
    let mut made = l.lower(*head);
    for part in tail {
        let span = l.span_of(made).start..l.cst.range(*part).end;
        made = match l.cst.kind(*part) {
            "get_attr" => {
                let name = l.cst.named(*part).next();
                let name = l.optional(name, span.end);
                l.node(Kind::Member, span, &[made, name])
            }
            "index" => {
                let inner = l.cst.named(*part).next().and_then(|index| l.cst.named(index).next());
                let inner = l.optional(inner, span.end);
                let place = l.span_of(inner);
                let args = l.node(Kind::Args, place, &[inner]);
                l.node(Kind::Index, span, &[made, args])
            }
            "splat" => {
                let mut of = made;
                let star = l.node_with(Kind::Name, l.cst.range(*part), "*", &[]);
                of = l.node(Kind::Member, span.clone(), &[of, star]);
                let inner = l.cst.named(*part).next();
                for attribute in inner.into_iter().flat_map(|inner| l.cst.named(inner)).collect::<Vec<_>>() {
                    if let Some(name) = l.cst.named(attribute).next() {
                        let name = l.lower(name);
                        of = l.node(Kind::Member, span.clone(), &[of, name]);
                    }
                }
                of
            }
            _ => {
                let other = l.lower(*part);
                l.node(Kind::Other, span, &[made, other])
            }
        };
    }
    made
}

/// A string, with holes or without.
fn string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let has_quotes = l.source_of(raw).starts_with('"') && range.end >= range.start + 2;
    let inside = if has_quotes { range.start + 1..range.end - 1 } else { range.clone() };
    template(l, raw, inside)
}

fn template(l: &mut Lowering<'_>, raw: Raw, inside: std::ops::Range<u32>) -> Draft {
    let range = l.cst.range(raw);
    let holes: Vec<Raw> = l
        .cst
        .children(raw)
        .filter(|child| l.cst.kind(*child).starts_with("template_interpolation"))
        .collect();
    if holes.is_empty() {
        return l.leaf(Kind::Str, range, inside);
    }
    let mut parts = Vec::new();
    let mut at = inside.start;
    for hole in holes {
        let place = l.cst.range(hole);
        if place.start > at {
            parts.push(l.leaf(Kind::Str, at..place.start, at..place.start));
        }
        l.lower_into(hole, &mut parts);
        at = place.end;
    }
    if inside.end > at {
        parts.push(l.leaf(Kind::Str, at..inside.end, at..inside.end));
    }
    l.node(Kind::Interpolated, range, &parts)
}

fn heredoc(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    template(l, raw, range)
}

fn interpolation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    match l.cst.child_of_kind(raw, "expression") {
        Some(inner) => l.lower(inner),
        None => l.absent(l.cst.range(raw).end),
    }
}

fn block(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts: Vec<Draft> = Vec::new();
    let mut members = Vec::new();
    let mut body_span = range.end..range.end;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "body" => l.lower_into(child, &mut members),
            "block_start" => body_span.start = l.cst.range(child).start,
            _ => l.lower_into(child, &mut parts),
        }
    }
    let body = l.node_with(Kind::Dict, body_span, "{", &members);
    let Some(name) = parts.first().copied() else { return body };
    let mut args = parts.split_off(1);
    args.push(body);
    let span = l.span_over(&args, range.end);
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[name, args])
}

fn attribute(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let range = l.cst.range(raw);
    match parts[..] {
        [name, value] if l.kind_of(name) == Kind::Ellipsis && l.kind_of(value) == Kind::Ellipsis => name,
        _ => l.node_with(Kind::Assign, range, "=", &parts),
    }
}

fn object(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Dict, l.cst.range(raw), "{", &parts)
}

fn element(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "key"), l.field(raw, "val")];
    l.node(Kind::Pair, l.cst.range(raw), &parts)
}

fn call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.cst.child_of_kind(raw, "identifier");
    let name = l.optional(name, range.start);
    let args = match l.cst.child_of_kind(raw, "function_arguments") {
        Some(args) => l.lower(args),
        None => l.node(Kind::Args, range.end..range.end, &[]),
    };
    l.node(Kind::Call, range, &[name, args])
}
