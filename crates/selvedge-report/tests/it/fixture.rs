//! One rich report: every severity, every kind of suppression, hostile names and messages.

use std::collections::BTreeMap;

use selvedge_model::{
    ByteRange, CommitInfo, Confidence, ConfigNotice, Diagnostic, DiagnosticKind, Engine, Excerpt, Finding,
    Fingerprint, FingerprintKey, LineIndex, Location, Proof, Redaction, Reference, Remediation, Report, Rule,
    RuleId, RuleSource, RunInfo, SecretFacts, Severity, Stage, Stats, Subject, Suppressed, Suppression,
    SuppressionKind, Taxonomy, ToolInfo, Verdict,
};
use selvedge_report::{Format, TerminalStyle, write};

/// The report in `format`, with the plain style.
pub(crate) fn render(report: &Report, format: Format) -> String {
    render_styled(report, format, &TerminalStyle::default())
}

/// The report in `format` and `style`.
pub(crate) fn render_styled(report: &Report, format: Format, style: &TerminalStyle) -> String {
    let mut bytes = Vec::new();
    write(report, format, style, &mut bytes).unwrap();
    String::from_utf8(bytes).expect("every format is UTF-8")
}

fn fingerprint(parts: &[&str]) -> Fingerprint {
    let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
    FingerprintKey::builtin().fingerprint(&parts)
}

fn rule(id: &str, severity: Severity, title: &str, why: &str, steps: &[&str]) -> Rule {
    Rule {
        id: RuleId::new(id),
        engine: Engine::Secrets,
        stage: Stage::Code,
        title: title.to_owned(),
        why: why.to_owned(),
        remediation: Remediation::steps(steps.iter().copied()),
        severity,
        references: vec![Reference::new(Taxonomy::Cwe, "CWE-798")],
        tags: vec!["credential".to_owned()],
        pack: "builtin".to_owned(),
    }
}

pub(crate) fn rules() -> Vec<Rule> {
    let mut github = rule(
        "github-pat",
        Severity::Critical,
        "GitHub personal access token (classic)",
        "Whoever reads this file can act on GitHub as the person the token belongs to: read private \
         repositories, push code and, depending on its scopes, administer the organisation.",
        &[
            "Revoke it under Settings → Developer settings → Personal access tokens on the account it \
             belongs to.",
            "Look through the account's security log for uses that nobody can explain.",
            "Issue a fine-grained token with the least permissions and an expiry date, and read it from the \
             environment or a secret store.",
            "Removing it from the latest version is not enough: it stays in the history.",
        ],
    );
    github.references.push(Reference::new(
        Taxonomy::Url,
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure",
    ));
    github.references.push(Reference::new(Taxonomy::Attack, "T1552.001"));
    github.tags.push("github".to_owned());
    let mut pack = rule(
        "acme|token",
        Severity::Medium,
        "ACME <b>token</b> | with `markup` & [link](https://evil.example)",
        "",
        &["=HYPERLINK(\"https://evil.example\") in the fix."],
    );
    ".gitleaks.toml".clone_into(&mut pack.pack);
    vec![
        github,
        rule(
            "private-key",
            Severity::High,
            "Private key",
            "Whoever holds the key can log in as its owner or pretend to be the server.",
            &["Replace the key pair and remove the old public half wherever it is trusted."],
        ),
        pack,
        rule(
            "generic-password",
            Severity::Low,
            "Password in an assignment",
            "A password in the source is known to everyone who can read the repository.",
            &["Change the password.", "Read it from the environment."],
        ),
        rule(
            "stripe-publishable",
            Severity::Info,
            "Stripe publishable key",
            "It is meant to be public.",
            &[],
        ),
    ]
}

/// What differs from finding to finding.
struct Case<'a> {
    path: &'a str,
    text: &'a str,
    secret: &'a str,
    confidence: Confidence,
    proof: Proof,
    reasons: &'a [&'a str],
    facts: &'a [&'a str],
    decoded: &'a [&'a str],
    message: Option<&'a str>,
    owners: &'a [&'a str],
}

const CASE: Case<'static> = Case {
    path: "src/config.py",
    text: "",
    secret: "",
    confidence: Confidence::High,
    proof: Proof::None,
    reasons: &[],
    facts: &[],
    decoded: &[],
    message: None,
    owners: &[],
};

