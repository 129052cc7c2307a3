//! Every encoding in the shape it is met in, the way back, limits, and arbitrary bytes.

use std::io::Write;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use proptest::prelude::*;

use super::{Budget, Encoding, Layer, layers};

/// The layers of a text within an ample budget.
fn decode(text: &[u8]) -> Vec<Layer> {
    let mut limits_hit = 0;
    let found = layers(text, &Budget::default(), &mut limits_hit);
    assert_eq!(limits_hit, 0);
    found
}

/// Decodes `text`, expects `wanted` in a layer of that encoding, and returns where it came from.
fn origin<'a>(text: &'a str, encoding: Encoding, wanted: &str) -> &'a str {
    for layer in decode(text.as_bytes()) {
        if let Some(at) = memchr::memmem::find(&layer.bytes, wanted.as_bytes())
            && layer.encoding == encoding
        {
            return &text[layer.original_range(at..at + wanted.len())];
        }
    }
    panic!("{wanted:?} is not found as {encoding:?} in {text:?}");
}

#[test]
fn kubernetes_secrets_are_decoded_beside_their_keys() {
    let value = BASE64.encode(b"hunter2");
    let manifest = format!("kind: Secret\ndata:\n  password: {value}\n  user: {}\n", BASE64.encode(b"admin"));
    assert_eq!(origin(&manifest, Encoding::Base64, "password: hunter2"), format!("password: {value}"));
    assert_eq!(origin(&manifest, Encoding::Base64, "user: admin"), "user: YWRtaW4=");
}

#[test]
fn docker_logins_are_decoded() {
    let value = BASE64.encode(b"user:pass");
    assert_eq!(value.len(), 12, "this one has no padding");
    let config = format!("{{\"auths\": {{\"r\": {{\"auth\": \"{value}\"}}}}}}");
    assert_eq!(origin(&config, Encoding::Base64, "user:pass"), value);
    assert_eq!(
        origin(&config, Encoding::Base64, "\"auth\": \"user:pass\"}}"),
        format!("\"auth\": \"{value}\"}}}}")
    );
}

#[test]
fn token_payloads_are_decoded() {
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = BASE64URL_NOPAD.encode(br#"{"sub":"1234567890","password":"correct horse???"}"#);
    assert!(payload.contains('_') || payload.contains('-'), "the payload needs the URL alphabet");
    let token = format!("Authorization: Bearer {header}.{payload}.c2lnbmF0dXJlAAECAwQFBgcICQ");
    let source = origin(&token, Encoding::Base64Url, "correct horse???");
    let quartets = payload.find(source).unwrap();
    assert_eq!(quartets % 4, 0);
    assert!(source.len() <= 4 * 8, "{source}");
    assert_eq!(origin(&token, Encoding::Base64, "\"alg\":\"HS256\"").len() % 4, 0);
}

#[test]
fn base64_after_a_path_or_flag_and_over_lines_is_decoded() {
    let value = BASE64_NOPAD.encode(b"the token is here");
    assert_eq!(origin(&format!("https://h/p/x/{value}"), Encoding::Base64, "the token is here"), value);
    let long = BASE64.encode("password = wrapped over lines; ".repeat(8).as_bytes());
    let wrapped: Vec<&str> =
        long.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let text = format!("data: |\n  {}\n", wrapped.join("\n  "));
    let decoded = decode(text.as_bytes());
    assert_eq!(decoded.len(), 1);
    let layer = &decoded[0];
    let at = layer.bytes.len() / 2;
    let source = &text[layer.original_range(at..at + 1)];
    assert_eq!(source.len(), 4);
    let quartet = BASE64.decode(source.as_bytes()).unwrap();
    assert!(quartet.contains(&layer.bytes[at]));
}

#[test]
fn encoded_commands_and_compressed_text_are_decoded() {
    let wide: Vec<u8> = "$key = 'opensesame'".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = format!("powershell -enc {}", BASE64.encode(&wide));
    let source = origin(&text, Encoding::Base64Utf16, "sesame");
    assert!(source.len() <= 24, "{source}");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"password = zipped-away").unwrap();
    let value = BASE64.encode(&encoder.finish().unwrap());
    assert_eq!(origin(&format!("z: {value}"), Encoding::Base64Gzip, "password = zipped-away"), value);
}

