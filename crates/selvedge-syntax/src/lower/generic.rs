//! Definitions, by the field names that most grammars share.

use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;

/// Kinds of children that modify a definition.
const MODIFIERS: &[&str] = &[
    "modifier",
    "modifiers",
    "visibility_modifier",
    "static_modifier",
    "abstract_modifier",
    "final_modifier",
    "readonly_modifier",
    "var_modifier",
    "storage_class_specifier",
    "type_qualifier",
    "attribute_list",
    "attribute_item",
    "annotation",
    "access_modifier",
    "visibility",
    "state_mutability",
    "virtual",
    "function_modifiers",
    "modifier_invocation",
    "override_specifier",
    "attribute",
    "async",
    "static",
    "const",
    "unsafe",
    "class_modifier",
    "function_modifier",
    "member_modifier",
    "inheritance_modifier",
    "property_modifier",
    "parameter_modifier",
    "plain_annotation",
];

/// Kinds of children that name the parents of a class.
const BASES: &[&str] = &[
    "base_clause",
    "class_interface_clause",
    "base_list",
    "base_class_clause",
    "superclass",
    "delegation_specifiers",
    "delegation_specifier",
    "extends_clause",
    "inheritance_specifier",
    "type_inheritance_clause",
    "derives_clause",
];

/// The first of some fields that is there.
pub(super) fn any_field(l: &Lowering<'_>, raw: Raw, names: &[&str]) -> Option<Raw> {
    names.iter().find_map(|name| l.cst.field(raw, name))
}

/// The first child of some kinds.
fn any_child(l: &Lowering<'_>, raw: Raw, kinds: &[&str]) -> Option<Raw> {
    l.cst.named(raw).find(|child| kinds.contains(&l.cst.kind(*child)))
}

/// Words and annotations of a definition.
pub(super) fn modifiers(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let start = l.cst.range(raw).start;
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if MODIFIERS.contains(&l.cst.kind(child)) && l.cst.field_name(child) != "body" {
            collect_modifiers(l, child, &mut parts);
        }
    }
    l.node(Kind::Modifiers, start..start, &parts)
}

fn collect_modifiers(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let kind = l.cst.kind(raw);
    match kind {
        "modifiers" | "attribute_list" | "function_modifiers" => {
            for child in l.cst.children(raw).collect::<Vec<_>>() {
                if l.cst.is_named(child) {
                    collect_modifiers(l, child, out);
                } else if l.source_of(child).bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    out.push(l.leaf_of(Kind::Modifier, child));
                }
            }
        }
        "annotation" | "attribute" | "attribute_item" | "plain_annotation" => {
            let from = out.len();
            l.lower_into(raw, out);
            for made in &mut out[from..] {
                *made = as_decorator(l, *made);
            }
        }
        _ => out.push(l.leaf_of(Kind::Modifier, raw)),
    }
}

/// A call or name as a decorator.
pub(super) fn as_decorator(l: &mut Lowering<'_>, made: Draft) -> Draft {
    let span = l.span_of(made);
    match l.kind_of(made) {
        Kind::Decorator => made,
        Kind::Call | Kind::New => {
            let parts = l.children_of(made);
            l.node(Kind::Decorator, span, &parts[..2.min(parts.len())])
        }
        _ => {
            let args = l.node(Kind::Args, span.end..span.end, &[]);
            l.node(Kind::Decorator, span, &[made, args])
        }
    }
}

/// A function, method or constructor.
pub(super) fn function(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.cst.field(raw, "name");
    let name = l.optional(name, range.start);
    let parameters = parameters_of(l, raw);
    let kind = any_field(l, raw, &["return_type", "returns", "result", "type"]);
    let body = any_field(l, raw, &["body"])
        .or_else(|| any_child(l, raw, &["block", "function_body", "compound_statement", "body_statement"]));
    let parts = [modifiers(l, raw), name, parameters, l.optional(kind, range.start), l.body(body, range.end)];
    l.node(Kind::Function, range, &parts)
}

/// A function without a name.
pub(super) fn lambda(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parameters = parameters_of(l, raw);
    let none = l.absent(range.start);
    let body = any_field(l, raw, &["body"]).or_else(|| l.cst.named(raw).last());
    let body = l.optional(body, range.end);
    l.node(Kind::Lambda, range, &[parameters, none, body])
}

fn parameters_of(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let kinds = &[
        "formal_parameters",
        "parameter_list",
        "method_parameters",
        "function_value_parameters",
        "parameters",
        "lambda_parameters",
        "block_parameters",
        "class_parameters",
        "closure_parameters",
    ];
    let list = any_field(l, raw, &["parameters", "parameter"]).or_else(|| any_child(l, raw, kinds));
    if let Some(list) = list {
        return parameters(l, list);
    }
    // Some grammars have the parameters beside each other.
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "parameter" {
            parts.push(parameter(l, child));
        }
    }
    let span = l.span_over(&parts, range.start);
    l.node(Kind::Params, span, &parts)
}

/// A list of parameters.
pub(super) fn parameters(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut parts = Vec::new();
    if l.cst.named(raw).next().is_none() {
        let range = l.cst.range(raw);
        if l.source_of(raw).starts_with('(') || l.source_of(raw).starts_with('|') {
            return l.node(Kind::Params, range, &[]);
        }
        let made = parameter(l, raw);
        return l.node(Kind::Params, range, &[made]);
    }
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child).contains("comment") {
            continue;
        }
        parts.push(parameter(l, child));
    }
    l.node(Kind::Params, l.cst.range(raw), &parts)
}

