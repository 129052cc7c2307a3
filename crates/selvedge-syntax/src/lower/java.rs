//! Java.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::shared::{self, annotation, conditional, jump, returned, string, thrown};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("line_comment", Skip),
    ("block_comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("type_identifier", Leaf(Kind::Name)),
    ("this", Leaf(Kind::Name)),
    ("super", Leaf(Kind::Name)),
    ("integral_type", Leaf(Kind::Name)),
    ("floating_point_type", Leaf(Kind::Name)),
    ("boolean_type", Leaf(Kind::Name)),
    ("void_type", Leaf(Kind::Name)),
    ("asterisk", Leaf(Kind::Name)),
    ("decimal_integer_literal", Leaf(Kind::Number)),
    ("hex_integer_literal", Leaf(Kind::Number)),
    ("octal_integer_literal", Leaf(Kind::Number)),
    ("binary_integer_literal", Leaf(Kind::Number)),
    ("decimal_floating_point_literal", Leaf(Kind::Number)),
    ("hex_floating_point_literal", Leaf(Kind::Number)),
    ("true", Leaf(Kind::Constant)),
    ("false", Leaf(Kind::Constant)),
    ("null_literal", Leaf(Kind::Constant)),
    ("character_literal", Leaf(Kind::Constant)),
    ("string_literal", One(string)),
    ("expression_statement", Inline),
    ("parenthesized_expression", Unwrap),
    ("block", Rule::Node(Kind::Block)),
    ("constructor_body", Rule::Node(Kind::Block)),
    ("class_body", Rule::Node(Kind::Block)),
    ("interface_body", Rule::Node(Kind::Block)),
    ("enum_body", Rule::Node(Kind::Block)),
    ("enum_body_declarations", Inline),
    ("annotation_type_body", Rule::Node(Kind::Block)),
    ("static_initializer", One(static_block)),
    ("scoped_identifier", Slots(Kind::Member, &[Field("scope"), Field("name")])),
    ("scoped_type_identifier", One(scoped_type)),
    ("generic_type", Rule::Node(Kind::Type)),
    ("type_arguments", Rule::Node(Kind::Args)),
    ("field_access", Slots(Kind::Member, &[Field("object"), Field("field")])),
    ("class_literal", One(class_literal)),
    ("array_access", One(|l, raw| shared::index(l, raw, "array", "index"))),
    ("method_invocation", One(invocation)),
    ("explicit_constructor_invocation", One(|l, raw| shared::call(l, raw, "constructor", "arguments"))),
    ("argument_list", Rule::Node(Kind::Args)),
    ("object_creation_expression", One(creation)),
    ("array_creation_expression", Rule::Node(Kind::New)),
    ("array_initializer", Rule::Node(Kind::List)),
    ("element_value_array_initializer", Rule::Node(Kind::List)),
    ("assignment_expression", Operator(Kind::Assign)),
    ("binary_expression", Operator(Kind::Binary)),
    ("instanceof_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("update_expression", Operator(Kind::Unary)),
    (
        "ternary_expression",
        Slots(Kind::Conditional, &[Field("condition"), Field("consequence"), Field("alternative")]),
    ),
    ("cast_expression", Slots(Kind::Cast, &[Field("type"), Field("value")])),
    ("lambda_expression", One(lambda)),
    ("inferred_parameters", One(parameters)),
    ("formal_parameters", One(parameters)),
    ("method_declaration", One(method)),
    ("constructor_declaration", One(method)),
    ("compact_constructor_declaration", One(method)),
    ("annotation_type_element_declaration", One(method)),
    ("class_declaration", One(class)),
    ("interface_declaration", One(class)),
    ("enum_declaration", One(class)),
    ("record_declaration", One(class)),
    ("annotation_type_declaration", One(class)),
    ("field_declaration", Many(variables)),
    ("constant_declaration", Many(variables)),
    ("local_variable_declaration", Many(variables)),
    ("modifiers", One(modifiers)),
    ("annotation", One(annotation)),
    ("marker_annotation", One(annotation)),
    ("annotation_argument_list", Rule::Node(Kind::Args)),
    ("element_value_pair", One(keyword)),
    ("package_declaration", One(package)),
    ("import_declaration", One(import)),
    ("if_statement", One(conditional)),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("do_statement", Slots(Kind::DoWhile, &[Body("body"), Field("condition")])),
    ("for_statement", Slots(Kind::For, &[Field("init"), Field("condition"), Field("update"), Body("body")])),
    ("enhanced_for_statement", One(for_each)),
    ("try_statement", One(try_statement)),
    ("try_with_resources_statement", One(try_statement)),
    ("resource_specification", Rule::Node(Kind::Args)),
    ("resource", One(resource)),
    ("switch_expression", One(switch)),
    ("return_statement", One(returned)),
    ("throw_statement", One(thrown)),
    ("break_statement", One(jump)),
    ("continue_statement", One(jump)),
    ("assert_statement", Rule::Node(Kind::Assert)),
    ("labeled_statement", Rule::Node(Kind::Labeled)),
    ("synchronized_statement", Inline),
    ("yield_statement", One(|l, raw| shared::operand(l, Kind::Yield, raw))),
];

/// `a.b.C` where a type is expected.
fn scoped_type(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    match parts[..] {
        [scope, name] => l.node(Kind::Member, l.cst.range(raw), &[scope, name]),
        _ => l.node(Kind::Type, l.cst.range(raw), &parts),
    }
}

fn class_literal(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inner = l.cst.named(raw).next();
    let of = l.optional(inner, range.start);
    let name = l.node_with(Kind::Name, range.end..range.end, "class", &[]);
    l.node(Kind::Member, range, &[of, name])
}

fn static_block(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let inner = l.cst.named(raw).next();
    let block = l.body(inner, l.cst.range(raw).end);
    l.node_with(Kind::Other, l.cst.range(raw), "static", &[block])
}

fn invocation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let name = l.field(raw, "name");
    let callee = match l.cst.field(raw, "object") {
        Some(object) => {
            let span = l.cst.range(object).start..l.span_of(name).end;
            let object = l.lower(object);
            l.node(Kind::Member, span, &[object, name])
        }
        None => name,
    };
    let args = shared::arguments(l, raw, "arguments");
    l.node(Kind::Call, l.cst.range(raw), &[callee, args])
}

