//! VEX documents out: OpenVEX 0.2.0, CycloneDX 1.6 and CSAF 2.0 (profile VEX) in JSON.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Affected, Product, Statement, Status};
use crate::validate::is_date_time;

/// What stands where the document has no time and the format demands one.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// What stands where an affected product has no advice and the format demands one.
const NO_ACTION: &str = "No remediation is known yet.";

/// Statements with who makes them, ready to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Identifier, an IRI for OpenVEX; derived from the statements where absent.
    pub id: Option<String>,
    /// When it is made, RFC 3339 in UTC.
    pub timestamp: Option<String>,
    /// Revision of the document, from 1.
    pub version: u32,
    /// Who makes it.
    pub publisher: Publisher,
    /// Name and version of the program that writes it.
    pub tool: String,
    /// What is said.
    pub statements: Vec<Statement>,
}

/// Who makes a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Name.
    pub name: String,
    /// Address under the publisher's control, which CSAF demands (3.2.1.8.5).
    pub namespace: String,
}

impl Default for Publisher {
    /// What can be said where nobody is named.
    fn default() -> Self {
        Self { name: "unknown".to_owned(), namespace: "https://example.invalid".to_owned() }
    }
}

impl Document {
    /// The identifier, or one that follows from the statements.
    fn identifier(&self) -> String {
        if let Some(id) = &self.id {
            return id.clone();
        }
        let mut hasher = blake3::Hasher::new();
        for statement in &self.statements {
            hasher.update(openvex_statement(statement).to_string().as_bytes());
        }
        crate::identity::uuid_of(&hasher.finalize())
    }

    fn time(&self) -> &str {
        self.timestamp.as_deref().filter(|time| is_date_time(time)).unwrap_or(NO_TIME)
    }

    fn revision(&self) -> u32 {
        self.version.max(1)
    }

    /// Writes OpenVEX 0.2.0.
    pub fn write_openvex(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let document = json!({
            "@context": "https://openvex.dev/ns/v0.2.0",
            "@id": self.identifier(),
            "author": self.publisher.name,
            "timestamp": self.time(),
            "version": self.revision(),
            "tooling": self.tool,
            "statements": self.statements.iter().map(openvex_statement).collect::<Vec<_>>(),
        });
        write(&document, out)
    }

    /// Writes CycloneDX 1.6: the products as components, the statements as vulnerabilities with their analysis.
    pub fn write_cyclonedx(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut components: BTreeMap<String, Value> = BTreeMap::new();
        for product in self.statements.iter().flat_map(meant) {
            components.insert(product.id.clone(), component(product));
        }
        let id = self.identifier();
        let mut document = json!({
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": self.revision(),
            "metadata": {
                "timestamp": self.time(),
                "tools": { "components": [{ "type": "application", "name": self.tool }] },
                "authors": [{ "name": self.publisher.name }],
            },
            "components": components.into_values().collect::<Vec<_>>(),
            "vulnerabilities": self.statements.iter().map(cyclonedx_statement).collect::<Vec<_>>(),
        });
        if crate::cyclonedx::is_serial(&id) {
            document["serialNumber"] = id.into();
        }
        write(&document, out)
    }

    /// Writes CSAF 2.0, profile 5 (VEX).
    pub fn write_csaf(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let products = ProductIds::collect(&self.statements);
        let time = self.time();
        let mut by_vulnerability: BTreeMap<&[String], Vec<&Statement>> = BTreeMap::new();
        for statement in &self.statements {
            by_vulnerability.entry(&statement.vulnerabilities).or_default().push(statement);
        }
        let document = json!({
            "document": {
                "category": "csaf_vex",
                "csaf_version": "2.0",
                "title": format!("Vulnerabilities judged by {}", self.publisher.name),
                "publisher": {
                    "category": "vendor",
                    "name": self.publisher.name,
                    "namespace": self.publisher.namespace,
                },
                "tracking": {
                    "id": self.identifier(),
                    "status": "final",
                    "version": self.revision().to_string(),
                    "initial_release_date": time,
                    "current_release_date": time,
                    "generator": { "engine": { "name": self.tool } },
                    "revision_history": (1..=self.revision()).map(|number| json!({
                        "number": number.to_string(), "date": time, "summary": "Statements as they stand."
                    })).collect::<Vec<_>>(),
                },
            },
            "product_tree": { "full_product_names": products.names() },
            "vulnerabilities": by_vulnerability
                .iter()
                .map(|(ids, statements)| csaf_vulnerability(ids, statements, &products))
                .collect::<Vec<_>>(),
        });
        write(&document, out)
    }
}

