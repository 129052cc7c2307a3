//! Triage and gate: ignores, exceptions, baselines, policy from elsewhere.

use crate::project::{Project, github_token, summary};

#[test]
fn exit_codes_follow_the_gate() {
    let project = Project::new();
    project.write("a.txt", "nothing here\n");
    project.run(&["check"]).expect(0);
    project.write("a.txt", github_token(1));
    project.run(&["check"]).expect(1);
    project.write("selvedge.toml", "[gate]\nfail-on = \"never\"\n");
    project.run(&["check"]).expect(0);
    project.run(&["check", "--fail-on", "high"]).expect(1);
}

#[test]
fn an_inline_ignore_needs_the_rule_and_is_listed() {
    let project = Project::new();
    let token = github_token(1);
    project.write("a.py", format!("t = '{token}'  # selvedge:ignore github-pat revoked in March\n"));
    project.write("b.py", format!("t = '{token}'  # selvedge:ignore other-rule why\n"));
    let report = project.check(&[]);
    assert_eq!(summary(&report["findings"]), ["github-pat b.py:1"]);
    assert_eq!(report["suppressed"][0]["suppression"]["reason"], "revoked in March");
    assert!(!report["notices"].as_array().unwrap().is_empty(), "an ignore of an unknown rule is told");
}

#[test]
fn exceptions_expire_and_say_so() {
    let project = Project::new();
    project.write("a.txt", github_token(1));
    let exception = |expires: &str| {
        format!(
            "[[exceptions]]\nrule = \"github-pat\"\nowner = \"ada\"\nreason = \"test account\"\nexpires = \"{expires}\"\n"
        )
    };
    project.write(".selvedge/exceptions.toml", exception("2999-12-31"));
    project.run(&["check"]).expect(0);
    project.write(".selvedge/exceptions.toml", exception("2020-01-31"));
    project.run(&["check"]).expect(1);
    let notices = project.check(&[])["notices"].to_string();
    assert!(notices.contains("2020-01-31"), "{notices}");
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let project = Project::new();
    project.write("old.txt", format!("{}\n", github_token(1)));
    project.run(&["check", "--write-baseline"]).expect(0);
    project.run(&["check"]).expect(0);
    // The line moves; the finding is the same.
    project.write("old.txt", format!("\n\n\n{}\n", github_token(1)));
    project.run(&["check"]).expect(0);
    project.write("new.txt", github_token(2));
    let report = project.check(&[]);
    assert_eq!(summary(&report["findings"]), ["github-pat new.txt:1"]);
    project.run(&["check"]).expect(1);
}

#[test]
fn policy_can_come_from_the_protected_branch() {
    let project = Project::git();
    project.write("selvedge.toml", "[gate]\nfail-on = \"high\"\n").commit("policy");
    project.write("selvedge.toml", "[gate]\nfail-on = \"never\"\n");
    project.write("a.txt", github_token(1)).commit("weaken it");
    project.run(&["check"]).expect(0);
    let ran = project.run(&["check", "--policy-from", "HEAD~1"]).expect(1);
    assert!(ran.out.contains("HEAD~1"), "{}", ran.out);
}

#[test]
fn policy_from_elsewhere_does_not_trust_the_trees_own_excuses() {
    let project = Project::git();
    project.write("selvedge.toml", "[gate]\nfail-on = \"high\"\n").commit("policy");
    project.write("a.txt", format!("{} gitleaks:allow selvedge:ignore github-pat mine", github_token(1)));
    project.write(".gitleaks.toml", "[allowlist]\npaths = ['''.*''']\n").commit("excuse it");
    project.run(&["check"]).expect(0);
    project.run(&["check", "--policy-from", "HEAD~1"]).expect(1);
}

#[test]
fn gitleaks_files_are_honoured_visibly() {
    let project = Project::new();
    project.write("a.txt", format!("{}\n", github_token(1)));
    project.write("b.txt", format!("{} # gitleaks:allow\n", github_token(2)));
    project.write(".gitleaksignore", "a.txt:github-pat:1\n");
    project.write(".gitleaks.toml", "[extend]\nuseDefault = true\n\n[[rules]]\nid = \"ours\"\nregex = '''ours-[0-9]{6}'''\nkeywords = [\"ours-\"]\n");
    project.write("c.txt", "ours-123456\n");
    let report = project.check(&[]);
    assert_eq!(summary(&report["findings"]), ["ours c.txt:1"]);
    let kinds: Vec<_> = report["suppressed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["suppression"]["kind"].clone())
        .collect();
    assert_eq!(kinds, ["gitleaks-ignore", "inline"]);
    assert!(report["run"]["influences"].to_string().contains(".gitleaks.toml"), "{report}");
}

#[test]
fn owners_are_named() {
    let project = Project::new();
    project.write(".github/CODEOWNERS", "*.txt @team/data\n");
    project.write("a.txt", github_token(1));
    assert_eq!(project.check(&[])["findings"][0]["owners"][0], "@team/data");
}
