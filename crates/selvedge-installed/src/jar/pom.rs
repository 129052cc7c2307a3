//! Coordinates of Maven artefacts from `pom.properties`, `pom.xml` and file names.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Depth of elements in a `pom.xml` that is followed.
const XML_DEPTH_MAX: usize = 64;

/// Group, artefact and version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Coordinates {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
}

impl Coordinates {
    /// The coordinates if all three are there and are no placeholders.
    fn checked(self) -> Option<Self> {
        let good = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_graphic())
                && !text.contains(['$', ':', '{'])
        };
        (good(&self.group) && good(&self.artifact) && good(&self.version)).then_some(self)
    }
}

/// Reads a `pom.properties` (the format of `java.util.Properties`, of which Maven uses `key=value`).
pub(super) fn properties(text: &str) -> Option<Coordinates> {
    let mut it = Coordinates::default();
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with(['#', '!'])) {
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        let value = value.trim().to_owned();
        match key.trim() {
            "groupId" => it.group = value,
            "artifactId" => it.artifact = value,
            "version" => it.version = value,
            _ => {}
        }
    }
    it.checked()
}

/// Reads the coordinates of a `pom.xml`; group and version may be those of the parent.
pub(super) fn project(text: &str) -> Option<Coordinates> {
    let (mut own, mut parent) = (Coordinates::default(), Coordinates::default());
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if path.len() < XML_DEPTH_MAX => {
                path.push(start.local_name().as_ref().to_owned());
            }
            Event::Start(_) => return None,
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) => {
                let value = text.trim().to_owned();
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                match names.as_slice() {
                    ["project", field] => set(&mut own, field, value),
                    ["project", "parent", field] => set(&mut parent, field, value),
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if own.group.is_empty() {
        own.group = parent.group;
    }
    if own.version.is_empty() {
        own.version = parent.version;
    }
    own.checked()
}

fn set(coordinates: &mut Coordinates, field: &str, value: String) {
    let slot = match field {
        "groupId" => &mut coordinates.group,
        "artifactId" => &mut coordinates.artifact,
        "version" => &mut coordinates.version,
        _ => return,
    };
    if slot.is_empty() {
        *slot = value;
    }
}

/// Artefact and version of `artefact-version.jar`; the version begins with the first digit after a `-`.
pub(super) fn file_name(name: &str) -> Option<(String, String)> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let at = stem
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| stem.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit) && *at > 0)?;
    let (artifact, version) = (&stem[..at], &stem[at + 1..]);
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte));
    (plain(artifact) && plain(version)).then(|| (artifact.to_owned(), version.to_owned()))
}
