//! `selvedge logs collect`: the collector in the foreground, with detection behind it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use selvedge_collect::intake::LossNotice;
use selvedge_collect::spool::SpoolNotice;
use selvedge_collect::{Collector, LogsConfig, Notice, Sink};
use selvedge_detect::Detector;

use crate::alert_sink::{AlertSink, Destination};
use crate::cli_logs::CollectArgs;
use crate::detection::RuleWatch;
use crate::detection_rules::DetectionRules;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::Terminal;
use crate::{Exit, files, interrupt};

/// How often notices are looked for.
const NOTICES_EVERY: Duration = Duration::from_millis(200);

/// The file that keeps the state of correlations, beside the spool.
pub(crate) const STATE_FILE: &str = "detection.json";

/// Runs the command.
pub(crate) fn run(arguments: &CollectArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let file = std::path::absolute(&arguments.config)
        .with_context(|| format!("cannot find {}", arguments.config.display()))?;
    let config = config(&file, &arguments.config.to_string_lossy())?;
    let base = file.parent().unwrap_or(Path::new("/")).to_owned();
    let policy = PolicyArguments { config: Some(&file), policy_from: None };
    let project = Project::load(&base, &policy, &settings::environment())?;
    let loaded = DetectionRules::load(&arguments.rules)?;
    for diagnostic in &loaded.diagnostics {
        terminal.warn(&diagnostic.to_string());
    }
    let key = project.key.clone();
    let detector = Detector::new(loaded.rules, key.clone());
    let rules = detector.rules().len();
    let stop = interrupt::install();
    let directory = base.join(&config.directory);
    std::fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))?;
    let outputs = Collector::outputs(&config, &base)?;
    let destination = if config.outputs.is_empty() {
        terminal.note("no `[[logs.output]]` is configured: alerts are printed");
        Destination::Screen
    } else {
        Destination::Outputs(Arc::clone(&outputs))
    };
    let state = directory.join(STATE_FILE);
    let sink = AlertSink::open(detector, destination, project, state, *terminal);
    let mut rules_watch = RuleWatch::new(&arguments.rules, key, sink.new_rules());
    let sinks: Vec<Box<dyn Sink>> = vec![Box::new(sink)];
    let collector = Collector::start(&config, &base, sinks, Some(outputs))?;
    for (name, address) in collector.addresses() {
        terminal.note(&format!("{name} listens on {address}"));
    }
    terminal.note(&format!("collecting from {} inputs, {rules} detection rules", config.inputs.len()));
    watch(&collector, config.inputs.len(), &stop, Some(&mut rules_watch), terminal);
    terminal.note("stopping");
    collector.stop();
    Ok(Exit::Pass)
}

/// The `[logs]` table of the file.
fn config(file: &Path, shown: &str) -> anyhow::Result<LogsConfig> {
    let text = files::read(file)?;
    let config = LogsConfig::parse(&text, shown).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })?;
    let config = config.with_context(|| format!("{shown} has no `[logs]` table"))?;
    anyhow::ensure!(!config.inputs.is_empty(), "{shown} names no `[[logs.input]]`");
    Ok(config)
}

/// Tells what happens until the stop is asked for, or every input has come to its end.
pub(crate) fn watch(
    collector: &Collector,
    inputs: usize,
    stop: &AtomicBool,
    mut rules: Option<&mut RuleWatch>,
    terminal: &Terminal,
) {
    let mut ended = 0;
    loop {
        let is_over = ended == inputs && collector.is_idle();
        if is_over || stop.load(Ordering::SeqCst) {
            return;
        }
        let (notices, more) = collector.take_notices();
        for notice in &notices {
            ended += usize::from(matches!(notice, Notice::Ended { .. }));
            tell(notice, terminal);
        }
        if more > 0 {
            terminal.warn(&format!("{more} more notices"));
        }
        if let Some(rules) = rules.as_deref_mut() {
            rules.look(terminal);
        }
        std::thread::sleep(NOTICES_EVERY);
    }
}

fn tell(notice: &Notice, terminal: &Terminal) {
    match notice {
        Notice::Loss(LossNotice::Began { input }) => {
            terminal.warn(&format!("input `{input}` is losing records"));
        }
        Notice::Loss(LossNotice::Ended { input, records }) => {
            terminal.warn(&format!("input `{input}` lost {records} records, and no longer loses any"));
        }
        Notice::Spool(SpoolNotice::TornTail { segment, bytes }) => terminal.note(&format!(
            "{bytes} bytes that were being written when the last run ended are cut off {segment}"
        )),
        Notice::Spool(SpoolNotice::Damaged { segment, frames }) => {
            terminal.warn(&format!("{frames} frames of {segment} are damaged and lost"));
        }
        Notice::Diagnostic { input, diagnostic } => {
            terminal.warn(&format!("input `{input}`: {diagnostic}"));
        }
        Notice::Ended { input, reason: Some(reason) } => {
            terminal.warn(&format!("input `{input}` ended: {reason}"));
        }
        Notice::Ended { input, reason: None } => terminal.note(&format!("input `{input}` is at its end")),
    }
}
