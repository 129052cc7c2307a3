//! What stands around the formula: languages, severity, paths, options, metadata, versions, fixes.

use selvedge_model::Severity;

use super::{Outcome, Problem, items, text, texts};
use crate::paths::PathFilter;
use crate::pcre::Pcre;
use crate::rule::{CommentStyle, FixRegex, Metadata, Options, Target};
use crate::yaml::Node;

/// Major, minor and patch number.
type Version = (u32, u32, u32);

/// The version of Semgrep whose rule format is read; `min-version` and `max-version` are held against it.
const FORMAT_VERSION: Version = (1, 182, 0);

/// The targets of `languages:`, and a note for every entry that is not read here while another is.
pub(super) fn targets(node: &Node<'_>) -> Outcome<(Vec<Target>, Vec<Problem>)> {
    let mut targets = Vec::new();
    let mut unknown = Vec::new();
    for item in items(node, "languages")? {
        let name = text(item, "languages")?;
        match Target::from_name(name) {
            Some(target) if targets.contains(&target) => {}
            Some(target) => targets.push(target),
            None => unknown.push(Problem::new(item.line, format!("language `{name}` is not read"))),
        }
    }
    if targets.is_empty() {
        return Err(unknown.pop().unwrap_or_else(|| Problem::new(node.line, "`languages` is empty")));
    }
    Ok((targets, unknown))
}

/// Old and new names; the old ones mean what Semgrep says they mean.
pub(super) fn severity(node: &Node<'_>) -> Outcome<Severity> {
    let name = text(node, "severity")?;
    Ok(match name.to_ascii_uppercase().as_str() {
        "CRITICAL" => Severity::Critical,
        "ERROR" | "HIGH" => Severity::High,
        "WARNING" | "MEDIUM" => Severity::Medium,
        "INFO" | "LOW" => Severity::Low,
        "INVENTORY" | "EXPERIMENT" => Severity::Info,
        _ => {
            return Err(Problem::new(
                node.line,
                format!("severity `{name}`, expected INFO, WARNING, ERROR, LOW, MEDIUM, HIGH or CRITICAL"),
            ));
        }
    })
}

/// Holds `min-version` and `max-version` against the format that is read here.
pub(super) fn versions(node: &Node<'_>) -> Outcome<()> {
    let read = |key: &str| -> Outcome<Option<(u32, Version)>> {
        let Some(value) = node.get(key) else { return Ok(None) };
        let version = version(text(value, key)?)
            .ok_or_else(|| Problem::new(value.line, format!("`{key}` is no version such as 1.74.0")))?;
        Ok(Some((value.line, version)))
    };
    if let Some((line, minimum)) = read("min-version")?
        && minimum > FORMAT_VERSION
    {
        return Err(Problem::new(line, "`min-version` is newer than the rule format that is read"));
    }
    if let Some((line, maximum)) = read("max-version")?
        && maximum < FORMAT_VERSION
    {
        return Err(Problem::new(line, "`max-version` is older than the rule format that is read"));
    }
    Ok(())
}

fn version(text: &str) -> Option<Version> {
    let mut parts = text.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let version = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next().map_or(Some(0), Result::ok)?);
    parts.next().is_none().then_some(version)
}

/// `paths: {include: […], exclude: […]}`.
pub(super) fn paths(node: &Node<'_>) -> Outcome<PathFilter> {
    let list = |key: &str| node.get(key).map_or(Ok(Vec::new()), |list| texts(list, key));
    PathFilter::new(&list("include")?, &list("exclude")?)
        .map_err(|error| Problem::new(node.line, format!("`paths` holds a bad pattern: {error}")))
}

/// `fix-regex: {regex, replacement, count}`.
pub(super) fn fix_regex(node: &Node<'_>) -> Outcome<FixRegex> {
    let need = |key: &str| {
        node.get(key).ok_or_else(|| Problem::new(node.line, format!("`fix-regex` lacks `{key}`")))
    };
    let count = match node.get("count") {
        Some(count) => text(count, "count")?
            .parse()
            .map_err(|_| Problem::new(count.line, "`count` is no whole number"))?,
        None => 0,
    };
    Ok(FixRegex {
        regex: Pcre::search(text(need("regex")?, "regex")?),
        replacement: text(need("replacement")?, "replacement")?.to_owned(),
        count,
    })
}

/// What of `metadata:` is shown or judged by; the rest is free form.
pub(super) fn metadata(node: &Node<'_>) -> Metadata {
    let list = |key: &str| node.get(key).and_then(|value| texts(value, key).ok()).unwrap_or_default();
    let one = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    Metadata {
        cwe: list("cwe"),
        owasp: list("owasp"),
        references: list("references"),
        confidence: one("confidence"),
        category: one("category"),
        subcategory: list("subcategory"),
        technology: list("technology"),
        title: one("title"),
        why: one("why"),
        fix: list("fix"),
        audit: node.get("audit").and_then(Node::text) == Some("true"),
    }
}

