//! Damaged files of every ecosystem but those of `mutation`: parsers never panic, and whatever they list lies in
//! the file.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use selvedge_deps::inventory;

use crate::support::lockfile_corpora;

/// Small files of many formats, with those beside them.
const SAMPLES: &[&[(&str, &str)]] = &[
    &[
        (
            "go.mod",
            "module m\n\ngo 1.16\n\nrequire (\n\ta.com/b v1.0.0 // indirect\n)\nreplace a.com/b => ../b\n",
        ),
        ("go.sum", "a.com/c v1.0.0 h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
        ("vendor/modules.txt", "# a.com/b v1.0.0 => ./b\n## explicit\na.com/b\n"),
    ],
    &[
        (
            "Gemfile.lock",
            "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0-x86)\n      b (~> 1)\n    b (1.1)\n\nDEPENDENCIES\n  a!\n\nCHECKSUMS\n  a (1.0-x86) sha256=00\n",
        ),
        ("Gemfile", "group :test do\n  gem 'a', \"~> 1\", group: [:test, :x]\nend\ngemspec\n"),
        ("a.gemspec", "s.name = 'a'\ns.add_dependency(%q<b>.freeze, [\"~> 1\"])\n"),
    ],
    &[
        (
            "pom.xml",
            "<?xml version='1.0'?><project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><properties><v>${w}</v><w>2</w></properties><dependencies><dependency><groupId>h</groupId><artifactId>b</artifactId><version>${v}</version><scope>test</scope></dependency></dependencies></project>",
        ),
        (
            "b/pom.xml",
            "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>b</artifactId></project>",
        ),
    ],
    &[
        (
            "a.csproj",
            "<Project><PropertyGroup><V>1.0</V></PropertyGroup><ItemGroup><PackageReference Include='A;B' Version='$(V)'/></ItemGroup></Project>",
        ),
        ("packages.config", "<packages><package id='A' version='1'/></packages>"),
        (
            "paket.lock",
            "NUGET\n  remote: https://x\n    A (1.0)\n      B (>= 1)\n    B (1.1)\nGROUP Test\nGITHUB\n  remote: a/b\n    f (0123abc)\n",
        ),
        ("paket.dependencies", "nuget A ~> 1 // c\ngithub a/b:1 f\n"),
    ],
    &[
        (
            "mix.lock",
            "%{\n  \"a\": {:hex, :a, \"1.0\", \"i\", [:mix], [{:b, \"~> 1\", [hex: :b]}], \"hexpm\", \"o\"},\n  \"b\": {:git, \"u\", \"c\", []},\n}\n",
        ),
        ("mix.exs", "[{:a, \"~> 1\", only: [:dev]}, {:b, git: \"u\"}]"),
        (
            "rebar.lock",
            "{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"a\">>,<<\"1\">>},0}]}.\n[{pkg_hash_ext,[{<<\"a\">>,<<\"00\">>}]}].\n",
        ),
        ("manifest.toml", "packages = [{ name = \"a\", version = \"1\", requirements = [\"a\"] }]\n"),
    ],
    &[
        (
            "composer.lock",
            "{\"packages\":[{\"name\":\"a/b\",\"version\":\"1\",\"require\":{\"a/b\":\"*\"}}],\"packages-dev\":[]}",
        ),
        (
            "packages.lock.json",
            "{\"dependencies\":{\"net8.0\":{\"A\":{\"type\":\"Direct\",\"resolved\":\"1\",\"dependencies\":{\"A\":\"1\"}}}}}",
        ),
        (
            "app.deps.json",
            "{\"targets\":{\"x\":{\"app/1\":{\"dependencies\":{\"A\":\"1\"}}}},\"libraries\":{\"app/1\":{},\"A/1\":{}}}",
        ),
        (
            "conan.lock",
            "{\"graph_lock\":{\"nodes\":{\"0\":{\"requires\":[\"1\"]},\"1\":{\"ref\":\"a/1#r\",\"requires\":[\"1\"]}}}}",
        ),
        (
            "renv.lock",
            "{\"Packages\":{\"a\":{\"Package\":\"a\",\"Version\":\"1\",\"Requirements\":[\"a\"]}}}",
        ),
        ("Package.resolved", "{\"pins\":[{\"location\":\"git@h:a/b.git\",\"state\":{\"version\":\"1\"}}]}"),
    ],
    &[
        (
            "pubspec.lock",
            "packages:\n  a:\n    dependency: \"direct dev\"\n    description: {url: \"https://pub.dev\"}\n    version: \"1\"\n",
        ),
        (
            "Podfile.lock",
            "PODS:\n  - A (1):\n    - A/B (= 1)\n  - A/B (1)\nDEPENDENCIES:\n  - A (from `x`)\n",
        ),
        ("stack.yaml.lock", "packages:\n- completed:\n    hackage: a-1@sha256:0,1\n"),
        ("cabal.project.freeze", "constraints: any.a ==1,\n             b +f\n"),
        ("Cartfile.resolved", "github \"a/b\" \"1\"\n"),
        ("gradle.lockfile", "a:b:1=testRuntimeClasspath\nempty=\n"),
        (
            "gradle/verification-metadata.xml",
            "<verification-metadata><components><component group='a' name='b' version='1'><artifact name='b.jar'><sha256 value='00'/></artifact></component></components></verification-metadata>",
        ),
        (
            "gradle/libs.versions.toml",
            "[versions]\na = \"1\"\n[libraries]\na = { module = \"a:b\", version.ref = \"a\" }\n",
        ),
        ("conanfile.txt", "[requires]\na/[>1]@u/c\n"),
    ],
];

/// What is done to the bytes at a place.
#[derive(Debug, Clone)]
enum Damage {
    Replace(u8),
    Insert(u8),
    Delete(usize),
    Repeat(usize),
    Truncate,
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(b"\n\"'{}[]()<>/:=,$#% \t\0\xff".to_vec())];
    prop_oneof![
        byte.clone().prop_map(Damage::Replace),
        byte.prop_map(Damage::Insert),
        (1_usize..12).prop_map(Damage::Delete),
        (1_usize..40).prop_map(Damage::Repeat),
        Just(Damage::Truncate),
    ]
}

