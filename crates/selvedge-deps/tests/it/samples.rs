//! Small files of every format, with those beside them that complete them: what `damaged` damages.

/// Files that are read together.
pub(crate) type Sample = &'static [(&'static str, &'static str)];

/// Each lists something in every file, and nothing is wrong with it.
pub(crate) const SOUND: &[Sample] = &[
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

/// The first file of each lists something. Some hold what is worth a remark: a branch, a repeated name, two notations
/// at once.
pub(crate) const TRICKY: &[Sample] = &[
    &[
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"00\"\ndependencies = [\n \"b 1.0.0 (git+https://e.org/b#0123456789)\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+https://e.org/b#0123456789\"\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n]\n",
        ),
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"x/*\", \".\"]\n[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\na = { version = \"1\", path = \"../a\" }\n",
        ),
    ],
    &[
        (
            "package-lock.json",
            "{\"name\":\"app\",\"lockfileVersion\":3,\"packages\":{\n\"\":{\"workspaces\":[\"p/*\"],\"dependencies\":{\"a\":\"^1\"}},\n\"node_modules/a\":{\"version\":\"1.0.0\",\"integrity\":\"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=\",\"dependencies\":{\"b\":\"*\"}},\n\"node_modules/a/node_modules/b\":{\"version\":\"2.0.0\",\"dev\":true},\n\"p/m\":{\"version\":\"1\"},\"node_modules/m\":{\"link\":true,\"resolved\":\"p/m\"}},\n\"dependencies\":{\"a\":{\"version\":\"1.0.0\",\"requires\":{\"b\":\"*\"},\"dependencies\":{\"b\":{\"version\":\"npm:c@2.0.0\"}}}}}\n",
        ),
        (
            "package.json",
            "{\"name\":\"app\",\n\"dependencies\":{\"a\":\"^1\"},\"devDependencies\":{\"\\u0062\":\"o/b#1\"}}\n",
        ),
    ],
    &[
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\"@s/a@^1\", a@npm:b@^1:\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709\"\n  dependencies:\n    c \"~2\"\n\nc@~2:\n  version \"2.0.0\"\n",
        ),
        ("package.json", "{\"workspaces\":[\"p/*\"],\"dependencies\":{\"@s/a\":\"^1\"}}"),
    ],
    &[
        (
            "b/yarn.lock",
            "__metadata:\n  version: 8\n\n\"a@npm:^1, a@npm:^2\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  dependencies:\n    c: \"npm:~2\"\n  checksum: 10c0/00\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n  dependencies:\n    a: \"npm:^1\"\n",
        ),
        ("b/package.json", "{\"name\":\"app\",\"devDependencies\":{\"a\":\"^1\"}}"),
    ],
    &[
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\ncatalogs: &x\n  default: {a: {specifier: ^1, version: 1.0.0}}\nimporters:\n  .:\n    dependencies:\n      a: {specifier: 'catalog:', version: 1.0.0(p@2.0.0)}\n      m: {specifier: 'workspace:*', version: link:m}\n  m:\n    devDependencies:\n      p: {specifier: ^2, version: 2.0.0}\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}\n  p@2.0.0: {}\n  /@s/q/3.0.0_p@2.0.0: {dev: true}\nsnapshots:\n  a@1.0.0(p@2.0.0):\n    dependencies: {p: 2.0.0}\n  p@2.0.0: {optional: true}\n",
        ),
        ("package.json", "{\"dependencies\":{\"a\":\"catalog:\"}}"),
    ],
    &[
        (
            "bun.lock",
            "{\"lockfileVersion\":1,\"workspaces\":{\"\":{\"name\":\"app\",\"dependencies\":{\"a\":\"^1\",},},\"p/m\":{\"name\":\"m\"}},\n\"packages\":{\n\"a\":[\"a@1.0.0\",\"\",{\"dependencies\":{\"b\":\"*\"}},\"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=\"],\n\"a/b\":[\"b@github:o/b#0123456\",{},\"x\"],\n\"m\":[\"m@workspace:p/m\"],\n}}\n",
        ),
        ("package.json", "{}"),
    ],
    &[
        (
            "requirements.txt",
            "-r base.in\n-c pins.txt\na[x]==1.0 ; python_version > '3' \\\n    --hash=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n    # via\n    #   -r base.in\n    #   b\nb @ git+https://e.org/b.git@0123456789\n-e git+https://e.org/c.git#egg=c\n./d-1.0.tar.gz\n",
        ),
        ("pins.txt", "b==2\n-r requirements.txt\n"),
    ],
    &[
        (
            "Pipfile.lock",
            "{\"_meta\":{\"sources\":[{\"name\":\"i\",\"url\":\"https://e.org\"}]},\n\"default\":{\"a\":{\"version\":\"==1.0\",\"hashes\":[\"sha256:00\"],\"index\":\"i\"}},\n\"develop\":{\"a\":{\"version\":\"==1.0\"},\"b\":{\"git\":\"https://e.org/b\",\"ref\":\"0123456789\"}}}\n",
        ),
        ("Pipfile", "[packages]\na = \"*\"\n[dev-packages]\nb = {git = \"https://e.org/b\"}\n"),
    ],
    &[
        (
            "poetry.lock",
            "[[package]]\nname = \"a\"\nversion = \"1.0\"\noptional = false\ngroups = [\"main\", \"dev\"]\nfiles = [{file = \"a.whl\", hash = \"sha256:00\"}]\n\n[package.dependencies]\nB-c = \"^1\"\n\n[[package]]\nname = \"b_c\"\nversion = \"1.0\"\n\n[package.source]\ntype = \"git\"\nurl = \"https://e.org/b\"\nresolved_reference = \"0123\"\n\n[metadata.files]\nb_c = []\n",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"app\"\ndependencies = [\"a>=1\"]\n[tool.poetry.group.dev.dependencies]\nb-c = [{version = \"1\"}, {path = \"../b\"}]\n",
        ),
    ],
    &[
        (
            "pdm.lock",
            "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\"]\ndependencies = [\"b>=1; x\", \"a\"]\n\n[[package]]\nname = \"b\"\ngit = \"https://e.org/b\"\nrevision = \"0123\"\n",
        ),
        ("pyproject.toml", "[tool.pdm.dev-dependencies]\ntest = [\"b\", \"-e file:///x#egg=y\"]\n"),
    ],
    &[
        (
            "uv.lock",
            "version = 1\n\n[[package]]\nname = \"app\"\nversion = \"1\"\nsource = { editable = \".\" }\ndependencies = [ { name = \"a\" } ]\n\n[package.dev-dependencies]\ndev = [ { name = \"b\", version = \"1\" } ]\n\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\nwheels = [ { url = \"https://e.org\", hash = \"sha256:00\" } ]\n\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = { git = \"https://e.org/b?rev=1#0123\" }\n",
        ),
        ("pyproject.toml", "[project]\nname = \"app\"\ndependencies = [\"a\"]\n"),
    ],
    &[(
        "pylock.toml",
        "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\ndependencies = [{name = \"b\"}]\n[packages.vcs]\ntype = \"git\"\nurl = \"https://e.org\"\ncommit-id = \"01\"\n[[packages]]\nname = \"b\"\narchive = {path = \"b.zip\", hashes = {sha256 = \"00\"}}\n",
    )],
    &[(
        "setup.cfg",
        "[metadata]\nname = app\n[options]\ninstall_requires =\n    a>=1 # why\n    b[x]; python_version<'3'\n[options.extras_require]\ntest = c\n",
    )],
    &[(
        "environment.yml",
        "name: x\ndependencies:\n  - python=3.8\n  - c::samtools=1.9=h1\n  - pip:\n    - flask==2.0\n    - -r requirements.txt\n",
    )],
    &[(
        "Dockerfile",
        "# escape=`\nARG A=python\nARG B=${A}:$A\nFROM --platform=x ${A:-b}:3.12@sha256:00 AS build\nRUN <<EOF\nFROM x\nEOF\nCOPY --from=build `\n /a /b\nFROM e.org:5000/a/b\n",
    )],
    &[(
        "compose.yaml",
        "services:\n  a: &a\n    image: postgres:${PG:-16}\n  b:\n    <<: *a\n    build: .\n",
    )],
    &[(
        ".github/workflows/ci.yml",
        "jobs:\n  a:\n    container: {image: 'node:20'}\n    services: {db: {image: postgres}}\n    steps:\n      - uses: o/n/s@0123456789abcdef0123456789abcdef01234567 # v1.2.3\n      - uses: docker://alpine:3\n  b:\n    uses: o/f/.github/workflows/x.yml@v2\n",
    )],
];
