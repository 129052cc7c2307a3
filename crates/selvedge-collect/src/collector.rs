//! Everything together: inputs, spool, pipeline, outputs, and their end.
//!
//! [`Collector::start`] opens the spool and starts what the configuration names; [`Collector::stop`] ends inputs
//! first, then hands on what the spool still holds, then lets the outputs go.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use selvedge_model::Diagnostic;
use tokio::net::{TcpListener, UdpSocket};
use tokio::runtime::Runtime;

use crate::config::{HttpInput, InputConfig, InputKind, LogsConfig, StartAt, SyslogInput};
use crate::deliver::{Outputs, OutputsError};
use crate::input::http::{self, HttpLimits};
use crate::input::journald::{self, JournaldOptions};
use crate::input::syslog::{self, SyslogLimits};
use crate::input::whole::WholeFiles;
use crate::input::{Stop, files, now_ns, stream};
use crate::intake::{Intake, LossNotice};
use crate::pipeline::{Parser, Pipeline, PipelineCounters, RecordReader, Sink};
use crate::spool::{LINES_MAX, Spool, SpoolError, SpoolNotice, SpoolOptions};
use crate::status::{self, Status};
use crate::tail::{Tail, TailOptions};
use crate::tls::{self, TlsError};

/// Network threads.
const NETWORK_THREADS: usize = 2;
/// Notices that are kept for the owner; later ones are counted only.
const NOTICES_MAX: usize = 1_000;
/// A new spool's first frame number grows by this much per second, so that a spool that was deleted and made
/// again does not use numbers again unless it stored more frames per second all the time.
const SEQUENCES_PER_SECOND: u64 = 1_024;
/// Inputs get this long to store what they hold when stopping.
const INPUT_PATIENCE: Duration = Duration::from_secs(5);
/// Open connections get this long to end when stopping.
const NETWORK_PATIENCE: Duration = Duration::from_secs(10);

