//! From text to findings: places, fingerprints, redaction, decoding, proofs.

use std::sync::Arc;

use selvedge_model::{Finding, FingerprintKey, LineIndex, Proof};
use selvedge_secrets::{RuleSet, ScanOptions, Scanner, example};

fn findings(scanner: &Scanner, text: &str) -> Vec<Finding> {
    let hits = scanner.scan(Some("src/config.py"), text.as_bytes(), &mut Vec::new());
    let lines = LineIndex::new(text.as_bytes());
    scanner.findings("src/config.py", text.as_bytes(), &lines, &hits, &FingerprintKey::builtin())
}

fn builtin() -> Scanner {
    Scanner::new(Arc::new(RuleSet::builtin()), ScanOptions::default())
}

fn token() -> String {
    example::expand("<<github-crc32:ghp_>>", 7).expect("a known proof")
}

#[test]
fn a_finding_is_placed_proved_and_redacted() {
    let text = format!("# settings\nTOKEN = \"{}\"\n", token());
    let found = findings(&builtin(), &text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = &found[0];
    let location = finding.subject.location().expect("a place in a file");
    assert_eq!((location.start.line, location.start.column), (2, 10));
    let secret = finding.secret.as_ref().expect("facts about the secret");
    assert_eq!((secret.proof, secret.redaction.length), (Proof::Checksum, 40));
    let shown = format!("{finding:?} {}", serde_json::to_string(finding).expect("JSON"));
    assert!(!shown.contains(&token()[5..]), "the secret is shown");
}

#[test]
fn a_token_whose_checksum_is_wrong_is_no_finding() {
    let mut broken = token();
    let last = broken.pop().expect("a last character");
    broken.push(if last == 'a' { 'b' } else { 'a' });
    assert!(findings(&builtin(), &format!("TOKEN = \"{broken}\"\n")).is_empty());
}

#[test]
fn fingerprints_survive_moved_lines_and_change_with_the_secret() {
    let scanner = builtin();
    let one = findings(&scanner, &format!("TOKEN = \"{}\"\n", token()));
    let moved = findings(&scanner, &format!("\n\n# moved\n  TOKEN = \"{}\"\n", token()));
    assert_eq!(one[0].fingerprint, moved[0].fingerprint);
    let other = example::expand("<<github-crc32:ghp_>>", 8).expect("a known proof");
    let changed = findings(&scanner, &format!("TOKEN = \"{other}\"\n"));
    assert_ne!(one[0].fingerprint, changed[0].fingerprint);
}

#[test]
fn the_same_secret_twice_has_two_fingerprints_of_one_secret() {
    let found = findings(&builtin(), &format!("A = \"{0}\"\nB = \"{0}\"\n", token()));
    assert_eq!(found.len(), 2);
    assert_ne!(found[0].fingerprint, found[1].fingerprint);
    let secret = |index: usize| found[index].secret.as_ref().map(|facts| facts.fingerprint.clone());
    assert_eq!(secret(0), secret(1));
}

#[test]
fn an_encoded_secret_is_found_at_its_encoded_place() {
    use data_encoding::BASE64;
    let inner = format!("password file\ntoken: {}\n", token());
    let encoded = BASE64.encode(inner.as_bytes());
    let text = format!("first\ndata: {encoded}\n");
    let found = findings(&builtin(), &text);
    let finding =
        found.iter().find(|finding| finding.rule.as_str().starts_with("github")).expect("a finding");
    assert_eq!(finding.secret.as_ref().map(|secret| secret.decoded.clone()), Some(vec!["base64".to_owned()]));
    assert_eq!(finding.subject.location().map(|location| location.start.line), Some(2));
    let shown = serde_json::to_string(finding).expect("JSON");
    assert!(!shown.contains(&encoded[30..60]), "the encoded secret is shown");
}

#[test]
fn what_an_encoded_value_holds_is_told_instead_of_the_value() {
    use data_encoding::BASE64;
    let manifest = |value: &str| {
        let encoded = BASE64.encode(value.as_bytes());
        format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  url: {encoded}\n")
    };
    let rules = |text: &str| -> Vec<String> {
        findings(&builtin(), text).iter().map(|finding| finding.rule.as_str().to_owned()).collect()
    };
    let password = example::expand("<<alnum:20>>", 3).expect("a known alphabet");
    assert_eq!(
        rules(&manifest(&format!("postgres://app:{password}@db.internal:5432/app"))),
        ["postgres-url"]
    );
    assert_eq!(rules(&manifest(&password)), ["kubernetes-secret-manifest"]);
    assert_eq!(rules(&manifest(&format!("password={password}"))), ["kubernetes-secret-manifest"]);
    let part = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let payload = part(&format!("{{\"sub\":\"1\",\"client_secret\":\"{password}\"}}"));
    let signature = example::expand("<<base64url:43>>", 4).expect("a known alphabet");
    let header = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    assert_eq!(rules(&format!("- {header}.{payload}.{signature}\n")), ["jwt"]);
}

#[test]
fn a_private_key_is_found_however_it_is_wrapped() {
    let rules = |text: &str| -> Vec<String> {
        findings(&builtin(), text).iter().map(|finding| finding.rule.as_str().to_owned()).collect()
    };
    for (template, rule) in [
        ("<<pem-private-key:RSA PRIVATE KEY>>", "private-key-rsa"),
        ("<<pem-private-key:PRIVATE KEY>>", "private-key-pkcs8"),
        ("<<pem-private-key:EC PRIVATE KEY>>", "private-key-ec"),
        ("<<openssh-private-key:>>", "private-key-openssh"),
    ] {
        let key = example::expand(template, 5).expect("a known proof");
        let lines: Vec<&str> = key.lines().collect();
        let wrapped = [
            ("indented YAML", format!("tls:\n  key: |\n    {}\n", lines.join("\n    "))),
            ("folded YAML string", format!("key: \"{}\"\n", lines.join("\\n\\\n     "))),
            ("JSON string", format!("{{\"key\": \"{}\\n\"}}\n", lines.join("\\n"))),
            ("JSON in a JSON string", format!("\"{{\\\"key\\\": \\\"{}\\\"}}\"\n", lines.join("\\\\n"))),
            ("JSON with CRLF", format!("{{\"key\": \"{}\"}}\n", lines.join("\\r\\n"))),
            ("CRLF lines", format!("{}\r\n", lines.join("\r\n"))),
            ("environment", format!("KEY=\"{}\"\n", lines.join("\\n"))),
            ("added strings", format!("key = \"{}\"\n", lines.join("\\n\" +\n  \""))),
            ("adjacent strings", format!("key = (\n  '{}'\n)\n", lines.join("\\n'\n  '"))),
            ("dotted strings", format!("$key = '{}';\n", lines.join("'.\"\\n\".\n  '"))),
            ("array of lines", format!("[\"{}\"].join(\"\\n\")\n", lines.join("\",\n  \""))),
            ("comment", format!("# {}\n", lines.join("\n# "))),
            ("starred comment", format!("/*\n * {}\n */\n", lines.join("\n * "))),
            ("slashed comment", format!("// {}\n", lines.join("\n// "))),
            ("quoted mail", format!("> {}\n", lines.join("\n> "))),
        ];
        for (form, text) in wrapped {
            assert_eq!(rules(&text), [rule], "{form}");
        }
        let cut = [lines[0], lines[1], "...", lines[lines.len() - 1]].join("\n");
        assert_eq!(rules(&cut), [""; 0], "cut short");
    }
}

#[test]
fn a_password_in_a_url_ends_at_the_last_at_sign() {
    for (scheme, password) in
        [("sqlserver", "q8Zk3v@T0xLw9"), ("postgres", "q@8Zk3vT0xLw"), ("my", "q8@Zk3v@T0xLw")]
    {
        for tail in
            ["db.internal:5432/app", "db.internal/app?mail=a@b.internal", "db.internal;mail=a@b.internal"]
        {
            let found = findings(&builtin(), &format!("url: {scheme}://app:{password}@{tail}\n"));
            let lengths: Vec<_> =
                found.iter().map(|one| one.secret.as_ref().map(|secret| secret.redaction.length)).collect();
            assert_eq!(lengths, [Some(password.len() as u32)], "{scheme} {tail}");
        }
    }
}

#[test]
fn other_secrets_of_the_line_are_redacted_too() {
    let (first, second) = (token(), example::expand("<<github-crc32:ghp_>>", 9).expect("a known proof"));
    let found = findings(&builtin(), &format!("A = [\"{first}\", \"{second}\"]\n"));
    assert_eq!(found.len(), 2);
    for finding in &found {
        let shown = format!("{:?}", finding.excerpt);
        assert!(!shown.contains(&first[5..]) && !shown.contains(&second[5..]), "a secret is shown");
    }
}
