//! `selvedge logs detect`: files in, findings out, as `check` gives them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use selvedge_collect::once::{self, OnceRead, OnceRecord};
use selvedge_collect::pipeline::{Parser, PipelineCounters};
use selvedge_collect::spool::LineView;
use selvedge_detect::{Alert, CorrelationNotices, Detector, RuleCount, Session, Settings};
use selvedge_gate::config::Overlay;
use selvedge_logformat::{Format, Join};
use selvedge_model::{Diagnostic, DiagnosticKind, Engine, Finding, Fingerprint, RunInfo, Stats};
use selvedge_scan::{JudgeInput, Looked, Progress, judge};
use selvedge_secrets::RuleSet;

use crate::cli_logs::{DetectArgs, LogKindArgs};
use crate::commands::check::today;
use crate::commands::logs::readers;
use crate::detection_rules::DetectionRules;
use crate::progress::ProgressLine;
use crate::settings::{self, PolicyArguments, Project, text};
use crate::terminal::Terminal;
use crate::{Exit, interrupt, output};

/// Different findings beyond these are counted only.
const FINDINGS_MAX: usize = 100_000;
/// Folders nested deeper are not entered.
const DEPTH_MAX: usize = 32;
/// More files are not read.
const FILES_MAX: usize = 1_000_000;
/// Name of the inputs in the parser.
const TEXT_INPUT: &str = "text";
const EVTX_INPUT: &str = "evtx";

/// Runs the command.
pub(crate) fn run(arguments: &DetectArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let project = project(arguments)?;
    let formats =
        if arguments.format.is_empty() { &project.settings().output.formats } else { &arguments.format };
    let targets = output::targets(formats)?;
    let loaded = DetectionRules::load(&arguments.rules)?;
    let detector = Detector::new(loaded.rules, project.key.clone());
    let stop = interrupt::install();
    let progress = Arc::new(Progress::default());
    let line = ProgressLine::start(terminal, &progress);
    let mut run = Run::new(&detector, &arguments.kind, &stop, &progress);
    for path in &arguments.paths {
        run.path(path)?;
    }
    run.end();
    drop(line);
    if stop.load(Ordering::SeqCst) {
        return Ok(Exit::Interrupted);
    }
    let counts = run.session.counts();
    let events = run.events;
    let looked = run.looked(&detector);
    let ids: Vec<&str> = looked.rules.iter().map(|rule| rule.id.as_str()).collect();
    let named: Vec<String> = arguments.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let (report, _) = judge(JudgeInput {
        looked: &looked,
        policy: &project.policy,
        baseline: &project.policy.baseline,
        tree_ignore: None,
        codeowners: &project.codeowners,
        rules: &RuleSet::default(),
        other_rules: &ids,
        vex: &BTreeMap::new(),
        whole: false,
        today: today()?,
        run: RunInfo {
            target: named.join(" "),
            mode: "logs".to_owned(),
            engines: vec![Engine::Detect],
            rule_sources: loaded.sources,
            ..RunInfo::default()
        },
        notices: project.notices.clone(),
        diagnostics: loaded.diagnostics,
    });
    output::write_all(&report, &targets, &terminal.style(arguments.verbose, Some(started.elapsed())))?;
    if arguments.summary {
        let is_text = |target: &output::Target| {
            target.file.is_none() && target.format != selvedge_report::Format::Terminal
        };
        let table = summary(&counts, events, detector.rules().len());
        if targets.iter().any(is_text) {
            // Standard error may be closed; there is nobody left to tell.
            let _ = std::io::stderr().write_all(table.as_bytes());
        } else {
            output::print(&table)?;
        }
    }
    Ok(match (report.verdict.pass, report.verdict.undecided && report.verdict.failing.is_empty()) {
        (true, _) => Exit::Pass,
        (false, true) => Exit::Undecided,
        (false, false) => Exit::GateFailed,
    })
}

/// The project of the current folder: logs lie elsewhere, policy and exceptions lie here.
fn project(arguments: &DetectArgs) -> anyhow::Result<Project> {
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let here = here.context("the current folder cannot be found")?;
    let mut overlay: Overlay = settings::environment();
    text(&mut overlay, arguments.fail_on.as_deref(), "--fail-on", "gate.fail-on");
    let policy = PolicyArguments { config: arguments.config.as_deref(), policy_from: None };
    Project::load(&here, &policy, &overlay)
}

