//! What each type prescribes: the purl type definitions, where they say something that a machine can check or
//! apply.
//!
//! A namespace that a definition demands is enforced only where nothing can be found without it; SBOMs in the
//! field leave it out for system packages, and the standard library of Go has none.

use super::{Purl, PurlError};

/// The type whose name holds slashes: owner and repository.
pub(super) const GIT: &str = "git";

/// Longest version that a browser extension has, in numbers.
const EXTENSION_NUMBERS_MAX: usize = 4;

const NO_NAMESPACE: &[&str] = &[
    "bazel",
    "bitnami",
    "cargo",
    "chrome-extension",
    "cocoapods",
    "conda",
    "cran",
    "gem",
    "hackage",
    "julia",
    "mlflow",
    "nuget",
    "oci",
    "opam",
    "otp",
    "pub",
    "pypi",
    "vcpkg",
];
const NEEDS_NAMESPACE: &[&str] =
    &["bitbucket", "composer", "github", "huggingface", "swift", "vscode-extension"];
const LOWER_NAMESPACE: &[&str] = &[
    "alpm",
    "apk",
    "bitbucket",
    "brew",
    "composer",
    "deb",
    "github",
    "githubactions",
    "hex",
    "luarocks",
    "qpkg",
    "rpm",
    "vscode-extension",
    "yocto",
];
const LOWER_NAME: &[&str] = &[
    "alpm",
    "apk",
    "bitbucket",
    "bitnami",
    "brew",
    "chrome-extension",
    "composer",
    "deb",
    "github",
    "githubactions",
    "hex",
    "luarocks",
    "oci",
    "otp",
    "pub",
    "pypi",
    "vscode-extension",
];
const LOWER_VERSION: &[&str] = &["huggingface", "oci", "pypi", "vscode-extension"];

/// Makes the URL canonical, or says what is wrong with it.
pub(super) fn apply(purl: &mut Purl) -> Result<(), PurlError> {
    let is_kind_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
    if !purl.kind.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        || !purl.kind.bytes().all(is_kind_byte)
    {
        return Err(PurlError::Kind);
    }
    purl.kind.make_ascii_lowercase();
    if purl.kind == GIT {
        split_repository(purl);
    }
    if purl.name.is_empty() {
        return Err(PurlError::NoName);
    }
    normalize(purl);
    check(purl)
}

/// `git` names a repository by host (the namespace) and path (the name), wherever the slashes were written.
fn split_repository(purl: &mut Purl) {
    let whole = format!("{}/{}", purl.namespace.as_deref().unwrap_or_default(), purl.name);
    let mut segments: Vec<&str> = whole.split('/').filter(|segment| !segment.is_empty()).collect();
    let host = if segments.len() > 1 { Some(segments.remove(0).to_owned()) } else { None };
    purl.name = segments.join("/");
    if host.as_deref().is_some_and(|host| matches!(host, "github" | "github.com")) {
        lower(&mut purl.name);
    }
    purl.namespace = host;
}

fn normalize(purl: &mut Purl) {
    let kind = purl.kind.as_str();
    if LOWER_NAMESPACE.contains(&kind) {
        purl.namespace.as_mut().map(lower);
    }
    if LOWER_NAME.contains(&kind) {
        lower(&mut purl.name);
    }
    if LOWER_VERSION.contains(&kind) {
        purl.version.as_mut().map(lower);
    }
    match kind {
        "pypi" => purl.name = purl.name.replace('_', "-"),
        "pub" => {
            purl.name = purl.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        }
        "mlflow" if purl.qualifier("repository_url").is_some_and(|url| url.contains("databricks")) => {
            lower(&mut purl.name);
        }
        _ => {}
    }
}

fn check(purl: &Purl) -> Result<(), PurlError> {
    let kind = purl.kind.as_str();
    let breaks = |rule| Err(PurlError::Rule(rule));
    if purl.namespace.is_some() && NO_NAMESPACE.contains(&kind) {
        return breaks("it has no namespace");
    }
    if purl.namespace.is_none() && NEEDS_NAMESPACE.contains(&kind) {
        return breaks("it needs a namespace");
    }
    match kind {
        "cpan" if purl.name.contains("::") => breaks("the name is that of a distribution, not of a module"),
        "julia" if purl.qualifier("uuid").is_none() => breaks("it needs the qualifier 'uuid'"),
        "chrome-extension" if !is_extension(purl) => {
            breaks("the name has 32 letters from a to p, the version up to four numbers")
        }
        _ => Ok(()),
    }
}

fn is_extension(purl: &Purl) -> bool {
    let is_version = |version: &str| {
        let mut numbers = 0;
        version.split('.').all(|number| {
            numbers += 1;
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }) && numbers <= EXTENSION_NUMBERS_MAX
    };
    purl.name.len() == 32
        && purl.name.bytes().all(|byte| matches!(byte, b'a'..=b'p'))
        && purl.version().is_none_or(is_version)
}

/// Lower case without a new text where it is so already.
fn lower(text: &mut String) {
    if text.is_ascii() {
        text.make_ascii_lowercase();
    } else {
        *text = text.to_lowercase();
    }
}
