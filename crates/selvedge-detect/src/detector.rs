//! Rules at work: batches in, alerts out.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_event::{Envelope, EventBatch};
use selvedge_model::{FingerprintKey, Rule};

use crate::alert::{self, Alert, Evidence, model_rule};
use crate::correlate::{CorrelationMatch, CorrelationNotices, Correlator, SavedState, Settings, Signal};
use crate::explain::matched_fields;
use crate::load::Rules;
use crate::program::{Hit, Program, Runner};
use crate::view::{OneRow, Rows, View};

/// Loaded and compiled rules. Shared by any number of sessions; to change the rules, make another one and move
/// the state of the sessions over.
#[derive(Debug)]
pub struct Detector {
    rules: Rules,
    program: Program,
    detections: Vec<Rule>,
    correlations: Vec<Rule>,
    key: FingerprintKey,
}

/// How often a rule matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's id.
    pub id: String,
    /// What it detects.
    pub title: String,
    /// Matches, including those that only fed correlations.
    pub matches: u64,
}

impl Detector {
    /// Compiles `rules`. Fingerprints of findings are made under `key`.
    pub fn new(rules: Rules, key: FingerprintKey) -> Self {
        Self {
            program: Program::compile(&rules),
            detections: rules.detections.iter().map(|rule| model_rule(&rule.meta)).collect(),
            correlations: rules.correlations.iter().map(|rule| model_rule(&rule.meta)).collect(),
            rules,
            key,
        }
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The compiled program of the detection rules.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// A session without state.
    pub fn session(&self, settings: Settings) -> Session<'_> {
        self.resume(settings, SavedState::default())
    }

    /// A session that goes on where `state` was saved.
    pub fn resume(&self, settings: Settings, state: SavedState) -> Session<'_> {
        Session {
            detector: self,
            runner: Runner::new(&self.program),
            correlator: Correlator::restore(&self.rules, settings, state),
            detection_counts: vec![0; self.rules.detections.len()],
            correlation_counts: vec![0; self.rules.correlations.len()],
        }
    }
}

/// One stream of events on its way through the rules.
#[derive(Debug)]
pub struct Session<'d> {
    detector: &'d Detector,
    runner: Runner<'d>,
    correlator: Correlator<'d>,
    detection_counts: Vec<u64>,
    correlation_counts: Vec<u64>,
}

