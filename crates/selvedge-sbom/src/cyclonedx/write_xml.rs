//! CycloneDX 1.6 in XML. Elements stand in the order of the schema, which is a sequence.

use std::io::{self, Write};

use super::view::{self, ComponentView, EvidenceView, LicenseName, LicenseView, MetadataView, PropertyView};
use crate::bom::{Bom, Entry};

/// Writes `bom` in XML, indented, with a line end after the last line.
///
/// Characters that XML 1.0 cannot hold are replaced by U+FFFD.
pub fn write_xml(bom: &Bom, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Xml { out, open: Vec::new() };
    xml.out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    let serial = super::serial(bom);
    let attributes =
        [("xmlns", "http://cyclonedx.org/schema/bom/1.6"), ("serialNumber", &*serial), ("version", "1")];
    xml.start("bom", &attributes)?;
    metadata(&mut xml, &view::metadata(bom))?;
    xml.start("components", &[])?;
    for (_, entry) in bom.parts() {
        component(&mut xml, &view::component(entry))?;
    }
    xml.end()?;
    xml.start("dependencies", &[])?;
    for entry in &bom.entries {
        dependency(&mut xml, bom, entry)?;
    }
    xml.end()?;
    if let Some(composition) = super::composition(bom) {
        xml.start("compositions", &[])?;
        xml.start("composition", &[])?;
        xml.leaf("aggregate", composition.aggregate)?;
        xml.start("dependencies", &[])?;
        for reference in composition.dependencies {
            xml.empty("dependency", &[("ref", reference)])?;
        }
        xml.end()?;
        xml.end()?;
        xml.end()?;
    }
    xml.end()
}

fn metadata(xml: &mut Xml<'_>, view: &MetadataView<'_>) -> io::Result<()> {
    xml.start("metadata", &[])?;
    xml.optional("timestamp", view.timestamp)?;
    if !view.lifecycles.is_empty() {
        xml.start("lifecycles", &[])?;
        for lifecycle in &view.lifecycles {
            xml.start("lifecycle", &[])?;
            xml.leaf("phase", lifecycle.phase)?;
            xml.end()?;
        }
        xml.end()?;
    }
    if !view.tools.components.is_empty() {
        xml.start("tools", &[])?;
        xml.start("components", &[])?;
        for tool in &view.tools.components {
            xml.start("component", &[("type", tool.kind)])?;
            organisation(xml, "manufacturer", tool.manufacturer.as_ref().map(|it| it.name))?;
            xml.leaf("name", tool.name)?;
            xml.optional("version", tool.version)?;
            xml.end()?;
        }
        xml.end()?;
        xml.end()?;
    }
    if !view.authors.is_empty() {
        xml.start("authors", &[])?;
        for author in &view.authors {
            organisation(xml, "author", Some(author.name))?;
        }
        xml.end()?;
    }
    if let Some(subject) = &view.component {
        component(xml, subject)?;
    }
    organisation(xml, "supplier", view.supplier.as_ref().map(|it| it.name))?;
    properties(xml, &view.properties)?;
    xml.end()
}

fn component(xml: &mut Xml<'_>, view: &ComponentView<'_>) -> io::Result<()> {
    xml.start("component", &[("type", view.kind), ("bom-ref", view.reference)])?;
    organisation(xml, "supplier", view.supplier.as_ref().map(|it| it.name))?;
    xml.optional("author", view.author)?;
    xml.optional("group", view.group)?;
    xml.leaf("name", view.name)?;
    xml.optional("version", view.version)?;
    xml.optional("description", view.description)?;
    xml.optional("scope", view.scope)?;
    if !view.hashes.is_empty() {
        xml.start("hashes", &[])?;
        for hash in &view.hashes {
            xml.text_element("hash", &[("alg", hash.alg)], hash.content)?;
        }
        xml.end()?;
    }
    licenses(xml, &view.licenses)?;
    xml.optional("copyright", view.copyright)?;
    xml.optional("cpe", view.cpe)?;
    xml.optional("purl", view.purl)?;
    if !view.references.is_empty() {
        xml.start("externalReferences", &[])?;
        for reference in &view.references {
            xml.start("reference", &[("type", reference.kind)])?;
            xml.leaf("url", reference.url)?;
            xml.end()?;
        }
        xml.end()?;
    }
    properties(xml, &view.properties)?;
    if let Some(evidence) = &view.evidence {
        xml.start("evidence", &[])?;
        occurrences(xml, evidence)?;
        licenses(xml, &evidence.licenses)?;
        xml.end()?;
    }
    xml.end()
}

