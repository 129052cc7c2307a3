//! `selvedge sbom match`: stored bills of materials held against the database, without scanning anything again.
//!
//! A package that many documents list is looked up once. With `--store` the components are kept, so that the next
//! database is matched without reading a document; with `--since` only packages whose advisories changed are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use selvedge_advisories::{
    Coverage, Index, Inventory, InventoryError, Match, Rematch, StoredInventory, changed_packages,
};
use selvedge_package::Component;
use selvedge_sbom::BYTES_MAX;
use serde_json::{Value, json};

use crate::cli_dependencies::{SbomMatchArgs, TextOrJson};
use crate::terminal::Terminal;
use crate::{Exit, dependencies, files, output};

/// Name of the file in a folder given with `--store`.
const STORE_NAME: &str = "sboms.inventory";
/// Documents that are named for one finding on screen; JSON names all.
const NAMED_MAX: usize = 3;
/// Problems of reading that are told; more are counted.
const TOLD_MAX: usize = 20;

/// Runs the command.
pub(crate) fn run(arguments: &SbomMatchArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    anyhow::ensure!(
        !arguments.paths.is_empty() || arguments.store.is_some(),
        "nothing to match: name SBOM files or folders of them, or a --store that holds some"
    );
    let index = dependencies::required(arguments.database.as_deref())?;
    let before = arguments.since.as_deref().map(|path| dependencies::required(Some(path))).transpose()?;
    let stored = inventory(arguments, terminal)?;
    let found = match &before {
        Some(before) => stored.rematch(&changed_packages(before, &index)?, Some(before), &index)?,
        None => stored.matches(&index)?,
    };
    let outcome = Outcome { found, without_data: without_data(&stored, &index)?, stored: &stored };
    output::print(&match arguments.format {
        TextOrJson::Terminal => outcome.text(),
        TextOrJson::Json => serde_json::to_string_pretty(&outcome.json())? + "\n",
    })?;
    outcome.warn(terminal);
    let is_clean = outcome.found.iter().all(|it| it.opened.is_empty());
    Ok(if is_clean { Exit::Pass } else { Exit::GateFailed })
}

/// What is to be matched: what the store holds, and the documents named, which it holds from then on.
fn inventory(arguments: &SbomMatchArgs, terminal: &Terminal) -> anyhow::Result<StoredInventory> {
    let store = arguments.store.as_deref().map(store_path);
    let known = store.as_deref().map(open).transpose()?.flatten();
    let is_unchanged = arguments.paths.is_empty() && arguments.remove.is_empty();
    let mut inventory = match (known, &store) {
        (Some(known), _) if is_unchanged => return Ok(known),
        (Some(known), _) => known.to_inventory()?,
        (None, Some(path)) if arguments.paths.is_empty() => {
            anyhow::bail!("there is no store at {}: name the SBOMs that it is to hold", path.display())
        }
        (None, _) => Inventory::default(),
    };
    for document in &arguments.remove {
        anyhow::ensure!(inventory.remove(document), "the store holds no document called {document}");
    }
    let files = documents(&arguments.paths)?;
    anyhow::ensure!(
        !files.is_empty() || arguments.paths.is_empty(),
        "no SBOM was found: expected JSON, XML or SPDX files, or folders of them"
    );
    add(&mut inventory, &files, terminal)?;
    if let Some(path) = &store {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        inventory.save(path).with_context(|| format!("cannot write {}", path.display()))?;
        return open(path)?.with_context(|| format!("cannot read back {}", path.display()));
    }
    Ok(StoredInventory::from_bytes(inventory.to_bytes())?)
}

/// A folder stands for a file of a fixed name in it.
fn store_path(named: &Path) -> PathBuf {
    if named.is_dir() { named.join(STORE_NAME) } else { named.to_path_buf() }
}

/// Opens a store; `None` if there is none.
fn open(path: &Path) -> anyhow::Result<Option<StoredInventory>> {
    match StoredInventory::open(path) {
        Ok(stored) => Ok(Some(stored)),
        Err(InventoryError::File(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot use the store {}", path.display())),
    }
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
                let ending = file.extension().and_then(|end| end.to_str());
                if matches!(ending, Some("json" | "xml" | "spdx")) && file.is_file() {
                    files.insert(file);
                }
            }
        } else {
            files.insert(path.clone());
        }
    }
    Ok(files.into_iter().collect())
}

/// What one document lists.
struct Listed {
    name: String,
    components: Vec<Component>,
    problems: Vec<String>,
}

/// Reads the documents on all cores; the result does not depend on which core was first.
fn add(inventory: &mut Inventory, files: &[PathBuf], terminal: &Terminal) -> anyhow::Result<()> {
    /// Documents that are in memory at a time for each core.
    const AT_ONCE: usize = 64;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut problems = 0;
    for some in files.chunks(AT_ONCE * threads) {
        for listed in read(some, threads) {
            let listed = listed?;
            for problem in listed.problems {
                problems += 1;
                if problems <= TOLD_MAX {
                    terminal.warn(&problem);
                }
            }
            inventory.add(&listed.name, &listed.components);
        }
    }
    if problems > TOLD_MAX {
        terminal.warn(&format!("{} more problems", problems - TOLD_MAX));
    }
    Ok(())
}

fn read(files: &[PathBuf], threads: usize) -> Vec<anyhow::Result<Listed>> {
    let share = files.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = files
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().map(|file| listed(file)).collect::<Vec<_>>()))
            .collect();
        let failed = |_| vec![Err(anyhow::anyhow!("reading a document failed"))];
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(failed)).collect()
    })
}

