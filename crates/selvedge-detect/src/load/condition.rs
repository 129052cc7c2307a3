//! The condition language (specification 2.1, "Condition").

use crate::pattern::Pattern;

/// Brackets and negations nested deeper are refused.
const DEPTH_MAX: usize = 64;

/// A condition before its search identifiers are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Name(String),
    /// `1 of …` and `all of …`.
    Of {
        all: bool,
        which: Which,
    },
}

/// Which search identifiers an `of` means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// All that do not begin with `_`.
    Them,
    /// Those like this.
    Like(Pattern),
}

impl Which {
    /// Whether the identifier `name` is meant.
    pub(crate) fn includes(&self, name: &str) -> bool {
        match self {
            Self::Them => !name.starts_with('_'),
            Self::Like(pattern) => pattern.matches(name),
        }
    }
}

impl Condition {
    /// Whether it uses the search identifier `name`.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.mentions(name)),
            Self::Not(part) => part.mentions(name),
            Self::Name(own) => own == name,
            Self::Of { which, .. } => which.includes(name),
        }
    }
}

/// Reads a condition.
pub(crate) fn parse(text: &str) -> Result<Condition, String> {
    let tokens = tokens(text);
    if tokens.contains(&"|") {
        return Err("aggregation after `|` is obsolete: write a correlation rule".to_owned());
    }
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let condition = parser.any()?;
    match parser.peek() {
        None => Ok(condition),
        Some(token) => Err(format!("`{token}` is not expected there")),
    }
}

/// Words and brackets.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while !rest.is_empty() {
            let end = rest.find(['(', ')', '|']).map_or(rest.len(), |at| at.max(1));
            tokens.push(&rest[..end]);
            rest = &rest[end..];
        }
    }
    tokens
}

struct Parser<'a> {
    tokens: Vec<&'a str>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.all()?];
        while self.accept("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.not()?];
        while self.accept("and") {
            parts.push(self.not()?);
        }
        Ok(one_or(parts, Condition::All))
    }

    fn not(&mut self) -> Result<Condition, String> {
        let mut negated = false;
        while self.accept("not") {
            negated = !negated;
        }
        let condition = self.single()?;
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn single(&mut self) -> Result<Condition, String> {
        if self.accept("(") {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(format!("brackets are nested deeper than {DEPTH_MAX}"));
            }
            let condition = self.any()?;
            self.depth -= 1;
            return if self.accept(")") { Ok(condition) } else { Err("`)` is missing".to_owned()) };
        }
        let Some(token) = self.peek() else { return Err("it ends where a name is expected".to_owned()) };
        self.at += 1;
        let all = match token.to_ascii_lowercase().as_str() {
            "all" => Some(true),
            "1" | "any" => Some(false),
            _ => None,
        };
        if let Some(all) = all.filter(|_| self.accept("of")) {
            return self.of(all);
        }
        let reserved = ["and", "or", "of", ")"].iter().any(|word| token.eq_ignore_ascii_case(word));
        if reserved || token.contains('*') {
            return Err(format!("`{token}` stands where a name is expected"));
        }
        if token.bytes().all(|byte| byte.is_ascii_digit()) && self.accept("of") {
            return Err(format!("`{token} of`: only `1 of`, `any of` and `all of` are defined"));
        }
        Ok(Condition::Name(token.to_owned()))
    }

    fn of(&mut self, all: bool) -> Result<Condition, String> {
        let which = match self.peek() {
            None | Some("(" | ")") => return Err("`of` is not followed by `them` or a name".to_owned()),
            Some(word) if word.eq_ignore_ascii_case("them") => Which::Them,
            Some(name) => Which::Like(Pattern::parse(name)),
        };
        self.at += 1;
        Ok(Condition::Of { all, which })
    }
}

fn one_or(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Brackets around everything, to see what binds how.
    fn show(condition: &Condition) -> String {
        let list = |parts: &[Condition], word: &str| {
            let shown: Vec<_> = parts.iter().map(show).collect();
            format!("({})", shown.join(&format!(" {word} ")))
        };
        match condition {
            Condition::All(parts) => list(parts, "and"),
            Condition::Any(parts) => list(parts, "or"),
            Condition::Not(part) => format!("not {}", show(part)),
            Condition::Name(name) => name.clone(),
            Condition::Of { all, which: Which::Them } => {
                format!("{} of them", if *all { "all" } else { "1" })
            }
            Condition::Of { all, which: Which::Like(_) } => {
                format!("{} of x", if *all { "all" } else { "1" })
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = parse(text).map_or_else(|error| error, |condition| show(&condition));
        assert_eq!(shown, expected);
    }

    #[test]
    fn precedence() {
        check("a or b and not c", "(a or (b and not c))");
        check("(a or b) and c", "((a or b) and c)");
        check("a AND NOT 1 of filter*", "(a and not 1 of x)");
        check("all of sel* or 1 of them", "(all of x or 1 of them)");
        check("not not a", "a");
        check("not (a)and b", "(not a and b)");
        check("any of them", "1 of them");
        check("all", "all");
    }

    #[test]
    fn mistakes_are_named() {
        check("a and", "it ends where a name is expected");
        check("(a", "`)` is missing");
        check("a b", "`b` is not expected there");
        check("1 of", "`of` is not followed by `them` or a name");
        check("2 of sel*", "`2 of`: only `1 of`, `any of` and `all of` are defined");
        check("a | count() > 5", "aggregation after `|` is obsolete: write a correlation rule");
        check("and a", "`and` stands where a name is expected");
        check(&"(".repeat(100), "brackets are nested deeper than 64");
    }
}
