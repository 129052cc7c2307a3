//! The documents of an image: which layers make it up, in which order, and what made them.

use selvedge_model::{Diagnostic, DiagnosticKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Layer;
use super::limits::IMAGE_INDEX_DEPTH_MAX;
use super::source::Found;

/// What the documents say.
#[derive(Debug, Default)]
pub(super) struct Description {
    /// Path of the blob of each layer, the lowest first.
    pub(super) blobs: Vec<String>,
    /// The layers, in the same order.
    pub(super) layers: Vec<Layer>,
    /// Tags.
    pub(super) names: Vec<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// One image of `manifest.json`, which `docker save` writes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Option<Vec<String>>,
}

/// An OCI image index.
#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

/// An OCI image manifest.
#[derive(Deserialize)]
struct ImageManifest {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

/// An OCI content descriptor.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    annotations: Option<std::collections::BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Platform {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

impl Platform {
    fn name(&self) -> String {
        match &self.variant {
            Some(variant) => format!("{}/{}/{variant}", self.os, self.architecture),
            None => format!("{}/{}", self.os, self.architecture),
        }
    }
}

/// The configuration, as far as it is about layers.
#[derive(Default, Deserialize)]
struct Configuration {
    #[serde(default)]
    rootfs: RootFs,
    #[serde(default)]
    history: Option<Vec<Step>>,
}

#[derive(Default, Deserialize)]
struct RootFs {
    #[serde(default)]
    diff_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    created_by: Option<String>,
    #[serde(default)]
    empty_layer: bool,
}

/// Reads the documents of `found`; the error says what was expected.
pub(super) fn describe(found: &mut Found, platform: Option<&str>) -> Result<Description, String> {
    let mut description = Description::default();
    if found.documents.contains_key("manifest.json") {
        saved(found, &mut description)?;
    } else if found.documents.contains_key("index.json") {
        layout(found, platform, &mut description)?;
    } else {
        return Err("expected index.json (OCI layout) or manifest.json (docker save)".to_owned());
    }
    Ok(description)
}

fn document<T: DeserializeOwned>(found: &Found, path: &str) -> Result<T, String> {
    let bytes = found.documents.get(path).ok_or_else(|| format!("{path} is not there"))?;
    serde_json::from_slice(bytes).map_err(|error| format!("{path}: {error}"))
}

fn saved(found: &Found, description: &mut Description) -> Result<(), String> {
    let images: Vec<Saved> = document(found, "manifest.json")?;
    let others = images.len().saturating_sub(1);
    let image = images.into_iter().next().ok_or("manifest.json lists no image")?;
    if others > 0 {
        let message = format!("{others} more images in this file were not looked at; save them one by one");
        description.report("manifest.json", message);
    }
    description.names = image.repo_tags.unwrap_or_default();
    description.blobs = image.layers.unwrap_or_default().iter().map(|layer| found.resolved(layer)).collect();
    description.configure(found, &image.config);
    Ok(())
}

fn layout(found: &Found, platform: Option<&str>, description: &mut Description) -> Result<(), String> {
    let mut path = "index.json".to_owned();
    for _ in 0..=IMAGE_INDEX_DEPTH_MAX.value {
        let index: Index = document(found, &path)?;
        let chosen = choose(index, platform, &path, description)?;
        if let Some(name) =
            chosen.annotations.as_ref().and_then(|all| all.get("org.opencontainers.image.ref.name"))
        {
            description.names.push(name.clone());
        }
        path = blob_path(&chosen.digest).ok_or_else(|| format!("`{}` is no digest", chosen.digest))?;
        if !chosen.media_type.contains("index") && !chosen.media_type.contains("manifest.list") {
            let manifest: ImageManifest = document(found, &path)?;
            let layers = manifest.layers.iter();
            description.blobs = layers.map(|layer| blob_path(&layer.digest).unwrap_or_default()).collect();
            description.configure(found, &blob_path(&manifest.config.digest).unwrap_or_default());
            return Ok(());
        }
    }
    Err(format!("indexes lead to each other beyond {IMAGE_INDEX_DEPTH_MAX}"))
}

/// The image of an index that is asked for, or the first; attestations are none.
fn choose(
    index: Index,
    platform: Option<&str>,
    path: &str,
    description: &mut Description,
) -> Result<Descriptor, String> {
    let name = |it: &Descriptor| it.platform.as_ref().map(Platform::name).unwrap_or_default();
    let mut images: Vec<Descriptor> =
        index.manifests.into_iter().filter(|it| !name(it).starts_with("unknown/")).collect();
    let wanted = |it: &Descriptor| {
        platform.is_none_or(|wanted| {
            let name = name(it);
            name.is_empty()
                || name == wanted
                || name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let position = images.iter().position(wanted).ok_or_else(|| match platform {
        Some(platform) => format!("{path} lists no image for {platform}"),
        None => format!("{path} lists no image"),
    })?;
    let chosen = images.remove(position);
    if platform.is_none() && !images.is_empty() {
        let others: Vec<String> =
            images.iter().map(|it| if name(it).is_empty() { it.digest.clone() } else { name(it) }).collect();
        description
            .report(path, format!("other images in this file were not looked at: {}", others.join(", ")));
    }
    Ok(chosen)
}

/// `sha256:…` below `blobs`; `None` if it is no digest.
fn blob_path(digest: &str) -> Option<String> {
    let (algorithm, encoded) = digest.split_once(':')?;
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain(algorithm) && plain(encoded)).then(|| format!("blobs/{algorithm}/{encoded}"))
}

impl Description {
    fn report(&mut self, path: &str, message: String) {
        self.diagnostics.push(Diagnostic::new(DiagnosticKind::BadArchive, message).at(path));
    }

    /// Names the layers with the diff ids and the history of the configuration.
    fn configure(&mut self, found: &Found, path: &str) {
        let configuration: Configuration = document(found, path).unwrap_or_else(|error| {
            self.report(
                path,
                format!("configuration cannot be read, layers are named by their blobs: {error}"),
            );
            Configuration::default()
        });
        let diff_ids = configuration.rootfs.diff_ids;
        if !diff_ids.is_empty() && diff_ids.len() != self.blobs.len() {
            let message = format!("{} diff ids for {} layers", diff_ids.len(), self.blobs.len());
            self.report(path, message);
        }
        let steps = configuration.history.unwrap_or_default();
        let mut commands = steps.into_iter().filter(|step| !step.empty_layer).map(|step| step.created_by);
        let layers = self.blobs.iter().enumerate().map(|(index, blob)| Layer {
            diff_id: diff_ids.get(index).cloned().unwrap_or_else(|| blob.clone()),
            command: commands.next().flatten().filter(|command| !command.is_empty()),
        });
        self.layers = layers.collect();
    }
}
