//! No output holds a secret: values are planted, every output is produced, and all of it is searched.

use crate::project::{Project, github_token};

/// Values of several kinds, none of which may be printed anywhere.
fn planted() -> Vec<String> {
    let expand =
        |template: &str, seed| selvedge_secrets::example::expand(template, seed).expect("a template of ours");
    vec![
        github_token(7),
        expand("AKIA<<base32:16>>", 1),
        expand("<<alnum:24>>", 2),
        expand("xoxb-<<digits:12>>-<<digits:12>>-<<alnum:24>>", 3),
    ]
}

#[test]
fn no_output_holds_a_secret() {
    let project = Project::git();
    let values = planted();
    let key =
        format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n", values[2].repeat(20));
    let text = format!(
        "github = \"{}\"\naws_access_key_id = {}\npassword = \"{}\"; slack = '{}' // two on one line\n{key}",
        values[0], values[1], values[2], values[3]
    );
    project.write("conf.py", &text);
    project.write("allowed.py", format!("a = \"{}\" # gitleaks:allow\n", github_token(8)));
    project.write("ignored.py", format!("a = \"{}\" # selvedge:ignore github-pat known\n", github_token(9)));
    let encoded = data_encoding_base64(values[0].as_bytes());
    project.write("secret.yaml", format!("data:\n  token: {encoded}\n"));
    project.write("broken.toml", format!("[[rules]]\nid = 1 # {}\n", values[0]));
    project.commit("leak");

    let mut outputs = Vec::new();
    for format in [
        "terminal",
        "json",
        "ndjson",
        "sarif",
        "junit",
        "gitlab-codequality",
        "gitlab-secrets",
        "github",
        "markdown",
        "csv",
        "html",
    ] {
        for mode in [&[][..], &["--history"], &["--verbose"]] {
            let ran = project.run(&[&["check", "--format", format, "--color", "always"], mode].concat());
            assert!(ran.code < 2, "{format} {mode:?}: {}", ran.err);
            outputs.push((format!("{format} {mode:?}"), ran.out + &ran.err));
        }
    }
    project.run(&["check", "--write-baseline"]);
    outputs.push(("baseline".to_owned(), project.read(".selvedge/baseline.json")));
    let broken = project.run(&["check", "--rules", "broken.toml"]);
    outputs.push(("errors".to_owned(), broken.out + &broken.err));
    let report = project.check(&[]);
    let fingerprint = report["suppressed"][0]["finding"]["fingerprint"].as_str().unwrap().to_owned();
    let explained = project.run(&["explain", &fingerprint[..12]]);
    outputs.push(("explain".to_owned(), explained.out + &explained.err));
    for entry in std::fs::read_dir(project.cache()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        outputs.push(("cache".to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
    }

    let mut forbidden = values;
    forbidden.extend([github_token(8), github_token(9), encoded]);
    for (name, output) in &outputs {
        assert!(!output.is_empty(), "{name} printed nothing, so the search proves nothing");
        for value in &forbidden {
            // Half a value is a leak too: a redaction shows at most four characters.
            for part in value.as_bytes().windows(10) {
                let part = std::str::from_utf8(part).unwrap();
                assert!(!output.contains(part), "{name} holds `{}…` of a planted value", &part[..4]);
            }
        }
    }
}

/// Standard base64, written out here so that the test does not rest on the code under test.
fn data_encoding_base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number =
            group.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = (number >> (18 - 6 * place)) & 63;
            text.push(if place <= group.len() { char::from(ALPHABET[digit as usize]) } else { '=' });
        }
    }
    text
}
