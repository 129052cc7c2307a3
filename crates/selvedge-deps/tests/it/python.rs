//! Requirements files, lockfiles and manifests of Python.

use crate::support::{lines, named, needs, one, read};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn requirements_of_every_kind() {
    let text = format!(
        "--index-url https://e.org/simple\n\
         Flask[async]==2.0.1 ; python_version > '3' \\\n    --hash=sha256:{DIGEST} \\\n    --hash=sha256:{DIGEST}  # note\n\
         requests>=2,<3\n\
         under_score===1.0\n\
         -e git+https://e.org/o/x.git@{COMMIT}#egg=x\n\
         -e .\n\
         y @ git+https://e.org/o/y.git@main\n\
         ./wheels/z-1.5-py3-none-any.whl\n\
         https://e.org/files/w-2.0.tar.gz\n\
         v==${{VERSION}}\n"
    );
    let manifest = one(&[("a/requirements.txt", &text)]);
    assert_eq!(
        lines(&manifest),
        [
            "2 Flask 2.0.1 direct runtime".to_owned(),
            "5 requests - direct runtime".to_owned(),
            "6 under_score 1.0 direct runtime".to_owned(),
            format!("7 x - direct runtime git https://e.org/o/x.git#{COMMIT}"),
            "9 y - direct runtime git https://e.org/o/y.git#-".to_owned(),
            "10 z 1.5 direct runtime path a/wheels/z-1.5-py3-none-any.whl".to_owned(),
            "11 w 2.0 direct runtime url https://e.org/files/w-2.0.tar.gz".to_owned(),
            "12 v - direct runtime".to_owned(),
        ]
    );
    assert_eq!(named(&manifest, "Flask").hashes.len(), 2);
    assert_eq!(named(&manifest, "requests").requirement.as_deref(), Some(">=2,<3"));
    assert!(!manifest.is_locked);
}

#[test]
fn included_files_count_once_and_circles_end() {
    let (manifests, diagnostics) = read(&[
        ("requirements.txt", "-r base.list\n-r requirements/dev.txt\n-r gone.txt\na==1\n"),
        ("base.list", "b==2\n-r requirements.txt\n-c pins.list\nc\n"),
        ("pins.list", "c==3\nunused==4\n"),
        ("requirements/dev.txt", "d==4\n"),
    ]);
    let all: Vec<_> = manifests.iter().map(|manifest| (manifest.path.as_str(), lines(manifest))).collect();
    assert_eq!(all[0].0, "requirements.txt");
    assert_eq!(all[0].1, ["1 b 2 direct runtime", "4 c 3 direct runtime", "4 a 1 direct runtime"]);
    assert_eq!(manifests[0].components[0].found_in.as_deref(), Some("base.list"));
    assert_eq!(all[1].1, ["1 d 4 direct development"]);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!((diagnostics[0].path.as_deref(), diagnostics[0].line), (Some("requirements.txt"), Some(3)));
}

#[test]
fn notes_of_pip_compile_are_the_graph() {
    let text = "a==1\n    # via -r requirements.in\nb==2\n    # via\n    #   a\n    #   c\nc==3  # via b, proj (pyproject.toml)\n";
    let manifest = one(&[("requirements.txt", text)]);
    assert_eq!(
        lines(&manifest),
        ["1 a 1 direct runtime", "3 b 2 transitive runtime", "7 c 3 direct runtime"]
    );
    assert_eq!((needs(&manifest, "a"), needs(&manifest, "b")), (vec!["b".to_owned()], vec!["c".to_owned()]));
    assert!(manifest.is_locked && manifest.has_graph);
    let manifest = one(&[("x/requirements.txt", text), ("x/requirements.in", "# why\na>=1\n")]);
    let a = named(&manifest, "a");
    let declared = a.declared.as_ref().unwrap();
    assert_eq!((declared.path.as_str(), declared.span.line), ("x/requirements.in", 2));
    assert_eq!((a.requirement.as_deref(), a.version.as_deref()), (Some(">=1"), Some("1")));
    assert_eq!(manifest.absorbed, ["x/requirements.in"]);
}

