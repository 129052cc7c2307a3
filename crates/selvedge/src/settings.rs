//! Raw arguments, environment and files → everything a run needs. Nothing below this reads the environment.

use std::path::{Path, PathBuf};

use anyhow::Context;
use selvedge_gate::codeowners::{CODEOWNERS_PATHS, CodeOwners};
use selvedge_gate::config::{Key, Overlay, Settings, Value};
use selvedge_gate::{
    CONFIG_PATH, ConfigError, GITLEAKS_IGNORE_PATH, GitleaksIgnore, PolicyBundle, PolicyOrigin,
};
use selvedge_model::{ConfigNotice, FingerprintKey};
use selvedge_source::{ArchiveLimits, SourceOptions};

use crate::commands::init::KEY_FILE;
use crate::files;

/// Variables of ours that are no configuration keys.
pub(crate) const OTHER_VARIABLES: &[&str] =
    &["SELVEDGE_CACHE_DIR", "SELVEDGE_HYPERLINKS", "SELVEDGE_CORPORA", "SELVEDGE_PEERS", "SELVEDGE_VECTORS"];

/// Where the policy is to be read from, as far as flags say.
#[derive(Debug, Default)]
pub(crate) struct PolicyArguments<'a> {
    /// `--config`
    pub(crate) config: Option<&'a Path>,
    /// `--policy-from`
    pub(crate) policy_from: Option<&'a str>,
}

/// A project and the policy that holds for it.
pub(crate) struct Project {
    /// Absolute root; reported paths are relative to it.
    pub(crate) root: PathBuf,
    /// Where the policy comes from.
    pub(crate) origin: PolicyOrigin,
    /// The policy.
    pub(crate) policy: PolicyBundle,
    /// `.gitleaksignore` of the checked tree, if the policy comes from elsewhere.
    pub(crate) tree_ignore: Option<GitleaksIgnore>,
    /// Who owns what.
    pub(crate) codeowners: CodeOwners,
    /// Key of the fingerprints.
    pub(crate) key: FingerprintKey,
    /// Remarks made while reading.
    pub(crate) notices: Vec<ConfigNotice>,
    config: Option<PathBuf>,
}

impl Project {
    /// Reads the policy of the project that `target` belongs to.
    pub(crate) fn load(
        target: &Path,
        arguments: &PolicyArguments<'_>,
        overlay: &Overlay,
    ) -> anyhow::Result<Self> {
        let root = files::project_root(target);
        let origin = match arguments.policy_from {
            None => PolicyOrigin::Tree,
            Some(name) if Path::new(name).is_file() => PolicyOrigin::File(name.to_owned()),
            Some(name) => PolicyOrigin::Revision(name.to_owned()),
        };
        let config = arguments.config.map(Path::to_path_buf);
        let texts = Texts { root: &root, origin: &origin, config: config.as_deref() };
        let policy = PolicyBundle::read(&origin, overlay, &mut |path| texts.read(path))
            .map_err(|errors| listed(&errors))?;
        let mut notices = Vec::new();
        let tree_ignore = if origin.is_tree() {
            None
        } else {
            let text = files::read_optional(&root.join(GITLEAKS_IGNORE_PATH))?;
            text.map(|text| {
                let (ignore, remarks) = GitleaksIgnore::parse(&text, GITLEAKS_IGNORE_PATH);
                notices.extend(remarks);
                ignore
            })
        };
        let key = fingerprint_key(&policy.resolved.settings, &texts)?;
        let codeowners = codeowners(&root, &mut notices)?;
        Ok(Self { root, origin, policy, tree_ignore, codeowners, key, notices, config })
    }

    /// The effective settings.
    pub(crate) fn settings(&self) -> &Settings {
        &self.policy.resolved.settings
    }

    /// Reads a file of the place that the policy comes from; `None` if there is none.
    pub(crate) fn policy_text(&self, path: &str) -> Result<Option<String>, String> {
        Texts { root: &self.root, origin: &self.origin, config: self.config.as_deref() }.read(path)
    }

