//! Bash. A command is a call of its name with its words.

use super::Rule::{self, Inline, Leaf, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, shared};
use crate::cst::Raw;
use crate::kind::Kind;
use crate::pattern::marker;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("word", One(word)),
    ("number", One(word)),
    ("variable_name", Leaf(Kind::Name)),
    ("special_variable_name", Leaf(Kind::Name)),
    ("raw_string", One(shared::string)),
    ("ansi_c_string", One(shared::string)),
    ("string", One(string)),
    ("concatenation", One(concatenation)),
    ("simple_expansion", One(variable)),
    ("expansion", One(expansion)),
    ("command_substitution", One(substitution)),
    ("command_name", Unwrap),
    ("command", One(command)),
    ("declaration_command", One(command)),
    ("unset_command", One(command)),
    ("test_command", Rule::Node(Kind::Other)),
    ("variable_assignment", One(assignment)),
    ("redirected_statement", One(redirected)),
    ("pipeline", One(|l, raw| chain(l, raw, "|"))),
    ("list", One(list)),
    ("subshell", Rule::Node(Kind::Block)),
    ("compound_statement", Rule::Node(Kind::Block)),
    ("do_group", Rule::Node(Kind::Block)),
    ("negated_command", Operator(Kind::Unary)),
    ("binary_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("parenthesized_expression", Unwrap),
    ("if_statement", One(if_statement)),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("for_statement", One(for_statement)),
    ("function_definition", One(function)),
    ("case_statement", One(|l, raw| super::generic::switch(l, raw, "value", &["value"]))),
    ("herestring_redirect", Inline),
];

fn word(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let special = l.pattern && marker::meaning(l.source_of(raw)).is_some();
    l.leaf(if special { Kind::Name } else { Kind::Str }, range.clone(), range)
}

fn string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = shared::inside_quotes(l.source_of(raw), &range);
    if l.pattern && marker::meaning(l.source_of(raw).trim_matches('"')).is_some() {
        let special = l.source_of(raw).trim_matches('"') != marker::ELLIPSIS;
        let part = l.leaf(if special { Kind::Name } else { Kind::Str }, inside.clone(), inside);
        return l.node(Kind::Interpolated, range, &[part]);
    }
    let holes: Vec<Raw> = l.cst.named(raw).filter(|child| l.cst.kind(*child) != "string_content").collect();
    if holes.is_empty() {
        return l.leaf(Kind::Str, range, inside);
    }
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "string_content" {
            parts.push(l.leaf_of(Kind::Str, child));
        } else {
            l.lower_into(child, &mut parts);
        }
    }
    l.node(Kind::Interpolated, range, &parts)
}

fn concatenation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    if parts.iter().all(|part| l.kind_of(*part) == Kind::Str) {
        let text: String = parts.iter().map(|part| l.text_of(*part).to_owned()).collect();
        return l.node_with(Kind::Str, l.cst.range(raw), &text, &[]);
    }
    l.node(Kind::Interpolated, l.cst.range(raw), &parts)
}

/// `${x}` is `$x`; with an operator it is something of its own.
fn expansion(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts: Vec<Raw> = l.cst.named(raw).collect();
    match parts[..] {
        [name] if l.cst.kind(name) == "variable_name" => {
            let inside = l.cst.range(name);
            l.leaf(Kind::Name, l.cst.range(raw), inside)
        }
        _ => l.other(raw),
    }
}

/// `$x`: the name is its text.
fn variable(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    l.leaf(Kind::Name, range.clone(), (range.start + 1).min(range.end)..range.end)
}

fn substitution(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Other, l.cst.range(raw), "$()", &parts)
}

fn command(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let named: Vec<Raw> = l.cst.named(raw).collect();
    if l.cst.kind(raw) == "declaration_command"
        && let Some(set) = named.iter().find(|child| l.cst.kind(**child) == "variable_assignment")
    {
        return assignment(l, *set);
    }
    let mut name = None;
    let mut args = Vec::new();
    if l.cst.kind(raw) != "command" {
        name = l.cst.children(raw).next().map(|word| l.leaf_of(Kind::Name, word));
    }
    for child in named {
        if name.is_none() && l.cst.field_name(child) == "name" {
            let inner = l.cst.named(child).next().unwrap_or(child);
            let made =
                if l.cst.kind(inner) == "word" { l.leaf_of(Kind::Name, inner) } else { l.lower(inner) };
            let text = l.text_of(made).to_owned();
            let is_word = l.kind_of(made) == Kind::Str;
            name = Some(if is_word { l.node_with(Kind::Name, l.cst.range(inner), &text, &[]) } else { made });
        } else {
            l.lower_into(child, &mut args);
        }
    }
    let Some(name) = name else {
        return match args[..] {
            [one] => one,
            _ => l.other(raw),
        };
    };
    if args.is_empty() && matches!(l.kind_of(name), Kind::Ellipsis | Kind::MetaEllipsis | Kind::Metavariable)
    {
        return name;
    }
    let span = l.span_over(&args, range.end);
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[name, args])
}

fn assignment(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "name"), l.field(raw, "value")];
    l.node_with(Kind::Assign, l.cst.range(raw), "=", &parts)
}

/// A redirection says nothing about what is run.
fn redirected(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    l.field(raw, "body")
}

fn chain(l: &mut Lowering<'_>, raw: Raw, operator: &str) -> Draft {
    let parts = l.named_children(raw);
    let Some((first, rest)) = parts.split_first() else { return l.other(raw) };
    let mut made = *first;
    for part in rest {
        let span = l.span_of(made).start..l.span_of(*part).end;
        made = l.node_with(Kind::Binary, span, operator, &[made, *part]);
    }
    made
}

fn list(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let operator = if l.cst.has(raw, "||") { "||" } else { "&&" };
    chain(l, raw, operator)
}

fn if_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut condition = Vec::new();
    let mut then = Vec::new();
    let mut clauses = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "elif_clause" | "else_clause" => clauses.push(child),
            _ if l.cst.field_name(child) == "condition" => l.lower_into(child, &mut condition),
            _ => l.lower_into(child, &mut then),
        }
    }
    let none = l.absent(range.end);
    let mut otherwise = none;
    for clause in clauses.into_iter().rev() {
        let place = l.cst.range(clause);
        let parts = l.named_children(clause);
        otherwise = if l.cst.kind(clause) == "elif_clause" {
            let (first, rest) = parts.split_first().map_or((none, &[][..]), |(first, rest)| (*first, rest));
            let body = l.node(Kind::Block, place.clone(), rest);
            let inner = l.node(Kind::If, place.clone(), &[first, body, otherwise]);
            l.node(Kind::Block, place, &[inner])
        } else {
            l.node(Kind::Block, place, &parts)
        };
    }
    let condition = condition.first().copied().unwrap_or(none);
    let span = l.span_over(&then, range.end);
    let then = l.node(Kind::Block, span, &then);
    l.node(Kind::If, range, &[condition, then, otherwise])
}

fn for_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let target = l.field(raw, "variable");
    let values = l.all(raw, "value");
    let span = l.span_over(&values, range.start);
    let values = l.node(Kind::Args, span, &values);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::ForEach, range, &[target, values, body])
}

fn function(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let none = l.absent(range.start);
    let modifiers = l.node(Kind::Modifiers, range.start..range.start, &[]);
    let parameters = l.node(Kind::Params, range.start..range.start, &[]);
    let name = match l.cst.field(raw, "name") {
        Some(name) => l.leaf_of(Kind::Name, name),
        None => none,
    };
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::Function, range, &[modifiers, name, parameters, none, body])
}
