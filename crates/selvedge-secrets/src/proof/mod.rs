//! Offline proofs: what a token says about itself without asking its issuer.
//!
//! Many formats carry a checksum, an encoded account or a key structure. A proof reads it and answers
//! *proved*, *refuted* (it looks like a token and cannot be one) or *unknown*. Proofs are pure, bounded and
//! total: any bytes may be given, nothing is sent anywhere, nothing is printed. A checksum is claimed only
//! where its algorithm is public; otherwise the proof says `structure`.
//! Start at [`by_name`]; each format family has its own file, and [`all`] is the registry.

mod alphabet;
mod aws;
mod azure;
mod base58;
mod bech32;
mod card;
mod checksum;
mod der;
mod discord;
mod gitlab;
mod google;
mod grafana;
mod jwt;
mod pem;
mod pgp;
mod pypi;
mod random;
mod shape;
mod ssh;
mod text;
mod token;
mod url;
mod vaulted;
mod wireguard;
mod wrapped;

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

static REGISTRY: &[&dyn Prove] = &[
    &aws::AwsAccessKeyId,
    &azure::AzureStorageKey,
    &azure::AzureSas,
    &azure::AzureIdentifiableKey,
    &base58::Wif,
    &base58::ExtendedKey,
    &bech32::AGE,
    &bech32::NOSTR,
    &card::Luhn,
    &checksum::GithubToken,
    &checksum::NpmToken,
    &discord::DiscordBot,
    &gitlab::GitlabToken,
    &google::GcpServiceAccount,
    &grafana::GrafanaServiceAccount,
    &jwt::Jwt,
    &jwt::JwkPrivate,
    &pem::PemPrivateKey,
    &pgp::PgpPrivateKey,
    &pypi::PypiMacaroon,
    &ssh::OpensshPrivateKey,
    &ssh::PuttyKey,
    &url::DatabaseUrl,
    &vaulted::AnsibleVault,
    &vaulted::PasswordHash,
    &wireguard::WireguardKey,
    &wrapped::ONEPASSWORD,
    &wrapped::GRAFANA_CLOUD,
    &wrapped::SENTRY,
    &wrapped::BasicCredentials,
    &token::GITHUB_FINE_GRAINED,
    &token::AZURE_AD_CLIENT_SECRET,
    &token::SLACK_TOKEN,
    &token::SLACK_WEBHOOK,
    &token::STRIPE,
    &token::TELEGRAM_BOT,
    &token::TWILIO,
    &token::SENDGRID,
    &token::MAILGUN,
    &token::GOOGLE,
    &token::FIREBASE,
    &token::DOCKER_HUB,
    &token::DIGITALOCEAN,
    &token::SHOPIFY,
    &token::SQUARE,
    &token::DATABRICKS,
    &token::HASHICORP,
    &token::ATLASSIAN,
    &token::RUBYGEMS,
    &token::CRATES_IO,
    &token::OPENAI,
    &token::ANTHROPIC,
    &token::HUGGINGFACE,
    &token::PLANETSCALE,
    &token::CLOUDFLARE,
    &token::DOPPLER,
    &token::NEW_RELIC,
    &token::LINEAR,
    &token::POSTMAN,
    &token::PULUMI,
    &token::DYNATRACE,
    &token::FIGMA,
    &token::HEROKU,
    &token::AIRTABLE,
    &token::CLOJARS,
];