/// Why a collector cannot start.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The spool cannot be opened.
    #[error("cannot open the spool")]
    Spool(#[from] SpoolError),
    /// The outputs cannot start.
    #[error("cannot start the outputs")]
    Outputs(#[from] OutputsError),
    /// The runtime or a thread cannot be started.
    #[error("cannot start threads")]
    Threads(#[source] std::io::Error),
    /// An address is taken or not ours.
    #[error("input `{input}`: cannot listen on {address}")]
    Listen {
        /// The input, or `status`.
        input: String,
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// TLS cannot be offered.
    #[error("input `{input}`")]
    Tls {
        /// The input.
        input: String,
        /// Why.
        #[source]
        source: TlsError,
    },
    /// Something else of an input is wrong.
    #[error("input `{input}`: {message}")]
    Input {
        /// The input.
        input: String,
        /// What.
        message: String,
    },
}

/// Something the owner should tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Records are being lost, or no longer.
    Loss(LossNotice),
    /// The spool could not keep or give back something.
    Spool(SpoolNotice),
    /// An input met something that it could not read.
    Diagnostic {
        /// The input.
        input: String,
        /// What.
        diagnostic: Diagnostic,
    },
    /// An input ended although nobody asked it to: standard input that is at its end, a journal without
    /// `journalctl`.
    Ended {
        /// The input.
        input: String,
        /// Why, if not because there is no more.
        reason: Option<String>,
    },
}

#[derive(Debug, Default)]
struct Notices {
    kept: Mutex<(Vec<Notice>, u64)>,
}

impl Notices {
    fn push(&self, notice: Notice) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0.len() < NOTICES_MAX { kept.0.push(notice) } else { kept.1 += 1 }
    }
}

/// A collector that runs.
pub struct Collector {
    status: Arc<Status>,
    spool: Spool,
    intakes: Vec<Intake>,
    notices: Arc<Notices>,
    /// Asks inputs to end, then the pipeline.
    stop_inputs: Stop,
    stop_pipeline: Stop,
    threads: Vec<JoinHandle<()>>,
    pipeline: Option<JoinHandle<()>>,
    runtime: Option<Runtime>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    /// Serves the status until the very end.
    status_task: Option<tokio::task::JoinHandle<()>>,
    outputs: Option<Arc<Outputs>>,
    addresses: BTreeMap<String, SocketAddr>,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

impl Collector {
    /// Opens the outputs of a configuration: made before the sinks, which send alerts to them.
    pub fn outputs(config: &LogsConfig, base: &Path) -> Result<Arc<Outputs>, CollectError> {
        let directory = base.join(&config.directory).join("alerts");
        Ok(Arc::new(Outputs::start(&directory, &config.outputs, first_sequence())?))
    }

    /// Starts everything. Relative paths are relative to `base`.
    pub fn start(
        config: &LogsConfig,
        base: &Path,
        sinks: Vec<Box<dyn Sink>>,
        outputs: Option<Arc<Outputs>>,
    ) -> Result<Self, CollectError> {
        let spool = Spool::open(SpoolOptions {
            bytes_max: config.spool_bytes,
            memory_bytes_max: usize::try_from(config.memory_bytes).unwrap_or(usize::MAX),
            first_sequence: first_sequence(),
            ..SpoolOptions::at(base.join(&config.directory).join("spool"))
        })?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(NETWORK_THREADS)
            .enable_all()
            .build()
            .map_err(CollectError::Threads)?;
        let intakes: Vec<Intake> = config
            .inputs
            .iter()
            .map(|input| Intake::new(&input.common.name, spool.clone(), input.common.when_full))
            .collect();
        let pipeline_counters = Arc::new(PipelineCounters::default());
        let status = Arc::new(Status {
            spool: spool.clone(),
            inputs: intakes.iter().map(|i| (i.name().to_owned(), Arc::clone(i.counters()))).collect(),
            outputs: outputs.as_ref().map(|outputs| outputs.counters().clone()).unwrap_or_default(),
            pipeline: Arc::clone(&pipeline_counters),
        });
        let mut collector = Self {
            status,
            spool,
            intakes,
            notices: Arc::default(),
            stop_inputs: Stop::default(),
            stop_pipeline: Stop::default(),
            threads: Vec::new(),
            pipeline: None,
            runtime: Some(runtime),
            tasks: Vec::new(),
            status_task: None,
            outputs,
            addresses: BTreeMap::new(),
        };
        let started = collector.start_all(config, base, sinks, pipeline_counters);
        match started {
            Ok(()) => Ok(collector),
            Err(error) => {
                collector.stop();
                Err(error)
            }
        }
    }

    fn start_all(
        &mut self,
        config: &LogsConfig,
        base: &Path,
        sinks: Vec<Box<dyn Sink>>,
        counters: Arc<PipelineCounters>,
    ) -> Result<(), CollectError> {
        let mut readers = BTreeMap::new();
        for input in &config.inputs {
            readers.insert(input.common.name.clone(), record_reader(input)?);
        }
        let pipeline = Pipeline {
            reader: self.spool.reader("pipeline")?,
            parser: Parser::new(readers),
            sinks,
            counters,
            stop: self.stop_pipeline.clone(),
            is_whole: true,
        };
        let thread = std::thread::Builder::new().name("pipeline".to_owned());
        self.pipeline = Some(thread.spawn(move || pipeline.run()).map_err(CollectError::Threads)?);
        if let Some(address) = config.status {
            let listener = self.listen("status", address)?;
            let serving = status::serve(listener, Arc::clone(&self.status), self.stop_pipeline.clone());
            self.spawn(serving);
            self.status_task = self.tasks.pop();
        }
        for (input, intake) in config.inputs.iter().zip(self.intakes.clone()) {
            self.start_input(input, &intake, base)?;
        }
        Ok(())
    }

    fn start_input(&mut self, input: &InputConfig, intake: &Intake, base: &Path) -> Result<(), CollectError> {
        let name = &input.common.name;
        let wrong = |message: String| CollectError::Input { input: name.clone(), message };
        let line_bytes = input.common.line_bytes.0 as usize;
        let stop = self.stop_inputs.clone();
        let task_intake = intake.clone();
        match &input.kind {
            InputKind::File(file) => {
                let options = TailOptions {
                    exclude: absolute(base, &file.exclude),
                    from_beginning: file.start == StartAt::Beginning,
                    join: file.join(&input.common.format).map_err(wrong)?,
                    line_bytes_max: line_bytes,
                    is_finished: file.finished,
                    ..TailOptions::new(name, absolute(base, &file.include))
                };
                let tail = Tail::new(options, &self.spool.marks(&Tail::mark_prefix(name))).map_err(wrong)?;
                let poll = Duration::from_millis(file.poll_ms.max(1));
                self.follow(tail, poll, task_intake)
            }
            InputKind::Whole(whole) => {
                let marks = self.spool.marks(&WholeFiles::mark_prefix(name));
                let (include, exclude) = (absolute(base, &whole.include), absolute(base, &whole.exclude));
                let files = WholeFiles::new(name, whole.format, &include, &exclude, line_bytes, &marks);
                self.follow(files.map_err(wrong)?, Duration::from_millis(250), task_intake)
            }
            InputKind::Stdin => {
                let notices = Arc::clone(&self.notices);
                let thread = std::thread::Builder::new().name("input-stdin".to_owned());
                // Not joined: a read of standard input cannot be ended from here.
                thread
                    .spawn(move || {
                        let ended = stream::run(std::io::stdin(), "stdin", &task_intake, line_bytes);
                        let reason = ended.err().map(|error| error.to_string());
                        notices.push(Notice::Ended { input: task_intake.name().to_owned(), reason });
                    })
                    .map_err(CollectError::Threads)?;
                Ok(())
            }
            InputKind::Journald(journal) => {
                let options = JournaldOptions {
                    units: journal.units.clone(),
                    directory: journal.directory.as_ref().map(|directory| base.join(directory)),
                    from_beginning: journal.start == StartAt::Beginning,
                };
                let marks = self.spool.marks(&journald::mark_name(name));
                let notices = Arc::clone(&self.notices);
                self.thread(name, move || {
                    if let Err(error) = journald::run(&options, &task_intake, &marks, &stop) {
                        let reason = Some(format!("cannot start journalctl: {error}"));
                        notices.push(Notice::Ended { input: task_intake.name().to_owned(), reason });
                    }
                })
            }
            InputKind::Syslog(config) => self.start_syslog(name, config, line_bytes, &task_intake, base),
            InputKind::Http(config) => self.start_http(name, config, line_bytes, task_intake, base),
        }
    }

    fn start_syslog(
        &mut self,
        name: &str,
        config: &SyslogInput,
        line_bytes_max: usize,
        intake: &Intake,
        base: &Path,
    ) -> Result<(), CollectError> {
        let limits = SyslogLimits {
            line_bytes_max,
            connections_max: config.connections_max,
            connections_per_address_max: config.connections_per_address_max,
            records_per_second_max: config.records_per_second_max,
            idle_time_max: Duration::from_secs(config.idle_seconds_max),
        };
        if let Some(address) = config.udp {
            let error = |source| CollectError::Listen { input: name.to_owned(), address, source };
            let socket = self.block_on(UdpSocket::bind(address)).map_err(error)?;
            let bound = socket.local_addr().map_err(error)?;
            self.addresses.insert(format!("{name}/udp"), bound);
            self.spawn(syslog::serve_udp(socket, intake.clone(), limits.clone(), self.stop_inputs.clone()));
        }
        if let Some(address) = config.tcp {
            let tls = acceptor(name, config.tls.as_ref(), base)?;
            let listener = self.listen(name, address)?;
            let stop = self.stop_inputs.clone();
            self.spawn(syslog::serve_tcp(listener, tls, intake.clone(), limits, stop));
        }
        Ok(())
    }

    fn start_http(
        &mut self,
        name: &str,
        config: &HttpInput,
        line_bytes_max: usize,
        intake: Intake,
        base: &Path,
    ) -> Result<(), CollectError> {
        let mut tokens = Vec::new();
        for token in &config.tokens {
            let value = token.token.read();
            let value = value.map_err(|message| CollectError::Input { input: name.to_owned(), message })?;
            tokens.push((token.name.clone(), value));
        }
        let limits = HttpLimits {
            body_bytes_max: config.body_bytes.0 as usize,
            text_bytes_max: config.text_bytes.0 as usize,
            line_bytes_max,
            connections_max: config.connections_max,
            connections_per_address_max: config.connections_per_address_max,
            records_per_second_max: config.records_per_second_max,
            idle_time_max: Duration::from_secs(config.idle_seconds_max),
        };
        let tls = acceptor(name, config.tls.as_ref(), base)?;
        let listener = self.listen(name, config.address)?;
        let stop = self.stop_inputs.clone();
        self.spawn(async move { http::serve(listener, tls, intake, limits, &tokens, stop).await });
        Ok(())
    }

    fn listen(&mut self, name: &str, address: SocketAddr) -> Result<TcpListener, CollectError> {
        let error = |source| CollectError::Listen { input: name.to_owned(), address, source };
        let listener = self.block_on(TcpListener::bind(address)).map_err(error)?;
        let bound = listener.local_addr().map_err(error)?;
        self.addresses.insert(name.to_owned(), bound);
        Ok(listener)
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("the runtime lives until `stop` takes the collector").block_on(future)
    }

    fn spawn(&mut self, future: impl Future<Output = ()> + Send + 'static) {
        let runtime = self.runtime.as_ref().expect("the runtime lives until `stop` takes the collector");
        self.tasks.push(runtime.spawn(future));
    }

    fn thread(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), CollectError> {
        let thread = std::thread::Builder::new().name(format!("input-{name}")).spawn(run);
        self.threads.push(thread.map_err(CollectError::Threads)?);
        Ok(())
    }

    fn follow(
        &mut self,
        pass: impl files::Pass + Send + 'static,
        poll: Duration,
        intake: Intake,
    ) -> Result<(), CollectError> {
        let (stop, notices) = (self.stop_inputs.clone(), Arc::clone(&self.notices));
        let name = intake.name().to_owned();
        self.thread(&name, move || {
            let diagnose = |diagnostics: Vec<Diagnostic>| {
                for diagnostic in diagnostics {
                    notices.push(Notice::Diagnostic { input: intake.name().to_owned(), diagnostic });
                }
            };
            files::run(pass, &intake, poll, &stop, &diagnose);
        })
    }

    /// The addresses that are listened on: `NAME` and `NAME/udp` of inputs, `status`.
    pub fn addresses(&self) -> &BTreeMap<String, SocketAddr> {
        &self.addresses
    }

    /// Health and metrics, as the status address serves them.
    pub fn status(&self) -> &Arc<Status> {
        &self.status
    }

    /// What happened since the last call that someone should know, and how many notices more than are kept.
    pub fn take_notices(&self) -> (Vec<Notice>, u64) {
        for intake in &self.intakes {
            for loss in intake.take_loss_notices(Instant::now()) {
                self.notices.push(Notice::Loss(loss));
            }
        }
        let (spool, more) = self.spool.take_notices();
        for notice in spool {
            self.notices.push(Notice::Spool(notice));
        }
        let mut kept = self.notices.kept.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut kept.0), std::mem::take(&mut kept.1) + more)
    }

    /// Whether the sinks hold everything that was stored.
    pub fn is_idle(&self) -> bool {
        let stats = self.spool.stats();
        stats.oldest_needed >= stats.next_sequence
    }

    /// Ends: inputs first, then what the spool holds is handed on, then outputs. Sinks that fail are not waited
    /// for; what they lack is in the spool at the next start.
    pub fn stop(mut self) {
        self.stop_inputs.ask();
        let deadline = Instant::now() + INPUT_PATIENCE;
        let is_busy = |collector: &Self| {
            collector.threads.iter().any(|thread| !thread.is_finished())
                || collector.tasks.iter().any(|task| !task.is_finished())
        };
        while is_busy(&self) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Inputs that still wait for room are let go: what they hold was never acknowledged.
        self.spool.close();
        for thread in self.threads.drain(..) {
            // An input that panicked is not there to be waited for; its records are in the spool.
            let _ = thread.join();
        }
        self.stop_pipeline.ask();
        if let Some(runtime) = self.runtime.take() {
            let tasks = std::mem::take(&mut self.tasks);
            let status_task = self.status_task.take();
            runtime.block_on(async {
                let ended = async {
                    for task in tasks.into_iter().chain(status_task) {
                        let _ = task.await;
                    }
                };
                let _ = tokio::time::timeout(NETWORK_PATIENCE, ended).await;
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
        if let Some(pipeline) = self.pipeline.take() {
            // One that panicked has committed nothing it should not have.
            let _ = pipeline.join();
        }
        if let Some(outputs) = self.outputs.take().and_then(Arc::into_inner) {
            outputs.stop();
        }
    }
}

/// A number for the first frame of a spool that does not exist yet.
fn first_sequence() -> u64 {
    let seconds = u64::try_from(now_ns() / 1_000_000_000).unwrap_or(0);
    // Positions are numbers times the lines of a frame, and must stay below 2^63.
    (seconds * SEQUENCES_PER_SECOND).min(i64::MAX as u64 / LINES_MAX as u64 / 2)
}

fn absolute(base: &Path, patterns: &[String]) -> Vec<String> {
    patterns.iter().map(|pattern| base.join(pattern).to_string_lossy().into_owned()).collect()
}

fn acceptor(
    name: &str,
    config: Option<&tls::TlsConfig>,
    base: &Path,
) -> Result<Option<tokio_rustls::TlsAcceptor>, CollectError> {
    let Some(config) = config else { return Ok(None) };
    let config = tls::TlsConfig {
        certificate: base.join(&config.certificate),
        key: base.join(&config.key),
        client_ca: config.client_ca.as_ref().map(|path: &PathBuf| base.join(path)),
    };
    tls::acceptor(&config).map(Some).map_err(|source| CollectError::Tls { input: name.to_owned(), source })
}

fn record_reader(input: &InputConfig) -> Result<RecordReader, CollectError> {
    let common = &input.common;
    let zone = match common.timezone.as_deref() {
        None | Some("UTC") => TimeZone::UTC,
        Some(name) => TimeZone::get(name).map_err(|error| CollectError::Input {
            input: common.name.clone(),
            message: format!("`timezone`: {error}"),
        })?,
    };
    let is_journal = matches!(input.kind, InputKind::Journald(_));
    let linux = is_journal.then(|| "linux".to_owned());
    Ok(RecordReader {
        format: input.format.clone(),
        zone,
        product: common.product.clone().or(linux),
        category: common.category.clone(),
        service: common.service.clone(),
    })
}
