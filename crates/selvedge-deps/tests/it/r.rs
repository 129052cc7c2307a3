//! The packages of R projects.

use crate::listing::check;

#[test]
fn packages_have_repositories_and_requirements() {
    let lock = r#"{
  "R": {"Version": "4.3.1", "Repositories": [{"Name": "CRAN", "URL": "https://cloud.r-project.org"}, {"Name": "acme", "URL": "https://r.acme.example"}]},
  "Packages": {
    "markdown": {"Package": "markdown", "Version": "1.0", "Source": "Repository", "Repository": "CRAN", "Requirements": ["mime", "R"]},
    "mime": {"Package": "mime", "Version": "0.12.1", "Source": "GitHub", "RemoteHost": "api.github.com", "RemoteUsername": "yihui", "RemoteRepo": "mime", "RemoteSha": "0123abc"},
    "BSgenome": {"Package": "BSgenome", "Version": "1.60.0", "Source": "Bioconductor"},
    "own": {"Package": "own", "Version": "2.0", "Source": "Repository", "Repository": "acme", "Imports": ["mime (>= 0.3)"]},
    "odd": {"Package": "odd"}
  }
}"#;
    check(
        &[("renv.lock", lock)],
        "
        renv.lock renv-lock graph
          4 markdown@1.0 unknown -> mime@0.12.1
          5 mime@0.12.1 unknown git:https://github.com/yihui/mime#0123abc
          6 BSgenome@1.60.0 unknown
          7 own@2.0 unknown registry:https://r.acme.example -> mime@0.12.1
          8 odd unknown
        renv.lock:8: package `odd` has no version
        ",
    );
    check(
        &[("renv.lock", "")],
        "renv.lock:1: the end of the file; expected a JSON value\nrenv.lock:1: nothing; expected an object with `Packages`",
    );
}