fn write(document: &Value, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Adds a member if there is a value.
fn put<T: Serialize>(object: &mut Map<String, Value>, name: &str, value: Option<T>) {
    if let Some(value) = value.and_then(|value| serde_json::to_value(value).ok()) {
        object.insert(name.to_owned(), value);
    }
}

/// What a statement is about: parts, where products have some.
fn meant(statement: &Statement) -> impl Iterator<Item = &Product> {
    statement.products.iter().map(Arc::as_ref).flat_map(|product| {
        let itself = product.subcomponents.is_empty().then_some(product);
        itself.into_iter().chain(product.subcomponents.iter())
    })
}

fn openvex_statement(statement: &Statement) -> Value {
    let mut object = Map::new();
    let (name, aliases) = names(&statement.vulnerabilities);
    let mut vulnerability = json!({ "name": name });
    if !aliases.is_empty() {
        vulnerability["aliases"] = aliases.into();
    }
    object.insert("vulnerability".to_owned(), vulnerability);
    object.insert("products".to_owned(), statement.products.iter().map(|it| openvex_product(it)).collect());
    object.insert("status".to_owned(), statement.status.as_str().into());
    let is_unaffected = statement.status == Status::NotAffected;
    let justification = statement.justification.filter(|_| is_unaffected);
    put(&mut object, "justification", justification.map(super::Justification::as_openvex));
    put(&mut object, "impact_statement", statement.impact.as_deref().filter(|_| is_unaffected));
    let action = statement.action.as_deref();
    let action = if statement.status == Status::Affected { action.or(Some(NO_ACTION)) } else { action };
    put(&mut object, "action_statement", action);
    put(&mut object, "status_notes", statement.notes.as_deref());
    put(&mut object, "timestamp", statement.timestamp.as_deref().filter(|time| is_date_time(time)));
    Value::Object(object)
}

/// The main name and the others.
fn names(all: &[String]) -> (&str, Vec<&str>) {
    let mut names = all.iter().map(String::as_str);
    (names.next().unwrap_or("unknown"), names.collect())
}

fn openvex_product(product: &Product) -> Value {
    let mut object = Map::new();
    object.insert("@id".to_owned(), product.id.as_str().into());
    if let Some(purl) = &product.purl {
        object.insert("identifiers".to_owned(), json!({ "purl": purl.to_string() }));
    }
    if !product.subcomponents.is_empty() {
        object
            .insert("subcomponents".to_owned(), product.subcomponents.iter().map(openvex_product).collect());
    }
    Value::Object(object)
}

fn component(product: &Product) -> Value {
    let mut object = Map::new();
    object.insert("type".to_owned(), "library".into());
    object.insert("bom-ref".to_owned(), product.id.as_str().into());
    match &product.purl {
        Some(purl) => {
            object.insert("name".to_owned(), purl.name().into());
            put(&mut object, "version", purl.version());
            object.insert("purl".to_owned(), purl.to_string().into());
        }
        None => put(&mut object, "name", Some(&product.id)),
    }
    Value::Object(object)
}

fn cyclonedx_statement(statement: &Statement) -> Value {
    let mut object = Map::new();
    let (name, aliases) = names(&statement.vulnerabilities);
    object.insert("id".to_owned(), name.into());
    if !aliases.is_empty() {
        let references = aliases.iter().map(|id| json!({ "id": id, "source": { "name": authority(id) } }));
        object.insert("references".to_owned(), references.collect());
    }
    put(&mut object, "recommendation", statement.action.as_deref());
    let mut analysis = Map::new();
    let state = match statement.status {
        Status::NotAffected => "not_affected",
        Status::Affected => "exploitable",
        Status::Fixed => "resolved",
        Status::UnderInvestigation => "in_triage",
    };
    analysis.insert("state".to_owned(), state.into());
    let justification = statement.justification.filter(|_| statement.status == Status::NotAffected);
    put(&mut analysis, "justification", justification.map(super::Justification::as_cyclonedx));
    put(&mut analysis, "detail", statement.impact.as_deref().or(statement.notes.as_deref()));
    put(&mut analysis, "lastUpdated", statement.timestamp.as_deref().filter(|time| is_date_time(time)));
    object.insert("analysis".to_owned(), Value::Object(analysis));
    object.insert("affects".to_owned(), meant(statement).map(affected).collect());
    Value::Object(object)
}

fn affected(product: &Product) -> Value {
    let mut object = json!({ "ref": product.id });
    if !product.versions.is_empty() {
        let version = |it: &Affected| match it {
            Affected::Exact(version) => json!({ "version": version }),
            Affected::Range(range) => json!({ "range": range }),
        };
        object["versions"] = product.versions.iter().map(version).collect();
    }
    object
}

/// Who gives identifiers of that form.
fn authority(id: &str) -> &'static str {
    let prefix = id.split_once('-').map_or("", |parts| parts.0);
    match prefix.to_ascii_uppercase().as_str() {
        "CVE" => "CVE",
        "GHSA" => "GitHub Security Advisories",
        "RUSTSEC" => "RustSec",
        "PYSEC" => "PyPA",
        "GO" => "Go",
        _ => "OSV",
    }
}

