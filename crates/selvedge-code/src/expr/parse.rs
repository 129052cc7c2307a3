//! Text into expressions, by precedence climbing, with a bound on depth.

use super::{Binary, Comparator, Expr, Function};
use crate::limits::EXPRESSION_DEPTH_MAX;

/// Reads an expression; the error says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Expr, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => Err(format!("`{}` was not expected", token.describe())),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Int(i128),
    Float(f64),
    Text(String),
    Name(String),
    Operator(&'static str),
}

impl Token {
    fn describe(&self) -> String {
        match self {
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => format!("'{text}'"),
            Self::Name(name) => name.clone(),
            Self::Operator(operator) => (*operator).to_owned(),
        }
    }
}

/// Operators, longer ones first.
const OPERATORS: &[&str] = &[
    "**", "//", "<<", ">>", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "&", "|",
    "^", "~", "(", ")", "[", "]", ",", "!",
];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = if first.is_ascii_digit() {
            let (token, taken) = number(rest)?;
            out.push(token);
            taken
        } else if first == '$' || first == '_' || first.is_alphabetic() {
            let taken = name_length(rest);
            out.push(Token::Name(rest[..taken].to_owned()));
            taken
        } else if first == '"' || first == '\'' {
            let (text, taken) = quoted(rest, first)?;
            out.push(Token::Text(text));
            taken
        } else {
            let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
            let operator = operator.ok_or_else(|| format!("`{first}` was not expected"))?;
            out.push(Token::Operator(operator));
            operator.len()
        };
        rest = rest[taken..].trim_start();
    }
    Ok(out)
}

/// `$X`, `$...XS`, `name`, `re.match`.
fn name_length(text: &str) -> usize {
    let first = text.chars().next().map_or(1, char::len_utf8);
    let prefix = if text.starts_with("$...") { 4 } else { first };
    let tail = text[prefix..].find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    tail.map_or(text.len(), |tail| prefix + tail)
}

fn number(text: &str) -> Result<(Token, usize), String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(text.len());
    let (word, plain) = (&text[..end], text[..end].replace('_', ""));
    let bad = |_| format!("`{word}` is no number");
    let based = |prefix: &str, base| {
        plain.to_ascii_lowercase().strip_prefix(prefix).map(|digits| i128::from_str_radix(digits, base))
    };
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(value) = based(prefix, base) {
            return Ok((Token::Int(value.map_err(bad)?), end));
        }
    }
    if plain.contains(['.', 'e', 'E']) {
        let value = plain.parse().map_err(|_| format!("`{word}` is no number"))?;
        return Ok((Token::Float(value), end));
    }
    Ok((Token::Int(plain.parse().map_err(bad)?), end))
}

