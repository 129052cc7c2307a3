//! `META-INF/MANIFEST.MF`: what it lets one guess about group, artefact and version.

use std::collections::BTreeMap;

use super::pom::Coordinates;

/// Attributes of one manifest, which has a few dozen.
const ATTRIBUTES_MAX: usize = 10_000;

/// Attributes that may hold the group, the most telling first.
const GROUPS: &[&str] = &[
    "bundle-symbolicname",
    "extension-name",
    "specification-vendor",
    "implementation-vendor",
    "implementation-vendor-id",
    "implementation-title",
    "bundle-activator",
    "automatic-module-name",
    "main-class",
    "package",
];

/// Attributes that may hold the artefact, the most telling first.
const ARTIFACTS: &[&str] =
    &["name", "implementation-title", "specification-title", "bundle-name", "short-name", "extension-name"];

/// Attributes that may hold the version, the most telling first.
const VERSIONS: &[&str] =
    &["implementation-version", "specification-version", "plugin-version", "bundle-version"];

/// Beginnings of well-known artefacts whose manifests name another group than Maven Central, and that group.
const KNOWN_GROUPS: &[(&str, &str)] = &[
    ("axis", "org.apache.axis"),
    ("commons-beanutils", "commons-beanutils"),
    ("commons-codec", "commons-codec"),
    ("commons-collections4", "org.apache.commons"),
    ("commons-collections", "commons-collections"),
    ("commons-compress", "org.apache.commons"),
    ("commons-fileupload", "commons-fileupload"),
    ("commons-io", "commons-io"),
    ("commons-lang3", "org.apache.commons"),
    ("commons-lang", "commons-lang"),
    ("commons-logging", "commons-logging"),
    ("commons-text", "org.apache.commons"),
    ("guava", "com.google.guava"),
    ("jackson-annotations", "com.fasterxml.jackson.core"),
    ("jackson-core", "com.fasterxml.jackson.core"),
    ("jackson-databind", "com.fasterxml.jackson.core"),
    ("log4j-api", "org.apache.logging.log4j"),
    ("log4j-core", "org.apache.logging.log4j"),
    ("log4j", "log4j"),
    ("slf4j-api", "org.slf4j"),
    ("snakeyaml", "org.yaml"),
    ("spring-aop", "org.springframework"),
    ("spring-beans", "org.springframework"),
    ("spring-boot", "org.springframework.boot"),
    ("spring-context", "org.springframework"),
    ("spring-core", "org.springframework"),
    ("spring-expression", "org.springframework"),
    ("spring-jdbc", "org.springframework"),
    ("spring-security-core", "org.springframework.security"),
    ("spring-security-web", "org.springframework.security"),
    ("spring-web", "org.springframework"),
    ("spring-webmvc", "org.springframework"),
    ("struts2-core", "org.apache.struts"),
    ("tomcat-embed-core", "org.apache.tomcat.embed"),
    ("xstream", "com.thoughtworks.xstream"),
];

/// The attributes of a manifest, names in lower case. Of those that several sections have, the first counts.
#[derive(Debug, Default)]
pub(super) struct Attributes(BTreeMap<String, String>);

/// Reads a manifest (JAR File Specification, "JAR Manifest"); a line that starts with a space continues the
/// one before. Empty lines are skipped: some writers leave them in the main section.
pub(super) fn parse(text: &str) -> Attributes {
    let mut lines: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()).take(ATTRIBUTES_MAX) {
        if let Some(rest) = line.strip_prefix(' ') {
            if let Some((_, value)) = lines.last_mut() {
                value.push_str(rest);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            lines.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let mut attributes = BTreeMap::new();
    for (name, value) in lines {
        attributes.entry(name).or_insert(value);
    }
    Attributes(attributes)
}

impl Attributes {
    /// Who supplies the archive, by the attributes made for that.
    pub(super) fn vendor(&self) -> Option<String> {
        let names = ["implementation-vendor", "bundle-vendor", "specification-vendor"];
        names.into_iter().find_map(|name| crate::supplier::name(self.get(name)))
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The coordinates with the help of the file name, which knows artefact and version better.
    pub(super) fn combined(&self, named: Option<(String, String)>) -> Option<Coordinates> {
        let own = self.artifact();
        let Some((artifact, version)) = named else {
            let artifact = own?;
            let group = known_group(&artifact).map(str::to_owned).or_else(|| self.group(None))?;
            return Some(Coordinates { group, version: self.version()?, artifact });
        };
        let group = known_group(&artifact).map(str::to_owned);
        let group = group.or_else(|| self.group(own.as_deref())).or_else(|| dotted_group(&artifact));
        Some(Coordinates { group: group.unwrap_or_else(|| artifact.clone()), artifact, version })
    }

    fn group(&self, artifact: Option<&str>) -> Option<String> {
        if let Some(known) = artifact.and_then(known_group) {
            return Some(known.to_owned());
        }
        let found = GROUPS.iter().find_map(|name| {
            let value = self.get(name);
            // `org.elasticsearch#server;8.14.3` begins with the group.
            let value = if *name == "implementation-title" { leading_domain(value) } else { value };
            let value = value.split(';').next().unwrap_or_default();
            (!value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic())).then_some(value)
        })?;
        Some(found.to_ascii_lowercase())
    }

    /// The artefact: of a bundle that the Maven plugin made (its symbolic name is group and artefact), else
    /// the first attribute that is one word.
    fn artifact(&self) -> Option<String> {
        let made_by_plugin = self.get("created-by").contains("Apache Maven Bundle Plugin");
        let symbolic = self.get("bundle-symbolicname").split(';').next().unwrap_or_default();
        if made_by_plugin && let Some((_, last)) = symbolic.rsplit_once('.') {
            return Some(last.to_owned());
        }
        let by_path = self.get("name").trim_end_matches('/');
        if let Some((_, last)) = by_path.rsplit_once('/')
            && known_group(last) == Some(by_path.replace('/', ".").as_str())
        {
            return Some(last.to_owned());
        }
        let found = ARTIFACTS.iter().map(|name| self.get(name)).find(|value| is_artifact(value))?;
        Some(found.to_owned())
    }

    /// The first version, without what follows a space (`1.4 1855 April 22 2006`).
    fn version(&self) -> Option<String> {
        let found = VERSIONS.iter().map(|name| self.get(name)).find(|value| !value.is_empty())?;
        found.split_ascii_whitespace().next().map(str::to_owned)
    }
}

fn is_artifact(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !value.is_empty() && value.bytes().all(plain) && !value.starts_with("com.") && !value.starts_with("org.")
}

fn known_group(artifact: &str) -> Option<&'static str> {
    KNOWN_GROUPS.iter().find(|(known, _)| *known == artifact).map(|(_, group)| *group)
}

/// The first run of letters, digits, `-`, `_` and `.`.
fn leading_domain(value: &str) -> &str {
    let inside = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let value = value.trim_start_matches(|c| !inside(c));
    value.split(|c| !inside(c)).next().unwrap_or_default()
}

/// `org.eclipse.sisu` of `org.eclipse.sisu.inject`.
fn dotted_group(artifact: &str) -> Option<String> {
    let (group, _) = artifact.rsplit_once('.')?;
    let first = group.split('.').next()?;
    let is_domain = group.contains('.')
        && matches!(first, "com" | "org" | "net" | "io" | "edu" | "gov" | "javax" | "jakarta");
    is_domain.then(|| group.to_ascii_lowercase())
}
