//! The number of threads changes nothing that a run says.

use std::fmt::Write as _;

use selvedge_scan::Target;
use selvedge_source::SourceOptions;

use crate::support::{Project, everything, token};

/// Files of all sorts in many folders: with and without findings, with ignores, archives, binaries, broken.
fn fill(project: &Project) {
    for number in 0..120_u64 {
        let mut text = String::new();
        for line in 0..(number % 17) {
            writeln!(text, "line {line} of {number}").unwrap();
            if (number + line) % 7 == 0 {
                writeln!(text, "key = {} # selvedge:ignore acme-token rotated", token(number % 5)).unwrap();
            }
            if (number + line) % 5 == 0 {
                writeln!(text, "key = {}\nBEGIN ACME\n{line}\nEND ACME", token(number)).unwrap();
            }
        }
        project.write(&format!("d{}/e{}/f{number}.txt", number % 7, number % 3), text);
    }
    project.write("image.bin", b"\0\x01\x02".repeat(50));
    project.write("broken.gz", b"\x1f\x8b\x08\0not really gzip");
    project.write("wide.txt", [b"\xff\xfe".as_slice(), &utf16(&format!("key = {}\n", token(900)))].concat());
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_tree_gives_the_same_on_one_thread_and_on_four() {
    let project = Project::repository();
    fill(&project);
    project.commit("everything");
    for target in [Target::Paths(vec![project.root().to_owned()]), Target::History] {
        let run = |threads| {
            let mut run = project.run();
            run.source = SourceOptions { threads, ..SourceOptions::default() };
            run.look(&target).unwrap()
        };
        let serial = run(1);
        assert!(serial.findings.len() > 100, "{}", serial.findings.len());
        assert!(!serial.ignores.is_empty() && !serial.diagnostics.is_empty() && serial.partial);
        for threads in [2, 4, 4] {
            assert_eq!(everything(&serial), everything(&run(threads)), "{target:?}, {threads} threads");
        }
    }
}
