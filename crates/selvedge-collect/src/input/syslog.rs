//! Syslog over UDP (RFC 5426), TCP (RFC 6587: octet counting and line ends) and TLS (RFC 5425).
//!
//! The protocol has no acknowledgement: what the kernel accepted and a crash of this program loses is lost, which
//! is why files and HTTP are better ways in. While the spool is full, TCP senders are not read; datagrams are
//! dropped and counted.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio_rustls::TlsAcceptor;

use super::connections::{Connections, Rates};
use super::{Stop, now_ns, until};
use crate::intake::{Gatherer, Intake};

/// The largest datagram there is.
const DATAGRAM_BYTES_MAX: usize = 65_535;
/// Datagrams that are stored together.
const DATAGRAMS_MAX: usize = 4_096;
/// Read from a connection at a time.
const READ_BYTES: usize = 64 << 10;
/// A handshake that takes longer is ended.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);
/// A message length with more digits is none.
const LENGTH_DIGITS_MAX: usize = 9;

/// Limits of a syslog listener.
#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "limits are called so everywhere")]
pub(crate) struct SyslogLimits {
    pub(crate) line_bytes_max: usize,
    pub(crate) connections_max: usize,
    pub(crate) connections_per_address_max: usize,
    pub(crate) records_per_second_max: Option<u32>,
    pub(crate) idle_time_max: Duration,
}

/// Takes datagrams until stopped.
pub(crate) async fn serve_udp(socket: UdpSocket, intake: Intake, limits: SyslogLimits, stop: Stop) {
    let rates = Rates::new(limits.records_per_second_max);
    let mut buffer = vec![0; DATAGRAM_BYTES_MAX];
    while let Some(received) = until(&stop, socket.recv_from(&mut buffer)).await {
        // An ICMP error of an earlier answer may surface here; the socket goes on.
        let Ok((length, peer)) = received else { continue };
        let mut batch =
            Batch { intake: &intake, limits: &limits, rates: rates.as_ref(), datagrams: Vec::new() };
        batch.add(peer.ip(), &buffer[..length]);
        while batch.datagrams.len() < DATAGRAMS_MAX
            && let Ok((length, peer)) = socket.try_recv_from(&mut buffer)
        {
            batch.add(peer.ip(), &buffer[..length]);
        }
        batch.store().await;
    }
}

struct Batch<'a> {
    intake: &'a Intake,
    limits: &'a SyslogLimits,
    rates: Option<&'a Rates>,
    datagrams: Vec<(IpAddr, Vec<u8>)>,
}

impl Batch<'_> {
    fn add(&mut self, peer: IpAddr, datagram: &[u8]) {
        if self.rates.is_some_and(|rates| !rates.admits(peer, Instant::now())) {
            self.intake.dropped(1);
            return;
        }
        self.datagrams.push((peer, trim(datagram).to_vec()));
    }

    async fn store(mut self) {
        self.datagrams.sort_by_key(|(peer, _)| *peer);
        for group in self.datagrams.chunk_by(|left, right| left.0 == right.0) {
            let source = format!("udp://{}", group[0].0);
            let mut gatherer =
                Gatherer::new(self.intake.name(), &source, now_ns(), self.limits.line_bytes_max);
            for (_, datagram) in group.iter().filter(|(_, datagram)| !datagram.is_empty()) {
                gatherer.push(datagram, None, None);
            }
            let count = gatherer.count();
            if self.intake.store_all(&gatherer.finish()).await.is_err() {
                self.intake.dropped(count);
            }
        }
    }
}

/// Line ends and the NUL that some senders add.
fn trim(message: &[u8]) -> &[u8] {
    let end = message.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r' | 0)).map_or(0, |at| at + 1);
    &message[..end]
}