fn organisation(xml: &mut Xml<'_>, element: &'static str, name: Option<&str>) -> io::Result<()> {
    let Some(name) = name else { return Ok(()) };
    xml.start(element, &[])?;
    xml.leaf("name", name)?;
    xml.end()
}

fn licenses(xml: &mut Xml<'_>, all: &[LicenseView<'_>]) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    xml.start("licenses", &[])?;
    for one in all {
        match one {
            LicenseView::Expression { expression } => xml.leaf("expression", expression)?,
            LicenseView::License(license) => {
                xml.start("license", &[])?;
                match license {
                    LicenseName::Id(id) => xml.leaf("id", id)?,
                    LicenseName::Name(name) => xml.leaf("name", name)?,
                }
                xml.end()?;
            }
        }
    }
    xml.end()
}

fn properties(xml: &mut Xml<'_>, all: &[PropertyView<'_>]) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    xml.start("properties", &[])?;
    for property in all {
        xml.text_element("property", &[("name", &*property.name)], &property.value)?;
    }
    xml.end()
}

fn occurrences(xml: &mut Xml<'_>, evidence: &EvidenceView<'_>) -> io::Result<()> {
    if evidence.occurrences.is_empty() {
        return Ok(());
    }
    xml.start("occurrences", &[])?;
    for occurrence in &evidence.occurrences {
        xml.start("occurrence", &[])?;
        xml.leaf("location", occurrence.location)?;
        if let Some(line) = occurrence.line {
            xml.leaf("line", &line.to_string())?;
        }
        xml.end()?;
    }
    xml.end()
}

fn dependency(xml: &mut Xml<'_>, bom: &Bom, entry: &Entry) -> io::Result<()> {
    let reference = [("ref", entry.reference.as_str())];
    if entry.component.dependencies.is_empty() {
        return xml.empty("dependency", &reference);
    }
    xml.start("dependency", &reference)?;
    for target in super::dependencies(bom, entry) {
        xml.empty("dependency", &[("ref", target)])?;
    }
    xml.end()
}

/// Writes elements line by line, two spaces a level.
struct Xml<'o> {
    out: &'o mut dyn Write,
    open: Vec<&'static str>,
}

impl Xml<'_> {
    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        for _ in &self.open {
            self.out.write_all(b"  ")?;
        }
        write!(self.out, "<{name}")?;
        for (key, value) in attributes {
            write!(self.out, " {key}=\"")?;
            self.escaped(value)?;
            self.out.write_all(b"\"")?;
        }
        Ok(())
    }

    fn start(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.open.push(name);
        self.out.write_all(b">\n")
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.out.write_all(b"/>\n")
    }

    fn end(&mut self) -> io::Result<()> {
        let name = self.open.pop().unwrap_or_default();
        for _ in &self.open {
            self.out.write_all(b"  ")?;
        }
        writeln!(self.out, "</{name}>")
    }

    fn text_element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.out.write_all(b">")?;
        self.escaped(text)?;
        writeln!(self.out, "</{name}>")
    }

    fn leaf(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.text_element(name, &[], text)
    }

    fn optional(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.leaf(name, text))
    }

    /// Text that stands for itself in content and in attributes alike.
    fn escaped(&mut self, text: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            let replacement = match character {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\t' => "&#9;",
                '\n' => "&#10;",
                '\r' => "&#13;",
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}",
                _ => continue,
            };
            self.out.write_all(&text.as_bytes()[plain..at])?;
            self.out.write_all(replacement.as_bytes())?;
            plain = at + character.len_utf8();
        }
        self.out.write_all(&text.as_bytes()[plain..])
    }
}
