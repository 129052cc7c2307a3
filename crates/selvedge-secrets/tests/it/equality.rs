//! Looking around literals finds exactly what searching the whole text finds.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use selvedge_secrets::{RuleSet, ScanOptions, Scanner, load_toml};

use crate::support::{corpus, no_files};

/// Rules of every shape: lazy run before the keyword, fixed and variable places, unbounded tails, keyword
/// apart from the pattern, look-around, no literal at all.
const SHAPES: &str = r#"
[[rules]]
id = "run"
regex = '''(?i)[\w.-]{0,10}?(?:acme|ac)(?:[ \t\w.-]{0,5})[\s'"]{0,3}(?:=|:)["\s=]{0,5}([a-z0-9]{4})(?:["\s;]|$)'''
keywords = ["acme", "ac"]
[[rules]]
id = "fixed"
regex = '''\b(tok_[0-9a-z]{4})\b'''
keywords = ["tok_"]
[[rules]]
id = "place"
regex = '''(?:^|[=\s])([a-z]{1,9}tok_[0-9a-z]{2,4})'''
keywords = ["tok_"]
[[rules]]
id = "tail"
regex = '''BEGIN[\s\S]{4,}?END'''
keywords = ["begin"]
[[rules]]
id = "greedy"
regex = '''BEGIN[^=]*='''
keywords = ["begin"]
[[rules]]
id = "apart"
regex = '''\b[0-9a-f]{6}\b'''
keywords = ["acme"]
[[rules]]
id = "none"
regex = '''[a-z]{3}=[0-9]+'''
[[rules]]
id = "open"
regex = '''(?i)[\w.-]{0,5}?(?:acme|tok)[ _]{0,2}=((?:[a-z]{4,9}|[0-9]{2,}[a-f]?|(?:ab){17,}c))(?:;|\s|$)'''
keywords = ["acme", "tok"]
[[rules]]
id = "long"
regex = '''\bAB((?:[0-9a-f]{2}-?){16,20})\b'''
keywords = ["ab"]
[[rules]]
id = "choice"
regex = '''(?:ab?c|xy{1,2}z|q~)[0-9]'''
keywords = ["q~", "ab", "xy", "ac"]
"#;

const PIECES: &[&str] = &[
    "acme",
    "ACME",
    "ac",
    "tok_",
    "BEGIN",
    "END",
    "=",
    ":",
    " ",
    "\n",
    "\"",
    "abcd",
    "12ab",
    "0f0f0f",
    "AB",
    "0f-",
    "12345678901234567890",
    "abababababababababababababababababab",
    "zz",
    "abc1",
    "xyyz2",
    "q~3",
    "-",
    ".",
    "_",
    "é",
    "\r\n",
    ";",
    "ab",
    "9",
];

fn shown(scanner: &Scanner, plain: bool, text: &[u8]) -> Vec<(usize, std::ops::Range<usize>, Vec<u8>)> {
    let mut diagnostics = Vec::new();
    let hits = if plain {
        scanner.scan_plain(Some("f"), text, &mut diagnostics)
    } else {
        scanner.scan(Some("f"), text, &mut diagnostics)
    };
    hits.into_iter().map(|hit| (hit.rule, hit.span, hit.secret.expose().to_vec())).collect()
}

fn load(text: &str, name: &str) -> Scanner {
    let (set, _): (RuleSet, _) = load_toml(text, name, &no_files);
    Scanner::new(Arc::new(set), ScanOptions::gitleaks())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]
    #[test]
    fn on_random_texts(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        thread_local!(static SCANNER: Scanner = load(SHAPES, "shapes.toml"));
        let text = pieces.concat();
        SCANNER.with(|scanner| {
            prop_assert_eq!(shown(scanner, false, text.as_bytes()), shown(scanner, true, text.as_bytes()));
            Ok(())
        })?;
    }
}

/// Many literals of a rule with unbounded matches make it fall back to one search of the rest.
#[test]
fn on_many_open_ends() {
    let scanner = load(SHAPES, "shapes.toml");
    let text = format!("{}END acme 0f0f0f {}", "BEGIN ".repeat(200), "BEGIN x END ".repeat(300));
    assert_eq!(shown(&scanner, false, text.as_bytes()), shown(&scanner, true, text.as_bytes()));
}

/// Every file under the directory `SELVEDGE_EQUALITY_TREE`, with the public packs and the built-in one.
#[test]
fn on_a_real_tree() {
    let Some(root) = std::env::var_os("SELVEDGE_EQUALITY_TREE") else {
        println!("skipped: SELVEDGE_EQUALITY_TREE names no directory");
        return;
    };
    let mut scanners = vec![Scanner::new(Arc::new(RuleSet::builtin()), ScanOptions::default())];
    for name in ["secrets/gitleaks.toml", "secrets/betterleaks.toml"] {
        scanners.extend(corpus(name).map(|pack| load(&pack, name)));
    }
    let files = files_under(root.into());
    assert!(!files.is_empty());
    for scanner in &scanners {
        let mut hits = 0;
        for path in &files {
            let bytes = std::fs::read(path).expect("a file");
            let fast = shown(scanner, false, &bytes);
            assert_eq!(fast, shown(scanner, true, &bytes), "{}", path.display());
            hits += fast.len();
        }
        println!("{} rules, {} files, {hits} hits, no difference", scanner.rules().len(), files.len());
    }
}

fn files_under(root: std::path::PathBuf) -> Vec<std::path::PathBuf> {
    let (mut files, mut pending) = (Vec::new(), vec![root]);
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
            let kind = entry.file_type().expect("a file type");
            if kind.is_dir() {
                pending.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files
}
