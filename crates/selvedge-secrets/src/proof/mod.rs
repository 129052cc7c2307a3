//! Offline proofs: what a token says about itself without asking its issuer.
//!
//! Many formats carry a checksum, an encoded account or a key structure. A proof reads it and answers
//! *proved*, *refuted* (it looks like a token and cannot be one) or *unknown*. Proofs are pure, bounded and
//! total: any bytes may be given, nothing is sent anywhere, nothing is printed. A checksum is claimed only
//! where its algorithm is public; otherwise the proof says `structure`.
//! Start at [`by_name`]; each format family has its own file, and [`all`] is the registry.

mod alphabet;
mod checksum;
mod random;
mod shape;
mod text;
mod token;

#[cfg(test)]
mod tests;

pub use alphabet::Alphabet;
pub use random::Random;

/// What a proof learned from a value it accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The kind of proof.
    pub proof: selvedge_model::Proof,
    /// Short plain sentences that hold no part of the secret: account, algorithm, expiry, test mode.
    pub facts: Vec<String>,
    /// Whether the value is meant to be public (a publishable key, a public key, a certificate).
    pub public_half: bool,
}

impl Evidence {
    /// Evidence without facts.
    pub fn new(proof: selvedge_model::Proof) -> Self {
        Self { proof, facts: Vec::new(), public_half: false }
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, fact: impl Into<String>) -> Self {
        self.facts.push(fact.into());
        self
    }

    /// Marks the value as meant to be public.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.public_half = true;
        self
    }
}

/// The answer of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The value is what it looks like.
    Proved(Evidence),
    /// The value cannot be what it looks like; the text says why.
    Refuted(&'static str),
    /// Nothing can be said offline.
    Unknown,
}

/// One offline proof.
pub trait Prove: Sync {
    /// The name that rules use.
    fn name(&self) -> &'static str;

    /// Judges `secret`; `context` is the text around it on the same lines.
    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict;

    /// Makes an example that passes, with `prefix` where the format has several.
    fn generate(&self, seed: u64, prefix: &str) -> Option<String>;
}

/// The most bytes of a value that a proof looks at.
pub const SECRET_BYTES_MAX: usize = 64 * 1024;

/// The proof of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Prove> {
    all().iter().copied().find(|proof| proof.name() == name)
}

/// Every proof, in the order of their files.
pub fn all() -> &'static [&'static dyn Prove] {
    REGISTRY
}

static REGISTRY: &[&dyn Prove] = &[&checksum::GithubToken, &checksum::NpmToken, &token::GITHUB_FINE_GRAINED];