/// Name, components and problems of one document.
fn listed(file: &Path) -> anyhow::Result<Listed> {
    let bytes = files::read_bytes(file, BYTES_MAX as u64)?;
    let name = file.to_string_lossy().into_owned();
    let reading = selvedge_sbom::read(&name, &bytes);
    let subject = reading.bom.subject;
    let entries = reading.bom.entries.into_iter().enumerate();
    let components = entries.filter(|(at, _)| Some(*at as u32) != subject).map(|(_, entry)| entry.component);
    let problems = reading.diagnostics.iter().map(ToString::to_string).collect();
    Ok(Listed { name, components: components.collect(), problems })
}

/// Components of ecosystems, and of releases, that the database says nothing about.
fn without_data(stored: &StoredInventory, index: &Index) -> anyhow::Result<BTreeMap<String, u64>> {
    let mut without = BTreeMap::new();
    for ((ecosystem, release), count) in stored.ecosystems()? {
        let named = Some(release.as_str()).filter(|release| !release.is_empty());
        if index.coverage(&ecosystem, named)? != Coverage::Covered {
            let name = named.map_or_else(|| ecosystem.clone(), |release| format!("{ecosystem}:{release}"));
            *without.entry(name).or_default() += count;
        }
    }
    Ok(without)
}

/// What matching came to.
struct Outcome<'a> {
    stored: &'a StoredInventory,
    found: Vec<Rematch>,
    without_data: BTreeMap<String, u64>,
}

impl Outcome<'_> {
    fn count(&self, of: impl Fn(&Rematch) -> usize) -> usize {
        self.found.iter().map(of).sum()
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for it in &self.found {
            for found in &it.opened {
                let fixed = match &found.fixed {
                    _ if found.is_malicious() => "malicious".to_owned(),
                    Some(fixed) => format!("fixed in {fixed}"),
                    None => "no fix is known".to_owned(),
                };
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{} {}: {fixed}", found.id, package(it));
                holders(it, &mut text);
            }
            for id in &it.closed {
                let _ = writeln!(text, "{id} {}: no longer holds", package(it));
                holders(it, &mut text);
            }
        }
        let (documents, packages) = self.stored.counts();
        let closed = match self.count(|it| it.closed.len()) {
            0 => String::new(),
            1 => ", 1 that no longer holds,".to_owned(),
            closed => format!(", {closed} that no longer hold,"),
        };
        let _ = writeln!(
            text,
            "{}{closed} in {} of {}",
            counted(self.count(|it| it.opened.len()), "finding"),
            counted(packages as usize, "package"),
            counted(documents, "document")
        );
        text
    }

    fn json(&self) -> Value {
        let (documents, packages) = self.stored.counts();
        let all = |of: fn(&Rematch) -> &Vec<Match>| {
            let rows = self.found.iter().flat_map(|it| of(it).iter().map(move |found| finding(it, found)));
            rows.collect::<Vec<Value>>()
        };
        let closed = self.found.iter().flat_map(|it| {
            it.closed.iter().map(move |id| {
                let mut row = place(it);
                row["id"] = json!(id);
                row
            })
        });
        json!({
            "documents": documents,
            "packages": packages,
            "not_matched": self.stored.unmatched(),
            "without_data": self.without_data,
            "findings": all(|it| &it.opened),
            "closed": closed.collect::<Vec<_>>(),
            "undecided": all(|it| &it.undecided),
        })
    }

    /// What a clean answer must not hide.
    fn warn(&self, terminal: &Terminal) {
        let (one, several) = ("component states", "components state");
        match self.stored.unmatched() {
            0 => {}
            count => terminal.warn(&format!(
                "{count} {} no version or no known ecosystem: not matched",
                if count == 1 { one } else { several }
            )),
        }
        for (ecosystem, count) in &self.without_data {
            terminal.warn(&format!(
                "the database has no advisories of {ecosystem}: {} held against nothing",
                counted(*count as usize, "package")
            ));
        }
        let undecided = self.count(|it| it.undecided.len());
        if undecided > 0 {
            terminal.warn(&format!(
                "{} cannot be decided, for want of a comparable version or a release: `--format json` names them",
                counted(undecided, "more finding")
            ));
        }
    }
}

/// `lodash 4.17.20 (npm)`.
fn package(it: &Rematch) -> String {
    let release = if it.release.is_empty() { String::new() } else { format!(":{}", it.release) };
    format!("{} {} ({}{release})", it.name, it.version, it.ecosystem)
}

/// The first documents that hold a package, a line each.
fn holders(it: &Rematch, text: &mut String) {
    for document in it.documents.iter().take(NAMED_MAX) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {document}");
    }
    if it.documents.len() > NAMED_MAX {
        let _ = writeln!(text, "  and {}", counted(it.documents.len() - NAMED_MAX, "more document"));
    }
}

fn place(it: &Rematch) -> Value {
    json!({
        "ecosystem": it.ecosystem,
        "release": Some(&it.release).filter(|release| !release.is_empty()),
        "name": it.name,
        "version": it.version,
        "documents": it.documents,
    })
}

fn finding(it: &Rematch, found: &Match) -> Value {
    let mut row = place(it);
    row["id"] = json!(found.id);
    row["ids"] = json!(found.ids);
    row["fixed"] = json!(found.fixed);
    row["malicious"] = json!(found.is_malicious());
    row
}

/// `1 finding`, `2 findings`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
