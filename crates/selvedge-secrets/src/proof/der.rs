//! A reader and writer for the few DER shapes of private keys (ITU-T X.690): definite lengths, low tags.
//!
//! It never recurses and never allocates on reading; anything else is `None`.

/// INTEGER.
pub(super) const INTEGER: u8 = 0x02;
/// OCTET STRING.
pub(super) const OCTET_STRING: u8 = 0x04;
/// OBJECT IDENTIFIER.
pub(super) const OBJECT_ID: u8 = 0x06;
/// SEQUENCE, constructed.
pub(super) const SEQUENCE: u8 = 0x30;

/// A position in DER bytes.
#[derive(Clone, Copy)]
pub(super) struct Der<'a> {
    rest: &'a [u8],
}

impl<'a> Der<'a> {
    /// Starts reading at the first byte.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The content of the next element when it has this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&found, rest) = self.rest.split_first()?;
        if found != tag {
            return None;
        }
        let (&first, mut rest) = rest.split_first()?;
        let length = if first < 0x80 {
            usize::from(first)
        } else {
            let count = usize::from(first & 0x7f);
            if !(1..=4).contains(&count) || rest.len() < count {
                return None;
            }
            let (digits, after) = rest.split_at(count);
            rest = after;
            digits.iter().fold(0, |length: usize, digit| length << 8 | usize::from(*digit))
        };
        if rest.len() < length {
            return None;
        }
        let (content, after) = rest.split_at(length);
        self.rest = after;
        Some(content)
    }

    /// A reader inside the next SEQUENCE.
    pub(super) fn sequence(&mut self) -> Option<Der<'a>> {
        self.take(SEQUENCE).map(Der::new)
    }

    /// The next non-negative INTEGER without leading zeros.
    pub(super) fn unsigned(&mut self) -> Option<&'a [u8]> {
        let digits = self.take(INTEGER)?;
        if digits.first()? & 0x80 != 0 {
            return None;
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        Some(&digits[zeros..])
    }
}

/// Writes one element.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        length @ 0..0x80 => bytes.push(length as u8),
        length @ 0x80..0x100 => bytes.extend([0x81, length as u8]),
        length => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend_from_slice(content);
    bytes
}

/// Writes a non-negative INTEGER.
pub(super) fn unsigned(digits: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|digit| digit & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    element(INTEGER, &content)
}

/// Writes a SEQUENCE of elements.
pub(super) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &elements.concat())
}

/// The product of two big-endian numbers, without leading zeros.
pub(super) fn product(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut digits = vec![0_u32; left.len() + right.len()];
    for (i, a) in left.iter().rev().enumerate() {
        let mut carry = 0_u32;
        for (j, b) in right.iter().rev().enumerate() {
            let sum = digits[i + j] + u32::from(*a) * u32::from(*b) + carry;
            digits[i + j] = sum & 0xff;
            carry = sum >> 8;
        }
        digits[i + right.len()] += carry;
    }
    let bytes: Vec<u8> = digits.iter().rev().map(|digit| *digit as u8).collect();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_right() {
        assert_eq!(product(&[0xff, 0xff], &[0xff, 0xff]), 0xfffe_0001_u32.to_be_bytes());
        assert_eq!(product(&[2], &[3]), [6]);
    }

    #[test]
    fn reads_what_it_writes() {
        let bytes = sequence(&[unsigned(&[0x80, 1]), element(OCTET_STRING, &[7; 300])]);
        let mut inner = Der::new(&bytes).sequence().unwrap();
        assert_eq!(inner.unsigned(), Some(&[0x80, 1][..]));
        assert_eq!(inner.take(OCTET_STRING).map(<[u8]>::len), Some(300));
        assert_eq!(inner.take(INTEGER), None);
    }
}
