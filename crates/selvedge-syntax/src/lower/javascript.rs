//! JavaScript, TypeScript and JSX.

use super::Rule::{self, Inline, Leaf, Many, One, Operator, Skip, Slots, Unwrap};
use super::Slot::{Body, Field};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("identifier", Leaf(Kind::Name)),
    ("property_identifier", Leaf(Kind::Name)),
    ("private_property_identifier", Leaf(Kind::Name)),
    ("shorthand_property_identifier", One(shorthand)),
    ("shorthand_property_identifier_pattern", One(shorthand)),
    ("statement_identifier", Leaf(Kind::Name)),
    ("type_identifier", Leaf(Kind::Name)),
    ("predefined_type", Leaf(Kind::Name)),
    ("this", Leaf(Kind::Name)),
    ("super", Leaf(Kind::Name)),
    ("import", Leaf(Kind::Name)),
    ("undefined", Leaf(Kind::Name)),
    ("number", Leaf(Kind::Number)),
    ("true", Leaf(Kind::Constant)),
    ("false", Leaf(Kind::Constant)),
    ("null", Leaf(Kind::Constant)),
    ("comment", Skip),
    ("html_comment", Skip),
    ("hash_bang_line", Skip),
    ("empty_statement", Skip),
    ("string", One(string)),
    ("template_string", One(template)),
    ("template_substitution", Unwrap),
    ("regex", One(regex)),
    ("expression_statement", Inline),
    ("parenthesized_expression", One(parenthesized)),
    ("sequence_expression", Rule::Node(Kind::Tuple)),
    ("statement_block", Rule::Node(Kind::Block)),
    ("class_body", One(class_body)),
    ("class_static_block", One(|l, raw| l.body(l.cst.field(raw, "body"), 0))),
    ("member_expression", One(member)),
    ("subscript_expression", One(subscript)),
    ("call_expression", One(call)),
    ("new_expression", One(new)),
    ("arguments", Rule::Node(Kind::Args)),
    ("spread_element", Operator(Kind::Spread)),
    ("rest_pattern", Operator(Kind::Spread)),
    ("binary_expression", Operator(Kind::Binary)),
    ("unary_expression", Operator(Kind::Unary)),
    ("update_expression", Operator(Kind::Unary)),
    ("assignment_expression", Operator(Kind::Assign)),
    ("augmented_assignment_expression", Operator(Kind::Assign)),
    (
        "ternary_expression",
        Slots(Kind::Conditional, &[Field("condition"), Field("consequence"), Field("alternative")]),
    ),
    ("await_expression", Rule::Node(Kind::Await)),
    ("yield_expression", One(|l, raw| optional_operand(l, Kind::Yield, raw))),
    ("as_expression", One(cast)),
    ("satisfies_expression", One(cast)),
    ("type_assertion", One(type_assertion)),
    ("non_null_expression", Unwrap),
    ("instantiation_expression", Unwrap),
    ("array", Rule::Node(Kind::List)),
    ("array_pattern", Rule::Node(Kind::List)),
    ("object", One(object)),
    ("object_pattern", One(object)),
    ("pair", One(pair)),
    ("pair_pattern", One(pair)),
    ("object_assignment_pattern", One(default_in_pattern)),
    ("assignment_pattern", One(default_in_pattern)),
    ("computed_property_name", Unwrap),
    ("function_declaration", One(function)),
    ("generator_function_declaration", One(function)),
    ("function_expression", One(arrow)),
    ("generator_function", One(arrow)),
    ("function_signature", One(function)),
    ("method_definition", One(function)),
    ("method_signature", One(function)),
    ("abstract_method_signature", One(function)),
    ("arrow_function", One(arrow)),
    ("formal_parameters", One(parameters)),
    ("type_annotation", Unwrap),
    ("class_declaration", One(class)),
    ("abstract_class_declaration", One(class)),
    ("class", One(class)),
    ("interface_declaration", One(class)),
    ("interface_body", Rule::Node(Kind::Block)),
    ("object_type", Rule::Node(Kind::Block)),
    ("enum_declaration", One(class)),
    ("enum_body", Rule::Node(Kind::Block)),
    ("field_definition", One(field)),
    ("public_field_definition", One(field)),
    ("property_signature", One(field)),
    ("decorator", One(decorator)),
    ("lexical_declaration", Many(declaration)),
    ("variable_declaration", Many(declaration)),
    ("export_statement", Many(export)),
    ("ambient_declaration", Inline),
    ("import_statement", Many(import)),
    ("if_statement", One(if_statement)),
    ("else_clause", Inline),
    ("while_statement", Slots(Kind::While, &[Field("condition"), Body("body")])),
    ("do_statement", Slots(Kind::DoWhile, &[Body("body"), Field("condition")])),
    ("for_statement", One(for_statement)),
    ("for_in_statement", One(for_in)),
    ("try_statement", One(try_statement)),
    ("switch_statement", One(switch)),
    ("return_statement", One(|l, raw| optional_operand(l, Kind::Return, raw))),
    ("throw_statement", One(throw)),
    ("break_statement", One(jump)),
    ("continue_statement", One(jump)),
    ("debugger_statement", Leaf(Kind::Jump)),
    ("labeled_statement", Slots(Kind::Labeled, &[Field("label"), Field("body")])),
    ("jsx_element", One(element)),
    ("jsx_self_closing_element", One(element)),
    ("jsx_attribute", One(attribute)),
    ("jsx_expression", Unwrap),
    ("jsx_text", Many(text)),
    ("jsx_namespace_name", Leaf(Kind::Name)),
    ("nested_type_identifier", Slots(Kind::Member, &[Field("module"), Field("name")])),
    ("nested_identifier", Slots(Kind::Member, &[Field("object"), Field("property")])),
    ("generic_type", One(generic_type)),
    ("literal_type", Unwrap),
    ("parenthesized_type", Unwrap),
    ("type_alias_declaration", One(type_alias)),
    ("internal_module", One(class)),
    ("module", One(class)),
];

