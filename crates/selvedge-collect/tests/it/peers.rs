//! Real programs as peers, where this machine has them: rsyslog, logrotate, nginx.

use std::process::{Command, Stdio};

use crate::world::{World, append, eventually};

/// Says that a test is skipped, or that it is not.
fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    let found = folders.into_iter().any(|folder| folder.join(program).exists());
    if !found {
        #[expect(clippy::print_stdout, reason = "whoever runs the tests must know what was not looked at")]
        {
            println!("SKIPPED: {program} is not installed");
        }
    }
    found
}

#[test]
fn rsyslog_sends_over_tcp() {
    if !has("rsyslogd") {
        return;
    }
    let world = World::new();
    let collector = world.start("[[logs.input]]\nname = \"net\"\ntype = \"syslog\"\ntcp = \"127.0.0.1:0\"\n");
    let port = collector.addresses()["net"].port();
    let (input, state) = (world.path("in.log"), world.path("rsyslog"));
    std::fs::create_dir(&state).unwrap();
    append(&input, "");
    let config = world.path("rsyslog.conf");
    std::fs::write(
        &config,
        format!(
            "global(workDirectory=\"{0}\")\nmodule(load=\"imfile\" mode=\"polling\" pollingInterval=\"1\")\ninput(type=\"imfile\" file=\"{1}\" tag=\"app:\")\naction(type=\"omfwd\" target=\"127.0.0.1\" port=\"{port}\" protocol=\"tcp\" tcp_framing=\"octet-counted\" template=\"RSYSLOG_SyslogProtocol23Format\")\n",
            state.display(),
            input.display()
        ),
    )
    .unwrap();
    let mut rsyslog = Command::new("rsyslogd")
        .args(["-n", "-i", "NONE", "-f"])
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    append(&input, &(0..500).fold(String::new(), |text, number| text + &format!("message {number}\n")));
    let count = || world.memory.raws().iter().filter(|raw| raw.contains("message ")).count();
    eventually(|| count() >= 500, || format!("{} of 500 messages", count()));
    rsyslog.kill().unwrap();
    rsyslog.wait().unwrap();
    collector.stop();
    assert_eq!(count(), 500);
    assert!(world.memory.raws().iter().any(|raw| raw.contains(" app ") && raw.starts_with("<133>1 ")));
}

#[test]
fn logrotate_renames_copies_and_compresses() {
    if !has("logrotate") {
        return;
    }
    for directives in [
        "create",
        "create\ncompress",
        "copytruncate",
        "copytruncate\ncompress",
        "create\ncompress\ndelaycompress",
    ] {
        let world = World::new();
        let log = world.path("app.log");
        let config = world.path("logrotate.conf");
        std::fs::write(&config, format!("{} {{\nrotate 9\nsu root root\n{directives}\n}}\n", log.display()))
            .unwrap();
        append(&log, "");
        let collector = world.start(
            "[[logs.input]]\nname = \"app\"\ntype = \"file\"\ninclude = [\"app.log*\"]\npoll-ms = 5\n",
        );
        let mut written = 0;
        for _ in 0..4 {
            let text =
                (0..100).fold(String::new(), |text, number| text + &format!("line {}\n", written + number));
            append(&log, &text);
            written += 100;
            // With copytruncate, one look between two truncations tells the texts apart.
            world.wait_for(written);
            let rotated = Command::new("logrotate")
                .arg("--force")
                .arg("--state")
                .arg(world.path("logrotate.state"))
                .arg(&config)
                .output();
            assert!(rotated.as_ref().unwrap().status.success(), "{rotated:?}");
        }
        append(&log, "last\n");
        world.wait_for(written + 1);
        collector.stop();
        let raws = world.memory.raws();
        let distinct: std::collections::BTreeSet<&String> = raws.iter().collect();
        assert_eq!((raws.len(), distinct.len()), (written + 1, written + 1), "{directives}");
    }
}

#[test]
fn nginx_logs_are_read_as_they_are_written() {
    if !has("nginx") {
        return;
    }
    let world = World::new();
    let folder = world.folder.path().display();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = world.path("nginx.conf");
    std::fs::write(
        &config,
        format!(
            "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nuser root;\nevents {{}}\nerror_log {folder}/error.log notice;\nhttp {{\naccess_log {folder}/access.log combined;\nclient_body_temp_path {folder}/b;\nproxy_temp_path {folder}/p;\nfastcgi_temp_path {folder}/f;\nuwsgi_temp_path {folder}/u;\nscgi_temp_path {folder}/s;\nserver {{ listen 127.0.0.1:{port}; location / {{ return 200; }} }}\n}}\n"
        ),
    )
    .unwrap();
    let mut nginx = Command::new("nginx")
        .arg("-c")
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let collector = world
        .start("[[logs.input]]\nname = \"web\"\ntype = \"file\"\ninclude = [\"access.log\"]\npoll-ms = 5\n");
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    eventually(|| std::net::TcpStream::connect(address).is_ok(), || "nginx does not listen".to_owned());
    for number in 0..20 {
        crate::network::request(address, &format!("GET /a?id={number} HTTP/1.1"), b"");
    }
    world.wait_for(20);
    nginx.kill().unwrap();
    nginx.wait().unwrap();
    assert_eq!(collector.status().health().problems, Vec::<String>::new());
    assert!(collector.status().metrics().contains("selvedge_events_unparsed_total 0"));
    collector.stop();
    assert!(world.memory.raws().iter().any(|raw| raw.contains("GET /a?id=7 ")));
}
