//! The listener under the HTTP server: admits connections within limits, does TLS aside, ends idle ones.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{HttpLimits, Peer};
use crate::input::connections::{Connection, Connections};
use crate::input::{Stop, until};
use crate::intake::Intake;

/// A handshake that takes longer is ended.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);
/// Connections that are ready and not yet taken by the server.
const READY_MAX: usize = 64;

/// Hands admitted connections to the HTTP server.
pub(crate) struct Guarded {
    ready: mpsc::Receiver<(Guard, SocketAddr)>,
    address: io::Result<SocketAddr>,
}

impl Guarded {
    /// Accepts in a task of its own, so that a slow handshake holds up nobody.
    pub(crate) fn start(
        listener: TcpListener,
        tls: Option<TlsAcceptor>,
        intake: Intake,
        limits: &HttpLimits,
        stop: Stop,
    ) -> Self {
        let (sender, ready) = mpsc::channel(READY_MAX);
        let address = listener.local_addr();
        let connections = Connections::new(limits.connections_max, limits.connections_per_address_max);
        let idle = limits.idle_time_max;
        tokio::spawn(async move {
            while let Some(accepted) = until(&stop, listener.accept()).await {
                let Ok((stream, peer)) = accepted else {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                };
                let Some(connection) = connections.admit(peer.ip()) else {
                    intake.refused();
                    continue;
                };
                let (tls, sender, intake) = (tls.clone(), sender.clone(), intake.clone());
                tokio::spawn(async move {
                    let stream = match tls {
                        None => Stream::Plain(stream),
                        Some(tls) => match tokio::time::timeout(HANDSHAKE_TIME_MAX, tls.accept(stream)).await
                        {
                            Ok(Ok(stream)) => Stream::Tls(Box::new(stream)),
                            _ => return intake.refused(),
                        },
                    };
                    let timer = Box::pin(tokio::time::sleep(idle));
                    let guard = Guard { stream, idle, timer, _connection: connection };
                    // The server is gone when it stops; so is the connection then.
                    let _ = sender.send((guard, peer)).await;
                });
            }
        });
        Self { ready, address }
    }
}

impl Listener for Guarded {
    type Io = Guard;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guard, SocketAddr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            // Stopped: the server ends by its own signal.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.address {
            Ok(address) => Ok(*address),
            Err(error) => Err(io::Error::from(error.kind())),
        }
    }
}

impl Connected<IncomingStream<'_, Guarded>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Guarded>) -> Self {
        Self(stream.remote_addr().ip())
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection that is counted while it is open, and ended when nothing was read for too long.
pub(crate) struct Guard {
    stream: Stream,
    idle: Duration,
    timer: Pin<Box<Sleep>>,
    _connection: Connection,
}

impl AsyncRead for Guard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        if read.is_ready() {
            let next = Instant::now() + self.idle;
            self.timer.as_mut().reset(next);
            return read;
        }
        if self.timer.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncWrite for Guard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
