//! Expressions: every operator and function, errors, limits, and a public rule file.

use proptest::prelude::*;

use super::{EvalError, Expr, FindingScope, NESTING_MAX, Scope, TEXT_BYTES_MAX};

const TEXT: &[u8] = b"first line\nconfig.api_key = \"k3y-Value-9f\" # note\nlast line\n";

/// Judges a fixed finding in [`TEXT`] by an expression.
fn judge(expression: &str) -> Result<bool, EvalError> {
    let finding = FindingScope {
        text: TEXT,
        matched: 18..42,
        secret: &TEXT[29..41],
        rule_id: "generic-api-key",
        description: "an API key",
    };
    let scope = Scope {
        finding: Some(&finding),
        attributes: &[("path", "src/config.py"), ("git.sha", "abc123")],
        captures: &[("host", b"example.org")],
    };
    Expr::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}")).eval_bool(&scope)
}

#[test]
fn operators_follow_their_precedence() {
    for expression in [
        "1 + 2 * 3 == 7",
        "(1 + 2) * 3 == 9",
        "2 ** 3 ** 2 == 512",
        "-2 ** 2 == -4",
        "7 % 4 == 3 && 7 / 2 == 3.5",
        "1 == 1.0 && 1 != 2 && \"a\" != 1",
        "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3 && \"a\" < \"b\"",
        "true || false && false",
        "not false and !false or false",
        "!(1 > 2)",
        "2 in [1, 2] && 3 not in [1, 2] && \"b\" in [\"a\", \"b\"]",
        "5 in 1..9 and not (10 in 1..9)",
        "\"abc\" contains \"b\" && \"abc\" not contains \"x\"",
        "\"abc\" startsWith \"ab\" && \"abc\" endsWith \"bc\"",
        "\"abc\" matches \"^a.c$\" and \"abc\" not matches `^b`",
        "nil ?? 1 == 1",
        "true ? true : false",
        "1 > 2 ? false : 3 > 2 ? true : false",
        "if 1 > 2 { false } else if false { false } else { true }",
        "let a = 1; let b = a + 1; (let a = b + 1; a) == 3 && a == 1 && b == 2",
        "[1, 2, 3][1] == 2 && [1, 2, 3][-1] == 3",
        "{\"a\": 1, b: 2}[\"a\"] == 1 && {a: {b: 2}}.a.b == 2",
        "\"hello\"[1:3] == \"el\" && \"hello\"[:2] == \"he\" && \"hello\"[-2:] == \"lo\" && \"a\"[5:9] == \"\"",
        "[1, 2, 3][1:] == [2, 3]",
        "\" X \" | trim() | lower() == \"x\"",
        "0x10 == 16 && 1_000 == 1000 && 1e2 == 100",
        "\"\\x41\\u00e9\\n\" == \"A\\u00e9\\n\" || '\\'' == \"'\"",
        "`a\\.b` == \"a\\\\.b\" && r\"\"\"a\"b\"\"\" == 'a\"b'",
        "/* note */ true // and\n",
    ] {
        assert_eq!(judge(expression), Ok(true), "{expression}");
    }
}

#[test]
fn functions_compute() {
    for expression in [
        "len(\"abc\") == 3 && len([1]) == 1 && size(\"\") == 0",
        "max(1, 5, 3) == 5 && min([4, 2.5]) == 2.5 && abs(-3) == 3",
        "upper(\"aé\") == \"AÉ\" && lower(\"AÉ\") == \"aé\"",
        "trim(\"--a--\", \"-\") == \"a\" && trimPrefix(\"abc\", \"a\") == \"bc\" && trimSuffix(\"abc\", \"c\") == \"ab\"",
        "hasPrefix(\"abc\", \"ab\") && hasSuffix(\"abc\", \"bc\")",
        "indexOf(\"abcb\", \"b\") == 1 && lastIndexOf(\"abcb\", \"b\") == 3 && indexOf(\"a\", \"x\") == -1",
        "replace(\"a-b-c\", \"-\", \"\") == \"abc\" && substring(\"abc\", 1) == \"bc\"",
        "split(\"a,b\", \",\") == [\"a\", \"b\"] && join([\"a\", \"b\"], \"+\") == \"a+b\"",
        "int(\"42\") == 42 && int(2.9) == 2 && float(\"1.5\") == 1.5 && string(3) == \"3\"",
        "any([1, 2], {# > 1}) && all([1, 2], # > 0) && none([1], # > 1) && one([1, 2], # == 2)",
        "count([1, 2, 3], # >= 2) == 2 && any([[1], [2]], any(#, # == 2))",
        "entropy(\"aabb\") == 1.0 && filter.entropy(\"\") == 0",
        "matchesAny(\"abc\", [`^x`, `c$`]) && !matchesAny(\"abc\", []) && !filter.matchesAny(\"abc\", [\"^$\"])",
        "let p = \"b\"; matchesAny(\"abc\", [p, \"z\"]) && filter.findMatch(\"xabc\", \"a.\") == \"ab\"",
        "filter.findMatch(\"abc\", `\\d`) == \"\"",
        "get({\"a\": 1}, \"a\", 2) == 1 && get({}, \"a\", 2) == 2 && get(attributes, \"x\", \"y\") == \"y\"",
        "getPath({\"a\": [{\"b\": 7}]}, \"a.0.b\", 0) == 7 && getPath({}, \"a.b\", 9) == 9",
    ] {
        assert_eq!(judge(expression), Ok(true), "{expression}");
    }
}

