//! The code engine as the pass sees it: packs of rules, each loaded when a file asks for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use selvedge_code::{AUDIT_TAG, BUILTIN_PACKS, BuiltinPack, RuleSet, Telling};
use selvedge_model::{Confidence, Diagnostic, Engine, FingerprintKey, Rule, RuleId};

use crate::engine::{FileEngine, FileView, Sink};

/// The name of the built-in rules in reports.
const BUILTIN: &str = "builtin";

/// Which rules run.
#[derive(Debug, Clone, Default)]
pub struct CodeOptions {
    /// Whether those run that find places to read rather than mistakes.
    pub audit: bool,
    /// Identifiers of rules that do not run.
    pub disable: Vec<String>,
}

/// Rules for source code, and the key of their fingerprints.
#[derive(Debug)]
pub struct CodeEngine {
    packs: Vec<Pack>,
    options: CodeOptions,
    key: FingerprintKey,
    builtin_digest: [u8; 32],
    digest: [u8; 32],
}

/// Rules that are loaded together.
#[derive(Debug)]
struct Pack {
    builtin: Option<&'static BuiltinPack>,
    /// Identifiers of the user's rules, those that are switched off included.
    own_ids: Vec<String>,
    loaded: OnceLock<RuleSet>,
    /// What cannot be used on files of a kind, by the kind: the end of the path.
    problems: Mutex<BTreeMap<String, Arc<Vec<Diagnostic>>>>,
}

impl CodeEngine {
    /// An engine of the built-in rules, if wanted, and the user's own, which were loaded from texts with the
    /// digest `own_digest`.
    pub fn new(
        builtin: bool,
        own: Option<RuleSet>,
        own_digest: &[u8],
        options: CodeOptions,
        key: FingerprintKey,
    ) -> Self {
        let builtin: &[BuiltinPack] = if builtin { BUILTIN_PACKS } else { &[] };
        let mut hasher = blake3::Hasher::new();
        for file in builtin.iter().flat_map(BuiltinPack::files) {
            hasher.update(file.name.as_bytes()).update(file.text.as_bytes());
        }
        let builtin_digest = *hasher.finalize().as_bytes();
        hasher.update(&key.id()).update(own_digest).update(format!("{options:?}").as_bytes());
        let mut packs: Vec<Pack> = builtin.iter().map(Pack::builtin).collect();
        packs.extend(own.map(|rules| Pack::of(rules, &options)));
        Self { packs, options, key, builtin_digest, digest: *hasher.finalize().as_bytes() }
    }

    /// A digest of the built-in rules.
    pub fn builtin_digest(&self) -> [u8; 32] {
        self.builtin_digest
    }

    /// Identifiers of all rules, those that are switched off included.
    pub fn rule_ids(&self) -> Vec<String> {
        let of = |pack: &Pack| -> Vec<String> {
            let builtin = pack.builtin.map(BuiltinPack::ids).unwrap_or_default();
            builtin.iter().map(|id| (*id).to_owned()).chain(pack.own_ids.iter().cloned()).collect()
        };
        self.packs.iter().flat_map(of).collect()
    }

    /// What is known of the rules, and how sure their findings are, in the order of their packs; of those named
    /// in `wanted`, if it is given.
    pub fn rules(&self, wanted: Option<&BTreeSet<&str>>) -> Vec<(Rule, Confidence)> {
        let is_wanted = |id: &str| wanted.is_none_or(|wanted| wanted.contains(id));
        let mut rules = Vec::new();
        for pack in &self.packs {
            if pack.builtin.is_some_and(|builtin| !builtin.ids().iter().any(|id| is_wanted(id))) {
                continue;
            }
            let described = pack.rules(&self.options).described();
            let kept = described.filter(|(rule, _)| is_wanted(rule.id.as_str()));
            rules.extend(kept.map(|(rule, confidence)| (pack.named(rule), confidence)));
        }
        rules
    }
}

impl Pack {
    fn builtin(pack: &'static BuiltinPack) -> Self {
        Self { builtin: Some(pack), own_ids: Vec::new(), loaded: OnceLock::new(), problems: Mutex::default() }
    }

    fn of(mut rules: RuleSet, options: &CodeOptions) -> Self {
        let own_ids = rules.ids().map(str::to_owned).collect();
        rules.retain(|rule| options.want(rule));
        Self { builtin: None, own_ids, loaded: rules.into(), problems: Mutex::default() }
    }

    fn is_for(&self, path: &str) -> bool {
        match (self.builtin, self.loaded.get()) {
            (Some(builtin), _) => builtin.is_for(path),
            (None, Some(rules)) => rules.wants(path),
            (None, None) => false,
        }
    }

    fn rules(&self, options: &CodeOptions) -> &RuleSet {
        self.loaded.get_or_init(|| {
            let mut rules = self.builtin.map(|pack| pack.load().0).unwrap_or_default();
            rules.retain(|rule| options.want(rule));
            rules
        })
    }

    fn named(&self, mut rule: Rule) -> Rule {
        if self.builtin.is_some() {
            BUILTIN.clone_into(&mut rule.pack);
        }
        rule
    }

    /// Rules that cannot be used on such a file. Each file tells, so that what is told does not depend on which
    /// came first or was cached; the report tells it once.
    fn problems(&self, path: &str, rules: &RuleSet) -> Arc<Vec<Diagnostic>> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let kind = name.rsplit_once('.').map_or(name, |(_, end)| end).to_owned();
        let mut known = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(kind).or_insert_with(|| Arc::new(rules.problems_for(path))))
    }
}

impl CodeOptions {
    fn want(&self, rule: &Rule) -> bool {
        let is_audit = rule.tags.iter().any(|tag| tag == AUDIT_TAG);
        (self.audit || !is_audit) && !self.disable.iter().any(|id| *id == *rule.id.as_str())
    }
}

impl FileEngine for CodeEngine {
    fn engine(&self) -> Engine {
        Engine::Code
    }

    fn digest(&self) -> [u8; 32] {
        self.digest
    }

    fn wants(&self, path: &str) -> bool {
        self.packs.iter().any(|pack| pack.is_for(path))
    }

    fn inspect(&self, file: &FileView<'_>, sink: &mut Sink) {
        let doubt = selvedge_secrets::doubt_of_place(file.path());
        let mut told: BTreeSet<(RuleId, u64, u64)> = BTreeSet::new();
        for pack in self.packs.iter().filter(|pack| pack.is_for(file.path())) {
            let rules = pack.rules(&self.options);
            sink.diagnostics.extend(pack.problems(file.path(), rules).iter().cloned());
            let outcome = rules.scan_every(file.path(), file.bytes());
            sink.diagnostics.extend(outcome.diagnostics);
            let telling = Telling {
                path: file.path(),
                bytes: file.bytes(),
                lines: file.lines(),
                secrets: &sink.secrets,
                key: &self.key,
            };
            for mut finding in rules.findings(&telling, &outcome.matches) {
                let range = finding.subject.location().map_or((0, 0), |it| (it.range.start, it.range.end));
                // The same rule in two packs, or two ways to match the same text, are one finding.
                if !told.insert((finding.rule.clone(), range.0, range.1)) {
                    continue;
                }
                if let Some(doubt) = doubt {
                    finding.confidence = lowered(finding.confidence);
                    finding.reasons.push(doubt.to_owned());
                }
                sink.findings.push(finding);
            }
        }
    }
}

fn lowered(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::High => Confidence::Medium,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}
