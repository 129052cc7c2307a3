//! What a finding about a package says of the package itself: place, name, way, identity.

use selvedge_model::{ByteRange, Confidence, Excerpt, Fingerprint, LineIndex, PackageFacts, Subject};
use selvedge_package::Component;

use super::Case;

/// Folders whose lockfiles belong to tests, examples or the work of others.
const ASIDE: &[&str] = &[
    "test",
    "tests",
    "testdata",
    "test-data",
    "fixtures",
    "__fixtures__",
    "spec",
    "specs",
    "examples",
    "example",
    "samples",
    "sample",
    "vendor",
    "third_party",
    "node_modules",
    "benchmarks",
];

/// Where the component stands.
pub(crate) struct Place {
    pub(crate) subject: Subject,
    pub(crate) excerpt: Option<Excerpt>,
}

/// The place of a component, with its line.
pub(crate) fn place<'a>(case: &Case<'a>, component: &'a Component) -> Place {
    let written = case.written(component);
    let location = written.location(component);
    let has_line = component.span.line > 0 && !written.bytes.is_empty();
    let mark = ByteRange::new(component.span.start as usize, component.span.end as usize);
    let excerpt = has_line.then(|| Excerpt::new(written.bytes, &written.lines, mark, &[]));
    let excerpt = excerpt.filter(|_| !may_hold_secrets(written.bytes, &written.lines, mark));
    Place { subject: Subject::Package { purl: purl(component), location }, excerpt }
}

/// The package URL; of a package that can have none, its name.
pub(crate) fn purl(component: &Component) -> String {
    component.purl().map_or_else(|| named(component), |purl| purl.to_string())
}

/// Whether the line holds a login, so that it must not be shown: the secrets engine speaks about it.
fn may_hold_secrets(bytes: &[u8], lines: &LineIndex, mark: ByteRange) -> bool {
    let index = lines.line_index((mark.start as usize).min(bytes.len()));
    let line = &bytes[lines.line_range(bytes, index)];
    let text = String::from_utf8_lossy(line);
    text.split("://").skip(1).any(|rest| {
        rest.split(['/', '"', '\'', ' ', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
    })
}

/// `npm`, `Debian:12`.
pub(crate) fn ecosystem(component: &Component) -> String {
    match &component.release {
        Some(release) => format!("{}:{release}", component.ecosystem),
        None => component.ecosystem.to_string(),
    }
}

/// `name version`.
pub(crate) fn named(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{} {version}", component.name),
        None => component.name.clone(),
    }
}

/// The facts that every finding about a component has.
pub(crate) fn facts(case: &Case<'_>, index: u32) -> PackageFacts {
    let component = &case.manifest.components[index as usize];
    let way = case.manifest.path_to(index);
    PackageFacts {
        ecosystem: ecosystem(component),
        name: component.name.clone(),
        version: component.version.clone(),
        scope: component.scope.as_str().to_owned(),
        relation: component.relation.as_str().to_owned(),
        path: way.iter().map(|at| named(&case.manifest.components[*at as usize])).collect(),
        layer: component.layer.clone(),
        ..PackageFacts::default()
    }
}

/// Identity of a finding: what is said, of which package, in which file. The version is part of it, since
/// another version is another decision; the place in the file is not.
pub(crate) fn fingerprint(case: &Case<'_>, rule: &str, component: &Component) -> Fingerprint {
    let version = component.version.as_deref().unwrap_or_default();
    let release = component.release.as_deref().unwrap_or_default();
    case.key.fingerprint(&[
        b"dependency",
        rule.as_bytes(),
        case.manifest.path.as_bytes(),
        component.ecosystem.as_str().as_bytes(),
        release.as_bytes(),
        component.name.as_bytes(),
        version.as_bytes(),
    ])
}

/// How sure a finding in this file can be, and why it is less sure than elsewhere.
pub(crate) fn confidence(case: &Case<'_>) -> (Confidence, Vec<String>) {
    let folder = case.manifest.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let aside = folder.split(['/', '!']).find(|part| {
        let part = part.to_ascii_lowercase();
        ASIDE.contains(&part.as_str())
    });
    match aside {
        Some(part) => (Confidence::Low, vec![format!("the file lies in a `{part}` folder: it may not ship")]),
        None => (Confidence::High, Vec::new()),
    }
}