#[test]
fn terms_are_sought_in_the_lowered_text_as_they_are_written() {
    assert_eq!(judge("containsAny(\"My-EXAMPLE\", [\"zzz\", \"example\"])"), Ok(true));
    assert_eq!(judge("containsAny(\"My-EXAMPLE\", [\"EXAMPLE\"])"), Ok(false));
    assert_eq!(judge("containsAny(\"abc\", []) || containsAny(\"abc\", [\"\"])"), Ok(false));
    assert_eq!(judge("let t = \"b\"; filter.containsAny(\"ABC\", [t])"), Ok(true));
}

#[test]
fn the_scope_answers() {
    for expression in [
        "finding[\"secret\"] == \"k3y-Value-9f\" && secret == finding.secret",
        "finding[\"match\"] == finding[\"fragment_raw\"][finding[\"match_start_idx\"]:finding[\"match_end_idx\"]]",
        "finding[\"line\"] == \"config.api_key = \\\"k3y-Value-9f\\\" # note\"",
        "finding[\"match_line_start_idx\"] == 11 && finding[\"match_line_end_idx\"] == 49",
        "finding[\"rule_id\"] == \"generic-api-key\" && float(finding[\"entropy\"]) > 3.0",
        "finding[\"context\"] contains \"first line\" && finding[\"context\"] contains \"last line\"",
        "attributes[\"path\"] == \"src/config.py\" && (attributes[\"none\"] ?? \"\") == \"\"",
        "get(attributes, \"git.sha\", \"\") in [\"abc123\"] && \"path\" in attributes",
        "captures[\"host\"] == \"example.org\" && captures.host endsWith \".org\"",
    ] {
        assert_eq!(judge(expression), Ok(true), "{expression}");
    }
}

#[test]
fn older_spellings_are_understood() {
    for expression in [
        "cel.bind(r, {\"body\": \"abc\"}, r.body.contains(\"b\"))",
        "{\"a\": {}}.a.?b.orValue(\"z\") == \"z\"",
        "{}[?\"k\"].orValue(1) == 1",
        "\"a b\".replace(\" \", \"-\").substring(2) == \"b\"",
        "(let a = 1; a == 1)",
    ] {
        assert_eq!(judge(expression), Ok(true), "{expression}");
    }
}

#[test]
fn errors_name_the_place_and_the_nearest_name() {
    for (expression, offset, part) in [
        ("entropi(\"a\") > 1", 0, "did you mean `entropy`?"),
        ("1 == findng.secret", 5, "did you mean `finding`?"),
        ("finding[\"secrt\"] == \"\"", 8, "did you mean `secret`?"),
        ("filter.lower(\"a\")", 0, "unknown function `filter.lower`"),
        ("len()", 0, "takes 1 arguments, got 0"),
        ("1 +", 3, "expected a value, found the end"),
        ("(1", 2, "expected `)`"),
        ("1 2", 2, "expected an operator or the end"),
        ("\"abc", 0, "not closed"),
        ("a ~ b", 2, "unexpected character"),
        ("99999999999999999999", 0, "at most 64 bits"),
        ("# > 1", 0, "only inside a predicate"),
        ("let a 1; a", 6, "expected `=`"),
    ] {
        let error = Expr::parse(expression).expect_err(expression);
        assert_eq!(error.offset, offset, "{expression}: {error}");
        assert!(error.message.contains(part), "{expression}: {error}");
    }
}

#[test]
fn wrong_kinds_are_errors_not_answers() {
    for (expression, part) in [
        ("1", "expected true or false, got a number"),
        ("\"a\" < 1", "cannot order"),
        ("1 % 0 == 1", "divided by zero"),
        ("9223372036854775807 + 1 > 0", "does not fit"),
        ("entropy(nil) > 1", "expected a string"),
        ("matchesAny(\"a\", [`(`])", "bad regex"),
        ("[1][3] == 1", "outside a list"),
        ("any(1, true)", "expected a list"),
    ] {
        let error = judge(expression).expect_err(expression);
        assert!(error.message.contains(part), "{expression}: {error}");
    }
    let prefilter = Expr::parse("finding[\"secret\"] == \"\"").unwrap();
    assert!(prefilter.needs_finding());
    assert!(prefilter.eval_bool(&Scope::default()).unwrap_err().message.contains("prefilter"));
    assert!(!Expr::parse("attributes[\"path\"] == \"\"").unwrap().needs_finding());
}

