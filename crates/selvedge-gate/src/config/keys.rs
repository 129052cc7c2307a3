//! The declaration of every key of `selvedge.toml`: the one place to add one.

use std::fmt::Write as _;

use selvedge_model::Engine;

use super::Value;

/// What kind of value a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Switch,
    /// A whole number from 0 to `max`.
    Count {
        /// The largest taken.
        max: u64,
    },
    /// Bytes: a number, or a text such as `"5 MiB"`.
    Size,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Some of these words.
    Choices(&'static [&'static str]),
    /// Names that only the engines or outputs know, such as rule identifiers.
    Names,
    /// Path patterns as in `.gitignore`.
    Globs,
    /// A path relative to the root of the repository.
    Path,
    /// Several of them.
    Paths,
}

impl Kind {
    /// What is expected, for "must be …".
    pub fn expected(&self) -> String {
        let words = |choices: &[&str]| crate::toml_text::list(choices.iter().copied());
        match self {
            Self::Switch => "true or false".to_owned(),
            Self::Count { max: u64::MAX } => "a whole number from 0".to_owned(),
            Self::Count { max } => format!("a whole number from 0 to {max}"),
            Self::Size => "a number of bytes or a size such as \"5 MiB\"".to_owned(),
            Self::Choice(choices) => words(choices),
            Self::Choices(choices) => format!("a list of {}", words(choices)),
            Self::Names => "a list of names".to_owned(),
            Self::Globs => "a list of path patterns".to_owned(),
            Self::Path => "a path".to_owned(),
            Self::Paths => "a list of paths".to_owned(),
        }
    }
}

/// The value that holds when nobody sets the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// None; the documentation of the key says what that means.
    Unset,
    /// A switch.
    Switch(bool),
    /// A number.
    Number(u64),
    /// A word or a path.
    Text(&'static str),
    /// A list.
    List(&'static [&'static str]),
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Table and name: `gate.fail-on`.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds if nobody sets it.
    pub default: Default,
    /// A value somebody might set, as TOML.
    pub example: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
}

/// One table of the file and what it is for.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// `check`, `gate.budget`.
    pub path: &'static str,
    /// What it is for, in one line.
    pub doc: &'static str,
}

impl Key {
    /// The key of that path.
    pub fn find(path: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.path == path)
    }

    /// Table and name apart.
    pub fn split(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }

    /// The environment variable that sets it: `SELVEDGE_GATE_FAIL_ON`.
    pub fn variable(&self) -> String {
        format!("SELVEDGE_{}", self.path.replace(['.', '-'], "_").to_ascii_uppercase())
    }

    /// The default as a value.
    pub fn default_value(&self) -> Option<Value> {
        match self.default {
            Default::Unset => None,
            Default::Switch(switch) => Some(Value::Switch(switch)),
            Default::Number(number) => Some(Value::Number(number)),
            Default::Text(text) => Some(Value::Text(text.to_owned())),
            Default::List(items) => Some(Value::List(items.iter().map(|item| (*item).to_owned()).collect())),
        }
    }
}

const THRESHOLDS: &[&str] = &["info", "low", "medium", "high", "critical", "never"];
const CONFIDENCES: &[&str] = &["low", "medium", "high"];
const ENGINES: &[&str] = &["secrets", "code", "dependencies"];
const LICENSE_ANSWERS: &[&str] = &["allow", "warn", "deny"];
const COUNT: Kind = Kind::Count { max: 1_000_000_000 };

/// The tables, in the order in which they are shown.
pub const TABLES: &[Table] = &[
    Table { path: "check", doc: "What is looked at." },
    Table { path: "check.archives", doc: "Looking into zip, tar, gz, zst and xz files." },
    Table { path: "secrets", doc: "Keys, tokens and passwords in files and history." },
    Table { path: "code", doc: "The project's own code, by rules in Semgrep's format." },
    Table { path: "dependencies", doc: "Packages of others: lockfiles, manifests, SBOMs." },
    Table { path: "dependencies.licenses", doc: "Which licences packages may have, as SPDX identifiers." },
    Table { path: "gate", doc: "What makes a run fail." },
    Table { path: "gate.secrets", doc: "The gate for findings of the secrets engine, where it differs." },
    Table { path: "gate.code", doc: "The gate for findings of the code engine, where it differs." },
    Table {
        path: "gate.dependencies",
        doc: "The gate for findings of the dependencies engine, where it differs, and what only it knows.",
    },
    Table {
        path: "gate.budget",
        doc: "How many findings of a severity are tolerated. Overrides `fail-on` for that severity.",
    },
    Table { path: "output", doc: "How results are shown." },
];

