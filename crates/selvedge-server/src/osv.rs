//! The routes of the OSV query API, version 1: <https://google.github.io/osv.dev/api/>.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

/// A longer request body is refused with 413. A batch of 1,000 queries, the most that the API takes, is about
/// 200 KB.
pub(crate) const BODY_BYTES_MAX: usize = 4 << 20;
/// A longer advisory identifier is none.
const ID_BYTES_MAX: usize = 128;

/// An answer: HTTP status and a JSON body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 200, 400 or 404.
    pub status: u16,
    /// JSON text.
    pub body: String,
}

/// Who knows the answers. Called from several threads; each call may take milliseconds of computing.
pub trait OsvAnswers: Send + Sync + 'static {
    /// `POST /v1/query`: the advisories for one package version or commit.
    fn query(&self, body: &[u8]) -> Answer;

    /// `POST /v1/querybatch`: identifiers of the advisories for many.
    fn query_batch(&self, body: &[u8]) -> Answer;

    /// `GET /v1/vulns/{id}`: one advisory.
    fn vulnerability(&self, id: &str) -> Answer;

    /// `GET /status`: what the database holds, for people and monitoring.
    fn status(&self) -> Answer;
}

type Shared = Arc<dyn OsvAnswers>;

pub(crate) fn routes(answers: Shared) -> Router {
    Router::new()
        .route("/v1/query", post(query))
        .route("/v1/querybatch", post(query_batch))
        .route("/v1/vulns/{id}", get(vulnerability))
        .route("/status", get(status))
        .fallback(unknown)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(answers)
}

async fn query(State(answers): State<Shared>, body: Bytes) -> Response {
    compute(move || answers.query(&body)).await
}

async fn query_batch(State(answers): State<Shared>, body: Bytes) -> Response {
    compute(move || answers.query_batch(&body)).await
}

async fn vulnerability(State(answers): State<Shared>, Path(id): Path<String>) -> Response {
    if id.len() > ID_BYTES_MAX {
        return failure(StatusCode::NOT_FOUND, 5, "Bug not found.");
    }
    compute(move || answers.vulnerability(&id)).await
}

async fn status(State(answers): State<Shared>) -> Response {
    compute(move || answers.status()).await
}

async fn unknown() -> Response {
    failure(
        StatusCode::NOT_FOUND,
        5,
        "no such path; there are /v1/query, /v1/querybatch, /v1/vulns/ID and /status",
    )
}

/// Runs the computation where it does not hold up other connections. A panic costs this request alone.
async fn compute(answer: impl FnOnce() -> Answer + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(answer).await {
        Ok(answer) => {
            let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, "application/json")], answer.body).into_response()
        }
        Err(_) => failure(StatusCode::INTERNAL_SERVER_ERROR, 13, "the query failed; please report it"),
    }
}

/// An error in the form of the public API: a gRPC code and a message.
pub(crate) fn failure(status: StatusCode, code: u8, message: &str) -> Response {
    let body = format!("{{\"code\":{code},\"message\":\"{message}\"}}");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