/// Identifiers of the products in one CSAF document.
struct ProductIds<'s>(BTreeMap<&'s str, (String, &'s Product)>);

impl<'s> ProductIds<'s> {
    fn collect(statements: &'s [Statement]) -> Self {
        let mut all: BTreeMap<&str, (String, &Product)> = BTreeMap::new();
        for product in statements.iter().flat_map(meant) {
            all.entry(&product.id).or_insert((String::new(), product));
        }
        for (number, (id, _)) in (1..).zip(all.values_mut()) {
            *id = format!("CSAFPID-{number:04}");
        }
        Self(all)
    }

    fn id(&self, product: &Product) -> &str {
        self.0.get(product.id.as_str()).map_or("", |(id, _)| id.as_str())
    }

    fn names(&self) -> Vec<Value> {
        let one = |(name, (id, product)): (&&str, &(String, &Product))| {
            let mut object = json!({ "name": name, "product_id": id });
            if let Some(purl) = &product.purl {
                object["product_identification_helper"] = json!({ "purl": purl.to_string() });
            }
            object
        };
        self.0.iter().map(one).collect()
    }
}

fn csaf_vulnerability(ids: &[String], statements: &[&Statement], products: &ProductIds<'_>) -> Value {
    let mut object = Map::new();
    let is_cve = |id: &&String| is_cve(id);
    put(&mut object, "cve", ids.iter().find(is_cve));
    let others: Vec<Value> = ids
        .iter()
        .filter(|id| !is_cve(id))
        .map(|id| json!({ "system_name": authority(id), "text": id }))
        .collect();
    if !others.is_empty() {
        object.insert("ids".to_owned(), others.into());
    }
    let name = ids.first().map_or("the vulnerability", String::as_str);
    let notes = json!([{ "category": "summary", "text": format!("How {name} concerns the products.") }]);
    object.insert("notes".to_owned(), notes);
    let mut status: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut details: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for statement in statements {
        let mut about: Vec<&str> = meant(statement).map(|product| products.id(product)).collect();
        about.sort_unstable();
        about.dedup();
        status.entry(list(statement.status)).or_default().extend(&about);
        for (list, detail) in csaf_details(statement, &about) {
            details.entry(list).or_default().push(detail);
        }
    }
    for list in status.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    put(&mut object, "product_status", Some(status));
    object.extend(details.into_iter().map(|(name, list)| (name.to_owned(), Value::Array(list))));
    Value::Object(object)
}

/// The list of `product_status` for a status.
fn list(status: Status) -> &'static str {
    match status {
        Status::NotAffected => "known_not_affected",
        Status::Affected => "known_affected",
        Status::Fixed => "fixed",
        Status::UnderInvestigation => "under_investigation",
    }
}

/// Flags, threats and remediations of one statement (4.5: not affected needs one of the first two, affected the
/// last).
fn csaf_details(statement: &Statement, about: &[&str]) -> Vec<(&'static str, Value)> {
    let mut details = Vec::new();
    if statement.status == Status::NotAffected {
        if let Some(justification) = statement.justification {
            details.push(("flags", json!({ "label": justification.as_openvex(), "product_ids": about })));
        }
        if let Some(impact) = statement.impact.as_deref() {
            details
                .push(("threats", json!({ "category": "impact", "details": impact, "product_ids": about })));
        }
    }
    if statement.status == Status::Affected {
        let category = if statement.action.is_some() { "mitigation" } else { "none_available" };
        let words = statement.action.as_deref().unwrap_or(NO_ACTION);
        let remediation = json!({ "category": category, "details": words, "product_ids": about });
        details.push(("remediations", remediation));
    }
    details
}

/// `CVE-YYYY-NNNN…`.
fn is_cve(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let [prefix, year, number] = parts.as_slice() else { return false };
    let are_digits = [year, number].iter().all(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
    *prefix == "CVE" && year.len() == 4 && number.len() >= 4 && are_digits
}
