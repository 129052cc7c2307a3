//! What Cabal freezes and Stack locks.

use crate::listing::check;

#[test]
fn constraints_of_cabal() {
    check(
        &[(
            "cabal.project.freeze",
            "active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.1.0.0,\n             aeson -cffi +ordered-keymap,\n             -- comment\n             text ==2.0.1, any.base installed,\n             odd\nindex-state: x\nnonsense\n",
        )],
        "
        cabal.project.freeze cabal-freeze
          2 aeson@2.1.0.0 unknown
          5 text@2.0.1 unknown
        cabal.project.freeze:6: expected `<name> ==<version>`
        cabal.project.freeze:8: expected `<field>:` or an indented constraint
        ",
    );
}

#[test]
fn packages_of_stack() {
    check(
        &[(
            "stack.yaml.lock",
            "packages:\n- completed:\n    hackage: jose-jwt-0.10.0@sha256:6ed1,3546\n  original:\n    hackage: jose-jwt-0.10.0\n- completed:\n    git: https://example.com/x.git\n    commit: 0123abc\n    name: x\n    version: 0.1\n- original: {}\nsnapshots:\n- original: lts-22.41\n",
        )],
        "
        stack.yaml.lock stack-lock
          3 jose-jwt@0.10.0 unknown
          9 x@0.1 unknown git:https://example.com/x.git#0123abc
        stack.yaml.lock:11: expected `hackage`, `git` or `url` in a package; it is left out
        ",
    );
    check(&[("stack.yaml.lock", "text")], "stack.yaml.lock:1: text; expected a map with `packages`");
}
