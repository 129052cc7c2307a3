//! What Conan resolved.

use crate::listing::check;

#[test]
fn a_graph_of_conan_1_has_edges_and_build_tools() {
    let lock = r#"{"graph_lock": {"nodes": {
      "0": {"ref": "app/1.0", "path": "conanfile.py", "requires": ["1"], "build_requires": ["3"]},
      "1": {"ref": "freetype/2.12.1#rev", "requires": ["2"]},
      "2": {"ref": "zlib/1.2.13@acme/stable#rev:pkg"},
      "3": {"ref": "ninja/1.11.1", "requires": ["4"]},
      "4": {"pref": "perl/5.36:hash"},
      "5": {"ref": "1.2.3"}
    }}, "version": "0.4"}"#;
    check(
        &[("conan.lock", lock)],
        "
        conan.lock conan-lock graph
          2 app@1.0 root path:. -> freetype@2.12.1, ninja@1.11.1
          3 freetype@2.12.1 direct -> zlib@1.2.13
          4 zlib@1.2.13 transitive registry:@acme/stable
          5 ninja@1.11.1 direct build -> perl@5.36
          6 perl@5.36 transitive build
        conan.lock:7: `1.2.3` is no `<name>/<version>`; it is left out
        ",
    );
}

#[test]
fn lists_of_conan_2_and_the_conanfile() {
    let lock = r#"{"version": "0.5", "requires": [
      "zlib/1.2.13#13c96f538b52e1600c40b88994de240f%1667396813.733",
      "bzip2/1.0.8"
    ], "build_requires": ["cmake/3.27"], "python_requires": []}"#;
    let conanfile =
        "[requires]\nzlib/[>=1.2] # c\n[tool_requires]\ncmake/3.27\nodd\n[options]\nzlib:shared=True\n";
    check(
        &[("a/conan.lock", lock), ("a/conanfile.txt", conanfile), ("b/conanfile.txt", conanfile)],
        "
        a/conan.lock conan-lock
          2 zlib@1.2.13 direct ([>=1.2]) declared:a/conanfile.txt:2
          3 bzip2@1.0.8 unknown
          4 cmake@3.27 direct build (3.27) declared:a/conanfile.txt:4
        b/conanfile.txt conanfile unlocked
          2 zlib direct ([>=1.2])
          4 cmake@3.27 direct build (3.27)
        b/conanfile.txt:5: expected `<name>/<version>`
        ",
    );
    check(&[("conan.lock", "null")], "conan.lock:1: expected an object with `graph_lock` or `requires`");
}
