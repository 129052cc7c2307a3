//! What happens when things fail: sinks, disks, and the end.

use std::sync::atomic::Ordering;

use selvedge_collect::intake::LossNotice;
use selvedge_collect::{LogsConfig, Notice};

use crate::network::request;
use crate::world::{World, append, config, eventually};

const FILE: &str = "[[logs.input]]\nname = \"app\"\ntype = \"file\"\ninclude = [\"*.log\"]\npoll-ms = 5\n";

#[test]
fn a_sink_that_is_down_loses_nothing() {
    let world = World::new();
    world.memory.is_down.store(true, Ordering::Release);
    append(&world.path("a.log"), "1\n2\n");
    let collector = world.start(FILE);
    eventually(|| collector.status().health().status == "degraded", || "the health never tells".to_owned());
    collector.stop();
    append(&world.path("a.log"), "3\n");
    world.memory.is_down.store(false, Ordering::Release);
    let collector = world.start(FILE);
    world.wait_for(3);
    collector.stop();
    assert_eq!(world.memory.raws(), ["1", "2", "3"]);
}

#[test]
fn what_is_in_the_spool_is_handed_on_before_the_end() {
    let world = World::new();
    let lines: String = (0..50_000).fold(String::new(), |text, number| text + &format!("line {number}\n"));
    append(&world.path("a.log"), &lines);
    let mut collected = 0;
    while collected < 50_000 {
        let collector = world.start(FILE);
        eventually(
            || world.memory.events.lock().unwrap().len() > collected,
            || format!("nothing comes after {collected}"),
        );
        collector.stop();
        collected = world.memory.events.lock().unwrap().len();
    }
    let expected: Vec<&str> = lines.lines().collect();
    assert_eq!(world.memory.raws(), expected, "each line once and in order, over several runs");
}

#[test]
fn a_full_spool_holds_files_and_drops_where_the_policy_says_so() {
    let world = World::new();
    world.memory.is_down.store(true, Ordering::Release);
    let tables = format!(
        "{FILE}line-bytes = 1024\n[[logs.input]]\nname = \"in\"\ntype = \"http\"\naddress = \"127.0.0.1:0\"\nwhen-full = \"drop\"\nline-bytes = 1024\n"
    );
    // Smaller than a configuration may ask for, so that it is full soon.
    let collector = world.start_with(&LogsConfig { spool_bytes: 4 << 20, ..config(&tables) });
    let address = collector.addresses()["in"];
    let body = format!("{{\"x\":\"{}\"}}\n", "y".repeat(900)).repeat(200);
    let mut accepted = 0;
    loop {
        match request(address, "POST /ingest/ndjson HTTP/1.1", body.as_bytes()).0 {
            200 => accepted += 200,
            503 => break,
            other => panic!("status {other}"),
        }
    }
    assert!((2_000..4_600).contains(&accepted), "{accepted}");
    for _ in 0..5 {
        assert_eq!(request(address, "POST /ingest/ndjson HTTP/1.1", body.as_bytes()).0, 503);
    }
    let (notices, _) = collector.take_notices();
    let losses = notices.iter().filter(|notice| matches!(notice, Notice::Loss(_))).count();
    assert_eq!(losses, 1, "one notice for one period: {notices:?}");
    assert!(notices.contains(&Notice::Loss(LossNotice::Began { input: "in".to_owned() })));
    let lines: String =
        (0..50).fold(String::new(), |text, number| text + &format!("{number} {}\n", "z".repeat(900)));
    append(&world.path("a.log"), &lines);
    world.memory.is_down.store(false, Ordering::Release);
    world.wait_for(accepted + 50);
    collector.stop();
    let from_file = world.memory.raws().iter().filter(|raw| raw.contains("zzz")).count();
    assert_eq!((from_file, world.memory.raws().len()), (50, accepted + 50));
}

/// A file system of a few megabytes at `path`; none where that cannot be had.
fn tiny_disk(path: &std::path::Path) -> Option<impl Drop + use<>> {
    struct Mounted(std::path::PathBuf);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let _ = std::process::Command::new("umount").arg("--lazy").arg(&self.0).status();
        }
    }
    std::fs::create_dir(path).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
        .arg(path)
        .stderr(std::process::Stdio::null())
        .status();
    mounted.is_ok_and(|status| status.success()).then(|| Mounted(path.to_path_buf()))
}

#[test]
fn a_full_disk_loses_nothing_and_goes_on_when_there_is_room() {
    let world = World::new();
    let Some(_disk) = tiny_disk(&world.path("state")) else {
        println!("SKIPPED: no small file system can be mounted");
        return;
    };
    world.memory.is_down.store(true, Ordering::Release);
    let lines: String =
        (0..12_000).fold(String::new(), |text, number| text + &format!("{number} {}\n", "z".repeat(1_000)));
    append(&world.path("a.log"), &lines);
    let collector = world.start(FILE);
    let free = || {
        let used: u64 = std::fs::read_dir(world.path("state/spool")).map_or(0, |entries| {
            entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
        });
        (6_u64 << 20).saturating_sub(used)
    };
    eventually(|| free() < 2 << 20, || format!("{} bytes are still free", free()));
    // Long enough that the writer has failed at least once; how often does not matter.
    std::thread::park_timeout(std::time::Duration::from_millis(500));
    world.memory.is_down.store(false, Ordering::Release);
    world.wait_for(12_000);
    collector.stop();
    let expected: Vec<&str> = lines.lines().collect();
    assert!(world.memory.raws() == expected, "each line once and in order");
}
