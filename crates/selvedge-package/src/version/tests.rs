//! Chains of versions in every order, and what each order refuses.

use super::*;

/// Checks a chain such as `1 < 2 = 2.0`: every pair in it, both ways.
#[track_caller]
fn check(order: VersionOrder, chain: &str) {
    let words: Vec<&str> = chain.split(' ').collect();
    for first in (0..words.len()).step_by(2) {
        let mut expected = Ordering::Equal;
        for second in (first + 2..words.len()).step_by(2) {
            if words[second - 1] == "<" {
                expected = Ordering::Less;
            }
            let (a, b) = (words[first], words[second]);
            assert_eq!(order.compare(a, b), Ok(expected), "{a} and {b}");
            assert_eq!(order.compare(b, a), Ok(expected.reverse()), "{b} and {a}");
        }
    }
}

#[track_caller]
fn refuses(order: VersionOrder, texts: &[&str]) {
    for text in texts {
        assert!(order.parse(text).is_err(), "{text}");
    }
}

#[test]
fn semver_is_read_leniently() {
    let chain =
        "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0rc1 < v1 = 1.0 = 1.0.0+build < 1.0.0.1 < 1.1";
    check(VersionOrder::SemVer, chain);
    refuses(
        VersionOrder::SemVer,
        &["", "v", "latest", "1.", "1..2", "1.0.0-", "^1.0", "1.0 - 2.0", "1.0.0-ä"],
    );
}

#[test]
fn go_has_pseudo_versions_and_toolchains() {
    let chain = "v0.0.0-20190101000000-abcdefabcdef < v0.0.0-20200101000000-abcdefabcdef < v0.1.0 \
                 < v1.2.3-0.20200101000000-abcdefabcdef < v1.2.3 < v2.0.0+incompatible = v2.0.0";
    check(VersionOrder::Go, chain);
    check(VersionOrder::Go, "1.21.0-rc.2 = go1.21rc2 = 1.21rc2 < go1.21rc10 < go1.21 = 1.21.0 < go1.21.1");
}

#[test]
fn build_metadata_orders_in_julia_and_pub() {
    check(VersionOrder::SemVerWithBuild, "1.2.2 < 1.2.3-rc < 1.2.3 < 1.2.3+0 < 1.2.3+1 < 1.2.3+10 < 1.2.4");
}

#[test]
fn python_has_development_and_post_releases() {
    let chain = "legacy-1 < 1.dev0 < 1.0.dev456 < 1.0a1 < 1.0a2.dev456 < 1.0a12.dev456 < 1.0a12 < 1.0b1.dev456 \
                 < 1.0b2 < 1.0b2.post345.dev456 < 1.0b2.post345 < 1.0rc1.dev456 < 1.0-C1 = 1.0c1 < 1.0 = v1 \
                 < 1.0+abc.5 < 1.0+abc.7 < 1.0+5 < 1.0.post456.dev34 < 1.0.post456 = 1.0-456 < 1.0.15 < 1.1.dev1 \
                 < 1!0.1";
    check(VersionOrder::Pep440, chain);
    refuses(VersionOrder::Pep440, &["", ">=1.0", "1.0 beta", "*"]);
}

#[test]
fn maven_drops_what_means_nothing() {
    let chain = "1-alpha-1 = 1.0.0a1 < 1-beta < 1-milestone < 1-rc = 1.cr < 1-SNAPSHOT < 1 = 1.0-ga = 1.final \
                 < 1-sp < 1-foo = 1.foo = 1.0.0-foo.0.0 < 1-1 = 1-ga-1 < 1.0.1 < 1.1";
    check(VersionOrder::Maven, chain);
    refuses(VersionOrder::Maven, &["", "${project.version}", "LATEST", "RELEASE", "[1.0,2.0)"]);
}

#[test]
fn gems_put_words_before_numbers() {
    check(
        VersionOrder::RubyGems,
        "1.0.a.2 = 1.a2 < 1.0.b1 < 1.0-1 = 1.0.pre.1 < 1.0 = 1 = 1.0.0 < 1.0.1 < 1.10",
    );
    refuses(VersionOrder::RubyGems, &["", "~> 1.0", "a.1", "1..2", "1.15.0-x86_64-linux"]);
}

#[test]
fn nuget_has_four_numbers_and_ignores_case() {
    check(
        VersionOrder::NuGet,
        "1.0.0-Alpha = 1.0.0-alpha < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0 = 1.0.0.0+x < 1.0.0.1",
    );
    refuses(VersionOrder::NuGet, &["", "1.0.0.0.0", "1.0.*", "[1.0,)", "1.0.0-"]);
}

#[test]
fn composer_ignores_case_and_refuses_branches() {
    check(
        VersionOrder::Packagist,
        "1.0-dev < 1.0-ALPHA1 < 1.0-beta.1 < 1.0RC1 < v1.0 < 1.0.0 < 1.0.1 < 1.0pl1",
    );
    refuses(VersionOrder::Packagist, &["", "dev-main", "2.x-dev", "1.0.x-dev", "1.2.#", "^1.0", "v"]);
}

