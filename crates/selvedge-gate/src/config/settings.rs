//! The effective configuration as types: what the rest of the program uses.

use selvedge_model::{Confidence, Engine, Severity};

use super::{ResolvedValue, Value};

/// From which severity on a finding fails the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// This one and above.
    From(Severity),
    /// None; budgets may still fail it.
    Never,
}

/// Everything that `selvedge.toml`, variables and flags decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `[check]`
    pub check: CheckSettings,
    /// `[secrets]`
    pub secrets: SecretsSettings,
    /// `[code]`
    pub code: CodeSettings,
    /// `[dependencies]`
    pub dependencies: DependenciesSettings,
    /// `[gate]`
    pub gate: GateSettings,
    /// `[output]`
    pub output: OutputSettings,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    /// The engines that run.
    pub engines: Vec<Engine>,
    /// Patterns of paths that are left out, each valid; see [`crate::PathGlobs`].
    pub exclude: Vec<String>,
    /// Larger files are not read.
    pub max_file_size_bytes: u64,
    /// Look at hidden files.
    pub hidden: bool,
    /// Leave out what ignore files name.
    pub respect_ignore_files: bool,
    /// Follow symbolic links.
    pub follow_links: bool,
    /// Archives.
    pub archives: ArchiveSettings,
}

/// How far archives are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveSettings {
    /// At all.
    pub enabled: bool,
    /// Levels of archives in archives.
    pub depth_max: u8,
    /// Entries per outermost archive.
    pub entries_max: u64,
    /// Unpacked bytes per outermost archive.
    pub size_bytes_max: u64,
}

/// The secrets engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretsSettings {
    /// Use the built-in rules.
    pub builtin: bool,
    /// Rule files to use as well.
    pub rules: Vec<String>,
    /// Honour `.gitleaks.toml`.
    pub gitleaks_config: bool,
    /// Rules switched off.
    pub disable: Vec<String>,
    /// Findings below are not reported.
    pub min_confidence: Confidence,
    /// Layers of encoding undone.
    pub decode_depth: u8,
    /// File with the fingerprint key.
    pub fingerprint_key_file: Option<String>,
}

/// The code engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSettings {
    /// Use the built-in rules.
    pub builtin: bool,
    /// Rule files, or folders of them, to use as well.
    pub rules: Vec<String>,
    /// Rules switched off.
    pub disable: Vec<String>,
    /// Report what rules for audits find.
    pub audit: bool,
}

/// The dependencies engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DependenciesSettings {
    /// The advisory database; `None`: where `selvedge db update` puts it.
    pub database: Option<String>,
    /// Files or folders with advisories of the project's own.
    pub advisories: Vec<String>,
    /// VEX documents.
    pub vex: Vec<String>,
    /// Look whether the code imports a package.
    pub reachability: bool,
    /// Report what only developers need.
    pub development: bool,
    /// Check how packages are locked.
    pub integrity: bool,
    /// Hosts that are as good as the public registries.
    pub registries: Vec<String>,
    /// Beginnings of the names of packages that no public registry may give.
    pub private_names: Vec<String>,
    /// Licences.
    pub licenses: LicenseSettings,
}

/// Which licences packages may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseSettings {
    /// If not empty, only these.
    pub allow: Vec<String>,
    /// None of these.
    pub deny: Vec<String>,
    /// What an unknown licence means.
    pub unknown: UnknownLicense,
}

/// What to do with a package whose licence is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownLicense {
    /// Nothing.
    Allow,
    /// Report it with low severity.
    Warn,
    /// Report it with high severity.
    Deny,
}

/// What fails a run for the sake of its dependencies, whatever the severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DependencyGate {
    /// Known exploited vulnerabilities fail.
    pub fail_on_exploited: bool,
    /// An EPSS probability of so many percent or more fails.
    pub fail_on_epss_percent: Option<u64>,
    /// Packages that no advisory data exists for leave the run undecided.
    pub require_advisories: bool,
    /// An older database leaves the run undecided.
    pub max_age_days: Option<u64>,
}

