//! HTTP intake: NDJSON, the Elasticsearch `_bulk` API, OTLP/HTTP logs and Splunk's HTTP Event Collector.
//!
//! A request is answered with success only after its records are in the spool. Without room it is answered with
//! 503 and `Retry-After`, on which the usual shippers wait and send again.

mod body;
pub(crate) mod bulk;
pub(crate) mod hec;
mod listen;
mod ndjson;
pub(crate) mod otlp;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceBuilder;
use tower::timeout::TimeoutLayer;

use super::connections::Rates;
use super::{Stop, now_ns};
use crate::intake::{Gatherer, Intake, Stored};

/// Memory that bodies of requests may take, all together, in KiB.
const MEMORY_KIB: usize = 256 << 10;
/// A request that waits longer for its share of memory is refused.
const MEMORY_PATIENCE: Duration = Duration::from_secs(5);
/// A request that takes longer, its body included, is ended.
const REQUEST_TIME_MAX: Duration = Duration::from_mins(1);
/// What a shipper is told to wait, in seconds.
const RETRY_AFTER: &str = "5";

/// Limits of an HTTP listener.
#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "limits are called so everywhere")]
pub(crate) struct HttpLimits {
    pub(crate) body_bytes_max: usize,
    pub(crate) text_bytes_max: usize,
    pub(crate) line_bytes_max: usize,
    pub(crate) connections_max: usize,
    pub(crate) connections_per_address_max: usize,
    pub(crate) records_per_second_max: Option<u32>,
    pub(crate) idle_time_max: Duration,
}

/// The address of a sender.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What the handlers share.
pub(crate) struct Shared {
    intake: Intake,
    limits: HttpLimits,
    /// Digest of each token and the name of the sender it belongs to; empty means that none is asked for.
    tokens: BTreeMap<[u8; 32], String>,
    rates: Option<Rates>,
    memory: Arc<Semaphore>,
}

/// Serves until stopped; requests that have begun are answered first.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    intake: Intake,
    limits: HttpLimits,
    tokens: &[(String, String)],
    stop: Stop,
) {
    let digest = |token: &str| *blake3::hash(token.as_bytes()).as_bytes();
    let shared = Arc::new(Shared {
        rates: Rates::new(limits.records_per_second_max),
        tokens: tokens.iter().map(|(name, token)| (digest(token), name.clone())).collect(),
        memory: Arc::new(Semaphore::new(MEMORY_KIB)),
        intake: intake.clone(),
        limits: limits.clone(),
    });
    let guarded = listen::Guarded::start(listener, tls, intake, &limits, stop.clone());
    let service = routes(shared).into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(guarded, service).with_graceful_shutdown(async move { stop.asked().await });
    // The listener of ours never fails; what else could end this is the stop.
    let _ = served.await;
}

fn routes(shared: Arc<Shared>) -> Router {
    let limits = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(|_: tower::BoxError| async {
            (StatusCode::REQUEST_TIMEOUT, "the request took too long\n")
        }))
        .layer(TimeoutLayer::new(REQUEST_TIME_MAX));
    Router::new()
        .route("/ingest/ndjson", post(ndjson::post))
        .route("/v1/logs", post(otlp::post))
        .route("/services/collector", post(hec::event))
        .route("/services/collector/event", post(hec::event))
        .route("/services/collector/event/1.0", post(hec::event))
        .route("/services/collector/raw", post(hec::raw))
        .route("/services/collector/raw/1.0", post(hec::raw))
        .route("/services/collector/health", get(hec::health))
        .route("/services/collector/health/1.0", get(hec::health))
        .route("/_bulk", post(bulk::post).put(bulk::post))
        .route("/{index}/_bulk", post(bulk::post).put(bulk::post))
        .route("/", any(bulk::version))
        .route("/_license", get(bulk::license))
        .route("/_xpack", get(bulk::xpack))
        .route("/_cluster/health", get(bulk::cluster_health))
        .route("/_nodes", get(bulk::nodes))
        .route("/_nodes/{*rest}", get(bulk::nodes))
        .route("/_template/{*rest}", any(bulk::acknowledged))
        .route("/_index_template/{*rest}", any(bulk::acknowledged))
        .route("/_component_template/{*rest}", any(bulk::acknowledged))
        .route("/_data_stream/{*rest}", any(bulk::acknowledged))
        .route("/_ilm/{*rest}", any(bulk::acknowledged))
        .route("/_ingest/{*rest}", any(bulk::acknowledged))
        .fallback(|| async { (StatusCode::NOT_FOUND, "no such path\n") })
        .layer(limits)
        .with_state(shared)
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No token, or none that is known.
    Token,
    /// The body is over a limit.
    TooLarge(&'static str),
    /// The body is not what the path takes.
    Malformed(String),
    /// The sender is over its rate.
    Rate,
    /// No room, or no memory at the moment.
    Busy,
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Rate => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(crate) fn message(&self) -> String {
        match self {
            Self::Token => "a token is required".to_owned(),
            Self::TooLarge(what) => (*what).to_owned(),
            Self::Malformed(what) => what.clone(),
            Self::Rate => "over the rate of this sender".to_owned(),
            Self::Busy => "no room at the moment".to_owned(),
        }
    }

    /// An answer with a body of the given type.
    pub(crate) fn response(&self, content_type: &'static str, body: String) -> Response {
        let mut response = (self.status(), [(header::CONTENT_TYPE, content_type)], body).into_response();
        if matches!(self, Self::Rate | Self::Busy) {
            let value = header::HeaderValue::from_static(RETRY_AFTER);
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

impl Shared {
    /// Who sends: the owner of the token, or the address if none is asked for.
    fn sender(&self, headers: &HeaderMap, peer: &ConnectInfo<Peer>) -> Result<String, Refusal> {
        if self.tokens.is_empty() {
            return Ok(format!("http://{}", peer.0.0));
        }
        let known =
            token(headers).and_then(|token| self.tokens.get(blake3::hash(token.as_bytes()).as_bytes()));
        known.cloned().ok_or_else(|| {
            self.intake.refused();
            Refusal::Token
        })
    }

    fn gatherer<'a>(&'a self, sender: &'a str) -> Gatherer<'a> {
        Gatherer::new(self.intake.name(), sender, now_ns(), self.limits.line_bytes_max)
    }

    /// Stores what was gathered. Returns how many records that were.
    async fn store(&self, gatherer: Gatherer<'_>, peer: &ConnectInfo<Peer>) -> Result<u64, Refusal> {
        let count = gatherer.count();
        if let Some(rates) = &self.rates
            && !rates.take(peer.0.0, count as usize, std::time::Instant::now()).is_zero()
        {
            self.intake.refused();
            return Err(Refusal::Rate);
        }
        match self.intake.store_all(&gatherer.finish()).await {
            Ok(Stored::Durable) => Ok(count),
            Ok(Stored::Dropped) | Err(_) => Err(Refusal::Busy),
        }
    }
}

/// The token of any of the ways in which shippers send one.
fn token(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = value.split_once(' ')?;
    let after_colon = |value: &str| {
        let decoded = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
        decoded.split_once(':').map(|(_, secret)| secret.to_owned())
    };
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "splunk" => Some(value.trim().to_owned()),
        // The password, the user name does not matter; an API key is `id:key`.
        "basic" | "apikey" => after_colon(value),
        _ => None,
    }
}
