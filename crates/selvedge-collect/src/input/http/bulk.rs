//! The part of the Elasticsearch API that shippers need: `_bulk`, and the answers that Filebeat, Fluent Bit and
//! Vector ask for before they send.
//!
//! <https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk>

use std::fmt::Write;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Peer, Refusal, Shared};
use crate::intake::Gatherer;

/// The version whose API this is. Shippers refuse to send to one older than themselves.
const VERSION: &str = "8.19.0";
/// Shippers look for it to know that they talk to the right product.
const PRODUCT: (HeaderName, &str) = (HeaderName::from_static("x-elastic-product"), "Elasticsearch");

fn json(status: StatusCode, body: impl Into<String>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), PRODUCT];
    (status, headers, body.into()).into_response()
}

/// `GET /`.
pub(crate) async fn version(
    State(shared): State<Arc<Shared>>,
    peer: ConnectInfo<Peer>,
    headers: HeaderMap,
) -> Response {
    if shared.sender(&headers, &peer).is_err() {
        return json(StatusCode::UNAUTHORIZED, error_body(&Refusal::Token));
    }
    json(
        StatusCode::OK,
        format!(
            "{{\"name\":\"selvedge\",\"cluster_name\":\"selvedge\",\"cluster_uuid\":\"c2VsdmVkZ2Utc2VsdmVkZw\",\"version\":{{\"number\":\"{VERSION}\",\"build_flavor\":\"default\",\"lucene_version\":\"9.12.0\",\"minimum_wire_compatibility_version\":\"7.17.0\",\"minimum_index_compatibility_version\":\"7.0.0\"}},\"tagline\":\"You Know, for Search\"}}"
        ),
    )
}

/// `GET /_license`.
pub(crate) async fn license() -> Response {
    json(
        StatusCode::OK,
        "{\"license\":{\"status\":\"active\",\"uid\":\"selvedge\",\"type\":\"basic\",\"mode\":\"basic\"}}",
    )
}

/// `GET /_xpack`.
pub(crate) async fn xpack() -> Response {
    json(
        StatusCode::OK,
        "{\"license\":{\"type\":\"basic\",\"mode\":\"basic\",\"status\":\"active\"},\"features\":{\"ilm\":{\"available\":false,\"enabled\":false}}}",
    )
}

/// `GET /_cluster/health`.
pub(crate) async fn cluster_health() -> Response {
    json(StatusCode::OK, "{\"cluster_name\":\"selvedge\",\"status\":\"green\",\"number_of_nodes\":1}")
}

/// `GET /_nodes`.
pub(crate) async fn nodes() -> Response {
    json(
        StatusCode::OK,
        format!("{{\"nodes\":{{\"selvedge\":{{\"name\":\"selvedge\",\"version\":\"{VERSION}\"}}}}}}"),
    )
}

/// Templates, pipelines and policies: there is nothing to set up, and everything is as wished.
pub(crate) async fn acknowledged(method: Method) -> Response {
    match method {
        Method::GET | Method::HEAD => json(StatusCode::OK, "{}"),
        _ => json(StatusCode::OK, "{\"acknowledged\":true}"),
    }
}

fn error_body(refusal: &Refusal) -> String {
    let kind = match refusal {
        Refusal::Token => "security_exception",
        Refusal::Rate | Refusal::Busy => "es_rejected_execution_exception",
        Refusal::TooLarge(_) | Refusal::Malformed(_) => "illegal_argument_exception",
    };
    let error = serde_json::json!({ "type": kind, "reason": refusal.message() });
    serde_json::json!({ "error": error, "status": refusal.status().as_u16() }).to_string()
}

/// `POST /_bulk`.
pub(crate) async fn post(
    State(shared): State<Arc<Shared>>,
    peer: ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take(&shared, &peer, &headers, body).await {
        Ok(answer) => json(StatusCode::OK, answer),
        Err(refusal) => {
            let mut response = refusal.response("application/json", error_body(&refusal));
            response.headers_mut().insert(PRODUCT.0, header::HeaderValue::from_static(PRODUCT.1));
            response
        }
    }
}

