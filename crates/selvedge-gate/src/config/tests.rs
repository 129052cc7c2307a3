//! Text in, values and placed messages out.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::keys::children;
use super::*;

fn resolved(text: &str) -> Resolved {
    let config = Config::parse(text, "selvedge.toml").unwrap_or_else(|errors| panic!("{errors:?}"));
    resolve(&config, &Overlay::default()).expect("no overlay")
}

#[track_caller]
fn wrong(text: &str, expected: &Expect) {
    let errors = Config::parse(text, "selvedge.toml").expect_err("mistakes");
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn every_key_has_a_table_a_default_and_an_example_that_read_back() {
    for key in KEYS {
        let (table, name) = key.split();
        assert!(TABLES.iter().any(|known| known.path == table), "{}", key.path);
        let shown = [key.default_value().map(|value| value.to_string()), Some(key.example.to_owned())];
        for text in shown.into_iter().flatten() {
            let config = Config::parse(&format!("[{table}]\n{name} = {text}"), "x");
            let config = config.unwrap_or_else(|errors| panic!("{}: {errors:?}", key.path));
            assert!(config.get(key).is_some(), "{}", key.path);
        }
        assert!(key.doc.ends_with('.') && !key.doc.contains('\n'), "{}", key.path);
    }
    for table in TABLES {
        assert!(!children(table.path).is_empty(), "{}", table.path);
    }
}

#[test]
fn severities_and_engines_are_those_of_the_model() {
    use selvedge_model::{Engine, Severity};
    let levels = Severity::ALL.map(Severity::as_str).into_iter().chain(["never"]);
    let Some(Key { kind: Kind::Choice(choices), .. }) = Key::find("gate.fail-on") else { panic!("a choice") };
    assert_eq!(*choices, levels.collect::<Vec<_>>());
    for engine in Engine::ALL {
        assert!(TABLES.iter().any(|table| table.path == format!("gate.{engine}")));
    }
    for severity in Severity::ALL {
        assert!(Key::find(&format!("gate.budget.{severity}")).is_some());
    }
}

/// A key that `Settings` forgets would be a dead switch: changing any key must change the settings.
#[test]
fn every_key_reaches_the_settings() {
    let defaults = Settings::defaults();
    assert_eq!(resolved("").settings, defaults);
    for key in KEYS {
        let (table, name) = key.split();
        let mut examples = vec![key.example.to_owned()];
        examples.extend(
            (key.kind == Kind::Switch).then(|| ["true", "false"].map(str::to_owned)).into_iter().flatten(),
        );
        let changes =
            |example: &String| resolved(&format!("[{table}]\n{name} = {example}")).settings != defaults;
        assert!(examples.iter().any(changes), "{} changes nothing", key.path);
    }
}

#[test]
fn unknown_keys_get_the_nearest_name_and_what_was_expected() {
    wrong(
        "[gate]\nfail_on = \"high\"\n\n[secret]\nx = 1\n",
        &expect![[r#"
            selvedge.toml:2:1: unknown key `fail_on` in `[gate]`; expected `fail-on`, `min-confidence`, `new-only`, `baseline`, `fail-on-partial`, `allow-inline`, `secrets`, `code`, `dependencies` or `budget`; did you mean `fail-on`?
            selvedge.toml:4:2: unknown key `secret` at the top level; expected `check`, `secrets`, `code`, `dependencies`, `gate`, `output` or `exceptions`; did you mean `secrets`?"#]],
    );
    wrong(
        "fail-on = 'high'\n[check.archives]\ndepth = 3\n[gate.budget]\nhihg = 3",
        &expect![[r#"
            selvedge.toml:1:1: unknown key `fail-on` at the top level; expected `check`, `secrets`, `code`, `dependencies`, `gate`, `output` or `exceptions`; `fail-on` belongs in `[gate]`
            selvedge.toml:3:1: unknown key `depth` in `[check.archives]`; expected `enabled`, `max-depth`, `max-entries` or `max-size`
            selvedge.toml:5:1: unknown key `hihg` in `[gate.budget]`; expected `critical`, `high`, `medium`, `low` or `info`; did you mean `high`?"#]],
    );
}

#[test]
fn wrong_types_and_values_say_what_was_expected() {
    wrong(
        "[check]\nhidden = 'yes'\nmax-file-size = '5 parsecs'\nexclude = ['a', 3]\nengines = []\narchives = true\n\
         [gate]\nfail-on = 'hgh'\nmin-confidence = 2\nbaseline = '../x.json'\nbudget.high = -1\n\
         [check.archives]\nmax-depth = 99\n[secrets]\nrules = ['/etc/passwd']\ndisable = ['']\n",
        &expect![[r#"
            selvedge.toml:2:10: `check.hidden` must be true or false, found the string "yes"
            selvedge.toml:3:17: `check.max-file-size` must be a number of bytes or a size such as "5 MiB", found "5 parsecs"
            selvedge.toml:4:11: `check.exclude` must be a list of path patterns, found the number 3 in it
            selvedge.toml:5:11: `check.engines` must name at least one of `secrets`, `code` or `dependencies`
            selvedge.toml:8:11: `gate.fail-on` must be `info`, `low`, `medium`, `high`, `critical` or `never`, found "hgh"; did you mean `high`?
            selvedge.toml:9:18: `gate.min-confidence` must be `low`, `medium` or `high`, found the number 2
            selvedge.toml:10:12: `gate.baseline` must stay inside the repository, found "../x.json"; a flag or variable may name other places
            selvedge.toml:11:15: `gate.budget.high` must be a whole number from 0 to 1000000000, found the number -1
            selvedge.toml:12:8: not TOML: duplicate key
            selvedge.toml:13:13: `check.archives.max-depth` must be a whole number from 0 to 16, found the number 99
            selvedge.toml:15:9: `secrets.rules` must stay inside the repository, found "/etc/passwd"; a flag or variable may name other places
            selvedge.toml:16:11: `secrets.disable` must be a list of names, found an empty string in it"#]],
    );
    wrong(
        "check = 3\n[[gate]]\n",
        &expect![[r#"
        selvedge.toml:1:9: `check` must be a table, found the number 3
        selvedge.toml:2:1: `gate` must be a table, found a list"#]],
    );
    wrong(
        "check.exclude = ['a[']",
        &expect![
            "selvedge.toml:1:17: `check.exclude` must be a list of path patterns, but `a[` is none: unclosed character class; missing ']'"
        ],
    );
}

#[test]
fn what_is_not_toml_is_placed_and_the_rest_is_still_checked() {
    wrong(
        "[gate\nfail-on = 'high'\nx = \n[check]\nhiden = true\n",
        &expect![[r#"
            selvedge.toml:1:6: not TOML: unclosed table, expected `]`
            selvedge.toml:5:1: unknown key `hiden` in `[check]`; expected `engines`, `exclude`, `max-file-size`, `hidden`, `respect-ignore-files`, `follow-links` or `archives`; did you mean `hidden`?"#]],
    );
    wrong(
        "[gate]\nnew-only = true\nnew-only = false\n",
        &expect![["selvedge.toml:3:1: not TOML: duplicate key"]],
    );
}

#[test]
fn limits_are_named() {
    wrong(
        &"#".repeat(CONFIG_BYTES_MAX + 1),
        &expect![["selvedge.toml:1:1: the file has 1048577 bytes; at most 1048576 are read"]],
    );
    let many: Vec<_> = (0..60).map(|n| format!("x{n} = 1")).collect();
    let errors = Config::parse(&many.join("\n"), "f").expect_err("mistakes");
    assert_eq!(errors.len(), 51);
    assert_eq!(errors[50].to_string(), "f: 10 more mistakes in this file are not listed");
}

#[test]
fn flags_win_over_variables_over_the_file_over_defaults() {
    let text = "[gate]\nfail-on = 'low'\nmin-confidence = 'low'\nnew-only = false";
    let config = Config::parse(text, "selvedge.toml").expect("sound");
    let mut overlay = Overlay::default();
    let key = |path| Key::find(path).expect("a key");
    overlay.flag(key("gate.fail-on"), "--fail-on", "critical");
    overlay.flag_value(key("check.hidden"), "--no-hidden", Value::Switch(false));
    let environment = [
        ("SELVEDGE_GATE_FAIL_ON", "medium"),
        ("SELVEDGE_GATE_MIN_CONFIDENCE", "high"),
        ("HOME", "/"),
        ("SELVEDGE_LOG", "x"),
    ];
    overlay.variables(environment, &["SELVEDGE_LOG"]);
    let resolved = resolve(&config, &overlay).expect("sound");
    let table = show_table(&resolved);
    let lines: Vec<_> =
        table.lines().filter(|line| line.starts_with("gate.") || line.contains("hidden")).collect();
    expect![[r#"
        check.hidden                          false                                flag --no-hidden
        gate.fail-on                          "critical"                           flag --fail-on
        gate.min-confidence                   "high"                               variable SELVEDGE_GATE_MIN_CONFIDENCE
        gate.new-only                         false                                selvedge.toml:4
        gate.baseline                         ".selvedge/baseline.json"            default
        gate.fail-on-partial                  false                                default
        gate.allow-inline                     (unset)                              default
        gate.secrets.fail-on                  (unset)                              default
        gate.secrets.min-confidence           (unset)                              default
        gate.secrets.new-only                 (unset)                              default
        gate.code.fail-on                     (unset)                              default
        gate.code.min-confidence              (unset)                              default
        gate.code.new-only                    (unset)                              default
        gate.dependencies.fail-on             (unset)                              default
        gate.dependencies.min-confidence      (unset)                              default
        gate.dependencies.new-only            (unset)                              default
        gate.dependencies.fail-on-exploited   true                                 default
        gate.dependencies.fail-on-epss        (unset)                              default
        gate.dependencies.require-advisories  false                                default
        gate.dependencies.max-age             (unset)                              default
        gate.budget.critical                  (unset)                              default
        gate.budget.high                      (unset)                              default
        gate.budget.medium                    (unset)                              default
        gate.budget.low                       (unset)                              default
        gate.budget.info                      (unset)                              default"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn mistakes_in_flags_and_variables_name_them() {
    let mut overlay = Overlay::default();
    overlay.flag(Key::find("gate.fail-on").expect("a key"), "--fail-on", "hihg");
    overlay.variables([("SELVEDGE_GATE_FAILON", "high"), ("SELVEDGE_CHECK_HIDDEN", "maybe")], &[]);
    let errors = resolve(&Config::default(), &overlay).expect_err("mistakes");
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    expect![[r#"
        flag --fail-on: `gate.fail-on` must be `info`, `low`, `medium`, `high`, `critical` or `never`, found "hihg"; did you mean `high`?
        variable SELVEDGE_CHECK_HIDDEN: `check.hidden` must be true or false, found "maybe"
        variable SELVEDGE_GATE_FAILON: sets no key; did you mean `SELVEDGE_GATE_FAIL_ON`?"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn names_that_others_know_are_checked_with_their_list() {
    let resolved = resolved("\n[secrets]\ndisable = ['github-pta', 'aws-key']");
    let errors = resolved.unknown_names("secrets.disable", "rule", &["github-pat", "aws-key"]);
    assert_eq!(
        errors[0].to_string(),
        "selvedge.toml:3: `secrets.disable` names the unknown rule `github-pta`; did you mean `github-pat`?"
    );
    assert_eq!(errors.len(), 1);
}

#[test]
fn what_is_shown_as_toml_reads_back() {
    let text = "[gate]\nfail-on = 'low'\nbudget.low = 3\n[check]\nexclude = ['a \"b\" \\\\c', 'é']";
    let first = resolved(text);
    let shown = show_toml(&first);
    assert_eq!(resolved(&shown).settings, first.settings);
    assert!(shown.contains("fail-on = \"low\"  # selvedge.toml:2\n"), "{shown}");
}

fn facts() -> Facts {
    Facts {
        languages: vec!["Rust".to_owned(), "Python".to_owned()],
        lockfiles: vec!["Cargo.lock".to_owned(), "evil\nhidden = false".to_owned()],
        foreign_folders: vec!["vendor/".to_owned(), "a[b]*\"\\/".to_owned()],
        gitleaks_config: Some(".gitleaks.toml".to_owned()),
        gitleaks_ignore: Some(".gitleaksignore".to_owned()),
        ci: Some(CiSystem::GitHub),
        codeowners: Some(".github/CODEOWNERS".to_owned()),
    }
}

#[test]
fn the_draft_reads_back_to_the_defaults_and_what_was_found() {
    assert_eq!(resolved(&draft(&Facts::default())).settings, Settings::defaults());
    let read = resolved(&draft(&facts())).settings;
    let mut expected = Settings::defaults();
    expected.check.exclude = vec!["/vendor/".to_owned(), "/a\\[b\\]\\*\"\\\\/".to_owned()];
    assert_eq!(read, expected);
    let glob = crate::PathGlob::parse(&read.check.exclude[1]).expect("a pattern");
    assert!(glob.matches("a[b]*\"\\/x") && !glob.matches("abc\"\\/x"));
}

#[test]
fn every_line_of_the_draft_may_be_uncommented() {
    let page = draft(&facts());
    let uncommented: String = page
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let config = Config::parse(&uncommented, "draft").unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(config.exceptions().len(), 1);
    for key in KEYS {
        assert!(config.get(key).is_some(), "{}", key.path);
    }
}

#[test]
fn the_documentation_names_every_key() {
    let page = documentation();
    for key in KEYS {
        assert!(page.contains(&format!("| `{}` |", key.split().1)) && page.contains(key.doc), "{}", key.path);
    }
}

#[test]
fn deeply_nested_input_does_not_overflow_the_stack() {
    assert!(Config::parse(&format!("{}a = 1", "a.".repeat(200_000)), "x").is_err());
    assert!(Config::parse(&format!("gate{} = 1", ".a".repeat(200_000)), "x").is_err());
    assert!(Config::parse(&format!("x = {}", "[".repeat(200_000)), "x").is_err());
    assert!(Config::parse(&format!("x = {}", "{a=".repeat(200_000)), "x").is_err());
}

#[test]
fn sizes_read_as_written() {
    assert_eq!(parse_size("5 MiB"), Some(5 << 20));
    assert_eq!(parse_size("500kB"), Some(500_000));
    assert_eq!(parse_size("17"), Some(17));
    for text in ["", "MiB", "5 TiB", "-1", "1.5 MiB", "99999999999 GiB"] {
        assert_eq!(parse_size(text), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = Config::parse(&text, "x");
    }

    #[test]
    fn text_made_of_our_own_words_never_panics(words in prop::collection::vec(prop::sample::select(vec![
        "[gate]", "\n", "fail-on", " = ", "'high'", "[[exceptions]]", "expires", "2027-01-01", "{", "}", "[", "]",
        ",", ".", "check", "exclude", "\"a\"", "1", "true", "exceptions", "archives", "#",
    ]), 0..40)) {
        let _ = Config::parse(&words.concat(), "x");
    }

    #[test]
    fn lists_survive_being_shown(items in prop::collection::vec("[a-z\"'\\\\#\u{e9} \t-]{1,12}", 0..4)) {
        let items: Vec<_> = items.into_iter().filter(|item| !item.is_empty()).collect();
        let text = format!("[secrets]\ndisable = {}", Value::List(items.clone()));
        prop_assert_eq!(resolved(&text).settings.secrets.disable, items);
    }
}

#[test]
fn the_table_of_log_collection_is_read_elsewhere() {
    let config = Config::parse("[logs]\nanything = 1\n[gate]\nfail-on = \"high\"\n", "selvedge.toml");
    assert!(config.is_ok(), "{config:?}");
}
