//! Dockerfiles, Compose files and GitHub workflows.

use crate::support::{lines, named, one, read};

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

#[test]
fn stages_arguments_and_digests() {
    let text = format!(
        "# syntax=docker/dockerfile:1\nARG BASE=python\nARG TAG=\"3.12\"\nFROM --platform=linux/amd64 ${{BASE}}:$TAG-slim AS build\n\
         RUN <<EOF\nFROM not-this\nEOF\nFROM \\\n  ghcr.io/o/n@{DIGEST}\nCOPY --from=build /a /a\nCOPY --from=nginx:1.25 /b /b\nCOPY --from=0 /c /c\n\
         FROM scratch\nFROM build\nFROM alpine:${{UNKNOWN}}\n"
    );
    let manifest = one(&[("svc/Dockerfile.prod", &text)]);
    assert_eq!(
        lines(&manifest),
        [
            "4 python 3.12-slim direct runtime".to_owned(),
            format!("8 o/n {DIGEST} direct runtime registry ghcr.io"),
            "11 nginx 1.25 direct runtime".to_owned(),
            "15 alpine - direct runtime".to_owned(),
        ]
    );
    assert_eq!(named(&manifest, "alpine").requirement.as_deref(), Some("${UNKNOWN}"));
    assert!(!manifest.is_locked);
}

#[test]
fn an_image_that_is_only_known_when_built_is_said() {
    let (manifests, diagnostics) = read(&[("Containerfile", "ARG BASE\nFROM ${BASE}\nFROM\n")]);
    assert!(manifests[0].components.is_empty());
    assert_eq!(diagnostics.iter().map(|it| it.line).collect::<Vec<_>>(), [Some(2), Some(3)]);
    assert!(!selvedge_deps::wants("Dockerfile.dockerignore") && selvedge_deps::wants("a/app.Dockerfile"));
}

#[test]
fn compose_services() {
    let text = "services:\n  db:\n    image: postgres:${PG:-16}\n  web:\n    build: .\n    image: own\n  cache: &c\n    image: redis\n  other:\n    <<: *c\n";
    let manifest = one(&[("docker-compose.dev.yml", text)]);
    assert_eq!(lines(&manifest)[..2], ["3 postgres 16 direct runtime", "8 redis - direct runtime"]);
}

#[test]
fn actions_and_their_pins() {
    let text = format!(
        "on: push\njobs:\n  a:\n    container: node:20\n    services:\n      db:\n        image: postgres@{DIGEST}\n    steps:\n\
         \x20     - uses: actions/checkout@v4\n\
         \x20     - uses: o/n/sub@{COMMIT} # v1.2.3\n\
         \x20     - uses: \"o/branch@main\"\n\
         \x20     - uses: ./local\n\
         \x20     - uses: docker://alpine:3.20\n\
         \x20     - uses: actions/checkout@v4\n\
         \x20     - uses: broken\n\
         \x20 b:\n    uses: o/flows/.github/workflows/x.yml@v2\n"
    );
    let (manifests, diagnostics) = read(&[(".github/workflows/ci.yml", &text)]);
    assert_eq!(
        lines(&manifests[0]),
        [
            "9 actions/checkout v4 direct build git https://github.com/actions/checkout#-".to_owned(),
            format!("10 o/n v1.2.3 direct build git https://github.com/o/n#{COMMIT}"),
            "11 o/branch - direct build git https://github.com/o/branch#-".to_owned(),
            "13 alpine 3.20 direct build".to_owned(),
            "4 node 20 direct build".to_owned(),
            format!("7 postgres {DIGEST} direct build"),
            "17 o/flows v2 direct build git https://github.com/o/flows#-".to_owned(),
        ]
    );
    assert_eq!(diagnostics.iter().map(|it| it.line).collect::<Vec<_>>(), [Some(15)]);
    assert_eq!(named(&manifests[0], "o/branch").requirement.as_deref(), Some("main"));
    let action =
        "name: x\nruns:\n  using: composite\n  steps:\n    - uses: actions/cache@v3\n    - run: echo\n";
    let manifest = one(&[("tools/action.yml", action)]);
    assert_eq!(lines(&manifest), ["5 actions/cache v3 direct build git https://github.com/actions/cache#-"]);
}
