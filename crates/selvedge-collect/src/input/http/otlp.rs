//! OTLP/HTTP logs, JSON and protobuf: <https://opentelemetry.io/docs/specs/otlp/#otlphttp>.
//!
//! Each log record becomes one JSON object with the names of the protocol: `timeUnixNano`, `severityText`, `body`,
//! `attributes`, `resource`, `scope`, `traceId`, `spanId`. Attributes become plain objects.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use serde_json::{Map, Value, json};

use super::{Peer, Refusal, Shared};
use crate::intake::Gatherer;

/// Values nested deeper are left out; prost itself stops at 100.
const DEPTH_MAX: usize = 16;
const PROTOBUF: &str = "application/x-protobuf";

/// `POST /v1/logs`.
pub(crate) async fn post(
    State(shared): State<Arc<Shared>>,
    peer: ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_protobuf = kind.split(';').next().unwrap_or_default().trim() == PROTOBUF;
    match take(&shared, &peer, &headers, body, is_protobuf).await {
        // An empty message says that everything was taken.
        Ok(_) if is_protobuf => {
            (StatusCode::OK, [(header::CONTENT_TYPE, PROTOBUF)], Vec::<u8>::new()).into_response()
        }
        Ok(_) => (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], "{\"partialSuccess\":{}}")
            .into_response(),
        // A google.rpc.Status; 3 is its INVALID_ARGUMENT, 14 its UNAVAILABLE.
        Err(refusal) => {
            let code = if matches!(refusal, Refusal::Rate | Refusal::Busy) { 14 } else { 3 };
            refusal.response(
                "application/json",
                json!({ "code": code, "message": refusal.message() }).to_string(),
            )
        }
    }
}

async fn take(
    shared: &Shared,
    peer: &ConnectInfo<Peer>,
    headers: &HeaderMap,
    body: Body,
    is_protobuf: bool,
) -> Result<u64, Refusal> {
    let sender = shared.sender(headers, peer)?;
    let text = shared.text(headers, body).await?;
    let mut gatherer = shared.gatherer(&sender);
    if is_protobuf {
        read_protobuf(&text.bytes, &mut gatherer)?;
    } else {
        read_json(&text.bytes, &mut gatherer)?;
    }
    shared.store(gatherer, peer).await
}

/// Adds the records of an `ExportLogsServiceRequest` in JSON.
pub(crate) fn read_json(bytes: &[u8], gatherer: &mut Gatherer<'_>) -> Result<(), Refusal> {
    let request: Value =
        serde_json::from_slice(bytes).map_err(|error| Refusal::Malformed(error.to_string()))?;
    let list =
        |value: &'_ Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    if request.get("resourceLogs").is_none() {
        return Err(Refusal::Malformed("expected `resourceLogs`".to_owned()));
    }
    for resource_logs in list(&request, "resourceLogs") {
        let resource = json_attributes(resource_logs.pointer("/resource/attributes"), 0);
        for scope_logs in list(&resource_logs, "scopeLogs") {
            let scope = scope_logs.pointer("/scope/name").cloned();
            for mut record in list(&scope_logs, "logRecords") {
                let Some(members) = record.as_object_mut() else { continue };
                let attributes = json_attributes(members.get("attributes"), 0);
                let body = members.get("body").map(|body| json_value(body, 0));
                members.insert("attributes".to_owned(), attributes);
                members.insert("resource".to_owned(), resource.clone());
                members.extend(body.map(|body| ("body".to_owned(), body)));
                members.extend(scope.clone().map(|scope| ("scope".to_owned(), scope)));
                push(&record, gatherer);
            }
        }
    }
    Ok(())
}

fn push(record: &Value, gatherer: &mut Gatherer<'_>) {
    let number = |name: &str| {
        let value = record.get(name)?;
        let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        number.filter(|number| *number > 0)
    };
    let time = number("timeUnixNano").or_else(|| number("observedTimeUnixNano"));
    let host = record.pointer("/resource/host.name").and_then(Value::as_str).map(str::to_owned);
    gatherer.push(record.to_string().as_bytes(), time, host.as_deref());
}

/// `[{"key": …, "value": {"stringValue": …}}]` as an object.
fn json_attributes(list: Option<&Value>, depth: usize) -> Value {
    let pairs = list.and_then(Value::as_array).into_iter().flatten();
    let pairs = pairs.filter_map(|pair| {
        let key = pair.get("key")?.as_str()?.to_owned();
        Some((key, json_value(pair.get("value")?, depth + 1)))
    });
    Value::Object(pairs.collect())
}

