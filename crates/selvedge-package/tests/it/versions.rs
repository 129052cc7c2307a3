//! The order of versions against the vectors of osv-scalibr, which its authors generated with the ecosystems'
//! own tools.

use std::cmp::Ordering;

use selvedge_package::{Ecosystem, Version};

use crate::exceptions::{Answer, EXCEPTIONS};
use crate::support::corpus;

const FILES: &[(&str, Ecosystem)] = &[
    ("alpine-versions.txt", Ecosystem::Alpine),
    ("alpine-versions-generated.txt", Ecosystem::Alpine),
    ("cran-versions.txt", Ecosystem::Cran),
    ("cran-versions-generated.txt", Ecosystem::Cran),
    ("debian-versions.txt", Ecosystem::Debian),
    ("debian-versions-generated.txt", Ecosystem::Debian),
    ("hackage-versions.txt", Ecosystem::Hackage),
    ("maven-versions.txt", Ecosystem::Maven),
    ("maven-versions-generated.txt", Ecosystem::Maven),
    ("nuget-versions.txt", Ecosystem::NuGet),
    ("packagist-versions.txt", Ecosystem::Packagist),
    ("packagist-versions-generated.txt", Ecosystem::Packagist),
    ("pub-versions.txt", Ecosystem::Pub),
    ("pypi-versions.txt", Ecosystem::PyPI),
    ("pypi-versions-generated.txt", Ecosystem::PyPI),
    ("redhat-versions.txt", Ecosystem::RedHat),
    ("rubygems-versions.txt", Ecosystem::RubyGems),
    ("rubygems-versions-generated.txt", Ecosystem::RubyGems),
    ("semver-versions.txt", Ecosystem::CratesIo),
];

/// `a < b` as two versions and the order between them; `None` for comments and blank lines.
fn pair(line: &str) -> Option<(&str, Ordering, &str)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
        return None;
    }
    let (a, rest) = line.split_once(' ').expect("a vector has three words");
    let (sign, b) = rest.split_once(' ').expect("a vector has three words");
    let order = match sign {
        "<" => Ordering::Less,
        ">" => Ordering::Greater,
        "=" => Ordering::Equal,
        _ => panic!("no sign of order: {line}"),
    };
    Some((a, order, b))
}

#[test]
fn vectors_hold_but_for_the_exceptions_listed() {
    let (mut right, mut total, mut found) = (0, 0, Vec::new());
    for (file, ecosystem) in FILES {
        let Some(text) = corpus(&format!("versions/{file}")) else { return };
        for line in text.lines() {
            let Some((a, expected, b)) = pair(line) else { continue };
            total += 1;
            match ecosystem.compare(a, b) {
                Ok(order) if order == expected => right += 1,
                Ok(_) => found.push((*ecosystem, Answer::Other, line.to_owned())),
                Err(_) => found.push((*ecosystem, Answer::Refused, line.to_owned())),
            }
        }
    }
    let mut listed = Vec::new();
    for group in EXCEPTIONS {
        assert!(!group.reason.is_empty());
        listed.extend(group.vectors.iter().map(|line| (group.ecosystem, group.answer, (*line).to_owned())));
    }
    found.sort();
    listed.sort();
    assert_eq!(found, listed);
    assert_eq!((right, total), (71_755, 71_818));
}

/// Every order holds between versions of the vectors: neighbours are taken from all over the file, so that
/// real versions of unlike packages meet.
#[test]
fn versions_of_the_vectors_are_totally_ordered() {
    for (file, ecosystem) in FILES {
        let Some(text) = corpus(&format!("versions/{file}")) else { return };
        let mut versions: Vec<Version<'_>> = text
            .lines()
            .filter_map(pair)
            .flat_map(|(a, _, b)| [a, b])
            .filter_map(|text| ecosystem.parse_version(text).ok())
            .collect();
        versions.sort();
        for window in versions.windows(3) {
            assert!(window[0] <= window[1] && window[1] <= window[2] && window[0] <= window[2]);
        }
        let step = versions.len() / 150 + 1;
        let sample: Vec<_> = versions.iter().step_by(step).collect();
        for (index, a) in sample.iter().enumerate() {
            for b in &sample[index..] {
                assert!(a.cmp(b).is_le() && b.cmp(a).is_ge(), "{file}: {a} and {b}");
            }
        }
    }
}
