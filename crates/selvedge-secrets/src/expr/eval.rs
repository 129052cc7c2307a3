//! Computes the value of a tree for one scope.

use std::rc::Rc;

use super::functions::{self, Function, VALUE_BYTES_MAX};
use super::scope::{FindingScope, Scope};
use super::tree::{Kind, Node, Operator};
use super::value::Value;
use super::{EvalError, STEPS_MAX};

/// Longest list that `a..b` makes.
const RANGE_MAX: i64 = 10_000;

/// The truth value of the whole expression.
pub(super) fn eval_bool(root: &Node, slots: usize, scope: &Scope<'_>) -> Result<bool, EvalError> {
    let mut evaluation =
        Evaluation { scope: *scope, variables: vec![Value::Nil; slots], element: None, steps: 0 };
    let value = evaluation.value(root)?;
    truth(&value, root)
}

/// One run over the tree.
struct Evaluation<'a> {
    scope: Scope<'a>,
    variables: Vec<Value<'a>>,
    element: Option<Value<'a>>,
    steps: usize,
}

type Evaluated<'a> = Result<Value<'a>, EvalError>;

impl<'a> Evaluation<'a> {
    /// Counts work; an expression that takes too much of it has no value.
    fn spend(&mut self, steps: usize, node: &Node) -> Result<(), EvalError> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > STEPS_MAX {
            return Err(EvalError::new(format!("evaluation takes more than {STEPS_MAX} steps"), node.offset));
        }
        Ok(())
    }

    fn value(&mut self, node: &'a Node) -> Evaluated<'a> {
        self.spend(1, node)?;
        Ok(match &node.kind {
            Kind::Nil => Value::Nil,
            Kind::Bool(truth) => Value::Bool(*truth),
            Kind::Int(number) => Value::Int(*number),
            Kind::Float(number) => Value::Float(*number),
            Kind::Text(pattern) => Value::borrowed(&pattern.text),
            Kind::Texts(patterns) => {
                self.spend(patterns.texts.len(), node)?;
                Value::List(patterns.texts.iter().map(|text| Value::borrowed(text)).collect())
            }
            Kind::List(items) => Value::List(Rc::from(self.values(items)?)),
            Kind::Map(entries) => {
                let mut map = std::collections::BTreeMap::new();
                for (key, value) in entries {
                    map.insert(key.clone(), self.value(value)?);
                }
                Value::Map(Rc::new(map))
            }
            Kind::Variable(slot) => self.variables.get(*slot).cloned().unwrap_or(Value::Nil),
            Kind::Element => self.element.clone().unwrap_or(Value::Nil),
            Kind::Finding => Value::Finding,
            Kind::Attributes => Value::Attributes,
            Kind::Captures => Value::Captures,
            Kind::Not(inner) => Value::Bool(!self.truth(inner)?),
            Kind::Negate(inner) => match self.value(inner)? {
                Value::Int(number) => Value::Int(number.checked_neg().ok_or_else(|| overflow(node))?),
                Value::Float(number) => Value::Float(-number),
                other => return Err(expected("a number", &other, inner)),
            },
            Kind::And(items) => {
                for item in items {
                    if !self.truth(item)? {
                        return Ok(Value::Bool(false));
                    }
                }
                Value::Bool(true)
            }
            Kind::Or(items) => {
                for item in items {
                    if self.truth(item)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Value::Bool(false)
            }
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, node)?,
            Kind::Choice(condition, yes, no) => {
                let chosen = if self.truth(condition)? { yes } else { no };
                self.value(chosen)?
            }
            Kind::Index { base, key, optional } => self.index(base, key, *optional, node)?,
            Kind::Slice { base, from, to } => self.slice(base, from.as_deref(), to.as_deref(), node)?,
            Kind::Let { slot, value, body } => {
                let value = self.value(value)?;
                self.variables[*slot] = value;
                self.value(body)?
            }
            Kind::Call(function, arguments) => self.call(*function, arguments, node)?,
        })
    }

    fn values(&mut self, nodes: &'a [Node]) -> Result<Vec<Value<'a>>, EvalError> {
        nodes.iter().map(|node| self.value(node)).collect()
    }

    fn truth(&mut self, node: &'a Node) -> Result<bool, EvalError> {
        let value = self.value(node)?;
        truth(&value, node)
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &'a Node,
        right: &'a Node,
        node: &'a Node,
    ) -> Evaluated<'a> {
        let first = self.value(left)?;
        if operator == Operator::Otherwise {
            return if matches!(first, Value::Nil) { self.value(right) } else { Ok(first) };
        }
        if operator == Operator::Matches {
            return self.matches(&first, left, right).map(Value::Bool);
        }
        let second = self.value(right)?;
        self.spend(first.cost() + second.cost(), node)?;
        let text_pair = || match (&first, &second) {
            (Value::Text(first), Value::Text(second)) => Ok((first.as_ref(), second.as_ref())),
            (Value::Text(_), other) => Err(expected("a string", other, right)),
            (other, _) => Err(expected("a string", other, left)),
        };
        let order = || {
            first.compare(&second).ok_or_else(|| {
                let message = format!("cannot order {} and {}", first.kind(), second.kind());
                EvalError::new(message, node.offset)
            })
        };
        Ok(match operator {
            Operator::Equal => Value::Bool(first.equals(&second)),
            Operator::NotEqual => Value::Bool(!first.equals(&second)),
            Operator::Less => Value::Bool(order()?.is_lt()),
            Operator::LessEqual => Value::Bool(order()?.is_le()),
            Operator::Greater => Value::Bool(order()?.is_gt()),
            Operator::GreaterEqual => Value::Bool(order()?.is_ge()),
            Operator::Contains => {
                let (whole, part) = text_pair()?;
                Value::Bool(memchr::memmem::find(whole, part).is_some())
            }
            Operator::StartsWith => text_pair().map(|(whole, part)| Value::Bool(whole.starts_with(part)))?,
            Operator::EndsWith => text_pair().map(|(whole, part)| Value::Bool(whole.ends_with(part)))?,
            Operator::In => Value::Bool(self.member(&first, &second, right)?),
            Operator::Range => range(&first, &second, node)?,
            Operator::Add => match (&first, &second) {
                (Value::Text(first), Value::Text(second)) => {
                    if first.len() + second.len() > VALUE_BYTES_MAX {
                        let message = format!("the text is longer than {VALUE_BYTES_MAX} bytes");
                        return Err(EvalError::new(message, node.offset));
                    }
                    Value::owned([first.as_ref(), second.as_ref()].concat())
                }
                _ => arithmetic(operator, &first, &second, node)?,
            },
            Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Remainder
            | Operator::Power => arithmetic(operator, &first, &second, node)?,
            Operator::Otherwise | Operator::Matches => Value::Nil,
        })
    }

    /// `item in container`.
    fn member(&self, item: &Value<'a>, container: &Value<'a>, node: &Node) -> Result<bool, EvalError> {
        match (container, item) {
            (Value::List(items), _) => Ok(items.iter().any(|member| member.equals(item))),
            (Value::Nil, _) => Ok(false),
            (Value::Map(entries), Value::Text(key)) => Ok(entries.contains_key(key.as_ref())),
            (Value::Attributes, Value::Text(key)) => {
                Ok(self.scope.attributes.iter().any(|(name, _)| name.as_bytes() == key.as_ref()))
            }
            (Value::Captures, Value::Text(key)) => {
                Ok(self.scope.captures.iter().any(|(name, _)| name.as_bytes() == key.as_ref()))
            }
            (Value::Finding, Value::Text(key)) => {
                Ok(super::scope::FINDING_FIELDS.iter().any(|name| name.as_bytes() == key.as_ref()))
            }
            (other, _) => Err(expected("a list, or a map with a string before `in`", other, node)),
        }
    }

    fn index(&mut self, base: &'a Node, key: &'a Node, optional: bool, node: &Node) -> Evaluated<'a> {
        let container = self.value(base)?;
        if optional && matches!(container, Value::Nil) {
            return Ok(Value::Nil);
        }
        let key_value = self.value(key)?;
        match (&container, &key_value) {
            (Value::List(items), Value::Int(index)) => {
                let at = if *index < 0 { index + Value::count_of(items) } else { *index };
                let found = usize::try_from(at).ok().and_then(|at| items.get(at)).cloned();
                found.or(optional.then_some(Value::Nil)).ok_or_else(|| {
                    let message = format!("index {index} is outside a list of {}", items.len());
                    EvalError::new(message, key.offset)
                })
            }
            (Value::List(_), other) => Err(expected("a whole number as index", other, key)),
            // An attribute that is not known reads as empty text, one of a finding as nil.
            (Value::Attributes | Value::Captures, Value::Text(_)) => {
                Ok(self.lookup(&container, &key_value, node)?.unwrap_or(Value::borrowed(b"")))
            }
            (Value::Map(_) | Value::Finding, Value::Text(_)) => {
                Ok(self.lookup(&container, &key_value, node)?.unwrap_or(Value::Nil))
            }
            (Value::Map(_) | Value::Finding | Value::Attributes | Value::Captures, other) => {
                Err(expected("a string as key", other, key))
            }
            (other, _) => Err(expected("a list or a map before `[`", other, base)),
        }
    }

    /// What a map holds under a key.
    fn lookup(
        &self,
        container: &Value<'a>,
        key: &Value<'a>,
        node: &Node,
    ) -> Result<Option<Value<'a>>, EvalError> {
        let Value::Text(key) = key else {
            return Ok(None);
        };
        Ok(match container {
            Value::Map(entries) => entries.get(key.as_ref()).cloned(),
            Value::Attributes => self
                .scope
                .attributes
                .iter()
                .find(|(name, _)| name.as_bytes() == key.as_ref())
                .map(|(_, value)| Value::borrowed(value.as_bytes())),
            Value::Captures => self
                .scope
                .captures
                .iter()
                .find(|(name, _)| name.as_bytes() == key.as_ref())
                .map(|(_, value)| Value::borrowed(value)),
            Value::Finding => {
                let finding = self.scope.finding.ok_or_else(|| {
                    EvalError::new(
                        "there is no finding here: a prefilter sees only `attributes`",
                        node.offset,
                    )
                })?;
                field(finding, key)
            }
            _ => None,
        })
    }

    fn slice(
        &mut self,
        base: &'a Node,
        from: Option<&'a Node>,
        to: Option<&'a Node>,
        node: &Node,
    ) -> Evaluated<'a> {
        let whole = self.value(base)?;
        let length = match &whole {
            Value::Text(text) => text.len(),
            Value::List(items) => items.len(),
            other => return Err(expected("a string or a list before `[from:to]`", other, base)),
        };
        let to = self.bound(to, length, length)?;
        let from = self.bound(from, 0, length)?.min(to);
        Ok(match whole {
            Value::Text(std::borrow::Cow::Borrowed(text)) => Value::borrowed(&text[from..to]),
            Value::Text(std::borrow::Cow::Owned(text)) => Value::owned(text[from..to].to_vec()),
            Value::List(items) => {
                self.spend(to - from, node)?;
                Value::List(Rc::from(&items[from..to]))
            }
            other => other,
        })
    }

    /// One end of a slice: negative counts from the end, and all is cut to the length.
    fn bound(&mut self, node: Option<&'a Node>, missing: usize, length: usize) -> Result<usize, EvalError> {
        let Some(node) = node else {
            return Ok(missing);
        };
        match self.value(node)? {
            Value::Int(offset) if offset < 0 => {
                Ok(length.saturating_sub(usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX)))
            }
            Value::Int(offset) => Ok(usize::try_from(offset).unwrap_or(usize::MAX).min(length)),
            other => Err(expected("a whole number as bound", &other, node)),
        }
    }

    fn call(&mut self, function: Function, arguments: &'a [Node], node: &'a Node) -> Evaluated<'a> {
        match function {
            Function::Get => {
                let container = self.value(&arguments[0])?;
                let key = self.value(&arguments[1])?;
                match self.lookup(&container, &key, node)? {
                    Some(Value::Nil) | None => {
                        arguments.get(2).map_or(Ok(Value::Nil), |node| self.value(node))
                    }
                    Some(found) => Ok(found),
                }
            }
            Function::MatchesAny | Function::Matches => {
                let text = self.value(&arguments[0])?;
                self.matches(&text, &arguments[0], &arguments[1]).map(Value::Bool)
            }
            Function::FindMatch => self.find_match(&arguments[0], &arguments[1]),
            Function::ContainsAny => self.contains_any(&arguments[0], &arguments[1]).map(Value::Bool),
            Function::Any | Function::All | Function::None | Function::One | Function::Count => {
                self.predicate(function, &arguments[0], &arguments[1])
            }
            _ => {
                let values = self.values(arguments)?;
                self.spend(values.iter().map(Value::cost).sum(), node)?;
                let result = functions::call(function, &values)
                    .map_err(|message| EvalError::new(message, node.offset))?;
                self.spend(result.cost(), node)?;
                Ok(result)
            }
        }
    }

    /// Whether a text matches a pattern or any of a list of them.
    fn matches(&mut self, text: &Value<'a>, text_node: &Node, pattern: &'a Node) -> Result<bool, EvalError> {
        let Value::Text(text) = text else {
            return Err(expected("a string", text, text_node));
        };
        self.spend(1 + text.len() / 16, pattern)?;
        if matches!(&pattern.kind, Kind::Texts(patterns) if patterns.texts.is_empty()) {
            return Ok(false);
        }
        self.with_regex(pattern, |regex| regex.is_match(text))
    }

    fn find_match(&mut self, text_node: &'a Node, pattern: &'a Node) -> Evaluated<'a> {
        let text = match self.value(text_node)? {
            Value::Text(text) => text,
            other => return Err(expected("a string", &other, text_node)),
        };
        self.spend(1 + text.len() / 16, pattern)?;
        let range = self.with_regex(pattern, |regex| regex.find(&text).map(|found| found.range()))?;
        Ok(match (range, text) {
            (None, _) => Value::borrowed(b""),
            (Some(range), std::borrow::Cow::Borrowed(text)) => Value::borrowed(&text[range]),
            (Some(range), std::borrow::Cow::Owned(text)) => Value::owned(text[range].to_vec()),
        })
    }

    /// Hands the regex of a node to `ask`: a literal's kept one, or one compiled for this call.
    fn with_regex<T>(
        &mut self,
        pattern: &'a Node,
        ask: impl FnOnce(&regex::bytes::Regex) -> T,
    ) -> Result<T, EvalError> {
        let bad = |message: &String| EvalError::new(format!("bad regex: {message}"), pattern.offset);
        match &pattern.kind {
            Kind::Text(literal) => literal.regex().as_ref().map(ask).map_err(bad),
            Kind::Texts(literals) => literals.regex().as_ref().map(ask).map_err(bad),
            _ => {
                let texts = match self.value(pattern)? {
                    Value::Text(text) => vec![text.into_owned()],
                    list @ Value::List(_) => texts_of(&list, pattern)?,
                    other => return Err(expected("a regex or a list of them", &other, pattern)),
                };
                // Compiling is far dearer than looking a literal's regex up.
                self.spend(texts.iter().map(|text| 1_000 + text.len()).sum(), pattern)?;
                super::re2::alternation(&texts).as_ref().map(ask).map_err(bad)
            }
        }
    }

    /// Whether the text in lower case contains any term as it is written.
    fn contains_any(&mut self, text_node: &'a Node, terms_node: &'a Node) -> Result<bool, EvalError> {
        let text = match self.value(text_node)? {
            Value::Text(text) => functions::lower(&text),
            other => return Err(expected("a string", &other, text_node)),
        };
        self.spend(1 + text.len() / 16, terms_node)?;
        if let Kind::Texts(terms) = &terms_node.kind {
            return Ok(terms.terms().is_some_and(|terms| terms.is_match(&text)));
        }
        let list = self.value(terms_node)?;
        let terms = texts_of(&list, terms_node)?;
        self.spend(terms.len().saturating_mul(1 + text.len() / 64), terms_node)?;
        Ok(terms.iter().any(|term| !term.is_empty() && memchr::memmem::find(&text, term).is_some()))
    }

    fn predicate(&mut self, function: Function, list: &'a Node, body: &'a Node) -> Evaluated<'a> {
        let items = match self.value(list)? {
            Value::List(items) => items,
            other => return Err(expected("a list", &other, list)),
        };
        let outer = self.element.take();
        let mut held = 0;
        for item in items.iter() {
            self.element = Some(item.clone());
            held += usize::from(self.truth(body)?);
        }
        self.element = outer;
        Ok(match function {
            Function::Any => Value::Bool(held > 0),
            Function::All => Value::Bool(held == items.len()),
            Function::None => Value::Bool(held == 0),
            Function::One => Value::Bool(held == 1),
            _ => Value::count(held),
        })
    }
}

