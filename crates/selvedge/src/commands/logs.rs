//! `selvedge logs`: what log files say, what comes in, and what is alarming about it.

use std::collections::BTreeMap;

use selvedge_collect::pipeline::RecordReader;

use crate::Exit;
use crate::cli_logs::{LogKindArgs, LogsCommand};
use crate::commands::{logs_collect, logs_detect, logs_tail};
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(command: &LogsCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        LogsCommand::Detect(arguments) => logs_detect::run(arguments, terminal),
        LogsCommand::Collect(arguments) => logs_collect::run(arguments, terminal),
        LogsCommand::Tail(arguments) => logs_tail::run(arguments, terminal),
    }
}

/// How records of the input of that name are read.
pub(crate) fn readers(input: &str, kind: &LogKindArgs) -> BTreeMap<String, RecordReader> {
    let reader = RecordReader {
        format: kind.input_format.format(),
        product: kind.product.clone(),
        category: kind.category.clone(),
        service: kind.service.clone(),
        ..RecordReader::default()
    };
    BTreeMap::from([(input.to_owned(), reader)])
}
