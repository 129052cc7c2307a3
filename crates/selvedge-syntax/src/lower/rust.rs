//! Rust.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering, generic, shared};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("line_comment", Skip),
    ("block_comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("field_identifier", Leaf(Kind::Name)),
    ("type_identifier", Leaf(Kind::Name)),
    ("primitive_type", Leaf(Kind::Name)),
    ("shorthand_field_identifier", Leaf(Kind::Name)),
    ("self", Leaf(Kind::Name)),
    ("crate", Leaf(Kind::Name)),
    ("super", Leaf(Kind::Name)),
    ("integer_literal", Leaf(Kind::Number)),
    ("float_literal", Leaf(Kind::Number)),
    ("boolean_literal", Leaf(Kind::Constant)),
    ("char_literal", Leaf(Kind::Constant)),
    ("string_literal", One(shared::string)),
    ("raw_string_literal", One(shared::string)),
    ("expression_statement", Inline),
    ("empty_statement", Skip),
    ("parenthesized_expression", Unwrap),
    ("block", Rule::Node(Kind::Block)),
    ("declaration_list", Rule::Node(Kind::Block)),
    ("field_declaration_list", Rule::Node(Kind::Block)),
    ("unsafe_block", One(unsafe_block)),
    ("call_expression", One(|l, raw| shared::call(l, raw, "function", "arguments"))),
    ("arguments", Rule::Node(Kind::Args)),
    ("field_expression", Slots(Kind::Member, &[Field("value"), Field("field")])),
    ("scoped_identifier", Slots(Kind::Member, &[Field("path"), Field("name")])),
    ("scoped_type_identifier", Slots(Kind::Member, &[Field("path"), Field("name")])),
    ("generic_function", Rule::Node(Kind::Type)),
    ("generic_type", Rule::Node(Kind::Type)),
    ("type_arguments", Rule::Node(Kind::Args)),
    ("index_expression", One(index)),
    ("macro_invocation", One(macro_call)),
    ("token_tree", One(token_tree)),
    ("assignment_expression", Operator(Kind::Assign)),
    ("compound_assignment_expr", Operator(Kind::Assign)),
    ("binary_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("reference_expression", Operator(Kind::Unary)),
    ("try_expression", One(suffixed)),
    ("await_expression", Rule::Node(Kind::Await)),
    ("type_cast_expression", Slots(Kind::Cast, &[Field("type"), Field("value")])),
    ("tuple_expression", Rule::Node(Kind::Tuple)),
    ("array_expression", Rule::Node(Kind::List)),
    ("struct_expression", One(structure)),
    ("field_initializer_list", Rule::Node(Kind::Dict)),
    ("field_initializer", Slots(Kind::Pair, &[Field("field"), Field("value")])),
    ("shorthand_field_initializer", One(shorthand)),
    ("closure_expression", One(generic::lambda)),
    ("function_item", One(generic::function)),
    ("function_signature_item", One(generic::function)),
    ("struct_item", One(generic::class)),
    ("enum_item", One(generic::class)),
    ("union_item", One(generic::class)),
    ("trait_item", One(generic::class)),
    ("impl_item", One(implementation)),
    ("mod_item", One(generic::class)),
    ("let_declaration", Many(definition)),
    ("const_item", Many(definition)),
    ("static_item", Many(definition)),
    ("attribute_item", One(attribute)),
    ("inner_attribute_item", One(attribute)),
    ("use_declaration", Many(uses)),
    ("if_expression", One(shared::conditional)),
    ("else_clause", Inline),
    ("while_expression", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("loop_expression", One(endless)),
    ("for_expression", Slots(Kind::ForEach, &[Field("pattern"), Field("value"), Body("body")])),
    ("match_expression", One(|l, raw| generic::switch(l, raw, "value", &["pattern"]))),
    ("match_pattern", One(shared::listed)),
    ("return_expression", One(shared::returned)),
    ("break_expression", One(shared::jump)),
    ("continue_expression", One(shared::jump)),
    ("visibility_modifier", Leaf(Kind::Modifier)),
    ("mutable_specifier", Skip),
];

fn unsafe_block(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let block = l.body(l.cst.child_of_kind(raw, "block"), l.cst.range(raw).end);
    l.node_with(Kind::Other, l.cst.range(raw), "unsafe", &[block])
}

fn index(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let Some((object, rest)) = parts.split_first() else { return l.other(raw) };
    let span = l.span_over(rest, l.cst.range(raw).end);
    let args = l.node(Kind::Args, span, rest);
    l.node(Kind::Index, l.cst.range(raw), &[*object, args])
}

/// `m!(…)` is a call of `m!`.
fn macro_call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let name = l.field(raw, "macro");
    let tokens = l.cst.child_of_kind(raw, "token_tree");
    let args = match tokens {
        Some(tokens) => {
            let parts = tokens_of(l, tokens);
            l.node_with(Kind::Args, l.cst.range(tokens), "!", &parts)
        }
        None => l.node_with(Kind::Args, l.cst.range(raw), "!", &[]),
    };
    l.node(Kind::Call, l.cst.range(raw), &[name, args])
}

/// Tokens of a macro: one node where there is one between commas, else their run.
fn tokens_of(l: &mut Lowering<'_>, raw: Raw) -> Vec<Draft> {
    let mut parts = Vec::new();
    let mut run: Vec<Draft> = Vec::new();
    let end = l.cst.range(raw).end;
    let mut close = |l: &mut Lowering<'_>, run: &mut Vec<Draft>| {
        match run[..] {
            [] => {}
            [one] => parts.push(one),
            _ => {
                let span = l.span_over(run, end);
                parts.push(l.node_with(Kind::Other, span, "tokens", run));
            }
        }
        run.clear();
    };
    let mut joint = "";
    let mut chain = 0;
    l.token_groups += 1;
    for child in l.cst.children(raw).collect::<Vec<_>>() {
        if l.cst.is_named(child) {
            let before = run.len();
            l.lower_into(child, &mut run);
            let may_join = chain < JOINED_MAX && l.token_groups <= JOINED_GROUPS_MAX;
            let brackets = l.source_of(child).starts_with('(');
            let joined =
                may_join && run.len() == before + 1 && before > 0 && join(l, &mut run, joint, brackets);
            chain = if joined { chain + 1 } else { 0 };
            joint = "";
        } else {
            joint = l.cst.kind(child);
            if joint == "," {
                close(l, &mut run);
            }
        }
    }
    close(l, &mut run);
    l.token_groups -= 1;
    parts
}

