//! `.gitleaksignore`: fingerprints `[commit:]file:rule:line`, one per line.
//!
//! They name a position, so a line that moves is found again and another secret on the same line stays
//! silent; both are properties of that format, which is honoured as it is.

use std::collections::BTreeMap;

use selvedge_model::{ConfigNotice, Finding, Location, Suppression, SuppressionKind};

use crate::toml_text::shown;

/// A larger `.gitleaksignore` is not read.
pub const GITLEAKS_IGNORE_BYTES_MAX: usize = 16 << 20;

/// The entries of one `.gitleaksignore`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GitleaksIgnore {
    /// Where each fingerprint is written: `.gitleaksignore:3`.
    entries: BTreeMap<String, String>,
}

impl GitleaksIgnore {
    /// Reads the text of the file called `origin_name`. Comments begin with `#`.
    pub fn parse(text: &str, origin_name: &str) -> (Self, Vec<ConfigNotice>) {
        let mut ignore = Self::default();
        if text.len() > GITLEAKS_IGNORE_BYTES_MAX {
            let message =
                format!("the file has more than {GITLEAKS_IGNORE_BYTES_MAX} bytes and is not honoured");
            return (ignore, vec![ConfigNotice { origin: origin_name.to_owned(), message }]);
        }
        let mut notices = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let entry = line.trim();
            let origin = format!("{origin_name}:{}", index + 1);
            if entry.is_empty() || entry.starts_with('#') {
                continue;
            }
            if is_fingerprint(entry) {
                ignore.entries.entry(entry.replace('\\', "/")).or_insert(origin);
            } else {
                let message = format!(
                    "`{}` is no Gitleaks fingerprint; expected `[commit:]file:rule:line`",
                    shown(entry)
                );
                notices.push(ConfigNotice { origin, message });
            }
        }
        (ignore, notices)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry that names the finding, with the suppression it makes.
    pub(crate) fn find(&self, finding: &Finding) -> Option<(&str, Suppression)> {
        if self.is_empty() {
            return None;
        }
        let location = finding.subject.location()?;
        let place = format!("{}:{}:{}", location.path, finding.rule, gitleaks_line(finding, location));
        let commit = location.commit.as_ref().map(|commit| format!("{}:{place}", commit.id));
        let named = commit.as_ref().and_then(|whole| self.entries.get_key_value(whole));
        let (entry, origin) = named.or_else(|| self.entries.get_key_value(&place))?;
        let suppression = Suppression {
            kind: SuppressionKind::GitleaksIgnore,
            origin: origin.clone(),
            reason: String::new(),
            owner: None,
            expires: None,
            justification: None,
        };
        Some((entry, suppression))
    }

    /// Where the entries are that are not in `used`.
    pub(crate) fn unused(&self, used: &std::collections::BTreeSet<&str>) -> Vec<ConfigNotice> {
        let unused = self.entries.iter().filter(|(entry, _)| !used.contains(entry.as_str()));
        unused
            .map(|(entry, origin)| ConfigNotice {
                origin: origin.clone(),
                message: format!("`{}` matches no finding", shown(entry)),
            })
            .collect()
    }
}

/// The line that Gitleaks names: where the match begins, which may be before the secret; 0 for a file that a rule
/// met by its path alone.
fn gitleaks_line(finding: &Finding, location: &Location) -> u32 {
    match &finding.secret {
        Some(facts) => facts.match_line.unwrap_or(location.start.line),
        None => 0,
    }
}

/// `file:rule:line` or `commit:file:rule:line`; a file name may hold colons.
fn is_fingerprint(entry: &str) -> bool {
    let mut parts = entry.rsplitn(3, ':');
    let line = parts.next().unwrap_or_default();
    let rule = parts.next().unwrap_or_default();
    let file = parts.next().unwrap_or_default();
    !file.is_empty() && !rule.is_empty() && !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use selvedge_model::CommitInfo;

    use super::*;
    use crate::testing::finding;

    #[test]
    fn entries_with_and_without_commit_are_found() {
        let text = "# old\n\nsrc/a.py:aws-key:3\nabc123:src/b.py:aws-key:4\r\nnonsense\na.py:r:x\n";
        let (ignore, notices) = GitleaksIgnore::parse(text, ".gitleaksignore");
        assert_eq!(ignore.len(), 2);
        let messages: Vec<_> = notices.iter().map(|n| format!("{}: {}", n.origin, n.message)).collect();
        assert_eq!(
            messages,
            [
                ".gitleaksignore:5: `nonsense` is no Gitleaks fingerprint; expected `[commit:]file:rule:line`",
                ".gitleaksignore:6: `a.py:r:x` is no Gitleaks fingerprint; expected `[commit:]file:rule:line`",
            ]
        );
        let (_, suppression) = ignore.find(&finding("aws-key", "src/a.py", 3, "x")).expect("named");
        assert_eq!(suppression.origin, ".gitleaksignore:3");
        assert!(ignore.find(&finding("aws-key", "src/a.py", 4, "x")).is_none());
        let mut in_commit = finding("aws-key", "src/b.py", 4, "x");
        assert!(ignore.find(&in_commit).is_none());
        in_commit.subject.location_mut().expect("a place").commit = Some(CommitInfo {
            id: "abc123".to_owned(),
            author: String::new(),
            email: String::new(),
            date: String::new(),
            summary: String::new(),
        });
        assert!(ignore.find(&in_commit).is_some());
    }

    #[test]
    fn the_line_is_that_of_the_match() {
        let (ignore, _) = GitleaksIgnore::parse("a.yml:r:3\nkey.p12:r:0\n", ".gitleaksignore");
        let mut below = finding("r", "a.yml", 5, "x");
        assert!(ignore.find(&below).is_none());
        below.secret.as_mut().expect("a secret").match_line = Some(3);
        assert!(ignore.find(&below).is_some());
        let mut of_path = finding("r", "key.p12", 1, "x");
        of_path.secret = None;
        assert!(ignore.find(&of_path).is_some());
    }
}
