//! Licence texts that stand in for metadata: of a package that states no licence, the `LICENSE` beside it is read.
//!
//! What belongs to the project itself has the licence of the nearest folder upwards; a package that lies in the tree
//! (`vendor`, `node_modules`) has that of its own folder. Several texts together are taken to hold all.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;

use selvedge_license::detect::{self, TEXT_BYTES_MAX, Wording, wording};
use selvedge_package::{Component, Manifest, Origin, Relation};

/// Folders of a project in which package managers put the packages of others.
const PACKAGE_FOLDERS: &[&str] = &["vendor", "node_modules", "third_party"];
/// Folders upwards that are asked for the licence of what belongs to the project.
const ANCESTORS_MAX: usize = 64;

/// Whether a file of this path may hold the licence of what it lies beside.
pub(crate) fn is_wanted(path: &str) -> bool {
    detect::is_package_license(path)
}

/// Fills in the licences of the texts among `files` for components that state none.
pub fn add_found_licenses(manifests: &mut [Manifest], files: &BTreeMap<String, Vec<u8>>) {
    let by_folder = by_folder(files);
    if by_folder.is_empty() {
        return;
    }
    let mut pending = Vec::new();
    for (at, manifest) in manifests.iter().enumerate() {
        let folder = parent(&manifest.path);
        for (index, component) in manifest.components.iter().enumerate() {
            if component.licenses.is_empty()
                && component.licenses_found.is_empty()
                && let Some(texts) = texts_of(component, folder, &by_folder)
            {
                pending.push((at, index, texts));
            }
        }
    }
    let texts: Vec<&[u8]> = pending.iter().flat_map(|(_, _, texts)| texts.iter().copied()).collect();
    let mut found = detect_all(&texts).into_iter();
    for (at, index, texts) in &pending {
        let ids = found.by_ref().take(texts.len()).flatten();
        let ids: BTreeSet<String> = ids.map(str::to_owned).collect();
        manifests[*at].components[*index].licenses_found = ids.into_iter().collect();
    }
}

/// Says which licences texts are or hold, by the identifiers of SPDX, sorted; in the order of the texts.
pub fn detect_licenses(texts: &[&[u8]]) -> Vec<Vec<String>> {
    let found = detect_all(texts);
    found.into_iter().map(|ids| ids.into_iter().map(str::to_owned).collect()).collect()
}

/// The licence texts of each folder.
fn by_folder(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, Vec<&[u8]>> {
    let mut folders: BTreeMap<&str, Vec<&[u8]>> = BTreeMap::new();
    let texts = files.iter().filter(|(path, bytes)| is_wanted(path) && bytes.len() <= TEXT_BYTES_MAX);
    for (path, bytes) in texts {
        folders.entry(parent(path)).or_default().push(bytes);
    }
    folders
}

/// The texts that hold for a component of a manifest in `folder`.
fn texts_of<'f>(
    component: &Component,
    folder: &str,
    texts: &BTreeMap<&str, Vec<&'f [u8]>>,
) -> Option<Vec<&'f [u8]>> {
    let own = match &component.origin {
        Origin::Path(path) => Some(joined(folder, path)?),
        _ if component.relation == Relation::Root => Some(folder.to_owned()),
        _ => None,
    };
    if let Some(own) = own {
        let mut at = own.as_str();
        for _ in 0..ANCESTORS_MAX {
            if let Some(found) = texts.get(at) {
                return Some(found.clone());
            }
            if at.is_empty() {
                break;
            }
            at = parent(at);
        }
        return None;
    }
    let name = component.name.replace(':', "/");
    let version = component.version.as_deref().unwrap_or_default();
    PACKAGE_FOLDERS.iter().find_map(|packages| {
        let place = joined(folder, &format!("{packages}/{name}"))?;
        texts.get(place.as_str()).or_else(|| texts.get(format!("{place}-{version}").as_str())).cloned()
    })
}

