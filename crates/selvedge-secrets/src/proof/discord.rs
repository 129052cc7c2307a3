//! Discord bot tokens: base64 of the bot's number, a time, a signature.
//!
//! Source: Discord's developer reference ("Snowflakes": the top 42 bits are milliseconds since 2015) and the
//! widely documented layout of tokens. The day the account was made is a fact.

use selvedge_model::Proof;

use super::text::{base64, day_of, is_filler, to_base64_url, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// Tokens of bots and users.
pub(super) struct DiscordBot;

/// Discord's first second, in Unix milliseconds.
const EPOCH_MS: u64 = 1_420_070_400_000;

impl Prove for DiscordBot {
    fn name(&self) -> &'static str {
        "discord-bot"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let token = trimmed(secret);
        let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').take(4).collect();
        let [id, time, signature] = parts.as_slice() else { return Verdict::Unknown };
        if !(22..=28).contains(&id.len()) || time.len() != 6 || !(25..=48).contains(&signature.len()) {
            return Verdict::Unknown;
        }
        if is_filler(signature) {
            return Verdict::Refuted("the signature is filler");
        }
        let number = base64(id)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| text.parse::<u64>().ok());
        let Some(number) = number else { return Verdict::Refuted("the first part is not an account number") };
        let made_seconds = i64::try_from(((number >> 22) + EPOCH_MS) / 1000).unwrap_or(i64::MAX);
        match day_of(made_seconds) {
            Some(day) => {
                Verdict::Proved(Evidence::new(Proof::Structure).fact(format!("account made on {day}")))
            }
            None => Verdict::Refuted("the account number has no valid date"),
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        let number = format!("1{}", random.text(Alphabet::Digits, 18));
        let id = to_base64_url(number.as_bytes());
        prefix
            .is_empty()
            .then(|| format!("{id}.{}.{}", random.text(Alphabet::Alnum, 6), random.text(Alphabet::Alnum, 38)))
    }
}
