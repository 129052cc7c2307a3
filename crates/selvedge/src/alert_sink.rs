//! Detection as a sink of the collector: batches in, alerts out, state of the correlations on disk.
//!
//! The state is stored together with the position up to which it holds, in one file that is replaced as a whole. A
//! restart goes on behind that position, with that state, and so gives the alerts that a run without a break would
//! have given. Alerts of events that were taken after the last save come once more, under the same identifier.

use std::path::PathBuf;
use std::sync::Arc;

use selvedge_collect::deliver::Outputs;
use selvedge_collect::{Sink, SinkError, deliver};
use selvedge_detect::{Alert, CorrelationNotices, Detector, SavedState};
use selvedge_event::EventBatch;
use selvedge_gate::baseline::Baseline;
use selvedge_gate::{Date, TriageInput, triage};
use selvedge_model::{FingerprintKey, Subject, Taxonomy};
use serde_json::{Value, json};

use crate::commands::check::today;
use crate::detection::{Detection, Ended, NewRules};
use crate::settings::Project;
use crate::terminal::Terminal;
use crate::{files, output};

/// A larger file of saved state is not read.
const STATE_BYTES_MAX: u64 = 2 << 30;

/// Version of the form in which the state is saved.
const STATE_VERSION: u64 = 1;

/// Where alerts go.
pub(crate) enum Destination {
    /// To the outputs of the configuration.
    Outputs(Arc<Outputs>),
    /// To standard output, for a person.
    Screen,
}

/// Runs the rules over what comes.
pub(crate) struct AlertSink {
    detection: Detection,
    new_rules: NewRules,
    destination: Destination,
    project: Project,
    terminal: Terminal,
    file: PathBuf,
    /// Position that the saved state belongs to.
    saved: Option<u64>,
    /// Position after the last event that went through the rules.
    taken: u64,
    /// Alerts that no output has taken yet, the next one last.
    waiting: Vec<deliver::Alert>,
}

impl AlertSink {
    /// A sink that goes on where the state in `file` was saved, if it is there. Exceptions of `project` hold.
    pub(crate) fn open(
        detector: Detector,
        destination: Destination,
        project: Project,
        file: PathBuf,
        terminal: Terminal,
    ) -> Self {
        let (saved, state) = match load(&file) {
            Ok(Some((position, state))) => (Some(position), state),
            Ok(None) => (None, SavedState::default()),
            Err(error) => {
                terminal.warn(&format!("{error:#}: correlations begin anew"));
                (None, SavedState::default())
            }
        };
        let detection = Detection::start(detector, state);
        let taken = saved.unwrap_or(0);
        let (new_rules, waiting) = (NewRules::default(), Vec::new());
        Self { detection, new_rules, destination, project, terminal, file, saved, taken, waiting }
    }

    /// Where rules are put that are to take the place of those that run.
    pub(crate) fn new_rules(&self) -> NewRules {
        self.new_rules.clone()
    }

    /// Leaves out the alerts that an exception of the project accepts.
    fn unexcused(&self, alerts: Vec<Alert>, today: Date) -> Vec<Alert> {
        if alerts.is_empty() {
            return alerts;
        }
        let project = &self.project;
        let findings = alerts.iter().map(|alert| alert.finding.clone()).collect();
        let triaged = triage(
            findings,
            &TriageInput {
                inline: &[],
                allow_inline: false,
                exceptions: &project.policy.exceptions,
                baseline: &Baseline::default(),
                gitleaks_ignore: &[],
                vex: &std::collections::BTreeMap::new(),
                codeowners: &project.codeowners,
                known_rules: &std::collections::BTreeSet::new(),
                whole: false,
                today,
            },
        );
        let is_excused = |alert: &Alert| {
            let print = &alert.finding.fingerprint;
            triaged.suppressed.iter().any(|suppressed| suppressed.finding.fingerprint == *print)
        };
        alerts.into_iter().filter(|alert| !is_excused(alert)).collect()
    }

    fn hand_out(&mut self) -> Result<(), SinkError> {
        while let Some(alert) = self.waiting.last() {
            match &self.destination {
                Destination::Outputs(outputs) => {
                    outputs.send(alert).map_err(|error| SinkError(error.to_string()))?;
                }
                Destination::Screen => {
                    output::print(&on_screen(alert)).map_err(|error| SinkError(format!("{error:#}")))?;
                }
            }
            self.waiting.pop();
        }
        Ok(())
    }