fn quoted(text: &str, quote: char) -> Result<(String, usize), String> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Ok((out, at + 1));
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some((_, 'n')) => out.push('\n'),
            Some((_, 't')) => out.push('\t'),
            Some((_, escaped)) if escaped == quote || escaped == '\\' => out.push(escaped),
            // As Python does: the text is often a regular expression.
            Some((_, other)) => out.extend(['\\', other]),
            None => break,
        }
    }
    Err("a text has no end".to_owned())
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn operator(&mut self, operators: &[&'static str]) -> Option<&'static str> {
        match self.peek() {
            Some(Token::Operator(operator)) if operators.contains(operator) => {
                let operator = *operator;
                self.at += 1;
                Some(operator)
            }
            _ => None,
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.depth += 1;
        if self.depth > EXPRESSION_DEPTH_MAX {
            return Err(format!("is nested deeper than {EXPRESSION_DEPTH_MAX}"));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn or(&mut self) -> Result<Expr, String> {
        self.deeper(|parser| {
            let mut parts = vec![parser.and()?];
            while parser.word("or") || parser.operator(&["||"]).is_some() {
                parts.push(parser.and()?);
            }
            Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
        })
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.not()?];
        while self.word("and") || self.operator(&["&&"]).is_some() {
            parts.push(self.not()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn not(&mut self) -> Result<Expr, String> {
        if self.word("not") || self.operator(&["!"]).is_some() {
            return self.deeper(|parser| Ok(Expr::Not(Box::new(parser.not()?))));
        }
        self.comparison()
    }

    fn comparator(&mut self) -> Option<Comparator> {
        if self.word("in") {
            return Some(Comparator::In);
        }
        if self.word("not") {
            if self.word("in") {
                return Some(Comparator::NotIn);
            }
            self.at -= 1;
            return None;
        }
        Some(match self.operator(&["==", "!=", "<=", ">=", "<", ">"])? {
            "==" => Comparator::Equal,
            "!=" => Comparator::NotEqual,
            "<=" => Comparator::LessOrEqual,
            ">=" => Comparator::GreaterOrEqual,
            "<" => Comparator::Less,
            _ => Comparator::Greater,
        })
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        let mut left = self.binary(0)?;
        let mut pairs = Vec::new();
        while let Some(comparator) = self.comparator() {
            let right = self.binary(0)?;
            pairs.push(Expr::Compare(comparator, Box::new(left), Box::new(right.clone())));
            left = right;
        }
        Ok(match pairs.len() {
            0 => left,
            1 => pairs.remove(0),
            _ => Expr::And(pairs),
        })
    }

    /// Left-associative operators, from the loosest level down.
    fn binary(&mut self, level: usize) -> Result<Expr, String> {
        const LEVELS: &[&[&str]] =
            &[&["|"], &["^"], &["&"], &["<<", ">>"], &["+", "-"], &["*", "/", "//", "%"]];
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            let right = self.binary(level + 1)?;
            left = Expr::Binary(binary(operator), Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, String> {
        match self.operator(&["-", "+", "~"]) {
            Some("-") => self.deeper(|parser| Ok(Expr::Negative(Box::new(parser.unary()?)))),
            Some("~") => self.deeper(|parser| Ok(Expr::Invert(Box::new(parser.unary()?)))),
            Some(_) => self.deeper(Self::unary),
            None => self.power(),
        }
    }

    fn power(&mut self) -> Result<Expr, String> {
        let base = self.primary()?;
        if self.operator(&["**"]).is_some() {
            let exponent = self.deeper(Self::unary)?;
            return Ok(Expr::Binary(Binary::Power, Box::new(base), Box::new(exponent)));
        }
        Ok(base)
    }

    fn primary(&mut self) -> Result<Expr, String> {
        let token = self.peek().cloned().ok_or("ends too early")?;
        self.at += 1;
        match token {
            Token::Int(value) => Ok(Expr::Int(value)),
            Token::Float(value) => Ok(Expr::Float(value)),
            Token::Text(text) => Ok(Expr::Text(text)),
            Token::Name(name) => self.name(name),
            Token::Operator("(") => {
                let inner = self.or()?;
                if self.operator(&[","]).is_some() {
                    let mut items = vec![inner];
                    items.extend(self.items(")")?);
                    return Ok(Expr::List(items));
                }
                self.operator(&[")"]).map(|_| inner).ok_or_else(|| "`)` is missing".to_owned())
            }
            Token::Operator("[") => Ok(Expr::List(self.items("]")?)),
            other @ Token::Operator(_) => Err(format!("`{}` was not expected", other.describe())),
        }
    }

    fn name(&mut self, name: String) -> Result<Expr, String> {
        if self.operator(&["("]).is_some() {
            let arguments = self.items(")")?;
            let (function, receiver) =
                function(&name).ok_or_else(|| format!("`{name}` is no known function"))?;
            let mut all: Vec<_> = receiver.into_iter().map(Expr::Name).collect();
            all.extend(arguments);
            return Ok(Expr::Call(function, all));
        }
        Ok(match name.as_str() {
            "True" | "true" => Expr::Bool(true),
            "False" | "false" => Expr::Bool(false),
            _ => Expr::Name(name),
        })
    }

    fn items(&mut self, close: &'static str) -> Result<Vec<Expr>, String> {
        let mut items = Vec::new();
        loop {
            if self.operator(&[close]).is_some() {
                return Ok(items);
            }
            items.push(self.or()?);
            if self.operator(&[","]).is_none() && self.peek() != Some(&Token::Operator(close)) {
                return Err(format!("`{close}` is missing"));
            }
        }
    }
}

fn binary(operator: &str) -> Binary {
    match operator {
        "|" => Binary::BitOr,
        "^" => Binary::BitXor,
        "&" => Binary::BitAnd,
        "<<" => Binary::ShiftLeft,
        ">>" => Binary::ShiftRight,
        "+" => Binary::Add,
        "-" => Binary::Subtract,
        "*" => Binary::Multiply,
        "/" => Binary::Divide,
        "//" => Binary::FloorDivide,
        _ => Binary::Modulo,
    }
}

/// The function of that name; a method has its receiver as first argument.
fn function(name: &str) -> Option<(Function, Option<String>)> {
    let plain = match name {
        "int" => Function::Int,
        "float" => Function::Float,
        "str" => Function::Str,
        "len" => Function::Len,
        "today" => Function::Today,
        "strptime" => Function::Strptime,
        "re.match" => Function::ReMatch,
        "lower" => Function::Lower,
        "upper" => Function::Upper,
        _ => {
            let (receiver, method) = name.rsplit_once('.')?;
            let method = match method {
                "lower" => Function::Lower,
                "upper" => Function::Upper,
                _ => return None,
            };
            return Some((method, Some(receiver.to_owned())));
        }
    };
    Some((plain, None))
}
