//! Scala.

use super::Rule::{self, Leaf, Many, One, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("block_comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("type_identifier", Leaf(Kind::Name)),
    ("operator_identifier", Leaf(Kind::Name)),
    ("stable_identifier", One(shared::members)),
    ("stable_type_identifier", One(shared::members)),
    ("integer_literal", Leaf(Kind::Number)),
    ("floating_point_literal", Leaf(Kind::Number)),
    ("boolean_literal", Leaf(Kind::Constant)),
    ("null_literal", Leaf(Kind::Constant)),
    ("character_literal", Leaf(Kind::Constant)),
    ("symbol_literal", Leaf(Kind::Constant)),
    ("string", One(shared::string)),
    ("interpolated_string_expression", One(interpolated)),
    ("parenthesized_expression", Unwrap),
    ("block", Rule::Node(Kind::Block)),
    ("indented_block", Rule::Node(Kind::Block)),
    ("template_body", Rule::Node(Kind::Block)),
    ("call_expression", One(|l, raw| shared::call(l, raw, "function", "arguments"))),
    ("arguments", One(arguments)),
    ("field_expression", Slots(Kind::Member, &[Field("value"), Field("field")])),
    ("instance_expression", One(instance)),
    ("infix_expression", One(infix)),
    ("prefix_expression", Rule::Operator(Kind::Unary)),
    ("assignment_expression", One(assignment)),
    ("generic_function", Rule::Node(Kind::Type)),
    ("generic_type", Rule::Node(Kind::Type)),
    ("type_arguments", Rule::Node(Kind::Args)),
    ("tuple_expression", Rule::Node(Kind::Tuple)),
    ("lambda_expression", One(lambda)),
    ("function_definition", One(generic::function)),
    ("function_declaration", One(generic::function)),
    ("class_definition", One(generic::class)),
    ("object_definition", One(generic::class)),
    ("trait_definition", One(generic::class)),
    ("annotation", One(annotation)),
    ("val_definition", Many(definition)),
    ("var_definition", Many(definition)),
    ("val_declaration", Many(definition)),
    ("var_declaration", Many(definition)),
    ("package_clause", One(package)),
    ("import_declaration", Many(imports)),
    ("if_expression", One(shared::conditional)),
    ("while_expression", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("match_expression", One(|l, raw| generic::switch(l, raw, "value", &["pattern", "guard"]))),
    ("try_expression", One(try_expression)),
    ("return_expression", One(shared::returned)),
    ("throw_expression", One(shared::thrown)),
];

fn interpolated(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    match l.cst.child_of_kind(raw, "interpolated_string") {
        Some(inner) => {
            let made = shared::interpolated(l, inner, &["interpolation"]);
            let range = l.cst.range(raw);
            if l.kind_of(made) == Kind::Interpolated {
                l.set_span(made, range);
                return made;
            }
            l.node(Kind::Interpolated, range, &[made])
        }
        None => l.other(raw),
    }
}

/// `x = 1` among arguments names one.
fn arguments(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "assignment_expression" {
            let own = [l.field(child, "left"), l.field(child, "right")];
            parts.push(l.node(Kind::KeywordArg, l.cst.range(child), &own));
        } else {
            l.lower_into(child, &mut parts);
        }
    }
    l.node(Kind::Args, l.cst.range(raw), &parts)
}

fn instance(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let class = l.cst.named(raw).next();
    let class = l.optional(class, range.start);
    let parts = [class, shared::arguments(l, raw, "arguments"), l.absent(range.end)];
    l.node(Kind::New, range, &parts)
}

/// `a op b`; where the operator is a word, a call of a member.
fn infix(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let left = l.field(raw, "left");
    let right = l.field(raw, "right");
    let Some(operator) = l.cst.field(raw, "operator") else { return l.other(raw) };
    let text = l.source_of(operator).to_owned();
    if l.cst.kind(operator) == "operator_identifier" || text.bytes().all(|byte| byte.is_ascii_punctuation()) {
        return l.node_with(Kind::Binary, range, &text, &[left, right]);
    }
    let name = l.lower(operator);
    let span = l.span_of(left).start..l.span_of(name).end;
    let callee = l.node(Kind::Member, span, &[left, name]);
    let span = l.span_of(right);
    let args = l.node(Kind::Args, span, &[right]);
    l.node(Kind::Call, range, &[callee, args])
}

fn assignment(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "left"), l.field(raw, "right")];
    l.node_with(Kind::Assign, l.cst.range(raw), "=", &parts)
}

fn lambda(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let made = generic::lambda(l, raw);
    let mut parts = l.children_of(made);
    let range = l.cst.range(raw);
    if let Some(body) = l.cst.named(raw).last()
        && parts.len() == 3
    {
        parts[2] = l.lower(body);
    }
    l.node(Kind::Lambda, range, &parts)
}

fn annotation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    shared::annotation(l, raw)
}

fn definition(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let name = generic::any_field(l, raw, &["pattern", "name"]);
    let parts = [
        generic::modifiers(l, raw),
        l.optional(name, range.start),
        l.field(raw, "type"),
        l.field(raw, "value"),
    ];
    out.push(l.node(Kind::VarDef, range, &parts));
}

fn package(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Other, l.cst.range(raw), "package", &parts)
}

fn imports(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let mut parts = l.all(raw, "path");
    let none = l.absent(range.end);
    let mut items = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "namespace_selectors" => {
                for selector in l.cst.named(child).collect::<Vec<_>>() {
                    let own = if l.cst.field(selector, "alias").is_some() {
                        [l.field(selector, "name"), l.field(selector, "alias")]
                    } else {
                        [l.lower(selector), none]
                    };
                    items.push(l.node(Kind::ImportItem, l.cst.range(selector), &own));
                }
            }
            "namespace_wildcard" => {
                let star = l.node_with(Kind::Name, l.cst.range(child), "*", &[]);
                items.push(l.node(Kind::ImportItem, l.cst.range(child), &[star, none]));
            }
            _ => {}
        }
    }
    if items.is_empty() && parts.len() > 1 {
        let last = parts.pop().unwrap_or(none);
        items.push(l.node(Kind::ImportItem, l.span_of(last), &[last, none]));
    }
    let span = l.span_over(&parts, range.start);
    let path = l.node(Kind::Path, span, &parts);
    if items.is_empty() {
        out.push(l.node(Kind::Import, range, &[path, none]));
        return;
    }
    let mut all = vec![path];
    all.extend(items);
    out.push(l.node(Kind::ImportFrom, range, &all));
}

fn try_expression(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut catches = Vec::new();
    let mut finally = None;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "catch_clause" => {
                let block = l.cst.named(child).next();
                for case in block.into_iter().flat_map(|block| l.cst.named(block)).collect::<Vec<_>>() {
                    let place = l.cst.range(case);
                    let none = l.absent(place.start);
                    let (what, name) = match l.cst.field(case, "pattern") {
                        Some(pattern) if l.cst.field(pattern, "type").is_some() => {
                            (l.field(pattern, "type"), l.field(pattern, "pattern"))
                        }
                        Some(pattern) => (l.lower(pattern), none),
                        None => (none, none),
                    };
                    let body = l.body(l.cst.field(case, "body"), place.end);
                    catches.push(l.node(Kind::Catch, place, &[what, name, body]));
                }
            }
            "finally_clause" => finally = Some(child),
            _ => {}
        }
    }
    let none = l.absent(range.start);
    shared::try_parts(l, raw, none, &catches, finally)
}
