//! One file against a set of rules.

use std::collections::BTreeSet;
use std::ops::Range;

use selvedge_model::{Diagnostic, DiagnosticKind, LineIndex, Position};
use selvedge_syntax::{Constant, Language, Metavariable};

use crate::formula::{Evaluator, Memo};
use crate::limits::MATCHES_MAX;
use crate::message::{self, Lookup};
use crate::nosem;
use crate::program::Program;
use crate::ranges::Hit;
use crate::rule::{Mode, RuleDefinition, Target};
use crate::set::RuleSet;
use crate::source::Source;
use crate::taint;

/// One rule met one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeMatch {
    /// Index of the rule in its set.
    pub(crate) rule: usize,
    /// Bytes of the file.
    pub range: Range<usize>,
    /// Where the range starts.
    pub start: Position,
    /// Where the range ends: the position one past its last character.
    pub end: Position,
    /// The rule's message with its metavariables replaced.
    pub message: String,
    /// What replaces the range, where the rule has a fix.
    pub fix: Option<String>,
    /// Metavariables that the message or the rule's conditions name, with the source that they stand for.
    pub metavariables: Vec<(String, String)>,
    /// Of a taint rule, where what reaches the place comes from, and what it passes.
    pub trace: Vec<TraceStep>,
}

/// A place that tainted data passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep {
    /// Bytes of the file.
    pub range: Range<usize>,
    /// What happens there.
    pub what: &'static str,
}

/// A match that a `nosem` comment silences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The rule.
    pub rule: String,
    /// 1-based line of the match.
    pub line: u32,
}

/// What a file gave.
#[derive(Debug, Default)]
pub struct FileOutcome {
    /// By place, then by rule.
    pub matches: Vec<CodeMatch>,
    /// What comments in the file silence.
    pub suppressed: Vec<Suppressed>,
    /// What was not looked at, or not wholly.
    pub diagnostics: Vec<Diagnostic>,
}

impl RuleSet {
    /// Evaluates every rule that is meant for the file.
    pub fn scan_file(&self, path: &str, bytes: &[u8]) -> FileOutcome {
        self.scan(path, bytes, true)
    }

    fn scan(&self, path: &str, bytes: &[u8], honour_comments: bool) -> FileOutcome {
        let language = Language::of_path(path);
        let cell = self.index(language);
        let Some(index) = cell.get() else { return FileOutcome::default() };
        let candidates = index.prefilter.candidates(bytes);
        let mut scan = FileScan::new(self, path, bytes, language);
        scan.honour_comments = honour_comments;
        for candidate in candidates {
            let entry = &index.entries[candidate];
            let rule = &self.rules[entry.rule];
            if let (true, Ok(program)) = (rule.paths.accepts(path), entry.program.as_ref()) {
                scan.rule(entry.rule, entry.target, program);
            }
        }
        scan.finish()
    }

    /// As [`RuleSet::scan_file`], whatever comments in the file silence: for callers that list what is silenced.
    pub fn scan_every(&self, path: &str, bytes: &[u8]) -> FileOutcome {
        self.scan(path, bytes, false)
    }

    /// Evaluates one rule on a file as one target, whatever its paths say and comments silence.
    pub(crate) fn scan_alone(&self, rule: usize, target: Target, path: &str, bytes: &[u8]) -> FileOutcome {
        let language = if let Target::Code(language) = target { Some(language) } else { None };
        let mut scan = FileScan::new(self, path, bytes, language);
        scan.honour_comments = false;
        match self.program(rule, target).as_ref() {
            Ok(program) => scan.rule(rule, target, program),
            Err((line, reason)) => {
                let problem = Diagnostic::new(DiagnosticKind::BadRule, reason.clone());
                scan.outcome.diagnostics.push(problem.at(self.rules[rule].file.as_ref()).line(*line));
            }
        }
        scan.finish()
    }
}

/// A file while rules are evaluated on it: its sources are read once for all of them.
struct FileScan<'s> {
    set: &'s RuleSet,
    path: &'s str,
    bytes: &'s [u8],
    lines: LineIndex,
    code: Option<Source<'s>>,
    text: Source<'s>,
    memo: Memo,
    limits: BTreeSet<(String, String)>,
    honour_comments: bool,
    outcome: FileOutcome,
}

impl<'s> FileScan<'s> {
    fn new(set: &'s RuleSet, path: &'s str, bytes: &'s [u8], language: Option<Language>) -> Self {
        Self {
            set,
            path,
            bytes,
            lines: LineIndex::new(bytes),
            code: language.map(|language| Source::file(Target::Code(language), bytes)),
            text: Source::file(Target::Generic, bytes),
            memo: Memo::default(),
            limits: BTreeSet::new(),
            honour_comments: true,
            outcome: FileOutcome::default(),
        }
    }

    fn rule(&mut self, index: usize, target: Target, program: &Program) {
        let rule = &self.set.rules[index];
        let source = match (&self.code, target) {
            (Some(code), Target::Code(_)) => code,
            (None, Target::Code(_)) => return,
            (_, Target::Generic | Target::Regex) => &self.text,
        };
        let mut evaluator = Evaluator::new(rule, program, source, &self.memo);
        let found: Vec<(Hit, Vec<TraceStep>)> = match &rule.mode {
            Mode::Search(formula) => {
                evaluator.evaluate(formula).into_iter().map(|hit| (hit, Vec::new())).collect()
            }
            Mode::Taint(spec) => taint::find(&mut evaluator, spec),
        };
        let mut seen = BTreeSet::new();
        let mut matches = Vec::new();
        let mut places = Places::new(self.bytes, &self.lines);
        if found.len() > MATCHES_MAX {
            evaluator.limits.insert(format!("more than {MATCHES_MAX} matches; the rest is left out"));
        }
        for (hit, trace) in found.into_iter().take(MATCHES_MAX) {
            let found = to_match(index, rule, &evaluator, &hit, trace, &mut places);
            if seen.insert((found.range.start, found.range.end, found.message.clone())) {
                matches.push(found);
            }
        }
        for limit in std::mem::take(&mut evaluator.limits) {
            self.limits.insert((rule.id.clone(), limit));
        }
        for found in matches {
            self.keep(&rule.id, found);
        }
    }

