//! Distributions whose modules are known: `data/pypi-modules.txt`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Distribution, modules; none where the module is called like the distribution.
static MODULES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    rows(include_str!("../../data/pypi-modules.txt"))
        .map(|(name, modules)| (name, modules.collect()))
        .collect()
});

fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, std::str::SplitWhitespace<'static>)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words))
    })
}

/// Every module of a distribution, by its normalised name, if they are known.
pub(super) fn modules_of(distribution: &str) -> Option<Vec<String>> {
    let modules = MODULES.get(distribution)?;
    if modules.is_empty() {
        return Some(vec![distribution.replace('-', "_")]);
    }
    Some(modules.iter().map(|module| (*module).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_normalised_and_without_doubles() {
        let names: Vec<_> = rows(include_str!("../../data/pypi-modules.txt")).map(|row| row.0).collect();
        assert!(names.len() > 500);
        assert!(names.is_sorted_by(|left, right| left < right), "sorted, each once");
        for name in names {
            assert_eq!(name, super::super::pypi::normalise(name));
        }
    }

    #[test]
    fn well_known_differences_are_known() {
        assert_eq!(modules_of("pyyaml").unwrap(), ["yaml", "_yaml"]);
        assert_eq!(modules_of("pillow").unwrap(), ["PIL"]);
        assert_eq!(modules_of("more-itertools").unwrap(), ["more_itertools"]);
        assert_eq!(modules_of("no-such-thing"), None);
    }
}
