//! The secrets engine as the pass sees it.

use selvedge_model::{Engine, Fingerprint, FingerprintKey};
use selvedge_secrets::{Hit, Origin, Scanner};

use crate::engine::{FileEngine, FileView, Sink};

/// A scanner and the key of its fingerprints.
#[derive(Debug)]
pub struct SecretsEngine {
    scanner: Scanner,
    key: FingerprintKey,
    digest: [u8; 32],
}

impl SecretsEngine {
    /// An engine around `scanner`; `options_digest` changes with whatever else its results depend on.
    pub fn new(scanner: Scanner, key: FingerprintKey, options_digest: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&scanner.rules().digest()).update(&key.id()).update(options_digest);
        Self { scanner, key, digest: *hasher.finalize().as_bytes() }
    }

    /// The scanner.
    pub fn scanner(&self) -> &Scanner {
        &self.scanner
    }

    /// The fingerprint of the value of a hit.
    pub(crate) fn fingerprint(&self, hit: &Hit) -> Fingerprint {
        self.key.fingerprint(&[b"secret", hit.secret.expose()])
    }

    /// The key of its fingerprints.
    pub fn key(&self) -> &FingerprintKey {
        &self.key
    }
}

impl FileEngine for SecretsEngine {
    fn engine(&self) -> Engine {
        Engine::Secrets
    }

    fn digest(&self) -> [u8; 32] {
        self.digest
    }

    fn wants(&self, path: &str) -> bool {
        !self.scanner.skips_path(path)
    }

    fn inspect(&self, file: &FileView<'_>, sink: &mut Sink) {
        let origin = Origin { path: Some(file.path()), commit: file.commit() };
        let hits = self.scanner.scan_from(origin, file.bytes(), &mut sink.diagnostics);
        if !hits.is_empty() {
            let findings = self.scanner.findings(file.path(), file.bytes(), file.lines(), &hits, &self.key);
            sink.findings.extend(findings);
            sink.secrets.extend(Scanner::redactions(&hits));
        }
    }
}
