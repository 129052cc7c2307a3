//! The classic syntax of formulas: `pattern`, `patterns`, `pattern-either` and what may stand in them.

use super::{Context, Outcome, Problem, flag, items, text, texts};
use crate::expr;
use crate::pcre::Pcre;
use crate::rule::{Comparison, Condition, Conjunction, Formula, Target};
use crate::yaml::{Entry, Node};

/// Keys of which a rule or an item has exactly one.
const FORMULA_KEYS: &[&str] = &[
    "pattern",
    "patterns",
    "pattern-either",
    "pattern-regex",
    "pattern-inside",
    "pattern-not",
    "pattern-not-inside",
    "pattern-not-regex",
    "semgrep-internal-pattern-anywhere",
    "pattern-where-python",
];

/// The formula of a map that holds one of the operators.
pub(super) fn formula(node: &Node<'_>, context: &mut Context) -> Outcome<Formula> {
    let entries = node
        .map()
        .ok_or_else(|| Problem::new(node.line, format!("a formula is {}, expected a map", node.kind())))?;
    let mut found = entries.iter().filter(|entry| FORMULA_KEYS.contains(&entry.key.as_ref()));
    let entry = found.next().ok_or_else(|| {
        Problem::new(
            node.line,
            "expected `pattern`, `patterns`, `pattern-either`, `pattern-regex` or `match`",
        )
    })?;
    if let Some(second) = found.next() {
        return Err(Problem::new(
            second.line,
            format!("`{}` beside `{}`, expected one of them", second.key, entry.key),
        ));
    }
    match positive(entry, context)? {
        Some(formula) => Ok(formula),
        None => {
            Err(Problem::new(entry.line, format!("`{}` alone finds nothing: it only takes away", entry.key)))
        }
    }
}

/// The formula of an operator that finds something; `None` for one that takes away.
fn positive(entry: &Entry<'_>, context: &mut Context) -> Outcome<Option<Formula>> {
    context.enter(entry.line)?;
    let value = &entry.value;
    let formula = match entry.key.as_ref() {
        "pattern" => Some(operand(value, "pattern", context)?),
        "pattern-regex" => Some(Formula::Leaf(context.regex(value, "pattern-regex")?)),
        "pattern-inside" => Some(Formula::Inside(Box::new(operand(value, "pattern-inside", context)?))),
        "semgrep-internal-pattern-anywhere" => {
            Some(Formula::Anywhere(Box::new(operand(value, "semgrep-internal-pattern-anywhere", context)?)))
        }
        "patterns" => Some(Formula::And(conjunction(value, context)?)),
        "pattern-either" => {
            let items = items(value, "pattern-either")?;
            Some(Formula::Or(items.iter().map(|item| formula_item(item, context)).collect::<Outcome<_>>()?))
        }
        "pattern-where-python" => {
            return Err(Problem::new(
                entry.line,
                "`pattern-where-python` would run code of the rule; not evaluated",
            ));
        }
        _ => None,
    };
    context.leave();
    Ok(formula)
}

/// An alternative of `pattern-either`: conditions may stand beside its operator.
fn formula_item(node: &Node<'_>, context: &mut Context) -> Outcome<Formula> {
    formula(node, context)
}

/// A pattern in text, or a formula in its place.
fn operand(node: &Node<'_>, key: &str, context: &mut Context) -> Outcome<Formula> {
    if node.map().is_some() {
        return formula(node, context);
    }
    context.pattern(node, key).map(Formula::Leaf)
}

/// The items of `patterns:`.
fn conjunction(node: &Node<'_>, context: &mut Context) -> Outcome<Conjunction> {
    let mut all = Conjunction::default();
    for item in items(node, "patterns")? {
        let entries = item.map().ok_or_else(|| {
            Problem::new(item.line, format!("an item of `patterns` is {}, expected a map", item.kind()))
        })?;
        for entry in entries {
            conjunct(entry, context, &mut all)?;
        }
    }
    Ok(all)
}

fn conjunct(entry: &Entry<'_>, context: &mut Context, all: &mut Conjunction) -> Outcome<()> {
    let value = &entry.value;
    match entry.key.as_ref() {
        "pattern-not" => all.negative.push(operand(value, "pattern-not", context)?),
        "pattern-not-inside" => {
            let inner = operand(value, "pattern-not-inside", context)?;
            all.negative.push(Formula::Inside(Box::new(inner)));
        }
        "pattern-not-regex" => all.negative.push(Formula::Leaf(context.regex(value, "pattern-not-regex")?)),
        "focus-metavariable" => all.focus.push(texts(value, "focus-metavariable")?),
        "metavariable-regex" => all.conditions.push(regex(value)?),
        "metavariable-pattern" => all.conditions.push(pattern(value, context)?),
        "metavariable-comparison" => all.conditions.push(comparison(value)?),
        "metavariable-analysis" => all.conditions.push(analysis(value, "analyzer")?),
        "metavariable-type" => all.conditions.push(types(value)?),
        "metavariable-name" => all.conditions.push(name(value)?),
        key if FORMULA_KEYS.contains(&key) => {
            if let Some(formula) = positive(entry, context)? {
                all.positive.push(formula);
            }
        }
        other => return Err(Problem::new(entry.line, format!("`{other}` is no operator of `patterns`"))),
    }
    Ok(())
}

