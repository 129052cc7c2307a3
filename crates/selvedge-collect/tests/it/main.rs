//! Collection as a user sees it.

use selvedge_collect::spool::{Spool, SpoolOptions};
use selvedge_collect::tail::{Tail, TailOptions};

#[test]
fn a_followed_file_arrives_in_the_spool_and_is_not_read_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("app.log");
    let options = TailOptions::new("app", vec![log.display().to_string()]);
    let mut expected = 0;
    for run in 1..4_i64 {
        let text: String = (0..run * 3).map(|line| format!("line {line}\n")).collect();
        std::fs::write(&log, text).expect("a written log");
        let spool = Spool::open(SpoolOptions::at(folder.path().join("spool"))).expect("a spool");
        let mut tail = Tail::new(options.clone(), &spool.marks("")).expect("a follower");
        let frame = tail.pass(run * 10_000);
        assert_eq!(frame.lines.len(), 3, "run {run}: only the lines that are new");
        spool.append_blocking(&frame).expect("a stored frame");
        tail.stored();
        assert!(tail.pass(run * 10_000 + 1).is_empty());
        expected += 1;
        assert_eq!(spool.stats().next_sequence, expected);
    }
}