/// A field of the finding; derived ones are computed here.
fn field<'a>(finding: &'a FindingScope<'a>, name: &[u8]) -> Option<Value<'a>> {
    let matched = finding.matched_range();
    Some(match name {
        b"secret" => Value::borrowed(finding.secret),
        b"match" => Value::borrowed(&finding.text[matched]),
        b"line" => Value::borrowed(&finding.text[finding.line_start()..finding.line_end()]),
        b"rule_id" => Value::borrowed(finding.rule_id.as_bytes()),
        b"description" => Value::borrowed(finding.description.as_bytes()),
        b"context" => Value::borrowed(finding.context()),
        b"entropy" => Value::owned(functions::entropy(finding.secret).to_string().into_bytes()),
        b"fragment_raw" => Value::borrowed(finding.text),
        b"match_start_idx" => Value::count(matched.start),
        b"match_end_idx" => Value::count(matched.end),
        b"match_line_start_idx" => Value::count(finding.line_start()),
        b"match_line_end_idx" => Value::count(finding.line_end()),
        _ => return None,
    })
}

/// The texts of a list.
fn texts_of(list: &Value<'_>, node: &Node) -> Result<Vec<Vec<u8>>, EvalError> {
    let Value::List(items) = list else {
        return Err(expected("a list of strings", list, node));
    };
    items
        .iter()
        .map(|item| match item {
            Value::Text(text) => Ok(text.to_vec()),
            other => Err(expected("a list of strings, but one member is not:", other, node)),
        })
        .collect()
}

