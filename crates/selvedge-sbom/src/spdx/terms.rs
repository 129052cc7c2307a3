//! Terms of SPDX 2.3 and what they are in the neutral model.

use selvedge_package::Scope;

use crate::bom::{Kind, Occurrence};

/// Beginning of the `sourceInfo` that lists where a package was seen.
const FOUND_IN: &str = "found in ";

/// The purpose (7.24) of a kind.
pub(super) fn purpose(kind: Kind) -> &'static str {
    match kind {
        Kind::Application => "APPLICATION",
        Kind::Framework => "FRAMEWORK",
        Kind::Library => "LIBRARY",
        Kind::Container => "CONTAINER",
        Kind::OperatingSystem => "OPERATING_SYSTEM",
        Kind::Device => "DEVICE",
        Kind::Firmware => "FIRMWARE",
        Kind::File => "FILE",
        Kind::Platform
        | Kind::DeviceDriver
        | Kind::MachineLearningModel
        | Kind::Data
        | Kind::CryptographicAsset => "OTHER",
    }
}

/// The kind that a purpose means, in the spelling of SPDX 2.3 (`OPERATING-SYSTEM` in its text,
/// `OPERATING_SYSTEM` in its schema) or 3.0 (`operatingSystem`).
pub(super) fn kind(purpose: &str) -> Option<Kind> {
    let plain: String =
        purpose.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect();
    Some(match plain.as_str() {
        "application" | "executable" => Kind::Application,
        "framework" => Kind::Framework,
        "library" | "module" => Kind::Library,
        "container" => Kind::Container,
        "operatingsystem" => Kind::OperatingSystem,
        "platform" => Kind::Platform,
        "device" => Kind::Device,
        "devicedriver" => Kind::DeviceDriver,
        "firmware" => Kind::Firmware,
        "file" | "archive" => Kind::File,
        "model" => Kind::MachineLearningModel,
        "data" => Kind::Data,
        _ => return None,
    })
}

/// How a relationship (11.1) reads as "one depends on the other".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// The element depends on the related one.
    Forward(Scope),
    /// The related element depends on this one.
    Backward(Scope),
    /// The element is the document, the related one its subject.
    Describes,
    /// The other way round.
    DescribedBy,
}

/// The edge that a relationship means; nothing for those that are no dependency.
pub(super) fn edge(relationship: &str) -> Option<Edge> {
    Some(match relationship {
        "DEPENDS_ON" | "DYNAMIC_LINK" | "STATIC_LINK" | "HAS_PREREQUISITE" => Edge::Forward(Scope::Runtime),
        "DEPENDENCY_OF" | "RUNTIME_DEPENDENCY_OF" | "PROVIDED_DEPENDENCY_OF" | "PREREQUISITE_FOR" => {
            Edge::Backward(Scope::Runtime)
        }
        "OPTIONAL_DEPENDENCY_OF" | "OPTIONAL_COMPONENT_OF" => Edge::Backward(Scope::Optional),
        "BUILD_DEPENDENCY_OF" | "BUILD_TOOL_OF" => Edge::Backward(Scope::Build),
        "DEV_DEPENDENCY_OF" | "DEV_TOOL_OF" | "TEST_DEPENDENCY_OF" | "TEST_TOOL_OF" => {
            Edge::Backward(Scope::Development)
        }
        "DESCRIBES" => Edge::Describes,
        "DESCRIBED_BY" => Edge::DescribedBy,
        _ => return None,
    })
}

/// The relationship of a dependency to what needs it; `DEPENDS_ON`, the other way round, for run time.
pub(super) fn dependency_of(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Runtime => None,
        Scope::Optional => Some("OPTIONAL_DEPENDENCY_OF"),
        Scope::Build => Some("BUILD_DEPENDENCY_OF"),
        Scope::Development => Some("DEV_DEPENDENCY_OF"),
    }
}

/// `found in PATH:LINE; PATH`, with `;` and `%` of paths escaped.
pub(super) fn source_info(occurrences: &[Occurrence]) -> Option<String> {
    if occurrences.is_empty() {
        return None;
    }
    let one = |it: &Occurrence| {
        let path = it.path.replace('%', "%25").replace(';', "%3B");
        let needs_line = it.line > 0 || ends_with_number(&path).is_some();
        if needs_line { format!("{path}:{}", it.line) } else { path }
    };
    Some(format!("{FOUND_IN}{}", occurrences.iter().map(one).collect::<Vec<_>>().join("; ")))
}

/// What [`source_info`] wrote; nothing for the source information of others.
pub(super) fn occurrences(source_info: &str) -> Vec<Occurrence> {
    let Some(list) = source_info.strip_prefix(FOUND_IN) else { return Vec::new() };
    let one = |text: &str| {
        let (path, line) = ends_with_number(text).unwrap_or((text, 0));
        Occurrence { path: path.replace("%3B", ";").replace("%25", "%"), line }
    };
    let mut all: Vec<Occurrence> = list.split("; ").map(one).collect();
    all.sort();
    all
}

fn ends_with_number(text: &str) -> Option<(&str, u32)> {
    let (path, line) = text.rsplit_once(':')?;
    line.parse().ok().map(|line| (path, line))
}

/// Whether a value says that nothing is known or nothing is there.
pub(super) fn is_nothing(text: &str) -> bool {
    matches!(text, "NOASSERTION" | "NONE")
}
