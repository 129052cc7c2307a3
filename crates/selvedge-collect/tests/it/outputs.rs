//! Alerts over real sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;

use selvedge_collect::Collector;
use selvedge_collect::deliver::Alert;
use selvedge_model::Severity;

use crate::world::{PATIENCE, World, config, eventually};

fn alert() -> Alert {
    Alert {
        message: "seen".to_owned(),
        ..Alert::new("key-1", 1_700_000_000_000_000, "r", "Title", Severity::High)
    }
}

#[test]
fn files_get_a_line_each_in_the_wanted_shape() {
    let world = World::new();
    let out = |name: &str| world.path(name).display().to_string();
    let config = config(&format!(
        "[[logs.output]]\nname = \"a\"\ntype = \"file\"\npath = \"{}\"\n[[logs.output]]\nname = \"b\"\ntype = \"file\"\npath = \"{}\"\nformat = \"ocsf\"\n",
        out("a.ndjson"),
        out("b.ndjson")
    ));
    let outputs = Collector::outputs(&config, world.folder.path()).unwrap();
    outputs.send(&alert()).unwrap();
    let read = |name: &str| std::fs::read_to_string(world.path(name)).unwrap_or_default();
    eventually(|| read("a.ndjson").ends_with('\n') && read("b.ndjson").ends_with('\n'), || read("a.ndjson"));
    assert_eq!(serde_json::from_str::<Alert>(&read("a.ndjson")).unwrap(), alert());
    assert!(read("b.ndjson").contains("\"class_uid\":2004"));
}

#[test]
fn a_webhook_gets_key_and_token_and_is_asked_again_after_503() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        for status in ["503 no", "200 OK"] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let length = head.to_lowercase();
            let length =
                length.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            stream
                .write_all(
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes(),
                )
                .unwrap();
            sender.send((head.to_lowercase(), String::from_utf8(body).unwrap())).unwrap();
        }
    });
    let world = World::new();
    let config = config(&format!(
        "[[logs.output]]\nname = \"hook\"\ntype = \"webhook\"\nurl = \"http://{address}/x\"\ntoken = \"tok\"\nformat = \"slack\"\n"
    ));
    let outputs = Collector::outputs(&config, world.folder.path()).unwrap();
    outputs.send(&alert()).unwrap();
    for _ in 0..2 {
        let (head, body) = requests.recv_timeout(PATIENCE).unwrap();
        assert!(
            head.contains("idempotency-key: key-1") && head.contains("authorization: bearer tok"),
            "{head}"
        );
        assert!(body.contains("\"blocks\""), "{body}");
    }
}

#[test]
fn syslog_and_mail_arrive() {
    let world = World::new();
    let syslog = TcpListener::bind("127.0.0.1:0").unwrap();
    let mail = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = config(&format!(
        "[[logs.output]]\nname = \"s\"\ntype = \"syslog\"\naddress = \"{}\"\n[[logs.output]]\nname = \"m\"\ntype = \"smtp\"\nserver = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"a@example.org\"\nto = [\"b@example.org\"]\n",
        syslog.local_addr().unwrap(),
        mail.local_addr().unwrap().port()
    ));
    let outputs = Collector::outputs(&config, world.folder.path()).unwrap();
    outputs.send(&alert()).unwrap();
    let (mut stream, _) = syslog.accept().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut message = vec![0; 20];
    stream.read_exact(&mut message).unwrap();
    assert!(String::from_utf8(message).unwrap().contains(" <131>1 2023-"));
    let (mut stream, _) = mail.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    stream.write_all(b"220 x\r\n").unwrap();
    let mut text = String::new();
    let mut in_data = false;
    loop {
        let mut line = String::new();
        assert_ne!(reader.read_line(&mut line).unwrap(), 0, "{text}");
        let answer = match line.trim_end() {
            "." if in_data => break,
            _ if in_data => "",
            "DATA" => "354 go\r\n",
            _ => "250 ok\r\n",
        };
        in_data |= line.starts_with("DATA");
        stream.write_all(answer.as_bytes()).unwrap();
        text.push_str(&line);
    }
    stream.write_all(b"250 ok\r\n").unwrap();
    assert!(
        text.contains("Subject: [high] Title") && text.contains("Message-ID: <key-1@selvedge>"),
        "{text}"
    );
}
