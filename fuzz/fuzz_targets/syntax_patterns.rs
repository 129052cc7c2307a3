//! A pattern and a file, parted by a zero byte: matching ends within its budget, and matches lie in the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_syntax::{Language, Limits, MatchOptions, Pattern, Steps, Tree, find};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let languages: Vec<Language> = Language::all().collect();
    let language = languages[usize::from(*first) % languages.len()];
    let mut parts = rest.splitn(2, |byte| *byte == 0);
    let (Some(pattern), Some(code)) = (parts.next(), parts.next()) else { return };
    let Ok(pattern) = std::str::from_utf8(pattern) else { return };
    let options = MatchOptions { symbolic_propagation: true, ..MatchOptions::default() };
    let Ok(pattern) = Pattern::parse(language, pattern, &options) else { return };
    let Ok(tree) = Tree::parse(language, code, &Limits::default()) else { return };
    let mut steps = Steps::new(50_000);
    for found in find(&pattern, &tree, None, &mut steps) {
        assert!(found.start <= found.end && found.end as usize <= code.len());
        for (_, value) in found.bindings.iter() {
            let _ = value.text(&tree);
        }
    }
});
