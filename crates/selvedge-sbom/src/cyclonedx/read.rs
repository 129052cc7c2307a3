//! CycloneDX 1.2 to 1.7 from a tree, whichever notation it came from. Lenient: what can be read is used, what
//! cannot is said. [`crate::validate()`] is the strict reading.

use std::collections::HashMap;

use selvedge_package::{Component, Scope};

use crate::bom::{Bom, Entry, Kind, Lifecycle, Occurrence, Tool};
use crate::facts::{self, PREFIX};
use crate::reading::Context;
use crate::tree::Node;
use crate::{hashes, identity};

/// Reads the document. `format` names it for provenance.
pub(crate) fn read(root: &Node<'_>, format: String, ctx: &mut Context<'_>) -> Bom {
    let mut reader = Reader { ctx, bom: Bom::default(), by_reference: HashMap::new() };
    let metadata = root.get("metadata");
    if let Some(subject) = metadata.and_then(|it| it.get("component")) {
        reader.bom.subject = reader.component(subject);
    }
    for component in root.list("components") {
        reader.component(component);
    }
    for part in ["components", "dependencies"] {
        if let Some(node) = root.get(part).filter(|node| !matches!(node.value, crate::tree::Value::Array(_)))
        {
            reader
                .ctx
                .wrong(node.start as usize, format!("expected an array in `{part}`, found {}", node.kind()));
        }
    }
    if let Some(metadata) = metadata {
        reader.metadata(metadata);
    }
    let has_edges = reader.dependencies(root.list("dependencies"));
    let is_incomplete = reader.says_incomplete(root);
    let mut bom = reader.bom;
    bom.has_graph = has_edges && !is_incomplete;
    identity::make_references_unique(&mut bom.entries);
    bom.relate();
    bom.serial = root.string("serialNumber");
    bom.sources = vec![crate::bom::Source {
        path: ctx.path.to_owned(),
        format,
        serial: bom.serial.clone(),
        timestamp: bom.timestamp.clone(),
    }];
    bom
}

struct Reader<'r, 'c> {
    ctx: &'r mut Context<'c>,
    bom: Bom,
    by_reference: HashMap<String, u32>,
}

impl Reader<'_, '_> {
    /// Reads a component and those nested in it; the index of the outer one.
    fn component(&mut self, node: &Node<'_>) -> Option<u32> {
        if node.members().is_empty() {
            self.ctx.wrong(node.start as usize, format!("expected a component, found {}", node.kind()));
            return None;
        }
        let mut entry = entry(node, self.ctx);
        entry.sources = vec![0];
        let index = self.bom.entries.len() as u32;
        if let Some(reference) = node.text("bom-ref") {
            if self.by_reference.contains_key(reference) {
                self.ctx.wrong(node.start as usize, format!("the reference {reference:?} stands twice"));
            } else {
                self.by_reference.insert(reference.to_owned(), index);
                reference.clone_into(&mut entry.reference);
            }
        }
        self.bom.entries.push(entry);
        for nested in node.list("components") {
            self.component(nested);
        }
        Some(index)
    }

    fn metadata(&mut self, node: &Node<'_>) {
        let bom = &mut self.bom;
        bom.timestamp = node.string("timestamp");
        bom.authors = node.list("authors").iter().filter_map(person).collect();
        for key in ["manufacturer", "manufacture"] {
            bom.authors.extend(node.get(key).and_then(person));
        }
        bom.supplier = node.get("supplier").and_then(person);
        bom.lifecycles =
            node.list("lifecycles").iter().filter_map(|it| Lifecycle::from_name(it.text("phase")?)).collect();
        let tools = node.get("tools");
        let listed = tools.map_or(&[][..], |tools| match tools.items() {
            [] => tools.list("components"),
            items => items,
        });
        let services = tools.map_or(&[][..], |tools| tools.list("services"));
        bom.tools = listed.iter().chain(services).filter_map(tool).collect();
    }

