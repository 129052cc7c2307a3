//! The public OSV query API, version 1, answered from indexes: bodies in, bodies out, no connection.
//!
//! `POST /v1/query`, `POST /v1/querybatch` and `GET /v1/vulns/{id}` (google.github.io/osv.dev/api). A query
//! names a commit, or a package with or without a version; the package is named by ecosystem and name or by
//! a package URL. As in the public API only what is sure is in an answer; a commit is found if a range
//! begins or ends at it.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Purl};
use serde_json::{Value, json};

use crate::index::{Index, IndexError};
use crate::matching::{Query, Verdict};

/// Most queries of one batch, as in the public API.
const BATCH_QUERIES_MAX: usize = 1000;

/// Most records of one page, as in the public API.
const PAGE_RECORDS_MAX: usize = 1000;

/// Largest body that is read.
const BODY_BYTES_MAX: usize = 16 << 20;

/// Code of an invalid argument in the public API's answers.
const INVALID: u8 = 3;

/// Code of something that is not there.
const NOT_FOUND: u8 = 5;

/// Code of an error of the server.
const INTERNAL: u8 = 13;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

/// Answers from one or several indexes; of records with one id the first index's counts.
pub struct OsvApi<'a> {
    indexes: Vec<&'a Index>,
}

/// Why there is no answer.
enum Refusal {
    Invalid(&'static str),
    NotFound,
    Damaged(IndexError),
}

impl From<IndexError> for Refusal {
    fn from(error: IndexError) -> Self {
        Self::Damaged(error)
    }
}

/// A record of an answer: where it is, and when it was changed.
struct Found {
    index: usize,
    number: u32,
    modified: i64,
}

/// One page of records.
struct Page {
    records: Vec<(String, Found)>,
    next: Option<String>,
}

impl<'a> OsvApi<'a> {
    /// Answers from these indexes.
    pub fn new(indexes: Vec<&'a Index>) -> Self {
        Self { indexes }
    }

    /// `POST /v1/query`.
    pub fn query(&self, body: &[u8]) -> ApiAnswer {
        answer(self.full(body))
    }

    /// `POST /v1/querybatch`.
    pub fn query_batch(&self, body: &[u8]) -> ApiAnswer {
        answer(self.batch(body))
    }

    /// `GET /v1/vulns/{id}`.
    pub fn vulnerability(&self, id: &str) -> ApiAnswer {
        answer(self.one(id))
    }

    fn full(&self, body: &[u8]) -> Result<String, Refusal> {
        let page = self.page(&parse(body)?)?;
        if page.records.is_empty() {
            return Ok("{}".to_owned());
        }
        // Records are put in as they are stored: they are JSON already.
        let mut out = String::from("{\"vulns\":[");
        for (place, (_, found)) in page.records.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(&self.indexes[found.index].json(found.number)?);
        }
        out.push(']');
        if let Some(next) = page.next {
            out.push_str(",\"next_page_token\":");
            out.push_str(&json!(next).to_string());
        }
        out.push('}');
        Ok(out)
    }

    fn batch(&self, body: &[u8]) -> Result<String, Refusal> {
        let body = parse(body)?;
        let queries =
            body.get("queries").and_then(Value::as_array).ok_or(Refusal::Invalid("Invalid query."))?;
        if queries.len() > BATCH_QUERIES_MAX {
            return Err(Refusal::Invalid("Too many queries."));
        }
        let mut results = Vec::new();
        for query in queries {
            let page = self.page(query)?;
            let mut result = json!({});
            if !page.records.is_empty() {
                let rows = page
                    .records
                    .iter()
                    .map(|(id, it)| json!({ "id": id, "modified": timestamp(it.modified) }));
                result["vulns"] = rows.collect();
            }
            if let Some(next) = page.next {
                result["next_page_token"] = json!(next);
            }
            results.push(result);
        }
        Ok(json!({ "results": results }).to_string())
    }

    fn one(&self, id: &str) -> Result<String, Refusal> {
        for index in &self.indexes {
            if let Some(number) = index.find(id)? {
                return Ok(index.json(number)?);
            }
        }
        Err(Refusal::NotFound)
    }

    fn page(&self, query: &Value) -> Result<Page, Refusal> {
        let start: usize = match text(query, "page_token")? {
            None | Some("") => 0,
            Some(token) => token.parse().map_err(|_| Refusal::Invalid("Invalid page token."))?,
        };
        let all = self.records(query)?;
        let end = start.saturating_add(PAGE_RECORDS_MAX);
        let next = (all.len() > end).then(|| end.to_string());
        Ok(Page { records: all.into_iter().skip(start).take(PAGE_RECORDS_MAX).collect(), next })
    }

