//! Grafana service account tokens: `glsa_`, 32 characters, `_`, CRC32 in eight hexadecimal digits.
//!
//! Source: Grafana's own generator, `pkg/components/satokengen` in grafana/grafana: the checksum covers
//! everything before the last underscore and is written least significant byte first.

use selvedge_model::Proof;

use super::text::{is_filler, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// Service account tokens.
pub(super) struct GrafanaServiceAccount;

const PREFIX: &str = "glsa_";
const BODY: usize = 32;

impl Prove for GrafanaServiceAccount {
    fn name(&self) -> &'static str {
        "grafana"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let token = trimmed(secret);
        if !token.starts_with(PREFIX.as_bytes()) || token.len() != PREFIX.len() + BODY + 9 {
            return Verdict::Unknown;
        }
        let (covered, tail) = token.split_at(PREFIX.len() + BODY);
        if is_filler(&covered[PREFIX.len()..]) {
            return Verdict::Refuted("the random part is filler");
        }
        if tail != format!("_{}", checksum(covered)).as_bytes() {
            return Verdict::Refuted("the checksum in the last eight digits is wrong");
        }
        Verdict::Proved(Evidence::new(Proof::Checksum).fact("service account token"))
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let covered = format!("{PREFIX}{}", Random::new(seed).text(Alphabet::Alnum, BODY));
        PREFIX.starts_with(prefix).then(|| format!("{covered}_{}", checksum(covered.as_bytes())))
    }
}

fn checksum(covered: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(covered).swap_bytes())
}
