//! C and C++.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("field_identifier", Leaf(Kind::Name)),
    ("type_identifier", Leaf(Kind::Name)),
    ("namespace_identifier", Leaf(Kind::Name)),
    ("statement_identifier", Leaf(Kind::Name)),
    ("primitive_type", Leaf(Kind::Name)),
    ("sized_type_specifier", Leaf(Kind::Name)),
    ("placeholder_type_specifier", Leaf(Kind::Name)),
    ("this", Leaf(Kind::Name)),
    ("number_literal", Leaf(Kind::Number)),
    ("char_literal", Leaf(Kind::Constant)),
    ("true", Leaf(Kind::Constant)),
    ("false", Leaf(Kind::Constant)),
    ("null", Leaf(Kind::Constant)),
    ("string_literal", One(shared::string)),
    ("raw_string_literal", One(shared::string)),
    ("system_lib_string", One(|l, raw| l.leaf_of(Kind::Str, raw))),
    ("concatenated_string", One(shared::joined)),
    ("expression_statement", Inline),
    ("parenthesized_expression", Unwrap),
    ("condition_clause", One(condition)),
    ("compound_statement", Rule::Node(Kind::Block)),
    ("declaration_list", Rule::Node(Kind::Block)),
    ("field_declaration_list", Rule::Node(Kind::Block)),
    ("call_expression", One(|l, raw| shared::call(l, raw, "function", "arguments"))),
    ("argument_list", Rule::Node(Kind::Args)),
    ("field_expression", One(field)),
    ("qualified_identifier", Slots(Kind::Member, &[Field("scope"), Field("name")])),
    ("template_function", Rule::Node(Kind::Type)),
    ("template_type", Rule::Node(Kind::Type)),
    ("template_argument_list", Rule::Node(Kind::Args)),
    ("type_descriptor", One(shared::listed)),
    ("subscript_expression", One(subscript)),
    ("subscript_argument_list", Rule::Node(Kind::Args)),
    ("assignment_expression", Operator(Kind::Assign)),
    ("binary_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("pointer_expression", Operator(Kind::Unary)),
    ("update_expression", Operator(Kind::Unary)),
    ("cast_expression", Slots(Kind::Cast, &[Field("type"), Field("value")])),
    (
        "conditional_expression",
        Slots(Kind::Conditional, &[Field("condition"), Field("consequence"), Field("alternative")]),
    ),
    ("sizeof_expression", One(sizeof)),
    ("new_expression", One(new)),
    ("lambda_expression", One(lambda)),
    ("initializer_list", Rule::Node(Kind::List)),
    ("function_definition", One(function)),
    ("declaration", Many(declaration)),
    ("field_declaration", Many(declaration)),
    ("preproc_include", One(include)),
    ("struct_specifier", One(class)),
    ("union_specifier", One(class)),
    ("enum_specifier", One(class)),
    ("class_specifier", One(class)),
    ("namespace_definition", One(class)),
    ("if_statement", One(shared::conditional)),
    ("else_clause", Inline),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("do_statement", Slots(Kind::DoWhile, &[Body("body"), Field("condition")])),
    (
        "for_statement",
        Slots(Kind::For, &[Field("initializer"), Field("condition"), Field("update"), Body("body")]),
    ),
    ("for_range_loop", Slots(Kind::ForEach, &[Field("declarator"), Field("right"), Body("body")])),
    ("switch_statement", One(|l, raw| generic::switch(l, raw, "condition", &["value"]))),
    ("try_statement", One(try_statement)),
    ("return_statement", One(shared::returned)),
    ("throw_statement", One(shared::thrown)),
    ("break_statement", One(shared::jump)),
    ("continue_statement", One(shared::jump)),
    ("goto_statement", One(shared::jump)),
    ("labeled_statement", Rule::Node(Kind::Labeled)),
    ("preproc_if", Inline),
    ("preproc_ifdef", Inline),
    ("preproc_else", Inline),
    ("reference_declarator", Unwrap),
    ("linkage_specification", Inline),
    ("template_declaration", One(template)),
    ("template_parameter_list", Skip),
];

fn condition(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    shared::listed(l, raw)
}

/// `a->b` has a text, so that it is no `a.b`.
fn field(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let text = if l.cst.has(raw, "->") { "->" } else { "" };
    let parts = [l.field(raw, "argument"), l.field(raw, "field")];
    l.node_with(Kind::Member, l.cst.range(raw), text, &parts)
}

fn subscript(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    if l.cst.field(raw, "indices").is_some() {
        let parts = [l.field(raw, "argument"), l.field(raw, "indices")];
        return l.node(Kind::Index, l.cst.range(raw), &parts);
    }
    shared::index(l, raw, "argument", "index")
}

fn sizeof(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let callee = l.node_with(Kind::Name, range.start..range.start + 6, "sizeof", &[]);
    let args = l.named_children(raw);
    let span = l.span_over(&args, range.end);
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[callee, args])
}

fn new(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts = [l.field(raw, "type"), shared::arguments(l, raw, "arguments"), l.absent(range.end)];
    l.node(Kind::New, range, &parts)
}

fn lambda(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let list = l.cst.field(raw, "declarator").and_then(|declarator| l.cst.field(declarator, "parameters"));
    let parameters = parameters(l, list, range.start);
    let none = l.absent(range.start);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::Lambda, range, &[parameters, none, body])
}

