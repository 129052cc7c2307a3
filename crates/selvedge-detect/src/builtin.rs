//! The built-in rules: texts in the program, loaded when they are asked for.

use crate::load::Loader;

/// What paths of built-in rule files begin with in messages.
const PREFIX: &str = "builtin/";

/// Name and text of every built-in rule file, in the order of their names.
pub static BUILTIN_RULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// Adds the built-in rules to `loader`.
pub fn add_builtin(loader: &mut Loader) {
    for (name, text) in BUILTIN_RULES {
        loader.add(&format!("{PREFIX}{name}"), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_rule_loads_and_is_proven() {
        let mut loader = Loader::new();
        add_builtin(&mut loader);
        let (rules, diagnostics) = loader.finish();
        assert_eq!(diagnostics, []);
        assert!(rules.len() >= 140, "{} rules", rules.len());
        let report = crate::run_examples(&rules);
        let failed: Vec<_> = report.results.iter().filter(|result| !result.passed()).collect();
        assert!(failed.is_empty(), "{failed:?}");
        assert!(report.passed(true), "{:?}", report.unproven);
    }
}
