//! Field modifiers: from a value as the rule writes it to matchers.

use std::sync::Arc;

use crate::matcher::{Comparison, Expression, Matcher, Network, Number, Position, TimePart};
use crate::pattern::Pattern;
use crate::yaml::{Kind, Node};

/// Every modifier of specification 2.1, and of pySigma's regular expression flags.
pub(crate) const MODIFIERS: &[&str] = &[
    "all",
    "base64",
    "base64offset",
    "cased",
    "cidr",
    "contains",
    "day",
    "dotall",
    "endswith",
    "exists",
    "expand",
    "fieldref",
    "gt",
    "gte",
    "hour",
    "i",
    "ignorecase",
    "lt",
    "lte",
    "m",
    "minute",
    "month",
    "multiline",
    "neq",
    "re",
    "s",
    "startswith",
    "utf16",
    "utf16be",
    "utf16le",
    "week",
    "wide",
    "windash",
    "year",
];

/// What the modifiers of one key ask for, apart from steps on the text.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    names: Vec<&'a str>,
    pub(crate) all: bool,
    pub(crate) negated: bool,
    /// `i`, `m`, `s` of a regular expression.
    flags: String,
    comparison: Option<Comparison>,
    time: Option<TimePart>,
}

/// A text on its way through the modifiers.
enum Text {
    Pattern(Pattern),
    Bytes(Vec<u8>),
}

