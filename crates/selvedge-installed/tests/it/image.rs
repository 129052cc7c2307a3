//! Images: layers, whiteouts, links, and which layer brought what.

use std::fs;

use selvedge_installed::{Image, ImageOptions, Inventory, OpenError, inventory};

use crate::tarball::{Tarball, gzip, saved};

fn open(bytes: &[u8]) -> Image {
    open_with(bytes, &ImageOptions::default()).unwrap()
}

fn open_with(bytes: &[u8], options: &ImageOptions) -> Result<Image, OpenError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    fs::write(&path, bytes).unwrap();
    Image::open(&path, options)
}

/// One line for each component: `name version layer`.
fn lines(out: &Inventory) -> Vec<String> {
    let components = out.manifests.iter().flat_map(|manifest| &manifest.components);
    components
        .map(|it| {
            let name = it.binary_name.as_ref().unwrap_or(&it.name);
            let layer = it.layer.as_deref().unwrap_or("-");
            format!("{name} {} {layer}", it.version.as_deref().unwrap_or("-"))
        })
        .collect()
}

fn status(packages: &[(&str, &str)]) -> String {
    let stanza = |(name, version): &(&str, &str)| {
        format!("Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n\n")
    };
    packages.iter().map(stanza).collect()
}

fn metadata(name: &str, version: &str) -> String {
    format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
}

#[test]
fn each_package_is_attributed_to_the_layer_that_brought_this_version() {
    let image = saved(vec![
        Tarball::new()
            .file("etc/os-release", "ID=debian\nVERSION_ID=12\n")
            .file("var/lib/dpkg/status", status(&[("base", "1"), ("tool", "1"), ("gone", "1")]))
            .bytes(),
        Tarball::new()
            .file("var/lib/dpkg/status", status(&[("base", "1"), ("tool", "2"), ("gone", "1")]))
            .gzip(),
        Tarball::new()
            .file("var/lib/dpkg/status", status(&[("base", "1"), ("tool", "2"), ("extra", "1")]))
            .file("srv/site-packages/a-1.dist-info/METADATA", metadata("a", "1"))
            .zstd(),
    ]);
    let image = open(&image);
    let out = inventory(&image);
    assert_eq!(
        lines(&out),
        ["a 1 sha256:layer2", "base 1 sha256:layer0", "tool 2 sha256:layer1", "extra 1 sha256:layer2"]
    );
    assert_eq!(out.manifests[1].components[0].release.as_deref(), Some("12"));
    assert_eq!(image.layers()[1].command.as_deref(), Some("RUN step 1"));
    assert_eq!(image.names(), ["app:1"]);
    assert!(out.diagnostics.is_empty(), "{:?}", out.diagnostics);
}

#[test]
fn whiteouts_and_opaque_folders_hide_what_is_below() {
    let site = |name: &str| format!("srv/{name}/{name}-1.dist-info/METADATA");
    let image = saved(vec![
        Tarball::new()
            .file(&site("a"), metadata("a", "1"))
            .file(&site("b"), metadata("b", "1"))
            .file(&site("c"), metadata("c", "1"))
            .bytes(),
        Tarball::new()
            .file("srv/a/a-1.dist-info/.wh.METADATA", "")
            // What the same layer adds stays, whatever the order of its entries.
            .file("srv/b/new-1.dist-info/METADATA", metadata("new", "1"))
            .file("srv/b/.wh..wh..opq", "")
            .file("srv/.wh..wh.plnk", "")
            .bytes(),
    ]);
    let out = inventory(&open(&image));
    assert_eq!(lines(&out), ["new 1 sha256:layer1", "c 1 sha256:layer0"]);
}

#[test]
fn a_file_in_the_place_of_a_folder_hides_it_and_so_does_a_link() {
    let image = saved(vec![
        Tarball::new()
            .file("one/a-1.dist-info/METADATA", metadata("a", "1"))
            .file("two/b-1.dist-info/METADATA", metadata("b", "1"))
            .bytes(),
        Tarball::new().file("one", "").symlink("two", "three").bytes(),
    ]);
    assert_eq!(lines(&inventory(&open(&image))), [] as [&str; 0]);
}

#[test]
fn links_are_followed_inside_the_image_only() {
    let apk = "P:musl\nV:1.2\n\n";
    let image = saved(vec![
        Tarball::new()
            .folder("usr/lib/")
            .symlink("lib", "usr/lib")
            .symlink("etc/os-release", "../../usr/lib/os-release")
            .file("usr/lib/os-release", "ID=alpine\nVERSION_ID=3.20.1\n")
            .bytes(),
        // This path leads through the link of the layer below.
        Tarball::new().file("lib/apk/db/installed", apk).bytes(),
    ]);
    let out = inventory(&open(&image));
    assert_eq!(lines(&out), ["musl 1.2 sha256:layer1"]);
    assert_eq!(out.manifests[0].path, "usr/lib/apk/db/installed");
    let messages: Vec<_> = out.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(messages, ["etc/os-release: a symbolic link leads out of the root"]);
}

#[test]
fn hard_links_share_their_content() {
    let image = saved(vec![
        Tarball::new()
            .file("x/a-1.dist-info/METADATA", metadata("a", "1"))
            .hard_link("y/a-1.dist-info/METADATA", "x/a-1.dist-info/METADATA")
            .hard_link("z/a-1.dist-info/METADATA", "../outside")
            .bytes(),
    ]);
    let out = inventory(&open(&image));
    assert_eq!(lines(&out), ["a 1 sha256:layer0", "a 1 sha256:layer0"]);
    assert_eq!(
        out.diagnostics[0].to_string(),
        "z/a-1.dist-info/METADATA: a hard link that leaves the image was refused"
    );
}

