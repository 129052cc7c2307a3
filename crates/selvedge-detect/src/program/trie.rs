//! Prefixes and suffixes: many at once, in one walk from one end of a value.

/// Prefixes (or suffixes, walked from the end), each with numbers that it stands for.
#[derive(Debug, Default)]
pub(crate) struct Trie {
    nodes: Vec<TrieNode>,
}

#[derive(Debug, Default)]
struct TrieNode {
    /// Sorted by byte.
    children: Vec<(u8, u32)>,
    numbers: Vec<u32>,
}

impl Trie {
    /// Adds what `bytes` spells.
    pub(crate) fn insert(&mut self, bytes: impl Iterator<Item = u8>, number: u32) {
        if self.nodes.is_empty() {
            self.nodes.push(TrieNode::default());
        }
        let mut at = 0_usize;
        for byte in bytes {
            at = match self.nodes[at].children.binary_search_by_key(&byte, |(byte, _)| *byte) {
                Ok(index) => self.nodes[at].children[index].1 as usize,
                Err(index) => {
                    let new = self.nodes.len();
                    self.nodes[at].children.insert(index, (byte, new as u32));
                    self.nodes.push(TrieNode::default());
                    new
                }
            };
        }
        self.nodes[at].numbers.push(number);
    }

    /// Calls `found` with the number of everything that `bytes` begins with.
    #[inline]
    pub(crate) fn walk(&self, bytes: impl Iterator<Item = u8>, mut found: impl FnMut(u32)) {
        let Some(mut node) = self.nodes.first() else { return };
        node.numbers.iter().for_each(|number| found(*number));
        for byte in bytes {
            let Ok(index) = node.children.binary_search_by_key(&byte, |(byte, _)| *byte) else { return };
            node = &self.nodes[node.children[index].1 as usize];
            node.numbers.iter().for_each(|number| found(*number));
        }
    }
}
