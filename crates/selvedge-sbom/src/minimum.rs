//! The minimum elements of a bill of materials: those of the NTIA (2021) and those of CISA's revision (draft of
//! August 2025), counted over a document.

use crate::bom::{Bom, Entry};

/// What regulators ask a bill to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// Who makes or supplies a component.
    Supplier,
    /// What it is called.
    Name,
    /// Its version.
    Version,
    /// A package URL, CPE or the like.
    Identifier,
    /// What it is made of or depends on.
    Dependencies,
    /// A digest of the component.
    Hash,
    /// Its licence.
    License,
    /// Who made the bill.
    Author,
    /// When.
    Timestamp,
    /// With which program.
    Tool,
    /// At which point of the product's life.
    GenerationContext,
}

/// Element, name, whether NTIA asks for it, whether it is said of the document and not of each component. CISA asks
/// for all.
const TABLE: &[(Element, &str, bool, bool)] = &[
    (Element::Supplier, "supplier", true, false),
    (Element::Name, "component name", true, false),
    (Element::Version, "version", true, false),
    (Element::Identifier, "unique identifier", true, false),
    (Element::Dependencies, "dependency relationship", true, false),
    (Element::Hash, "component hash", false, false),
    (Element::License, "licence", false, false),
    (Element::Author, "author of the bill", true, true),
    (Element::Timestamp, "timestamp", true, true),
    (Element::Tool, "tool name", false, true),
    (Element::GenerationContext, "generation context", false, true),
];

impl Element {
    fn row(self) -> &'static (Self, &'static str, bool, bool) {
        TABLE.iter().find(|row| row.0 == self).expect("the table has a row for each")
    }

    /// The name on screen.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// Whether it is among the elements of the NTIA; CISA's draft has all of them.
    pub fn is_ntia(self) -> bool {
        self.row().2
    }

    /// Whether the document says it once, rather than of every component.
    pub fn is_of_document(self) -> bool {
        self.row().3
    }
}

/// How far one element is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The element.
    pub element: Element,
    /// Components that have it; 1 or 0 for what the document says.
    pub filled: u32,
    /// Components that were looked at; 1 for what the document says.
    pub total: u32,
    /// Indices into [`Bom::entries`] of those that lack it.
    pub missing: Vec<u32>,
}

impl Filled {
    /// Whether nothing lacks it.
    pub fn is_complete(&self) -> bool {
        self.filled == self.total
    }
}

/// Counts every element over a bill, in the order of [`Element`]. The subject counts as a component.
pub fn minimum_elements(bom: &Bom) -> Vec<Filled> {
    let related = related(bom);
    TABLE
        .iter()
        .map(|(element, _, _, is_of_document)| {
            if *is_of_document {
                let filled = u32::from(document_says(bom, *element));
                return Filled { element: *element, filled, total: 1, missing: Vec::new() };
            }
            let lacks = |(index, entry): (u32, &Entry)| {
                let has = component_says(entry, *element, related[index as usize], bom.has_graph);
                (!has).then_some(index)
            };
            let missing: Vec<u32> = (0..).zip(&bom.entries).filter_map(lacks).collect();
            let total = bom.entries.len() as u32;
            Filled { element: *element, filled: total - missing.len() as u32, total, missing }
        })
        .collect()
}

/// Which entries an edge of the graph leads from or to.
fn related(bom: &Bom) -> Vec<bool> {
    let mut related = vec![false; bom.entries.len()];
    for (index, entry) in bom.entries.iter().enumerate() {
        for dependency in &entry.component.dependencies {
            related[index] = true;
            if let Some(slot) = related.get_mut(*dependency as usize) {
                *slot = true;
            }
        }
    }
    related
}

fn document_says(bom: &Bom, element: Element) -> bool {
    match element {
        Element::Author => !bom.authors.is_empty(),
        Element::Timestamp => bom.timestamp.is_some(),
        Element::Tool => !bom.tools.is_empty(),
        Element::GenerationContext => !bom.lifecycles.is_empty(),
        Element::Supplier
        | Element::Name
        | Element::Version
        | Element::Identifier
        | Element::Dependencies
        | Element::Hash
        | Element::License => false,
    }
}

fn component_says(entry: &Entry, element: Element, is_related: bool, has_graph: bool) -> bool {
    match element {
        Element::Supplier => {
            entry.supplier.is_some() || entry.author.is_some() || entry.component.supplier.is_some()
        }
        Element::Name => !entry.component.name.is_empty(),
        Element::Version => entry.component.version.is_some(),
        Element::Identifier => entry.purl.is_some() || entry.cpe.is_some(),
        Element::Dependencies => is_related || has_graph,
        Element::Hash => !entry.component.hashes.is_empty(),
        Element::License => {
            !entry.component.licenses.is_empty() || !entry.component.licenses_found.is_empty()
        }
        Element::Author | Element::Timestamp | Element::Tool | Element::GenerationContext => false,
    }
}
