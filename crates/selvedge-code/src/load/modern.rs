//! The newer syntax of formulas: `match:` with `all`, `any`, `not`, `inside`, and conditions under `where`.

use super::{Context, Outcome, Problem, classic, items, text, texts};
use crate::rule::{Condition, Conjunction, Formula};
use crate::yaml::Node;

/// Keys of which a formula has exactly one.
const OPERATORS: &[&str] = &["pattern", "regex", "all", "any", "not", "inside", "anywhere"];

/// The formula of a text or map.
pub(super) fn formula(node: &Node<'_>, context: &mut Context) -> Outcome<Formula> {
    match operand(node, context)? {
        Operand::Positive(formula) => Ok(formula),
        Operand::Negative(_) => Err(Problem::new(node.line, "`not` alone finds nothing: it only takes away")),
    }
}

enum Operand {
    Positive(Formula),
    Negative(Formula),
}

fn operand(node: &Node<'_>, context: &mut Context) -> Outcome<Operand> {
    context.enter(node.line)?;
    let operand = if node.map().is_some() {
        let bare = operator(node, context)?;
        match node.get("where") {
            None => bare,
            Some(conditions) => {
                let mut all = Conjunction::default();
                place(bare, &mut all);
                for condition in items(conditions, "where")? {
                    where_item(condition, context, &mut all)?;
                }
                Operand::Positive(Formula::And(flatten(all)))
            }
        }
    } else {
        Operand::Positive(Formula::Leaf(context.pattern(node, "pattern")?))
    };
    context.leave();
    Ok(operand)
}

fn place(operand: Operand, all: &mut Conjunction) {
    match operand {
        Operand::Positive(formula) => all.positive.push(formula),
        Operand::Negative(formula) => all.negative.push(formula),
    }
}

/// Conditions under `where` of an `all` belong to that conjunction.
fn flatten(mut all: Conjunction) -> Conjunction {
    let is_one =
        all.positive.len() == 1 && all.negative.is_empty() && matches!(all.positive[0], Formula::And(_));
    if is_one && let Some(Formula::And(mut inner)) = all.positive.pop() {
        inner.conditions.append(&mut all.conditions);
        inner.focus.append(&mut all.focus);
        return inner;
    }
    all
}

fn operator(node: &Node<'_>, context: &mut Context) -> Outcome<Operand> {
    let entries = node.map().unwrap_or_default();
    let mut found = entries.iter().filter(|entry| OPERATORS.contains(&entry.key.as_ref()));
    let entry = found
        .next()
        .ok_or_else(|| Problem::new(node.line, format!("expected one of `{}`", OPERATORS.join("`, `"))))?;
    if let Some(second) = found.next() {
        return Err(Problem::new(
            second.line,
            format!("`{}` beside `{}`, expected one of them", second.key, entry.key),
        ));
    }
    let value = &entry.value;
    Ok(match entry.key.as_ref() {
        "pattern" => Operand::Positive(Formula::Leaf(context.pattern(value, "pattern")?)),
        "regex" => Operand::Positive(Formula::Leaf(context.regex(value, "regex")?)),
        "inside" => Operand::Positive(Formula::Inside(Box::new(formula(value, context)?))),
        "anywhere" => Operand::Positive(Formula::Anywhere(Box::new(formula(value, context)?))),
        "not" => Operand::Negative(formula(value, context)?),
        "any" => {
            let items = items(value, "any")?;
            Operand::Positive(Formula::Or(
                items.iter().map(|item| formula(item, context)).collect::<Outcome<_>>()?,
            ))
        }
        _ => {
            let mut all = Conjunction::default();
            for item in items(value, "all")? {
                place(operand(item, context)?, &mut all);
            }
            Operand::Positive(Formula::And(all))
        }
    })
}

fn where_item(node: &Node<'_>, context: &mut Context, all: &mut Conjunction) -> Outcome<()> {
    if let Some(focus) = node.get("focus") {
        all.focus.push(texts(focus, "focus")?);
        return Ok(());
    }
    all.conditions.push(condition(node, context)?);
    Ok(())
}

fn condition(node: &Node<'_>, context: &mut Context) -> Outcome<Condition> {
    if node.get("comparison").is_some() {
        return classic::comparison(node);
    }
    if node.get("analyzer").is_some() {
        return classic::analysis(node, "analyzer");
    }
    if node.get("type").is_some() || node.get("types").is_some() {
        return classic::types(node);
    }
    if node.get("name").is_some() || node.get("module").is_some() || node.get("kind").is_some() {
        return classic::name(node);
    }
    let is_regex_alone =
        node.get("regex").is_some() && node.get("where").is_none() && node.get("language").is_none();
    if is_regex_alone {
        return classic::regex(node);
    }
    let metavariable = classic::metavariable(node)?;
    let (target, inner) = classic::in_language(node, context, |context| operand(node, context))?;
    let formula = match inner {
        Operand::Positive(formula) => formula,
        Operand::Negative(formula) => {
            Formula::And(Conjunction { negative: vec![formula], ..Conjunction::default() })
        }
    };
    Ok(Condition::Pattern { metavariable, target, formula: Box::new(formula) })
}

/// The text of an optional key.
pub(super) fn optional<'n>(node: &'n Node<'_>, key: &str) -> Outcome<Option<&'n str>> {
    node.get(key).map(|value| text(value, key)).transpose()
}
