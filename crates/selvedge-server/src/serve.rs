//! Listening, limits and the end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::http::StatusCode;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::load_shed::LoadShedLayer;
use tower::timeout::TimeoutLayer;

use crate::ServeError;
use crate::osv::{OsvAnswers, failure, routes};

/// Where to listen and how much to bear.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
    /// Requests that are worked on at one time; more are refused with 503.
    pub requests_max: usize,
    /// A request that takes longer, its body included, is refused with 408.
    pub request_time_max: Duration,
}

impl ServeOptions {
    /// The defaults, on `address`.
    pub fn on(address: SocketAddr) -> Self {
        Self { address, requests_max: 64, request_time_max: Duration::from_secs(30) }
    }
}

/// A listener that is bound and not yet served.
#[derive(Debug)]
pub struct Serving {
    runtime: Runtime,
    listener: TcpListener,
    router: Router,
    address: SocketAddr,
}

/// Binds the listener, so that the caller can say where it is before it serves.
pub fn bind(options: &ServeOptions, answers: Arc<dyn OsvAnswers>) -> Result<Serving, ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(options.requests_max)
        .enable_all()
        .build()
        .map_err(ServeError::Runtime)?;
    let address = options.address;
    let listening = |source| ServeError::Listen { address, source };
    let listener = runtime.block_on(TcpListener::bind(address)).map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    Ok(Serving { runtime, listener, router: limited(routes(answers), options), address })
}

/// The limits around every route.
fn limited(router: Router, options: &ServeOptions) -> Router {
    let limits = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(refusal))
        .layer(LoadShedLayer::new())
        .layer(GlobalConcurrencyLimitLayer::new(options.requests_max))
        .layer(TimeoutLayer::new(options.request_time_max));
    router.layer(limits)
}

async fn refusal(error: tower::BoxError) -> Response {
    if error.is::<tower::timeout::error::Elapsed>() {
        return failure(StatusCode::REQUEST_TIMEOUT, 4, "the request took too long");
    }
    failure(StatusCode::SERVICE_UNAVAILABLE, 8, "too many requests at one time")
}

impl Serving {
    /// The address that is listened on, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` says so; requests that have begun are answered first.
    pub fn run(self, stop: impl Fn() -> bool + Send + 'static) -> Result<(), ServeError> {
        let Self { runtime, listener, router, .. } = self;
        let result = runtime.block_on(async {
            axum::serve(listener, router).with_graceful_shutdown(asked_to_stop(stop)).await
        });
        result.map_err(ServeError::Serve)
    }
}

/// Asks every now and then: what sets the flag is a signal handler, which can do no more.
async fn asked_to_stop(stop: impl Fn() -> bool) {
    const PAUSE: Duration = Duration::from_millis(50);
    while !stop() {
        tokio::time::sleep(PAUSE).await;
    }
}
