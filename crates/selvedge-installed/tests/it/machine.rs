//! The machine that runs the tests, where it is one that dpkg manages: a smoke test on a real database.

use std::path::Path;

use selvedge_installed::{Folder, inventory};

#[test]
fn a_real_database_is_read_without_a_problem() {
    let database = Path::new("/var/lib/dpkg");
    let Ok(status) = std::fs::read_to_string(database.join("status")) else {
        println!("no dpkg database on this machine: smoke test passed over");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("var/lib/dpkg")).unwrap();
    std::fs::write(folder.path().join("var/lib/dpkg/status"), &status).unwrap();
    let out = inventory(&Folder::open(folder.path()).unwrap());
    let installed = status.lines().filter(|line| *line == "Status: install ok installed").count();
    assert_eq!(out.manifests[0].components.len(), installed);
    assert!(out.diagnostics.is_empty(), "{:?}", out.diagnostics);
}
