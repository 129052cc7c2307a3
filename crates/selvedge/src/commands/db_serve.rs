//! `selvedge db serve`: the public OSV query API, answered from the database.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use selvedge_advisories::{ApiAnswer, Index, IndexError, OsvApi};
use selvedge_server::{Answer, OsvAnswers, ServeOptions, bind};
use serde_json::{Value, json};

use crate::terminal::Terminal;
use crate::{Exit, dependencies, interrupt};

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

impl Answers {
    fn api(&self) -> OsvApi<'_> {
        OsvApi::new(vec![&self.0])
    }

    fn described(&self) -> Result<Value, IndexError> {
        let status = self.0.status()?;
        let ecosystems: BTreeSet<String> = status.ecosystems.into_iter().map(|it| it.ecosystem).collect();
        let digest = crate::files::hex(&self.0.digest());
        Ok(json!({ "advisories": status.records, "digest": digest, "ecosystems": ecosystems }))
    }
}

/// A refusal of a body that asks by commit. Without git history only commits at which a range begins or ends
/// are known, and an empty answer about any other would pass for a clean one.
fn refused(body: &[u8]) -> Option<Answer> {
    let asked: Value = serde_json::from_slice(body).ok()?;
    let batch = asked["queries"].as_array().map_or(&[][..], Vec::as_slice);
    let by_commit = std::iter::once(&asked).chain(batch).any(|query| query.get("commit").is_some());
    let why = "queries by commit are not answered here: give package and version";
    by_commit.then(|| Answer { status: 400, body: json!({ "code": 3, "message": why }).to_string() })
}

fn answer(answer: ApiAnswer) -> Answer {
    Answer { status: answer.status, body: answer.body }
}

impl OsvAnswers for Answers {
    fn query(&self, body: &[u8]) -> Answer {
        refused(body).unwrap_or_else(|| answer(self.api().query(body)))
    }

    fn query_batch(&self, body: &[u8]) -> Answer {
        refused(body).unwrap_or_else(|| answer(self.api().query_batch(body)))
    }

    fn vulnerability(&self, id: &str) -> Answer {
        answer(self.api().vulnerability(id))
    }

    fn status(&self) -> Answer {
        match self.described() {
            Ok(status) => Answer { status: 200, body: status.to_string() },
            Err(error) => {
                Answer { status: 500, body: json!({ "code": 13, "message": error.to_string() }).to_string() }
            }
        }
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
        assert_eq!(answers.query_batch(br#"{ "queries": [ { "commit": "00" } ] }"#).status, 400);
        assert_eq!(answers.query(br#"{ "package": { "name": "a" } }"#).status, 400);
        assert_eq!(answers.vulnerability("CVE-0").status, 404);
        assert_eq!(answers.vulnerability("RUSTSEC-2026-1").status, 200);
    }
}