    fn tell(&self, notices: CorrelationNotices) {
        let CorrelationNotices { late, evicted_groups, dropped_signals, .. } = notices;
        if late > 0 {
            self.terminal.warn(&format!("{late} events came too late for correlations"));
        }
        if evicted_groups + dropped_signals > 0 {
            self.terminal.warn(&format!(
                "correlations forgot {evicted_groups} groups and {dropped_signals} events for want of memory"
            ));
        }
    }
}

impl Sink for AlertSink {
    fn name(&self) -> &'static str {
        "detection"
    }

    fn position(&self) -> Option<u64> {
        self.saved
    }

    fn take(&mut self, batch: &EventBatch, next: u64) -> Result<(), SinkError> {
        // The same batch comes again after an error; then only its alerts are left to do.
        if next > self.taken {
            if let Some(rules) = self.new_rules.take() {
                self.detection.replace(rules).map_err(ended)?;
            }
            let today = today().map_err(|error| SinkError(format!("{error:#}")))?;
            let alerts = self.detection.process(batch).map_err(ended)?;
            self.taken = next;
            let alerts = self.unexcused(alerts, today);
            self.waiting = alerts.iter().rev().map(outgoing).collect();
        }
        self.hand_out()
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        self.hand_out()?;
        if self.saved.unwrap_or(0) == self.taken {
            return Ok(());
        }
        let (correlations, notices) = self.detection.save().map_err(ended)?;
        self.tell(notices);
        let state = json!({
            "version": STATE_VERSION,
            "position": self.taken,
            "correlations": correlations,
        });
        output::replace(&self.file, state.to_string().as_bytes())
            .map_err(|error| SinkError(format!("cannot write {}: {error}", self.file.display())))?;
        self.saved = Some(self.taken);
        Ok(())
    }
}

fn ended(ended: Ended) -> SinkError {
    SinkError(ended.to_string())
}

/// Position and state of an earlier run.
fn load(file: &std::path::Path) -> anyhow::Result<Option<(u64, SavedState)>> {
    if !file.exists() {
        return Ok(None);
    }
    let bytes = files::read_bytes(file, STATE_BYTES_MAX)?;
    let unfit = || anyhow::anyhow!("{} holds no state of this version", file.display());
    let mut value: Value = serde_json::from_slice(&bytes).map_err(|_| unfit())?;
    let position = value["position"].as_u64().filter(|_| value["version"] == STATE_VERSION);
    let state = serde_json::from_value(value["correlations"].take()).ok();
    position.zip(state).map(Some).ok_or_else(unfit)
}

/// The alert in the form that outputs send.
fn outgoing(alert: &Alert) -> deliver::Alert {
    let finding = &alert.finding;
    let last = alert.evidence.last();
    let (source, position) = last.map_or(("", 0), |last| (last.source.as_str(), last.position));
    // Equal for the same events in every run: what receivers know repeats by.
    let id = FingerprintKey::builtin().fingerprint(&[
        finding.fingerprint.as_str().as_bytes(),
        source.as_bytes(),
        &position.to_le_bytes(),
        &alert.time.to_le_bytes(),
    ]);
    let of = |attack: bool| {
        finding.references.iter().filter(move |it| (it.taxonomy == Taxonomy::Attack) == attack)
    };
    let named = alert.fields.iter().find(|(name, _)| name == "host").map(|(_, value)| value.clone());
    let only = match &finding.subject {
        Subject::Event { group, .. } if alert.evidence.len() == 1 => group.first().cloned(),
        _ => None,
    };
    let author = finding.reasons.iter().find_map(|reason| reason.strip_prefix("rule by "));
    deliver::Alert {
        message: finding.message.clone(),
        why: finding.why.clone(),
        response: finding.remediation.steps.join(" "),
        author: author.unwrap_or_default().to_owned(),
        techniques: of(true).map(|it| it.id.clone()).collect(),
        references: of(false).map(|it| it.url().unwrap_or_else(|| it.id.clone())).collect(),
        host: named.or(only),
        matched: alert.fields.clone(),
        evidence: alert.evidence.iter().map(|it| String::from_utf8_lossy(&it.raw).into_owned()).collect(),
        ..deliver::Alert::new(
            id.as_str(),
            alert.time,
            finding.rule.as_str(),
            &finding.title,
            finding.severity,
        )
    }
}

/// Two lines for a person. The message is safe for a terminal since the finding was made.
fn on_screen(alert: &deliver::Alert) -> String {
    let time = jiff::Timestamp::from_microsecond(alert.time).map(|time| time.to_string()).unwrap_or_default();
    let techniques = if alert.techniques.is_empty() {
        String::new()
    } else {
        format!(" [{}]", alert.techniques.join(", "))
    };
    format!("{time}  {:8}  {}{techniques}\n    {}\n", alert.severity, alert.message, alert.response)
}
