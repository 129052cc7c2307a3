//! The value of an expression.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::{Binary, Comparator, Expr, Function};
use crate::limits::EXPRESSION_TEXT_MAX;
use crate::pcre::Pcre;

/// What an expression is worth.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Int(i128),
    Float(f64),
    Text(String),
    Bool(bool),
    List(Vec<Value>),
}

/// Where names get their values, and what day it is.
pub(crate) trait Environment {
    /// The value of a name: a number if its text is one, else the text.
    fn value(&self, name: &str) -> Option<Value>;

    /// The text of a name as the file has it.
    fn text(&self, name: &str) -> Option<String>;

    /// The day of the run; none where a result must not depend on it.
    fn today(&self) -> Option<Date>;
}

impl Expr {
    /// Whether the expression holds. One without a value does not.
    pub(crate) fn holds(&self, env: &dyn Environment) -> bool {
        self.value(env).is_some_and(|value| truth(&value))
    }

    /// The value of the expression.
    pub(crate) fn value(&self, env: &dyn Environment) -> Option<Value> {
        match self {
            Self::Int(value) => Some(Value::Int(*value)),
            Self::Float(value) => Some(Value::Float(*value)),
            Self::Text(text) => Some(Value::Text(text.clone())),
            Self::Bool(value) => Some(Value::Bool(*value)),
            Self::Name(name) => env.value(name),
            Self::List(items) => {
                items.iter().map(|item| item.value(env)).collect::<Option<_>>().map(Value::List)
            }
            Self::Not(inner) => inner.value(env).map(|value| Value::Bool(!truth(&value))),
            Self::Negative(inner) => match inner.value(env)? {
                Value::Int(value) => value.checked_neg().map(Value::Int),
                Value::Float(value) => Some(Value::Float(-value)),
                Value::Text(_) | Value::Bool(_) | Value::List(_) => None,
            },
            Self::Invert(inner) => match inner.value(env)? {
                Value::Int(value) => Some(Value::Int(!value)),
                _ => None,
            },
            Self::Binary(operator, left, right) => arithmetic(*operator, left.value(env)?, right.value(env)?),
            Self::Compare(comparator, left, right) => {
                compare(*comparator, &left.value(env)?, &right.value(env)?).map(Value::Bool)
            }
            Self::And(parts) => parts
                .iter()
                .try_fold(true, |all, part| Some(all && (part.value(env).map(|value| truth(&value))?)))
                .map(Value::Bool),
            Self::Or(parts) => Some(Value::Bool(parts.iter().any(|part| part.holds(env)))),
            Self::Call(function, arguments) => call(*function, arguments, env),
        }
    }
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        Value::Text(text) => !text.is_empty(),
        Value::Bool(value) => *value,
        Value::List(items) => !items.is_empty(),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Text(_) | Value::List(_) => None,
    }
}

fn arithmetic(operator: Binary, left: Value, right: Value) -> Option<Value> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => integers(operator, left, right),
        (Value::Text(left), Value::Text(right)) if operator == Binary::Add => {
            (left.len() + right.len() <= EXPRESSION_TEXT_MAX).then(|| Value::Text(left + &right))
        }
        (left, right) => floats(operator, number(&left)?, number(&right)?).map(Value::Float),
    }
}

fn integers(operator: Binary, left: i128, right: i128) -> Option<Value> {
    let value = match operator {
        Binary::Add => left.checked_add(right),
        Binary::Subtract => left.checked_sub(right),
        Binary::Multiply => left.checked_mul(right),
        Binary::Divide if left.checked_rem(right).is_some_and(|rest| rest != 0) => {
            return Some(Value::Float(left as f64 / right as f64));
        }
        Binary::Divide | Binary::FloorDivide => left.checked_div_euclid(right),
        Binary::Modulo => left.checked_rem_euclid(right),
        Binary::Power => left.checked_pow(u32::try_from(right).ok()?),
        Binary::BitAnd => Some(left & right),
        Binary::BitOr => Some(left | right),
        Binary::BitXor => Some(left ^ right),
        Binary::ShiftLeft => left.checked_shl(u32::try_from(right).ok()?),
        Binary::ShiftRight => left.checked_shr(u32::try_from(right).ok()?),
    };
    value.map(Value::Int)
}

fn floats(operator: Binary, left: f64, right: f64) -> Option<f64> {
    match operator {
        Binary::Add => Some(left + right),
        Binary::Subtract => Some(left - right),
        Binary::Multiply => Some(left * right),
        Binary::Divide => (right != 0.0).then(|| left / right),
        Binary::FloorDivide => (right != 0.0).then(|| (left / right).floor()),
        Binary::Modulo => (right != 0.0).then(|| left.rem_euclid(right)),
        Binary::Power => Some(left.powf(right)),
        Binary::BitAnd | Binary::BitOr | Binary::BitXor | Binary::ShiftLeft | Binary::ShiftRight => None,
    }
}

