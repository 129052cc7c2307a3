//! Licence texts recognised: `LICENSE`, `COPYING`, `NOTICE` and the like.
//!
//! The comparison and its store of texts are those of the `spdx` crate: word pairs counted, Dice's coefficient
//! as the score; the wordings met most need no comparison. The store is unpacked at first use; it costs about 0.12 s of one core and 60 MB, and is not touched
//! by anything else in this crate (measured with 13 licence files of crates: 10 to 60 ms each, all right).

mod known;

use std::sync::OnceLock;

use spdx::detection::scan::Scanner;
use spdx::detection::{Store, TextData};

use crate::names;

pub use known::{Wording, wording};

/// Bytes of a text that are looked at. The longest licence of the list has about 60 kB; what is longer is a
/// collection of notices.
pub const TEXT_BYTES_MAX: usize = 128 * 1024;

/// Score from which a text counts as that licence. Below it, something was added, left out or changed that may
/// matter.
pub const SCORE_MIN: f32 = 0.9;

/// Licences that are looked for in one text.
const PASSES_MAX: u16 = 8;

/// A licence found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    /// Identifier of the SPDX list.
    pub id: &'static str,
    /// How alike the texts are, from 0 to 1.
    pub score: f32,
    /// First and last line, 1-based; the whole text where only it as a whole was compared.
    pub lines: (u32, u32),
}

/// Whether a file name is one under which licence texts are kept: `LICENSE-MIT`, `COPYING.LESSER`,
/// `third_party/NOTICE.txt`.
pub fn is_license_file(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    let stem = name.split(['.', '-', '_']).next().unwrap_or(&name);
    let ending = name.rsplit_once('.').map_or("", |parts| parts.1);
    let is_text = !matches!(
        ending,
        "rs" | "py" | "js" | "ts" | "go" | "java" | "c" | "h" | "cpp" | "json" | "xml" | "html" | "png"
    );
    matches!(
        stem,
        "license"
            | "licence"
            | "licenses"
            | "licences"
            | "copying"
            | "copyright"
            | "notice"
            | "unlicense"
            | "eula"
    ) && is_text
}

/// Whether a file name is one under which the licence of what it lies beside is kept, rather than notices of
/// others: `LICENSE-MIT` and not `NOTICE` or `LICENSE-third-party.txt`.
pub fn is_package_license(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    let own = ["license", "licence", "copying", "unlicense"].iter().any(|stem| {
        name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
    });
    own && is_license_file(path) && !name.contains("third") && !name.contains("3rd")
}

/// The licences that a text is or holds, in the order of the text. Empty if it is like none.
///
/// An `SPDX-License-Identifier` line is believed without a comparison.
pub fn detect(text: &str) -> Vec<Detected> {
    let declared = declared(text);
    if !declared.is_empty() {
        return declared;
    }
    if let Some(id) = known::identify(&wording(text)) {
        return vec![Detected { id, score: 1.0, lines: (1, text.lines().count().max(1) as u32) }];
    }
    let Some(store) = store() else { return Vec::new() };
    let data = TextData::new(head(text));
    let scanner = Scanner::new(store).confidence_threshold(SCORE_MIN).optimize(true).max_passes(PASSES_MAX);
    let result = scanner.scan(&data);
    let mut found: Vec<Detected> = result
        .containing
        .iter()
        .filter_map(|inner| detected(inner.license.name, inner.score, inner.line_range))
        .collect();
    if found.is_empty() {
        let lines = data.lines_view();
        found.extend(result.license.and_then(|license| detected(license.name, result.score, lines)));
    }
    found.retain(|one| one.score >= SCORE_MIN);
    found.sort_by(|a, b| (a.lines, a.id).cmp(&(b.lines, b.id)));
    found.dedup_by(|a, b| a.id == b.id && a.lines == b.lines);
    found
}

fn detected(name: &str, score: f32, (start, end): (usize, usize)) -> Option<Detected> {
    let id = spdx::license_id(name)?.name;
    Some(Detected { id, score, lines: (start as u32 + 1, end.max(start + 1) as u32) })
}

/// Cuts a text that is too long at a character.
fn head(text: &str) -> &str {
    if text.len() <= TEXT_BYTES_MAX {
        return text;
    }
    let end = (0..=TEXT_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

/// Identifiers that the text itself states.
fn declared(text: &str) -> Vec<Detected> {
    let mut found = Vec::new();
    for (line, text) in (1u32..).zip(text.lines().take(200)) {
        let Some((_, rest)) = text.split_once("SPDX-License-Identifier:") else { continue };
        let rest = rest.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
        if let Some(crate::License::Listed { id, .. }) = names::listed(rest) {
            found.push(Detected { id, score: 1.0, lines: (line, line) });
        }
    }
    found
}

/// The store, unpacked once; nothing if that fails, which the tests would show.
fn store() -> Option<&'static Store> {
    static STORE: OnceLock<Option<Store>> = OnceLock::new();
    STORE.get_or_init(|| Store::load_inline().ok()).as_ref()
}
