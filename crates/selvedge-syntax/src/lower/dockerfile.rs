//! Dockerfiles. An instruction is a call of its word; shell commands are read as Bash.

use super::Rule::{self, Many, One, Skip};
use super::{Draft, Lowering};
use crate::cst::Raw;
use crate::kind::Kind;
use crate::language::Language;
use crate::pattern::marker;

pub(super) const TABLE: &[(&str, Rule)] = &[
    ("comment", Skip),
    ("from_instruction", One(instruction)),
    ("run_instruction", One(instruction)),
    ("cmd_instruction", One(instruction)),
    ("label_instruction", Many(pairs)),
    ("expose_instruction", One(instruction)),
    ("env_instruction", Many(pairs)),
    ("add_instruction", One(instruction)),
    ("copy_instruction", One(instruction)),
    ("entrypoint_instruction", One(instruction)),
    ("volume_instruction", One(instruction)),
    ("user_instruction", One(user)),
    ("workdir_instruction", One(instruction)),
    ("arg_instruction", One(instruction)),
    ("onbuild_instruction", One(instruction)),
    ("stopsignal_instruction", One(instruction)),
    ("healthcheck_instruction", One(instruction)),
    ("shell_instruction", One(instruction)),
    ("maintainer_instruction", One(instruction)),
    ("cross_build_instruction", One(instruction)),
    ("image_spec", Many(image)),
    ("image_alias", One(alias)),
    ("shell_command", Many(shell)),
    ("json_string_array", Rule::Node(Kind::List)),
    ("json_string", One(quoted)),
    ("double_quoted_string", One(quoted)),
    ("single_quoted_string", One(quoted)),
    ("unquoted_string", One(word)),
    ("path", One(word)),
    ("expose_port", One(word)),
    ("expansion", One(word)),
    ("env_pair", One(pair)),
    ("label_pair", One(pair)),
    ("arg_pair", One(pair)),
    ("param", One(option)),
    ("mount_param", One(option)),
];

fn text(l: &mut Lowering<'_>, raw: Raw, inside: std::ops::Range<u32>) -> Draft {
    let source = l.source.get(inside.start as usize..inside.end as usize).unwrap_or("");
    let special = l.pattern && marker::meaning(source).is_some();
    l.leaf(if special { Kind::Name } else { Kind::Str }, l.cst.range(raw), inside)
}

fn word(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    text(l, raw, range)
}

fn quoted(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let inside = if range.end >= range.start + 2 { range.start + 1..range.end - 1 } else { range };
    text(l, raw, inside)
}

/// The word in capitals, then everything else as arguments.
fn instruction(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let keyword = l.source_of(raw).split_whitespace().next().unwrap_or("").to_ascii_uppercase();
    let end = range.start + keyword.len() as u32;
    let name = l.node_with(Kind::Name, range.start..end, &keyword, &[]);
    let mut args = Vec::new();
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        l.lower_into(child, &mut args);
    }
    if args.is_empty() {
        let rest = l.source_of(raw).get(keyword.len()..).unwrap_or("").to_owned();
        let start = end + (rest.len() - rest.trim_start().len()) as u32;
        let inside = start..start + rest.trim().len() as u32;
        if !inside.is_empty() {
            args.push(text(l, raw, inside));
        }
    }
    if let [only] = args[..]
        && keyword == "MAINTAINER"
        && l.kind_of(only) == Kind::Ellipsis
    {
        return only;
    }
    let span = l.span_over(&args, range.end);
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[name, args])
}

/// Several variables or labels are as many instructions.
fn pairs(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    let range = l.cst.range(raw);
    let keyword = l.source_of(raw).split_whitespace().next().unwrap_or("").to_ascii_uppercase();
    let mut all = l.named_children(raw);
    if l.pattern && all.iter().any(|pair| l.kind_of(*pair) != Kind::Ellipsis) {
        all.retain(|pair| l.kind_of(*pair) != Kind::Ellipsis);
    }
    for (index, pair) in all.into_iter().enumerate() {
        let span = if index == 0 { range.clone() } else { l.span_of(pair) };
        let name = l.node_with(Kind::Name, range.start..range.start + keyword.len() as u32, &keyword, &[]);
        let place = l.span_of(pair);
        let args = l.node(Kind::Args, place, &[pair]);
        out.push(l.node(Kind::Call, span, &[name, args]));
    }
}

/// `--name=value`, and `--mount=key=value,…`.
fn option(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let source = l.source_of(raw).to_owned();
    let Some((key, value)) = source.split_once('=') else { return word(l, raw) };
    let name = l.node_with(Kind::Name, range.start..range.start + key.len() as u32, key, &[]);
    let mut at = range.start + key.len() as u32 + 1;
    if !value.contains('=') {
        let value = text(l, raw, at..range.end);
        return l.node(Kind::KeywordArg, range, &[name, value]);
    }
    let mut parts = Vec::new();
    for part in value.split(',') {
        let end = at + part.len() as u32;
        let (key, _) = part.split_once('=').unwrap_or((part, ""));
        let split = at + key.len() as u32;
        let own = [text(l, raw, at..split), text(l, raw, (split + 1).min(end)..end)];
        parts.push(l.node(Kind::Pair, at..end, &own));
        at = end + 1;
    }
    let value = l.node(Kind::Dict, range.clone(), &parts);
    l.node(Kind::KeywordArg, range, &[name, value])
}

/// The group is a named argument.
fn user(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let name = l.node_with(Kind::Name, range.start..range.start + 4, "USER", &[]);
    let mut args = vec![l.field(raw, "user")];
    if let Some(group) = l.cst.field(raw, "group") {
        let place = l.cst.range(group);
        let key = l.node_with(Kind::Name, place.start..place.start, "group", &[]);
        let value = l.lower(group);
        args.push(l.node(Kind::KeywordArg, place, &[key, value]));
    }
    let span = l.span_over(&args, range.end);
    let args = l.node(Kind::Args, span, &args);
    l.node(Kind::Call, range, &[name, args])
}

/// The name of an image; its tag and digest as named arguments.
fn image(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    for child in l.cst.named(raw).collect::<Vec<_>>() {
        let range = l.cst.range(child);
        let kind = l.cst.kind(child);
        match kind {
            "image_tag" | "image_digest" => {
                let value = text(l, child, range.start + 1..range.end);
                let name = l.node_with(Kind::Name, range.start..range.start + 1, kind, &[]);
                out.push(l.node(Kind::KeywordArg, range, &[name, value]));
            }
            _ => out.push(text(l, child, range)),
        }
    }
}

fn alias(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let range = l.cst.range(raw);
    let value = text(l, raw, range.clone());
    let name = l.node_with(Kind::Name, range.start..range.start, "as", &[]);
    l.node(Kind::KeywordArg, range, &[name, value])
}

fn shell(l: &mut Lowering<'_>, raw: Raw, out: &mut Vec<Draft>) {
    if l.pattern && marker::meaning(l.source_of(raw).trim()).is_some() {
        let made = l.leaf_of(Kind::Name, raw);
        out.push(made);
        return;
    }
    l.embedded(Language::Bash, l.cst.range(raw), out);
}

fn pair(l: &mut Lowering<'_>, raw: Raw) -> Draft {
    let parts = l.named_children(raw);
    match parts[..] {
        [one] => one,
        [key, value] if l.kind_of(key) == Kind::Ellipsis && l.kind_of(value) == Kind::Ellipsis => key,
        _ => l.node(Kind::Pair, l.cst.range(raw), &parts),
    }
}
