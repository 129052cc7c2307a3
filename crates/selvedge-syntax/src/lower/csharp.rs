//! C#.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("predefined_type", Leaf(Kind::Name)),
    ("implicit_type", Leaf(Kind::Name)),
    ("this", Leaf(Kind::Name)),
    ("base", Leaf(Kind::Name)),
    ("integer_literal", Leaf(Kind::Number)),
    ("real_literal", Leaf(Kind::Number)),
    ("boolean_literal", Leaf(Kind::Constant)),
    ("null_literal", Leaf(Kind::Constant)),
    ("character_literal", Leaf(Kind::Constant)),
    ("string_literal", One(shared::string)),
    ("verbatim_string_literal", One(shared::string)),
    ("raw_string_literal", One(shared::string)),
    ("interpolated_string_expression", One(interpolated)),
    ("global_statement", Inline),
    ("expression_statement", Inline),
    ("empty_statement", Skip),
    ("parenthesized_expression", Unwrap),
    ("block", Rule::Node(Kind::Block)),
    ("arrow_expression_clause", Rule::Node(Kind::Block)),
    ("declaration_list", Rule::Node(Kind::Block)),
    ("invocation_expression", One(|l, raw| shared::call(l, raw, "function", "arguments"))),
    ("member_access_expression", Slots(Kind::Member, &[Field("expression"), Field("name")])),
    ("conditional_access_expression", One(conditional_access)),
    ("qualified_name", Slots(Kind::Member, &[Field("qualifier"), Field("name")])),
    ("generic_name", Rule::Node(Kind::Type)),
    ("type_argument_list", Rule::Node(Kind::Args)),
    ("element_access_expression", Slots(Kind::Index, &[Field("expression"), Field("subscript")])),
    ("bracketed_argument_list", Rule::Node(Kind::Args)),
    ("argument_list", Rule::Node(Kind::Args)),
    ("argument", One(argument)),
    ("object_creation_expression", One(creation)),
    ("implicit_object_creation_expression", One(creation)),
    ("initializer_expression", Rule::Node(Kind::Dict)),
    ("array_creation_expression", Rule::Node(Kind::New)),
    ("assignment_expression", Operator(Kind::Assign)),
    ("binary_expression", Operator(Kind::Binary)),
    ("is_expression", Operator(Kind::Binary)),
    ("as_expression", Slots(Kind::Cast, &[Field("right"), Field("left")])),
    ("prefix_unary_expression", Operator(Kind::Unary)),
    ("postfix_unary_expression", Operator(Kind::Unary)),
    ("cast_expression", Slots(Kind::Cast, &[Field("type"), Field("value")])),
    (
        "conditional_expression",
        Slots(Kind::Conditional, &[Field("condition"), Field("consequence"), Field("alternative")]),
    ),
    ("await_expression", Rule::Node(Kind::Await)),
    ("lambda_expression", One(generic::lambda)),
    ("anonymous_method_expression", One(generic::lambda)),
    ("method_declaration", One(generic::function)),
    ("constructor_declaration", One(generic::function)),
    ("local_function_statement", One(generic::function)),
    ("class_declaration", One(generic::class)),
    ("struct_declaration", One(generic::class)),
    ("interface_declaration", One(generic::class)),
    ("record_declaration", One(generic::class)),
    ("namespace_declaration", One(namespace)),
    ("attribute", One(attribute)),
    ("attribute_list", Inline),
    ("attribute_argument", One(argument)),
    ("attribute_argument_list", Rule::Node(Kind::Args)),
    ("field_declaration", Many(fields)),
    ("local_declaration_statement", Many(fields)),
    ("variable_declaration", Many(variables)),
    ("property_declaration", One(property)),
    ("using_directive", One(using)),
    ("if_statement", One(shared::conditional)),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("do_statement", Slots(Kind::DoWhile, &[Body("body"), Field("condition")])),
    (
        "for_statement",
        Slots(Kind::For, &[Field("initializer"), Field("condition"), Field("update"), Body("body")]),
    ),
    ("foreach_statement", Slots(Kind::ForEach, &[Field("left"), Field("right"), Body("body")])),
    ("try_statement", One(try_statement)),
    ("using_statement", One(using_statement)),
    (
        "switch_statement",
        One(|l, raw| generic::switch(l, raw, "value", &["constant_pattern", "declaration_pattern"])),
    ),
    ("constant_pattern", Unwrap),
    ("return_statement", One(shared::returned)),
    ("throw_statement", One(shared::thrown)),
    ("throw_expression", One(shared::thrown)),
    ("break_statement", One(shared::jump)),
    ("continue_statement", One(shared::jump)),
    ("lock_statement", Inline),
];

