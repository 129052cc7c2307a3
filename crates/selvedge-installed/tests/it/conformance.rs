//! Package metadata that nobody here wrote, with what its authors' own tests expect of it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use selvedge_installed::{Folder, inventory};

/// Path below the corpus, where it is put in a root, and `name version line` as expected; nothing where a
/// diagnostic is expected instead.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("python/wheelegg/testdata/distinfo_meta", "s/a-1.dist-info/METADATA", "pip 22.2.2 2"),
    ("python/wheelegg/testdata/egginfo_pkginfo", "s/b-1.egg/EGG-INFO/PKG-INFO", "setuptools 57.4.0 2"),
    ("python/wheelegg/testdata/egginfo", "s/c-1.egg-info", "pycups 2.0.1 2"),
    ("python/wheelegg/testdata/pkginfo", "s/d-1.egg-info/PKG-INFO", "httplib2 0.20.4 2"),
    ("python/wheelegg/testdata/malformed_pkginfo", "s/e-1.egg-info/PKG-INFO", "passlib 1.7.4 2"),
    ("python/wheelegg/testdata/mixed_case", "s/f-1.egg-info/PKG-INFO", "httplib2 1.0 2"),
    ("python/wheelegg/testdata/special_chars", "s/g-1.egg-info", "backports.ssl_match_hostname 3.5.0.1 2"),
    ("python/wheelegg/testdata/pyopenssl-26.0.0.dist-info", "s/h-1.dist-info/METADATA", "pyOpenSSL 26.0.0 2"),
    ("python/wheelegg/testdata/repeated_pkginfo", "s/i-1.egg-info/PKG-INFO", "root 1.0.0 2"),
    ("python/wheelegg/testdata/empty", "s/j-1.egg-info/PKG-INFO", ""),
    ("ruby/gemspec/testdata/yaml-0.2.1.gemspec", "specifications/yaml-0.2.1.gemspec", "yaml 0.2.1 5"),
    ("ruby/gemspec/testdata/rss-0.2.9.gemspec", "specifications/rss-0.2.9.gemspec", "rss 0.2.9 5"),
    ("ruby/gemspec/testdata/badspec.gemspec", "specifications/badspec.gemspec", ""),
    ("ruby/gemspec/testdata/empty.gemspec", "specifications/empty.gemspec", ""),
    ("ruby/gemspec/testdata/invalid.gemspec", "specifications/invalid.gemspec", ""),
    ("java/archive/testdata/not_jar", "not_jar.jar", ""),
    (
        "java/archive/testdata/manifest-symbolicname/MANIFEST.MF",
        "symbolicname.jar",
        "com.google.guava.failureaccess:failureaccess 1.0.1 0",
    ),
    ("java/archive/testdata/invalid-ids/MANIFEST.MF", "invalid.jar", "test.group:correct.name 1.2.3 0"),
    (
        "java/archive/testdata/known-group-id/MANIFEST.MF",
        "known.jar",
        "org.springframework:spring-web 5.3.26 0",
    ),
    (
        "java/archive/testdata/combine-manifest-filename/MANIFEST.MF",
        "ivy-2.4.0.jar",
        "org.apache.ivy:ivy 2.4.0 0",
    ),
    ("java/archive/testdata/manifest-no-group-id/MANIFEST.MF", "plain-2.4.0.jar", "plain:plain 2.4.0 0"),
    (
        "java/archive/testdata/manifest-implementation-title/MANIFEST.MF",
        "title-2.4.0.jar",
        "org.elasticsearch:title 2.4.0 0",
    ),
    ("java/archive/testdata/axis/MANIFEST.MF", "axis.jar", "org.apache.axis:axis 1.4 0"),
    ("golang/gobinary/testdata/dummy", "bin/dummy", "-"),
    ("rust/cargoauditable/testdata/not_binary/not_binary", "bin/not_binary", "-"),
];

fn corpus() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder =
        std::env::var_os("SELVEDGE_CORPORA").map_or_else(|| root.join("../shared/corpora"), PathBuf::from);
    let folder = folder.join("lockfiles");
    folder.is_dir().then_some(folder)
}

fn jar(manifest: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("MANIFEST.MF", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(manifest).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn foreign_metadata_is_read_as_its_authors_expect() {
    let Some(corpus) = corpus() else {
        println!("no corpora: conformance of installed packages was not checked");
        return;
    };
    let mut wrong = Vec::new();
    for (source, place, expected) in EXPECTED {
        let mut content = fs::read(corpus.join(source)).unwrap_or_else(|error| panic!("{source}: {error}"));
        if source.ends_with("MANIFEST.MF") {
            content = jar(&content);
        }
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        let out = inventory(&Folder::open(root.path()).unwrap());
        let components = out.manifests.iter().flat_map(|manifest| &manifest.components);
        let found: Vec<_> = components
            .map(|it| format!("{} {} {}", it.name, it.version.as_deref().unwrap_or("-"), it.span.line))
            .collect();
        let right = match *expected {
            "-" => found.is_empty() && out.diagnostics.is_empty(),
            "" => found.is_empty() && !out.diagnostics.is_empty(),
            line => found == [line] && out.diagnostics.is_empty(),
        };
        if !right {
            wrong.push(format!("{source}: expected `{expected}`, found {found:?} {:?}", out.diagnostics));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