/// Every key, in the order in which they are shown.
pub const KEYS: &[Key] = &[
    Key {
        path: "check.engines",
        kind: Kind::Choices(ENGINES),
        default: Default::List(ENGINES),
        example: r#"["secrets"]"#,
        doc: "The engines that run.",
    },
    Key {
        path: "check.exclude",
        kind: Kind::Globs,
        default: Default::List(&[]),
        example: r#"["vendor/", "*.min.js"]"#,
        doc: "Paths that are not looked at, as patterns of .gitignore.",
    },
    Key {
        path: "check.max-file-size",
        kind: Kind::Size,
        default: Default::Number(32 << 20),
        example: r#""5 MiB""#,
        doc: "Larger files are not read; each is listed as skipped.",
    },
    Key {
        path: "check.hidden",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Look at files and folders whose name begins with a dot (.git is always left out).",
    },
    Key {
        path: "check.respect-ignore-files",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Leave out what .gitignore files name, unless git tracks it.",
    },
    Key {
        path: "check.follow-links",
        kind: Kind::Switch,
        default: Default::Switch(false),
        example: "true",
        doc: "Follow symbolic links that stay inside the tree.",
    },
    Key {
        path: "check.archives.enabled",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Look into archives.",
    },
    Key {
        path: "check.archives.max-depth",
        kind: Kind::Count { max: 16 },
        default: Default::Number(4),
        example: "2",
        doc: "How deep archives in archives are opened.",
    },
    Key {
        path: "check.archives.max-entries",
        kind: COUNT,
        default: Default::Number(100_000),
        example: "1000",
        doc: "Entries read from one outermost archive, all levels together.",
    },
    Key {
        path: "check.archives.max-size",
        kind: Kind::Size,
        default: Default::Number(1 << 30),
        example: r#""256 MiB""#,
        doc: "Bytes unpacked from one outermost archive, all levels together.",
    },
    Key {
        path: "secrets.builtin",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Use the built-in rules.",
    },
    Key {
        path: "secrets.rules",
        kind: Kind::Paths,
        default: Default::List(&[]),
        example: r#"[".selvedge/rules.toml"]"#,
        doc: "Rule files to use as well, in Gitleaks or Betterleaks TOML.",
    },
    Key {
        path: "secrets.gitleaks-config",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Honour a .gitleaks.toml at the root of the tree; the report says so.",
    },
    Key {
        path: "secrets.disable",
        kind: Kind::Names,
        default: Default::List(&[]),
        example: r#"["generic-password"]"#,
        doc: "Rules that are switched off.",
    },
    Key {
        path: "secrets.min-confidence",
        kind: Kind::Choice(CONFIDENCES),
        default: Default::Text("low"),
        example: r#""medium""#,
        doc: "Findings below this confidence are not reported.",
    },
    Key {
        path: "secrets.decode-depth",
        kind: Kind::Count { max: 8 },
        default: Default::Number(3),
        example: "0",
        doc: "How many layers of base64, hex, percent and the like are undone; 0 looks at the text only.",
    },
    Key {
        path: "secrets.fingerprint-key-file",
        kind: Kind::Path,
        default: Default::Unset,
        example: r#"".selvedge/fingerprint.key""#,
        doc: "File whose content keys the fingerprints of secrets. Unset: .selvedge/fingerprint.key if it is there, \
              else the built-in key, under which a weak secret can be confirmed by guessing.",
    },
    Key {
        path: "code.builtin",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Use the built-in rules.",
    },
    Key {
        path: "code.rules",
        kind: Kind::Paths,
        default: Default::List(&[]),
        example: r#"[".selvedge/code"]"#,
        doc: "Rule files to use as well, or folders of them, in Semgrep's format.",
    },
    Key {
        path: "code.disable",
        kind: Kind::Names,
        default: Default::List(&[]),
        example: r#"["python-debug-mode"]"#,
        doc: "Rules that are switched off.",
    },
    Key {
        path: "code.audit",
        kind: Kind::Switch,
        default: Default::Switch(false),
        example: "true",
        doc: "Report what rules for audits find: places to read, of which most turn out to be sound.",
    },
    Key {
        path: "dependencies.database",
        kind: Kind::Path,
        default: Default::Unset,
        example: r#""ci/advisories.db""#,
        doc: "The advisory database. Unset: where `selvedge db update` puts it.",
    },
    Key {
        path: "dependencies.advisories",
        kind: Kind::Paths,
        default: Default::List(&[]),
        example: r#"[".selvedge/advisories"]"#,
        doc: "Files or folders with advisories of your own, in OSV form, used beside the database.",
    },
    Key {
        path: "dependencies.vex",
        kind: Kind::Paths,
        default: Default::List(&[]),
        example: r#"[".selvedge/vex.json"]"#,
        doc: "VEX documents (OpenVEX, CycloneDX, CSAF) whose `not_affected` and `fixed` statements suppress findings.",
    },
    Key {
        path: "dependencies.reachability",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Look whether the code imports a package; what it does not import is reported one severity lower.",
    },
    Key {
        path: "dependencies.development",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Report packages that only developers and tests need, one severity lower.",
    },
    Key {
        path: "dependencies.integrity",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Check how packages are locked: hashes, hosts, commits, actions by tag.",
    },
    Key {
        path: "dependencies.registries",
        kind: Kind::Names,
        default: Default::List(&[]),
        example: r#"["registry.example.com"]"#,
        doc: "Hosts from which packages may be resolved, besides the public registries.",
    },
    Key {
        path: "dependencies.private-names",
        kind: Kind::Names,
        default: Default::List(&[]),
        example: r#"["@acme/", "com.acme", "acme-"]"#,
        doc: "Beginnings of the names of your own packages: one that comes from a public registry is reported.",
    },
    Key {
        path: "dependencies.licenses.allow",
        kind: Kind::Names,
        default: Default::List(&[]),
        example: r#"["MIT", "Apache-2.0"]"#,
        doc: "Licences that packages may have; with an entry, any other is reported. Empty: what deny says.",
    },
    Key {
        path: "dependencies.licenses.deny",
        kind: Kind::Names,
        default: Default::List(&[]),
        example: r#"["AGPL-3.0-only"]"#,
        doc: "Licences that packages must not have.",
    },
    Key {
        path: "dependencies.licenses.unknown",
        kind: Kind::Choice(LICENSE_ANSWERS),
        default: Default::Text("allow"),
        example: r#""warn""#,
        doc: "What to do with a package whose licence is not known: nothing, a finding of low, or one of high severity.",
    },
    Key {
        path: "gate.fail-on",
        kind: Kind::Choice(THRESHOLDS),
        default: Default::Text("high"),
        example: r#""medium""#,
        doc: "A finding of this severity or above fails the gate; `never` leaves it to the budgets.",
    },
    Key {
        path: "gate.min-confidence",
        kind: Kind::Choice(CONFIDENCES),
        default: Default::Text("medium"),
        example: r#""high""#,
        doc: "Findings below this confidence are reported but do not count for the gate.",
    },
    Key {
        path: "gate.new-only",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Findings that the baseline knows do not count for the gate; with false they do.",
    },
    Key {
        path: "gate.baseline",
        kind: Kind::Path,
        default: Default::Text(".selvedge/baseline.json"),
        example: r#""ci/baseline.json""#,
        doc: "Where the baseline is; a missing file is an empty baseline.",
    },
    Key {
        path: "gate.fail-on-partial",
        kind: Kind::Switch,
        default: Default::Switch(false),
        example: "true",
        doc: "Fail if part of what was asked for could not be looked at.",
    },
    Key {
        path: "gate.allow-inline",
        kind: Kind::Switch,
        default: Default::Unset,
        example: "true",
        doc: "Honour `selvedge:ignore`, `gitleaks:allow`, `nosemgrep` and .gitleaksignore of the checked tree. Unset: \
              true, but false under --policy-from, since the tree is then not trusted to excuse itself.",
    },
    Key {
        path: "gate.secrets.fail-on",
        kind: Kind::Choice(THRESHOLDS),
        default: Default::Unset,
        example: r#""low""#,
        doc: "As gate.fail-on, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.secrets.min-confidence",
        kind: Kind::Choice(CONFIDENCES),
        default: Default::Unset,
        example: r#""low""#,
        doc: "As gate.min-confidence, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.secrets.new-only",
        kind: Kind::Switch,
        default: Default::Unset,
        example: "false",
        doc: "As gate.new-only, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.code.fail-on",
        kind: Kind::Choice(THRESHOLDS),
        default: Default::Unset,
        example: r#""critical""#,
        doc: "As gate.fail-on, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.code.min-confidence",
        kind: Kind::Choice(CONFIDENCES),
        default: Default::Unset,
        example: r#""high""#,
        doc: "As gate.min-confidence, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.code.new-only",
        kind: Kind::Switch,
        default: Default::Unset,
        example: "true",
        doc: "As gate.new-only, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.dependencies.fail-on",
        kind: Kind::Choice(THRESHOLDS),
        default: Default::Unset,
        example: r#""critical""#,
        doc: "As gate.fail-on, for this engine. Unset: as there. A malicious package always fails.",
    },
    Key {
        path: "gate.dependencies.min-confidence",
        kind: Kind::Choice(CONFIDENCES),
        default: Default::Unset,
        example: r#""low""#,
        doc: "As gate.min-confidence, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.dependencies.new-only",
        kind: Kind::Switch,
        default: Default::Unset,
        example: "false",
        doc: "As gate.new-only, for this engine. Unset: as there.",
    },
    Key {
        path: "gate.dependencies.fail-on-exploited",
        kind: Kind::Switch,
        default: Default::Switch(true),
        example: "false",
        doc: "Fail on what CISA lists as exploited (KEV), whatever its severity.",
    },
    Key {
        path: "gate.dependencies.fail-on-epss",
        kind: Kind::Count { max: 100 },
        default: Default::Unset,
        example: "10",
        doc: "Fail on what is this likely, in percent, to be exploited within 30 days (EPSS), whatever its severity.",
    },
    Key {
        path: "gate.dependencies.require-advisories",
        kind: Kind::Switch,
        default: Default::Switch(false),
        example: "true",
        doc: "End with exit code 3 if packages could not be held against advisories: no database, or none for their ecosystem.",
    },
    Key {
        path: "gate.dependencies.max-age",
        kind: COUNT,
        default: Default::Unset,
        example: "7",
        doc: "End with exit code 3 if the advisory database is older than this many days.",
    },
    budget("gate.budget.critical", "Critical findings tolerated. Unset: what fail-on says."),
    budget("gate.budget.high", "High findings tolerated. Unset: what fail-on says."),
    budget("gate.budget.medium", "Medium findings tolerated. Unset: what fail-on says."),
    budget("gate.budget.low", "Low findings tolerated. Unset: what fail-on says."),
    budget("gate.budget.info", "Informational findings tolerated. Unset: what fail-on says."),
    Key {
        path: "output.formats",
        kind: Kind::Names,
        default: Default::List(&["terminal"]),
        example: r#"["terminal", "sarif=selvedge.sarif"]"#,
        doc: "Formats written when no --format is given; `name=file` writes to a file.",
    },
];

