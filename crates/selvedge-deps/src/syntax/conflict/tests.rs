//! Both sides of a merge conflict keep their lines.

use super::*;

#[test]
fn both_sides_stand_where_they_stood() {
    let text = "a\n<<<<<<< HEAD\nours\n||||||| base\nold\n=======\ntheirs\n>>>>>>> branch\nz\n";
    let conflict = find(text.as_bytes()).unwrap();
    assert_eq!(conflict.line, 2);
    let lines = |side: &[u8]| -> Vec<String> {
        std::str::from_utf8(side).unwrap().lines().map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(lines(&conflict.ours), ["a", "", "ours", "", "", "", "", "", "z"]);
    assert_eq!(lines(&conflict.theirs), ["a", "", "", "", "", "", "theirs", "", "z"]);
    assert_eq!(conflict.ours.len(), text.len());
}

#[test]
fn headings_and_half_a_conflict_are_none() {
    assert_eq!(find(b"Title\n=======\ntext\n>>>>>>> quoted\n"), None);
    assert_eq!(find(b"<<<<<<< HEAD\nours\n"), None);
}
