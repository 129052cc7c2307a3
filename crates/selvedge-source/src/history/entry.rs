//! The entries of a tree object.

/// An entry of a tree.
pub(super) struct Entry<'a> {
    mode: &'a [u8],
    pub(super) name: &'a [u8],
    pub(super) id: &'a [u8],
    /// Where the entry starts in the tree.
    pub(super) start: usize,
    /// Bytes of the tree that follow it.
    pub(super) left: usize,
}

impl Entry<'_> {
    /// Whether it is a directory.
    pub(super) fn is_tree(&self) -> bool {
        matches!(self.mode, b"40000" | b"040000")
    }

    /// Whether it is a commit of another repository.
    pub(super) fn is_submodule(&self) -> bool {
        self.mode == b"160000"
    }

    /// Whether it is a file proper: no directory, submodule or symbolic link.
    pub(super) fn is_file(&self) -> bool {
        self.mode.starts_with(b"100")
    }
}

/// The entries of a tree, up to the first that is damaged.
pub(super) fn entries(bytes: &[u8], hash_len: usize) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let start = bytes.len() - rest.len();
        let space = rest.iter().take(8).position(|byte| *byte == b' ')?;
        let (mode, named) = (&rest[..space], &rest[space + 1..]);
        let end = memchr::memchr(0, named)?;
        let (id, after) = named[end + 1..].split_at_checked(hash_len)?;
        rest = after;
        Some(Entry { mode, name: &named[..end], id, start, left: after.len() })
    })
}
