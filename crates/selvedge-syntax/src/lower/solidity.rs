//! Solidity.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("primitive_type", Leaf(Kind::Name)),
    ("visibility", Leaf(Kind::Modifier)),
    ("state_mutability", Leaf(Kind::Modifier)),
    ("number_literal", Leaf(Kind::Number)),
    ("boolean_literal", Leaf(Kind::Constant)),
    ("string_literal", One(shared::joined)),
    ("string", One(shared::string)),
    ("expression", Unwrap),
    ("statement", Inline),
    ("expression_statement", Inline),
    ("parenthesized_expression", Unwrap),
    ("type_name", One(type_name)),
    ("user_defined_type", One(shared::members)),
    ("block_statement", Rule::Node(Kind::Block)),
    ("function_body", Rule::Node(Kind::Block)),
    ("contract_body", Rule::Node(Kind::Block)),
    ("struct_body", Rule::Node(Kind::Block)),
    ("unchecked", Inline),
    ("call_expression", One(call)),
    ("emit_statement", One(call)),
    ("revert_statement", One(revert)),
    ("revert_arguments", Inline),
    ("call_argument", One(argument)),
    ("struct_expression", One(options)),
    ("struct_field_assignment", Slots(Kind::Pair, &[Field("name"), Field("value")])),
    ("member_expression", Slots(Kind::Member, &[Field("object"), Field("property")])),
    ("array_access", One(|l, raw| shared::index(l, raw, "base", "index"))),
    ("assignment_expression", One(assignment)),
    ("augmented_assignment_expression", Operator(Kind::Assign)),
    ("binary_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("update_expression", Operator(Kind::Unary)),
    ("ternary_expression", Rule::Node(Kind::Conditional)),
    ("tuple_expression", Rule::Node(Kind::Tuple)),
    ("type_cast_expression", One(call)),
    ("new_expression", One(new)),
    ("function_definition", One(generic::function)),
    ("modifier_definition", One(generic::function)),
    ("constructor_definition", One(constructor)),
    ("fallback_receive_definition", One(generic::function)),
    ("contract_declaration", One(generic::class)),
    ("interface_declaration", One(generic::class)),
    ("library_declaration", One(generic::class)),
    ("struct_declaration", One(generic::class)),
    ("modifier_invocation", One(invocation)),
    ("state_variable_declaration", Many(definition)),
    ("variable_declaration_statement", Many(local)),
    ("import_directive", One(import)),
    ("pragma_directive", One(|l, raw| l.leaf_of(Kind::Other, raw))),
    ("if_statement", One(if_statement)),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("do_while_statement", Slots(Kind::DoWhile, &[Body("body"), Field("condition")])),
    (
        "for_statement",
        Slots(Kind::For, &[Field("initial"), Field("condition"), Field("update"), Body("body")]),
    ),
    ("return_statement", One(shared::returned)),
    ("break_statement", One(shared::jump)),
    ("continue_statement", One(shared::jump)),
    ("inheritance_specifier", One(|l, raw| l.field(raw, "ancestor"))),
];

fn type_name(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    match parts[..] {
        [] => l.leaf_of(Kind::Name, raw),
        [one] if !l.source_of(raw).ends_with(']') => one,
        _ => l.node_with(Kind::Type, l.cst.range(raw), "type", &parts),
    }
}

/// Everything but the callee is an argument.
fn call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let callee = generic::any_field(l, raw, &["function", "name"]).or_else(|| l.cst.named(raw).next());
    let mut args = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if Some(child) != callee {
            l.lower_into(child, &mut args);
        }
    }
    let callee = l.optional(callee, range.start);
    let span = l.span_of(callee).end..range.end;
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[callee, args])
}

fn revert(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let callee = l.node_with(Kind::Name, range.start..range.start + 6, "revert", &[]);
    let args = l.named_children(raw);
    let args = l.node(Kind::Args, range.start + 6..range.end, &args);
    l.node(Kind::Call, range, &[callee, args])
}

fn argument(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    shared::listed(l, raw)
}

/// `f{value: 1}`: the options of a call.
fn options(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let of = l.field(raw, "type");
    let mut pairs = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.field_name(child) != "type" {
            l.lower_into(child, &mut pairs);
        }
    }
    let span = l.span_over(&pairs, range.end);
    let pairs = l.node(Kind::Dict, span, &pairs);
    l.node_with(Kind::Index, range, "{", &[of, pairs])
}

fn assignment(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "left"), l.field(raw, "right")];
    l.node_with(Kind::Assign, l.cst.range(raw), "=", &parts)
}

fn new(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let args = l.node(Kind::Args, range.end..range.end, &[]);
    let none = l.absent(range.end);
    let class = l.field(raw, "name");
    l.node(Kind::New, range, &[class, args, none])
}

fn constructor(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let made = generic::function(l, raw);
    let mut parts = l.children_of(made);
    let range = l.cst.range(raw);
    parts[1] = l.node_with(Kind::Name, range.start..range.start + 11, "constructor", &[]);
    l.node(Kind::Function, range, &parts)
}

fn invocation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let made = call(l, raw);
    generic::as_decorator(l, made)
}

fn definition(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let made = generic::modifiers(l, raw);
    let mut own = l.children_of(made);
    for child in l.cst.children(raw).collect::<Vec<_>>() {
        if matches!(l.source_of(child), "constant" | "immutable" | "transient") {
            own.push(l.leaf_of(Kind::Modifier, child));
        }
    }
    let made = l.node(Kind::Modifiers, range.start..range.start, &own);
    let parts = [made, l.field(raw, "name"), l.field(raw, "type"), l.field(raw, "value")];
    out.push(l.node(Kind::VarDef, range, &parts));
}

fn local(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let none = l.absent(range.start);
    let value = l.field(raw, "value");
    if let Some(one) = l.cst.child_of_kind(raw, "variable_declaration") {
        let parts = [none, l.field(one, "name"), l.field(one, "type"), value];
        out.push(l.node(Kind::VarDef, range, &parts));
        return;
    }
    let mut names = Vec::new();
    if let Some(tuple) = l.cst.child_of_kind(raw, "variable_declaration_tuple") {
        for one in l.cst.named(tuple).collect::<Vec<_>>() {
            match l.cst.field(one, "name") {
                Some(name) => names.push(l.lower(name)),
                None => l.lower_into(one, &mut names),
            }
        }
    }
    let span = l.span_over(&names, range.start);
    let names = l.node(Kind::Tuple, span, &names);
    out.push(l.node(Kind::VarDef, range, &[none, names, none, value]));
}

fn import(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.field(raw, "source");
    let path = l.node(Kind::Path, l.span_of(name), &[name]);
    let none = l.absent(range.end);
    l.node(Kind::Import, range, &[path, none])
}

fn if_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let bodies: Vec<Raw> = l.cst.children(raw).filter(|child| l.cst.field_name(*child) == "body").collect();
    let parts = [
        l.field(raw, "condition"),
        l.body(bodies.first().copied(), range.end),
        l.body(bodies.get(1).copied(), range.end),
    ];
    l.node(Kind::If, range, &parts)
}
