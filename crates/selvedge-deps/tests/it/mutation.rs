//! Damaged files: truncated, with bytes flipped, with lines doubled or left out. Reading never panics, says
//! nothing false about places, and gives the same twice.

use std::collections::BTreeMap;

use proptest::prelude::*;
use selvedge_deps::inventory;

/// A file of each format, and one beside it.
const FIXTURES: &[(&str, &str, &str, &str)] = &[
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"00\"\ndependencies = [\n \"b 1.0.0 (git+https://e.org/b#0123456789)\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+https://e.org/b#0123456789\"\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n]\n",
        "Cargo.toml",
        "[workspace]\nmembers = [\"x/*\", \".\"]\n[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\na = { version = \"1\", path = \"../a\" }\n",
    ),
    (
        "package-lock.json",
        "{\"name\":\"app\",\"lockfileVersion\":3,\"packages\":{\n\"\":{\"workspaces\":[\"p/*\"],\"dependencies\":{\"a\":\"^1\"}},\n\"node_modules/a\":{\"version\":\"1.0.0\",\"integrity\":\"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=\",\"dependencies\":{\"b\":\"*\"}},\n\"node_modules/a/node_modules/b\":{\"version\":\"2.0.0\",\"dev\":true},\n\"p/m\":{\"version\":\"1\"},\"node_modules/m\":{\"link\":true,\"resolved\":\"p/m\"}},\n\"dependencies\":{\"a\":{\"version\":\"1.0.0\",\"requires\":{\"b\":\"*\"},\"dependencies\":{\"b\":{\"version\":\"npm:c@2.0.0\"}}}}}\n",
        "package.json",
        "{\"name\":\"app\",\n\"dependencies\":{\"a\":\"^1\"},\"devDependencies\":{\"\\u0062\":\"o/b#1\"}}\n",
    ),
    (
        "yarn.lock",
        "# yarn lockfile v1\n\n\"@s/a@^1\", a@npm:b@^1:\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709\"\n  dependencies:\n    c \"~2\"\n\nc@~2:\n  version \"2.0.0\"\n",
        "package.json",
        "{\"workspaces\":[\"p/*\"],\"dependencies\":{\"@s/a\":\"^1\"}}",
    ),
    (
        "b/yarn.lock",
        "__metadata:\n  version: 8\n\n\"a@npm:^1, a@npm:^2\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  dependencies:\n    c: \"npm:~2\"\n  checksum: 10c0/00\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n  dependencies:\n    a: \"npm:^1\"\n",
        "b/package.json",
        "{\"name\":\"app\",\"devDependencies\":{\"a\":\"^1\"}}",
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\ncatalogs: &x\n  default: {a: {specifier: ^1, version: 1.0.0}}\nimporters:\n  .:\n    dependencies:\n      a: {specifier: 'catalog:', version: 1.0.0(p@2.0.0)}\n      m: {specifier: 'workspace:*', version: link:m}\n  m:\n    devDependencies:\n      p: {specifier: ^2, version: 2.0.0}\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}\n  p@2.0.0: {}\n  /@s/q/3.0.0_p@2.0.0: {dev: true}\nsnapshots:\n  a@1.0.0(p@2.0.0):\n    dependencies: {p: 2.0.0}\n  p@2.0.0: {optional: true}\n",
        "package.json",
        "{\"dependencies\":{\"a\":\"catalog:\"}}",
    ),
    (
        "bun.lock",
        "{\"lockfileVersion\":1,\"workspaces\":{\"\":{\"name\":\"app\",\"dependencies\":{\"a\":\"^1\",},},\"p/m\":{\"name\":\"m\"}},\n\"packages\":{\n\"a\":[\"a@1.0.0\",\"\",{\"dependencies\":{\"b\":\"*\"}},\"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=\"],\n\"a/b\":[\"b@github:o/b#0123456\",{},\"x\"],\n\"m\":[\"m@workspace:p/m\"],\n}}\n",
        "package.json",
        "{}",
    ),
    (
        "requirements.txt",
        "-r base.in\n-c pins.txt\na[x]==1.0 ; python_version > '3' \\\n    --hash=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n    # via\n    #   -r base.in\n    #   b\nb @ git+https://e.org/b.git@0123456789\n-e git+https://e.org/c.git#egg=c\n./d-1.0.tar.gz\n",
        "pins.txt",
        "b==2\n-r requirements.txt\n",
    ),
    (
        "Pipfile.lock",
        "{\"_meta\":{\"sources\":[{\"name\":\"i\",\"url\":\"https://e.org\"}]},\n\"default\":{\"a\":{\"version\":\"==1.0\",\"hashes\":[\"sha256:00\"],\"index\":\"i\"}},\n\"develop\":{\"a\":{\"version\":\"==1.0\"},\"b\":{\"git\":\"https://e.org/b\",\"ref\":\"0123456789\"}}}\n",
        "Pipfile",
        "[packages]\na = \"*\"\n[dev-packages]\nb = {git = \"https://e.org/b\"}\n",
    ),
    (
        "poetry.lock",
        "[[package]]\nname = \"a\"\nversion = \"1.0\"\noptional = false\ngroups = [\"main\", \"dev\"]\nfiles = [{file = \"a.whl\", hash = \"sha256:00\"}]\n\n[package.dependencies]\nB-c = \"^1\"\n\n[[package]]\nname = \"b_c\"\nversion = \"1.0\"\n\n[package.source]\ntype = \"git\"\nurl = \"https://e.org/b\"\nresolved_reference = \"0123\"\n\n[metadata.files]\nb_c = []\n",
        "pyproject.toml",
        "[project]\nname = \"app\"\ndependencies = [\"a>=1\"]\n[tool.poetry.group.dev.dependencies]\nb-c = [{version = \"1\"}, {path = \"../b\"}]\n",
    ),
    (
        "pdm.lock",
        "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\"]\ndependencies = [\"b>=1; x\", \"a\"]\n\n[[package]]\nname = \"b\"\ngit = \"https://e.org/b\"\nrevision = \"0123\"\n",
        "pyproject.toml",
        "[tool.pdm.dev-dependencies]\ntest = [\"b\", \"-e file:///x#egg=y\"]\n",
    ),
    (
        "uv.lock",
        "version = 1\n\n[[package]]\nname = \"app\"\nversion = \"1\"\nsource = { editable = \".\" }\ndependencies = [ { name = \"a\" } ]\n\n[package.dev-dependencies]\ndev = [ { name = \"b\", version = \"1\" } ]\n\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\nwheels = [ { url = \"https://e.org\", hash = \"sha256:00\" } ]\n\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = { git = \"https://e.org/b?rev=1#0123\" }\n",
        "pyproject.toml",
        "[project]\nname = \"app\"\ndependencies = [\"a\"]\n",
    ),
    (
        "pylock.toml",
        "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\ndependencies = [{name = \"b\"}]\n[packages.vcs]\ntype = \"git\"\nurl = \"https://e.org\"\ncommit-id = \"01\"\n[[packages]]\nname = \"b\"\narchive = {path = \"b.zip\", hashes = {sha256 = \"00\"}}\n",
        "x",
        "",
    ),
    (
        "setup.cfg",
        "[metadata]\nname = app\n[options]\ninstall_requires =\n    a>=1 # why\n    b[x]; python_version<'3'\n[options.extras_require]\ntest = c\n",
        "x",
        "",
    ),
    (
        "environment.yml",
        "name: x\ndependencies:\n  - python=3.8\n  - c::samtools=1.9=h1\n  - pip:\n    - flask==2.0\n    - -r requirements.txt\n",
        "x",
        "",
    ),
    (
        "Dockerfile",
        "# escape=`\nARG A=python\nARG B=${A}:$A\nFROM --platform=x ${A:-b}:3.12@sha256:00 AS build\nRUN <<EOF\nFROM x\nEOF\nCOPY --from=build `\n /a /b\nFROM e.org:5000/a/b\n",
        "x",
        "",
    ),
    (
        "compose.yaml",
        "services:\n  a: &a\n    image: postgres:${PG:-16}\n  b:\n    <<: *a\n    build: .\n",
        "x",
        "",
    ),
    (
        ".github/workflows/ci.yml",
        "jobs:\n  a:\n    container: {image: 'node:20'}\n    services: {db: {image: postgres}}\n    steps:\n      - uses: o/n/s@0123456789abcdef0123456789abcdef01234567 # v1.2.3\n      - uses: docker://alpine:3\n  b:\n    uses: o/f/.github/workflows/x.yml@v2\n",
        "x",
        "",
    ),
];

