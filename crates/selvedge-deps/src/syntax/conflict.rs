//! Merge conflicts that were committed or are not resolved yet.
//!
//! A lockfile with conflict markers is broken in every notation. Both sides are real, though: whichever is
//! taken, its packages will be used. So each side is read on its own, with the other one blanked out, which
//! keeps every line and offset.

/// A file with conflict markers, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// 1-based line of the first `<<<<<<<`.
    pub(crate) line: u32,
    /// The file as it would be if the upper side of every conflict was taken.
    pub(crate) ours: Vec<u8>,
    /// The file as it would be if the lower side was taken.
    pub(crate) theirs: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Ours,
    /// What stood there before both, in the `diff3` style; part of neither.
    Ancestor,
    Theirs,
}

/// Takes a file with conflict markers apart; `None` if it has none. A `=======` or `>>>>>>>` alone is no
/// conflict, since headings and mails look like that.
pub(crate) fn find(bytes: &[u8]) -> Option<Conflict> {
    if !bytes.starts_with(b"<<<<<<< ") {
        memchr::memmem::find(bytes, b"\n<<<<<<< ")?;
    }
    let (mut ours, mut theirs) = (bytes.to_vec(), bytes.to_vec());
    let (mut side, mut first, mut closed) = (Side::Both, None, false);
    let mut start = 0;
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let range = start..start + line.len();
        start = range.end;
        let marker = marker(line, side);
        if let Some(next) = marker {
            first = first.or(Some(index as u32 + 1));
            closed |= side == Side::Theirs;
            side = next;
        }
        if marker.is_some() || !matches!(side, Side::Both | Side::Ours) {
            blank(&mut ours[range.clone()]);
        }
        if marker.is_some() || !matches!(side, Side::Both | Side::Theirs) {
            blank(&mut theirs[range]);
        }
    }
    first.filter(|_| closed).map(|line| Conflict { line, ours, theirs })
}

/// The side that begins after this line, if it is a marker that may stand here.
fn marker(line: &[u8], side: Side) -> Option<Side> {
    match side {
        Side::Both => line.starts_with(b"<<<<<<< ").then_some(Side::Ours),
        Side::Ours if line.starts_with(b"||||||| ") => Some(Side::Ancestor),
        Side::Ours | Side::Ancestor => (line.trim_ascii_end() == b"=======").then_some(Side::Theirs),
        Side::Theirs => line.starts_with(b">>>>>>> ").then_some(Side::Both),
    }
}

fn blank(line: &mut [u8]) {
    for byte in line {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests;
