//! Expands the examples of rule files, so that no token-shaped text stands in the repository.
//!
//! `<<charset:length>>`, `<<uuid>>` and `<<proof:prefix>>` are replaced by values made from the seed;
//! everything else is literal, including a `<<` that opens no such form (a shell here-document, a YAML
//! merge key). A proof generates a value that passes itself, checksums included.

use crate::proof::{self, Alphabet, Random};

/// The longest run that one placeholder may ask for; real tokens stay far below.
pub const LENGTH_MAX: usize = 4096;

/// A template that cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExampleError {
    /// Neither a character set nor a proof has this name.
    #[error(
        "unknown placeholder `{name}`: expected a character set (digits, hex, HEX, lower, upper, alpha, alnum, \
         loweralnum, upperalnum, base32, base64, base64url, graph), uuid, or the name of a proof"
    )]
    UnknownName {
        /// The name as written.
        name: String,
    },
    /// A character set needs a length from 1 to [`LENGTH_MAX`].
    #[error("`{name}:{length}`: expected a length from 1 to {LENGTH_MAX}")]
    BadLength {
        /// The character set.
        name: String,
        /// What stood after the colon.
        length: String,
    },
    /// The proof does not make values, or none with this prefix.
    #[error("proof `{name}` makes no value with prefix `{prefix}`")]
    NoValue {
        /// The proof.
        name: String,
        /// What stood after the colon.
        prefix: String,
    },
}

/// Replaces every placeholder of `template`; equal arguments give equal text.
pub fn expand(template: &str, seed: u64) -> Result<String, ExampleError> {
    let mut random = Random::new(seed);
    let mut output = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(start) = rest.find("<<") {
        let (before, open) = rest.split_at(start);
        output.push_str(before);
        let Some((name, argument, after)) = placeholder(&open[2..]) else {
            output.push('<');
            rest = &open[1..];
            continue;
        };
        output.push_str(&value(name, argument, &mut random)?);
        rest = after;
    }
    output.push_str(rest);
    Ok(output)
}

/// Splits `name:argument>>after`; `None` when this is not a placeholder.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let line = text.split('\n').next().unwrap_or(text);
    let end = line.find(">>")?;
    let (name, argument) = text[..end].split_once(':').unwrap_or((&text[..end], ""));
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then(|| (name, argument, &text[end + 2..]))
}

/// Makes the value of one placeholder.
fn value(name: &str, argument: &str, random: &mut Random) -> Result<String, ExampleError> {
    if name == "uuid" {
        return Ok(random.uuid());
    }
    if let Some(alphabet) = Alphabet::by_name(name) {
        return match argument.parse::<usize>() {
            Ok(length) if (1..=LENGTH_MAX).contains(&length) => Ok(random.text(alphabet, length)),
            _ => Err(ExampleError::BadLength { name: name.into(), length: argument.into() }),
        };
    }
    let proof = proof::by_name(name).ok_or_else(|| ExampleError::UnknownName { name: name.into() })?;
    proof
        .generate(random.next_u64(), argument)
        .ok_or_else(|| ExampleError::NoValue { name: name.into(), prefix: argument.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_text_and_other_seed_other_text() {
        let template = "a <<alnum:36>> b <<uuid>>";
        assert_eq!(expand(template, 7), expand(template, 7));
        assert_ne!(expand(template, 7), expand(template, 8));
    }

    #[test]
    fn lengths_and_alphabets_are_kept() {
        let text = expand("<<hex:32>>|<<HEX:8>>|<<digits:5>>", 1).unwrap();
        let parts: Vec<&str> = text.split('|').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [32, 8, 5]);
        assert!(parts[0].bytes().all(|byte| Alphabet::Hex.contains(byte)));
        assert!(parts[1].bytes().all(|byte| Alphabet::HexUpper.contains(byte)));
    }

    #[test]
    fn other_angle_brackets_are_literal() {
        for text in ["cat <<EOF\nx\nEOF", "<<: *base", "a << b >> c", "<<<", "<<é:3>>"] {
            assert_eq!(expand(text, 1).unwrap(), text);
        }
    }

    #[test]
    fn mistakes_are_named() {
        let unknown = expand("<<alnun:3>>", 1).unwrap_err();
        assert!(unknown.to_string().contains("unknown placeholder `alnun`"), "{unknown}");
        assert!(matches!(expand("<<alnum:x>>", 1), Err(ExampleError::BadLength { .. })));
        assert!(matches!(expand("<<alnum:0>>", 1), Err(ExampleError::BadLength { .. })));
        assert!(matches!(expand("<<github-crc32:nope_>>", 1), Err(ExampleError::NoValue { .. })));
    }

    #[test]
    fn a_proof_makes_a_value_that_it_proves() {
        let text = expand("token=<<github-crc32:ghp_>>", 3).unwrap();
        assert!(text.starts_with("token=ghp_"), "{text}");
    }
}
