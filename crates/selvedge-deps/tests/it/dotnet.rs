//! NuGet's lock and project files, what a build leaves, and Paket.

use crate::listing::check;

const LOCK: &str = r#"{
  "version": 1,
  "dependencies": {
    "net8.0": {
      "Serilog": {
        "type": "Direct",
        "requested": "[2.10.0, )",
        "resolved": "2.10.0",
        "contentHash": "+/qI1j2oU1S4/nvxb2k/wDsol00iGf1AyJX5g3epV7eOpQEP/2xcgh/cxgKMeFgn3U2fmgSiBnQZdkV+l5y0Uw==",
        "dependencies": { "system.memory": "4.5.0" }
      },
      "Analyzer": { "type": "Direct", "resolved": "1.0.0", "dependencies": { "Roslyn": "1.0" } },
      "Roslyn": { "type": "Transitive", "resolved": "4.0.0" },
      "System.Memory": { "type": "Transitive", "resolved": "4.5.5" },
      "lib": { "type": "Project", "dependencies": { "Serilog": "2.10.0" } }
    },
    "net472": {
      "Serilog": { "type": "Direct", "resolved": "2.10.0", "dependencies": { "System.Memory": "4.5.0" } },
      "System.Memory": { "type": "Transitive", "resolved": "4.5.4" },
      "Odd": { "type": "Transitive" }
    }
  }
}"#;

#[test]
fn frameworks_are_merged_and_names_mean_the_version_of_their_framework() {
    check(
        &[("app/packages.lock.json", LOCK)],
        "
        app/packages.lock.json nuget-packages-lock graph
          5 Serilog@2.10.0 direct ([2.10.0, )) Sha512:fbfa88d6 -> System.Memory@4.5.5, System.Memory@4.5.4
          12 Analyzer@1.0.0 direct -> Roslyn@4.0.0
          13 Roslyn@4.0.0 transitive
          14 System.Memory@4.5.5 transitive
          15 lib direct path:lib -> Serilog@2.10.0
          19 System.Memory@4.5.4 transitive
          20 Odd unknown
        app/packages.lock.json:20: expected `resolved` in a package
        ",
    );
}

#[test]
fn the_project_beside_a_lockfile_says_what_it_keeps_to_itself() {
    let project = "<Project>\n<ItemGroup>\n<PackageReference Include='Serilog' Version='2.10.0'/>\n<PackageReference Include='Analyzer' Version='1.0.0'><PrivateAssets>all</PrivateAssets></PackageReference>\n</ItemGroup></Project>";
    check(
        &[("app/packages.lock.json", LOCK), ("app/app.csproj", project)],
        "
        app/packages.lock.json nuget-packages-lock graph
          5 Serilog@2.10.0 direct ([2.10.0, )) declared:app/app.csproj:3 Sha512:fbfa88d6 -> System.Memory@4.5.5, System.Memory@4.5.4
          12 Analyzer@1.0.0 direct development (1.0.0) declared:app/app.csproj:4 -> Roslyn@4.0.0
          13 Roslyn@4.0.0 transitive development
          14 System.Memory@4.5.5 transitive
          15 lib direct path:lib -> Serilog@2.10.0
          19 System.Memory@4.5.4 transitive
          20 Odd unknown
        app/packages.lock.json:20: expected `resolved` in a package
        ",
    );
}

#[test]
fn versions_of_references_come_from_the_files_around_a_project() {
    let project = "\
<Project Sdk='Microsoft.NET.Sdk'>
  <PropertyGroup><SerilogVersion>$(Major).10.0</SerilogVersion><Major>2</Major><Loop>$(Loop)</Loop></PropertyGroup>
  <ItemGroup>
    <PackageReference Include='Serilog' Version='$(SerilogVersion)' />
    <PackageReference Include='Central'><Version></Version></PackageReference>
    <PackageReference Include='Own' VersionOverride='[3.0]' />
    <PackageReference Include='Floating' Version='1.*' />
    <PackageReference Include='Loop' Version='$(Loop)' />
    <PackageReference Include='Nowhere' />
    <PackageReference Version='1' />
    <PackageReference Remove='Gone' />
  </ItemGroup>
</Project>";
    check(
        &[
            ("src/app/app.csproj", project),
            ("src/app/tests.fsproj", "<Project><ItemGroup><PackageReference Include='Microsoft.NET.Test.Sdk' Version='17.0'/></ItemGroup></Project>"),
            ("Directory.Packages.props", "<Project><ItemGroup>\n<PackageVersion Include='Central' Version='1.2.3'/>\n<PackageVersion Include='own' Version='1'/>\n<GlobalPackageReference Include='Git' Version='3'/></ItemGroup></Project>"),
            ("src/Directory.Build.props", "<Project><ItemGroup>\n<PackageReference Include='Everywhere' Version='9'/></ItemGroup></Project>"),
        ],
        "
        src/app/app.csproj msbuild-project unlocked
          1 app root path:. -> Serilog@2.10.0, Central@1.2.3, Own@3.0, Floating, Loop, Nowhere, Everywhere@9, Git@3
          4 Serilog@2.10.0 direct (2.10.0)
          5 Central@1.2.3 direct (1.2.3) declared:Directory.Packages.props:2
          6 Own@3.0 direct ([3.0])
          7 Floating direct (1.*)
          8 Loop direct ($(Loop))
          9 Nowhere direct
          1 Everywhere@9 direct (9) declared:src/Directory.Build.props:2
          1 Git@3 direct development (3) declared:Directory.Packages.props:4
        src/app/tests.fsproj msbuild-project unlocked
          1 tests root path:. -> Microsoft.NET.Test.Sdk@17.0, Everywhere@9, Git@3
          1 Microsoft.NET.Test.Sdk@17.0 direct development (17.0)
          1 Everywhere@9 direct development (9) declared:src/Directory.Build.props:2
          1 Git@3 direct development (3) declared:Directory.Packages.props:4
        src/app/app.csproj:9: the version of `Nowhere` stands in no file at hand
        src/app/app.csproj:10: expected `Include` in a PackageReference; it is left out
        ",
    );
    check(
        &[(
            "Directory.Packages.props",
            "<Project><ItemGroup><PackageVersion Include='A' Version='1'/></ItemGroup></Project>",
        )],
        "Directory.Packages.props nuget-central-packages unlocked\n  1 A@1 direct (1)",
    );
}

