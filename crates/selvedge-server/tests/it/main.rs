//! The server as a client sees it, over loopback.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use selvedge_server::{Answer, OsvAnswers, ServeError, ServeOptions, bind};

/// Says what it was asked; fails on what says so.
struct Echo;

fn answer(status: u16, what: &str, body: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(body);
    assert!(!text.contains("fail here"), "the answers fail");
    Answer { status, body: format!("{{\"{what}\":{}}}", text.len()) }
}

impl OsvAnswers for Echo {
    fn query(&self, body: &[u8]) -> Answer {
        answer(200, "query", body)
    }

    fn query_batch(&self, body: &[u8]) -> Answer {
        answer(400, "batch", body)
    }

    fn vulnerability(&self, id: &str) -> Answer {
        if id == "slow" {
            std::thread::sleep(Duration::from_millis(400));
        }
        answer(200, "vulnerability", id.as_bytes())
    }

    fn status(&self) -> Answer {
        answer(200, "status", b"")
    }
}

struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Server {
    fn start(change: impl FnOnce(&mut ServeOptions)) -> Self {
        let mut options = ServeOptions::on(SocketAddr::from(([127, 0, 0, 1], 0)));
        change(&mut options);
        let serving = bind(&options, Arc::new(Echo)).unwrap();
        let address = serving.address();
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let thread = std::thread::spawn(move || serving.run(move || flag.load(Ordering::SeqCst)));
        Self { address, stop, thread: Some(thread) }
    }

    /// Sends the request as it is; the status line and the body of the response.
    fn send(&self, request: &[u8]) -> (String, String) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(request).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let status = response.lines().next().unwrap_or_default().to_owned();
        let body = response.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, body.to_owned())
    }

    fn get(&self, path: &str) -> (String, String) {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes())
    }

    fn post(&self, path: &str, body: &str) -> (String, String) {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        self.send(format!("{head}{body}").as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap().unwrap();
        }
    }
}

#[test]
fn each_path_asks_its_question() {
    let server = Server::start(|_| {});
    let ok = |body: &str| ("HTTP/1.1 200 OK".to_owned(), body.to_owned());
    assert_eq!(server.post("/v1/query", "{}"), ok("{\"query\":2}"));
    assert_eq!(server.get("/v1/vulns/CVE-1"), ok("{\"vulnerability\":5}"));
    assert_eq!(server.get("/status"), ok("{\"status\":0}"));
    let (status, body) = server.post("/v1/querybatch", "{}");
    assert_eq!((status.as_str(), body.as_str()), ("HTTP/1.1 400 Bad Request", "{\"batch\":2}"));
    let (status, body) = server.get("/v2/anything");
    assert_eq!(status, "HTTP/1.1 404 Not Found");
    assert!(body.contains("/v1/query"), "{body}");
    assert_eq!(server.get("/v1/query").0, "HTTP/1.1 405 Method Not Allowed");
}

#[test]
fn a_failing_answer_costs_its_request_alone() {
    let server = Server::start(|_| {});
    assert_eq!(server.post("/v1/query", "fail here").0, "HTTP/1.1 500 Internal Server Error");
    assert_eq!(server.post("/v1/query", "{}").0, "HTTP/1.1 200 OK");
}

#[test]
fn a_hostile_client_meets_limits() {
    let server = Server::start(|options| options.request_time_max = Duration::from_millis(300));
    assert_eq!(server.post("/v1/query", &" ".repeat(5 << 20)).0, "HTTP/1.1 413 Payload Too Large");
    assert_eq!(server.get(&format!("/v1/vulns/{}", "x".repeat(200))).0, "HTTP/1.1 404 Not Found");
    let unfinished =
        b"POST /v1/query HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{";
    assert_eq!(server.send(unfinished).0, "HTTP/1.1 408 Request Timeout");
    assert_eq!(server.get("/status").0, "HTTP/1.1 200 OK");
}

#[test]
fn more_than_the_limit_at_one_time_is_refused_and_not_queued() {
    let server = Server::start(|options| options.requests_max = 1);
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| server.get("/v1/vulns/slow").0)).collect();
        let mut answers: Vec<_> = asked.into_iter().map(|thread| thread.join().unwrap()).collect();
        answers.sort();
        answers.dedup();
        assert!(answers.contains(&"HTTP/1.1 200 OK".to_owned()), "{answers:?}");
        assert!(answers.contains(&"HTTP/1.1 503 Service Unavailable".to_owned()), "{answers:?}");
    });
}

#[test]
fn a_taken_address_is_told() {
    let server = Server::start(|_| {});
    let again = bind(&ServeOptions::on(server.address), Arc::new(Echo));
    assert!(matches!(again, Err(ServeError::Listen { address, .. }) if address == server.address));
}