fn finding(rule: &Rule, case: &Case<'_>) -> Finding {
    let bytes = case.text.as_bytes();
    let start = case.text.find(case.secret).expect("the case holds its secret");
    let range = ByteRange::new(start, start + case.secret.len());
    let lines = LineIndex::new(bytes);
    let location = Location::new(case.path, range, &lines, bytes);
    let facts = SecretFacts {
        redaction: Redaction::of(case.secret.as_bytes()),
        fingerprint: fingerprint(&["secret", case.secret]),
        proof: case.proof,
        facts: case.facts.iter().map(ToString::to_string).collect(),
        decoded: case.decoded.iter().map(ToString::to_string).collect(),
        match_line: None,
    };
    let identity = fingerprint(&[rule.id.as_str(), case.path, case.secret]);
    let mut builder = Finding::builder(rule, Subject::Source { location }, identity)
        .confidence(case.confidence, case.reasons.iter().map(ToString::to_string).collect())
        .secret(facts)
        .excerpt(Excerpt::new(bytes, &lines, range, &[(range, Redaction::of(&bytes[range.as_range()]))]));
    if let Some(message) = case.message {
        builder = builder.message(message);
    }
    let mut finding = builder.build();
    finding.owners = case.owners.iter().map(ToString::to_string).collect();
    finding
}

fn commit(summary: &str) -> CommitInfo {
    CommitInfo {
        id: "4f1c0a9be27d33a5c1d8e6b0927f54aa01c3d2e9".to_owned(),
        author: "Zoë \u{1b}[31mMallory\u{202e}".to_owned(),
        email: "zoe@example.org".to_owned(),
        date: "2023-04-05T06:07:08+02:00".to_owned(),
        summary: summary.to_owned(),
    }
}

fn findings(rules: &[Rule]) -> Vec<Finding> {
    let [github, key, acme, password, stripe] = rules else { panic!("five rules") };
    let token = ["ghp", "_", "sample0sample0sample0sample0sample0x"].concat();
    let deploy = format!("import os\n\nHOST = \"example.org\"\ntoken = \"{token}\"  # for the nightly job\n");
    let mut found = vec![finding(
        github,
        &Case {
            path: "deploy/nightly.py",
            text: &deploy,
            secret: &token,
            proof: Proof::Checksum,
            facts: &["classic token, 40 characters"],
            message: Some("GitHub personal access token whose checksum is right"),
            owners: &["@example/platform", "ops@example.org"],
            ..CASE
        },
    )];
    for path in ["docs/setup guide.md", "src/漢字 \"quoted\".rs", "tests/a.rs", "tests/b.rs", "tests/c.rs"]
    {
        let text = format!("let 鍵 = connect(\"漢字漢字\", \"{token}\");\n");
        let case = Case { path, text: &text, secret: &token, proof: Proof::Checksum, ..CASE };
        found.push(finding(github, &case));
    }
    let mut old = finding(
        key,
        &Case {
            path: "old/id_rsa",
            text: "-----BEGIN KEY-----\nabcdefghijklmnopqrstuvwxyz\n",
            secret: "abcdefghijklmnopqrstuvwxyz",
            proof: Proof::KeyParse,
            facts: &["RSA, 2048 bits", "no passphrase"],
            ..CASE
        },
    );
    if let Some(location) = old.subject.location_mut() {
        location.commit = Some(commit("add keys | <script>alert(1)</script>"));
    }
    old.related.push(selvedge_model::Related {
        location: Location::file("old/id_rsa.pub"),
        message: "the public half of the same key".to_owned(),
    });
    found.push(old);
    found.push(finding(
        acme,
        &Case {
            path: "-weird\n::error::<script>alert('x')</script>\u{202e}\u{1b}[2J`|.env",
            text: "ACME=aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=",
            secret: "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=",
            confidence: Confidence::Medium,
            reasons: &["decoded text holds the keyword", "in an .env file"],
            decoded: &["base64", "percent"],
            message: Some("=cmd|' /C calc'!A0 %0A::warning::<img src=x onerror=alert(1)> \u{1b}]0;x\u{7}"),
            ..CASE
        },
    ));
    let long = format!("{}password = \"correct horse battery staple\"; {}", "x".repeat(300), "y".repeat(300));
    found.push(finding(
        password,
        &Case {
            path: "vendor/bundle.min.js",
            text: &long,
            secret: "correct horse battery staple",
            confidence: Confidence::Low,
            reasons: &["in a vendored file", "made of dictionary words"],
            ..CASE
        },
    ));
    let public = ["pk", "_", "live_samplesamplesample"].concat();
    let text = format!("\tStripe(\"{public}\")");
    found.push(finding(stripe, &Case { path: "web/pay.js", text: &text, secret: &public, ..CASE }));
    let host = Subject::Host { host: "db-1.example.org".to_owned(), item: "sshd_config".to_owned() };
    let identity = fingerprint(&["host"]);
    found.push(Finding::builder(key, host, identity).severity(Severity::Medium).build());
    found.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    found
}