/// One pass over the files.
struct Run<'d> {
    session: Session<'d>,
    parser: Parser,
    counters: PipelineCounters,
    join: Join,
    stop: &'d AtomicBool,
    progress: &'d Progress,
    found: BTreeMap<Fingerprint, Found>,
    /// Alerts that were not kept.
    beyond: u64,
    events: u64,
    stats: Stats,
    partial: bool,
    diagnostics: Vec<Diagnostic>,
    files: usize,
}

/// A finding and how often it was met.
struct Found {
    finding: Finding,
    times: u64,
    record: Option<u64>,
}

impl<'d> Run<'d> {
    fn new(detector: &'d Detector, kind: &LogKindArgs, stop: &'d AtomicBool, progress: &'d Progress) -> Self {
        let mut all = readers(TEXT_INPUT, kind);
        let mut evtx = readers(EVTX_INPUT, kind);
        for reader in evtx.values_mut() {
            reader.format = Format::WindowsEvent;
        }
        all.append(&mut evtx);
        // Files are read one after the other, so that the events of the second may be older than all of the first.
        let settings = Settings { lateness: i64::MAX / 4, ..Settings::default() };
        Self {
            session: detector.session(settings),
            parser: Parser::new(all),
            counters: PipelineCounters::default(),
            join: kind.input_format.join(),
            stop,
            progress,
            found: BTreeMap::new(),
            beyond: 0,
            events: 0,
            stats: Stats::default(),
            partial: false,
            diagnostics: Vec::new(),
            files: 0,
        }
    }

