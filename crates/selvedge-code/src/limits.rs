//! Every bound of the engine, named. Rules and files are hostile: each of these is reached only by input
//! that was made to reach it, and reaching one is a diagnostic.

/// Nesting of collections in a rule file.
pub(crate) const YAML_DEPTH_MAX: usize = 128;
/// Values in one rule file, copies made by aliases counted.
pub(crate) const YAML_NODES_MAX: usize = 2_000_000;
/// Bytes of one rule file.
pub(crate) const RULE_FILE_BYTES_MAX: usize = 16 << 20;
/// Rules in one set.
pub(crate) const RULES_MAX: usize = 100_000;
/// Nesting of a formula, operators counted.
pub(crate) const FORMULA_DEPTH_MAX: usize = 48;
/// Operators and patterns in one rule.
pub(crate) const FORMULA_NODES_MAX: usize = 20_000;
/// Bytes of one pattern or regular expression.
pub(crate) const PATTERN_BYTES_MAX: usize = 64 << 10;
/// Bytes that a compiled regular expression may take.
pub(crate) const REGEX_BYTES_MAX: usize = 8 << 20;
/// Steps that a look-around regular expression may go back in one search.
pub(crate) const REGEX_BACKTRACK_MAX: usize = 1_000_000;
/// Nesting of a comparison expression.
pub(crate) const EXPRESSION_DEPTH_MAX: usize = 64;
/// Bytes of a text that a comparison puts together.
pub(crate) const EXPRESSION_TEXT_MAX: usize = 64 << 10;
/// Nesting of blocks in a text of the `generic` target; deeper ones are not told apart.
pub(crate) const GENERIC_DEPTH_MAX: usize = 64;
/// Comparisons of nodes or tokens that one rule may make on one file.
pub(crate) const RULE_STEPS_MAX: u64 = 20_000_000;
/// Ranges in one set.
pub(crate) const HITS_MAX: usize = 20_000;
/// Matches of one regular expression in one text.
pub(crate) const REGEX_MATCHES_MAX: usize = 20_000;
/// How deep conditions may hold formulas with conditions, evaluated anew on a part of a text.
pub(crate) const NESTED_TEXTS_MAX: u32 = 8;
/// Characters of a text whose entropy is judged.
pub(crate) const ENTROPY_CHARS_MAX: usize = 4096;
/// Clauses of one rule in the literal filter; more make it no more selective.
pub(crate) const CLAUSES_MAX: usize = 6;
/// Texts of one clause; a clause with more hardly tells files apart.
pub(crate) const CLAUSE_LITERALS_MAX: usize = 96;
/// Bytes from which a text is worth searching for.
pub(crate) const LITERAL_BYTES_MIN: usize = 3;
/// Bytes of a text in the filter; a longer one is cut.
pub(crate) const LITERAL_BYTES_MAX: usize = 24;
/// Matches of one rule in one file.
pub(crate) const MATCHES_MAX: usize = 2_000;
/// Bytes of a message after its metavariables are replaced.
pub(crate) const MESSAGE_BYTES_MAX: usize = 8 << 10;
/// Characters that a metavariable may add to a message.
pub(crate) const MESSAGE_VALUE_CHARS_MAX: usize = 512;
