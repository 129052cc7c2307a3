//! Rules for source code: the built-in ones, and files and folders in Semgrep's format.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;
use selvedge_code::{PackOutcome, RuleFile, RuleSet};
use selvedge_model::{Diagnostic, RuleSource};
use selvedge_scan::{CodeEngine, CodeOptions};

use crate::files;
use crate::settings::Project;

/// A folder of rules is not read beyond this many files.
const FILES_MAX: usize = 20_000;

/// A folder of rules is not read deeper than this.
const DEPTH_MAX: usize = 16;

/// The rules for source code of a run.
pub(crate) struct CodeRules {
    /// The engine that runs them.
    pub(crate) engine: CodeEngine,
    /// Where they came from.
    pub(crate) sources: Vec<RuleSource>,
    /// What did not load.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Whether a pack named on the command line holds rules for source code.
pub(crate) fn is_pack(path: &Path) -> bool {
    path.is_dir() || is_yaml(path)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

/// Name and text of each rule file.
type Texts = Vec<(String, String)>;

impl CodeRules {
    /// The rules that hold in `project`, and the packs of `--rules`.
    pub(crate) fn load(project: &Project, packs: &[PathBuf]) -> anyhow::Result<Self> {
        let settings = &project.settings().code;
        let mut texts = Texts::new();
        for path in &settings.rules {
            let found = of_setting(project, path)
                .with_context(|| format!("cannot read the rules {path} named by `code.rules`"))?;
            texts.extend(found);
        }
        for path in packs.iter().filter(|path| is_pack(path)) {
            texts.extend(of_path(path)?);
        }
        let files: Vec<RuleFile<'_>> = texts.iter().map(|(name, text)| RuleFile { name, text }).collect();
        let (own, rejected) = RuleSet::load(&files);
        let diagnostics: Vec<Diagnostic> = rejected.iter().map(selvedge_code::Rejected::diagnostic).collect();
        if let (true, false, Some(first)) = (own.is_empty(), texts.is_empty(), diagnostics.first()) {
            anyhow::bail!("no rule of {} can be used: {first}", texts[0].0);
        }
        let mut hasher = blake3::Hasher::new();
        for (name, text) in &texts {
            hasher.update(name.as_bytes()).update(text.as_bytes());
        }
        let digest = *hasher.finalize().as_bytes();
        let own_rules = own.len() as u32;
        let options = CodeOptions { audit: settings.audit, disable: settings.disable.clone() };
        let own = (!texts.is_empty()).then_some(own);
        let engine = CodeEngine::new(settings.builtin, own, &digest, options, project.key.clone());
        let ids = engine.rule_ids();
        let mut sources = Vec::new();
        if settings.builtin {
            let rules = ids.len() as u32 - own_rules;
            sources.push(RuleSource {
                name: "builtin (code)".to_owned(),
                rules,
                digest: files::hex(&engine.builtin_digest()),
            });
        }
        if own_rules > 0 {
            let name = if let [(name, _)] = texts.as_slice() {
                name.clone()
            } else {
                format!("{} files with code rules", texts.len())
            };
            sources.push(RuleSource { name, rules: own_rules, digest: files::hex(&digest) });
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let unknown = project.policy.resolved.unknown_names("code.disable", "rule", &ids);
        if !unknown.is_empty() {
            return Err(crate::settings::listed(&unknown));
        }
        Ok(Self { engine, sources, diagnostics })
    }
}

/// The rule files of a path in the configuration, from where the policy comes.
fn of_setting(project: &Project, path: &str) -> anyhow::Result<Texts> {
    if project.origin.is_tree() && project.root.join(path).is_dir() {
        return of_path(&project.root.join(path)).map(|texts| {
            let root = format!("{}/", project.root.display());
            texts
                .into_iter()
                .map(|(name, text)| (name.strip_prefix(&root).unwrap_or(&name).to_owned(), text))
                .collect()
        });
    }
    let text = project.policy_text(path).map_err(|why| anyhow::anyhow!(why))?;
    let text =
        text.ok_or_else(|| anyhow::anyhow!("it is not there (of another revision only files can be named)"))?;
    Ok(vec![(path.to_owned(), text)])
}

/// A rule file, or all rule files of a folder in the order of their names. In a folder, YAML that holds no rules
/// is something else: tests, configuration.
fn of_path(path: &Path) -> anyhow::Result<Texts> {
    if !path.is_dir() {
        return Ok(vec![(path.to_string_lossy().into_owned(), files::read(path)?)]);
    }
    let mut found = Vec::new();
    gather(path, DEPTH_MAX, &mut found)?;
    found.sort();
    let mut texts = Texts::new();
    for file in found {
        let text = files::read(&file)?;
        if text.lines().any(|line| line.starts_with("rules:")) {
            texts.push((file.to_string_lossy().into_owned(), text));
        }
    }
    anyhow::ensure!(!texts.is_empty(), "{} holds no rule file in Semgrep's format", path.display());
    Ok(texts)
}

fn gather(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    anyhow::ensure!(depth > 0, "{} lies too deep for a folder of rules", folder.display());
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let kind = entry.file_type().with_context(|| format!("cannot read {}", entry.path().display()))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            gather(&entry.path(), depth - 1, found)?;
        } else if kind.is_file() && is_yaml(&entry.path()) && !is_test(&name) {
            found.push(entry.path());
        }
        anyhow::ensure!(
            found.len() <= FILES_MAX,
            "{} holds more than {FILES_MAX} rule files",
            folder.display()
        );
    }
    Ok(())
}

/// `rule.test.yaml` is code for a rule about YAML, by Semgrep's convention.
fn is_test(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.ends_with(".test") || stem.ends_with(".fixed")
}

/// The outcome of the tests of the packs: of every rule file, on the files beside it that share its name.
pub(crate) fn test(packs: &[PathBuf]) -> anyhow::Result<PackOutcome> {
    let mut all = PackOutcome::default();
    for pack in packs.iter().filter(|path| is_pack(path)) {
        let texts = of_path(pack)?;
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (name, text) in &texts {
            let folder = Path::new(name).parent().unwrap_or(Path::new(""));
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            for entry in
                std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
            {
                let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
                let is_beside = path.file_name().is_some_and(|it| shares_stem(&it.to_string_lossy(), name));
                if is_beside && path.is_file() {
                    let bytes =
                        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                    let path = path.strip_prefix(".").unwrap_or(&path).to_string_lossy().into_owned();
                    files.entry(path).or_insert(bytes);
                }
            }
            files.insert(name.clone(), text.clone().into_bytes());
        }
        let rules: BTreeSet<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
        let files: BTreeMap<&str, &[u8]> =
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let outcome = selvedge_code::test_pack(&rules, &files);
        all.checks.extend(outcome.checks);
        all.untested.extend(outcome.untested);
        all.rejected.extend(outcome.rejected);
    }
    Ok(all)
}

/// Whether a file name begins as the rule file at `rule` does, up to the first dot.
fn shares_stem(name: &str, rule: &str) -> bool {
    let rule =
        Path::new(rule).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    stem(name) == stem(&rule)
}