/// Tokens of a macro that are joined to one chain of members and calls: the parser bounds no depth there.
const JOINED_MAX: u32 = 32;
/// Groups of tokens within each other in which tokens are joined.
const JOINED_GROUPS_MAX: u32 = 8;

/// Makes the last two tokens of a run one expression, where they are one: `a::b`, `a.b`, `f(…)`, `m!(…)`.
fn join(l: &mut Lowering<'_>, run: &mut Vec<Draft>, between: &str, brackets: bool) -> bool {
    let [.., first, second] = run[..] else { return false };
    let span = l.span_of(first).start..l.span_of(second).end;
    let named = matches!(l.kind_of(first), Kind::Name | Kind::Member | Kind::Metavariable);
    let made = match (between, l.kind_of(second)) {
        ("::", Kind::Name | Kind::Metavariable) if named => l.node(Kind::Member, span, &[first, second]),
        (".", Kind::Name | Kind::Metavariable) => l.node(Kind::Member, span, &[first, second]),
        ("", Kind::Args) if named && brackets => l.node(Kind::Call, span, &[first, second]),
        ("!", Kind::Args) if named => {
            let inside = l.children_of(second);
            let args = l.node_with(Kind::Args, l.span_of(second), "!", &inside);
            l.node(Kind::Call, span, &[first, args])
        }
        _ => return false,
    };
    run.truncate(run.len() - 2);
    run.push(made);
    true
}

fn token_tree(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = tokens_of(l, raw);
    l.node(Kind::Args, l.cst.range(raw), &parts)
}

fn suffixed(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let inner = l.cst.named(raw).next();
    let inner = l.optional(inner, l.cst.range(raw).end);
    l.node_with(Kind::Unary, l.cst.range(raw), "?", &[inner])
}

