//! Go.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::Field;
use super::shared::{self, jump, listed, returned, string};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("identifier", Leaf(Kind::Name)),
    ("field_identifier", Leaf(Kind::Name)),
    ("type_identifier", Leaf(Kind::Name)),
    ("package_identifier", Leaf(Kind::Name)),
    ("label_name", Leaf(Kind::Name)),
    ("blank_identifier", Leaf(Kind::Name)),
    ("int_literal", Leaf(Kind::Number)),
    ("float_literal", Leaf(Kind::Number)),
    ("imaginary_literal", Leaf(Kind::Number)),
    ("rune_literal", Leaf(Kind::Constant)),
    ("nil", Leaf(Kind::Constant)),
    ("true", Leaf(Kind::Constant)),
    ("false", Leaf(Kind::Constant)),
    ("iota", Leaf(Kind::Constant)),
    ("interpreted_string_literal", One(string)),
    ("raw_string_literal", One(string)),
    ("expression_statement", Inline),
    ("empty_statement", Skip),
    ("parenthesized_expression", Unwrap),
    ("parenthesized_type", Unwrap),
    ("statement_list", Inline),
    ("block", Rule::Node(Kind::Block)),
    ("expression_list", One(listed)),
    ("selector_expression", Slots(Kind::Member, &[Field("operand"), Field("field")])),
    ("qualified_type", Slots(Kind::Member, &[Field("package"), Field("name")])),
    ("index_expression", One(|l, raw| shared::index(l, raw, "operand", "index"))),
    ("call_expression", One(|l, raw| shared::call(l, raw, "function", "arguments"))),
    ("type_conversion_expression", One(conversion)),
    ("argument_list", Rule::Node(Kind::Args)),
    ("variadic_argument", Operator(Kind::Spread)),
    ("composite_literal", One(composite)),
    ("literal_value", One(literal_value)),
    ("literal_element", Unwrap),
    ("keyed_element", One(keyed)),
    ("func_literal", One(literal)),
    ("function_declaration", One(function)),
    ("method_declaration", One(function)),
    ("method_elem", One(function)),
    ("parameter_list", One(parameters)),
    ("binary_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("assignment_statement", Operator(Kind::Assign)),
    ("short_var_declaration", Operator(Kind::Assign)),
    ("inc_statement", Operator(Kind::Unary)),
    ("dec_statement", Operator(Kind::Unary)),
    ("var_declaration", Many(variables)),
    ("const_declaration", Many(variables)),
    ("var_spec_list", Inline),
    ("type_declaration", Inline),
    ("type_spec", One(type_spec)),
    ("type_alias", One(type_spec)),
    ("field_declaration_list", Rule::Node(Kind::Block)),
    ("field_declaration", Many(fields)),
    ("package_clause", One(package)),
    ("import_declaration", Many(imports)),
    ("if_statement", One(if_statement)),
    ("for_statement", One(for_statement)),
    ("expression_switch_statement", One(switch)),
    ("type_switch_statement", One(switch)),
    ("select_statement", One(switch)),
    ("return_statement", One(returned)),
    ("break_statement", One(jump)),
    ("continue_statement", One(jump)),
    ("goto_statement", One(jump)),
    ("fallthrough_statement", One(jump)),
    ("labeled_statement", Rule::Node(Kind::Labeled)),
    ("slice_type", One(|l, raw| type_of(l, raw, "[]"))),
    ("array_type", One(|l, raw| type_of(l, raw, "[n]"))),
    ("pointer_type", One(|l, raw| type_of(l, raw, "*"))),
    ("map_type", One(|l, raw| type_of(l, raw, "map"))),
    ("channel_type", One(|l, raw| type_of(l, raw, "chan"))),
    ("generic_type", Rule::Node(Kind::Type)),
];

fn type_of(l: &mut Lowering<'_>, raw: Raw, text: &str) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Type, l.cst.range(raw), text, &parts)
}

/// `[]byte(x)` is a call of the type.
fn conversion(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let kind = l.field(raw, "type");
    let operand = l.field(raw, "operand");
    let span = l.span_of(operand);
    let args = l.node(Kind::Args, span, &[operand]);
    l.node(Kind::Call, range, &[kind, args])
}

/// `T{…}` constructs; its fields are keys and values.
fn composite(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts = [l.field(raw, "type"), l.field(raw, "body"), l.absent(range.end)];
    l.node(Kind::New, range, &parts)
}

fn literal_value(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let keyed = l.cst.named(raw).any(|child| l.cst.kind(child) == "keyed_element");
    let parts = l.named_children(raw);
    let dots = parts.iter().all(|part| matches!(l.kind_of(*part), Kind::Ellipsis | Kind::MetaEllipsis));
    let kind = if keyed || dots { Kind::Dict } else { Kind::List };
    l.node(kind, l.cst.range(raw), &parts)
}

fn keyed(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node(Kind::Pair, l.cst.range(raw), &parts)
}

fn literal(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts =
        [l.field(raw, "parameters"), l.field(raw, "result"), l.body(l.cst.field(raw, "body"), range.end)];
    l.node(Kind::Lambda, range, &parts)
}

