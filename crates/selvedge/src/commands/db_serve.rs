//! `selvedge db serve`: the public OSV query API, answered from the database.
//!
//! `POST /v1/query` and `/v1/querybatch` take a package with its version, or a package URL; a query by commit is
//! refused, since the database holds no git history. `GET /v1/vulns/ID` gives the record as its publisher wrote it.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use selvedge_advisories::{Index, IndexError, Match, Query};
use selvedge_package::{Component, Ecosystem, Purl};
use selvedge_server::{Answer, OsvAnswers, ServeOptions, bind};
use serde_json::{Value, json};

use crate::terminal::Terminal;
use crate::{Exit, dependencies, interrupt};

/// Most queries of one batch, as in the public API.
const BATCH_MAX: usize = 1000;

/// Runs the command until it is interrupted.
pub(crate) fn run(listen: SocketAddr, database: Option<&Path>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let index = dependencies::required(database)?;
    let serving = bind(&ServeOptions::on(listen), Arc::new(Answers(index)))?;
    if !serving.address().ip().is_loopback() {
        terminal.warn("others on the network can ask this server; it knows no passwords");
    }
    terminal.note(&format!("answering OSV queries on http://{}, Ctrl-C ends it", serving.address()));
    let cancel = interrupt::install();
    serving.run(move || cancel.load(std::sync::atomic::Ordering::SeqCst)).context("the server ended")?;
    Ok(Exit::Pass)
}

/// The database as the source of answers.
struct Answers(Index);

/// Why a query has no answer.
enum Refusal {
    Wrong(&'static str),
    Damaged(IndexError),
}

impl From<IndexError> for Refusal {
    fn from(error: IndexError) -> Self {
        Self::Damaged(error)
    }
}

impl Answers {
    fn matches(&self, query: &Value) -> Result<Vec<Match>, Refusal> {
        if query.get("commit").is_some() {
            return Err(Refusal::Wrong("queries by commit are not answered here: give package and version"));
        }
        let package = &query["package"];
        let version = query["version"].as_str();
        if let Some(text) = package["purl"].as_str() {
            let purl = Purl::parse(text).map_err(|_| Refusal::Wrong("package.purl is no package URL"))?;
            let component = Component::from_purl(&purl);
            let asked = Query {
                ecosystem: component.ecosystem,
                ecosystem_name: None,
                release: component.release.as_deref(),
                name: &component.name,
                version: version.or(component.version.as_deref()),
            };
            return Ok(self.0.affected(&asked)?);
        }
        let (Some(name), Some(ecosystem)) = (package["name"].as_str(), package["ecosystem"].as_str()) else {
            return Err(Refusal::Wrong("expected package.name and package.ecosystem, or package.purl"));
        };
        let (family, release) = Ecosystem::from_osv(ecosystem);
        let other = (family == Ecosystem::Other).then_some(ecosystem);
        let asked = Query { ecosystem: family, ecosystem_name: other, release, name, version };
        Ok(self.0.affected(&asked)?)
    }

    /// Records that are sure, or all that may apply where no version was asked for.
    fn numbers(&self, query: &Value) -> Result<Vec<(String, u32, i64)>, Refusal> {
        let without_version = query["version"].as_str().is_none();
        let matches = self.matches(query)?;
        let counted = matches.iter().filter(|found| without_version || found.is_affected());
        let records = counted.flat_map(|found| &found.records);
        Ok(records.map(|record| (record.id.clone(), record.number, record.modified)).collect())
    }

    fn record(&self, number: u32) -> Result<Value, Refusal> {
        let text = self.0.json(number)?;
        serde_json::from_str(&text).map_err(|_| Refusal::Wrong("the record cannot be read back"))
    }

    fn full(&self, body: &[u8]) -> Result<Value, Refusal> {
        let query: Value = serde_json::from_slice(body).map_err(|_| Refusal::Wrong("the body is no JSON"))?;
        let records = self
            .numbers(&query)?
            .into_iter()
            .map(|(_, number, _)| self.record(number))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(if records.is_empty() { json!({}) } else { json!({ "vulns": records }) })
    }

    fn batch(&self, body: &[u8]) -> Result<Value, Refusal> {
        let body: Value = serde_json::from_slice(body).map_err(|_| Refusal::Wrong("the body is no JSON"))?;
        let queries = body["queries"].as_array().ok_or(Refusal::Wrong("expected a list `queries`"))?;
        if queries.len() > BATCH_MAX {
            return Err(Refusal::Wrong("more than 1000 queries in one batch"));
        }
        let mut results = Vec::new();
        for query in queries {
            let found = self.numbers(query)?;
            let rows: Vec<Value> = found
                .into_iter()
                .map(|(id, _, modified)| json!({ "id": id, "modified": timestamp(modified) }))
                .collect();
            results.push(if rows.is_empty() { json!({}) } else { json!({ "vulns": rows }) });
        }
        Ok(json!({ "results": results }))
    }

