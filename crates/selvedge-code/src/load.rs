//! Rule files into rules. Total: a rule that does not load is a [`Rejected`] with its reason and line, and
//! the others load.

mod classic;
mod meta;
mod modern;
mod taint;

use std::sync::Arc;

use crate::limits::{
    FORMULA_DEPTH_MAX, FORMULA_NODES_MAX, PATTERN_BYTES_MAX, RULE_FILE_BYTES_MAX, RULES_MAX,
};
use crate::pcre::Pcre;
use crate::rule::{Leaf, LeafId, LeafKind, Mode, RuleDefinition, Target};
use crate::yaml::{self, Node};

/// Something of a rule file that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejected {
    /// The file, as the user names it.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// The rule, where the problem is within one.
    pub rule: Option<String>,
    /// What is not used: the rule as a whole, or a part of it while the rest is.
    pub whole: bool,
    /// What was found and what was expected.
    pub reason: String,
}

/// What is wrong, and where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) line: u32,
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(line: u32, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

pub(crate) type Outcome<T> = Result<T, Problem>;

/// What is known while one rule is read.
#[derive(Debug, Default)]
pub(crate) struct Context {
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) target: Option<Target>,
    pub(crate) notes: Vec<Problem>,
    nodes: usize,
    depth: usize,
}

