//! Archives, in a tree and in its history: the same findings under the same paths.

use selvedge_scan::{Looked, Target};

use crate::support::{Project, RULES, engine_with, places, token};

/// The places in a tree, and in the history of one commit of it, which must be the same.
#[track_caller]
fn check(project: &Project, expected: &[&str]) {
    project.commit("c");
    assert_eq!(places(&project.check()), expected, "the tree");
    let history: Looked = project.history();
    let expected: Vec<_> = expected.iter().map(|place| format!("{place} @ c")).collect();
    assert_eq!(places(&history), expected, "the history, {:?}", history.diagnostics);
}

/// Packs files with git, which takes the format from the name.
fn pack(archive: &str, files: &[(&str, String)]) -> Vec<u8> {
    let other = Project::repository();
    for (name, content) in files {
        other.write(name, content);
    }
    other.commit("c");
    other.git(&["archive", "-o", archive, "HEAD"]);
    std::fs::read(other.path(archive)).unwrap()
}

/// `content` as a gzip file with one stored block.
fn gzip(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    let mut crc = u32::MAX;
    for byte in content {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let mut out = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01".to_vec();
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(content);
    out.extend((!crc).to_le_bytes());
    out.extend(u32::from(length).to_le_bytes());
    out
}

#[test]
fn entries_are_found_under_the_path_of_their_archive() {
    let files = [("a/b.txt", format!("x\n{}\n", token(1))), ("c.txt", "nothing\n".to_owned())];
    let project = Project::repository();
    project.write("lib/x.zip", pack("x.zip", &files));
    check(&project, &["lib/x.zip!a/b.txt:2 acme-token"]);
    let project = Project::repository();
    project.write("x.tar", pack("x.tar", &files)).write("y.tar.gz", gzip(&pack("x.tar", &files[..1])));
    // In the history a value is told once, at the least path.
    project.remove("y.tar.gz");
    check(&project, &["x.tar!a/b.txt:2 acme-token"]);
}

#[test]
fn a_compressed_file_holds_one_under_its_own_name() {
    let project = Project::repository();
    project.write("logs/app.log.gz", gzip(format!("x\nx\n{}\n", token(1)).as_bytes()));
    check(&project, &["logs/app.log.gz!app.log:3 acme-token"]);
}

#[test]
fn a_compressed_archive_is_opened_in_one_step() {
    let project = Project::repository();
    let tar = pack("x.tar", &[("in/a.txt", format!("{}\n", token(1)))]);
    project.write("x.tar.gz", gzip(&tar));
    check(&project, &["x.tar.gz!in/a.txt:1 acme-token"]);
}

#[test]
fn archives_in_archives_are_opened() {
    let inner = gzip(format!("{}\n", token(1)).as_bytes());
    let other = Project::repository();
    other.write("deep/app.log.gz", inner).write("b.txt", format!("{}\n", token(2)));
    other.commit("c");
    other.git(&["archive", "-o", "x.zip", "HEAD"]);
    let project = Project::repository();
    project.write("x.zip", std::fs::read(other.path("x.zip")).unwrap());
    check(&project, &["x.zip!b.txt:1 acme-token", "x.zip!deep/app.log.gz!app.log:1 acme-token"]);
}

#[test]
fn an_archive_that_the_rules_leave_out_stays_closed() {
    let rules = format!("{RULES}\n[allowlist]\npaths = ['''\\.zip$''']\n");
    let project = Project::repository();
    project.write("x.zip", pack("x.zip", &[("a.txt", format!("{}\n", token(1)))]));
    project.commit("c");
    for target in [Target::Paths(vec![project.root().to_owned()]), Target::History] {
        let mut run = project.run();
        assert_eq!(run.look(&target).unwrap().findings.len(), 1, "{target:?}");
        run.engine = engine_with(&rules, b"key");
        assert_eq!(places(&run.look(&target).unwrap()), [""; 0], "{target:?}");
    }
}

#[test]
fn a_value_in_an_archive_and_in_a_file_is_told_where_it_came_first() {
    let project = Project::repository();
    project.write("z.zip", pack("z.zip", &[("a.txt", format!("{}\n", token(1)))]));
    project.commit("packed");
    project.write("a.txt", format!("{}\n", token(1)));
    project.commit("unpacked");
    assert_eq!(places(&project.history()), ["z.zip!a.txt:1 acme-token @ packed"]);
}
