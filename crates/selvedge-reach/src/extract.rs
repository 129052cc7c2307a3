//! From one file's path and bytes to its [`FileUses`].

use crate::collector::Collector;
use crate::config;
use crate::language::{Layout, extension};
use crate::languages::{go, java, javascript, markup, python, rust};
use crate::{FileUses, Language};

/// Largest source file that is read whole; of a larger one the first part is, and the result says so.
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Whether [`extract`] can find anything in a file of this path. Files without extension are wanted because
/// an interpreter line may stand in them.
pub fn wants(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !is_of_dependency(path)
        && (Language::of_name(name).is_some() || config::kind_of(path).is_some() || !name.contains('.'))
}

/// Whether a path lies in a folder where package managers put what they install: not code of the project.
pub(crate) fn is_of_dependency(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    folders.any(|folder| {
        matches!(
            folder,
            "node_modules"
                | "bower_components"
                | "jspm_packages"
                | "site-packages"
                | "dist-packages"
                | ".venv"
                | ".tox"
                | ".nox"
                | ".yarn"
                | ".git"
                | "__pypackages__"
                | ".eggs"
        )
    }) || extension(path) == Some("go") && path.split('/').any(|folder| folder == "vendor")
}

/// Reads what one file uses. Total: any bytes give a result, in time linear in their number.
pub fn extract(path: &str, bytes: &[u8]) -> FileUses {
    if is_of_dependency(path) {
        return FileUses::default();
    }
    let is_cut = bytes.len() > FILE_BYTES_MAX;
    let bytes = &bytes[..bytes.len().min(FILE_BYTES_MAX)];
    let name = path.rsplit('/').next().unwrap_or(path);
    let source = Language::of_name(name).or_else(|| {
        (!name.contains('.')).then(|| Some((Language::of_shebang(bytes)?, Layout::Code))).flatten()
    });
    let mut uses = if let Some((language, layout)) = source {
        source_file(name, language, layout, bytes)
    } else if let Some(kind) = config::kind_of(path) {
        // The tools that a module file names are Go packages; class names elsewhere are those of Java.
        let language = (kind == config::ConfigKind::GoMod).then_some(Language::Go);
        let mut out = Collector::new(language, bytes);
        config::scan(&mut out, kind);
        out.finish()
    } else {
        FileUses::default()
    };
    uses.is_cut |= is_cut && source.is_some();
    uses
}

fn source_file(name: &str, language: Language, layout: Layout, bytes: &[u8]) -> FileUses {
    let mut out = Collector::new(Some(language), bytes);
    let comments_nest = matches!(extension(name), Some("kt" | "kts" | "scala" | "sc" | "sbt"));
    scan(&mut out, language, layout, comments_nest);
    let mut uses = out.finish();
    if name == "setup.py" {
        // Its strings list dependencies.
        uses.mentions.clear();
    }
    uses
}

fn scan(out: &mut Collector<'_>, language: Language, layout: Layout, comments_nest: bool) {
    let end = out.bytes().len();
    match (layout, language) {
        (Layout::Scripts, _) => markup::scripts(out),
        (Layout::Lines, _) => markup::lines(out),
        (Layout::Notebook, _) => markup::notebook(out),
        (Layout::Code, Language::Python) => python::scan(out, 0, end),
        (Layout::Code, Language::JavaScript) => javascript::scan(out, 0, end),
        (Layout::Code, Language::Go) => go::scan(out, 0, end),
        (Layout::Code, Language::Rust) => rust::scan(out, 0, end),
        (Layout::Code, Language::Java) => java::scan(out, 0, end, comments_nest),
    }
}
