//! `POST /ingest/ndjson`: one record per line, JSON or any other format; or a JSON array of objects.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use selvedge_logformat::records;

use super::{Peer, Refusal, Shared};
use crate::intake::Gatherer;

pub(crate) async fn post(
    State(shared): State<Arc<Shared>>,
    peer: ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take(&shared, &peer, &headers, body).await {
        Ok(count) => (
            StatusCode::OK,
            [(header::CONTENT_TYPE, "application/json")],
            format!("{{\"accepted\":{count}}}"),
        )
            .into_response(),
        Err(refusal) => {
            let body = serde_json::json!({ "error": refusal.message() }).to_string();
            refusal.response("application/json", body)
        }
    }
}

async fn take(
    shared: &Shared,
    peer: &ConnectInfo<Peer>,
    headers: &HeaderMap,
    body: Body,
) -> Result<u64, Refusal> {
    let sender = shared.sender(headers, peer)?;
    let text = shared.text(headers, body).await?;
    let mut gatherer = shared.gatherer(&sender);
    if text.bytes.trim_ascii_start().starts_with(b"[{") {
        let text = std::str::from_utf8(&text.bytes).map_err(|_| Refusal::Malformed("no UTF-8".to_owned()))?;
        let (records, error) = records::split(text);
        if let Some(error) = error {
            return Err(Refusal::Malformed(format!("no JSON array: {error}")));
        }
        for record in records {
            gatherer.push(record.as_bytes(), None, None);
        }
    } else {
        lines(&text.bytes, &mut gatherer);
    }
    shared.store(gatherer, peer).await
}

/// Adds each line that is not blank.
pub(super) fn lines(bytes: &[u8], gatherer: &mut Gatherer<'_>) {
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.trim_ascii().is_empty() {
            gatherer.push(line, None, None);
        }
    }
}
