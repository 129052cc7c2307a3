//! Ruby.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("constant", Leaf(Kind::Name)),
    ("instance_variable", Leaf(Kind::Name)),
    ("class_variable", Leaf(Kind::Name)),
    ("global_variable", Leaf(Kind::Name)),
    ("self", Leaf(Kind::Name)),
    ("super", Leaf(Kind::Name)),
    ("hash_key_symbol", Leaf(Kind::Name)),
    ("operator", Leaf(Kind::Name)),
    ("integer", Leaf(Kind::Number)),
    ("float", Leaf(Kind::Number)),
    ("true", Leaf(Kind::Constant)),
    ("false", Leaf(Kind::Constant)),
    ("nil", Leaf(Kind::Constant)),
    ("simple_symbol", Leaf(Kind::Constant)),
    ("string", One(|l, raw| shared::interpolated(l, raw, &["interpolation"]))),
    ("bare_string", One(bare_string)),
    ("subshell", One(subshell)),
    ("regex", One(regex)),
    ("parenthesized_statements", One(parenthesized)),
    ("body_statement", Rule::Node(Kind::Block)),
    ("block_body", Rule::Node(Kind::Block)),
    ("then", Rule::Node(Kind::Block)),
    ("do", Rule::Node(Kind::Block)),
    ("else", Rule::Node(Kind::Block)),
    ("call", One(call)),
    ("argument_list", Rule::Node(Kind::Args)),
    ("splat_argument", Operator(Kind::Spread)),
    ("hash_splat_argument", Operator(Kind::Spread)),
    ("block_argument", Operator(Kind::Spread)),
    ("pair", One(pair)),
    ("hash", Rule::Node(Kind::Dict)),
    ("array", Rule::Node(Kind::List)),
    ("string_array", Rule::Node(Kind::List)),
    ("symbol_array", Rule::Node(Kind::List)),
    ("element_reference", One(element_reference)),
    ("scope_resolution", Slots(Kind::Member, &[Field("scope"), Field("name")])),
    ("assignment", One(assignment)),
    ("operator_assignment", Operator(Kind::Assign)),
    ("left_assignment_list", Rule::Node(Kind::Tuple)),
    ("right_assignment_list", Rule::Node(Kind::Tuple)),
    ("binary", Operator(Kind::Binary)),
    ("unary", Operator(Kind::Unary)),
    (
        "conditional",
        Slots(Kind::Conditional, &[Field("condition"), Field("consequence"), Field("alternative")]),
    ),
    ("method", One(generic::function)),
    ("singleton_method", One(generic::function)),
    ("optional_parameter", One(optional_parameter)),
    ("keyword_parameter", One(optional_parameter)),
    ("splat_parameter", One(starred)),
    ("hash_splat_parameter", One(starred)),
    ("block_parameter", One(starred)),
    ("lambda", One(generic::lambda)),
    ("class", One(class)),
    ("module", One(class)),
    ("singleton_class", One(class)),
    ("superclass", Rule::Unwrap),
    ("if", One(if_statement)),
    ("unless", One(unless)),
    ("if_modifier", One(modifier)),
    ("unless_modifier", One(modifier)),
    ("while", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("until", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("for", One(for_each)),
    ("case", One(case)),
    ("begin", Many(begin)),
    ("rescue", Many(|_, _, _| {})),
    ("ensure", Many(|_, _, _| {})),
    ("return", One(returned)),
    ("break", One(shared::jump)),
    ("next", One(shared::jump)),
    ("redo", One(shared::jump)),
    ("yield", One(|l, raw| shared::operand(l, Kind::Yield, raw))),
    ("interpolation", Inline),
];

fn bare_string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    l.leaf_of(Kind::Str, raw)
}

/// Commands in backquotes: a call of that name.
fn subshell(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let callee = l.node_with(Kind::Name, range.start..range.start + 1, "`", &[]);
    let text = shared::interpolated(l, raw, &["interpolation"]);
    let args = l.node(Kind::Args, range.clone(), &[text]);
    l.node(Kind::Call, range, &[callee, args])
}

fn regex(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let source = l.source_of(raw);
    let end = source.rfind('/').filter(|end| *end > 0).unwrap_or(source.len());
    let inside = range.start + 1..range.start + end.max(1) as u32;
    l.leaf(Kind::Regex, range, inside)
}

fn parenthesized(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    shared::listed(l, raw)
}

/// The block of a call is its last argument.
fn call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let method = l.cst.field(raw, "method");
    let callee = match (l.cst.field(raw, "receiver"), method) {
        (Some(receiver), Some(method)) => {
            let span = range.start..l.cst.range(method).end;
            let parts = [l.lower(receiver), l.lower(method)];
            l.node(Kind::Member, span, &parts)
        }
        (Some(receiver), None) => l.lower(receiver),
        (None, method) => l.optional(method, range.start),
    };
    let block = l.cst.field(raw, "block");
    let has_args = l.cst.field(raw, "arguments").is_some();
    let is_member = l.kind_of(callee) == Kind::Member;
    if !has_args && block.is_none() && is_member && !l.source_of(raw).ends_with(')') {
        return callee;
    }
    let args = shared::arguments(l, raw, "arguments");
    let Some(block) = block else { return l.node(Kind::Call, range, &[callee, args]) };
    let lambda = generic::lambda(l, block);
    let plain =
        l.node(Kind::Call, range.start..l.span_of(args).end.max(l.span_of(callee).end), &[callee, args]);
    let span = l.cst.range(block);
    let outer = l.node(Kind::Args, span, &[lambda]);
    l.node(Kind::Call, range, &[plain, outer])
}