impl<'a> Plan<'a> {
    /// Reads the modifiers after the field name.
    pub(crate) fn parse(names: &[&'a str]) -> Result<Self, String> {
        let mut plan = Self { names: names.to_vec(), ..Self::default() };
        for name in names {
            match *name {
                "all" => plan.all = true,
                "neq" => plan.negated = true,
                "i" | "ignorecase" => plan.flags.push('i'),
                "m" | "multiline" => plan.flags.push('m'),
                "s" | "dotall" => plan.flags.push('s'),
                "lt" => plan.comparison = Some(Comparison::Less),
                "lte" => plan.comparison = Some(Comparison::LessOrEqual),
                "gt" => plan.comparison = Some(Comparison::Greater),
                "gte" => plan.comparison = Some(Comparison::GreaterOrEqual),
                "minute" => plan.time = Some(TimePart::Minute),
                "hour" => plan.time = Some(TimePart::Hour),
                "day" => plan.time = Some(TimePart::Day),
                "week" => plan.time = Some(TimePart::Week),
                "month" => plan.time = Some(TimePart::Month),
                "year" => plan.time = Some(TimePart::Year),
                known if MODIFIERS.contains(&known) => {}
                unknown => {
                    return Err(format!(
                        "unknown modifier `{unknown}`, expected one of {}",
                        MODIFIERS.join(", ")
                    ));
                }
            }
        }
        if !plan.flags.is_empty() && !plan.has("re") {
            return Err("`i`, `m` and `s` only follow `re`".to_owned());
        }
        Ok(plan)
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// The matchers for one value. `keyword`: it is looked for in all values of the event.
    pub(crate) fn matchers(&self, value: &Node, keyword: bool) -> Result<Vec<Matcher>, String> {
        if keyword && (self.has("exists") || self.has("fieldref") || matches!(value.kind, Kind::Null)) {
            return Err("only a named field can be absent or compared with another".to_owned());
        }
        let text = match &value.kind {
            Kind::Null if self.names.iter().all(|name| matches!(*name, "all" | "neq")) => {
                return Ok(vec![Matcher::Null]);
            }
            Kind::Scalar { text, .. } => text,
            _ => return Err(format!("{} stands where a value is expected", value.describe())),
        };
        if self.has("exists") {
            let wanted = value.truth().ok_or("`exists` takes true or false")?;
            return Ok(vec![Matcher::Exists(wanted)]);
        }
        if self.has("re") {
            return Ok(vec![Matcher::Regex(Expression::new(text, &self.flags)?)]);
        }
        if self.has("cidr") {
            let network = Network::parse(text).ok_or_else(|| format!("`{text}` is no address range"))?;
            return Ok(vec![Matcher::Network(network)]);
        }
        if self.has("fieldref") {
            return Ok(vec![Matcher::Field {
                other: text.clone(),
                position: self.position(),
                cased: self.has("cased"),
            }]);
        }
        if self.comparison.is_some() || self.time.is_some() {
            return Ok(vec![self.number(text)?]);
        }
        let patterns = self.patterns(text)?;
        let like = |pattern: Pattern| {
            let pattern = if keyword { pattern.surrounded(true, true) } else { pattern };
            let pattern = if self.has("cased") { pattern } else { pattern.folded() };
            Matcher::Like { pattern, cased: self.has("cased") }
        };
        Ok(patterns.into_iter().map(like).collect())
    }

    fn number(&self, text: &str) -> Result<Matcher, String> {
        let number: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
        if number.is_nan() {
            return Err(format!("`{text}` is no number"));
        }
        let comparison = self.comparison.unwrap_or(Comparison::Equal);
        Ok(match self.time {
            Some(part) => Matcher::Time(part, comparison, Number(number)),
            None => Matcher::Number(comparison, Number(number)),
        })
    }

    fn position(&self) -> Position {
        if self.has("contains") {
            Position::Anywhere
        } else if self.has("startswith") {
            Position::Start
        } else if self.has("endswith") {
            Position::End
        } else {
            Position::Whole
        }
    }

    /// Carries the modifiers of strings out, in the order in which they are written.
    fn patterns(&self, text: &str) -> Result<Vec<Pattern>, String> {
        let mut texts = vec![Text::Pattern(Pattern::parse(text))];
        for name in &self.names {
            let mut next = Vec::new();
            for text in texts {
                next.extend(step(name, text)?);
            }
            texts = next;
        }
        Ok(texts.into_iter().map(Text::into_pattern).collect())
    }
}

impl Text {
    fn into_pattern(self) -> Pattern {
        match self {
            Self::Pattern(pattern) => pattern,
            // Bytes that are not text are compared as Latin-1, which loses none of them.
            Self::Bytes(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Pattern::literal(text),
                Err(error) => {
                    Pattern::literal(error.as_bytes().iter().copied().map(char::from).collect::<String>())
                }
            },
        }
    }

    fn bytes(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Pattern(pattern) => match pattern.as_literal() {
                Some(text) => Ok(text.as_bytes().to_vec()),
                None => Err("a value with wildcards cannot be encoded".to_owned()),
            },
        }
    }
}

fn step(name: &str, text: Text) -> Result<Vec<Text>, String> {
    Ok(match name {
        "contains" => vec![Text::Pattern(text.into_pattern().surrounded(true, true))],
        "startswith" => vec![Text::Pattern(text.into_pattern().surrounded(false, true))],
        "endswith" => vec![Text::Pattern(text.into_pattern().surrounded(true, false))],
        "windash" => vec![Text::Pattern(text.into_pattern().with_dashes())],
        "expand" => vec![Text::Pattern(text.into_pattern().with_placeholders())],
        "base64" => vec![Text::Bytes(base64(&text.bytes()?))],
        "base64offset" => offsets(&text.bytes()?).into_iter().map(Text::Bytes).collect(),
        "wide" | "utf16le" => vec![Text::Bytes(utf16(text, &[], u16::to_le_bytes)?)],
        "utf16be" => vec![Text::Bytes(utf16(text, &[], u16::to_be_bytes)?)],
        "utf16" => vec![Text::Bytes(utf16(text, &[0xff, 0xfe], u16::to_le_bytes)?)],
        _ => vec![text],
    })
}

fn utf16(text: Text, mark: &[u8], order: fn(u16) -> [u8; 2]) -> Result<Vec<u8>, String> {
    let bytes = text.bytes()?;
    let text = String::from_utf8(bytes).map_err(|_| "the value is encoded already".to_owned())?;
    Ok(mark.iter().copied().chain(text.encode_utf16().flat_map(order)).collect())
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * place)) as usize & 63];
            encoded.push(if place > group.len() { b'=' } else { digit });
        }
    }
    encoded
}

