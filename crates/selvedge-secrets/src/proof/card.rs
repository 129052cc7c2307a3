//! Payment card numbers: issuer range, length and the Luhn digit (ISO/IEC 7812-1).
//!
//! Test numbers that payment providers publish are refuted.

use selvedge_model::Proof;

use super::text::trimmed;
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// 13 to 19 digits, with spaces or hyphens between groups.
pub(super) struct Luhn;

/// Numbers in the documentation of payment providers, which no one can pay with.
const TEST_NUMBERS: [&str; 12] = [
    "4242424242424242",
    "4111111111111111",
    "4012888888881881",
    "4000056655665556",
    "4222222222222",
    "5555555555554444",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "3530111333300000",
];

impl Prove for Luhn {
    fn name(&self) -> &'static str {
        "luhn"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let digits: Vec<u8> =
            trimmed(secret).iter().copied().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
        if !(13..=19).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
            return Verdict::Unknown;
        }
        if !passes(&digits) {
            return Verdict::Refuted("the check digit is wrong");
        }
        if TEST_NUMBERS.iter().any(|number| number.as_bytes() == digits) || distinct(&digits) < 4 {
            return Verdict::Refuted("a published test number");
        }
        match issuer(&digits) {
            Some(issuer) => Verdict::Proved(Evidence::new(Proof::Checksum).fact(issuer)),
            None => Verdict::Refuted("no issuer uses this range and length"),
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let prefix = if prefix.is_empty() { "4" } else { prefix };
        if prefix.len() > 15 || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut digits = prefix.as_bytes().to_vec();
        digits.extend(Random::new(seed).text(Alphabet::Digits, 15 - prefix.len()).bytes());
        digits.push(b'0');
        let check = (b'0'..=b'9').find(|digit| {
            digits[15] = *digit;
            passes(&digits)
        })?;
        digits[15] = check;
        String::from_utf8(digits).ok()
    }
}

fn passes(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let value = u32::from(digit - b'0') * if index % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn distinct(digits: &[u8]) -> usize {
    (b'0'..=b'9').filter(|digit| digits.contains(digit)).count()
}

fn issuer(digits: &[u8]) -> Option<&'static str> {
    let four = digits.iter().take(4).fold(0_u32, |number, digit| number * 10 + u32::from(digit - b'0'));
    match (four, digits.len()) {
        (4000..=4999, 13 | 16 | 19) => Some("Visa number"),
        (5100..=5599 | 2221..=2720, 16) => Some("Mastercard number"),
        (3400..=3499 | 3700..=3799, 15) => Some("American Express number"),
        (6011 | 6440..=6599, 16..=19) => Some("Discover number"),
        (3528..=3589, 16..=19) => Some("JCB number"),
        (3000..=3059 | 3600..=3699 | 3800..=3999, 14..=19) => Some("Diners Club number"),
        (6200..=6299, 16..=19) => Some("UnionPay number"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_numbers_and_wrong_digits_are_refuted() {
        for number in ["4242 4242 4242 4242", "4242-4242-4242-4243", "9999999999999995"] {
            assert!(matches!(Luhn.prove(number.as_bytes(), b""), Verdict::Refuted(_)), "{number}");
        }
    }
}