impl Session<'_> {
    /// Alerts of a batch, in the order of its rows.
    pub fn process(&mut self, batch: &EventBatch) -> Vec<Alert> {
        let hits = self.runner.run(batch);
        self.process_hits(batch, &hits)
    }

    /// As [`Session::process`] for hits that a [`Runner`] has found elsewhere: batches are matched on all cores,
    /// while one session joins them in the order of the stream.
    pub fn process_hits(&mut self, batch: &EventBatch, hits: &[Hit]) -> Vec<Alert> {
        let mut alerts = Vec::new();
        if !hits.is_empty() {
            let facts = Facts::new(batch, hits, self);
            for hit in hits {
                self.hit(*hit, &facts, &mut alerts);
            }
        }
        if let Some(latest) = batch.times().iter().max() {
            let matches = self.correlator.advance(*latest);
            self.correlated(matches, &mut alerts);
        }
        alerts
    }

    /// Alerts of windows that are still open, when no more events come.
    pub fn finish(&mut self) -> Vec<Alert> {
        let mut alerts = Vec::new();
        let matches = self.correlator.finish();
        self.correlated(matches, &mut alerts);
        alerts
    }

    /// State of the correlations, to be stored with the position of the last processed event.
    pub fn save(&self) -> SavedState {
        self.correlator.save()
    }

    /// What correlations could not take into account since the last call.
    pub fn take_notices(&mut self) -> CorrelationNotices {
        self.correlator.take_notices()
    }

    /// Matches per rule, detections first, then correlations; rules without a match are left out.
    pub fn counts(&self) -> Vec<RuleCount> {
        let count = |(rule, matches): (&Rule, &u64)| RuleCount {
            id: rule.id.to_string(),
            title: rule.title.clone(),
            matches: *matches,
        };
        let detections = self.detector.detections.iter().zip(&self.detection_counts);
        let correlations = self.detector.correlations.iter().zip(&self.correlation_counts);
        detections.chain(correlations).filter(|(_, matches)| **matches > 0).map(count).collect()
    }

    fn hit(&mut self, hit: Hit, facts: &Facts<'_>, alerts: &mut Vec<Alert>) {
        let detector = self.detector;
        let index = hit.rule as usize;
        self.detection_counts[index] += 1;
        let rule = &detector.rules.detections[index];
        let row = hit.row as usize;
        let event = facts.rows.row(row);
        if !rule.is_base {
            let fields = matched_fields(&rule.condition, &event);
            let author = rule.meta.author.as_deref();
            let finding = alert::detection(
                &detector.detections[index],
                author,
                facts.source(row),
                facts.host(row),
                &fields,
                &detector.key,
            );
            alerts.push(Alert {
                finding,
                time: facts.batch.times()[row],
                fields,
                evidence: vec![facts.evidence(row)],
            });
        }
        if let Some(fields) = self.correlator.fields_of(index) {
            let signal = facts.signal(row, fields, &event);
            let matches = self.correlator.signal(index, signal);
            self.correlated(matches, alerts);
        }
    }

    fn correlated(&mut self, matches: Vec<CorrelationMatch>, alerts: &mut Vec<Alert>) {
        for found in matches {
            self.correlation_counts[found.rule] += 1;
            let rule = &self.detector.rules.correlations[found.rule];
            if rule.is_base {
                continue;
            }
            let source = found.events.last().map_or("", |signal| signal.source.as_str());
            let finding = alert::correlation(
                &self.detector.correlations[found.rule],
                rule.meta.author.as_deref(),
                source,
                &found.group,
                found.count,
                &self.detector.key,
            );
            let evidence = found.events.iter().map(|signal| Evidence {
                source: signal.source.clone(),
                position: signal.position,
                raw: signal.raw.clone(),
            });
            alerts.push(Alert {
                finding,
                time: found.time,
                evidence: evidence.collect(),
                fields: found.group,
            });
        }
    }
}

/// What alerts need to know of a batch.
struct Facts<'a> {
    batch: &'a EventBatch,
    rows: Rows<'a>,
}

impl<'a> Facts<'a> {
    fn new(batch: &'a EventBatch, hits: &[Hit], session: &Session<'_>) -> Self {
        let rules: BTreeSet<u32> = hits.iter().map(|hit| hit.rule).collect();
        let mut fields = BTreeSet::new();
        for rule in rules {
            session.detector.rules.detections[rule as usize].condition.fields(&mut fields);
            let correlated = session.correlator.fields_of(rule as usize).unwrap_or_default();
            fields.extend(correlated.iter().map(String::as_str));
        }
        Self { batch, rows: Rows::named(&View::new(batch), fields) }
    }

    fn source(&self, row: usize) -> &'a str {
        self.batch.text(Envelope::Source).and_then(|source| source.get(row)).unwrap_or_default()
    }

    fn host(&self, row: usize) -> Option<&'a str> {
        self.batch.text(Envelope::Host)?.get(row)
    }

    fn evidence(&self, row: usize) -> Evidence {
        Evidence {
            source: self.source(row).to_owned(),
            position: self.batch.positions()[row],
            raw: self.batch.raw().value(row).to_vec(),
        }
    }

    fn signal(&self, row: usize, fields: &[String], event: &OneRow<'_>) -> Signal {
        let values = signal_fields(fields, event);
        let (time, position) = (self.batch.times()[row], self.batch.positions()[row]);
        Signal::new(time, self.source(row), position, values, self.batch.raw().value(row))
    }
}

/// Values of the fields that correlations look at; of several values of one field the first.
pub(crate) fn signal_fields(fields: &[String], event: &OneRow<'_>) -> BTreeMap<String, String> {
    use crate::oracle::Row as _;
    let value = |field: &String| Some((field.clone(), event.values(field).into_iter().next()?.into_owned()));
    fields.iter().filter_map(value).collect()
}