fn creation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let class = l.field(raw, "type");
    let args = shared::arguments(l, raw, "arguments");
    let body = l.cst.child_of_kind(raw, "class_body");
    let body = l.optional(body, l.cst.range(raw).end);
    l.node(Kind::New, l.cst.range(raw), &[class, args, body])
}

fn lambda(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parameters = l.field(raw, "parameters");
    let parameters = if l.kind_of(parameters) == Kind::Params {
        parameters
    } else {
        let none = l.absent(range.start);
        let span = l.span_of(parameters);
        let one = l.node(Kind::Param, span.clone(), &[parameters, none, none]);
        l.node(Kind::Params, span, &[one])
    };
    let none = l.absent(range.start);
    let body = l.field(raw, "body");
    l.node(Kind::Lambda, range, &[parameters, none, body])
}

fn parameters(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        let range = l.cst.range(child);
        let none = l.absent(range.end);
        let made = match l.cst.kind(child) {
            "spread_parameter" => {
                let declarator = l.cst.child_of_kind(child, "variable_declarator");
                let kind = l.cst.named(child).find(|part| l.cst.kind(*part) != "modifiers");
                let kind = l.optional(kind, range.end);
                let name = match declarator {
                    Some(declarator) => l.field(declarator, "name"),
                    None => none,
                };
                l.node_with(Kind::Param, range, "*", &[name, kind, none])
            }
            "identifier" => {
                let name = l.lower(child);
                l.node(Kind::Param, range, &[name, none, none])
            }
            _ => {
                let mut own = vec![l.field(child, "name"), l.field(child, "type"), none];
                let modifiers = own_modifiers(l, child);
                if !l.children_of(modifiers).is_empty() {
                    own.push(modifiers);
                }
                l.node(Kind::Param, range, &own)
            }
        };
        parts.push(made);
    }
    l.node(Kind::Params, l.cst.range(raw), &parts)
}

/// The modifiers of a definition, or none.
fn own_modifiers(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let start = l.cst.range(raw).start;
    match l.cst.child_of_kind(raw, "modifiers") {
        Some(modifiers) => l.lower(modifiers),
        None => l.node(Kind::Modifiers, start..start, &[]),
    }
}

fn modifiers(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut parts = Vec::new();
    for child in l.cst.children(raw).collect::<Vec<_>>() {
        if l.cst.is_named(child) {
            l.lower_into(child, &mut parts);
        } else {
            parts.push(l.leaf_of(Kind::Modifier, child));
        }
    }
    l.node(Kind::Modifiers, l.cst.range(raw), &parts)
}

fn keyword(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "key"), l.field(raw, "value")];
    if l.kind_of(parts[0]) == Kind::Ellipsis {
        return parts[0];
    }
    l.node(Kind::KeywordArg, l.cst.range(raw), &parts)
}

fn method(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parameters = match l.cst.field(raw, "parameters") {
        Some(parameters) => l.lower(parameters),
        None => l.node(Kind::Params, range.end..range.end, &[]),
    };
    let parts = [
        own_modifiers(l, raw),
        l.field(raw, "name"),
        parameters,
        l.field(raw, "type"),
        l.body(l.cst.field(raw, "body"), range.end),
    ];
    l.node(Kind::Function, range, &parts)
}

