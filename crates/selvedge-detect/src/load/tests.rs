//! Rules that load, and what is said of those that do not.

use super::*;

fn told(text: &str) -> Vec<String> {
    let mut loader = Loader::new();
    loader.add("r.yml", text);
    loader.finish().1.iter().map(ToString::to_string).collect()
}

const RULE: &str = "title: T
id: a
logsource: {category: webserver}
detection:
    selection:
        uri|contains: x
    condition: selection
level: high
";

#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    assert!(RULE.contains(from));
    assert_eq!(told(&RULE.replace(from, to)), [expected]);
}

#[test]
fn a_rule_loads() {
    assert_eq!(told(RULE), Vec::<String>::new());
}

#[test]
fn mistakes_name_line_and_reason() {
    check("title: T\n", "", "r.yml:1: a rule needs a `title`");
    check("logsource: {category: webserver}\n", "", "r.yml:1: a rule needs a `logsource`");
    check(
        "{category: webserver}",
        "{definition: x}",
        "r.yml:3: a `logsource` names a product, category or service",
    );
    check(
        "high",
        "severe",
        "r.yml:8: unknown level `severe`, expected informational, low, medium, high or critical",
    );
    check(
        "condition: selection",
        "condition: selectio",
        "r.yml:1: the condition names `selectio`, which the detection does not define",
    );
    check(
        "condition: selection",
        "condition: selection and",
        "r.yml:7: condition `selection and`: it ends where a name is expected",
    );
    check("    condition: selection\n", "", "r.yml:5: a `condition` is missing");
    check("uri|contains: x", "uri|re: '('", "r.yml:6: `uri|re`: unclosed group");
    check(
        "uri|contains: x",
        "uri|cidr: 10.0.0.0/99",
        "r.yml:6: `uri|cidr`: `10.0.0.0/99` is no address range",
    );
    check("uri|contains: x", "uri|gt: many", "r.yml:6: `uri|gt`: `many` is no number");
    check("uri|contains: x", "uri|exists: perhaps", "r.yml:6: `uri|exists`: `exists` takes true or false");
    check("uri|contains: x", "uri: []", "r.yml:6: `uri`: an empty list matches nothing");
    check("uri|contains: x", "uri: {a: b}", "r.yml:6: `uri`: a map stands where a value is expected");
    check(
        "uri|contains: x",
        "uri|base64: 'a*'",
        "r.yml:6: `uri|base64`: a value with wildcards cannot be encoded",
    );
    check(
        "title: T",
        "title: [",
        "r.yml:3: not YAML: while parsing a flow mapping, did not find expected ',' or '}'",
    );
}

#[test]
fn one_bad_document_does_not_stop_the_others() {
    let mut loader = Loader::new();
    loader.add("r.yml", &format!("title: bad\n---\n{RULE}"));
    let (rules, diagnostics) = loader.finish();
    assert_eq!((rules.len(), diagnostics.len()), (1, 1));
    assert_eq!(told(""), ["r.yml:1: no rule in the file"]);
}

#[test]
fn filters_narrow_the_rules_they_name() {
    let filter = "---
title: F
logsource: {category: webserver}
filter:
    rules: [a]
    office: {src: 10.0.0.1}
    condition: not office
";
    let mut loader = Loader::new();
    loader.add("r.yml", &format!("{RULE}{filter}"));
    let (rules, diagnostics) = loader.finish();
    assert_eq!(diagnostics, []);
    let mut builder = selvedge_event::EventBatchBuilder::new(selvedge_event::Limits::default());
    let mut origin = selvedge_event::Origin::new("t", 0, 0);
    origin.logsource.category = Some("webserver");
    for line in [r#"{"uri":"/x","src":"10.0.0.1"}"#, r#"{"uri":"/x","src":"10.0.0.2"}"#] {
        builder.push_json(&origin, line.as_bytes()).unwrap();
    }
    let hits = crate::interpret(&rules, &builder.finish().unwrap());
    assert_eq!(hits.iter().map(|hit| hit.row).collect::<Vec<_>>(), [1]);
    assert_eq!(
        told(&format!("{RULE}{}", filter.replace("[a]", "[b]"))),
        ["r.yml:10: the filter applies to no rule: check its `rules` and `logsource`"]
    );
}

#[test]
fn correlations_find_their_rules_in_any_order() {
    let correlation = |rules: &str, id: &str| {
        format!(
            "---\ntitle: C\nid: {id}\ncorrelation:\n    type: event_count\n    rules: [{rules}]\n    timespan: 5m\n    condition: {{gte: 2}}\n"
        )
    };
    let mut loader = Loader::new();
    loader.add("r.yml", &format!("{RULE}{}{}", correlation("c2", "c1"), correlation("a", "c2")));
    let (rules, diagnostics) = loader.finish();
    assert_eq!(diagnostics, []);
    let ids: Vec<_> = rules.correlations.iter().map(|rule| (rule.meta.id.as_str(), rule.is_base)).collect();
    assert_eq!(ids, [("c2", true), ("c1", false)]);
    assert!(rules.detections[0].is_base);
    assert_eq!(
        told(&format!("{RULE}{}{}", correlation("c2", "c1"), correlation("c1", "c2"))),
        [
            "r.yml:10: the correlation names the rule `c2`, which is not loaded or leads back here",
            "r.yml:18: the correlation names the rule `c1`, which is not loaded or leads back here",
        ]
    );
}

#[test]
fn aliases_of_yaml_do_not_multiply() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 0..12 {
        let (this, last) = (char::from(b'b' + level), char::from(b'a' + level));
        let items = vec![format!("*{last}"); 10].join(", ");
        text.extend([this.to_string(), format!(": &{this} [{items}]\n")]);
    }
    let told = told(&text);
    assert!(told[0].contains("too many values in one file"), "{told:?}");
}
