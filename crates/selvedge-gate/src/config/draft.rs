//! The `selvedge.toml` that `selvedge init` writes: everything commented out at its default, except what was
//! found in the repository.

use std::fmt::Write as _;

use super::Value;
use super::keys::{KEYS, TABLES};
use crate::PathGlob;

/// The CI system that the repository uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CiSystem {
    /// `.github/workflows`
    GitHub,
    /// `.gitlab-ci.yml`
    GitLab,
}

/// What was found in the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Languages, as the user would call them: `Rust`, `Python`.
    pub languages: Vec<String>,
    /// Lock files, relative to the root.
    pub lockfiles: Vec<String>,
    /// Folders that hold the work of others or of tools, relative to the root and ending in `/`:
    /// `vendor/`, `third_party/`. They go into `check.exclude`.
    pub foreign_folders: Vec<String>,
    /// Path of the Gitleaks configuration.
    pub gitleaks_config: Option<String>,
    /// Path of the list of ignored Gitleaks findings.
    pub gitleaks_ignore: Option<String>,
    /// The CI system.
    pub ci: Option<CiSystem>,
    /// Path of the CODEOWNERS file.
    pub codeowners: Option<String>,
}

/// The draft. It reads back to the defaults and what was found.
pub fn draft(facts: &Facts) -> String {
    let mut page = String::from(
        "# Configuration of selvedge. Every key is shown; those with a `#` before them are at their default.\n\
         # `selvedge config show` prints what holds and where it comes from.\n",
    );
    for line in found(facts) {
        let _ = writeln!(page, "# {line}");
    }
    for table in TABLES {
        let _ = write!(page, "\n# {}\n[{}]\n", table.doc, table.path);
        for key in KEYS.iter().filter(|key| key.split().0 == table.path) {
            let _ = writeln!(page, "# {}", key.doc);
            let name = key.split().1;
            match (setting(key.path, facts), key.default_value()) {
                (Some(set), _) => {
                    let _ = writeln!(page, "{name} = {set}");
                }
                (None, Some(default)) => {
                    let _ = writeln!(page, "#{name} = {default}");
                }
                (None, None) => {
                    let _ = writeln!(page, "#{name} = {}", key.example);
                }
            }
        }
    }
    page.push_str(
        "\n# Accepted findings, here or in .selvedge/exceptions.toml: one table each, with at least one of rule,\n\
         # path and fingerprint, and with an owner, a reason and the last day on which it holds.\n\
         #[[exceptions]]\n\
         #rule = \"private-key\"\n\
         #path = \"tests/keys/\"\n\
         #owner = \"@security\"\n\
         #reason = \"Keys made for the tests; nothing trusts them.\"\n\
         #expires = 2027-12-31\n",
    );
    page
}

/// What was found, one sentence each.
fn found(facts: &Facts) -> Vec<String> {
    let mut lines = Vec::new();
    let mut say = |what: &str, items: &[String]| {
        if !items.is_empty() {
            lines.push(format!(
                "{what}: {}.",
                items.iter().map(|item| on_one_line(item)).collect::<Vec<_>>().join(", ")
            ));
        }
    };
    say("Languages found", &facts.languages);
    say("Lock files found", &facts.lockfiles);
    say("Owners are read from", facts.codeowners.as_slice());
    say("Gitleaks rules and allowlists are read from", facts.gitleaks_config.as_slice());
    say("Findings ignored for Gitleaks stay ignored by", facts.gitleaks_ignore.as_slice());
    if let Some(ci) = facts.ci {
        let (name, flag) = match ci {
            CiSystem::GitHub => ("GitHub", "sarif=selvedge.sarif"),
            CiSystem::GitLab => ("GitLab", "gitlab-secret-detection=gl-secret-detection-report.json"),
        };
        lines.push(format!("CI found: {name}. There, add `--format {flag} --policy-from origin/main`."));
    }
    lines
}

/// What the facts set, as TOML.
fn setting(path: &str, facts: &Facts) -> Option<String> {
    match path {
        "check.exclude" => {
            let patterns = facts.foreign_folders.iter().map(|folder| literal(folder));
            let sound: Vec<_> = patterns.filter(|pattern| PathGlob::parse(pattern).is_ok()).collect();
            (!sound.is_empty()).then(|| Value::List(sound).to_string())
        }
        "secrets.gitleaks-config" if facts.gitleaks_config.is_some() => Some("true".to_owned()),
        _ => None,
    }
}

/// A pattern that matches exactly this folder at the root, whatever characters are in its name.
fn literal(folder: &str) -> String {
    let mut pattern = String::from("/");
    for c in folder.trim_start_matches('/').chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// A name of the repository inside a comment must not end the comment.
fn on_one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
