//! Judges whole lines: one case per line of text, the value marked by `«…»`, the rule's match being all of
//! it from the mark `¦` on (or from the start of the line).

use proptest::prelude::*;
use selvedge_model::{Confidence, Proof};

use super::{Candidate, Judgement, judge};

/// Judges the marked line as a context rule's match in the file `path`.
fn verdict(path: &str, marked: &str) -> Judgement {
    let mut text = String::new();
    let (mut start, mut open, mut close) = (0, 0, 0);
    for character in marked.chars() {
        match character {
            '¦' => start = text.len(),
            '«' => open = text.len(),
            '»' => close = text.len(),
            other => text.push(other),
        }
    }
    judge(&Candidate {
        path: Some(path),
        bytes: text.as_bytes(),
        matched: start..close,
        secret: open..close,
        rule_confidence: Confidence::Medium,
        context_rule: true,
        proof: Proof::None,
    })
}

#[track_caller]
fn keeps(path: &str, marked: &str, expected: Confidence) {
    match verdict(path, marked) {
        Judgement::Keep { confidence, .. } => assert_eq!(confidence, expected, "{marked}"),
        Judgement::Drop { reason } => panic!("{marked}: dropped as {reason}"),
    }
}

#[track_caller]
fn drops(path: &str, marked: &str, expected: &str) {
    match verdict(path, marked) {
        Judgement::Keep { confidence, reasons } => panic!("{marked}: kept as {confidence} {reasons:?}"),
        Judgement::Drop { reason } => assert_eq!(reason, expected, "{marked}"),
    }
}

#[test]
fn generated_values_in_named_fields_are_kept() {
    use Confidence::{High, Medium};
    keeps("a.py", "¦secret_key = \"«q8Zk3vT0xLw9Rm2sYb7N»\"", High);
    keeps("a.yml", "¦password: «q8Zk3vT0xLw9»", High);
    keeps("a.env", "DB_¦PASSWORD=«Ride2Win»", Medium);
    keeps("a.go", "var ¦password = []byte(\"«Ride2Win»\")", Medium);
    keeps("a.js", "client.set¦Token('«9f86d081884c7d659a2feaa0c55ad015»')", Medium);
    keeps("a.sql", "CREATE USER x ¦IDENTIFIED BY '«Ride2Win»'", Medium);
    keeps("a.sh", "¦curl -u ops:«Ride2Win» https://ci/job", Medium);
    keeps("a.yml", "- name: DB_¦PASSWORD\n  value: «Ride2Win»", Medium);
    keeps("Dockerfile", "¦ENV DB_PASSWORD «Ride2Win»", Medium);
    keeps(".netrc", "machine h ¦login ops@h.io password «Ride2Win»", Medium);
    keeps(
        "a.php",
        "define('AUTH_¦KEY', '«Y>Y9.5Ch0-3cq|=vbus[IeF(OJ9y $(Q#:iG;NSa+GJmj _1Ed(cVZ7r#+JM»')",
        High,
    );
    keeps("a.env", "DB_¦PASSWORD=«P4ssw0rd»", Confidence::Low);
    keeps("a.yml", "¦my://root:«P4ssw0rd»@db:3306/app", Confidence::Low);
    keeps("a.yml", "¦my://root:«r0ck3t7»@localhost:3306/app", Confidence::Low);
    keeps("a.env", "REDIS_¦PASSWORD=«RedisPass1!»", Confidence::Low);
    keeps("a.sh", "mysql ¦--password «Ride2Win» db", Medium);
    keeps("a.sh", "openssl req -passin ¦pass:«Ride2Win» -new", Medium);
    keeps("a.json", "\"¦token\": \"«123e4567-e89b-12d3-a456-426614174000»\"", Medium);
    keeps("a.go", "open(\"host=h ¦password=«Ride2Win» port=2\")", Medium);
    keeps("a.conf", "¦Basic «am9objpyMGNrZXQ=»", High);
    keeps("a.yml", "¦postgres://app:«r0ck3t7»@db:5432/app", Medium);
    keeps("a.json", "{\"kty\":\"EC\",¦\"d\":\"«q8Zk3vT0xLw9Rm2sYb7NqGdh5Wv1»\"}", High);
}

#[test]
fn tests_examples_and_documents_lower_the_confidence_and_say_so() {
    let expected = Judgement::Keep {
        confidence: Confidence::Medium,
        reasons: vec!["a generated value in a field for a secret".into(), "in a test file".into()],
    };
    assert_eq!(verdict("tests/a.py", "¦secret = \"«q8Zk3vT0xLw9Rm2sYb7N»\""), expected);
    keeps("docs/a.md", "¦password: «Ride2Win»", Confidence::Low);
}

#[test]
fn what_is_not_a_literal_is_dropped() {
    drops("a.py", "¦password = «get_password»()", "an expression, not a literal");
    drops("a.py", "¦password = os.getenv(\"«DBPASSVAR1»\")", "the argument of a call");
    drops("a.go", "check¦Password(\"«Ride2Win»\")", "the argument of a call that reads or checks");
    drops("a.yml", "¦password: «$PASSWORD»", "a template variable or look-up, not a value");
    drops("a.rs", "¦token::Punct(\"«q8Zk3vT0xLw9»\")", "a path of types, not a name");
    drops("a.py", "f(¦pwd, '«getpwuid1»')", "an element of a list");
    drops("a.yml", "user ¦password:«digest» ok", "an expression, not a literal");
    drops("a.yml", "¦password: «The» password of the user", "a sentence, not a value");
    drops("a.properties", "¦token=«spring.token.value»", "a path or a property, not a value");
}

