//! Lowerings that languages with braces share.

use std::ops::Range;

use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;

/// A string between one quote at each end, or three where it begins with three.
pub(super) fn string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = inside_quotes(l.source_of(raw), &range);
    l.leaf(Kind::Str, range, inside)
}

/// What is between the quotes of a literal, prefixes left out.
pub(super) fn inside_quotes(source: &str, range: &Range<u32>) -> Range<u32> {
    let prefix = source.find(['"', '\'', '`']).unwrap_or(0);
    let body = &source[prefix..];
    let quotes =
        if body.len() >= 6 && (body.starts_with("\"\"\"") || body.starts_with("'''")) { 3 } else { 1 };
    let start = prefix + quotes;
    let quote = body.as_bytes().first().copied().unwrap_or(b'"');
    let hashes = source.bytes().rev().take_while(|byte| *byte != quote).count();
    let end = source.len().saturating_sub(hashes + quotes);
    if start > end { range.clone() } else { range.start + start as u32..range.start + end as u32 }
}

/// Text and the holes in it: strings, then what each hole holds.
pub(super) fn interpolated(l: &mut Lowering<'_>, raw: Raw, holes: &[&str]) -> Draft {
    let range = l.cst.range(raw);
    let inside = inside_quotes(l.source_of(raw), &range);
    let places: Vec<Raw> = l.cst.children(raw).filter(|child| holes.contains(&l.cst.kind(*child))).collect();
    if places.is_empty() {
        return l.leaf(Kind::Str, range, inside);
    }
    let mut parts = Vec::new();
    let mut at = inside.start;
    for hole in places {
        let place = l.cst.range(hole);
        if place.start > at {
            parts.push(l.leaf(Kind::Str, at..place.start, at..place.start));
        }
        match l.cst.named(hole).next() {
            Some(inner) => l.lower_into(inner, &mut parts),
            None => parts.push(l.leaf_of(Kind::Name, hole)),
        }
        at = place.end;
    }
    if inside.end > at {
        parts.push(l.leaf(Kind::Str, at..inside.end, at..inside.end));
    }
    l.node(Kind::Interpolated, range, &parts)
}

/// A statement with one operand or none.
pub(super) fn operand(l: &mut Lowering<'_>, kind: Kind, raw: Raw) -> Draft {
    let inner = l.cst.named(raw).next();
    let range = l.cst.range(raw);
    let inner = l.optional(inner, range.end);
    l.node(kind, range, &[inner])
}

/// `return`, with several values as a tuple.
pub(super) fn returned(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    operand(l, Kind::Return, raw)
}

/// `throw`.
pub(super) fn thrown(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inner = l.cst.named(raw).next();
    let parts = [l.optional(inner, range.end), l.absent(range.end)];
    l.node(Kind::Raise, range, &parts)
}

/// `break`, `continue`, `goto`, with a label or none.
pub(super) fn jump(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let label = l.cst.named(raw).next();
    let label = l.optional(label, range.end);
    let word = l.source_of(raw).split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("").to_owned();
    l.node_with(Kind::Jump, range, &word, &[label])
}

/// `x[i]`.
pub(super) fn index(l: &mut Lowering<'_>, raw: Raw, object: &str, index: &str) -> Draft {
    let object = l.field(raw, object);
    let index = l.field(raw, index);
    let span = l.span_of(index);
    let args = l.node(Kind::Args, span, &[index]);
    l.node(Kind::Index, l.cst.range(raw), &[object, args])
}

/// A call; without arguments, of none.
pub(super) fn call(l: &mut Lowering<'_>, raw: Raw, callee: &str, args: &str) -> Draft {
    let range = l.cst.range(raw);
    let callee = l.field(raw, callee);
    let args = arguments(l, raw, args);
    l.node(Kind::Call, range, &[callee, args])
}

/// The arguments in a field, or none.
pub(super) fn arguments(l: &mut Lowering<'_>, raw: Raw, field: &str) -> Draft {
    let range = l.cst.range(raw);
    match l.cst.field(raw, field) {
        Some(args) => {
            let made = l.lower(args);
            if l.kind_of(made) == Kind::Args {
                return made;
            }
            l.node(Kind::Args, l.cst.range(args), &[made])
        }
        None => l.node(Kind::Args, range.end..range.end, &[]),
    }
}

/// A condition, what to do, and what else.
pub(super) fn conditional(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let condition = l.field(raw, "condition");
    let then = l.body(l.cst.field(raw, "consequence"), range.end);
    let otherwise = l.body(l.cst.field(raw, "alternative"), range.end);
    l.node(Kind::If, range, &[condition, then, otherwise])
}

/// One of several in a list stands for itself, several are a tuple.
pub(super) fn listed(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    match parts[..] {
        [one] => one,
        _ => l.node(Kind::Tuple, l.cst.range(raw), &parts),
    }
}

/// `@A` and `@A(…)`.
pub(super) fn annotation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let name = l.field(raw, "name");
    let args = arguments(l, raw, "arguments");
    l.node(Kind::Decorator, l.cst.range(raw), &[name, args])
}

/// A node that holds nothing but its name and children.
pub(super) fn try_parts(
    l: &mut Lowering<'_>,
    raw: Raw,
    resources: Draft,
    catches: &[Draft],
    finally: Option<Raw>,
) -> Draft {
    let range = l.cst.range(raw);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    let span = l.span_over(catches, range.end);
    let catches = l.node(Kind::Catches, span, catches);
    let none = l.absent(range.end);
    let finally = match finally {
        Some(clause) => {
            let block = l.cst.field(clause, "body").or_else(|| l.cst.named(clause).next());
            let block = l.body(block, range.end);
            l.node(Kind::Finally, l.cst.range(clause), &[block])
        }
        None => none,
    };
    l.node(Kind::Try, range, &[resources, body, catches, none, finally])
}

/// Adjacent strings are one string.
pub(super) fn joined(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let text: String = parts.iter().map(|part| l.text_of(*part).to_owned()).collect();
    l.node_with(Kind::Str, l.cst.range(raw), &text, &[])
}

/// Names in a chain of members; a longer row of names is a path without structure.
const MEMBERS_MAX: usize = 200;

/// Names beside each other as a chain of members.
pub(super) fn members(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let Some((first, rest)) = parts.split_first() else { return l.absent(l.cst.range(raw).end) };
    if parts.len() > MEMBERS_MAX {
        return l.node(Kind::Path, l.cst.range(raw), &parts);
    }
    let mut made = *first;
    for part in rest {
        let span = l.span_of(made).start..l.span_of(*part).end;
        made = l.node(Kind::Member, span, &[made, *part]);
    }
    made
}
