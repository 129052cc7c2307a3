//! Intake over the network: what is acknowledged arrives, what is hostile is refused.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};

use crate::world::{PATIENCE, World, eventually};

/// Sends one request; returns status and body.
pub(crate) fn request(address: SocketAddr, head: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!("{head}\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    // The server may answer before it has read everything, and close.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    (status, body)
}

const HTTP: &str = "[[logs.input]]\nname = \"in\"\ntype = \"http\"\naddress = \"127.0.0.1:0\"\n";

#[test]
fn every_http_protocol_arrives_before_it_is_acknowledged() {
    let world = World::new();
    let collector = world.start(HTTP);
    let address = collector.addresses()["in"];
    let (status, body) =
        request(address, "POST /ingest/ndjson HTTP/1.1", b"{\"a\":1}\n\n<34>Oct 11 22:14:15 h su: x\n");
    assert_eq!((status, body.as_str()), (200, "{\"accepted\":2}"));
    let (status, body) = request(address, "POST /_bulk HTTP/1.1", b"{\"create\":{}}\n{\"b\":1}\n");
    assert!(status == 200 && body.contains("\"errors\":false"), "{status} {body}");
    let hec = b"{\"event\":{\"c\":1},\"host\":\"web9\",\"time\":1700000000.5}{\"event\":\"text\"}";
    assert_eq!(
        request(address, "POST /services/collector/event HTTP/1.1", hec),
        (200, "{\"text\":\"Success\",\"code\":0}".to_owned())
    );
    let otlp = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1700000000000000000","body":{"stringValue":"d"}}]}]}]}"#;
    assert_eq!(request(address, "POST /v1/logs HTTP/1.1", otlp).0, 200);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"{\"e\":1}\n").unwrap();
    let zipped = encoder.finish().unwrap();
    assert_eq!(request(address, "POST /ingest/ndjson HTTP/1.1\r\ncontent-encoding: gzip", &zipped).0, 200);
    world.wait_for(7);
    collector.stop();
    let events = world.memory.events.lock().unwrap();
    let find = |raw: &str| events.iter().find(|event| event.raw == raw).unwrap_or_else(|| panic!("{raw}"));
    assert_eq!((find("{\"c\":1}").host.as_str(), find("{\"c\":1}").time), ("web9", 1_700_000_000_500_000));
    assert_eq!(
        (find("{\"e\":1}").source.as_str(), find("{\"b\":1}").raw.as_str()),
        ("http://127.0.0.1", "{\"b\":1}")
    );
    let mut positions: Vec<u64> = events.iter().map(|event| event.position).collect();
    positions.dedup();
    assert_eq!(positions.len(), 7);
}

#[test]
fn shippers_find_the_answers_they_ask_for() {
    let world = World::new();
    let collector = world.start(HTTP);
    let address = collector.addresses()["in"];
    let (status, body) = request(address, "GET / HTTP/1.1", b"");
    assert!(
        status == 200 && body.contains("\"number\":\"8.") && body.contains("You Know, for Search"),
        "{body}"
    );
    for path in [
        "/_license",
        "/_xpack",
        "/_cluster/health",
        "/_nodes/http",
        "/_index_template/x",
        "/services/collector/health",
    ] {
        assert_eq!(request(address, &format!("GET {path} HTTP/1.1"), b"").0, 200, "{path}");
    }
    let (status, body) = request(address, "PUT /_ilm/policy/x HTTP/1.1", b"{}");
    assert_eq!((status, body.as_str()), (200, "{\"acknowledged\":true}"));
    assert_eq!(request(address, "GET /nothing/here HTTP/1.1", b"").0, 404);
    collector.stop();
}

#[test]
fn hostile_requests_are_refused_and_others_go_on() {
    let world = World::new();
    let collector = world.start(&format!(
        "{HTTP}body-bytes = 100000\ntext-bytes = 200000\ntokens = [{{ name = \"web1\", token = \"s3cret\" }}]\n"
    ));
    let address = collector.addresses()["in"];
    let good = "POST /ingest/ndjson HTTP/1.1\r\nauthorization: Bearer s3cret";
    assert_eq!(request(address, "POST /ingest/ndjson HTTP/1.1", b"{}").0, 401);
    assert_eq!(request(address, "POST /_bulk HTTP/1.1\r\nauthorization: Basic eDp3cm9uZw==", b"").0, 401);
    assert_eq!(request(address, good, &vec![b'x'; 100_001]).0, 413);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'x'; 50_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 100_000);
    assert_eq!(request(address, &format!("{good}\r\ncontent-encoding: gzip"), &bomb).0, 413);
    assert_eq!(request(address, &format!("{good}\r\ncontent-encoding: br"), b"x").0, 400);
    assert_eq!(
        request(address, "POST /v1/logs HTTP/1.1\r\nauthorization: Bearer s3cret", b"nonsense").0,
        400
    );
    assert_eq!(
        request(address, "POST /_bulk HTTP/1.1\r\nauthorization: ApiKey eDpzM2NyZXQ=", b"nonsense\n").0,
        400
    );
    // `x:s3cret`, as Elasticsearch clients send it.
    let bulk = "POST /_bulk HTTP/1.1\r\nauthorization: Basic eDpzM2NyZXQ=";
    assert_eq!(request(address, bulk, b"{\"index\":{}}\n{\"ok\":1}\n").0, 200);
    assert_eq!(request(address, good, b"{\"ok\":2}\n").0, 200);
    world.wait_for(2);
    assert_eq!(world.memory.events.lock().unwrap()[0].source, "web1");
    collector.stop();
}

