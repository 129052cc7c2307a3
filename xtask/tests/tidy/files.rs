//! Rules about single files.

use super::{files_below, none, read, root, rust_files};

/// No Rust file may be longer than this; most are far shorter.
const LINES_MAX: usize = 900;

#[test]
fn every_rust_file_says_what_it_is_for() {
    let offenders: Vec<_> = rust_files()
        .iter()
        .filter(|path| !read(path).trim_start().starts_with("//!"))
        .map(|path| path.display().to_string())
        .collect();
    none("a file starts with `//!` and its purpose", &offenders);
}

#[test]
fn no_file_outgrows_its_idea() {
    let offenders: Vec<_> = rust_files()
        .iter()
        .map(|path| (read(path).lines().count(), path))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, path)| format!("{} has {lines} lines", path.display()))
        .collect();
    none("a Rust file has a bounded length", &offenders);
}

#[test]
fn nothing_is_left_for_later() {
    // Spelled in two halves so that this file passes its own test.
    let markers = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("HA", "CK:")];
    let mut offenders = Vec::new();
    for path in rust_files() {
        for (index, line) in read(&path).lines().enumerate() {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            if markers.iter().any(|marker| comment.contains(marker)) {
                offenders.push(format!("{}:{}", path.display(), index + 1));
            }
        }
    }
    none("comments describe the present", &offenders);
}

#[test]
fn every_snapshot_belongs_to_a_test() {
    let mut offenders = Vec::new();
    for path in files_below(&root().join("crates"), ".snap") {
        let text = read(&path);
        let source = text.lines().find_map(|line| line.strip_prefix("source: ")).unwrap_or_default();
        let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
        let name = name.rsplit("__").next().expect("rsplit yields at least once").to_owned();
        let source = root().join(source);
        let alive = source.is_file() && names_snapshot(&read(&source), &name);
        if !alive {
            offenders.push(path.display().to_string());
        }
    }
    none("a snapshot is used by the test file that it names", &offenders);
    let pending = files_below(&root().join("crates"), ".snap.new");
    none(
        "no snapshot waits for review",
        &pending.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
    );
}

/// Whether the code names the snapshot, whole (`"rich_csv"`) or by its beginning (`"rich_{format}"`).
fn names_snapshot(code: &str, name: &str) -> bool {
    let beginnings = name.match_indices('_').map(|(at, _)| format!("\"{}{{", &name[..=at]));
    code.contains(&format!("\"{name}\"")) || beginnings.into_iter().any(|beginning| code.contains(&beginning))
}

#[test]
fn integration_tests_are_one_binary_per_crate() {
    let mut offenders = Vec::new();
    for path in files_below(&root().join("crates"), ".rs") {
        let parent = path.parent().expect("a file has a folder");
        if parent.file_name().is_some_and(|name| name == "tests") && parent.join("../Cargo.toml").exists() {
            offenders.push(path.display().to_string());
        }
    }
    none("integration tests live in tests/it/", &offenders);
}

#[test]
fn every_integration_test_module_is_compiled() {
    let mut offenders = Vec::new();
    for main in files_below(&root().join("crates"), "tests/it/main.rs".rsplit('/').next().expect("a name")) {
        let folder = main.parent().expect("a file has a folder");
        if !folder.ends_with("tests/it") {
            continue;
        }
        let declared = read(&main);
        for path in files_below(folder, ".rs") {
            let module = path.file_stem().expect("a file name").to_string_lossy().into_owned();
            if path.parent() == Some(folder)
                && module != "main"
                && !declared.contains(&format!("mod {module};"))
            {
                offenders.push(path.display().to_string());
            }
        }
    }
    none("a test file is declared in tests/it/main.rs", &offenders);
}
