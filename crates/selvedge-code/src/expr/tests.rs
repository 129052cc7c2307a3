//! What comparisons of rules are worth.

use jiff::civil::Date;

use super::eval::parse_integer;
use super::*;

struct Names;

impl Environment for Names {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "$N" => Some(Value::Int(0o644)),
            "$F" => Some(Value::Float(1.5)),
            "$S" => Some(Value::Text("AES-CBC".to_owned())),
            "$PORT" => Some(Value::Text("\"8080\"".to_owned())),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            Value::Int(value) => Some(value.to_string()),
            _ => None,
        }
    }

    fn today(&self) -> Option<Date> {
        Some(Date::constant(2026, 1, 2))
    }
}

#[track_caller]
fn check(text: &str, expected: bool) {
    let expression = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(expression.holds(&Names), expected, "{text}: {expression:?}");
}

#[test]
fn comparisons_hold_or_not() {
    check("$N >= 0o600 and $N < 0o1000", true);
    check("0 < $N < 10", false);
    check("$N == 420 or $MISSING == 1", true);
    check("$MISSING == 1", false);
    check("not $MISSING == 1", false);
    check("$F * 2 == 3", true);
    check("2 ** 3 + 1 == 9 and 7 // 2 == 3 and 7 % 4 == 3 and (1 << 4) | 1 == 17", true);
    check("$S in ['AES-CBC', 'DES']", true);
    check("'CBC' in $S", true);
    check("not str($S) in [\"x\"]", true);
    check("$S not in ['x']", true);
    check("re.match('.*-CBC', $S)", true);
    check("re.match('CBC', $S)", false);
    check("int($PORT) > 1024", true);
    check("len($S) == 7", true);
    check("today() > strptime('2025-12-31')", true);
    check("-1 < 0", true);
    check("$S == 1", false);
}

#[test]
fn mistakes_are_told() {
    for text in ["1 +", "foo($X)", "'open", "(1", "1 2", "@", ""] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(parse(&"(".repeat(500)).is_err());
    assert!(parse(&"not ".repeat(5000)).is_err());
    assert!(parse(&"- ".repeat(5000)).is_err());
}

#[test]
fn numbers_are_read_in_their_base() {
    assert_eq!(parse_integer("0o17", None), Some(15));
    assert_eq!(parse_integer("017", None), Some(15));
    assert_eq!(parse_integer("0x1F", None), Some(31));
    assert_eq!(parse_integer("777", Some(8)), Some(511));
    assert_eq!(parse_integer("1_000", None), Some(1000));
    assert_eq!(parse_integer("x", None), None);
}
