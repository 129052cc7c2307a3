//! Patterns: read through the grammar and the lowering of their language, so that they look like what they
//! are to match.

mod data;
pub(crate) mod expression;
pub(crate) mod marker;
mod readings;
mod required;
mod root;
mod substitute;

use crate::kind::Kind;
use crate::language::Language;
use crate::tree::{NodeId, Tree};
use crate::value::Metavariable;

/// How patterns of a rule are matched; the names follow the `options` of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one documented option of the rule format")]
pub struct MatchOptions {
    /// `constant_propagation`: a literal matches a name that is known to hold it.
    pub constant_propagation: bool,
    /// `symbolic_propagation`: an expression matches a name that was given it.
    pub symbolic_propagation: bool,
    /// `ac_matching`: associative and commutative operators match in any grouping and order.
    pub ac_matching: bool,
    /// `commutative_boolop`: `&&` and `||` match in any order as well.
    pub commutative_boolop: bool,
    /// `commutative_compare`: `==` and `!=` match in any order.
    pub commutative_compare: bool,
    /// `vardef_assign`: an assignment matches a definition with a value.
    pub vardef_assign: bool,
    /// `attr_expr`: a call or name matches a decorator or annotation.
    pub attr_expr: bool,
    /// `arrow_is_function`: a function matches an arrow or lambda.
    pub arrow_is_function: bool,
    /// `let_is_var`: the words that begin a definition are one.
    pub let_is_var: bool,
    /// `implicit_deep_exprstmt`: an expression in a sequence matches inside larger statements.
    pub implicit_deep_exprstmt: bool,
    /// `implicit_ellipsis`: members of a class and keys of an object may be fewer than there are.
    pub implicit_ellipsis: bool,
    /// `implicit_return`: the last expression of a body matches a return.
    pub implicit_return: bool,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self {
            constant_propagation: true,
            symbolic_propagation: false,
            ac_matching: true,
            commutative_boolop: false,
            commutative_compare: false,
            vardef_assign: true,
            attr_expr: true,
            arrow_is_function: true,
            let_is_var: true,
            implicit_deep_exprstmt: true,
            implicit_ellipsis: true,
            implicit_return: true,
        }
    }
}

/// Why a pattern does not load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// The text is empty or only comments.
    #[error("empty pattern")]
    Empty,
    /// It is longer than [`PATTERN_BYTES_MAX`].
    #[error("pattern of {0} bytes is over the limit of {PATTERN_BYTES_MAX}")]
    TooLarge(usize),
    /// It has more nodes than [`PATTERN_NODES_MAX`].
    #[error("pattern of {0} nodes is over the limit of {PATTERN_NODES_MAX}")]
    TooComplex(usize),
    /// A regular expression in a string of it does not compile.
    #[error("regular expression `{expression}`: {message}")]
    Expression {
        /// The expression.
        expression: String,
        /// What is wrong with it.
        message: String,
    },
    /// The grammar cannot read it.
    #[error("{language} cannot read the pattern, from `{near}` on")]
    Unreadable {
        /// The language it was read as.
        language: Language,
        /// Where reading it first failed.
        near: String,
    },
}

/// Bytes of one pattern.
pub const PATTERN_BYTES_MAX: usize = 64 << 10;
/// Nodes of one pattern; matching recurses along them.
pub const PATTERN_NODES_MAX: usize = 2_000;

/// A pattern, ready to be matched.
#[derive(Debug)]
pub struct Pattern {
    pub(crate) tree: Tree,
    /// The statements to match in sequence; a single one may be any node.
    pub(crate) roots: Vec<NodeId>,
    pub(crate) options: MatchOptions,
    pub(crate) expressions: expression::Expressions,
    /// Hashes of names that a matching file has.
    pub(crate) names: Vec<u32>,
    required: Vec<String>,
    metavariables: Vec<String>,
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(language: Language, text: &str, options: &MatchOptions) -> Result<Self, PatternError> {
        if text.len() > PATTERN_BYTES_MAX {
            return Err(PatternError::TooLarge(text.len()));
        }
        if text.trim().is_empty() {
            return Err(PatternError::Empty);
        }
        let (tree, roots) = root::read(language, text)?;
        if tree.len() > PATTERN_NODES_MAX {
            return Err(PatternError::TooComplex(tree.len()));
        }
        if roots.is_empty() {
            return Err(PatternError::Empty);
        }
        let expressions = expression::Expressions::compile(&tree)?;
        let required = required::of(&tree, &roots);
        let metavariables = metavariables(&tree, &roots);
        Ok(Self {
            names: required.names,
            required: required.literals,
            tree,
            roots,
            options: options.clone(),
            expressions,
            metavariables,
        })
    }

    /// The language it was read as.
    pub fn language(&self) -> Language {
        self.tree.language()
    }

    /// Texts that all occur in a file that it matches, longest first; none if nothing is known.
    pub fn required(&self) -> &[String] {
        &self.required
    }

    /// Names of its metavariables with their dollar sign, each once, in order of the text.
    pub fn metavariables(&self) -> &[String] {
        &self.metavariables
    }

    /// The normalised tree of the pattern as text, for tests and for writers of rules.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        for root in &self.roots {
            self.tree.describe_into(*root, 0, &mut out);
        }
        out
    }

    /// What its first statement or expression is; a metavariable may match anything.
    pub fn root_kind(&self) -> Kind {
        self.tree.kind(self.roots[0])
    }
}

/// The metavariable at a node of a pattern.
pub(crate) fn metavariable(tree: &Tree, id: NodeId) -> Metavariable {
    match tree.kind(id) {
        Kind::MetaEllipsis => Metavariable::bare(&format!("...{}", tree.text(id))),
        _ => Metavariable::bare(tree.text(id)),
    }
}

fn metavariables(tree: &Tree, roots: &[NodeId]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    for id in roots.iter().flat_map(|root| tree.subtree(*root)) {
        match tree.kind(id) {
            Kind::Metavariable | Kind::TypedMetavariable => add(format!("${}", tree.text(id))),
            Kind::MetaEllipsis => add(format!("$...{}", tree.text(id))),
            Kind::Str | Kind::Name if string_metavariable(tree.text(id)).is_some() => {
                add(tree.text(id).to_owned());
            }
            _ => {}
        }
    }
    names
}

/// The metavariable that is the whole content of a string, its dollar sign left out.
pub(crate) fn string_metavariable(content: &str) -> Option<&str> {
    let name = content.strip_prefix('$')?;
    let letters = name.strip_prefix("...").unwrap_or(name);
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (!letters.is_empty() && letters.bytes().all(fits)).then_some(name)
}
