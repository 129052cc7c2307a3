//! Tokens whose issuer fixes prefix, parts, lengths and alphabets but publishes no checksum.
//!
//! A [`Shape`] is a table of forms; it proves that every part is there in full, refutes filler in the random
//! parts (which a pattern alone lets through), and tells what kind of credential the form is.

use selvedge_model::Proof;

use super::text::{is_filler, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// One stretch of a token.
pub(super) enum Part {
    /// Literal text.
    Text(&'static str),
    /// From `.1` to `.2` characters of an alphabet, as many as there are.
    Run(Alphabet, usize, usize),
}

/// One form of a token.
pub(super) struct Form {
    /// What the credential is.
    pub(super) kind: &'static str,
    /// The stretches in order.
    pub(super) parts: &'static [Part],
    /// Whether the value is meant to be public.
    pub(super) public: bool,
}

impl Form {
    /// A secret form.
    pub(super) const fn secret(kind: &'static str, parts: &'static [Part]) -> Self {
        Self { kind, parts, public: false }
    }

    /// A form that is meant to be public.
    pub(super) const fn public(kind: &'static str, parts: &'static [Part]) -> Self {
        Self { kind, parts, public: true }
    }

    /// The text before the first run.
    fn prefix(&self) -> &'static str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// The joined random parts when `token` has this form.
    fn random_parts(&self, token: &[u8]) -> Option<Vec<u8>> {
        let mut rest = token;
        let mut random = Vec::new();
        for part in self.parts {
            match part {
                Part::Text(text) => rest = rest.strip_prefix(text.as_bytes())?,
                Part::Run(alphabet, least, most) => {
                    let length = rest.iter().take(*most).take_while(|byte| alphabet.contains(**byte)).count();
                    if length < *least {
                        return None;
                    }
                    random.extend_from_slice(&rest[..length]);
                    rest = &rest[length..];
                }
            }
        }
        rest.is_empty().then_some(random)
    }

    fn make(&self, random: &mut Random) -> String {
        let mut token = String::new();
        for part in self.parts {
            match part {
                Part::Text(text) => token.push_str(text),
                Part::Run(alphabet, least, most) => {
                    let length = least + random.below(most.saturating_sub(*least).min(8) + 1);
                    token.push_str(&random.text(*alphabet, length));
                }
            }
        }
        token
    }
}

/// A named table of forms.
pub(super) struct Shape {
    /// The name that rules use.
    pub(super) name: &'static str,
    /// The forms; the first that fits is reported.
    pub(super) forms: &'static [Form],
}

impl Prove for Shape {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let token = trimmed(secret);
        for form in self.forms {
            let Some(random) = form.random_parts(token) else { continue };
            if is_filler(&random) {
                return Verdict::Refuted("the random part is filler");
            }
            let evidence = Evidence::new(Proof::Structure).fact(form.kind);
            return Verdict::Proved(if form.public { evidence.public() } else { evidence });
        }
        Verdict::Unknown
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let form = self.forms.iter().find(|form| form.prefix().starts_with(prefix))?;
        Some(form.make(&mut Random::new(seed)))
    }
}
