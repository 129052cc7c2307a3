//! What reads like language, what does not, and the shape of pieces.

use proptest::prelude::*;

use super::{fails_token_efficiency, next_piece};

#[test]
fn language_and_identifiers_fail() {
    for value in [
        "configuration",
        "my-secret-password",
        "getElementById",
        "SOME_CONSTANT_NAME",
        "x7$walrus!q9",
        "use-the-key",
        "123456789012",
        "www.api.com/src/lib",
    ] {
        assert!(fails_token_efficiency(value.as_bytes()), "{value}");
    }
}

#[test]
fn random_values_pass() {
    for value in ["Xk9_Qz2v8Lp0Rw7T", "9f86d081884c7d659a2feaa0c55ad015", "q7Zp-4mXv!t2Kd9w", "zqxvkj"] {
        assert!(!fails_token_efficiency(value.as_bytes()), "{value}");
    }
    assert!(!fails_token_efficiency(b""));
    assert!(!fails_token_efficiency(b"\n\r\n"));
}

#[test]
fn line_breaks_are_left_out_of_short_values_only() {
    assert!(fails_token_efficiency(b"wal\nrus"));
    assert!(!fails_token_efficiency(b"wal\nrus Xk9_Qz2v8Lp0Rw7T"));
}

#[test]
fn pieces_end_where_no_token_crosses() {
    let mut rest: &[u8] = b"_name12345--$x.y";
    let mut pieces = Vec::new();
    while let Some(piece) = next_piece(rest) {
        rest = &rest[piece.len()..];
        pieces.push(std::str::from_utf8(piece).unwrap());
    }
    assert_eq!(pieces, ["_name", "123", "45", "--$", "x", ".y"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_judged(value in proptest::collection::vec(any::<u8>(), 0..200)) {
        fails_token_efficiency(&value);
    }

    #[test]
    fn a_word_decides_wherever_it_stands(before in "[0-9!_]{0,12}", after in "[0-9!_]{0,12}") {
        let value = format!("{before}PassWord{after}");
        prop_assert!(fails_token_efficiency(value.as_bytes()));
    }
}