fn string(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = if range.end >= range.start + 2 { range.start + 1..range.end - 1 } else { range.clone() };
    l.leaf(Kind::Str, range, inside)
}

/// A template without holes is a string.
fn template(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let holes: Vec<Raw> =
        l.cst.children(raw).filter(|child| l.cst.kind(*child) == "template_substitution").collect();
    if holes.is_empty() {
        let text = string(l, raw);
        if l.pattern && l.text_of(text) == "..." {
            return l.node(Kind::Interpolated, range, &[text]);
        }
        return text;
    }
    let mut parts = Vec::new();
    let mut at = range.start + 1;
    for hole in holes {
        let place = l.cst.range(hole);
        if place.start > at {
            parts.push(l.leaf(Kind::Str, at..place.start, at..place.start));
        }
        l.lower_into(hole, &mut parts);
        at = place.end;
    }
    if range.end > at + 1 {
        parts.push(l.leaf(Kind::Str, at..range.end - 1, at..range.end - 1));
    }
    l.node(Kind::Interpolated, range, &parts)
}

/// The flags are a child, so that a pattern without flags can ignore them.
fn regex(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let body = l.cst.field(raw, "pattern").map_or(range.clone(), |body| l.cst.range(body));
    let leaf = l.leaf(Kind::Regex, range.clone(), body);
    let Some(flags) = l.cst.field(raw, "flags") else { return leaf };
    let text = l.text_of(leaf).to_owned();
    let flags = l.leaf_of(Kind::Modifier, flags);
    l.node_with(Kind::Regex, range, &text, &[flags])
}

/// `($X: T)` of a pattern is read as an arrow's parameters or a cast; plain parentheses leave nothing.
fn parenthesized(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    match l.cst.named(raw).next() {
        Some(inner) => l.lower(inner),
        None => l.absent(l.cst.range(raw).end),
    }
}

fn shorthand(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let name = l.leaf_of(Kind::Name, raw);
    if matches!(l.kind_of(name), Kind::Ellipsis | Kind::MetaEllipsis) {
        return name;
    }
    l.node(Kind::Pair, l.cst.range(raw), &[name, name])
}

/// `a?.b` has a text, so that only it matches the like; `a.b` matches both.
fn member(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let text = if l.cst.has(raw, "optional_chain") { "?." } else { "" };
    let parts = [l.field(raw, "object"), l.field(raw, "property")];
    l.node_with(Kind::Member, l.cst.range(raw), text, &parts)
}

fn subscript(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let object = l.field(raw, "object");
    let index = l.field(raw, "index");
    let span = l.span_of(index);
    let index = l.node(Kind::Args, span, &[index]);
    l.node(Kind::Index, l.cst.range(raw), &[object, index])
}

