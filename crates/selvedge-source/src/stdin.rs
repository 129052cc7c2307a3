//! Offers what comes out of a pipe: standard input, or a file that is not a regular one.

use std::io::Read;

use selvedge_model::Stats;

use crate::run::{Content, Run, Worker};
use crate::{Origin, SourceError, SourceOptions, Visitor};

/// Reads `reader` to its end and offers it to `visitor` as the file `name`.
pub fn visit_stdin(
    reader: &mut dyn Read,
    name: &str,
    options: &SourceOptions,
    visitor: &dyn Visitor,
) -> Result<Stats, SourceError> {
    let run = Run::new(options, visitor);
    visit_stream(&run, reader, name)?;
    Ok(run.stats())
}

/// Reads `stream` to its end and offers it as the file `name`.
pub(crate) fn visit_stream(run: &Run<'_>, stream: &mut dyn Read, name: &str) -> Result<(), SourceError> {
    let limit = run.options.max_file_size;
    let mut worker = Worker::default();
    let mut bytes = Vec::new();
    let _share = run.budget.take(limit);
    stream
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|source| SourceError::Read { path: name.into(), source })?;
    if bytes.len() as u64 > limit {
        run.skip_too_large(&worker, name, None);
    } else {
        let content = Content { path: name, bytes: &bytes, origin: Origin::Stdin, before: None, stamp: None };
        run.offer(&mut worker, &content);
    }
    run.add(&worker.take_counts());
    Ok(())
}