#[test]
fn names_that_climb_out_are_refused_and_the_rest_counts() {
    let image = saved(vec![
        Tarball::new()
            .file("../../var/lib/dpkg/status", status(&[("evil", "1")]))
            .file("/var/lib/dpkg/status", status(&[("good", "1")]))
            .bytes(),
    ]);
    let out = inventory(&open(&image));
    assert_eq!(lines(&out), ["good 1 sha256:layer0"]);
    assert_eq!(
        out.diagnostics[0].to_string(),
        "../../var/lib/dpkg/status: a path that leaves the image was refused"
    );
}

/// An OCI layout with an index of two platforms, as files.
fn layout() -> Vec<(String, Vec<u8>)> {
    let blob = |name: &str| format!("blobs/sha256/{name}");
    let image = |layer: &str| {
        format!(
            "{{\"config\":{{\"digest\":\"sha256:config{layer}\"}},\"layers\":[{{\"digest\":\"sha256:{layer}\"}}]}}"
        )
    };
    let config = |layer: &str| format!("{{\"rootfs\":{{\"diff_ids\":[\"sha256:diff{layer}\"]}}}}");
    let layer = |name: &str| Tarball::new().file("srv/x-1.dist-info/METADATA", metadata(name, "1")).gzip();
    let inner = "{\"manifests\":[\
        {\"digest\":\"sha256:attested\",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}},\
        {\"digest\":\"sha256:amd\",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}},\
        {\"digest\":\"sha256:arm\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}}]}";
    let outer = "{\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\
        \"digest\":\"sha256:inner\",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}}]}";
    vec![
        (blob("amdlayer"), layer("amd")),
        (blob("armlayer"), layer("arm")),
        (blob("amd"), image("amdlayer").into()),
        (blob("arm"), image("armlayer").into()),
        (blob("configamdlayer"), config("amdlayer").into()),
        (blob("configarmlayer"), config("armlayer").into()),
        (blob("inner"), inner.into()),
        ("index.json".to_owned(), outer.into()),
        ("oci-layout".to_owned(), b"{\"imageLayoutVersion\":\"1.0.0\"}".to_vec()),
    ]
}

#[test]
fn an_oci_layout_is_read_as_folder_and_as_tar() {
    let folder = tempfile::tempdir().unwrap();
    let mut tar = Tarball::new();
    for (path, content) in layout() {
        let file = folder.path().join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, &content).unwrap();
        tar = tar.file(&path, content);
    }
    let tar = tar.bytes();
    let of_folder = Image::open(folder.path(), &ImageOptions::default()).unwrap();
    for image in [of_folder, open(&tar), open(&gzip(&tar))] {
        let out = inventory(&image);
        assert_eq!(lines(&out), ["amd 1 sha256:diffamdlayer"]);
        assert_eq!(image.names(), ["latest"]);
        let messages: Vec<_> = out.diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            ["blobs/sha256/inner: other images in this file were not looked at: linux/arm64/v8"]
        );
    }
    let options = ImageOptions { platform: Some("linux/arm64".to_owned()), ..ImageOptions::default() };
    let out = inventory(&open_with(&tar, &options).unwrap());
    assert_eq!(lines(&out), ["arm 1 sha256:diffarmlayer"]);
    assert!(out.diagnostics.is_empty(), "{:?}", out.diagnostics);
    let options = ImageOptions { platform: Some("plan9/mips".to_owned()), ..ImageOptions::default() };
    let error = open_with(&tar, &options).err().unwrap().to_string();
    assert!(error.ends_with("blobs/sha256/inner lists no image for plan9/mips"), "{error}");
}

#[test]
fn a_layer_that_is_linked_to_is_found() {
    let layer = Tarball::new().file("a/x-1.dist-info/METADATA", metadata("x", "1")).bytes();
    let tar = Tarball::new()
        .file("one/layer.tar", layer)
        .symlink("two/layer.tar", "../one/layer.tar")
        .file("c.json", "{\"rootfs\":{\"diff_ids\":[\"sha256:d\"]}}")
        .file("manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[\"two/layer.tar\"]}]")
        .bytes();
    assert_eq!(lines(&inventory(&open(&tar))), ["x 1 sha256:d"]);
}

#[test]
fn damaged_and_missing_layers_leave_the_others() {
    let mut broken = Tarball::new().file("a/x-1.dist-info/METADATA", metadata("x", "1")).gzip();
    broken.truncate(broken.len() / 2);
    let good = Tarball::new().file("b/y-1.dist-info/METADATA", metadata("y", "1")).bytes();
    let out = inventory(&open(&saved(vec![broken, good])));
    assert_eq!(lines(&out), ["y 1 sha256:layer1"]);
    assert!(out.diagnostics[0].to_string().starts_with("0/layer.tar: layer cannot be read to its end"));

    let tar =
        Tarball::new().file("manifest.json", "[{\"Config\":\"c\",\"Layers\":[\"absent.tar\"]}]").bytes();
    let image = open(&tar);
    let messages: Vec<_> = inventory(&image).diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "absent.tar: layer absent.tar is not there or cannot be read",
            "c: configuration cannot be read, layers are named by their blobs: c is not there",
        ]
    );
}

#[test]
fn what_is_no_image_says_what_was_expected() {
    let error = open_with(b"hello", &ImageOptions::default()).err().unwrap().to_string();
    assert!(error.contains("expected index.json (OCI layout) or manifest.json (docker save)"), "{error}");
}