fn call(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let callee = l.field(raw, "function");
    let args = l.field(raw, "arguments");
    let args = if l.kind_of(args) == Kind::Args {
        args
    } else {
        let span = l.span_of(args);
        l.node_with(Kind::Args, span, "`", &[args])
    };
    l.node(Kind::Call, l.cst.range(raw), &[callee, args])
}

fn new(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let class = l.field(raw, "constructor");
    let args = match l.cst.field(raw, "arguments") {
        Some(args) => l.lower(args),
        None => l.node(Kind::Args, range.end..range.end, &[]),
    };
    let none = l.absent(range.end);
    l.node(Kind::New, range, &[class, args, none])
}

pub(super) fn optional_operand(l: &mut Lowering<'_>, kind: Kind, raw: Raw) -> Draft {
    let operand = l.cst.named(raw).next();
    let range = l.cst.range(raw);
    let operand = l.optional(operand, range.end);
    l.node(kind, range, &[operand])
}

fn cast(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts: Vec<Raw> = l.cst.named(raw).collect();
    let Some(value) = parts.first().copied() else { return l.other(raw) };
    let value = l.lower(value);
    let kind = match parts.get(1).copied() {
        Some(kind) => l.lower(kind),
        None => l.absent(range.end),
    };
    l.node(Kind::Cast, range, &[kind, value])
}

fn type_assertion(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node(Kind::Cast, l.cst.range(raw), &parts)
}

fn object(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Dict, l.cst.range(raw), "{", &parts)
}

/// A key that is a string is the name it spells.
fn pair(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let key = match l.cst.field(raw, "key") {
        Some(key) if l.cst.kind(key) == "string" => {
            let range = l.cst.range(key);
            let inside =
                if range.end >= range.start + 2 { range.start + 1..range.end - 1 } else { range.clone() };
            l.leaf(Kind::Name, range, inside)
        }
        Some(key) => l.lower(key),
        None => l.absent(l.cst.range(raw).start),
    };
    let value = l.field(raw, "value");
    l.node(Kind::Pair, l.cst.range(raw), &[key, value])
}

/// `{a = 1}` and `[a = 1]` as targets.
fn default_in_pattern(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let Some(left) = l.cst.field(raw, "left") else { return l.other(raw) };
    let name =
        if l.cst.kind(left).starts_with("shorthand") { l.leaf_of(Kind::Name, left) } else { l.lower(left) };
    let value = l.field(raw, "right");
    let assign = l.node_with(Kind::Assign, range.clone(), "=", &[name, value]);
    if l.cst.kind(raw) == "object_assignment_pattern" {
        return l.node(Kind::Pair, range, &[name, assign]);
    }
    assign
}

/// Words before the name, and decorators.
fn modifiers(l: &mut Lowering<'_>, raw: Raw, name_start: u32) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = Vec::new();
    for child in l.cst.children(raw) {
        if l.cst.range(child).start >= name_start {
            break;
        }
        match l.cst.kind(child) {
            "async"
            | "static"
            | "readonly"
            | "abstract"
            | "get"
            | "set"
            | "*"
            | "declare"
            | "accessibility_modifier"
            | "override_modifier"
            | "accessor" => {
                parts.push(l.leaf_of(Kind::Modifier, child));
            }
            "decorator" => l.lower_into(child, &mut parts),
            _ => {}
        }
    }
    let span = l.span_over(&parts, range.start);
    l.node(Kind::Modifiers, span, &parts)
}

fn function(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.cst.field(raw, "name");
    let parameters = l.cst.field(raw, "parameters");
    let start = name.or(parameters).map_or(range.end, |name| l.cst.range(name).start);
    let modifiers = modifiers(l, raw, start);
    let parts = [
        modifiers,
        l.optional(name, start),
        l.optional(parameters, start),
        l.field(raw, "return_type"),
        l.body(l.cst.field(raw, "body"), range.end),
    ];
    l.node(Kind::Function, range, &parts)
}

fn arrow(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parameters = if let Some(parameters) = l.cst.field(raw, "parameters") {
        l.lower(parameters)
    } else {
        let Some(single) = l.cst.field(raw, "parameter") else { return l.other(raw) };
        let parameter = parameter(l, single);
        let span = l.cst.range(single);
        l.node(Kind::Params, span, &[parameter])
    };
    let result = l.field(raw, "return_type");
    let body = match l.cst.field(raw, "body") {
        Some(body) if l.cst.kind(body) == "statement_block" => l.body(Some(body), range.end),
        Some(body) => l.lower(body),
        None => l.absent(range.end),
    };
    l.node(Kind::Lambda, range, &[parameters, result, body])
}

