//! Package URLs (ECMA-427, "purl"): `pkg:type/namespace/name@version?qualifiers#subpath`.
//!
//! [`Purl`] is always canonical: what a type prescribes about letter case and spelling is applied when it is
//! read or built, so that equal packages have equal texts. Start reading at [`Purl::parse`]; the rules of each
//! type are in `rules`, the way from and to a [`crate::Component`] is in `component`.

use std::fmt;

mod component;
mod distribution;
mod encoding;
mod rules;

/// Longest package URL that is read. Qualifiers carry whole addresses, hence the room.
pub const PURL_BYTES_MAX: usize = 16 * 1024;

/// A canonical package URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    kind: String,
    namespace: Option<String>,
    name: String,
    version: Option<String>,
    qualifiers: Vec<(String, String)>,
    subpath: Option<String>,
}

/// The parts a package URL is built from, decoded. Empty ones count as absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PurlParts<'a> {
    /// Type: `npm`.
    pub kind: &'a str,
    /// Segments separated by `/`.
    pub namespace: &'a str,
    /// Name.
    pub name: &'a str,
    /// Version.
    pub version: &'a str,
    /// Keys and values in any order.
    pub qualifiers: &'a [(&'a str, &'a str)],
    /// Segments separated by `/`, relative to the root of the package.
    pub subpath: &'a str,
}

/// Why a text or a set of parts is no package URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PurlError {
    /// It is longer than [`PURL_BYTES_MAX`].
    TooLong,
    /// It does not begin with `pkg:`.
    Scheme,
    /// The type is missing or has other characters than letters, digits, `.`, `-` and `+`.
    Kind,
    /// The name is missing.
    NoName,
    /// A percent sign without two hexadecimal digits, or bytes that are not UTF-8.
    Encoding,
    /// A qualifier's key is empty, begins with a digit or has other characters than letters, digits, `.`, `-`
    /// and `_`.
    QualifierKey(String),
    /// A qualifier occurs twice.
    DuplicateQualifier(String),
    /// What the type demands or forbids, in words.
    Rule(&'static str),
}

impl fmt::Display for PurlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "package URL longer than {PURL_BYTES_MAX} bytes"),
            Self::Scheme => f.write_str("package URL without 'pkg:'"),
            Self::Kind => f.write_str("package URL without a valid type"),
            Self::NoName => f.write_str("package URL without a name"),
            Self::Encoding => f.write_str("package URL with a broken percent-encoding"),
            Self::QualifierKey(key) => write!(f, "package URL with the invalid qualifier '{key}'"),
            Self::DuplicateQualifier(key) => write!(f, "package URL with qualifier '{key}' twice"),
            Self::Rule(rule) => write!(f, "package URL that breaks a rule of its type: {rule}"),
        }
    }
}

impl std::error::Error for PurlError {}

impl Purl {
    /// Reads a package URL leniently, as ECMA-427 section "How to parse" recommends: letter case of type and
    /// keys, slashes around segments and superfluous encoding do not matter.
    pub fn parse(text: &str) -> Result<Self, PurlError> {
        if text.len() > PURL_BYTES_MAX {
            return Err(PurlError::TooLong);
        }
        let rest = match text.split_once(':') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("pkg") => rest,
            _ => return Err(PurlError::Scheme),
        };
        let (rest, subpath) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, rest) = rest.trim_start_matches('/').split_once('/').ok_or(PurlError::NoName)?;
        let (path, version) = split_version(rest.trim_matches('/'));
        let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut purl = Self {
            kind: kind.to_owned(),
            namespace: encoding::decode_segments(namespace, |_| true)?,
            name: encoding::decode(name)?.into_owned(),
            version: Some(encoding::decode(version)?.into_owned()).filter(|version| !version.is_empty()),
            qualifiers: parse_qualifiers(query)?,
            subpath: encoding::decode_segments(subpath, is_real_segment)?,
        };
        rules::apply(&mut purl)?;
        Ok(purl)
    }

    /// Builds a package URL from its parts.
    pub fn from_parts(parts: &PurlParts<'_>) -> Result<Self, PurlError> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let segments = |text: &str, keep: fn(&str) -> bool| {
            let kept: Vec<_> = text.split('/').filter(|part| !part.is_empty() && keep(part)).collect();
            some(&kept.join("/"))
        };
        let mut qualifiers = Vec::with_capacity(parts.qualifiers.len());
        for (key, value) in parts.qualifiers {
            push_qualifier(&mut qualifiers, key, (*value).to_owned())?;
        }
        let mut purl = Self {
            kind: parts.kind.to_owned(),
            namespace: segments(parts.namespace, |_| true),
            name: parts.name.trim_matches('/').to_owned(),
            version: some(parts.version),
            qualifiers,
            subpath: segments(parts.subpath, is_real_segment),
        };
        rules::apply(&mut purl)?;
        Ok(purl)
    }

    /// The type, in lower case.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace, decoded, segments separated by `/`.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name, decoded.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, decoded.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Qualifiers, decoded and sorted by key.
    pub fn qualifiers(&self) -> &[(String, String)] {
        &self.qualifiers
    }

    /// The value of one qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// The path below the root of the package, decoded.
    pub fn subpath(&self) -> Option<&str> {
        self.subpath.as_deref()
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        if let Some(namespace) = &self.namespace {
            encoding::write(f, namespace, true)?;
            f.write_str("/")?;
        }
        encoding::write(f, &self.name, self.kind == rules::GIT)?;
        if let Some(version) = &self.version {
            f.write_str("@")?;
            encoding::write(f, version, false)?;
        }
        for (index, (key, value)) in self.qualifiers.iter().enumerate() {
            write!(f, "{}{key}=", if index == 0 { '?' } else { '&' })?;
            encoding::write(f, value, false)?;
        }
        if let Some(subpath) = &self.subpath {
            f.write_str("#")?;
            encoding::write(f, subpath, true)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Purl {
    type Err = PurlError;

    fn from_str(text: &str) -> Result<Self, PurlError> {
        Self::parse(text)
    }
}

/// Splits at the last `@`, unless that one begins a segment with more behind it: the scope of npm, unencoded.
fn split_version(text: &str) -> (&str, &str) {
    let Some(at) = text.rfind('@') else { return (text, "") };
    let (path, version) = (&text[..at], &text[at + 1..]);
    let begins_segment = path.is_empty() || path.ends_with('/');
    if begins_segment && version.contains('/') { (text, "") } else { (path, version) }
}

/// Segments of a subpath that lead somewhere and stay inside.
fn is_real_segment(segment: &str) -> bool {
    segment != "." && segment != ".."
}

fn parse_qualifiers(query: &str) -> Result<Vec<(String, String)>, PurlError> {
    let mut qualifiers = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        push_qualifier(&mut qualifiers, key, encoding::decode(value)?.into_owned())?;
    }
    Ok(qualifiers)
}

/// Keeps the list sorted; a qualifier without value is none.
fn push_qualifier(list: &mut Vec<(String, String)>, key: &str, value: String) -> Result<(), PurlError> {
    let is_key_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if key.is_empty() || key.as_bytes()[0].is_ascii_digit() || !key.bytes().all(is_key_byte) {
        return Err(PurlError::QualifierKey(key.to_owned()));
    }
    if value.is_empty() {
        return Ok(());
    }
    let key = key.to_ascii_lowercase();
    match list.binary_search_by(|(known, _)| known.as_str().cmp(&key)) {
        Ok(_) => Err(PurlError::DuplicateQualifier(key)),
        Err(place) => {
            list.insert(place, (key, value));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
