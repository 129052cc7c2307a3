//! Severity by the Common Vulnerability Scoring System, versions 2.0, 3.0, 3.1 and 4.0 of FIRST.
//!
//! Vectors are read in any order of their metrics; what is wrong with one is said by metric. Scores are those
//! of the official calculators. Start reading at [`Cvss::parse`]; each version's equations are in its file.

use std::fmt;

use selvedge_model::Severity;

mod macro_vectors;
mod metrics;
mod v2;
mod v3;
mod v4;

use metrics::{Group, Metric};

/// Longest vector that is read. All metrics of version 4.0 together take less than half of it.
pub const CVSS_BYTES_MAX: usize = 512;

/// Metrics that a version has at most.
const METRICS_MAX: usize = 32;

/// Marks a metric that the vector leaves out.
const ABSENT: u8 = u8::MAX;

/// Version of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CvssVersion {
    /// 2.0
    V2,
    /// 3.0
    V3_0,
    /// 3.1
    V3_1,
    /// 4.0
    V4,
}

impl CvssVersion {
    /// The number: `3.1`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V4 => "4.0",
        }
    }

    fn metrics(self) -> &'static [Metric] {
        match self {
            Self::V2 => metrics::V2,
            Self::V3_0 | Self::V3_1 => metrics::V3,
            Self::V4 => metrics::V4,
        }
    }
}

/// A score from 0.0 to 10.0, in tenths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// The highest score.
    pub const MAX: Self = Self(100);

    /// A score of so many tenths; more than 100 are 100.
    pub fn from_tenths(tenths: u8) -> Self {
        Self(tenths.min(Self::MAX.0))
    }

    /// The whole tenths of a computed number, within the scale.
    #[expect(clippy::cast_sign_loss, reason = "the number is clamped to the scale")]
    fn from_number(tenths: f64) -> Self {
        Self(tenths.clamp(0.0, 100.0) as u8)
    }

    /// The score in tenths.
    pub fn tenths(self) -> u8 {
        self.0
    }

    /// The score as a number.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// Qualitative rating of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the word of the specification")]
pub enum Rating {
    None,
    Low,
    Medium,
    High,
    Critical,
}

impl Rating {
    /// The lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity a finding of this rating has. What scores nothing is worth knowing still.
    pub fn severity(self) -> Severity {
        match self {
            Self::None => Severity::Info,
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Critical => Severity::Critical,
        }
    }

    /// The rating of a score by the scale of version 3.1 section 5 and 4.0 section 6. Version 2.0 has no scale
    /// of its own; the National Vulnerability Database reads its scores as low below 4.0, medium below 7.0 and
    /// high above.
    pub fn of(score: Score, version: CvssVersion) -> Self {
        match (score.0, version) {
            (0, _) => Self::None,
            (1..=39, _) => Self::Low,
            (40..=69, _) => Self::Medium,
            (70..=89, _) | (_, CvssVersion::V2) => Self::High,
            _ => Self::Critical,
        }
    }
}

/// A vector with all mandatory metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cvss {
    version: CvssVersion,
    /// For each metric of the version, the place of its value, or [`ABSENT`].
    values: [u8; METRICS_MAX],
}

/// What is wrong with a vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CvssError {
    /// It is longer than [`CVSS_BYTES_MAX`].
    TooLong,
    /// It begins with `CVSS:` and another version than 2.0, 3.0, 3.1 and 4.0.
    Version(String),
    /// A part is not `metric:value`.
    Malformed(String),
    /// The version has no such metric.
    Metric(String),
    /// The metric has no such value.
    Value {
        /// The metric.
        metric: &'static str,
        /// What is written.
        value: String,
    },
    /// The metric occurs twice.
    Duplicate(&'static str),
    /// A mandatory metric is missing.
    Missing(&'static str),
}

impl fmt::Display for CvssError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "CVSS vector longer than {CVSS_BYTES_MAX} bytes"),
            Self::Version(version) => write!(f, "CVSS vector of the unknown version '{version}'"),
            Self::Malformed(part) => write!(f, "CVSS vector with '{part}' instead of 'metric:value'"),
            Self::Metric(metric) => write!(f, "CVSS vector with the unknown metric '{metric}'"),
            Self::Value { metric, value } => {
                write!(f, "CVSS vector with the unknown value '{value}' of {metric}")
            }
            Self::Duplicate(metric) => write!(f, "CVSS vector with {metric} twice"),
            Self::Missing(metric) => write!(f, "CVSS vector without {metric}"),
        }
    }
}

impl std::error::Error for CvssError {}

impl Cvss {
    /// Reads a vector. Version 2.0 has no prefix, may carry one, and may stand in parentheses.
    pub fn parse(text: &str) -> Result<Self, CvssError> {
        let text = text.trim();
        if text.len() > CVSS_BYTES_MAX {
            return Err(CvssError::TooLong);
        }
        let (version, rest) = match text.strip_prefix("CVSS:") {
            Some(rest) => {
                let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
                (version_of(version)?, rest)
            }
            None => {
                (CvssVersion::V2, text.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(text))
            }
        };
        let mut vector = Self { version, values: [ABSENT; METRICS_MAX] };
        for part in rest.strip_suffix('/').unwrap_or(rest).split('/') {
            vector.read(part)?;
        }
        let missing = |(metric, value): (&Metric, &u8)| metric.group == Group::Base && *value == ABSENT;
        match version.metrics().iter().zip(&vector.values).find(|pair| missing(*pair)) {
            Some((metric, _)) => Err(CvssError::Missing(metric.name)),
            None => Ok(vector),
        }
    }

