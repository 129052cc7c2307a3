//! `Cartfile.resolved`: what Carthage resolved, one statement a line.

use selvedge_package::{Component, Ecosystem, Origin};

use super::repository_name;
use crate::draft::Draft;
use crate::syntax::lines::lines;
use crate::{Files, Format, PackageFile, Parsed};

/// `Cartfile.resolved`.
pub(super) const FORMAT: Format = Format {
    id: "cartfile-resolved",
    matches: |path| path == "Cartfile.resolved" || path.ends_with("/Cartfile.resolved"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    for line in lines(&mut draft).into_iter().filter(|line| !line.trimmed().is_empty()) {
        let parts: Vec<&str> = line.trimmed().split('"').collect();
        let [kind, source, _, version, ..] = parts[..] else {
            draft.problem(line.number, "expected `github|git|binary \"<source>\" \"<version>\"`");
            continue;
        };
        let is_commit = version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
        let git = |url: String| Origin::Git { url, commit: is_commit.then(|| version.to_owned()) };
        let (name, origin) = match kind.trim() {
            // A whole address means an own server.
            "github" if source.contains("://") => (repository_name(source), git(source.to_owned())),
            "github" => (format!("github.com/{source}"), git(format!("https://github.com/{source}"))),
            "git" => (repository_name(source), git(source.to_owned())),
            "binary" => (source.to_owned(), Origin::Url(source.to_owned())),
            other => {
                draft.problem(line.number, format!("unknown source `{other}`"));
                continue;
            }
        };
        draft.push(Component {
            ecosystem: Ecosystem::SwiftUrl,
            name,
            version: (!is_commit).then(|| version.to_owned()),
            origin,
            span: draft.span(line.range()),
            ..Component::default()
        });
    }
    draft.finish()
}
