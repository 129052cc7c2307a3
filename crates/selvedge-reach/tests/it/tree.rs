//! Every file of a real tree, named by `SELVEDGE_TREE`, or of this repository where none is.

use std::path::{Path, PathBuf};

use selvedge_reach::{Language, Uses, extract, wants};

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && entry.file_name() != "target" => walk(&entry.path(), files),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
}

#[test]
fn every_import_of_a_real_tree_stands_in_its_line() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../selvedge-model");
    let root = std::env::var_os("SELVEDGE_TREE").map_or(own, PathBuf::from);
    let mut files = Vec::new();
    walk(&root, &mut files);
    let mut all = Vec::new();
    let mut imports = 0;
    for file in &files {
        let path = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let Some(bytes) = wants(&path).then(|| std::fs::read(file).ok()).flatten() else { continue };
        let uses = extract(&path, &bytes);
        assert!(!uses.is_cut, "{path} fits the bounds");
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        for import in uses.imports.iter().filter(|_| uses.language.is_some_and(|it| it != Language::Java)) {
            let last = import.name.rsplit(['.', '/']).next().unwrap_or_default();
            let line = lines[import.line as usize - 1];
            let is_there = memchr::memmem::find(line, last.as_bytes()).is_some();
            assert!(is_there || path.ends_with("go.mod"), "{path}:{} {}", import.line, import.name);
        }
        imports += uses.imports.len();
        all.push((path, uses));
    }
    assert!(imports > 0, "a tree of source files imports something");
    let count = all.len();
    Uses::collect(all);
    println!("{}: {imports} imports in {count} files", root.display());
}
