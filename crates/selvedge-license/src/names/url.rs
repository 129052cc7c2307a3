//! Addresses that stand for a licence: where its text is published.

/// Address without scheme, `www.` and ending, in lower case, and what it means. The first row that the address
/// begins with counts.
pub(super) const ADDRESSES: &[(&str, &str)] = &[
    ("apache.org/licenses/license-2.0", "Apache-2.0"),
    ("apache.org/license/license-2.0", "Apache-2.0"),
    ("apache.org/licenses/license-1.1", "Apache-1.1"),
    ("gnu.org/licenses/gpl-2.0", "GPL-2.0-only"),
    ("gnu.org/licenses/old-licenses/gpl-2.0", "GPL-2.0-only"),
    ("gnu.org/licenses/gpl-3.0", "GPL-3.0-only"),
    ("gnu.org/licenses/gpl", "GPL-3.0-only"),
    ("gnu.org/licenses/lgpl-2.1", "LGPL-2.1-only"),
    ("gnu.org/licenses/old-licenses/lgpl-2.1", "LGPL-2.1-only"),
    ("gnu.org/licenses/old-licenses/lgpl-2.0", "LGPL-2.0-only"),
    ("gnu.org/licenses/lgpl-3.0", "LGPL-3.0-only"),
    ("gnu.org/licenses/lgpl", "LGPL-3.0-only"),
    ("gnu.org/licenses/agpl-3.0", "AGPL-3.0-only"),
    ("gnu.org/licenses/agpl", "AGPL-3.0-only"),
    ("gnu.org/copyleft/lesser", "LGPL-3.0-only"),
    ("gnu.org/copyleft/gpl", "GPL-3.0-only"),
    ("eclipse.org/legal/epl-v10", "EPL-1.0"),
    ("eclipse.org/legal/epl-1.0", "EPL-1.0"),
    ("eclipse.org/legal/epl-v20", "EPL-2.0"),
    ("eclipse.org/legal/epl-2.0", "EPL-2.0"),
    ("eclipse.org/org/documents/epl-v10", "EPL-1.0"),
    ("eclipse.org/org/documents/epl-2.0", "EPL-2.0"),
    ("eclipse.org/org/documents/edl-v10", "BSD-3-Clause"),
    ("mozilla.org/mpl/2.0", "MPL-2.0"),
    ("mozilla.org/en-us/mpl/2.0", "MPL-2.0"),
    ("mozilla.org/mpl/mpl-1.1", "MPL-1.1"),
    ("mozilla.org/mpl/1.1", "MPL-1.1"),
    ("unlicense.org", "Unlicense"),
    ("json.org/license", "JSON"),
    ("bouncycastle.org/licence", "MIT"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
    ("creativecommons.org/licenses/publicdomain", "CC-PDDC"),
    ("creativecommons.org/licenses/by/3.0", "CC-BY-3.0"),
    ("creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
    ("creativecommons.org/licenses/by-sa/3.0", "CC-BY-SA-3.0"),
    ("creativecommons.org/licenses/by-sa/4.0", "CC-BY-SA-4.0"),
    ("creativecommons.org/licenses/by-nc/4.0", "CC-BY-NC-4.0"),
    ("boost.org/license_1_0", "BSL-1.0"),
    ("wtfpl.net", "WTFPL"),
    ("scripts.sil.org/ofl", "OFL-1.1"),
    ("glassfish.java.net/public/cddl+gpl_1_1", "CDDL-1.1"),
    ("glassfish.dev.java.net/public/cddl+gpl", "CDDL-1.0"),
    ("sun.com/cddl", "CDDL-1.0"),
    ("antlr.org/license", "BSD-3-Clause"),
    ("elastic.co/licensing/elastic-license", "Elastic-2.0"),
    ("aws.amazon.com/apache2.0", "Apache-2.0"),
    ("go.microsoft.com/fwlink/?linkid=329770", "LicenseRef-Microsoft-NET-Library"),
    ("dotnet.microsoft.com/dotnet_library_license", "LicenseRef-Microsoft-NET-Library"),
];

/// Hosts whose paths end in an identifier of the SPDX list.
const BY_IDENTIFIER: &[&str] = &[
    "spdx.org/licenses/",
    "opensource.org/licenses/",
    "opensource.org/license/",
    "licenses.nuget.org/",
    "choosealicense.com/licenses/",
];

/// Endings of files that say nothing.
const ENDINGS: &[&str] = &[".html", ".htm", ".txt", ".php", ".md", ".en", "-license", "/"];

/// The licence that is published at an address; nothing if the text is no address or not a known one.
pub(super) fn find(text: &str) -> Option<&'static str> {
    let lower = text.trim().to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))?;
    let mut rest = rest.strip_prefix("www.").unwrap_or(rest).split('#').next().unwrap_or_default();
    while let Some(cut) = ENDINGS.iter().find_map(|ending| rest.strip_suffix(ending)) {
        rest = cut;
    }
    if let Some(row) = ADDRESSES.iter().find(|row| rest.starts_with(row.0)) {
        return Some(row.1);
    }
    let identifier = BY_IDENTIFIER.iter().find_map(|host| rest.strip_prefix(host))?;
    let identifier = super::key(identifier);
    super::KEYS.get(&identifier).map(|(id, _)| *id)
}