fn json_value(value: &Value, depth: usize) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|members| members.iter().next()) else {
        return Value::Null;
    };
    match kind.as_str() {
        _ if depth > DEPTH_MAX => Value::Null,
        "kvlistValue" => json_attributes(inner.get("values"), depth),
        "arrayValue" => {
            let items = inner.get("values").and_then(Value::as_array).into_iter().flatten();
            Value::Array(items.map(|item| json_value(item, depth + 1)).collect())
        }
        _ => inner.clone(),
    }
}

/// Adds the records of an `ExportLogsServiceRequest` in protobuf.
pub(crate) fn read_protobuf(bytes: &[u8], gatherer: &mut Gatherer<'_>) -> Result<(), Refusal> {
    let request = Request::decode(bytes).map_err(|error| Refusal::Malformed(error.to_string()))?;
    for resource_logs in request.resource_logs {
        let resource = attributes(resource_logs.resource.unwrap_or_default().attributes, 0);
        for scope_logs in resource_logs.scope_logs {
            let scope = scope_logs.scope.unwrap_or_default().name;
            for record in scope_logs.log_records {
                push(&record_value(record, &resource, &scope), gatherer);
            }
        }
    }
    Ok(())
}

fn record_value(record: LogRecord, resource: &Value, scope: &str) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        let is_absent = matches!(&value, Value::Null) || value == json!("") || value == json!("0");
        if !is_absent {
            members.insert(name.to_owned(), value);
        }
    };
    put("timeUnixNano", json!(record.time_unix_nano.to_string()));
    put("observedTimeUnixNano", json!(record.observed_time_unix_nano.to_string()));
    put("severityText", json!(record.severity_text));
    put(
        "severityNumber",
        if record.severity_number == 0 { Value::Null } else { json!(record.severity_number) },
    );
    put("body", record.body.map_or(Value::Null, |body| any_value(body, 0)));
    put("traceId", json!(hexadecimal(&record.trace_id)));
    put("spanId", json!(hexadecimal(&record.span_id)));
    put("eventName", json!(record.event_name));
    put("scope", json!(scope));
    members.insert("attributes".to_owned(), attributes(record.attributes, 0));
    members.insert("resource".to_owned(), resource.clone());
    Value::Object(members)
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn attributes(pairs: Vec<KeyValue>, depth: usize) -> Value {
    let pairs = pairs.into_iter().map(|pair| {
        let value = pair.value.map_or(Value::Null, |value| any_value(value, depth + 1));
        (pair.key, value)
    });
    Value::Object(pairs.collect())
}

fn any_value(value: AnyValue, depth: usize) -> Value {
    match value.value {
        None => Value::Null,
        Some(_) if depth > DEPTH_MAX => Value::Null,
        Some(any::Value::Text(text)) => json!(text),
        Some(any::Value::Truth(truth)) => json!(truth),
        Some(any::Value::Integer(number)) => json!(number),
        Some(any::Value::Number(number)) => json!(number),
        Some(any::Value::Bytes(bytes)) => json!(STANDARD.encode(bytes)),
        Some(any::Value::List(list)) => {
            Value::Array(list.values.into_iter().map(|value| any_value(value, depth + 1)).collect())
        }
        Some(any::Value::Pairs(pairs)) => attributes(pairs.values, depth),
    }
}

// Messages and field numbers of opentelemetry-proto 1.x, `collector/logs/v1` and `logs/v1`, as far as used.

#[derive(Clone, PartialEq, Message)]
struct Request {
    #[prost(message, repeated, tag = "1")]
    resource_logs: Vec<ResourceLogs>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceLogs {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scope_logs: Vec<ScopeLogs>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeLogs {
    #[prost(message, optional, tag = "1")]
    scope: Option<Scope>,
    #[prost(message, repeated, tag = "2")]
    log_records: Vec<LogRecord>,
}

#[derive(Clone, PartialEq, Message)]
struct Scope {
    #[prost(string, tag = "1")]
    name: String,
}

#[derive(Clone, PartialEq, Message)]
struct LogRecord {
    #[prost(fixed64, tag = "1")]
    time_unix_nano: u64,
    #[prost(fixed64, tag = "11")]
    observed_time_unix_nano: u64,
    #[prost(int32, tag = "2")]
    severity_number: i32,
    #[prost(string, tag = "3")]
    severity_text: String,
    #[prost(message, optional, tag = "5")]
    body: Option<AnyValue>,
    #[prost(message, repeated, tag = "6")]
    attributes: Vec<KeyValue>,
    #[prost(bytes = "vec", tag = "9")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "10")]
    span_id: Vec<u8>,
    #[prost(string, tag = "12")]
    event_name: String,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "any::Value", tags = "1, 2, 3, 4, 5, 6, 7")]
    value: Option<any::Value>,
}

