//! Package URLs as text, and on the way from and to components.

use super::*;
use crate::{Component, Ecosystem, Origin};

#[track_caller]
fn canonical(text: &str, expected: &str) {
    let purl = Purl::parse(text).unwrap();
    assert_eq!(purl.to_string(), expected);
    assert_eq!(Purl::parse(expected).unwrap(), purl, "what is canonical stays as it is");
}

#[test]
fn every_part_is_read_and_written() {
    let purl = Purl::parse("pkg:golang/example.org/a/b@v1.2.3?os=linux&arch=arm64#cmd/tool").unwrap();
    assert_eq!((purl.kind(), purl.namespace(), purl.name()), ("golang", Some("example.org/a"), "b"));
    assert_eq!((purl.version(), purl.subpath()), (Some("v1.2.3"), Some("cmd/tool")));
    assert_eq!((purl.qualifier("arch"), purl.qualifier("no")), (Some("arm64"), None));
    assert_eq!(purl.to_string(), "pkg:golang/example.org/a/b@v1.2.3?arch=arm64&os=linux#cmd/tool");
}

#[test]
fn what_is_written_otherwise_becomes_canonical() {
    canonical("PKG://Npm//@scope/name@1.0/", "pkg:npm/%40scope/name@1.0");
    canonical("pkg:npm/@scope/name", "pkg:npm/%40scope/name");
    canonical("pkg:pypi/Zope_Interface@1.0RC1", "pkg:pypi/zope-interface@1.0rc1");
    canonical("pkg:composer/Vendor/Name@v1", "pkg:composer/vendor/name@v1");
    canonical("pkg:nuget/Newtonsoft.Json@13.0.1", "pkg:nuget/Newtonsoft.Json@13.0.1");
    canonical("pkg:deb/Debian/Curl@1:7.50~rc1-1+b1", "pkg:deb/debian/curl@1:7.50~rc1-1%2Bb1");
    canonical("pkg:rpm/Fedora/Curl@7.50?Arch=i386&empty=", "pkg:rpm/fedora/Curl@7.50?arch=i386");
    canonical("pkg:cocoapods/ShareKit@2.0#/./Twitter/../x/", "pkg:cocoapods/ShareKit@2.0#Twitter/x");
    canonical(
        "pkg:generic/a?download_url=https://x/y&checksum=sha1:00",
        "pkg:generic/a?checksum=sha1:00&download_url=https:%2F%2Fx%2Fy",
    );
    canonical("pkg:git/codeberg.org/forgejo/forgejo@abc", "pkg:git/codeberg.org/forgejo/forgejo@abc");
    canonical("pkg:git/codeberg.org%2Fa/b", "pkg:git/codeberg.org/a/b");
    canonical("pkg:git/a%2Fb%2Fc", "pkg:git/a/b/c");
    canonical("pkg:brew/node@20@20.10.0", "pkg:brew/node%4020@20.10.0");
    canonical("pkg:generic/%C3%A4%2Fb", "pkg:generic/%C3%A4%2Fb");
}

#[test]
fn what_is_no_package_url_says_why() {
    let error = |text: &str| Purl::parse(text).unwrap_err();
    assert_eq!(error("npm/a@1"), PurlError::Scheme);
    assert_eq!(error("pkg%3Amaven/a/b"), PurlError::Scheme);
    assert_eq!(error("pkg:npm"), PurlError::NoName);
    assert_eq!(error("pkg:maven/@1.3.4"), PurlError::NoName);
    assert_eq!(error("pkg:n&g?inx/a"), PurlError::NoName);
    assert_eq!(error("pkg:n&g/a"), PurlError::Kind);
    assert_eq!(error("pkg:3d/a"), PurlError::Kind);
    assert_eq!(error("pkg:npm/a%2"), PurlError::Encoding);
    assert_eq!(error("pkg:npm/a%FF"), PurlError::Encoding);
    assert_eq!(error("pkg:npm/a?in%20b=1"), PurlError::QualifierKey("in%20b".to_owned()));
    assert_eq!(error("pkg:npm/a?b=1&B=2"), PurlError::DuplicateQualifier("b".to_owned()));
    assert_eq!(error("pkg:swift/Alamofire@5"), PurlError::Rule("it needs a namespace"));
    assert_eq!(error("pkg:cargo/a/b"), PurlError::Rule("it has no namespace"));
    assert_eq!(error(&format!("pkg:npm/{}", "a".repeat(PURL_BYTES_MAX))), PurlError::TooLong);
}