fn compare(comparator: Comparator, left: &Value, right: &Value) -> Option<bool> {
    match comparator {
        Comparator::In => contains(right, left),
        Comparator::NotIn => contains(right, left).map(|inside| !inside),
        Comparator::Equal => Some(order(left, right) == Some(Ordering::Equal)),
        Comparator::NotEqual => Some(order(left, right) != Some(Ordering::Equal)),
        Comparator::Less => order(left, right).map(Ordering::is_lt),
        Comparator::LessOrEqual => order(left, right).map(Ordering::is_le),
        Comparator::Greater => order(left, right).map(Ordering::is_gt),
        Comparator::GreaterOrEqual => order(left, right).map(Ordering::is_ge),
    }
}

fn contains(container: &Value, item: &Value) -> Option<bool> {
    match (container, item) {
        (Value::List(items), _) => {
            Some(items.iter().any(|other| order(other, item) == Some(Ordering::Equal)))
        }
        (Value::Text(text), Value::Text(part)) => Some(text.contains(part.as_str())),
        _ => None,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::List(left), Value::List(right)) => {
            let equal = left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| order(left, right) == Some(Ordering::Equal));
            equal.then_some(Ordering::Equal)
        }
        _ => number(left)?.partial_cmp(&number(right)?),
    }
}

fn call(function: Function, arguments: &[Expr], env: &dyn Environment) -> Option<Value> {
    let first = arguments.first();
    let text = |index: usize| as_text(arguments.get(index)?, env);
    match function {
        Function::Int => to_int(&first?.value(env)?),
        Function::Float => to_float(&first?.value(env)?),
        Function::Str => text(0).map(Value::Text),
        Function::Len => match first?.value(env)? {
            Value::Text(text) => Some(Value::Int(text.chars().count() as i128)),
            Value::List(items) => Some(Value::Int(items.len() as i128)),
            _ => None,
        },
        Function::Today => env.today().map(seconds).map(Value::Int),
        Function::Strptime => date(text(0)?.trim_matches(['"', '\''])).map(seconds).map(Value::Int),
        Function::ReMatch => {
            let Value::Text(regex) = first?.value(env)? else { return None };
            Pcre::left_anchored(&regex).is_match(&text(1)?).ok().map(Value::Bool)
        }
        Function::Lower => text(0).map(|text| Value::Text(text.to_lowercase())),
        Function::Upper => text(0).map(|text| Value::Text(text.to_uppercase())),
    }
}

/// The text of an expression: of a metavariable what the file has, of anything else its value in writing.
fn as_text(expression: &Expr, env: &dyn Environment) -> Option<String> {
    if let Expr::Name(name) = expression {
        return env.text(name);
    }
    Some(match expression.value(env)? {
        Value::Text(text) => text,
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Bool(value) => if value { "True" } else { "False" }.to_owned(),
        Value::List(_) => return None,
    })
}

fn to_int(value: &Value) -> Option<Value> {
    match value {
        Value::Int(_) => Some(value.clone()),
        Value::Float(value) => Some(Value::Int(*value as i128)),
        Value::Bool(value) => Some(Value::Int(i128::from(*value))),
        Value::Text(text) => parse_integer(text.trim().trim_matches(['"', '\'', '`']), None).map(Value::Int),
        Value::List(_) => None,
    }
}

fn to_float(value: &Value) -> Option<Value> {
    match value {
        Value::Text(text) => text.trim().trim_matches(['"', '\'']).parse().ok().map(Value::Float),
        _ => number(value).map(Value::Float),
    }
}

/// Reads an integer in `base`, or in the base that its prefix says; a leading zero alone means octal, as in C.
pub(crate) fn parse_integer(text: &str, base: Option<u32>) -> Option<i128> {
    let plain = text.replace('_', "").to_ascii_lowercase();
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, plain.as_str()),
    };
    let digits = digits.trim_end_matches(['l', 'u', 'n']);
    let value = match base {
        Some(base) => {
            let bare =
                ["0x", "0o", "0b"].iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits);
            i128::from_str_radix(bare, base.clamp(2, 36)).ok()?
        }
        None => [("0x", 16), ("0o", 8), ("0b", 2)]
            .iter()
            .find_map(|(prefix, base)| digits.strip_prefix(prefix).map(|rest| (rest, *base)))
            .or_else(|| (digits.len() > 1 && digits.starts_with('0')).then(|| (&digits[1..], 8)))
            .map_or_else(|| digits.parse().ok(), |(rest, base)| i128::from_str_radix(rest, base).ok())?,
    };
    if negative { value.checked_neg() } else { Some(value) }
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok().or_else(|| Date::strptime("%Y-%m-%d", text).ok())
}

/// Seconds from the epoch to the start of that day.
fn seconds(date: Date) -> i128 {
    let days = date.since((jiff::Unit::Day, Date::constant(1970, 1, 1))).map_or(0, |span| span.get_days());
    i128::from(days) * 86_400
}