#[test]
fn assets_and_deps_files_have_graphs() {
    let assets = r#"{
  "targets": {
    "net8.0": {
      "A/1.0": { "type": "package", "dependencies": { "b": "[1.0, )" } },
      "B/1.1": { "type": "package" }
    },
    "net8.0/linux-x64": { "A/1.0": { "type": "package", "dependencies": { "B": "1.0" } }, "B/1.2": {} }
  },
  "libraries": {
    "A/1.0": { "sha512": "+/qI1j2oU1S4/nvxb2k/wDsol00iGf1AyJX5g3epV7eOpQEP/2xcgh/cxgKMeFgn3U2fmgSiBnQZdkV+l5y0Uw==", "type": "package" },
    "B/1.1": { "type": "package" },
    "B/1.2": { "type": "package" },
    "Lib/1.0.0": { "type": "project", "path": "../lib/lib.csproj" },
    "odd": {}
  },
  "project": { "frameworks": { "net8.0": { "dependencies": { "a": { "suppressParent": "All" } } } } }
}"#;
    check(
        &[("app/obj/project.assets.json", assets)],
        "
        app/obj/project.assets.json nuget-project-assets graph
          10 A@1.0 direct development Sha512:fbfa88d6 -> B@1.1, B@1.2
          11 B@1.1 transitive development
          12 B@1.2 transitive development
          13 Lib@1.0.0 direct path:../lib/lib.csproj
        app/obj/project.assets.json:14: expected `<name>/<version>`; it is left out
        ",
    );
    let deps = r#"{"targets": {"net8.0": {
      "App/1.0.0": { "dependencies": { "A": "1.0", "runtimepack.Net": "8" } },
      "A/1.0": {}, "runtimepack.Net/8": {} }},
  "libraries": {
    "App/1.0.0": { "type": "project", "sha512": "" },
    "A/1.0": { "type": "package", "sha512": "sha512-+/qI1j2oU1S4/nvxb2k/wDsol00iGf1AyJX5g3epV7eOpQEP/2xcgh/cxgKMeFgn3U2fmgSiBnQZdkV+l5y0Uw==" },
    "runtimepack.Net/8": { "type": "runtimepack" } } }"#;
    check(
        &[("bin/App.deps.json", deps)],
        "
        bin/App.deps.json dotnet-deps-json graph
          5 App@1.0.0 root path:App -> A@1.0, Net@8
          6 A@1.0 direct Sha512:fbfa88d6
          7 Net@8 direct
        ",
    );
}

#[test]
fn packages_config_is_flat() {
    check(
        &[(
            "packages.config",
            "<?xml version='1.0'?>\n<packages>\n<package id='A' version='1.0' targetFramework='net46'/>\n<package ID='B' version='2' developmentDependency='true' allowedVersions='[2,3)'/>\n<package version='1'/>\n<package id='C'/>\n</packages>",
        )],
        "
        packages.config nuget-packages-config
          3 A@1.0 unknown
          4 B@2 unknown development ([2,3))
          6 C unknown
        packages.config:5: expected `id` in a package; it is left out
        packages.config:6: package `C` has no version
        ",
    );
}

#[test]
fn paket_resolves_within_groups() {
    let lock = "\
RESTRICTION: == net8.0
NUGET
  remote: https://api.nuget.org/v3/index.json
    A (1.0)
      B (>= 1.0) - restriction: >= net45
    B (1.1) - restriction: >= net45
GITHUB
  remote: owner/repo
    src/File.fs (a25c2f256a99242c1106b5a3478aae6bb68c7a93)
GROUP Test
NUGET
  remote: https://example.com/nuget
    B (2.0)
nonsense
";
    check(
        &[
            ("paket.lock", lock),
            (
                "paket.dependencies",
                "source https://api.nuget.org/v3/index.json\nnuget A ~> 1 // c\ngroup Test\n  nuget B >= 2 # c\n",
            ),
        ],
        "
        paket.lock paket-lock graph
          4 A@1.0 direct (~> 1) declared:paket.dependencies:2 -> B@1.1
          6 B@1.1 transitive
          9 owner/repo unknown git:https://github.com/owner/repo#a25c2f256a99242c1106b5a3478aae6bb68c7a93
          13 B@2.0 direct development registry:https://example.com/nuget (>= 2) declared:paket.dependencies:4
        paket.lock:14: unknown section `nonsense`
        ",
    );
    check(
        &[(
            "paket.dependencies",
            "nuget A == 1.0 lowest_matching: true\ngithub o/r:1.2 File.fs\nwhat is this\n",
        )],
        "
        paket.dependencies paket-dependencies unlocked
          1 A@1.0 direct (== 1.0)
          2 o/r@1.2 direct git:https://github.com/o/r#?
        paket.dependencies:3: unknown statement `what`
        ",
    );
}
