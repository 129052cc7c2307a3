//! The built-in rules do what their examples say, and are written as their README asks.

use std::collections::BTreeSet;

use selvedge_code::BUILTIN_PACKS;

#[test]
fn every_rule_loads_and_passes_its_examples() {
    let mut problems = Vec::new();
    for pack in BUILTIN_PACKS {
        let outcome = pack.test();
        problems.extend(outcome.rejected.iter().map(|it| it.diagnostic().to_string()));
        problems.extend(outcome.untested.iter().map(|rule| format!("{rule} has no example")));
        for check in outcome.checks.iter().filter(|check| !check.passed()) {
            let (missed, unexpected) = (check.missed(), check.unexpected());
            problems.push(format!(
                "{}: {} missed {missed:?} unexpected {unexpected:?} fix {:?}",
                check.path, check.rule, check.fix_passed
            ));
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_rule_says_why_how_to_fix_and_what_weakness() {
    let mut ids = BTreeSet::new();
    for pack in BUILTIN_PACKS {
        let (rules, rejected) = pack.load();
        assert!(rejected.is_empty(), "{rejected:?}");
        let listed: BTreeSet<&str> = pack.ids().iter().copied().collect();
        for (rule, _) in rules.described() {
            let id = rule.id.as_str();
            assert!(listed.contains(id), "{id} is not in the list that the build made");
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(rule.why.len() >= 20 && !rule.remediation.steps.is_empty(), "{id}");
            assert!(rule.references.iter().any(|reference| reference.id.starts_with("CWE-")), "{id}");
        }
        assert_eq!(rules.len(), pack.ids().len());
    }
    assert!(ids.len() >= 150, "{}", ids.len());
}