fn parameters(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let children: Vec<Raw> = l.cst.named(raw).collect();
    let parts: Vec<Draft> = children.into_iter().map(|child| parameter(l, child)).collect();
    l.node(Kind::Params, l.cst.range(raw), &parts)
}

fn parameter(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let none = l.absent(range.end);
    match l.cst.kind(raw) {
        "required_parameter" | "optional_parameter" => {
            let pattern = l.cst.field(raw, "pattern");
            let spread = pattern.is_some_and(|pattern| l.cst.kind(pattern) == "rest_pattern");
            let pattern = match pattern {
                Some(pattern) if spread => l.cst.named(pattern).next(),
                other => other,
            };
            let start = pattern.map_or(range.start, |pattern| l.cst.range(pattern).start);
            let decorators = modifiers(l, raw, start);
            let text = if spread { "*" } else { "" };
            let mut parts = vec![l.optional(pattern, start), l.field(raw, "type"), l.field(raw, "value")];
            if !l.children_of(decorators).is_empty() {
                parts.push(decorators);
            }
            l.node_with(Kind::Param, range, text, &parts)
        }
        "rest_pattern" => {
            let inner = l.cst.named(raw).next();
            let name = l.optional(inner, range.end);
            l.node_with(Kind::Param, range, "*", &[name, none, none])
        }
        "assignment_pattern" => {
            let parts = [l.field(raw, "left"), none, l.field(raw, "right")];
            l.node(Kind::Param, range, &parts)
        }
        _ => {
            let name = l.lower(raw);
            l.node(Kind::Param, range, &[name, none, none])
        }
    }
}

fn class(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.cst.field(raw, "name");
    let start = name.map_or(range.end, |name| l.cst.range(name).start);
    let modifiers = modifiers(l, raw, start.min(range.end));
    let name = l.optional(name, start);
    let mut bases = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if matches!(l.cst.kind(child), "class_heritage" | "extends_type_clause" | "extends_clause") {
            heritage(l, child, &mut bases);
        }
    }
    let span = l.span_over(&bases, start);
    let bases = l.node(Kind::Bases, span, &bases);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    let word = match l.cst.kind(raw) {
        "interface_declaration" => "interface",
        "enum_declaration" => "enum",
        "internal_module" | "module" => "module",
        _ => "class",
    };
    l.node_with(Kind::Class, range, word, &[modifiers, name, bases, body])
}

/// Decorators that stand beside their member go into it.
fn class_body(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let mut members = Vec::new();
    let mut decorators: Vec<Draft> = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        if l.cst.kind(child) == "decorator" {
            l.lower_into(child, &mut decorators);
            continue;
        }
        let from = members.len();
        l.lower_into(child, &mut members);
        if decorators.is_empty() {
            continue;
        }
        if let Some(member) = members.get_mut(from) {
            let start = l.span_of(decorators[0]).start;
            *member = with_modifiers(l, *member, &decorators, start);
        }
        decorators.clear();
    }
    l.node(Kind::Block, l.cst.range(raw), &members)
}

/// A definition with more modifiers, which begins where they do.
fn with_modifiers(l: &mut Lowering<'_>, definition: Draft, more: &[Draft], start: u32) -> Draft {
    let mut parts = l.children_of(definition);
    let Some(own) = parts.first().copied().filter(|own| l.kind_of(*own) == Kind::Modifiers) else {
        return definition;
    };
    let mut all = more.to_vec();
    all.extend(l.children_of(own));
    parts[0] = l.node(Kind::Modifiers, start..start, &all);
    let text = l.text_of(definition).to_owned();
    let end = l.span_of(definition).end;
    l.node_with(l.kind_of(definition), start..end, &text, &parts)
}

fn heritage(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "extends_clause" | "implements_clause" => heritage(l, child, out),
            "type_arguments" => {}
            _ => l.lower_into(child, out),
        }
    }
}

