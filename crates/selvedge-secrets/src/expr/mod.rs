//! Filter expressions of Betterleaks rule files.
//!
//! A `prefilter` judges a file by its attributes, a `filter` judges a finding; **true means
//! drop it**. The language is the part of expr-lang that such judgements need: literals,
//! lists, maps, arithmetic, comparison, `in`, `contains`, `startsWith`, `endsWith`,
//! `matches`, `?:`, `??`, `let`, `if`, slices, pipes, predicates (`any(list, {# > 1})`) and the
//! functions of the table in `functions.rs`; the older CEL spellings (`x.contains(y)`,
//! `a.?b.orValue(c)`, `cel.bind`) are understood too. Parsing and evaluation are total:
//! size, nesting and steps are bounded, and there is no input or output.

mod eval;
mod functions;
mod lexer;
mod parser;
pub(crate) mod re2;
mod scope;
mod tree;
mod value;

#[cfg(test)]
mod tests;

pub use scope::{FindingScope, Scope};

use tree::{Kind, Node};

/// Longest expression that is read.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// Deepest nesting of an expression.
pub const NESTING_MAX: usize = 96;
/// Most steps one evaluation may take; a step is a node, or 64 bytes of text looked at.
pub const STEPS_MAX: usize = 1 << 20;

/// A parsed expression. Its regexes are compiled when first needed and kept.
#[derive(Debug)]
pub struct Expr {
    root: Node,
    slots: usize,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at byte {offset})")]
pub struct ExprError {
    /// What is wrong and what was expected.
    pub message: String,
    /// Where, as byte offset in the expression.
    pub offset: usize,
}

/// Why an expression has no value for a finding. Whoever asked keeps the finding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at byte {offset})")]
pub struct EvalError {
    /// What is wrong and what was expected.
    pub message: String,
    /// Where, as byte offset in the expression.
    pub offset: usize,
}

impl ExprError {
    /// An error at a byte offset.
    fn new(message: impl Into<String>, offset: usize) -> Self {
        Self { message: message.into(), offset }
    }
}

impl EvalError {
    /// An error at a byte offset.
    fn new(message: impl Into<String>, offset: usize) -> Self {
        Self { message: message.into(), offset }
    }
}

impl Expr {
    /// Reads an expression. Names of functions, variables and finding fields are checked here.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let (root, slots) = parser::parse(text)?;
        Ok(Self { root, slots })
    }

    /// Whether the finding (or the file) is to be dropped.
    pub fn eval_bool(&self, scope: &Scope<'_>) -> Result<bool, EvalError> {
        eval::eval_bool(&self.root, self.slots, scope)
    }

    /// Compiles every regex literal, so that a bad one is reported before the first finding.
    pub fn check_regexes(&self) -> Result<(), ExprError> {
        self.each(&mut |node| {
            let Kind::Call(function, arguments) = &node.kind else {
                return Ok(());
            };
            let Some(pattern) = arguments.get(1).filter(|_| function.takes_pattern()) else {
                return Ok(());
            };
            let compiled = match &pattern.kind {
                Kind::Text(text) => text.regex(),
                Kind::Texts(texts) => texts.regex(),
                _ => return Ok(()),
            };
            match compiled {
                Ok(_) => Ok(()),
                Err(message) => Err(ExprError::new(format!("bad regex: {message}"), pattern.offset)),
            }
        })
    }

    /// Whether the expression asks about the finding; a prefilter cannot.
    pub fn needs_finding(&self) -> bool {
        let mut needs = false;
        // The visitor never fails, so neither does the walk.
        let _ = self.each(&mut |node| {
            needs |= matches!(node.kind, Kind::Finding);
            Ok(())
        });
        needs
    }

    /// Visits every node, parents first, until the visitor fails.
    fn each(&self, visit: &mut dyn FnMut(&Node) -> Result<(), ExprError>) -> Result<(), ExprError> {
        let mut open = vec![&self.root];
        while let Some(node) = open.pop() {
            visit(node)?;
            open.extend(node.children().into_iter().rev());
        }
        Ok(())
    }
}

/// The known name nearest to a mistyped one, as the end of a message.
fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let best = known
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&name.to_ascii_lowercase(), &candidate.to_ascii_lowercase()),
                candidate,
            )
        })
        .min();
    match best {
        Some((distance, candidate)) if distance <= 1 + name.len() / 3 => {
            format!("; did you mean `{candidate}`?")
        }
        _ => String::new(),
    }
}