mod any {
    //! The kinds of value.

    use super::{AnyValue, KeyValue};

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct ListValue {
        #[prost(message, repeated, tag = "1")]
        pub(super) values: Vec<AnyValue>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct PairsValue {
        #[prost(message, repeated, tag = "1")]
        pub(super) values: Vec<KeyValue>,
    }

    #[derive(Clone, PartialEq, prost::Oneof)]
    pub(super) enum Value {
        #[prost(string, tag = "1")]
        Text(String),
        #[prost(bool, tag = "2")]
        Truth(bool),
        #[prost(int64, tag = "3")]
        Integer(i64),
        #[prost(double, tag = "4")]
        Number(f64),
        #[prost(message, tag = "5")]
        List(ListValue),
        #[prost(message, tag = "6")]
        Pairs(PairsValue),
        #[prost(bytes = "vec", tag = "7")]
        Bytes(Vec<u8>),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(
        read: impl Fn(&mut Gatherer<'_>) -> Result<(), Refusal>,
    ) -> Vec<(Value, Option<i64>, Option<String>)> {
        let mut gatherer = Gatherer::new("i", "s", 0, 1 << 20);
        read(&mut gatherer).unwrap();
        let frames = gatherer.finish();
        let lines = frames.iter().flat_map(|frame| &frame.lines);
        lines
            .map(|line| (serde_json::from_slice(&line.bytes).unwrap(), line.time_ns, line.host.clone()))
            .collect()
    }

    #[test]
    fn both_encodings_give_the_same_record() {
        let text = |text: &str| Some(AnyValue { value: Some(any::Value::Text(text.to_owned())) });
        let pair = |key: &str, value| KeyValue { key: key.to_owned(), value };
        let record = LogRecord {
            time_unix_nano: 1_700_000_000_000_000_001,
            severity_text: "WARN".to_owned(),
            body: text("hello"),
            attributes: vec![pair("user", text("x"))],
            trace_id: vec![0xab, 0x01],
            ..LogRecord::default()
        };
        let request = Request {
            resource_logs: vec![ResourceLogs {
                resource: Some(Resource { attributes: vec![pair("host.name", text("web1"))] }),
                scope_logs: vec![ScopeLogs {
                    scope: Some(Scope { name: "s".to_owned() }),
                    log_records: vec![record],
                }],
            }],
        };
        let bytes = request.encode_to_vec();
        let from_protobuf = lines(|gatherer| read_protobuf(&bytes, gatherer));
        let json = json!({"resourceLogs": [{"resource": {"attributes": [{"key": "host.name", "value": {"stringValue": "web1"}}]},
            "scopeLogs": [{"scope": {"name": "s"}, "logRecords": [{"timeUnixNano": "1700000000000000001", "severityText": "WARN",
            "body": {"stringValue": "hello"}, "attributes": [{"key": "user", "value": {"stringValue": "x"}}], "traceId": "ab01"}]}]}]});
        let from_json = lines(|gatherer| read_json(json.to_string().as_bytes(), gatherer));
        assert_eq!(from_protobuf, from_json);
        let (record, time, host) = &from_json[0];
        assert_eq!(
            (record["body"].as_str(), record["attributes"]["user"].as_str()),
            (Some("hello"), Some("x"))
        );
        assert_eq!((*time, host.as_deref()), (Some(1_700_000_000_000_000_001), Some("web1")));
    }

    #[test]
    fn other_bodies_are_refused() {
        for body in ["", "[]", "{}", "x"] {
            assert!(read_json(body.as_bytes(), &mut Gatherer::new("i", "s", 0, 99)).is_err(), "{body}");
        }
        assert!(read_protobuf(b"\x0a\xff", &mut Gatherer::new("i", "s", 0, 99)).is_err());
    }
}
