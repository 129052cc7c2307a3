//! Python 2 and 3.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("identifier", Leaf(Kind::Name)),
    ("keyword_identifier", Leaf(Kind::Name)),
    ("integer", Leaf(Kind::Number)),
    ("float", Leaf(Kind::Number)),
    ("true", Leaf(Kind::Constant)),
    ("false", Leaf(Kind::Constant)),
    ("none", Leaf(Kind::Constant)),
    ("ellipsis", Leaf(Kind::Constant)),
    ("comment", Skip),
    ("expression_statement", Many(expression_statement)),
    ("parenthesized_expression", Unwrap),
    ("parenthesized_list_splat", Unwrap),
    ("type", Unwrap),
    ("block", Rule::Node(Kind::Block)),
    ("attribute", Slots(Kind::Member, &[Field("object"), Field("attribute")])),
    ("call", One(call)),
    ("argument_list", Rule::Node(Kind::Args)),
    ("keyword_argument", Slots(Kind::KeywordArg, &[Field("name"), Field("value")])),
    ("list_splat", Operator(Kind::Spread)),
    ("list_splat_pattern", Operator(Kind::Spread)),
    ("dictionary_splat", Operator(Kind::Spread)),
    ("dictionary_splat_pattern", Operator(Kind::Spread)),
    ("subscript", One(subscript)),
    ("generic_type", One(generic_type)),
    ("type_parameter", Rule::Node(Kind::Args)),
    ("slice", One(slice)),
    ("string", One(string)),
    ("concatenated_string", One(concatenated_string)),
    ("interpolation", One(interpolation)),
    ("binary_operator", Operator(Kind::Binary)),
    ("boolean_operator", One(boolean)),
    ("comparison_operator", One(comparison)),
    ("unary_operator", Operator(Kind::Unary)),
    ("not_operator", Operator(Kind::Unary)),
    ("assignment", One(assignment)),
    ("augmented_assignment", Operator(Kind::Assign)),
    ("named_expression", One(named_expression)),
    ("conditional_expression", One(conditional)),
    ("lambda", One(lambda)),
    ("lambda_parameters", One(parameters)),
    ("parameters", One(parameters)),
    ("await", Rule::Node(Kind::Await)),
    ("yield", One(yielded)),
    ("list", Rule::Node(Kind::List)),
    ("list_pattern", Rule::Node(Kind::List)),
    ("tuple", Rule::Node(Kind::Tuple)),
    ("tuple_pattern", Rule::Node(Kind::Tuple)),
    ("expression_list", Rule::Node(Kind::Tuple)),
    ("pattern_list", Rule::Node(Kind::Tuple)),
    ("set", Rule::Node(Kind::Set)),
    ("dictionary", Rule::Node(Kind::Dict)),
    ("pair", Slots(Kind::Pair, &[Field("key"), Field("value")])),
    ("list_comprehension", One(comprehension)),
    ("set_comprehension", One(comprehension)),
    ("dictionary_comprehension", One(comprehension)),
    ("generator_expression", One(comprehension)),
    ("for_in_clause", Slots(Kind::CompFor, &[Field("left"), Field("right")])),
    ("if_clause", Rule::Node(Kind::CompIf)),
    ("function_definition", One(function)),
    ("class_definition", One(class)),
    ("decorated_definition", One(decorated)),
    ("decorator", One(decorator)),
    ("if_statement", One(if_statement)),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("for_statement", Slots(Kind::ForEach, &[Field("left"), Field("right"), Body("body")])),
    ("with_statement", One(with)),
    ("with_clause", Inline),
    ("with_item", One(with_item)),
    ("try_statement", One(try_statement)),
    ("return_statement", One(|l, raw| optional_operand(l, Kind::Return, raw))),
    ("raise_statement", One(raise)),
    ("import_statement", Many(import)),
    ("import_from_statement", One(import_from)),
    ("future_import_statement", One(import_from)),
    ("dotted_name", One(dotted_name)),
    ("assert_statement", Rule::Node(Kind::Assert)),
    ("delete_statement", Rule::Node(Kind::Delete)),
    ("pass_statement", Leaf(Kind::Jump)),
    ("break_statement", Leaf(Kind::Jump)),
    ("continue_statement", Leaf(Kind::Jump)),
    ("global_statement", Operator(Kind::Global)),
    ("nonlocal_statement", Operator(Kind::Global)),
    ("print_statement", One(print)),
    ("match_statement", One(match_statement)),
    ("case_pattern", Unwrap),
    ("as_pattern_target", Unwrap),
];