fn structure(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts = [l.field(raw, "name"), l.field(raw, "body"), l.absent(range.end)];
    l.node(Kind::New, range, &parts)
}

fn shorthand(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let inner = l.cst.named(raw).next();
    let name = l.optional(inner, l.cst.range(raw).end);
    if l.kind_of(name) == Kind::Ellipsis {
        return name;
    }
    l.node(Kind::Pair, l.cst.range(raw), &[name, name])
}

fn implementation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let modifiers = generic::modifiers(l, raw);
    let name = l.field(raw, "type");
    let base = match l.cst.field(raw, "trait") {
        Some(base) => vec![l.lower(base)],
        None => Vec::new(),
    };
    let span = l.span_over(&base, range.start);
    let bases = l.node(Kind::Bases, span, &base);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node_with(Kind::Class, range, "impl", &[modifiers, name, bases, body])
}

fn definition(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let name = generic::any_field(l, raw, &["pattern", "name"]);
    let range = l.cst.range(raw);
    let parts = [
        generic::modifiers(l, raw),
        l.optional(name, range.start),
        l.field(raw, "type"),
        l.field(raw, "value"),
    ];
    out.push(l.node(Kind::VarDef, range, &parts));
}

fn attribute(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Other, l.cst.range(raw), "attribute", &parts)
}

/// The names of a path, first to last.
fn path(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    if matches!(l.cst.kind(raw), "scoped_identifier") {
        for child in l.cst.named(raw).collect::<Vec<_>>() {
            path(l, child, out);
        }
    } else {
        l.lower_into(raw, out);
    }
}

fn uses(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    if let Some(argument) = l.cst.field(raw, "argument") {
        use_tree(l, argument, &[], &range, out);
    }
}

/// One import per name that a tree of them brings in.
fn use_tree(
    l: &mut Lowering<'_>,
    raw: Raw,
    prefix: &[Draft],
    range: &std::ops::Range<u32>,
    out: &mut Vec<Draft>,
) {
    let mut parts = prefix.to_vec();
    match l.cst.kind(raw) {
        "scoped_use_list" => {
            if let Some(before) = l.cst.field(raw, "path") {
                path(l, before, &mut parts);
            }
            for item in
                l.cst.field(raw, "list").into_iter().flat_map(|list| l.cst.named(list)).collect::<Vec<_>>()
            {
                use_tree(l, item, &parts, range, out);
            }
        }
        "use_list" => {
            for item in l.cst.named(raw).collect::<Vec<_>>() {
                use_tree(l, item, &parts, range, out);
            }
        }
        "use_as_clause" => {
            if let Some(before) = l.cst.field(raw, "path") {
                path(l, before, &mut parts);
            }
            let alias = l.field(raw, "alias");
            out.push(imported(l, parts, alias, range));
        }
        "use_wildcard" => {
            if let Some(before) = l.cst.named(raw).next() {
                path(l, before, &mut parts);
            }
            parts.push(l.node_with(Kind::Name, l.cst.range(raw), "*", &[]));
            let none = l.absent(range.end);
            out.push(imported(l, parts, none, range));
        }
        _ => {
            path(l, raw, &mut parts);
            let none = l.absent(range.end);
            out.push(imported(l, parts, none, range));
        }
    }
}

fn imported(
    l: &mut Lowering<'_>,
    mut parts: Vec<Draft>,
    alias: Draft,
    range: &std::ops::Range<u32>,
) -> Draft {
    if parts.len() < 2 {
        let path = l.node(Kind::Path, range.clone(), &parts);
        return l.node(Kind::Import, range.clone(), &[path, alias]);
    }
    let last = parts.pop().unwrap_or(alias);
    let span = l.span_over(&parts, range.start);
    let path = l.node(Kind::Path, span, &parts);
    let item = l.node(Kind::ImportItem, l.span_of(last), &[last, alias]);
    l.node(Kind::ImportFrom, range.clone(), &[path, item])
}

fn endless(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let condition = l.node_with(Kind::Constant, range.start..range.start, "true", &[]);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::While, range, &[condition, body])
}
