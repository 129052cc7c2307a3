//! `selvedge init`: a commented `selvedge.toml` from what is there, a fingerprint key, a hook, CI snippets.

use std::path::Path;

use anyhow::Context;
use selvedge_gate::codeowners::CODEOWNERS_PATHS;
use selvedge_gate::config::{self, Facts};

use crate::cli::{CiSystem, InitArgs};
use crate::terminal::Terminal;
use crate::{Exit, files, output};

const HOOK: &str = include_str!("../snippets/pre-commit");
const GITHUB: &str = include_str!("../snippets/github.yml");
const GITLAB: &str = include_str!("../../../../ci/gitlab-template.yml");
const PRE_COMMIT: &str = include_str!("../snippets/pre-commit-config.yaml");

/// Where the fingerprint key lies, relative to the root of the project.
pub(crate) const KEY_FILE: &str = ".selvedge/fingerprint.key";

/// Files that tell which languages and package managers a project uses, and what to call them.
const MARKERS: &[(&str, &str)] = &[
    ("Cargo.toml", "Rust"),
    ("package.json", "JavaScript"),
    ("pyproject.toml", "Python"),
    ("requirements.txt", "Python"),
    ("go.mod", "Go"),
    ("pom.xml", "Java"),
    ("build.gradle", "Java"),
    ("Gemfile", "Ruby"),
    ("composer.json", "PHP"),
    ("Dockerfile", "Docker"),
];

/// Lock files, told to the reader of the draft.
const LOCKFILES: &[&str] = &[
    "Cargo.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "go.sum",
    "Gemfile.lock",
    "composer.lock",
];

/// Folders that usually hold the work of others.
const FOREIGN_FOLDERS: &[&str] = &["vendor/", "third_party/", "node_modules/"];

/// Runs the command.
pub(crate) fn run(arguments: &InitArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let root = &arguments.path;
    if !root.is_dir() {
        anyhow::bail!("{} is not a folder", root.display());
    }
    if let Some(system) = arguments.ci {
        return print_snippet(system);
    }
    let facts = facts(root);
    write_new(&root.join("selvedge.toml"), config::draft(&facts).as_bytes(), arguments.force, terminal)?;
    if !root.join(KEY_FILE).exists() {
        std::fs::create_dir_all(root.join(".selvedge")).context("cannot create .selvedge")?;
        write_new(&root.join(KEY_FILE), new_key()?.as_bytes(), false, terminal)?;
    }
    if arguments.hook {
        install_hook(root, arguments.force, terminal)?;
    }
    terminal.note("next: `selvedge check`, and `selvedge check --write-baseline` if there are old findings to live with");
    Ok(Exit::Pass)
}

fn print_snippet(system: CiSystem) -> anyhow::Result<Exit> {
    output::print(match system {
        CiSystem::Github => GITHUB,
        CiSystem::Gitlab => GITLAB,
        CiSystem::PreCommit => PRE_COMMIT,
    })?;
    Ok(Exit::Pass)
}

fn facts(root: &Path) -> Facts {
    let present = |path: &&str| root.join(path).exists();
    let owned = |path: &str| path.to_owned();
    let mut languages: Vec<String> = Vec::new();
    for (file, language) in MARKERS {
        if present(file) && !languages.iter().any(|known| known == language) {
            languages.push(owned(language));
        }
    }
    let ci = [(".github/workflows", config::CiSystem::GitHub), (".gitlab-ci.yml", config::CiSystem::GitLab)];
    Facts {
        languages,
        lockfiles: LOCKFILES.iter().filter(|path| present(path)).map(|path| owned(path)).collect(),
        foreign_folders: FOREIGN_FOLDERS
            .iter()
            .filter(|path| present(path))
            .map(|path| owned(path))
            .collect(),
        gitleaks_config: Some(".gitleaks.toml").filter(present).map(owned),
        gitleaks_ignore: Some(".gitleaksignore").filter(present).map(owned),
        codeowners: CODEOWNERS_PATHS.iter().find(|path| present(path)).map(|path| owned(path)),
        ci: ci.into_iter().find(|(path, _)| present(path)).map(|(_, system)| system),
    }
}

/// 32 random bytes in hexadecimal. The key is no password: it only keeps reports that leave the repository
/// from being used to confirm guesses, so it is committed with the repository.
fn new_key() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("no random bytes from the system: {error}"))?;
    Ok(files::hex(&bytes) + "\n")
}

fn write_new(path: &Path, content: &[u8], force: bool, terminal: &Terminal) -> anyhow::Result<()> {
    if path.exists() && !force {
        terminal.note(&format!("{} exists and was left alone (--force replaces it)", path.display()));
        return Ok(());
    }
    output::replace(path, content).with_context(|| format!("cannot write {}", path.display()))?;
    terminal.note(&format!("wrote {}", path.display()));
    Ok(())
}

fn install_hook(root: &Path, force: bool, terminal: &Terminal) -> anyhow::Result<()> {
    let project = files::project_root(&root.canonicalize().context("cannot resolve the folder")?);
    let hooks = selvedge_source::hooks_dir(&project)
        .with_context(|| format!("{} is in no git repository", root.display()))?;
    std::fs::create_dir_all(&hooks).with_context(|| format!("cannot create {}", hooks.display()))?;
    let path = hooks.join("pre-commit");
    if path.exists() && !force {
        anyhow::bail!(
            "{} exists: add the line `selvedge check --staged` to it, or replace it with --force",
            path.display()
        );
    }
    write_new(&path, HOOK.as_bytes(), true, terminal)?;
    make_executable(&path)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, permissions)
        .with_context(|| format!("cannot make {} executable", path.display()))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> anyhow::Result<()> {
    Ok(())
}
