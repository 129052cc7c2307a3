//! `selvedge sbom match`: stored bills of materials held against the database, without scanning anything again.
//!
//! A package that many documents list is looked up once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use selvedge_advisories::{Index, Match, Query};
use selvedge_package::{Component, Ecosystem};
use selvedge_sbom::BYTES_MAX;
use serde_json::json;

use crate::cli_dependencies::{SbomMatchArgs, TextOrJson};
use crate::terminal::Terminal;
use crate::{Exit, dependencies, output};

/// What tells packages apart.
type Key = (Ecosystem, Option<String>, String, Option<String>);

/// Packages of all documents, each with the documents that list it.
#[derive(Default)]
struct Stored {
    documents: Vec<String>,
    packages: BTreeMap<Key, BTreeSet<u32>>,
    without_version: u64,
}

/// Runs the command.
pub(crate) fn run(arguments: &SbomMatchArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let index = dependencies::required(arguments.database.as_deref())?;
    let before = match &arguments.since {
        Some(path) => Some(dependencies::required(Some(path))?),
        None => None,
    };
    let files = documents(&arguments.paths)?;
    anyhow::ensure!(!files.is_empty(), "no SBOM was found: expected JSON or XML files, or folders of them");
    let stored = read(&files, terminal)?;
    let mut rows = Vec::new();
    for (key, holders) in &stored.packages {
        let known = match &before {
            Some(before) => ids(&matches(before, key)?),
            None => BTreeSet::new(),
        };
        for found in matches(&index, key)?.into_iter().filter(Match::is_affected) {
            if !found.ids.iter().any(|id| known.contains(id)) {
                rows.push((key, found, holders));
            }
        }
    }
    let text = match arguments.format {
        TextOrJson::Terminal => table(&stored, &rows),
        TextOrJson::Json => document(&stored, &rows)?,
    };
    output::print(&text)?;
    if stored.without_version > 0 {
        terminal
            .warn(&format!("{} components state no version and were not checked", stored.without_version));
    }
    Ok(if rows.is_empty() { Exit::Pass } else { Exit::GateFailed })
}

fn matches(index: &Index, key: &Key) -> anyhow::Result<Vec<Match>> {
    let query = Query {
        ecosystem: key.0,
        ecosystem_name: None,
        release: key.1.as_deref(),
        name: &key.2,
        version: key.3.as_deref(),
    };
    index.affected(&query).context("the advisory database is damaged")
}

fn ids(matches: &[Match]) -> BTreeSet<String> {
    matches.iter().filter(|found| found.is_affected()).flat_map(|found| found.ids.iter().cloned()).collect()
}

/// The files named, and those of the folders named, sorted.
fn documents(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            let entries =
                std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
            for entry in entries {
                let file = entry.with_context(|| format!("cannot read {}", path.display()))?.path();
                let is_document = file.extension().is_some_and(|end| end == "json" || end == "xml");
                if file.is_file() && is_document {
                    files.insert(file);
                }
            }
        } else {
            files.insert(path.clone());
        }
    }
    Ok(files.into_iter().collect())
}

/// Reads the documents on all cores; the result does not depend on which core was first.
fn read(files: &[PathBuf], terminal: &Terminal) -> anyhow::Result<Stored> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = files.len().div_ceil(threads).max(1);
    let parts: Vec<anyhow::Result<Vec<_>>> = std::thread::scope(|scope| {
        let workers: Vec<_> = files
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().map(|file| components(file)).collect()))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("reading a document failed"))))
            .collect()
    });
    let mut stored = Stored::default();
    for part in parts {
        for (name, components, problems) in part? {
            for problem in problems {
                terminal.warn(&problem);
            }
            let number = stored.documents.len() as u32;
            stored.documents.push(name);
            for component in components {
                if component.version.is_none() {
                    stored.without_version += 1;
                    continue;
                }
                let key = (component.ecosystem, component.release, component.name, component.version);
                stored.packages.entry(key).or_default().insert(number);
            }
        }
    }
    Ok(stored)
}

/// Name, components and problems of one document.
fn components(file: &Path) -> anyhow::Result<(String, Vec<Component>, Vec<String>)> {
    let size = file.metadata().with_context(|| format!("cannot read {}", file.display()))?.len();
    anyhow::ensure!(size <= BYTES_MAX as u64, "{} is larger than {BYTES_MAX} bytes", file.display());
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.to_string_lossy().into_owned();
    let reading = selvedge_sbom::read(&name, &bytes);
    let subject = reading.bom.subject;
    let entries = reading.bom.entries.into_iter().enumerate();
    let listed = entries.filter(|(at, _)| Some(*at as u32) != subject).map(|(_, entry)| entry.component);
    let problems = reading.diagnostics.iter().map(ToString::to_string).collect();
    Ok((name, listed.collect(), problems))
}

type Row<'a> = (&'a Key, Match, &'a BTreeSet<u32>);

fn table(stored: &Stored, rows: &[Row<'_>]) -> String {
    /// Documents that are named for one finding.
    const NAMED: usize = 3;
    let mut text = String::new();
    for (key, found, holders) in rows {
        let version = key.3.as_deref().unwrap_or_default();
        let fixed =
            found.fixed.as_ref().map_or("no fix is known".to_owned(), |fixed| format!("fixed in {fixed}"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {} {version} ({}): {fixed}", found.id, key.2, key.0);
        for holder in holders.iter().take(NAMED) {
            let _ = writeln!(text, "  {}", stored.documents[*holder as usize]);
        }
        if holders.len() > NAMED {
            let _ = writeln!(text, "  and {} more documents", holders.len() - NAMED);
        }
    }
    let _ = writeln!(
        text,
        "{} findings in {} packages of {} documents",
        rows.len(),
        stored.packages.len(),
        stored.documents.len()
    );
    text
}

fn document(stored: &Stored, rows: &[Row<'_>]) -> anyhow::Result<String> {
    let findings: Vec<_> = rows
        .iter()
        .map(|(key, found, holders)| {
            json!({
                "id": found.id,
                "ids": found.ids,
                "ecosystem": key.0.as_str(),
                "release": key.1,
                "name": key.2,
                "version": key.3,
                "fixed": found.fixed,
                "malicious": found.is_malicious(),
                "documents": holders.iter().map(|at| &stored.documents[*at as usize]).collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = json!({
        "documents": stored.documents.len(),
        "packages": stored.packages.len(),
        "without_version": stored.without_version,
        "findings": findings,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
