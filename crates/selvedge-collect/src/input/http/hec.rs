//! Splunk's HTTP Event Collector: `event` (a stream of JSON envelopes) and `raw` (lines).
//!
//! <https://docs.splunk.com/Documentation/Splunk/latest/RESTREF/RESTinput>

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use selvedge_logformat::records;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Peer, Refusal, Shared, ndjson};
use crate::intake::Gatherer;

fn answer(status: StatusCode, text: &str, code: u8) -> Response {
    let body = format!("{{\"text\":\"{text}\",\"code\":{code}}}");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Codes of the protocol.
fn refused(refusal: &Refusal) -> Response {
    let (text, code) = match refusal {
        Refusal::Token => ("Token is required", 2),
        Refusal::TooLarge(_) | Refusal::Malformed(_) => ("Invalid data format", 6),
        Refusal::Rate | Refusal::Busy => ("Server is busy", 9),
    };
    refusal.response("application/json", format!("{{\"text\":\"{text}\",\"code\":{code}}}"))
}

/// `GET /services/collector/health`.
pub(crate) async fn health() -> Response {
    answer(StatusCode::OK, "HEC is healthy", 17)
}

/// `POST /services/collector/event`.
pub(crate) async fn event(
    State(shared): State<Arc<Shared>>,
    peer: ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    respond(take(&shared, &peer, &headers, body, read).await)
}

/// `POST /services/collector/raw`.
pub(crate) async fn raw(
    State(shared): State<Arc<Shared>>,
    peer: ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let read = |bytes: &[u8], gatherer: &mut Gatherer<'_>| {
        ndjson::lines(bytes, gatherer);
        Ok(())
    };
    respond(take(&shared, &peer, &headers, body, read).await)
}

fn respond(taken: Result<u64, Refusal>) -> Response {
    match taken {
        Ok(0) => answer(StatusCode::BAD_REQUEST, "No data", 5),
        Ok(_) => answer(StatusCode::OK, "Success", 0),
        Err(refusal) => refused(&refusal),
    }
}

async fn take(
    shared: &Shared,
    peer: &ConnectInfo<Peer>,
    headers: &HeaderMap,
    body: Body,
    read: impl Fn(&[u8], &mut Gatherer<'_>) -> Result<(), Refusal>,
) -> Result<u64, Refusal> {
    let sender = shared.sender(headers, peer)?;
    let text = shared.text(headers, body).await?;
    let mut gatherer = shared.gatherer(&sender);
    read(&text.bytes, &mut gatherer)?;
    shared.store(gatherer, peer).await
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    event: &'a RawValue,
    #[serde(borrow)]
    host: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
}

/// Adds the event of each envelope: an object as it stands, a string as its text.
pub(crate) fn read(bytes: &[u8], gatherer: &mut Gatherer<'_>) -> Result<(), Refusal> {
    let malformed = |what: String| Refusal::Malformed(what);
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("no UTF-8".to_owned()))?;
    let (envelopes, error) = records::split(text);
    if let Some(error) = error {
        return Err(malformed(error.to_string()));
    }
    for envelope in envelopes {
        let envelope: Envelope<'_> =
            serde_json::from_str(envelope).map_err(|error| malformed(error.to_string()))?;
        let time = envelope.time.and_then(|time| seconds(time.get().trim_matches('"')));
        let host = envelope.host.as_deref().filter(|host| !host.is_empty());
        match serde_json::from_str::<Cow<'_, str>>(envelope.event.get()) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => gatherer.push(text.as_bytes(), time, host),
            Err(_) => gatherer.push(envelope.event.get().as_bytes(), time, host),
        }
    }
    Ok(())
}

/// Seconds with a fraction, in nanoseconds.
fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    whole.checked_mul(1_000_000_000)?.checked_add(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_one_after_the_other() {
        let mut gatherer = Gatherer::new("i", "s", 0, 1 << 20);
        let body = br#"{"time":1700000000.25,"host":"web1","event":{"a": 1}}{"event":"text \"here\"","time":"1700000001"}"#;
        read(body, &mut gatherer).unwrap();
        let frames = gatherer.finish();
        let [first, second] = &frames[0].lines[..] else { panic!("two lines") };
        assert_eq!(
            (first.bytes.as_slice(), first.time_ns, first.host.as_deref()),
            (&br#"{"a": 1}"#[..], Some(1_700_000_000_250_000_000), Some("web1"))
        );
        assert_eq!(
            (second.bytes.as_slice(), second.time_ns),
            (&b"text \"here\""[..], Some(1_700_000_001_000_000_000))
        );
    }

    #[test]
    fn other_bodies_are_refused() {
        for body in ["{", "{\"a\":1}", "\"x\"", "{\"event\":{}} x"] {
            assert!(read(body.as_bytes(), &mut Gatherer::new("i", "s", 0, 99)).is_err(), "{body}");
        }
    }
}
