//! Doors for the fuzz targets and for nothing else: each parser of bytes on its own.

use crate::{Image, ImageLimits, Inventory, Root, apk, binary, dpkg, gem, inventory, jar, node, python, rpm};

/// The databases of dpkg and apk; how many packages they have.
pub fn databases(bytes: &[u8]) -> usize {
    dpkg::components(dpkg::STATUS, bytes).len() + apk::components_of("installed", bytes).len()
}

/// A database of RPM in any format, or a single header.
pub fn rpm(bytes: &[u8]) -> usize {
    rpm::count(bytes)
}

/// A zip with what it nests.
pub fn archive(bytes: &[u8]) -> usize {
    jar::examine("app-1.0.war", bytes).components.len()
}

/// A binary.
pub fn binary(bytes: &[u8]) -> usize {
    binary::examine(bytes).map_or(0, |examined| examined.components.len())
}

/// Metadata of Python, Node and Ruby packages.
pub fn metadata(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    usize::from(python::metadata(&text).is_some())
        + usize::from(node::parse(bytes).is_ok())
        + usize::from(gem::parse("a-1.gemspec", &text).is_some())
}

/// A tar of an image, then the inventory of it.
pub fn image(bytes: &[u8], limits: ImageLimits) -> Option<Inventory> {
    let image = Image::read(bytes, limits)?;
    assert!(image.paths().is_sorted(), "paths are found by bisection");
    Some(inventory(&image))
}
