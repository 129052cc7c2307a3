//! The smaller commands.

use crate::project::{Project, github_token};

#[test]
fn init_drafts_a_configuration_that_loads() {
    let project = Project::git();
    project.write("Cargo.toml", "");
    project.run(&["init"]).expect(0);
    assert!(project.read("selvedge.toml").contains("Rust"));
    assert_eq!(project.read(".selvedge/fingerprint.key").trim().len(), 64);
    project.run(&["check"]).expect(0);
    let again = project.run(&["init"]).expect(0);
    assert!(again.err.contains("left alone"), "{}", again.err);
}

#[test]
fn the_hook_stops_a_commit_with_a_secret() {
    let project = Project::git();
    project.run(&["init", "--hook"]).expect(0);
    project.write("a.txt", github_token(1));
    project.run_git(&["add", "a.txt"]);
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_selvedge")).parent().unwrap();
    let path = std::env::join_paths(
        [program.to_path_buf()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let commit = std::process::Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-m", "x"])
        .current_dir(project.root())
        .env("PATH", path.unwrap())
        .output()
        .unwrap();
    assert!(!commit.status.success());
    let shown =
        String::from_utf8_lossy(&commit.stdout).into_owned() + &String::from_utf8_lossy(&commit.stderr);
    assert!(shown.contains("github-pat"), "{shown}");
}

#[test]
fn explain_tells_about_rules_and_findings() {
    let project = Project::new();
    project.write("a.txt", github_token(1));
    let rule = project.run(&["explain", "github-pat"]).expect(0);
    assert!(rule.out.contains("Why it matters") && rule.out.contains("How to fix it"), "{}", rule.out);
    assert!(rule.out.contains("confidence high") && rule.out.contains("proof github-crc32:"), "{}", rule.out);
    let report = project.check(&[]);
    let fingerprint = report["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    let finding = project.run(&["explain", &fingerprint[..10]]).expect(0);
    assert!(finding.out.contains("a.txt:1"), "{}", finding.out);
}

#[test]
fn rules_are_listed_and_their_examples_hold() {
    let project = Project::new();
    let list = project.run(&["rules", "list", "--format", "json"]).expect(0);
    let rules: serde_json::Value = serde_json::from_str(&list.out).unwrap();
    assert!(rules.as_array().unwrap().len() >= 180, "{}", rules.as_array().unwrap().len());
    let tested = project.run(&["rules", "test"]).expect(0);
    assert!(tested.out.contains("0 failed"), "{}", tested.out);
}

#[test]
fn a_failing_example_fails_the_test_and_is_named() {
    let project = Project::new();
    project.write(
        "r.toml",
        "[[rules]]\nid = \"r\"\nregex = '''needle[0-9]{3}'''\nkeywords = [\"needle\"]\n[rules.selvedge]\npositives = [\"needle12\"]\nnegatives = [\"needle123\"]\n",
    );
    let ran = project.run(&["rules", "test", "r.toml"]).expect(1);
    assert!(ran.out.contains("2 failed") && ran.out.contains("r: "), "{}", ran.out);
}

#[test]
fn config_show_names_origins() {
    let project = Project::new();
    project.write("selvedge.toml", "[gate]\nfail-on = \"medium\"\n");
    let shown = project.run(&["config", "show"]).expect(0);
    assert!(shown.out.contains("selvedge.toml:2"), "{}", shown.out);
}

#[test]
fn generated_texts_are_there() {
    let project = Project::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(project.run(&["completions", shell]).expect(0).out.contains("selvedge"), "{shell}");
    }
    assert!(project.run(&["man"]).expect(0).out.contains(".TH selvedge"));
    project.run(&["man", "--dir", "man"]).expect(0);
    assert!(project.path("man/selvedge-check.1").is_file());
}

#[test]
fn json_output_obeys_its_schema() {
    let project = Project::git();
    project.write("a.txt", github_token(1)).commit("leak");
    let schema: serde_json::Value = serde_json::from_str(&project.run(&["schema"]).expect(0).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for mode in [&[][..], &["--history"]] {
        let report = project.check(mode);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn generated_pages_are_current() {
    let project = Project::new();
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    for (page, arguments) in [
        ("report.schema.json", &["schema"][..]),
        ("rules.md", &["rules", "list", "--format", "markdown"]),
        ("configuration.md", &["config", "reference"]),
    ] {
        let printed = project.run(arguments).expect(0).out;
        let kept = std::fs::read_to_string(docs.join(page)).unwrap();
        assert!(kept == printed, "{page} is out of date: run `cargo xtask generate`");
    }
}
