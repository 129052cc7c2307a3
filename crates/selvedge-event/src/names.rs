//! From the keys of nested objects to column names, each looked up once.
//!
//! Every distinct path of keys is a node. Events of one kind have the same keys in the same order, so each node
//! remembers which sibling followed it last time: the usual key costs one comparison and no hash.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Index of a node.
pub(crate) type NodeId = u32;

/// The node of the event itself.
pub(crate) const ROOT: NodeId = 0;

/// No prediction, no column.
pub(crate) const NONE: u32 = u32::MAX;

/// A path of keys.
#[derive(Debug)]
struct Node {
    parent: NodeId,
    key: Box<str>,
    /// The child that came first last time.
    first: NodeId,
    /// The sibling that followed last time.
    next: NodeId,
    /// The key has nothing that JSON escapes.
    is_plain: bool,
    /// The column of its values, once there was one.
    column: u32,
}

/// All paths that were seen, to a limit.
#[derive(Debug)]
pub(crate) struct Names {
    nodes: Vec<Node>,
    table: HashTable<NodeId>,
    nodes_max: usize,
}

impl Names {
    pub(crate) fn new(nodes_max: usize) -> Self {
        let root =
            Node { parent: NONE, key: "".into(), first: NONE, next: NONE, is_plain: false, column: NONE };
        Self { nodes: vec![root], table: HashTable::new(), nodes_max }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.nodes.len() >= self.nodes_max
    }

    /// The child of `parent` that followed the sibling `previous` last time, and its key, if that is spelt
    /// without escapes.
    #[inline]
    pub(crate) fn usual(&self, parent: NodeId, previous: NodeId) -> Option<(NodeId, &str)> {
        let id = match previous {
            NONE => self.nodes[parent as usize].first,
            sibling => self.nodes[sibling as usize].next,
        };
        let node = self.nodes.get(id as usize)?;
        (node.parent == parent && node.is_plain).then_some((id, &*node.key))
    }

    /// The child of `parent` named `key`, which follows the sibling `previous` ([`NONE`] at the start).
    /// `None` if it is not known and there is no room for it.
    #[inline]
    pub(crate) fn child(&mut self, parent: NodeId, previous: NodeId, key: &str) -> Option<NodeId> {
        let predicted = match previous {
            NONE => self.nodes[parent as usize].first,
            sibling => self.nodes[sibling as usize].next,
        };
        if predicted != NONE {
            let node = &self.nodes[predicted as usize];
            if *node.key == *key && node.parent == parent {
                return Some(predicted);
            }
        }
        let found = self.find_or_insert(parent, key)?;
        match previous {
            NONE => self.nodes[parent as usize].first = found,
            sibling => self.nodes[sibling as usize].next = found,
        }
        Some(found)
    }

    fn find_or_insert(&mut self, parent: NodeId, key: &str) -> Option<NodeId> {
        let hash = hash(parent, key);
        let nodes = &self.nodes;
        let known = self.table.find(hash, |id| {
            let node = &nodes[*id as usize];
            node.parent == parent && *node.key == *key
        });
        if let Some(id) = known {
            return Some(*id);
        }
        if self.is_full() {
            return None;
        }
        let id = self.nodes.len() as NodeId;
        let is_plain = !key.bytes().any(|byte| matches!(byte, b'"' | b'\\') || byte < 0x20);
        self.nodes.push(Node { parent, key: key.into(), first: NONE, next: NONE, is_plain, column: NONE });
        let nodes = &self.nodes;
        self.table.insert_unique(hash, id, |id| {
            let node = &nodes[*id as usize];
            self::hash(node.parent, &node.key)
        });
        Some(id)
    }

    /// The column of the node's values, or [`NONE`].
    #[inline]
    pub(crate) fn column(&self, node: NodeId) -> u32 {
        self.nodes[node as usize].column
    }

    pub(crate) fn set_column(&mut self, node: NodeId, column: u32) {
        self.nodes[node as usize].column = column;
    }

    /// The column name for `node`: see [`column_name`].
    pub(crate) fn name(&self, node: NodeId) -> String {
        let mut keys = Vec::new();
        let mut at = node;
        while at != ROOT {
            keys.push(&*self.nodes[at as usize].key);
            at = self.nodes[at as usize].parent;
        }
        keys.reverse();
        column_name(&keys)
    }
}

fn hash(parent: NodeId, key: &str) -> u64 {
    xxh3_64_with_seed(key.as_bytes(), u64::from(parent))
}

/// The name of the column for the value at the path `keys`: the keys joined by dots, as the source spells them.
///
/// The JSON rendering of Windows events (`Event.System`, `Event.EventData`, `Event.UserData.<element>`) is the
/// one exception: there the containers are left out and attributes are joined by `_`, which gives the names that
/// Sigma rules use: `Image`, `EventID`, `Provider_Name`.
pub(crate) fn column_name(keys: &[&str]) -> String {
    let inner = match keys {
        // The element below UserData only names the provider's structure.
        ["Event", "UserData", _, inner @ ..] if inner.iter().any(|key| !key.starts_with('#')) => inner,
        ["Event", "System" | "EventData" | "UserData" | "RenderingInfo", inner @ ..] if !inner.is_empty() => {
            inner
        }
        _ => return keys.join("."),
    };
    let mut name = String::new();
    let mut separator = "";
    for key in inner {
        match *key {
            "#attributes" => separator = "_",
            "#text" => {}
            key => {
                if !name.is_empty() {
                    name.push_str(if separator.is_empty() { "." } else { separator });
                }
                name.push_str(key);
                separator = "";
            }
        }
    }
    if name.is_empty() { keys.join(".") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &[&str], name: &str) {
        assert_eq!(column_name(path), name);
    }

    #[test]
    fn names_are_dotted_paths() {
        check(&["requestParameters", "bucketName"], "requestParameters.bucketName");
        check(&["Event"], "Event");
        check(&["Event", "type"], "Event.type");
    }

    #[test]
    fn windows_events_have_the_names_that_rules_use() {
        check(&["Event", "EventData", "Image"], "Image");
        check(&["Event", "EventData", "Threat Name"], "Threat Name");
        check(&["Event", "System", "EventID", "#text"], "EventID");
        check(&["Event", "System", "EventID", "#attributes", "Qualifiers"], "EventID_Qualifiers");
        check(&["Event", "System", "Provider", "#attributes", "Name"], "Provider_Name");
        check(&["Event", "UserData", "Operation_ClientFailure", "Operation"], "Operation");
        check(&["Event", "UserData", "Text"], "Text");
        check(&["Event", "EventData", "#attributes", "Name"], "Name");
        check(&["Event", "EventData"], "Event.EventData");
    }

    #[test]
    fn a_path_is_one_node_and_the_limit_holds() {
        let mut names = Names::new(4);
        let a = names.child(ROOT, NONE, "a").unwrap();
        let b = names.child(ROOT, a, "b").unwrap();
        assert_eq!(names.child(ROOT, NONE, "a"), Some(a));
        assert_eq!(names.child(ROOT, NONE, "b"), Some(b));
        let nested = names.child(a, NONE, "b").unwrap();
        assert_ne!(nested, b);
        assert_eq!(names.name(nested), "a.b");
        assert_eq!(names.child(ROOT, NONE, "c"), None, "four nodes with the root");
        assert_eq!(names.child(ROOT, b, "a"), Some(a), "known ones are still found");
    }
}
