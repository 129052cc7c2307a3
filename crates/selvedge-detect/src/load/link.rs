//! Puts loaded parts together: names in conditions, filters, correlations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use selvedge_model::Diagnostic;

use super::condition::{Condition, Which};
use super::{Draft, Filter, Problem, Rules};
use crate::correlate::{CorrelationRule, resolve};
use crate::expr::Expr;
use crate::logsource::scope;
use crate::pipeline::Pipeline;
use crate::rule::{DetectionRule, LogsourceSpec};

pub(super) fn link(
    drafts: Vec<Draft>,
    filters: &[Filter],
    correlations: Vec<CorrelationRule>,
    pipelines: &[Pipeline],
    diagnostics: &mut Vec<Diagnostic>,
) -> Rules {
    let mut rules = Rules::default();
    let mut used = vec![false; filters.len()];
    for draft in drafts {
        let path = draft.meta.path.clone();
        match detection(draft, filters, &mut used, pipelines) {
            Ok(rule) => rules.detections.push(rule),
            Err(problem) => diagnostics.push(problem.into_diagnostic(&path)),
        }
    }
    for (filter, used) in filters.iter().zip(used) {
        if !used {
            let message = "the filter applies to no rule: check its `rules` and `logsource`".to_owned();
            let problem = Problem { line: filter.meta.line, message };
            diagnostics.push(problem.into_diagnostic(&filter.meta.path));
        }
    }
    let correlations = correlations.into_iter().map(|mut rule| {
        for pipeline in pipelines {
            pipeline.apply_to_correlation(&mut rule);
        }
        rule
    });
    rules.correlations = resolve(correlations.collect(), &rules.detections, diagnostics);
    mark_bases(&mut rules);
    rules
}

/// A rule that only feeds correlations alerts by itself no more, unless one of them says `generate: true`
/// (specification 2.1, "Generate").
fn mark_bases(rules: &mut Rules) {
    let mut silent = BTreeSet::new();
    let mut loud = BTreeSet::new();
    for correlation in &rules.correlations {
        let set = if correlation.generate { &mut loud } else { &mut silent };
        set.extend(correlation.detection_indices());
    }
    for (index, rule) in rules.detections.iter_mut().enumerate() {
        rule.is_base = silent.contains(&index) && !loud.contains(&index);
    }
}

fn detection(
    mut draft: Draft,
    filters: &[Filter],
    used: &mut [bool],
    pipelines: &[Pipeline],
) -> Result<DetectionRule, Problem> {
    for pipeline in pipelines {
        pipeline.apply(&mut draft)?;
    }
    let line = draft.meta.line;
    let mut condition = conditions(&draft.conditions, &draft.detections, line)?;
    for (filter, used) in filters.iter().zip(used) {
        if applies(filter, &draft) {
            *used = true;
            let own = conditions(&filter.conditions, &filter.detections, line)?;
            condition = Expr::All(vec![condition, own]);
        }
    }
    let scope = scope(&draft.logsource);
    Ok(DetectionRule {
        meta: draft.meta,
        logsource: draft.logsource,
        examples: draft.examples,
        is_base: false,
        scope: Arc::new(scope),
        condition: Arc::new(condition),
    })
}

/// Several conditions are alternatives.
fn conditions(conditions: &[Condition], detections: &[(String, Expr)], line: u32) -> Result<Expr, Problem> {
    let by_name: BTreeMap<&str, &Expr> =
        detections.iter().map(|(name, expr)| (name.as_str(), expr)).collect();
    let linked = conditions.iter().map(|condition| {
        expression(condition, detections, &by_name).map_err(|message| Problem { line, message })
    });
    let mut linked: Vec<Expr> = linked.collect::<Result<_, _>>()?;
    Ok(if linked.len() == 1 { linked.remove(0) } else { Expr::Any(linked) })
}

/// Recursion is bounded by the depth of parsed conditions.
fn expression(
    condition: &Condition,
    detections: &[(String, Expr)],
    by_name: &BTreeMap<&str, &Expr>,
) -> Result<Expr, String> {
    let list = |parts: &[Condition]| -> Result<Vec<Expr>, String> {
        parts.iter().map(|part| expression(part, detections, by_name)).collect()
    };
    match condition {
        Condition::All(parts) => Ok(Expr::All(list(parts)?)),
        Condition::Any(parts) => Ok(Expr::Any(list(parts)?)),
        Condition::Not(part) => Ok(Expr::Not(Box::new(expression(part, detections, by_name)?))),
        Condition::Name(name) => {
            let found = by_name.get(name.as_str()).map(|expr| (*expr).clone());
            found.ok_or_else(|| format!("the condition names `{name}`, which the detection does not define"))
        }
        Condition::Of { all, which } => of(*all, which, detections),
    }
}

fn of(all: bool, which: &Which, detections: &[(String, Expr)]) -> Result<Expr, String> {
    let meant: Vec<Expr> =
        detections.iter().filter(|(name, _)| which.includes(name)).map(|(_, expr)| expr.clone()).collect();
    if meant.is_empty() {
        return Err("the condition has an `of` that means no search identifier".to_owned());
    }
    Ok(if all { Expr::All(meant) } else { Expr::Any(meant) })
}

/// A filter is for the rules it names, within its log source.
fn applies(filter: &Filter, draft: &Draft) -> bool {
    let named = |rule: &String| *rule == draft.meta.id || draft.meta.name.as_ref() == Some(rule);
    (filter.rules.is_empty() || filter.rules.iter().any(named)) && within(&filter.logsource, &draft.logsource)
}

fn within(filter: &LogsourceSpec, rule: &LogsourceSpec) -> bool {
    let part = |filter: &Option<String>, rule: &Option<String>| filter.is_none() || filter == rule;
    part(&filter.product, &rule.product)
        && part(&filter.category, &rule.category)
        && part(&filter.service, &rule.service)
}
