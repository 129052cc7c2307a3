//! Health and metrics on loopback: `/health` as JSON, `/metrics` in the Prometheus text format 0.0.4.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use crate::deliver::OutputCounters;
use crate::input::Stop;
use crate::intake::InputCounters;
use crate::pipeline::PipelineCounters;
use crate::spool::Spool;

/// Beyond this share of its size the spool is said to be nearly full.
const FULL_PER_CENT: u64 = 90;

/// Name and help of a metric, and where it is counted.
type Read<C> = (&'static str, &'static str, fn(&C) -> &AtomicU64);

/// Everything that can be told about a running collector.
#[derive(Debug)]
pub struct Status {
    pub(crate) spool: Spool,
    pub(crate) inputs: BTreeMap<String, Arc<InputCounters>>,
    pub(crate) outputs: BTreeMap<String, Arc<OutputCounters>>,
    pub(crate) pipeline: Arc<PipelineCounters>,
}

/// What one look at a running collector gives.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Health {
    /// `ok` or `degraded`.
    pub status: &'static str,
    /// Why it is degraded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// Bytes in the spool.
    pub spool_bytes: u64,
    /// Frames that wait for the sinks.
    pub spool_waiting: u64,
    /// Events that every sink has.
    pub events: u64,
}

impl Status {
    /// How it goes.
    pub fn health(&self) -> Health {
        let spool = self.spool.stats();
        let mut problems: Vec<String> = self.pipeline.failing().into_iter().collect();
        if spool.bytes.saturating_mul(100) >= spool.bytes_max.saturating_mul(FULL_PER_CENT) {
            problems.push("the spool is nearly full".to_owned());
        }
        Health {
            status: if problems.is_empty() { "ok" } else { "degraded" },
            problems,
            spool_bytes: spool.bytes,
            spool_waiting: spool.next_sequence.saturating_sub(spool.oldest_needed),
            events: self.pipeline.events.load(Ordering::Relaxed),
        }
    }

    /// The metrics as text.
    pub fn metrics(&self) -> String {
        let mut text = String::new();
        let inputs: [Read<InputCounters>; 6] = [
            ("records_stored_total", "Records in the spool.", |counters| &counters.stored),
            ("bytes_stored_total", "Bytes of records in the spool.", |counters| &counters.stored_bytes),
            ("records_dropped_total", "Records dropped for want of room or over a rate.", |counters| {
                &counters.dropped
            }),
            ("loss_periods_total", "Periods in which records were dropped.", |counters| {
                &counters.loss_periods
            }),
            ("senders_refused_total", "Connections and requests refused.", |counters| &counters.refused),
            ("line_pieces_total", "Pieces of lines over the limit.", |counters| &counters.pieces),
        ];
        for (name, help, read) in inputs {
            let values = self.inputs.iter().map(|(input, counters)| (input, read(counters)));
            family(&mut text, name, help, "input", values);
        }
        let outputs: [Read<OutputCounters>; 3] = [
            ("alerts_delivered_total", "Alerts that an output took.", |counters| &counters.delivered),
            ("alerts_retried_total", "Tries to deliver that failed.", |counters| &counters.retried),
            ("alerts_rejected_total", "Alerts that an output refused for good.", |counters| {
                &counters.rejected
            }),
        ];
        for (name, help, read) in outputs {
            let values = self.outputs.iter().map(|(output, counters)| (output, read(counters)));
            family(&mut text, name, help, "output", values);
        }
        let pipeline = &self.pipeline;
        for (name, help, value) in [
            ("events_total", "Events that every sink has taken.", &pipeline.events),
            ("batches_total", "Batches they came in.", &pipeline.batches),
            ("events_unparsed_total", "Events that fit no format and are kept as text.", &pipeline.raw),
            ("events_lost_total", "Records that could not become events.", &pipeline.lost),
            ("sink_failures_total", "Tries of sinks that failed.", &pipeline.sink_failures),
        ] {
            single(&mut text, name, help, "counter", value.load(Ordering::Relaxed));
        }
        let spool = self.spool.stats();
        single(&mut text, "spool_bytes", "Bytes on disk in the spool.", "gauge", spool.bytes);
        single(&mut text, "spool_bytes_max", "Limit on them.", "gauge", spool.bytes_max);
        let waiting = spool.next_sequence.saturating_sub(spool.oldest_needed);
        single(&mut text, "spool_frames_waiting", "Frames that wait for the sinks.", "gauge", waiting);
        text
    }
}

fn family<'a>(
    text: &mut String,
    name: &str,
    help: &str,
    label: &str,
    values: impl Iterator<Item = (&'a String, &'a AtomicU64)>,
) {
    let _ = write!(text, "# HELP selvedge_{name} {help}\n# TYPE selvedge_{name} counter\n");
    for (owner, value) in values {
        // Names are letters, digits, `-`, `_` and `.`: nothing to escape.
        let _ = writeln!(text, "selvedge_{name}{{{label}=\"{owner}\"}} {}", value.load(Ordering::Relaxed));
    }
}

fn single(text: &mut String, name: &str, help: &str, kind: &str, value: u64) {
    let _ = write!(
        text,
        "# HELP selvedge_{name} {help}\n# TYPE selvedge_{name} {kind}\nselvedge_{name} {value}\n"
    );
}

/// Serves until stopped.
pub(crate) async fn serve(listener: TcpListener, status: Arc<Status>, stop: Stop) {
    let router =
        Router::new().route("/health", get(health)).route("/metrics", get(metrics)).with_state(status);
    let served = axum::serve(listener, router).with_graceful_shutdown(async move { stop.asked().await });
    // It ends by the stop; there is nobody to tell of anything else.
    let _ = served.await;
}

async fn health(State(status): State<Arc<Status>>) -> Response {
    let health = status.health();
    let code = if health.problems.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_string(&health).unwrap_or_default();
    (code, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn metrics(State(status): State<Arc<Status>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], status.metrics()).into_response()
}
