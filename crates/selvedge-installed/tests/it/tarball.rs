//! Builds layers and images for tests.

use std::io::Write;

use tar::{Builder, EntryType, Header};

/// A tar that grows by one entry at a time.
pub(crate) struct Tarball(Builder<Vec<u8>>);

impl Tarball {
    pub(crate) fn new() -> Self {
        Self(Builder::new(Vec::new()))
    }

    pub(crate) fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.entry(path, EntryType::Regular, content.as_ref(), "");
        self
    }

    pub(crate) fn folder(mut self, path: &str) -> Self {
        self.entry(path, EntryType::Directory, b"", "");
        self
    }

    pub(crate) fn symlink(mut self, path: &str, target: &str) -> Self {
        self.entry(path, EntryType::Symlink, b"", target);
        self
    }

    pub(crate) fn hard_link(mut self, path: &str, target: &str) -> Self {
        self.entry(path, EntryType::Link, b"", target);
        self
    }

    /// An entry of any type, with its name written as it is: the builder refuses `..`.
    pub(crate) fn entry(&mut self, path: &str, kind: EntryType, content: &[u8], link: &str) {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o755);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.0.append(&header, content).unwrap();
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }

    pub(crate) fn gzip(self) -> Vec<u8> {
        gzip(&self.bytes())
    }

    pub(crate) fn zstd(self) -> Vec<u8> {
        zstd::encode_all(&self.bytes()[..], 1).unwrap()
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What `docker save` writes for these layers; the diff id of layer `n` is `sha256:layer<n>`.
pub(crate) fn saved(layers: Vec<Vec<u8>>) -> Vec<u8> {
    let names: Vec<String> = (0..layers.len()).map(|index| format!("\"{index}/layer.tar\"")).collect();
    let ids: Vec<String> = (0..layers.len()).map(|index| format!("\"sha256:layer{index}\"")).collect();
    let steps: Vec<String> = (0..layers.len())
        .map(|index| {
            format!(
                "{{\"created_by\":\"ENV A=B\",\"empty_layer\":true}},{{\"created_by\":\"RUN step {index}\"}}"
            )
        })
        .collect();
    let config = format!(
        "{{\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[{}]}},\"history\":[{}]}}",
        ids.join(","),
        steps.join(",")
    );
    let manifest =
        format!("[{{\"Config\":\"config.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[{}]}}]", names.join(","));
    let mut tar = Tarball::new();
    for (index, layer) in layers.into_iter().enumerate() {
        tar = tar.folder(&format!("{index}/")).file(&format!("{index}/layer.tar"), layer);
    }
    tar.file("config.json", config).file("manifest.json", manifest).bytes()
}
