//! Requirements of every grammar with versions on both sides of their borders.

use crate::Ecosystem;

/// Checks a requirement: versions before the bar satisfy it, versions behind it do not.
#[track_caller]
fn check(ecosystem: Ecosystem, requirement: &str, versions: &str) {
    let (admitted, refused) = versions.split_once('|').unwrap();
    for version in admitted.split_whitespace() {
        assert_eq!(
            ecosystem.satisfies(requirement, version),
            Some(true),
            "{version} satisfies {requirement}"
        );
    }
    for version in refused.split_whitespace() {
        assert_eq!(
            ecosystem.satisfies(requirement, version),
            Some(false),
            "{version} does not satisfy {requirement}"
        );
    }
}

#[track_caller]
fn cannot_tell(ecosystem: Ecosystem, requirement: &str, version: &str) {
    assert_eq!(ecosystem.satisfies(requirement, version), None);
}

#[test]
fn cargo() {
    let check = |requirement, versions| check(Ecosystem::CratesIo, requirement, versions);
    check("1.2.3", "1.2.3 1.9.0 | 1.2.2 2.0.0 1.3.0-rc.1 2.0.0-rc.1");
    check("^0.2.3", "0.2.3 0.2.9 | 0.3.0 0.2.2");
    check("0.0.3", "0.0.3 | 0.0.4");
    check("0", "0.0.1 0.9.0 | 1.0.0");
    check("~1.2", "1.2.0 1.2.9 | 1.3.0 1.1.9");
    check("~1", "1.0.0 1.9.0 | 2.0.0");
    check("=1.2", "1.2.0 1.2.7 | 1.3.0");
    check("=1.2.3", "1.2.3 1.2.3+b | 1.2.4");
    check("*", "0.0.1 9.0.0 | 1.0.0-rc.1");
    check("1.*", "1.0.0 1.9.0 | 2.0.0");
    check("1.0.*", "1.0.9 | 1.1.0");
    check(">= 1.2, < 1.5", "1.2.0 1.4.9 | 1.5.0 1.1.0 1.5.0-rc.1");
    check(">1.2", "1.3.0 | 1.2.9");
    check("<=1.2", "1.2.9 1.0.0 | 1.3.0");
    check("1.0.0-rc.1", "1.0.0-rc.1 1.0.0-rc.2 1.0.0 1.5.0 | 1.0.0-beta 1.1.0-rc.1");
    cannot_tell(Ecosystem::CratesIo, "latest", "1.0.0");
    cannot_tell(Ecosystem::CratesIo, "1.0", "not a version");
}

#[test]
fn npm() {
    let check = |requirement, versions| check(Ecosystem::Npm, requirement, versions);
    check("^1.2.3", "1.2.3 1.9.0 | 2.0.0 1.2.2 1.5.0-beta.1");
    check("~1.2.3", "1.2.3 1.2.9 | 1.3.0");
    check("1.2.3", "1.2.3 v1.2.3 | 1.2.4");
    check("1.2", "1.2.0 1.2.9 | 1.3.0");
    check("1.x || >=2.5.0 || 5.0.0 - 7.2.3", "1.9.0 2.5.0 6.0.0 | 2.4.0 0.9.0");
    check("1.2 - 2.3", "1.2.0 2.3.9 | 2.4.0 1.1.9");
    check(">= 1.2.7 < 1.3.0", "1.2.7 1.2.99 | 1.3.0 1.2.6 1.3.0-beta");
    check(">1.2.3-alpha.3", "1.2.3-alpha.7 3.4.5 | 3.4.5-alpha.9");
    check("", "0.0.1 9.9.9 | 1.0.0-rc.1");
    check("<1.x", "0.9.9 | 1.0.0 1.0.0-rc.1");
    check("npm:@scope/other@^1.0.0", "1.2.0 | 2.0.0");
    check("workspace:^1.0.0", "1.2.0 | 2.0.0");
    for unknown in ["latest", "git+ssh://git@example.org/a.git", "file:../a", "^1.2.x.y", "1.2.3.4"] {
        cannot_tell(Ecosystem::Npm, unknown, "1.0.0");
    }
    assert_eq!(Ecosystem::Npm.satisfies("latest || ^1.0.0", "1.0.0"), Some(true), "one yes decides");
}

#[test]
fn python() {
    let check = |requirement, versions| check(Ecosystem::PyPI, requirement, versions);
    check(">=1.0,<2.0", "1.0 1.9.post1 | 2.0 0.9 1.5rc1 2.0rc1");
    check("~=2.2", "2.2 2.9 2.2.post3 | 3.0 2.1");
    check("~= 1.4.5a4", "1.4.5a4 1.4.9 | 1.5 1.4.5a3");
    check("==1.1.*", "1.1 1.1.5 1.1.post1 | 1.2 1.10");
    check("!=1.1.*", "1.2 1.10 | 1.1 1.1.5");
    check("==1.0", "1.0.0 1.0+local | 1.0.1 1.0.post1");
    check("==1.0+abc", "1.0+abc | 1.0 1.0+abd");
    check(">1.7", "1.7.1 1.8 | 1.7.0.post1 1.7+local 1.7");
    check(">1.7.post2", "1.7.post3 | 1.7.post2");
    check("<3.1", "3.0 | 3.1 3.1rc1");
    check("===1.0-legacy", "| 1.0");
    check("", "1.0 | 1.0rc1");
    check("(>=1.0)", "1.0 | 0.9");
    check("^1.2", "1.2 1.9.1 | 2.0 2.0rc1 1.1");
    check("^0.2.3", "0.2.3 0.2.9 | 0.3.0");
    check("~1.2", "1.2.9 | 1.3");
    check("1.2.* || >=3", "1.2.5 3.0 | 2.0");
    cannot_tell(Ecosystem::PyPI, ">=abc", "1.0");
    cannot_tell(Ecosystem::PyPI, "~=1", "1.0");
}