/// Writes the package URL of a component and reads it back.
#[track_caller]
fn round_trip(component: &Component, expected: &str) {
    let purl = component.purl().unwrap();
    assert_eq!(purl.to_string(), expected);
    let read = Component::from_purl(&Purl::parse(expected).unwrap());
    assert_eq!(read, *component);
}

fn component(ecosystem: Ecosystem, name: &str, version: &str) -> Component {
    Component { ecosystem, name: name.to_owned(), version: Some(version.to_owned()), ..Component::default() }
}

#[test]
fn components_of_every_language_have_their_url() {
    for (ecosystem, name, expected) in [
        (Ecosystem::CratesIo, "serde", "pkg:cargo/serde@1.0"),
        (Ecosystem::Npm, "@babel/core", "pkg:npm/%40babel/core@1.0"),
        (Ecosystem::PyPI, "django-rest", "pkg:pypi/django-rest@1.0"),
        (Ecosystem::Go, "github.com/a/b/v2", "pkg:golang/github.com/a/b/v2@1.0"),
        (Ecosystem::Go, "stdlib", "pkg:golang/stdlib@1.0"),
        (Ecosystem::Maven, "org.a:b", "pkg:maven/org.a/b@1.0"),
        (Ecosystem::RubyGems, "rails", "pkg:gem/rails@1.0"),
        (Ecosystem::NuGet, "A.B", "pkg:nuget/A.B@1.0"),
        (Ecosystem::Packagist, "a/b", "pkg:composer/a/b@1.0"),
        (Ecosystem::Pub, "http_parser", "pkg:pub/http_parser@1.0"),
        (Ecosystem::Hex, "jason", "pkg:hex/jason@1.0"),
        (Ecosystem::SwiftUrl, "github.com/a/b", "pkg:swift/github.com/a/b@1.0"),
        (Ecosystem::CocoaPods, "A/B/C", "pkg:cocoapods/A@1.0#B/C"),
        (Ecosystem::ConanCenter, "zlib", "pkg:conan/zlib@1.0"),
        (Ecosystem::Hackage, "aeson", "pkg:hackage/aeson@1.0"),
        (Ecosystem::Cran, "rJava", "pkg:cran/rJava@1.0"),
        (Ecosystem::GitHubActions, "actions/cache/save", "pkg:githubactions/actions/cache@1.0#save"),
        (Ecosystem::Docker, "gcr.io/a/b", "pkg:docker/gcr.io/a/b@1.0"),
    ] {
        round_trip(&component(ecosystem, name, "1.0"), expected);
    }
    assert_eq!(component(Ecosystem::Npm, "", "1.0").purl(), None);
    assert_eq!(component(Ecosystem::Packagist, "b", "1.0").purl(), None);
}

#[test]
fn system_packages_say_release_architecture_and_source() {
    let package = |ecosystem, version: &str, release: &str| Component {
        release: Some(release.to_owned()),
        architecture: Some("amd64".to_owned()),
        ..component(ecosystem, "openssl", version)
    };
    let debian =
        Component { binary_name: Some("libssl3".to_owned()), ..package(Ecosystem::Debian, "1:3.0-1", "12") };
    round_trip(&debian, "pkg:deb/debian/libssl3@1:3.0-1?arch=amd64&distro=debian-12&upstream=openssl");
    let rebuilt = Component {
        binary_version: Some("1:3.0-1+b2".to_owned()),
        ..package(Ecosystem::Debian, "1:3.0-1", "12")
    };
    let expected =
        "pkg:deb/debian/openssl@1:3.0-1%2Bb2?arch=amd64&distro=debian-12&upstream=openssl%401:3.0-1";
    round_trip(&rebuilt, expected);
    let modular = Component {
        module: Some("nodejs:18:1:x".to_owned()),
        ..package(Ecosystem::AlmaLinux, "1-1.el9", "9")
    };
    round_trip(
        &modular,
        "pkg:rpm/almalinux/openssl@1-1.el9?arch=amd64&distro=almalinux-9&rpmmod=nodejs:18:1:x",
    );
    let name_in = |vendor| {
        let purl =
            Purl::parse(&format!("pkg:rpm/{vendor}/libcurl@8-1?upstream=curl-minimal-8-1.src.rpm")).unwrap();
        Component::from_purl(&purl).name
    };
    assert_eq!((name_in("fedora"), name_in("rocky")), ("libcurl".to_owned(), "curl-minimal".to_owned()));
    let rpm = package(Ecosystem::AlmaLinux, "1:3.0-1.el9", "9");
    round_trip(&rpm, "pkg:rpm/almalinux/openssl@3.0-1.el9?arch=amd64&distro=almalinux-9&epoch=1");
    for (ecosystem, release, distro) in [
        (Ecosystem::Ubuntu, "22.04:LTS", "deb/ubuntu/openssl@1?arch=amd64&distro=ubuntu-22.04"),
        (Ecosystem::Ubuntu, "23.10", "deb/ubuntu/openssl@1?arch=amd64&distro=ubuntu-23.10"),
        (Ecosystem::Alpine, "v3.20", "apk/alpine/openssl@1?arch=amd64&distro=alpine-3.20"),
        (Ecosystem::Alpine, "edge", "apk/alpine/openssl@1?arch=amd64&distro=alpine-edge"),
        (Ecosystem::RedHat, "enterprise_linux:9", "rpm/redhat/openssl@1?arch=amd64&distro=rhel-9"),
        (Ecosystem::OpenSuse, "Leap 15.6", "rpm/opensuse/openssl@1?arch=amd64&distro=opensuse-leap-15.6"),
        (Ecosystem::OpenSuse, "Tumbleweed", "rpm/opensuse/openssl@1?arch=amd64&distro=opensuse-tumbleweed"),
        (Ecosystem::Suse, "Linux Enterprise Server 15 SP5", "rpm/suse/openssl@1?arch=amd64&distro=sles-15.5"),
        (Ecosystem::OpenEuler, "24.03-LTS", "rpm/openeuler/openssl@1?arch=amd64&distro=openeuler-24.03-LTS"),
    ] {
        round_trip(&package(ecosystem, "1", release), &format!("pkg:{distro}"));
    }
}

