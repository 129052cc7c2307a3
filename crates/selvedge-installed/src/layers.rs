//! Which layer of an image brought a package that stands in a database.
//!
//! Every layer that installs something writes the whole database anew, so the layer that holds the file
//! says nothing about most of its packages. The states of the file are compared instead: a package came
//! with the lowest layer from which on every state lists that very version.

use std::collections::HashMap;

use selvedge_package::{Component, Manifest};

use crate::root::Root;

/// Sets `layer` of every component of the database at `path`. `parse` reads one state of it.
pub(crate) fn attribute(
    root: &dyn Root,
    path: &str,
    manifest: &mut Manifest,
    parse: &dyn Fn(&[u8]) -> Vec<Component>,
) {
    let Some(last) = root.layer(path) else { return };
    let generations = root.generations(path);
    let mut since: HashMap<Key, &str> = HashMap::new();
    for (layer, bytes) in &generations {
        let mut present = HashMap::new();
        for component in parse(bytes) {
            let key = key(&component);
            let first = since.get(&key).copied().unwrap_or(layer);
            present.insert(key, first);
        }
        since = present;
    }
    for component in &mut manifest.components {
        let layer = since.get(&key(component)).copied().unwrap_or(last);
        component.layer = Some(layer.to_owned());
    }
}

/// What tells one installed package from another: name, version and architecture.
type Key = (String, Option<String>, Option<String>);

fn key(component: &Component) -> Key {
    let name = component.binary_name.as_ref().unwrap_or(&component.name);
    let version = component.binary_version.as_ref().or(component.version.as_ref());
    (name.clone(), version.cloned(), component.architecture.clone())
}
