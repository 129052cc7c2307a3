//! Lockfiles of Mix, rebar3 and Gleam.

use crate::listing::check;

const MIX: &str = r#"%{
  "cowboy": {:hex, :cowboy, "2.10.0", "inner", [:make, :rebar3], [{:cowlib, "2.12.1", [hex: :cowlib, repo: "hexpm", optional: false]}, {:ranch, "1.8.0", [hex: :ranch]}], "hexpm", "1111111111111111111111111111111111111111111111111111111111111111"},
  "cowlib": {:hex, :cowlib, "2.12.1", "inner", [:make], [], "hexpm", "outer"},
  "broken": {:hex, },
  "ranch": {:hex, :ranch_fork, "1.8.0", "inner", [:make], [], "hexpm:acme", ""},
  "credo": {:hex, :credo, "1.7.0", "inner", [:mix], [], "hexpm", ""},
  "foe": {:git, "https://example.com/foe.git", "0123abc", [branch: "feat/x"]},
}
"#;

#[test]
fn entries_of_mix_have_edges_and_environments() {
    let project = "defmodule App.MixProject do\n  defp deps do\n    [\n      {:cowboy, \"~> 2.9\"},\n      {:credo, \"~> 1.7\", only: [:dev, :test], runtime: false},\n      {:ok, value}\n    ]\n  end\nend\n";
    check(
        &[("mix.lock", MIX), ("mix.exs", project)],
        "
        mix.lock mix-lock graph
          2 cowboy@2.10.0 direct (~> 2.9) declared:mix.exs:4 Sha256:11111111 -> cowlib@2.12.1, ranch_fork@1.8.0
          3 cowlib@2.12.1 transitive
          5 ranch_fork@1.8.0 transitive registry:hexpm:acme
          6 credo@1.7.0 direct development (~> 1.7) declared:mix.exs:5
          7 foe unknown git:https://example.com/foe.git#0123abc
        mix.lock:4: expected `\"name\": {:hex, …}` or `{:git, …}`; it is left out
        ",
    );
}

#[test]
fn what_is_no_mix_lockfile_is_said() {
    check(&[("mix.lock", "text")], "mix.lock:1: expected a map, `%{`");
    check(
        &[("mix.lock", "%{\n\"a\": {:hex, :a, \"1\n\"b\": {:hex, :b, \"2\"},\n")],
        "
        mix.lock mix-lock graph
          3 b@2 unknown
        mix.lock:3: expected `,` or the end of the sequence
        mix.lock:4: expected `}` at the end of the map
        ",
    );
}

#[test]
fn a_project_file_alone_has_requirements() {
    let project = "defp deps do\n  [\n    {:a, \"~> 1.0\"},\n    {:b, path: \"../b\", only: :test},\n    {:c, \">= 0.0.0\", github: \"o/c\"},\n    {:error, reason},\n    {:ok, :done}\n  ]\nend\n";
    check(
        &[("mix.exs", project)],
        "
        mix.exs mix-exs unlocked
          3 a direct (~> 1.0)
          4 b direct development path:../b
          5 c direct git:https://github.com/o/c.git#? (>= 0.0.0)
        ",
    );
}

#[test]
fn levels_of_rebar_say_what_is_direct() {
    let lock = r#"{"1.2.0",
[{<<"accept">>,{pkg,<<"accept">>,<<"0.3.5">>},0},
 {<<"foo">>,{git,"https://example.com/foo.git",{ref,"0123abc"}},1},
 {<<"odd">>,{hg,"x"}}]}.
[
{pkg_hash,[
 {<<"accept">>, <<"2222222222222222222222222222222222222222222222222222222222222222">>}]},
{pkg_hash_ext,[
 {<<"accept">>, <<"1111111111111111111111111111111111111111111111111111111111111111">>}]}
].
"#;
    check(
        &[("rebar.lock", lock), ("old/rebar.lock", "[{<<\"a\">>,{pkg,<<\"a\">>,<<\"1\">>},0}].")],
        "
        old/rebar.lock rebar-lock
          1 a@1 direct
        rebar.lock rebar-lock
          2 accept@0.3.5 direct Sha256:11111111
          3 foo transitive git:https://example.com/foo.git#0123abc
          4 odd unknown
        rebar.lock:4: expected `{pkg, …}` or `{git, …}` as source
        ",
    );
}

#[test]
fn gleam_locks_packages_with_their_requirements() {
    let lock = "packages = [\n  { name = \"gleam_stdlib\", version = \"0.40.0\", build_tools = [\"gleam\"], requirements = [], otp_app = \"gleam_stdlib\", source = \"hex\", outer_checksum = \"1111111111111111111111111111111111111111111111111111111111111111\" },\n  { name = \"gleeunit\", version = \"1.2.0\", requirements = [\"gleam_stdlib\"], source = \"hex\" },\n  { name = \"mine\", version = \"1.0.0\", requirements = [], source = \"local\", path = \"../mine\" },\n]\n[requirements]\ngleeunit = { version = \">= 1.0.0\" }\n";
    let manifest = "name = \"app\"\nversion = \"1.0.0\"\n[dependencies]\ngleam_stdlib = \">= 0.34.0\"\nmine = { path = \"../mine\" }\n[dev-dependencies]\ngleeunit = \">= 1.0.0\"\n";
    check(
        &[
            ("a/manifest.toml", lock),
            ("b/manifest.toml", lock),
            ("b/gleam.toml", manifest),
            ("c/gleam.toml", manifest),
            ("d/manifest.toml", "x = 1"),
        ],
        "
        a/manifest.toml gleam-manifest graph
          2 gleam_stdlib@0.40.0 transitive Sha256:11111111
          3 gleeunit@1.2.0 direct -> gleam_stdlib@0.40.0
          4 mine@1.0.0 unknown path:../mine
        b/manifest.toml gleam-manifest graph
          2 gleam_stdlib@0.40.0 direct (>= 0.34.0) declared:b/gleam.toml:4 Sha256:11111111
          3 gleeunit@1.2.0 direct development (>= 1.0.0) declared:b/gleam.toml:7 -> gleam_stdlib@0.40.0
          4 mine@1.0.0 direct path:../mine declared:b/gleam.toml:5
        c/gleam.toml gleam-toml unlocked
          1 app@1.0.0 root path:. -> gleam_stdlib, mine, gleeunit
          4 gleam_stdlib direct (>= 0.34.0)
          5 mine direct path:../mine
          7 gleeunit direct development (>= 1.0.0)
        ",
    );
}