/// Takes connections until stopped.
pub(crate) async fn serve_tcp(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    intake: Intake,
    limits: SyslogLimits,
    stop: Stop,
) {
    let connections = Connections::new(limits.connections_max, limits.connections_per_address_max);
    let rates = Arc::new(Rates::new(limits.records_per_second_max));
    let mut tasks = tokio::task::JoinSet::new();
    while let Some(accepted) = until(&stop, listener.accept()).await {
        while tasks.try_join_next().is_some() {}
        let Ok((stream, peer)) = accepted else {
            // Out of descriptors: give those that are open time to end.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Some(connection) = connections.admit(peer.ip()) else {
            intake.refused();
            continue;
        };
        let (intake, limits, stop) = (intake.clone(), limits.clone(), stop.clone());
        let (tls, rates) = (tls.clone(), Arc::clone(&rates));
        tasks.spawn(async move {
            let _connection = connection;
            match tls {
                None => serve_stream(stream, peer, &intake, &limits, rates.as_ref().as_ref(), &stop).await,
                Some(tls) => match tokio::time::timeout(HANDSHAKE_TIME_MAX, tls.accept(stream)).await {
                    Ok(Ok(stream)) => {
                        serve_stream(stream, peer, &intake, &limits, rates.as_ref().as_ref(), &stop).await;
                    }
                    _ => intake.refused(),
                },
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

async fn serve_stream(
    mut stream: impl AsyncRead + Unpin,
    peer: SocketAddr,
    intake: &Intake,
    limits: &SyslogLimits,
    rates: Option<&Rates>,
    stop: &Stop,
) {
    let source = format!("tcp://{}", peer.ip());
    let mut framing = Framing::new(limits.line_bytes_max);
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = until(stop, tokio::time::timeout(limits.idle_time_max, stream.read(&mut buffer))).await;
        let count = match read {
            Some(Ok(Ok(count))) => count,
            // Stopped, idle for too long, or broken: what is whole is stored, what is not was never a message.
            _ => 0,
        };
        let mut gatherer = Gatherer::new(intake.name(), &source, now_ns(), limits.line_bytes_max);
        let mut push = |message: &[u8]| {
            if !trim(message).is_empty() {
                gatherer.push(trim(message), None, None);
            }
        };
        if count == 0 {
            framing.end(&mut push);
        } else {
            framing.feed(&buffer[..count], &mut push);
        }
        let messages = gatherer.count();
        if intake.store_all(&gatherer.finish()).await.is_err() {
            return intake.dropped(messages);
        }
        if count == 0 {
            return;
        }
        if let Some(rates) = rates {
            let pause = rates.take(peer.ip(), messages as usize, Instant::now());
            if !pause.is_zero() {
                until(stop, tokio::time::sleep(pause)).await;
            }
        }
    }
}

/// Cuts a stream into messages. Each message says by its first byte how it ends: a digit begins a length
/// (RFC 6587 section 3.4.1), anything else ends at a line end or NUL (section 3.4.2).
#[derive(Debug)]
pub(crate) struct Framing {
    message_bytes_max: usize,
    held: Vec<u8>,
}

impl Framing {
    pub(crate) fn new(message_bytes_max: usize) -> Self {
        Self { message_bytes_max, held: Vec::new() }
    }

    /// Takes bytes and gives whole messages. A message over the limit is given in pieces.
    pub(crate) fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) {
        self.held.extend_from_slice(bytes);
        let mut at = 0;
        while at < self.held.len() {
            let rest = &self.held[at..];
            match counted(rest) {
                Counted::Whole { start, end } if end <= rest.len() => {
                    message(&rest[start..end]);
                    at += end;
                }
                Counted::Whole { start, end } if end - start > self.message_bytes_max => {
                    // Too long to hold: from here on it is read as lines.
                    at += start;
                }
                Counted::Whole { .. } | Counted::Unknown => break,
                Counted::None => match memchr::memchr2(b'\n', 0, rest) {
                    Some(end) if end <= self.message_bytes_max => {
                        message(&rest[..end]);
                        at += end + 1;
                    }
                    _ if rest.len() > self.message_bytes_max => {
                        message(&rest[..self.message_bytes_max]);
                        at += self.message_bytes_max;
                    }
                    _ => break,
                },
            }
        }
        self.held.drain(..at);
    }

    /// The stream ended: what is held is the last message.
    pub(crate) fn end(&mut self, message: &mut dyn FnMut(&[u8])) {
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            message(&held);
        }
    }
}

enum Counted {
    Whole {
        start: usize,
        end: usize,
    },
    /// Digits that may go on.
    Unknown,
    None,
}

fn counted(bytes: &[u8]) -> Counted {
    let digits = bytes.iter().take(LENGTH_DIGITS_MAX + 1).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > LENGTH_DIGITS_MAX || bytes[0] == b'0' {
        return Counted::None;
    }
    match bytes.get(digits) {
        None => Counted::Unknown,
        // A message begins with `<`; a line that begins with a number and a space need not be a counted one.
        Some(b' ') => match bytes.get(digits + 1) {
            Some(b'<') => {
                let length =
                    bytes[..digits].iter().fold(0, |value, byte| value * 10 + usize::from(byte - b'0'));
                Counted::Whole { start: digits + 1, end: digits + 1 + length }
            }
            None => Counted::Unknown,
            Some(_) => Counted::None,
        },
        Some(_) => Counted::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(chunks: &[&str], expected: &[&str]) {
        let mut framing = Framing::new(16);
        let mut messages: Vec<String> = Vec::new();
        let mut push = |message: &[u8]| messages.push(String::from_utf8_lossy(message).into_owned());
        for chunk in chunks {
            framing.feed(chunk.as_bytes(), &mut push);
        }
        framing.end(&mut push);
        assert_eq!(messages, expected, "{chunks:?}");
    }

    #[test]
    fn both_framings_and_a_mix_of_them() {
        check(&["<1>a\n<2>b\n"], &["<1>a", "<2>b"]);
        check(&["5 <1>ab4 <2>c"], &["<1>ab", "<2>c"]);
        check(&["6 <1>a\nb", "<2>c\n4 <3>d"], &["<1>a\nb", "<2>c", "<3>d"]);
        check(&["1", "0", " ", "<1>45678", "90"], &["<1>4567890"]);
        check(&["no end"], &["no end"]);
        check(&["42 is the answer\n"], &["42 is the answer"]);
    }

    #[test]
    fn what_is_too_long_comes_in_pieces() {
        check(&["0123456789abcdefXYZ\n"], &["0123456789abcdef", "XYZ"]);
        check(&["999 <1>56789abcdefXYZ\n<2>b\n"], &["<1>56789abcdefXY", "Z", "<2>b"]);
    }

    proptest::proptest! {
        #[test]
        fn however_it_is_cut_the_messages_are_the_same(text in "[0-9 <>a\n]{0,60}", cut in 0_usize..60) {
            let whole = {
                let mut framing = Framing::new(64);
                let mut messages = Vec::new();
                framing.feed(text.as_bytes(), &mut |message| messages.push(message.to_vec()));
                framing.end(&mut |message| messages.push(message.to_vec()));
                messages
            };
            let cut = cut.min(text.len());
            let mut framing = Framing::new(64);
            let mut messages = Vec::new();
            framing.feed(&text.as_bytes()[..cut], &mut |message| messages.push(message.to_vec()));
            framing.feed(&text.as_bytes()[cut..], &mut |message| messages.push(message.to_vec()));
            framing.end(&mut |message| messages.push(message.to_vec()));
            proptest::prop_assert_eq!(messages, whole);
        }
    }
}