/// The digits of the three encodings, by the value's place in a group of three bytes, that depend on the value
/// alone.
fn offsets(bytes: &[u8]) -> Vec<Vec<u8>> {
    let shifted = |shift: usize| {
        let padded: Vec<u8> = std::iter::repeat_n(b' ', shift).chain(bytes.iter().copied()).collect();
        let encoded = base64(&padded);
        let start = (shift * 8).div_ceil(6);
        let end = padded.len() * 8 / 6;
        encoded.get(start..end).unwrap_or_default().to_vec()
    };
    (0..3).map(shifted).collect()
}

/// Field name and modifiers of a key such as `Image|endswith`.
pub(crate) fn split_key(key: &str) -> (Option<&str>, Vec<&str>) {
    let mut parts = key.split('|');
    let field = parts.next().filter(|field| !field.is_empty());
    (field, parts.collect())
}

/// The plan shared by all values of a key.
pub(crate) fn item(key: &str, value: &Node) -> Result<crate::expr::Expr, String> {
    let (field, names) = split_key(key);
    let plan = Plan::parse(&names)?;
    let keyword = field.is_none();
    let values: &[Node] = match &value.kind {
        Kind::List(items) if items.is_empty() => return Err("an empty list matches nothing".to_owned()),
        Kind::List(items) => items,
        _ => std::slice::from_ref(value),
    };
    let mut groups = Vec::new();
    for value in values {
        groups.push(plan.matchers(value, keyword)?);
    }
    let field = field.map(str::to_owned);
    let line = value.line;
    let make = |matchers: Vec<Matcher>, all: bool| {
        let item = crate::expr::Item { field: field.clone(), matchers, all, negated: plan.negated, line };
        crate::expr::Expr::Item(Arc::new(item))
    };
    // With `all`, every value must be found; its variants (encodings, dashes) are alternatives still.
    if plan.all && groups.iter().any(|group| group.len() > 1) {
        return Ok(crate::expr::Expr::All(groups.into_iter().map(|group| make(group, false)).collect()));
    }
    Ok(make(groups.into_iter().flatten().collect(), plan.all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(modifiers: &[&str], value: &str) -> Vec<String> {
        let plan = Plan::parse(modifiers).unwrap();
        let patterns = plan.patterns(value).unwrap();
        patterns.iter().map(|pattern| pattern.as_literal().unwrap().to_owned()).collect()
    }

    #[test]
    fn encodings() {
        assert_eq!(literals(&["base64"], "foobar"), ["Zm9vYmFy"]);
        assert_eq!(literals(&["base64"], "fooba"), ["Zm9vYmE="]);
        assert_eq!(literals(&["base64offset"], "foobar"), ["Zm9vYmFy", "Zvb2Jhc", "mb29iYX"]);
        assert_eq!(literals(&["wide", "base64"], "ab"), ["YQBiAA=="]);
        assert_eq!(literals(&["utf16be", "base64"], "ab"), ["AGEAYg=="]);
        assert_eq!(literals(&["utf16", "base64"], "ab"), ["//5hAGIA"]);
        assert_eq!(literals(&["wide"], "ab"), ["a\0b\0"]);
    }

    #[test]
    fn an_encoded_value_is_found_wherever_it_stands() {
        for before in ["", "x", "xy", "xyz"] {
            let whole = base64(format!("{before}http://tail").as_bytes());
            let whole = String::from_utf8(whole).unwrap();
            assert!(literals(&["base64offset"], "http://").iter().any(|part| whole.contains(part.as_str())));
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(Plan::parse(&["contian"]).unwrap_err().starts_with("unknown modifier `contian`"));
        assert!(Plan::parse(&["i"]).is_err());
        assert!(Plan::parse(&["base64"]).unwrap().patterns("a*").is_err());
    }
}
