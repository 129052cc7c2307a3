//! From TOML text to a draft of a pack.

use std::sync::Arc;

use selvedge_model::{
    Confidence, Diagnostic, DiagnosticKind, Engine, Reference, Remediation, Rule, RuleId, Severity, Stage,
};
use toml::de::DeTable;

use super::table::{Messages, Table};
use super::{Draft, RULES_MAX};
use crate::PatternError;
use crate::allow::{Allowlist, Stopwords, Target};
use crate::filter::Filter;
use crate::pattern::Pattern;
use crate::rule::{Dialect, Required, SPECIFICITY_DEFAULT, Scope, SecretRule};

const PACK_KEYS: &[&str] = &[
    "title",
    "description",
    "extend",
    "rules",
    "allowlist",
    "allowlists",
    "minVersion",
    "betterleaksMinVersion",
    "prefilter",
    "filter",
];
const RULE_KEYS: &[&str] = &[
    "id",
    "description",
    "path",
    "regex",
    "secretGroup",
    "entropy",
    "keywords",
    "tags",
    "allowlist",
    "allowlists",
    "required",
    "skipReport",
    "tokenEfficiency",
    "specificity",
    "filter",
    "validate",
    "selvedge",
];
const ALLOWLIST_KEYS: &[&str] = &[
    "id",
    "description",
    "condition",
    "commits",
    "paths",
    "regexTarget",
    "regexes",
    "stopwords",
    "targetRules",
];
const SELVEDGE_KEYS: &[&str] = &[
    "severity",
    "confidence",
    "why",
    "fix",
    "references",
    "proof",
    "family",
    "context",
    "positives",
    "negatives",
];
const EXTEND_KEYS: &[&str] = &["path", "url", "useDefault", "disabledRules"];
const REQUIRED_KEYS: &[&str] = &["id", "withinLines", "withinColumns"];

/// An allowlist that holds for named rules only.
pub(super) struct TargetedAllowlist {
    pub(super) rules: Vec<String>,
    pub(super) allowlist: Arc<Allowlist>,
    pub(super) line: u32,
}

/// The `[extend]` table.
#[derive(Default)]
pub(super) struct Extend {
    path: Option<String>,
    use_default: bool,
    pub(super) disabled: Vec<String>,
    pub(super) line: u32,
}

/// Where the extended pack comes from.
pub(super) enum Source {
    Default,
    Path(String),
}