fn expression_statement(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let parts = l.named_children(raw);
    match parts.as_slice() {
        [] | [_] if !l.cst.has(raw, ",") => out.extend(parts),
        _ => out.push(l.node(Kind::Tuple, l.cst.range(raw), &parts)),
    }
}

fn call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let callee = l.field(raw, "function");
    let args = l.field(raw, "arguments");
    let args = if l.kind_of(args) == Kind::Args {
        args
    } else {
        let span = l.span_of(args);
        l.node(Kind::Args, span, &[args])
    };
    l.node(Kind::Call, l.cst.range(raw), &[callee, args])
}

/// `x[1, 2]` has one index, a tuple.
fn subscript(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let value = l.field(raw, "value");
    let mut indices = l.all(raw, "subscript");
    if indices.len() > 1 {
        let span = l.span_over(&indices, 0);
        indices = vec![l.node(Kind::Tuple, span, &indices)];
    }
    let span = l.span_over(&indices, l.cst.range(raw).end);
    let indices = l.node(Kind::Args, span, &indices);
    l.node(Kind::Index, l.cst.range(raw), &[value, indices])
}

/// `a and b and c` has three operands, as in Python's own tree.
fn boolean(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let operator =
        l.cst.field(raw, "operator").map(|token| l.source_of(token).to_owned()).unwrap_or_default();
    let mut operands = Vec::new();
    let mut rights = Vec::new();
    let mut at = raw;
    loop {
        rights.extend(l.cst.field(at, "right"));
        let Some(left) = l.cst.field(at, "left") else { break };
        let nested = l.cst.kind(left) == "boolean_operator"
            && l.cst.field(left, "operator").is_some_and(|token| l.source_of(token) == operator);
        if nested {
            at = left;
        } else {
            operands.push(l.lower(left));
            break;
        }
    }
    for right in rights.into_iter().rev() {
        operands.push(l.lower(right));
    }
    l.node_with(Kind::Binary, l.cst.range(raw), &operator, &operands)
}

/// `@f` is `@f()`.
fn decorator(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let Some(inner) = l.cst.named(raw).next() else { return l.other(raw) };
    let inner = l.lower(inner);
    let parts = if l.kind_of(inner) == Kind::Call {
        l.children_of(inner)
    } else {
        vec![inner, l.node(Kind::Args, range.end..range.end, &[])]
    };
    l.node(Kind::Decorator, range, &parts)
}

fn generic_type(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node(Kind::Index, l.cst.range(raw), &parts)
}

fn slice(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut places = [None; 3];
    let mut at = 0;
    for child in l.cst.children(raw) {
        if l.cst.is_named(child) {
            places[at] = Some(child);
        } else if at < 2 {
            at += 1;
        }
    }
    let parts: Vec<_> = places.iter().map(|place| l.optional(*place, range.end)).collect();
    l.node(Kind::Slice, range, &parts)
}

/// The bytes between the quotes.
fn content(l: &Lowering<'_>, raw: Raw) -> std::ops::Range<u32> {
    let range = l.cst.range(raw);
    let start = l.cst.child_of_kind(raw, "string_start").map_or(range.start, |start| l.cst.range(start).end);
    let end = l.cst.child_of_kind(raw, "string_end").map_or(range.end, |end| l.cst.range(end).start);
    start..end.max(start)
}

fn is_format(l: &Lowering<'_>, raw: Raw) -> bool {
    l.cst
        .child_of_kind(raw, "string_start")
        .is_some_and(|start| l.source_of(start).bytes().any(|byte| matches!(byte, b'f' | b'F')))
}

fn string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    if is_format(l, raw) {
        let parts = format_parts(l, raw);
        return l.node(Kind::Interpolated, l.cst.range(raw), &parts);
    }
    l.leaf(Kind::Str, l.cst.range(raw), content(l, raw))
}

fn format_parts(l: &mut Lowering<'_>, raw: Raw) -> Vec<Draft> {
    let inside = content(l, raw);
    let mut parts = Vec::new();
    let mut at = inside.start;
    for child in l.cst.children(raw) {
        if l.cst.kind(child) != "interpolation" {
            continue;
        }
        let range = l.cst.range(child);
        if range.start > at {
            parts.push(l.leaf(Kind::Str, at..range.start, at..range.start));
        }
        l.lower_into(child, &mut parts);
        at = range.end;
    }
    if inside.end > at {
        parts.push(l.leaf(Kind::Str, at..inside.end, at..inside.end));
    }
    parts
}

fn interpolation(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    match l.cst.field(raw, "expression").or_else(|| l.cst.named(raw).next()) {
        Some(expression) => l.lower(expression),
        None => l.other(raw),
    }
}

