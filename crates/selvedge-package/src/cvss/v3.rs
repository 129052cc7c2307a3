//! Equations of CVSS 3.0, section 8, and 3.1, section 7. The two differ in how they round up and in one
//! coefficient of the modified impact.

use super::{Cvss, CvssVersion, Score};

pub(super) fn base(vector: &Cvss) -> Score {
    let metrics = Metrics::of(vector, false);
    rounded_up(vector, metrics.score(metrics.impact(&[1.0; 3])))
}

pub(super) fn temporal(vector: &Cvss) -> Score {
    rounded_up(vector, base(vector).as_f64() * temporal_factor(vector))
}

pub(super) fn environmental(vector: &Cvss) -> Score {
    let requirements = ["CR", "IR", "AR"].map(|name| match vector.value(name) {
        "L" => 0.5,
        "H" => 1.5,
        _ => 1.0,
    });
    let metrics = Metrics::of(vector, true);
    let impact = metrics.modified_impact(vector.version(), &requirements);
    let score = rounded_up(vector, metrics.score(impact));
    rounded_up(vector, score.as_f64() * temporal_factor(vector))
}

/// The metrics that say how and what an attack does, modified by the environment or not.
struct Metrics {
    is_scope_changed: bool,
    exploitability: f64,
    /// Weights of confidentiality, integrity and availability.
    weights: [f64; 3],
}

impl Metrics {
    fn of(vector: &Cvss, is_modified: bool) -> Self {
        let value = |name: &'static str, modified: &'static str| match vector.value(modified) {
            "X" => vector.value(name),
            own if is_modified => own,
            _ => vector.value(name),
        };
        let is_scope_changed = value("S", "MS") == "C";
        let attack_vector = match value("AV", "MAV") {
            "N" => 0.85,
            "A" => 0.62,
            "L" => 0.55,
            _ => 0.2,
        };
        let complexity = if value("AC", "MAC") == "L" { 0.77 } else { 0.44 };
        let privileges = match (value("PR", "MPR"), is_scope_changed) {
            ("N", _) => 0.85,
            ("L", false) => 0.62,
            ("L", true) => 0.68,
            (_, false) => 0.27,
            (_, true) => 0.5,
        };
        let interaction = if value("UI", "MUI") == "N" { 0.85 } else { 0.62 };
        let weights =
            [("C", "MC"), ("I", "MI"), ("A", "MA")].map(|(name, modified)| match value(name, modified) {
                "H" => 0.56,
                "L" => 0.22,
                _ => 0.0,
            });
        let exploitability = 8.22 * attack_vector * complexity * privileges * interaction;
        Self { is_scope_changed, exploitability, weights }
    }

    /// Impact sub-score (ISS).
    fn sub_score(&self, requirements: &[f64; 3]) -> f64 {
        let rest =
            self.weights.iter().zip(requirements).map(|(weight, requirement)| 1.0 - weight * requirement);
        1.0 - rest.product::<f64>()
    }

    fn impact(&self, requirements: &[f64; 3]) -> f64 {
        self.impact_of(self.sub_score(requirements), 1.0, 15)
    }

    fn modified_impact(&self, version: CvssVersion, requirements: &[f64; 3]) -> f64 {
        let sub_score = self.sub_score(requirements).min(0.915);
        if version == CvssVersion::V3_0 {
            self.impact_of(sub_score, 1.0, 15)
        } else {
            self.impact_of(sub_score, 0.9731, 13)
        }
    }

    fn impact_of(&self, sub_score: f64, coefficient: f64, exponent: i32) -> f64 {
        if self.is_scope_changed {
            7.52 * (sub_score - 0.029) - 3.25 * (sub_score * coefficient - 0.02).powi(exponent)
        } else {
            6.42 * sub_score
        }
    }

    fn score(&self, impact: f64) -> f64 {
        if impact <= 0.0 {
            return 0.0;
        }
        let sum = impact + self.exploitability;
        (if self.is_scope_changed { 1.08 * sum } else { sum }).min(10.0)
    }
}

fn temporal_factor(vector: &Cvss) -> f64 {
    let exploit = match vector.value("E") {
        "U" => 0.91,
        "P" => 0.94,
        "F" => 0.97,
        _ => 1.0,
    };
    let remediation = match vector.value("RL") {
        "O" => 0.95,
        "T" => 0.96,
        "W" => 0.97,
        _ => 1.0,
    };
    let confidence = match vector.value("RC") {
        "U" => 0.92,
        "R" => 0.96,
        _ => 1.0,
    };
    exploit * remediation * confidence
}

/// The least tenth that is not below `value`. Version 3.1, appendix A, says how to do that without the errors
/// of binary fractions: by five decimals. Version 3.0 means the exact decimal number.
fn rounded_up(vector: &Cvss, value: f64) -> Score {
    const EXACT: f64 = 1e-9;
    let tenths = if vector.version() == CvssVersion::V3_0 {
        (value * 10.0 - EXACT).ceil()
    } else {
        ((value * 100_000.0).round() / 10_000.0).ceil()
    };
    Score::from_number(tenths)
}
