//! Variable-length integers and byte strings: the alphabet of everything stored in the index.
//!
//! LEB128, at most ten bytes. Reading never panics: what is not there or too long is `None`.

/// Longest encoding of a `u64`.
const VARINT_BYTES_MAX: usize = 10;

/// Appends a number.
pub(crate) fn put_u64(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a length and the bytes.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_u64(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a count and the numbers, each as the difference to the one before. The numbers are ascending.
pub(crate) fn put_ascending(out: &mut Vec<u8>, numbers: &[u32]) {
    put_u64(out, numbers.len() as u64);
    let mut previous = 0;
    for number in numbers {
        put_u64(out, u64::from(number.wrapping_sub(previous)));
        previous = *number;
    }
}

/// Where bytes come from: a slice, or a file whose pieces are verified as they are reached.
pub(crate) trait Read<'a> {
    /// The next byte.
    fn byte(&mut self) -> Option<u8>;
    /// The next `length` bytes.
    fn take(&mut self, length: usize) -> Option<&'a [u8]>;

    /// A number.
    #[inline]
    fn u64(&mut self) -> Option<u64> {
        self.long_u64()
    }

    /// A number of any length, byte by byte.
    fn long_u64(&mut self) -> Option<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u64::from(first));
        }
        let mut value = u64::from(first & 0x7f);
        for step in 1..VARINT_BYTES_MAX {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(7 * step as u32)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A number that fits 32 bits.
    #[inline]
    fn u32(&mut self) -> Option<u32> {
        u32::try_from(self.u64()?).ok()
    }

    /// Bytes with their length before them.
    #[inline]
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u64()?).ok()?;
        self.take(length)
    }

    /// Text with its length before it.
    #[inline]
    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// Numbers written by [`put_ascending`].
    fn ascending(&mut self) -> Option<Vec<u32>> {
        let count = self.u64()?;
        let mut numbers = Vec::new();
        let mut previous = 0u32;
        for _ in 0..count {
            previous = previous.wrapping_add(self.u32()?);
            numbers.push(previous);
        }
        Some(numbers)
    }
}

/// Reads a slice.
#[derive(Debug, Clone)]
pub(crate) struct Slice<'a> {
    /// What is left.
    pub(crate) rest: &'a [u8],
}

impl<'a> Slice<'a> {
    /// A reader at the start of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Read<'a> for Slice<'a> {
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    #[inline]
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers: Vec<u64>, text: String) {
            let mut out = Vec::new();
            for number in &numbers {
                put_u64(&mut out, *number);
            }
            put_bytes(&mut out, text.as_bytes());
            let mut reader = Slice::new(&out);
            for number in &numbers {
                prop_assert_eq!(reader.u64(), Some(*number));
            }
            prop_assert_eq!(reader.text(), Some(text.as_str()));
            prop_assert_eq!(reader.byte(), None);
        }

        #[test]
        fn ascending_numbers_are_read(mut numbers: Vec<u32>) {
            numbers.sort_unstable();
            let mut out = Vec::new();
            put_ascending(&mut out, &numbers);
            prop_assert_eq!(Slice::new(&out).ascending(), Some(numbers));
        }
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_none() {
        assert_eq!(Slice::new(&[0x80]).u64(), None);
        assert_eq!(Slice::new(&[0xff; 11]).u64(), None);
        assert_eq!(Slice::new(&[5, 1]).bytes(), None);
        assert_eq!(Slice::new(&[0xff, 0xff, 0xff, 0xff, 0x7f]).u32(), None);
    }
}
