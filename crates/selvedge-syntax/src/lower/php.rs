//! PHP.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("php_tag", Skip),
    ("comment", Skip),
    ("text_interpolation", Skip),
    ("text", Skip),
    ("name", Leaf(Kind::Name)),
    ("variable_name", Leaf(Kind::Name)),
    ("namespace_name", Leaf(Kind::Name)),
    ("qualified_name", Leaf(Kind::Name)),
    ("primitive_type", Leaf(Kind::Name)),
    ("cast_type", Leaf(Kind::Name)),
    ("relative_scope", Leaf(Kind::Name)),
    ("named_type", Unwrap),
    ("integer", Leaf(Kind::Number)),
    ("float", Leaf(Kind::Number)),
    ("boolean", Leaf(Kind::Constant)),
    ("null", Leaf(Kind::Constant)),
    ("string", One(shared::string)),
    ("encapsed_string", One(encapsed)),
    ("expression_statement", Inline),
    ("parenthesized_expression", Unwrap),
    ("compound_statement", Rule::Node(Kind::Block)),
    ("declaration_list", Rule::Node(Kind::Block)),
    ("function_call_expression", One(|l, raw| shared::call(l, raw, "function", "arguments"))),
    ("member_call_expression", One(method_call)),
    ("nullsafe_member_call_expression", One(method_call)),
    ("scoped_call_expression", One(method_call)),
    ("object_creation_expression", One(creation)),
    ("arguments", Rule::Node(Kind::Args)),
    ("argument", One(argument)),
    ("variadic_unpacking", Operator(Kind::Spread)),
    ("member_access_expression", Slots(Kind::Member, &[Field("object"), Field("name")])),
    ("nullsafe_member_access_expression", Slots(Kind::Member, &[Field("object"), Field("name")])),
    ("scoped_property_access_expression", Slots(Kind::Member, &[Field("scope"), Field("name")])),
    ("class_constant_access_expression", Rule::Node(Kind::Member)),
    ("subscript_expression", One(subscript)),
    ("array_creation_expression", One(array)),
    ("list_literal", Rule::Node(Kind::List)),
    ("array_element_initializer", One(element)),
    ("pair", Rule::Node(Kind::Pair)),
    ("assignment_expression", Operator(Kind::Assign)),
    ("reference_assignment_expression", Operator(Kind::Assign)),
    ("augmented_assignment_expression", Operator(Kind::Assign)),
    ("binary_expression", Operator(Kind::Binary)),
    ("unary_op_expression", Operator(Kind::Unary)),
    ("update_expression", Operator(Kind::Unary)),
    ("error_suppression_expression", Operator(Kind::Unary)),
    ("cast_expression", Slots(Kind::Cast, &[Field("type"), Field("value")])),
    (
        "conditional_expression",
        Slots(Kind::Conditional, &[Field("condition"), Field("body"), Field("alternative")]),
    ),
    ("sequence_expression", Inline),
    ("echo_statement", One(|l, raw| named_call(l, raw, "echo"))),
    ("print_intrinsic", One(|l, raw| named_call(l, raw, "print"))),
    ("exit_statement", One(|l, raw| named_call(l, raw, "exit"))),
    ("unset_statement", One(|l, raw| named_call(l, raw, "unset"))),
    ("include_expression", One(|l, raw| named_call(l, raw, "include"))),
    ("include_once_expression", One(|l, raw| named_call(l, raw, "include_once"))),
    ("require_expression", One(|l, raw| named_call(l, raw, "require"))),
    ("require_once_expression", One(|l, raw| named_call(l, raw, "require_once"))),
    ("anonymous_function", One(generic::lambda)),
    ("anonymous_function_creation_expression", One(generic::lambda)),
    ("arrow_function", One(generic::lambda)),
    ("function_definition", One(generic::function)),
    ("method_declaration", One(generic::function)),
    ("formal_parameters", One(generic::parameters)),
    ("class_declaration", One(generic::class)),
    ("interface_declaration", One(generic::class)),
    ("trait_declaration", One(generic::class)),
    ("property_declaration", Many(property)),
    ("const_declaration", Many(property)),
    ("if_statement", One(|l, raw| generic::if_chain(l, raw, "body"))),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("do_statement", Slots(Kind::DoWhile, &[Body("body"), Field("condition")])),
    (
        "for_statement",
        Slots(Kind::For, &[Field("initialize"), Field("condition"), Field("update"), Body("body")]),
    ),
    ("foreach_statement", One(foreach)),
    ("switch_statement", One(|l, raw| generic::switch(l, raw, "condition", &["value"]))),
    ("try_statement", One(try_statement)),
    ("return_statement", One(shared::returned)),
    ("throw_expression", One(shared::thrown)),
    ("break_statement", One(shared::jump)),
    ("continue_statement", One(shared::jump)),
    ("global_declaration", Operator(Kind::Global)),
    ("attribute_list", Inline),
    ("attribute_group", Inline),
];