const fn budget(path: &'static str, doc: &'static str) -> Key {
    Key { path, kind: COUNT, default: Default::Unset, example: "10", doc }
}

/// The reference of all keys in Markdown, for the documentation.
pub fn documentation() -> String {
    let mut page = String::new();
    for table in TABLES {
        let _ = write!(page, "## `[{}]`\n\n{}\n\n", table.path, table.doc);
        page.push_str("| key | takes | default | example | |\n|---|---|---|---|---|\n");
        for key in KEYS.iter().filter(|key| key.split().0 == table.path) {
            let default = key.default_value().map_or("unset".to_owned(), |value| format!("`{value}`"));
            let (name, takes) = (key.split().1, key.kind.expected());
            let _ = writeln!(page, "| `{name}` | {takes} | {default} | `{}` | {} |", key.example, key.doc);
        }
        page.push('\n');
    }
    page.push_str(crate::exceptions::DOCUMENTATION);
    page
}

/// Names that may stand directly in the table `path` (empty for the top level): keys and tables.
pub(crate) fn children(path: &str) -> Vec<&'static str> {
    let below = |whole: &'static str| {
        let rest = if path.is_empty() { whole } else { whole.strip_prefix(path)?.strip_prefix('.')? };
        rest.split('.').next()
    };
    let mut names: Vec<_> = KEYS.iter().filter_map(|key| below(key.path)).collect();
    if path.is_empty() {
        names.push("exceptions");
    }
    names.dedup();
    names
}

// Every engine is a word of `check.engines` and has its table in the gate.
const _: () = assert!(ENGINES.len() == Engine::ALL.len());
