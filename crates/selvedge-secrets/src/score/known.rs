//! Example values that vendors and standards publish: everybody knows them, so they are no secrets.
//!
//! Only hashes are stored, so that this file neither trips other scanners nor spreads the values. To add one,
//! take the first eight bytes of its BLAKE3 hash.

/// First eight bytes of BLAKE3 of each value, with where it is published.
static EXAMPLES: &[(u64, &str)] = &[
    (0x94cd_9210_9cad_ee5a, "the AWS documentation"),
    (0x4d3f_256a_7331_f681, "the AWS documentation"),
    (0x2bff_da0c_a106_92e8, "the front page of jwt.io"),
    (0x5840_37de_85b4_8bef, "the front page of jwt.io"),
    (0x286e_3a91_f00e_bdbe, "the Stripe documentation"),
    (0x864b_ab38_fcb7_b648, "the Stripe documentation"),
    (0xe832_2be1_fa3e_0aa3, "the Azure Storage emulator"),
    (0xd410_8a2a_2f94_4066, "the Azure Cosmos DB emulator"),
    (0xd24f_0cb8_f811_f50d, "the reCAPTCHA documentation"),
    (0x28a4_d0f9_e42c_e8f3, "RFC 7617"),
    (0xc61f_2add_4d69_f4dd, "HTTP tutorials"),
    (0x66e6_c1e3_25b7_6e47, "RFC 7636"),
    (0xdea6_1afc_3a2c_1a93, "RFC 7515"),
    (0xbc7e_719b_8e24_b8d3, "RFC 6749"),
    (0xdd9e_d349_2872_1097, "RFC 6749"),
    (0xa512_326e_817f_a61f, "RFC 6749"),
    (0xa3fe_bad5_b530_1c28, "RFC 6750"),
    (0x4fea_0b60_4aa4_c410, "MD5 of nothing"),
    (0xe38e_5499_1984_8bd9, "SHA-1 of nothing"),
    (0xc077_a356_e5d0_e938, "SHA-256 of nothing"),
];

/// Where `value` is published as an example, if it is.
pub(super) fn published(value: &[u8]) -> Option<&'static str> {
    let hash = short_hash(value);
    EXAMPLES.iter().find(|(known, _)| *known == hash).map(|(_, place)| *place)
}

fn short_hash(value: &[u8]) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(value).as_bytes()[..8]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_known_by_hash_alone() {
        let aws = ["AKIAIOSFODNN7", "EXAMPLE"].concat();
        assert_eq!(published(aws.as_bytes()), Some("the AWS documentation"));
        assert_eq!(published(b"Aladdin:open sesame"), Some("RFC 7617"));
        assert_eq!(published(b"Aladdin:shut sesame"), None);
    }
}