impl Extend {
    /// What to load, if anything.
    pub(super) fn source(&self, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Source> {
        match (&self.path, self.use_default) {
            (Some(_), true) => {
                let message = "`extend.path` and `extend.useDefault` exclude each other; nothing is extended";
                let bad = Diagnostic::new(DiagnosticKind::BadConfig, message);
                diagnostics.push(bad.at(name).line(self.line));
                None
            }
            (Some(path), false) => Some(Source::Path(path.clone())),
            (None, true) => Some(Source::Default),
            (None, false) => None,
        }
    }
}

/// Reads one pack. What cannot be read is reported and left out.
pub(super) fn parse(text: &str, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Draft {
    let mut messages = Messages::new(name, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let offset = error.span().map_or(0, |span| span.start);
        messages.config(offset, format!("not valid TOML: {}", error.message()));
    }
    let draft = Reader { name, messages: &mut messages }.pack(Table::new(table.get_ref(), 0));
    diagnostics.append(&mut messages.out);
    draft
}

struct Reader<'a, 'm> {
    name: &'a str,
    messages: &'m mut Messages<'a>,
}

impl Reader<'_, '_> {
    fn pack(&mut self, pack: Table<'_, '_>) -> Draft {
        pack.check_keys(PACK_KEYS, self.messages);
        let mut draft = Draft::empty();
        let tables = pack.tables("rules", self.messages);
        if tables.len() > RULES_MAX {
            let message = format!("{} rules; only the first {RULES_MAX} are loaded", tables.len());
            self.messages.push(DiagnosticKind::LimitReached, pack.offset, message);
        }
        let betterleaks = |table: &Table<'_, '_>| {
            ["filter", "prefilter", "validate", "specificity", "betterleaksMinVersion", "tokenEfficiency"]
                .iter()
                .any(|key| table.get(key).is_some())
        };
        if betterleaks(&pack) || tables.iter().any(betterleaks) {
            draft.scope.dialect = Dialect::Betterleaks;
        }
        draft.rules = tables.iter().take(RULES_MAX).filter_map(|table| self.rule(*table)).collect();
        draft.scope.prefilter = self.filter(pack, "prefilter", None);
        draft.scope.filter = self.filter(pack, "filter", None);
        self.global_allowlists(pack, &mut draft.scope, &mut draft.targeted);
        draft.extend = self.extend(pack);
        draft
    }

    fn extend(&mut self, pack: Table<'_, '_>) -> Extend {
        let Some(table) = pack.table("extend", self.messages) else { return Extend::default() };
        table.check_keys(EXTEND_KEYS, self.messages);
        if let Some((url, offset)) = table.string("url", self.messages).filter(|(url, _)| !url.is_empty()) {
            let message =
                format!("`extend.url` is not fetched ({url}); download it and name it in `extend.path`");
            self.messages.config(offset, message);
        }
        let strings = table.strings("disabledRules", self.messages);
        Extend {
            path: self.text(table, "path"),
            use_default: table.boolean("useDefault", self.messages).unwrap_or(false),
            disabled: strings.into_iter().map(|(id, _)| id).collect(),
            line: self.messages.line(table.offset),
        }
    }

    fn global_allowlists(
        &mut self,
        pack: Table<'_, '_>,
        scope: &mut Scope,
        targeted: &mut Vec<TargetedAllowlist>,
    ) {
        for table in self.allowlist_tables(pack) {
            let Some(allowlist) = self.allowlist(table) else { continue };
            let rules: Vec<String> =
                table.strings("targetRules", self.messages).into_iter().map(|(id, _)| id).collect();
            if rules.is_empty() {
                scope.allowlists.push(allowlist);
            } else {
                targeted.push(TargetedAllowlist { rules, allowlist, line: self.messages.line(table.offset) });
            }
        }
    }

    /// `[[allowlists]]`, or the older `[allowlist]`; both at once is a mistake, and both are read.
    fn allowlist_tables<'t, 'i>(&mut self, parent: Table<'t, 'i>) -> Vec<Table<'t, 'i>> {
        let mut tables = parent.tables("allowlists", self.messages);
        let older = parent.tables("allowlist", self.messages);
        if let (false, Some(first)) = (tables.is_empty(), older.first()) {
            let message =
                "`[allowlist]` is the older form and cannot be used beside `[[allowlists]]`; both are read";
            self.messages.config(first.offset, message);
        }
        tables.extend(older);
        tables
    }

    fn allowlist(&mut self, table: Table<'_, '_>) -> Option<Arc<Allowlist>> {
        table.check_keys(ALLOWLIST_KEYS, self.messages);
        let all = match self.text(table, "condition").unwrap_or_default().to_uppercase().as_str() {
            "AND" | "&&" => true,
            "" | "OR" | "||" => false,
            other => {
                let message = format!("unknown allowlist `condition` `{other}`, expected `AND` or `OR`");
                self.messages.rule(table.offset, message);
                return None;
            }
        };
        let target = match self.text(table, "regexTarget").unwrap_or_default().as_str() {
            "" | "secret" => Target::Secret,
            "match" => Target::Match,
            "line" => Target::Line,
            other => {
                let message =
                    format!("unknown `regexTarget` `{other}`, expected `secret`, `match` or `line`");
                self.messages.rule(table.offset, message);
                return None;
            }
        };
        let commits = table.strings("commits", self.messages);
        let stopwords = table.strings("stopwords", self.messages);
        let allowlist = Allowlist {
            all,
            target,
            commits: commits.into_iter().map(|(commit, _)| commit.trim().to_lowercase()).collect(),
            stopwords: Stopwords::new(stopwords.into_iter().map(|(word, _)| word)),
            paths: self.patterns(table, "paths"),
            regexes: self.patterns(table, "regexes"),
        };
        if allowlist.is_empty() {
            let message = "allowlist without a usable `commits`, `paths`, `regexes` or `stopwords`";
            self.messages.config(table.offset, message);
            return None;
        }
        Some(Arc::new(allowlist))
    }

    /// The patterns of a list, joined; one that does not parse is reported and left out.
    fn patterns(&mut self, table: Table<'_, '_>, key: &str) -> Option<Pattern> {
        let sources = table.strings(key, self.messages);
        let all: Vec<&str> = sources.iter().map(|(source, _)| source.as_str()).collect();
        if let Ok(joined) = Allowlist::joined(&all) {
            return joined;
        }
        let mut good = Vec::new();
        for (source, offset) in &sources {
            match Pattern::new(source) {
                Ok(_) => good.push(source.as_str()),
                Err(error) => self.messages.rule(*offset, format!("`{key}`: {error}")),
            }
        }
        Allowlist::joined(&good).unwrap_or_else(|error| {
            self.messages.rule(table.offset, format!("`{key}`, taken together: {error}"));
            None
        })
    }

    fn rule(&mut self, table: Table<'_, '_>) -> Option<SecretRule> {
        table.check_keys(RULE_KEYS, self.messages);
        let Some(id) = self.text(table, "id").filter(|id| !id.trim().is_empty()) else {
            self.messages.rule(table.offset, "rule without an `id`");
            return None;
        };
        let regex = self.pattern(table, "regex", &id).ok()?;
        let path = self.pattern(table, "path", &id).ok()?;
        let entropy = table.number("entropy", self.messages).unwrap_or(0.0);
        let keywords = table.strings("keywords", self.messages);
        let required = self.required(table, &id)?;
        let mut allowlists = Vec::new();
        for inner in self.allowlist_tables(table) {
            allowlists.extend(self.allowlist(inner));
        }
        let mut rule = SecretRule {
            meta: self.meta(table, &id),
            confidence: Confidence::Medium,
            family: id.clone(),
            proof: None,
            context: false,
            positives: Vec::new(),
            negatives: Vec::new(),
            line: self.messages.line(table.offset),
            regex,
            path,
            secret_group: self.count(table, "secretGroup").unwrap_or(0) as usize,
            entropy,
            keywords: keywords.into_iter().map(|(word, _)| word.to_lowercase()).collect(),
            allowlists,
            required,
            skip_report: table.boolean("skipReport", self.messages).unwrap_or(false),
            filter: self.filter(table, "filter", Some(&id)),
            judged: false,
            token_efficiency: table.boolean("tokenEfficiency", self.messages).unwrap_or(false),
            specificity: table.integer("specificity", self.messages).unwrap_or(SPECIFICITY_DEFAULT),
            scope: 0,
        };
        if let Some(own) = table.table("selvedge", self.messages) {
            self.own_keys(own, &mut rule);
        }
        Some(rule)
    }

    /// Title and tags, and what any reader of a leaked secret should know.
    fn meta(&mut self, table: Table<'_, '_>, id: &str) -> Rule {
        let tags = table.strings("tags", self.messages);
        Rule {
            id: RuleId::new(id),
            engine: Engine::Secrets,
            stage: Stage::Code,
            title: self.text(table, "description").unwrap_or_default(),
            why: "Whoever can read this file or its history can use the credential as if they were you."
                .to_owned(),
            remediation: Remediation::steps([
                "Revoke the credential where it was issued, and issue a new one.",
                "Keep the new one out of the repository: in a secret store or the environment.",
            ]),
            severity: Severity::High,
            references: Reference::parse("CWE-798").into_iter().collect(),
            tags: tags.into_iter().map(|(tag, _)| tag).collect(),
            pack: self.name.to_owned(),
        }
    }

    /// The `[rules.selvedge]` table, which other tools ignore.
    fn own_keys(&mut self, own: Table<'_, '_>, rule: &mut SecretRule) {
        own.check_keys(SELVEDGE_KEYS, self.messages);
        rule.judged = true;
        if let Some(severity) = self.level(own, "severity") {
            rule.meta.severity = severity;
        }
        if let Some(confidence) = self.level(own, "confidence") {
            rule.confidence = confidence;
        }
        if let Some(why) = self.text(own, "why") {
            rule.meta.why = why;
        }
        if own.get("fix").is_some() {
            rule.meta.remediation = Remediation::steps(self.list(own, "fix"));
        }
        if own.get("references").is_some() {
            rule.meta.references = self.references(own);
        }
        rule.proof = self.text(own, "proof");
        if let Some(family) = self.text(own, "family") {
            rule.family = family;
        }
        rule.context = own.boolean("context", self.messages).unwrap_or(false);
        rule.positives = self.list(own, "positives");
        rule.negatives = self.list(own, "negatives");
    }

    fn references(&mut self, own: Table<'_, '_>) -> Vec<Reference> {
        let mut references = Vec::new();
        for (text, offset) in own.strings("references", self.messages) {
            match Reference::parse(&text) {
                Some(reference) => references.push(reference),
                None => self.messages.config(offset, format!("`{text}` is no known kind of reference")),
            }
        }
        references
    }

    fn level<T: std::str::FromStr<Err = selvedge_model::UnknownLevel>>(
        &mut self,
        own: Table<'_, '_>,
        key: &str,
    ) -> Option<T> {
        let (text, offset) = own.string(key, self.messages)?;
        text.parse().map_err(|error| self.messages.config(offset, format!("`{key}`: {error}"))).ok()
    }

    /// The rules that must be met nearby; `None` if one of them is not named.
    fn required(&mut self, table: Table<'_, '_>, id: &str) -> Option<Vec<Required>> {
        let mut all = Vec::new();
        for required in table.tables("required", self.messages) {
            required.check_keys(REQUIRED_KEYS, self.messages);
            let Some(other) = self.text(required, "id") else {
                self.messages.rule(required.offset, format!("rule `{id}`: `required` without an `id`"));
                return None;
            };
            all.push(Required {
                id: other,
                within_lines: self.count(required, "withinLines"),
                within_columns: self.count(required, "withinColumns"),
            });
        }
        Some(all)
    }

    fn pattern(
        &mut self,
        table: Table<'_, '_>,
        key: &str,
        id: &str,
    ) -> Result<Option<Arc<Pattern>>, PatternError> {
        let Some((source, offset)) = table.string(key, self.messages) else { return Ok(None) };
        if source.is_empty() {
            return Ok(None);
        }
        Pattern::new(source)
            .map(|pattern| Some(Arc::new(pattern)))
            .inspect_err(|error| self.messages.rule(offset, format!("rule `{id}`: `{key}`: {error}")))
    }

    /// An expression; one that does not parse is reported, and what it would have left out is found.
    fn filter(&mut self, table: Table<'_, '_>, key: &str, id: Option<&str>) -> Option<Arc<Filter>> {
        let (text, offset) = table.string(key, self.messages).filter(|(text, _)| !text.trim().is_empty())?;
        let place = id.map_or(String::new(), |id| format!("rule `{id}`: "));
        match Filter::new(text) {
            Ok(filter) => Some(Arc::new(filter)),
            Err(error) => {
                self.messages.rule(offset, format!("{place}`{key}`: {error}"));
                None
            }
        }
    }

    fn count(&mut self, table: Table<'_, '_>, key: &str) -> Option<u64> {
        let number = table.integer(key, self.messages)?;
        u64::try_from(number)
            .map_err(|_| self.messages.config(table.offset, format!("`{key}` must not be negative")))
            .ok()
    }

    fn list(&mut self, table: Table<'_, '_>, key: &str) -> Vec<String> {
        table.strings(key, self.messages).into_iter().map(|(text, _)| text).collect()
    }

    /// A string that is not blank.
    fn text(&mut self, table: Table<'_, '_>, key: &str) -> Option<String> {
        let (text, _) = table.string(key, self.messages)?;
        (!text.trim().is_empty()).then(|| text.to_owned())
    }
}
