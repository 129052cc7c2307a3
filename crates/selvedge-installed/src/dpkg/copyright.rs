//! Licences from machine-readable copyright files ("DEP-5", copyright-format 1.0 of the Debian Policy).
//!
//! Files in free text are left alone: a licence that is guessed is worse than none.

use std::io::Read;

use crate::deb822;
use crate::limit::Limit;
use crate::root::{Root, text};

/// Bytes of one copyright file that are read; the few that are longer repeat licence texts.
const COPYRIGHT_BYTES_MAX: Limit = Limit::new("COPYRIGHT_BYTES_MAX", 2 << 20);
/// Licences that are kept for one package.
const LICENSES_PER_PACKAGE_MAX: Limit = Limit::new("LICENSES_PER_PACKAGE_MAX", 200);
/// Bytes in which the `Format` field has to begin.
const HEAD_BYTES: usize = 512;

/// Whether the path below `usr/share/doc/` is the copyright file of a package.
pub(super) fn is_file_of_a_package(path: &str) -> bool {
    path.strip_suffix("/copyright").is_some_and(|package| !package.contains('/'))
}

/// The licences of a binary package: SPDX expressions where the short names have one, else as written.
pub(super) fn licenses(root: &dyn Root, package: &str) -> Vec<String> {
    if package.contains('/') || package.starts_with('.') {
        return Vec::new();
    }
    let path = format!("usr/share/doc/{package}/copyright");
    // Absent in images that leave documentation out; not having one is no mistake of the tree.
    let Ok(mut opened) = root.open(&path) else { return Vec::new() };
    let mut bytes = vec![0; HEAD_BYTES];
    let Ok(count) = opened.reader.read(&mut bytes) else { return Vec::new() };
    bytes.truncate(count);
    if !is_machine_readable(&bytes) {
        return Vec::new();
    }
    let rest = opened.reader.take(COPYRIGHT_BYTES_MAX.value).read_to_end(&mut bytes);
    if rest.is_err() {
        return Vec::new();
    }
    parse(&text(&bytes))
}

fn is_machine_readable(head: &[u8]) -> bool {
    let text = text(head);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.next().is_some_and(|line| {
        line.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("format:")) && line.contains("copyright")
    })
}

/// The licences of the header and of every `Files` paragraph, in order, each once.
pub(super) fn parse(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (index, stanza) in deb822::parse(text).0.iter().enumerate() {
        // A paragraph with neither holds the text of a licence that others name.
        if index > 0 && stanza.value("Files").is_none() {
            continue;
        }
        let Some(license) = stanza.first_line("License") else { continue };
        let license = expression(license);
        if !found.contains(&license) && !LICENSES_PER_PACKAGE_MAX.is_exceeded_by(found.len() as u64 + 1) {
            found.push(license);
        }
    }
    found
}