/// `k: v` and `:k => v`.
fn pair(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let key = match l.cst.field(raw, "key") {
        Some(key) if l.cst.kind(key) == "hash_key_symbol" => {
            let text = format!(":{}", l.source_of(key));
            let special = l.pattern && crate::pattern::marker::meaning(l.source_of(key)).is_some();
            if special { l.lower(key) } else { l.node_with(Kind::Constant, l.cst.range(key), &text, &[]) }
        }
        Some(key) => l.lower(key),
        None => l.absent(l.cst.range(raw).start),
    };
    let value = l.field(raw, "value");
    l.node(Kind::Pair, l.cst.range(raw), &[key, value])
}

fn element_reference(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let object = l.field(raw, "object");
    let mut rest = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.field_name(child) != "object" {
            l.lower_into(child, &mut rest);
        }
    }
    let span = l.span_over(&rest, l.cst.range(raw).end);
    let args = l.node(Kind::Args, span, &rest);
    l.node(Kind::Index, l.cst.range(raw), &[object, args])
}

fn assignment(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "left"), l.field(raw, "right")];
    l.node_with(Kind::Assign, l.cst.range(raw), "=", &parts)
}

fn optional_parameter(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let none = l.absent(range.end);
    let parts = [l.field(raw, "name"), none, l.field(raw, "value")];
    l.node(Kind::Param, range, &parts)
}

fn starred(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let none = l.absent(range.end);
    let text = match l.cst.kind(raw) {
        "splat_parameter" => "*",
        "hash_splat_parameter" => "**",
        _ => "&",
    };
    let parts = [l.field(raw, "name"), none, none];
    l.node_with(Kind::Param, range, text, &parts)
}

fn class(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let made = generic::class(l, raw);
    let mut parts = l.children_of(made);
    if let Some(superclass) = l.cst.field(raw, "superclass")
        && parts.len() == 4
        && l.children_of(parts[2]).is_empty()
    {
        let base = l.lower(superclass);
        parts[2] = l.node(Kind::Bases, l.cst.range(superclass), &[base]);
    }
    let word = l.text_of(made).to_owned();
    l.node_with(Kind::Class, l.cst.range(raw), &word, &parts)
}

fn if_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let condition = l.field(raw, "condition");
    let then = l.body(l.cst.field(raw, "consequence"), range.end);
    let otherwise = match l.cst.field(raw, "alternative") {
        Some(clause) if l.cst.kind(clause) == "elsif" => {
            let inner = if_statement(l, clause);
            l.node(Kind::Block, l.cst.range(clause), &[inner])
        }
        other => l.body(other, range.end),
    };
    l.node(Kind::If, range, &[condition, then, otherwise])
}

fn negated(l: &mut Lowering<'_>, condition: Draft) -> Draft {
    let span = l.span_of(condition);
    l.node_with(Kind::Unary, span, "!", &[condition])
}

fn unless(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let condition = l.field(raw, "condition");
    let condition = negated(l, condition);
    let then = l.body(l.cst.field(raw, "consequence"), range.end);
    let otherwise = l.body(l.cst.field(raw, "alternative"), range.end);
    l.node(Kind::If, range, &[condition, then, otherwise])
}

fn modifier(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut condition = l.field(raw, "condition");
    if l.cst.kind(raw) == "unless_modifier" {
        condition = negated(l, condition);
    }
    let then = l.body(l.cst.field(raw, "body"), range.end);
    let none = l.absent(range.end);
    l.node(Kind::If, range, &[condition, then, none])
}

fn for_each(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let target = l.field(raw, "pattern");
    let iterable = match l.cst.field(raw, "value") {
        Some(value) => shared::listed(l, value),
        None => l.absent(range.start),
    };
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::ForEach, range, &[target, iterable, body])
}

fn case(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    generic::switch(l, raw, "value", &["pattern"])
}

/// `begin … rescue … ensure … end` is a try; without clauses, its statements.
fn begin(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let mut body = Vec::new();
    let mut catches = Vec::new();
    let none = l.absent(range.end);
    let mut finally = none;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        let place = l.cst.range(child);
        match l.cst.kind(child) {
            "rescue" => {
                let what = match l.cst.field(child, "exceptions") {
                    Some(list) => shared::listed(l, list),
                    None => none,
                };
                let name = match l.cst.field(child, "variable") {
                    Some(variable) => shared::listed(l, variable),
                    None => none,
                };
                let code = l.body(l.cst.field(child, "body"), place.end);
                catches.push(l.node(Kind::Catch, place, &[what, name, code]));
            }
            "ensure" => {
                let statements = l.named_children(child);
                let block = l.node(Kind::Block, place.clone(), &statements);
                finally = l.node(Kind::Finally, place, &[block]);
            }
            _ => l.lower_into(child, &mut body),
        }
    }
    if catches.is_empty() && l.kind_of(finally) == Kind::Absent {
        out.extend(body);
        return;
    }
    let span = l.span_over(&body, range.start);
    let body = l.node(Kind::Block, span, &body);
    let span = l.span_over(&catches, range.end);
    let catches = l.node(Kind::Catches, span, &catches);
    out.push(l.node(Kind::Try, range, &[none, body, catches, none, finally]));
}

fn returned(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inner = l.cst.named(raw).next();
    let value = match inner {
        Some(list) if l.cst.kind(list) == "argument_list" => shared::listed(l, list),
        other => l.optional(other, range.end),
    };
    l.node(Kind::Return, range, &[value])
}
