//! The names of the output formats.

use std::fmt;
use std::str::FromStr;

/// An output format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// The whole report as one JSON document.
    Json,
    /// One finding per line, then the rest of the report as the last line.
    Ndjson,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
    /// GitLab code quality JSON.
    GitlabCodeQuality,
    /// GitLab secret detection report.
    GitlabSecretDetection,
    /// GitHub workflow commands that annotate the changed lines.
    Github,
    /// Markdown, for a step summary or a comment.
    Markdown,
    /// Comma-separated values.
    Csv,
    /// One HTML page without external resources.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 11] = [
        Self::Terminal,
        Self::Json,
        Self::Ndjson,
        Self::Sarif,
        Self::Junit,
        Self::GitlabCodeQuality,
        Self::GitlabSecretDetection,
        Self::Github,
        Self::Markdown,
        Self::Csv,
        Self::Html,
    ];

    /// The name given on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::GitlabCodeQuality => "gitlab-codequality",
            Self::GitlabSecretDetection => "gitlab-secrets",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }

    /// What it is for, in one line of help.
    pub fn description(self) -> &'static str {
        match self {
            Self::Terminal => "for a person at a terminal",
            Self::Json => "the whole report as one JSON document, described by a JSON Schema",
            Self::Ndjson => "one JSON finding per line, then the rest of the report as the last line",
            Self::Sarif => "SARIF 2.1.0, for code scanning and editors",
            Self::Junit => "JUnit XML; findings that fail the gate are test failures",
            Self::GitlabCodeQuality => "GitLab code quality report",
            Self::GitlabSecretDetection => "GitLab secret detection report",
            Self::Github => "GitHub workflow commands that annotate the lines of a pull request",
            Self::Markdown => "Markdown, for a GitHub step summary or a merge request comment",
            Self::Csv => "comma-separated values, one finding per row, safe to open in a spreadsheet",
            Self::Html => "one HTML page without external resources",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let lower = text.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == lower)
            .ok_or_else(|| UnknownFormat { given: text.to_owned(), nearest: nearest(&lower) })
    }
}

/// A format name that is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat {
    /// What was given.
    pub given: String,
    /// The format whose name is nearest, if any is near.
    pub nearest: Option<Format>,
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown format `{}`", self.given.escape_debug())?;
        if let Some(nearest) = self.nearest {
            return write!(f, ", did you mean `{nearest}`?");
        }
        let names: Vec<_> = Format::ALL.into_iter().map(Format::as_str).collect();
        write!(f, ", expected one of {}", names.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

/// The format whose name is most like `text`. A common prefix counts most, so `gitlab` finds one.
fn nearest(text: &str) -> Option<Format> {
    const LIKENESS_MIN: f64 = 0.8;
    Format::ALL
        .into_iter()
        .map(|format| (strsim::jaro_winkler(text, format.as_str()), format))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
        .map(|(_, format)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
            assert!(!format.description().is_empty());
        }
    }

    #[test]
    fn a_mistyped_name_gets_the_nearest() {
        let nearest = |text: &str| text.parse::<Format>().unwrap_err().nearest;
        assert_eq!(nearest("sarrif"), Some(Format::Sarif));
        assert_eq!(nearest("jsonl"), Some(Format::Json));
        assert_eq!(nearest("gitlab"), Some(Format::GitlabSecretDetection));
        assert_eq!(nearest("pdf"), None);
        let error = "x".parse::<Format>().unwrap_err().to_string();
        assert!(error.starts_with("unknown format `x`, expected one of terminal, json,"), "{error}");
    }
}
