//! Container images: an OCI layout (folder or tar) or what `docker save` writes.
//!
//! Layers are streamed once each and never unpacked: of every layer only the files that some reader wants
//! are kept, and of archives and binaries only what they say. The layers are then laid over each other
//! with the rules of the OCI image specification (whiteouts, opaque folders, links).

mod describe;
mod layer;
mod limits;
mod overlay;
mod source;
mod tar_stream;

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::examine::Examined;
use crate::links;
use crate::root::{OpenError, Opened, ReadError, Root};

use overlay::{Node, Overlay};

pub use limits::ImageLimits;

/// How an image is opened.
#[derive(Debug, Clone, Default)]
pub struct ImageOptions {
    /// What may be read at most.
    pub limits: ImageLimits,
    /// Platform to choose where the image has several, as `linux/arm64` or `linux/arm/v7`. Without one, the
    /// first is taken and the others are reported.
    pub platform: Option<String>,
}

/// One layer of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// Digest of the uncompressed layer, as the configuration states it; the name of the blob if it does not.
    pub diff_id: String,
    /// The build step that made it, from the history of the configuration.
    pub command: Option<String>,
}

/// The merged files of a container image.
pub struct Image {
    layers: Vec<Layer>,
    names: Vec<String>,
    overlay: Overlay,
    paths: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Image {
    /// Opens an OCI layout folder, an unpacked or packed `docker save`, or an OCI tar; tars may be
    /// compressed with gzip or zstd.
    pub fn open(path: &Path, options: &ImageOptions) -> Result<Self, OpenError> {
        let mut found = source::read(path, &options.limits)
            .map_err(|source| OpenError::Io { path: path.to_owned(), source })?;
        let not_an_image = |reason| OpenError::NotAnImage { path: path.to_owned(), reason };
        let description =
            describe::describe(&mut found, options.platform.as_deref()).map_err(not_an_image)?;
        Ok(Self::assemble(found, description))
    }

    /// Reads an image from the bytes of its tar; `None` if it is none.
    pub(crate) fn read(tar: &[u8], limits: ImageLimits) -> Option<Self> {
        let mut found = source::Found::default();
        found.read_tar(tar, &mut limits::Budget::new(limits));
        let description = describe::describe(&mut found, None).ok()?;
        Some(Self::assemble(found, description))
    }

    fn assemble(mut found: source::Found, description: describe::Description) -> Self {
        let mut diagnostics = std::mem::take(&mut found.diagnostics);
        diagnostics.extend(description.diagnostics);
        let mut overlay = Overlay::default();
        for (index, (blob, layer)) in description.blobs.iter().zip(&description.layers).enumerate() {
            let Some(diff) = found.layers.get(blob) else {
                let message = format!("layer {} is not there or cannot be read", layer.diff_id);
                diagnostics.push(Diagnostic::new(DiagnosticKind::BadArchive, message).at(blob.clone()));
                continue;
            };
            diagnostics.extend(diff.diagnostics.iter().cloned());
            overlay.add(diff, index as u32);
        }
        diagnostics.append(&mut overlay.diagnostics);
        diagnostics.sort_unstable();
        diagnostics.dedup();
        let paths = overlay.paths();
        Self { layers: description.layers, names: description.names, overlay, paths, diagnostics }
    }

    /// The layers, the lowest first.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Names that the image is tagged with, as far as it says.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn node(&self, path: &str) -> Result<(&Node, u32), ReadError> {
        let resolved = links::resolve(path, |at| self.overlay.link(at).map(str::to_owned))?;
        self.overlay.get(&resolved).ok_or(ReadError::Absent)
    }

    fn diff_id(&self, layer: u32) -> &str {
        self.layers.get(layer as usize).map_or("", |layer| &layer.diff_id)
    }
}

impl Root for Image {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn open(&self, path: &str) -> Result<Opened<'_>, ReadError> {
        match self.node(path)?.0 {
            Node::Kept(bytes) => {
                Ok(Opened { size: bytes.len() as u64, reader: Box::new(Cursor::new(&bytes[..])) })
            }
            Node::Examined(_) | Node::Link(_) => Err(ReadError::NotAFile),
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    fn layer(&self, path: &str) -> Option<&str> {
        let (_, layer) = self.node(path).ok()?;
        Some(self.diff_id(layer))
    }

    fn generations(&self, path: &str) -> Vec<(&str, &[u8])> {
        let Ok(resolved) = links::resolve(path, |at| self.overlay.link(at).map(str::to_owned)) else {
            return Vec::new();
        };
        let states = self.overlay.states(&resolved).iter();
        states.map(|(layer, bytes)| (self.diff_id(*layer), &bytes[..])).collect()
    }

    fn examined(&self, path: &str) -> Option<&Examined> {
        match self.overlay.get(path)?.0 {
            Node::Examined(examined) => Some(examined),
            Node::Kept(_) | Node::Link(_) => None,
        }
    }
}

/// Bytes that several paths of an image may share (hard links).
type Bytes = Arc<[u8]>;

#[cfg(test)]
mod tests;