#[test]
fn ruby() {
    let check = |requirement, versions| check(Ecosystem::RubyGems, requirement, versions);
    check("~> 2.2", "2.2 2.9 2.2.1 | 3.0 2.1 3.0.rc1");
    check("~> 2.2.0", "2.2.0 2.2.9 | 2.3 2.3.0.rc1");
    check("~> 1", "1 1.9 | 2");
    check(">= 1.0, < 3, != 2.0", "1.0 2.1 | 3 2.0 2");
    check("1.0", "1.0 1.0.0 | 1.0.1");
    check("~> 1.0.a", "1.0.a 1.0 1.1 | 2.0");
    cannot_tell(Ecosystem::RubyGems, "~> x", "1.0");
    let check = self::check;
    check(Ecosystem::CocoaPods, "~> 5.4", "5.9 | 6.0");
}

#[test]
fn composer() {
    let check = |requirement, versions| check(Ecosystem::Packagist, requirement, versions);
    check("^1.2", "1.2.0 v1.9.9 1.2 | 2.0.0 1.1.9 2.0.0-RC1");
    check("^0.3", "0.3.0 0.3.9 | 0.4.0");
    check("~1.2", "1.2 1.9 | 2.0");
    check("~1.2.3", "1.2.3 1.2.9 | 1.3.0 1.2.2");
    check("1.0", "1.0.0 1.0.0.0 | 1.0.1");
    check("1.0.*", "1.0.0 1.0.9 | 1.1");
    check("1.0 - 2.0", "1.0.0 2.0.9 | 2.1.0 0.9");
    check("1.0.0 - 2.1.0", "2.1.0 | 2.1.1");
    check(">=1.0 <1.1 || >=1.2,<1.3", "1.0 1.2.5 | 1.1 1.3");
    check("^2|^3", "2.1 3.0 | 4.0 1.0");
    check(">= 1.0@beta", "1.0.0-beta1 1.0 | 0.9");
    check("!= 1.0", "1.1 | 1.0.0");
    check("*", "1.0 9.0 |");
    cannot_tell(Ecosystem::Packagist, "dev-main", "1.0");
    cannot_tell(Ecosystem::Packagist, "^1.0", "dev-main");
}

#[test]
fn minimums_and_intervals() {
    check(Ecosystem::Go, "v1.2.3", "v1.2.3 v1.3.0 | v1.2.2 v1.2.3-rc.1");
    check(Ecosystem::NuGet, "1.0", "1.0 1.0.1 9.0 | 0.9 1.0-beta");
    check(Ecosystem::NuGet, "[1.0]", "1.0.0 | 1.0.1");
    check(Ecosystem::NuGet, "(1.0,)", "1.0.1 | 1.0");
    check(Ecosystem::NuGet, "[1.0, 2.0)", "1.0 1.9 | 2.0 0.9");
    check(Ecosystem::NuGet, "(,1.0]", "1.0 0.1 | 1.1");
    check(Ecosystem::NuGet, "1.2.*", "1.2.0 1.2.9 | 1.3.0");
    check(Ecosystem::NuGet, "1.2.3-*", "1.2.3-beta 1.2.3 2.0 | 1.2.2");
    check(Ecosystem::NuGet, "*", "1.0 |");
    cannot_tell(Ecosystem::NuGet, "(1.0)", "1.0");
    check(Ecosystem::Maven, "1.0", "1.0 0.5 2.0 |");
    check(Ecosystem::Maven, "[1.0,2.0)", "1.0 1.9 | 2.0 0.9");
    check(Ecosystem::Maven, "(,1.0],[1.2,)", "1.0 0.1 1.2 5 | 1.1");
    cannot_tell(Ecosystem::Maven, "${version}", "1.0");
    cannot_tell(Ecosystem::Maven, "[1.0,2.0", "1.0");
}

#[test]
fn pub_and_hex() {
    check(Ecosystem::Pub, "^1.2.3", "1.2.3 1.9.0 | 2.0.0 2.0.0-dev 1.2.2");
    check(Ecosystem::Pub, "^0.1.2", "0.1.9 | 0.2.0");
    check(Ecosystem::Pub, ">=1.0.0 <2.0.0", "1.0.0 1.9.9 | 2.0.0 2.0.0-dev");
    check(Ecosystem::Pub, "any", "0.0.1 |");
    check(Ecosystem::Pub, "1.2.3", "1.2.3 | 1.2.4");
    cannot_tell(Ecosystem::Pub, "^1", "1.0.0");
    check(Ecosystem::Hex, "~> 2.1", "2.1.0 2.9.0 | 3.0.0 3.0.0-rc.1 2.0.9");
    check(Ecosystem::Hex, "~> 2.1.3", "2.1.3 2.1.9 | 2.2.0 2.1.2");
    check(Ecosystem::Hex, ">= 1.0.0 and < 2.0.0 or == 3.0.0", "1.5.0 3.0.0 | 2.0.0");
    check(Ecosystem::Hex, "!= 1.0.0", "1.0.1 | 1.0.0");
    cannot_tell(Ecosystem::Hex, "~> 1", "1.0.0");
    cannot_tell(Ecosystem::Debian, ">= 1.0", "1.0");
}
