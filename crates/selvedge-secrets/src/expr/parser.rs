//! Reads tokens into a tree, by operator precedence.

use super::functions::{self, Function, Signature};
use super::lexer::{Token, tokens};
use super::scope::FINDING_FIELDS;
use super::tree::{Kind, Node, Operator, Pattern, Patterns};
use super::{ExprError, NESTING_MAX, TEXT_BYTES_MAX, nearest};

/// How tightly a binary operator binds.
enum Infix {
    And,
    Or,
    Plain(Operator),
    Pipe,
}

/// Binding of `not` and `!`.
const NOT_BINDING: u8 = 50;
/// Binding of a sign.
const SIGN_BINDING: u8 = 90;
/// Variables every expression sees.
const GLOBALS: &[&str] = &["finding", "attributes", "captures", "secret", "true", "false", "nil"];

/// The tree of an expression and how many variables it binds at once.
pub(super) fn parse(text: &str) -> Result<(Node, usize), ExprError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(ExprError::new(format!("the expression is longer than {TEXT_BYTES_MAX} bytes"), 0));
    }
    let mut parser =
        Parser { tokens: tokens(text)?, at: 0, depth: 0, variables: Vec::new(), slots: 0, predicates: 0 };
    let root = parser.sequence()?;
    match parser.peek() {
        Token::End => Ok((root, parser.slots)),
        _ => Err(parser.unexpected("an operator or the end of the expression")),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    /// Names of the `let` variables in scope; the index is the slot.
    variables: Vec<String>,
    slots: usize,
    /// How many predicates are open, which give `#` its meaning.
    predicates: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn offset(&self) -> usize {
        self.tokens[self.at].1
    }

    fn advance(&mut self) -> Token {
        let token = self.tokens[self.at].0.clone();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(found) if *found == symbol)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), Token::Name(found) if found == name)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), ExprError> {
        if self.accept(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    fn unexpected(&self, expected: &str) -> ExprError {
        ExprError::new(format!("expected {expected}, found {}", self.peek().describe()), self.offset())
    }

    /// Makes a node, refusing a tree higher than recursion over it may go.
    fn node(kind: Kind, offset: usize) -> Result<Node, ExprError> {
        let mut node = Node { kind, offset, height: 0 };
        let height = node.children().iter().map(|child| child.height + 1).max().unwrap_or(0);
        check_height(height, offset)?;
        node.height = height;
        Ok(node)
    }

    /// Runs `read` one nesting deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ExprError>) -> Result<T, ExprError> {
        if self.depth >= NESTING_MAX {
            let message = format!("the expression nests deeper than {NESTING_MAX}");
            return Err(ExprError::new(message, self.offset()));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// `let a = …; let b = …; value`.
    fn sequence(&mut self) -> Result<Node, ExprError> {
        let outer = self.variables.len();
        let mut bindings = Vec::new();
        while self.is_name("let") {
            let offset = self.offset();
            self.advance();
            let name = self.name("a variable name")?;
            self.expect("=")?;
            let value = self.expression(0)?;
            self.expect(";")?;
            bindings.push((offset, value));
            self.bind(name);
        }
        let mut body = self.expression(0)?;
        for (offset, value) in bindings.into_iter().rev() {
            let slot = self.variables.len() - 1;
            self.variables.pop();
            body = Self::node(Kind::Let { slot, value: Box::new(value), body: Box::new(body) }, offset)?;
        }
        debug_assert_eq!(self.variables.len(), outer);
        Ok(body)
    }

    fn bind(&mut self, name: String) {
        self.variables.push(name);
        self.slots = self.slots.max(self.variables.len());
    }

    fn name(&mut self, expected: &str) -> Result<String, ExprError> {
        match self.peek() {
            Token::Name(name) => {
                let name = name.clone();
                self.advance();
                Ok(name)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Operators that bind at least as tightly as `least`, and at the loosest level `? :`.
    fn expression(&mut self, least: u8) -> Result<Node, ExprError> {
        self.deeper(|parser| {
            let mut left = parser.prefix()?;
            while let Some((infix, binding, right_first, negated)) = parser.infix() {
                if binding < least {
                    break;
                }
                let offset = parser.offset();
                if negated {
                    parser.advance();
                }
                parser.advance();
                if matches!(infix, Infix::Pipe) {
                    left = parser.piped(left)?;
                    continue;
                }
                let right = parser.expression(if right_first { binding } else { binding + 1 })?;
                left = combine(infix, left, right, offset)?;
                if negated {
                    left = Self::node(Kind::Not(Box::new(left)), offset)?;
                }
            }
            if least == 0 { parser.choice(left) } else { Ok(left) }
        })
    }

    /// The operator ahead: what it is, its binding, whether it groups to the right, whether `not` precedes.
    fn infix(&self) -> Option<(Infix, u8, bool, bool)> {
        use Operator as Op;
        let word = |name: &str| match name {
            "in" => Some(Op::In),
            "contains" => Some(Op::Contains),
            "startsWith" => Some(Op::StartsWith),
            "endsWith" => Some(Op::EndsWith),
            "matches" => Some(Op::Matches),
            _ => None,
        };
        let (infix, binding, right_first) = match self.peek() {
            Token::Symbol(symbol) => match *symbol {
                "|" => (Infix::Pipe, 1, false),
                "||" => (Infix::Or, 10, false),
                "&&" => (Infix::And, 15, false),
                "==" => (Infix::Plain(Op::Equal), 20, false),
                "!=" => (Infix::Plain(Op::NotEqual), 20, false),
                "<" => (Infix::Plain(Op::Less), 20, false),
                "<=" => (Infix::Plain(Op::LessEqual), 20, false),
                ">" => (Infix::Plain(Op::Greater), 20, false),
                ">=" => (Infix::Plain(Op::GreaterEqual), 20, false),
                ".." => (Infix::Plain(Op::Range), 25, false),
                "+" => (Infix::Plain(Op::Add), 30, false),
                "-" => (Infix::Plain(Op::Subtract), 30, false),
                "*" => (Infix::Plain(Op::Multiply), 60, false),
                "/" => (Infix::Plain(Op::Divide), 60, false),
                "%" => (Infix::Plain(Op::Remainder), 60, false),
                "**" | "^" => (Infix::Plain(Op::Power), 100, true),
                "??" => (Infix::Plain(Op::Otherwise), 120, false),
                _ => return None,
            },
            Token::Name(name) => match name.as_str() {
                "or" => (Infix::Or, 10, false),
                "and" => (Infix::And, 15, false),
                "not" => {
                    let Some((Token::Name(next), _)) = self.tokens.get(self.at + 1) else {
                        return None;
                    };
                    return word(next).map(|operator| (Infix::Plain(operator), 20, false, true));
                }
                name => (Infix::Plain(word(name)?), 20, false),
            },
            _ => return None,
        };
        Some((infix, binding, right_first, false))
    }

    /// `yes ? a : b` and `a ?: b` after a condition.
    fn choice(&mut self, condition: Node) -> Result<Node, ExprError> {
        let offset = self.offset();
        if !self.accept("?") {
            return Ok(condition);
        }
        if self.is_symbol(":") {
            return Err(self.unexpected("a value between `?` and `:`"));
        }
        let yes = self.expression(0)?;
        self.expect(":")?;
        let no = self.expression(0)?;
        Self::node(Kind::Choice(Box::new(condition), Box::new(yes), Box::new(no)), offset)
    }

    /// The function call after `|`, with `first` as its first argument.
    fn piped(&mut self, first: Node) -> Result<Node, ExprError> {
        let offset = self.offset();
        let name = self.name("a function name after `|`")?;
        let namespace = if self.accept(".") { Some(name.clone()) } else { None };
        let name = if namespace.is_some() { self.name("a function name")? } else { name };
        self.expect("(")?;
        self.call(namespace.as_deref(), &name, vec![first], offset)
    }

    /// A sign, a negation, or a value with what follows it.
    fn prefix(&mut self) -> Result<Node, ExprError> {
        let offset = self.offset();
        if self.is_symbol("!") || self.is_name("not") {
            self.advance();
            let inner = self.expression(NOT_BINDING)?;
            return Self::node(Kind::Not(Box::new(inner)), offset);
        }
        if self.accept("-") {
            let inner = self.expression(SIGN_BINDING)?;
            return Self::node(Kind::Negate(Box::new(inner)), offset);
        }
        if self.accept("+") {
            return self.expression(SIGN_BINDING);
        }
        let value = self.value()?;
        self.postfix(value)
    }

    /// A literal, a name, or something in brackets.
    fn value(&mut self) -> Result<Node, ExprError> {
        let offset = self.offset();
        let kind = match self.peek().clone() {
            Token::Text(text) => Kind::Text(Pattern::new(text)),
            Token::Int(number) => Kind::Int(number),
            Token::Float(number) => Kind::Float(number),
            Token::Symbol("#") if self.predicates > 0 => Kind::Element,
            Token::Symbol("#") => return Err(self.unexpected("a value (`#` stands only inside a predicate)")),
            Token::Symbol("(") => {
                self.advance();
                let inner = self.deeper(Self::sequence)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Symbol("[") => return self.list(),
            Token::Symbol("{") => return self.map(),
            Token::Name(name) => return self.named(&name),
            Token::Symbol(_) | Token::End => return Err(self.unexpected("a value")),
        };
        self.advance();
        Self::node(kind, offset)
    }

    /// A list; one of string literals alone keeps its matchers with it.
    fn list(&mut self) -> Result<Node, ExprError> {
        let offset = self.offset();
        self.expect("[")?;
        let mut items = Vec::new();
        while !self.is_symbol("]") {
            items.push(self.expression(0)?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect("]")?;
        if items.iter().all(|item| matches!(item.kind, Kind::Text(_))) {
            let texts = items.into_iter().filter_map(|item| {
                if let Kind::Text(pattern) = item.kind { Some(pattern.text) } else { None }
            });
            return Self::node(Kind::Texts(Patterns::new(texts.collect())), offset);
        }
        Self::node(Kind::List(items), offset)
    }

    /// A map with names or strings as keys.
    fn map(&mut self) -> Result<Node, ExprError> {
        let offset = self.offset();
        self.expect("{")?;
        let mut entries = Vec::new();
        while !self.is_symbol("}") {
            let key = match self.advance() {
                Token::Name(name) => name.into_bytes(),
                Token::Text(text) => text,
                _ => return Err(self.unexpected("a key (a name or a string) before this")),
            };
            self.expect(":")?;
            entries.push((key, self.expression(0)?));
            if !self.accept(",") {
                break;
            }
        }
        self.expect("}")?;
        Self::node(Kind::Map(entries), offset)
    }

    /// A constant, a variable, a function call, `if` or `cel.bind`.
    fn named(&mut self, name: &str) -> Result<Node, ExprError> {
        let offset = self.offset();
        self.advance();
        if self.accept("(") {
            return self.call(None, name, Vec::new(), offset);
        }
        if let Some(slot) = self.variables.iter().rposition(|variable| variable == name) {
            return Self::node(Kind::Variable(slot), offset);
        }
        if self.is_symbol(".") && (name == "cel" || functions::in_namespace(Some(name)).is_some()) {
            self.advance();
            let function = self.name("a function name")?;
            self.expect("(")?;
            if (name, function.as_str()) == ("cel", "bind") {
                return self.cel_bind(offset);
            }
            return self.call(Some(name), &function, Vec::new(), offset);
        }
        let kind = match name {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "nil" | "null" => Kind::Nil,
            "finding" => Kind::Finding,
            "attributes" => Kind::Attributes,
            "captures" => Kind::Captures,
            "secret" => {
                let base = Box::new(Self::node(Kind::Finding, offset)?);
                let key = Box::new(Self::node(Kind::Text(Pattern::new(b"secret".to_vec())), offset)?);
                Kind::Index { base, key, optional: false }
            }
            "if" => return self.condition(offset),
            _ => {
                let known = self.variables.iter().map(String::as_str).chain(GLOBALS.iter().copied());
                let hint = nearest(name, known);
                return Err(ExprError::new(format!("unknown variable `{name}`{hint}"), offset));
            }
        };
        Self::node(kind, offset)
    }

    /// `if condition { a } else { b }`.
    fn condition(&mut self, offset: usize) -> Result<Node, ExprError> {
        let condition = self.expression(0)?;
        self.expect("{")?;
        let yes = self.deeper(Self::sequence)?;
        self.expect("}")?;
        if !self.is_name("else") {
            return Err(self.unexpected("`else`"));
        }
        self.advance();
        let no = if self.is_name("if") {
            let offset = self.offset();
            self.advance();
            self.deeper(|parser| parser.condition(offset))?
        } else {
            self.expect("{")?;
            let no = self.deeper(Self::sequence)?;
            self.expect("}")?;
            no
        };
        Self::node(Kind::Choice(Box::new(condition), Box::new(yes), Box::new(no)), offset)
    }

    /// `cel.bind(name, value, body)`, the older spelling of `let`.
    fn cel_bind(&mut self, offset: usize) -> Result<Node, ExprError> {
        let name = self.name("a variable name")?;
        self.expect(",")?;
        let value = self.expression(0)?;
        self.expect(",")?;
        self.bind(name);
        let body = self.expression(0);
        let slot = self.variables.len() - 1;
        self.variables.pop();
        let body = body?;
        self.expect(")")?;
        Self::node(Kind::Let { slot, value: Box::new(value), body: Box::new(body) }, offset)
    }

    /// The arguments of a call, after its opening parenthesis.
    fn call(
        &mut self,
        namespace: Option<&str>,
        name: &str,
        mut arguments: Vec<Node>,
        offset: usize,
    ) -> Result<Node, ExprError> {
        let signature = signature(namespace, name, offset)?;
        while !self.is_symbol(")") {
            let predicate = signature.function.is_predicate() && arguments.len() == 1;
            arguments.push(if predicate { self.predicate()? } else { self.expression(0)? });
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        checked_call(signature, arguments, offset)
    }

    /// `{ … # … }` or `… # …`.
    fn predicate(&mut self) -> Result<Node, ExprError> {
        self.predicates += 1;
        let braced = self.accept("{");
        let body = self.deeper(Self::sequence);
        self.predicates -= 1;
        let body = body?;
        if braced {
            self.expect("}")?;
        }
        Ok(body)
    }

    /// Members, indexes, slices and method calls after a value.
    fn postfix(&mut self, mut value: Node) -> Result<Node, ExprError> {
        loop {
            let offset = self.offset();
            if self.accept("[") {
                value = self.index(value, offset)?;
            } else if self.accept(".") {
                value = self.member(value, false, offset)?;
            } else if self.is_symbol("?.") || self.is_symbol(".?") {
                self.advance();
                value = if self.accept("[") {
                    self.index(value, offset)?
                } else {
                    self.member(value, true, offset)?
                };
            } else {
                return Ok(value);
            }
        }
    }

    /// `.name`, or the method call `.name(…)`, which is a call with the value as first argument.
    fn member(&mut self, base: Node, optional: bool, offset: usize) -> Result<Node, ExprError> {
        let name_offset = self.offset();
        let name = self.name("a member name after `.`")?;
        if self.accept("(") {
            if name == "orValue" {
                let fallback = self.expression(0)?;
                self.expect(")")?;
                return combine(Infix::Plain(Operator::Otherwise), base, fallback, offset);
            }
            return self.call(None, &name, vec![base], name_offset);
        }
        let key = Self::node(Kind::Text(Pattern::new(name.into_bytes())), name_offset)?;
        indexed(base, key, optional, offset)
    }

    /// `[key]`, `[?key]` or `[from:to]`.
    fn index(&mut self, base: Node, offset: usize) -> Result<Node, ExprError> {
        let optional = self.accept("?");
        let from = if self.is_symbol(":") { None } else { Some(self.expression(0)?) };
        if !self.accept(":") {
            self.expect("]")?;
            let key = from.ok_or_else(|| self.unexpected("an index"))?;
            return indexed(base, key, optional, offset);
        }
        let to = if self.is_symbol("]") { None } else { Some(Box::new(self.expression(0)?)) };
        self.expect("]")?;
        Self::node(Kind::Slice { base: Box::new(base), from: from.map(Box::new), to }, offset)
    }
}

/// The signature of a function, or an error that names the nearest one.
fn signature(namespace: Option<&str>, name: &str, offset: usize) -> Result<&'static Signature, ExprError> {
    let known = functions::in_namespace(namespace).unwrap_or_default();
    known.iter().find(|signature| signature.name == name).ok_or_else(|| {
        let hint = nearest(name, known.iter().map(|signature| signature.name));
        let full = namespace.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}.{name}"));
        ExprError::new(format!("unknown function `{full}`{hint}"), offset)
    })
}

/// A call with the right number of arguments.
fn checked_call(signature: &Signature, arguments: Vec<Node>, offset: usize) -> Result<Node, ExprError> {
    let Signature { name, function, least, most } = signature;
    if !(*least..=*most).contains(&arguments.len()) {
        let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
        let message = format!("`{name}` takes {wanted} arguments, got {}", arguments.len());
        return Err(ExprError::new(message, offset));
    }
    if matches!(
        (function, arguments.first().map(|node| &node.kind)),
        (Function::GetPath, Some(Kind::Finding))
    ) {
        return Err(ExprError::new("`getPath` reads maps; use `get` for the finding", offset));
    }
    Parser::node(Kind::Call(*function, arguments), offset)
}

/// A look-up; a field that no finding has is refused here rather than found missing later.
fn indexed(base: Node, key: Node, optional: bool, offset: usize) -> Result<Node, ExprError> {
    if let (Kind::Finding, Kind::Text(pattern)) = (&base.kind, &key.kind) {
        let name = String::from_utf8_lossy(&pattern.text);
        if !FINDING_FIELDS.contains(&name.as_ref()) {
            let hint = nearest(&name, FINDING_FIELDS.iter().copied());
            return Err(ExprError::new(format!("a finding has no field `{name}`{hint}"), key.offset));
        }
    }
    Parser::node(Kind::Index { base: Box::new(base), key: Box::new(key), optional }, offset)
}

/// Joins two operands; chains of `&&` and `||` become one flat node.
fn combine(infix: Infix, left: Node, right: Node, offset: usize) -> Result<Node, ExprError> {
    let kind = match (infix, left) {
        // Appending must not look at the whole chain again: chains are long.
        (Infix::And, Node { kind: Kind::And(items), height, offset }) => {
            return appended(Kind::And, items, right, height, offset);
        }
        (Infix::Or, Node { kind: Kind::Or(items), height, offset }) => {
            return appended(Kind::Or, items, right, height, offset);
        }
        (Infix::And, left) => Kind::And(vec![left, right]),
        (Infix::Or, left) => Kind::Or(vec![left, right]),
        (Infix::Plain(operator), left) => Kind::Binary(operator, Box::new(left), Box::new(right)),
        (Infix::Pipe, _) => return Err(ExprError::new("expected a function call after `|`", offset)),
    };
    Parser::node(kind, offset)
}

/// A chain with one more operand.
fn appended(
    chain: fn(Vec<Node>) -> Kind,
    mut items: Vec<Node>,
    right: Node,
    height: u16,
    offset: usize,
) -> Result<Node, ExprError> {
    let height = height.max(right.height + 1);
    check_height(height, offset)?;
    items.push(right);
    Ok(Node { kind: chain(items), offset, height })
}

/// Refuses a tree higher than recursion over it may go.
fn check_height(height: u16, offset: usize) -> Result<(), ExprError> {
    if usize::from(height) <= NESTING_MAX {
        return Ok(());
    }
    Err(ExprError::new(format!("the expression nests deeper than {NESTING_MAX}"), offset))
}
