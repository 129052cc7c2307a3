//! Conditions of a conjunction: whether what a metavariable stands for is as the rule wants it.

mod entropy;
mod redos;

use jiff::civil::Date;
use selvedge_syntax::{
    Bindings, Constant, Kind, Metavariable, NodeId, Pattern, Span, Steps, Tree, Value, find,
};

use crate::expr::{self, Environment, parse_integer};
use crate::formula::{Evaluator, Within};
use crate::ranges::{Hit, Role};
use crate::rule::{Comparison, Condition, Formula, Target};
use crate::source::Source;

impl Evaluator<'_> {
    /// The range, once for every way in which the condition holds; with bindings that it adds.
    pub(crate) fn condition(&mut self, condition: &Condition, hit: Hit) -> Vec<Hit> {
        let holds = match condition {
            Condition::Regex { metavariable, regex, constant_propagation } => {
                self.condition_text(&hit, metavariable, *constant_propagation).is_some_and(|text| {
                    regex.is_match(&text).unwrap_or_else(|error| {
                        self.limits.insert(format!("regular expression of {metavariable}: {error}"));
                        false
                    })
                })
            }
            Condition::Pattern { metavariable, target, formula } => {
                return self.nested(&hit, metavariable, *target, formula);
            }
            Condition::Comparison(comparison) => self.comparison(&hit, comparison),
            Condition::Entropy { metavariable } => {
                self.content_of(&hit, metavariable).is_some_and(|text| entropy::is_high(&text))
            }
            Condition::Redos { metavariable } => {
                self.content_of(&hit, metavariable).is_some_and(|text| redos::is_vulnerable(&text))
            }
            Condition::Type { metavariable, types } => self.has_type(&hit, metavariable, types),
            Condition::Name { metavariable, kind, modules } => {
                self.is_named(&hit, metavariable, kind.as_deref(), modules)
            }
        };
        if holds { vec![hit] } else { Vec::new() }
    }

    fn condition_text(&self, hit: &Hit, metavariable: &str, constant_propagation: bool) -> Option<String> {
        if constant_propagation && let Some(text) = self.constant_text(hit, metavariable) {
            return Some(text);
        }
        self.text_of(hit, metavariable)
    }

    fn constant_text(&self, hit: &Hit, metavariable: &str) -> Option<String> {
        let tree = self.source.tree()?;
        let node = hit.bindings.get(Metavariable::named(metavariable))?.node()?;
        match tree.constant(node)? {
            Constant::Text(text) | Constant::Number(text) | Constant::Word(text) => Some(text.to_owned()),
        }
    }

    /// What a literal holds, or the text as it stands.
    fn content_of(&self, hit: &Hit, metavariable: &str) -> Option<String> {
        self.constant_text(hit, metavariable).or_else(|| self.text_of(hit, metavariable))
    }

    /// The formula on what the metavariable stands for: on its part of the tree, or on its text as another target.
    fn nested(
        &mut self,
        hit: &Hit,
        metavariable: &str,
        target: Option<Target>,
        formula: &Formula,
    ) -> Vec<Hit> {
        let Some(value) = hit.bindings.get(Metavariable::named(metavariable)).cloned() else {
            return Vec::new();
        };
        let other = target.filter(|target| *target != self.source.target);
        match other {
            Some(target) => self.nested_text(hit, &value, metavariable, target, formula),
            None => self.nested_part(hit, metavariable, formula),
        }
    }

    fn nested_part(&mut self, hit: &Hit, metavariable: &str, formula: &Formula) -> Vec<Hit> {
        let Some(range) = self.range_of(hit, metavariable) else { return Vec::new() };
        let part =
            Hit { start: range.start, end: range.end, bindings: hit.bindings.clone(), role: Role::Found };
        let found = self.formula(formula, Some(Within { hit: &part }));
        with_bindings(hit, found.into_iter().map(|found| found.bindings))
    }

    fn nested_text(
        &mut self,
        hit: &Hit,
        value: &Value,
        metavariable: &str,
        target: Target,
        formula: &Formula,
    ) -> Vec<Hit> {
        if self.depth >= crate::limits::NESTED_TEXTS_MAX {
            self.limits.insert("conditions are nested too deep".to_owned());
            return Vec::new();
        }
        let Some((text, base)) = self.inner_text(hit, value, metavariable) else { return Vec::new() };
        let source = Source::part(target, &text);
        let memo = crate::formula::Memo::default();
        let mut inner = Evaluator::new(self.rule, self.program, &source, &memo);
        inner.depth = self.depth + 1;
        inner.steps = self.steps.clone();
        let part = Hit {
            start: 0,
            end: text.len() as u32,
            bindings: self.as_texts(&hit.bindings),
            role: Role::Found,
        };
        let found = inner.formula(formula, Some(Within { hit: &part }));
        let outside: Vec<_> =
            found.iter().map(|found| inner.moved(&found.bindings, &hit.bindings, base)).collect();
        self.steps = inner.steps.clone();
        let limits = std::mem::take(&mut inner.limits);
        self.limits.extend(limits);
        with_bindings(hit, outside.into_iter())
    }

    /// The text to be read as another target, and where it begins: of a string what is between its quotes.
    fn inner_text(&self, hit: &Hit, value: &Value, metavariable: &str) -> Option<(String, u32)> {
        if let (Some(tree), Some(node)) = (self.source.tree(), value.node())
            && let Some(Constant::Text(text)) = tree.constant(node)
        {
            return Some((text.to_owned(), tree.content_range(node).start));
        }
        Some((self.text_of(hit, metavariable)?, self.range_of(hit, metavariable)?.start))
    }

    fn as_texts(&self, bindings: &Bindings) -> Bindings {
        let mut texts = Bindings::default();
        for (name, value) in bindings.iter() {
            let text = match (value, self.source.tree()) {
                (Value::Text { text, .. }, _) => text.clone(),
                (value, Some(tree)) => value.text(tree).to_owned(),
                (_, None) => continue,
            };
            texts.set(name, Value::Text { text, range: Span { start: 0, end: 0 } });
        }
        texts
    }

    /// The outer bindings, and those that the inner text added, as places of the outer one.
    fn moved(&self, inner: &Bindings, outer: &Bindings, base: u32) -> Bindings {
        let mut all = outer.clone();
        for (name, value) in inner.iter() {
            if outer.get(name).is_some() {
                continue;
            }
            let (text, range) = match (value, self.source.tree()) {
                (Value::Text { text, range }, _) => (text.clone(), range.start..range.end),
                (value, Some(tree)) => (value.text(tree).to_owned(), value.range(tree)),
                (_, None) => continue,
            };
            all.set(
                name,
                Value::Text { text, range: Span { start: range.start + base, end: range.end + base } },
            );
        }
        all
    }

    fn comparison(&self, hit: &Hit, comparison: &Comparison) -> bool {
        let names = Names { evaluator: self, hit, comparison };
        comparison.expression.holds(&names)
    }

    /// Whether a typed metavariable of one of the types would match at the place.
    fn has_type(&mut self, hit: &Hit, metavariable: &str, types: &[String]) -> bool {
        let (Some(tree), Target::Code(language)) = (self.source.tree(), self.source.target) else {
            return false;
        };
        let Some(node) = hit.bindings.get(Metavariable::named(metavariable)).and_then(Value::node) else {
            return false;
        };
        types.iter().any(|name| {
            is_literal_of(tree, node, name)
                || typed_forms(metavariable, name).iter().any(|form| {
                    Pattern::parse(language, form, &selvedge_syntax::MatchOptions::default())
                        .is_ok_and(|pattern| matches_at(&pattern, tree, node, &mut self.steps))
                })
        })
    }

    fn is_named(&self, hit: &Hit, metavariable: &str, kind: Option<&str>, modules: &[String]) -> bool {
        let Some(tree) = self.source.tree() else { return false };
        let Some(node) = hit.bindings.get(Metavariable::named(metavariable)).and_then(Value::node) else {
            return false;
        };
        let qualified = tree.qualified(node);
        let in_module = modules.is_empty()
            || qualified.as_deref().is_some_and(|name| {
                modules.iter().any(|module| {
                    name == module
                        || name.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('.'))
                })
            });
        let of_kind = match kind {
            Some("module") => qualified.is_some(),
            _ => true,
        };
        in_module && of_kind
    }
}

