//! Rules for source code, as their users meet them.

use crate::project::{Project, github_token, summary};

/// A Flask application with a query that the request writes.
const INJECTION: &str = r#"import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.route("/user")
def user():
    name = request.args.get("name")
    cursor = sqlite3.connect("app.db").cursor()
    cursor.execute("SELECT * FROM users WHERE name = '" + name + "'")
    return ""
"#;

const OWN_RULE: &str = r#"rules:
  - id: no-eval
    languages: [python]
    severity: ERROR
    message: Do not call eval on $X. It runs whatever it is given.
    metadata:
      cwe: "CWE-95: Improper Neutralization"
    pattern: eval($X)
    fix: literal_eval($X)
"#;

fn only_code(project: &Project, arguments: &[&str]) -> Vec<String> {
    project.findings(&[&["--engine", "code", "--no-cache"], arguments].concat())
}

#[test]
fn built_in_rules_follow_data_through_a_function() {
    let project = Project::new();
    project.write("app.py", INJECTION);
    let report = project.check(&["--engine", "code", "--no-cache"]);
    assert_eq!(summary(&report["findings"]), ["python-sql-injection app.py:11"]);
    let finding = &report["findings"][0];
    assert_eq!(finding["engine"], "code");
    assert!(finding["why"].as_str().unwrap().len() > 20, "{finding}");
    assert!(!finding["remediation"]["steps"].as_array().unwrap().is_empty(), "{finding}");
    assert_eq!(finding["references"][0]["id"], "CWE-89");
    assert!(report["rules"]["python-sql-injection"].is_object(), "the report tells about the rule");
}

#[test]
fn a_second_run_tells_the_same_without_reading() {
    let project = Project::new();
    project.write("app.py", INJECTION).write("readme.md", "nothing");
    let first = project.run(&["check", "--engine", "code", "--format", "json"]).expect(1).out;
    let second = project.run(&["check", "--engine", "code", "--format", "json"]).expect(1).out;
    assert_eq!(first, second);
}

#[test]
fn own_rules_come_from_files_folders_and_the_configuration() {
    let project = Project::new();
    project.write("a.py", "eval(x)\n").write("packs/python/no-eval.yaml", OWN_RULE);
    project.write("packs/settings.yaml", "key: value\n");
    let expected = ["no-eval a.py:1"];
    assert_eq!(only_code(&project, &["--no-builtin", "--rules", "packs/python/no-eval.yaml"]), expected);
    assert_eq!(only_code(&project, &["--no-builtin", "--rules", "packs"]), expected);
    project.write("selvedge.toml", "[code]\nbuiltin = false\nrules = [\"packs\"]\n");
    assert_eq!(only_code(&project, &[]), expected);
    project.write("selvedge.toml", "[code]\nbuiltin = false\nrules = [\"packs\"]\ndisable = [\"no-eval\"]\n");
    assert!(only_code(&project, &[]).is_empty());
    project.write("selvedge.toml", "[code]\ndisable = [\"python-flask-debgu\"]\n");
    let ran = project.run(&["check", "--engine", "code"]).expect(2);
    assert!(ran.err.contains("python-flask-debug"), "{}", ran.err);
}

#[test]
fn a_rule_that_cannot_be_used_is_named_and_the_others_run() {
    let project = Project::new();
    let broken = OWN_RULE.replace("no-eval", "broken").replace("pattern: eval($X)", "pattern: \"eval((\"");
    let rules = OWN_RULE.to_owned() + broken.strip_prefix("rules:\n").unwrap();
    project.write("a.py", "eval(x)\n").write("rules.yaml", rules);
    let report = project.check(&["--engine", "code", "--no-cache", "--no-builtin", "--rules", "rules.yaml"]);
    assert_eq!(summary(&report["findings"]), ["no-eval a.py:1"]);
    let told = report["diagnostics"].to_string();
    assert!(told.contains("broken") && told.contains("rules.yaml"), "{told}");
    project.write("rules.yaml", "rules:\n  - id: nothing\n");
    let ran = project.run(&["check", "--engine", "code", "--no-builtin", "--rules", "rules.yaml"]).expect(2);
    assert!(ran.err.contains("rules.yaml:2"), "{}", ran.err);
}