    /// Joins the graph; whether there is an edge at all.
    fn dependencies(&mut self, list: &[Node<'_>]) -> bool {
        let mut has_edges = false;
        for node in list {
            let Some(from) = self.target(node.get("ref")) else { continue };
            for target in node.list("dependsOn") {
                if let Some(to) = self.target(Some(target))
                    && to != from
                {
                    self.bom.entries[from as usize].component.dependencies.push(to);
                    has_edges = true;
                }
            }
        }
        for entry in &mut self.bom.entries {
            entry.component.dependencies.sort_unstable();
            entry.component.dependencies.dedup();
        }
        has_edges
    }

    fn target(&mut self, node: Option<&Node<'_>>) -> Option<u32> {
        let node = node?;
        let Some(reference) = node.as_str() else {
            self.ctx.wrong(node.start as usize, format!("expected a reference, found {}", node.kind()));
            return None;
        };
        let known = self.by_reference.get(reference).copied();
        if known.is_none() {
            self.ctx.wrong(node.start as usize, format!("no component has the reference {reference:?}"));
        }
        known
    }

    /// Whether a composition says that the graph below the subject is not whole.
    fn says_incomplete(&self, root: &Node<'_>) -> bool {
        let Some(subject) = self.bom.subject() else { return false };
        root.list("compositions").iter().any(|composition| {
            let aggregate = composition.text("aggregate").unwrap_or_default();
            let is_about = |list: &str| {
                composition.list(list).iter().any(|it| it.as_str() == Some(subject.reference.as_str()))
            };
            aggregate.starts_with("incomplete") && is_about("dependencies")
        })
    }
}

/// The name of a person or organisation.
fn person(node: &Node<'_>) -> Option<String> {
    node.string("name").or_else(|| node.string("email")).or_else(|| node.as_str().map(str::to_owned))
}

fn tool(node: &Node<'_>) -> Option<Tool> {
    let vendor = node.string("vendor").or_else(|| {
        ["manufacturer", "supplier", "provider"].iter().find_map(|key| node.get(key).and_then(person))
    });
    let vendor = vendor.or_else(|| node.string("author")).or_else(|| node.string("publisher"));
    Some(Tool { vendor, name: node.string("name")?, version: node.string("version") })
}

/// One component with what only the SBOM says of it.
fn entry(node: &Node<'_>, ctx: &mut Context<'_>) -> Entry {
    let anchor = node.get("purl").or_else(|| node.get("name")).unwrap_or(node);
    let purl = node.text("purl");
    let mut component = match purl.map(identity::component_from_purl) {
        Some(Ok(component)) => component,
        Some(Err(reason)) => {
            ctx.wrong(anchor.start as usize, format!("not a package URL: {reason}"));
            plain_component(node)
        }
        None => plain_component(node),
    };
    component.span = ctx.span(anchor);
    if component.version.is_none() {
        component.version = node.string("version");
    }
    component.scope = match node.text("scope") {
        Some("optional") => Scope::Optional,
        Some("excluded") => Scope::Development,
        _ => Scope::Runtime,
    };
    component.licenses = licenses(node);
    component.licenses_found = node.get("evidence").map(licenses).unwrap_or_default();
    read_hashes(node.list("hashes"), &mut component, ctx);
    for reference in node.list("externalReferences") {
        if reference.text("type") == Some("distribution") && component.resolved.is_none() {
            component.resolved = reference.string("url");
        }
    }
    let mut entry = Entry {
        purl: purl.map(str::to_owned),
        kind: node.text("type").and_then(Kind::from_name).unwrap_or_default(),
        cpe: node.string("cpe"),
        supplier: node.get("supplier").and_then(person),
        author: author(node),
        copyright: node.string("copyright"),
        description: node.string("description"),
        occurrences: occurrences(node),
        component,
        ..Entry::default()
    };
    apply_properties(node, &mut entry);
    entry
}

/// What name, group and version say where no package URL does.
fn plain_component(node: &Node<'_>) -> Component {
    let name = node.text("name").unwrap_or_default();
    let name = match node.text("group") {
        Some(group) => format!("{group}/{name}"),
        None => name.to_owned(),
    };
    Component { name, version: node.string("version"), ..Component::default() }
}

fn author(node: &Node<'_>) -> Option<String> {
    let authors: Vec<String> = node.list("authors").iter().filter_map(person).collect();
    if !authors.is_empty() {
        return Some(authors.join(", "));
    }
    node.string("author")
        .or_else(|| node.string("publisher"))
        .or_else(|| node.get("manufacturer").and_then(person))
}

fn licenses(node: &Node<'_>) -> Vec<String> {
    let one = |choice: &Node<'_>| {
        let license = choice.get("license");
        choice.string("expression").or_else(|| {
            license.and_then(|it| {
                it.string("id").or_else(|| it.string("name")).or_else(|| it.string("expression"))
            })
        })
    };
    node.list("licenses").iter().filter_map(one).collect()
}

fn read_hashes(list: &[Node<'_>], component: &mut Component, ctx: &mut Context<'_>) {
    for node in list {
        let (Some(alg), Some(content)) = (node.text("alg"), node.text("content")) else {
            ctx.wrong(node.start as usize, "expected a hash with `alg` and `content`");
            continue;
        };
        match hashes::from_parts(alg, content.trim()) {
            Some(hash) => component.hashes.push(hash),
            None if hashes::is_foreign(alg) => {}
            None => ctx.wrong(node.start as usize, format!("not a digest of {alg}: {content:?}")),
        }
    }
    component.hashes.sort();
    component.hashes.dedup();
}

fn occurrences(node: &Node<'_>) -> Vec<Occurrence> {
    let list = node.at(&["evidence", "occurrences"]).map_or(&[][..], Node::items);
    let one = |it: &Node<'_>| {
        let line = it.get("line").and_then(Node::number).unwrap_or(0);
        Some(Occurrence { path: it.string("location")?, line })
    };
    let mut all: Vec<Occurrence> = list.iter().filter_map(one).collect();
    all.sort();
    all.dedup();
    all
}

/// What the properties of Selvedge, and those that other generators write for the same facts, say.
fn apply_properties(node: &Node<'_>, entry: &mut Entry) {
    for property in node.list("properties") {
        let (Some(name), Some(value)) = (property.text("name"), property.text("value")) else { continue };
        match name.strip_prefix(PREFIX) {
            Some(own) => facts::apply(own, value, &mut entry.component),
            None => foreign_property(name, value, entry),
        }
    }
    entry.component.hashes.sort();
    entry.occurrences.sort();
    entry.occurrences.dedup();
    entry.component.hashes.dedup();
}

/// Properties of cyclonedx-npm, Syft and Trivy.
fn foreign_property(name: &str, value: &str, entry: &mut Entry) {
    let component = &mut entry.component;
    match name {
        "cdx:npm:package:development" if value == "true" => component.scope = Scope::Development,
        "aquasecurity:trivy:LayerDiffID" => component.layer = Some(value.to_owned()),
        "aquasecurity:trivy:SrcName" if component.ecosystem.is_distribution() && component.name != value => {
            component.binary_name = Some(std::mem::replace(&mut component.name, value.to_owned()));
        }
        _ if name.starts_with("syft:location:") && name.ends_with(":path") => {
            entry.occurrences.push(Occurrence { path: value.trim_start_matches('/').to_owned(), line: 0 });
        }
        _ if name.starts_with("syft:location:") && name.ends_with(":layerID") => {
            component.layer.get_or_insert_with(|| value.to_owned());
        }
        _ => {}
    }
}