#[test]
fn what_only_looks_like_a_secret_is_dropped() {
    drops("a.py", "¦password = \"«changeme»\"", "the words of a placeholder");
    drops("a.py", "¦password = \"«password»\"", "made of placeholder words");
    drops(
        "a.py",
        "¦password_file = \"«q8Zk3vT0xLw9»\"",
        "the name speaks about a secret and does not hold one",
    );
    drops("a.py", "¦token = \"«subscription»\"", "words, not a generated value");
    drops("a.py", "¦password = \"«Enter your password»\"", "a text, not a password");
    drops("a.ts", "¦token = \"«user_access_level»\"", "words, not a generated value");
    drops("a.yml", "¦password: \"«$2b$12$q8Zk3vT0xLw9Rm2sYb7Nqe»\"", "the hash of a password");
    drops("Cargo.lock", "¦token = \"«9f86d081884c7d659a2feaa0c55ad015»\"", "a checksum in a lock file");
    drops("config/locales/de.yml", "¦password: «Kennwort»", "a text for people in a message catalogue");
    let public = format!("¦token = \"«MCowBQYDK2VwAyEA{}»\"", "q8Zk3vT0xLw9Rm2sYb7N");
    drops("a.py", &public, "a public key");
    drops("a.py", "¦password = password.encode(\"«latin1»\")", "the argument of a call");
    drops("a.md", "¦Basic «authentication»", "not the base64 of user:password");
    drops("a.md", "¦https://user:«password»@host/", "a URL with placeholder credentials");
    drops("a.json", "{¦\"d\":\"«q8Zk3vT0xLw9Rm2sYb7NqGdh5Wv1»\"}", "not a member of a JSON Web Key");
    drops("a.yml", "¦secret: '«A256CBC-HS512»'", "the name of an algorithm");
    drops("a.go", "modify¦Pwd = \"«1.3.6.1.4.1.4203.1.11.1»\"", "a number or a date");
    drops("a.go", "flag¦Pass = \"«pfx.password»\"", "the name of a field, not a value");
    drops("a.json", "\"the ¦Token\": \"«Αποτυχία ανάκλησης»\"", "a text for people");
    drops(
        "locales/cs/a.json",
        "\"the ¦Token\": \"«Nepodařilo se zrušit zvolený příznak»\"",
        "a text for people in a message catalogue",
    );
    drops("a.py", "¦secret = \"«d41d8cd98f00b204e9800998ecf8427e»\"", "a published example");
}

#[test]
fn a_token_rule_is_checked_for_placeholders_and_place_alone() {
    let token = |path, text: &'static str, proof| {
        judge(&Candidate {
            path: Some(path),
            bytes: text.as_bytes(),
            matched: 0..text.len(),
            secret: 0..text.len(),
            rule_confidence: Confidence::High,
            context_rule: false,
            proof,
        })
    };
    let kept = |confidence, reasons: &[&str]| Judgement::Keep {
        confidence,
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
    };
    assert_eq!(token("a.py", "abc_wordlike", Proof::None), kept(Confidence::High, &[]));
    assert_eq!(
        token("test_a.py", "abc_wordlike", Proof::None),
        kept(Confidence::Medium, &["in a test file"])
    );
    let url = |value: &'static str| {
        let text = format!("mysql://app:{value}@db/app");
        let (matched, secret) = (0..text.len(), 12..12 + value.len());
        let rule_confidence = Confidence::High;
        let bytes = text.as_bytes();
        judge(&Candidate {
            path: None,
            bytes,
            matched,
            secret,
            rule_confidence,
            context_rule: false,
            proof: Proof::None,
        })
    };
    assert_eq!(url("mypass"), Judgement::Drop { reason: "a URL with placeholder credentials" });
    assert_eq!(url("Ride2Win"), kept(Confidence::Medium, &["a password in a URL"]));
    let blanked = Judgement::Drop { reason: "blanked out or repeated characters" };
    assert_eq!(token("a.py", "abc_xxxxxxxx", Proof::None), blanked);
    assert_eq!(token("a.py", "abc_xxxxxxxx", Proof::Checksum), kept(Confidence::High, &[]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_input_and_no_range_panics(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        ends in proptest::array::uniform4(0_usize..320),
        path in proptest::option::of("[ -~]{0,20}"),
        context_rule in any::<bool>(),
    ) {
        let candidate = Candidate {
            path: path.as_deref(),
            bytes: &bytes,
            matched: ends[0]..ends[1],
            secret: ends[2]..ends[3],
            rule_confidence: Confidence::Medium,
            context_rule,
            proof: Proof::None,
        };
        let _ = judge(&candidate);
    }

    #[test]
    fn no_text_around_a_name_panics(
        before in "[ -~\n]{0,40}",
        between in "[ -~\n]{0,12}",
        value in "[ -~]{1,60}",
        after in "[ -~\n]{0,40}",
    ) {
        let text = format!("{before}password{between}{value}{after}");
        let open = before.len() + "password".len() + between.len();
        let candidate = Candidate {
            path: Some("a.yml"),
            bytes: text.as_bytes(),
            matched: before.len()..open + value.len(),
            secret: open..open + value.len(),
            rule_confidence: Confidence::Medium,
            context_rule: true,
            proof: Proof::None,
        };
        prop_assert_eq!(judge(&candidate), judge(&candidate));
    }
}