/// The receiver is kept with the modifiers, so that a pattern may leave it out.
fn function(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let receiver = match l.cst.field(raw, "receiver") {
        Some(receiver) => vec![l.lower(receiver)],
        None => Vec::new(),
    };
    let parts = [
        l.node(Kind::Modifiers, range.start..range.start, &receiver),
        l.field(raw, "name"),
        l.field(raw, "parameters"),
        l.field(raw, "result"),
        l.body(l.cst.field(raw, "body"), range.end),
    ];
    l.node(Kind::Function, range, &parts)
}

/// `a, b int` is two parameters; a lone word is a type, or in a pattern an ellipsis.
fn parameters(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut parts = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        let range = l.cst.range(child);
        let kind = l.field(child, "type");
        let none = l.absent(range.end);
        let names = l.all(child, "name");
        let text = if l.cst.kind(child).starts_with("variadic") { "*" } else { "" };
        if names.is_empty() {
            let special = matches!(l.kind_of(kind), Kind::Ellipsis | Kind::MetaEllipsis);
            let own = if special { [kind, none, none] } else { [none, kind, none] };
            parts.push(l.node_with(Kind::Param, range, text, &own));
            continue;
        }
        for name in names {
            let span = l.span_of(name).start..range.end;
            parts.push(l.node_with(Kind::Param, span, text, &[name, kind, none]));
        }
    }
    l.node(Kind::Params, l.cst.range(raw), &parts)
}

fn variables(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let list = l.cst.child_of_kind(raw, "var_spec_list").unwrap_or(raw);
    let specs: Vec<Raw> =
        l.cst.named(list).filter(|spec| matches!(l.cst.kind(*spec), "var_spec" | "const_spec")).collect();
    let single = specs.len() == 1;
    for spec in specs {
        let range = if single { l.cst.range(raw) } else { l.cst.range(spec) };
        let names = l.all(spec, "name");
        let name = if let [one] = names[..] {
            one
        } else {
            let span = l.span_over(&names, range.start);
            l.node(Kind::Tuple, span, &names)
        };
        let none = l.absent(range.start);
        let parts = [none, name, l.field(spec, "type"), l.field(spec, "value")];
        out.push(l.node(Kind::VarDef, range, &parts));
    }
}

fn type_spec(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "name"), l.field(raw, "type")];
    l.node_with(Kind::Other, l.cst.range(raw), "type", &parts)
}

fn fields(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let names = l.all(raw, "name");
    let none = l.absent(range.end);
    let kind = l.field(raw, "type");
    if names.is_empty() {
        out.push(kind);
        return;
    }
    let tag = l.field(raw, "tag");
    for name in names {
        out.push(l.node(Kind::VarDef, range.clone(), &[none, name, kind, tag]));
    }
}

fn package(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Other, l.cst.range(raw), "package", &parts)
}

fn imports(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let list = l.cst.child_of_kind(raw, "import_spec_list").unwrap_or(raw);
    let specs: Vec<Raw> = l.cst.named(list).collect();
    let range = l.cst.range(raw);
    for spec in specs {
        if l.cst.kind(spec) != "import_spec" {
            l.lower_into(spec, out);
            continue;
        }
        let Some(path) = l.cst.field(spec, "path") else { continue };
        let place = l.cst.range(path);
        let text = l.lower(path);
        if l.pattern
            && crate::pattern::marker::meaning(l.source_of(path).trim_matches('"')).is_some()
            && l.text_of(text) == "..."
        {
            out.push(text);
            continue;
        }
        let path = l.node(Kind::Path, place, &[text]);
        let alias = l.field(spec, "name");
        out.push(l.node(Kind::Import, range.clone(), &[path, alias]));
    }
}

/// What comes before the condition is a statement of its own, before the `if`.
fn if_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let made = shared::conditional(l, raw);
    let Some(initial) = l.cst.field(raw, "initializer") else { return made };
    let mut parts = l.children_of(made);
    let initial = l.lower(initial);
    let span = l.span_of(initial).start..l.span_of(parts[0]).end;
    parts[0] = l.node(Kind::Tuple, span, &[initial, parts[0]]);
    l.node(Kind::If, l.cst.range(raw), &parts)
}

fn for_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    let head = l.cst.named(raw).find(|child| l.cst.kind(*child) != "block");
    let none = l.absent(range.start);
    match head.map(|head| (head, l.cst.kind(head))) {
        Some((head, "range_clause")) => {
            let parts = [l.field(head, "left"), l.field(head, "right"), body];
            l.node(Kind::ForEach, range, &parts)
        }
        Some((head, "for_clause")) => {
            let parts =
                [l.field(head, "initializer"), l.field(head, "condition"), l.field(head, "update"), body];
            l.node(Kind::For, range, &parts)
        }
        Some((head, _)) => {
            let condition = l.lower(head);
            l.node(Kind::For, range, &[none, condition, none, body])
        }
        None => l.node(Kind::For, range, &[none, none, none, body]),
    }
}

fn switch(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = vec![l.field(raw, "value")];
    for case in l.cst.named(raw).collect::<Vec<_>>() {
        if !matches!(
            l.cst.kind(case),
            "expression_case" | "default_case" | "type_case" | "communication_case"
        ) {
            continue;
        }
        let place = l.cst.range(case);
        let mut patterns = Vec::new();
        let mut statements = Vec::new();
        for child in l.cst.named(case).collect::<Vec<_>>() {
            if matches!(l.cst.field_name(child), "value" | "type" | "communication") {
                l.lower_into(child, &mut patterns);
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
