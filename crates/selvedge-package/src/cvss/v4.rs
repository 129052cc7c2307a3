//! CVSS 4.0, section 8 "Scoring": the score of the vector's `MacroVector`, lowered by how far the vector is from
//! the most severe one of its kind.

use super::macro_vectors::score_of;
use super::{Cvss, Score};

/// Keeps decimal ties from falling below one half as binary fractions.
const TIE: f64 = 1e-6;

/// Steps below the most severe value, for the metrics of one equivalence set.
type Steps<const N: usize> = [i8; N];

/// Scores with every metric that the vector has.
pub(super) fn score(vector: &Cvss) -> Score {
    let metrics = Metrics::of(vector);
    if metrics.has_no_impact() {
        return Score::default();
    }
    let levels = metrics.levels();
    let Some(own) = score_of(levels) else { return Score::default() };
    let sets = [
        Set::of(
            own,
            &[lower(levels, 0)],
            distance(&metrics.exploit, EXPLOIT[levels[0]]),
            [1, 4, 5][levels[0]],
        ),
        Set::of(
            own,
            &[lower(levels, 1)],
            distance(&metrics.complexity, COMPLEXITY[levels[1]]),
            [1, 2][levels[1]],
        ),
        Set::of(
            own,
            &lower_impact(levels),
            distance(&metrics.impact, IMPACT[levels[2]][levels[5]]),
            [[7, 6], [8, 8], [10, 10]][levels[2]][levels[5]],
        ),
        Set::of(
            own,
            &[lower(levels, 3)],
            distance(&metrics.subsequent, SUBSEQUENT[levels[3]]),
            [6, 5, 4][levels[3]],
        ),
        // All vectors of one level of exploit maturity are alike.
        Set::of(own, &[lower(levels, 4)], 0, 1),
    ];
    let known: Vec<f64> = sets.iter().flatten().map(Set::decrease).collect();
    let mean = if known.is_empty() { 0.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
    let tenths = (own.as_f64() - mean + TIE) * 10.0;
    Score::from_number((tenths + 0.5).floor())
}

/// One equivalence set: how much lower its next level scores, and how far along the way there the vector is.
struct Set {
    available: f64,
    steps: i8,
    depth: i8,
}

impl Set {
    /// `None` if there is no lower level.
    fn of(own: Score, lower: &[[usize; 6]], steps: i8, depth: i8) -> Option<Self> {
        let next = lower.iter().filter_map(|levels| score_of(*levels)).max()?;
        Some(Self { available: own.as_f64() - next.as_f64(), steps, depth })
    }

    fn decrease(&self) -> f64 {
        self.available * f64::from(self.steps) / f64::from(self.depth)
    }
}

/// The levels with one set a level lower.
fn lower(mut levels: [usize; 6], set: usize) -> [usize; 6] {
    levels[set] += 1;
    levels
}

/// Sets 3 and 6 depend on each other: the next lower combinations of both, of which the higher score counts.
fn lower_impact(levels: [usize; 6]) -> Vec<[usize; 6]> {
    match (levels[2], levels[5]) {
        (0, 0) => vec![lower(levels, 2), lower(levels, 5)],
        (1, 0) => vec![lower(levels, 5)],
        _ => vec![lower(levels, 2)],
    }
}

/// Steps from the first of the most severe vectors that is nowhere less severe.
fn distance<const N: usize>(own: &Steps<N>, most_severe: &[Steps<N>]) -> i8 {
    most_severe
        .iter()
        .find(|highest| own.iter().zip(*highest).all(|(own, highest)| own >= highest))
        .map_or(0, |highest| own.iter().zip(highest).map(|(own, highest)| own - highest).sum())
}

/// Most severe vectors of each level: attack vector, privileges required, user interaction.
const EXPLOIT: [&[Steps<3>]; 3] = [&[[0, 0, 0]], &[[1, 0, 0], [0, 1, 0], [0, 0, 1]], &[[3, 0, 0], [1, 1, 1]]];
/// Attack complexity, attack requirements.
const COMPLEXITY: [&[Steps<2>]; 2] = [&[[0, 0]], &[[1, 0], [0, 1]]];
/// Confidentiality, integrity, availability, and their requirements; by the levels of sets 3 and 6.
const IMPACT: [[&[Steps<6>]; 2]; 3] = [
    [&[[0, 0, 0, 0, 0, 0]], &[[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]]],
    [
        &[[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]],
        &[[1, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 1], [0, 1, 0, 1, 0, 1], [0, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 1]],
    ],
    [&[], &[[1, 1, 1, 0, 0, 0]]],
];
/// Confidentiality, integrity and availability of subsequent systems, safety being step 0 of the latter two.
const SUBSEQUENT: [&[Steps<3>]; 3] = [&[[1, 0, 0]], &[[1, 1, 1]], &[[2, 2, 2]]];

/// The metrics in effect, as steps below the most severe value.
struct Metrics {
    exploit: Steps<3>,
    complexity: Steps<2>,
    impact: Steps<6>,
    subsequent: Steps<3>,
    maturity: usize,
}

impl Metrics {
    fn of(vector: &Cvss) -> Self {
        let step = |name: &str, modified: &str, scale: &[&str]| -> i8 {
            let value = match vector.value(modified) {
                "X" => vector.value(name),
                value => value,
            };
            scale.iter().position(|known| *known == value).unwrap_or(0) as i8
        };
        let impact = ["H", "L", "N"];
        let subsequent = ["S", "H", "L", "N"];
        // What is not defined counts as the most severe: `position` finds no `X`.
        let requirement = ["H", "M", "L"];
        Self {
            exploit: [
                step("AV", "MAV", &["N", "A", "L", "P"]),
                step("PR", "MPR", &["N", "L", "H"]),
                step("UI", "MUI", &["N", "P", "A"]),
            ],
            complexity: [step("AC", "MAC", &["L", "H"]), step("AT", "MAT", &["N", "P"])],
            impact: [
                step("VC", "MVC", &impact),
                step("VI", "MVI", &impact),
                step("VA", "MVA", &impact),
                step("CR", "CR", &requirement),
                step("IR", "IR", &requirement),
                step("AR", "AR", &requirement),
            ],
            subsequent: [
                step("SC", "MSC", &subsequent),
                step("SI", "MSI", &subsequent),
                step("SA", "MSA", &subsequent),
            ],
            maturity: match vector.value("E") {
                "P" => 1,
                "U" => 2,
                _ => 0,
            },
        }
    }

    fn has_no_impact(&self) -> bool {
        self.impact[..3].iter().all(|step| *step == 2) && self.subsequent.iter().all(|step| *step == 3)
    }

    /// The levels of the six equivalence sets, tables 24 to 29.
    fn levels(&self) -> [usize; 6] {
        let [vector, privileges, interaction] = self.exploit.map(|step| step == 0);
        let exploit = if vector && privileges && interaction {
            0
        } else if (vector || privileges || interaction) && self.exploit[0] != 3 {
            1
        } else {
            2
        };
        let complexity = usize::from(self.complexity != [0, 0]);
        let [confidentiality, integrity, availability] =
            [0, 1, 2].map(|place: usize| self.impact[place] == 0);
        let impact = if confidentiality && integrity {
            0
        } else if confidentiality || integrity || availability {
            1
        } else {
            2
        };
        let subsequent = if self.subsequent[1] == 0 || self.subsequent[2] == 0 {
            0
        } else if self.subsequent.contains(&1) {
            1
        } else {
            2
        };
        let is_required = (0..3).any(|place| self.impact[place] == 0 && self.impact[place + 3] == 0);
        [exploit, complexity, impact, subsequent, self.maturity, usize::from(!is_required)]
    }
}