fn suppressed(rules: &[Rule]) -> Vec<Suppressed> {
    let decisions = [
        (SuppressionKind::Inline, "src/a.py:3", "test key, revoked <2024>", None, None),
        (SuppressionKind::Exception, "selvedge.toml:12", "rotated nightly", Some("@ops"), Some("2027-01-31")),
        (SuppressionKind::Baseline, ".selvedge/baseline.json", "", None, None),
        (SuppressionKind::GitleaksIgnore, ".gitleaksignore:2", "", None, None),
    ];
    let mut entries = Vec::new();
    for (at, (kind, origin, reason, owner, expires)) in decisions.into_iter().enumerate() {
        let path = format!("src/{}.py", ["a", "b", "c", "d"][at]);
        let text = format!("password = \"suppressed value number {at}\"");
        let secret = format!("suppressed value number {at}");
        let case = Case { path: &path, text: &text, secret: &secret, ..CASE };
        let suppression = Suppression {
            kind,
            origin: origin.to_owned(),
            reason: reason.to_owned(),
            owner: owner.map(ToOwned::to_owned),
            expires: expires.map(ToOwned::to_owned),
            justification: None,
        };
        entries.push(Suppressed { finding: finding(&rules[3], &case), suppression });
    }
    entries
}

fn diagnostics() -> Vec<Diagnostic> {
    use DiagnosticKind::{BadConfig, BadRule, Internal, LimitReached, PartialHistory, TooLarge, Unreadable};
    let mut list = vec![
        Diagnostic::new(Unreadable, "permission denied").at("private/keys.txt"),
        Diagnostic::new(Unreadable, "permission denied\u{1b}[0m\n::error::x").at("private/\u{202e}more.txt"),
        Diagnostic::new(TooLarge, "64.0 MB is over the limit of 10.0 MB").at("data/big.sql"),
        Diagnostic::new(LimitReached, "decoding stopped after 1,000 spans").at("web/app.js").line(1),
        Diagnostic::new(PartialHistory, "shallow clone: 3 parents are not here"),
        Diagnostic::new(BadRule, "regex does not compile: unclosed group").at(".gitleaks.toml").line(7),
        Diagnostic::new(BadConfig, "unknown key `alowlist`, did you mean `allowlist`?").at(".gitleaks.toml"),
        Diagnostic::new(Internal, "engine `secrets` failed on this file").at("odd.bin"),
    ];
    list.sort();
    list
}

/// The report that the snapshots show.
pub(crate) fn rich() -> Report {
    let rules = rules();
    let findings = findings(&rules);
    let mut failing: Vec<_> = findings
        .iter()
        .filter(|finding| finding.severity >= Severity::High)
        .map(|finding| finding.fingerprint.clone())
        .collect();
    failing.sort();
    Report {
        findings,
        suppressed: suppressed(&rules),
        diagnostics: diagnostics(),
        notices: vec![
            ConfigNotice {
                origin: ".selvedge/exceptions.toml:4".to_owned(),
                message: "exception expired on 2025-01-31 and no longer suppresses".to_owned(),
            },
            ConfigNotice { origin: ".gitleaksignore:9".to_owned(), message: "matches nothing".to_owned() },
        ],
        verdict: Verdict {
            undecided: false,
            pass: false,
            reasons: vec!["7 findings of severity high or above; the policy allows none".to_owned()],
            failing,
            policy: "selvedge.toml at origin/main".to_owned(),
        },
        run: RunInfo {
            dependencies: None,
            target: ".".to_owned(),
            mode: "history".to_owned(),
            engines: vec![Engine::Secrets],
            rule_sources: vec![
                RuleSource { name: "builtin".to_owned(), rules: 214, digest: "ab".repeat(32) },
                RuleSource { name: ".gitleaks.toml".to_owned(), rules: 1, digest: "cd".repeat(32) },
            ],
            influences: vec![
                ".gitleaks.toml of the checked tree adds 1 rule and excludes 2 paths".to_owned(),
                ".gitleaksignore of the checked tree suppresses 1 finding".to_owned(),
            ],
            partial: true,
            stats: Stats { files: 4812, bytes: 24_400_000, binary: 31, skipped: 6, commits: 12 },
        },
        rules: rules.into_iter().map(|rule| (rule.id.as_str().to_owned(), rule)).collect(),
        ..clean()
    }
}

/// A report of a run that found nothing.
pub(crate) fn clean() -> Report {
    Report {
        schema_version: selvedge_model::REPORT_SCHEMA_VERSION,
        tool: ToolInfo {
            name: "selvedge".to_owned(),
            version: "0.1.0".to_owned(),
            url: "https://github.com/selvedge/selvedge".to_owned(),
        },
        run: RunInfo {
            target: "src".to_owned(),
            mode: "tree".to_owned(),
            engines: vec![Engine::Secrets],
            rule_sources: vec![RuleSource {
                name: "builtin".to_owned(),
                rules: 214,
                digest: "ab".repeat(32),
            }],
            stats: Stats { files: 12, bytes: 3400, ..Stats::default() },
            ..RunInfo::default()
        },
        verdict: Verdict {
            undecided: false,
            pass: true,
            reasons: vec!["nothing at or above high".to_owned()],
            failing: Vec::new(),
            policy: "default".to_owned(),
        },
        findings: Vec::new(),
        suppressed: Vec::new(),
        diagnostics: Vec::new(),
        notices: Vec::new(),
        rules: BTreeMap::new(),
    }
}