/// Adjacent strings: their parts, and in the text whether any is a format string.
fn concatenated_string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let strings: Vec<Raw> = l.cst.named(raw).filter(|child| l.cst.kind(*child) == "string").collect();
    let text = if strings.iter().any(|child| is_format(l, *child)) { "both" } else { "concat" };
    let mut parts = Vec::new();
    for child in strings {
        if is_format(l, child) {
            parts.extend(format_parts(l, child));
        } else {
            parts.push(l.leaf(Kind::Str, l.cst.range(child), content(l, child)));
        }
    }
    l.node_with(Kind::Interpolated, l.cst.range(raw), text, &parts)
}

/// `a < b < c` as nested comparisons.
fn comparison(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut left: Option<Draft> = None;
    let mut operator = String::new();
    for child in l.cst.children(raw) {
        if !l.cst.is_named(child) {
            operator = l.source_of(child).split_whitespace().collect::<Vec<_>>().join(" ");
            if operator == "<>" {
                "!=".clone_into(&mut operator);
            }
            continue;
        }
        let right = l.lower(child);
        left = Some(match left {
            None => right,
            Some(left) => {
                let span = l.span_of(left).start..l.span_of(right).end;
                l.node_with(Kind::Binary, span, &operator, &[left, right])
            }
        });
    }
    left.unwrap_or_else(|| l.other(raw))
}

fn assignment(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let target = l.field(raw, "left");
    let value = l.field(raw, "right");
    if let Some(annotation) = l.cst.field(raw, "type") {
        let annotation = l.lower(annotation);
        let none = l.absent(range.start);
        return l.node(Kind::VarDef, range, &[none, target, annotation, value]);
    }
    l.node_with(Kind::Assign, range, "=", &[target, value])
}

fn named_expression(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "name"), l.field(raw, "value")];
    l.node_with(Kind::Assign, l.cst.range(raw), ":=", &parts)
}

fn conditional(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    match parts.as_slice() {
        [then, condition, otherwise] => {
            l.node(Kind::Conditional, l.cst.range(raw), &[*condition, *then, *otherwise])
        }
        _ => l.node(Kind::Conditional, l.cst.range(raw), &parts),
    }
}

fn lambda(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parameters = match l.cst.field(raw, "parameters") {
        Some(parameters) => l.lower(parameters),
        None => l.node(Kind::Params, range.start..range.start, &[]),
    };
    let none = l.absent(range.start);
    let body = l.field(raw, "body");
    l.node(Kind::Lambda, range, &[parameters, none, body])
}

fn parameters(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let children: Vec<Raw> = l.cst.named(raw).collect();
    let mut parts = Vec::new();
    for child in children {
        parts.push(parameter(l, child));
    }
    l.node(Kind::Params, l.cst.range(raw), &parts)
}

fn parameter(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let none = l.absent(range.end);
    match l.cst.kind(raw) {
        "default_parameter" | "typed_default_parameter" => {
            let parts = [l.field(raw, "name"), l.field(raw, "type"), l.field(raw, "value")];
            l.node(Kind::Param, range, &parts)
        }
        "typed_parameter" => {
            let annotation = l.field(raw, "type");
            let Some(name) = l.cst.named(raw).next() else { return l.other(raw) };
            let (stars, name) = starred(l, name);
            l.node_with(Kind::Param, range, stars, &[name, annotation, none])
        }
        _ => {
            let (stars, name) = starred(l, raw);
            l.node_with(Kind::Param, range, stars, &[name, none, none])
        }
    }
}

fn starred(l: &mut Lowering<'_>, raw: Raw) -> (&'static str, Draft) {
    let stars = match l.cst.kind(raw) {
        "list_splat_pattern" => "*",
        "dictionary_splat_pattern" => "**",
        _ => return ("", l.lower(raw)),
    };
    match l.cst.named(raw).next() {
        Some(name) => (stars, l.lower(name)),
        None => (stars, l.absent(l.cst.range(raw).end)),
    }
}

fn optional_operand(l: &mut Lowering<'_>, kind: Kind, raw: Raw) -> Draft {
    let operand = l.cst.named(raw).next();
    let range = l.cst.range(raw);
    let operand = l.optional(operand, range.end);
    l.node(kind, range, &[operand])
}

fn yielded(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let operand = l.cst.named(raw).next();
    let range = l.cst.range(raw);
    let operand = l.optional(operand, range.end);
    let text = if l.cst.has(raw, "from") { "from" } else { "" };
    l.node_with(Kind::Yield, range, text, &[operand])
}