#[test]
fn lists_of_numbers_are_longer_is_greater() {
    check(VersionOrder::Cran, "1.8 < 1.8.0 = 1.8-0 < 1.8-1 < 1.10");
    check(VersionOrder::Hackage, "0.1.0 < 0.1.0.0 < 0.1.0.1 < 0.2 < 0.75");
    refuses(VersionOrder::Hackage, &["", "1.", "1.0-1", "1.0.a"]);
}

#[test]
fn debian_puts_the_tilde_before_the_end() {
    check(
        VersionOrder::Debian,
        "1.0~~ < 1.0~rc1-1 < 1.0 = 0:1.0-0 < 1.0-0+deb12u1 < 1.0-1 < 1.0a < 1.0+b < 1.0.1 < 1:0.1",
    );
    refuses(VersionOrder::Debian, &["", "x:1.0", "-1", "1.0 1", "<unfixed>", "unstable"]);
    check(VersionOrder::Opam, "v0.9~rc < v0.9 < v0.10 < v0.10-1");
}

#[test]
fn alpine_follows_the_grammar_of_apk() {
    let chain = "1.2_alpha < 1.2_alpha1 < 1.2_beta < 1.2_pre1 < 1.2_rc1 < 1.2 < 1.2-r0 < 1.2-r1 < 1.2~abc < 1.2_git1 \
                 < 1.2_p1 < 1.2_p1-r1 < 1.2_p2 < 1.2a < 1.2.0 < 1.2.01 < 1.2.1 < 1.3";
    check(VersionOrder::Alpine, chain);
    refuses(VersionOrder::Alpine, &["", "1.2A", "1.2_foo", "1..2", "a", "1.2-1", "1.2-r1-r2"]);
}

#[test]
fn rpm_orders_by_segments() {
    check(
        VersionOrder::Rpm,
        "1.0~rc1 < 1.0 < 1.0-1 < 1.0-1.el8 < 1.0-1.el9 < 1.0^git1-1 < 1.0a < 1.0.1-1 < 1.1 < 1:0.1",
    );
    refuses(VersionOrder::Rpm, &["", "1.0 1"]);
}

#[test]
fn arch_puts_letters_before_the_end() {
    let chain = "1.0a < 1.0b < 1.0beta < 1.0p < 1.0pre < 1.0rc < 1.0 < 1.0-1 < 1.0-2 < 1.0.a < 1.0.1 < 1:0.1";
    check(VersionOrder::Alpm, chain);
    refuses(VersionOrder::Alpm, &["", "1.", "x:1"]);
}

#[test]
fn conan_knows_letters_behind_numbers() {
    check(
        VersionOrder::Conan,
        "1.1.0-pre < 1.1 = 1.1.0 < 1.1.0+b1 < 1.1.1 < 1.1.1t < 1.1.1w < 1.1.2 < 1.1.10 < cci.20240101",
    );
    refuses(VersionOrder::Conan, &["", "[>=1.0 <2]", "system"]);
}

#[test]
fn conda_has_its_own_words() {
    let chain = "0.4 = 0.4.0 < 0.4.1.rc = 0.4.1.RC < 0.4.1 < 0.5a1 < 0.5b3 < 0.5C1 < 0.5 < 0.9.6 < 0.960923 < 1.0 \
                 < 1.1dev1 < 1.1_ < 1.1a1 < 1.1.0dev1 = 1.1.dev1 < 1.1.a1 < 1.1.0rc1 < 1.1.0 = 1.1 < 1.1.0post1 = 1.1.post1 \
                 < 1.1post1 < 1996.07.12 < 1!0.4.1";
    check(VersionOrder::Conda, chain);
    refuses(VersionOrder::Conda, &["", "1..2", ">=1", "x!1", "1.0+"]);
}

#[test]
fn perl_reads_fractions_in_threes() {
    check(
        VersionOrder::Cpan,
        ".5 = 0.5 < 1.002003 = v1.2.3 = 1.2.3 < 1.10 = 1.1 = v1.100 < 1.5 = 1.5_00 = v1.500.0 < 2",
    );
    refuses(VersionOrder::Cpan, &["", "v", "v.1", "1.2.x", "999999999999999999999.1.2", "."]);
}

#[test]
fn what_belongs_to_no_order_says_so() {
    let error = Ecosystem::PyPI.compare("1.0", "not a version").unwrap_err();
    assert_eq!(error.to_string(), "'not a version' is no version in the order of pep440");
    let error = Ecosystem::Docker.compare("1.0", "2.0").unwrap_err();
    assert_eq!(error.to_string(), "'1.0' belongs to no published version order");
    let without: Vec<_> = Ecosystem::all().filter(|it| it.version_order().is_none()).collect();
    let expected = [Ecosystem::Docker, Ecosystem::OssFuzz, Ecosystem::Android, Ecosystem::Git];
    assert_eq!(without, expected);
}