#[test]
fn one_address_cannot_hold_all_connections_with_silence() {
    let world = World::new();
    let collector = world.start(&format!("{HTTP}connections-per-address-max = 3\nidle-seconds-max = 1\n"));
    let address = collector.addresses()["in"];
    let silent: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(address).unwrap()).collect();
    eventually(
        || request(address, "POST /ingest/ndjson HTTP/1.1", b"{\"a\":1}\n").0 == 200,
        || "silent connections are never closed".to_owned(),
    );
    drop(silent);
    collector.stop();
}

#[test]
fn syslog_arrives_over_udp_and_tcp_in_both_framings() {
    let world = World::new();
    let collector = world.start(
        "[[logs.input]]\nname = \"net\"\ntype = \"syslog\"\nudp = \"127.0.0.1:0\"\ntcp = \"127.0.0.1:0\"\n",
    );
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.send_to(b"<34>Oct 11 22:14:15 h su: udp\n", collector.addresses()["net/udp"]).unwrap();
    let mut tcp = TcpStream::connect(collector.addresses()["net"]).unwrap();
    tcp.write_all(b"<34>1 2025-10-11T22:14:15Z h a - - - one\n").unwrap();
    tcp.write_all(b"40 <34>1 2025-10-11T22:14:15Z h a - - - two").unwrap();
    world.wait_for(3);
    tcp.write_all(b"<34>1 2025-10-11T22:14:15Z h a - - - cut off").unwrap();
    drop(tcp);
    world.wait_for(4);
    collector.stop();
    let mut raws = world.memory.raws();
    raws.sort();
    assert_eq!(raws.len(), 4);
    assert!(raws.iter().any(|raw| raw == "<34>Oct 11 22:14:15 h su: udp"), "{raws:?}");
    assert!(raws.iter().any(|raw| raw.ends_with("two")), "{raws:?}");
}

/// A certificate authority, a server and a client, in files.
fn certificates(world: &World) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(vec![]).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    std::fs::write(world.path("ca.pem"), authority_pem).unwrap();
    for name in ["server", "client"] {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, &issuer).unwrap();
        std::fs::write(world.path(&format!("{name}.pem")), certificate.pem()).unwrap();
        std::fs::write(world.path(&format!("{name}.key")), key.serialize_pem()).unwrap();
    }
}

fn tls_client(world: &World, with_certificate: bool) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(world.path("ca.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(roots);
    if !with_certificate {
        return builder.with_no_client_auth();
    }
    let chain = vec![CertificateDer::from_pem_file(world.path("client.pem")).unwrap()];
    builder
        .with_client_auth_cert(chain, PrivateKeyDer::from_pem_file(world.path("client.key")).unwrap())
        .unwrap()
}

#[test]
fn syslog_over_tls_wants_a_client_certificate_where_asked_to() {
    let world = World::new();
    certificates(&world);
    let collector = world.start(
        "[[logs.input]]\nname = \"net\"\ntype = \"syslog\"\ntcp = \"127.0.0.1:0\"\ntls = { certificate = \"server.pem\", key = \"server.key\", client-ca = \"ca.pem\" }\n",
    );
    let address = collector.addresses()["net"];
    let send = |with_certificate: bool, text: &[u8]| {
        let config = Arc::new(tls_client(&world, with_certificate));
        let connection =
            rustls::ClientConnection::new(config, ServerName::try_from("localhost").unwrap()).unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        let _ = stream.write_all(text).and_then(|()| stream.flush());
        stream.conn.send_close_notify();
        let _ = stream.flush();
        let _ = stream.read(&mut [0; 1]);
    };
    send(false, b"<34>1 2025-10-11T22:14:15Z h a - - - stranger\n");
    send(true, b"<34>1 2025-10-11T22:14:15Z h a - - - known\n");
    world.wait_for(1);
    let refused = collector.status().metrics();
    assert!(refused.contains("selvedge_senders_refused_total{input=\"net\"} 1"), "{refused}");
    collector.stop();
    assert_eq!(world.memory.raws(), ["<34>1 2025-10-11T22:14:15Z h a - - - known"]);
}

#[test]
fn health_and_metrics_tell_how_it_goes() {
    let world = World::new();
    let collector = world.start(HTTP);
    request(collector.addresses()["in"], "POST /ingest/ndjson HTTP/1.1", b"{\"a\":1}\n");
    world.wait_for(1);
    let status = collector.addresses()["status"];
    let (code, body) = request(status, "GET /health HTTP/1.1", b"");
    assert!(code == 200 && body.contains("\"status\":\"ok\""), "{code} {body}");
    let (code, body) = request(status, "GET /metrics HTTP/1.1", b"");
    assert!(code == 200 && body.contains("selvedge_records_stored_total{input=\"in\"} 1"), "{code} {body}");
    collector.stop();
}