/// `path` below `folder`, without `.` and `..`; `None` if it leads out of the tree.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Recognises texts on all cores, each wording once: most differ in the line of the copyright only.
fn detect_all(texts: &[&[u8]]) -> Vec<Vec<&'static str>> {
    let texts: Vec<Cow<'_, str>> = texts.iter().map(|text| String::from_utf8_lossy(text)).collect();
    let wordings: Vec<Wording> = texts.iter().map(|text| wording(text)).collect();
    let unique: BTreeMap<Wording, &str> =
        wordings.iter().copied().zip(texts.iter().map(AsRef::as_ref)).collect();
    let unique: Vec<(Wording, &str)> = unique.into_iter().collect();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = unique.len().div_ceil(threads).max(1);
    let work =
        |chunk: &[(Wording, &str)]| chunk.iter().map(|(key, text)| (*key, ids(text))).collect::<Vec<_>>();
    let known: BTreeMap<Wording, Vec<&'static str>> = std::thread::scope(|scope| {
        let workers: Vec<_> = unique.chunks(share).map(|chunk| scope.spawn(move || work(chunk))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    wordings.iter().map(|key| known.get(key).cloned().unwrap_or_default()).collect()
}

fn ids(text: &str) -> Vec<&'static str> {
    let found = detect::detect(text);
    let ids: BTreeSet<&'static str> = found.iter().map(|one| one.id).collect();
    ids.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISC: &str = "ISC License\n\nCopyright (c) 2020 Ada\n\nPermission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n";

    fn found(files: &[(&str, &str)], manifest: &str, component: Component) -> Vec<String> {
        let files: BTreeMap<String, Vec<u8>> =
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let mut manifests =
            [Manifest { path: manifest.to_owned(), components: vec![component], ..Manifest::default() }];
        add_found_licenses(&mut manifests, &files);
        manifests[0].components[0].licenses_found.clone()
    }

    fn package(name: &str) -> Component {
        Component { name: name.to_owned(), version: Some("1.0.0".to_owned()), ..Component::default() }
    }

    #[test]
    fn a_vendored_package_has_the_licence_of_its_folder() {
        for place in [
            "vendor/example.org/a/LICENSE",
            "node_modules/example.org/a/LICENSE.md",
            "vendor/example.org/a-1.0.0/COPYING",
        ] {
            assert_eq!(found(&[(place, ISC)], "go.mod", package("example.org/a")), ["ISC"], "{place}");
        }
        let below = [("svc/vendor/a/LICENSE", ISC), ("LICENSE", ISC)];
        assert_eq!(found(&below, "svc/go.mod", package("a")), ["ISC"]);
        assert!(
            found(&below, "other/go.mod", package("a")).is_empty(),
            "the project's own licence is not the package's"
        );
    }

    #[test]
    fn what_belongs_to_the_project_has_the_nearest_licence_upwards() {
        let root = Component { relation: Relation::Root, ..package("app") };
        assert_eq!(found(&[("LICENSE", ISC)], "a/b/package.json", root.clone()), ["ISC"]);
        let member = Component { origin: Origin::Path("../lib".to_owned()), ..package("lib") };
        assert_eq!(found(&[("a/lib/LICENSE", ISC)], "a/b/package.json", member), ["ISC"]);
        let outside = Component { origin: Origin::Path("../../lib".to_owned()), ..package("lib") };
        assert!(found(&[("LICENSE", ISC)], "a/package.json", outside).is_empty());
        let stated = Component { licenses: vec!["MIT".to_owned()], ..root };
        assert!(found(&[("LICENSE", ISC)], "package.json", stated).is_empty(), "metadata comes first");
    }

    #[test]
    fn every_text_has_its_answer_in_the_order_of_the_texts() {
        let other = ISC.replace("2020 Ada", "2021 Bob");
        let found = detect_licenses(&[ISC.as_bytes(), b"nothing", other.as_bytes()]);
        assert_eq!(found, [vec!["ISC".to_owned()], vec![], vec!["ISC".to_owned()]]);
    }
}
