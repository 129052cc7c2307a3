//! `selvedge logs tail`: follows files, prints their lines or the alerts about them.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use selvedge_collect::config::{CommonInput, FileInput, InputConfig, InputKind, Size, StartAt};
use selvedge_collect::{Collector, LogsConfig, Sink, SinkError};
use selvedge_detect::Detector;
use selvedge_event::{Envelope, EventBatch};

use crate::alert_sink::{AlertSink, Destination};
use crate::cli_logs::TailArgs;
use crate::commands::logs_collect::{STATE_FILE, watch};
use crate::detection::RuleWatch;
use crate::detection_rules::DetectionRules;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::{Terminal, printable};
use crate::{Exit, interrupt, output};

/// Name of the input.
const INPUT: &str = "tail";
/// Bytes on disk that lines may take on their way.
const SPOOL_BYTES: u64 = 256 << 20;
/// Bytes of lines that wait in memory.
const MEMORY_BYTES: u64 = 32 << 20;
/// A longer line is cut into pieces.
const LINE_BYTES: u64 = 256 << 10;
/// How often to look for new lines, in milliseconds.
const POLL_MS: u64 = 50;

/// Runs the command.
pub(crate) fn run(arguments: &TailArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().context("the current folder cannot be found")?;
    let stop = interrupt::install();
    let temporary = tempfile::tempdir().context("cannot create a temporary folder")?;
    let directory = match &arguments.state {
        Some(folder) => std::path::absolute(folder).context("cannot find the folder of the state")?,
        None => temporary.path().to_owned(),
    };
    std::fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))?;
    let mut rules_watch = None;
    let sink: Box<dyn Sink> = if arguments.alerts {
        let project = Project::load(&here, &PolicyArguments::default(), &settings::environment())?;
        let loaded = DetectionRules::load(&arguments.rules)?;
        for diagnostic in &loaded.diagnostics {
            terminal.warn(&diagnostic.to_string());
        }
        let key = project.key.clone();
        let detector = Detector::new(loaded.rules, key.clone());
        let state = directory.join(STATE_FILE);
        let sink = AlertSink::open(detector, Destination::Screen, project, state, *terminal);
        rules_watch = Some(RuleWatch::new(&arguments.rules, key, sink.new_rules()));
        Box::new(sink)
    } else {
        Box::new(LineSink { names_files: arguments.paths.len() > 1 })
    };
    let config = config(arguments, directory);
    let collector = Collector::start(&config, &here, vec![sink], None)?;
    watch(&collector, config.inputs.len(), &stop, rules_watch.as_mut(), terminal);
    collector.stop();
    Ok(Exit::Pass)
}

fn config(arguments: &TailArgs, directory: PathBuf) -> LogsConfig {
    let include = arguments.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let name = arguments.kind.input_format.to_possible_value();
    let common = CommonInput {
        name: INPUT.to_owned(),
        kind: "file".to_owned(),
        when_full: selvedge_collect::intake::WhenFull::Block,
        format: name.map_or_else(|| "auto".to_owned(), |name| name.get_name().to_owned()),
        patterns: Vec::new(),
        blocks: std::collections::BTreeMap::new(),
        columns: Vec::new(),
        delimiter: None,
        pair_separator: None,
        value_separator: None,
        timezone: None,
        product: arguments.kind.product.clone(),
        category: arguments.kind.category.clone(),
        service: arguments.kind.service.clone(),
        line_bytes: Size(LINE_BYTES),
    };
    let file = FileInput {
        include,
        exclude: Vec::new(),
        start: if arguments.from_beginning { StartAt::Beginning } else { StartAt::End },
        finished: false,
        join: None,
        join_start: None,
        poll_ms: POLL_MS,
    };
    let format = arguments.kind.input_format.format();
    LogsConfig {
        directory,
        spool_bytes: SPOOL_BYTES,
        memory_bytes: MEMORY_BYTES,
        status: None,
        inputs: vec![InputConfig { common, format, kind: InputKind::File(file) }],
        outputs: Vec::new(),
    }
}

/// Prints lines as they come.
struct LineSink {
    names_files: bool,
}

impl Sink for LineSink {
    fn name(&self) -> &'static str {
        "screen"
    }

    fn position(&self) -> Option<u64> {
        None
    }

    fn take(&mut self, batch: &EventBatch, _next: u64) -> Result<(), SinkError> {
        let mut text = String::new();
        for row in 0..batch.len() {
            if self.names_files {
                let source = batch.text(Envelope::Source).and_then(|source| source.get(row));
                text += source.unwrap_or_default();
                text += ": ";
            }
            text += &printable(&String::from_utf8_lossy(batch.raw().value(row)));
            text.push('\n');
        }
        output::print(&text).map_err(|error| SinkError(format!("{error:#}")))
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}
