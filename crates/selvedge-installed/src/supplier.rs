//! Who makes a package, from the ways in which package metadata names people and organisations.

use crate::limit::Limit;

/// Bytes of a name; what is longer is no name.
const SUPPLIER_BYTES_MAX: Limit = Limit::new("SUPPLIER_BYTES_MAX", 512);

/// The name in `Name <address>` or `Name (page)`; the address where that is all there is.
pub(crate) fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let name = text.split(['<', '(']).next().unwrap_or_default().trim().trim_matches(['"', ',']).trim();
    let address = || text.trim_start_matches('<').split('>').next().unwrap_or_default().trim();
    let name = if name.is_empty() { address() } else { name };
    let is_name = !name.is_empty()
        && !name.eq_ignore_ascii_case("unknown")
        && !SUPPLIER_BYTES_MAX.is_exceeded_by(name.len() as u64)
        && !name.chars().any(char::is_control);
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_without_addresses() {
        for (text, expected) in [
            ("Debian Bash Maintainers <bash@packages.example.org>", Some("Debian Bash Maintainers")),
            ("Ada L. (https://example.org)", Some("Ada L.")),
            ("<ada@example.org>", Some("ada@example.org")),
            ("ada@example.org", Some("ada@example.org")),
            ("\"Acme, Inc.\" <a@example.org>", Some("Acme, Inc.")),
            ("UNKNOWN", None),
            ("  ", None),
            ("a\u{1b}[31m", None),
        ] {
            assert_eq!(name(text).as_deref(), expected, "{text:?}");
        }
        assert_eq!(name(&"x".repeat(600)), None);
    }
}
