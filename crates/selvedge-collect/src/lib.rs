//! Takes logs from where they are, keeps them safe on the way, hands them on as event batches, and sends alerts
//! out.
//!
//! An input reads and gives [`spool::Frame`]s to its [`intake::Intake`]; a frame is acknowledged (a file's mark, an
//! HTTP 200) once it is in the [`spool::Spool`]. The [`pipeline`] reads the spool, parses, and gives
//! [`selvedge_event::EventBatch`]es to [`Sink`]s such as detection and the lake. Alerts go to [`deliver::Outputs`],
//! which have a spool of their own. Start reading at [`Collector::start`].

mod collector;
pub mod config;
pub mod deliver;
mod input;
pub mod intake;
pub mod once;
pub mod pipeline;
pub mod spool;
mod status;
pub mod tail;
pub mod tls;
mod wait;

pub use collector::{CollectError, Collector, Notice};
pub use config::LogsConfig;
pub use input::Stop;
pub use input::whole::WholeFormat;
pub use pipeline::{Sink, SinkError};
pub use status::{Health, Status};
