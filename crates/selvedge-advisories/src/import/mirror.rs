//! A mirror in the layout of osv-vulnerabilities: `<ecosystem>/all.zip`, `<ecosystem>/modified_id.csv`,
//! `<ecosystem>/<id>.json`, `ecosystems.txt`.
//!
//! The only place that opens a connection, and only to the address that the user gave (and where that
//! redirects to), with GET.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

/// Largest archive that is fetched.
const ARCHIVE_BYTES_MAX: u64 = 8 << 30;

/// Largest record or list that is fetched.
const TEXT_BYTES_MAX: u64 = 256 << 20;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long one answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(30);

/// Up to this many changed records are fetched one by one; beyond it the archive is cheaper.
const SINGLE_RECORDS_MAX: usize = 300;

/// Why a mirror cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// No answer, or one that is an error.
    #[error("GET {url}")]
    Get {
        /// The address.
        url: String,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// The answer breaks off or cannot be kept.
    #[error("GET {url}: the answer cannot be read")]
    Body {
        /// The address.
        url: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A mirror.
pub(crate) struct Mirror {
    agent: ureq::Agent,
    base: String,
}

/// What a mirror lists for an ecosystem.
pub(crate) struct ModifiedList {
    /// When each record was changed, in seconds since 1970.
    pub(crate) ids: BTreeMap<String, i64>,
    /// BLAKE3 of the list.
    pub(crate) digest: String,
}

impl ModifiedList {
    fn parse(text: &str) -> Self {
        let mut ids = BTreeMap::new();
        for line in text.lines() {
            if let Some((time, id)) = line.split_once(',')
                && let Ok(time) = time.trim().parse::<jiff::Timestamp>()
                && is_id(id.trim())
            {
                ids.insert(id.trim().to_owned(), time.as_second());
            }
        }
        Self { ids, digest: blake3::hash(text.as_bytes()).to_hex().to_string() }
    }

    /// Ids that are new or have been changed since.
    pub(crate) fn changed(&self, old: &BTreeMap<String, i64>) -> Vec<&str> {
        let is_changed = |id: &str, time: i64| old.get(id).is_none_or(|known| *known < time);
        self.ids.iter().filter(|(id, time)| is_changed(id, **time)).map(|(id, _)| id.as_str()).collect()
    }
}

/// An id becomes part of an address: nothing but what ids consist of may be in it.
fn is_id(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+".contains(&byte);
    !id.is_empty() && id.len() <= 256 && id.bytes().all(is_plain) && !id.contains("..")
}

impl Mirror {
    /// A mirror at an address.
    pub(crate) fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(ANSWER_TIMEOUT))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .user_agent(concat!("selvedge/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into(), base: base.to_owned() }
    }

    /// Ecosystems that the mirror has; releases of distributions are part of theirs.
    pub(crate) fn ecosystems(&self) -> Result<Vec<String>, MirrorError> {
        let text = self.text("ecosystems.txt")?;
        let names = text.lines().map(str::trim).filter(|name| !name.is_empty() && !name.contains(':'));
        Ok(names.filter(|name| *name != "[EMPTY]").map(str::to_owned).collect())
    }

    /// The list of records with their times.
    pub(crate) fn modified(&self, ecosystem: &str) -> Result<ModifiedList, MirrorError> {
        Ok(ModifiedList::parse(&self.text(&format!("{}/modified_id.csv", encode(ecosystem)))?))
    }

    /// Whether few enough records changed to fetch them one by one.
    pub(crate) fn is_worth_single_records(changed: usize, all: usize) -> bool {
        changed <= SINGLE_RECORDS_MAX && changed * 4 <= all
    }

    /// One record.
    pub(crate) fn record(&self, ecosystem: &str, id: &str) -> Result<Vec<u8>, MirrorError> {
        Ok(self.text(&format!("{}/{}.json", encode(ecosystem), encode(id)))?.into_bytes())
    }

    /// The archive of an ecosystem, in a temporary file.
    pub(crate) fn archive(&self, ecosystem: &str) -> Result<tempfile::NamedTempFile, MirrorError> {
        let path = format!("{}/all.zip", encode(ecosystem));
        let url = format!("{}/{path}", self.base);
        let keep = |source| MirrorError::Body { url: url.clone(), source };
        let mut file = tempfile::Builder::new().suffix(".zip").tempfile().map_err(keep)?;
        let mut body = self.get(&path, ARCHIVE_BYTES_MAX)?;
        io::copy(&mut body, &mut file).map_err(keep)?;
        file.flush().map_err(keep)?;
        Ok(file)
    }

    fn text(&self, path: &str) -> Result<String, MirrorError> {
        let mut text = String::new();
        let url = format!("{}/{path}", self.base);
        self.get(path, TEXT_BYTES_MAX)?
            .read_to_string(&mut text)
            .map_err(|source| MirrorError::Body { url, source })?;
        Ok(text)
    }

    fn get(&self, path: &str, bytes_max: u64) -> Result<impl Read, MirrorError> {
        let url = format!("{}/{path}", self.base);
        let answer = self.agent.get(&url).call();
        let answer = answer.map_err(|source| MirrorError::Get { url, source: Box::new(source) })?;
        Ok(answer.into_body().into_with_config().limit(bytes_max).reader())
    }
}

/// Percent-encodes a path segment: ecosystem names have spaces.
fn encode(segment: &str) -> String {
    let mut out = String::new();
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:+".contains(&byte) {
            out.push(byte as char);
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}