    fn one(&self, id: &str) -> Result<Option<Value>, Refusal> {
        match self.0.find(id)? {
            Some(number) => self.record(number).map(Some),
            None => Ok(None),
        }
    }
}

fn timestamp(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

fn answer(result: Result<Value, Refusal>) -> Answer {
    match result {
        Ok(value) => Answer { status: 200, body: value.to_string() },
        Err(Refusal::Wrong(why)) => {
            Answer { status: 400, body: json!({ "code": 3, "message": why }).to_string() }
        }
        Err(Refusal::Damaged(error)) => {
            Answer { status: 500, body: json!({ "code": 13, "message": error.to_string() }).to_string() }
        }
    }
}

impl OsvAnswers for Answers {
    fn query(&self, body: &[u8]) -> Answer {
        answer(self.full(body))
    }

    fn query_batch(&self, body: &[u8]) -> Answer {
        answer(self.batch(body))
    }

    fn vulnerability(&self, id: &str) -> Answer {
        match self.one(id) {
            Ok(Some(record)) => answer(Ok(record)),
            Ok(None) => {
                Answer { status: 404, body: json!({ "code": 5, "message": "Bug not found." }).to_string() }
            }
            Err(refusal) => answer(Err(refusal)),
        }
    }

    fn status(&self) -> Answer {
        answer(self.0.status().map_err(Refusal::from).map(|status| {
            json!({
                "advisories": status.records,
                "digest": crate::files::hex(&self.0.digest()),
                "ecosystems": status.ecosystems.iter().map(|it| it.ecosystem.clone()).collect::<BTreeSet<_>>(),
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use selvedge_advisories::import::UpdateOptions;

    use super::*;

    fn answers() -> Answers {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let advisory = r#"{ "id": "RUSTSEC-2026-1", "modified": "2026-01-01T00:00:00Z", "aliases": ["CVE-2026-1"], "affected": [
            { "package": { "ecosystem": "crates.io", "name": "a" },
              "ranges": [ { "type": "SEMVER", "events": [ { "introduced": "0" }, { "fixed": "1.2.0" } ] } ] } ] }"#;
        let source = folder.path().join("a.json");
        std::fs::write(&source, advisory).expect("a writable folder");
        let target = folder.path().join("a.db");
        let sources = [selvedge_advisories::import::ImportSource::Path(source)];
        selvedge_advisories::import::update(&target, &sources, &UpdateOptions::default())
            .expect("a sound record");
        Answers(Index::from_bytes(std::fs::read(&target).expect("just written")).expect("just built"))
    }

    #[test]
    fn queries_are_answered_by_version_and_by_package_url() {
        let answers = answers();
        let by_name = |version: &str| {
            format!(r#"{{ "package": {{ "ecosystem": "crates.io", "name": "a" }}, "version": "{version}" }}"#)
        };
        let found = answers.query(by_name("1.1.0").as_bytes());
        assert!(found.status == 200 && found.body.contains("\"RUSTSEC-2026-1\""), "{found:?}");
        assert_eq!(answers.query(by_name("1.2.0").as_bytes()).body, "{}");
        let by_purl = answers.query(br#"{ "package": { "purl": "pkg:cargo/a@1.0.0" } }"#);
        assert!(by_purl.body.contains("\"RUSTSEC-2026-1\""), "{by_purl:?}");
        let batch = format!(r#"{{ "queries": [ {}, {} ] }}"#, by_name("1.0.0"), by_name("9.0.0"));
        assert_eq!(
            answers.query_batch(batch.as_bytes()).body,
            r#"{"results":[{"vulns":[{"id":"RUSTSEC-2026-1","modified":"2026-01-01T00:00:00Z"}]},{}]}"#
        );
    }

    #[test]
    fn what_cannot_be_answered_is_refused_with_a_reason() {
        let answers = answers();
        assert_eq!(answers.query(b"no json").status, 400);
        assert_eq!(answers.query(br#"{ "commit": "00" }"#).status, 400);
        assert_eq!(answers.query(br#"{ "package": { "name": "a" } }"#).status, 400);
        assert_eq!(answers.vulnerability("CVE-0").status, 404);
        assert_eq!(answers.vulnerability("RUSTSEC-2026-1").status, 200);
    }
}
