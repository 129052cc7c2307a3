//! The language of `metavariable-comparison` and of `requires`: Python's expressions, as far as rules use
//! them.
//!
//! Values are integers, floats, texts, lists, truth values and points in time. An operation on values that
//! do not fit gives no value, and a condition without a value does not hold.

mod eval;
mod parse;

pub(crate) use eval::{Environment, Value, parse_integer};
pub(crate) use parse::parse;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Int(i128),
    Float(f64),
    Text(String),
    Bool(bool),
    /// `$X`, or a label.
    Name(String),
    List(Vec<Expr>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Invert(Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `a < b < c` is a conjunction of its pairs.
    Compare(Comparator, Box<Expr>, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Call(Function, Vec<Expr>),
}

/// An arithmetic or bitwise operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// A function that rules may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Int,
    Float,
    Str,
    Len,
    Today,
    Strptime,
    ReMatch,
    Lower,
    Upper,
}

#[cfg(test)]
mod tests;
