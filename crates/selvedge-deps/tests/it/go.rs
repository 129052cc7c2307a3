//! `go.mod` and the files around it.

use crate::listing::check;

#[test]
fn a_module_with_direct_and_indirect_requirements() {
    check(
        &[(
            "go.mod",
            "module example.com/app // the app\n\ngo 1.22.1\n\nrequire example.com/a v1.2.3\n\nrequire (\n\t\"example.com/b\" v0.1.0 // indirect; kept\n\texample.com/c v2.0.0+incompatible\n)\nretract v0.0.1\nexclude example.com/b v0.0.9\n",
        )],
        "
        go.mod go-mod
          1 example.com/app root path:. -> example.com/a@v1.2.3, example.com/c@v2.0.0+incompatible, stdlib@1.22.1
          5 example.com/a@v1.2.3 direct
          8 example.com/b@v0.1.0 transitive
          9 example.com/c@v2.0.0+incompatible direct
          3 stdlib@1.22.1 direct (>=1.22.1)
        ",
    );
}

#[test]
fn the_toolchain_goes_before_the_go_directive_and_tools_are_direct() {
    check(
        &[(
            "go.mod",
            "go 1.24\ntoolchain go1.24.2-custom\ntool example.com/lint/cmd/lint\nrequire example.com/lint v1.0.0 // indirect\nrequire example.com/linter v1.0.0 // indirect\n",
        )],
        "
        go.mod go-mod
          4 example.com/lint@v1.0.0 direct
          5 example.com/linter@v1.0.0 transitive
          2 stdlib@1.24.2 direct
        ",
    );
}

#[test]
fn replacements_are_what_is_used() {
    check(
        &[(
            "a/go.mod",
            "require (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n\texample.com/c v1.0.0\n\texample.com/d v1.0.0\n)\nreplace (\n\texample.com/a => example.com/fork v1.1.0\n\texample.com/a v1.0.0 => example.com/exact v1.2.0\n\texample.com/b => ../b\n\texample.com/c v1.9.0 => example.com/other v1.0.0\n\texample.com/d => C:\\d\n\tbroken\n)\n",
        )],
        "
        a/go.mod go-mod
          2 example.com/exact@v1.2.0 direct (v1.0.0)
          3 example.com/b direct path:../b (v1.0.0)
          4 example.com/c@v1.0.0 direct
          5 example.com/d direct path:C:\\d (v1.0.0)
        a/go.mod:13: expected `replace <module> [version] => <module> <version>` or `=> ./folder`
        ",
    );
}

#[test]
fn digests_come_from_the_sum_file_which_needs_no_inventory_of_its_own() {
    check(
        &[
            ("go.mod", "go 1.21\nrequire example.com/a v1.0.0\n"),
            (
                "go.sum",
                "example.com/a v1.0.0 h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/old v1.0.0 h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
            ),
        ],
        "
        go.mod go-mod
          2 example.com/a@v1.0.0 direct GoH1:abcdef00
          1 stdlib@1.21 direct (>=1.21)
        ",
    );
}

#[test]
fn before_graph_pruning_the_sum_file_names_the_transitive_modules() {
    check(
        &[
            ("go.mod", "go 1.16\nrequire example.com/a v1.0.0\n"),
            (
                "go.sum",
                "example.com/a v1.0.0 h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/b v1.9.0 h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/b v1.10.0 h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/c v1.0.0 h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/c v1.1.0/go.mod h1:q83vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nnonsense\n",
            ),
        ],
        "
        go.mod go-mod
          2 example.com/a@v1.0.0 direct GoH1:abcdef00
          1 stdlib@1.16 direct (>=1.16)
        go.sum go-sum
          3 example.com/b@v1.10.0 transitive GoH1:abcdef00
        go.sum:6: expected `<module> <version> h1:<digest>`
        ",
    );
}

#[test]
fn a_workspace_replaces_in_the_modules_that_it_uses() {
    check(
        &[
            (
                "go.work",
                "go 1.22\nuse ./a\nuse (\n./b // c\n)\nreplace example.com/x => example.com/y v1.5.0\n",
            ),
            ("a/go.mod", "require example.com/x v1.0.0\n"),
            ("c/go.mod", "require example.com/x v1.0.0\n"),
        ],
        "
        a/go.mod go-mod
          1 example.com/y@v1.5.0 direct (v1.0.0)
        c/go.mod go-mod
          1 example.com/x@v1.0.0 direct
        go.work go-work
          1 stdlib@1.22 direct (>=1.22)
        ",
    );
}

#[test]
fn vendored_modules_are_those_with_packages() {
    check(
        &[(
            "vendor/modules.txt",
            "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a/x\nexample.com/a/y\n# example.com/empty v1.0.0\n## explicit\n# example.com/b v1.0.0 => ./b\nexample.com/b\n# what is this\n# example.com/a => example.com/z v1.0.0\n",
        )],
        "
        vendor/modules.txt go-vendor-modules
          1 example.com/a@v1.0.0 direct
          7 example.com/b transitive path:./b (v1.0.0)
        vendor/modules.txt:9: expected `# <module> <version> [=> <module> <version>]`
        ",
    );
}

#[test]
fn what_is_no_module_file_is_said() {
    check(
        &[("go.mod", "this is text\nrequire (\n")],
        "
        go.mod: no directive of a go.mod file found
        go.mod:1: unknown directive `this`
        go.mod:2: the block of `require` is not closed
        ",
    );
    check(&[("go.mod", "require a\n")], "go.mod go-mod\ngo.mod:1: expected `require <module> <version>`");
}
