//! Package files of JavaScript: lockfiles of npm, Yarn, pnpm and Bun, with the `package.json` files of their
//! workspaces, and `package.json` alone.
//!
//! Nothing below `node_modules` is read here: what is installed there is known by the lockfile.

use crate::Format;

mod bun;
mod importers;
mod lockmap;
mod manifest;
mod npm;
mod pnpm;
mod source;
mod yarn;
mod yarn_berry;
mod yarn_classic;

/// The formats of this folder. Of two npm lockfiles side by side the shrinkwrap counts, as npm does it; it
/// comes first and takes the other one in.
pub(crate) const FORMATS: &[Format] = &[
    Format {
        id: "npm-shrinkwrap",
        matches: |path| is_named(path, "npm-shrinkwrap.json"),
        parse: npm::parse_shrinkwrap,
    },
    Format {
        id: "package-lock",
        matches: |path| is_named(path, "package-lock.json"),
        parse: npm::parse_package_lock,
    },
    Format { id: "yarn-lock", matches: |path| is_named(path, "yarn.lock"), parse: yarn::parse },
    Format { id: "pnpm-lock", matches: |path| is_named(path, "pnpm-lock.yaml"), parse: pnpm::parse },
    Format { id: "bun-lock", matches: |path| is_named(path, "bun.lock"), parse: bun::parse },
    Format { id: "bun-lockb", matches: |path| is_named(path, "bun.lockb"), parse: bun::parse_binary },
    Format { id: "package-json", matches: |path| is_named(path, "package.json"), parse: manifest::parse },
];

/// Whether the file at `path` has this name and is no part of an installed package.
fn is_named(path: &str, name: &str) -> bool {
    let Some(folder) = path.strip_suffix(name) else { return false };
    (folder.is_empty() || folder.ends_with('/'))
        && !folder.starts_with("node_modules/")
        && !folder.contains("/node_modules/")
}