#[test]
fn bad_regexes_are_found_before_the_first_finding() {
    let error =
        Expr::parse("false && matchesAny(\"a\", [\"a\", \"b(\"])").unwrap().check_regexes().unwrap_err();
    assert_eq!(error.offset, 25);
    assert!(Expr::parse("matchesAny(\"a\", [`\\${a}`])").unwrap().check_regexes().is_ok());
}

#[test]
fn size_nesting_and_work_are_bounded() {
    assert!(Expr::parse(&" ".repeat(TEXT_BYTES_MAX + 1)).is_err());
    for (open, close) in [("(", ")"), ("[", "]"), ("!", ""), ("-", ""), ("true ? true : ", "true")] {
        let deep = format!("{}true{}", open.repeat(100_000), close.repeat(100_000));
        let error = Expr::parse(&deep[..deep.len().min(TEXT_BYTES_MAX)]).unwrap_err();
        assert!(error.message.contains(&NESTING_MAX.to_string()), "{error}");
    }
    assert!(Expr::parse(&format!("1{} == 1", "+1".repeat(1_000))).is_err());
    let chain = format!("{} true", "false || ".repeat(50_000));
    assert_eq!(judge(&chain), Ok(true));
    let doubling = format!("let a = \"x\"; {} a == \"\"", "let a = a + a; ".repeat(60));
    assert!(judge(&doubling).is_err());
    let cubic = "let r = 1..9999; any(r, any(r, any(r, # == 0)))";
    assert!(judge(cubic).unwrap_err().message.contains("steps"));
    let growth = "let a = replace(join(split(\"aaaaaaaa\", \"a\"), \"aaaaaaaaaaaa\"), \"a\", \"bbbbbbbb\"); len(a) > 0";
    assert_eq!(judge(growth), Ok(true));
}

/// Every expression of the public rule file parses, compiles and judges.
#[test]
fn the_public_rule_file_is_understood() {
    let corpora = std::env::var_os("SELVEDGE_CORPORA").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        std::path::PathBuf::from,
    );
    let path = corpora.join("secrets/betterleaks.toml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no corpus at {}", path.display());
        return;
    };
    let file: toml::Table = text.parse().unwrap();
    let rules = file["rules"].as_array().unwrap();
    let filters = rules.iter().filter_map(|rule| rule.get("filter"));
    let all: Vec<&str> = filters
        .chain(file.get("filter"))
        .chain(file.get("prefilter"))
        .filter_map(|text| text.as_str())
        .collect();
    assert!(all.len() >= 300, "{} expressions", all.len());
    for expression in all {
        if let Err(error) = judge(expression) {
            panic!("{expression}: {error}");
        }
        Expr::parse(expression)
            .unwrap()
            .check_regexes()
            .unwrap_or_else(|error| panic!("{expression}: {error}"));
    }
    let prefilter = Expr::parse(file["prefilter"].as_str().unwrap()).unwrap();
    for (path, dropped) in [("a/node_modules/b.js", true), ("logo.PNG", true), ("src/main.rs", false)] {
        let scope = Scope { attributes: &[("path", path)], ..Scope::default() };
        assert_eq!(prefilter.eval_bool(&scope), Ok(dropped), "{path}");
    }
    let filter = Expr::parse(file["filter"].as_str().unwrap()).unwrap();
    for (secret, dropped) in
        [("${API_KEY}", true), ("{{ .Values.key }}", true), ("xxxx", true), ("k9fJ2mQz7w", false)]
    {
        let finding = FindingScope {
            text: secret.as_bytes(),
            matched: 0..secret.len(),
            secret: secret.as_bytes(),
            rule_id: "",
            description: "",
        };
        let scope = Scope { finding: Some(&finding), ..Scope::default() };
        assert_eq!(filter.eval_bool(&scope), Ok(dropped), "{secret}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC{0,60}") {
        let _ = Expr::parse(&text);
    }

    #[test]
    fn any_mix_of_tokens_is_judged_or_refused(
        tokens in proptest::collection::vec(
            proptest::sample::select(vec![
                "1", "2.5", "\"a\"", "`b`", "true", "nil", "finding", "attributes", "secret", "[", "]", "(", ")",
                "{", "}", "#", "+", "-", "*", "/", "%", "**", "..", "==", "<", "in", "not", "contains", "matches",
                "and", "||", "?", ":", "??", ".", ",", ";", "let", "x", "=", "len", "any", "filter.", "replace",
            ]),
            0..24,
        )
    ) {
        let text = tokens.join(" ");
        if let Ok(expression) = Expr::parse(&text) {
            let finding = FindingScope { text: TEXT, matched: 3..9, secret: b"abc", rule_id: "", description: "" };
            let _ = expression.eval_bool(&Scope { finding: Some(&finding), ..Scope::default() });
        }
    }
}
