//! Turns hits into findings: located, fingerprinted, and with every secret of the file redacted.

use selvedge_model::{
    ByteRange, Excerpt, Finding, FingerprintKey, LineIndex, Location, Ordinals, Proof, Redaction,
    SecretFacts, Subject,
};

use crate::scan::{Hit, Scanner};

impl Scanner {
    /// The places of a file that must not be shown, with what is shown instead.
    pub fn redactions(hits: &[Hit]) -> Vec<(ByteRange, Redaction)> {
        // What stands near a hit and belongs to it is as secret as the hit.
        let related = hits.iter().flat_map(|hit| &hit.related);
        let related =
            related.map(|(_, span)| (ByteRange::new(span.start, span.end), Redaction::hidden(span.len())));
        hits.iter()
            .filter(|hit| !hit.is_path_only())
            .map(|hit| (place(hit), shown(hit)))
            .chain(related)
            .collect()
    }

    /// One finding for each hit, in the same order.
    ///
    /// `hits` must be all hits of the file, since each excerpt hides the secrets of every one of them.
    pub fn findings(
        &self,
        path: &str,
        bytes: &[u8],
        lines: &LineIndex,
        hits: &[Hit],
        key: &FingerprintKey,
    ) -> Vec<Finding> {
        let secrets = Self::redactions(hits);
        let mut ordinals = Ordinals::default();
        let mut findings = Vec::with_capacity(hits.len());
        for hit in hits {
            let rule = &self.rules().secret_rules()[hit.rule];
            let content = [rule.family.as_bytes(), path.as_bytes(), hit.secret.expose()];
            let ordinal = ordinals.next(&key.fingerprint(&content)).to_le_bytes();
            let fingerprint = key.fingerprint(&[content[0], content[1], content[2], &ordinal]);
            let location = if hit.is_path_only() {
                Location::file(path)
            } else {
                Location::new(path, place(hit), lines, bytes)
            };
            let mut finding = Finding::builder(&rule.meta, Subject::Source { location }, fingerprint)
                .severity(hit.severity)
                .confidence(hit.confidence, hit.reasons.clone())
                .message(message(&rule.meta.title, hit));
            if !hit.is_path_only() {
                let facts = facts(hit, bytes, lines, key);
                finding = finding.secret(facts).excerpt(Excerpt::new(bytes, lines, place(hit), &secrets));
            }
            for (other, span) in &hit.related {
                let range = ByteRange::new(span.start, span.end);
                let title = &self.rules().secret_rules()[*other].meta.title;
                let location = Location::new(path, range, lines, bytes);
                finding = finding.related(location, format!("with it: {title}"));
            }
            findings.push(finding.build());
        }
        findings
    }
}

fn place(hit: &Hit) -> ByteRange {
    ByteRange::new(hit.secret_span.start, hit.secret_span.end)
}

/// What the excerpt shows in place of the hit. Of an encoded one nothing: its characters hold those of the
/// secret inside, whatever the redaction of that allows.
fn shown(hit: &Hit) -> Redaction {
    if hit.decoded.is_empty() { hit.secret.redaction() } else { Redaction::hidden(hit.secret_span.len()) }
}

fn facts(hit: &Hit, bytes: &[u8], lines: &LineIndex, key: &FingerprintKey) -> SecretFacts {
    let line = lines.position(bytes, hit.secret_span.start).line;
    let match_line = lines.position(bytes, hit.match_start).line;
    SecretFacts {
        match_line: (match_line != line).then_some(match_line),
        redaction: hit.secret.redaction(),
        fingerprint: key.fingerprint(&[b"secret", hit.secret.expose()]),
        proof: hit.proof,
        facts: hit.facts.clone(),
        decoded: hit.decoded.iter().map(|encoding| encoding.name().to_owned()).collect(),
    }
}

/// One sentence that says what was found and how it was seen, without the value.
fn message(title: &str, hit: &Hit) -> String {
    let title = title.trim_end_matches('.');
    if hit.is_path_only() {
        return format!("{title}: the file itself");
    }
    let mut message = format!("{title}: {}", hit.secret.redaction());
    match hit.proof {
        Proof::Checksum => message.push_str(", whose checksum is right"),
        Proof::Structure => message.push_str(", whose structure is right"),
        Proof::KeyParse => message.push_str(", which parses as a key"),
        Proof::None => {}
    }
    if !hit.decoded.is_empty() {
        let names: Vec<&str> = hit.decoded.iter().map(|encoding| encoding.name()).collect();
        message.push_str(", seen after decoding ");
        message.push_str(&names.join(", then "));
    }
    message
}