/// Variables and expressions between the quotes.
fn encapsed(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = shared::inside_quotes(l.source_of(raw), &range);
    let holes: Vec<Raw> = l
        .cst
        .named(raw)
        .filter(|child| !matches!(l.cst.kind(*child), "string_content" | "escape_sequence"))
        .collect();
    let whole = l.pattern && matches!(holes[..], [only] if l.cst.range(only) == inside);
    if holes.is_empty() || whole {
        return l.leaf(Kind::Str, range, inside);
    }
    let mut parts = Vec::new();
    let mut at = inside.start;
    for hole in holes {
        let mut place = l.cst.range(hole);
        let byte = |at: u32| l.source.as_bytes().get(at as usize).copied();
        if place.start > at && byte(place.start - 1) == Some(b'{') && byte(place.end) == Some(b'}') {
            place = place.start - 1..place.end + 1;
        }
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

fn method_call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let object = generic::any_field(l, raw, &["object", "scope"]);
    let object = l.optional(object, l.cst.range(raw).start);
    let name = l.field(raw, "name");
    let span = l.span_of(object).start..l.span_of(name).end;
    let callee = l.node(Kind::Member, span, &[object, name]);
    let args = shared::arguments(l, raw, "arguments");
    l.node(Kind::Call, l.cst.range(raw), &[callee, args])
}

fn creation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let class = l.cst.named(raw).next();
    let class = l.optional(class, range.start);
    let args = match l.cst.child_of_kind(raw, "arguments") {
        Some(args) => l.lower(args),
        None => l.node(Kind::Args, range.end..range.end, &[]),
    };
    let none = l.absent(range.end);
    l.node(Kind::New, range, &[class, args, none])
}

fn argument(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let name = l.cst.field(raw, "name");
    let value =
        l.cst.named(raw).find(|child| Some(*child) != name && l.cst.kind(*child) != "reference_modifier");
    let value = l.optional(value, l.cst.range(raw).end);
    match name {
        Some(name) => {
            let name = l.lower(name);
            l.node(Kind::KeywordArg, l.cst.range(raw), &[name, value])
        }
        None => value,
    }
}

fn subscript(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let Some((object, index)) = parts.split_first() else { return l.other(raw) };
    let span = l.span_over(index, l.cst.range(raw).end);
    let index = l.node(Kind::Args, span, index);
    l.node(Kind::Index, l.cst.range(raw), &[*object, index])
}

/// Keys and values, or elements.
fn array(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let keyed = parts.iter().any(|part| l.kind_of(*part) == Kind::Pair);
    l.node(if keyed { Kind::Dict } else { Kind::List }, l.cst.range(raw), &parts)
}

fn element(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    match parts[..] {
        [one] => one,
        _ => l.node(Kind::Pair, l.cst.range(raw), &parts),
    }
}

/// Statements of the language that are calls to those who read it.
fn named_call(l: &mut Lowering<'_>, raw: Raw, name: &str) -> Draft {
    let range = l.cst.range(raw);
    let callee = l.node_with(Kind::Name, range.start..range.start + name.len() as u32, name, &[]);
    let args = l.named_children(raw);
    let span = l.span_over(&args, range.end);
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[callee, args])
}

fn property(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let kind = l.field(raw, "type");
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if matches!(l.cst.kind(child), "property_element" | "const_element") {
            let name = l.cst.field(child, "name").or_else(|| l.cst.named(child).next());
            let value = l.cst.field(child, "default_value").or_else(|| l.cst.named(child).nth(1));
            let parts = [
                generic::modifiers(l, raw),
                l.optional(name, range.start),
                kind,
                l.optional(value, range.end),
            ];
            out.push(l.node(Kind::VarDef, range.clone(), &parts));
        }
    }
}

fn foreach(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts: Vec<Raw> = l.cst.named(raw).filter(|child| l.cst.field_name(*child) != "body").collect();
    let iterable = l.optional(parts.first().copied(), range.start);
    let target = l.optional(parts.get(1).copied(), range.start);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::ForEach, range, &[target, iterable, body])
}

fn try_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut catches = Vec::new();
    let mut finally = None;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "catch_clause" => {
                let place = l.cst.range(child);
                let kind = match l.cst.field(child, "type") {
                    Some(list) => shared::listed(l, list),
                    None => l.absent(place.start),
                };
                let parts = [kind, l.field(child, "name"), l.body(l.cst.field(child, "body"), place.end)];
                catches.push(l.node(Kind::Catch, place, &parts));
            }
            "finally_clause" => finally = Some(child),
            _ => {}
        }
    }
    let none = l.absent(l.cst.range(raw).start);
    shared::try_parts(l, raw, none, &catches, finally)
}
