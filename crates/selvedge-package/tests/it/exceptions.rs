//! Version vectors that are answered differently, each group with its reason.

use selvedge_package::Ecosystem;

/// How an answer differs from the vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    /// At least one of the two has no place in the order.
    Refused,
    /// Another order.
    Other,
}

/// Vectors of one ecosystem with one reason.
pub(crate) struct Exceptions {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) answer: Answer,
    pub(crate) reason: &'static str,
    pub(crate) vectors: &'static [&'static str],
}

pub(crate) const EXCEPTIONS: &[Exceptions] = &[
    Exceptions {
        ecosystem: Ecosystem::Alpine,
        answer: Answer::Refused,
        reason: "outside of the grammar of apk-package(5); apk 2 and apk 3 answer such pairs differently, as \
                 the comments beside these vectors say",
        vectors: &[
            "1-r-0 < 1-r0",
            "1-r-1 < 1-r0",
            "0.r1 < 0r2",
            "0..1..0 < 0..1..1",
            "0...1...0 < 0...1...1",
            "0...1...0.r1 < 0...1...0.r2",
            "0...1...0r1 < 0...1...0r2",
            "0..8 = 0..8",
            "0..8 > 0...8",
            "0.8.21.r2 > 0.8.21.r1",
            "10.2.24.r0 > 10.2.22.r0",
            "0.8.21.r2 < 0.8.21r2",
            "1.2.0A < 1.2.0d",
            "1.2.0D < 1.2.0d",
            "1-r2 > 1-r-1",
            "1 > 1-ruff",
            "1-r0-1 = 1-r-2",
            "1-r0-1 = 1-r0-2",
            "1-ruff2 = 1-ruff1",
            "1-ruff2 = 1--ruff1",
            "1-r0-ruff2 = 1-r0-ruff1",
            "1.2 > 1.2_blah",
            "1.2_svn1 > 1.2_csv2",
            "1.2_cvs1 > 1.2_blah",
            ".1 < 1",
            "1 > .1",
            ".2 > .1",
            "a < b",
            "c > b",
            "c = c",
            "23_foo > 4_beta",
            "1.0 < 1.0bc",
        ],
    },
    Exceptions {
        ecosystem: Ecosystem::Maven,
        answer: Answer::Other,
        reason: "made with a Maven before 3.9.1, which put every word after a dot before every word after a \
                 hyphen (`6.1.12.rc5` before `6.1.12rc1`); repaired as MNG-7644",
        vectors: &[
            "3.6.2.FL.20090615 < 3.6.2-FL-2009-05-11",
            "6.1.12.rc5 < 6.1.12rc1",
            "1.1.31.sec10 < 1.1.31_noneautotype",
            "1.1.34.sec10 < 1.1.34_noneautotype",
            "1.1.46.sec10 < 1.1.46_noneautotype",
            "1.2.8.sec10_noneautotype < 1.2.8_noneautotype",
            "1.2.31.sec10 < 1.2.31_noneautotype",
            "1.2.48.sec10 < 1.2.48_noneautotype",
            "1.2.50.sec10 < 1.2.50_noneautotype",
            "1.2.54.sec10 < 1.2.54_noneautotype",
            "1.2.57.sec10 < 1.2.57_noneautotype",
            "1.2.60.sec10 < 1.2.60_noneautotype",
            "1.2.67.sec10 < 1.2.67_noneautotype",
            "1.5.9.RC1 < 1.5.9-RC0",
        ],
    },
    Exceptions {
        ecosystem: Ecosystem::Maven,
        answer: Answer::Other,
        reason: "the same old Maven kept zeros before a word after a dot, which goes in a circle: \
                 `2.9.0.RC1 < 2.9.0 < 2.9.0-1 < 2.9.0.RC1`",
        vectors: &[
            "1.0.0-RC16 < 1.0.0.RC8-beta",
            "1.0.0-gradle-rework-beta3 < 1.0.0.RC7-3",
            "2.9.0-1 < 2.9.0.RC1",
            "1.0.0rc0 < 1.0.beta8",
            "3.5.0-CR-2 < 3.5.0.Beta-1",
            "1.1.0-01-glassfish < 1.1.0.Beta1",
        ],
    },
    Exceptions {
        ecosystem: Ecosystem::Packagist,
        answer: Answer::Refused,
        reason: "a branch moves, so it has no place between releases",
        vectors: &["dev-foo < 1.26.0", "1.26.0 > dev-foo"],
    },
    Exceptions {
        ecosystem: Ecosystem::Packagist,
        answer: Answer::Refused,
        reason: "PHP's `#` equals every number, so that `1 = # = 2` although `1 < 2`",
        vectors: &[
            "1.2.3.# = 1.2.3",
            "1.2.3.# = 1.2.3.#",
            "1.2.3.# = 1.2.3.1",
            "1.2.3.#.1 > 1.2.3",
            "1.2.3.#.p3 > 1.2.3",
            "1.2.3.#.beta < 1.2.3",
        ],
    },
    Exceptions {
        ecosystem: Ecosystem::Packagist,
        answer: Answer::Other,
        reason: "PHP alone does not know words in upper case; Composer lowers them before it compares",
        vectors: &[
            "v1.9.0-ALPHA.1 = v1.9.0-BETA.1",
            "v1.9.0-BETA.1 < v1.9.0-ALPHA.2",
            "v1.9.0-ALPHA.2 = v1.9.0-BETA.2",
        ],
    },
];