async fn take(
    shared: &Shared,
    peer: &ConnectInfo<Peer>,
    headers: &HeaderMap,
    body: Body,
) -> Result<String, Refusal> {
    let sender = shared.sender(headers, peer)?;
    let text = shared.text(headers, body).await?;
    let mut gatherer = shared.gatherer(&sender);
    let items = read(&text.bytes, &mut gatherer)?;
    shared.store(gatherer, peer).await?;
    Ok(answer(&items))
}

/// What was done with one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    Index,
    Create,
    /// Updates and deletions make no sense for events.
    Unsupported,
}

#[derive(Deserialize)]
struct Action {
    index: Option<serde::de::IgnoredAny>,
    create: Option<serde::de::IgnoredAny>,
    update: Option<serde::de::IgnoredAny>,
    delete: Option<serde::de::IgnoredAny>,
}

/// Pairs of lines: an action, and for all but `delete` a document.
pub(crate) fn read(bytes: &[u8], gatherer: &mut Gatherer<'_>) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    let mut lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    while let Some((number, line)) = lines.next() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let malformed = |expected: &str| Refusal::Malformed(format!("line {number}: expected {expected}"));
        let action: Action =
            serde_json::from_slice(line).map_err(|_| malformed("an action such as {\"create\":{}}"))?;
        let item = match action {
            Action { index: Some(_), .. } => Item::Index,
            Action { create: Some(_), .. } => Item::Create,
            Action { update: Some(_), .. } | Action { delete: Some(_), .. } => Item::Unsupported,
            _ => return Err(malformed("`index` or `create`")),
        };
        items.push(item);
        if action.delete.is_some() {
            continue;
        }
        let document = lines.next().filter(|(_, document)| !document.trim_ascii().is_empty());
        let (_, document) = document.ok_or_else(|| malformed("a document after the action"))?;
        if item != Item::Unsupported {
            gatherer.push(document.strip_suffix(b"\r").unwrap_or(document), None, None);
        }
    }
    Ok(items)
}

fn answer(items: &[Item]) -> String {
    let has_errors = items.contains(&Item::Unsupported);
    let mut answer = format!("{{\"took\":0,\"errors\":{has_errors},\"items\":[");
    for (index, item) in items.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let (name, rest) = match item {
            Item::Index => ("index", "\"result\":\"created\",\"status\":201"),
            Item::Create => ("create", "\"result\":\"created\",\"status\":201"),
            Item::Unsupported => (
                "update",
                "\"status\":400,\"error\":{\"type\":\"illegal_argument_exception\",\"reason\":\"events are neither changed nor deleted\"}",
            ),
        };
        let _ = write!(
            answer,
            "{separator}{{\"{name}\":{{\"_index\":\"logs\",\"_id\":\"\",\"_version\":1,{rest}}}}}"
        );
    }
    answer.push_str("]}");
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_taken_and_the_answer_has_an_item_each() {
        let mut gatherer = Gatherer::new("i", "s", 0, 1 << 20);
        let body = b"{\"create\":{\"_index\":\"x\"}}\n{\"a\":1}\n\n{\"delete\":{\"_id\":\"1\"}}\n{\"index\":{}}\r\n{\"b\":2}\r\n";
        let items = read(body, &mut gatherer).unwrap();
        assert_eq!(items, [Item::Create, Item::Unsupported, Item::Index]);
        let frames = gatherer.finish();
        let lines: Vec<_> = frames[0].lines.iter().map(|line| line.bytes.as_slice()).collect();
        assert_eq!(lines, [b"{\"a\":1}", b"{\"b\":2}"]);
        let answer: serde_json::Value = serde_json::from_str(&answer(&items)).unwrap();
        assert_eq!(answer["errors"], true);
        assert_eq!(answer["items"][2]["index"]["status"], 201);
    }

    #[test]
    fn what_is_no_bulk_request_is_refused_with_its_line() {
        for (body, line) in [("{\"a\":1}\n{}\n", 1), ("{\"index\":{}}\n", 1), ("{\"index\":{}}\n{}\nx\n", 3)]
        {
            let refusal = read(body.as_bytes(), &mut Gatherer::new("i", "s", 0, 99)).unwrap_err();
            assert!(refusal.message().starts_with(&format!("line {line}:")), "{body}: {}", refusal.message());
        }
    }
}
