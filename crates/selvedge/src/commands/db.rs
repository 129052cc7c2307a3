//! `selvedge db`: makes, describes and serves the advisory database.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use selvedge_advisories::import::{ImportSource, UpdateOptions, UpdateReport, update};
use selvedge_advisories::{Index, IndexStatus};
use serde_json::json;

use crate::cli_dependencies::{DbCommand, TextOrJson, UpdateArgs};
use crate::commands::db_serve;
use crate::terminal::Terminal;
use crate::{Exit, dependencies, output};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Diagnostics that are told; more are counted.
const TOLD_MAX: usize = 20;

/// Runs the command.
pub(crate) fn run(command: &DbCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        DbCommand::Update(arguments) => renew(arguments, terminal),
        DbCommand::Status { database, format } => status(database.as_deref(), *format),
        DbCommand::Serve { listen, database } => db_serve::run(*listen, database.as_deref(), terminal),
    }
}

fn renew(arguments: &UpdateArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let path = dependencies::database_path(arguments.database.as_deref())?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    if let [only] = arguments.from.as_slice()
        && let Some(index) = finished_database(Path::new(only))
    {
        return adopt(Path::new(only), &index, &path, terminal);
    }
    let sources: Vec<ImportSource> = arguments.from.iter().map(|text| ImportSource::parse(text)).collect();
    let options = UpdateOptions {
        imported_at: dependencies::now(),
        ecosystems: arguments.ecosystem.clone(),
        ..UpdateOptions::default()
    };
    let report = if arguments.replace {
        let fresh = beside(&path, "fresh");
        let report = update(&fresh, &sources, &options);
        let report = report.inspect_err(|_| drop(std::fs::remove_file(&fresh)))?;
        std::fs::rename(&fresh, &path).with_context(|| format!("cannot write {}", path.display()))?;
        report
    } else {
        update(&path, &sources, &options)?
    };
    tell(&report, &path, terminal)?;
    Ok(Exit::Pass)
}

/// `advisories.db` as `advisories.db.fresh`, in the same folder, so that it can be renamed into place.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// The source as a database, if it is one that was made before.
fn finished_database(path: &Path) -> Option<Index> {
    path.is_file().then(|| Index::open(path).ok()).flatten()
}