    fn keep(&mut self, rule: &str, found: CodeMatch) {
        let line_index = found.start.line as usize - 1;
        if self.honour_comments && nosem::is_suppressed(self.bytes, &self.lines, line_index, rule) {
            self.outcome.suppressed.push(Suppressed { rule: rule.to_owned(), line: found.start.line });
        } else {
            self.outcome.matches.push(found);
        }
    }

    fn finish(mut self) -> FileOutcome {
        for (rule, limit) in &self.limits {
            let message = format!("rule {rule}: {limit}");
            self.outcome
                .diagnostics
                .push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(self.path));
        }
        match self.code.as_ref().and_then(Source::tree_if_read) {
            Some(Ok(tree)) => {
                for broken in tree.broken().iter().take(1) {
                    let line = self.lines.position(self.bytes, broken.start as usize).line;
                    let parts = tree.broken().len();
                    let message = format!(
                        "{} of the file could not be read as {} and {} skipped; the rest was matched",
                        if parts == 1 { "a part".to_owned() } else { format!("{parts} parts") },
                        tree.language(),
                        if parts == 1 { "is" } else { "are" },
                    );
                    let diagnostic = Diagnostic::new(DiagnosticKind::LimitReached, message).at(self.path);
                    self.outcome.diagnostics.push(diagnostic.line(line));
                }
            }
            Some(Err(error)) => {
                let diagnostic = Diagnostic::new(DiagnosticKind::TooLarge, error.to_string());
                self.outcome.diagnostics.push(diagnostic.at(self.path));
            }
            None => {}
        }
        self.outcome.matches.sort_by_key(|found| (found.range.start, found.range.end, found.rule));
        self.outcome
    }
}

/// Positions of offsets that mostly rise, each counted from the one before it: the lines of minified files are
/// as long as the file.
struct Places<'p> {
    bytes: &'p [u8],
    lines: &'p LineIndex,
    last: Option<(usize, Position)>,
}

impl<'p> Places<'p> {
    fn new(bytes: &'p [u8], lines: &'p LineIndex) -> Self {
        Self { bytes, lines, last: None }
    }

    fn position(&mut self, offset: usize) -> Position {
        let line = self.lines.line_index(offset) as u32 + 1;
        let position = match self.last {
            Some((before, last)) if last.line == line && before <= offset && offset <= self.bytes.len() => {
                let between = self.bytes[before..offset].utf8_chunks();
                let columns = between.map(|chunk| chunk.valid().chars().count() + chunk.invalid().len());
                Position { line, column: last.column + columns.sum::<usize>() as u32 }
            }
            _ => self.lines.position(self.bytes, offset),
        };
        if self.last.is_none_or(|(before, _)| before <= offset) {
            self.last = Some((offset, position));
        }
        position
    }
}

fn to_match(
    index: usize,
    rule: &RuleDefinition,
    evaluator: &Evaluator<'_>,
    hit: &Hit,
    trace: Vec<TraceStep>,
    places: &mut Places<'_>,
) -> CodeMatch {
    let bound = Bound { evaluator, hit };
    let range = hit.start as usize..hit.end as usize;
    CodeMatch {
        rule: index,
        start: places.position(range.start),
        end: places.position(range.end),
        message: message::message(&rule.message, &bound),
        fix: fix_of(rule, &bound, evaluator.source.slice(hit.start..hit.end)),
        metavariables: named_metavariables(rule, &bound),
        trace,
        range,
    }
}

fn fix_of(rule: &RuleDefinition, bound: &Bound<'_, '_>, matched: &str) -> Option<String> {
    if let Some(template) = &rule.fix {
        return Some(message::fix(template.trim(), bound));
    }
    let fix = rule.fix_regex.as_ref()?;
    let replacement = message::fix(&fix.replacement, bound);
    fix.regex.replace(matched, &replacement, fix.count).ok().filter(|fixed| fixed != matched)
}

/// Metavariables that the message names, with what they stand for.
fn named_metavariables(rule: &RuleDefinition, bound: &Bound<'_, '_>) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for part in rule.message.split('$').skip(1) {
        let length = part
            .find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
            .unwrap_or(part.len());
        let name = format!("${}", &part[..length]);
        if let Some(text) = bound.text(&name)
            && !named.iter().any(|(known, _)| *known == name)
        {
            named.push((name, text));
        }
    }
    named
}

struct Bound<'b, 'e> {
    evaluator: &'b Evaluator<'e>,
    hit: &'b Hit,
}

impl Lookup for Bound<'_, '_> {
    fn text(&self, name: &str) -> Option<String> {
        self.evaluator.text_of(self.hit, name)
    }

    fn value(&self, name: &str) -> Option<String> {
        let node = self.hit.bindings.get(Metavariable::named(name))?.node();
        let constant = node.zip(self.evaluator.source.tree()).and_then(|(node, tree)| tree.constant(node));
        match constant {
            Some(Constant::Text(text)) => Some(format!("\"{text}\"")),
            Some(Constant::Number(text) | Constant::Word(text)) => Some(text.to_owned()),
            None => self.text(name),
        }
    }
}
