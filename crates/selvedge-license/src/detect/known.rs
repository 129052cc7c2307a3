//! Wordings that are met all the time, told by a digest: nine in ten licence files have one of these, and need no
//! comparison with every text of the list.
//!
//! A wording is the words of a text in lower case without its copyright lines, so that a holder's name, line breaks
//! and punctuation do not matter, and every word does. The digests are those of the files that the most used crates
//! carry.

/// Digest of a wording: the first 16 bytes of its BLAKE3.
pub type Wording = [u8; 16];

/// Digest in hexadecimal, identifier.
const KNOWN: &[(&str, &str)] = &[
    ("d2d1f8bb4452842822287ea6bacac19d", "MIT"),
    ("d2b2ccb724368ec83de8e1332549aefd", "MIT"),
    ("63f3de6d6caff85c6ca5c82fe4fa9372", "MIT"),
    ("77757b12351cec61c3dcce1c1491bdfa", "Apache-2.0"),
    ("3b7be97e1c87ccd2ebfaf231718e7f34", "Apache-2.0"),
    ("3c4d2b5e3abee6e26b2914a3e4506bea", "Apache-2.0"),
    ("fbfcbf16a92041fc7d4fdd6694cb6cbe", "Apache-2.0"),
    ("5fa7626e14a6e4d5df460de93f0ffab6", "ISC"),
    ("cbbef1002c6a23c3a1b3f8cdbe2237e3", "BSD-2-Clause"),
    ("9d7a83277c6f2e05de86c04c2a547b5a", "BSD-3-Clause"),
    ("a1b7c38548ea5cc482ccb942b624c435", "BSD-3-Clause"),
    ("0f4e1b476d50297f2b31862b31cbdcb2", "Zlib"),
    ("cb4954e88348609fce3f7d7c3e9cdf46", "BSL-1.0"),
    ("50fe400d1570f07746b44bb47720f244", "Unlicense"),
    ("77cfc9fc3d0e643f4fa7634b49f98d72", "CC0-1.0"),
    ("d456eed939ab8e30b02b303ad2ba79fb", "Unicode-3.0"),
];

/// The wording of a text.
pub fn wording(text: &str) -> Wording {
    let mut hasher = blake3::Hasher::new();
    let mut is_first = true;
    for line in text.lines().map(str::trim) {
        if line.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("copyright")) {
            continue;
        }
        let words = line.split(|it: char| !it.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        for word in words {
            if !std::mem::take(&mut is_first) {
                hasher.update(b" ");
            }
            hasher.update(word.to_ascii_lowercase().as_bytes());
        }
    }
    let mut short = Wording::default();
    for (slot, byte) in short.iter_mut().zip(hasher.finalize().as_bytes()) {
        *slot = *byte;
    }
    short
}

/// The licence with exactly this wording.
pub(super) fn identify(wording: &Wording) -> Option<&'static str> {
    let hex = |byte: u8, text: &str| u8::from_str_radix(text, 16).is_ok_and(|it| it == byte);
    let is_it = |digest: &str| {
        wording
            .iter()
            .enumerate()
            .all(|(at, byte)| digest.get(at * 2..at * 2 + 2).is_some_and(|it| hex(*byte, it)))
    };
    KNOWN.iter().find(|row| is_it(row.0)).map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISC: &str = "ISC License (ISC)\nCopyright <2020> <Ada>\n\nPermission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n";

    #[test]
    fn names_line_breaks_and_punctuation_do_not_matter_and_words_do() {
        assert_eq!(identify(&wording(ISC)), Some("ISC"));
        let other = ISC.replace("<Ada>", "Bob & Co.").replace(", ", ",\n  ").replace('"', "'");
        assert_eq!(identify(&wording(&other)), Some("ISC"));
        assert_eq!(identify(&wording(&ISC.replace("without fee", "with a fee"))), None);
        assert_eq!(identify(&wording("")), None);
    }

    #[test]
    fn every_digest_is_whole_and_every_identifier_is_listed() {
        for (digest, id) in KNOWN {
            assert!(digest.len() == 32 && digest.bytes().all(|it| it.is_ascii_hexdigit()), "{digest}");
            assert!(spdx::license_id(id).is_some(), "{id}");
        }
    }
}
