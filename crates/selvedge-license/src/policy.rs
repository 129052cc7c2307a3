//! Whether licences are allowed.
//!
//! A policy is two lists of patterns. Of alternatives the best one counts, of licences that hold together the worst,
//! and what is not understood is neither allowed nor denied.

use std::fmt;

use selvedge_package::Ecosystem;

use crate::expression::{Expression, License, Term};
use crate::names;
use crate::parse::{all_of, parse};

/// Which licences a project takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// If there are any, nothing else is allowed.
    pub allow: Vec<Pattern>,
    /// Never allowed, whatever `allow` says of them in general.
    pub deny: Vec<Pattern>,
    /// What happens with licences that are not understood, or not stated.
    pub unknown: Handling,
    /// Packages that are judged otherwise.
    pub exceptions: Vec<PackageException>,
}

/// What is done about something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handling {
    /// Nothing.
    Allow,
    /// It is said.
    #[default]
    Warn,
    /// It fails the gate.
    Deny,
}

/// A package that may have licences which others may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageException {
    /// Its ecosystem; any where absent.
    pub ecosystem: Option<Ecosystem>,
    /// Its name; a `*` at the end stands for any rest.
    pub name: String,
    /// Its version; any where absent.
    pub version: Option<String>,
    /// What it may have beside what the policy allows; anything at all where empty.
    pub allow: Vec<Pattern>,
    /// Why.
    pub reason: String,
}

/// Licences by identifier or by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// One term: `MIT`, `GPL-2.0-only WITH Classpath-exception-2.0`, `LicenseRef-x`.
    Term(Term),
    /// All whose identifier begins so: `GPL-*`, `LicenseRef-*`.
    Prefix(String),
    /// `@copyleft`: licences that the SPDX crate's list marks as such.
    Copyleft,
    /// `@osi`: approved by the Open Source Initiative.
    OsiApproved,
    /// `@fsf`: free by the judgement of the Free Software Foundation.
    FsfLibre,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError(String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected an SPDX identifier, `ID WITH EXCEPTION`, `PREFIX*`, @copyleft, @osi or @fsf, found {:?}",
            self.0
        )
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Reads a pattern. Names that are not identifiers are refused: a policy should say exactly what it means.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        match text {
            "@copyleft" => return Ok(Self::Copyleft),
            "@osi" => return Ok(Self::OsiApproved),
            "@fsf" => return Ok(Self::FsfLibre),
            _ => {}
        }
        if let Some(prefix) = text.strip_suffix('*').filter(|prefix| !prefix.contains('*')) {
            return Ok(Self::Prefix(prefix.to_owned()));
        }
        let parsed = parse(text).filter(|parsed| parsed.is_exact && parsed.expression.is_known());
        match parsed.map(|parsed| parsed.expression) {
            Some(Expression::Term(term)) if is_identifier(text) => Ok(Self::Term(term)),
            _ => Err(PatternError(text.to_owned())),
        }
    }

    /// Whether `allow` with this pattern covers a term. A term that lets later versions be chosen is covered by any
    /// of them, and a licence covers itself with any exception, which only permits more.
    fn covers(&self, term: &Term) -> bool {
        match self {
            Self::Term(own) => {
                let has_exception = own.exception.is_none() || own.exception == term.exception;
                has_exception && license_covers(&own.license, &term.license)
            }
            other => other.is_kind_of(&term.license),
        }
    }

    /// Whether `deny` with this pattern means a term.
    fn denies(&self, term: &Term) -> bool {
        match self {
            Self::Term(own) => {
                let has_exception = own.exception.is_none() || own.exception == term.exception;
                has_exception && own.license == term.license
            }
            other => other.is_kind_of(&term.license),
        }
    }

    /// Whether it names exactly this term, its exception included.
    fn names(&self, term: &Term) -> bool {
        matches!(self, Self::Term(own) if own == term)
    }

    fn is_kind_of(&self, license: &License) -> bool {
        let listed = match license {
            License::Listed { id, .. } => spdx::license_id(id),
            License::Reference(_) | License::Unknown(_) => None,
        };
        match self {
            Self::Term(_) => false,
            Self::Prefix(prefix) => match license {
                License::Listed { id, .. } => id.starts_with(prefix.as_str()),
                License::Reference(text) => text.starts_with(prefix.as_str()),
                License::Unknown(_) => false,
            },
            Self::Copyleft => listed.is_some_and(spdx::LicenseId::is_copyleft),
            Self::OsiApproved => listed.is_some_and(spdx::LicenseId::is_osi_approved),
            Self::FsfLibre => listed.is_some_and(spdx::LicenseId::is_fsf_free_libre),
        }
    }
}

/// Whether a text is spelled like an identifier with or without an exception, not like a name in prose.
fn is_identifier(text: &str) -> bool {
    let id = text.split(" WITH ").next().unwrap_or(text);
    names::listed(id).is_some() || id.starts_with("LicenseRef-") || id.starts_with("DocumentRef-")
}

/// Whether who accepts `own` can take a package under `license`.
fn license_covers(own: &License, license: &License) -> bool {
    if own == license {
        return true;
    }
    let (License::Listed { id: own, .. }, License::Listed { id, or_later }) = (own, license) else {
        return false;
    };
    let stem = id.strip_suffix("-or-later");
    if stem.is_none() && !or_later {
        return own == id;
    }
    let own = own.strip_suffix("-only").or_else(|| own.strip_suffix("-or-later")).unwrap_or(own);
    is_same_or_later(stem.unwrap_or(id), own)
}