/// Whether the node is a literal, or known to be one, of a type by any of its usual names.
fn is_literal_of(tree: &Tree, node: NodeId, name: &str) -> bool {
    let names: &[&str] = match tree.constant(node) {
        Some(Constant::Text(_)) => &["str", "string", "String"],
        Some(Constant::Number(_)) => &["int", "float", "number", "Integer", "long", "double"],
        Some(Constant::Word("true" | "false" | "True" | "False")) => &["bool", "boolean", "Boolean"],
        Some(Constant::Word(_)) | None if tree.kind(node) == Kind::Interpolated => {
            &["str", "string", "String"]
        }
        Some(Constant::Word(_)) | None => &[],
    };
    names.contains(&name)
}

/// How languages write a metavariable with a type.
fn typed_forms(metavariable: &str, name: &str) -> [String; 2] {
    [format!("({metavariable} : {name})"), format!("({name} {metavariable})")]
}

fn matches_at(pattern: &Pattern, tree: &Tree, node: NodeId, steps: &mut Steps) -> bool {
    find(pattern, tree, Some(&tree.range(node)), steps).iter().any(|found| found.first == node)
}

fn with_bindings(hit: &Hit, all: impl Iterator<Item = Bindings>) -> Vec<Hit> {
    let mut hits: Vec<_> = all.map(|bindings| Hit { bindings, ..hit.clone() }).collect();
    hits.sort();
    hits.dedup();
    hits
}

