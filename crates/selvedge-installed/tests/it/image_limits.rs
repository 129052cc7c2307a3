//! The budgets of images: each says its name when it bites, and what was read until then counts.

use std::fs;

use selvedge_installed::{Image, ImageLimits, ImageOptions, Inventory, inventory};
use tar::EntryType;

use crate::tarball::{Tarball, gzip, saved};

fn read(bytes: &[u8], limits: ImageLimits) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    fs::write(&path, bytes).unwrap();
    inventory(&Image::open(&path, &ImageOptions { limits, platform: None }).unwrap())
}

#[track_caller]
fn check(out: &Inventory, components: usize, name: &str) {
    let count: usize = out.manifests.iter().map(|manifest| manifest.components.len()).sum();
    assert_eq!(count, components);
    assert!(out.diagnostics.iter().any(|it| it.message.contains(name)), "{:?}", out.diagnostics);
}

fn packages(count: usize) -> Vec<u8> {
    let mut tar = Tarball::new();
    for index in 0..count {
        let text = format!("Name: p{index}\nVersion: 1\n{}", " ".repeat(10_000));
        tar = tar.file(&format!("srv/p{index}-1.dist-info/METADATA"), text);
    }
    tar.bytes()
}

#[test]
fn entries() {
    let limits = ImageLimits { entries_max: 3, ..ImageLimits::default() };
    check(&read(&saved(vec![packages(9)]), limits), 3, "entries_max allows (3)");
}

#[test]
fn decompressed_bytes() {
    let bomb = Tarball::new()
        .file("srv/a-1.dist-info/METADATA", "Name: a\nVersion: 1\n")
        .file("zeros", vec![0; 8 << 20])
        .file("srv/b-1.dist-info/METADATA", "Name: b\nVersion: 1\n")
        .gzip();
    assert!(bomb.len() < 100_000);
    let limits = ImageLimits { bytes_max: 1 << 20, ..ImageLimits::default() };
    check(&read(&saved(vec![bomb]), limits), 1, "bytes_max");
}

#[test]
fn kept_bytes() {
    let limits = ImageLimits { kept_bytes_max: 25_000, ..ImageLimits::default() };
    check(&read(&saved(vec![packages(5)]), limits), 2, "kept_bytes_max allows (25000)");
}

#[test]
fn bytes_of_one_file() {
    let limits = ImageLimits { file_bytes_max: 9_000, ..ImageLimits::default() };
    check(&read(&saved(vec![packages(1)]), limits), 0, "file_bytes_max allows (9000)");
}

#[test]
fn names_of_any_length() {
    let mut layer = Tarball::new().file("srv/a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
    layer.entry("././@LongLink", EntryType::GNULongName, &vec![b'x'; 4 << 20], "");
    let layer = layer.file("x", "");
    check(&read(&saved(vec![gzip(&layer.bytes())]), ImageLimits::default()), 1, "TAR_EXTENSION_BYTES_MAX");
    let mut layer = Tarball::new();
    layer.entry("././@LongLink", EntryType::GNULongName, &vec![b'x'; 5_000], "");
    let layer = layer.file("x", "");
    check(&read(&saved(vec![layer.bytes()]), ImageLimits::default()), 0, "IMAGE_PATH_BYTES_MAX");
}

#[test]
fn indexes_that_lead_to_themselves() {
    let index = "{\"manifests\":[{\"mediaType\":\"x.index\",\"digest\":\"sha256:a\"}]}";
    let tar = Tarball::new().file("blobs/sha256/a", index).file("index.json", index).bytes();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x"), tar).unwrap();
    let error = Image::open(&folder.path().join("x"), &ImageOptions::default()).err().unwrap();
    assert!(error.to_string().contains("IMAGE_INDEX_DEPTH_MAX"), "{error}");
}
