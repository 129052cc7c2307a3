//! How annotated tests are judged.

use super::*;
use crate::set::RuleFile;

#[test]
fn comments_of_every_language_are_read() {
    let text = "# ruleid: a, b\nx\n// ok:a\n/* todoruleid: a */\n<!-- todook: a -->\n(* ruleid: a *)\n-- ruleid: a-b\nno ruleid: a\n{/* ruleid: a */}\n// ruleid: deepok: a\n";
    let read: Vec<_> = annotations(text)
        .into_iter()
        .map(|annotation| (annotation.line, annotation.expectation, annotation.rules.join(" ")))
        .collect();
    assert_eq!(
        read,
        [
            (2, Expectation::RuleId, "a b".to_owned()),
            (4, Expectation::Ok, "a".to_owned()),
            (5, Expectation::TodoRuleId, "a".to_owned()),
            (6, Expectation::TodoOk, "a".to_owned()),
            (7, Expectation::RuleId, "a".to_owned()),
            (8, Expectation::RuleId, "a-b".to_owned()),
            (10, Expectation::RuleId, "a".to_owned()),
            (11, Expectation::RuleId, "a".to_owned()),
        ]
    );
}

#[test]
fn lines_must_be_those_expected() {
    let text = "rules:\n- id: r\n  message: m\n  severity: LOW\n  languages: [regex]\n  pattern-regex: bad\n  fix: good\n";
    let (set, rejected) = RuleSet::load(&[RuleFile { name: "r.yaml", text }]);
    assert_eq!(rejected, []);
    let check = |text: &str, fixed: Option<&str>| {
        let file = TestFile { path: "t.txt", bytes: text.as_bytes(), fixed: fixed.map(str::as_bytes) };
        set.test(&file).pop().expect("one rule")
    };
    assert!(check("# ruleid: r\nbad\n# ok: r\nfine\n", None).passed());
    assert_eq!(check("# ruleid: r\nfine\nbad\n", None).missed(), [2]);
    assert_eq!(check("# ruleid: r\nfine\nbad\n", None).unexpected(), [3]);
    assert!(check("# todoruleid: r\nfine\n# todook: r\nbad\n", None).passed());
    assert_eq!(check("# ruleid: r\nbad\n", Some("# ruleid: r\ngood\n")).fix_passed, Some(true));
    assert_eq!(check("# ruleid: r\nbad\n", Some("# ruleid: r\nbad\n")).fix_passed, Some(false));
}

#[test]
fn the_rules_of_a_file_are_fixed_together() {
    let rule = |id: &str, from: &str, fix: &str| {
        format!(
            "- id: {id}\n  message: m\n  severity: LOW\n  languages: [regex]\n  pattern-regex: {from}\n{fix}"
        )
    };
    let text = format!(
        "rules:\n{}{}{}",
        rule("a", "bad", "  fix: good\n"),
        rule("b", "old", "  fix: new\n"),
        rule("c", "odd", "")
    );
    let (set, rejected) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    assert_eq!(rejected, []);
    let fixes = |fixed: &str| -> Vec<Option<bool>> {
        let file = TestFile { path: "t.txt", bytes: b"old bad odd\n", fixed: Some(fixed.as_bytes()) };
        set.test(&file).into_iter().map(|check| check.fix_passed).collect()
    };
    assert_eq!(fixes("new good odd\n"), [Some(true), Some(true), None]);
    assert_eq!(fixes("old good odd\n"), [Some(false), Some(false), None]);
}