/// Options of the matcher that are passed on by name.
const MATCHING: &[&str] = &[
    "vardef_assign",
    "flddef_assign",
    "attr_expr",
    "unify_ids_strictly",
    "ac_matching",
    "commutative_boolop",
    "commutative_compop",
    "xml_attrs_implicit_ellipsis",
    "xml_children_ordered",
    "xml_singleton_loose_matching",
    "go_deeper_expr",
    "go_deeper_stmt",
    "implicit_deep_exprstmt",
    "implicit_ellipsis",
    "implicit_return",
    "arrow_is_function",
    "let_is_var",
    "cpp_parsing_pref",
    "decorators_order_matters",
    "symmetric_eq",
    "string_is_regex",
    "dots_as_func_params",
    "func_body_is_deep",
];

/// Options that change nothing here: they tune the depth of another engine.
const WITHOUT_EFFECT: &[&str] = &[
    "interfile",
    "taint_intrafile",
    "timeout",
    "timeout_threshold",
    "dynamic_timeout",
    "dynamic_timeout_max_multiplier",
    "dynamic_timeout_unit_kb",
    "max_match_per_file",
    "taint_match_on",
    "taint_propagation",
    "taint_focus_on",
    "test_intrafile_ignore_constructors",
];

/// Options that change what matches, and are read as if they were not there.
const NOT_HONOURED: &[&str] = &[
    "generic_multiline",
    "generic_engine",
    "generic_extra_word_characters",
    "generic_braces",
    "generic_extra_braces",
];

/// `options:`; an unknown one is named and left out.
pub(super) fn options(node: &Node<'_>, notes: &mut Vec<Problem>) -> Outcome<Options> {
    let mut options = Options::default();
    let entries = node
        .map()
        .ok_or_else(|| Problem::new(node.line, format!("`options` is {}, expected a map", node.kind())))?;
    for entry in entries {
        let key = entry.key.as_ref();
        if WITHOUT_EFFECT.contains(&key) {
            continue;
        }
        if NOT_HONOURED.contains(&key) {
            let text = format!("option `{key}` is not honoured: the rule is read without it");
            notes.push(Problem::new(entry.line, text));
            continue;
        }
        let switch = entry.value.bool();
        let known = match (key, switch) {
            ("generic_ellipsis_max_span", _) => {
                let span = entry.value.text().and_then(|text| text.parse().ok());
                options.generic.ellipsis_max_span = span.unwrap_or(options.generic.ellipsis_max_span);
                span.is_some()
            }
            ("generic_comment_style", _) => {
                let style = match entry.value.text() {
                    Some("shell") => Some(CommentStyle::Shell),
                    Some("c") => Some(CommentStyle::C),
                    Some("cpp") => Some(CommentStyle::Cpp),
                    _ => None,
                };
                options.generic.comments = style.unwrap_or(CommentStyle::None);
                style.is_some()
            }
            ("generic_caseless", Some(on)) => set(&mut options.generic.caseless, on),
            ("symbolic_propagation", Some(on)) => set(&mut options.symbolic_propagation, on),
            ("constant_propagation", Some(on)) => set(&mut options.constant_propagation, on),
            ("taint_assume_safe_functions", Some(on)) => set(&mut options.taint.assume_safe_functions, on),
            ("taint_assume_safe_indexes", Some(on)) => set(&mut options.taint.assume_safe_indexes, on),
            ("taint_assume_safe_comparisons", Some(on)) => {
                set(&mut options.taint.assume_safe_comparisons, on)
            }
            ("taint_assume_safe_booleans", Some(on)) => set(&mut options.taint.assume_safe_booleans, on),
            ("taint_assume_safe_numbers", Some(on)) => set(&mut options.taint.assume_safe_numbers, on),
            ("taint_only_propagate_through_assignments", Some(on)) => {
                set(&mut options.taint.only_propagate_through_assignments, on)
            }
            ("taint_unify_mvars", Some(on)) => set(&mut options.taint.unify_mvars, on),
            (name, Some(on)) if MATCHING.contains(&name) => {
                options.matching.push((name.to_owned(), on));
                true
            }
            _ => false,
        };
        if !known {
            notes.push(Problem::new(
                entry.line,
                format!("option `{key}` is not known, or not with this value"),
            ));
        }
    }
    options.matching.sort();
    Ok(options)
}

fn set(place: &mut bool, on: bool) -> bool {
    *place = on;
    true
}
