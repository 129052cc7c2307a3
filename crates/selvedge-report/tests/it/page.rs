//! The HTML page keeps the promises of its content security policy.

use base64::Engine as _;
use selvedge_report::Format;
use sha2::{Digest, Sha256};

use crate::fixture::{clean, render, rich};

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).unwrap().1.split_once(to).unwrap().0
}

#[test]
fn the_policy_allows_the_style_and_the_script_by_hash_and_nothing_else() {
    for report in [rich(), clean()] {
        let page = render(&report, Format::Html);
        let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
        let hash = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
        let style = hash(between(&page, "<style>", "</style>"));
        let script = hash(between(&page, "<script>", "</script>"));
        let expected = format!(
            "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; \
             form-action 'none'"
        );
        assert_eq!(policy, expected);
    }
}

#[test]
fn the_page_loads_nothing() {
    let page = render(&rich(), Format::Html);
    for loader in [" src=", "<link", "@import", "url(", "<iframe", "<img", " style=\"", "javascript:"] {
        assert!(!page.to_lowercase().replace("&lt;img src=", "").contains(loader), "{loader}");
    }
}
