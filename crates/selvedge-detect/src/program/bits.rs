//! Bitmaps over the rows of a batch.

/// One bit per row.
pub(crate) type Bits = Vec<u64>;

pub(crate) fn words(rows: usize) -> usize {
    rows.div_ceil(64)
}

/// All rows.
pub(crate) fn full(rows: usize) -> Bits {
    let mut bits = vec![u64::MAX; words(rows)];
    trim(&mut bits, rows);
    bits
}

/// Clears the bits beyond the last row.
fn trim(bits: &mut [u64], rows: usize) {
    if !rows.is_multiple_of(64)
        && let Some(last) = bits.last_mut()
    {
        *last &= (1 << (rows % 64)) - 1;
    }
}

pub(crate) fn set(bits: &mut [u64], row: usize) {
    bits[row / 64] |= 1 << (row % 64);
}

pub(crate) fn is_empty(bits: &[u64]) -> bool {
    bits.iter().all(|word| *word == 0)
}

pub(crate) fn and(bits: &mut [u64], other: &[u64]) {
    bits.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
}

pub(crate) fn or(bits: &mut [u64], other: &[u64]) {
    bits.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
}

pub(crate) fn not(bits: &[u64], rows: usize) -> Bits {
    let mut inverse: Bits = bits.iter().map(|word| !word).collect();
    trim(&mut inverse, rows);
    inverse
}

/// Rows whose bit is set, in order.
pub(crate) fn ones(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(index, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = rest.trailing_zeros() as usize;
            (rest != 0).then(|| {
                rest &= rest - 1;
                index * 64 + bit
            })
        })
    })
}