fn interpolated(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "string_content" => parts.push(l.leaf_of(Kind::Str, child)),
            "interpolation" => {
                let inner = l.cst.named(child).find(|part| l.cst.kind(*part) != "interpolation_brace");
                parts.push(l.optional(inner, range.end));
            }
            _ => {}
        }
    }
    l.node(Kind::Interpolated, range, &parts)
}

/// `a?.b` is `a.b` with a text.
fn conditional_access(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let object = l.field(raw, "condition");
    let binding = l.cst.child_of_kind(raw, "member_binding_expression");
    let name = binding.and_then(|binding| l.cst.field(binding, "name"));
    match name {
        Some(name) => {
            let name = l.lower(name);
            l.node_with(Kind::Member, range, "?.", &[object, name])
        }
        None => l.other(raw),
    }
}

fn argument(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.cst.field(raw, "name");
    let value = l.cst.named(raw).find(|child| Some(*child) != name);
    let value = l.optional(value, range.end);
    match name {
        Some(name) => {
            let name = l.lower(name);
            l.node(Kind::KeywordArg, range, &[name, value])
        }
        None => value,
    }
}

fn creation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts = [l.field(raw, "type"), shared::arguments(l, raw, "arguments"), l.field(raw, "initializer")];
    l.node(Kind::New, range, &parts)
}

fn attribute(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.field(raw, "name");
    let args = match l.cst.child_of_kind(raw, "attribute_argument_list") {
        Some(args) => l.lower(args),
        None => l.node(Kind::Args, range.end..range.end, &[]),
    };
    l.node(Kind::Decorator, range, &[name, args])
}

fn namespace(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let made = generic::class(l, raw);
    let parts = l.children_of(made);
    l.node_with(Kind::Class, l.cst.range(raw), "namespace", &parts)
}

fn fields(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let modifiers = generic::modifiers(l, raw);
    let from = out.len();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "variable_declaration" {
            variables(l, child, out);
        }
    }
    let single = out.len() == from + 1;
    for made in &mut out[from..] {
        if l.kind_of(*made) != Kind::VarDef {
            continue;
        }
        let mut parts = l.children_of(*made);
        parts[0] = modifiers;
        let span = if single { range.clone() } else { l.span_of(*made) };
        *made = l.node(Kind::VarDef, span, &parts);
    }
}

fn variables(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) != "variable_declarator" {
            continue;
        }
        let range = l.cst.range(raw);
        let none = l.absent(range.start);
        let name = l.cst.field(child, "name");
        let value = l.cst.named(child).filter(|part| Some(*part) != name).last();
        let parts = [none, l.optional(name, range.start), l.field(raw, "type"), l.optional(value, range.end)];
        out.push(l.node(Kind::VarDef, range, &parts));
    }
}

fn property(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts =
        [generic::modifiers(l, raw), l.field(raw, "name"), l.field(raw, "type"), l.field(raw, "value")];
    l.node(Kind::VarDef, range, &parts)
}

fn names(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    if l.cst.kind(raw) == "qualified_name" {
        for child in l.cst.named(raw).collect::<Vec<_>>() {
            names(l, child, out);
        }
    } else {
        l.lower_into(raw, out);
    }
}

/// `using A.B;` brings in all of it; `using X = A.B;` gives it a name.
fn using(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let alias = l.cst.field(raw, "name");
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if Some(child) != alias {
            names(l, child, &mut parts);
        }
    }
    let span = l.span_over(&parts, range.start);
    let path = l.node(Kind::Path, span, &parts);
    if alias.is_some() || l.pattern {
        let alias = l.optional(alias, range.end);
        return l.node(Kind::Import, range, &[path, alias]);
    }
    let none = l.absent(range.end);
    l.node(Kind::Import, range, &[path, none])
}

fn try_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut catches = Vec::new();
    let mut finally = None;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "catch_clause" => {
                let place = l.cst.range(child);
                let none = l.absent(place.start);
                let (what, name) = match l.cst.child_of_kind(child, "catch_declaration") {
                    Some(declaration) => (l.field(declaration, "type"), l.field(declaration, "name")),
                    None => (none, none),
                };
                let body = l.body(l.cst.field(child, "body"), place.end);
                catches.push(l.node(Kind::Catch, place, &[what, name, body]));
            }
            "finally_clause" => finally = Some(child),
            _ => {}
        }
    }
    let none = l.absent(l.cst.range(raw).start);
    shared::try_parts(l, raw, none, &catches, finally)
}

fn using_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.field_name(child) != "body" {
            l.lower_into(child, &mut parts);
        }
    }
    parts.push(l.body(l.cst.field(raw, "body"), range.end));
    l.node(Kind::With, range, &parts)
}
