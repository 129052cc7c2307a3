//! Any bytes as a file of each language: a tree whose nodes lie within the file. The first byte chooses.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_syntax::{Language, Limits, Tree};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let languages: Vec<Language> = Language::all().collect();
    let language = languages[usize::from(*first) % languages.len()];
    let Ok(tree) = Tree::parse(language, rest, &Limits::default()) else { return };
    for id in tree.subtree(tree.root()) {
        assert!(tree.range(id).end as usize <= rest.len());
        let _ = (tree.text(id), tree.constant(id), tree.qualified(id));
    }
});