#[test]
fn lines_that_pip_refuses_are_said() {
    let (manifests, diagnostics) = read(&[(
        "requirements.txt",
        "a==\n==1\nb 1.0\n-foo==1\nc==1 more --hash=x\nd==1 --hash=sha256:12\n",
    )]);
    assert_eq!(lines(&manifests[0]), ["6 d 1 direct runtime"]);
    let told: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.line.unwrap()).collect();
    assert_eq!(told, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn pipfile_lock_with_its_pipfile() {
    let lock = format!(
        r#"{{ "_meta": {{ "sources": [ {{ "name": "in", "url": "https://e.org/simple" }} ] }},
  "default": {{
    "a": {{ "hashes": ["sha256:{DIGEST}"], "index": "in", "version": "==1.0" }},
    "b": {{ "version": "==2.0" }},
    "g": {{ "git": "https://e.org/g.git", "ref": "{COMMIT}" }} }},
  "develop": {{
    "b": {{ "version": "==2.0" }},
    "c": {{ "version": "==3.0" }} }} }}"#
    );
    let pipfile = "[[source]]\nname = \"in\"\nurl = \"https://e.org/simple\"\n[packages]\nA = \"*\"\n[dev-packages]\nc = \">=3\"\n";
    let manifest = one(&[("Pipfile.lock", &lock), ("Pipfile", pipfile)]);
    assert_eq!(
        lines(&manifest),
        [
            "3 a 1.0 direct runtime registry https://e.org/simple".to_owned(),
            "4 b 2.0 transitive runtime".to_owned(),
            format!("5 g - transitive runtime git https://e.org/g.git#{COMMIT}"),
            "8 c 3.0 direct development".to_owned(),
        ]
    );
    assert_eq!(named(&manifest, "c").declared.as_ref().unwrap().span.line, 7);
    let alone = one(&[("Pipfile", pipfile)]);
    assert_eq!(lines(&alone), ["5 A - direct runtime", "7 c - direct development"]);
}

#[test]
fn poetry_lock_spreads_from_pyproject() {
    let lock = format!(
        r#"[[package]]
name = "flask"
version = "2.0"
optional = false
files = [ {{ file = "f.whl", hash = "sha256:{DIGEST}" }} ]

[package.dependencies]
Jinja2 = ">=3"

[[package]]
name = "jinja2"
version = "3.0"

[[package]]
name = "pytest"
version = "7.0"

[package.dependencies]
own = "*"

[[package]]
name = "own"
version = "0.1"

[package.source]
type = "git"
url = "https://e.org/own.git"
reference = "main"
resolved_reference = "{COMMIT}"

[metadata]
lock-version = "2.0"
"#
    );
    let pyproject = "[tool.poetry]\nname = \"app\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.8\"\nFlask = { version = \"^2\", extras = [\"async\"] }\n[tool.poetry.group.dev.dependencies]\npytest = \"7.0\"\n";
    let manifest = one(&[("poetry.lock", &lock), ("pyproject.toml", pyproject)]);
    assert_eq!(
        lines(&manifest),
        [
            "2 flask 2.0 direct runtime".to_owned(),
            "11 jinja2 3.0 transitive runtime".to_owned(),
            "15 pytest 7.0 direct development".to_owned(),
            format!("22 own 0.1 transitive development git https://e.org/own.git#{COMMIT}"),
            "0 app 1 root runtime path ".to_owned(),
        ]
    );
    assert_eq!(named(&manifest, "flask").declared.as_ref().unwrap().span.line, 6);
    assert_eq!(named(&manifest, "flask").hashes.len(), 1);
    let alone = one(&[("poetry.lock", &lock)]);
    assert_eq!(lines(&alone)[0], "2 flask 2.0 unknown runtime");
}

#[test]
fn old_poetry_locks_have_categories_and_digests_apart() {
    let lock = format!(
        "[[package]]\nname = \"a\"\nversion = \"1\"\ncategory = \"dev\"\noptional = false\n\n[metadata.files]\na = [{{file = \"a.whl\", hash = \"sha256:{DIGEST}\"}}]\n"
    );
    let manifest = one(&[("poetry.lock", &lock)]);
    assert_eq!(lines(&manifest), ["2 a 1 unknown development"]);
    assert_eq!(manifest.components[0].hashes.len(), 1);
}

#[test]
fn pdm_lock_merges_extras() {
    let lock = "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\"]\ndependencies = [\"b>=1; python_version > '3'\"]\n\n[[package]]\nname = \"a\"\nversion = \"1\"\nextras = [\"x\"]\ngroups = [\"default\"]\ndependencies = [\"a==1\", \"c\"]\n\n[[package]]\nname = \"b\"\nversion = \"2\"\ngroups = [\"dev\"]\n\n[[package]]\nname = \"c\"\nversion = \"3\"\ngroups = [\"dev\", \"default\"]\n";
    let manifest = one(&[("pdm.lock", lock)]);
    assert_eq!(
        lines(&manifest),
        ["2 a 1 unknown runtime", "15 b 2 unknown development", "20 c 3 unknown runtime"]
    );
    assert_eq!(needs(&manifest, "a"), ["b", "c"]);
}