fn class(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.field(raw, "name");
    let mut bases = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if matches!(l.cst.kind(child), "superclass" | "super_interfaces" | "extends_interfaces") {
            let list = l.cst.child_of_kind(child, "type_list").unwrap_or(child);
            for base in l.cst.named(list).collect::<Vec<_>>() {
                l.lower_into(base, &mut bases);
            }
        }
    }
    let span = l.span_over(&bases, l.span_of(name).end);
    let parts = [
        own_modifiers(l, raw),
        name,
        l.node(Kind::Bases, span, &bases),
        l.body(l.cst.field(raw, "body"), range.end),
    ];
    let word = l.cst.kind(raw).trim_end_matches("_declaration").to_owned();
    l.node_with(Kind::Class, range, &word, &parts)
}

/// `int a = 1, b` is two definitions.
fn variables(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let declarators: Vec<Raw> =
        l.cst.children(raw).filter(|child| l.cst.field_name(*child) == "declarator").collect();
    let single = declarators.len() == 1;
    for declarator in declarators {
        let range = if single { l.cst.range(raw) } else { l.cst.range(declarator) };
        let parts = [
            own_modifiers(l, raw),
            l.field(declarator, "name"),
            l.field(raw, "type"),
            l.field(declarator, "value"),
        ];
        out.push(l.node(Kind::VarDef, range, &parts));
    }
}

fn resource(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    if l.cst.field(raw, "name").is_none() {
        let inner = l.cst.named(raw).next();
        return l.optional(inner, l.cst.range(raw).end);
    }
    let parts = [own_modifiers(l, raw), l.field(raw, "name"), l.field(raw, "type"), l.field(raw, "value")];
    l.node(Kind::VarDef, l.cst.range(raw), &parts)
}

/// The names of a dotted path.
fn names(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    if l.cst.kind(raw) == "scoped_identifier" {
        for child in l.cst.named(raw).collect::<Vec<_>>() {
            names(l, child, out);
        }
    } else {
        l.lower_into(raw, out);
    }
}

fn package(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        names(l, child, &mut parts);
    }
    l.node_with(Kind::Other, l.cst.range(raw), "package", &parts)
}

/// `import a.b.C` is `from a.b import C`; `import a.b.*` brings in all.
fn import(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        names(l, child, &mut parts);
    }
    let none = l.absent(range.end);
    if parts.len() < 2 {
        let path = l.node(Kind::Path, range.clone(), &parts);
        return l.node(Kind::Import, range, &[path, none]);
    }
    let last = parts.pop().unwrap_or(none);
    let span = l.span_over(&parts, range.start);
    let path = l.node(Kind::Path, span, &parts);
    let item = l.node(Kind::ImportItem, l.span_of(last), &[last, none]);
    l.node(Kind::ImportFrom, range, &[path, item])
}

fn for_each(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.field(raw, "name");
    let kind = l.field(raw, "type");
    let none = l.absent(range.start);
    let span = l.span_of(kind).start..l.span_of(name).end;
    let target = l.node(Kind::VarDef, span, &[none, name, kind, none]);
    let iterable = l.field(raw, "value");
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::ForEach, range, &[target, iterable, body])
}

fn try_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let resources = l.field(raw, "resources");
    let mut catches = Vec::new();
    let mut finally = None;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "catch_clause" => catches.push(catch(l, child)),
            "finally_clause" => finally = Some(child),
            _ => {}
        }
    }
    shared::try_parts(l, raw, resources, &catches, finally)
}

fn catch(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut what = l.absent(range.end);
    let mut name = what;
    if let Some(parameter) = l.cst.child_of_kind(raw, "catch_formal_parameter") {
        name = l.field(parameter, "name");
        if let Some(kind) = l.cst.child_of_kind(parameter, "catch_type") {
            what = shared::listed(l, kind);
        }
    }
    if l.kind_of(name) == Kind::Ellipsis {
        what = name;
    }
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::Catch, range, &[what, name, body])
}

fn switch(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = vec![l.field(raw, "condition")];
    let body = l.cst.field(raw, "body").unwrap_or(raw);
    for group in l.cst.named(body).collect::<Vec<_>>() {
        let place = l.cst.range(group);
        let mut patterns = Vec::new();
        let mut statements = Vec::new();
        for child in l.cst.named(group).collect::<Vec<_>>() {
            if l.cst.kind(child) == "switch_label" {
                for pattern in l.cst.named(child).collect::<Vec<_>>() {
                    l.lower_into(pattern, &mut patterns);
                }
            } else {
                l.lower_into(child, &mut statements);
            }
        }
        let span = l.span_over(&patterns, place.start);
        let patterns = l.node(Kind::Patterns, span, &patterns);
        let span = l.span_over(&statements, place.end);
        let block = l.node(Kind::Block, span, &statements);
        let none = l.absent(place.end);
        parts.push(l.node(Kind::Case, place, &[patterns, none, block]));
    }
    l.node(Kind::Switch, range, &parts)
}
