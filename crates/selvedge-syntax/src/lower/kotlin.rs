//! Kotlin.

use std::ops::Range;

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Unwrap};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("line_comment", Skip),
    ("block_comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("this_expression", Leaf(Kind::Name)),
    ("super_expression", Leaf(Kind::Name)),
    ("number_literal", Leaf(Kind::Number)),
    ("float_literal", Leaf(Kind::Number)),
    ("character_literal", Leaf(Kind::Constant)),
    ("string_literal", One(string)),
    ("multiline_string_literal", One(|l, raw| shared::interpolated(l, raw, &["interpolation"]))),
    ("user_type", One(shared::listed)),
    ("nullable_type", Unwrap),
    ("parenthesized_expression", Unwrap),
    ("block", Rule::Node(Kind::Block)),
    ("class_body", Rule::Node(Kind::Block)),
    ("function_body", One(function_body)),
    ("control_structure_body", One(|l, raw| l.body(l.cst.named(raw).next(), 0))),
    ("call_expression", One(call)),
    ("constructor_invocation", One(call)),
    ("value_arguments", Rule::Node(Kind::Args)),
    ("value_argument", One(argument)),
    ("navigation_expression", Rule::Node(Kind::Member)),
    ("qualified_identifier", One(shared::members)),
    ("index_expression", One(index)),
    ("binary_expression", Operator(Kind::Binary)),
    ("infix_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("assignment", Operator(Kind::Assign)),
    ("as_expression", One(cast)),
    ("lambda_literal", One(lambda)),
    ("annotated_lambda", Unwrap),
    ("anonymous_function", One(generic::lambda)),
    ("function_declaration", One(generic::function)),
    ("class_declaration", One(generic::class)),
    ("object_declaration", One(generic::class)),
    ("companion_object", One(generic::class)),
    ("annotation", One(annotation)),
    ("property_declaration", Many(property)),
    ("package_header", One(|l, raw| named_other(l, raw, "package"))),
    ("import", One(import)),
    ("import_list", Inline),
    ("if_expression", One(if_expression)),
    ("while_statement", One(while_statement)),
    ("for_statement", One(for_statement)),
    ("when_expression", One(when)),
    ("try_expression", One(try_expression)),
    ("return_expression", One(shared::returned)),
    ("throw_expression", One(shared::thrown)),
    ("break_expression", One(shared::jump)),
    ("continue_expression", One(shared::jump)),
];

/// A string on one line. The grammar takes `$name` in it for text, and tells only `${…}` from it.
fn string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = shared::inside_quotes(l.source_of(raw), &range);
    let is_hole = |child: &Raw| l.cst.kind(*child) == "interpolation";
    let holes: Vec<Raw> = l.cst.children(raw).filter(is_hole).collect();
    let mut parts = Vec::new();
    let mut at = inside.start;
    for hole in holes {
        let place = l.cst.range(hole);
        templates(l, raw, at..place.start, &mut parts);
        if let Some(inner) = l.cst.named(hole).next() {
            l.lower_into(inner, &mut parts);
        }
        at = place.end;
    }
    templates(l, raw, at..inside.end, &mut parts);
    match parts[..] {
        [] => l.leaf(Kind::Str, range, inside),
        [only] if l.kind_of(only) == Kind::Str && l.span_of(only) == inside => {
            l.leaf(Kind::Str, range, inside)
        }
        _ => l.node(Kind::Interpolated, range, &parts),
    }
}

/// The text of a part of a string, and the names that it holds as `$name`.
fn templates(l: &mut Lowering<'_>, raw: Raw, part: Range<u32>, out: &mut Vec<Draft>) {
    let start = l.cst.range(raw).start;
    let Some(text) =
        l.source_of(raw).get((part.start - start) as usize..(part.end.max(part.start) - start) as usize)
    else {
        return;
    };
    let (mut names, mut escaped) = (Vec::new(), false);
    for (place, next) in text.char_indices() {
        let rest = &text[place + next.len_utf8()..];
        if next == '$' && !escaped && rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            names.push((part.start + place as u32, length as u32));
        }
        escaped = next == '\\' && !escaped;
    }
    let mut at = part.start;
    for (dollar, length) in names {
        if dollar > at {
            out.push(l.leaf(Kind::Str, at..dollar, at..dollar));
        }
        at = dollar + 1 + length;
        out.push(l.leaf(Kind::Name, dollar + 1..at, dollar + 1..at));
    }
    if part.end > at {
        out.push(l.leaf(Kind::Str, at..part.end, at..part.end));
    }
}

fn named_other(l: &mut Lowering<'_>, raw: Raw, text: &str) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Other, l.cst.range(raw), text, &parts)
}

/// `{ … }` or `= e`, which returns.
fn function_body(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let Some(inner) = l.cst.named(raw).next() else { return l.absent(l.cst.range(raw).end) };
    let made = l.lower(inner);
    if l.kind_of(made) == Kind::Block {
        return made;
    }
    let range = l.cst.range(raw);
    let value = l.node(Kind::Return, range.clone(), &[made]);
    l.node(Kind::Block, range, &[value])
}

/// A lambda after the brackets is the last argument.
fn call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts = l.named_children(raw);
    let Some((callee, rest)) = parts.split_first() else { return l.other(raw) };
    let mut args = Vec::new();
    for part in rest {
        if l.kind_of(*part) == Kind::Args {
            args.extend(l.children_of(*part));
        } else {
            args.push(*part);
        }
    }
    let span = l.span_of(*callee).end..range.end;
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[*callee, args])
}

fn argument(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    match parts[..] {
        [name, value] if l.cst.has(raw, "=") => l.node(Kind::KeywordArg, l.cst.range(raw), &[name, value]),
        [one] => one,
        _ => l.other(raw),
    }
}