/// The metavariables of a range as names of a comparison.
struct Names<'n, 'e> {
    evaluator: &'n Evaluator<'e>,
    hit: &'n Hit,
    comparison: &'n Comparison,
}

impl Names<'_, '_> {
    fn number(&self, name: &str, text: &str) -> Option<expr::Value> {
        let own = self.comparison.metavariable.as_deref() == Some(name);
        let base = self.comparison.base.filter(|_| own);
        if let Some(value) = parse_integer(text, base) {
            return Some(expr::Value::Int(value));
        }
        let is_float = text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
        text.parse().ok().filter(|_| is_float).map(expr::Value::Float)
    }
}

impl Environment for Names<'_, '_> {
    fn value(&self, name: &str) -> Option<expr::Value> {
        let own = self.comparison.metavariable.as_deref() == Some(name);
        let bound = self.hit.bindings.get(Metavariable::named(name))?;
        let constant =
            bound.node().zip(self.evaluator.source.tree()).and_then(|(node, tree)| tree.constant(node));
        match constant {
            Some(Constant::Text(text)) if own && self.comparison.strip => {
                Some(self.number(name, text).unwrap_or_else(|| expr::Value::Text(text.to_owned())))
            }
            Some(Constant::Text(text)) => Some(expr::Value::Text(text.to_owned())),
            Some(Constant::Number(text)) => self.number(name, text),
            Some(Constant::Word(word)) => Some(match word {
                "true" | "True" | "TRUE" => expr::Value::Bool(true),
                "false" | "False" | "FALSE" => expr::Value::Bool(false),
                other => expr::Value::Text(other.to_owned()),
            }),
            None => {
                let text = self.evaluator.text_of(self.hit, name)?;
                let bare =
                    if own && self.comparison.strip { text.trim_matches(['"', '\'', '`']) } else { &text };
                Some(self.number(name, bare).unwrap_or_else(|| expr::Value::Text(text.clone())))
            }
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.evaluator.text_of(self.hit, name)
    }

    fn today(&self) -> Option<Date> {
        None
    }
}
