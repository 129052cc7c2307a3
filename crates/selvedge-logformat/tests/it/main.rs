//! Formats as a caller sees them: a file cut into records.

use selvedge_logformat::Join;

#[test]
fn each_line_is_a_record_unless_told_otherwise() {
    let join = Join::default();
    assert!(join.ends(b"any line"));
    assert!(!join.continues(b"any line", b"\tindented"));
}
