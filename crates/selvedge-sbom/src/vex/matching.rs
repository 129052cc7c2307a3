//! Whether a statement is about a package that was found.

use std::cmp::Ordering;

use selvedge_package::{Ecosystem, Purl};

use super::{Affected, Product, Statement};

/// What holds the package that was found: names by which statements may call the product.
#[derive(Debug, Clone, Copy)]
pub enum Subjects<'a> {
    /// The statements are known to be about what is being checked, because the project keeps them for that.
    Any,
    /// Package URLs, image references and other identifiers of the project, the image, the things around it.
    Named(&'a [&'a str]),
}

/// A package and a vulnerability that were found together.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The package.
    pub package: &'a Purl,
    /// All identifiers of the advisory and its aliases.
    pub vulnerabilities: &'a [&'a str],
    /// What the package is part of.
    pub subjects: Subjects<'a>,
}

impl Statement {
    /// Whether the statement is about this package and this vulnerability.
    ///
    /// It is if a product without subcomponents is the package, or if a product is what holds the package and one
    /// of its subcomponents is the package.
    pub fn applies_to(&self, target: &Target<'_>) -> bool {
        self.is_about(target.vulnerabilities) && self.products.iter().any(|product| product.covers(target))
    }

    fn is_about(&self, vulnerabilities: &[&str]) -> bool {
        self.vulnerabilities.iter().any(|own| vulnerabilities.iter().any(|it| own.eq_ignore_ascii_case(it)))
    }
}

impl Product {
    fn covers(&self, target: &Target<'_>) -> bool {
        if self.subcomponents.is_empty() {
            return self.is(target.package);
        }
        let holds = match target.subjects {
            Subjects::Any => true,
            Subjects::Named(names) => names.iter().any(|name| self.is_called(name)),
        };
        holds && self.subcomponents.iter().any(|part| part.is(target.package))
    }

    /// Whether this names the package: same type, namespace and name, a version that is meant, and no
    /// qualifier that the package has otherwise.
    fn is(&self, package: &Purl) -> bool {
        let Some(own) = self.purl.as_deref() else { return false };
        let is_same = (own.kind(), own.namespace(), own.name())
            == (package.kind(), package.namespace(), package.name());
        is_same && self.means_version(own, package) && qualifiers_agree(own, package)
    }

    fn means_version(&self, own: &Purl, package: &Purl) -> bool {
        let Some(version) = package.version() else {
            return own.version().is_none() && self.versions.is_empty();
        };
        let ecosystem = Ecosystem::from_purl(package);
        if !self.versions.is_empty() {
            return self.versions.iter().any(|it| match it {
                Affected::Exact(exact) => is_equal(ecosystem, exact, version),
                Affected::Range(range) => is_in_range(ecosystem, range, version),
            });
        }
        own.version().is_none_or(|own| is_equal(ecosystem, own, version))
    }

    fn is_called(&self, name: &str) -> bool {
        if self.id == name {
            return true;
        }
        let (Some(own), Ok(other)) = (self.purl.as_deref(), Purl::parse(name)) else { return false };
        self.is(&other) || (own.version().is_none() && self.versions.is_empty() && *own == other)
    }
}

/// Qualifiers of the statement that the package has with another value: `arch`, `distro`. What only one of them
/// has does not count.
fn qualifiers_agree(own: &Purl, package: &Purl) -> bool {
    own.qualifiers().iter().all(|(key, value)| package.qualifier(key).is_none_or(|other| other == value))
}

fn is_equal(ecosystem: Ecosystem, a: &str, b: &str) -> bool {
    a == b || ecosystem.compare(a, b) == Ok(Ordering::Equal)
}

/// Whether a version is in a `vers` range (`vers:TYPE/CONSTRAINT|CONSTRAINT`). What cannot be compared is not.
///
/// A range is a sorted list of versions with comparators; a version is in it if it is listed as equal, or lies
/// between a lower bound and the upper bound that follows it.
fn is_in_range(ecosystem: Ecosystem, range: &str, version: &str) -> bool {
    let constraints =
        range.strip_prefix("vers:").and_then(|rest| rest.split_once('/')).map_or(range, |parts| parts.1);
    if constraints.trim() == "*" {
        return true;
    }
    let mut bounds = Vec::new();
    for constraint in constraints.split('|').map(str::trim).filter(|it| !it.is_empty()) {
        let split = constraint.find(|it: char| !"<>=!".contains(it)).unwrap_or(constraint.len());
        let (comparator, bound) = constraint.split_at(split);
        let Ok(order) = ecosystem.compare(version, &decode(bound)) else { return false };
        match (comparator, order) {
            ("" | "=" | "==", Ordering::Equal) => return true,
            ("!=", Ordering::Equal) => return false,
            ("<" | "<=" | ">" | ">=", _) => bounds.push((comparator, order)),
            ("" | "=" | "==" | "!=", _) => {}
            _ => return false,
        }
    }
    let mut is_above = true;
    let mut is_inside = false;
    for (comparator, order) in &bounds {
        match *comparator {
            ">" => is_above = *order == Ordering::Greater,
            ">=" => is_above = *order != Ordering::Less,
            "<" => {
                is_inside |= is_above && *order == Ordering::Less;
                is_above = false;
            }
            _ => {
                is_inside |= is_above && *order != Ordering::Greater;
                is_above = false;
            }
        }
    }
    let is_open_above = bounds.last().is_some_and(|(comparator, _)| comparator.starts_with('>'));
    is_inside || (is_open_above && is_above)
}

/// Versions in `vers` are percent-encoded.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).filter(|_| *first == b'%').and_then(|it| std::str::from_utf8(it).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The statement that holds for a target: of those that apply the one with the latest time, and of equal times the
/// one that stands last. Times are compared as instants only as far as their texts sort, which RFC 3339 in one zone
/// does.
pub fn decide<'s>(statements: &'s [Statement], target: &Target<'_>) -> Option<&'s Statement> {
    statements
        .iter()
        .filter(|statement| statement.applies_to(target))
        .max_by(|a, b| a.timestamp.cmp(&b.timestamp))
}