#[test]
fn uv_lock_knows_its_projects() {
    let lock = format!(
        r#"version = 1

[[package]]
name = "app"
version = "0.1.0"
source = {{ editable = "." }}
dependencies = [ {{ name = "a" }} ]

[package.optional-dependencies]
fast = [ {{ name = "o" }} ]

[package.dev-dependencies]
dev = [ {{ name = "d" }} ]

[package.metadata]
requires-dist = [{{ name = "a", specifier = ">=1" }}]

[[package]]
name = "a"
version = "1.0"
source = {{ registry = "https://pypi.org/simple" }}
dependencies = [ {{ name = "d", marker = "x" }} ]
sdist = {{ url = "https://files.e.org/a.tar.gz", hash = "sha256:{DIGEST}" }}

[[package]]
name = "d"
version = "2.0"
source = {{ git = "https://e.org/d.git?rev=main#{COMMIT}" }}

[[package]]
name = "o"
version = "3.0"
source = {{ registry = "https://e.org/simple" }}
"#
    );
    let manifest = one(&[("uv.lock", &lock)]);
    assert_eq!(
        lines(&manifest),
        [
            "4 app 0.1.0 root runtime path ".to_owned(),
            "19 a 1.0 direct runtime".to_owned(),
            format!("26 d 2.0 direct runtime git https://e.org/d.git#{COMMIT}"),
            "31 o 3.0 direct optional registry https://e.org/simple".to_owned(),
        ]
    );
    assert_eq!(named(&manifest, "a").requirement.as_deref(), Some(">=1"));
    let pyproject = "[project]\nname = \"app\"\ndependencies = [\n  \"a>=1\",\n]\n";
    let manifest = one(&[("uv.lock", &lock), ("pyproject.toml", pyproject)]);
    assert_eq!(named(&manifest, "a").declared.as_ref().unwrap().span.line, 4);
    assert_eq!(manifest.absorbed, ["pyproject.toml"]);
}

#[test]
fn pylock_lists_packages() {
    let lock = format!(
        "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\ndependencies = [{{name = \"b\"}}]\nwheels = [{{name = \"a.whl\", hashes = {{sha256 = \"{DIGEST}\"}}}}]\n[[packages]]\nname = \"b\"\nvcs = {{type = \"git\", url = \"https://e.org/b.git\", commit-id = \"{COMMIT}\"}}\n"
    );
    let manifest = one(&[("pylock.prod.toml", &lock)]);
    assert_eq!(
        lines(&manifest),
        [
            "3 a 1 unknown runtime".to_owned(),
            format!("8 b - unknown runtime git https://e.org/b.git#{COMMIT}")
        ]
    );
    assert_eq!((needs(&manifest, "a"), named(&manifest, "a").hashes.len()), (vec!["b".to_owned()], 1));
}

#[test]
fn manifests_alone_give_requirements() {
    let pyproject = "[build-system]\nrequires = [\"hatchling\"]\n[project]\nname = \"app\"\ndependencies = [\"a>=1\", true, \"==1\"]\n[project.optional-dependencies]\nfast = [\"o==1.5\"]\n[dependency-groups]\ntest = [\"t\", {include-group = \"x\"}]\n";
    let (manifests, diagnostics) = read(&[("pyproject.toml", pyproject)]);
    assert_eq!(
        lines(&manifests[0]),
        [
            "4 app - root runtime path ",
            "2 hatchling - direct build",
            "5 a - direct runtime",
            "7 o 1.5 direct optional",
            "9 t - direct development",
        ]
    );
    assert_eq!(diagnostics.iter().map(|it| it.line).collect::<Vec<_>>(), [Some(5), Some(5)]);
    let cfg = "[metadata]\nname = app\n[options]\ninstall_requires =\n    a>=1\n    b; python_version<'3'\n[options.extras_require]\ntest = c\n";
    assert_eq!(
        lines(&one(&[("setup.cfg", cfg)])),
        [
            "5 a - direct runtime",
            "6 b - direct runtime",
            "8 c - direct development",
            "2 app - root runtime path "
        ]
    );
    let conda = "name: x\ndependencies:\n  - python=3.8\n  - bioconda::samtools=1.9=h1\n  - numpy>=1.2\n  - pip:\n    - flask==2.0\n";
    assert_eq!(
        lines(&one(&[("environment.yml", conda)])),
        [
            "3 python 3.8 direct runtime",
            "4 samtools 1.9 direct runtime registry bioconda",
            "5 numpy - direct runtime",
            "7 flask 2.0 direct runtime",
        ]
    );
}