/// One way to damage a file.
#[derive(Debug, Clone)]
enum Damage {
    Truncate(prop::sample::Index),
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    RepeatLine(prop::sample::Index),
    DropLine(prop::sample::Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        at().prop_map(Damage::Truncate),
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        (at(), "[\\[\\]{}\"':,#@&*<>\\\\/=é\n -]{1,4}")
            .prop_map(|(at, text)| Damage::Insert(at, text.into_bytes())),
        at().prop_map(Damage::RepeatLine),
        at().prop_map(Damage::DropLine),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    let lines =
        || -> Vec<Vec<u8>> { bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() };
    match damage {
        Damage::Truncate(at) => bytes.truncate(at.index(bytes.len())),
        Damage::Flip(at, with) => {
            let at = at.index(bytes.len());
            bytes[at] ^= with;
        }
        Damage::Insert(at, with) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, with.iter().copied());
        }
        Damage::RepeatLine(at) => {
            let mut lines = lines();
            let at = at.index(lines.len());
            lines.insert(at, lines[at].clone());
            *bytes = lines.concat();
        }
        Damage::DropLine(at) => {
            let mut lines = lines();
            lines.remove(at.index(lines.len()));
            *bytes = lines.concat();
        }
    }
}

#[test]
fn fixtures_read_without_complaint_about_their_notation() {
    for (path, text, beside, other) in FIXTURES {
        let files = BTreeMap::from([
            ((*path).to_owned(), text.as_bytes().to_vec()),
            ((*beside).to_owned(), other.as_bytes().to_vec()),
        ]);
        let (manifests, _) = inventory(&files);
        let found = manifests.iter().find(|manifest| manifest.path == *path);
        assert!(found.is_some_and(|manifest| !manifest.components.is_empty()), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn damaged_files_are_read_as_far_as_they_go(
        which in 0..FIXTURES.len(),
        damages in prop::collection::vec((damage(), any::<bool>()), 1..6),
    ) {
        let (path, text, beside, other) = FIXTURES[which];
        let (mut bytes, mut other) = (text.as_bytes().to_vec(), other.as_bytes().to_vec());
        for (damage, is_beside) in &damages {
            apply(if *is_beside { &mut other } else { &mut bytes }, damage);
        }
        let files = BTreeMap::from([(path.to_owned(), bytes), (beside.to_owned(), other)]);
        let (manifests, diagnostics) = inventory(&files);
        for manifest in &manifests {
            let count = manifest.components.len() as u32;
            for component in &manifest.components {
                let file = &files[component.found_in.as_ref().unwrap_or(&manifest.path)];
                let lines = file.split(|byte| *byte == b'\n').count() as u32;
                let span = component.span;
                prop_assert!(span.start <= span.end && span.end as usize <= file.len(), "{component:?}");
                prop_assert!(span.line <= lines, "{component:?}");
                prop_assert!(component.dependencies.iter().all(|index| *index < count), "{component:?}");
                prop_assert!(!component.name.is_empty(), "{component:?}");
            }
        }
        prop_assert!(diagnostics.iter().all(|it| it.line != Some(0)), "{diagnostics:?}");
        prop_assert_eq!((manifests, diagnostics), inventory(&files));
    }
}