#[test]
fn other_tools_name_distributions_in_their_own_words() {
    let read = |text: &str| {
        let component = Component::from_purl(&Purl::parse(text).unwrap());
        (component.ecosystem, component.release)
    };
    assert_eq!(read("pkg:deb/debian/curl?distro=jessie"), (Ecosystem::Debian, Some("8".to_owned())));
    assert_eq!(read("pkg:deb/debian/curl?distro=debian-12.5"), (Ecosystem::Debian, Some("12".to_owned())));
    assert_eq!(read("pkg:deb/curl?distro=ubuntu-24.04"), (Ecosystem::Ubuntu, Some("24.04:LTS".to_owned())));
    assert_eq!(read("pkg:apk/alpine/curl?distro=3.20.3"), (Ecosystem::Alpine, Some("v3.20".to_owned())));
    assert_eq!(
        read("pkg:rpm/centos/curl?distro=centos-8"),
        (Ecosystem::RedHat, Some("enterprise_linux:8".to_owned()))
    );
    assert_eq!(read("pkg:rpm/rocky/curl?distro=rocky-9.3"), (Ecosystem::RockyLinux, Some("9".to_owned())));
    assert_eq!(read("pkg:rpm/unheard/curl?distro=unheard-1"), (Ecosystem::Other, None));
    assert_eq!(read("pkg:deb/debian/curl?distro=jammy"), (Ecosystem::Debian, None));
}

#[test]
fn other_origins_are_qualifiers() {
    let with = |origin| Component { origin, ..component(Ecosystem::Npm, "a", "1.0") };
    let git = |url: &str, commit: Option<&str>| Origin::Git {
        url: url.to_owned(),
        commit: commit.map(str::to_owned),
    };
    round_trip(
        &with(git("https://example.org/a/b.git", Some("0123abc"))),
        "pkg:npm/a@1.0?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa%2Fb.git%400123abc",
    );
    round_trip(
        &with(git("ssh://git@example.org/a/b", None)),
        "pkg:npm/a@1.0?vcs_url=git%2Bssh:%2F%2Fgit%40example.org%2Fa%2Fb",
    );
    assert_eq!(
        with(git("git@example.org:a/b", None)).purl().unwrap().qualifier("vcs_url"),
        Some("git+ssh://git@example.org/a/b")
    );
    round_trip(
        &with(Origin::OtherRegistry("https://npm.example.org".to_owned())),
        "pkg:npm/a@1.0?repository_url=https:%2F%2Fnpm.example.org",
    );
    round_trip(
        &with(Origin::Url("https://example.org/a.tgz".to_owned())),
        "pkg:npm/a@1.0?download_url=https:%2F%2Fexample.org%2Fa.tgz",
    );
    let default = Purl::parse("pkg:npm/a@1.0?repository_url=https://registry.npmjs.org/").unwrap();
    assert_eq!(Component::from_purl(&default).origin, Origin::Registry);
}
