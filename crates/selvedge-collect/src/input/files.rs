//! The thread that follows the files of one input and stores what is new.

use std::time::Duration;

use selvedge_model::Diagnostic;

use super::{Stop, now_ns};
use crate::intake::{Intake, Stored};
use crate::spool::{Frame, SpoolError};
use crate::tail::{Millis, Tail};

use super::whole::WholeFiles;

/// After a failed store the files are looked at again no sooner.
const FAILURE_PAUSE: Duration = Duration::from_secs(1);

/// What a pass over files offers: a frame, and to be told that it is stored.
pub(crate) trait Pass {
    fn pass(&mut self, now: Millis) -> Frame;
    fn stored(&mut self);
    fn take_diagnostics(&mut self) -> Vec<Diagnostic>;
}

impl Pass for Tail {
    fn pass(&mut self, now: Millis) -> Frame {
        Tail::pass(self, now)
    }

    fn stored(&mut self) {
        Tail::stored(self);
    }

    fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        Tail::take_diagnostics(self)
    }
}

impl Pass for WholeFiles {
    fn pass(&mut self, now: Millis) -> Frame {
        WholeFiles::pass(self, now)
    }

    fn stored(&mut self) {
        WholeFiles::stored(self);
    }

    fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        WholeFiles::take_diagnostics(self)
    }
}

/// Passes over the files until stopped; sleeps while nothing is new.
pub(crate) fn run(
    mut files: impl Pass,
    intake: &Intake,
    poll: Duration,
    stop: &Stop,
    diagnose: &dyn Fn(Vec<Diagnostic>),
) {
    while !stop.is_asked() {
        let frame = files.pass(now_ns() / 1_000_000);
        diagnose(files.take_diagnostics());
        if frame.is_empty() {
            stop.sleep(poll);
            continue;
        }
        match intake.store_blocking(&frame) {
            // A dropped frame is passed over in memory; a later mark makes that durable.
            Ok(Stored::Durable | Stored::Dropped) => files.stored(),
            Err(SpoolError::Closed) => return,
            Err(_) => {
                stop.sleep(FAILURE_PAUSE);
            }
        }
    }
}
