//! Decisions of policies.

use selvedge_license::{Handling, PackageException, Pattern, Policy, Verdict, parse};
use selvedge_package::Ecosystem;

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::parse(text).unwrap()).collect()
}

fn policy(allow: &[&str], deny: &[&str]) -> Policy {
    Policy { allow: patterns(allow), deny: patterns(deny), ..Policy::default() }
}

#[track_caller]
fn check(policy: &Policy, text: &str, verdict: Verdict) {
    let decision = policy.evaluate(&parse(text).unwrap().expression);
    assert_eq!(decision.verdict, verdict, "{text}: {decision:?}");
}

#[test]
fn alternatives_need_one_and_conjunctions_need_all() {
    let policy = policy(&["MIT", "Apache-2.0"], &[]);
    check(&policy, "MIT", Verdict::Allowed);
    check(&policy, "GPL-3.0-only", Verdict::Denied);
    check(&policy, "GPL-3.0-only OR MIT", Verdict::Allowed);
    check(&policy, "GPL-3.0-only AND MIT", Verdict::Denied);
    check(&policy, "(GPL-3.0-only OR MIT) AND Apache-2.0", Verdict::Allowed);
    check(&policy, "Acme", Verdict::Unknown);
    check(&policy, "Acme OR MIT", Verdict::Allowed);
    check(&policy, "Acme AND MIT", Verdict::Unknown);
    check(&policy, "Acme OR GPL-3.0-only", Verdict::Unknown);
    check(&policy, "Acme AND GPL-3.0-only", Verdict::Denied);
}

#[test]
fn a_decision_says_what_it_rests_on() {
    let policy = policy(&["MIT"], &[]);
    let decide = |text| policy.evaluate(&parse(text).unwrap().expression);
    assert_eq!(decide("GPL-3.0-only OR MIT").chosen, ["MIT"]);
    assert_eq!(decide("GPL-3.0-only AND MIT AND ISC").denied, ["GPL-3.0-only", "ISC"]);
    assert_eq!(decide("MIT AND Acme").unknown, ["Acme"]);
}

#[test]
fn later_versions_and_exceptions() {
    let policy = policy(&["GPL-3.0-only", "Apache-2.0"], &[]);
    check(&policy, "GPL-2.0-or-later", Verdict::Allowed);
    check(&policy, "GPL-2.0-only", Verdict::Denied);
    check(&policy, "Apache-2.0 WITH LLVM-exception", Verdict::Allowed);
    check(
        &self::policy(&["GPL-2.0-only WITH Classpath-exception-2.0"], &[]),
        "GPL-2.0-only",
        Verdict::Denied,
    );
    let java = self::policy(&["GPL-2.0-only WITH Classpath-exception-2.0", "MIT"], &["@copyleft"]);
    check(&java, "GPL-2.0-only WITH Classpath-exception-2.0", Verdict::Allowed);
    check(&java, "GPL-2.0-only", Verdict::Denied);
    check(&java, "MPL-2.0", Verdict::Denied);
}

#[test]
fn a_list_of_denied_ones_allows_the_rest() {
    let policy = policy(&[], &["AGPL-*", "LicenseRef-Proprietary"]);
    check(&policy, "MIT", Verdict::Allowed);
    check(&policy, "AGPL-3.0-or-later", Verdict::Denied);
    check(&policy, "UNLICENSED", Verdict::Denied);
    check(&policy, "AGPL-3.0-or-later OR MIT", Verdict::Allowed);
    check(&policy, "Acme", Verdict::Unknown);
    check(&self::policy(&["@osi"], &[]), "MIT", Verdict::Allowed);
    check(&self::policy(&["@osi"], &[]), "SSPL-1.0", Verdict::Denied);
}

#[test]
fn packages_have_exceptions_with_a_reason() {
    let mut policy = policy(&["MIT"], &[]);
    policy.exceptions.push(PackageException {
        ecosystem: Some(Ecosystem::CratesIo),
        name: "unicode-*".to_owned(),
        version: None,
        allow: patterns(&["Unicode-3.0"]),
        reason: "data tables".to_owned(),
    });
    let unicode = ["MIT AND Unicode-3.0".to_owned()];
    let judged = policy.judge(Ecosystem::CratesIo, "unicode-ident", Some("1.0.0"), &unicode);
    assert_eq!(
        (judged.handling, judged.exception.map(|it| it.reason.as_str())),
        (Handling::Allow, Some("data tables"))
    );
    assert_eq!(policy.judge(Ecosystem::Npm, "unicode-ident", None, &unicode).handling, Handling::Deny);
    let gpl = ["GPL-3.0-only".to_owned()];
    assert_eq!(policy.judge(Ecosystem::CratesIo, "unicode-ident", None, &gpl).handling, Handling::Deny);
    assert_eq!(policy.judge(Ecosystem::CratesIo, "other", None, &[]).handling, Handling::Warn);
    policy.unknown = Handling::Deny;
    assert_eq!(policy.judge(Ecosystem::CratesIo, "other", None, &[]).handling, Handling::Deny);
}

#[test]
fn patterns_are_identifiers() {
    for wrong in ["MIT License", "BSD", "MIT OR ISC", "Nothing", "", "*x*"] {
        assert!(Pattern::parse(wrong).is_err(), "{wrong}");
    }
    let message = Pattern::parse("Apache 2").unwrap_err().to_string();
    assert!(message.contains("SPDX identifier"), "{message}");
}