pub(super) fn metavariable(node: &Node<'_>) -> Outcome<String> {
    let value =
        node.get("metavariable").ok_or_else(|| Problem::new(node.line, "`metavariable` is missing"))?;
    let name = text(value, "metavariable")?.trim();
    if name.starts_with('$') {
        Ok(name.to_owned())
    } else {
        Err(Problem::new(value.line, format!("`{name}` is no metavariable such as $X")))
    }
}

pub(super) fn regex(node: &Node<'_>) -> Outcome<Condition> {
    let value = node.get("regex").ok_or_else(|| Problem::new(node.line, "`regex` is missing"))?;
    Ok(Condition::Regex {
        metavariable: metavariable(node)?,
        regex: Pcre::left_anchored(text(value, "regex")?),
        constant_propagation: flag(node, "constant-propagation", false)?,
    })
}

/// Reads the formula of a condition whose metavariable may hold another language.
pub(super) fn in_language<T>(
    node: &Node<'_>,
    context: &mut Context,
    read: impl FnOnce(&mut Context) -> Outcome<T>,
) -> Outcome<(Option<Target>, T)> {
    let target = match node.get("language") {
        None => None,
        Some(value) => {
            let name = text(value, "language")?;
            let target = Target::from_name(name)
                .ok_or_else(|| Problem::new(value.line, format!("language `{name}` is not read")))?;
            Some(target)
        }
    };
    let outer = context.target;
    context.target = target.or(outer);
    let result = read(context);
    context.target = outer;
    Ok((target, result?))
}

fn pattern(node: &Node<'_>, context: &mut Context) -> Outcome<Condition> {
    let (target, formula) = in_language(node, context, |context| formula_or_taking_away(node, context))?;
    Ok(Condition::Pattern { metavariable: metavariable(node)?, target, formula: Box::new(formula) })
}

/// In `metavariable-pattern` a formula that only takes away is fine: what it takes from is the bound code.
fn formula_or_taking_away(node: &Node<'_>, context: &mut Context) -> Outcome<Formula> {
    let negatives = ["pattern-not", "pattern-not-inside", "pattern-not-regex"];
    let entries = node.map().unwrap_or_default();
    if let Some(entry) = entries.iter().find(|entry| negatives.contains(&entry.key.as_ref())) {
        let mut all = Conjunction::default();
        conjunct(entry, context, &mut all)?;
        return Ok(Formula::And(all));
    }
    formula(node, context)
}

pub(super) fn comparison(node: &Node<'_>) -> Outcome<Condition> {
    let value = node.get("comparison").ok_or_else(|| Problem::new(node.line, "`comparison` is missing"))?;
    let expression = expr::parse(text(value, "comparison")?)
        .map_err(|error| Problem::new(value.line, format!("comparison is not understood: {error}")))?;
    let base = match node.get("base") {
        None => None,
        Some(base) => {
            let number = text(base, "base")?.parse().ok().filter(|base| (2..=36).contains(base));
            Some(number.ok_or_else(|| Problem::new(base.line, "`base` is no number from 2 to 36"))?)
        }
    };
    Ok(Condition::Comparison(Comparison {
        metavariable: node.get("metavariable").map(|_| metavariable(node)).transpose()?,
        expression,
        base,
        strip: flag(node, "strip", false)?,
    }))
}

pub(super) fn analysis(node: &Node<'_>, key: &str) -> Outcome<Condition> {
    let value = node.get(key).ok_or_else(|| Problem::new(node.line, format!("`{key}` is missing")))?;
    let metavariable = metavariable(node)?;
    match text(value, key)? {
        "entropy" | "entropy_v2" => Ok(Condition::Entropy { metavariable }),
        "redos" => Ok(Condition::Redos { metavariable }),
        other => Err(Problem::new(value.line, format!("analyzer `{other}`, expected entropy or redos"))),
    }
}

pub(super) fn types(node: &Node<'_>) -> Outcome<Condition> {
    let value = node
        .get("types")
        .or_else(|| node.get("type"))
        .ok_or_else(|| Problem::new(node.line, "`type` is missing"))?;
    Ok(Condition::Type { metavariable: metavariable(node)?, types: texts(value, "type")? })
}

pub(super) fn name(node: &Node<'_>) -> Outcome<Condition> {
    let kind = node.get("kind").map(|kind| text(kind, "kind").map(str::to_owned)).transpose()?;
    let mut modules = node.get("module").map_or(Ok(Vec::new()), |module| texts(module, "module"))?;
    modules.extend(node.get("modules").map_or(Ok(Vec::new()), |list| texts(list, "modules"))?);
    Ok(Condition::Name { metavariable: metavariable(node)?, kind, modules })
}
