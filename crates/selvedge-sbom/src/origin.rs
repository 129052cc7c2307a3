//! Origins as one line of text, for formats that have no field for them.

use selvedge_package::Origin;

/// The line for an origin.
pub(crate) fn to_text(origin: &Origin) -> String {
    match origin {
        Origin::Registry => "registry".to_owned(),
        Origin::OtherRegistry(url) => format!("registry {url}"),
        Origin::Git { url, commit: None } => format!("git {url}"),
        Origin::Git { url, commit: Some(commit) } => format!("git-commit {commit} {url}"),
        Origin::Url(url) => format!("url {url}"),
        Origin::Path(path) => format!("path {path}"),
        Origin::Installed => "installed".to_owned(),
    }
}

/// The origin that such a line means.
pub(crate) fn from_text(text: &str) -> Option<Origin> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    Some(match word {
        "registry" if rest.is_empty() => Origin::Registry,
        "registry" => Origin::OtherRegistry(rest.to_owned()),
        "git" => Origin::Git { url: rest.to_owned(), commit: None },
        "git-commit" => {
            let (commit, url) = rest.split_once(' ')?;
            Origin::Git { url: url.to_owned(), commit: Some(commit.to_owned()) }
        }
        "url" => Origin::Url(rest.to_owned()),
        "path" => Origin::Path(rest.to_owned()),
        "installed" => Origin::Installed,
        _ => return None,
    })
}