fn apply(bytes: &mut Vec<u8>, at: usize, damage: &Damage) {
    let at = at % (bytes.len() + 1);
    match damage {
        Damage::Replace(byte) => bytes.splice(at..bytes.len().min(at + 1), [*byte]).for_each(drop),
        Damage::Insert(byte) => bytes.insert(at, *byte),
        Damage::Delete(count) => bytes.drain(at..bytes.len().min(at + count)).for_each(drop),
        Damage::Repeat(count) => {
            let copy = bytes[at..bytes.len().min(at + count)].to_vec();
            bytes.splice(at..at, copy).for_each(drop);
        }
        Damage::Truncate => bytes.truncate(at),
    }
}

/// Reads the files; whatever is listed must lie in its file.
fn check(files: &BTreeMap<String, Vec<u8>>) {
    let (manifests, diagnostics) = inventory(files);
    for manifest in &manifests {
        let bytes = &files[&manifest.path];
        let lines = bytes.split(|byte| *byte == b'\n').count() as u32;
        for component in &manifest.components {
            let span = component.span;
            assert!(span.start <= span.end && span.end as usize <= bytes.len(), "{component:?}");
            assert!((1..=lines).contains(&span.line), "{component:?} of {lines} lines");
            let count = manifest.components.len();
            assert!(component.dependencies.iter().all(|it| (*it as usize) < count), "{component:?}");
            assert!(component.dependencies.is_sorted(), "{component:?}");
        }
    }
    for diagnostic in diagnostics {
        assert!(diagnostic.path.is_some(), "{diagnostic}");
        assert_ne!(diagnostic.line, Some(0), "{diagnostic}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn damaged_samples_are_read(sample in 0..SAMPLES.len(), damages in vec((any::<usize>(), any::<usize>(), damage()), 1..6)) {
        let sample = SAMPLES[sample];
        let mut files: BTreeMap<_, _> =
            sample.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        for (file, at, damage) in damages {
            let path = sample[file % sample.len()].0;
            apply(files.get_mut(path).expect("a file of the sample"), at, &damage);
        }
        check(&files);
    }
}

#[test]
fn samples_as_they_are_list_something_in_every_file() {
    for sample in SAMPLES {
        let files: BTreeMap<_, _> =
            sample.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        check(&files);
        let (manifests, diagnostics) = inventory(&files);
        assert_eq!(diagnostics, [], "{sample:?}");
        assert!(manifests.iter().all(|manifest| !manifest.components.is_empty()), "{manifests:?}");
    }
}

/// Cuts every fixture of the corpora at many places, under the name of every sample.
#[test]
fn truncated_fixtures_are_read() {
    let Some(root) = lockfile_corpora() else { return };
    let mut pending = vec![root];
    let mut fixtures = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if entry.metadata().expect("metadata").len() < 4096 {
                fixtures.push(path);
            }
        }
    }
    fixtures.sort();
    let names: Vec<&str> = SAMPLES.iter().flat_map(|sample| sample.iter().map(|(path, _)| *path)).collect();
    for (index, fixture) in fixtures.iter().enumerate() {
        let bytes = std::fs::read(fixture).expect("a fixture");
        for cut in (0..=bytes.len()).step_by(bytes.len() / 8 + 1) {
            for step in 0..4 {
                let name = names[(index + cut + step * 7) % names.len()];
                check(&BTreeMap::from([(name.to_owned(), bytes[..cut].to_vec())]));
            }
        }
    }
}
