//! Scans bytes with a set of rules.
//!
//! [`Scanner::scan`] makes one pass for the literals of all rules and evaluates each rule only where its
//! literals stand; [`Scanner::scan_plain`] evaluates every rule over the whole text, as Gitleaks does, and
//! exists so that tests can hold the one against the other. [`Scanner::scan_part`] is for texts of which most
//! was seen before.

mod decoded;
pub(crate) mod entropy;
mod hit;
mod leads;
pub(crate) mod lines;
mod part;
mod resolve;
mod seek;
mod vet;

use std::ops::Range;
use std::sync::Arc;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::allow::Origin;
use crate::compile::plan::Strategy;
use crate::compile::sieve::Met;
use crate::judge::{self, Dismissal};
use crate::rule::RuleSet;

pub use hit::Hit;
use leads::{Leads, LeadsByRule};
pub use part::{Notes, Part, Reach};
pub(crate) use seek::MATCHES_PER_RULE_MAX;

/// A text yields at most this many hits.
pub(crate) const HITS_PER_TEXT_MAX: usize = 20_000;

/// How to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanOptions {
    /// Encodings inside encodings are undone this deep; 0 decodes nothing.
    pub decode_depth: u8,
    /// Offline proofs are tried, and what they refute is dropped.
    pub prove: bool,
    /// Hits are judged by their surroundings.
    pub judge: bool,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { decode_depth: 3, prove: true, judge: true }
    }
}

impl ScanOptions {
    /// Exactly what Gitleaks does by default: no decoding, no proofs, no judgement.
    pub fn gitleaks() -> Self {
        Self { decode_depth: 0, prove: false, judge: false }
    }
}

/// Rules made ready to scan with. Shared between threads by reference.
#[derive(Debug)]
pub struct Scanner {
    set: Arc<RuleSet>,
    options: ScanOptions,
    leads: Leads,
}

/// Which way to look for matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Literals,
    Plain,
}

impl Scanner {
    /// Makes the rules ready. Patterns compile later, when a text first needs them.
    pub fn new(rules: Arc<RuleSet>, options: ScanOptions) -> Self {
        Self { leads: Leads::new(&rules), set: rules, options }
    }

    /// The rules it scans with.
    pub fn rules(&self) -> &RuleSet {
        &self.set
    }

    /// A scanner of rule `rule`, there with the position 0, which finds at least what it finds in the company of
    /// all others.
    #[must_use]
    pub fn alone(&self, rule: usize) -> Self {
        Self::new(Arc::new(self.set.only(rule)), self.options.clone())
    }