/// `GPL-2+ or Artistic` as SPDX: `GPL-2.0-or-later OR Artistic-1.0-Perl`; as written if any part is unknown
/// or if the grouping is not plain.
fn expression(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let operator = match (lower.contains(" or "), lower.contains(" and ") || lower.contains(',')) {
        (true, true) => return text.to_owned(),
        (true, false) => " or ",
        (false, _) => " and ",
    };
    let mut parts = Vec::new();
    let mut rest = lower.as_str();
    while let Some((part, after)) = rest.split_once(operator) {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    let known: Option<Vec<String>> = parts.into_iter().map(|part| short_name(part.trim())).collect();
    match known {
        Some(known) => known.join(&operator.to_ascii_uppercase()),
        None => text.to_owned(),
    }
}

/// The SPDX identifier of a short name in lower case.
fn short_name(name: &str) -> Option<String> {
    let (name, exception) = match name.split_once(" with ") {
        Some((name, exception)) => (name.trim(), Some(exception_name(exception.trim())?)),
        None => (name, None),
    };
    let id = family(name).or_else(|| single(name).map(str::to_owned))?;
    Some(match exception {
        Some(exception) => format!("{id} WITH {exception}"),
        None => id,
    })
}

/// Licences that come in versions, "or later" being written `+`.
fn family(name: &str) -> Option<String> {
    let (base, version) = name.rsplit_once('-')?;
    let (version, later) = match version.strip_suffix('+') {
        Some(version) => (version, true),
        None => (version, false),
    };
    let spdx = match base {
        "gpl" | "gnu-gpl" => "GPL",
        "lgpl" => "LGPL",
        "agpl" => "AGPL",
        "gfdl" | "fdl" => "GFDL",
        _ => return None,
    };
    let version = match version {
        "1" | "2" | "3" => format!("{version}.0"),
        "1.0" | "2.0" | "2.1" | "3.0" | "1.1" | "1.2" | "1.3" => version.to_owned(),
        _ => return None,
    };
    Some(format!("{spdx}-{version}-{}", if later { "or-later" } else { "only" }))
}

fn exception_name(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(" exception").unwrap_or(name);
    Some(match name {
        "openssl" => "OpenSSL-exception",
        "classpath" => "Classpath-exception-2.0",
        "autoconf" => "Autoconf-exception-2.0",
        "bison" => "Bison-exception-2.2",
        "libtool" => "Libtool-exception",
        "font" => "Font-exception-2.0",
        _ => return None,
    })
}

/// Short names of the specification and of the archive, against their SPDX identifiers.
fn single(name: &str) -> Option<&'static str> {
    Some(match name {
        "apache" | "apache-2" | "apache-2.0" => "Apache-2.0",
        "apache-1" | "apache-1.0" => "Apache-1.0",
        "apache-1.1" => "Apache-1.1",
        "artistic" | "artistic-1" | "artistic-1.0" => "Artistic-1.0-Perl",
        "artistic-2" | "artistic-2.0" => "Artistic-2.0",
        "bsd-2-clause" | "bsd-2" => "BSD-2-Clause",
        "bsd-3-clause" | "bsd-3" => "BSD-3-Clause",
        "bsd-4-clause" | "bsd-4" => "BSD-4-Clause",
        "bsl-1.0" | "bsl-1" | "boost-1.0" => "BSL-1.0",
        "cc0" | "cc0-1" | "cc0-1.0" => "CC0-1.0",
        "cc-by-3" | "cc-by-3.0" => "CC-BY-3.0",
        "cc-by-4" | "cc-by-4.0" => "CC-BY-4.0",
        "cc-by-sa-3" | "cc-by-sa-3.0" => "CC-BY-SA-3.0",
        "cc-by-sa-4" | "cc-by-sa-4.0" => "CC-BY-SA-4.0",
        "curl" => "curl",
        "expat" | "mit" => "MIT",
        "isc" => "ISC",
        "lppl-1.3c" => "LPPL-1.3c",
        "mpl-1.0" => "MPL-1.0",
        "mpl-1.1" => "MPL-1.1",
        "mpl-2" | "mpl-2.0" => "MPL-2.0",
        "ofl-1.1" | "sil-1.1" => "OFL-1.1",
        "openssl" => "OpenSSL",
        "perl" => "Artistic-1.0-Perl OR GPL-1.0-or-later",
        "psf-2" | "psf-2.0" => "PSF-2.0",
        "python-2.0" | "python" => "Python-2.0",
        "qpl-1.0" => "QPL-1.0",
        "unicode-dfs-2016" => "Unicode-DFS-2016",
        "unlicense" => "Unlicense",
        "vim" => "Vim",
        "w3c" => "W3C",
        "wtfpl-2" | "wtfpl" => "WTFPL",
        "zlib" | "zlib/libpng" => "Zlib",
        "zpl" | "zpl-2.1" => "ZPL-2.1",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_become_spdx_where_they_have_one() {
        for (written, expected) in [
            ("GPL-2+", "GPL-2.0-or-later"),
            ("LGPL-2.1", "LGPL-2.1-only"),
            ("GPL-2+ or Artistic", "GPL-2.0-or-later OR Artistic-1.0-Perl"),
            ("Expat and BSD-3-clause", "MIT AND BSD-3-Clause"),
            ("GPL-3+ with Autoconf exception", "GPL-3.0-or-later WITH Autoconf-exception-2.0"),
            ("GPL-2+ with Odd exception", "GPL-2+ with Odd exception"),
            ("custom-thing", "custom-thing"),
            ("Expat or GPL-2, and ISC", "Expat or GPL-2, and ISC"),
        ] {
            assert_eq!(expression(written), expected, "{written}");
        }
    }

    #[test]
    fn paragraphs_with_only_a_text_are_no_use_of_the_licence() {
        let text = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n\
                    Files: *\nLicense: Expat\n Permission...\n\nFiles: a/*\nLicense: Expat\n\n\
                    Files: b\nLicense: ISC\n\nLicense: GPL-2\n The text.\n";
        assert!(is_machine_readable(text.as_bytes()));
        assert_eq!(parse(text), ["MIT", "ISC"]);
        assert!(!is_machine_readable(b"This package was debianised by\n"));
    }
}
