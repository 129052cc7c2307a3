//! The ways alerts leave.

use std::fs::File;
use std::io::Write;
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{ContentType, MessageId};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, SmtpTransport, Transport};
use ureq::tls::{RootCerts, TlsConfig};

use super::Alert;
use super::format::{BodyFormat, plain, syslog_message};
use crate::config::{OutputConfig, SmtpSecurity, SyslogTransport};

/// Connecting and answering may take this long.
const TIME_MAX: Duration = Duration::from_secs(20);

/// Why an alert was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// It may be taken later.
    Transient(String),
    /// It will never be taken.
    Permanent(String),
}

/// Sends one alert.
pub trait Driver: Send {
    /// Returns once the receiver has taken the alert.
    fn send(&mut self, alert: &Alert) -> Result<(), SendError>;
}

fn transient(error: impl std::fmt::Display) -> SendError {
    SendError::Transient(error.to_string())
}

/// The driver that a configuration asks for.
pub(super) fn driver(config: &OutputConfig) -> Result<Box<dyn Driver>, String> {
    Ok(match config {
        OutputConfig::File(file) => Box::new(FileDriver { path: file.path.clone(), format: file.format }),
        OutputConfig::Webhook(webhook) => {
            let token = webhook.token.as_ref().map(crate::config::Secret::read).transpose()?;
            let config = ureq::Agent::config_builder()
                .timeout_global(Some(TIME_MAX))
                .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
                .http_status_as_error(false)
                // A token must not follow a redirect to another host.
                .max_redirects(0)
                .max_redirects_will_error(false)
                .user_agent(concat!("selvedge/", env!("CARGO_PKG_VERSION")))
                .build();
            Box::new(Webhook {
                agent: config.into(),
                url: webhook.url.clone(),
                token,
                format: webhook.format,
            })
        }
        OutputConfig::Syslog(syslog) => Box::new(Syslog {
            address: syslog.address.clone(),
            transport: syslog.transport,
            host: syslog.host.clone().unwrap_or_default(),
            stream: None,
        }),
        OutputConfig::Smtp(smtp) => {
            let builder = match smtp.security {
                SmtpSecurity::Tls => SmtpTransport::relay(&smtp.server).map_err(|error| error.to_string())?,
                SmtpSecurity::Starttls => {
                    SmtpTransport::starttls_relay(&smtp.server).map_err(|error| error.to_string())?
                }
                SmtpSecurity::None => SmtpTransport::builder_dangerous(&smtp.server),
            };
            let builder = builder.timeout(Some(TIME_MAX));
            let builder = match smtp.port {
                Some(port) => builder.port(port),
                None => builder,
            };
            let builder = match (&smtp.user, &smtp.password) {
                (Some(user), Some(password)) => {
                    builder.credentials(Credentials::new(user.clone(), password.read()?))
                }
                (None, None) => builder,
                _ => return Err("`user` and `password` belong together".to_owned()),
            };
            Box::new(Smtp { transport: builder.build(), from: smtp.from.clone(), to: smtp.to.clone() })
        }
    })
}

/// Appends lines to a file; each is on disk before the alert counts as taken.
struct FileDriver {
    path: PathBuf,
    format: BodyFormat,
}

impl Driver for FileDriver {
    fn send(&mut self, alert: &Alert) -> Result<(), SendError> {
        // Opened anew each time, so that rotation needs no signal.
        let mut file = File::options().create(true).append(true).open(&self.path).map_err(transient)?;
        let line = format!("{}\n", self.format.render(alert));
        file.write_all(line.as_bytes()).and_then(|()| file.sync_data()).map_err(transient)
    }
}

struct Webhook {
    agent: ureq::Agent,
    url: String,
    token: Option<String>,
    format: BodyFormat,
}

impl Driver for Webhook {
    fn send(&mut self, alert: &Alert) -> Result<(), SendError> {
        let mut request = self.agent.post(&self.url).header("content-type", "application/json");
        request = request.header("idempotency-key", &alert.id);
        if let Some(token) = &self.token {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        let response = request.send(self.format.render(alert).as_bytes()).map_err(transient)?;
        let status = response.status().as_u16();
        match status {
            200..=299 => Ok(()),
            // Time-outs, conflicts of a repeat under way, rates, and what an operator can repair: the token, the
            // address.
            300..=399 | 401 | 403 | 404 | 407..=409 | 421 | 423 | 425 | 429 | 500.. => {
                Err(SendError::Transient(format!("status {status}")))
            }
            _ => Err(SendError::Permanent(format!("status {status}"))),
        }
    }
}

/// RFC 5424 over UDP, or over TCP with octet counting. TCP tells nothing of receipt: what the kernel took counts
/// as delivered.
struct Syslog {
    address: String,
    transport: SyslogTransport,
    host: String,
    stream: Option<TcpStream>,
}

impl Driver for Syslog {
    fn send(&mut self, alert: &Alert) -> Result<(), SendError> {
        let message = syslog_message(alert, &self.host);
        let mut addresses = self.address.to_socket_addrs().map_err(transient)?;
        let address = addresses.next().ok_or_else(|| transient("the address has no host"))?;
        match self.transport {
            SyslogTransport::Udp => {
                let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                let socket = UdpSocket::bind(any).map_err(transient)?;
                socket.send_to(message.as_bytes(), address).map_err(transient)?;
            }
            SyslogTransport::Tcp => {
                if self.stream.as_ref().is_some_and(is_closed) {
                    self.stream = None;
                }
                let stream = if let Some(stream) = &mut self.stream {
                    stream
                } else {
                    let stream = TcpStream::connect_timeout(&address, TIME_MAX).map_err(transient)?;
                    stream.set_write_timeout(Some(TIME_MAX)).map_err(transient)?;
                    self.stream.insert(stream)
                };
                let framed = format!("{} {message}", message.len());
                if let Err(error) = stream.write_all(framed.as_bytes()) {
                    self.stream = None;
                    return Err(transient(error));
                }
            }
        }
        Ok(())
    }
}

/// Whether the other side has closed: a write would still succeed, and be lost.
fn is_closed(stream: &TcpStream) -> bool {
    if stream.set_nonblocking(true).is_err() {
        return true;
    }
    let peeked = stream.peek(&mut [0]);
    let is_blocking = stream.set_nonblocking(false).is_ok();
    match peeked {
        Ok(0) => true,
        Ok(_) => !is_blocking,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock || !is_blocking,
    }
}

struct Smtp {
    transport: SmtpTransport,
    from: String,
    to: Vec<String>,
}

impl Driver for Smtp {
    fn send(&mut self, alert: &Alert) -> Result<(), SendError> {
        let permanent = |error: &dyn std::fmt::Display| SendError::Permanent(error.to_string());
        let subject: String = alert.title.chars().filter(|c| !c.is_control()).take(150).collect();
        let id: String = alert.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let mut message = Message::builder()
            .from(self.from.parse().map_err(|error| permanent(&error))?)
            .subject(format!("[{}] {subject}", alert.severity))
            .header(MessageId::from(format!("<{id}@selvedge>")))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            message = message.to(to.parse().map_err(|error| permanent(&error))?);
        }
        let message = message.body(plain(alert)).map_err(|error| permanent(&error))?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(permanent(&error)),
            Err(error) => Err(transient(error)),
        }
    }
}