#[test]
fn comments_for_semgrep_silence_and_are_listed() {
    let project = Project::new();
    project.write("rules.yaml", OWN_RULE);
    project.write(
        "a.py",
        "eval(a)  # nosemgrep: no-eval made of constants\n# nosem\neval(b)\neval(c)  # nosemgrep: other\neval(d)  # nosemgrep: python.lang.no-eval\n",
    );
    let report = project.check(&["--engine", "code", "--no-cache", "--no-builtin", "--rules", "rules.yaml"]);
    assert_eq!(summary(&report["findings"]), ["no-eval a.py:4"]);
    let suppressed = report["suppressed"].as_array().unwrap();
    let reasons: Vec<&str> =
        suppressed.iter().map(|it| it["suppression"]["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["nosemgrep: made of constants", "nosemgrep", "nosemgrep"]);
}

#[test]
fn what_is_secret_stays_so_in_findings_about_code() {
    let project = Project::new();
    let token = github_token(7);
    project.write("rules.yaml", OWN_RULE.replace("Do not", "With $X one does not"));
    project.write("a.py", format!("eval(\"{token}\")\n"));
    for format in ["json", "terminal", "sarif", "html"] {
        let ran = project.run(&["check", "--no-cache", "--format", format, "--rules", "rules.yaml"]);
        assert!(ran.out.contains("no-eval"), "{format}: {}", ran.out);
        assert!(!ran.out.contains(&token[8..]), "{format}: {}", ran.out);
    }
    let ran = project.run(&["fix"]).expect(0);
    assert!(!ran.out.contains(&token[8..]), "{}", ran.out);
}

#[test]
fn fixes_are_shown_as_a_diff_and_written_on_demand() {
    let project = Project::new();
    let text = "import os\n\nprint(1)\neval(input())\nprint(eval(eval(x)))\n";
    project.write("a.py", text).write(".selvedge/code.yaml", OWN_RULE);
    project.write("selvedge.toml", "[code]\nrules = [\".selvedge/code.yaml\"]\n");
    let shown = project.run(&["fix", "--dry-run"]).expect(0).out;
    assert!(shown.contains("-eval(input())\n") && shown.contains("+literal_eval(input())\n"), "{shown}");
    assert!(shown.contains("Left for another run, since they overlap: 1"), "{shown}");
    assert_eq!(project.read("a.py"), text);
    project.run(&["fix", "--write"]).expect(0);
    assert_eq!(
        project.read("a.py"),
        "import os\n\nprint(1)\nliteral_eval(input())\nprint(literal_eval(eval(x)))\n"
    );
}

#[test]
fn annotated_examples_are_run() {
    let project = Project::new();
    project.write("pack/no-eval.yaml", OWN_RULE);
    project.write("pack/no-eval.py", "# ruleid: no-eval\neval(x)\n# ok: no-eval\nprint(x)\n");
    let ran = project.run(&["rules", "test", "pack"]).expect(0);
    assert_eq!(ran.out, "1 rule: 1 examples passed, 0 failed\n");
    project.write("pack/no-eval.py", "# ok: no-eval\neval(x)\n# ruleid: no-eval\nprint(x)\n");
    let ran = project.run(&["rules", "test", "pack"]).expect(1);
    assert!(ran.out.contains("pack/no-eval.py:4: no-eval is expected and was not found"), "{}", ran.out);
    assert!(ran.out.contains("pack/no-eval.py:2: no-eval was found and is not expected"), "{}", ran.out);
}

#[test]
fn a_rule_is_explained() {
    let project = Project::new();
    let ran = project.run(&["explain", "python-sql-injection"]).expect(0);
    assert!(ran.out.contains("CWE-89"), "{}", ran.out);
    let ran = project.run(&["explain", "python-sql-injectoin"]).expect(2);
    assert!(ran.err.contains("python-sql-injection"), "{}", ran.err);
}