    /// Reads what the user named. That it is there can be asked for.
    fn path(&mut self, path: &Path) -> anyhow::Result<()> {
        if path == Path::new("-") {
            let received = micros(SystemTime::now());
            let read = self.records("<stdin>", received, |join, take| {
                once::read_stream(std::io::stdin().lock(), join, take)
            });
            self.note("<stdin>", read, true);
            return Ok(());
        }
        let metadata = path.metadata().with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_dir() {
            self.folder(path, DEPTH_MAX);
        } else {
            self.file(path, true);
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path, depth: usize) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(&folder.to_string_lossy(), &error),
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let Ok(metadata) = path.symlink_metadata() else { continue };
            let is_over = self.files >= FILES_MAX || depth == 0;
            if is_over {
                let message = format!("beyond {DEPTH_MAX} folders of depth or {FILES_MAX} files; not read");
                let diagnostic = Diagnostic::new(DiagnosticKind::LimitReached, message);
                self.diagnostics.push(diagnostic.at(folder.to_string_lossy()));
                return;
            }
            if metadata.is_dir() {
                self.folder(&path, depth - 1);
            } else if metadata.is_file() {
                self.file(&path, false);
            }
        }
    }

    /// Reads a file. One in a folder may be no log; one that was named must be.
    fn file(&mut self, path: &Path, is_named: bool) {
        self.files += 1;
        let name = path.to_string_lossy().into_owned();
        // Years that times leave out are those before the file was last written.
        let received = path.metadata().and_then(|metadata| metadata.modified()).unwrap_or(UNIX_EPOCH);
        let read = self.records(&name, micros(received), |join, take| once::read_path(path, join, take));
        self.note(&name, read, is_named);
    }

    /// Feeds the records of one source to the rules.
    fn records(
        &mut self,
        source: &str,
        received: i64,
        read: impl FnOnce(&Join, once::Take<'_>) -> std::io::Result<OnceRead>,
    ) -> std::io::Result<OnceRead> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(OnceRead::default());
        }
        let join = self.join.clone();
        read(&join, &mut |number, record| {
            let (input, bytes) = match record {
                OnceRecord::Text(bytes) => (TEXT_INPUT, bytes),
                OnceRecord::WindowsEvent(json) => (EVTX_INPUT, json.as_bytes()),
            };
            let line =
                LineView { source, position: number, time_ns: None, host: None, is_piece: false, bytes };
            self.parser.add(input, received, number, &line, &self.counters);
            self.progress.add_bytes(bytes.len() as u64);
            if self.parser.is_full() {
                self.batch();
            }
            !self.stop.load(Ordering::Relaxed)
        })
    }

    fn batch(&mut self) {
        if let Some(batch) = self.parser.finish() {
            self.events += batch.len() as u64;
            let alerts = self.session.process(&batch);
            self.keep(alerts);
        }
    }

    fn keep(&mut self, alerts: Vec<Alert>) {
        for alert in alerts {
            if let Some(found) = self.found.get_mut(&alert.finding.fingerprint) {
                found.times += 1;
            } else if self.found.len() < FINDINGS_MAX {
                let record = alert.evidence.first().map(|first| first.position + 1);
                let found = Found { times: 1, record, finding: alert.finding };
                self.found.insert(found.finding.fingerprint.clone(), found);
            } else {
                self.beyond += 1;
            }
        }
    }

    fn note(&mut self, name: &str, read: std::io::Result<OnceRead>, is_named: bool) {
        self.batch();
        let read = match read {
            Ok(read) => read,
            Err(error) => return self.unreadable(name, &error),
        };
        if read.is_binary {
            self.stats.binary += 1;
            if is_named {
                let message = "neither text nor a Windows event log; not read";
                self.diagnostics.push(Diagnostic::new(DiagnosticKind::Unreadable, message).at(name));
                self.partial = true;
            }
            return;
        }
        self.progress.add(0);
        self.stats.files += 1;
        self.stats.bytes += read.bytes;
        if !read.problems.is_empty() {
            self.stats.skipped += 1;
            self.partial = true;
        }
        for (kind, message) in read.problems {
            self.diagnostics.push(Diagnostic::new(kind, message).at(name));
        }
    }

    fn unreadable(&mut self, name: &str, error: &std::io::Error) {
        self.stats.skipped += 1;
        self.partial = true;
        let message = format!("cannot be read: {error}");
        self.diagnostics.push(Diagnostic::new(DiagnosticKind::Unreadable, message).at(name));
    }

    /// Closes windows that are open, and tells what could not be taken into account.
    fn end(&mut self) {
        self.batch();
        let alerts = self.session.finish();
        self.keep(alerts);
        let limit = |message: String| Diagnostic::new(DiagnosticKind::LimitReached, message);
        if self.beyond > 0 {
            let message = format!("{} alerts beyond {FINDINGS_MAX} findings are left out", self.beyond);
            self.diagnostics.push(limit(message));
        }
        let CorrelationNotices { evicted_groups, dropped_signals, .. } = self.session.take_notices();
        if evicted_groups + dropped_signals > 0 {
            self.diagnostics.push(limit(format!(
                "correlations forgot {evicted_groups} groups and {dropped_signals} events for want of memory"
            )));
        }
        let lost = self.counters.lost.load(Ordering::Relaxed);
        if lost > 0 {
            self.diagnostics.push(limit(format!("{lost} records are over the limits of an event")));
        }
    }

    /// What was seen, in the form that policy judges.
    fn looked(self, detector: &Detector) -> Looked {
        let rules = detector.rules();
        let detections = rules.detections.iter().map(|rule| &rule.meta);
        let metas = detections.chain(rules.correlations.iter().map(|rule| &rule.meta));
        Looked {
            findings: self.found.into_values().map(Found::into_finding).collect(),
            diagnostics: self.diagnostics,
            stats: self.stats,
            partial: self.partial,
            rules: metas.map(selvedge_detect::model_rule).collect(),
            ..Looked::default()
        }
    }
}

impl Found {
    fn into_finding(mut self) -> Finding {
        let first = self.record.map(|record| format!("record {record}"));
        let remark = match (first, self.times) {
            (Some(first), 1) => first,
            (Some(first), times) => format!("{times} times, first in {first}"),
            (None, 1) => return self.finding,
            (None, times) => format!("{times} times"),
        };
        // Writing to a string cannot fail.
        let _ = write!(self.finding.message, "; {remark}");
        self.finding
    }
}

fn micros(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// How often each rule matched, the most frequent first.
fn summary(counts: &[RuleCount], events: u64, rules: usize) -> String {
    let mut counts: Vec<&RuleCount> = counts.iter().collect();
    counts.sort_by(|a, b| b.matches.cmp(&a.matches).then_with(|| a.title.cmp(&b.title)));
    let mut text = format!("{events} events, {rules} rules, {} of them matched\n", counts.len());
    let width = counts.iter().map(|count| count.matches.to_string().len()).max().unwrap_or(0);
    for RuleCount { id, title, matches } in counts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {matches:width$}  {title} ({id})");
    }
    text
}