fn field(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.cst.field(raw, "property").or_else(|| l.cst.field(raw, "name"));
    let start = name.map_or(range.end, |name| l.cst.range(name).start);
    let modifiers = modifiers(l, raw, start);
    let parts = [modifiers, l.optional(name, start), l.field(raw, "type"), l.field(raw, "value")];
    l.node(Kind::VarDef, range, &parts)
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

/// `let a = 1, b` is two definitions.
fn declaration(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let declarators: Vec<Raw> =
        l.cst.named(raw).filter(|child| l.cst.kind(*child) == "variable_declarator").collect();
    let single = declarators.len() == 1;
    let word = l.cst.children(raw).next().filter(|word| !l.cst.is_named(*word));
    for declarator in declarators {
        let range = if single { l.cst.range(raw) } else { l.cst.range(declarator) };
        let mut own = Vec::new();
        if let Some(word) = word {
            own.push(l.leaf_of(Kind::Modifier, word));
        }
        let modifiers = l.node(Kind::Modifiers, range.start..range.start, &own);
        let name = l.field(declarator, "name");
        let parts = [modifiers, name, l.field(declarator, "type"), l.field(declarator, "value")];
        out.push(l.node(Kind::VarDef, range, &parts));
    }
}

/// What is exported stands for itself, with the decorators that come before the word.
fn export(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let inner = l.cst.field(raw, "declaration").or_else(|| l.cst.field(raw, "value"));
    let Some(inner) = inner else {
        out.push(re_export(l, raw));
        return;
    };
    let mut more = Vec::new();
    for child in l.cst.children(raw).collect::<Vec<_>>() {
        match l.cst.kind(child) {
            "decorator" => l.lower_into(child, &mut more),
            "export" => more.push(l.leaf_of(Kind::Modifier, child)),
            _ => {}
        }
    }
    let from = out.len();
    l.lower_into(inner, out);
    for definition in &mut out[from..] {
        *definition = with_modifiers(l, *definition, &more, range.start);
    }
}

fn re_export(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node_with(Kind::Other, l.cst.range(raw), "export", &parts)
}

/// The module of an import, a path of one part.
fn module(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let Some(source) = l.cst.field(raw, "source") else { return l.absent(l.cst.range(raw).end) };
    let name = string(l, source);
    l.node(Kind::Path, l.cst.range(source), &[name])
}

/// Each way to import is a node of its own: a default, a namespace, names, or nothing.
fn import(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let Some(clause) = l.cst.child_of_kind(raw, "import_clause") else {
        if let Some(required) = l.cst.child_of_kind(raw, "import_require_clause") {
            let path = module(l, required);
            let inner = l.cst.named(required).next();
            let alias = l.optional(inner, range.end);
            out.push(l.node(Kind::Import, range, &[path, alias]));
            return;
        }
        let path = module(l, raw);
        let none = l.absent(range.end);
        out.push(l.node(Kind::Import, range, &[path, none]));
        return;
    };
    let mut items = Vec::new();
    for part in l.cst.named(clause).collect::<Vec<_>>() {
        match l.cst.kind(part) {
            "namespace_import" => {
                let path = module(l, raw);
                let inner = l.cst.named(part).next();
                let alias = l.optional(inner, range.end);
                out.push(l.node(Kind::Import, range.clone(), &[path, alias]));
            }
            "named_imports" => {
                for specifier in l.cst.named(part).collect::<Vec<_>>() {
                    let item = [l.field(specifier, "name"), l.field(specifier, "alias")];
                    items.push(l.node(Kind::ImportItem, l.cst.range(specifier), &item));
                }
            }
            _ => {
                let name = l.node_with(Kind::Name, l.cst.range(part), "default", &[]);
                let alias = l.lower(part);
                items.push(l.node(Kind::ImportItem, l.cst.range(part), &[name, alias]));
            }
        }
    }
    if !items.is_empty() {
        let mut parts = vec![module(l, raw)];
        parts.extend(items);
        out.push(l.node(Kind::ImportFrom, range, &parts));
    }
}

fn if_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let condition = l.field(raw, "condition");
    let then = l.body(l.cst.field(raw, "consequence"), range.end);
    let otherwise = l.body(l.cst.field(raw, "alternative"), range.end);
    l.node(Kind::If, range, &[condition, then, otherwise])
}

/// `for (...)` of a pattern stands for every kind of loop.
fn for_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let initial = l.field(raw, "initializer");
    let condition = l.field(raw, "condition");
    let update = l.field(raw, "increment");
    let body = l.body(l.cst.field(raw, "body"), range.end);
    l.node(Kind::For, range, &[initial, condition, update, body])
}

