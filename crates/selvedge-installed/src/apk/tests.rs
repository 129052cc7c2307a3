//! The installed database of apk.

use super::*;

const TEXT: &str = "\
C:Q1zwvKMnYs1b6ZdPTBJ0Z7D5P3jyA=
P:busybox
V:1.36.1-r5
A:x86_64
L:GPL-2.0-only
o:busybox
D:so:libc.musl-x86_64.so.1
p:cmd:sh=1.36.1-r5 /bin/sh
F:bin
R:busybox

P:ssl_client
V:1.36.1-r5
A:x86_64
o:busybox
D:/bin/sh !conflicting

P:musl
V:1.2.4-r2
p:so:libc.musl-x86_64.so.1=1
";

#[test]
fn origins_versions_and_edges() {
    let mut packages = Packages::default();
    let mut diagnostics = Vec::new();
    packages.parse("installed", TEXT, &mut diagnostics);
    let found: Vec<_> = packages
        .linked()
        .into_iter()
        .map(|it| (it.name, it.binary_name, it.version.unwrap_or_default(), it.dependencies, it.span.line))
        .collect();
    assert_eq!(
        found,
        [
            ("busybox".into(), None, "1.36.1-r5".into(), vec![2], 1),
            ("busybox".into(), Some("ssl_client".into()), "1.36.1-r5".into(), vec![0], 12),
            ("musl".into(), None, "1.2.4-r2".into(), vec![], 18),
        ]
    );
    assert!(diagnostics.is_empty());
}

#[test]
fn malformed_lines_and_packages_are_said() {
    let mut packages = Packages::default();
    let mut diagnostics = Vec::new();
    packages.parse("installed", "P:a\nV:1\nwhat\n\nP:nameless\n", &mut diagnostics);
    assert_eq!(packages.components.len(), 1);
    let lines: Vec<_> = diagnostics.iter().map(|it| it.line).collect();
    assert_eq!(lines, [Some(3), Some(5)]);
}
