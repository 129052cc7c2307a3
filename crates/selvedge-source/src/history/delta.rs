//! Git's delta format: an object as copies from another and insertions.

/// The sizes that a delta states: of its base, and of what it makes of it.
pub(super) struct Sizes {
    pub(super) base: usize,
    pub(super) result: usize,
    /// Length of this statement; the instructions follow.
    header: usize,
}

impl Sizes {
    /// Reads the start of `delta`.
    pub(super) fn of(delta: &[u8]) -> Option<Self> {
        let mut at = 0;
        let base = size(delta, &mut at)?;
        let result = size(delta, &mut at)?;
        Some(Self { base, result, header: at })
    }
}

/// Applies `delta`, whose sizes are `sizes`, to `base`; `false` if they do not fit each other.
pub(super) fn apply(base: &[u8], delta: &[u8], sizes: &Sizes, result: &mut Vec<u8>) -> bool {
    result.clear();
    base.len() == sizes.base && run(base, delta, sizes, result).is_some() && result.len() == sizes.result
}

fn run(base: &[u8], delta: &[u8], sizes: &Sizes, result: &mut Vec<u8>) -> Option<()> {
    let mut at = sizes.header;
    while let Some(&command) = delta.get(at) {
        at += 1;
        let piece = if command & 0x80 == 0 {
            let piece = delta.get(at..at + usize::from(command))?;
            at += piece.len();
            // Zero is reserved.
            (command != 0).then_some(piece)?
        } else {
            let start = bytes(delta, &mut at, command, 4)?;
            let length = bytes(delta, &mut at, command >> 4, 3)?;
            let length = if length == 0 { 0x1_0000 } else { length };
            base.get(start..start.checked_add(length)?)?
        };
        if result.len() + piece.len() > sizes.result {
            return None;
        }
        result.extend_from_slice(piece);
    }
    Some(())
}

/// A little-endian number of up to `count` bytes, of which those are present whose bit is set.
fn bytes(delta: &[u8], at: &mut usize, present: u8, count: u32) -> Option<usize> {
    let mut value = 0;
    for byte in 0..count {
        if present & (1 << byte) != 0 {
            value |= usize::from(*delta.get(*at)?) << (8 * byte);
            *at += 1;
        }
    }
    Some(value)
}

/// A number of seven bits a byte, least significant first.
fn size(delta: &[u8], at: &mut usize) -> Option<usize> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *delta.get(*at)?;
        *at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        if shift > 56 {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(base: &[u8], delta: &[u8], expected: Option<&[u8]>) {
        let mut result = Vec::new();
        let whole = Sizes::of(delta).is_some_and(|sizes| apply(base, delta, &sizes, &mut result));
        assert_eq!(whole.then_some(result.as_slice()), expected);
    }

    #[test]
    fn copies_and_insertions_are_followed() {
        check(b"hello world", &[11, 8, 0x91, 6, 5, 3, b'!', b'!', b'!'], Some(b"world!!!"));
        check(b"", &[0, 0], Some(b""));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        check(b"abc", &[4, 1, 1, b'x'], None);
        check(b"abc", &[3, 2, 1, b'x'], None);
        check(b"abc", &[3, 1, 2, b'x', b'y'], None);
        check(b"abc", &[3, 2, 0x91, 2, 2], None);
        check(b"abc", &[3, 1, 0], None);
        check(b"abc", &[3, 5, 5, b'x'], None);
        check(b"abc", &[3], None);
        check(b"abc", &[0xff; 20], None);
    }

    proptest! {
        #[test]
        fn any_delta_is_survived(base: Vec<u8>, delta: Vec<u8>) {
            let mut result = Vec::new();
            if let Some(sizes) = Sizes::of(&delta)
                && sizes.result < 1 << 20
                && apply(&base, &delta, &sizes, &mut result)
            {
                prop_assert_eq!(result.len(), sizes.result);
            }
        }
    }
}
