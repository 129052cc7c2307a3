//! Scores of the `MacroVector`s of CVSS 4.0, section 8.1 (the published lookup table), in tenths.

use super::Score;

/// Levels that each of the six sets has.
const LEVELS: [usize; 6] = [3, 2, 3, 3, 3, 2];

/// A row for the levels of sets 1 to 4, in each a column for those of sets 5 and 6. A requirement can be met
/// only by an impact that is high, so the third level of set 3 exists only with the second of set 6: the other
/// is zero here.
const TENTHS: [[u8; 6]; 54] = [
    [100, 99, 98, 95, 95, 92],
    [100, 96, 93, 87, 91, 81],
    [93, 90, 89, 80, 81, 68],
    [98, 95, 95, 92, 90, 84],
    [93, 92, 89, 81, 81, 65],
    [88, 80, 78, 70, 69, 48],
    [0, 92, 0, 82, 0, 72],
    [0, 79, 0, 69, 0, 50],
    [0, 69, 0, 55, 0, 27],
    [99, 97, 95, 92, 92, 85],
    [95, 91, 90, 83, 84, 71],
    [92, 81, 82, 71, 72, 53],
    [95, 93, 92, 85, 85, 73],
    [92, 82, 80, 72, 70, 59],
    [84, 70, 71, 52, 50, 30],
    [0, 86, 0, 75, 0, 52],
    [0, 71, 0, 52, 0, 29],
    [0, 63, 0, 29, 0, 17],
    [98, 95, 94, 87, 91, 81],
    [94, 89, 86, 74, 77, 64],
    [87, 75, 74, 63, 63, 49],
    [94, 89, 88, 77, 76, 67],
    [86, 76, 74, 58, 59, 50],
    [72, 57, 57, 52, 52, 25],
    [0, 83, 0, 70, 0, 54],
    [0, 65, 0, 58, 0, 26],
    [0, 53, 0, 21, 0, 13],
    [95, 90, 88, 76, 76, 70],
    [90, 77, 75, 62, 61, 53],
    [77, 66, 68, 59, 52, 30],
    [89, 78, 76, 67, 62, 58],
    [74, 59, 57, 57, 47, 23],
    [61, 52, 57, 29, 24, 16],
    [0, 71, 0, 59, 0, 30],
    [0, 58, 0, 26, 0, 15],
    [0, 23, 0, 13, 0, 6],
    [93, 87, 86, 72, 75, 58],
    [86, 74, 74, 61, 56, 34],
    [70, 54, 52, 40, 40, 22],
    [85, 75, 74, 55, 62, 51],
    [72, 57, 55, 41, 46, 19],
    [53, 36, 34, 19, 19, 8],
    [0, 64, 0, 51, 0, 20],
    [0, 47, 0, 21, 0, 11],
    [0, 24, 0, 9, 0, 4],
    [88, 75, 73, 53, 60, 50],
    [73, 55, 59, 40, 41, 20],
    [54, 43, 45, 22, 20, 11],
    [75, 55, 58, 45, 40, 21],
    [61, 51, 48, 18, 20, 9],
    [46, 18, 17, 7, 8, 2],
    [0, 53, 0, 24, 0, 14],
    [0, 24, 0, 12, 0, 5],
    [0, 10, 0, 3, 0, 1],
];

/// The score of a `MacroVector`; `None` if there is none of these levels.
pub(super) fn score_of(levels: [usize; 6]) -> Option<Score> {
    if levels.iter().zip(LEVELS).any(|(level, count)| *level >= count) {
        return None;
    }
    let place = |sets: std::ops::Range<usize>| sets.fold(0, |place, set| place * LEVELS[set] + levels[set]);
    let tenths = TENTHS[place(0..4)][place(4..6)];
    (tenths > 0).then(|| Score::from_tenths(tenths))
}
