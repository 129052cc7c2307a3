//! The policy files read together, from the checked tree or from elsewhere.
//!
//! The checked tree is not trusted when the policy comes from elsewhere (`--policy-from REV|FILE`): the
//! configuration, exceptions, baseline and `.gitleaksignore` are then those of that place, and what stands in
//! the files of the checked tree (`selvedge:ignore`, `gitleaks:allow`, its own `.gitleaksignore`) counts only
//! if that policy says `gate.allow-inline = true`.

use selvedge_model::ConfigNotice;

use crate::baseline::Baseline;
use crate::config::{Config, Overlay, Resolved, resolve};
use crate::exceptions::{self, EXCEPTIONS_PATH, Exception};
use crate::{ConfigError, GitleaksIgnore, Policy};

#[cfg(test)]
mod tests;

/// Name of the configuration at the root of the repository.
pub const CONFIG_PATH: &str = "selvedge.toml";

/// Name of the list of ignored Gitleaks findings at the root of the repository.
pub const GITLEAKS_IGNORE_PATH: &str = ".gitleaksignore";

/// Where the policy comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyOrigin {
    /// The tree that is checked.
    Tree,
    /// Another revision of it, as the user named it.
    Revision(String),
    /// A configuration file that the user named. It comes alone: no exceptions file, baseline or
    /// `.gitleaksignore` belongs to it unless it names a baseline.
    File(String),
}

impl PolicyOrigin {
    /// Whether it is the checked tree itself.
    pub fn is_tree(&self) -> bool {
        matches!(self, Self::Tree)
    }

    /// How a file of it is called in messages: `selvedge.toml`, `main:selvedge.toml`.
    fn name(&self, path: &str) -> String {
        match self {
            Self::Tree => path.to_owned(),
            Self::Revision(revision) => format!("{revision}:{path}"),
            Self::File(name) if path == CONFIG_PATH => name.clone(),
            Self::File(name) => format!("{path} of {name}"),
        }
    }

    /// What the verdict says: `selvedge.toml at main`.
    fn label(&self) -> String {
        match self {
            Self::Tree => CONFIG_PATH.to_owned(),
            Self::Revision(revision) => format!("{CONFIG_PATH} at {revision}"),
            Self::File(name) => name.clone(),
        }
    }
}

/// Reads a policy file by its path relative to the root; `None` if there is none. The error says why a file
/// that is there cannot be read.
pub type PolicyTexts<'a> = dyn FnMut(&str) -> Result<Option<String>, String> + 'a;

/// Everything that decides what is looked at, what counts and what fails.
#[derive(Debug, Clone)]
pub struct PolicyBundle {
    /// Every key with its effective value and origin, and the same typed.
    pub resolved: Resolved,
    /// Exceptions of `selvedge.toml`, then those of `.selvedge/exceptions.toml`.
    pub exceptions: Vec<Exception>,
    /// The baseline.
    pub baseline: Baseline,
    /// The `.gitleaksignore` of the place the policy comes from.
    pub gitleaks_ignore: GitleaksIgnore,
    /// Mistakes that do not change the verdict.
    pub notices: Vec<ConfigNotice>,
    /// The gate.
    pub policy: Policy,
    /// Whether what stands in the checked files may suppress findings.
    pub allow_inline: bool,
}

impl PolicyBundle {
    /// Reads the policy. All mistakes of all files are returned together.
    pub fn read(
        origin: &PolicyOrigin,
        overlay: &Overlay,
        texts: &mut PolicyTexts<'_>,
    ) -> Result<Self, Vec<ConfigError>> {
        let mut errors = Vec::new();
        let mut reader = Reader { origin, texts, errors: &mut errors };
        let config_text = reader.text(CONFIG_PATH);
        let is_configured = config_text.is_some();
        let config = reader.parse(CONFIG_PATH, config_text, Config::parse);
        let resolved = reader.keep(resolve(&config, overlay));
        let settings = resolved.as_ref().map(|resolved| resolved.settings.gate.clone());
        let with_tree = !matches!(origin, PolicyOrigin::File(_));
        let exceptions_text = with_tree.then(|| reader.text(EXCEPTIONS_PATH)).flatten();
        let more = reader.parse(EXCEPTIONS_PATH, exceptions_text, exceptions::parse);
        let baseline_path = settings.as_ref().map_or(String::new(), |gate| gate.baseline.clone());
        let names_baseline = resolved.as_ref().and_then(|resolved| resolved.get("gate.baseline"));
        let named = names_baseline.is_some_and(|value| value.origin != crate::config::Origin::Default);
        let baseline_text = ((with_tree || named) && !baseline_path.is_empty())
            .then(|| reader.text(&baseline_path))
            .flatten();
        let baseline = reader.parse(&baseline_path, baseline_text, Baseline::parse);
        let ignore_text = with_tree.then(|| reader.text(GITLEAKS_IGNORE_PATH)).flatten();
        let ignore_name = origin.name(GITLEAKS_IGNORE_PATH);
        let (gitleaks_ignore, notices) =
            GitleaksIgnore::parse(&ignore_text.unwrap_or_default(), &ignore_name);
        let (Some(resolved), Some(gate), true) = (resolved, settings, errors.is_empty()) else {
            return Err(errors);
        };
        let allow_inline = gate.allow_inline.unwrap_or(origin.is_tree());
        let label = if is_configured { origin.label() } else { "default".to_owned() };
        let mut exceptions = config.exceptions().to_vec();
        exceptions.extend(more);
        let policy = Policy { gate, origin: label };
        Ok(Self { resolved, exceptions, baseline, gitleaks_ignore, notices, policy, allow_inline })
    }
}

/// Reads texts and gathers what is wrong with them.
struct Reader<'a, 't> {
    origin: &'a PolicyOrigin,
    texts: &'a mut PolicyTexts<'t>,
    errors: &'a mut Vec<ConfigError>,
}

impl Reader<'_, '_> {
    fn text(&mut self, path: &str) -> Option<String> {
        match (self.texts)(path) {
            Ok(text) => text,
            Err(why) => {
                self.errors
                    .push(ConfigError::unplaced(self.origin.name(path), format!("cannot be read: {why}")));
                None
            }
        }
    }

    fn parse<T: Default>(
        &mut self,
        path: &str,
        text: Option<String>,
        parse: impl FnOnce(&str, &str) -> Result<T, Vec<ConfigError>>,
    ) -> T {
        let name = self.origin.name(path);
        let read = text.map(|text| parse(&text, &name));
        read.and_then(|result| self.keep(result)).unwrap_or_default()
    }

    fn keep<T>(&mut self, result: Result<T, Vec<ConfigError>>) -> Option<T> {
        result.map_err(|errors| self.errors.extend(errors)).ok()
    }
}