/// What makes a run fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateSettings {
    /// What holds for every engine that does not say otherwise.
    pub all: EngineGate,
    /// What holds for one engine, complete: keys it leaves unset are filled from `all`.
    pub engines: Vec<(Engine, EngineGate)>,
    /// What only findings of the dependencies engine can fail by.
    pub dependencies: DependencyGate,
    /// Tolerated numbers.
    pub budget: BudgetSettings,
    /// Where the baseline is.
    pub baseline: String,
    /// Fail if something could not be looked at.
    pub fail_on_partial: bool,
    /// Whether the checked tree may excuse its own findings; `None`: only if the policy is its own as well.
    pub allow_inline: Option<bool>,
}

/// The thresholds for the findings of one engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineGate {
    /// Severity that fails.
    pub fail_on: Threshold,
    /// Findings below do not count.
    pub min_confidence: Confidence,
    /// Findings that the baseline knows do not count.
    pub new_only: bool,
}

/// Tolerated numbers of findings by severity; `None` leaves it to the threshold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BudgetSettings {
    limits: [Option<u64>; Severity::ALL.len()],
}

impl BudgetSettings {
    /// The number of findings of that severity that is tolerated, if one is set.
    pub fn get(&self, severity: Severity) -> Option<u64> {
        self.limits[severity as usize]
    }

    /// The same budget with the number for one severity replaced.
    #[must_use]
    pub fn with(mut self, severity: Severity, limit: u64) -> Self {
        self.limits[severity as usize] = Some(limit);
        self
    }
}

/// How results are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSettings {
    /// `name` or `name=file`; names are checked by the caller, who knows the formats.
    pub formats: Vec<String>,
}

impl GateSettings {
    /// The thresholds for an engine.
    pub fn of(&self, engine: Engine) -> EngineGate {
        self.engines.iter().find(|(name, _)| *name == engine).map_or(self.all, |(_, gate)| *gate)
    }
}

impl Settings {
    /// What holds when nothing is configured.
    pub fn defaults() -> Self {
        let values: Vec<_> = super::KEYS
            .iter()
            .map(|key| ResolvedValue {
                key: key.path,
                value: key.default_value(),
                origin: super::Origin::Default,
            })
            .collect();
        Self::of(&values)
    }

    pub(super) fn of(values: &[ResolvedValue]) -> Self {
        let read = Read(values);
        Self {
            check: read.check(),
            secrets: read.secrets(),
            code: read.code(),
            dependencies: read.dependencies(),
            gate: read.gate(),
            output: read.output(),
        }
    }
}

/// Typed access to checked values. A key of another kind than asked for, or one that is unset and has no
/// default, is `None`; the unit tests ask for every key.
struct Read<'a>(&'a [ResolvedValue]);