/// Takes a database that was made elsewhere, once it has proved undamaged.
fn adopt(source: &Path, index: &Index, path: &Path, terminal: &Terminal) -> anyhow::Result<Exit> {
    index.verify().with_context(|| format!("{} is damaged and was not taken", source.display()))?;
    let bytes = std::fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
    output::replace(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    terminal.note(&format!("took {} advisories from {}", index.record_count(), source.display()));
    Ok(Exit::Pass)
}

fn tell(report: &UpdateReport, path: &Path, terminal: &Terminal) -> anyhow::Result<()> {
    let mut text = String::new();
    for origin in &report.origins {
        let known = report.status.origins.iter().find(|status| status.label == origin.label);
        let records = known.map_or(0, |status| status.records);
        let unchanged = if origin.is_unchanged { ", unchanged" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}: {records} records{unchanged}", origin.label);
        if let Some(status) = known.filter(|status| status.unknown_files + status.rejected > 0) {
            let _ = writeln!(
                text,
                "  {} files in no known form, {} records that are none",
                status.unknown_files, status.rejected
            );
        }
    }
    let _ = writeln!(
        text,
        "{} advisories of {} packages in {} ({})",
        report.status.records,
        report.status.ecosystems.iter().map(|it| it.packages).sum::<u64>(),
        path.display(),
        bytes(report.file_bytes)
    );
    output::print(&text)?;
    for diagnostic in report.diagnostics.iter().take(TOLD_MAX) {
        terminal.warn(&diagnostic.to_string());
    }
    let more = report.diagnostics.len().saturating_sub(TOLD_MAX) as u64 + report.diagnostics_dropped;
    if more > 0 {
        terminal.warn(&format!("{more} more problems"));
    }
    Ok(())
}

fn status(named: Option<&Path>, format: TextOrJson) -> anyhow::Result<Exit> {
    let path = dependencies::database_path(named)?;
    let index = dependencies::required(named)?;
    index.verify().with_context(|| format!("{} is damaged", path.display()))?;
    let status = index.status()?;
    let now = dependencies::now();
    let text = match format {
        TextOrJson::Terminal => status_text(&path, &index, &status, now),
        TextOrJson::Json => status_json(&path, &index, &status, now)?,
    };
    output::print(&text)?;
    Ok(Exit::Pass)
}

fn status_text(path: &Path, index: &Index, status: &IndexStatus, now: i64) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "database    {} ({}), undamaged", path.display(), bytes(index.file_bytes()));
    let _ = writeln!(text, "digest      {}", hex(index));
    let _ = writeln!(
        text,
        "advisories  {} ({} withdrawn, {} given way to newer ones), {} problems with several names",
        status.records, status.withdrawn, status.shadowed, status.groups
    );
    let _ = writeln!(text, "exploits    {} EPSS scores, {} known exploited (KEV)", status.epss, status.kev);
    let _ = writeln!(text, "\nimports");
    for origin in &status.origins {
        let _ = writeln!(
            text,
            "  {}: {} records in the form {}, imported {}, newest {}",
            origin.label,
            origin.records,
            origin.form,
            age(now, origin.imported_at),
            age(now, origin.newest)
        );
    }
    let _ = writeln!(text, "\nsources");
    for source in &status.sources {
        let license = if source.license.is_empty() { "licence unknown" } else { &source.license };
        let newest = age(now, source.newest);
        let _ = writeln!(text, "  {}: {} records, newest {newest}, {license}", source.name, source.records);
    }
    let _ = writeln!(text, "\necosystems");
    for ecosystem in &status.ecosystems {
        let release =
            if ecosystem.release.is_empty() { String::new() } else { format!(":{}", ecosystem.release) };
        let _ = writeln!(text, "  {}{release}: {} packages", ecosystem.ecosystem, ecosystem.packages);
    }
    text
}

fn status_json(path: &Path, index: &Index, status: &IndexStatus, now: i64) -> anyhow::Result<String> {
    let days = |then: i64| (then > 0).then(|| (now - then) / DAY);
    let document = json!({
        "path": path.to_string_lossy(),
        "bytes": index.file_bytes(),
        "digest": hex(index),
        "advisories": status.records,
        "withdrawn": status.withdrawn,
        "epss": status.epss,
        "kev": status.kev,
        "age_days": status.origins.iter().map(|origin| origin.imported_at).max().and_then(days),
        "imports": status.origins.iter().map(|origin| json!({
            "label": origin.label, "form": origin.form, "digest": origin.digest, "records": origin.records,
            "rejected": origin.rejected, "unknown_files": origin.unknown_files,
            "age_days": days(origin.imported_at), "newest_age_days": days(origin.newest),
        })).collect::<Vec<_>>(),
        "sources": status.sources.iter().map(|source| json!({
            "name": source.name, "license": source.license, "records": source.records,
            "withdrawn": source.withdrawn, "newest_age_days": days(source.newest),
        })).collect::<Vec<_>>(),
        "ecosystems": status.ecosystems.iter().map(|it| json!({
            "ecosystem": it.ecosystem, "release": it.release, "packages": it.packages, "rows": it.rows,
        })).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn hex(index: &Index) -> String {
    crate::files::hex(&index.digest())
}

/// `today`, `3 days ago`, `unknown`.
fn age(now: i64, then: i64) -> String {
    match (then > 0, (now - then) / DAY) {
        (false, _) => "unknown".to_owned(),
        (true, ..=0) => "today".to_owned(),
        (true, 1) => "1 day ago".to_owned(),
        (true, days) => format!("{days} days ago"),
    }
}

/// `8.9 MB`.
fn bytes(count: u64) -> String {
    if count < 1_000_000 {
        format!("{} kB", count.div_ceil(1000))
    } else {
        format!("{:.1} MB", count as f64 / 1e6)
    }
}
