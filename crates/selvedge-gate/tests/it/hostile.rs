//! Every parser takes any text without a panic.

use proptest::prelude::*;
use selvedge_gate::config::{KEYS, Overlay, draft, parse_size};
use selvedge_gate::{Date, GitleaksIgnore, PathGlob, PathGlobs, PolicyBundle, PolicyOrigin, config, nearest};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn small_parsers(text in any::<String>(), ours in "[*?\\[\\]{}/\\\\!,.:#a-z0-9 \n-]{0,40}") {
        for text in [&text, &ours] {
            let _ = (Date::parse(text), parse_size(text), GitleaksIgnore::parse(text, "x"));
            let _ = nearest(text, ["fail-on", "rule"]);
            if let Ok(glob) = PathGlob::parse(text) {
                let set = PathGlobs::parse([text.as_str()]).expect("a pattern that compiles alone");
                for path in ["a/b.c", "", text] {
                    prop_assert_eq!(glob.matches(path), set.is_match(path));
                }
            }
        }
    }

    /// A set tries only patterns whose literal parts occur in the path; that must not lose any.
    #[test]
    fn a_set_of_patterns_agrees_with_each_alone(
        patterns in prop::collection::vec("/?(a|b|\\*|\\*\\*|a\\*|\\{a,b\\})(/(a|b|\\*|\\*\\*|b\\?)){0,2}/?", 1..6),
        path in "(a|b|ab|bb)(/(a|b|ab|bb)){0,3}",
    ) {
        let alone: Vec<_> = patterns.iter().map(|p| PathGlob::parse(p).expect("a pattern")).collect();
        let expected: Vec<_> = (0..alone.len()).filter(|index| alone[*index].matches(&path)).collect();
        let set = PathGlobs::parse(patterns.iter().map(String::as_str)).expect("patterns");
        prop_assert_eq!(set.matches(&path), expected);
    }

    #[test]
    fn flags_and_variables(text in "\\PC{0,20}|[0-9]{0,25}|true|high", index in 0..KEYS.len()) {
        let mut overlay = Overlay::default();
        overlay.flag(&KEYS[index], "--flag", &text);
        overlay.variables([(KEYS[index].variable().as_str(), text.as_str()), (text.as_str(), "")], &[]);
        let _ = PolicyBundle::read(&PolicyOrigin::Tree, &overlay, &mut |_| Ok(Some(text.clone())));
    }

    /// Names found in a repository cannot change what the draft says.
    #[test]
    fn a_draft_of_hostile_names_reads_back(names in prop::collection::vec(any::<String>(), 0..4)) {
        let names: Vec<_> = names.into_iter().filter(|name| name.len() < 200 && !name.trim_matches('/').is_empty()).collect();
        let facts = config::Facts {
            languages: names.clone(),
            lockfiles: names.clone(),
            foreign_folders: names.iter().map(|name| format!("{name}/")).collect(),
            codeowners: names.first().cloned(),
            ..config::Facts::default()
        };
        let page = draft(&facts);
        let read = config::Config::parse(&page, "draft").map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{page}")))?;
        let resolved = config::resolve(&read, &Overlay::default()).expect("no overlay");
        prop_assert_eq!(resolved.settings.check.exclude.len(), names.len());
        let mut expected = config::Settings::defaults();
        expected.check.exclude = resolved.settings.check.exclude.clone();
        prop_assert_eq!(resolved.settings, expected);
    }
}
