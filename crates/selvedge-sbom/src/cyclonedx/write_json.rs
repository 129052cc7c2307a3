//! CycloneDX 1.6 in JSON.

use std::io;

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::view::{self, ComponentView, MetadataView};
use crate::bom::Bom;

/// Writes `bom` in JSON, indented, with a line end after the last line.
///
/// The same bill gives the same bytes. Where it has no serial number, the derived one is written.
pub fn write_json(bom: &Bom, out: &mut dyn io::Write) -> io::Result<()> {
    let serial = super::serial(bom);
    write(bom, Some(&serial), Some(view::metadata(bom)), out)?;
    out.write_all(b"\n")
}

/// Writes what the serial number is derived from: components and graph.
pub(crate) fn write_content(bom: &Bom, out: &mut dyn io::Write) -> io::Result<()> {
    let subject = bom.subject().map(view::subject);
    let document = Document { subject_only: subject, ..document(bom, None, None) };
    serde_json::to_writer(out, &document).map_err(io::Error::from)
}

fn write(
    bom: &Bom,
    serial: Option<&str>,
    metadata: Option<MetadataView<'_>>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(bom, serial, metadata)).map_err(io::Error::from)
}

fn document<'a>(bom: &'a Bom, serial: Option<&'a str>, metadata: Option<MetadataView<'a>>) -> Document<'a> {
    Document {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        format: "CycloneDX",
        version: "1.6",
        serial,
        revision: 1,
        metadata,
        subject_only: None,
        components: Components(bom),
        dependencies: Dependencies(bom),
        compositions: super::composition(bom).into_iter().collect(),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    #[serde(rename = "bomFormat")]
    format: &'static str,
    #[serde(rename = "specVersion")]
    version: &'static str,
    #[serde(rename = "serialNumber", skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
    #[serde(rename = "version")]
    revision: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<MetadataView<'a>>,
    #[serde(rename = "subject", skip_serializing_if = "Option::is_none")]
    subject_only: Option<ComponentView<'a>>,
    components: Components<'a>,
    dependencies: Dependencies<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    compositions: Vec<Composition<'a>>,
}

struct Components<'a>(&'a Bom);

impl Serialize for Components<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.parts().map(|(_, entry)| view::component(entry)))
    }
}

struct Dependencies<'a>(&'a Bom);

impl Serialize for Dependencies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for entry in &self.0.entries {
            let targets = super::dependencies(self.0, entry).collect();
            list.serialize_element(&Dependency { reference: &entry.reference, depends_on: targets })?;
        }
        list.end()
    }
}

#[derive(Serialize)]
struct Dependency<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    #[serde(rename = "dependsOn", skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<&'a str>,
}

/// How complete the graph below the subject is.
#[derive(Serialize)]
pub(super) struct Composition<'a> {
    pub(super) aggregate: &'static str,
    pub(super) dependencies: [&'a str; 1],
}