    /// Every secret in `bytes`, sorted by place. While `path` is `None`, conditions on it are taken as
    /// met, a keyword apart from the pattern is not asked for, and nothing yields to anything: a superset
    /// of what any path would give, for texts or parts of texts that are to be scanned again.
    pub fn scan(&self, path: Option<&str>, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Vec<Hit> {
        self.scan_from(Origin { path, commit: None }, bytes, diagnostics)
    }

    /// As [`Scanner::scan`], for bytes of a known commit.
    pub fn scan_from(&self, origin: Origin<'_>, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Vec<Hit> {
        self.run(Way::Literals, origin, bytes, diagnostics)
    }

    /// The same hits as [`Scanner::scan`], found by running every rule over the whole text.
    pub fn scan_plain(
        &self,
        path: Option<&str>,
        bytes: &[u8],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Hit> {
        self.run(Way::Plain, Origin { path, commit: None }, bytes, diagnostics)
    }

    /// Whether the conditions that rule `rule` and its pack put on path and commit hold: for hits that were
    /// found before these were known.
    pub fn rule_applies(&self, rule: usize, origin: Origin<'_>) -> bool {
        let rule = &self.set.rules[rule];
        !self.scope_skips(rule.scope, origin)
            && !Self::skips_origin(rule, origin)
            && Self::path_fits(rule, origin)
    }

    /// Whether any rule judges by path alone.
    pub fn judges_paths(&self) -> bool {
        self.set.rules.iter().any(|rule| rule.regex.is_none())
    }

    /// Whether a rule that judges by path alone meets `path`, whatever allowlists say of it.
    pub fn judges_path(&self, path: &str) -> bool {
        let origin = Origin { path: Some(path), commit: None };
        self.set.rules.iter().any(|rule| rule.regex.is_none() && Self::path_fits(rule, origin))
    }

    /// Whether every pack leaves out this path, so that the file need not be read at all.
    pub fn skips_path(&self, path: &str) -> bool {
        let origin = Origin { path: Some(path), commit: None };
        !self.set.scopes.is_empty() && (0..self.set.scopes.len()).all(|scope| self.scope_skips(scope, origin))
    }

    fn scope_skips(&self, scope: usize, origin: Origin<'_>) -> bool {
        let scope = &self.set.scopes[scope];
        scope.allowlists.iter().any(|allowlist| allowlist.allows_origin(origin))
            || (origin.path.is_some()
                && scope.prefilter.as_ref().is_some_and(|filter| filter.skips_origin(origin)))
    }

    fn run(&self, way: Way, origin: Origin<'_>, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Vec<Hit> {
        let skipped: Vec<bool> =
            (0..self.set.scopes.len()).map(|scope| self.scope_skips(scope, origin)).collect();
        if skipped.iter().all(|skipped| *skipped) {
            return Vec::new();
        }
        let mut pass =
            Pass { way, origin, skipped, span: None, refuted: Vec::new(), matched: Vec::new(), diagnostics };
        let mut hits = self.text_hits(&mut pass, bytes);
        self.decoded_hits(&mut pass, bytes, &mut hits);
        if hits.len() > HITS_PER_TEXT_MAX {
            hits.truncate(HITS_PER_TEXT_MAX);
            pass.limit(format!("more than {HITS_PER_TEXT_MAX} secrets; the rest is not told"));
        }
        if origin.path.is_some() {
            hits = self.without_yielding(hits, bytes);
        }
        hits.sort_by_key(|hit| (hit.span.start, hit.span.end, hit.rule, hit.decoded.len()));
        hits
    }

    /// The hits in one text, be it a file or a decoded part of one.
    fn text_hits(&self, pass: &mut Pass<'_>, bytes: &[u8]) -> Vec<Hit> {
        let leads = match pass.way {
            Way::Literals => self.leads.find(&self.set, bytes),
            Way::Plain => self.leads.everything(),
        };
        self.hits_at(pass, bytes, &leads)
    }

    /// The hits that these leads lead to.
    fn hits_at(&self, pass: &mut Pass<'_>, bytes: &[u8], leads: &LeadsByRule) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (index, met) in leads {
            let rule = &self.set.rules[*index as usize];
            if pass.skipped[rule.scope] || rule.skip_report || hits.len() > HITS_PER_TEXT_MAX {
                continue;
            }
            let found = self.rule_hits(pass, *index as usize, bytes, met);
            hits.extend(self.with_required(pass, *index as usize, found, bytes, leads));
        }
        let refuted = std::mem::take(&mut pass.refuted);
        if pass.origin.path.is_some() && !refuted.is_empty() {
            hits.retain(|hit| !(self.set.rules[hit.rule].context && touches_any(&hit.secret_span, &refuted)));
        }
        hits
    }

    /// The vetted hits of one rule.
    fn rule_hits(&self, pass: &mut Pass<'_>, index: usize, bytes: &[u8], met: &[Met]) -> Vec<Hit> {
        let rule = &self.set.rules[index];
        let plan = self.leads.plan(&self.set, index);
        let origin = pass.origin;
        if Self::skips_origin(rule, origin) || !Self::path_fits(rule, origin) {
            return Vec::new();
        }
        if matches!(plan.strategy, Strategy::PathOnly) {
            return vec![self.path_hit(index)];
        }
        let found = self.rule_matches(pass, index, bytes, met);
        if found.cut {
            let id = rule.id();
            pass.limit(format!(
                "rule `{id}` matches more than {MATCHES_PER_RULE_MAX} times; the rest is not told"
            ));
        }
        if found.matches.is_empty() {
            return Vec::new();
        }
        if origin.path.is_none() {
            pass.matched.extend_from_slice(&found.matches);
        }
        // Bytes without a path may be a part of a text whose keyword stands elsewhere.
        let check_keywords = if plan.check_keywords { origin.path.is_some() } else { pass.way == Way::Plain };
        if check_keywords && !holds_keyword(&rule.keywords, bytes) {
            return Vec::new();
        }
        let vetted = found.matches.iter().filter_map(|raw| self.vet(index, origin, bytes, raw));
        if !rule.judged {
            return vetted.collect();
        }
        let mut kept = Vec::new();
        for hit in vetted {
            let place = hit.secret_span.clone();
            match judge::weigh(hit, rule, &self.options, origin.path, bytes) {
                Ok(hit) => kept.push(hit),
                Err(Dismissal::Refuted) => pass.refuted.push(place),
                Err(Dismissal::Judged) => {}
            }
        }
        kept
    }

    /// The raw matches of one rule.
    fn rule_matches(&self, pass: &Pass<'_>, index: usize, bytes: &[u8], met: &[Met]) -> seek::Found {
        let rule = &self.set.rules[index];
        let mut found = seek::Found::default();
        match &pass.span {
            Some(span) => seek::everywhere(rule, &bytes[..span.end], span.start, &mut found),
            None if pass.way == Way::Plain => seek::everywhere(rule, bytes, 0, &mut found),
            None => return seek::matches(rule, self.leads.plan(&self.set, index), bytes, met),
        }
        found
    }
}

/// One scan of one file.
struct Pass<'a> {
    way: Way,
    origin: Origin<'a>,
    /// Per scope: its pack leaves this file out.
    skipped: Vec<bool>,
    /// Where rules without literals are evaluated, if not everywhere.
    span: Option<Range<usize>>,
    /// What specific rules refuted in the text at hand; generic rules must not report it instead.
    refuted: Vec<Range<usize>>,
    /// Every match in the text at hand while the path is unknown, told or not.
    matched: Vec<Range<usize>>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Pass<'_> {
    /// Reports a limit that cut the work short.
    fn limit(&mut self, message: String) {
        let diagnostic = Diagnostic::new(DiagnosticKind::LimitReached, message);
        self.diagnostics.push(match self.origin.path {
            Some(path) => diagnostic.at(path),
            None => diagnostic,
        });
    }
}

fn touches_any(place: &Range<usize>, others: &[Range<usize>]) -> bool {
    others.iter().any(|other| place.start < other.end && other.start < place.end)
}

/// Whether any of the lower-case keywords is in the text; a rule without keywords needs none.
fn holds_keyword(keywords: &[String], bytes: &[u8]) -> bool {
    let holds = |word: &String| {
        if word.is_ascii() {
            let word = word.as_bytes();
            word.is_empty() || bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
        } else {
            String::from_utf8_lossy(bytes).to_lowercase().contains(word)
        }
    };
    keywords.is_empty() || keywords.iter().any(holds)
}
