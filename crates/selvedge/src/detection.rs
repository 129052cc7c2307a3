//! Rules at work on a thread of their own, and their replacement while events come.
//!
//! The rules and the session that borrows them live on the stack of that thread. New rules take the session's place
//! between two batches and go on with its state, so that neither an event nor an open window is lost.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use selvedge_detect::{Alert, CorrelationNotices, Detector, SavedState, Settings};
use selvedge_event::EventBatch;
use selvedge_model::FingerprintKey;

use crate::cli_logs::DetectionRuleArgs;
use crate::detection_rules::{DetectionRules, yaml_files};
use crate::terminal::Terminal;

/// How often to look whether rule files have changed.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What the thread is asked for.
enum Ask {
    Process(EventBatch),
    Save,
    Replace(Box<Detector>),
}

/// What it answers.
enum Answer {
    Alerts(Vec<Alert>),
    State(SavedState, CorrelationNotices),
}

/// Why nothing was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended;

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("detection has ended: a bug to report")
    }
}

/// The thread, as its owner sees it.
pub(crate) struct Detection {
    asks: Sender<Ask>,
    answers: Receiver<Answer>,
}

impl Detection {
    /// Starts with the rules and the state of an earlier run.
    pub(crate) fn start(detector: Detector, state: SavedState) -> Self {
        let (asks, asked) = channel();
        let (answer, answers) = channel();
        // It ends when its owner is gone.
        std::thread::spawn(move || work(detector, state, &asked, &answer));
        Self { asks, answers }
    }

    /// Alerts of a batch.
    pub(crate) fn process(&self, batch: &EventBatch) -> Result<Vec<Alert>, Ended> {
        match self.ask(Ask::Process(batch.clone()))? {
            Answer::Alerts(alerts) => Ok(alerts),
            Answer::State(..) => Err(Ended),
        }
    }

    /// The state after the last batch, and what was noticed since the last call.
    pub(crate) fn save(&self) -> Result<(SavedState, CorrelationNotices), Ended> {
        match self.ask(Ask::Save)? {
            Answer::State(state, notices) => Ok((state, notices)),
            Answer::Alerts(_) => Err(Ended),
        }
    }

    /// Goes on with other rules.
    pub(crate) fn replace(&self, detector: Detector) -> Result<(), Ended> {
        self.asks.send(Ask::Replace(Box::new(detector))).map_err(|_| Ended)
    }

    fn ask(&self, ask: Ask) -> Result<Answer, Ended> {
        self.asks.send(ask).map_err(|_| Ended)?;
        self.answers.recv().map_err(|_| Ended)
    }
}

fn work(mut detector: Detector, mut state: SavedState, asked: &Receiver<Ask>, answer: &Sender<Answer>) {
    loop {
        let mut session = detector.resume(Settings::default(), state);
        let next = loop {
            let answered = match asked.recv() {
                Ok(Ask::Process(batch)) => Answer::Alerts(session.process(&batch)),
                Ok(Ask::Save) => Answer::State(session.save(), session.take_notices()),
                Ok(Ask::Replace(next)) => break next,
                Err(_) => return,
            };
            if answer.send(answered).is_err() {
                return;
            }
        };
        state = session.save();
        detector = *next;
    }
}

/// Rules that wait to take the place of those that run.
#[derive(Clone, Default)]
pub(crate) struct NewRules(Arc<Mutex<Option<Detector>>>);

impl NewRules {
    /// The rules that came last, once.
    pub(crate) fn take(&self) -> Option<Detector> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, detector: Detector) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(detector);
    }
}

/// Size and time of change of each rule file.
type Stamp = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// Loads rules again when their files change.
pub(crate) struct RuleWatch {
    arguments: DetectionRuleArgs,
    key: FingerprintKey,
    new: NewRules,
    loaded: Stamp,
    seen: Stamp,
    looked: Instant,
}

impl RuleWatch {
    /// Watches the files of rules that were loaded just now.
    pub(crate) fn new(arguments: &DetectionRuleArgs, key: FingerprintKey, new: NewRules) -> Self {
        let loaded = stamp(arguments);
        let seen = loaded.clone();
        Self { arguments: arguments.clone(), key, new, loaded, seen, looked: Instant::now() }
    }

    /// Looks, if it is time to. Files that change between two looks are still being written.
    pub(crate) fn look(&mut self, terminal: &Terminal) {
        if self.looked.elapsed() < LOOK_EVERY {
            return;
        }
        self.looked = Instant::now();
        let now = stamp(&self.arguments);
        let is_settled = now == self.seen;
        self.seen = now;
        if !is_settled || self.seen == self.loaded {
            return;
        }
        self.loaded.clone_from(&self.seen);
        match DetectionRules::load(&self.arguments) {
            Ok(loaded) => {
                for diagnostic in &loaded.diagnostics {
                    terminal.warn(&diagnostic.to_string());
                }
                let count = loaded.rules.len();
                self.new.put(Detector::new(loaded.rules, self.key.clone()));
                terminal.note(&format!("rules have changed: {count} detection rules"));
            }
            Err(error) => terminal.warn(&format!("{error:#}: the rules stay as they were")),
        }
    }
}

fn stamp(arguments: &DetectionRuleArgs) -> Stamp {
    let mut files = arguments.pipeline.clone();
    for path in &arguments.rules {
        yaml_files(path, 0, usize::MAX, &mut files);
    }
    let one = |path: PathBuf| {
        let metadata = path.metadata().ok()?;
        Some((path, metadata.len(), metadata.modified().ok()))
    };
    files.into_iter().filter_map(one).collect()
}