    fn read(&mut self, part: &str) -> Result<(), CvssError> {
        let (name, value) = part.split_once(':').ok_or_else(|| CvssError::Malformed(part.to_owned()))?;
        let metrics = self.version.metrics();
        let place = metrics.iter().position(|metric| metric.name == name);
        let place = place.ok_or_else(|| CvssError::Metric(name.to_owned()))?;
        let metric = &metrics[place];
        let slot = &mut self.values[place];
        if *slot != ABSENT {
            return Err(CvssError::Duplicate(metric.name));
        }
        let index = metric.values.iter().position(|known| *known == value);
        *slot = index.ok_or_else(|| CvssError::Value { metric: metric.name, value: value.to_owned() })? as u8;
        Ok(())
    }

    /// The version.
    pub fn version(&self) -> CvssVersion {
        self.version
    }

    /// The value of a metric as written; `None` where it is left out or unknown to the version.
    pub fn metric(&self, name: &str) -> Option<&'static str> {
        let metrics = self.version.metrics();
        let place = metrics.iter().position(|metric| metric.name == name)?;
        metrics[place].values.get(usize::from(self.values[place])).copied()
    }

    /// The value of a metric, or what stands for "not defined" in the version.
    fn value(&self, name: &str) -> &'static str {
        self.metric(name).unwrap_or(metrics::not_defined(self.version))
    }

    /// Whether a metric of the group says something.
    fn has(&self, group: Group) -> bool {
        let not_defined = metrics::not_defined(self.version);
        self.version.metrics().iter().zip(self.values).any(|(metric, value)| {
            metric.group == group
                && metric.values.get(usize::from(value)).is_some_and(|it| *it != not_defined)
        })
    }

    /// The score of the base metrics alone.
    pub fn base_score(&self) -> Score {
        match self.version {
            CvssVersion::V2 => v2::base(self),
            CvssVersion::V3_0 | CvssVersion::V3_1 => v3::base(self),
            CvssVersion::V4 => v4::score(&self.without_context()),
        }
    }

    /// The score with the temporal metrics (versions 2.0 to 3.1) or the threat metric (4.0); `None` if the
    /// vector has none of them.
    pub fn threat_score(&self) -> Option<Score> {
        self.has(Group::Threat).then(|| match self.version {
            CvssVersion::V2 => v2::temporal(self),
            CvssVersion::V3_0 | CvssVersion::V3_1 => v3::temporal(self),
            CvssVersion::V4 => v4::score(&self.without(&[Group::Environment])),
        })
    }

    /// The score with all metrics; `None` if the vector has no environmental ones.
    pub fn environmental_score(&self) -> Option<Score> {
        self.has(Group::Environment).then(|| match self.version {
            CvssVersion::V2 => v2::environmental(self),
            CvssVersion::V3_0 | CvssVersion::V3_1 => v3::environmental(self),
            CvssVersion::V4 => v4::score(self),
        })
    }

    /// The score with everything that the vector says.
    pub fn score(&self) -> Score {
        self.environmental_score().or_else(|| self.threat_score()).unwrap_or_else(|| self.base_score())
    }

    /// The rating of [`Self::score`].
    pub fn rating(&self) -> Rating {
        Rating::of(self.score(), self.version)
    }

    fn without_context(&self) -> Self {
        self.without(&[Group::Threat, Group::Environment])
    }

    fn without(&self, groups: &[Group]) -> Self {
        let mut stripped = *self;
        for (metric, value) in self.version.metrics().iter().zip(&mut stripped.values) {
            if groups.contains(&metric.group) {
                *value = ABSENT;
            }
        }
        stripped
    }
}

/// The vector with its metrics in the order of the specification.
impl fmt::Display for Cvss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if self.version != CvssVersion::V2 {
            write!(f, "CVSS:{}", self.version.as_str())?;
            separator = "/";
        }
        for (metric, value) in self.version.metrics().iter().zip(self.values) {
            if let Some(value) = metric.values.get(usize::from(value)) {
                write!(f, "{separator}{}:{value}", metric.name)?;
                separator = "/";
            }
        }
        Ok(())
    }
}

impl std::str::FromStr for Cvss {
    type Err = CvssError;

    fn from_str(text: &str) -> Result<Self, CvssError> {
        Self::parse(text)
    }
}

fn version_of(text: &str) -> Result<CvssVersion, CvssError> {
    [CvssVersion::V2, CvssVersion::V3_0, CvssVersion::V3_1, CvssVersion::V4]
        .into_iter()
        .find(|version| version.as_str() == text)
        .ok_or_else(|| CvssError::Version(text.to_owned()))
}

#[cfg(test)]
mod tests;
