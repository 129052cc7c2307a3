//! A damaged repository is read without panic: the input is its index and one loose object.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_model::Diagnostic;
use selvedge_source::{File, SourceOptions, Visitor, visit_staged};

struct Nobody;

impl Visitor for Nobody {
    fn visit(&self, _: &File<'_>) {}

    fn diagnose(&self, _: Diagnostic) {}
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    let git = folder.path().join(".git");
    let write = |name: &str, content: &[u8]| {
        let path = git.join(name);
        let _ = std::fs::create_dir_all(path.parent().unwrap_or(&git));
        let _ = std::fs::write(path, content);
    };
    write("HEAD", b"ref: refs/heads/main\n");
    write("config", b"[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    write("refs/heads/main", b"4b825dc642cb6eb9a060e54bf8d69288fbee4904\n");
    write("objects/4b/825dc642cb6eb9a060e54bf8d69288fbee4904", bytes);
    write("index", bytes);
    let options = SourceOptions { threads: 1, ..SourceOptions::default() };
    let _ = visit_staged(folder.path(), &options, &Nobody);
});
