//! Files that use packages without importing them: scripts that run tools, configurations that name plugins,
//! presets, drivers and applications, and manifests that give packages another name.
//!
//! What they name is a *mention*: enough not to call a package unused, and not enough to call it used.

mod manifest;
mod words;

pub(crate) use words::words;

use crate::collector::Collector;

/// Largest file of this kind that is read; configuration is smaller.
const CONFIG_BYTES_MAX: usize = 1024 * 1024;

/// How a configuration file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConfigKind {
    /// Every word outside `#` comments.
    Words,
    /// Every word, and class names among them: XML, properties, service files.
    ClassNames,
    /// Style sheets: what they load.
    Styles,
    /// `package.json`: everything but the lists of dependencies.
    PackageJson,
    /// TOML of a Python project: everything but the lists of dependencies.
    PyProject,
    /// `Cargo.toml`: renames.
    CargoToml,
    /// `go.mod`: replacements and tools.
    GoMod,
    /// `.gitmodules`: folders of other repositories.
    GitModules,
}

/// Lockfiles and lists of dependencies: they name every package, which says nothing about use.
fn names_everything(name: &str) -> bool {
    const LISTS: &[&str] = &[
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "deno.lock",
        "composer.json",
        "Pipfile",
        "pnpm-workspace.yaml",
        "libs.versions.toml",
        "renovate.json",
        ".renovaterc.json",
        "dependabot.yml",
        "CITATION.cff",
        "pylock.toml",
        "environment.yml",
        "environment.yaml",
        "conda.yml",
        "lerna-debug.log",
        "verification-metadata.xml",
        "bun.lock",
        "meta.yaml",
        "mkdocs_nav.yml",
        ".license-checker.json",
    ];
    LISTS.contains(&name) || crate::language::extension(name) == Some("lock") || name.ends_with("-lock.yaml")
}

/// How the file at `path` is read as a configuration, if it is one.
pub(crate) fn kind_of(path: &str) -> Option<ConfigKind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "package.json" => return Some(ConfigKind::PackageJson),
        "pyproject.toml" => return Some(ConfigKind::PyProject),
        "Cargo.toml" => return Some(ConfigKind::CargoToml),
        "go.mod" => return Some(ConfigKind::GoMod),
        ".gitmodules" => return Some(ConfigKind::GitModules),
        _ if names_everything(name) => return None,
        _ => {}
    }
    if path.contains("META-INF/services/") {
        return Some(ConfigKind::ClassNames);
    }
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return is_script_name(name).then_some(ConfigKind::Words);
    };
    match extension {
        "css" | "scss" | "sass" | "less" | "styl" | "pcss" | "postcss" => Some(ConfigKind::Styles),
        "xml" | "properties" | "factories" | "imports" | "conf" | "hocon" => Some(ConfigKind::ClassNames),
        "yml" | "yaml" | "toml" | "ini" | "cfg" | "sh" | "bash" | "zsh" | "fish" | "bat" | "cmd" | "ps1"
        | "service" | "mk" | "mak" | "just" | "env" | "tf" | "hcl" | "nix" | "tpl" | "j2" | "jinja"
        | "mako" | "dockerfile" | "Dockerfile" | "containerfile" | "plist" => Some(ConfigKind::Words),
        "json" | "json5" | "jsonc" => is_json_config(path, stem).then_some(ConfigKind::Words),
        _ if is_script_name(stem) || stem.is_empty() && extension.ends_with("rc") => Some(ConfigKind::Words),
        _ => is_dotfile(name).then_some(ConfigKind::Words),
    }
}

/// Files without extension that run or configure programs.
fn is_script_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "Makefile",
        "makefile",
        "GNUmakefile",
        "Dockerfile",
        "Containerfile",
        "Procfile",
        "Justfile",
        "justfile",
        "Jenkinsfile",
        "Vagrantfile",
        "Tiltfile",
        "Earthfile",
        "Rakefile",
        "Taskfile",
        "BUILD",
        "WORKSPACE",
        "Brewfile",
        "Caddyfile",
        "setup",
        "entrypoint",
        "run",
        "start",
        "SConstruct",
        "wscript",
        "uwsgi",
        "supervisord",
    ];
    NAMES.contains(&name) || is_dotfile(name)
}

fn is_dotfile(name: &str) -> bool {
    name.starts_with('.')
        && (name.ends_with("rc")
            || matches!(name, ".env" | ".flaskenv" | ".coveragerc" | ".browserslistrc" | ".envrc"))
}

/// JSON is data more often than configuration; these are known to name packages.
fn is_json_config(path: &str, stem: &str) -> bool {
    const STEMS: &[&str] = &[
        "angular",
        "nx",
        "project",
        "app",
        "lerna",
        "babel",
        "turbo",
        "vercel",
        "now",
        "firebase",
        "nest-cli",
        "nodemon",
        "jest",
        "karma",
        "ormconfig",
        "rush",
        "biome",
        "components",
        "manifest",
        "config",
        "typedoc",
        "tslint",
        "jsconfig",
        "deno",
        "import_map",
        "importmap",
        "metro",
        "expo",
        "ng-package",
        "devcontainer",
        "tasks",
        "launch",
        "bower",
        "ecosystem",
        "web-test-runner",
        "stylelint",
        "eslint",
        "postcss",
        "prettier",
        "capacitor",
        "ionic",
        "pm2",
    ];
    let first = stem.split('.').next().unwrap_or(stem);
    stem.starts_with('.')
        || STEMS.contains(&first)
        || stem.starts_with("tsconfig")
        || stem.ends_with("config")
        || stem.ends_with("rc")
        || path.starts_with(".vscode/")
}

/// Reads a configuration file into `out`.
pub(crate) fn scan(out: &mut Collector<'_>, kind: ConfigKind) {
    let bytes = out.bytes();
    if bytes.len() > CONFIG_BYTES_MAX {
        if kind == ConfigKind::Styles {
            crate::languages::markup::loaded_paths(out, 0, bytes.len());
        }
        return;
    }
    match kind {
        ConfigKind::Words => words::mention_all(out),
        ConfigKind::ClassNames => words::mention_classes(out),
        ConfigKind::Styles => crate::languages::markup::loaded_paths(out, 0, bytes.len()),
        ConfigKind::PackageJson => manifest::package_json(out),
        ConfigKind::PyProject => manifest::pyproject(out),
        ConfigKind::CargoToml => manifest::cargo_toml(out),
        ConfigKind::GoMod => manifest::go_mod(out),
        ConfigKind::GitModules => manifest::git_modules(out),
    }
}
