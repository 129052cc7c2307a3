//! The patterns of a rule, made ready for one target. Equal patterns of several rules are one, so that a file
//! is searched for them once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use selvedge_syntax::{MatchOptions, Pattern};

use crate::generic::GenericPattern;
use crate::rule::{LeafKind, Options, RuleDefinition, Target};

/// A pattern that is shared by all rules that have it.
#[derive(Debug)]
pub(crate) struct SharedPattern {
    /// Dense, so that what a file answers is kept in a table.
    pub(crate) id: usize,
    pub(crate) pattern: Pattern,
}

/// A leaf of a rule, ready to be matched.
#[derive(Debug)]
pub(crate) enum CompiledLeaf {
    Code(Arc<SharedPattern>),
    Generic(GenericPattern),
    /// A regular expression, which stays with the rule; or a pattern's text read as one.
    Regex,
}

/// The leaves of one rule for one target, in the order of the rule.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) leaves: Vec<CompiledLeaf>,
}

/// What makes a pattern distinct: its target, its options and its text.
#[derive(Debug, PartialEq, Eq, Hash)]
struct PatternKey {
    target: Target,
    matching: Vec<(String, bool)>,
    constant_propagation: bool,
    symbolic_propagation: bool,
    text: String,
}

/// Every pattern of a rule set by what makes it distinct.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    known: Mutex<HashMap<PatternKey, Arc<SharedPattern>>>,
}

impl Interner {
    fn pattern(&self, target: Target, text: &str, options: &Options) -> Result<Arc<SharedPattern>, String> {
        let Target::Code(language) = target else { return Err("is no code".to_owned()) };
        let key = PatternKey {
            target,
            matching: options.matching.clone(),
            constant_propagation: options.constant_propagation,
            symbolic_propagation: options.symbolic_propagation,
            text: text.to_owned(),
        };
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let pattern =
            Pattern::parse(language, text, &matching(options)).map_err(|error| error.to_string())?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let id = known.len();
        Ok(known.entry(key).or_insert_with(|| Arc::new(SharedPattern { id, pattern })).clone())
    }

    /// Makes the leaves of a rule ready; the error is the line in the rule file and the reason.
    pub(crate) fn compile(&self, rule: &RuleDefinition, target: Target) -> Result<Program, (u32, String)> {
        let mut leaves = Vec::with_capacity(rule.leaves.len());
        for leaf in &rule.leaves {
            let own = leaf.target.unwrap_or(target);
            let fail = |reason: String| (leaf.line, reason);
            leaves.push(match &leaf.kind {
                LeafKind::Regex(regex) => {
                    regex.check().map_err(|error| fail(format!("regular expression: {error}")))?;
                    CompiledLeaf::Regex
                }
                LeafKind::Pattern(text) => match own {
                    Target::Generic => CompiledLeaf::Generic(GenericPattern::new(text)),
                    Target::Regex => {
                        return Err(fail("a pattern where only `pattern-regex` is possible".to_owned()));
                    }
                    Target::Code(_) => {
                        CompiledLeaf::Code(self.pattern(own, text, &rule.options).map_err(fail)?)
                    }
                },
            });
        }
        Ok(Program { leaves })
    }
}

fn matching(options: &Options) -> MatchOptions {
    let mut matching = MatchOptions {
        constant_propagation: options.constant_propagation,
        symbolic_propagation: options.symbolic_propagation,
        ..MatchOptions::default()
    };
    for (name, on) in &options.matching {
        let place = match name.as_str() {
            "ac_matching" => &mut matching.ac_matching,
            "commutative_boolop" => &mut matching.commutative_boolop,
            "commutative_compop" | "symmetric_eq" => &mut matching.commutative_compare,
            "vardef_assign" => &mut matching.vardef_assign,
            "attr_expr" => &mut matching.attr_expr,
            "arrow_is_function" => &mut matching.arrow_is_function,
            "let_is_var" => &mut matching.let_is_var,
            "implicit_deep_exprstmt" => &mut matching.implicit_deep_exprstmt,
            "implicit_ellipsis" => &mut matching.implicit_ellipsis,
            "implicit_return" => &mut matching.implicit_return,
            _ => continue,
        };
        *place = *on;
    }
    matching
}
