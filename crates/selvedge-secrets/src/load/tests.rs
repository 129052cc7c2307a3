//! Packs in both dialects, good and bad.

use selvedge_model::DiagnosticKind;

use super::load_toml;

fn no_files(path: &str) -> Result<String, String> {
    Err(format!("no file {path}"))
}

/// Loads and returns the rule ids and the diagnostics as `line: message`.
fn load(text: &str) -> (Vec<String>, Vec<String>) {
    let (set, diagnostics) = load_toml(text, "pack.toml", &no_files);
    let shown = diagnostics
        .iter()
        .map(|diagnostic| format!("{}: {}", diagnostic.line.unwrap_or(0), diagnostic.message))
        .collect();
    (set.rules().map(|rule| rule.id.to_string()).collect(), shown)
}

#[test]
fn a_bad_rule_is_reported_with_its_line_and_the_others_load() {
    let (ids, messages) = load(
        r#"
[[rules]]
id = "good"
regex = "abc"
[[rules]]
id = "bad"
regex = "a("
[[rules]]
regex = "x"
[[rules]]
id = "nothing"
[[rules]]
id = "group"
regex = "(a)"
secretGroup = 2
[[rules]]
id = "lonely"
regex = "a"
[[rules.required]]
id = "missing"
"#,
    );
    assert_eq!(ids, ["good"]);
    assert_eq!(messages.len(), 5, "{messages:?}");
    assert!(messages.iter().any(|message| message.starts_with("7: rule `bad`: `regex`: ")), "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("`secretGroup` is 2")), "{messages:?}");
}

#[test]
fn a_mistyped_key_gets_the_nearest_name() {
    let (ids, messages) = load("[[rules]]\nid = 'a'\nregex = 'b'\nkeyword = ['b']\n");
    assert_eq!(ids, ["a"]);
    assert_eq!(messages, ["4: unknown key `keyword`; did you mean `keywords`?"]);
}

#[test]
fn broken_toml_loses_only_what_is_broken() {
    let (ids, messages) = load("[[rules]]\nid = 'a'\nregex = 'b'\n[[rules]]\nid = \nregex = 'c'\n");
    assert_eq!(ids, ["a"]);
    assert!(messages.iter().any(|message| message.starts_with("5: not valid TOML")), "{messages:?}");
}

#[test]
fn extends_another_pack() {
    let base = "[[rules]]\nid='x'\nregex='1'\nkeywords=['k']\n[[rules]]\nid='y'\nregex='2'\n[[rules]]\nid='z'\nregex='3'\n";
    let text = "[extend]\npath='base.toml'\ndisabledRules=['z','w']\n[[rules]]\nid='x'\nentropy=2.0\n[[rules]]\nid='new'\nregex='4'\n";
    let (set, diagnostics) = load_toml(text, "pack.toml", &|path| {
        assert_eq!(path, "base.toml");
        Ok(base.to_owned())
    });
    let ids: Vec<_> = set.secret_rules().iter().map(|rule| rule.id()).collect();
    assert_eq!(ids, ["new", "x", "y"]);
    let x = &set.secret_rules()[1];
    assert_eq!((x.regex(), x.entropy, x.keywords()), (Some("1"), 2.0, &["k".to_owned()][..]));
    assert_eq!(diagnostics.len(), 1);
    assert!(diagnostics[0].message.contains("`w` does not exist"));
}

#[test]
fn extension_is_bounded_and_never_fetches() {
    let (set, diagnostics) =
        load_toml("[extend]\npath='self'\n[[rules]]\nid='a'\nregex='b'\n", "pack.toml", &|_| {
            Ok("[extend]\npath='self'\n".to_owned())
        });
    assert_eq!(set.len(), 1);
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.message.contains("levels deep")));
    let (_, messages) = load("[extend]\nurl='https://example.org/x.toml'\n");
    assert!(messages[0].contains("not fetched"), "{messages:?}");
    let (_, messages) = load("[extend]\npath='missing.toml'\n");
    assert!(messages[0].contains("cannot extend `missing.toml`: no file"), "{messages:?}");
}

#[test]
fn hostile_text_never_panics() {
    for text in [
        "",
        "rules = 3",
        "rules = [1, [2]]",
        "[rules]\nid=1",
        "[[rules]]\nid='a'\nregex=7",
        "\0",
        "a = [",
        "[allowlist]\npaths = 3\n",
    ] {
        let _ = load_toml(text, "pack.toml", &no_files);
    }
    let (_, diagnostics) = load_toml(&"x".repeat(20_000_000), "pack.toml", &no_files);
    assert_eq!(diagnostics[0].kind, DiagnosticKind::BadConfig);
}
