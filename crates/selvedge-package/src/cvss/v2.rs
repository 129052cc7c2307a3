//! Equations of "A Complete Guide to the CVSS Version 2.0", section 3.2.

use super::{Cvss, Score};

/// Decimal ties are meant to go up; binary fractions fall short of them by less than this.
const TIE: f64 = 1e-9;

pub(super) fn base(vector: &Cvss) -> Score {
    score(rounded(base_with(vector, impact(vector, [1.0; 3]))))
}

pub(super) fn temporal(vector: &Cvss) -> Score {
    score(temporal_of(vector, base(vector).as_f64()))
}

pub(super) fn environmental(vector: &Cvss) -> Score {
    let requirements = ["CR", "IR", "AR"].map(|name| match vector.value(name) {
        "L" => 0.5,
        "H" => 1.51,
        _ => 1.0,
    });
    let adjusted_impact = impact(vector, requirements).min(10.0);
    // May be below zero, and the equations go on with that.
    let adjusted_base = rounded(base_with(vector, adjusted_impact));
    let adjusted = temporal_of(vector, adjusted_base);
    let collateral_damage = match vector.value("CDP") {
        "L" => 0.1,
        "LM" => 0.3,
        "MH" => 0.4,
        "H" => 0.5,
        _ => 0.0,
    };
    let target_distribution = match vector.value("TD") {
        "N" => 0.0,
        "L" => 0.25,
        "M" => 0.75,
        _ => 1.0,
    };
    score(rounded((adjusted + (10.0 - adjusted) * collateral_damage) * target_distribution))
}

fn impact(vector: &Cvss, requirements: [f64; 3]) -> f64 {
    let mut rest = 1.0;
    for (name, requirement) in ["C", "I", "A"].into_iter().zip(requirements) {
        let weight = match vector.value(name) {
            "P" => 0.275,
            "C" => 0.660,
            _ => 0.0,
        };
        rest *= 1.0 - weight * requirement;
    }
    10.41 * (1.0 - rest)
}

fn base_with(vector: &Cvss, impact: f64) -> f64 {
    if impact <= TIE {
        return 0.0;
    }
    let access_vector = match vector.value("AV") {
        "L" => 0.395,
        "A" => 0.646,
        _ => 1.0,
    };
    let access_complexity = match vector.value("AC") {
        "H" => 0.35,
        "M" => 0.61,
        _ => 0.71,
    };
    let authentication = match vector.value("Au") {
        "M" => 0.45,
        "S" => 0.56,
        _ => 0.704,
    };
    let exploitability = 20.0 * access_vector * access_complexity * authentication;
    (0.6 * impact + 0.4 * exploitability - 1.5) * 1.176
}

fn temporal_of(vector: &Cvss, base: f64) -> f64 {
    let exploitability = match vector.value("E") {
        "U" => 0.85,
        "POC" => 0.9,
        "F" => 0.95,
        _ => 1.0,
    };
    let remediation = match vector.value("RL") {
        "OF" => 0.87,
        "TF" => 0.9,
        "W" => 0.95,
        _ => 1.0,
    };
    let confidence = match vector.value("RC") {
        "UC" => 0.9,
        "UR" => 0.95,
        _ => 1.0,
    };
    rounded(base * exploitability * remediation * confidence)
}

fn rounded(value: f64) -> f64 {
    (value * 10.0 + 0.5 + TIE).floor() / 10.0
}

fn score(value: f64) -> Score {
    Score::from_number((value * 10.0).round())
}