#[test]
fn hex_is_decoded_if_it_is_text() {
    let value = HEXLOWER.encode(b"password=opensesame!");
    assert_eq!(origin(&format!("0x{value};"), Encoding::Hex, "opensesame"), HEXLOWER.encode(b"opensesame"));
    assert!(decode(b"commit 5cb071b9d2c6a1e0d469d12d7882295a6a4e6120").is_empty());
}

#[test]
fn percent_backslash_and_entities_are_decoded() {
    let url = "GET /?q=password%3D%22opensesame%22 HTTP/1.1";
    assert_eq!(origin(url, Encoding::Percent, "password=\"opensesame\""), "password%3D%22opensesame%22");
    let script = r#"k = "\u0070\u0061\u0073\u0073=\x6f\x70en""#;
    assert_eq!(origin(script, Encoding::Backslash, "pass=open\""), &script[5..]);
    assert_eq!(origin(r"a\ud83d\ude00\u0041\u{42}", Encoding::Backslash, "\u{1f600}"), r"\ud83d\ude00");
    let html = "<p data-x=\"{&quot;password&quot;:&quot;opensesame&quot;}\">";
    let wanted = "password\":\"opensesame\"";
    assert_eq!(origin(html, Encoding::Html, wanted), "password&quot;:&quot;opensesame&quot;");
    assert_eq!(origin("&#112;&#x61;ss", Encoding::Html, "pass"), "&#112;&#x61;ss");
}

#[test]
fn ordinary_text_has_no_layers() {
    for text in [
        "use crate::configuration::ApplicationSettings as Settings;",
        "src/components/navigation/NavigationBarController.tsx",
        "sha512-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "550e8400-e29b-41d4-a716-446655440000",
        "int getElementsByTagNameNS(const char *namespaceURI, const char *localName);",
        "100% sure; 5 %d items, 20%ab; a && b & c; C:\\users\\x; \\n\\t\\\\u0041",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "----------------------------------------------------------------",
        "________________________________ //////////////////////////////",
    ] {
        assert!(decode(text.as_bytes()).is_empty(), "{text}: {:?}", decode(text.as_bytes()));
    }
}

#[test]
fn matches_in_the_context_alone_are_told_apart() {
    let text = format!("password = before {}", BASE64.encode(b"and here after it"));
    let layer = &decode(text.as_bytes())[0];
    assert!(!layer.is_decoded(&(0..18)));
    assert!(layer.is_decoded(&(0..19)));
    assert_eq!(layer.encoded(), 18..text.len());
    assert_eq!(layer.original_range(layer.bytes.len() + 5..usize::MAX), text.len()..text.len());
}

#[test]
fn a_run_is_found_wherever_it_begins() {
    let value = BASE64.encode(b"password=opensesame");
    for at in 0..64 {
        for tail in 0..20 {
            let text =
                format!("{}{value}{}", "a .;".repeat(16).split_at(at).0, &" ; b . c ; d . e ; f "[..tail]);
            let found = decode(text.as_bytes());
            let start = if text.as_bytes()[..at].ends_with(b"a") { at - 1 } else { at };
            assert!(
                start < at || found.iter().any(|layer| layer.encoded() == (at..at + value.len())),
                "{text}"
            );
        }
    }
}