fn raise(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let what = l.cst.named(raw).find(|child| l.cst.field_name(*child) != "cause");
    let what = l.optional(what, range.end);
    let cause = l.field(raw, "cause");
    l.node(Kind::Raise, range, &[what, cause])
}

fn comprehension(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    let bracket = l.source_of(raw).chars().next().unwrap_or('(').to_string();
    l.node_with(Kind::Comprehension, l.cst.range(raw), &bracket, &parts)
}

fn function(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut modifiers = Vec::new();
    if let Some(token) = l.cst.child_of_kind(raw, "async") {
        modifiers.push(l.leaf_of(Kind::Modifier, token));
    }
    let modifiers = l.node(Kind::Modifiers, range.start..range.start, &modifiers);
    let parts = [
        modifiers,
        l.field(raw, "name"),
        l.field(raw, "parameters"),
        l.field(raw, "return_type"),
        l.body(l.cst.field(raw, "body"), range.end),
    ];
    l.node(Kind::Function, range, &parts)
}

fn class(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let modifiers = l.node(Kind::Modifiers, range.start..range.start, &[]);
    let name = l.field(raw, "name");
    let bases = match l.cst.field(raw, "superclasses") {
        Some(bases) => l.named_children(bases),
        None => Vec::new(),
    };
    let span = l.span_over(&bases, l.span_of(name).end);
    let bases = l.node(Kind::Bases, span, &bases);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node_with(Kind::Class, range, "class", &[modifiers, name, bases, body])
}

/// Decorators move into the definition, whose range then begins with the first of them.
fn decorated(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut modifiers = Vec::new();
    for child in l.cst.named(raw) {
        if l.cst.kind(child) == "decorator" {
            l.lower_into(child, &mut modifiers);
        }
    }
    let definition = l.field(raw, "definition");
    let mut parts = l.children_of(definition);
    let Some(own) = parts.first().copied() else { return definition };
    modifiers.extend(l.children_of(own));
    let span = l.span_over(&modifiers, range.start);
    parts[0] = l.node(Kind::Modifiers, span, &modifiers);
    let text = l.text_of(definition).to_owned();
    l.node_with(l.kind_of(definition), range, &text, &parts)
}

/// `elif` becomes an `if` in the `else`.
fn if_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let clauses: Vec<Raw> =
        l.cst.children(raw).filter(|child| l.cst.field_name(*child) == "alternative").collect();
    let end = l.cst.range(raw).end;
    let mut otherwise = l.absent(end);
    for clause in clauses.into_iter().rev() {
        let range = l.cst.range(clause);
        otherwise = if l.cst.kind(clause) == "elif_clause" {
            let condition = l.field(clause, "condition");
            let then = l.body(l.cst.field(clause, "consequence"), range.end);
            let inner = l.node(Kind::If, range.start..end, &[condition, then, otherwise]);
            l.node(Kind::Block, range.start..end, &[inner])
        } else {
            l.body(l.cst.field(clause, "body"), range.end)
        };
    }
    let condition = l.field(raw, "condition");
    let then = l.body(l.cst.field(raw, "consequence"), end);
    l.node(Kind::If, l.cst.range(raw), &[condition, then, otherwise])
}

fn with(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = Vec::new();
    for child in l.cst.named(raw) {
        if l.cst.field_name(child) != "body" {
            l.lower_into(child, &mut parts);
        }
    }
    if let [one] = parts.as_slice()
        && l.kind_of(*one) == Kind::Tuple
    {
        parts = l.children_of(*one);
    }
    parts.push(l.body(l.cst.field(raw, "body"), range.end));
    l.node(Kind::With, range, &parts)
}

fn with_item(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let Some(value) = l.cst.field(raw, "value") else { return l.other(raw) };
    if l.cst.kind(value) == "tuple" {
        let items: Vec<Raw> = l.cst.named(value).collect();
        let items: Vec<Draft> = items.into_iter().map(|item| with_value(l, item)).collect();
        return l.node(Kind::Tuple, range, &items);
    }
    with_value(l, value)
}

fn with_value(l: &mut Lowering<'_>, value: Raw) -> Draft {
    let range = l.cst.range(value);
    let parts = if l.cst.kind(value) == "as_pattern" {
        l.named_children(value)
    } else {
        vec![l.lower(value), l.absent(range.end)]
    };
    l.node(Kind::WithItem, range, &parts)
}