fn for_in(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let target = l.field(raw, "left");
    let iterable = l.field(raw, "right");
    let body = l.body(l.cst.field(raw, "body"), range.end);
    let word = l.cst.field(raw, "operator").map(|word| l.source_of(word).to_owned()).unwrap_or_default();
    l.node_with(Kind::ForEach, range, &word, &[target, iterable, body])
}

fn try_statement(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let none = l.absent(range.end);
    let body = l.body(l.cst.field(raw, "body"), range.end);
    let mut catches = Vec::new();
    if let Some(handler) = l.cst.field(raw, "handler") {
        let place = l.cst.range(handler);
        let name = l.field(handler, "parameter");
        let code = l.body(l.cst.field(handler, "body"), place.end);
        catches.push(l.node(Kind::Catch, place, &[none, name, code]));
    }
    let span = l.span_over(&catches, range.end);
    let catches = l.node(Kind::Catches, span, &catches);
    let finally = match l.cst.field(raw, "finalizer") {
        Some(clause) => {
            let block = l.body(l.cst.field(clause, "body"), range.end);
            l.node(Kind::Finally, l.cst.range(clause), &[block])
        }
        None => none,
    };
    l.node(Kind::Try, range, &[none, body, catches, none, finally])
}

fn switch(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let mut parts = vec![l.field(raw, "value")];
    let body = l.cst.field(raw, "body").unwrap_or(raw);
    for case in l.cst.named(body).collect::<Vec<_>>() {
        let place = l.cst.range(case);
        let mut patterns = Vec::new();
        if let Some(value) = l.cst.field(case, "value") {
            l.lower_into(value, &mut patterns);
        }
        let span = l.span_over(&patterns, place.start);
        let patterns = l.node(Kind::Patterns, span, &patterns);
        let statements = l.all(case, "body");
        let span = l.span_over(&statements, place.end);
        let block = l.node(Kind::Block, span, &statements);
        let none = l.absent(place.end);
        parts.push(l.node(Kind::Case, place, &[patterns, none, block]));
    }
    l.node(Kind::Switch, range, &parts)
}

fn throw(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inner = l.cst.named(raw).next();
    let parts = [l.optional(inner, range.end), l.absent(range.end)];
    l.node(Kind::Raise, range, &parts)
}

pub(super) fn jump(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let label = l.cst.named(raw).next();
    let label = l.optional(label, range.end);
    let word = l.source_of(raw).split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("").to_owned();
    l.node_with(Kind::Jump, range, &word, &[label])
}

fn element(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let open = l.cst.field(raw, "open_tag").unwrap_or(raw);
    let name = l.field(open, "name");
    let mut attributes = Vec::new();
    for child in l.cst.named(open).collect::<Vec<_>>() {
        if l.cst.field_name(child) == "attribute" {
            l.lower_into(child, &mut attributes);
        }
    }
    let span = l.span_over(&attributes, l.cst.range(open).end);
    let attributes = l.node(Kind::Modifiers, span, &attributes);
    let mut children = Vec::new();
    if open != raw {
        for child in l.cst.named(raw).collect::<Vec<_>>() {
            if l.cst.field_name(child).is_empty() {
                l.lower_into(child, &mut children);
            }
        }
    }
    let span = l.span_over(&children, range.end);
    let children = l.node(Kind::List, span, &children);
    l.node(Kind::Element, range, &[name, attributes, children])
}

fn attribute(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let parts: Vec<Raw> = l.cst.named(raw).collect();
    let Some(name) = parts.first().copied() else { return l.other(raw) };
    let name = l.lower(name);
    let value = l.optional(parts.get(1).copied(), range.end);
    l.node(Kind::Attribute, range, &[name, value])
}

/// Text between tags; white space alone is nothing.
fn text(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let source = l.source_of(raw);
    let trimmed = source.trim();
    if trimmed.is_empty() {
        return;
    }
    let start = range.start + (source.len() - source.trim_start().len()) as u32;
    let inside = start..start + trimmed.len() as u32;
    let special = l.pattern && crate::pattern::marker::meaning(trimmed).is_some();
    let kind = if special { Kind::Name } else { Kind::Str };
    out.push(l.leaf(kind, range, inside));
}

fn generic_type(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    l.node(Kind::Type, l.cst.range(raw), &parts)
}

fn type_alias(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = [l.field(raw, "name"), l.field(raw, "value")];
    l.node_with(Kind::Other, l.cst.range(raw), "type", &parts)
}