fn index(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let Some((object, rest)) = parts.split_first() else { return l.other(raw) };
    let span = l.span_over(rest, l.cst.range(raw).end);
    let args = l.node(Kind::Args, span, rest);
    l.node(Kind::Index, l.cst.range(raw), &[*object, args])
}

fn cast(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut parts = l.named_children(raw);
    parts.reverse();
    l.node(Kind::Cast, l.cst.range(raw), &parts)
}

fn lambda(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut statements = Vec::new();
    let mut parameters = l.node(Kind::Params, range.start..range.start, &[]);
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "lambda_parameters" {
            parameters = generic::parameters(l, child);
        } else {
            l.lower_into(child, &mut statements);
        }
    }
    let none = l.absent(range.start);
    let body = l.node(Kind::Block, range.clone(), &statements);
    l.node(Kind::Lambda, range, &[parameters, none, body])
}

fn annotation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let inner = l.cst.named(raw).next();
    let inner = l.optional(inner, l.cst.range(raw).end);
    let made = generic::as_decorator(l, inner);
    l.set_span(made, l.cst.range(raw));
    made
}

fn property(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let variable = l.cst.child_of_kind(raw, "variable_declaration");
    let many = l.cst.child_of_kind(raw, "multi_variable_declaration");
    let mut after = false;
    let mut value = None;
    for child in l.cst.children(raw) {
        if after && l.cst.is_named(child) {
            value = Some(child);
            break;
        }
        after |= l.cst.kind(child) == "=";
    }
    let none = l.absent(range.start);
    let (name, kind) = match (variable, many) {
        (Some(variable), _) => {
            let parts: Vec<Raw> = l.cst.named(variable).collect();
            let name = l.optional(parts.first().copied(), range.start);
            (name, l.optional(parts.get(1).copied(), range.start))
        }
        (None, Some(many)) => {
            let names = l.named_children(many);
            (l.node(Kind::Tuple, l.cst.range(many), &names), none)
        }
        (None, None) => (none, none),
    };
    let parts = [generic::modifiers(l, raw), name, kind, l.optional(value, range.end)];
    out.push(l.node(Kind::VarDef, range, &parts));
}

fn import(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let children: Vec<Raw> = l.cst.named(raw).collect();
    let mut parts = match children.first() {
        Some(path) => l.named_children(*path),
        None => Vec::new(),
    };
    let alias = l.optional(children.get(1).copied(), range.end);
    let none = l.absent(range.end);
    if l.cst.has(raw, "*") {
        let span = l.span_over(&parts, range.start);
        let path = l.node(Kind::Path, span, &parts);
        let star = l.node_with(Kind::Name, range.end..range.end, "*", &[]);
        let item = l.node(Kind::ImportItem, range.clone(), &[star, none]);
        return l.node(Kind::ImportFrom, range, &[path, item]);
    }
    if parts.len() < 2 {
        let path = l.node(Kind::Path, range.clone(), &parts);
        return l.node(Kind::Import, range, &[path, alias]);
    }
    let last = parts.pop().unwrap_or(none);
    let span = l.span_over(&parts, range.start);
    let path = l.node(Kind::Path, span, &parts);
    let item = l.node(Kind::ImportItem, l.span_of(last), &[last, alias]);
    l.node(Kind::ImportFrom, range, &[path, item])
}

fn if_expression(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let condition = l.cst.field(raw, "condition");
    let rest: Vec<Raw> = l.cst.named(raw).filter(|child| Some(*child) != condition).collect();
    let condition = l.optional(condition, range.start);
    let then = l.body(rest.first().copied(), range.end);
    let otherwise = l.body(rest.get(1).copied(), range.end);
    l.node(Kind::If, range, &[condition, then, otherwise])
}

fn while_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let condition = l.cst.field(raw, "condition");
    let body = l.cst.named(raw).find(|child| Some(*child) != condition);
    let parts = [l.optional(condition, range.start), l.body(body, range.end)];
    l.node(Kind::While, range, &parts)
}

fn for_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts: Vec<Raw> = l.cst.named(raw).collect();
    let target = match parts.first() {
        Some(declaration) => shared::listed(l, *declaration),
        None => l.absent(range.start),
    };
    let iterable = l.optional(parts.get(1).copied(), range.start);
    let body = l.body(parts.get(2).copied(), range.end);
    l.node(Kind::ForEach, range, &[target, iterable, body])
}

fn when(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut subject = l.absent(range.start);
    let mut cases = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "when_subject" => subject = shared::listed(l, child),
            "when_entry" => cases.push(generic::case(l, child, &["condition", "when_condition"])),
            _ => {}
        }
    }
    let mut parts = vec![subject];
    parts.extend(cases);
    l.node(Kind::Switch, range, &parts)
}

fn try_expression(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let none = l.absent(range.end);
    let mut body = none;
    let mut catches = Vec::new();
    let mut finally = none;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        let place = l.cst.range(child);
        match l.cst.kind(child) {
            "catch_block" => {
                let parts: Vec<Raw> = l.cst.named(child).collect();
                let name = l.optional(parts.first().copied(), place.start);
                let what = l.optional(parts.get(1).copied(), place.start);
                let code = l.body(parts.get(2).copied(), place.end);
                catches.push(l.node(Kind::Catch, place, &[what, name, code]));
            }
            "finally_block" => {
                let block = l.body(l.cst.named(child).next(), place.end);
                finally = l.node(Kind::Finally, place, &[block]);
            }
            _ => body = l.body(Some(child), place.end),
        }
    }
    let span = l.span_over(&catches, range.end);
    let catches = l.node(Kind::Catches, span, &catches);
    l.node(Kind::Try, range, &[none, body, catches, none, finally])
}
