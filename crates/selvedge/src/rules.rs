//! The rules in force: the built-in pack, the packs that configuration and flags name, `.gitleaks.toml`.

use std::path::{Path, PathBuf};

use selvedge_model::{Diagnostic, Engine, RuleSource};
use selvedge_secrets::{RuleSet, load_toml};

use crate::code_rules::{self, CodeRules};
use crate::files;
use crate::settings::{Project, listed};

/// Name of the Gitleaks configuration at the root of a project.
const GITLEAKS_CONFIG: &str = ".gitleaks.toml";

/// The rules of a run, and what to tell about them.
#[derive(Default)]
pub(crate) struct Rules {
    /// The rules about secrets.
    pub(crate) set: RuleSet,
    /// The rules for source code, if that engine runs.
    pub(crate) code: Option<CodeRules>,
    /// Where they came from.
    pub(crate) sources: Vec<RuleSource>,
    /// What did not load.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Sentences about files of the tree that changed the rules.
    pub(crate) influences: Vec<String>,
}

impl Rules {
    /// Loads the rules that hold in `project`, and the packs of `--rules`.
    pub(crate) fn load(project: &Project, packs: &[PathBuf]) -> anyhow::Result<Self> {
        let mut rules = Self::default();
        if project.settings().check.engines.contains(&Engine::Secrets) {
            rules.load_secrets(project, packs)?;
        }
        if project.settings().check.engines.contains(&Engine::Code) {
            let code = CodeRules::load(project, packs)?;
            rules.sources.extend(code.sources.iter().cloned());
            rules.diagnostics.extend(code.diagnostics.iter().cloned());
            rules.code = Some(code);
        }
        Ok(rules)
    }

    fn load_secrets(&mut self, project: &Project, packs: &[PathBuf]) -> anyhow::Result<()> {
        let settings = &project.settings().secrets;
        let rules = self;
        if settings.builtin {
            rules.add("builtin", &RuleSet::builtin());
        }
        if settings.gitleaks_config {
            rules.add_gitleaks_config(project)?;
        }
        for path in &settings.rules {
            let text = project
                .policy_text(path)
                .map_err(|why| anyhow::anyhow!("cannot read the rules {path}: {why}"))?;
            let text = text
                .ok_or_else(|| anyhow::anyhow!("the rules {path} named by `secrets.rules` are not there"))?;
            rules.add_pack(&text, path, &|extended| inside(project, extended))?;
        }
        for path in packs.iter().filter(|path| !code_rules::is_pack(path)) {
            rules.add_file(path)?;
        }
        let has_others = packs.iter().any(|path| code_rules::is_pack(path));
        if rules.set.is_empty() && !has_others {
            anyhow::bail!("no rules are left to check with: `secrets.builtin` is off and no pack is given");
        }
        let ids: Vec<String> = rules.set.rules().map(|rule| rule.id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let unknown = project.policy.resolved.unknown_names("secrets.disable", "rule", &ids);
        if !unknown.is_empty() {
            return Err(listed(&unknown));
        }
        if !settings.disable.is_empty() {
            rules.set.disable(&settings.disable);
        }
        Ok(())
    }

    /// Loads packs about secrets alone, without any configuration.
    pub(crate) fn of_packs(packs: &[PathBuf]) -> anyhow::Result<Self> {
        let mut rules = Self::default();
        if packs.is_empty() {
            rules.add("builtin", &RuleSet::builtin());
        }
        for path in packs.iter().filter(|path| !code_rules::is_pack(path)) {
            rules.add_file(path)?;
        }
        Ok(rules)
    }

    /// A pack that the user named on the command line; what it extends may lie anywhere beside it.
    fn add_file(&mut self, path: &Path) -> anyhow::Result<()> {
        let text = files::read(path)?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let name = path.to_string_lossy().into_owned();
        self.add_pack(&text, &name, &|extended| {
            files::read(&folder.join(extended)).map_err(|error| format!("{error:#}"))
        })
    }

    fn add_pack(
        &mut self,
        text: &str,
        name: &str,
        resolver: &dyn Fn(&str) -> Result<String, String>,
    ) -> anyhow::Result<()> {
        let (set, diagnostics) = load_toml(text, name, resolver);
        if let (true, Some(first)) = (set.is_empty(), diagnostics.first()) {
            anyhow::bail!("no rule of {name} can be used: {first}");
        }
        self.diagnostics.extend(diagnostics);
        self.add(name, &set);
        Ok(())
    }

    fn add(&mut self, name: &str, set: &RuleSet) {
        let digest = files::hex(&set.digest());
        self.sources.push(RuleSource { name: name.to_owned(), rules: set.len() as u32, digest });
        if self.set.is_empty() { self.set = set.clone() } else { self.set.merge(set) }
    }

    /// `.gitleaks.toml` of the place the policy comes from. One that extends the default rules takes the place
    /// of the built-in pack, with its own rules and allowlists laid over it; any other is added.
    fn add_gitleaks_config(&mut self, project: &Project) -> anyhow::Result<()> {
        let text = project
            .policy_text(GITLEAKS_CONFIG)
            .map_err(|why| anyhow::anyhow!("cannot read {GITLEAKS_CONFIG}: {why}"))?;
        let Some(text) = text else { return Ok(()) };
        let (set, diagnostics) = load_toml(&text, GITLEAKS_CONFIG, &|extended| inside(project, extended));
        self.diagnostics.extend(diagnostics);
        let own = set.rules().filter(|rule| rule.pack == GITLEAKS_CONFIG).count();
        let extends = set.len() > own;
        self.influences.push(format!(
            "{GITLEAKS_CONFIG} is honoured: {own} {} of its own, and its allowlists hold for {} \
             (`secrets.gitleaks-config = false` leaves it out)",
            if own == 1 { "rule" } else { "rules" },
            if extends { "all built-in rules" } else { "those only" },
        ));
        if extends {
            self.set = RuleSet::default();
            self.sources.retain(|source| source.name != "builtin");
        }
        self.add(GITLEAKS_CONFIG, &set);
        Ok(())
    }
}

/// Reads what a pack of the checked tree extends, as long as it lies inside the project.
fn inside(project: &Project, path: &str) -> Result<String, String> {
    let outside = Path::new(path)
        .components()
        .any(|part| !matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir));
    if outside {
        return Err("it lies outside the project".to_owned());
    }
    project.policy_text(path)?.ok_or_else(|| "it is not there".to_owned())
}
