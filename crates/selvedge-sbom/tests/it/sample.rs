//! Manifests with everything that an SBOM has to carry.

use selvedge_package::{Component, Ecosystem, Hash, HashAlgorithm, Manifest, Origin, Relation, Scope, Span};
use selvedge_sbom::{Assembly, Bom, Entry, Kind, Lifecycle, Tool};

/// A component of a registry.
pub(crate) fn component(ecosystem: Ecosystem, name: &str, version: &str) -> Component {
    Component { ecosystem, name: name.to_owned(), version: Some(version.to_owned()), ..Component::default() }
}

fn npm() -> Manifest {
    let mut root = component(Ecosystem::Npm, "shop", "1.0.0");
    root.relation = Relation::Root;
    root.origin = Origin::Path(".".to_owned());
    root.dependencies = vec![1, 2];
    let mut core = component(Ecosystem::Npm, "@babel/core", "7.24.0");
    core.dependencies = vec![3];
    core.scope = Scope::Development;
    core.span = Span { start: 10, end: 20, line: 12 };
    core.hashes = vec![Hash { algorithm: HashAlgorithm::Sha512, hex: "0a".repeat(64) }];
    core.licenses = vec!["MIT".to_owned()];
    core.resolved = Some("https://registry.npmjs.org/@babel/core/-/core-7.24.0.tgz".to_owned());
    let mut express = component(Ecosystem::Npm, "express", "4.18.2");
    express.dependencies = vec![3];
    express.licenses = vec!["MIT OR Apache-2.0".to_owned(), "see LICENSE".to_owned()];
    let mut debug = component(Ecosystem::Npm, "debug", "4.3.4");
    debug.licenses = vec!["MIT".to_owned(), "BSD-3-Clause OR ISC".to_owned()];
    debug.requirement = Some("^4 <5".to_owned());
    Manifest {
        path: "web/package-lock.json".to_owned(),
        format: "npm",
        components: vec![root, core, express, debug],
        has_graph: true,
        is_locked: true,
        ..Manifest::default()
    }
}

fn second_npm() -> Manifest {
    let mut debug = component(Ecosystem::Npm, "debug", "4.3.4");
    debug.span = Span { start: 0, end: 4, line: 3 };
    debug.relation = Relation::Direct;
    debug.scope = Scope::Development;
    Manifest {
        path: "tools/yarn.lock".to_owned(),
        format: "yarn",
        components: vec![debug],
        has_graph: true,
        is_locked: true,
        ..Manifest::default()
    }
}

fn others() -> Manifest {
    let mut jar = component(Ecosystem::Maven, "org.slf4j:slf4j-api", "2.0.9");
    jar.hashes = vec![Hash { algorithm: HashAlgorithm::Sha224, hex: "ab".repeat(28) }];
    jar.licenses_found = vec!["MIT".to_owned(), "Apache-2.0".to_owned()];
    let mut module = component(Ecosystem::Go, "github.com/foo/bar/v2", "v2.1.0+incompatible");
    module.hashes = vec![Hash { algorithm: HashAlgorithm::GoH1, hex: "cd".repeat(32) }];
    module.supplier = Some("Foo & Bar".to_owned());
    let mut fork = component(Ecosystem::CratesIo, "left", "0.1.0");
    fork.origin =
        Origin::Git { url: "https://example.org/left.git".to_owned(), commit: Some("abc123".to_owned()) };
    let mut debian = component(Ecosystem::Debian, "openssl", "3.0.11-1~deb12u2");
    debian.release = Some("12".to_owned());
    debian.binary_name = Some("libssl3".to_owned());
    debian.architecture = Some("amd64".to_owned());
    debian.origin = Origin::Installed;
    debian.found_in = Some("var/lib/dpkg/status".to_owned());
    debian.layer = Some("sha256:1234".to_owned());
    let mut local = component(Ecosystem::CratesIo, "helper <&> \"x\"", "0.0.0");
    local.origin = Origin::Path("../helper".to_owned());
    local.scope = Scope::Build;
    Manifest {
        path: "image".to_owned(),
        format: "mixed",
        components: vec![jar, module, fork, debian, local],
        has_graph: false,
        is_locked: true,
        ..Manifest::default()
    }
}

/// A bill of three manifests, two of which share a package.
pub(crate) fn bom() -> Bom {
    let subject = Entry {
        component: component(Ecosystem::Other, "shop", "2026.11"),
        kind: Kind::Application,
        ..Entry::default()
    };
    Assembly {
        subject,
        timestamp: Some("2026-11-25T10:00:00Z".to_owned()),
        authors: vec!["Security team".to_owned()],
        supplier: Some("Example Ltd".to_owned()),
        tools: vec![Tool { vendor: None, name: "selvedge".to_owned(), version: Some("0.1.0".to_owned()) }],
        lifecycles: vec![Lifecycle::PreBuild],
        ..Assembly::default()
    }
    .build(&manifests())
}

/// Three manifests, two of which share a package.
pub(crate) fn manifests() -> Vec<Manifest> {
    vec![npm(), second_npm(), others()]
}