/// Whether two identifiers differ in their version only, and the second has not the lower one.
fn is_same_or_later(id: &str, own: &str) -> bool {
    let mut theirs = id.split('-');
    let mut ours = own.split('-');
    loop {
        match (theirs.next(), ours.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => {
                let (Some(a), Some(b)) = (version(a), version(b)) else { return false };
                if b < a {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

fn version(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// How one expression stands to a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// There is a way to use the package that the policy allows.
    Allowed,
    /// Whether there is one cannot be told.
    Unknown,
    /// There is none.
    Denied,
}

/// A verdict and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// Terms that are denied, each once: why the verdict is [`Verdict::Denied`].
    pub denied: Vec<String>,
    /// Terms that are not understood, each once: why it is [`Verdict::Unknown`].
    pub unknown: Vec<String>,
    /// Terms under which the package is used, where the verdict is [`Verdict::Allowed`].
    pub chosen: Vec<String>,
}

/// How one package stands to a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement<'p> {
    /// The expression that was judged; absent if the package states none.
    pub expression: Option<Expression>,
    /// The decision.
    pub decision: Decision,
    /// The exception that changed it.
    pub exception: Option<&'p PackageException>,
    /// What is to be done.
    pub handling: Handling,
}

impl Policy {
    /// Judges an expression.
    pub fn evaluate(&self, expression: &Expression) -> Decision {
        self.evaluate_with(expression, &[])
    }

    fn evaluate_with(&self, expression: &Expression, also: &[Pattern]) -> Decision {
        match expression {
            Expression::Term(term) => self.term(term, also),
            Expression::And(parts) => {
                let decisions: Vec<Decision> =
                    parts.iter().map(|part| self.evaluate_with(part, also)).collect();
                let verdict = decisions.iter().map(|it| it.verdict).max().unwrap_or(Verdict::Unknown);
                Decision::joined(verdict, decisions.into_iter())
            }
            Expression::Or(parts) => {
                let decisions: Vec<Decision> =
                    parts.iter().map(|part| self.evaluate_with(part, also)).collect();
                let verdict = decisions.iter().map(|it| it.verdict).min().unwrap_or(Verdict::Unknown);
                if verdict == Verdict::Allowed {
                    // The first allowed alternative is the one that is used.
                    let chosen = decisions.into_iter().find(|it| it.verdict == Verdict::Allowed);
                    return Decision::joined(verdict, chosen.into_iter());
                }
                Decision::joined(verdict, decisions.into_iter())
            }
        }
    }

    fn term(&self, term: &Term, also: &[Pattern]) -> Decision {
        let text = term.to_string();
        let is_named = self.allow.iter().chain(also).any(|pattern| pattern.names(term));
        let is_extra = also.iter().any(|pattern| pattern.covers(term));
        let is_denied = !is_named && !is_extra && self.deny.iter().any(|pattern| pattern.denies(term));
        let is_allowed = is_named || is_extra || self.allow.iter().any(|pattern| pattern.covers(term));
        let verdict = match &term.license {
            _ if is_denied => Verdict::Denied,
            _ if is_allowed => Verdict::Allowed,
            License::Unknown(_) => Verdict::Unknown,
            _ if self.allow.is_empty() => Verdict::Allowed,
            _ => Verdict::Denied,
        };
        let list = |wanted| if verdict == wanted { vec![text.clone()] } else { Vec::new() };
        Decision {
            verdict,
            denied: list(Verdict::Denied),
            unknown: list(Verdict::Unknown),
            chosen: list(Verdict::Allowed),
        }
    }

    /// Judges a package by what it states, exceptions included. An exception only ever allows.
    pub fn judge(
        &self,
        ecosystem: Ecosystem,
        name: &str,
        version: Option<&str>,
        licenses: &[String],
    ) -> Judgement<'_> {
        let parsed = all_of(licenses.iter().map(String::as_str));
        let expression = parsed.map(|parsed| parsed.expression);
        let mut decision = match &expression {
            Some(expression) => self.evaluate(expression),
            None => Decision::joined(Verdict::Unknown, std::iter::empty()),
        };
        let mut used = None;
        if decision.verdict != Verdict::Allowed {
            let fitting = self.exceptions.iter().filter(|it| it.is_about(ecosystem, name, version));
            for exception in fitting {
                let other = match &expression {
                    _ if exception.allow.is_empty() => Decision::joined(Verdict::Allowed, std::iter::empty()),
                    Some(expression) => self.evaluate_with(expression, &exception.allow),
                    None => continue,
                };
                if other.verdict == Verdict::Allowed {
                    decision = other;
                    used = Some(exception);
                    break;
                }
            }
        }
        let handling = match decision.verdict {
            Verdict::Allowed => Handling::Allow,
            Verdict::Unknown => self.unknown,
            Verdict::Denied => Handling::Deny,
        };
        Judgement { expression, decision, exception: used, handling }
    }
}

impl PackageException {
    fn is_about(&self, ecosystem: Ecosystem, name: &str, version: Option<&str>) -> bool {
        let has_name = match self.name.strip_suffix('*') {
            Some(prefix) => name.starts_with(prefix),
            None => self.name == name,
        };
        has_name
            && self.ecosystem.is_none_or(|own| own == ecosystem)
            && self.version.as_deref().is_none_or(|own| version == Some(own))
    }
}

impl Decision {
    fn joined(verdict: Verdict, parts: impl Iterator<Item = Self>) -> Self {
        let mut whole = Self { verdict, denied: Vec::new(), unknown: Vec::new(), chosen: Vec::new() };
        for part in parts {
            for (list, more) in [
                (&mut whole.denied, part.denied),
                (&mut whole.unknown, part.unknown),
                (&mut whole.chosen, part.chosen),
            ] {
                for text in more {
                    if !list.contains(&text) {
                        list.push(text);
                    }
                }
            }
        }
        if verdict != Verdict::Allowed {
            whole.chosen.clear();
        }
        whole
    }
}