    /// Every record that answers the query, by id.
    fn records(&self, query: &Value) -> Result<BTreeMap<String, Found>, Refusal> {
        let (commit, version) = (text(query, "commit")?, text(query, "version")?);
        let package = query.get("package").unwrap_or(&Value::Null);
        let (purl, name) = (text(package, "purl")?, text(package, "name")?);
        let ecosystem = text(package, "ecosystem")?;
        let component = match purl {
            Some(_) if name.is_some() || ecosystem.is_some() => {
                return Err(Refusal::Invalid("name and ecosystem are part of the package URL."));
            }
            Some(purl) => component(purl, version)?,
            None => named(name, ecosystem, version)?,
        };
        if component.is_none() && commit.is_none() {
            return Err(Refusal::Invalid("Invalid query."));
        }
        let mut records = BTreeMap::new();
        for (place, index) in self.indexes.iter().enumerate() {
            let matches = match (&component, commit) {
                (_, Some(commit)) => index.affected_commit(None, commit)?,
                (Some(component), None) => index.affected(&component.query())?,
                (None, None) => Vec::new(),
            };
            // Without a version everything about the package is asked for.
            let wants_all = commit.is_none() && component.as_ref().is_some_and(|it| it.version.is_none());
            for record in matches.into_iter().flat_map(|found| found.records) {
                let is_sure = matches!(record.verdict, Verdict::Affected(_));
                let is_asked = is_sure || wants_all || record.release_is_open();
                if is_asked {
                    let found = Found { index: place, number: record.number, modified: record.modified };
                    records.entry(record.id).or_insert(found);
                }
            }
        }
        Ok(records)
    }
}

/// A package that is asked about.
struct Asked {
    ecosystem: Ecosystem,
    ecosystem_name: String,
    release: Option<String>,
    name: String,
    version: Option<String>,
}

impl Asked {
    fn query(&self) -> Query<'_> {
        Query {
            ecosystem: self.ecosystem,
            ecosystem_name: Some(&self.ecosystem_name),
            release: self.release.as_deref(),
            name: &self.name,
            version: self.version.as_deref(),
        }
    }
}

fn component(purl: &str, version: Option<&str>) -> Result<Option<Asked>, Refusal> {
    let purl = Purl::parse(purl).map_err(|_| Refusal::Invalid("Invalid package URL."))?;
    if purl.version().is_some() && version.is_some() {
        return Err(Refusal::Invalid("The version is part of the package URL."));
    }
    let component = Component::from_purl(&purl);
    Ok(Some(Asked {
        ecosystem: component.ecosystem,
        ecosystem_name: component.ecosystem.as_str().to_owned(),
        release: component.release,
        name: component.name,
        version: component.version.or(version.map(str::to_owned)),
    }))
}

fn named(
    name: Option<&str>,
    ecosystem: Option<&str>,
    version: Option<&str>,
) -> Result<Option<Asked>, Refusal> {
    let (name, written) = match (name, ecosystem) {
        (None, None) => return Ok(None),
        (Some(name), Some(written)) => (name, written),
        _ => return Err(Refusal::Invalid("A package needs name and ecosystem.")),
    };
    let (ecosystem, release) = Ecosystem::from_osv(written);
    Ok(Some(Asked {
        ecosystem,
        ecosystem_name: written.split(':').next().unwrap_or(written).to_owned(),
        release: release.map(str::to_owned),
        name: name.to_owned(),
        version: version.map(str::to_owned),
    }))
}

fn parse(body: &[u8]) -> Result<Value, Refusal> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Refusal::Invalid("The body is too large."));
    }
    let value: Value = serde_json::from_slice(body).map_err(|_| Refusal::Invalid("The body is not JSON."))?;
    if value.is_object() { Ok(value) } else { Err(Refusal::Invalid("Invalid query.")) }
}

fn text<'v>(value: &'v Value, name: &str) -> Result<Option<&'v str>, Refusal> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty()).map(String::as_str)),
        Some(_) => Err(Refusal::Invalid("A field should be text.")),
    }
}

fn timestamp(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

fn answer(result: Result<String, Refusal>) -> ApiAnswer {
    let (status, code, message) = match result {
        Ok(body) => return ApiAnswer { status: 200, body },
        Err(Refusal::Invalid(why)) => (400, INVALID, why.to_owned()),
        Err(Refusal::NotFound) => (404, NOT_FOUND, "Bug not found.".to_owned()),
        Err(Refusal::Damaged(error)) => (500, INTERNAL, error.to_string()),
    };
    ApiAnswer { status, body: json!({ "code": code, "message": message }).to_string() }
}