impl Context {
    /// Counts an operator and how deep it stands.
    fn enter(&mut self, line: u32) -> Outcome<()> {
        self.nodes += 1;
        self.depth += 1;
        if self.depth > FORMULA_DEPTH_MAX {
            return Err(Problem::new(line, format!("operators are nested deeper than {FORMULA_DEPTH_MAX}")));
        }
        if self.nodes > FORMULA_NODES_MAX {
            return Err(Problem::new(line, format!("more than {FORMULA_NODES_MAX} operators")));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn pattern(&mut self, node: &Node<'_>, key: &str) -> Outcome<LeafId> {
        let text = text(node, key)?;
        if text.len() > PATTERN_BYTES_MAX {
            return Err(Problem::new(node.line, format!("`{key}` is longer than {PATTERN_BYTES_MAX} bytes")));
        }
        // Where only regular expressions are matched, a pattern is one.
        let kind = match self.target {
            Some(Target::Regex) => LeafKind::Regex(Pcre::search(text.trim_end())),
            _ => LeafKind::Pattern(text.to_owned()),
        };
        Ok(self.leaf(kind, node.line))
    }

    fn regex(&mut self, node: &Node<'_>, key: &str) -> Outcome<LeafId> {
        let text = text(node, key)?;
        Ok(self.leaf(LeafKind::Regex(Pcre::search(text)), node.line))
    }

    fn leaf(&mut self, kind: LeafKind, line: u32) -> LeafId {
        self.leaves.push(Leaf { kind, line, target: self.target });
        self.leaves.len() - 1
    }
}

/// The text of a value that has to be one.
pub(crate) fn text<'n>(node: &'n Node<'_>, key: &str) -> Outcome<&'n str> {
    node.text().ok_or_else(|| Problem::new(node.line, format!("`{key}` is {}, expected text", node.kind())))
}

/// The items of a value that has to be a list.
pub(crate) fn items<'n, 'a>(node: &'n Node<'a>, key: &str) -> Outcome<&'n [Node<'a>]> {
    node.list().ok_or_else(|| Problem::new(node.line, format!("`{key}` is {}, expected a list", node.kind())))
}

/// A truth value, or the default if the key is absent.
pub(crate) fn flag(node: &Node<'_>, key: &str, default: bool) -> Outcome<bool> {
    match node.get(key) {
        None => Ok(default),
        Some(value) => value.bool().ok_or_else(|| {
            Problem::new(value.line, format!("`{key}` is {}, expected true or false", value.kind()))
        }),
    }
}

/// The texts of a list, or a single one.
pub(crate) fn texts(node: &Node<'_>, key: &str) -> Outcome<Vec<String>> {
    match node.list() {
        Some(list) => list.iter().map(|item| text(item, key).map(str::to_owned)).collect(),
        None if node.is_null() => Ok(Vec::new()),
        None => Ok(vec![text(node, key)?.to_owned()]),
    }
}

/// Reads one rule file.
pub(crate) fn read_file(
    name: &str,
    source: &str,
    rules: &mut Vec<RuleDefinition>,
    rejected: &mut Vec<Rejected>,
) {
    let file: Arc<str> = name.into();
    let mut reject = |line: u32, rule: Option<&str>, whole: bool, reason: String| {
        let rule = rule.map(str::to_owned);
        rejected.push(Rejected { file: name.to_owned(), line, rule, whole, reason });
    };
    if source.len() > RULE_FILE_BYTES_MAX {
        reject(1, None, true, format!("the file is larger than {RULE_FILE_BYTES_MAX} bytes"));
        return;
    }
    let (root, error) = yaml::parse(source);
    if let Some(error) = error {
        reject(error.line, None, true, format!("not valid YAML: {}", error.message));
    }
    let Some(root) = root else { return };
    let Some(list) = root.get("rules").and_then(Node::list) else {
        reject(root.line, None, true, "expected a list under `rules:`".to_owned());
        return;
    };
    for node in list {
        if rules.len() >= RULES_MAX {
            reject(node.line, None, true, format!("more than {RULES_MAX} rules; not read further"));
            return;
        }
        let id = node.get("id").and_then(Node::text);
        let mut context = Context::default();
        match read_rule(node, &mut context, &file) {
            Ok(rule) => rules.push(rule),
            Err(problem) => reject(problem.line, id, true, problem.reason),
        }
        for note in context.notes {
            reject(note.line, id, false, note.reason);
        }
    }
}

/// Keys that a rule may have; another one is named and left out.
const KEYS: &[&str] = &[
    "id",
    "message",
    "severity",
    "languages",
    "mode",
    "metadata",
    "options",
    "paths",
    "fix",
    "fix-regex",
    "pattern",
    "patterns",
    "pattern-either",
    "pattern-regex",
    "match",
    "taint",
    "pattern-sources",
    "pattern-sinks",
    "pattern-sanitizers",
    "pattern-propagators",
    "min-version",
    "max-version",
    "join",
    "extract",
    "version",
    "product",
    "secrets",
    "validators",
    "r2c-internal-project-depends-on",
    "dependency",
    "steps",
    "transform",
    "dest-language",
];

fn read_rule(node: &Node<'_>, context: &mut Context, file: &Arc<str>) -> Outcome<RuleDefinition> {
    let entries = node
        .map()
        .ok_or_else(|| Problem::new(node.line, format!("a rule is {}, expected a map", node.kind())))?;
    for entry in entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_ref())) {
        context.notes.push(Problem::new(entry.line, format!("`{}` is no key of a rule", entry.key)));
    }
    let need =
        |key: &str| node.get(key).ok_or_else(|| Problem::new(node.line, format!("`{key}` is missing")));
    let id_node = need("id")?;
    let id = text(id_node, "id")?.to_owned();
    meta::versions(node)?;
    let (targets, unknown) = meta::targets(need("languages")?)?;
    context.notes.extend(unknown);
    context.target = (targets == [Target::Regex]).then_some(Target::Regex);
    let mode = read_mode(node, context)?;
    let options = match node.get("options") {
        Some(options) => meta::options(options, &mut context.notes)?,
        None => crate::rule::Options::default(),
    };
    Ok(RuleDefinition {
        message: node.get("message").and_then(Node::text).unwrap_or_default().to_owned(),
        severity: meta::severity(need("severity")?)?,
        targets,
        mode,
        leaves: std::mem::take(&mut context.leaves),
        options,
        paths: node.get("paths").map(meta::paths).transpose()?.unwrap_or_default(),
        metadata: node.get("metadata").map(meta::metadata).unwrap_or_default(),
        fix: node.get("fix").and_then(Node::text).map(str::to_owned),
        fix_regex: node.get("fix-regex").map(meta::fix_regex).transpose()?,
        file: file.clone(),
        id,
    })
}

fn read_mode(node: &Node<'_>, context: &mut Context) -> Outcome<Mode> {
    for (key, what) in [
        ("r2c-internal-project-depends-on", "asks for a dependency, which the dependencies engine judges"),
        ("steps", "has `steps`, which are not evaluated"),
        ("validators", "has `validators`, which would send what they find over the network"),
    ] {
        if let Some(value) = node.get(key) {
            return Err(Problem::new(value.line, what));
        }
    }
    let mode = node.get("mode");
    match mode.and_then(Node::text).unwrap_or("search") {
        "taint" => return taint::classic(node, context).map(|taint| Mode::Taint(Box::new(taint))),
        "search" => {}
        other => {
            let line = mode.map_or(node.line, |mode| mode.line);
            return Err(Problem::new(
                line,
                format!("`mode: {other}` is not evaluated; `search` and `taint` are"),
            ));
        }
    }
    if let Some(taint) = node.get("taint") {
        return taint::modern(taint, context).map(|taint| Mode::Taint(Box::new(taint)));
    }
    if let Some(formula) = node.get("match") {
        return modern::formula(formula, context).map(Mode::Search);
    }
    classic::formula(node, context).map(Mode::Search)
}

#[cfg(test)]
mod tests;
