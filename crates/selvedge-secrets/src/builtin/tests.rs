//! What the build packed is what the rule files say.

use std::path::Path;

use crate::load_toml;
use crate::rule::RuleSet;

#[test]
fn every_rule_file_loads_and_equals_what_was_packed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/secrets");
    let builtin = RuleSet::builtin();
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the rule folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.sort();
    let mut position = 0;
    for path in names.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let text = std::fs::read_to_string(path).expect("a rule file");
        let (set, diagnostics) = load_toml(&text, "builtin", &|_| Err("not in a built-in file".to_owned()));
        assert!(diagnostics.is_empty(), "{}: {diagnostics:#?}", path.display());
        for loaded in set.secret_rules() {
            let mut loaded = loaded.as_ref().clone();
            let packed = &builtin.secret_rules()[position];
            loaded.line = 0;
            for (a, b) in [(&loaded.regex, &packed.regex), (&loaded.path, &packed.path)] {
                assert_eq!(a.as_ref().map(|p| p.source()), b.as_ref().map(|p| p.source()));
            }
            loaded.regex.clone_from(&packed.regex);
            loaded.path.clone_from(&packed.path);
            for (a, b) in loaded.allowlists.iter().zip(&packed.allowlists) {
                assert_eq!(a.shape(), b.shape(), "{}", path.display());
            }
            assert_eq!(loaded.allowlists.len(), packed.allowlists.len());
            loaded.allowlists.clone_from(&packed.allowlists);
            assert_eq!(format!("{loaded:?}"), format!("{packed:?}"), "{}", path.display());
            position += 1;
        }
    }
    assert_eq!(position, builtin.len());
}

#[test]
fn ids_are_unique() {
    let builtin = RuleSet::builtin();
    let mut ids: Vec<_> = builtin.rules().map(|rule| rule.id.clone()).collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}
