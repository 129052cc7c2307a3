//! Log sources: which events a rule is about at all.
//!
//! The input may say what it delivers (the envelope's product, category and service). Where it does not, the
//! event's own fields must show it: channel, provider and event id on Windows, the record type of auditd, the
//! fields that only one cloud's audit log has. What neither says, a rule does not see.

mod tables;

use crate::expr::Expr;
use crate::matcher::Matcher;
use crate::pattern::Pattern;
use crate::rule::LogsourceSpec;
use tables::{CATEGORIES, CLOUD, Clue, LINUX_AUDIT_TYPES, PROGRAMS, SERVICES, WEB_SERVER};

/// What must hold for an event to belong to `spec`.
pub(crate) fn scope(spec: &LogsourceSpec) -> Expr {
    let parts = [("_product", &spec.product), ("_category", &spec.category), ("_service", &spec.service)];
    let named: Vec<(&str, &str)> =
        parts.iter().filter_map(|(field, part)| Some((*field, part.as_deref()?))).collect();
    let told: Vec<Expr> = named.iter().map(|(field, part)| is(field, &[part])).collect();
    let Some(shown) = clue(spec) else { return Expr::All(told) };
    // Told, or shown by the fields while nothing that is told speaks against it.
    let mut proof: Vec<Expr> = named
        .iter()
        .zip(&told)
        .map(|((field, _), told)| Expr::Any(vec![told.clone(), Expr::item(field, vec![Matcher::Null])]))
        .collect();
    proof.push(shown);
    Expr::Any(vec![Expr::All(told), Expr::All(proof)])
}

/// The fields that show the log source, where there is such knowledge.
fn clue(spec: &LogsourceSpec) -> Option<Expr> {
    let category = spec.category.as_deref();
    let service = spec.service.as_deref();
    match spec.product.as_deref() {
        Some("windows") => windows(category, service),
        Some("linux") => linux(category, service),
        Some(product) => cloud(product, service),
        None => match (category, service) {
            (Some("webserver"), None) => Some(all(WEB_SERVER)),
            (None, Some(service)) => Some(program(programs(service)?)),
            _ => None,
        },
    }
}

fn windows(category: Option<&str>, service: Option<&str>) -> Option<Expr> {
    let mut parts = Vec::new();
    if let Some(category) = category {
        let (_, channel, provider, ids) = CATEGORIES.iter().find(|(name, ..)| *name == category)?;
        parts.push(channel_or_provider(&[channel], provider));
        if !ids.is_empty() {
            parts.push(is("EventID", ids));
        }
    }
    if let Some(service) = service {
        let (_, channels) = SERVICES.iter().find(|(name, _)| *name == service)?;
        parts.push(is("Channel", channels));
    }
    if parts.is_empty() {
        parts.push(exists("EventID"));
    }
    Some(Expr::All(parts))
}

/// The channel; where an event carries none, its provider.
fn channel_or_provider(channels: &[&str], provider: &str) -> Expr {
    let by_provider = Expr::Any(vec![is("Provider_Name", &[provider]), is("SourceName", &[provider])]);
    let without_channel = Expr::All(vec![Expr::item("Channel", vec![Matcher::Null]), by_provider]);
    Expr::Any(vec![is("Channel", channels), without_channel])
}

fn linux(category: Option<&str>, service: Option<&str>) -> Option<Expr> {
    match (category, service) {
        (None, Some("auditd")) => Some(is("type", LINUX_AUDIT_TYPES)),
        (None, Some("syslog")) => {
            Some(Expr::Any(tables::PROGRAM_FIELDS.iter().map(|field| exists(field)).collect()))
        }
        (None, Some(service)) => Some(programs(service).map_or_else(|| program(&[service]), program)),
        (Some(category), None) => {
            let (_, _, _, ids) = CATEGORIES.iter().find(|(name, ..)| *name == category)?;
            let sysmon = "Linux-Sysmon/Operational";
            Some(Expr::All(vec![channel_or_provider(&[sysmon], "Linux-Sysmon"), is("EventID", ids)]))
        }
        _ => None,
    }
}

fn cloud(product: &str, service: Option<&str>) -> Option<Expr> {
    let fits = |known: &&(&str, Option<&str>, &[Clue])| {
        known.0 == product && (known.1.is_none() || known.1 == service)
    };
    let (_, _, clues) = CLOUD.iter().find(fits)?;
    Some(all(clues))
}

fn all(clues: &[Clue]) -> Expr {
    let part = |clue: &Clue| match clue {
        Clue::Has(fields) => Expr::Any(fields.iter().map(|field| exists(field)).collect()),
        Clue::Is(field, values) => is(field, values),
        Clue::Program(programs) => program(programs),
    };
    Expr::All(clues.iter().map(part).collect())
}

/// The programs of a service that is known by other names than its own.
fn programs(service: &str) -> Option<&'static [&'static str]> {
    PROGRAMS.iter().find(|(name, _)| *name == service).map(|(_, programs)| *programs)
}

/// A line of one of these programs, wherever its format names the program.
fn program(programs: &[&str]) -> Expr {
    Expr::Any(tables::PROGRAM_FIELDS.iter().map(|field| is(field, programs)).collect())
}

fn is(field: &str, values: &[&str]) -> Expr {
    let like = |value: &&str| Matcher::Like { pattern: Pattern::literal(*value).folded(), cased: false };
    Expr::item(field, values.iter().map(like).collect())
}

fn exists(field: &str) -> Expr {
    Expr::item(field, vec![Matcher::Exists(true)])
}