fn try_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut catches = Vec::new();
    let mut otherwise = None;
    let mut finally = None;
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "except_clause" | "except_group_clause" => catches.push(except(l, child)),
            "else_clause" => otherwise = l.cst.field(child, "body"),
            "finally_clause" => finally = Some(child),
            _ => {}
        }
    }
    let none = l.absent(range.start);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    let span = l.span_over(&catches, range.end);
    let catches = l.node(Kind::Catches, span, &catches);
    let otherwise = l.body(otherwise, range.end);
    let finally = match finally {
        Some(clause) => {
            let block = l.body(l.cst.child_of_kind(clause, "block"), range.end);
            l.node(Kind::Finally, l.cst.range(clause), &[block])
        }
        None => l.absent(range.end),
    };
    l.node(Kind::Try, range, &[none, body, catches, otherwise, finally])
}

fn except(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts: Vec<Raw> = l.cst.named(raw).collect();
    let mut what = l.absent(range.end);
    let mut name = l.absent(range.end);
    let mut body = None;
    let mut seen = 0;
    for part in parts {
        match l.cst.kind(part) {
            "block" => body = Some(part),
            "as_pattern" => {
                let inner = l.named_children(part);
                what = inner.first().copied().unwrap_or(what);
                name = inner.get(1).copied().unwrap_or(name);
            }
            _ if seen == 0 => {
                seen += 1;
                what = l.lower(part);
            }
            _ => name = l.lower(part),
        }
    }
    let body = l.body(body, range.end);
    l.node(Kind::Catch, range, &[what, name, body])
}

fn dotted_name(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let names = l.named_children(raw);
    l.node(Kind::Path, l.cst.range(raw), &names)
}

/// `import a, b` is two imports.
fn import(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let items: Vec<Raw> = l.cst.named(raw).collect();
    let single = items.len() == 1;
    for item in items {
        let range = if single { l.cst.range(raw) } else { l.cst.range(item) };
        let (path, alias) = imported(l, item);
        out.push(l.node(Kind::Import, range, &[path, alias]));
    }
}

/// The path and the alias of `a.b as c`.
fn imported(l: &mut Lowering<'_>, raw: Raw) -> (Draft, Draft) {
    if l.cst.kind(raw) == "aliased_import" {
        return (l.field(raw, "name"), l.field(raw, "alias"));
    }
    (l.lower(raw), l.absent(l.cst.range(raw).end))
}

fn import_from(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let module = l.cst.field(raw, "module_name");
    let module = match module {
        Some(module) if l.cst.kind(module) == "relative_import" => relative(l, module),
        Some(module) => l.lower(module),
        None => l.node_with(Kind::Path, range.clone(), "__future__", &[]),
    };
    let mut parts = vec![module];
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "wildcard_import" {
            let star = l.leaf_of(Kind::Name, child);
            let none = l.absent(l.cst.range(child).end);
            parts.push(l.node(Kind::ImportItem, l.cst.range(child), &[star, none]));
        } else if l.cst.field_name(child) == "name" {
            let (path, alias) = imported(l, child);
            let name = match l.children_of(path).as_slice() {
                [name] => *name,
                _ => path,
            };
            parts.push(l.node(Kind::ImportItem, l.cst.range(child), &[name, alias]));
        }
    }
    l.node(Kind::ImportFrom, range, &parts)
}

/// `from .a import b`: the dots are the path's text.
fn relative(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let dots = l.cst.child_of_kind(raw, "import_prefix").map(|dots| l.source_of(dots).to_owned());
    let names = match l.cst.child_of_kind(raw, "dotted_name") {
        Some(names) => l.named_children(names),
        None => Vec::new(),
    };
    l.node_with(Kind::Path, range, dots.as_deref().unwrap_or("."), &names)
}

/// Python 2: `print x` is a call.
fn print(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let Some(word) = l.cst.children(raw).next() else { return l.other(raw) };
    let callee = l.leaf_of(Kind::Name, word);
    let args = l.named_children(raw);
    let span = l.span_over(&args, range.end);
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[callee, args])
}

fn match_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = vec![l.field(raw, "subject")];
    let body = l.cst.field(raw, "body").unwrap_or(raw);
    for clause in l.cst.named(body).collect::<Vec<_>>() {
        if l.cst.kind(clause) == "case_clause" {
            parts.push(case(l, clause));
        }
    }
    l.node(Kind::Switch, range, &parts)
}

fn case(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut patterns = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "case_pattern" {
            l.lower_into(child, &mut patterns);
        }
    }
    let span = l.span_over(&patterns, range.start);
    let patterns = l.node(Kind::Patterns, span, &patterns);
    let guard = l.field(raw, "guard");
    let body = l.body(l.cst.field(raw, "consequence"), range.end);
    l.node(Kind::Case, range, &[patterns, guard, body])
}