/// The numbers from one to another.
fn range<'a>(first: &Value<'_>, last: &Value<'_>, node: &Node) -> Evaluated<'a> {
    let (Value::Int(first), Value::Int(last)) = (first, last) else {
        return Err(EvalError::new("expected whole numbers on both sides of `..`", node.offset));
    };
    if last.saturating_sub(*first) >= RANGE_MAX {
        return Err(EvalError::new(format!("the range has more than {RANGE_MAX} numbers"), node.offset));
    }
    Ok(Value::List((*first..=*last).map(Value::Int).collect()))
}

/// `+ - * / % **` on numbers; `/` and `**` always give a fraction.
fn arithmetic<'a>(operator: Operator, left: &Value<'_>, right: &Value<'_>, node: &Node) -> Evaluated<'a> {
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        let whole = match operator {
            Operator::Add => Some(left.checked_add(*right)),
            Operator::Subtract => Some(left.checked_sub(*right)),
            Operator::Multiply => Some(left.checked_mul(*right)),
            Operator::Remainder => Some(left.checked_rem(*right)),
            _ => None,
        };
        if let Some(result) = whole {
            return result.map(Value::Int).ok_or_else(|| overflow(node));
        }
    }
    let (Some(left_number), Some(right_number)) = (left.number(), right.number()) else {
        let message = format!("cannot compute with {} and {}", left.kind(), right.kind());
        return Err(EvalError::new(message, node.offset));
    };
    Ok(Value::Float(match operator {
        Operator::Add => left_number + right_number,
        Operator::Subtract => left_number - right_number,
        Operator::Multiply => left_number * right_number,
        Operator::Divide => left_number / right_number,
        Operator::Power => left_number.powf(right_number),
        _ => return Err(EvalError::new("`%` takes whole numbers", node.offset)),
    }))
}

fn truth(value: &Value<'_>, node: &Node) -> Result<bool, EvalError> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        other => Err(expected("true or false", other, node)),
    }
}

fn expected(what: &str, found: &Value<'_>, node: &Node) -> EvalError {
    EvalError::new(format!("expected {what}, got {}", found.kind()), node.offset)
}

fn overflow(node: &Node) -> EvalError {
    EvalError::new("the number does not fit 64 bits, or is divided by zero", node.offset)
}