fn parameter(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = any_field(l, raw, &["name", "pattern", "declarator"]);
    let kind = l.cst.field(raw, "type");
    let text = match l.cst.kind(raw) {
        "variadic_parameter" | "splat_parameter" => "*",
        "hash_splat_parameter" => "**",
        "block_parameter" => "&",
        _ => "",
    };
    let name = match name {
        Some(name) => l.lower(name),
        None if l.cst.named(raw).next().is_none() => l.lower(raw),
        None => {
            let inner = l.cst.named(raw).find(|child| {
                matches!(l.cst.kind(*child), "identifier" | "simple_identifier" | "variable_name")
            });
            match inner {
                Some(inner) => l.lower(inner),
                None if kind.is_some() => l.absent(range.start),
                None => l.lower(raw),
            }
        }
    };
    if l.kind_of(name) == Kind::Param {
        return name;
    }
    let kind =
        kind.or_else(|| any_child(l, raw, &["user_type", "nullable_type", "type_name", "function_type"]));
    let kind = l.optional(kind, range.end);
    let default = any_field(l, raw, &["value", "default_value", "default"]);
    let default = l.optional(default, range.end);
    let mut parts = vec![name, kind, default];
    if l.cst.child_of_kind(raw, "attribute_list").is_some() {
        parts.push(modifiers(l, raw));
    }
    l.node_with(Kind::Param, range, text, &parts)
}

/// A class, interface, structure or the like; its text is the word that begins it.
pub(super) fn class(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l
        .cst
        .field(raw, "name")
        .or_else(|| any_child(l, raw, &["type_identifier", "simple_identifier", "identifier", "user_type"]));
    let name = l.optional(name, range.start);
    let mut bases = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if BASES.contains(&l.cst.kind(child)) {
            base_names(l, child, &mut bases);
        }
    }
    let span = l.span_over(&bases, l.span_of(name).end);
    let bases = l.node(Kind::Bases, span, &bases);
    let body = any_field(l, raw, &["body"]).or_else(|| {
        any_child(
            l,
            raw,
            &["class_body", "declaration_list", "template_body", "contract_body", "enum_class_body"],
        )
    });
    let parts = [modifiers(l, raw), name, bases, l.body(body, range.end)];
    let word = match l.cst.kind(raw).split('_').next().unwrap_or("") {
        "object" | "companion" => "object",
        word @ ("interface" | "enum" | "struct" | "trait" | "namespace" | "module" | "mod" | "union"
        | "library") => word,
        _ => "class",
    }
    .to_owned();
    l.node_with(Kind::Class, range, &word, &parts)
}

fn base_names(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            kind if BASES.contains(&kind) => base_names(l, child, out),
            "access_specifier" | "arguments" | "argument_list" => {}
            _ => l.lower_into(child, out),
        }
    }
}

/// A condition with `else if` clauses beside each other.
pub(super) fn if_chain(l: &mut Lowering<'_>, raw: Raw, then: &str) -> Draft {
    let range = l.cst.range(raw);
    let clauses: Vec<Raw> =
        l.cst.children(raw).filter(|child| l.cst.field_name(*child) == "alternative").collect();
    let mut otherwise = l.absent(range.end);
    for clause in clauses.into_iter().rev() {
        let place = l.cst.range(clause);
        otherwise = if l.cst.field(clause, "condition").is_some() {
            let condition = l.field(clause, "condition");
            let body = l.body(l.cst.field(clause, then), place.end);
            let inner = l.node(Kind::If, place.start..range.end, &[condition, body, otherwise]);
            l.node(Kind::Block, place.start..range.end, &[inner])
        } else {
            let body = l.cst.field(clause, then).or_else(|| l.cst.named(clause).next());
            l.body(body, place.end)
        };
    }
    let condition = l.field(raw, "condition");
    let body = l.body(l.cst.field(raw, then), range.end);
    l.node(Kind::If, range, &[condition, body, otherwise])
}

/// Children as the parts of a list, statements of a case as a block.
pub(super) fn case(l: &mut Lowering<'_>, raw: Raw, patterns: &[&str]) -> Draft {
    let place = l.cst.range(raw);
    let mut values = Vec::new();
    let mut statements = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        let is_pattern = patterns.contains(&l.cst.field_name(child)) || patterns.contains(&l.cst.kind(child));
        l.lower_into(child, if is_pattern { &mut values } else { &mut statements });
    }
    let span = l.span_over(&values, place.start);
    let values = l.node(Kind::Patterns, span, &values);
    let block = match statements[..] {
        [one] if l.kind_of(one) == Kind::Block => one,
        _ => {
            let span = l.span_over(&statements, place.end);
            l.node(Kind::Block, span, &statements)
        }
    };
    let none = l.absent(place.end);
    l.node(Kind::Case, place, &[values, none, block])
}

/// What is switched on, and the cases in a field or among the children.
pub(super) fn switch(l: &mut Lowering<'_>, raw: Raw, subject: &str, patterns: &[&str]) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = vec![l.field(raw, subject)];
    let body = l.cst.field(raw, "body").unwrap_or(raw);
    for child in l.cst.named(body).collect::<Vec<_>>() {
        if l.cst.field_name(child) == subject && body == raw {
            continue;
        }
        parts.push(case(l, child, patterns));
    }
    l.node(Kind::Switch, range, &parts)
}