impl Read<'_> {
    fn check(&self) -> CheckSettings {
        let named = self.list("check.engines");
        CheckSettings {
            engines: Engine::ALL.into_iter().filter(|e| named.iter().any(|n| n == e.as_str())).collect(),
            exclude: self.list("check.exclude"),
            max_file_size_bytes: self.number("check.max-file-size"),
            hidden: self.on("check.hidden"),
            respect_ignore_files: self.on("check.respect-ignore-files"),
            follow_links: self.on("check.follow-links"),
            archives: ArchiveSettings {
                enabled: self.on("check.archives.enabled"),
                depth_max: self.number("check.archives.max-depth") as u8,
                entries_max: self.number("check.archives.max-entries"),
                size_bytes_max: self.number("check.archives.max-size"),
            },
        }
    }

    fn secrets(&self) -> SecretsSettings {
        SecretsSettings {
            builtin: self.on("secrets.builtin"),
            rules: self.list("secrets.rules"),
            gitleaks_config: self.on("secrets.gitleaks-config"),
            disable: self.list("secrets.disable"),
            min_confidence: self.confidence("secrets.min-confidence").unwrap_or(Confidence::Low),
            decode_depth: self.number("secrets.decode-depth") as u8,
            fingerprint_key_file: self.text("secrets.fingerprint-key-file").map(str::to_owned),
        }
    }

    fn code(&self) -> CodeSettings {
        CodeSettings {
            builtin: self.on("code.builtin"),
            rules: self.list("code.rules"),
            disable: self.list("code.disable"),
            audit: self.on("code.audit"),
        }
    }

    fn dependencies(&self) -> DependenciesSettings {
        DependenciesSettings {
            database: self.text("dependencies.database").map(str::to_owned),
            advisories: self.list("dependencies.advisories"),
            vex: self.list("dependencies.vex"),
            reachability: self.on("dependencies.reachability"),
            development: self.on("dependencies.development"),
            integrity: self.on("dependencies.integrity"),
            registries: self.list("dependencies.registries"),
            private_names: self.list("dependencies.private-names"),
            licenses: LicenseSettings {
                allow: self.list("dependencies.licenses.allow"),
                deny: self.list("dependencies.licenses.deny"),
                unknown: match self.text("dependencies.licenses.unknown") {
                    Some("warn") => UnknownLicense::Warn,
                    Some("deny") => UnknownLicense::Deny,
                    _ => UnknownLicense::Allow,
                },
            },
        }
    }

    fn gate(&self) -> GateSettings {
        let strictest = EngineGate {
            fail_on: Threshold::From(Severity::Info),
            min_confidence: Confidence::Low,
            new_only: false,
        };
        let all = self.engine_gate("gate", strictest);
        let engine = |engine: Engine| (engine, self.engine_gate(&format!("gate.{engine}"), all));
        let budget = Severity::ALL.into_iter().fold(BudgetSettings::default(), |budget, severity| match self
            .value(&format!("gate.budget.{severity}"))
        {
            Some(Value::Number(limit)) => budget.with(severity, *limit),
            _ => budget,
        });
        GateSettings {
            all,
            engines: Engine::ALL.into_iter().map(engine).collect(),
            dependencies: DependencyGate {
                fail_on_exploited: self.on("gate.dependencies.fail-on-exploited"),
                fail_on_epss_percent: self.set_number("gate.dependencies.fail-on-epss"),
                require_advisories: self.on("gate.dependencies.require-advisories"),
                max_age_days: self.set_number("gate.dependencies.max-age"),
            },
            budget,
            baseline: self.text("gate.baseline").unwrap_or_default().to_owned(),
            fail_on_partial: self.on("gate.fail-on-partial"),
            allow_inline: self.switch("gate.allow-inline"),
        }
    }

    fn output(&self) -> OutputSettings {
        OutputSettings { formats: self.list("output.formats") }
    }

    /// The thresholds of the table `table`, with those it leaves unset taken from `otherwise`.
    fn engine_gate(&self, table: &str, otherwise: EngineGate) -> EngineGate {
        let fail_on = self.text(&format!("{table}.fail-on")).and_then(threshold);
        EngineGate {
            fail_on: fail_on.unwrap_or(otherwise.fail_on),
            min_confidence: self
                .confidence(&format!("{table}.min-confidence"))
                .unwrap_or(otherwise.min_confidence),
            new_only: self.switch(&format!("{table}.new-only")).unwrap_or(otherwise.new_only),
        }
    }

    fn value(&self, path: &str) -> Option<&Value> {
        self.0.iter().find(|value| value.key == path)?.value.as_ref()
    }

    fn switch(&self, path: &str) -> Option<bool> {
        match self.value(path) {
            Some(Value::Switch(switch)) => Some(*switch),
            _ => None,
        }
    }

    fn on(&self, path: &str) -> bool {
        self.switch(path).unwrap_or_default()
    }

    fn number(&self, path: &str) -> u64 {
        self.set_number(path).unwrap_or_default()
    }

    fn set_number(&self, path: &str) -> Option<u64> {
        match self.value(path) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    fn text(&self, path: &str) -> Option<&str> {
        match self.value(path) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn list(&self, path: &str) -> Vec<String> {
        match self.value(path) {
            Some(Value::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    fn confidence(&self, path: &str) -> Option<Confidence> {
        self.text(path)?.parse().ok()
    }
}

fn threshold(text: &str) -> Option<Threshold> {
    match text {
        "never" => Some(Threshold::Never),
        _ => text.parse().ok().map(Threshold::From),
    }
}