/// What a declarator declares: its name, and its type made of what is around the name.
struct Declared {
    name: Draft,
    kind: Draft,
    function: Option<Raw>,
    value: Option<Raw>,
}

/// Goes down through pointers, arrays and functions to the name.
fn declared(l: &mut Lowering<'_>, declarator: Option<Raw>, mut kind: Draft, at: u32) -> Declared {
    let mut function = None;
    let mut value = None;
    let mut next = declarator;
    while let Some(raw) = next {
        let span = l.span_of(kind);
        match l.cst.kind(raw) {
            "pointer_declarator" | "abstract_pointer_declarator" => {
                kind = l.node_with(Kind::Type, span, "*", &[kind]);
            }
            "array_declarator" => {
                kind = l.node_with(Kind::Type, span, "[]", &[kind]);
            }
            "function_declarator" => function = function.or(Some(raw)),
            "init_declarator" => value = l.cst.field(raw, "value"),
            "reference_declarator" | "parenthesized_declarator" | "attributed_declarator" => {
                next = l.cst.named(raw).next();
                continue;
            }
            _ => {
                let name = l.lower(raw);
                return Declared { name, kind, function, value };
            }
        }
        next = l
            .cst
            .field(raw, "declarator")
            .or_else(|| l.cst.named(raw).find(|child| l.cst.kind(*child).ends_with("declarator")));
    }
    Declared { name: l.absent(at), kind, function, value }
}

fn parameters(l: &mut Lowering<'_>, list: Option<Raw>, at: u32) -> Draft {
    let Some(list) = list else { return l.node(Kind::Params, at..at, &[]) };
    let mut parts = Vec::new();
    for child in l.cst.named(list).collect::<Vec<_>>() {
        let range = l.cst.range(child);
        if !l.cst.kind(child).contains("parameter_declaration") {
            let made = l.lower(child);
            parts.push(made);
            continue;
        }
        let kind = l.field(child, "type");
        let declarator = l.cst.field(child, "declarator");
        let found = declared(l, declarator, kind, range.end);
        let special = matches!(l.kind_of(found.kind), Kind::Ellipsis | Kind::MetaEllipsis);
        let name = if special { found.kind } else { found.name };
        let default = l.field(child, "default_value");
        parts.push(l.node(Kind::Param, range, &[name, found.kind, default]));
    }
    l.node(Kind::Params, l.cst.range(list), &parts)
}

fn function(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let kind = l.field(raw, "type");
    let found = declared(l, l.cst.field(raw, "declarator"), kind, range.start);
    let list = found.function.and_then(|function| l.cst.field(function, "parameters"));
    let parts = [
        generic::modifiers(l, raw),
        found.name,
        parameters(l, list, range.start),
        found.kind,
        l.body(l.cst.field(raw, "body"), range.end),
    ];
    l.node(Kind::Function, range, &parts)
}

/// Each declarator is a definition; one of a function is a function without a body.
fn declaration(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let declarators: Vec<Raw> =
        l.cst.children(raw).filter(|child| l.cst.field_name(*child) == "declarator").collect();
    let kind = l.field(raw, "type");
    if declarators.is_empty() {
        out.push(kind);
        return;
    }
    let single = declarators.len() == 1;
    for declarator in declarators {
        let span = if single { range.clone() } else { l.cst.range(declarator) };
        let found = declared(l, Some(declarator), kind, range.end);
        let modifiers = generic::modifiers(l, raw);
        let none = l.absent(range.end);
        if let Some(function) = found.function.filter(|_| found.value.is_none()) {
            let list = l.cst.field(function, "parameters");
            let parameters = parameters(l, list, range.end);
            out.push(l.node(Kind::Function, span, &[modifiers, found.name, parameters, found.kind, none]));
            continue;
        }
        let value = match found.value {
            Some(value) => l.lower(value),
            None => l.field(raw, "default_value"),
        };
        out.push(l.node(Kind::VarDef, span, &[modifiers, found.name, found.kind, value]));
    }
}

fn include(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.field(raw, "path");
    let path = l.node(Kind::Path, l.span_of(name), &[name]);
    let none = l.absent(range.end);
    l.node(Kind::Import, range, &[path, none])
}

/// A structure with a body defines it; without, it is a type.
fn class(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    if l.cst.field(raw, "body").is_none() {
        let name = l.field(raw, "name");
        let word = l.cst.kind(raw).split('_').next().unwrap_or("").to_owned();
        return l.node_with(Kind::Type, l.cst.range(raw), &word, &[name]);
    }
    generic::class(l, raw)
}

fn template(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let last = l.cst.named(raw).last();
    l.optional(last, l.cst.range(raw).end)
}

fn try_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut catches = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "catch_clause" {
            let place = l.cst.range(child);
            let list = parameters(l, l.cst.field(child, "parameters"), place.start);
            let first = l.children_of(list).first().copied();
            let none = l.absent(place.start);
            let (what, name) = match first.map(|first| (first, l.children_of(first))) {
                Some((_, parts)) if parts.len() == 3 => (parts[1], parts[0]),
                Some((first, _)) => (first, none),
                None => (none, none),
            };
            let body = l.body(l.cst.field(child, "body"), place.end);
            catches.push(l.node(Kind::Catch, place, &[what, name, body]));
        }
    }
    let none = l.absent(l.cst.range(raw).start);
    shared::try_parts(l, raw, none, &catches, None)
}