    /// Walk, size and archive options.
    pub(crate) fn source_options(&self) -> SourceOptions {
        let check = &self.settings().check;
        SourceOptions {
            hidden: check.hidden,
            respect_ignore_files: check.respect_ignore_files,
            follow_links: check.follow_links,
            max_file_size: check.max_file_size_bytes,
            archives: ArchiveLimits {
                enabled: check.archives.enabled,
                depth_max: u32::from(check.archives.depth_max),
                entries_max: check.archives.entries_max,
                bytes_max: check.archives.size_bytes_max,
                ..ArchiveLimits::default()
            },
            ..SourceOptions::default()
        }
    }
}

/// Reads policy files from the tree, from a revision, or from nowhere.
struct Texts<'a> {
    root: &'a Path,
    origin: &'a PolicyOrigin,
    config: Option<&'a Path>,
}

impl Texts<'_> {
    fn read(&self, path: &str) -> Result<Option<String>, String> {
        let shown = |error: anyhow::Error| format!("{error:#}");
        match self.origin {
            PolicyOrigin::Tree => match self.config {
                Some(config) if path == CONFIG_PATH => files::read(config).map(Some).map_err(shown),
                _ => files::read_optional(&self.root.join(path)).map_err(shown),
            },
            PolicyOrigin::File(name) if path == CONFIG_PATH => {
                files::read(Path::new(name)).map(Some).map_err(shown)
            }
            PolicyOrigin::File(_) => files::read_optional(&self.root.join(path)).map_err(shown),
            PolicyOrigin::Revision(revision) => {
                let bytes = selvedge_source::read_at(self.root, revision, path)
                    .map_err(|error| shown(anyhow::Error::new(error)))?;
                bytes
                    .map(|bytes| String::from_utf8(bytes).map_err(|_| "not valid UTF-8".to_owned()))
                    .transpose()
            }
        }
    }
}

/// The key of the configured file, of the usual file if it is there, or the built-in one.
fn fingerprint_key(settings: &Settings, texts: &Texts<'_>) -> anyhow::Result<FingerprintKey> {
    let read = |path: &str| {
        texts.read(path).map_err(|why| anyhow::anyhow!("cannot read the fingerprint key {path}: {why}"))
    };
    match &settings.secrets.fingerprint_key_file {
        Some(path) => {
            let text = read(path)?.with_context(|| format!("the fingerprint key {path} is not there"))?;
            Ok(FingerprintKey::derive(text.trim().as_bytes()))
        }
        None => Ok(read(KEY_FILE)?
            .map_or_else(FingerprintKey::builtin, |text| FingerprintKey::derive(text.trim().as_bytes()))),
    }
}

fn codeowners(root: &Path, notices: &mut Vec<ConfigNotice>) -> anyhow::Result<CodeOwners> {
    for path in CODEOWNERS_PATHS {
        if let Some(text) = files::read_optional(&root.join(path))? {
            let (owners, remarks) = CodeOwners::parse(&text, path);
            notices.extend(remarks);
            return Ok(owners);
        }
    }
    Ok(CodeOwners::default())
}

/// The overlay of the environment's `SELVEDGE_…` variables.
pub(crate) fn environment() -> Overlay {
    let variables: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let mut overlay = Overlay::default();
    overlay.variables(variables.iter().map(|(name, value)| (name.as_str(), value.as_str())), OTHER_VARIABLES);
    overlay
}

/// Sets a switch that a flag stands for.
pub(crate) fn switch(overlay: &mut Overlay, given: bool, flag: &str, key: &str, value: bool) {
    if let (true, Some(key)) = (given, Key::find(key)) {
        overlay.flag_value(key, flag, Value::Switch(value));
    }
}

/// Sets a key to the text given with a flag.
pub(crate) fn text(overlay: &mut Overlay, given: Option<&str>, flag: &str, key: &str) {
    if let (Some(text), Some(key)) = (given, Key::find(key)) {
        overlay.flag(key, flag, text);
    }
}

/// Several mistakes as one error, a line each.
pub(crate) fn listed(errors: &[ConfigError]) -> anyhow::Error {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("{}", lines.join("\n"))
}

/// `SELVEDGE_CACHE_DIR`, or the user's cache directory; `None` if there is none.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("SELVEDGE_CACHE_DIR")
        .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("selvedge")))
        .or_else(|| set("LOCALAPPDATA").map(|folder| folder.join("selvedge").join("cache")))
        .or_else(|| set("HOME").map(|folder| folder.join(".cache").join("selvedge")))
}