#[test]
fn lines_that_are_no_text_together_are_tried_alone() {
    let text = "password = on a line of its own; and again ..";
    let mut lines = vec![BASE64.encode(&text.as_bytes()[..45]); 4];
    assert_eq!(lines[0].len(), 60);
    lines.push(BASE64.encode(&[b'x', b'y', 0, 1, 2, 3]));
    let whole = lines.join("\n");
    let found = decode(whole.as_bytes());
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn limits_are_counted() {
    let value = BASE64.encode(b"password=opensesame");
    let text = [value.as_str(); 10].join("\n");
    let mut hit = 0;
    let few = Budget { spans_max: 3, ..Budget::default() };
    assert_eq!((layers(text.as_bytes(), &few, &mut hit).len(), hit > 0), (3, true));
    hit = 0;
    let small = Budget { bytes_max: 40, ..Budget::default() };
    assert_eq!((layers(text.as_bytes(), &small, &mut hit).len(), hit), (2, 8));
    hit = 0;
    let none = Budget { depth_max: 0, ..Budget::default() };
    assert_eq!((layers(text.as_bytes(), &none, &mut hit).len(), hit), (0, 0));
    let mut budget = Budget { depth_max: 2, bytes_max: 100, spans_max: 5 };
    budget.spend(&layers(text.as_bytes(), &few, &mut hit));
    assert_eq!(budget, Budget { depth_max: 2, bytes_max: 43, spans_max: 2 });
    assert_eq!(budget.deeper().and_then(|budget| budget.deeper()), None);
}

#[test]
fn a_bomb_is_cut_and_counted() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'a'; 4 << 20]).unwrap();
    let text = BASE64.encode(&encoder.finish().unwrap());
    let mut hit = 0;
    let budget = Budget { bytes_max: 64 << 10, ..Budget::default() };
    let found = layers(text.as_bytes(), &budget, &mut hit);
    assert_eq!((found.len(), hit), (1, 1));
    assert!(found[0].bytes.len() <= 64 << 10);
}

/// The original ranges of all sub-ranges of a few layers stay inside and grow with the range.
fn check_ranges(text: &[u8], found: &[Layer]) {
    for layer in found.iter().take(8) {
        let length = layer.bytes.len();
        for start in (0..=length).step_by(1 + length / 16) {
            for end in (start..=length).step_by(1 + length / 16) {
                let original = layer.original_range(start..end);
                assert!(original.start <= original.end && original.end <= text.len());
                let whole = layer.original_range(0..length);
                assert!(start == end || (whole.start <= original.start && original.end <= whole.end));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_survived(text in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut hit = 0;
        check_ranges(&text, &layers(&text, &Budget::default(), &mut hit));
    }

    #[test]
    fn any_mix_of_pieces_is_survived(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "%", "%41", "\\", "\\u0041", "\\x41", "\\u{41}", "\\ud83d", "&", "&quot;", "&#65;", "=", "==", "\n",
                " ", "H4sI", "H4sIAAAAAAAA", "cGFzc3dvcmQ9", "70617373776f7264", "0x", "-", "_", "/", ".", "é",
            ]),
            0..40,
        )
    ) {
        let text = pieces.concat();
        let mut hit = 0;
        check_ranges(text.as_bytes(), &layers(text.as_bytes(), &Budget::default(), &mut hit));
    }

    #[test]
    fn what_is_encoded_is_found(secret in "[ -~]{16,80}", cut in 0_usize..16, kind in 0_usize..5) {
        let (encoding, encoded) = match kind {
            0 => (None, BASE64.encode(secret.as_bytes())),
            1 => (None, BASE64_NOPAD.encode(secret.as_bytes())),
            2 => (None, BASE64URL_NOPAD.encode(secret.as_bytes())),
            3 => (Some(Encoding::Hex), HEXLOWER.encode(secret.as_bytes())),
            _ => {
                let escaped = secret.bytes().fold(String::new(), |sum, byte| format!("{sum}%{byte:02X}"));
                (Some(Encoding::Percent), escaped)
            }
        };
        let text = format!("key = \"{encoded}\" # end");
        let found = decode(text.as_bytes());
        prop_assert_eq!(found.len(), 1);
        let layer = &found[0];
        prop_assert!(encoding.is_none_or(|encoding| encoding == layer.encoding));
        let at = memchr::memmem::find(&layer.bytes, secret.as_bytes());
        prop_assert_eq!(at, Some(7));
        prop_assert_eq!(layer.original_range(7..7 + secret.len()), 7..7 + encoded.len());
        // The groups around a part decode to that part and at most a group's rest around it.
        let part = 7 + cut..7 + secret.len();
        let source = &text[layer.original_range(part.clone())];
        let group = match kind { 0..3 => cut / 3 * 4, 3 => cut * 2, _ => cut * 3 };
        prop_assert_eq!(source, &encoded[group..]);
    }
}
