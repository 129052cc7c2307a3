//! The detection rules in force: the built-in ones, files and folders of Sigma rules, processing pipelines.

use std::path::{Path, PathBuf};

use selvedge_detect::{BUILTIN_RULES, Loader, Rules, add_builtin, add_folder};
use selvedge_model::{Diagnostic, RuleSource};

use crate::cli_logs::DetectionRuleArgs;
use crate::files;

/// Files beyond these are not looked at to tell what a folder holds.
const PROBES_MAX: usize = 200;

/// Folders nested deeper are not looked at for it.
const PROBE_DEPTH_MAX: usize = 16;

/// Loaded rules, and what to tell about them.
pub(crate) struct DetectionRules {
    /// The rules.
    pub(crate) rules: Rules,
    /// Where they came from.
    pub(crate) sources: Vec<RuleSource>,
    /// What did not load.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl DetectionRules {
    /// Loads what the arguments name. Correlations may refer to rules of any of the sources.
    pub(crate) fn load(arguments: &DetectionRuleArgs) -> anyhow::Result<Self> {
        let mut loader = Loader::new();
        let mut diagnostics = Vec::new();
        for path in &arguments.pipeline {
            loader.add_pipeline(&path.to_string_lossy(), &files::read(path)?);
        }
        if !arguments.no_builtin {
            add_builtin(&mut loader);
        }
        for path in &arguments.rules {
            add_path(&mut loader, path, &mut diagnostics)?;
        }
        let (rules, more) = loader.finish();
        diagnostics.extend(more);
        if rules.is_empty() {
            let why = diagnostics.first().map(|first| format!(": {first}")).unwrap_or_default();
            anyhow::bail!("no detection rule can be used{why}");
        }
        let sources = sources(arguments, &rules)?;
        Ok(Self { rules, sources, diagnostics })
    }
}

/// Adds a rule file or all rule files of a folder.
pub(crate) fn add_path(
    loader: &mut Loader,
    path: &Path,
    diagnostics: &mut Vec<Diagnostic>,
) -> anyhow::Result<()> {
    if path.is_dir() {
        add_folder(loader, path, diagnostics);
    } else {
        loader.add(&path.to_string_lossy(), &files::read(path)?);
    }
    Ok(())
}

fn sources(arguments: &DetectionRuleArgs, rules: &Rules) -> anyhow::Result<Vec<RuleSource>> {
    let mut sources = Vec::new();
    let paths = rules
        .detections
        .iter()
        .map(|rule| rule.meta.path.as_str())
        .chain(rules.correlations.iter().map(|rule| rule.meta.path.as_str()));
    let builtin = paths.filter(|path| path.starts_with("builtin/")).count();
    if !arguments.no_builtin {
        let mut hasher = blake3::Hasher::new();
        for (name, text) in BUILTIN_RULES {
            hasher.update(name.as_bytes()).update(text.as_bytes());
        }
        let digest = files::hex(hasher.finalize().as_bytes());
        sources.push(RuleSource { name: "builtin (detect)".to_owned(), rules: builtin as u32, digest });
    }
    if !arguments.rules.is_empty() {
        let mut hasher = blake3::Hasher::new();
        for path in &arguments.rules {
            let mut found = Vec::new();
            yaml_files(path, 0, usize::MAX, &mut found);
            for file in found {
                // What cannot be read is a diagnostic of the loader.
                hasher.update(&files::read_bytes(&file, files::CONFIG_SIZE_MAX).unwrap_or_default());
            }
        }
        let names: Vec<String> =
            arguments.rules.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let digest = files::hex(hasher.finalize().as_bytes());
        let rules = rules.len().saturating_sub(builtin) as u32;
        sources.push(RuleSource { name: names.join(" "), rules, digest });
    }
    for path in &arguments.pipeline {
        let digest = files::hex(blake3::hash(files::read(path)?.as_bytes()).as_bytes());
        sources.push(RuleSource { name: path.to_string_lossy().into_owned(), rules: 0, digest });
    }
    Ok(sources)
}

/// Whether a file, or what lies in a folder, are Sigma rules: YAML with `detection:`, `correlation:` or `filter:`,
/// and no `rules:` at the beginning of a line, as Semgrep's have it.
pub(crate) fn is_sigma(path: &Path) -> bool {
    let mut found = Vec::new();
    yaml_files(path, 0, PROBES_MAX, &mut found);
    let mut is_sigma = false;
    for file in &found {
        let Ok(text) = files::read(file) else { continue };
        if text.lines().any(|line| line.starts_with("rules:")) {
            return false;
        }
        let is_key =
            |line: &str| ["detection:", "correlation:", "filter:"].iter().any(|key| line.starts_with(key));
        is_sigma |= text.lines().any(is_key);
    }
    is_sigma
}

/// The path itself if it is a YAML file, or those below it in the order of their paths.
pub(crate) fn yaml_files(path: &Path, depth: usize, most: usize, found: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            found.push(path.to_owned());
        }
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut below: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    below.sort();
    for entry in below {
        if found.len() >= most || depth >= PROBE_DEPTH_MAX {
            return;
        }
        if !entry.is_symlink() {
            yaml_files(&entry, depth + 1, most, found);
        }
    }
}
