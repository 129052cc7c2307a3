//! Text in, exceptions or placed messages out.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::testing::finding;

#[track_caller]
fn wrong(text: &str, expected: &Expect) {
    let errors = parse(text, "e.toml").expect_err("mistakes");
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn both_forms_of_the_day_and_every_selector_are_read() {
    let text = "[[exceptions]]\nrule = 'r'\npath = 'tests/'\nfingerprint = 'ABCDEF00112233445566778899aabbcc'\n\
                engine = 'secrets'\nowner = ' ann '\nreason = 'why'\nexpires = 2027-01-31\n\n\
                [[exceptions]]\nrule = 'r'\nowner = 'bob'\nreason = 'why'\nexpires = '2027-01-31'\n";
    let exceptions = parse(text, "e.toml").expect("sound");
    assert_eq!(exceptions[0].expires, exceptions[1].expires);
    assert_eq!((exceptions[0].owner.as_str(), exceptions[0].origin.as_str()), ("ann", "e.toml:1"));
    assert_eq!(exceptions[1].origin, "e.toml:10");
    assert_eq!(
        exceptions[0].fingerprint.as_ref().map(Fingerprint::as_str),
        Some("abcdef00112233445566778899aabbcc")
    );
    assert!(
        exceptions[1].matches(&finding("r", "x", 1, "s"))
            && !exceptions[0].matches(&finding("r", "x", 1, "s"))
    );
    assert!(exceptions[0].holds_on(exceptions[0].expires));
    assert!(!exceptions[0].holds_on(Date::new(2027, 2, 1).expect("a day")));
}

#[test]
fn what_is_missing_is_named_with_its_use() {
    wrong(
        "[[exceptions]]\n",
        &expect![[r#"
        e.toml:1:1: an exception needs `owner`: who answers for the decision
        e.toml:1:1: an exception needs `reason`: why the finding is acceptable
        e.toml:1:1: an exception needs `expires`: the last day on which it holds, such as 2027-01-31; a decision without an end is not looked at again"#]],
    );
    wrong(
        "[[exceptions]]\nengine = 'secrets'\nowner = 'a'\nreason = 'b'\nexpires = 2027-01-01\n",
        &expect![
            "e.toml:1:1: an exception needs at least one of `rule`, `path`, `package` and `fingerprint`"
        ],
    );
}

#[test]
fn wrong_fields_are_placed() {
    wrong(
        "[[exceptions]]\nrule = 3\npath = 'a['\nfingerprint = 'xyz'\nengine = 'secret'\nowner = '  '\nreason = ''\n\
         expires = 2027-02-30\nuntil = 2027-01-01\n",
        &expect![[r#"
            e.toml:2:8: `rule` of an exception must be a text, found the number 3
            e.toml:3:8: `path` of an exception must be a path pattern, but `a[` is none: unclosed character class; missing ']'
            e.toml:4:15: `fingerprint` of an exception must be 32 hexadecimal digits, found "xyz"
            e.toml:5:10: `engine` of an exception must be `secrets`, `code` or `dependencies`, found "secret"; did you mean `secrets`?
            e.toml:6:9: `owner` of an exception must not be empty
            e.toml:7:10: `reason` of an exception must not be empty
            e.toml:8:11: not TOML: invalid date, expected day between 01 and 28
            e.toml:9:1: unknown key `until` in an exception; expected `rule`, `path`, `package`, `fingerprint`, `engine`, `justification`, `owner`, `reason` or `expires`"#]],
    );
    wrong(
        "[[exceptions]]\nrules = 'r'\nowner = 'a'\nreason = 'b'\nexpires = 'soon'\n\
         [[exceptions]]\nrule = 'r'\nowner = 'a'\nreason = 'b'\nexpires = 2027-01-01T10:00:00Z\n",
        &expect![[r#"
            e.toml:2:1: unknown key `rules` in an exception; expected `rule`, `path`, `package`, `fingerprint`, `engine`, `justification`, `owner`, `reason` or `expires`; did you mean `rule`?
            e.toml:5:11: `expires` of an exception must be a day such as 2027-01-31, found the string "soon"
            e.toml:10:11: `expires` of an exception must be a day such as 2027-01-31, found the date 2027-01-01T10:00:00Z"#]],
    );
}

#[test]
fn other_shapes_are_refused() {
    wrong(
        "[[exception]]\nrule = 'r'\n",
        &expect![[
            "e.toml:1:3: unknown key `exception` at the top level; expected `[[exceptions]]`; did you mean `exceptions`?"
        ]],
    );
    wrong(
        "exceptions = 'all'\n",
        &expect![[
            r#"e.toml:1:14: `exceptions` must be written as `[[exceptions]]`, found the string "all""#
        ]],
    );
    wrong("exceptions = [1]\n", &expect![["e.toml:1:15: an exception must be a table, found the number 1"]]);
    wrong(
        "[exceptions]\nrule = 'r'\n",
        &expect![["e.toml:1:1: `exceptions` must be written as `[[exceptions]]`, found a table"]],
    );
}

#[test]
fn limits_are_named() {
    wrong(
        &"#".repeat(EXCEPTIONS_BYTES_MAX + 1),
        &expect![["e.toml:1:1: the file has 4194305 bytes; at most 4194304 are read"]],
    );
    wrong(
        &"[[exceptions]]\n".repeat(EXCEPTIONS_MAX + 1),
        &expect![["e.toml:1:1: 10001 exceptions; at most 10000 are taken, use a baseline"]],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), inner in "[a-z='\"\\[\\]{}0-9 \n-]{0,60}") {
        let _ = parse(&text, "x");
        let _ = parse(&format!("[[exceptions]]\nrule = 'r'\n{inner}"), "x");
    }
}
