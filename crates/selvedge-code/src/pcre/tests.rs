//! What regular expressions of rules mean here.

use super::*;

#[track_caller]
fn finds(source: &str, text: &str, expected: &[&str]) {
    let regex = Pcre::search(source);
    let found = regex.find_all(text, 100).unwrap_or_else(|error| panic!("{source}: {error}"));
    let found: Vec<_> = found.into_iter().map(|hit| &text[hit.range]).collect();
    assert_eq!(found, expected, "{source} was read as {}", translate(source));
}

#[test]
fn spelling_of_pcre_is_understood() {
    finds(r"[[a]+", "x[a[", &["[a["]);
    finds(r"[]x]+", "a]x", &["]x"]);
    finds(r"\{{1}a{,2}", "{aab", &["{aa"]);
    finds(r"foo{bar}", "foo{bar}", &["foo{bar}"]);
    finds(r"[\w-.]+", "a-b.c d", &["a-b.c", "d"]);
    finds(r"[a-z\-_]+", "a-b_c D", &["a-b_c"]);
    finds(r"[a&&b]+", "a&b", &["a&b"]);
    finds(r"\d+\/\d+", "1/2", &["1/2"]);
    finds(r"(?i)^ab$", "x\nAB\n", &["AB"]);
    finds(r"[[:alpha:]]+", "ab1", &["ab"]);
    finds(r"\x41\x{42}", "AB", &["AB"]);
    finds(r"[0-9a-z\-_.=\~@]{3,}", "x-_.=~@ a", &["x-_.=~@"]);
}

#[test]
fn look_around_runs_on_the_other_engine() {
    finds(r"foo(?!bar)", "foobar foobaz", &["foo"]);
    finds(r"(?<=a)b", "ab b", &["b"]);
    finds(r"(?=a){2,3}ab", "ab", &["ab"]);
    finds(r"(a)\1", "aa ab", &["aa"]);
}

#[test]
fn names_of_groups_are_kept() {
    let found = Pcre::search(r"(?P<KEY>\w+)=(?<VALUE>\w+)").find_all("a=b", 10).expect("valid");
    let names: Vec<_> = found[0].groups.iter().map(|(name, index, _)| (name.as_deref(), *index)).collect();
    assert_eq!(names, [(Some("KEY"), 1), (Some("VALUE"), 2)]);
}

#[test]
fn left_anchored_means_the_start_of_the_text() {
    assert_eq!(Pcre::left_anchored("b|c").is_match("ab"), Ok(false));
    assert_eq!(Pcre::left_anchored("a").is_match("ab"), Ok(true));
    assert_eq!(Pcre::left_anchored("b").is_match("a\nb"), Ok(false));
}

#[test]
fn a_mistake_is_told() {
    assert!(Pcre::search("(a").check().is_err());
    assert!(Pcre::search(&"(a{1,1000}){1,1000}".repeat(3)).check().is_err());
}

#[test]
fn replacements_name_groups() {
    let regex = Pcre::search("(a)(b)");
    assert_eq!(regex.replace("ab ab", r"\2\1", 1), Ok("ba ab".to_owned()));
    assert_eq!(regex.replace("ab ab", r"\2\1", 0), Ok("ba ba".to_owned()));
}
